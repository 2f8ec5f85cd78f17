package reseau

import (
	"context"
	"errors"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// A place that did not answer the phone is called again joursAppel days later;
// what is known of its calls is forgotten moisAppel months after the last one.
const (
	genreAppel = "appel" // by the id of the place
	joursAppel = 3
	moisAppel  = 6
)

// Appel is a place that was called in vain since it was last checked: when, and
// by whom, oldest first.
type Appel struct {
	Lieu   string  `json:"lieu"`
	Essais []Essai `json:"essais"`
}

// Essai is one call that nobody answered. Par signs it, as the author of a
// revision.
type Essai struct {
	Le  time.Time `json:"le"`
	Par string    `json:"par"`
}

// Reprise is when the place is to be called again: at the beginning of the third
// day after the last call, in the zone.
func (a *Appel) Reprise(zone *time.Location) time.Time {
	if len(a.Essais) == 0 {
		return time.Time{}
	}
	return mednum.DateOf(a.Essais[len(a.Essais)-1].Le.In(zone)).In(zone).AddDate(0, 0, joursAppel)
}

// Appels remembers the calls that nobody answered.
type Appels struct {
	base store.Magasin
	now  func() time.Time
}

// NewAppels is the memory of calls in a base.
func NewAppels(base store.Magasin, now func() time.Time) *Appels { return &Appels{base, now} }

// Tous are the places that were called in vain, by id.
func (a *Appels) Tous(ctx context.Context) (map[string]Appel, error) {
	liste, err := store.LireTous[Appel](ctx, a.base, store.Choix{Genre: genreAppel})
	parLieu := make(map[string]Appel, len(liste))
	for _, appel := range liste {
		parLieu[appel.Lieu] = appel
	}
	return parLieu, err
}

// SansReponse notes that a place did not answer, and how many times that is.
func (a *Appels) SansReponse(ctx context.Context, lieu, par string) (fois int, err error) {
	err = a.changer(ctx, lieu, func(appel *Appel) {
		appel.Essais = append(appel.Essais, Essai{a.now().UTC().Truncate(time.Second), par})
		fois = len(appel.Essais)
	})
	return fois, err
}

// Reprendre takes the last call of that author to a place back; where there is none
// nothing changes.
func (a *Appels) Reprendre(ctx context.Context, lieu, par string) error {
	return a.changer(ctx, lieu, func(appel *Appel) {
		if n := len(appel.Essais); n > 0 && appel.Essais[n-1].Par == par {
			appel.Essais = slices.Clone(appel.Essais[:n-1])
		}
	})
}

// changer writes the calls of a place, again where somebody else did so at once;
// without a call there is nothing to keep.
func (a *Appels) changer(ctx context.Context, lieu string, change func(*Appel)) error {
	for {
		appel, o, err := store.Lire[Appel](ctx, a.base, genreAppel, lieu)
		if err := sauf(err, mednum.Introuvable); err != nil {
			return err
		}
		appel.Lieu = lieu
		change(&appel)
		if len(appel.Essais) == 0 {
			return a.base.OterObjet(ctx, genreAppel, lieu)
		}
		dernier := appel.Essais[len(appel.Essais)-1].Le
		err = store.Poser(ctx, a.base, store.Objet{Genre: genreAppel, ID: lieu, Version: o.Version + 1, Efface: dernier.AddDate(0, moisAppel, 0)}, appel)
		var refus *mednum.Error
		if errors.As(err, &refus) && refus.Code == mednum.Perime && ctx.Err() == nil {
			continue
		}
		return err
	}
}
