package couverture_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// routeur answers as the documented services do: a road 1.5 times the great
// circle, at 36 km/h.
type routeur struct {
	*httptest.Server
	demandes   int
	pairs      int
	codes      []int  // of the answers to come; 0 and past the end are 200
	retry      string // with a code that is not 200
	impossible geo.Point
}

func ouvrirRouteur(t *testing.T) *routeur {
	r := &routeur{}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func lirePoint(texte string) (p geo.Point) {
	_, _ = fmt.Sscanf(texte, "%f,%f", &p.Lon, &p.Lat)
	return p
}

func (r *routeur) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.demandes++
	if r.demandes <= len(r.codes) && r.codes[r.demandes-1] != 0 {
		w.Header().Set("Retry-After", r.retry)
		w.WriteHeader(r.codes[r.demandes-1])
		return
	}
	if req.URL.Path == "/navigation/itineraire" {
		q := req.URL.Query()
		r.pairs++
		if q.Get("resource") != "bdtopo-osrm" || q.Get("profile") != "car" || q.Get("distanceUnit") != "meter" || q.Get("timeUnit") != "second" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		a := lirePoint(q.Get("end"))
		if a == r.impossible {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		d := 1.5 * geo.Distance(lirePoint(q.Get("start")), a)
		fmt.Fprintf(w, `{"resource":"bdtopo-osrm","start":%q,"end":%q,"distance":%f,"duration":%f,"portions":[]}`, q.Get("start"), q.Get("end"), d, d/10)
		return
	}
	liste, ok := strings.CutPrefix(req.URL.Path, "/table/v1/driving/")
	points := strings.Split(liste, ";")
	if !ok || len(points) > 100 || !strings.HasPrefix(req.URL.RawQuery, "sources=0&destinations=1") || !strings.HasSuffix(req.URL.RawQuery, "&annotations=duration,distance") {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	var distances, durees []string
	for _, p := range points[1:] {
		r.pairs++
		if lirePoint(p) == r.impossible {
			distances, durees = append(distances, "null"), append(durees, "null")
			continue
		}
		d := 1.5 * geo.Distance(lirePoint(points[0]), lirePoint(p))
		distances, durees = append(distances, fmt.Sprintf("%.1f", d)), append(durees, fmt.Sprintf("%.1f", d/10))
	}
	fmt.Fprintf(w, `{"code":"Ok","distances":[[%s]],"durations":[[%s]],"sources":[],"destinations":[]}`, strings.Join(distances, ","), strings.Join(durees, ","))
}

// atelier is what a test of itineraries stands on.
type atelier struct {
	base     *sqlite.Base
	heure    time.Time
	attentes []time.Duration
	ter      *territoire.Territoire
	communes []*territoire.Commune
	inv      *couverture.Inventaire
}

func newAtelier(t *testing.T) *atelier {
	t.Helper()
	a := &atelier{heure: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), ter: ouvrir(t)}
	var err error
	if a.base, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), func() time.Time { return a.heure }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.base.Close() })
	a.communes = couverture.Communes(a.ter)
	a.inv = couverture.Inventorier(suite(livres(t)), a.ter, jour)
	return a
}

