package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/web"
)

// navigateur is a browser that a person holds.
const navigateur = "Mozilla/5.0 (Android 13; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"

// usages is what is counted today, by kind and commune.
func (b banc) usages(t *testing.T) map[mesures.Genre]map[string]int64 {
	t.Helper()
	check(t, b.mesures.Deposer(t.Context()))
	jour := mednum.DateOf(mardi)
	jours, err := b.mesures.Lire(t.Context(), jour, jour)
	check(t, err)
	if len(jours) == 0 {
		return nil
	}
	return jours[0].Comptes
}

// What is a use, and of which commune; nothing else is counted, and no answer
// sets a cookie.
func TestMesures(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	type lus = map[mesures.Genre]map[string]int64
	une := func(g mesures.Genre, commune string) lus { return lus{g: {commune: 1}} }
	somme := lus{}
	for _, tt := range []struct {
		name, methode, chemin string
		entetes               []string
		want                  lus
	}{
		{"a commune", "GET", "/?q=Moissac", nil, une(mesures.Recherche, moissac)},
		{"a position, by its commune", "GET", "/?lat=44.1049&lon=1.0849", nil, une(mesures.Recherche, moissac)},
		{"a page of a place", "GET", "/lieux/" + l.ID, nil, une(mesures.Vue, moissac)},
		{"a tap", "POST", "/lieux/" + l.ID + "/appel", nil, une(mesures.Telephone, moissac)},
		{"the frame, as its host set it", "GET", "/embarque/?commune=" + moissac, nil, nil},
		{"a search in the frame", "GET", "/embarque/?commune=82121&q=Moissac", nil, une(mesures.Recherche, moissac)},
		{"a place in the frame", "GET", "/embarque/lieux/" + l.ID, nil, une(mesures.Vue, moissac)},
		{"the second page of a search", "GET", "/?q=Moissac&apres=20", nil, nil},
		{"the page of a commune", "GET", "/communes/" + moissac, nil, nil},
		{"an API", "GET", "/api/v1/lieux/proches?lat=44.1&lon=1.08", nil, nil},
		{"outside the territory and around", "GET", "/?q=Bordeaux", nil, nil},
		{"a HEAD", "HEAD", "/?q=Moissac", nil, nil},
		{"a robot that says so", "GET", "/lieux/" + l.ID, []string{"User-Agent", "Mozilla/5.0 (compatible; Exemplebot/2.1)"}, nil},
		{"a program without a name", "GET", "/lieux/" + l.ID, []string{"User-Agent", ""}, nil},
		{"a page fetched in case", "GET", "/lieux/" + l.ID, []string{"Sec-Purpose", "prefetch;prerender"}, nil},
		{"somebody who is signed in", "GET", "/lieux/" + l.ID, []string{"Cookie", "__Host-adeuxpas=x"}, nil},
		{"a tap told by another site", "POST", "/lieux/" + l.ID + "/appel", []string{"Sec-Fetch-Site", "cross-site"}, nil},
		{"a tap on nothing", "POST", "/lieux/inconnu/appel", nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), tt.methode, "http://localhost"+tt.chemin, nil)
			check(t, err)
			req.Header.Set("User-Agent", navigateur)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Sec-Fetch-Site", "same-origin")
			for i := 0; i+1 < len(tt.entetes); i += 2 {
				req.Header.Set(tt.entetes[i], tt.entetes[i+1])
			}
			rep, err := b.app.Test(req, -1)
			check(t, err)
			defer rep.Body.Close()
			if len(rep.Cookies()) > 0 {
				t.Errorf("sets %v", rep.Cookies())
			}
			for g, parCommune := range tt.want {
				for code, n := range parCommune {
					if somme[g] == nil {
						somme[g] = map[string]int64{}
					}
					somme[g][code] += n
				}
			}
			if got := b.usages(t); !cmp.Equal(got, somme) {
				t.Errorf("(-want +got):\n%s", cmp.Diff(somme, got))
			}
		})
	}
}

// A search is far when the nearest answer that fits is beyond 15 km: as computed
// over every place, for one commune of three. A time asked makes none
// far: it is then a matter of hours.
func TestMesuresLointaines(t *testing.T) {
	b := newBanc(t)
	want := map[string]int64{}
	for i := range b.ter.Communes {
		c := &b.ter.Communes[i]
		if !c.Dedans || i%3 != 0 {
			continue
		}
		proche := 1e9
		for _, v := range b.lieux.Lieux() {
			if !slices.Contains(v.Familles, mednum.FamilleTiersLieu) {
				continue
			}
			if v.Champs.Latitude != nil {
				proche = min(proche, geo.Distance(c.Centre, geo.Point{Lat: *v.Champs.Latitude, Lon: *v.Champs.Longitude}))
			} else if v.Champs.CodeInsee == c.Code {
				proche = 0
			}
		}
		if proche > mesures.Loin {
			want[c.Code] = 1
		}
		suites := []string{"&famille=tiers_lieu"}
		if i%10 == 0 {
			suites = append(suites, "&famille=tiers_lieu&quand=dimanche")
		}
		for _, suite := range suites {
			rep, corps := b.get(t, "/?q="+url.QueryEscape(c.Nom+" "+c.CodesPostaux[0])+suite, "User-Agent", navigateur)
			if rep.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d\n%.300s", c.Nom, rep.StatusCode, corps)
			}
		}
	}
	got := b.usages(t)
	if d := cmp.Diff(want, got[mesures.Lointaine]); d != "" || len(want) < 5 || len(want) > 60 {
		t.Errorf("%d far communes (-want +got):\n%s", len(want), d)
	}
}

// neuf is an empty request for a server, whatever its type.
func neuf[T any](func(*T)) *T { return new(T) }

// What counting adds to a page: "avec" beside "sans".
func BenchmarkMesures(b *testing.B) {
	for _, avec := range []bool{false, true} {
		banc := newBanc(b, func(c *web.Config) {
			if !avec {
				c.Mesures = nil
			}
		})
		nom := map[bool]string{false: "sans", true: "avec"}[avec]
		for page, chemin := range map[string]string{"recherche": "/?q=Moissac", "position": "/?lat=44.1049&lon=1.0849", "lieu": "/lieux/" + banc.lieuDe(b, moissac).ID} {
			b.Run(page+"/"+nom, func(b *testing.B) {
				servir := banc.app.Handler()
				for b.Loop() {
					ctx := neuf(servir)
					ctx.Request.SetRequestURI(chemin)
					ctx.Request.Header.SetUserAgent(navigateur)
					servir(ctx)
					if ctx.Response.StatusCode() != http.StatusOK {
						b.Fatal(ctx.Response.StatusCode())
					}
				}
			})
		}
	}
}
