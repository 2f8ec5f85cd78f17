package ogc_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// essaisCore are the abstract tests of OGC 17-069r4, annex A.2 (conformance
// class core), by their number, with the requirement that each one proves. The
// conformance classes geojson, html and oas30 follow.
var essaisCore = []struct {
	section, numero, nom string
	exigences            []string
	essai                func(*testing.T, *site)
}{
	{"A.2.1 General", "1", "/conf/core/http", []string{"/req/core/http"}, essaiHTTP},
	{"A.2.1 General", "2", "/conf/core/crs84", []string{"/req/core/crs84"}, essaiCRS84},
	{"A.2.2 Landing page", "3", "/conf/core/root-op", []string{"/req/core/root-op"}, essaiAccueil},
	{"A.2.2 Landing page", "4", "/conf/core/root-success", []string{"/req/core/root-success"}, essaiAccueilLiens},
	{"A.2.3 API definition", "5", "/conf/core/api-definition-op", []string{"/req/core/api-definition-op"}, essaiDefinition},
	{"A.2.3 API definition", "6", "/conf/core/api-definition-success", []string{"/req/core/api-definition-success"}, essaiDefinitionValide},
	{"A.2.4 Conformance", "7", "/conf/core/conformance-op", []string{"/req/core/conformance-op"}, essaiConformite},
	{"A.2.4 Conformance", "8", "/conf/core/conformance-success", []string{"/req/core/conformance-success"}, essaiClasses},
	{"A.2.5 Feature collections", "9", "/conf/core/fc-md-op", []string{"/req/core/fc-md-op"}, essaiCollections},
	{"A.2.5 Feature collections", "10", "/conf/core/fc-md-success", []string{"/req/core/fc-md-success", "/req/core/fc-md-links", "/req/core/fc-md-items", "/req/core/fc-md-items-links", "/req/core/fc-md-extent"}, essaiCollectionsContenu},
	{"A.2.6 Feature collection", "11", "/conf/core/sfc-md-op", []string{"/req/core/sfc-md-op"}, essaiCollection},
	{"A.2.6 Feature collection", "12", "/conf/core/sfc-md-success", []string{"/req/core/sfc-md-success"}, essaiCollectionPareille},
	{"A.2.7 Features", "13", "/conf/core/fc-op", []string{"/req/core/fc-op"}, essaiObjets},
	{"A.2.7 Features", "14", "/conf/core/fc-bbox-definition", []string{"/req/core/fc-bbox-definition"}, essaiBoiteDefinie},
	{"A.2.7 Features", "15", "/conf/core/fc-bbox-response", []string{"/req/core/fc-bbox-response"}, essaiBoite},
	{"A.2.7 Features", "16", "/conf/core/fc-limit-definition", []string{"/req/core/fc-limit-definition"}, essaiLimiteDefinie},
	{"A.2.7 Features", "17", "/conf/core/fc-limit-response", []string{"/req/core/fc-limit-response-1"}, essaiLimite},
	{"A.2.7 Features", "18", "/conf/core/fc-time-definition", []string{"/req/core/fc-time-definition"}, essaiTempsDefini},
	{"A.2.7 Features", "19", "/conf/core/fc-time-response", []string{"/req/core/fc-time-response"}, essaiTemps},
	{"A.2.7 Features", "20", "/conf/core/query-param-invalid", []string{"/req/core/query-param-invalid"}, essaiInvalides},
	{"A.2.7 Features", "21", "/conf/core/query-param-unknown", []string{"/req/core/query-param-unknown"}, essaiInconnus},
	{"A.2.7 Features", "22", "/conf/core/fc-response", []string{"/req/core/fc-response"}, essaiReponse},
	{"A.2.7 Features", "23", "/conf/core/fc-links", []string{"/req/core/fc-links", "/req/core/fc-rel-type"}, essaiLiens},
	{"A.2.7 Features", "24", "/conf/core/fc-timeStamp", []string{"/req/core/fc-timeStamp"}, essaiHorodatage},
	{"A.2.7 Features", "25", "/conf/core/fc-numberMatched", []string{"/req/core/fc-numberMatched"}, essaiNombreTotal},
	{"A.2.7 Features", "26", "/conf/core/fc-numberReturned", []string{"/req/core/fc-numberReturned"}, essaiNombreRendu},
	{"A.2.8 Feature", "27", "/conf/core/f-op", []string{"/req/core/f-op"}, essaiObjet},
	{"A.2.8 Feature", "28", "/conf/core/f-success", []string{"/req/core/f-success"}, essaiObjetContenu},
	{"A.2.8 Feature", "29", "/conf/core/f-links", []string{"/req/core/f-links"}, essaiObjetLiens},
	{"GeoJSON", "", "/conf/geojson/definition", []string{"/req/geojson/definition"}, essaiGeoJSON},
	{"GeoJSON", "", "/conf/geojson/content", []string{"/req/geojson/content"}, essaiGeoJSONContenu},
	{"HTML", "", "/conf/html/definition", []string{"/req/html/definition"}, essaiHTML},
	{"HTML", "", "/conf/html/content", []string{"/req/html/content"}, essaiHTMLContenu},
	{"OpenAPI 3.0", "", "/conf/oas30/completeness", []string{"/req/oas30/completeness"}, essaiCompletude},
	{"OpenAPI 3.0", "", "/conf/oas30/exception-codes", []string{"/req/oas30/exception-codes"}, essaiErreursDefinies},
	{"OpenAPI 3.0", "", "/conf/oas30/oas-definition-1", []string{"/req/oas30/oas-definition-1", "/req/oas30/oas-definition-2"}, essaiOpenAPI},
	{"OpenAPI 3.0", "", "/conf/oas30/oas-impl", []string{"/req/oas30/oas-impl"}, essaiImplemente},
	{"OpenAPI 3.0", "", "/conf/oas30/security", []string{"/req/oas30/security"}, essaiSansCle},
}

