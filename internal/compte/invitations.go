package compte

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

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

// InvitationsFinies are those that were over before anybody opened them, of the
// last sixty days, the last sent first; one whose address has another since, or
// every right that it gave, is left out.
func (c *Comptes) InvitationsFinies(ctx context.Context) ([]mednum.Lien, error) {
	liste, err := store.LireTous[mednum.Lien](ctx, c.base, store.Choix{Genre: genreLien, Cle: cleInvitations})
	if err != nil {
		return nil, err
	}
	derniers := map[string]time.Time{}
	for i := range liste {
		derniers[liste[i].Courriel] = plusTard(derniers[liste[i].Courriel], liste[i].Cree)
	}
	var finies []mednum.Lien
	for i := range liste {
		l := &liste[i]
		if !l.ConsommeLe.IsZero() || l.Ouvert(c.now()) || l.Par == "" || l.Cree.Before(derniers[l.Courriel]) {
			continue
		}
		v, err := c.CompteDe(ctx, l.Courriel)
		if err != nil && !absent(err) {
			return nil, err
		}
		manque := func(h mednum.Habilitation) bool { return !slices.Contains(v.Habilitations, h) }
		if slices.ContainsFunc(l.Habilitations, manque) {
			finies = append(finies, *l)
		}
	}
	slices.SortFunc(finies, func(a, b mednum.Lien) int { return cmp.Or(b.Cree.Compare(a.Cree), cmp.Compare(a.Hash, b.Hash)) })
	return finies, nil
}

// OublierInvitations takes away the invitations of an address that were over
// before anybody opened them.
func (c *Comptes) OublierInvitations(ctx context.Context, courriel string) error {
	liste, err := store.LireTous[mednum.Lien](ctx, c.base, store.Choix{Genre: genreLien, Cle: cleCourriel(courriel)})
	for i := range liste {
		if l := &liste[i]; l.Usage == mednum.UsageInvitation && l.ConsommeLe.IsZero() && !l.Ouvert(c.now()) {
			err = errors.Join(err, c.base.OterObjet(ctx, genreLien, l.Hash))
		}
	}
	return err
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
