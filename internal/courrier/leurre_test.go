package courrier_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/courrier/courriertest"
	"82numerique.fr/adeuxpas/internal/store"
)

// compteur counts what a store is asked.
type compteur struct {
	store.Magasin
	lus, ecrits, otes atomic.Int32
}

func (c *compteur) Objet(ctx context.Context, genre, id string) (store.Objet, error) {
	c.lus.Add(1)
	return c.Magasin.Objet(ctx, genre, id)
}

func (c *compteur) SetObjet(ctx context.Context, o store.Objet) error {
	c.ecrits.Add(1)
	return c.Magasin.SetObjet(ctx, o)
}

func (c *compteur) OterObjet(ctx context.Context, genre, id string) error {
	c.otes.Add(1)
	return c.Magasin.OterObjet(ctx, genre, id)
}

// A mail for nobody asks of the base what one for somebody does, until it is
// over; it goes nowhere, is in no list, and is soon forgotten.
func TestFeindre(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	mesurer := func(ecrire func(b *banc) error) (*banc, [3]int32) {
		b := installer(t, reglages(t, s.URL()))
		base := &compteur{Magasin: b.base}
		b = sur(base, reglages(t, s.URL()), b.horloge)
		if err := ecrire(b); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		fini := make(chan struct{})
		go func() { b.Suivre(ctx); close(fini) }()
		for range 5000 {
			if base.ecrits.Load() >= 3 && base.lus.Load() >= 2 {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
		cancel()
		<-fini
		return b, [3]int32{base.lus.Load(), base.ecrits.Load(), base.otes.Load()}
	}
	_, vrai := mesurer(func(b *banc) error {
		_, err := b.Poster(t.Context(), lettre(courrier.Connexion, "m@exemple.fr"))
		return err
	})
	b, faux := mesurer(func(b *banc) error { return b.Feindre(t.Context()) })
	if d := cmp.Diff(vrai, faux); d != "" || vrai[1] != 3 {
		t.Errorf("read, written, taken away (-somebody +nobody):\n%s%v", d, vrai)
	}
	if n := len(s.Messages()); n != 1 {
		t.Errorf("%d mails went, want 1", n)
	}
	if liste, err := b.Liste(t.Context(), ""); err != nil || len(liste) != 0 {
		t.Errorf("%+v, %v", liste, err)
	}
	b.horloge.avancer(2 * time.Minute)
	b.poster(t, lettre(courrier.Rappel, "m@exemple.fr")) // writing sweeps
	if o, err := b.base.Objets(t.Context(), store.Choix{Genre: "envoi"}); err != nil || len(o) != 1 {
		t.Errorf("%d sendings are left, %v, want the new one", len(o), err)
	}
}

// One that Suivre did not see is over at the next round, and counted nowhere.
func TestFeindreEnRetard(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	if err := b.Feindre(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.envoyer(t, 0)
	if attend, err := b.Attend(t.Context()); attend || err != nil || len(s.Messages()) > 0 {
		t.Errorf("waits: %t, %v; %d mails", attend, err, len(s.Messages()))
	}
}

// Nothing is left of an address that is forgotten; the others stay.
func TestOublier(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	s.Repondre("RCPT", "550 5.1.1 no such user")
	b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
	b.envoyer(t, 0)
	s.Repondre("RCPT")
	b.poster(t, lettre(courrier.Connexion, "M@exemple.fr")) // waits
	autre := b.poster(t, lettre(courrier.Rappel, "autre@exemple.fr"))
	if err := b.Oublier(t.Context(), "m@EXEMPLE.fr"); err != nil {
		t.Fatal(err)
	}
	b.wantRebond(t, "m@exemple.fr", false)
	if liste, err := b.Liste(t.Context(), ""); err != nil || len(liste) != 1 || liste[0].ID != autre {
		t.Errorf("%+v, %v", liste, err)
	}
	b.envoyer(t, 1)
	if err := b.Oublier(t.Context(), ""); err == nil {
		t.Error("the address of nobody is one")
	}
}