func TestConformite(t *testing.T) {
	s := newSite(t)
	for _, e := range essaisCore {
		t.Run(strings.TrimSpace(e.section+" "+e.numero+" "+e.nom), func(t *testing.T) { e.essai(t, s) })
	}
}

func racine() string { return publique + "/ogc" }

func (s *site) accueil(t *testing.T) liens { return lire[liens](t, s, racine(), mimeJSON) }

func (s *site) fiches(t *testing.T) []ficheCollection {
	return lire[struct{ Collections []ficheCollection }](t, s, s.accueil(t).trouver(t, "data", mimeJSON), mimeJSON).Collections
}

// chaque runs for every collection that the metadata describe, with the address
// of its features.
func (s *site) chaque(t *testing.T, faire func(t *testing.T, f ficheCollection, items string)) {
	for _, f := range s.fiches(t) {
		t.Run(f.ID, func(t *testing.T) { faire(t, f, f.trouver(t, "items", mimeGeoJSON)) })
	}
}

// 1: all tests go over HTTP 1.1; every resource answers HEAD and GET, refuses
// what is not a read, and says so.
func essaiHTTP(t *testing.T, s *site) {
	for _, chemin := range s.ressources(t) {
		get, corps := s.demander(t, http.MethodGet, chemin)
		head, vide := s.demander(t, http.MethodHead, chemin)
		if get.ProtoMajor != 1 || get.ProtoMinor != 1 || get.StatusCode != 200 || head.StatusCode != 200 || len(corps) == 0 || len(vide) != 0 {
			t.Errorf("%s: GET %d %s, HEAD %d with %d bytes", chemin, get.StatusCode, get.Proto, head.StatusCode, len(vide))
		}
		if post, _ := s.demander(t, http.MethodPost, chemin); post.StatusCode != 405 || post.Header.Get("Allow") == "" {
			t.Errorf("%s: POST %d", chemin, post.StatusCode)
		}
	}
}

// ressources is one address of each resource.
func (s *site) ressources(t *testing.T) []string {
	chemins := []string{racine(), racine() + "/conformance", racine() + "/api", racine() + "/collections"}
	for _, f := range s.fiches(t) {
		items := f.trouver(t, "items", mimeGeoJSON)
		premier := lire[liste](t, s, items+"?limit=1", mimeGeoJSON)
		chemins = append(chemins, f.trouver(t, "self", mimeJSON), items, items+"/"+premier.Features[0].ID)
	}
	return chemins
}

