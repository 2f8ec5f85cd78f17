package ogc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// nombres reads a bbox of four or six numbers: west, south, east, north.
func nombres(t *testing.T, boite string) [4]float64 {
	t.Helper()
	var v []float64
	for m := range strings.SplitSeq(boite, ",") {
		n, err := strconv.ParseFloat(m, 64)
		check(t, err)
		v = append(v, n)
	}
	if len(v) == 6 {
		v = []float64{v[0], v[1], v[3], v[4]}
	}
	return [4]float64(v)
}

// touche is whether a feature meets a box, by a way of its own: an outline is
// walked in steps of a few metres, which no side of the boxes of these tests
// falls between.
func touche(t *testing.T, o *objet, b [4]float64) bool {
	if o.Geometry == nil {
		return true
	}
	dans := func(x, y float64) bool {
		largeur := x >= b[0] && x <= b[2]
		if b[0] > b[2] {
			largeur = x >= b[0] || x <= b[2]
		}
		return largeur && y >= b[1] && y <= b[3]
	}
	if o.Geometry.Type == "MultiPoint" {
		return slices.ContainsFunc(o.points(t), func(p []float64) bool { return dans(p[0], p[1]) })
	}
	dedans := false // of the first corner: how many edges are crossed to the east
	for _, anneau := range o.lignes(t) {
		for i := 1; i < len(anneau); i++ {
			p, q := anneau[i-1], anneau[i]
			const pas = 2000
			for n := range pas + 1 {
				u := float64(n) / pas
				if dans(p[0]+u*(q[0]-p[0]), p[1]+u*(q[1]-p[1])) {
					return true
				}
			}
			if (p[1] > b[1]) != (q[1] > b[1]) && b[0] < (q[0]-p[0])*(b[1]-p[1])/(q[1]-p[1])+p[0] {
				dedans = !dedans
			}
		}
	}
	return dedans
}

// Every resource exists as GeoJSON, asked for by Accept as GDAL and QGIS do.
func essaiGeoJSON(t *testing.T, s *site) {
	for _, chemin := range s.ressources(t) {
		rep, _ := s.demander(t, http.MethodGet, chemin, "Accept", "application/geo+json, application/json")
		want := mimeJSON
		switch {
		case strings.Contains(chemin, "/items"):
			want = mimeGeoJSON
		case strings.HasSuffix(chemin, "/api"):
			want = mimeOpenAPI
		}
		if rep.StatusCode != 200 || rep.Header.Get("Content-Type") != want || !strings.Contains(rep.Header.Get("Vary"), "Accept") {
			t.Errorf("%s: %d %s, Vary %q", chemin, rep.StatusCode, rep.Header.Get("Content-Type"), rep.Header.Get("Vary"))
		}
	}
}

// RFC 7946: rings are closed, the outer one counterclockwise, and every layer
// is of one geometry and of one set of properties, each of one type.
func essaiGeoJSONContenu(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, f ficheCollection, items string) {
		genre, types := "MultiPoint", map[string]string{}
		if f.ID == "communes" {
			genre = "MultiPolygon"
		}
		for i, o := range s.tout(t, items+"?limit=1000") {
			if o.Geometry != nil && o.Geometry.Type != genre {
				t.Errorf("%s is a %s", o.ID, o.Geometry.Type)
			}
			for nom, v := range o.Properties {
				typ := map[bool]string{true: "text"}[v == nil]
				switch v.(type) {
				case string:
					typ = "text"
				case bool:
					typ = "boolean"
				case float64:
					typ = "number"
				}
				if i > 0 && types[nom] != typ || typ == "" {
					t.Errorf("%s: %s is %q, and was %q", o.ID, nom, typ, types[nom])
				}
				types[nom] = typ
			}
			if len(types) != len(o.Properties) {
				t.Errorf("%s has %d properties of %d", o.ID, len(o.Properties), len(types))
			}
			if genre == "MultiPolygon" && aire(o.lignes(t)[0]) <= 0 {
				t.Errorf("%s: the outline is clockwise, or nothing", o.ID)
			}
		}
	})
}

// aire is twice the area of a ring, positive when counterclockwise, 0 when it is
// not closed.
func aire(anneau [][]float64) (somme float64) {
	for i := 1; i < len(anneau); i++ {
		somme += anneau[i-1][0]*anneau[i][1] - anneau[i][0]*anneau[i-1][1]
	}
	if !slices.Equal(anneau[0], anneau[len(anneau)-1]) {
		return 0
	}
	return somme
}

const navigateur = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

// Every resource exists as HTML, asked for by Accept as browsers do, or by f.
func essaiHTML(t *testing.T, s *site) {
	for _, chemin := range s.ressources(t) {
		_, parF := s.demander(t, http.MethodGet, chemin+"?f=html")
		rep, parAccept := s.demander(t, http.MethodGet, chemin, "Accept", navigateur)
		if rep.StatusCode != 200 || !strings.HasPrefix(rep.Header.Get("Content-Type"), mimeHTML) || !bytes.Contains(parAccept, []byte("<html")) || !bytes.Contains(parF, []byte("<html")) {
			t.Errorf("%s: %d %s", chemin, rep.StatusCode, rep.Header.Get("Content-Type"))
		}
		if rep, _ := s.demander(t, http.MethodGet, chemin+"?f=json", "Accept", navigateur); strings.HasPrefix(rep.Header.Get("Content-Type"), mimeHTML) {
			t.Errorf("%s: f=json gives a page", chemin)
		}
	}
	rep, corps := s.demander(t, http.MethodGet, racine()+"/collections/lieux/items?toto=1", "Accept", navigateur)
	if rep.StatusCode != 400 || !bytes.Contains(corps, []byte("<html")) {
		t.Errorf("an error in a browser: %d %.100s", rep.StatusCode, corps)
	}
}

