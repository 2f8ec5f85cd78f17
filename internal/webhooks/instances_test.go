package webhooks_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

// Several programs on one base tell each change once, in its order.
func TestDeuxProgrammes(t *testing.T) {
	for _, tt := range []struct {
		name string
		open func(t *testing.T, h *horloge) [2]store.Magasin
	}{
		{"sqlite", func(t *testing.T, h *horloge) (deux [2]store.Magasin) {
			chemin := filepath.Join(t.TempDir(), "a.db")
			for i := range deux {
				base, err := sqlite.Open(t.Context(), chemin, h.now)
				check(t, err)
				deux[i] = base
			}
			return deux
		}},
		{"mongo", func(t *testing.T, h *horloge) (deux [2]store.Magasin) {
			uri := mongotest.Neuf(t, os.Getenv("MONGODB_URI"))
			for i := range deux {
				base, err := mongo.Open(t.Context(), uri, h.now)
				check(t, err)
				deux[i] = base
			}
			return deux
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := &horloge{t: mardi}
			bases := tt.open(t, h)
			bancs := []*banc{sur(t, bases[0], h), sur(t, bases[1], h)}
			a := ecouter(t)
			bancs[0].creer(t, a, webhooks.PorteeTout, "")
			id := bancs[0].lieu(t, "Un", moissac)
			var attendus []string
			for i := range 5 {
				bancs[i%2].telephone(t, id, i)
				_, err := bancs[i%2].Noter(t.Context()) // under a lease, as tasks are
				check(t, err)
				attendus = append(attendus, fmt.Sprint(i+2))
				var fils sync.WaitGroup
				for _, b := range bancs {
					for range 2 {
						fils.Go(func() {
							if err := b.Livrer(t.Context()); err != nil {
								t.Error(err)
							}
						})
					}
				}
				fils.Wait()
				h.avancer(time.Second)
			}
			check(t, bancs[0].Livrer(t.Context()))
			var dits []string
			for _, r := range a.lus() {
				for _, f := range r.Faits {
					dits = append(dits, fmt.Sprint(f.Version))
				}
			}
			want(t, "versions told", attendus, dits)
			// Both look at one change at once: it has one id, and is told once.
			bancs[0].telephone(t, id, 77)
			var fils sync.WaitGroup
			for _, b := range bancs {
				fils.Go(func() {
					if _, err := b.Noter(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			fils.Wait()
			check(t, bancs[1].Livrer(t.Context()))
			want(t, "told once", 1, len(a.lus()))
		})
	}
}

// casse is a base that dies at a chosen writing.
type casse struct {
	store.Magasin
	refuse atomic.Pointer[func(store.Objet) bool]
}

func (c *casse) SetObjet(ctx context.Context, o store.Objet) error {
	if f := c.refuse.Load(); f != nil && (*f)(o) {
		return errors.New("cut")
	}
	return c.Magasin.SetObjet(ctx, o)
}

func (c *casse) casser(f func(store.Objet) bool) { c.refuse.Store(&f) }

// tardif is a base in which one place is seen later than those written after it,
// as another program's writing may be.
type tardif struct {
	store.Magasin
	cache atomic.Pointer[string]
}

func (b *tardif) sauf(lieux []mednum.Lieu, err error) ([]mednum.Lieu, error) {
	return slices.DeleteFunc(lieux, func(l mednum.Lieu) bool { return l.ID == *b.cache.Load() }), err
}

func (b *tardif) Lieux(ctx context.Context) ([]mednum.Lieu, error) {
	return b.sauf(b.Magasin.Lieux(ctx))
}

func (b *tardif) LieuxSauf(ctx context.Context, connus map[string]int64) ([]mednum.Lieu, error) {
	return b.sauf(b.Magasin.LieuxSauf(ctx, connus))
}

// A change that is seen after those that followed it is told all the same.
func TestVuTard(t *testing.T) {
	h := &horloge{t: mardi}
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), h.now)
	check(t, err)
	c := &tardif{Magasin: base}
	aucun, tard := "", mednum.NouvelID("essai/Tard")
	c.cache.Store(&aucun)
	b := sur(t, c, h)
	a := ecouter(t)
	b.creer(t, a, webhooks.PorteeTout, "")
	b.lieu(t, "Zéro", moissac)
	b.passer(t, 1)
	h.avancer(3 * time.Minute)
	c.cache.Store(&tard)
	want(t, "id", tard, b.lieu(t, "Tard", moissac))
	b.lieu(t, "Un", moissac)
	b.passer(t, 1)
	h.avancer(20 * time.Second)
	b.passer(t, 0)
	a.lus()
	c.cache.Store(&aucun)
	b.lieu(t, "Deux", moissac)
	b.passer(t, 1)
	want(t, "told", []string{"lieu.cree Tard v1 ", "lieu.cree Deux v1 "}, a.dits())
}

// A pause that is cut before it gave up what waits is a pause all the same.
func TestPauseCoupee(t *testing.T) {
	h := &horloge{t: mardi}
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), h.now)
	check(t, err)
	c := &casse{Magasin: base}
	b := sur(t, c, h)
	a := ecouter(t)
	w := b.creer(t, a, webhooks.PorteeTout, "")
	b.lieu(t, "Un", moissac)
	_, err = b.Noter(t.Context())
	check(t, err)
	c.casser(func(o store.Objet) bool { return o.Genre == "livraison" })
	if err := b.Suspendre(t.Context(), w.ID); err == nil {
		t.Fatal("the base was not cut")
	}
	c.casser(func(store.Objet) bool { return false })
	check(t, b.Livrer(t.Context()))
	l := b.derniere(t, &w)
	want(t, "state", suivi{webhooks.Abandonne, 0, "", 0}, suiviDe(&l))
	want(t, "messages", 0, len(a.lus()))
}

