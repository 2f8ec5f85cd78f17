package web_test

import (
	"html"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/web"
)

// Whatever the line of a host, a visitor or a broken program writes, the frame,
// the generator and what goes with them answer: no failure, no markup of theirs,
// no address of another site, the policy as it must be.
func TestCadreHasard(t *testing.T) {
	const marque = `"'><script>alert(1)</script>`
	valeurs := []string{
		"", "82112", "200066322", "99999", "mediation", "NaN", "-1", "1e309", "44.1", "1.08", "99999999999999999999", "\x00", "\xff\xfe", "😀", marque,
		"\r\nSet-Cookie: x=1", "samedi", "10:00", "maintenant", "0b5d43", "fff", "clair", "oui", "getLieu", "../..", "//autre.exemple/", "{id}", ";", "&", "\u202e", strings.Repeat("é", 300),
	}
	noms := []string{
		"commune", "epci", "famille", "services", "accent", "theme", "liste-seule", "q", "pour", "lat", "lon", "quand", "heure", "rayon", "apres",
		"choix_famille", "choix_services", "choix_commune", "couleur", "hauteur", "operation", "id", "f", "itinerance", "inconnu",
	}
	b := newBanc(t, pourTous, func(c *web.Config) { c.URLPublique = "https://exemple.fr/aide" })
	chemins := []string{"/embarque/?", "/embarque/lieux/" + premierLieu(t, b) + "?", "/embarque/lieux/x?", "/embarque/accent.css?", "/integrer?", "/integrer/qr.png?", "/api/essai?operation=getLieu&"}
	tirage := rand.New(rand.NewPCG(82, 1))
	adresses := regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)
	statuts := map[int]int{}
	for range 2000 {
		v := url.Values{}
		for range tirage.IntN(6) {
			v.Add(noms[tirage.IntN(len(noms))], valeurs[tirage.IntN(len(valeurs))])
		}
		chemin := chemins[tirage.IntN(len(chemins))] + v.Encode()
		rep, corps, err := demander(b.app, httptest.NewRequest(http.MethodGet, "/aide"+chemin, nil))
		check(t, err)
		statuts[rep.StatusCode]++
		want := "'none'"
		if strings.HasPrefix(chemin, "/embarque/") {
			want = "*"
		}
		if rep.StatusCode >= 500 || cadres(t, rep) != want || len(rep.Cookies()) > 0 || strings.Contains(corps, marque) {
			t.Errorf("%s: %d %v", chemin, rep.StatusCode, rep.Header)
		}
		if vers := rep.Header.Get("Location"); vers != "" && !strings.HasPrefix(vers, "/aide/") {
			t.Errorf("%s leads to %s", chemin, vers)
		}
		for _, m := range adresses.FindAllStringSubmatch(corps, -1) {
			if u, err := url.Parse(html.UnescapeString(m[1])); err != nil || u.Host == "autre.exemple" || u.Scheme == "javascript" {
				t.Errorf("%s holds the address %s", chemin, m[1])
			}
		}
	}
	if statuts[200] < 300 || statuts[400] < 100 || statuts[303] < 5 || strings.Contains(b.journal.String(), "panique") {
		t.Errorf("the draw saw too little, or a panic: %v", statuts)
	}
}