// The body of a page holds all that the document says, and its links.
func essaiHTMLContenu(t *testing.T, s *site) {
	s.chaque(t, func(t *testing.T, _ ficheCollection, items string) {
		id := lire[liste](t, s, items+"?limit=1", mimeGeoJSON).Features[0].ID
		o := lire[objet](t, s, items+"/"+id, mimeGeoJSON)
		for _, page := range []string{items + "/" + id + "?f=html", items + "?f=html&limit=1"} {
			_, corps := s.demander(t, http.MethodGet, page)
			texte := html.UnescapeString(string(corps))
			for nom, v := range o.Properties {
				if t1, ok := v.(string); !strings.Contains(texte, ">"+nom+"<") || ok && !strings.Contains(texte, t1) {
					t.Errorf("%s does not say %s: %v", page, nom, v)
				}
			}
			if o.Geometry != nil && !strings.Contains(texte, string(o.Geometry.Coordinates)) {
				t.Errorf("%s: no geometry", page)
			}
		}
	})
	for _, chemin := range s.ressources(t) {
		var l liens
		_, document := s.demander(t, http.MethodGet, chemin)
		check(t, json.Unmarshal(document, &l))
		_, corps := s.demander(t, http.MethodGet, chemin+"?f=html")
		for _, k := range l.Links {
			nu, _, _ := strings.Cut(k.Href, "?")
			if !strings.Contains(html.UnescapeString(string(corps)), nu) {
				t.Errorf("%s: no anchor to %s", chemin, k.Href)
			}
		}
	}
}

// The definition has every resource that the service has.
func essaiCompletude(t *testing.T, s *site) {
	d := s.definition(t)
	for _, chemin := range []string{"/", "/conformance", "/api", "/collections"} {
		if d.Paths.Find(chemin) == nil {
			t.Errorf("no path %s", chemin)
		}
	}
	for _, nom := range collections {
		for _, fin := range []string{"", "/items", "/items/{featureId}"} {
			if d.Paths.Find("/collections/"+nom+fin) == nil {
				t.Errorf("no path %s%s", nom, fin)
			}
		}
	}
	if n := d.Paths.Len(); n != 4+3*len(collections) {
		t.Errorf("%d paths", n)
	}
}

// Every operation names the errors that it may answer.
func essaiErreursDefinies(t *testing.T, s *site) {
	for chemin, p := range s.definition(t).Paths.Map() {
		for _, code := range []int{400, 404, 410, 429, 431, 500, 503} {
			if p.Get.Responses.Status(code) == nil {
				t.Errorf("%s does not name %d", chemin, code)
			}
		}
	}
}

// The definition is valid OpenAPI 3.0, in JSON and as a page.
func essaiOpenAPI(t *testing.T, s *site) {
	d := s.definition(t)
	check(t, d.Validate(context.Background()))
	if !strings.HasPrefix(d.OpenAPI, "3.0.") || d.Servers[0].URL != racine() {
		t.Errorf("openapi %s, servers %v", d.OpenAPI, d.Servers[0].URL)
	}
	_, page := s.demander(t, http.MethodGet, racine()+"/api.html")
	for chemin := range d.Paths.Map() {
		if !strings.Contains(string(page), "GET "+chemin+"<") {
			t.Errorf("the page does not name %s", chemin)
		}
	}
}

// Every answer is as the definition says, errors too.
func essaiImplemente(t *testing.T, s *site) {
	d := s.definition(t)
	routeur, err := legacy.NewRouter(d)
	check(t, err)
	for _, mime := range []string{mimeGeoJSON, mimeOpenAPI} {
		nu, _, _ := strings.Cut(mime, ";")
		openapi3filter.RegisterBodyDecoder(nu, openapi3filter.JSONBodyDecoder)
	}
	chemins := s.ressources(t)
	for _, nom := range collections {
		items := racine() + "/collections/" + nom + "/items"
		chemins = append(chemins, items+"?limit=1000", items+"?bbox=1,44,2,45&limit=2", items+"?toto=1", items+"?limit=0", items+"/inconnu")
	}
	for _, chemin := range chemins {
		rep, corps := s.demander(t, http.MethodGet, chemin)
		r := httptest.NewRequest(http.MethodGet, strings.Replace(chemin, racine()+"?", racine()+"/?", 1), nil)
		if chemin == racine() {
			r = httptest.NewRequest(http.MethodGet, racine()+"/", nil)
		}
		route, params, err := routeur.FindRoute(r)
		if err != nil {
			t.Errorf("%s: %v", chemin, err)
			continue
		}
		err = openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
			Status:                 rep.StatusCode, Header: rep.Header, Body: rep.Body,
			Options: &openapi3filter.Options{IncludeResponseStatus: true},
		})
		if err != nil {
			t.Errorf("%s: %v\n%.300s", chemin, err, corps)
		}
	}
}

// No key is needed, and the definition asks for none.
func essaiSansCle(t *testing.T, s *site) {
	d := s.definition(t)
	if len(d.Security) != 0 || len(d.Components.SecuritySchemes) != 0 {
		t.Errorf("%v", d.Security)
	}
}
