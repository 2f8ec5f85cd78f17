package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/web"
)

// horloge is a clock that a test moves.
type horloge struct{ passe atomic.Int64 }

func (h *horloge) now() time.Time          { return mardi.Add(time.Duration(h.passe.Load())) }
func (h *horloge) avance(de time.Duration) { h.passe.Add(int64(de)) }

// bancDebit is a service that allows so many reads in a minute, behind a proxy
// that says who asks: the tests' own connections come from 0.0.0.0.
func bancDebit(t *testing.T, debit int) (banc, *horloge) {
	t.Helper()
	h := &horloge{}
	return newBanc(t, func(c *web.Config) {
		c.Debit, c.Now, c.Mandataires = debit, h.now, []string{"0.0.0.0"}
	}), h
}

// de is what a trusted proxy says of who asks.
func de(ip string) []string { return []string{"X-Forwarded-For", ip} }

// Whatever is read of the open interfaces is counted together, and said; what
// people read is not, nor their browser's question before a read.
func TestDebitCompte(t *testing.T) {
	b, h := bancDebit(t, 100)
	const moi = "203.0.113.7"
	id := b.lieux.Lieux()[0].ID
	reste := 100
	demander := func(methode, chemin string, compte bool, entetes ...string) *http.Response {
		t.Helper()
		r := httptest.NewRequest(methode, chemin, nil)
		r.Header.Set("X-Forwarded-For", moi)
		for i := 0; i+1 < len(entetes); i += 2 {
			r.Header.Set(entetes[i], entetes[i+1])
		}
		rep, err := b.app.Test(r, 5000)
		check(t, err)
		regle, dit := rep.Header.Get("RateLimit-Policy"), rep.Header.Get("RateLimit")
		if !compte {
			if regle != "" || dit != "" {
				t.Errorf("%s %s is counted: %q", methode, chemin, dit)
			}
			return rep
		}
		reste--
		if want := fmt.Sprintf(`"lectures";r=%d;t=60`, reste); regle != `"lectures";q=100;w=60` || dit != want {
			t.Errorf("%s %s: %q, %q; want %q", methode, chemin, regle, dit, want)
		}
		for _, nom := range []string{"RateLimit", "RateLimit-Policy", "Retry-After"} {
			if !strings.Contains(rep.Header.Get("Access-Control-Expose-Headers"), nom) {
				t.Errorf("%s: a page elsewhere cannot read %s", chemin, nom)
			}
		}
		if rep.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s is not open to every page", chemin)
		}
		return rep
	}
	for _, chemin := range []string{
		"/api/v1/lieux?limite=1", "/api/v1/lieux/" + id, "/API/V1/communes?q=moi", "/api/v1/nulle-part", "/api/v1",
		"/donnees/lieux.csv", "/donnees/lieux.xyz", "/donnees/catalogue.jsonld", "/ogc", "/ogc/collections/lieux/items?limit=1",
		"/changements.atom", "/communes/82112/changements.atom", "/lieux/" + id + "/horaires.ics", "/sitemap.xml", "/sitemap.xml/", "/sitemap-2.xml",
	} {
		demander(http.MethodGet, chemin, true)
	}
	etag := demander(http.MethodGet, "/api/v1/communes?q=moi", true).Header.Get("ETag")
	if rep := demander(http.MethodGet, "/api/v1/communes?q=moi", true, "If-None-Match", etag); rep.StatusCode != http.StatusNotModified {
		t.Errorf("%d", rep.StatusCode)
	}
	demander(http.MethodHead, "/api/v1/lieux", true)
	demander(http.MethodPost, "/api/v1/lieux", true)
	demander(http.MethodPut, "/api/v1/lieux/"+id+"/horaires", true)
	for _, chemin := range []string{"/", "/?q=Moissac", "/lieux/" + id, "/lieux", "/donnees", "/donnees/", "/static/app-1.css", "/embarque/?commune=82112", "/widget.v1.js", "/integrer", "/api", "/api/openapi.json", "/livez", "/ogcx", "/atom", "/sitemap"} {
		demander(http.MethodGet, chemin, false)
	}
	for _, chemin := range []string{"/api/v1/lieux", "/donnees/lieux.csv", "/ogc/collections"} {
		if rep := demander(http.MethodOptions, chemin, false); rep.StatusCode != http.StatusNoContent || rep.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d before a read from another page", chemin, rep.StatusCode)
		}
	}
	h.avance(1500 * time.Millisecond)
	rep, _ := b.get(t, "/api/v1/lieux?limite=1", de(moi)...)
	if want := fmt.Sprintf(`"lectures";r=%d;t=59`, reste-1); rep.Header.Get("RateLimit") != want {
		t.Errorf("%q, want %q", rep.Header.Get("RateLimit"), want)
	}
}

