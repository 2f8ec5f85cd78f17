package territoire

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// candidats are the communes that a name may mean, in compareCommunes order.
type candidats struct {
	exacts     []*Commune // the whole name
	mots       []*Commune // its first whole words: "saint antonin"
	debuts     []*Commune // its first letters: "castelsar"
	interieurs []*Commune // a word inside: "noble val"
	anciens    []*Commune // the whole name of a commune that it took in
}

// exacts are the communes with this very name; the article may be missing on
// either side, but a match with it wins.
func exacts(r *repertoire, mots []string) []*Commune {
	entiere := strings.Join(mots, "")
	for _, cle := range []string{entiere, mednum.Cle(strings.Join(mots, " "))} {
		var trouves []*Commune
		if cle == "" {
			continue
		}
		for _, c := range r.commencant(cle) {
			if len(c.cle) > len(cle) {
				break
			}
			if c.sorte < cleInterieure {
				trouves = ajoute(trouves, c.commune)
			}
		}
		if len(trouves) > 0 {
			return trouves
		}
	}
	return nil
}

// candidats looks in the pack and in the national list. The filter may be nil.
func (t *Territoire) candidats(mots []string, filtre func(*Commune) bool) candidats {
	var c candidats
	garde := func(liste []*Commune, commune *Commune) []*Commune {
		commune = t.presente(commune)
		if filtre != nil && !filtre(commune) {
			return liste
		}
		return ajoute(liste, commune)
	}
	france := t.France.repertoire()
	for _, r := range []*repertoire{t.noms, france} {
		for _, commune := range exacts(r, mots) {
			c.exacts = garde(c.exacts, commune)
		}
	}
	entiere := strings.Join(mots, "")
	for _, r := range []*repertoire{t.noms, france} {
		for _, k := range r.commencant(entiere) {
			switch {
			case k.sorte == cleAncienne && k.cle == entiere:
				c.anciens = garde(c.anciens, k.commune)
			case k.sorte == cleAncienne:
			case k.sorte == cleInterieure:
				c.interieurs = garde(c.interieurs, k.commune)
			case k.finitMot(len(entiere)):
				c.mots = garde(c.mots, k.commune)
			case len(entiere) >= 3 && r == t.noms:
				c.debuts = garde(c.debuts, k.commune)
			}
		}
	}
	if len(entiere) < 4 {
		c.interieurs = nil
	}
	for _, liste := range [][]*Commune{c.exacts, c.mots, c.debuts, c.interieurs, c.anciens} {
		slices.SortFunc(liste, compareCommunes)
	}
	return c
}

func ajoute(liste []*Commune, c *Commune) []*Commune {
	if slices.Contains(liste, c) {
		return liste
	}
	return append(liste, c)
}

func dedans(communes []*Commune) []*Commune {
	n := 0
	for n < len(communes) && communes[n].Dedans {
		n++
	}
	return communes[:n]
}

func duPaquet(communes []*Commune) []*Commune {
	n := 0
	for n < len(communes) && !communes[n].Ailleurs {
		n++
	}
	return communes[:n]
}

// retenir answers with one commune or a choice, the rest beside.
func (r *Resultat) retenir(groupe []*Commune, exact bool, autres ...[]*Commune) bool {
	if len(groupe) == 0 {
		return false
	}
	r.Exact = exact
	var reste []*Commune
	for _, liste := range autres {
		for _, c := range liste {
			if !slices.Contains(groupe, c) {
				reste = ajoute(reste, c)
			}
		}
	}
	r.Autres = slices.Clip(reste[:min(len(reste), maxChoix)])
	if len(groupe) == 1 {
		r.Genre, r.Commune = GenreCommune, groupe[0]
		return true
	}
	r.Genre, r.Communes = GenreChoix, slices.Clone(groupe[:min(len(groupe), maxChoix)])
	return true
}

// resoudreNom takes the whole text for a name: of a commune of the territory,
// in full or by its first words; then in full around it, then anywhere; then of
// a former commune; then of a département.
func (t *Territoire) resoudreNom(r *Resultat, s saisie) bool {
	r.CodePostal = s.poste
	if filtre := s.filtre(); filtre != nil {
		c := t.candidats(s.mots, filtre)
		if r.retenir(c.exacts, true) || r.retenir(c.anciens, true) || r.retenir(c.mots, false) || r.retenir(c.debuts, false) {
			return true
		}
	}
	c := t.candidats(s.mots, nil)
	switch {
	case r.retenir(dedans(c.exacts), true, c.exacts),
		r.retenir(dedans(c.mots), false, c.exacts),
		len(c.exacts) == 0 && r.retenir(dedans(t.abreges(s.mots)), false),
		r.retenir(duPaquet(c.exacts), true, c.exacts, dedans(c.debuts)),
		r.retenir(c.exacts, true, dedans(c.debuts)),
		len(duPaquet(c.mots)) == 0 && r.retenir(c.anciens, true):
		return true
	}
	if d, ok := t.departementNomme(s.mots); ok {
		r.Genre, r.Departement = GenreDepartement, d
		return true
	}
	return t.resoudreAvecDepartement(r, s)
}

