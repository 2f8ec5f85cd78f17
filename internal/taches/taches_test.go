package taches_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/taches"
)

func TestMain(m *testing.M) {
	code := m.Run()
	mongotest.Stop()
	os.Exit(code)
}

// maintenant is the time of the bubble that a test runs in.
func maintenant() time.Time { return <-time.After(0) }

func ouvrir(t *testing.T, chemin string) store.Magasin {
	t.Helper()
	b, err := sqlite.Open(t.Context(), chemin, maintenant)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// bulle runs a test where time is the test's, over a base of its own: what
// waits takes no time.
func bulle(t *testing.T, f func(t *testing.T, chemin string)) {
	t.Helper()
	chemin := filepath.Join(t.TempDir(), "essai.db")
	synctest.Test(t, func(t *testing.T) { f(t, chemin) })
}

// programme is one that runs tasks, until stop.
type programme struct {
	base    store.Magasin
	journal *lignes
	stop    func()
}

func demarrer(t *testing.T, base store.Magasin, porteur string, liste ...taches.Tache) *programme {
	t.Helper()
	return demarrerA(t, base, porteur, maintenant, liste...)
}

func demarrerA(t *testing.T, base store.Magasin, porteur string, now func() time.Time, liste ...taches.Tache) *programme {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p := &programme{base: base, journal: new(lignes)}
	var fin sync.WaitGroup
	fin.Go(func() {
		taches.Tourner(ctx, base, liste, porteur, now, slog.New(slog.NewTextHandler(p.journal, nil)))
	})
	p.stop = sync.OnceFunc(func() {
		cancel()
		fin.Wait()
		if err := base.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(p.stop)
	return p
}

type lignes struct {
	mu    sync.Mutex
	texte string
}

func (l *lignes) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.texte += string(p)
	return len(p), nil
}

func (l *lignes) compte(mots string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.texte, mots)
}

// compteur is a task that counts its runs.
func compteur(n *atomic.Int64, chaque time.Duration) taches.Tache {
	return taches.Tache{Nom: "essai", Chaque: chaque, Faire: func(context.Context) error {
		n.Add(1)
		return nil
	}}
}

func wantFois(t *testing.T, n *atomic.Int64, want int64) {
	t.Helper()
	if got := n.Load(); got != want {
		t.Errorf("%d runs, want %d", got, want)
	}
}

// Two programs on one base do a task once each time.
func TestUneFois(t *testing.T) {
	bulle(t, func(t *testing.T, chemin string) {
		var n atomic.Int64
		a := demarrer(t, ouvrir(t, chemin), "a", compteur(&n, time.Hour))
		b := demarrer(t, ouvrir(t, chemin), "b", compteur(&n, time.Hour))
		time.Sleep(time.Minute)
		wantFois(t, &n, 1)
		time.Sleep(24 * time.Hour)
		wantFois(t, &n, 25)
		a.stop()
		time.Sleep(time.Hour)
		wantFois(t, &n, 26)
		b.stop()
	})
}

// The same on both stores, in real time, with a clock that the test moves.
func TestUneFoisPartout(t *testing.T) {
	for _, tt := range []struct {
		name string
		open func(t *testing.T) func() store.Magasin
	}{
		{"sqlite", func(t *testing.T) func() store.Magasin {
			chemin := filepath.Join(t.TempDir(), "essai.db")
			return func() store.Magasin { return ouvrir(t, chemin) }
		}},
		{"mongo", func(t *testing.T) func() store.Magasin {
			uri := mongotest.Neuf(t, os.Getenv("MONGODB_URI"))
			return func() store.Magasin {
				b, err := mongo.Open(t.Context(), uri, maintenant)
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const chaque = 20 * time.Millisecond
			ouvre := tt.open(t)
			var n, ecart atomic.Int64
			debut := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
			now := func() time.Time { return debut.Add(time.Duration(ecart.Load()) * chaque) }
			demarrerA(t, ouvre(), "a", now, compteur(&n, chaque))
			demarrerA(t, ouvre(), "b", now, compteur(&n, chaque))
			for fois := int64(1); fois <= 5; fois++ {
				for range 20_000 { // milliseconds
					if n.Load() >= fois {
						break
					}
					time.Sleep(time.Millisecond)
				}
				time.Sleep(10 * chaque) // the other one looks too
				wantFois(t, &n, fois)
				ecart.Add(1)
			}
		})
	}
}

// poserBail writes the lease of another program.
func poserBail(t *testing.T, base store.Magasin, corps string) {
	t.Helper()
	o := store.Objet{Genre: "bail", ID: "essai", Version: 1, Corps: json.RawMessage(corps)}
	if err := base.SetObjet(t.Context(), o); err != nil {
		t.Fatal(err)
	}
}

// A holder that died keeps the task until its lease ends, and no longer.
func TestPorteurMort(t *testing.T) {
	bulle(t, func(t *testing.T, chemin string) {
		base := ouvrir(t, chemin)
		poserBail(t, base, fmt.Sprintf(`{"porteur":"mort","jusqua":%q}`, maintenant().Add(40*time.Second).Format(time.RFC3339Nano)))
		var n atomic.Int64
		p := demarrer(t, base, "a", compteur(&n, time.Hour))
		time.Sleep(39 * time.Second)
		wantFois(t, &n, 0)
		time.Sleep(2 * time.Second)
		wantFois(t, &n, 1)
		p.stop()
	})
}

// A long run keeps its lease.
func TestRenouvelle(t *testing.T) {
	bulle(t, func(t *testing.T, chemin string) {
		var n, ensemble atomic.Int64
		longue := taches.Tache{Nom: "essai", Chaque: time.Second, Faire: func(ctx context.Context) error {
			if ensemble.Add(1) > 1 {
				t.Error("two runs at once")
			}
			defer ensemble.Add(-1)
			n.Add(1)
			select {
			case <-ctx.Done():
			case <-time.After(10 * time.Minute):
			}
			return nil
		}}
		a := demarrer(t, ouvrir(t, chemin), "a", longue)
		b := demarrer(t, ouvrir(t, chemin), "b", longue)
		time.Sleep(9 * time.Minute)
		wantFois(t, &n, 1)
		time.Sleep(2 * time.Minute)
		wantFois(t, &n, 2)
		a.stop()
		b.stop()
	})
}

// Told to stop in a run, a program gives the task back as undone.
func TestArretRend(t *testing.T) {
	bulle(t, func(t *testing.T, chemin string) {
		a := demarrer(t, ouvrir(t, chemin), "a", taches.Tache{Nom: "essai", Chaque: time.Hour, Faire: func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}})
		time.Sleep(time.Second)
		a.stop()
		if n := a.journal.compte("ERROR"); n > 0 {
			t.Errorf("%d errors in the log of a program told to stop", n)
		}
		var n atomic.Int64
		b := demarrer(t, ouvrir(t, chemin), "b", compteur(&n, time.Hour))
		time.Sleep(time.Second)
		wantFois(t, &n, 1)
		b.stop()
	})
}

// A task whose lease another program took is told to stop.
func TestBailPerdu(t *testing.T) {
	bulle(t, func(t *testing.T, chemin string) {
		base := ouvrir(t, chemin)
		var arret atomic.Int64
		p := demarrer(t, base, "a", taches.Tache{Nom: "essai", Chaque: time.Hour, Faire: func(ctx context.Context) error {
			<-ctx.Done()
			arret.Add(1)
			return nil
		}})
		time.Sleep(time.Second)
		o, err := base.Objet(t.Context(), "bail", "essai")
		if err != nil {
			t.Fatal(err)
		}
		o.Version++
		o.Corps = json.RawMessage(fmt.Sprintf(`{"porteur":"b","jusqua":%q}`, maintenant().Add(time.Hour).Format(time.RFC3339Nano)))
		if err := base.SetObjet(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second)
		wantFois(t, &arret, 1)
		if n := p.journal.compte("lease lost"); n != 1 {
			t.Errorf("the log tells the loss %d times, want 1", n)
		}
		apres, err := base.Objet(t.Context(), "bail", "essai")
		if d := cmp.Diff(o, apres); d != "" || err != nil {
			t.Errorf("the lease of the other one (-want +got):\n%s%v", d, err)
		}
		p.stop()
	})
}

// What fails is said once, until it succeeds, and done again in its time; the
// other tasks go on.
func TestEchecs(t *testing.T) {
	for _, tt := range []struct {
		name  string
		echec func() error
		cause string
	}{
		{"an error", func() error { return errors.New("en panne") }, `cause="en panne"`},
		{"a panic", func() error { panic("en morceaux") }, `cause="panic: en morceaux" pile="goroutine`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bulle(t, func(t *testing.T, chemin string) {
				var essais, autre atomic.Int64
				mauvaise := taches.Tache{Nom: "mauvaise", Chaque: time.Minute, Faire: func(context.Context) error {
					if essais.Add(1) <= 3 {
						return tt.echec()
					}
					return nil
				}}
				p := demarrer(t, ouvrir(t, chemin), "a", mauvaise, compteur(&autre, time.Minute))
				time.Sleep(3*time.Minute - time.Second)
				wantFois(t, &essais, 3)
				wantFois(t, &autre, 3)
				if n, m := p.journal.compte("ERROR"), p.journal.compte(tt.cause); n != 1 || m != 1 {
					t.Errorf("%d errors in the log, %d of %s, want 1", n, m, tt.cause)
				}
				time.Sleep(2 * time.Minute)
				wantFois(t, &essais, 5)
				if n := p.journal.compte("marche de nouveau"); n != 1 {
					t.Errorf("the log tells the end of it %d times, want 1", n)
				}
				p.stop()
			})
		})
	}
}

