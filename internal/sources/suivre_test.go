package sources_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sources"
)

// A source that fails is left alone longer and longer, and never past its time; a
// server that asks to wait is obeyed, for a day at most.
func TestReprises(t *testing.T) {
	b, s := installer(t), servir(t, code(500))
	b.ajouter(t, s.URL)
	tours := func() (fois []string) {
		for range 6 {
			check(t, b.Suivre(t.Context()))
			src := b.source(t)
			d := src.Prochain.Sub(b.horloge.now())
			fois = append(fois, d.String())
			b.horloge.avancer(d - time.Second)
			if due, err := b.Dues(t.Context()); err != nil || due {
				t.Fatalf("due a second before its time: %v", err)
			}
			b.horloge.avancer(time.Second)
		}
		return fois
	}
	// 10:30, 10:45, 11:45, 15:45, then 3:00, before 3:45; then its own time.
	want(t, "waits", []string{"15m0s", "1h0m0s", "4h0m0s", "11h15m0s", "24h0m0s", "24h0m0s"}, tours())
	want(t, "in a row", 6, b.source(t).Echecs)
	want(t, "requests", 6, len(s.vus()))
	for demande, attente := range map[string]time.Duration{"7200": 2 * time.Hour, "9999999": 24 * time.Hour, "Wed, 25 Nov 2099 09:30:00 GMT": 24 * time.Hour, "demain": 15 * time.Minute} {
		b := installer(t)
		s := servir(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", demande)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		b.ajouter(t, s.URL)
		b.passer(t)
		want(t, "Retry-After: "+demande, attente, b.source(t).Prochain.Sub(mardi))
	}
}

// What is due is fetched, the oldest first, once each; what is suspended is not.
func TestSuivre(t *testing.T) {
	b, s := installer(t), servir(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/c" {
			w.WriteHeader(500)
			return
		}
		edition(lieux(2))(w, r)
	})
	dues := func(want bool) {
		t.Helper()
		if due, err := b.Dues(t.Context()); err != nil || due != want {
			t.Errorf("due %t, %v", due, err)
		}
	}
	dues(false)
	for _, nom := range []string{"c", "b", "a"} {
		_, err := b.Ajouter(t.Context(), sources.Demande{Nom: nom, URL: s.URL + "/" + nom, Heure: 3})
		check(t, err)
		b.horloge.avancer(time.Second)
	}
	check(t, b.Suspendre(t.Context(), "b"))
	dues(true)
	check(t, b.Suivre(t.Context()))
	chemins := func() (liste []string) {
		for _, r := range s.vus() {
			liste = append(liste, r.URL.Path)
		}
		return liste
	}
	want(t, "fetched", []string{"/c", "/a"}, chemins())
	dues(false)
	check(t, b.Suivre(t.Context()))
	want(t, "fetched again", 0, len(chemins()))
	check(t, b.Reprendre(t.Context(), "b"))
	dues(true)
	check(t, b.Suivre(t.Context()))
	want(t, "resumed", []string{"/b"}, chemins())
	b.horloge.avancer(24 * time.Hour)
	check(t, b.Suivre(t.Context()))
	want(t, "the next day", []string{"/c", "/a", "/b"}, chemins())
	wantCode(t, b.Suspendre(t.Context(), "absente"), mednum.Introuvable, "source")
	wantCode(t, b.Reprendre(t.Context(), "absente"), mednum.Introuvable, "source")
	wantCode(t, b.Retirer(t.Context(), "absente"), mednum.Introuvable, "source")
}

// The history is bounded.
func TestHistoire(t *testing.T) {
	b, s := installer(t), servir(t, edition(lieux(1)))
	b.ajouter(t, s.URL)
	for range 35 {
		b.passer(t)
	}
	liste := etats(b.source(t))
	want(t, "runs kept", 30, len(liste))
	want(t, "the newest", sources.AJour, liste[0])
}

// A program that is told to stop in the middle leaves the source as it was, due,
// and free for another.
func TestArret(t *testing.T) {
	b := installer(t)
	ctx, arreter := context.WithCancel(t.Context())
	s := servir(t, func(_ http.ResponseWriter, r *http.Request) {
		arreter()
		<-r.Context().Done()
	})
	b.ajouter(t, s.URL)
	avant := b.source(t)
	if err := b.Suivre(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	want(t, "source", avant, b.source(t))
	s.repondre(edition(lieux(2)))
	check(t, b.Suivre(t.Context()))
	want(t, "then", sources.Applique, b.source(t).Etat)
}

// A source that is taken away, or suspended and made again, while it is read,
// writes nothing.
func TestRetiree(t *testing.T) {
	for _, refaite := range []bool{false, true} {
		b := installer(t)
		var s *serveur
		s = servir(t, func(w http.ResponseWriter, r *http.Request) {
			check(t, b.Retirer(t.Context(), "ville-d-essai"))
			if refaite {
				_, err := b.Ajouter(t.Context(), sources.Demande{Nom: "Ville d’Essai", URL: s.URL + "/autre", Heure: 3})
				check(t, err)
			}
			edition(lieux(3))(w, r)
		})
		b.ajouter(t, s.URL)
		avant := b.version(t)
		p := b.passer(t)
		want(t, "run", []any{sources.Echec, avant}, []any{p.Etat, b.version(t)})
		if !strings.Contains(p.Raison, "changée pendant sa lecture") {
			t.Error(p.Raison)
		}
		if liste, err := b.Liste(t.Context()); err != nil || len(liste) > 0 != refaite || refaite && (liste[0].Etat != sources.Nouvelle || len(liste[0].Passages) > 0) {
			t.Errorf("sources: %+v, %v", liste, err)
		}
	}
}