// Beyond the limit the answer says how long to wait, to a program in JSON; the
// window over, all is as before. Nobody else is refused.
func TestDebitDepasse(t *testing.T) {
	b, h := bancDebit(t, 3)
	const chemin, moi = "/api/v1/communes?q=moi", "2001:db8:1:2::7"
	statut := func(ip string) int {
		t.Helper()
		rep, _ := b.get(t, chemin, de(ip)...)
		return rep.StatusCode
	}
	for range 3 {
		if n := statut(moi); n != 200 {
			t.Fatal(n)
		}
	}
	h.avance(20 * time.Second)
	for _, tt := range []struct{ chemin, accept, genre string }{
		{chemin, "text/html", "application/problem+json"},
		{"/donnees/lieux.csv", "*/*", "application/problem+json"},
		{"/changements.atom", "application/atom+xml", "application/problem+json"},
		{"/ogc/collections", "text/html,*/*", "text/html; charset=utf-8"},
	} {
		rep, corps := b.get(t, tt.chemin, append(de(moi), "Accept", tt.accept)...)
		if rep.StatusCode != 429 || rep.Header.Get("Retry-After") != "40" || rep.Header.Get("RateLimit") != `"lectures";r=0;t=40` {
			t.Errorf("%s: %d, Retry-After %q, %q", tt.chemin, rep.StatusCode, rep.Header.Get("Retry-After"), rep.Header.Get("RateLimit"))
		}
		if rep.Header.Get("Content-Type") != tt.genre || !strings.Contains(corps, "Attendez 40 s") || !strings.Contains(corps, "https://exemple.fr/donnees/lieux.json") {
			t.Errorf("%s: %s %s", tt.chemin, rep.Header.Get("Content-Type"), corps)
		}
		if rep.Header.Get("Cache-Control") != "no-store" || rep.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %v", tt.chemin, rep.Header)
		}
	}
	for ip, want := range map[string]int{
		"2001:db8:1:2:ffff::1": 429, // the same subscriber
		"2001:db8:1:3::7":      200,
		"203.0.113.7":          200,
	} {
		if n := statut(ip); n != want {
			t.Errorf("%s: %d, want %d", ip, n, want)
		}
	}
	if rep, _ := b.get(t, "/lieux", de(moi)...); rep.StatusCode != 200 {
		t.Errorf("a person is refused a page: %d", rep.StatusCode)
	}
	h.avance(39 * time.Second)
	if n := statut(moi); n != 429 {
		t.Errorf("%d before the minute is over", n)
	}
	h.avance(time.Second)
	if n := statut(moi); n != 200 {
		t.Errorf("%d once the minute is over", n)
	}
	if regexp.MustCompile(`203\.0|2001:db8`).MatchString(b.journal.String()) {
		t.Error("an address is in the log")
	}
}

// Who is not behind a trusted proxy cannot be another by a header; 0 is no limit.
func TestDebitReglages(t *testing.T) {
	b := newBanc(t, func(c *web.Config) { c.Debit = 1 })
	for i, want := range []int{200, 429} {
		if rep, _ := b.get(t, "/api/v1/communes?q=moi", de(fmt.Sprintf("203.0.113.%d", i))...); rep.StatusCode != want {
			t.Errorf("%d, want %d: the header of anybody is believed", rep.StatusCode, want)
		}
	}
	sans, _ := bancDebit(t, 0)
	for range 5 {
		rep, _ := sans.get(t, "/api/v1/communes?q=moi", de("203.0.113.7")...)
		if rep.StatusCode != 200 || rep.Header.Get("RateLimit") != "" || rep.Header.Get("RateLimit-Policy") != "" {
			t.Errorf("%d, %q", rep.StatusCode, rep.Header.Get("RateLimit"))
		}
		if rep.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Error("still open to every page")
		}
	}
}

// Asked at once by many, exactly as many pass as are allowed.
func TestDebitEnMemeTemps(t *testing.T) {
	b, _ := bancDebit(t, 40)
	var passes, refus atomic.Int64
	var attente sync.WaitGroup
	for range 8 {
		attente.Go(func() {
			for range 10 {
				r := httptest.NewRequest(http.MethodGet, "/api/v1/communes?q=moi", nil)
				r.Header.Set("X-Forwarded-For", "203.0.113.7")
				rep, err := b.app.Test(r, 10_000)
				switch {
				case err != nil:
					t.Error(err)
				case rep.StatusCode == 200:
					passes.Add(1)
				case rep.StatusCode == 429:
					refus.Add(1)
				}
			}
		})
	}
	attente.Wait()
	if passes.Load() != 40 || refus.Load() != 40 {
		t.Errorf("%d passed, %d refused; want 40 and 40", passes.Load(), refus.Load())
	}
}
