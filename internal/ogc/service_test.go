package ogc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/web"
)

// TestLectures are the tests that change nothing: one site for all.
func TestLectures(t *testing.T) {
	s := newSite(t)
	for nom, essai := range map[string]func(*testing.T, *site){
		"contents": essaiContenus, "properties": essaiProprietes, "itinerant services": essaiItinerants,
		"pages backwards": essaiPagesPrecedentes, "negotiation": essaiNegociation, "plus signs": essaiPlus, "every filter": essaiFiltres, "pages to read": essaiPagesHTML,
	} {
		t.Run(nom, func(t *testing.T) { essai(t, s) })
	}
}

// The collections hold every published place, once, each in its families, and
// the communes of the territory with the places of each.
func essaiContenus(t *testing.T, s *site) {
	want := map[string][]string{}
	for _, v := range s.lieux.Lieux() {
		want["lieux"] = append(want["lieux"], v.ID)
		for _, f := range v.Familles {
			want[string(f)] = append(want[string(f)], v.ID)
		}
	}
	for _, c := range s.ter.Communes {
		if c.Dedans {
			want["communes"] = append(want["communes"], c.Code)
		}
	}
	for _, nom := range collections {
		var got []string
		for _, o := range s.tout(t, racine()+"/collections/"+nom+"/items?limit=17") {
			got = append(got, o.ID)
		}
		slices.Sort(want[nom])
		if diff := cmp.Diff(want[nom], got); diff != "" {
			t.Errorf("%s: %s", nom, diff)
		}
	}
	for _, o := range s.tout(t, racine()+"/collections/communes/items?limit=1000") {
		dedans := map[string]map[string]bool{"lieux": {}, "france_services": {}, "mediation": {}, "tiers_lieu": {}}
		for _, tr := range s.lieux.ParCommune(o.ID) {
			dedans["lieux"][tr.Vue.ID] = true
			for _, f := range tr.Vue.Familles {
				dedans[string(f)][tr.Vue.ID] = true
			}
		}
		for nom, want := range dedans {
			if got := o.Properties[nom]; got != float64(len(want)) {
				t.Errorf("%s of %s: %v, want %d", nom, o.ID, got, len(want))
			}
		}
		if o.ID == "82112" && len(dedans["lieux"]) < 2 {
			t.Error("Moissac has too few places to prove anything")
		}
	}
}

// Every property says what the place says, under the name of the standard.
func essaiProprietes(t *testing.T, s *site) {
	approximatifs := 0
	for _, o := range s.tout(t, racine()+"/collections/lieux/items?limit=1000") {
		v, err := s.lieux.Lieu(o.ID)
		check(t, err)
		for _, champ := range mednum.ChampsNorme {
			got, la := o.Properties[string(champ)]
			want := any(v.Champs.Valeur(champ))
			switch champ {
			case mednum.ChampLatitude, mednum.ChampLongitude:
				if la {
					t.Errorf("%s has %s beside its geometry", o.ID, champ)
				}
				continue
			case mednum.ChampID:
				want = v.ID
			case mednum.ChampAdresse, mednum.ChampComplementAdresse:
				if v.Itinerant() {
					want = ""
				}
			}
			if want == "" {
				want = nil
			}
			if !la || got != want {
				t.Errorf("%s: %s is %v, want %v", o.ID, champ, got, want)
			}
		}
		if o.Properties["url"] != publique+"/lieux/"+o.ID {
			t.Errorf("%s: url %v", o.ID, o.Properties["url"])
		}
		if o.Properties["hors_territoire"] != v.HorsTerritoire {
			t.Errorf("%s: hors_territoire %v", o.ID, o.Properties["hors_territoire"])
		}
		approximatif := !v.Itinerant() && v.Precision == mednum.PrecisionCommune
		var arrets []string
		for _, p := range v.Permanences {
			if a := p.Arret; a != nil {
				if v.Itinerant() && a.Precision == mednum.PrecisionCommune {
					approximatif = true
				}
				if arret := a.Nom + " (" + a.Commune + ")"; !slices.Contains(arrets, arret) {
					arrets = append(arrets, arret)
				}
			}
		}
		if dit, _ := o.Properties["arrets"].(string); dit != strings.Join(arrets, "|") {
			t.Errorf("%s: arrets %q, want %q", o.ID, dit, arrets)
		}
		if o.Properties["position_approximative"] != approximatif {
			t.Errorf("%s: position_approximative %v", o.ID, o.Properties["position_approximative"])
		}
		if approximatif {
			approximatifs++
		}
	}
	if approximatifs == 0 {
		t.Error("every position is exact: this proves little")
	}
}

