package web_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/web"
)

func TestRacine(t *testing.T) {
	for _, tt := range []struct{ name, publique, want, refus string }{
		{"a host alone", "https://exemple.fr", "", ""},
		{"a final slash", "https://exemple.fr/", "", ""},
		{"a path", "https://exemple.fr/aide", "/aide", ""},
		{"two steps and a final slash", "http://exemple.fr:8080/services/aide-82.v1/", "/services/aide-82.v1", ""},
		{"no scheme", "exemple.fr/aide", "", "an http(s) address"},
		{"another scheme", "ftp://exemple.fr/aide", "", "an http(s) address"},
		{"no host", "https:///aide", "", "an http(s) address"},
		{"a query", "https://exemple.fr/aide?x=1", "", "an http(s) address"},
		{"a fragment", "https://exemple.fr/aide#x", "", "an http(s) address"},
		{"an accent", "https://exemple.fr/à-deux-pas", "", "letters, digits"},
		{"a host with an accent", "https://aidé.exemple.fr", "", "in ASCII"},
		{"the same, escaped", "https://aid%C3%A9.exemple.fr", "", "in ASCII"},
		{"the same, as browsers send it", "https://xn--aid-dma.exemple.fr", "", ""},
		{"escaped", "https://exemple.fr/a%20b", "", "letters, digits"},
		{"an empty step", "https://exemple.fr//aide", "", "letters, digits"},
		{"a way up", "https://exemple.fr/aide/../x", "", "letters, digits"},
		{"a quotation mark", `https://exemple.fr/a"b`, "", "letters, digits"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := web.Racine(tt.publique)
			if got != tt.want || (err == nil) != (tt.refus == "") || err != nil && !strings.Contains(err.Error(), tt.refus) {
				t.Errorf("%q, error %v; want %q, %q", got, err, tt.want, tt.refus)
			}
		})
	}
}

// adressesDe finds every address that a page holds for a browser to follow.
var adressesDe = regexp.MustCompile(`(?:href|src|action|data-fond|data-module|data-styles|data-completion)="([^"]*)"`)

const publique = "https://exemple.fr/aide"

func sousAide(c *web.Config) { c.URLPublique = publique }

// Every address that pages give stays under the prefix, and answers there.
func TestSousRacine(t *testing.T) {
	b := newBanc(t, sousAide)
	id := premierLieu(t, b)
	pages := []string{
		"/", "/?pour=impots", "/?q=Moissac", "/?q=Moissac&pour=impots&quand=samedi", "/?q=82200", "/?q=Montoban", "/?q=xyzzyx", "/?q=Saint-Paul",
		"/?lat=44.1&lon=1.08&apres=20", "/lieux", "/lieux/" + id, "/feuille?lieu=" + id, "/communes", "/communes/82112", "/communes/82112/affiche",
		"/epci/200066322", "/a-propos", "/donnees", "/integrer", "/integrer?commune=82112&theme=clair", "/integrer?commune=Montoban", "/nulle-part", "/?lat=95&lon=1",
	}
	vues := map[string]bool{}
	for _, p := range pages {
		t.Run(p, func(t *testing.T) {
			rep, corps := b.get(t, "/aide"+p)
			if strings.Contains(rep.Header.Get("Content-Security-Policy"), "aide") {
				t.Error("the policy names the prefix")
			}
			n := 0
			for _, m := range adressesDe.FindAllStringSubmatch(corps, -1) {
				adresse := html.UnescapeString(m[1])
				if b.suivre(t, adresse, vues) {
					n++
				}
			}
			if n < 15 {
				t.Errorf("only %d addresses of the site: is the test still reading them?", n)
			}
		})
	}
	if len(vues) < 200 {
		t.Errorf("%d addresses in all", len(vues))
	}
}