// 2: without another demand every coordinate is WGS 84 longitude and latitude:
// here, near Montauban.
func essaiCRS84(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, f ficheCollection, items string) {
		if len(f.CRS) != 1 || f.CRS[0] != "http://www.opengis.net/def/crs/OGC/1.3/CRS84" {
			t.Errorf("crs %v", f.CRS)
		}
		n := 0
		for _, o := range s.tout(t, items+"?limit=1000") {
			for _, p := range o.points(t) {
				n++
				if p[0] < 0 || p[0] > 3 || p[1] < 43 || p[1] > 45 {
					t.Fatalf("%s is at %v", o.ID, p)
				}
			}
		}
		if n == 0 {
			t.Error("no coordinate")
		}
	})
}

// 3: GET of the root is 200, then test 4.
func essaiAccueil(t *testing.T, s *site) {
	for _, adresse := range []string{racine(), racine() + "/"} {
		if rep, _ := s.demander(t, http.MethodGet, adresse); rep.StatusCode != 200 {
			t.Errorf("%s: %d", adresse, rep.StatusCode)
		}
	}
}

// 4: the links that the landing page has to hold, each leading somewhere.
func essaiAccueilLiens(t *testing.T, s *site) {
	l := s.accueil(t)
	for _, k := range []lien{
		{"", "self", mimeJSON},
		{"", "alternate", mimeHTML},
		{"", "service-desc", mimeOpenAPI},
		{"", "service-doc", mimeHTML},
		{"", "conformance", mimeJSON},
		{"", "conformance", mimeHTML},
		{"", "data", mimeJSON},
		{"", "data", mimeHTML},
	} {
		rep, _ := s.demander(t, http.MethodGet, l.trouver(t, k.Rel, k.Type))
		if got, _, _ := strings.Cut(rep.Header.Get("Content-Type"), "; charset"); rep.StatusCode != 200 || got != k.Type {
			t.Errorf("%v: %d %s", k, rep.StatusCode, got)
		}
	}
}

// 5: the definition is where the landing page says.
func essaiDefinition(t *testing.T, s *site) {
	for _, k := range []lien{{"", "service-desc", mimeOpenAPI}, {"", "service-doc", mimeHTML}} {
		if rep, corps := s.demander(t, http.MethodGet, s.accueil(t).trouver(t, k.Rel, k.Type)); rep.StatusCode != 200 || len(corps) < 1000 {
			t.Errorf("%s: %d, %d bytes", k.Rel, rep.StatusCode, len(corps))
		}
	}
}

func (s *site) definition(t testing.TB) *openapi3.T {
	t.Helper()
	_, corps := s.demander(t, http.MethodGet, racine()+"/api")
	d, err := openapi3.NewLoader().LoadFromData(corps)
	check(t, err)
	return d
}

// 6: the definition is what its media type says.
func essaiDefinitionValide(t *testing.T, s *site) {
	rep, _ := s.demander(t, http.MethodGet, racine()+"/api")
	if rep.Header.Get("Content-Type") != mimeOpenAPI {
		t.Errorf("Content-Type %q", rep.Header.Get("Content-Type"))
	}
	check(t, s.definition(t).Validate(context.Background()))
}

// 7: GET of the declaration is 200.
func essaiConformite(t *testing.T, s *site) {
	if rep, _ := s.demander(t, http.MethodGet, s.accueil(t).trouver(t, "conformance", mimeJSON)); rep.StatusCode != 200 {
		t.Errorf("%d", rep.StatusCode)
	}
}

// 8: the declaration lists the classes that these tests prove, and no other.
func essaiClasses(t *testing.T, s *site) {
	d := lire[struct{ ConformsTo []string }](t, s, racine()+"/conformance", mimeJSON)
	want := []string{}
	for _, classe := range []string{"core", "geojson", "html", "oas30"} {
		want = append(want, "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"+classe)
	}
	if diff := cmp.Diff(want, d.ConformsTo); diff != "" {
		t.Error(diff)
	}
}

// 9: GET of the collections is 200.
func essaiCollections(t *testing.T, s *site) {
	if rep, _ := s.demander(t, http.MethodGet, s.accueil(t).trouver(t, "data", mimeJSON)); rep.StatusCode != 200 {
		t.Errorf("%d", rep.StatusCode)
	}
}

