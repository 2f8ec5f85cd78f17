package web_test

import (
	"context"
	"io"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/web"
)

// taiseux is a store that may not answer.
type taiseux struct {
	store.Magasin
	muet atomic.Bool
}

func (m *taiseux) Version(ctx context.Context) (int64, error) {
	if m.muet.Load() {
		return 0, &mednum.Error{Code: mednum.Indisponible, Champ: "base", Message: "La base ne répond pas."}
	}
	return m.Magasin.Version(ctx)
}

// While the store is silent, what is served says of when it is.
func TestBaseMuette(t *testing.T) {
	var passe atomic.Int64 // since the store answered
	horloge := func() time.Time { return mardi.Add(time.Duration(passe.Load())) }
	var base taiseux
	var lieux *catalogue.Catalogue
	b := newBanc(t, func(c *web.Config) {
		fichier, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "b.db"), horloge)
		check(t, err)
		t.Cleanup(func() { fichier.Close() })
		base.Magasin = fichier
		lieux, err = catalogue.Open(t.Context(), &base, c.Territoire, c.Demarches, horloge)
		check(t, err)
		c.Catalogue = lieux
	})
	lire := func(chemin string) (status int, donnees, corps string) {
		rep, err := b.app.Test(httptest.NewRequest("GET", chemin, nil), -1)
		check(t, err)
		defer rep.Body.Close()
		texte, err := io.ReadAll(rep.Body)
		check(t, err)
		return rep.StatusCode, rep.Header.Get("Donnees-Du"), strings.ReplaceAll(string(texte), "\u00a0", " ")
	}
	const mot = "onnées du 24 novembre 2026 à 10 h 30"
	for _, tt := range []struct {
		name   string
		passe  time.Duration
		repond bool
		pret   int // status of /readyz
	}{
		{"it has just answered", 0, true, 200},
		{"the first failure", 4 * time.Second, false, 200},
		{"no answer", 6 * time.Second, false, 503},
		{"no answer since yesterday", 24 * time.Hour, false, 503},
		{"back again", 25 * time.Hour, true, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			passe.Store(int64(tt.passe))
			base.muet.Store(!tt.repond)
			if err := lieux.Actualiser(t.Context()); (err == nil) != tt.repond {
				t.Fatal(err)
			}
			muet := tt.pret == 503
			for chemin, want := range map[string]int{"/livez": 200, "/readyz": tt.pret, "/": 200, "/lieux": 200, "/api/v1/lieux": 200} {
				status, donnees, corps := lire(chemin)
				if status != want {
					t.Errorf("%s: %d, want %d", chemin, status, want)
				}
				if (donnees == "2026-11-24T09:30:00Z") != muet {
					t.Errorf("%s: Donnees-Du %q", chemin, donnees)
				}
				if page := chemin == "/" || chemin == "/lieux" || chemin == "/readyz"; page && strings.Contains(corps, mot) != muet {
					t.Errorf("%s: says of when the data are: %v\n%s", chemin, !muet, corps)
				}
			}
		})
	}
}

func TestAttente(t *testing.T) {
	app := web.NewAttente()
	for _, tt := range []struct {
		chemin, genre, want string
		status              int
	}{
		{"/livez", "text/plain", "ok", 200},
		{"/readyz", "application/json", "sa base n’a pas encore répondu", 503},
		{"/", "text/html", "<h1>Le service démarre</h1>", 503},
		{"/lieux/8p7whtxt", "text/html", "<h1>Le service démarre</h1>", 503},
		{"/api/v1/lieux", "application/problem+json", `"status":503`, 503},
	} {
		rep, err := app.Test(httptest.NewRequest("GET", tt.chemin, nil))
		check(t, err)
		corps, err := io.ReadAll(rep.Body)
		check(t, err)
		rep.Body.Close()
		if rep.StatusCode != tt.status || !strings.HasPrefix(rep.Header.Get("Content-Type"), tt.genre) || !strings.Contains(string(corps), tt.want) {
			t.Errorf("%s: %d %s %s", tt.chemin, rep.StatusCode, rep.Header.Get("Content-Type"), corps)
		}
		if attend := rep.Header.Get("Retry-After") != ""; attend != (tt.status == 503) {
			t.Errorf("%s: Retry-After %q", tt.chemin, rep.Header.Get("Retry-After"))
		}
	}
}
