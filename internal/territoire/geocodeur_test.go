package territoire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// horloge is a clock that tests move.
type horloge struct{ t time.Time }

func (h *horloge) now() time.Time { return h.t }

// banc is a geocoder over a local server that counts questions.
func banc(t *testing.T, repond http.HandlerFunc) (*Geocodeur, *horloge, *atomic.Int32) {
	t.Helper()
	var questions atomic.Int32
	serveur := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		questions.Add(1)
		repond(w, r)
	}))
	t.Cleanup(serveur.Close)
	h := &horloge{time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	g := NewGeocodeur(serveur.URL, serveur.Client(), h.now)
	return g, h, &questions
}

func envoie(corps string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, corps) }
}

func codeDe(err error) mednum.Code {
	var e *mednum.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestGeocodeurReponse(t *testing.T) {
	fixture, err := os.ReadFile("testdata/geocodage.json")
	if err != nil {
		t.Fatal(err)
	}
	var demande *http.Request
	g, _, _ := banc(t, func(w http.ResponseWriter, r *http.Request) {
		demande = r
		_, _ = w.Write(fixture)
	})
	got, err := g.Chercher(context.Background(), " 12  rue de la République Moissac ", geo.Point{Lat: 44.08, Lon: 1.28})
	if err != nil {
		t.Fatal(err)
	}
	want := Adresse{Libelle: "12 Rue de la République 82200 Moissac", Point: geo.Point{Lat: 44.1042, Lon: 1.0857}, CodeInsee: "82112", Score: 0.96, Type: "housenumber"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if q := demande.URL.Query(); q.Get("q") != "12 rue de la République Moissac" || q.Get("limit") != "5" || q.Get("lat") != "44.080" || q.Get("lon") != "1.280" {
		t.Errorf("asked %v", q)
	}
}

func TestGeocodeurRefus(t *testing.T) {
	une := func(champs string) string {
		return `{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[1.08,44.1]},"properties":{` + champs + `}}]}`
	}
	for _, tc := range []struct {
		name   string
		repond http.HandlerFunc
		want   mednum.Code
	}{
		{"nothing found", envoie(`{"type":"FeatureCollection","features":[]}`), mednum.Introuvable},
		{"poor score", envoie(une(`"label":"x","score":0.2,"citycode":"82112","type":"street"`)), mednum.Introuvable},
		{"another type", envoie(une(`"label":"x","score":0.9,"citycode":"82112","type":"poi"`)), mednum.Introuvable},
		{"no commune", envoie(une(`"label":"x","score":0.9,"type":"street"`)), mednum.Introuvable},
		{"off the Earth", envoie(strings.ReplaceAll(une(`"label":"x","score":0.9,"citycode":"82112","type":"street"`), "44.1", "944.1")), mednum.Introuvable},
		{"bad question", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) }, mednum.Introuvable},
		{"not JSON", envoie("<html>maintenance</html>"), mednum.Indisponible},
		{"another JSON", envoie(`{"erreur":"oui"}`), mednum.Indisponible},
		{"too long", envoie(`{"features":[` + strings.Repeat(" ", tailleReponse) + `]}`), mednum.Indisponible},
		{"broken service", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, mednum.Indisponible},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g, _, _ := banc(t, tc.repond)
			_, err := g.Chercher(context.Background(), "12 rue secrète", geo.Point{})
			if codeDe(err) != tc.want {
				t.Errorf("got %v, want %s", err, tc.want)
			}
			if err != nil && strings.Contains(err.Error(), "secr") {
				t.Errorf("the error tells what was asked: %v", err)
			}
		})
	}
}

func TestGeocodeurDelai(t *testing.T) {
	fini := make(chan struct{})
	g, _, _ := banc(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-fini:
		}
	})
	t.Cleanup(func() { close(fini) })
	g.delai = 20 * time.Millisecond
	if _, err := g.Chercher(context.Background(), "12 rue lente", geo.Point{}); codeDe(err) != mednum.Indisponible {
		t.Errorf("got %v, want indisponible", err)
	}
}