// Without anything to do, the lease is left alone.
func TestSi(t *testing.T) {
	bulle(t, func(t *testing.T, chemin string) {
		var n, demandes atomic.Int64
		var utile atomic.Bool
		tache := compteur(&n, 5*time.Second)
		tache.Si = func(context.Context) (bool, error) {
			if demandes.Add(1) == 2 {
				return false, errors.New("ne sait pas")
			}
			return utile.Load(), nil
		}
		base := ouvrir(t, chemin)
		p := demarrer(t, base, "a", tache)
		time.Sleep(58 * time.Second)
		wantFois(t, &demandes, 12)
		wantFois(t, &n, 0)
		if _, err := base.Objet(t.Context(), "bail", "essai"); err == nil {
			t.Error("the lease was taken")
		}
		if n := p.journal.compte("ne sait pas"); n != 1 {
			t.Errorf("the log tells the failure %d times, want 1", n)
		}
		utile.Store(true)
		time.Sleep(5 * time.Second)
		wantFois(t, &n, 1)
		p.stop()
	})
}

// coupe is a store that does not answer for a while.
type coupe struct {
	store.Magasin
	panne atomic.Bool
}

func (c *coupe) SetObjet(ctx context.Context, o store.Objet) error {
	if c.panne.Load() {
		return errors.New("coupé")
	}
	return c.Magasin.SetObjet(ctx, o)
}

