package couverture

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Objectif is what a choice of places is to gain.
type Objectif string

// The objectives.
const (
	// Couvrir has the most people newly within the radius: the maximal covering
	// location problem (R. Church and C. ReVelle, "The maximal covering location
	// problem", Papers of the Regional Science Association 32, 1974).
	Couvrir Objectif = "couvrir"
	// Approcher shortens the most the sum over people of the distance to the
	// nearest place: the p-median (S. L. Hakimi, "Optimum locations of switching
	// centers and the absolute centers and medians of a graph", Operations
	// Research 12, 1964), the present places staying where they are.
	Approcher Objectif = "approcher"
)

// Limits of a problem.
const (
	PMax        = 20        // places chosen at once
	cellulesMax = 4_000_000 // communes × candidates: a département has 890 communes at most
)

// Probleme is what Choisir solves: P candidates at most, those that gain the
// most. Distances are metres, +Inf for what is out of reach. A commune that
// nothing serves at present (Actuel +Inf) counts, for Approcher, as if it were at
// Plafond metres.
type Probleme struct {
	Objectif   Objectif
	P          int
	Rayon      float64     // of Couvrir
	Plafond    float64     // of Approcher, 0: the greatest finite distance of the problem
	Population []int       // of each commune
	Actuel     []float64   // of each commune to the nearest present place
	Cout       [][]float64 // of each commune (row) to each candidate (column)
	Imposes    []int       // candidates that are chosen whatever they gain; they count in P
	Exclus     []int       // candidates that are not chosen
}

// Reponse is a choice: candidates by number. Fewer than P when no other
// candidate gains anything.
type Reponse struct {
	Choisis []int
	// Gain is in people for Couvrir, in people × metres for Approcher; no choice
	// gains more than Borne.
	Gain, Borne int64
	// Noeuds is how many parts of the search were looked at.
	Noeuds int
	// Coupe tells that the time given (context) ended first.
	Coupe bool
}

// Optimal tells that no choice is better.
func (r *Reponse) Optimal() bool { return r.Gain == r.Borne }

// Ecart is how far from the best the choice can be, as a share of the best: 0 is
// optimal.
func (r *Reponse) Ecart() float64 {
	if r.Borne <= r.Gain {
		return 0
	}
	return float64(r.Borne-r.Gain) / float64(r.Borne)
}

// Choisir solves the problem: greedy choice and exchanges for a first answer, a
// Lagrangian relaxation for the bound, branch and bound to close what remains
// between the two. The same problem has the same answer, unless the context
// ends first: then it is the best one known, with its gap. A problem that makes no
// sense is "invalide".
func Choisir(ctx context.Context, p *Probleme) (Reponse, error) {
	if err := p.verifier(); err != nil {
		return Reponse{}, err
	}
	g := newGains(p)
	r := newRecherche(g)
	r.mener(ctx)
	choisis := p.departager(g, r.meilleur)
	rep := Reponse{Gain: r.mieux, Borne: max(r.borne, r.mieux), Noeuds: r.noeuds, Coupe: r.coupe}
	for _, j := range choisis {
		rep.Choisis = append(rep.Choisis, g.candidats[j])
	}
	slices.Sort(rep.Choisis)
	return rep, nil
}

func (p *Probleme) verifier() error {
	n := len(p.Population)
	switch {
	case p.Objectif != Couvrir && p.Objectif != Approcher:
		return invalideChoix("objectif", "Choisissez « le plus de personnes à portée » ou « la distance la plus courte ».")
	case n == 0:
		return invalideChoix("perimetre", "Aucune commune n’est à desservir ici.")
	case len(p.Actuel) != n || len(p.Cout) != n:
		return errors.New("couverture: population, present distances and costs have not the same communes")
	case n*len(p.Cout[0]) > cellulesMax:
		return invalideChoix("perimetre", "Il y a trop de communes et de lieux pour ce calcul : choisissez une intercommunalité.")
	case p.Objectif == Couvrir && !(p.Rayon > 0):
		return invalideChoix("rayon", "Donnez un rayon plus grand que zéro.")
	}
	for i, l := range p.Cout {
		if len(l) != len(p.Cout[0]) {
			return fmt.Errorf("couverture: commune %d has %d candidates", i, len(l))
		}
		if p.Population[i] < 0 || !(p.Actuel[i] >= 0) || slices.ContainsFunc(l, func(d float64) bool { return !(d >= 0) }) {
			return fmt.Errorf("couverture: commune %d has a negative population or distance", i)
		}
	}
	return p.verifierCandidats()
}

func (p *Probleme) verifierCandidats() error {
	m := len(p.Cout[0])
	for _, j := range slices.Concat(p.Imposes, p.Exclus) {
		if j < 0 || j >= m {
			return fmt.Errorf("couverture: no candidate has number %d", j)
		}
		if slices.Contains(p.Imposes, j) && slices.Contains(p.Exclus, j) {
			return invalideChoix("imposees", "Une commune ne peut pas être imposée et exclue.")
		}
	}
	switch imposes := len(deduire(p.Imposes)); {
	case p.P < 1 || p.P > PMax:
		return invalideChoix("nombre", fmt.Sprintf("Choisissez entre 1 et %d.", PMax))
	case imposes > p.P:
		return invalideChoix("imposees", fmt.Sprintf("Vous en imposez %d, et en demandez %d : demandez-en plus, ou imposez-en moins.", imposes, p.P))
	}
	return nil
}

func invalideChoix(champ, message string) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: message}
}

// deduire is the list sorted, each number once.
func deduire(liste []int) []int {
	return slices.Compact(slices.Sorted(slices.Values(liste)))
}

// plafond is what the present distance of a commune that nothing serves counts
// for.
func (p *Probleme) plafond() float64 {
	if p.Plafond > 0 {
		return p.Plafond
	}
	loin := 0.0
	for i, l := range p.Cout {
		for _, d := range slices.Concat(l, p.Actuel[i:i+1]) {
			if !math.IsInf(d, 1) {
				loin = max(loin, d)
			}
		}
	}
	return loin
}

// gain is what a candidate at a distance brings to commune i: whole people, or
// people × whole metres, so that sums are exact.
func (p *Probleme) gain(i int, distance, plafond float64) int64 {
	switch {
	case p.Objectif == Couvrir && p.Actuel[i] > p.Rayon && distance <= p.Rayon:
		return int64(p.Population[i])
	case p.Objectif == Approcher && distance < min(p.Actuel[i], plafond):
		return int64(p.Population[i]) * (int64(math.Round(min(p.Actuel[i], plafond))) - int64(math.Round(distance)))
	}
	return 0
}