// Nobody is sent to a seat: an itinerant service is where it stops, or nowhere.
func essaiItinerants(t *testing.T, s *site) {
	avec, sans := 0, 0
	for _, o := range s.tout(t, racine()+"/collections/lieux/items?limit=1000&itinerance="+url.QueryEscape("Itinérant")) {
		v, err := s.lieux.Lieu(o.ID)
		check(t, err)
		if !v.Itinerant() {
			continue
		}
		arrets := map[string]bool{}
		for _, p := range v.Permanences {
			if p.Arret != nil && p.Arret.Latitude != nil {
				arrets[fmt.Sprintf("%.7f %.7f", *p.Arret.Longitude, *p.Arret.Latitude)] = true
			}
		}
		points := o.points(t)
		if len(points) != len(arrets) || o.Properties["adresse"] != nil {
			t.Errorf("%s: %d points for %d stops, address %v", o.ID, len(points), len(arrets), o.Properties["adresse"])
		}
		for _, p := range points {
			if !arrets[fmt.Sprintf("%.7f %.7f", p[0], p[1])] {
				t.Errorf("%s is shown at %v, where it does not stop", o.ID, p)
			}
		}
		if len(points) > 0 {
			avec++
			if o.Properties["arrets"] == nil {
				t.Errorf("%s does not name its stops", o.ID)
			}
		} else if sans++; o.Geometry != nil {
			t.Errorf("%s: an empty geometry", o.ID)
		}
	}
	if avec == 0 || sans == 0 {
		t.Errorf("%d with stops, %d without: nothing is proved", avec, sans)
	}
}

// While places come and go between two pages, the others are each seen once.
func TestPagesStables(t *testing.T) {
	s := newSite(t)
	var avant []string
	for _, o := range s.tout(t, racine()+"/collections/lieux/items?limit=1000") {
		avant = append(avant, o.ID)
	}
	premiere := lire[liste](t, s, racine()+"/collections/lieux/items?limit=10", mimeGeoJSON)
	suite := premiere.trouver(t, "next", mimeGeoJSON)
	partis := []string{avant[0], avant[3], avant[9], avant[10], avant[20]} // before, at, and after the cursor
	for _, id := range partis {
		s.changer(t, id, func(l *mednum.Lieu) { l.Statut = mednum.StatutRetire })
	}
	for _, id := range []string{"0000neuf", avant[11] + "bis", "zzzzneuf"} {
		l, err := s.base.Lieu(t.Context(), avant[1])
		check(t, err)
		l.ID, l.Version = id, 1
		check(t, s.base.Save(t.Context(), mednum.Revision{Lieu: id, Version: 1, Apres: l, Idempotence: id}))
	}
	check(t, s.lieux.Actualiser(t.Context()))
	vus := map[string]int{}
	for _, id := range append(premiere.ids(), ids(s.tout(t, suite))...) {
		vus[id]++
	}
	for _, id := range avant {
		if !slices.Contains(partis, id) && vus[id] != 1 {
			t.Errorf("%s was seen %d times", id, vus[id])
		}
	}
	if vus[avant[11]+"bis"] != 1 || vus[avant[20]] != 0 {
		t.Error("what came and went after the cursor is not as it is now")
	}
}

func ids(objets []objet) []string { return (&liste{Features: objets}).ids() }

// prev leads back through the same pages.
func essaiPagesPrecedentes(t *testing.T, s *site) {
	for _, q := range []string{"limit=40", "limit=7&services=" + url.QueryEscape("Aide aux démarches administratives")} {
		var pages [][]string
		adresse := racine() + "/collections/lieux/items?" + q
		var derniere liste
		for adresse != "" {
			derniere = lire[liste](t, s, adresse, mimeGeoJSON)
			pages = append(pages, derniere.ids())
			adresse = ""
			for _, k := range derniere.Links {
				if k.Rel == "next" {
					adresse = k.Href
				}
			}
		}
		for i := len(pages) - 2; i >= 0; i-- {
			derniere = lire[liste](t, s, derniere.trouver(t, "prev", mimeGeoJSON), mimeGeoJSON)
			if diff := cmp.Diff(pages[i], derniere.ids()); diff != "" {
				t.Errorf("%s, page %d: %s", q, i, diff)
			}
		}
		for _, k := range derniere.Links {
			if k.Rel == "prev" {
				t.Errorf("the first page has one before it: %s", k.Href)
			}
		}
	}
}