// Cut between the sending and the note of it, a message is sent again, the same,
// once the program that had it can no longer be at it.
func TestCoupureApresEnvoi(t *testing.T) {
	h := &horloge{t: mardi}
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), h.now)
	check(t, err)
	c := &casse{Magasin: base}
	b := sur(t, c, h)
	a := ecouter(t)
	b.creer(t, a, webhooks.PorteeTout, "")
	id := b.lieu(t, "Un", moissac)
	_, err = b.Noter(t.Context())
	check(t, err)
	c.casser(func(o store.Objet) bool { return o.Genre == "livraison" && o.Version > 2 })
	check(t, b.Livrer(t.Context()))
	un := a.lus()
	c.casser(func(store.Objet) bool { return false })
	b.demarrer(t)
	b.telephone(t, id, 1)
	b.passer(t, 1)
	want(t, "told while the first may still be leaving", 0, len(a.lus()))
	h.avancer(time.Minute)
	check(t, b.Livrer(t.Context()))
	deux := a.lus()
	if len(un) != 1 || len(deux) != 2 || un[0].entetes.Get("webhook-id") != deux[0].entetes.Get("webhook-id") || un[0].corps != deux[0].corps {
		t.Errorf("%d then %d messages", len(un), len(deux))
	}
}

// Cut between the deliveries and the cursor, the same lot is made again, under
// the same ids: nothing is told twice.
func TestCoupureAvantCurseur(t *testing.T) {
	h := &horloge{t: mardi}
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), h.now)
	check(t, err)
	c := &casse{Magasin: base}
	b := sur(t, c, h)
	a := ecouter(t)
	b.creer(t, a, webhooks.PorteeTout, "")
	b.lieu(t, "Un", moissac)
	c.casser(func(o store.Objet) bool { return o.Genre == "curseurwebhooks" })
	if _, err := b.Noter(t.Context()); err == nil {
		t.Fatal("the base was not cut")
	}
	check(t, b.Livrer(t.Context()))
	c.casser(func(store.Objet) bool { return false })
	b.demarrer(t)
	h.avancer(time.Minute)
	_, err = b.Noter(t.Context())
	check(t, err)
	check(t, b.Livrer(t.Context()))
	want(t, "told", []string{"lieu.cree Un v1 "}, a.dits())
}

// Suivre sends what is made while it runs, and stops when it is told to: what it
// was sending is left to the next one.
func TestSuivre(t *testing.T) {
	b := installer(t)
	a := ecouter(t)
	h := b.creer(t, a, webhooks.PorteeTout, "")
	ctx, arreter := context.WithCancel(t.Context())
	fini := make(chan struct{})
	go func() { b.Suivre(ctx); close(fini) }()
	check(t, b.Essayer(t.Context(), h.ID, "un"))
	for len(a.lus()) == 0 {
		time.Sleep(time.Millisecond)
	}
	commence, fin := make(chan struct{}, 2), make(chan struct{})
	a.repondre(func(_ http.ResponseWriter, r *http.Request) {
		commence <- struct{}{}
		select {
		case <-fin:
		case <-r.Context().Done():
		}
	})
	defer close(fin)
	b.horloge.avancer(time.Second)
	b.lieu(t, "Un", moissac)
	_, err := b.Noter(t.Context())
	check(t, err)
	<-commence
	arreter()
	<-fini
	l := b.derniere(t, &h)
	want(t, "left to the next one", suivi{webhooks.AEnvoyer, 0, "", 0}, suiviDe(&l))
	a.repondre(nil)
	a.lus()
	check(t, b.Livrer(t.Context()))
	want(t, "sent by it", []string{"lieu.cree Un v1 "}, a.dits())
}
