package rapproche

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/geo"
)

// douterPoints takes away the positions that records of different streets
// share to the last digit: they are the centre of something.
func (g *groupage) douterPoints() {
	premier := make(map[geo.Point]int)
	communs := make(map[geo.Point]bool)
	for i := range g.signatures {
		s := &g.signatures[i]
		if !s.situe {
			continue
		}
		p, vu := premier[s.point]
		if !vu {
			premier[s.point] = i
		} else if comparerVoies(&s.voie, &g.signatures[p].voie) == differente {
			communs[s.point] = true
		}
	}
	for i := range g.signatures {
		s := &g.signatures[i]
		s.situe = s.situe && !communs[s.point]
	}
}

// rareMax is how many communes may have a word in the names of their places
// before it tells nothing: "Loire", "solidaire".
const rareMax = 4

// compterMots takes away the words of names that many communes have.
func (g *groupage) compterMots() {
	type occurrence struct{ mot, commune string }
	vus := make(map[occurrence]bool)
	nombre := make(map[string]int)
	for i := range g.signatures {
		s := &g.signatures[i]
		for _, mot := range s.nom.mots {
			if o := (occurrence{mot, s.commune.cle}); !vus[o] {
				vus[o] = true
				nombre[mot]++
			}
		}
	}
	for i := range g.signatures {
		s := &g.signatures[i]
		s.rares = slices.DeleteFunc(slices.Clone(s.nom.mots), func(mot string) bool { return nombre[mot] > rareMax })
	}
}