// abreges are the communes of the pack whose name begins with the first word
// and holds the others in that order: "saint nicolas grave".
func (t *Territoire) abreges(mots []string) []*Commune {
	var communes []*Commune
	if len(mots) < 2 {
		return nil
	}
	for _, k := range t.noms.commencant(mots[0]) {
		reste := mots
		for _, m := range decoupe(k.commune.Nom) {
			if len(reste) > 0 && m == reste[0] {
				reste = reste[1:]
			}
		}
		if len(reste) == 0 {
			communes = ajoute(communes, k.commune)
		}
	}
	slices.SortFunc(communes, compareCommunes)
	return communes
}

// resoudreAvecDepartement reads "Valence Drôme": a name, then a département's.
func (t *Territoire) resoudreAvecDepartement(r *Resultat, s saisie) bool {
	for i := 1; i < len(s.mots) && !s.adresse; i++ {
		d, ok := t.departementNomme(s.mots[i:])
		if !ok || len(strings.Join(s.mots[:i], "")) < 3 {
			continue
		}
		c := t.candidats(s.mots[:i], func(c *Commune) bool { return c.Departement == d.Code })
		if r.retenir(c.exacts, true) || r.retenir(c.mots, false) {
			return true
		}
	}
	return false
}

// filtre keeps the communes of the postal code or département that was typed.
func (s *saisie) filtre() func(*Commune) bool {
	switch {
	case s.poste != "":
		return func(c *Commune) bool { return slices.Contains(c.CodesPostaux, s.poste) }
	case s.departement != "":
		return func(c *Commune) bool { return c.Departement == s.departement }
	}
	return nil
}

// resoudreSuite reads words followed by a commune: an address, or the name of
// a place. With a street but no commune it is an address all the same.
func (t *Territoire) resoudreSuite(r *Resultat, s saisie) bool {
	genre := GenreTexte
	if s.adresse {
		genre = GenreAdresse
	}
	for i := 1; i < len(s.mots); i++ {
		if s.adresse && !nommeUneVoie(s.mots[:i]) {
			continue
		}
		communes := t.communesDeSuite(s.mots[i:], s.filtre())
		if len(communes) == 0 {
			continue
		}
		r.Genre, r.Reste = genre, strings.Join(s.mots[:i], " ")
		r.Commune, r.Exact, r.Autres = communes[0], true, communes[1:]
		return true
	}
	if !s.adresse && s.poste == "" {
		return false
	}
	r.Genre, r.Reste = genre, strings.Join(s.mots, " ")
	if s.poste != "" {
		if r.Communes = t.communesDuCode(s.poste); len(r.Communes) == 1 {
			r.Commune = r.Communes[0]
		}
	}
	return true
}

// communesDeSuite are the communes that the last words name: in the postal
// code or département that was typed, otherwise in the pack. Elsewhere in
// France the code is needed, since many streets bear the name of a town.
func (t *Territoire) communesDeSuite(mots []string, filtre func(*Commune) bool) []*Commune {
	if filtre != nil {
		if c := t.candidats(mots, filtre); len(c.exacts) > 0 {
			return c.exacts
		}
	}
	communes := slices.Clone(exacts(t.noms, mots))
	slices.SortFunc(communes, compareCommunes)
	return communes
}

// nommeUneVoie tells whether the words hold more than a number, "rue" and
// particles: in "12 rue de Paris", Paris is the street.
func nommeUneVoie(mots []string) bool {
	return slices.ContainsFunc(mots, func(m string) bool {
		return !voies[m] && !particules[m] && (m[0] < '0' || m[0] > '9')
	})
}

// resoudreDebut takes the text for the beginning of a name, or a word in it.
func (t *Territoire) resoudreDebut(r *Resultat, s saisie) bool {
	c := t.candidats(s.mots, nil)
	return r.retenir(dedans(c.debuts), false, duPaquet(c.mots), duPaquet(c.debuts)) ||
		r.retenir(duPaquet(c.mots), false, c.mots) ||
		r.retenir(dedans(c.interieurs), false, c.mots) ||
		r.retenir(duPaquet(c.debuts), false, c.mots) ||
		r.retenir(c.mots, false) ||
		r.retenir(c.interieurs, false)
}