// 10: every collection is there, with its links; its extent holds all of its
// features.
func essaiCollectionsContenu(t *testing.T, s *site) {
	l := lire[liens](t, s, racine()+"/collections", mimeJSON)
	l.trouver(t, "self", mimeJSON)
	l.trouver(t, "alternate", mimeHTML)
	var noms []string
	s.chaque(t, func(t *testing.T, f ficheCollection, items string) {
		noms = append(noms, f.ID)
		f.trouver(t, "items", mimeHTML)
		if f.Title == "" || f.Description == "" || f.ItemType != "feature" {
			t.Errorf("%+v", f)
		}
		b := f.Extent.Spatial.Bbox[0]
		for _, o := range s.tout(t, items) {
			for _, p := range o.points(t) {
				if p[0] < b[0] || p[1] < b[1] || p[0] > b[2] || p[1] > b[3] {
					t.Errorf("%s at %v is out of %v", o.ID, p, b)
				}
			}
			if f.ID == "communes" {
				continue
			}
			jour, i := o.Properties["date_maj"].(string), f.Extent.Temporal.Interval[0]
			if jour < i[0][:10] || jour > i[1][:10] {
				t.Errorf("%s of %s is out of %v", o.ID, jour, i)
			}
		}
		if f.ID == "communes" && f.Extent.Temporal != nil {
			t.Error("communes have no date")
		}
	})
	if diff := cmp.Diff(collections, noms); diff != "" {
		t.Error(diff)
	}
}

// 11: GET of each collection is 200; one that is not there is 404.
func essaiCollection(t *testing.T, s *site) {
	for _, nom := range collections {
		if rep, _ := s.demander(t, http.MethodGet, racine()+"/collections/"+nom); rep.StatusCode != 200 {
			t.Errorf("%s: %d", nom, rep.StatusCode)
		}
	}
	for _, fin := range []string{"", "/items", "/items/x"} {
		rep, corps := s.demander(t, http.MethodGet, racine()+"/collections/nulle"+fin)
		if rep.StatusCode != 404 || !strings.Contains(string(corps), "Celles qui existent") {
			t.Errorf("%s: %d %s", fin, rep.StatusCode, corps)
		}
	}
}

// 12: a collection alone says what the list says of it.
func essaiCollectionPareille(t *testing.T, s *site) {
	for _, brute := range lire[struct{ Collections []json.RawMessage }](t, s, racine()+"/collections", mimeJSON).Collections {
		var f ficheCollection
		check(t, json.Unmarshal(brute, &f))
		if _, seule := s.demander(t, http.MethodGet, racine()+"/collections/"+f.ID); string(seule) != string(brute) {
			t.Errorf("%s alone:\n%s\nin the list:\n%s", f.ID, seule, brute)
		}
	}
}

// 13: GET of the features of each collection is 200, and test 22; the other
// parameters are tests 14 to 21.
func essaiObjets(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		if l := lire[liste](t, s, items, mimeGeoJSON); len(l.Features) == 0 {
			t.Error("nothing")
		}
	})
}

// parametre is the definition of a query parameter of a collection's features.
func (s *site) parametre(t *testing.T, collection, nom string) *openapi3.Parameter {
	t.Helper()
	get := s.definition(t).Paths.Find("/collections/" + collection + "/items").Get
	p := get.Parameters.GetByInAndName("query", nom)
	if p == nil || p.Required || p.Style != "form" || p.Explode == nil || *p.Explode {
		t.Fatalf("%s of %s: %+v", nom, collection, p)
	}
	return p
}

// 14: bbox is an array of four or six numbers.
func essaiBoiteDefinie(t *testing.T, s *site) {
	for _, nom := range collections {
		p := s.parametre(t, nom, "bbox").Schema.Value
		if !p.Type.Is("array") || !p.Items.Value.Type.Is("number") || len(p.OneOf) != 2 ||
			p.OneOf[0].Value.MinItems != 4 || *p.OneOf[0].Value.MaxItems != 4 || p.OneOf[1].Value.MinItems != 6 || *p.OneOf[1].Value.MaxItems != 6 {
			t.Errorf("%s: %+v", nom, p)
		}
	}
}

