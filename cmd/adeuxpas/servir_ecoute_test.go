package main_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

// What was counted in the last minute is in the base once the service has
// stopped: a search by its commune, and nothing of who asked.
func TestServirMesures(t *testing.T) {
	dossier := t.TempDir()
	s := demarrer(t, dossier)
	for range 3 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/?q=Moissac", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("User-Agent", "Mozilla/5.0 (Android 13; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0")
		rep, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		rep.Body.Close()
	}
	if code, _ := s.stop(); code != 0 {
		t.Fatalf("stop: code %d\n%s", code, s.stderr)
	}
	b, err := sqlite.Open(t.Context(), filepath.Join(dossier, "var", "adeuxpas.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	objets, err := b.Objets(t.Context(), store.Choix{Genre: "mesure"})
	if err != nil || len(objets) != 1 || string(objets[0].Corps) != `{"recherche":{"82112":3}}` {
		t.Errorf("%v %s, error %v", objets, s.stderr, err)
	}
	if strings.Contains(s.stderr.String(), "Moissac") {
		t.Errorf("the log tells what was asked:\n%s", s.stderr)
	}
}