// What was withdrawn or merged says so, and is in no list.
func TestDisparus(t *testing.T) {
	s := newSite(t)
	l := lire[liste](t, s, racine()+"/collections/lieux/items?limit=2", mimeGeoJSON)
	s.changer(t, l.Features[0].ID, func(x *mednum.Lieu) { x.Statut, x.Vers = mednum.StatutFusionne, l.Features[1].ID })
	rep, corps := s.demander(t, http.MethodGet, racine()+"/collections/lieux/items/"+l.Features[0].ID)
	if rep.StatusCode != http.StatusGone || !strings.Contains(string(corps), l.Features[1].ID) {
		t.Errorf("%d %s", rep.StatusCode, corps)
	}
	s.changer(t, l.Features[1].ID, func(x *mednum.Lieu) { x.Statut = mednum.StatutRetire })
	if rep, _ := s.demander(t, http.MethodGet, racine()+"/collections/lieux/items/"+l.Features[1].ID); rep.StatusCode != http.StatusGone {
		t.Errorf("%d", rep.StatusCode)
	}
	l = lire[liste](t, s, racine()+"/collections/lieux/items?limit=1", mimeGeoJSON)
	s.changer(t, l.Features[0].ID, func(x *mednum.Lieu) { x.Statut = mednum.StatutFerme })
	if rep, _ := s.demander(t, http.MethodGet, racine()+"/collections/lieux/items/"+l.Features[0].ID); rep.StatusCode != http.StatusGone {
		t.Errorf("closed for good: %d", rep.StatusCode)
	}
	propose := l.Features[0].ID + "x"
	nouveau, err := s.base.Lieu(t.Context(), l.Features[0].ID)
	check(t, err)
	nouveau.ID, nouveau.Version, nouveau.Statut = propose, 1, mednum.StatutPropose
	check(t, s.base.Save(t.Context(), mednum.Revision{Lieu: propose, Version: 1, Apres: nouveau, Idempotence: propose}))
	check(t, s.lieux.Actualiser(t.Context()))
	for _, f := range []string{"json", "html"} {
		if rep, _ := s.demander(t, http.MethodGet, racine()+"/collections/lieux/items/"+propose+"?f="+f); rep.StatusCode != http.StatusNotFound {
			t.Errorf("a proposal: %d", rep.StatusCode)
		}
	}
	if n := len(s.tout(t, racine()+"/collections/lieux/items")); n != len(s.lieux.Lieux()) {
		t.Errorf("%d places of %d", n, len(s.lieux.Lieux()))
	}
}

// Caches: a tag that stays while nothing changes, whatever the time, and moves
// when a place does; another page of another tag; open to every site.
func TestCaches(t *testing.T) {
	s := newSite(t)
	items := racine() + "/collections/lieux/items?limit=3"
	rep, corps := s.demander(t, http.MethodGet, items)
	marque := rep.Header.Get("ETag")
	if !strings.HasPrefix(marque, `W/"`) || rep.Header.Get("Cache-Control") != "public, max-age=60" || rep.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%v", rep.Header)
	}
	if rep, vide := s.demander(t, http.MethodGet, items, "If-None-Match", marque); rep.StatusCode != http.StatusNotModified || len(vide) != 0 {
		t.Errorf("%d", rep.StatusCode)
	}
	if autre, _ := s.demander(t, http.MethodGet, items+"&bbox=1,44,2,45"); autre.Header.Get("ETag") == marque {
		t.Error("another question has the same tag")
	}
	var l liste
	check(t, json.Unmarshal(corps, &l))
	s.changer(t, l.Features[0].ID, func(x *mednum.Lieu) { x.Champs.Nom = "Autre nom" })
	rep, corps = s.demander(t, http.MethodGet, items, "If-None-Match", marque)
	if rep.StatusCode != 200 || !bytes.Contains(corps, []byte("Autre nom")) {
		t.Errorf("after a change: %d", rep.StatusCode)
	}
	pre, _ := s.demander(t, http.MethodOptions, items, "Origin", "https://autre.fr", "Access-Control-Request-Method", "GET")
	if pre.StatusCode != http.StatusNoContent || pre.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("preflight: %d", pre.StatusCode)
	}
}

