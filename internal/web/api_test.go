package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/web"
)

type enveloppe struct {
	Resultats   []map[string]any `json:"resultats"`
	Features    []map[string]any `json:"features"`
	Total       int              `json:"total"`
	Suivant     *string          `json:"suivant"`
	Rayon       int              `json:"rayon"`
	RayonElargi bool             `json:"rayon_elargi"`
}

func (b banc) api(t *testing.T, chemin string, entetes ...string) enveloppe {
	t.Helper()
	rep, corps := b.get(t, chemin, entetes...)
	if rep.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", chemin, rep.StatusCode, corps)
	}
	var e enveloppe
	if err := json.Unmarshal([]byte(corps), &e); err != nil {
		t.Fatalf("%s: %v\n%s", chemin, err, corps)
	}
	return e
}

func TestAPIProches(t *testing.T) {
	b := newBanc(t)
	e := b.api(t, "/api/v1/lieux/proches?lat=44.1049&lon=1.0849&limite=5")
	if len(e.Resultats) != 5 || e.Total < 5 || e.Rayon != 10000 || e.RayonElargi {
		t.Fatalf("%d results of %d, radius %d (%t)", len(e.Resultats), e.Total, e.Rayon, e.RayonElargi)
	}
	avant := -1.0
	for _, r := range e.Resultats {
		d, ok := r["distance"].(float64)
		if !ok || d < avant {
			t.Errorf("distance %v after %v", r["distance"], avant)
		}
		avant = d
		for _, champ := range []string{"id", "nom", "commune", "services", "date_maj"} {
			if r[champ] == nil {
				t.Errorf("%v: no %s", r["nom"], champ)
			}
		}
	}
	if e.Suivant == nil || !strings.HasPrefix(*e.Suivant, "https://exemple.fr/api/v1/lieux/proches?") {
		t.Fatalf("next page %v", e.Suivant)
	}
	loin := b.api(t, "/api/v1/lieux/proches?lat=46&lon=1.5&rayon=1000")
	if !loin.RayonElargi || len(loin.Resultats) < 3 || loin.Rayon <= 1000 {
		t.Errorf("far away: %d results, radius %d", len(loin.Resultats), loin.Rayon)
	}
}

// A search that asks when says what it understood, and hides nothing: what is
// not known to be open is in muets.
func TestAPIQuand(t *testing.T) {
	b := newBanc(t)
	const ici = "/api/v1/lieux/proches?lat=44.1049&lon=1.0849&rayon=20000&limite=1000"
	type quand struct {
		Du, Au        string
		Ouverts       int
		SurRendezVous int `json:"sur_rendez_vous"`
		AConfirmer    int `json:"a_confirmer"`
		SansHoraires  int `json:"sans_horaires"`
	}
	lire := func(chemin string) (total, muets int, q *quand) {
		t.Helper()
		rep, corps := b.get(t, chemin)
		if rep.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", chemin, rep.StatusCode, corps)
		}
		var e struct {
			Total      int
			TotalMuets int `json:"total_muets"`
			Quand      *quand
		}
		check(t, json.Unmarshal([]byte(corps), &e))
		return e.Total, e.TotalMuets, e.Quand
	}
	tous, _, q := lire(ici)
	if q != nil {
		t.Error("nobody asked when")
	}
	total, muets, q := lire(ici + "&quand=mercredi&heure=10:00")
	if q == nil || q.Du != "2026-11-25T10:00:00+01:00" || q.Au != "2026-11-25T10:01:00+01:00" {
		t.Fatalf("understood %+v", q)
	}
	if total == 0 || total >= tous || total != q.Ouverts || muets != q.SurRendezVous+q.AConfirmer+q.SansHoraires || total+muets > tous {
		t.Errorf("%d open and %d not known of %d: %+v", total, muets, tous, q)
	}
	rep, corps := b.get(t, ici+"&quand=samdi")
	if rep.StatusCode != http.StatusBadRequest || !strings.Contains(corps, `"parametre":"quand"`) && !strings.Contains(corps, "quand") {
		t.Errorf("%d %s", rep.StatusCode, corps)
	}
	if rep, _ := b.get(t, ici+"&quand=samedi&heure=99:00"); rep.StatusCode != http.StatusBadRequest {
		t.Errorf("an hour that does not exist: %d", rep.StatusCode)
	}
	if rep, _ := b.get(t, ici+"&quand=samedi&quand=lundi"); rep.StatusCode != http.StatusBadRequest {
		t.Errorf("two days: %d", rep.StatusCode)
	}
}

