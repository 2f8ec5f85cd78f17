package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// maxRessemblants is how many places that look alike are shown.
const maxRessemblants = 5

// Ressemblants are the published places of a commune, by its INSEE code, that
// may be the one that somebody describes: of the same address, or with a word of
// the same name; best first. It is a question to ask, and decides nothing.
func (c *Catalogue) Ressemblants(nom, adresse, codeInsee string) []*Vue {
	commune, ok := c.territoire.Commune(codeInsee)
	if !ok {
		return nil
	}
	type note struct {
		vue   *Vue
		score int
	}
	var notes []note
	rue := mednum.Normaliser(adresse)
	mots := motsUtiles(nom)
	for _, v := range c.Lieux() {
		if v.Commune == nil || v.Commune.Code != commune.Code {
			continue
		}
		score := communs(v.mots.propres, mots)
		if rue != "" && mednum.Normaliser(v.Champs.Adresse) == rue {
			score += 2
		}
		if v.mots.nom == strings.Join(strings.Fields(mednum.Normaliser(nom)), " ") {
			score += 3
		}
		if score > 0 {
			notes = append(notes, note{v, score})
		}
	}
	slices.SortStableFunc(notes, func(a, b note) int { return cmp.Compare(b.score, a.score) })
	vues := make([]*Vue, 0, maxRessemblants)
	for _, n := range notes[:min(len(notes), maxRessemblants)] {
		vues = append(vues, n.vue)
	}
	return vues
}

// communs is how many words two names share.
func communs(a, b []string) (n int) {
	for _, m := range a {
		if slices.Contains(b, m) {
			n++
		}
	}
	return n
}

// DuSiret are the published places of an organisation, by its SIRET; none of an
// unknown one.
func (c *Catalogue) DuSiret(siret string) (vues []*Vue) {
	if siret == "" || siret == mednum.PivotInconnu {
		return nil
	}
	for _, v := range c.Lieux() {
		if v.Champs.Pivot == siret {
			vues = append(vues, v)
		}
	}
	return vues
}
