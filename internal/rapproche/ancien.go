package rapproche

import "82numerique.fr/adeuxpas/internal/mednum"

// MemeLieu and Groupes are what internal/collecte still calls.

// MemeLieu tells whether two records are surely the same place, and why.
func MemeLieu(a, b *mednum.Fiche) (bool, []string) {
	c := Comparer(a, b)
	return c.Verdict == Sur, append(c.Raisons, c.Contre...)
}

// Groupes parts records into places.
func Groupes(fiches []mednum.Fiche) [][]int {
	groupes := [][]int{}
	for _, g := range Grouper(fiches, Savoir{}).Groupes {
		groupes = append(groupes, g.Membres)
	}
	return groupes
}
