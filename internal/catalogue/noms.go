package catalogue

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// maxNommes is how many places a typed name offers.
const maxNommes = 20

// motsLieu are the words under which a place is found: those that name it, and
// those of where it is.
type motsLieu struct {
	nom     string   // the whole name, normalised
	propres []string // words of the name that are not of its commune
	commune []string // words of the commune's names, and postal code
}

// vides are words that name nothing by themselves.
var vides = map[string]bool{
	"de": true, "du": true, "des": true, "d": true, "la": true, "le": true, "les": true, "l": true,
	"a": true, "au": true, "aux": true, "et": true, "en": true, "sur": true,
}

func motsUtiles(texte string) []string {
	return slices.DeleteFunc(strings.Fields(mednum.Normaliser(texte)), func(m string) bool { return vides[m] })
}

func motsDe(v *Vue) motsLieu {
	m := motsLieu{nom: mednum.Normaliser(v.Champs.Nom), commune: motsUtiles(v.Champs.Commune + " " + v.Champs.CodePostal)}
	if v.Commune != nil {
		m.commune = append(m.commune, motsUtiles(v.Commune.Nom+" "+strings.Join(v.Commune.NomsUsuels, " "))...)
	}
	for _, mot := range motsUtiles(v.Champs.Nom) {
		if !slices.Contains(m.commune, mot) {
			m.propres = append(m.propres, mot)
		}
	}
	return m
}

// accorde scores the words typed against the place: 0 unless each of them
// begins a word of the place and at least one a word of its own name. Whole
// words count more than beginnings, and are the only ones that count in a name
// when exact.
func (m *motsLieu) accorde(mots []string, exact bool) int {
	score, nomme := 0, false
	for _, mot := range mots {
		switch propre := commence(m.propres, mot); {
		case propre == 2, propre == 1 && !exact:
			score, nomme = score+propre, true
		case commence(m.commune, mot) > 0:
			score += commence(m.commune, mot)
		default:
			return 0
		}
	}
	if !nomme {
		return 0
	}
	return score
}

// commence is 2 when the word is there, 1 when it begins one, 0 otherwise.
func commence(mots []string, debut string) int {
	trouve := 0
	for _, m := range mots {
		if m == debut {
			return 2
		}
		if strings.HasPrefix(m, debut) {
			trouve = 1
		}
	}
	return trouve
}

// nommes are the published places that the text names, those of the territory
// first, then best first: every word
// typed is found, a beginning of word is enough. When the text ends with a
// commune, the other words are looked for in that commune.
func (c *Catalogue) nommes(ctx context.Context, texte string, r *territoire.Resultat) ([]*Vue, error) {
	exact := r.Genre == territoire.GenreCommune && r.Exact // then only whole words
	mots := motsUtiles(texte)
	commune := ""
	if r.Genre == territoire.GenreTexte && r.Commune != nil && r.Reste != "" {
		mots, commune = motsUtiles(r.Reste), r.Commune.Code
	}
	if len(mots) == 0 {
		return nil, nil
	}
	publies, err := c.publies(ctx, mots)
	if err != nil {
		return nil, err
	}
	entier := mednum.Normaliser(texte)
	type note struct {
		vue   *Vue
		score int
	}
	var notes []note
	for _, v := range publies {
		if commune != "" && (v.Commune == nil || v.Commune.Code != commune) {
			continue
		}
		score := v.mots.accorde(mots, exact)
		if v.mots.nom == entier {
			score += 100
		}
		if score > 0 {
			notes = append(notes, note{v, score})
		}
	}
	slices.SortStableFunc(notes, func(a, b note) int {
		return cmp.Or(cmp.Compare(dehors(a.vue), dehors(b.vue)), cmp.Compare(b.score, a.score))
	})
	vues := make([]*Vue, 0, min(len(notes), maxNommes))
	for _, n := range notes[:min(len(notes), maxNommes)] {
		vues = append(vues, n.vue)
	}
	return vues, nil
}

// dehors puts the places of the territory before those around it.
func dehors(v *Vue) int {
	if v.HorsTerritoire || v.Commune != nil && !v.Commune.Dedans {
		return 1
	}
	return 0
}