// 15: only features whose geometry meets the box, and all that have none.
func essaiBoite(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		tous := s.tout(t, items+"?limit=1000")
		for _, boite := range []string{"1.2,43.9,1.5,44.2", "1.2,43.9,-100,1.5,44.2,9000", "-10,40,10,50", "170,-50,-170,50", "1.35,44.01,1.36,44.02", "1,44,1,44"} {
			got := s.tout(t, items+"?limit=7&bbox="+boite)
			rendus := map[string]bool{}
			for _, o := range got {
				rendus[o.ID] = true
			}
			b := nombres(t, boite)
			for _, o := range tous {
				if want := touche(t, &o, b); rendus[o.ID] != want {
					t.Errorf("%s: %s is there: %t, want %t", boite, o.ID, rendus[o.ID], want)
				}
			}
		}
	})
}

// 16: limit is a whole number with limits and a default.
func essaiLimiteDefinie(t *testing.T, s *site) {
	for _, nom := range collections {
		p := s.parametre(t, nom, "limit").Schema.Value
		if !p.Type.Is("integer") || p.Min == nil || *p.Min != 1 || p.Max == nil || *p.Max != 1000 || p.Default == nil {
			t.Errorf("%s: %+v", nom, p)
		}
	}
}

// 17: no more features than the limit, nor than the maximum, over which it is
// no error.
func essaiLimite(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		total := *lire[liste](t, s, items, mimeGeoJSON).NumberMatched
		for limite, want := range map[string]int{"": min(50, total), "1": 1, "2": min(2, total), "50": min(50, total), "1000": total, "1001": total, "99999999999999999999": total} {
			adresse := items
			if limite != "" {
				adresse += "?limit=" + limite
			}
			if got := len(lire[liste](t, s, adresse, mimeGeoJSON).Features); got != want {
				t.Errorf("limit %q: %d features, want %d", limite, got, want)
			}
		}
	})
}

// 18: datetime is a text.
func essaiTempsDefini(t *testing.T, s *site) {
	for _, nom := range collections {
		if p := s.parametre(t, nom, "datetime").Schema.Value; !p.Type.Is("string") {
			t.Errorf("%s: %+v", nom, p)
		}
	}
}

// 19: only features whose day meets the instant or the interval, and all that
// have none.
func essaiTemps(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, f ficheCollection, items string) {
		tous := s.tout(t, items+"?limit=1000")
		for _, tt := range []struct{ datetime, du, au string }{
			{"2024-08-01T00:00:00Z", "2024-08-01", "2024-08-01"},
			{"2024-08-01T23:59:59.999Z", "2024-08-01", "2024-08-01"},
			{"2024-08-02T01:00:00+02:00", "2024-08-01", "2024-08-01"},
			{"2024-08-01t12:00:00z", "2024-08-01", "2024-08-01"},
			{"2022-01-01T00:00:00Z/2023-12-31T23:59:59Z", "2022-01-01", "2023-12-31"},
			{"2022-01-01T00:00:00Z/2023-12-31T00:00:00Z", "2022-01-01", "2023-12-31"},
			{"../2023-06-30T00:00:00Z", "", "2023-06-30"},
			{"/2023-06-30T00:00:00Z", "", "2023-06-30"},
			{"2023-07-01T00:00:00Z/..", "2023-07-01", "9999"},
			{"2023-07-01T00:00:00Z/", "2023-07-01", "9999"},
			{"2024-08-01", "2024-08-01", "2024-08-01"},
			{"2024-08-01T", "2024-08-01", "2024-08-01"}, // as GDAL 3.6 writes a date
			{"2022-01-01/2023-12-31", "2022-01-01", "2023-12-31"},
			{"2023-07-01/..", "2023-07-01", "9999"},
			{"../2023-06-30", "", "2023-06-30"},
			{"1999-01-01T00:00:00Z", "1999-01-01", "1999-01-01"},
			{"2024-08-02T00:00:00Z/..", "2024-08-02", "9999"}, // many places are of the day before
			{"../2024-07-31T23:59:59Z", "", "2024-07-31"},
		} {
			want := 0
			for _, o := range tous {
				if jour, ok := o.Properties["date_maj"].(string); !ok || jour >= tt.du && jour <= tt.au {
					want++
				}
			}
			if got := len(s.tout(t, items+"?limit=1000&datetime="+url.QueryEscape(tt.datetime))); got != want {
				t.Errorf("%s: %d features, want %d", tt.datetime, got, want)
			}
			if f.ID == "lieux" && tt.du == "2022-01-01" && (want == 0 || want == len(tous)) {
				t.Error("the interval chooses nothing")
			}
		}
	})
}