// indexEnPanne is a base that is asked for searches and does not answer.
type indexEnPanne struct{}

func (indexEnPanne) Entrees(context.Context, store.Demande) ([]store.Entree, error) {
	return nil, &mednum.Error{Code: mednum.Indisponible}
}

func (indexEnPanne) Compter(context.Context, store.Comptage) ([]map[string]int, error) {
	return nil, &mednum.Error{Code: mednum.Indisponible}
}

// All is answered from memory: while the store is down, and where it answers
// the searches of the site.
func TestBaseEnPanne(t *testing.T) {
	s := newSite(t)
	chemins := append(s.ressources(t), racine()+"/collections/lieux/items?bbox=1,44,2,45&services="+url.QueryEscape("Aide aux démarches administratives"))
	s.base.muette.Store(true)
	if s.lieux.Actualiser(t.Context()) == nil {
		t.Fatal("the store still answers")
	}
	s.lieux.RechercherEnBase(indexEnPanne{})
	for _, chemin := range chemins {
		for _, f := range []string{"json", "html"} {
			u, err := url.Parse(chemin)
			check(t, err)
			q := u.Query()
			q.Set("f", f)
			u.RawQuery = q.Encode()
			if rep, corps := s.demander(t, http.MethodGet, u.String()); rep.StatusCode != 200 {
				t.Errorf("%s: %d %.200s", u, rep.StatusCode, corps)
			}
		}
	}
}

// Under a path of its host, every link stays inside.
func TestSousUnChemin(t *testing.T) {
	s := newSite(t, func(c *web.Config) { c.URLPublique = publique + "/aide" })
	for _, chemin := range []string{"", "/api", "/collections", "/collections/lieux", "/collections/lieux/items?limit=1", "/collections/communes/items/82112"} {
		for _, accepte := range []string{mimeJSON, navigateur} {
			rep, corps := s.demander(t, http.MethodGet, "/aide/ogc"+chemin, "Accept", accepte)
			if rep.StatusCode != 200 || !bytes.Contains(corps, []byte(publique+"/aide/ogc")) || bytes.Contains(corps, []byte(publique+"/ogc")) || bytes.Contains(corps, []byte(`"/ogc`)) {
				t.Errorf("%s (%s): %d %.200s", chemin, accepte, rep.StatusCode, corps)
			}
		}
	}
	if rep, corps := s.demander(t, http.MethodGet, "/aide/ogc?toto=1"); rep.StatusCode != 400 || rep.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", rep.StatusCode, corps)
	}
}

// Which form browsers, GDAL, QGIS and the others are given.
func essaiNegociation(t *testing.T, s *site) {
	for accept, want := range map[string]string{
		"": mimeJSON, "*/*": mimeJSON, mimeJSON: mimeJSON, navigateur: mimeHTML, "text/html": mimeHTML,
		"application/json, text/html;q=0.5": mimeJSON, "text/html, application/json;q=0.9": mimeHTML, "text/html;q=0": mimeJSON,
		"text/html;q=x": mimeJSON, "application/xml": mimeJSON, "TEXT/HTML": mimeHTML, ";;,,q=": mimeJSON,
		"application/geo+json, application/json": mimeJSON,
		"text/html;q=0.5, */*;q=0.8":             mimeJSON, "text/html;q=0.5, application/*": mimeJSON, "text/html, */*": mimeHTML,
		"*/*, text/html;q=0.9, application/json;q=0.1": mimeHTML,
	} {
		rep, _ := s.demander(t, http.MethodGet, racine(), "Accept", accept)
		if got, _, _ := strings.Cut(rep.Header.Get("Content-Type"), ";"); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}

// A plus sign that a client does not escape is read as a space: the zone of an
// instant is still understood.
func essaiPlus(t *testing.T, s *site) {
	items := racine() + "/collections/lieux/items?limit=1&datetime="
	brut := lire[liste](t, s, items+"2024-08-02T01:00:00+02:00/2024-08-02T01:30:00+02:00", mimeGeoJSON)
	ecrit := lire[liste](t, s, items+url.QueryEscape("2024-08-02T01:00:00+02:00/2024-08-02T01:30:00+02:00"), mimeGeoJSON)
	if *brut.NumberMatched != *ecrit.NumberMatched || *brut.NumberMatched == 0 {
		t.Errorf("%d features, %d when it is escaped", *brut.NumberMatched, *ecrit.NumberMatched)
	}
	for _, faux := range []string{"2024-08-02%2001:00:00Z", "2024-08-02T01:00:00Z%20", "%202024-08-02T01:00:00Z"} {
		if rep, _ := s.demander(t, http.MethodGet, items+faux); rep.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", faux, rep.StatusCode)
		}
	}
}