func (c *coupe) Objet(ctx context.Context, genre, id string) (store.Objet, error) {
	if c.panne.Load() {
		return store.Objet{}, errors.New("coupé")
	}
	return c.Magasin.Objet(ctx, genre, id)
}

// A base that does not answer for a while stops no run that it can still
// renew, and no task for ever.
func TestPanneDeLaBase(t *testing.T) {
	for _, tt := range []struct {
		name         string
		panne        time.Duration
		arrets, fois int64
	}{
		{"a short one", 30 * time.Second, 0, 1},
		{"a long one", 5 * time.Minute, 1, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bulle(t, func(t *testing.T, chemin string) {
				base := &coupe{Magasin: ouvrir(t, chemin)}
				var n, arrets atomic.Int64
				p := demarrer(t, base, "a", taches.Tache{Nom: "essai", Chaque: 12 * time.Minute, Faire: func(ctx context.Context) error {
					n.Add(1)
					select {
					case <-ctx.Done():
						arrets.Add(1)
					case <-time.After(8 * time.Minute):
					}
					return nil
				}})
				time.Sleep(10 * time.Second)
				base.panne.Store(true)
				time.Sleep(tt.panne)
				base.panne.Store(false)
				time.Sleep(11*time.Minute - tt.panne)
				wantFois(t, &arrets, tt.arrets)
				wantFois(t, &n, tt.fois)
				p.stop()
			})
		})
	}
}
