package web

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// etape is one revision as a page shows it.
type etape struct {
	Version     int
	Quand       string
	Qui         string
	Voie        string
	Differences []mednum.Difference
	Courante    bool
}

// perime is what somebody else wrote while a form was being filled in.
type perime struct {
	Etapes  []etape
	Version int // the newest one, which the form now carries
}

// depuisVersion is what was written to a place since a version that somebody
// read, newest first.
func (s *site) depuisVersion(c *fiber.Ctx, id string, lue int) (*perime, error) {
	if err := s.Catalogue.Actualiser(c.UserContext()); err != nil {
		return nil, err
	}
	etapes, err := s.etapes(c, id)
	if err != nil || len(etapes) == 0 {
		return nil, err
	}
	p := &perime{Version: etapes[0].Version}
	p.Etapes = slices.DeleteFunc(etapes, func(e etape) bool { return e.Version <= lue })
	return p, nil
}

// etapes is the history of a place in words, newest first.
func (s *site) etapes(c *fiber.Ctx, id string) ([]etape, error) {
	histoire, err := s.Catalogue.Histoire(c.UserContext(), id)
	if err != nil {
		return nil, err
	}
	noms, err := s.nomsDe(c, histoire)
	if err != nil {
		return nil, err
	}
	etapes := make([]etape, 0, len(histoire))
	for i := range histoire {
		h := &histoire[i]
		e := etape{
			Version: h.Version, Quand: s.momentDit(h.Le), Qui: noms.dire(h.Auteur), Voie: voies[h.Voie],
			Differences: h.Differences, Courante: i == 0,
		}
		for j := range e.Differences {
			s.direDifference(&e.Differences[j], noms)
		}
		etapes = append(etapes, e)
	}
	return etapes, nil
}

var voies = map[string]string{
	"app": "dans son espace", "import": "import", "lien": "par un lien de rappel", "api": "par un programme", "cli": "en ligne de commande",
}

// rendrePerime says what somebody else wrote, when there was nothing to fill in.
func (s *site) rendrePerime(c *fiber.Ctx, v *catalogue.Vue, lue int) error {
	p, err := s.depuisVersion(c, v.ID, lue)
	if err != nil {
		return err
	}
	c.Status(fiber.StatusPreconditionFailed)
	return s.rendreEspace(c, "perime", "Quelqu’un a modifié ce lieu avant vous", "lieux", struct {
		Lieu *catalogue.Vue
		*perime
	}{v, p})
}

// auteurs are the names of those who wrote, by the author of a revision.
type auteurs map[string]string

func (a auteurs) dire(auteur string) string {
	if nom, ok := a[auteur]; ok {
		return nom
	}
	switch auteur {
	case "":
		return "un import"
	case "cli":
		return "l’équipe technique"
	}
	return auteur
}

// nomsDe looks up the names of the accounts that a history names.
func (s *site) nomsDe(c *fiber.Ctx, histoire []catalogue.Etape) (auteurs, error) {
	var ids []string
	for i := range histoire {
		if id, ok := mednum.CompteDe(histoire[i].Auteur); ok {
			ids = append(ids, id)
		}
		for _, d := range histoire[i].Differences {
			if d.Champ == champTenue {
				ids = append(ids, d.Avant, d.Apres)
			}
		}
	}
	parID, err := s.Comptes.Noms(c.UserContext(), slices.DeleteFunc(ids, func(id string) bool { return id == "" }))
	if err != nil {
		return nil, err
	}
	noms := auteurs{}
	for id, nom := range parID {
		compte := mednum.Compte{ID: id}
		noms[compte.Auteur()] = nom
	}
	return noms, nil
}

// champTenue is the Difference of who holds a permanence.
const champTenue mednum.Champ = "permanence.compte"

// direDifference puts the values of a difference into words.
func (s *site) direDifference(d *mednum.Difference, noms auteurs) {
	dire := func(valeur string) string {
		switch {
		case valeur == "":
			return "rien"
		case d.Champ == champTenue:
			compte := mednum.Compte{ID: valeur}
			return noms.dire(compte.Auteur())
		case d.Champ == mednum.ChampHoraires:
			return direHoraires(valeur)
		case d.Champ == mednum.ChampTelephone:
			return textes.Telephone(valeur)
		case len(mednum.Vocabulaire(d.Champ)) > 0:
			return enMots(d.Champ).Replace(valeur)
		case d.Champ == mednum.ChampDateMaj || !slices.Contains(mednum.ChampsNorme, d.Champ):
			return motifJour.ReplaceAllStringFunc(valeur, direJour)
		}
		return valeur
	}
	d.Avant, d.Apres = dire(d.Avant), dire(d.Apres)
}

var motifJour = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// direJour is a day of a history in words.
func direJour(texte string) string {
	j, err := mednum.ParseDate(texte)
	if err != nil {
		return texte
	}
	return textes.DateLongue(j.Annee, j.Mois, j.Jour)
}

// enMots puts values of a vocabulary, joined by commas, into words, which may
// hold commas of their own.
func enMots(champ mednum.Champ) *strings.Replacer {
	valeurs := slices.Clone(mednum.Vocabulaire(champ))
	slices.SortFunc(valeurs, func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // the longest that fits
	var paires []string
	for _, v := range valeurs {
		mots := textes.Valeur(string(champ), v)
		paires = append(paires, v+", ", mots+"\u00a0; ", v, mots)
	}
	return strings.NewReplacer(paires...)
}