// Following the next pages gives every result once.
func TestAPIPages(t *testing.T) {
	b := newBanc(t)
	vus := map[string]int{}
	pages := 0
	for chemin := "/api/v1/lieux?limite=17"; chemin != ""; pages++ {
		e := b.api(t, chemin)
		for _, r := range e.Resultats {
			vus[r["id"].(string)]++
		}
		chemin = ""
		if e.Suivant != nil {
			u, err := url.Parse(*e.Suivant)
			check(t, err)
			chemin = u.RequestURI()
		}
		if pages > 50 {
			t.Fatal("no end")
		}
	}
	if len(vus) != len(b.lieux.Lieux()) || pages < 3 {
		t.Errorf("%d places in %d pages, want %d", len(vus), pages, len(b.lieux.Lieux()))
	}
	for id, n := range vus {
		if n != 1 {
			t.Errorf("%s: %d times", id, n)
		}
	}
}

func TestAPIFiltres(t *testing.T) {
	b := newBanc(t)
	e := b.api(t, "/api/v1/lieux?commune=82112&famille=france_services&limite=50")
	if len(e.Resultats) == 0 {
		t.Fatal("nothing in Moissac")
	}
	deux := b.api(t, "/api/v1/lieux?limite=1000&frais_a_charge=Gratuit&frais_a_charge=Payant")
	un := b.api(t, "/api/v1/lieux?limite=1000&frais_a_charge=Payant")
	if deux.Total <= un.Total {
		t.Errorf("a repeated filter names alternatives: %d, then %d", un.Total, deux.Total)
	}
	if e := b.api(t, "/api/v1/lieux?bbox=1.05,44.05,1.15,44.15&limite=1000"); e.Total == 0 || e.Total == deux.Total {
		t.Errorf("%d in the box", e.Total)
	}
}

func TestAPIGeoJSON(t *testing.T) {
	b := newBanc(t)
	rep, _ := b.get(t, "/api/v1/lieux?f=geojson")
	if ct := rep.Header.Get("Content-Type"); ct != "application/geo+json" {
		t.Errorf("content type %q", ct)
	}
	for _, e := range []enveloppe{
		b.api(t, "/api/v1/lieux/proches?lat=44.1&lon=1.08&f=geojson"),
		b.api(t, "/api/v1/lieux/proches?lat=44.1&lon=1.08", "Accept", "application/geo+json"),
	} {
		if len(e.Features) == 0 {
			t.Fatal("no feature")
		}
		for _, f := range e.Features {
			g, ok := f["geometry"].(map[string]any)
			if !ok || g["type"] != "Point" {
				t.Errorf("geometry %v", f["geometry"])
				continue
			}
			c := g["coordinates"].([]any)
			if lon, lat := c[0].(float64), c[1].(float64); lon > 3 || lat < 43 {
				t.Errorf("coordinates %v: longitude comes first", c)
			}
			if f["properties"].(map[string]any)["distance"] == nil {
				t.Error("no distance")
			}
		}
	}
}

func TestAPIProblemes(t *testing.T) {
	b := newBanc(t)
	tests := []struct{ name, chemin, parametre string }{
		{"unknown parameter", "/api/v1/lieux/proches?lat=44&lon=1&toto=1", "toto"},
		{"no position", "/api/v1/lieux/proches", "lat"},
		{"not a number", "/api/v1/lieux/proches?lat=a&lon=1", "lat"},
		{"not a finite number", "/api/v1/lieux/proches?lat=NaN&lon=1", "lat"},
		{"longitude out of range", "/api/v1/lieux/proches?lat=44&lon=181", "lon"},
		{"radius of nothing", "/api/v1/lieux/proches?lat=44&lon=1&rayon=0", "rayon"},
		{"too many", "/api/v1/lieux?limite=1001", "limite"},
		{"none", "/api/v1/lieux?limite=0", "limite"},
		{"before the first", "/api/v1/lieux?apres=-1", "apres"},
		{"half a box", "/api/v1/lieux?bbox=1,2,3", "bbox"},
		{"a box upside down", "/api/v1/lieux?bbox=1,45,2,44", "bbox"},
		{"unknown commune", "/api/v1/lieux?commune=99999", "commune"},
		{"unknown EPCI", "/api/v1/lieux?epci=1", "epci"},
		{"unknown family", "/api/v1/lieux?famille=x", "famille"},
		{"unknown service", "/api/v1/lieux?services=x", "services"},
		{"unknown errand", "/api/v1/lieux?pour=x", "pour"},
		{"unknown format", "/api/v1/lieux?f=xml", "f"},
		{"unknown parameter of a place", "/api/v1/lieux/abcd?x=1", "x"},
		{"nothing to complete", "/api/v1/communes", "q"},
		{"a position twice", "/api/v1/lieux/proches?lat=44&lon=1&lat=45", "lat"},
		{"two formats", "/api/v1/lieux?f=geojson&f=json", "f"},
		{"a value that cannot be read", "/api/v1/lieux?commune=%ZZ", "adresse"},
		{"a semicolon", "/api/v1/lieux?bbox=1;2", "adresse"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := b.get(t, tt.chemin)
			var p struct {
				Status                   int
				Title, Detail, Parametre string
			}
			if err := json.Unmarshal([]byte(corps), &p); err != nil {
				t.Fatal(err)
			}
			if rep.StatusCode != 400 || p.Status != 400 || rep.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%d %s", rep.StatusCode, rep.Header.Get("Content-Type"))
			}
			if p.Parametre != tt.parametre || p.Title == "" || p.Detail == "" {
				t.Errorf("%+v", p)
			}
		})
	}
	rep, corps := b.get(t, "/api/v1/lieux/xxxxxxxx")
	if rep.StatusCode != 404 || !strings.Contains(corps, `"status":404`) {
		t.Errorf("%d %s", rep.StatusCode, corps)
	}
	if rep.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("reads are open to every page")
	}
}

