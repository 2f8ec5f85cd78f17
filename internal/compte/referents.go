package compte

import (
	"context"
	"errors"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// genreReferent is the genre of who answers for a place first, by its id, found
// by their account.
const genreReferent = "referent"

// referent is whom colleagues ask of a place.
type referent struct {
	Lieu   string `json:"lieu"`
	Compte string `json:"compte"`
}

// Referents are the accounts that answer for places first, by the id of the
// place. Who is in the team no more is there still: the team is the caller's to
// look at.
func (c *Comptes) Referents(ctx context.Context) (map[string]string, error) {
	liste, err := store.LireTous[referent](ctx, c.base, store.Choix{Genre: genreReferent})
	comptes := make(map[string]string, len(liste))
	for _, r := range liste {
		comptes[r.Lieu] = r.Compte
	}
	return comptes, err
}

// Referent is the account that answers first for one of the places, which became
// one, the first of them that has one; "" when nobody does.
func (c *Comptes) Referent(ctx context.Context, lieux ...string) (string, error) {
	for _, lieu := range lieux {
		r, _, err := store.Lire[referent](ctx, c.base, genreReferent, lieu)
		if err == nil {
			return r.Compte, nil
		}
		if !absent(err) {
			return "", err
		}
	}
	return "", nil
}

// NommerReferent has an account answer for a place first, in the place of
// whoever did. The caller has checked that they are in its team.
func (c *Comptes) NommerReferent(ctx context.Context, lieu, compte string) error {
	for essai := 1; ; essai++ {
		_, o, err := store.Lire[referent](ctx, c.base, genreReferent, lieu)
		if err != nil && !absent(err) {
			return err
		}
		err = store.Poser(ctx, c.base, store.Objet{Genre: genreReferent, ID: lieu, Version: o.Version + 1, Cles: []string{compte}}, referent{lieu, compte})
		if err == nil || !estCode(err, mednum.Perime) || essai == essais {
			return err
		}
	}
}

// OterReferents has nobody answer first for these places.
func (c *Comptes) OterReferents(ctx context.Context, lieux ...string) (err error) {
	for _, lieu := range lieux {
		err = errors.Join(err, c.base.OterObjet(ctx, genreReferent, lieu))
	}
	return err
}

// oterReferent takes an account away from where it answers first.
func (c *Comptes) oterReferent(ctx context.Context, compte string) error {
	liste, err := c.base.Objets(ctx, store.Choix{Genre: genreReferent, Cle: compte})
	for i := range liste {
		err = errors.Join(err, c.base.OterObjet(ctx, genreReferent, liste[i].ID))
	}
	return err
}

// Presenter says what colleagues may find of an account; nil takes it all back.
func (c *Comptes) Presenter(ctx context.Context, id string, a *mednum.Annuaire) (mednum.Compte, error) {
	if a != nil {
		lu, err := mednum.LireAnnuaire(*a)
		if err != nil {
			return mednum.Compte{}, err
		}
		a = &lu
	}
	return c.modifier(ctx, id, func(v *mednum.Compte) error { v.Annuaire = a; return nil })
}