// suivre tells an address of the site from the others, and asks for it once.
func (b banc) suivre(t *testing.T, adresse string, vues map[string]bool) bool {
	t.Helper()
	chemin, absolue := strings.CutPrefix(adresse, "https://exemple.fr")
	if !absolue && !strings.HasPrefix(adresse, "/") {
		if !regexp.MustCompile(`^(#|tel:|mailto:|sms:|geo:|data:|https?://)`).MatchString(adresse) {
			t.Errorf("%q is relative: to what?", adresse)
		}
		return false
	}
	if !strings.HasPrefix(chemin, "/aide/") {
		t.Errorf("%q leaves the prefix", adresse)
		return true
	}
	chemin, _, _ = strings.Cut(chemin, "#")
	if strings.Contains(chemin, "/static/") || vues[chemin] { // the banc has no real build
		return true
	}
	vues[chemin] = true
	rep, _ := b.get(t, chemin)
	if rep.StatusCode >= 404 { // 400: what a form or a script completes
		t.Errorf("%q answers %d", chemin, rep.StatusCode)
	}
	if l := rep.Header.Get("Location"); l != "" && !strings.HasPrefix(l, "/aide/") {
		t.Errorf("%q redirects to %q", chemin, l)
	}
	return true
}

func premierLieu(t *testing.T, b banc) string {
	t.Helper()
	for _, v := range b.lieux.Lieux() {
		if v.Champs.Nom == "France services de Moissac" {
			return v.ID
		}
	}
	t.Fatal("no France services de Moissac")
	return ""
}

func TestSousRacineReponses(t *testing.T) {
	b := newBanc(t, sousAide)
	id := premierLieu(t, b)
	for _, tt := range []struct {
		name, chemin string
		statut       int
		lieu, dans   string // Location, a text of the body
	}{
		{"the root of the host leads to the site", "/", 302, "/aide/", ""},
		{"so does the prefix without its slash", "/aide", 302, "/aide/", ""},
		{"outside the prefix", "/lieux", 404, "", `href="/aide/"`},
		{"a word that begins alike", "/aidees", 404, "", ""},
		{"the prefix twice", "/aide/aide/", 404, "", ""},
		{"another host in the path", "/aide//exemple.org/lieux", 404, "", ""},
		{"a place by its name", "/aide/?q=mediatheque+castelmayran", 303, "/aide/lieux/", ""},
		{"the whole territory", "/aide/?q=Tarn-et-Garonne", 303, "/aide/lieux", ""},
		{"the icon", "/aide/favicon.ico", 302, "/aide/static/favicon.svg", ""},
		{"a built file", "/aide/static/app-1.css", 200, "", "body{}"},
		{"and not outside", "/static/app-1.css", 404, "", ""},
		{"robots", "/aide/robots.txt", 200, "", "Disallow: /aide/feuille\nAllow: /aide/\n"},
		{"the API's next page", "/aide/api/v1/lieux?limite=1", 200, "", publique + "/api/v1/lieux?"},
		{"an error of the API", "/aide/api/v1/lieux?limite=0", 400, "", `"title"`},
		{"OpenGraph and the stable address", "/aide/lieux/" + id, 200, "", `<meta property="og:url" content="` + publique + "/lieux/" + id + `">`},
		{"schema.org", "/aide/lieux/" + id, 200, "", `"@id":"` + publique + "/lieux/" + id + `"`},
		{"the text message", "/aide/lieux/" + id, 200, "", publique + "/lieux/" + id + "</p>"},
		{"the poster", "/aide/communes/82112/affiche", 200, "", publique + "/communes/82112"},
		{"alive, for the machine", "/livez", 200, "", "ok"},
		{"ready, for the machine", "/readyz", 200, "", "pret"},
		{"alive, by the site's address", "/aide/livez", 200, "", "ok"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := b.get(t, tt.chemin)
			if l := rep.Header.Get("Location"); rep.StatusCode != tt.statut || !strings.HasPrefix(l, tt.lieu) || !strings.Contains(corps, tt.dans) {
				t.Errorf("status %d, Location %q, want %d, %q and %q in\n%.600s", rep.StatusCode, l, tt.statut, tt.lieu, tt.dans, corps)
			}
			if rep.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Error("no headers of the site")
			}
		})
	}
}

// A write under the prefix meets the same door as without it.
func TestSousRacinePUT(t *testing.T) {
	b := newBanc(t, sousAide)
	r := httptest.NewRequest(http.MethodPut, "/aide/api/v1/lieux/"+premierLieu(t, b)+"/horaires", strings.NewReader("{}"))
	rep, err := b.app.Test(r, 5000)
	check(t, err)
	var p struct{ Status int }
	check(t, json.NewDecoder(rep.Body).Decode(&p))
	if rep.StatusCode != http.StatusUnauthorized || p.Status != http.StatusUnauthorized {
		t.Errorf("status %d, problem %+v", rep.StatusCode, p)
	}
}
