package compte

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// cleInvitations is the key of all invitations.
const cleInvitations = "invitation"

// Inviter prepares an invitation: whoever opens it gets the rights. The caller
// has checked that par may give them.
func (c *Comptes) Inviter(ctx context.Context, courriel, nom, par string, droits []mednum.Habilitation) (e Envoi, err error) {
	courriel, err = mednum.LireCourriel(courriel)
	if err != nil {
		return e, err
	}
	if strings.TrimSpace(nom) != "" {
		if nom, err = mednum.LireNomCompte(nom); err != nil {
			return e, err
		}
	}
	if len(droits) == 0 {
		return e, invalide("habilitations", "Dites ce que cette personne pourra modifier.")
	}
	return c.tirerLien(ctx, mednum.Lien{Usage: mednum.UsageInvitation, Courriel: courriel, Nom: nom, Par: par, Habilitations: droits}, DureeInvitation, cleCourriel(courriel), cleInvitations)
}

// Invitations are those that nobody has opened yet and that are not over, the
// last sent first. An invitation is known by its Lien.ID.
func (c *Comptes) Invitations(ctx context.Context) ([]mednum.Lien, error) {
	liste, err := store.LireTous[mednum.Lien](ctx, c.base, store.Choix{Genre: genreLien, Cle: cleInvitations})
	liste = slices.DeleteFunc(liste, func(l mednum.Lien) bool { return !l.Ouvert(c.now()) })
	slices.SortFunc(liste, func(a, b mednum.Lien) int { return cmp.Or(b.Cree.Compare(a.Cree), cmp.Compare(a.Hash, b.Hash)) })
	return liste, err
}

// AnnulerInvitation takes back an invitation; one that is over already is no
// error. The caller has checked who may.
func (c *Comptes) AnnulerInvitation(ctx context.Context, id string) error {
	liste, err := c.Invitations(ctx)
	if err != nil {
		return err
	}
	for i := range liste {
		if liste[i].ID() == id {
			return c.base.OterObjet(ctx, genreLien, liste[i].Hash)
		}
	}
	return nil
}
