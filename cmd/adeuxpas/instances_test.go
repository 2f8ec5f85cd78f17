package main_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Two services on one base: what one writes the other serves within delaiVu,
// deletions too, and a restart in the middle misses nothing.
func TestInstances(t *testing.T) {
	for _, m := range magasins {
		t.Run(m.name, func(t *testing.T) {
			dossier := t.TempDir()
			base := m.base(t, dossier)
			un, deux := demarrer(t, dossier, "--base", base), demarrer(t, dossier, "--base", base)
			secret, _ := jeton(t, dossier, "--nom", "Essai", "--departement", "--base", base)
			lieux := quelquesLieux(t, un, 4)
			suivre(t, secret, un, deux, lieux)
			deux = redemarrer(t, secret, dossier, base, un, deux, lieux)
			disparaitre(t, base, lieux, un, deux)
		})
	}
}

// redemarrer restarts one service under edits at the other: it misses none.
func redemarrer(t *testing.T, secret, dossier, base string, un, deux *serveur, lieux []string) *serveur {
	t.Helper()
	r := newRedacteur(secret, func() string { return un.url })
	arreter := r.lancer(t, lieux, 3, 1)
	for range 3 {
		time.Sleep(200 * time.Millisecond)
		deux.stop()
		deux = demarrer(t, dossier, "--base", base)
	}
	arreter()
	fin := time.Now().Add(delaiVu)
	for _, id := range lieux {
		attendreETag(t, deux, id, etagDe(t, un, id), fin)
	}
	if r.acquises() == 0 {
		t.Error("no edit was made")
	}
	for _, d := range r.verifier(t, base, lieux) {
		t.Error(d)
	}
	return deux
}

// suivre edits at one service and measures when the other serves it.
func suivre(t *testing.T, secret string, un, deux *serveur, lieux []string) {
	t.Helper()
	var pire time.Duration
	for n := range 6 {
		ici, la := un, deux
		if n%2 == 1 {
			ici, la = deux, un
		}
		id := lieux[n%len(lieux)]
		r := newRedacteur(secret, func() string { return ici.url })
		cle := fmt.Sprintf("%s-%d", id, n)
		for r.acquises() == 0 { // the service may still know the place as it was
			if err := r.modifier(id, cle, n); err != nil {
				t.Fatal(err)
			}
			cle += "+"
		}
		debut := time.Now()
		attendreETag(t, la, id, etagDe(t, ici, id), debut.Add(delaiVu))
		pire = max(pire, time.Since(debut))
	}
	t.Logf("served by the other within %v", pire.Round(time.Millisecond))
}

func etagDe(t *testing.T, s *serveur, id string) string {
	t.Helper()
	rep, corps := s.lire(t, "/api/v1/lieux/"+id)
	if rep.StatusCode != 200 {
		t.Fatalf("%s: %d %s", id, rep.StatusCode, corps)
	}
	return rep.Header.Get("ETag")
}

func attendreETag(t *testing.T, s *serveur, id, etag string, fin time.Time) {
	t.Helper()
	for etagDe(t, s, id) != etag {
		if time.Now().After(fin) {
			t.Fatalf("%s is not served as the other service has it within %v", id, delaiVu)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// disparaitre withdraws a place and merges another, as another program of the
// base would: no command does it yet.
func disparaitre(t *testing.T, base string, lieux []string, services ...*serveur) {
	t.Helper()
	m := ouvrir(t, base)
	defer m.Close()
	for i, statut := range []mednum.Statut{mednum.StatutRetire, mednum.StatutFusionne} {
		l, err := m.Lieu(t.Context(), lieux[i])
		if err != nil {
			t.Fatal(err)
		}
		l.Version, l.Statut = l.Version+1, statut
		if statut == mednum.StatutFusionne {
			l.Vers = lieux[3]
		}
		if err := m.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: l.Version, Apres: l, Idempotence: "fin-" + l.ID}); err != nil {
			t.Fatal(err)
		}
	}
	fin := time.Now().Add(delaiVu)
	for i, s := range services {
		attendreDisparu(t, s, lieux[0], http.StatusGone, "", fin)
		attendreDisparu(t, s, lieux[1], http.StatusMovedPermanently, lieux[3], fin)
		if _, liste := s.lire(t, "/api/v1/lieux?commune=82112"); strings.Contains(liste, lieux[0]) || strings.Contains(liste, lieux[1]) {
			t.Errorf("service %d still lists them", i)
		}
	}
}

// attendreDisparu waits until the page and the API of a place answer the
// status, and where to.
func attendreDisparu(t *testing.T, s *serveur, id string, status int, vers string, fin time.Time) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, chemin := range []string{"/lieux/", "/api/v1/lieux/"} {
		for {
			rep, err := client.Get(s.url + chemin + id)
			if err != nil {
				t.Fatal(errors.Join(err, errors.New(chemin)))
			}
			rep.Body.Close()
			if rep.StatusCode == status && strings.HasSuffix(rep.Header.Get("Location"), vers) {
				break
			}
			if time.Now().After(fin) {
				t.Fatalf("%s%s: %s %q, want %d %q", chemin, id, rep.Status, rep.Header.Get("Location"), status, vers)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}
