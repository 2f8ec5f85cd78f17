package courrier

import (
	"context"
	"errors"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// AdresseRebondie is an address that refused a mail for good.
type AdresseRebondie struct {
	Adresse string    `json:"adresse"`
	Le      time.Time `json:"le"`    // the last time
	Fois    int       `json:"fois"`  // how many times
	Cause   string    `json:"cause"` // what the server said, as "550 5.1.1"
}

// A bounce is kept a year after the last one, under the hash of its address.
const (
	genreRebond = "rebond"
	gardeRebond = 365 * 24 * time.Hour
)

// Rebonds are the addresses that bounced, in no order that means anything.
func (c *Courrier) Rebonds(ctx context.Context) ([]AdresseRebondie, error) {
	return store.LireTous[AdresseRebondie](ctx, c.base, store.Choix{Genre: genreRebond})
}

// Rebondit tells whether an address bounced, and nothing since says that it
// works again.
func (c *Courrier) Rebondit(ctx context.Context, adresse string) (bool, error) {
	_, _, err := store.Lire[AdresseRebondie](ctx, c.base, genreRebond, empreinte(adresse))
	if err != nil {
		return false, sauf(err, mednum.Introuvable)
	}
	return true, nil
}

// LeverRebond forgets that an address bounced: a mail reached it, or its owner
// signed in.
func (c *Courrier) LeverRebond(ctx context.Context, adresse string) error {
	rebondit, err := c.Rebondit(ctx, adresse)
	if err != nil || !rebondit {
		return err
	}
	return c.base.OterObjet(ctx, genreRebond, empreinte(adresse))
}

// poserRebond writes that an address bounced, once more.
func (c *Courrier) poserRebond(ctx context.Context, adresse, cause string) (AdresseRebondie, error) {
	for {
		r, o, err := store.Lire[AdresseRebondie](ctx, c.base, genreRebond, empreinte(adresse))
		if err := sauf(err, mednum.Introuvable); err != nil {
			return r, err
		}
		r = AdresseRebondie{Adresse: adresse, Le: c.now().UTC(), Fois: r.Fois + 1, Cause: cause}
		err = store.Poser(ctx, c.base, store.Objet{
			Genre: genreRebond, ID: empreinte(adresse), Version: o.Version + 1, Efface: r.Le.Add(gardeRebond),
		}, r)
		var refus *mednum.Error
		if errors.As(err, &refus) && refus.Code == mednum.Perime && ctx.Err() == nil {
			continue // someone noted another at once
		}
		return r, err
	}
}
