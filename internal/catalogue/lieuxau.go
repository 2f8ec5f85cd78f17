package catalogue

import (
	"context"
	"fmt"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// LieuxAu are the places as they were at the end of a day of the territory's
// calendar: the last revision of each one at or before it, of any status, in no
// order. It reads the journal from its newest page until every place is found.
// premier is the day of the oldest revision that it read: where lieux is empty,
// the day on which the journal begins, zero for a journal that is empty too.
func (c *Catalogue) LieuxAu(ctx context.Context, jour mednum.Date) (lieux []mednum.Lieu, premier mednum.Date, err error) {
	fin := minuitSuivant(jour.In(c.territoire.Location()))
	reste := map[string]bool{}
	for id := range c.courant.Load().parID {
		reste[id] = true
	}
	vus := map[string]bool{}
	var plusVieux time.Time
	for avant, encore := int64(0), true; encore; {
		revs, err := c.base.Journal(ctx, avant, store.PageMax)
		if err != nil {
			return nil, premier, fmt.Errorf("places at %s: %w", jour, err)
		}
		for i := range revs {
			r := &revs[i]
			plusVieux, avant = plusTot(plusVieux, r.Le), r.Apres.Seq
			if !r.Le.Before(fin) || vus[r.Lieu] {
				continue
			}
			vus[r.Lieu] = true
			delete(reste, r.Lieu)
			lieux = append(lieux, r.Apres)
		}
		encore = len(revs) == store.PageMax && len(reste) > 0
	}
	if !plusVieux.IsZero() {
		premier = mednum.DateOf(plusVieux.In(c.territoire.Location()))
	}
	return lieux, premier, nil
}