func TestGeocodeurMemoire(t *testing.T) {
	g, h, questions := banc(t, envoie(`{"features":[]}`))
	for range 3 {
		if _, err := g.Chercher(context.Background(), "Rue de Rien", geo.Point{}); codeDe(err) != mednum.Introuvable {
			t.Fatal(err)
		}
	}
	if n := questions.Load(); n != 1 {
		t.Errorf("%d questions for one address, want 1", n)
	}
	h.t = h.t.Add(dureeMemoire + time.Second)
	_, _ = g.Chercher(context.Background(), "rue de rien", geo.Point{})
	if n := questions.Load(); n != 2 {
		t.Errorf("%d questions after a day, want 2", n)
	}
	for i := range tailleMemoire + 10 {
		_, _ = g.Chercher(context.Background(), fmt.Sprintf("rue %d", i), geo.Point{})
	}
	if len(g.memoire) > tailleMemoire || len(g.ordre) != len(g.memoire) {
		t.Errorf("%d answers remembered in %d keys, at most %d wanted", len(g.memoire), len(g.ordre), tailleMemoire)
	}
}

func TestGeocodeurRepos(t *testing.T) {
	vivant := false
	g, h, questions := banc(t, func(w http.ResponseWriter, _ *http.Request) {
		if !vivant {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, `{"features":[]}`)
	})
	n := 0
	demande := func(want int32, code mednum.Code) {
		t.Helper()
		n++
		_, err := g.Chercher(context.Background(), fmt.Sprintf("rue numéro %d", n), geo.Point{})
		if codeDe(err) != code || questions.Load() != want {
			t.Fatalf("question %d: %v, %d asked; want %s, %d", n, err, questions.Load(), code, want)
		}
	}
	demande(1, mednum.Indisponible)
	demande(2, mednum.Indisponible)
	demande(3, mednum.Indisponible)
	demande(3, mednum.Indisponible) // left alone
	h.t = h.t.Add(repos)
	demande(4, mednum.Indisponible) // tried once, still dead
	demande(4, mednum.Indisponible)
	h.t = h.t.Add(repos)
	vivant = true
	demande(5, mednum.Introuvable)
	demande(6, mednum.Introuvable)
}

func TestGeocodeurSurcharge(t *testing.T) {
	g, h, questions := banc(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "45")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	for range 3 {
		_, _ = g.Chercher(context.Background(), "rue encombrée", geo.Point{})
		h.t = h.t.Add(20 * time.Second)
	}
	if n := questions.Load(); n != 1 {
		t.Errorf("%d questions within the wait that was asked, want 1", n)
	}
}

// A person who leaves is not a failure of the service.
func TestGeocodeurAbandon(t *testing.T) {
	g, _, questions := banc(t, envoie(`{"features":[]}`))
	ctx, annule := context.WithCancel(context.Background())
	annule()
	for range echecsDeSuite + 1 {
		if _, err := g.Chercher(ctx, "rue quittée", geo.Point{}); codeDe(err) != mednum.Indisponible {
			t.Errorf("got %v", err)
		}
	}
	if _, err := g.Chercher(context.Background(), "rue suivante", geo.Point{}); codeDe(err) != mednum.Introuvable || questions.Load() != 1 {
		t.Errorf("got %v after %d questions", err, questions.Load())
	}
}

func TestGeocodeurNil(t *testing.T) {
	var g *Geocodeur
	if _, err := g.Chercher(context.Background(), "12 rue X", geo.Point{}); codeDe(err) != mednum.Indisponible {
		t.Errorf("got %v", err)
	}
}

func FuzzMeilleure(f *testing.F) {
	f.Add([]byte(`{"features":[{"geometry":{"type":"Point","coordinates":[1.08,44.1]},"properties":{"label":"x","score":0.9,"citycode":"82112","type":"street"}}]}`))
	f.Add([]byte(`{"features":[{"geometry":{"type":"Point","coordinates":[1e400]}}]}`))
	f.Fuzz(func(t *testing.T, octets []byte) {
		if a, err := meilleure(octets); err == nil && (!a.Point.Valide() || a.Libelle == "" || a.Score < ScoreMin) {
			t.Errorf("%s: %+v", octets, a)
		}
	})
}
