package web_test

import (
	"net/http"
	"testing"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/web"
)

// The demonstration shows what signs in to this machine alone, whatever name
// leads to it.
func TestDemoAilleurs(t *testing.T) {
	b := newBanc(t, func(c *web.Config) { c.Demo = &web.Demo{Boite: &courrier.Boite{}} })
	for hote, want := range map[string]int{
		"localhost:8080": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "localhost": 200,
		"exemple.org": 421, "localhost.exemple.org:8080": 421, "127.0.0.1.exemple.org": 421, "192.0.2.1": 421,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+hote+"/demo", nil)
		check(t, err)
		rep, err := b.app.Test(req, -1)
		check(t, err)
		if rep.StatusCode != want {
			t.Errorf("%s: %d, want %d", hote, rep.StatusCode, want)
		}
	}
}
