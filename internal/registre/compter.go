package registre

import (
	"context"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// compterMax is how many lines Compter looks at.
const compterMax = 20_000

// Comptes are how many things were done in a time. Coupe tells that there were
// more than were counted.
type Comptes struct {
	Revisions map[string]int // of places, by way
	Lieux     int            // places that were touched
	Nouveaux  int            // and those that were not there before
	Actes     map[Genre]int
	Coupe     bool
}

// Compter counts what was done from du on, before au: the latest twenty thousand
// lines at most, and of revisions those that garde keeps.
func (r *Registre) Compter(ctx context.Context, du, au time.Time, garde func(*mednum.Revision) bool) (Comptes, error) {
	return r.compter(ctx, du, au, garde, compterMax)
}

func (r *Registre) compter(ctx context.Context, du, au time.Time, garde func(*mednum.Revision) bool, plafond int) (Comptes, error) {
	n := Comptes{Revisions: map[string]int{}, Actes: map[Genre]int{}}
	f, err := r.open(ctx, &Choix{Du: du, Au: au, N: store.PageMax}, curseur{})
	if err != nil {
		return n, err
	}
	c := Choix{Du: du, Au: au}
	lieux := map[string]bool{}
	for vus := 0; ; vus++ {
		l, ok, err := f.tete(ctx)
		if err != nil || !ok {
			n.Lieux = len(lieux)
			return n, err
		}
		if vus == plafond {
			n.Coupe, n.Lieux = true, len(lieux)
			return n, nil
		}
		f.avancer(&l)
		switch {
		case !c.veut(&l, nil):
		case l.Acte != nil:
			n.Actes[l.Acte.Genre]++
		case !garde(l.Revision):
		default:
			n.Revisions[l.Revision.Voie]++
			lieux[l.Revision.Lieu] = true
			if l.Revision.Version == 1 {
				n.Nouveaux++
			}
		}
	}
}