func (a *atelier) ouvrir(t *testing.T, url string, genre couverture.Genre) *couverture.Itineraires {
	t.Helper()
	i, err := couverture.NewItineraires(a.base, couverture.Reglages{URL: url, Genre: genre, Attendre: func(_ context.Context, d time.Duration) error {
		a.attentes = append(a.attentes, d)
		return nil
	}}, func() time.Time { return a.heure })
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// mesurer answers the plain question with the itineraries that are kept.
func (a *atelier) mesurer(t *testing.T, i *couverture.Itineraires, q couverture.Question) *couverture.Resultat {
	t.Helper()
	trajets, err := i.Lire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return couverture.Mesurer(a.communes, a.inv, q, trajets)
}

// A whole matrix from OSRM: every commune has its nearest by road for each
// question, what is known is not asked again, and what another server gave is not
// mixed with it.
func TestItinerairesOSRM(t *testing.T) {
	a, r := newAtelier(t), ouvrirRouteur(t)
	i := a.ouvrir(t, r.URL+"/", couverture.GenreOSRM)
	n, err := i.Remplir(t.Context(), a.communes, a.inv)
	if err != nil || n != 195 || r.demandes != 195 {
		t.Fatalf("%d requests (%d seen), %v", n, r.demandes, err)
	}
	for _, q := range []couverture.Question{
		{Moment: couverture.MomentTous, Facteur: 2},
		{Moment: couverture.MomentSamedi, Facteur: 2},
		{Service: mednum.Vocabulaire(mednum.ChampServices)[0], Moment: couverture.MomentMatin, Facteur: 2},
	} {
		avec, sans := a.mesurer(t, i, q), couverture.Mesurer(a.communes, a.inv, q, nil)
		if avec.Reelles != 195 {
			t.Errorf("%+v: %d communes", q, avec.Reelles)
		}
		for k, m := range avec.Mesures {
			if d := m.Distance - 0.75*sans.Mesures[k].Distance; d > 2 || d < -2 || m.Duree != time.Duration(int(m.Duree.Seconds()))*time.Second || m.Duree.Seconds() > m.Distance/10+1 || m.Duree.Seconds() < m.Distance/10-1 {
				t.Fatalf("%+v, %s: %.1f m and %v, want %.1f m", q, m.Commune.Nom, m.Distance, m.Duree, 0.75*sans.Mesures[k].Distance)
			}
		}
	}
	if n, err = i.Remplir(t.Context(), a.communes, a.inv); n != 0 || err != nil {
		t.Errorf("what is known is asked again: %d, %v", n, err)
	}
	autre := ouvrirRouteur(t)
	ailleurs := a.ouvrir(t, autre.URL, couverture.GenreOSRM)
	if m := a.mesurer(t, ailleurs, couverture.Question{Moment: couverture.MomentTous, Facteur: 2}); m.Reelles != 0 {
		t.Errorf("%d itineraries of another server", m.Reelles)
	}
	a.heure = a.heure.AddDate(0, 0, 181)
	if n, err = i.Remplir(t.Context(), a.communes, a.inv); n != 195 || err != nil {
		t.Errorf("after six months: %d, %v", n, err)
	}
}

// Where the server knows no road, the distance is computed, and it is not asked again.
func TestItinerairesSansRoute(t *testing.T) {
	a, r := newAtelier(t), ouvrirRouteur(t)
	q := couverture.Question{Moment: couverture.MomentTous, Facteur: 1}
	moissac, _ := couverture.Mesurer(a.communes, a.inv, q, nil).De("82112")
	r.impossible = lirePoint(fmt.Sprintf("%.5f,%.5f", moissac.Offre.Point.Lon, moissac.Offre.Point.Lat))
	i := a.ouvrir(t, r.URL, couverture.GenreOSRM)
	if _, err := i.Remplir(t.Context(), a.communes, a.inv); err != nil {
		t.Fatal(err)
	}
	if m, _ := a.mesurer(t, i, q).De("82112"); m.Reelle || m.Distance != moissac.Distance {
		t.Errorf("%+v, want the great circle, %v", m, moissac.Distance)
	}
	if n, err := i.Remplir(t.Context(), a.communes, a.inv); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// Géoplateforme is asked pair by pair, four a second, so many at most in a run; the
// next run goes on, and a server that asks to wait is waited for, once.
func TestItinerairesGeoplateforme(t *testing.T) {
	a, r := newAtelier(t), ouvrirRouteur(t)
	r.codes, r.retry = []int{http.StatusTooManyRequests}, "7"
	i := a.ouvrir(t, r.URL+"/navigation", couverture.GenreGeoplateforme)
	total := 0
	for tour := 0; ; tour++ {
		n, err := i.Remplir(t.Context(), a.communes, a.inv)
		if err != nil || n > 601 {
			t.Fatalf("%d requests in one run, %v", n, err)
		}
		if n == 0 {
			break
		}
		if total += n; tour > 8 {
			t.Fatal("it never ends")
		}
	}
	if total != r.demandes || r.pairs != total-1 || total < 195*2 || total > 195*12+1 {
		t.Errorf("%d requests, %d seen, %d pairs", total, r.demandes, r.pairs)
	}
	if a.attentes[0] != 7*time.Second || len(a.attentes) < total-10 || a.attentes[5] != 250*time.Millisecond {
		t.Errorf("waits %v… for %d requests", a.attentes[:6], total)
	}
	if m := a.mesurer(t, i, couverture.Question{Moment: couverture.MomentTous, Facteur: 2}); m.Reelles != 195 {
		t.Errorf("%d communes", m.Reelles)
	}
}

// A server that fails keeps what came before, and an address that refuses all ends
// soon.
func TestItinerairesPannes(t *testing.T) {
	a := newAtelier(t)
	for _, c := range []struct {
		name  string
		genre couverture.Genre
		codes []int
		retry string
		max   int // requests
		known int
	}{
		{"it fails at the fourth", couverture.GenreOSRM, []int{0, 0, 0, 500}, "", 4, 3},
		{"it is busy, then busy", couverture.GenreOSRM, []int{0, 429, 429}, "9999", 3, 1},
		{"it is another service", couverture.GenreGeoplateforme, slicesDe(404, 50), "", 8, 0},
		{"it knows no road once", couverture.GenreGeoplateforme, append([]int{0, 404, 0, 404}, slicesDe(500, 1)...), "", 5, 1},
	} {
		a.attentes = nil
		r := ouvrirRouteur(t)
		r.codes, r.retry = c.codes, c.retry
		url := r.URL
		if c.genre == couverture.GenreGeoplateforme {
			url += "/navigation"
		}
		i := a.ouvrir(t, url, c.genre)
		if _, err := i.Remplir(t.Context(), a.communes, a.inv); err == nil || r.demandes != c.max {
			t.Errorf("%s: %v after %d requests, want an error after %d", c.name, err, r.demandes, c.max)
		}
		if m := a.mesurer(t, i, couverture.Question{Moment: couverture.MomentTous, Facteur: 2}); m.Reelles != c.known {
			t.Errorf("%s: %d communes are known, want %d", c.name, m.Reelles, c.known)
		}
		for _, d := range a.attentes {
			if d > time.Minute {
				t.Errorf("%s: it waits for %v", c.name, d)
			}
		}
	}
}

// A server that sends elsewhere is not followed there: an address of the network of
// the service is asked by nobody else.
func TestItinerairesRenvoi(t *testing.T) {
	a := newAtelier(t)
	demandes := 0
	interne := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { demandes++ }))
	defer interne.Close()
	renvoi := httptest.NewServer(http.RedirectHandler(interne.URL+"/secret", http.StatusFound))
	defer renvoi.Close()
	i, err := couverture.NewItineraires(a.base, couverture.Reglages{URL: renvoi.URL, Genre: couverture.GenreOSRM}, func() time.Time { return a.heure })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.Remplir(t.Context(), a.communes, a.inv); err == nil || demandes != 0 {
		t.Errorf("%v, %d requests elsewhere", err, demandes)
	}
}

func slicesDe(code, n int) []int {
	codes := make([]int, n)
	for i := range codes {
		codes[i] = code
	}
	return codes
}

func TestNewItineraires(t *testing.T) {
	for _, c := range []struct {
		url   string
		genre couverture.Genre
		champ string
	}{
		{"http://127.0.0.1:5000", couverture.GenreOSRM, ""},
		{"127.0.0.1:5000", couverture.GenreOSRM, "itineraires"},
		{"ftp://exemple.fr", couverture.GenreOSRM, "itineraires"},
		{"https://data.geopf.fr/navigation", "valhalla", "itineraires-genre"},
	} {
		i, err := couverture.NewItineraires(nil, couverture.Reglages{URL: c.url, Genre: c.genre}, nil)
		var e *mednum.Error
		if c.champ == "" && (err != nil || i.Serveur() != "127.0.0.1:5000") || c.champ != "" && (!errors.As(err, &e) || e.Champ != c.champ) {
			t.Errorf("%s %s: %v", c.url, c.genre, err)
		}
	}
}
