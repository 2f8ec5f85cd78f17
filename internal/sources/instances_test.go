package sources_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sources"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/taches"
)

// Two programs on one base fetch a source once at a time, whatever they do it
// for, and what each learns is kept, on both stores.
func TestDeuxProgrammes(t *testing.T) {
	for _, tt := range bases {
		t.Run(tt.name, func(t *testing.T) {
			h := &horloge{t: mardi}
			var bancs []*banc
			for _, base := range tt.open(t, h, 2) {
				bancs = append(bancs, sur(t, base, h))
			}
			var ensemble, plus atomic.Int32
			s := servir(t, func(w http.ResponseWriter, r *http.Request) {
				plus.Store(max(plus.Load(), ensemble.Add(1)))
				time.Sleep(30 * time.Millisecond)
				ensemble.Add(-1)
				edition(lieux(3))(w, r)
			})
			bancs[0].ajouter(t, s.URL)
			_, err := bancs[1].Ajouter(t.Context(), sources.Demande{Nom: "ville d essai", URL: s.URL})
			wantCode(t, err, mednum.Conflit, "nom")

			var fils sync.WaitGroup
			var faits, refuses atomic.Int32
			for i := range 6 {
				fils.Go(func() {
					_, err := bancs[i%2].Passer(t.Context(), "ville-d-essai", sources.Lancer, "cli")
					var e *mednum.Error
					switch {
					case err == nil:
						faits.Add(1)
					case errors.As(err, &e) && (e.Code == mednum.Conflit || e.Code == mednum.Perime):
						refuses.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			fils.Wait()
			n := int(faits.Load())
			if n < 1 || plus.Load() != 1 || n+int(refuses.Load()) != 6 {
				t.Errorf("%d runs, %d refused, %d at once", n, refuses.Load(), plus.Load())
			}
			src := bancs[1].source(t)
			want(t, "runs kept", n, len(src.Passages))
			want(t, "the first", sources.Applique, src.Passages[n-1].Etat)
			want(t, "free", sources.Prise{}, src.Prise)
			want(t, "places", 3, len(bancs[1].telephones(t)))

			// Both look at what is due, as their tasks do.
			h.avancer(24 * time.Hour)
			s.vus()
			for _, b := range bancs {
				fils.Go(func() {
					if err := b.Suivre(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			fils.Wait()
			want(t, "fetched once", 1, len(s.vus()))

			// What is written about a source while it is read stays.
			s.repondre(func(w http.ResponseWriter, r *http.Request) {
				if err := bancs[1].Suspendre(t.Context(), "ville-d-essai"); err != nil {
					t.Error(err)
				}
				edition(lieux(4))(w, r)
			})
			want(t, "read", sources.Applique, bancs[0].passer(t).Etat)
			src = bancs[0].source(t)
			want(t, "both writings", []any{true, sources.Applique}, []any{src.Suspendue, src.Etat})
		})
	}
}

// A program that died while it held a source keeps it from the others for 15
// minutes, no longer; it writes nothing if it wakes up after that.
func TestMortEnTenant(t *testing.T) {
	h := &horloge{t: mardi}
	deux := bases[0].open(t, h, 2)
	un, autre := sur(t, deux[0], h), sur(t, deux[1], h)
	lent := make(chan struct{})
	s := servir(t, func(w http.ResponseWriter, r *http.Request) {
		<-lent
		edition(lieux(5, 0))(w, r)
	})
	un.ajouter(t, s.URL)
	fin := make(chan sources.Passage)
	go func() {
		p, err := un.Passer(context.WithoutCancel(t.Context()), "ville-d-essai", sources.Lancer, "service")
		if err != nil {
			t.Error(err)
		}
		fin <- p
	}()
	for len(s.vus()) == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	_, err := autre.Passer(t.Context(), "ville-d-essai", sources.Lancer, "cli")
	wantCode(t, err, mednum.Conflit, "source")
	if due, err := autre.Dues(t.Context()); err != nil || due {
		t.Errorf("due while it is held: %v", err)
	}
	h.avancer(15 * time.Minute)
	if due, err := autre.Dues(t.Context()); err != nil || !due {
		t.Errorf("still held after 15 minutes: %v", err)
	}
	s.repondre(edition(lieux(5)))
	p, err := autre.Passer(t.Context(), "ville-d-essai", sources.Lancer, "service")
	check(t, err)
	want(t, "the other", sources.Applique, p.Etat)
	avant := autre.version(t)
	close(lent)
	p = <-fin
	want(t, "who slept", []any{sources.Echec, sources.Ecriture}, []any{p.Etat, p.Cause})
	src := autre.source(t)
	want(t, "the source", []any{sources.Applique, 1, 5, avant}, []any{src.Etat, len(src.Passages), len(autre.telephones(t)), autre.version(t)})
}

// A writing that was cut is finished, or done again, even when the source gives
// again the edition before: what the base holds is not guessed.
func TestEcritureCoupee(t *testing.T) {
	for _, cas := range []string{"the base fails", "told to stop", "dead"} {
		t.Run(cas, func(t *testing.T) {
			h := &horloge{t: mardi}
			base := &enPanne{Magasin: bases[0].open(t, h, 1)[0]}
			b, s := sur(t, base, h), servir(t, edition(lieux(4)))
			b.ajouter(t, s.URL)
			b.passer(t)
			want(t, "known", 304, b.passer(t).Code)
			s.vus()

			ctx, arreter := context.WithCancel(t.Context())
			defer arreter()
			coupe := errors.New("cut")
			base.avant = func() {
				base.avant = nil
				switch cas {
				case "told to stop":
					arreter()
				case "dead": // it wrote all, and never said it
					if err := base.Retenir(b.Sources); err != nil {
						t.Error(err)
					}
				}
			}
			if cas != "dead" {
				base.apply.Store(&coupe)
			}
			s.repondre(edition(lieux(4, 1)))
			_, _ = b.Passer(ctx, "ville-d-essai", sources.Lancer, "service")
			base.apply.Store(nil)

			h.avancer(20 * time.Minute)
			s.repondre(edition(lieux(4))) // the edition before, again
			s.vus()
			p := b.passer(t)
			want(t, "asked as if nothing was known", "", s.vus()[0].Header.Get("If-None-Match"))
			want(t, "the base says the edition", []any{200, "+33563000001"}, []any{p.Code, b.telephones(t)["Atelier de Moissac"]})
		})
	}
}

// enPanne is a base that fails where it is told to.
type enPanne struct {
	store.Magasin
	fiches, apply atomic.Pointer[error]
	panique       atomic.Bool
	avant         func() // called once before a writing
}

// Retenir has the source held by somebody who never gives it back.
func (e *enPanne) Retenir(s *sources.Sources) error {
	src, o, err := store.Lire[sources.Source](context.Background(), s.Base, "source", "ville-d-essai")
	if err != nil {
		return err
	}
	src.Prise = sources.Prise{Par: "mort", Jusqua: s.Now().Add(15 * time.Minute)}
	return store.Poser(context.Background(), s.Base, store.Objet{Genre: "source", ID: src.ID, Version: o.Version + 1}, src)
}

func (e *enPanne) Fiches(ctx context.Context) ([]mednum.Fiche, error) {
	if e.panique.Load() {
		panic("a content that nobody thought of")
	}
	if err := e.fiches.Load(); err != nil {
		return nil, *err
	}
	return e.Magasin.Fiches(ctx)
}

func (e *enPanne) Apply(ctx context.Context, op mednum.Operation, fiches []mednum.Fiche, revisions []mednum.Revision) error {
	if f := e.avant; f != nil {
		f()
	}
	if err := e.apply.Load(); err != nil {
		return *err
	}
	return e.Magasin.Apply(ctx, op, fiches, revisions)
}

// A base that fails is an error of the task; one that moves all the time, and a
// program that panics, are failures of the source, tried again.
func TestPannes(t *testing.T) {
	h := &horloge{t: mardi}
	base := &enPanne{Magasin: bases[0].open(t, h, 1)[0]}
	b, s := sur(t, base, h), servir(t, edition(lieux(3)))
	b.ajouter(t, s.URL)

	muette := error(&mednum.Error{Code: mednum.Indisponible, Message: "La base ne répond pas."})
	base.fiches.Store(&muette)
	if err := b.Suivre(t.Context()); !errors.Is(err, muette) {
		t.Errorf("the task: %v", err)
	}
	src := b.source(t)
	want(t, "no answer", []any{sources.Echec, sources.Ecriture, 1}, []any{src.Etat, src.Cause, src.Echecs})
	base.fiches.Store(nil)

	mouvante := error(&mednum.Error{Code: mednum.Perime, Message: "Quelqu’un d’autre a écrit."})
	base.apply.Store(&mouvante)
	h.avancer(time.Hour)
	if err := b.Suivre(t.Context()); err == nil {
		t.Error("a base that moves all the time is said to nobody")
	}
	want(t, "moving", "Les lieux changeaient pendant l’écriture.", b.source(t).Raison)
	base.apply.Store(nil)

	base.panique.Store(true)
	h.avancer(4 * time.Hour)
	check(t, b.Suivre(t.Context()))
	src = b.source(t)
	want(t, "panic", []any{sources.Echec, sources.Defaut, 3, sources.Prise{}}, []any{src.Etat, src.Cause, src.Echecs, src.Prise})
	if !strings.Contains(b.journal.String(), "nobody thought of") || strings.Contains(src.Raison, "nobody") {
		t.Errorf("log %s\nsaid: %s", b.journal, src.Raison)
	}
	base.panique.Store(false)
	h.avancer(12 * time.Hour)
	check(t, b.Suivre(t.Context()))
	want(t, "mended", sources.Applique, b.source(t).Etat)
}

// As the service does it: under a lease, one program of two fetches what is due.
func TestTache(t *testing.T) {
	h := &horloge{t: mardi}
	ctx, arreter := context.WithCancel(t.Context())
	var fils sync.WaitGroup
	s := servir(t, edition(lieux(3)))
	var bancs []*banc
	for i, base := range bases[0].open(t, h, 2) {
		b := sur(t, base, h)
		bancs = append(bancs, b)
		if i == 0 {
			b.ajouter(t, s.URL)
		}
		fils.Go(func() {
			liste := []taches.Tache{{Nom: "sources", Chaque: time.Minute, Si: b.Dues, Faire: b.Suivre}}
			taches.Tourner(ctx, base, liste, []string{"un", "deux"}[i], h.now, slog.New(slog.DiscardHandler))
		})
	}
	for range 1000 {
		if bancs[1].source(t).Etat != sources.Nouvelle {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	want(t, "fetched", sources.Applique, bancs[1].source(t).Etat)
	arreter()
	fils.Wait()
	want(t, "requests", 1, len(s.vus()))
	want(t, "places", 3, len(bancs[1].telephones(t)))
}