// Every filter that the definition offers, with every value that a feature has
// or that the vocabulary names, keeps exactly the features that say so.
func essaiFiltres(t *testing.T, s *site) {
	for _, nom := range collections {
		items := racine() + "/collections/" + nom + "/items"
		tous, essais := s.tout(t, items+"?limit=1000"), 0
		for _, p := range s.definition(t).Paths.Find("/collections/" + nom + "/items").Get.Parameters {
			filtre := p.Value.Name
			if slices.Contains([]string{"f", "limit", "bbox", "datetime", "apres"}, filtre) {
				continue
			}
			parValeur := map[string]int{}
			for _, o := range tous {
				for _, v := range valeursDe(o.Properties[filtre], mednum.Champ(filtre).EstListe() || filtre == "familles") {
					parValeur[v]++
				}
			}
			if len(parValeur) > 12 { // names: a few of them
				for v := range parValeur {
					if len(parValeur) > 12 && !strings.ContainsAny(v, "+&'’éèÉ ") {
						delete(parValeur, v)
					}
				}
			}
			for v, n := range parValeur {
				essais++
				l := lire[liste](t, s, items+"?limit=1&"+url.Values{filtre: {v}}.Encode(), mimeGeoJSON)
				if *l.NumberMatched != n {
					t.Errorf("%s: %s=%q: %d features, want %d", nom, filtre, v, *l.NumberMatched, n)
				}
			}
		}
		if nom == "lieux" && essais < 100 {
			t.Errorf("%d filters tried: this proves little", essais)
		}
	}
}

func valeursDe(v any, liste bool) []string {
	switch v := v.(type) {
	case string:
		if liste {
			return strings.Split(v, "|")
		}
		return []string{v}
	case bool:
		return []string{fmt.Sprint(v)}
	}
	return nil
}

// A page to read holds a hundred features at most, and leads to all of them.
func essaiPagesHTML(t *testing.T, s *site) {
	adresse, n := racine()+"/collections/communes/items?limit=1000&f=html", 0
	for adresse != "" {
		rep, corps := s.demander(t, http.MethodGet, adresse)
		lus := bytes.Count(corps, []byte(`class="ogc-nom"`))
		if rep.StatusCode != 200 || lus > 100 {
			t.Fatalf("%s: %d, %d features", adresse, rep.StatusCode, lus)
		}
		n += lus
		adresse = ""
		if _, suite, ok := strings.Cut(string(corps), `<nav class="ogc-pages"`); ok {
			for lien := range strings.SplitSeq(suite, "<a ") {
				if href, reste, _ := strings.Cut(strings.TrimPrefix(lien, `class="bouton" href="`), `"`); strings.HasPrefix(reste, ` rel="next"`) {
					adresse = html.UnescapeString(href)
				}
			}
		}
	}
	if n != 195 {
		t.Errorf("%d communes", n)
	}
}

// Readers are answered while places change, each from one moment.
func TestEnMemeTemps(t *testing.T) {
	s := newSite(t)
	id := lire[liste](t, s, racine()+"/collections/lieux/items?limit=1", mimeGeoJSON).Features[0].ID
	var lecteurs sync.WaitGroup
	fini := make(chan struct{})
	for range 4 {
		lecteurs.Go(func() {
			for {
				select {
				case <-fini:
					return
				default:
				}
				if l := lire[liste](t, s, racine()+"/collections/lieux/items?limit=1000", mimeGeoJSON); len(l.Features) != *l.NumberMatched {
					t.Errorf("%d features of %d", len(l.Features), *l.NumberMatched)
				}
			}
		})
	}
	for n := range 20 {
		s.changer(t, id, func(l *mednum.Lieu) { l.Champs.Nom = fmt.Sprintf("Nom %d", n) })
		o := lire[objet](t, s, racine()+"/collections/lieux/items/"+id, mimeGeoJSON)
		if o.Properties["nom"] != fmt.Sprintf("Nom %d", n) {
			t.Errorf("%v after change %d", o.Properties["nom"], n)
		}
	}
	close(fini)
	lecteurs.Wait()
}

