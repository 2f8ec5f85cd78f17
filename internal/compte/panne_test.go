package compte_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

var errPanne = errors.New("the disk is full")

// fragile is a store whose nth change fails, the first being 0.
type fragile struct {
	store.Magasin
	faits atomic.Int32
	n     int32
}

func (f *fragile) tient() error {
	if f.faits.Add(1)-1 == f.n {
		return errPanne
	}
	return nil
}

func (f *fragile) SetObjet(ctx context.Context, o store.Objet) error {
	if err := f.tient(); err != nil {
		return err
	}
	return f.Magasin.SetObjet(ctx, o)
}

func (f *fragile) OterObjet(ctx context.Context, genre, id string) error {
	if err := f.tient(); err != nil {
		return err
	}
	return f.Magasin.OterObjet(ctx, genre, id)
}

// sur is the room over a store whose nth change fails.
func (b *banc) sur(n int) *compte.Comptes {
	return compte.New(&fragile{Magasin: b.base, n: int32(n)}, func() time.Time { return b.heure })
}

// A link whose effect failed half-way, wherever that was, serves the next time.
func TestLienApresPanne(t *testing.T) {
	for _, tt := range []struct {
		name    string
		etapes  int // changes that it takes
		envoyer func(t *testing.T, b *banc) compte.Envoi
	}{
		{"a sign-in", 2, func(t *testing.T, b *banc) compte.Envoi {
			b.membre(t, jeanne, droits...)
			return b.connecter(t, jeanne)
		}},
		{"an invitation", 5, func(t *testing.T, b *banc) compte.Envoi { return b.inviter(t, jeanne, droits...) }},
		{"a request", 5, func(t *testing.T, b *banc) compte.Envoi {
			e, _, err := b.Accueillir(t.Context(), jeanne, "Jeanne Essai", "a", "le mardi")
			check(t, err)
			return e
		}},
	} {
		for n := range tt.etapes {
			t.Run(fmt.Sprintf("%s, change %d", tt.name, n), func(t *testing.T) {
				b := newBanc(t)
				e := tt.envoyer(t, b)
				if session, _, err := b.sur(n).Entrer(t.Context(), e.Secret, "", ""); !errors.Is(err, errPanne) || session != "" {
					t.Fatalf("%q, %v", session, err)
				}
				session, c, err := b.Entrer(t.Context(), e.Secret, "", "")
				check(t, err)
				if x, err := b.Reprendre(t.Context(), session); err != nil || x.Compte.ID != c.ID {
					t.Errorf("%+v, %v", x, err)
				}
			})
		}
	}
}

// Of many who spend one link, those who were late leave no session behind.
func TestSessionsDesPerdants(t *testing.T) {
	b := newBanc(t)
	_, c := b.membre(t, jeanne, droits...)
	check(t, b.FermerTout(t.Context(), c.ID, ""))
	e := b.connecter(t, jeanne)
	if n := ensemble(t, 20, func(int) error { _, _, err := b.Entrer(t.Context(), e.Secret, "", ""); return err }, mednum.Anonyme); n != 1 {
		t.Errorf("%d entered", n)
	}
	if s, err := b.Sessions(t.Context(), c.ID); err != nil || len(s) != 1 {
		t.Errorf("%d sessions, %v", len(s), err)
	}
}

// An account may wait for ten places, no more; asking again for one of them is
// not one more.
func TestDemanderEnTrop(t *testing.T) {
	b := newBanc(t)
	_, c := b.membre(t, jeanne, droits...)
	_, autre := b.membre(t, "paul@exemple.fr", droits...)
	for i := range 10 {
		_, err := b.Demander(t.Context(), c.ID, fmt.Sprint("lieu", i), "")
		check(t, err)
	}
	_, err := b.Demander(t.Context(), c.ID, "lieu10", "")
	wantRefus(t, err, mednum.EnTrop, "déjà demandé 10 lieux")
	if _, err := b.Demander(t.Context(), c.ID, "lieu3", ""); err != nil {
		t.Errorf("one that waits: %v", err)
	}
	if _, err := b.Demander(t.Context(), autre.ID, "lieu10", ""); err != nil {
		t.Errorf("another account: %v", err)
	}
	d, err := b.Demandes(t.Context())
	check(t, err)
	d = slices.DeleteFunc(d, func(d mednum.Demande) bool { return d.Compte != c.ID })
	_, err = b.Decider(t.Context(), d[0].ID, false, "cli")
	check(t, err)
	if _, err := b.Demander(t.Context(), c.ID, "lieu10", ""); err != nil {
		t.Errorf("once one is decided: %v", err)
	}
}

// An erasure that was cut short, wherever that was, is made again: nothing is
// left of the person.
func TestSupprimerApresPanne(t *testing.T) {
	for n := range 6 {
		t.Run(fmt.Sprintf("change %d", n), func(t *testing.T) {
			b := newBanc(t)
			_, c := b.membre(t, jeanne, droits...)
			_, err := b.Demander(t.Context(), c.ID, "b", "")
			check(t, err)
			b.connecter(t, jeanne)
			if err := b.sur(n).Supprimer(t.Context(), c.ID); !errors.Is(err, errPanne) {
				t.Fatalf("it went well: %v", err)
			}
			check(t, b.Supprimer(t.Context(), c.ID))
			for _, genre := range []string{"adresse", "session", "lien", "demande"} {
				if o, err := b.base.Objets(t.Context(), store.Choix{Genre: genre}); err != nil || len(o) != 0 {
					t.Errorf("%d objects of %s are left, %v", len(o), genre, err)
				}
			}
			if tous, err := b.Comptes.Comptes(t.Context()); err != nil || len(tous) != 0 {
				t.Errorf("%+v, %v", tous, err)
			}
		})
	}
}

// A visit that cannot be noted keeps nobody out.
func TestReprendreSansNoter(t *testing.T) {
	b := newBanc(t)
	session, c := b.membre(t, jeanne, droits...)
	b.heure = b.heure.Add(time.Hour)
	if x, err := b.sur(0).Reprendre(t.Context(), session); err != nil || x.Compte.ID != c.ID {
		t.Errorf("%+v, %v", x, err)
	}
}
