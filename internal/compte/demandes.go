package compte

import (
	"cmp"
	"context"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// motifMax is the length of what somebody writes to be given a place;
// survieDemande how long a decided request is kept.
const (
	motifMax      = 500 // characters
	survieDemande = 365 * 24 * time.Hour
)

// Demander asks for a place, in the name of an account. Asking again while the
// first waits changes nothing.
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
	d = mednum.Demande{ID: id, Compte: compte, Lieu: lieu, Motif: motif, Le: c.seconde(), Etat: mednum.DemandeEnAttente}
	err = store.Poser(ctx, c.base, store.Objet{Genre: genreDemande, ID: id, Version: o.Version + 1, Cles: []string{string(d.Etat)}}, d)
	return d, err
}

// Demandes are the requests that wait, oldest first.
func (c *Comptes) Demandes(ctx context.Context) ([]mednum.Demande, error) {
	liste, err := store.LireTous[mednum.Demande](ctx, c.base, store.Choix{Genre: genreDemande, Cle: string(mednum.DemandeEnAttente)})
	slices.SortFunc(liste, func(a, b mednum.Demande) int { return cmp.Or(a.Le.Compare(b.Le), cmp.Compare(a.ID, b.ID)) })
	return liste, err
}

// Demande is one request.
func (c *Comptes) Demande(ctx context.Context, id string) (mednum.Demande, error) {
	d, _, err := store.Lire[mednum.Demande](ctx, c.base, genreDemande, id)
	return d, err
}

// Decider ends a request: accepted, the account may change the place. One that
// somebody else decided is "perime".
func (c *Comptes) Decider(ctx context.Context, id string, oui bool, par string) (mednum.Demande, error) {
	d, o, err := store.Lire[mednum.Demande](ctx, c.base, genreDemande, id)
	if err != nil {
		return d, err
	}
	if d.Etat != mednum.DemandeEnAttente {
		return d, store.ObjetPerime(genreDemande)
	}
	d.Etat, d.Par, d.Decide = mednum.DemandeRefusee, par, c.seconde()
	if oui {
		d.Etat = mednum.DemandeAcceptee
		// The right first: a request that is decided has had its effect.
		if _, err := c.Habiliter(ctx, d.Compte, mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: d.Lieu}); err != nil {
			return d, err
		}
	}
	o.Version++
	o.Cles, o.Efface = []string{string(d.Etat)}, c.seconde().Add(survieDemande)
	return d, store.Poser(ctx, c.base, o, d)
}
