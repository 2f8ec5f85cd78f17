package compte

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// motifMax is the length of what somebody writes to be given a place;
// attendMax how many places an account may wait for at once; survieDemande how
// long a decided request is kept.
const (
	motifMax      = 500 // characters
	attendMax     = 10
	survieDemande = 365 * 24 * time.Hour
)

// Demander asks for a place, in the name of an account. Asking again while the
// first waits changes nothing; an account that waits for attendMax places is
// "en_trop".
func (c *Comptes) Demander(ctx context.Context, compte, lieu, motif string) (mednum.Demande, error) {
	motif, err := lireMotif(motif)
	if err != nil {
		return mednum.Demande{}, err
	}
	id := hash(compte + "/" + lieu)[:16]
	d, o, err := store.Lire[mednum.Demande](ctx, c.base, genreDemande, id)
	if err != nil && !absent(err) {
		return d, err
	}
	if err == nil && d.Etat == mednum.DemandeEnAttente {
		return d, nil
	}
	if err := c.peutAttendre(ctx, compte); err != nil {
		return mednum.Demande{}, err
	}
	d = mednum.Demande{ID: id, Compte: compte, Lieu: lieu, Motif: motif, Le: c.seconde(), Etat: mednum.DemandeEnAttente}
	err = store.Poser(ctx, c.base, store.Objet{Genre: genreDemande, ID: id, Version: o.Version + 1, Cles: []string{string(d.Etat)}}, d)
	return d, err
}

// peutAttendre refuses an account that waits for too many places.
func (c *Comptes) peutAttendre(ctx context.Context, compte string) error {
	liste, err := c.Demandes(ctx)
	if err != nil {
		return err
	}
	liste = slices.DeleteFunc(liste, func(d mednum.Demande) bool { return d.Compte != compte })
	if len(liste) >= attendMax {
		return &mednum.Error{Code: mednum.EnTrop, Champ: "lieu", Message: fmt.Sprintf(
			"Vous avez déjà demandé %d lieux, et leur réponse n’est pas encore arrivée. Attendez-la, puis recommencez.", attendMax)}
	}
	return nil
}

// Demandes are the requests that wait, oldest first.
func (c *Comptes) Demandes(ctx context.Context) ([]mednum.Demande, error) {
	liste, err := store.LireTous[mednum.Demande](ctx, c.base, store.Choix{Genre: genreDemande, Cle: string(mednum.DemandeEnAttente)})
	slices.SortFunc(liste, func(a, b mednum.Demande) int { return cmp.Or(a.Le.Compare(b.Le), cmp.Compare(a.ID, b.ID)) })
	return liste, err
}

// Decidees are the requests that were decided in the last year, the last first.
func (c *Comptes) Decidees(ctx context.Context) ([]mednum.Demande, error) {
	liste, err := store.LireTous[mednum.Demande](ctx, c.base, store.Choix{Genre: genreDemande})
	liste = slices.DeleteFunc(liste, func(d mednum.Demande) bool { return d.Etat == mednum.DemandeEnAttente })
	slices.SortFunc(liste, func(a, b mednum.Demande) int { return cmp.Or(b.Decide.Compare(a.Decide), cmp.Compare(a.ID, b.ID)) })
	return liste, err
}

// Demande is one request.
func (c *Comptes) Demande(ctx context.Context, id string) (mednum.Demande, error) {
	d, _, err := store.Lire[mednum.Demande](ctx, c.base, genreDemande, id)
	return d, err
}

// Decider ends a request: accepted, the account may change the place. One that
// somebody else decided is "perime", and comes as they left it. Whoever asked
// and was erased since is "introuvable".
func (c *Comptes) Decider(ctx context.Context, id string, oui bool, par string) (mednum.Demande, error) {
	d, o, err := store.Lire[mednum.Demande](ctx, c.base, genreDemande, id)
	if err != nil {
		return d, err
	}
	if d.Etat != mednum.DemandeEnAttente {
		return d, store.ObjetPerime(genreDemande)
	}
	if _, err := c.Compte(ctx, d.Compte); err != nil {
		return d, err
	}
	avant, posee := d, o
	d.Etat, d.Par, d.Decide = mednum.DemandeRefusee, par, c.seconde()
	if oui {
		d.Etat = mednum.DemandeAcceptee
	}
	// Decided first: of two who decide at once, one does, and a right is never
	// given by who was too late.
	posee.Version++
	posee.Cles, posee.Efface = []string{string(d.Etat)}, c.seconde().Add(survieDemande)
	err = store.Poser(ctx, c.base, posee, d)
	if estCode(err, mednum.Perime) {
		decidee, lire := c.Demande(ctx, id)
		return decidee, cmp.Or(lire, err)
	}
	if err != nil || !oui {
		return d, err
	}
	if _, err = c.Habiliter(ctx, d.Compte, mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: d.Lieu}); err != nil {
		o.Version += 2 // it waits again
		return avant, errors.Join(err, store.Poser(ctx, c.base, o, avant))
	}
	return d, nil
}

// oterDemandes takes away the requests of an account.
func (c *Comptes) oterDemandes(ctx context.Context, compte string) error {
	liste, err := store.LireTous[mednum.Demande](ctx, c.base, store.Choix{Genre: genreDemande})
	for i := range liste {
		if liste[i].Compte == compte {
			err = errors.Join(err, c.base.OterObjet(ctx, genreDemande, liste[i].ID))
		}
	}
	return err
}
