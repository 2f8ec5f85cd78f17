package catalogue

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Devenu is the id of the place that another became by merges, its own when it
// was not merged.
func (c *Catalogue) Devenu(id string) string {
	parID := c.courant.Load().parID
	for range len(parID) { // a place never becomes itself, but a base may be damaged
		v := parID[id]
		if v == nil || v.Statut != mednum.StatutFusionne || v.Vers == "" {
			break
		}
		id = v.Vers
	}
	return id
}

// Devenus are the place itself and those that became it, by id after it.
func (c *Catalogue) Devenus(id string) []string {
	ids := []string{id}
	for autre, v := range c.courant.Load().parID {
		if v.Statut == mednum.StatutFusionne && autre != id && c.Devenu(autre) == id {
			ids = append(ids, autre)
		}
	}
	slices.Sort(ids[1:])
	return ids
}