// Caches keep JSON and GeoJSON apart, and shared ones keep no position; other
// sites may ask again with If-None-Match; writes are refused as HTTP asks.
func TestAPIEntetes(t *testing.T) {
	b := newBanc(t)
	rep, _ := b.get(t, "/api/v1/lieux?limite=1")
	if !strings.Contains(rep.Header.Get("Vary"), "Accept") || !strings.Contains(rep.Header.Get("Cache-Control"), "public") {
		t.Errorf("Vary %q, Cache-Control %q", rep.Header.Get("Vary"), rep.Header.Get("Cache-Control"))
	}
	if rep, _ := b.get(t, "/api/v1/lieux/proches?lat=44&lon=1"); !strings.Contains(rep.Header.Get("Cache-Control"), "private") {
		t.Errorf("a position in a shared cache: %q", rep.Header.Get("Cache-Control"))
	}
	for methode, want := range map[string]int{http.MethodOptions: 204, http.MethodPost: 405, http.MethodHead: 200} {
		rep, err := b.app.Test(httptest.NewRequest(methode, "/api/v1/lieux", nil), 5000)
		check(t, err)
		if rep.StatusCode != want {
			t.Errorf("%s: %d, want %d", methode, rep.StatusCode, want)
		}
		if want == 405 && rep.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("Allow %q", rep.Header.Get("Allow"))
		}
		if want == 204 && rep.Header.Get("Access-Control-Allow-Headers") != "If-None-Match" {
			t.Error("a page elsewhere cannot ask again")
		}
	}
}

func TestAPICommunes(t *testing.T) {
	b := newBanc(t)
	e := b.api(t, "/api/v1/communes?q=moi")
	if len(e.Resultats) == 0 || e.Resultats[0]["nom"] != "Moissac" || e.Resultats[0]["dedans"] != true {
		t.Errorf("%v", e.Resultats)
	}
	if e := b.api(t, "/api/v1/communes?q=zzzz"); e.Resultats == nil || len(e.Resultats) != 0 {
		t.Errorf("nothing is an empty list: %v", e.Resultats)
	}
}

// An address is asked of the geocoder, and its commune stands for it when the
// geocoder is slow, wrong or down.
func TestAdresseGeocodee(t *testing.T) {
	const reponse = `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1.0983,44.102]},
		"properties":{"label":"18 Avenue du Docteur Rouanet 82200 Moissac","score":0.93,"type":"housenumber","citycode":"82112","postcode":"82200","city":"Moissac","_type":"address"}}]}`
	tests := []struct {
		name   string
		serve  http.HandlerFunc
		attend string
	}{
		{"answers", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, reponse) }, "près du 18 Avenue du Docteur Rouanet"},
		{"is slow", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(4 * time.Second):
			}
		}, "Nous n’avons pas pu situer la rue"},
		{"fails", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "Nous n’avons pas pu situer la rue"},
		{"answers anything", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, "Nous n’avons pas pu situer la rue"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			serveur := httptest.NewServer(tt.serve)
			defer serveur.Close()
			b := newBanc(t, func(c *web.Config) {
				c.Geocodeur = territoire.NewGeocodeur(serveur.URL, nil, func() time.Time { return mardi })
			})
			_, corps := b.get(t, "/?q="+url.QueryEscape("18 avenue du docteur Rouanet 82200 Moissac"))
			if !strings.Contains(corps, tt.attend) {
				_, titre, _ := strings.Cut(corps, "<h1>")
				t.Errorf("%q is missing: %.300s", tt.attend, titre)
			}
			if strings.Contains(b.journal.String(), "Rouanet") {
				t.Error("what was typed is in the log")
			}
		})
	}
}
