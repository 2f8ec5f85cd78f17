package couverture

import (
	"cmp"
	"math"
	"slices"

	"82numerique.fr/adeuxpas/internal/territoire"
)

// sensible is by how many metres a distance must change to be told.
const sensible = 100.0

// Ecart is one commune at two dates. De is how many metres further it is after;
// a change of less than 100 metres is 0, one from or to no offer is infinite.
type Ecart struct {
	Avant, Apres Mesure
	De           float64
}

// Comparaison is what became of a territory between two dates. Parus and Disparus
// are the offers that answer the question at one date only, or that moved.
type Comparaison struct {
	Ecarts          []Ecart
	Parus, Disparus []*Offre
}

// Bilan counts people: nearer to help and further from it than before; gained and
// lost within a distance.
type Bilan struct{ Rapproches, Eloignes, Gagnes, Perdus int }

// Comparer compares two answers to one question, for the same communes.
func Comparer(avant, apres *Resultat) *Comparaison {
	c := &Comparaison{Parus: absents(apres, avant), Disparus: absents(avant, apres)}
	for i := range apres.Mesures {
		e := Ecart{Avant: avant.Mesures[i], Apres: apres.Mesures[i]}
		if e.Avant.Offre != nil || e.Apres.Offre != nil {
			e.De = e.Apres.Distance - e.Avant.Distance
		}
		if math.Abs(e.De) < sensible {
			e.De = 0
		}
		c.Ecarts = append(c.Ecarts, e)
	}
	return c
}

// absents are the offers of a that b does not have where they are.
func absents(a, b *Resultat) (offres []*Offre) {
	type cle struct{ lieu, ou string }
	connues := map[cle]bool{}
	for i := range b.Offres {
		if o := &b.Offres[i]; o.Sert(b.Question) {
			connues[cle{o.Lieu, degres(o.Point)}] = true
		}
	}
	for i := range a.Offres {
		if o := &a.Offres[i]; o.Sert(a.Question) && !connues[cle{o.Lieu, degres(o.Point)}] {
			offres = append(offres, o)
		}
	}
	slices.SortFunc(offres, func(x, y *Offre) int {
		return cmp.Or(cmp.Compare(x.Commune, y.Commune), cmp.Compare(x.Nom, y.Nom), cmp.Compare(x.Arret, y.Arret))
	})
	return offres
}

// Bilan counts the people of the communes that garde keeps, all when it is nil;
// seuil is in metres by road.
func (c *Comparaison) Bilan(seuil float64, garde func(*territoire.Commune) bool) (b Bilan) {
	for i := range c.Ecarts {
		e := &c.Ecarts[i]
		commune := e.Apres.Commune
		if garde != nil && !garde(commune) {
			continue
		}
		switch {
		case e.De < 0:
			b.Rapproches += commune.Population
		case e.De > 0:
			b.Eloignes += commune.Population
		}
		switch avant, apres := e.Avant.Distance <= seuil, e.Apres.Distance <= seuil; {
		case apres && !avant:
			b.Gagnes += commune.Population
		case avant && !apres:
			b.Perdus += commune.Population
		}
	}
	return b
}
