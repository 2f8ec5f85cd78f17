package web

import (
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// communesDites is how many communes a message names.
const communesDites = 6

// communeDite is the commune of the territory that a typed text means, as in
// the search; or nil, and what to correct, in words.
func (s *site) communeDite(texte string) (commune *territoire.Commune, corriger string) {
	r := s.Territoire.Chercher(texte)
	switch {
	case r.Genre == territoire.GenreVide:
		return nil, "Indiquez la commune."
	case r.Commune != nil && r.Commune.Dedans:
		return r.Commune, ""
	case r.Commune != nil:
		return nil, fmt.Sprintf("%s n’est pas %s : indiquez une commune %s.", r.Commune.NomCourant(), s.Territoire.NomEn, s.Territoire.NomEn)
	case len(r.Communes) > 0:
		return nil, "Plusieurs communes répondent à ces mots : " + textes.Enumerer(nomsDe(r.Communes)) + ". Écrivez le nom entier de la vôtre."
	}
	var noms []string
	for _, x := range r.Suggestions {
		noms = append(noms, x.Nom)
	}
	corriger = fmt.Sprintf("Nous ne connaissons pas de commune « %s ».", r.Texte)
	if len(noms) > 0 {
		return nil, corriger + " Vouliez-vous dire " + strings.Join(noms, " ou ") + " ?"
	}
	return nil, corriger + " Écrivez son nom, ou son code postal."
}

// nomsDe are the names of communes, a few of them.
func nomsDe(communes []*territoire.Commune) (noms []string) {
	for _, c := range communes[:min(communesDites, len(communes))] {
		noms = append(noms, c.NomCourant())
	}
	return noms
}