// FuzzDemande: whatever is asked, the answer is of the service, never of its
// failure, and an error names what is wrong.
func FuzzDemande(f *testing.F) {
	for _, q := range []string{
		"lieux/items?bbox=1,44,2,45&limit=5", "communes/items?bbox=179,-90,-179,90", "lieux/items?datetime=../2024-01-01T00:00:00Z", "lieux/items?apres=%00%ff",
		"lieux/items?services=a|b", "lieux/items/%2e%2e%2f", "communes/items/82112?f=html", "lieux/items?limit=-1&f=xml", "lieux/items?apres=zzzz&limit=1", "%zz", "lieux/items?f=html&apres=~", "x",
		"lieux/items?bbox=1e999,0,0,0", "lieux/items?commune=%F0%9F%92%A9&f=html", "lieux?%80",
	} {
		f.Add(q)
	}
	s := newSite(f)
	f.Fuzz(func(t *testing.T, suite string) {
		if strings.ContainsAny(suite, " \r\n\t#") || strings.ContainsFunc(suite, func(r rune) bool { return r < ' ' || r > 126 }) {
			return // not an address
		}
		if _, err := url.ParseRequestURI("/ogc/collections/" + suite); err != nil {
			return // not an address
		}
		rep, corps := s.demander(t, http.MethodGet, "/ogc/collections/"+suite)
		if rep.StatusCode >= 500 || rep.StatusCode == 400 && !bytes.Contains(corps, []byte("parametre")) && !bytes.Contains(corps, []byte("<html")) {
			t.Errorf("%q: %d %.200s", suite, rep.StatusCode, corps)
		}
	})
}

// BenchmarkObjets measures a page of 50 features of 30,000 places, as the whole
// site answers it.
func BenchmarkObjets(b *testing.B) {
	s := newSite(b)
	lieux := s.lieux.Lieux()
	var tous []mednum.Lieu
	for n := range 30_000 {
		l := lieux[n%len(lieux)].Lieu
		l.ID, l.Version = fmt.Sprintf("m%05d", n), 1
		tous = append(tous, l)
	}
	base := &beaucoup{Magasin: s.base, lieux: tous}
	var grandes *catalogue.Catalogue
	grand := newSite(b, func(c *web.Config) {
		var err error
		c.Catalogue, err = catalogue.Open(b.Context(), base, s.ter, c.Demarches, c.Now)
		check(b, err)
		grandes = c.Catalogue
	})
	grand.demander(b, http.MethodGet, "/ogc/collections/lieux/items?limit=1") // the first one encodes them all
	b.Run("after a change of one place", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			base.version++
			check(b, grandes.Actualiser(b.Context()))
			b.StartTimer()
			grand.demander(b, http.MethodGet, "/ogc/collections/lieux/items?limit=1")
		}
	})
	for _, q := range []string{"limit=50", "limit=1000", "limit=50&bbox=1.2,43.9,1.5,44.2", "limit=50&services=" + url.QueryEscape("Aide aux démarches administratives"), "limit=50&datetime=2024-01-01T00:00:00Z/..", "limit=1&apres=m29000"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				if rep, corps := grand.demander(b, http.MethodGet, "/ogc/collections/lieux/items?"+q); rep.StatusCode != 200 {
					b.Fatalf("%d %.200s", rep.StatusCode, corps)
				}
			}
		})
	}
}

// beaucoup is a store with as many places as a benchmark wants.
type beaucoup struct {
	store.Magasin
	lieux   []mednum.Lieu
	version int64
}

func (m *beaucoup) Lieux(context.Context) ([]mednum.Lieu, error) { return m.lieux, nil }

func (m *beaucoup) Version(context.Context) (int64, error) { return m.version, nil }

func (m *beaucoup) LieuxSauf(context.Context, map[string]int64) ([]mednum.Lieu, error) {
	l := m.lieux[0]
	l.Version, l.Seq = int(m.version)+1, m.version
	return []mednum.Lieu{l}, nil
}
