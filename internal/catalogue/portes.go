package catalogue

import (
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// PortesFermees are the times of help of a place, from a day to another, both
// included, at which the place itself is closed for part of them by its own
// hours: one of the two must be wrong. It is the first of each permanence; none
// where nobody knows the hours of the place, or where they are those of the help.
func (c *Catalogue) PortesFermees(v *Vue, du, au mednum.Date) []Passage {
	if v.effectives == nil || v.SensHoraires == mednum.SensAide || v.Itinerant() {
		return nil
	}
	loc, cal := c.territoire.Location(), c.calendrier(v.Champs.CodeInsee)
	var liste []Passage
	for i := range v.Permanences {
		passages := c.passages(v, &v.Permanences[i], du.In(loc), au.In(loc).AddDate(0, 0, 1))
		slices.SortStableFunc(passages, func(a, b Passage) int { return a.Debut.Compare(b.Debut) })
		k := slices.IndexFunc(passages, func(p Passage) bool {
			return !p.Annule && !couvert(v.effectives.Entre(p.Debut, p.Fin, cal), p.Debut, p.Fin)
		})
		if k >= 0 {
			liste = append(liste, passages[k])
		}
	}
	return liste
}

// couvert tells whether stretches in the order of time leave no hole.
func couvert(liste []horaires.Intervalle, debut, fin time.Time) bool {
	for _, h := range liste {
		if h.Debut.After(debut) {
			return false
		}
		if h.Fin.After(debut) {
			debut = h.Fin
		}
	}
	return !debut.Before(fin)
}