// 20: an invalid value is 400, and its parameter is named, in French.
func essaiInvalides(t *testing.T, s *site) {
	for parametre, valeurs := range map[string][]string{
		"limit":    {"0", "-1", "x", "1.5", "", "+5", "1e2", "٣"},
		"bbox":     {"1,2,3", "1,2,3,4,5", "a,b,c,d", "", "1,44,2,43", "-181,0,0,1", "0,-91,0,1", "0,0,181,1", "NaN,0,1,1", "Inf,0,1,1", "0,0,9,1,1,1", "1,2,3,4,5,6,7"},
		"datetime": {"hier", "2024-08-1", "2024-02-30", "", "..", "/", "../..", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "2024-08-02T00:00:00Z/2024-08-01T00:00:00Z", "2024-08-01T00:00:00", "a/b/c", "2024-08-01T00:00:00Z/2024-08-02T00:00:00Z/.."},
		"f":        {"xml", "", "JSON"},
		"services": {"Aide", "", "|"}, "familles": {"x"}, "hors_territoire": {"oui"},
	} {
		for _, valeur := range valeurs {
			rep, corps := s.demander(t, http.MethodGet, racine()+"/collections/lieux/items?"+url.Values{parametre: {valeur}}.Encode())
			exigerProbleme(t, rep, corps, parametre)
		}
	}
	for _, q := range []string{"limit=1&limit=2", "%zz", "a;b"} {
		if rep, corps := s.demander(t, http.MethodGet, racine()+"/collections/lieux/items?"+q); rep.StatusCode != 400 {
			t.Errorf("%s: %d %s", q, rep.StatusCode, corps)
		}
	}
}

func exigerProbleme(t *testing.T, rep *http.Response, corps []byte, parametre string) {
	t.Helper()
	var p struct{ Title, Detail, Parametre string }
	if err := json.Unmarshal(corps, &p); err != nil || rep.StatusCode != 400 || rep.Header.Get("Content-Type") != "application/problem+json" || p.Parametre != parametre || p.Title == "" || p.Detail == "" {
		t.Errorf("%s: %d %s", rep.Request.URL, rep.StatusCode, corps)
	}
}

// 21: a parameter that the definition does not have is 400, on every resource.
func essaiInconnus(t *testing.T, s *site) {
	for _, chemin := range append(s.ressources(t), racine()+"/api.html") {
		for _, nom := range []string{"inconnu", "LIMIT", "crs", "bbox-crs", "offset"} {
			rep, corps := s.demander(t, http.MethodGet, chemin+"?"+nom+"=1", "Accept", mimeJSON)
			if rep.StatusCode != 400 || !strings.Contains(string(corps), nom) {
				t.Errorf("%s?%s: %d %s", chemin, nom, rep.StatusCode, corps)
			}
		}
	}
}

// 22: type and features, and only what was asked for.
func essaiReponse(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		l := lire[liste](t, s, items, mimeGeoJSON)
		if l.Type != "FeatureCollection" || l.Features == nil {
			t.Errorf("type %q", l.Type)
		}
		for _, o := range l.Features {
			if o.Type != "Feature" || o.ID == "" {
				t.Errorf("%+v", o)
			}
		}
	})
	for filtre, propriete := range map[string]string{"commune=Moissac": "commune", "code_insee=82112": "code_insee", "services=" + url.QueryEscape("Aide aux démarches administratives"): "services", "itinerance=" + url.QueryEscape("Itinérant"): "itinerance", "hors_territoire=true": "hors_territoire"} {
		nom, valeur, _ := strings.Cut(filtre, "=")
		valeur, err := url.QueryUnescape(valeur)
		check(t, err)
		want := map[string]bool{}
		for _, o := range s.tout(t, racine()+"/collections/lieux/items?limit=1000") {
			texte, _ := o.Properties[propriete].(string)
			if vrai, ok := o.Properties[propriete].(bool); ok {
				texte = map[bool]string{true: "true", false: "false"}[vrai]
			}
			if slices.Contains(strings.Split(texte, "|"), valeur) {
				want[o.ID] = true
			}
		}
		got := map[string]bool{}
		for _, o := range s.tout(t, racine()+"/collections/lieux/items?limit=3&"+filtre) {
			got[o.ID] = true
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
			t.Errorf("%s (%d): %s", nom, len(got), diff)
		}
	}
}

// 23: itself and its other form; the next page as long as there is one; every
// link has a relation and a type.
func essaiLiens(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		adresse, n := items+"?limit=20", 0
		for adresse != "" {
			l := lire[liste](t, s, adresse, mimeGeoJSON)
			n += len(l.Features)
			if soi := l.trouver(t, "self", mimeGeoJSON); soi != adresse && n == len(l.Features) {
				t.Errorf("self is %s, asked %s", soi, adresse)
			}
			page := l.trouver(t, "alternate", mimeHTML)
			if rep, _ := s.demander(t, http.MethodGet, page); rep.StatusCode != 200 || !strings.HasPrefix(rep.Header.Get("Content-Type"), mimeHTML) {
				t.Errorf("%s: %d", page, rep.StatusCode)
			}
			adresse = ""
			for _, k := range l.Links {
				if k.Rel == "" || k.Type == "" || !strings.HasPrefix(k.Href, "https://") {
					t.Errorf("link %+v", k)
				}
				if k.Rel == "next" {
					adresse = k.Href
				}
			}
			if last := n == *l.NumberMatched; last != (adresse == "") {
				t.Errorf("after %d of %d: next %q", n, *l.NumberMatched, adresse)
			}
		}
	})
}

// 24: the time stamp is when the answer was made.
func essaiHorodatage(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		le, err := time.Parse(time.RFC3339, lire[liste](t, s, items, mimeGeoJSON).TimeStamp)
		if err != nil || !le.Equal(mardi) {
			t.Errorf("%v, %v", le, err)
		}
	})
}

// 25: numberMatched is how many there are over all pages.
func essaiNombreTotal(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		for _, q := range []string{"?limit=9", "?limit=9&bbox=1.2,43.9,1.5,44.2", "?limit=9&datetime=../2023-06-30T00:00:00Z"} {
			if want, got := len(s.tout(t, items+q)), *lire[liste](t, s, items+q, mimeGeoJSON).NumberMatched; got != want {
				t.Errorf("%s: %d, want %d", q, got, want)
			}
		}
	})
}

// 26: numberReturned is how many the answer holds.
func essaiNombreRendu(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		for _, q := range []string{"", "?limit=3", "?limit=1000", "?bbox=170,-50,-170,50"} {
			if l := lire[liste](t, s, items+q, mimeGeoJSON); *l.NumberReturned != len(l.Features) {
				t.Errorf("%s: %d, want %d", q, *l.NumberReturned, len(l.Features))
			}
		}
	})
}

// 27 and 28: every feature of every collection has its own address, and is the
// same there.
func essaiObjet(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		for _, o := range s.tout(t, items+"?limit=1000") {
			if rep, _ := s.demander(t, http.MethodGet, items+"/"+url.PathEscape(o.ID)); rep.StatusCode != 200 {
				t.Errorf("%s: %d", o.ID, rep.StatusCode)
			}
		}
		if rep, corps := s.demander(t, http.MethodGet, items+"/inconnu"); rep.StatusCode != 404 {
			t.Errorf("inconnu: %d %s", rep.StatusCode, corps)
		}
	})
}

func essaiObjetContenu(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		for _, o := range s.tout(t, items+"?limit=1000") {
			seul := lire[objet](t, s, items+"/"+o.ID, mimeGeoJSON)
			seul.Links = nil
			if diff := cmp.Diff(o, seul, cmp.AllowUnexported(objet{})); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// 29: itself, its other form, and its collection.
func essaiObjetLiens(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, f ficheCollection, items string) {
		id := lire[liste](t, s, items+"?limit=1", mimeGeoJSON).Features[0].ID
		o := lire[objet](t, s, items+"/"+id, mimeGeoJSON)
		for _, k := range []lien{{"", "self", mimeGeoJSON}, {"", "alternate", mimeHTML}, {"", "collection", mimeJSON}, {"", "collection", mimeHTML}} {
			if rep, _ := s.demander(t, http.MethodGet, o.trouver(t, k.Rel, k.Type)); rep.StatusCode != 200 {
				t.Errorf("%v: %d", k, rep.StatusCode)
			}
		}
		if got := o.trouver(t, "collection", mimeJSON); got != racine()+"/collections/"+f.ID {
			t.Errorf("collection is %s", got)
		}
	})
}
