package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/web"
)

// At /api a browser reads a page, and a program the description.
func TestAPINegociation(t *testing.T) {
	b := newBanc(t)
	for accept, want := range map[string]string{
		"text/html,application/xhtml+xml,*/*;q=0.8": "text/html; charset=utf-8", "*/*": "text/html; charset=utf-8", "": "text/html; charset=utf-8",
		"image/png":                         "text/html; charset=utf-8",
		"application/json":                  "application/json",
		"application/yaml":                  "application/yaml",
		"application/json, text/html;q=0.1": "application/json",
	} {
		rep, _ := b.get(t, "/api", "Accept", accept)
		if rep.StatusCode != 200 || rep.Header.Get("Content-Type") != want || !strings.Contains(rep.Header.Get("Vary"), "Accept") {
			t.Errorf("%q: %d %s, want %s", accept, rep.StatusCode, rep.Header.Get("Content-Type"), want)
		}
	}
}

// The two forms of the description say the same, to any page, and are asked
// again for nothing.
func TestOpenAPIServi(t *testing.T) {
	b := newBanc(t)
	var lus [2]any
	for i, format := range []string{"json", "yaml"} {
		rep, corps := b.get(t, "/api/openapi."+format)
		if rep.StatusCode != 200 || rep.Header.Get("Content-Type") != "application/"+format || rep.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", format, rep.StatusCode, rep.Header)
		}
		check(t, yaml.Unmarshal([]byte(corps), &lus[i])) // JSON is YAML
		if rep, corps := b.get(t, "/api/openapi."+format, "If-None-Match", rep.Header.Get("ETag")); rep.StatusCode != http.StatusNotModified || corps != "" {
			t.Errorf("%s: %d for the same tag", format, rep.StatusCode)
		}
	}
	if diff := cmp.Diff(lus[0], lus[1]); diff != "" {
		t.Error(diff)
	}
	if rep, _ := b.get(t, "/api/v1/lieux?limite=1"); !strings.Contains(rep.Header.Get("Link"), `<https://exemple.fr/api/openapi.json>; rel="service-desc"`) {
		t.Errorf("Link %q", rep.Header.Get("Link"))
	}
}

// The description holds the address of this service, its path included, and
// whom to write to when somebody said.
func TestOpenAPIAdresse(t *testing.T) {
	type document struct {
		Info    struct{ Contact map[string]string }
		Servers []struct{ URL string }
	}
	lire := func(t *testing.T, chemin string, change func(*web.Config)) (d document, texte string) {
		t.Helper()
		b := newBanc(t, change)
		_, texte = b.get(t, chemin)
		check(t, json.Unmarshal([]byte(texte), &d))
		return d, texte
	}
	d, texte := lire(t, "/aide/api/openapi.json", func(c *web.Config) {
		c.URLPublique = "https://mairie.exemple.org/aide"
		c.Territoire.Editeur.Nom, c.Territoire.Editeur.Courriel = `Le "Département": #1`, "numerique@exemple.org"
	})
	if len(d.Servers) != 1 || d.Servers[0].URL != "https://mairie.exemple.org/aide" || strings.Contains(texte, "https://exemple.fr") {
		t.Errorf("servers %v", d.Servers)
	}
	if d.Info.Contact["name"] != `Le "Département": #1` || d.Info.Contact["email"] != "numerique@exemple.org" {
		t.Errorf("contact %v", d.Info.Contact)
	}
	if d, _ := lire(t, "/api/openapi.json", func(c *web.Config) { c.Territoire.Editeur.Courriel = "" }); d.Info.Contact != nil {
		t.Errorf("nobody is to be written to: %v", d.Info.Contact)
	}
}

// The page says of each operation what the description does, and its forms ask
// for what exists.
func TestPageAPI(t *testing.T) {
	b := newBanc(t)
	k := b.contrat(t)
	rep, corps := b.get(t, "/api")
	if rep.StatusCode != 200 || strings.Contains(corps, "$ref") || strings.Contains(corps, "&lt;no value&gt;") {
		t.Fatal(rep.StatusCode)
	}
	for id, o := range k.operations {
		_, apres, ok := strings.Cut(corps, `<section class="operation" id="`+id+`"`)
		section, _, _ := strings.Cut(apres, "</section>")
		if !ok || !strings.Contains(section, o.chemin) {
			t.Errorf("%s is not on the page", id)
			continue
		}
		for _, p := range o.parametres {
			trouve := `name="` + p.nom + `"`
			if p.dans == "header" || o.methode == http.MethodPut {
				trouve = "<code>" + p.nom + "</code>"
			}
			if !strings.Contains(section, trouve) {
				t.Errorf("%s: no %s", id, p.nom)
			}
		}
		for statut := range o.reponses {
			if !strings.Contains(section, `<th scope="row">`+statut+`</th>`) {
				t.Errorf("%s: %s is not said", id, statut)
			}
		}
		if strings.Contains(section, "<form") != (o.methode == http.MethodGet) {
			t.Errorf("%s: a form for a change, or none for a read", id)
		}
	}
	for _, m := range []string{"curl -s -X PUT &#39;https://exemple.fr/api/v1/lieux/{id}/horaires&#39;", "<option>Gratuit sous condition</option>", `"nom": "France services de Moissac"`, `inputmode="decimal"`} {
		if !strings.Contains(strings.ReplaceAll(corps, "&#34;", `"`), m) {
			t.Errorf("%q is missing", m)
		}
	}
}

// A form cannot fill in a path: it is led to its address, never elsewhere.
func TestEssai(t *testing.T) {
	b := newBanc(t)
	for demande, want := range map[string]string{
		"operation=getLieu&id=tc662xwp&f=":                           "/api/v1/lieux/tc662xwp",
		"operation=getLieu&id=tc662xwp&f=geojson":                    "/api/v1/lieux/tc662xwp?f=geojson",
		"operation=getLieu&id=" + url.QueryEscape("//autre.fr/?x#y"): "/api/v1/lieux/%2F%2Fautre.fr%2F%3Fx%23y",
		"operation=getFichier&format=csv&autre=1":                    "/donnees/lieux.csv",
		"operation=getDescription&format=yaml":                       "/api/openapi.yaml",
	} {
		rep, _ := b.get(t, "/api/essai?"+demande)
		if rep.StatusCode != http.StatusSeeOther || rep.Header.Get("Location") != want {
			t.Errorf("%s: %d to %q, want %q", demande, rep.StatusCode, rep.Header.Get("Location"), want)
		}
	}
	for demande, parametre := range map[string]string{"": "operation", "operation=x": "operation", "operation=setHoraires&id=x": "operation", "operation=getLieu&id=": "id"} {
		rep, corps := b.get(t, "/api/essai?"+demande)
		if rep.StatusCode != http.StatusBadRequest || !strings.Contains(corps, `"parametre":"`+parametre+`"`) {
			t.Errorf("%q: %d %s", demande, rep.StatusCode, corps)
		}
	}
}

// A field of a form that is left empty is said to its reader by a page.
func TestEssaiFaute(t *testing.T) {
	b := newBanc(t)
	rep, corps := b.get(t, "/api/essai?operation=getLieu&id=", "Accept", "text/html,*/*;q=0.8")
	if rep.StatusCode != http.StatusBadRequest || rep.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(corps, "Remplissez ce champ") {
		t.Errorf("%d %s\n%.600s", rep.StatusCode, rep.Header.Get("Content-Type"), corps)
	}
}

// The files follow the list: a change is in the next one, and what has not
// changed is not sent again.
func TestExportSuit(t *testing.T) {
	b := newBanc(t)
	l := b.lieuDe(t, moissac)
	avant, _ := b.get(t, "/donnees/lieux.csv")
	if rep, corps := b.editer(t, b.demande(t, l.ID, b.jeton(t, droit(mednum.PorteeLieu, l.ID)))); rep.StatusCode != 200 {
		t.Fatal(corps)
	}
	for _, format := range []string{"csv", "json", "geojson"} {
		rep, corps := b.get(t, "/donnees/lieux."+format, "If-None-Match", avant.Header.Get("ETag"))
		if rep.StatusCode != 200 || !strings.Contains(corps, nouveaux) {
			t.Errorf("%s: %d, without the new hours", format, rep.StatusCode)
		}
		if rep, _ := b.get(t, "/donnees/lieux."+format, "If-None-Match", rep.Header.Get("ETag")); rep.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %d", format, rep.StatusCode)
		}
	}
	for _, chemin := range []string{"/donnees/lieux.xlsx", "/donnees/lieux-tableur.csv", "/donnees/communes/82112/lieux.xlsx", "/donnees/epci/200066322/lieux.json"} {
		rep, _ := b.get(t, chemin)
		if rep.StatusCode != 200 || rep.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(rep.Header.Get("Content-Disposition"), "attachment; filename=\"lieux-") {
			t.Errorf("%s: %d %v", chemin, rep.StatusCode, rep.Header)
		}
		if rep, _ := b.get(t, chemin, "If-None-Match", rep.Header.Get("ETag")); rep.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %d", chemin, rep.StatusCode)
		}
	}
}

// The page of a commune or of an EPCI leads to its files, and that of a commune
// without a place to no empty one.
func TestFichiersDesPages(t *testing.T) {
	b := newBanc(t)
	for _, chemin := range []string{"/communes/82112", "/epci/200066322"} {
		_, corps := b.get(t, chemin)
		for _, format := range []string{"csv", "json", "geojson", "xlsx"} {
			if fichier := "/donnees" + chemin + "/lieux." + format; !strings.Contains(corps, `href="`+fichier+`"`) {
				t.Errorf("%s does not lead to %s", chemin, fichier)
			} else if rep, _ := b.get(t, fichier); rep.StatusCode != 200 {
				t.Errorf("%s: %d", fichier, rep.StatusCode)
			}
		}
	}
	if _, corps := b.get(t, "/communes/82001"); !strings.Contains(corps, "aucun lieu d’aide") || strings.Contains(corps, "/donnees/communes/82001/") {
		t.Error("a commune without a place offers an empty file")
	}
}

// What is refused to a browser is a page, and to a program a problem.
func TestErreursOuvertes(t *testing.T) {
	b := newBanc(t)
	for _, tt := range []struct{ chemin, accept, want string }{
		{"/donnees/lieux.xls", "*/*", "application/problem+json"},
		{"/donnees/lieux.xls", "text/html,*/*", "text/html; charset=utf-8"},
		{"/API/V1/nulle-part", "text/html", "application/problem+json"},
		{"/nulle-part", "*/*", "text/html; charset=utf-8"},
	} {
		r := httptest.NewRequest(http.MethodGet, tt.chemin, nil)
		r.Header.Set("Accept", tt.accept)
		rep, _, err := demander(b.app, r)
		check(t, err)
		if rep.StatusCode != http.StatusNotFound || rep.Header.Get("Content-Type") != tt.want {
			t.Errorf("%s for %s: %d %s", tt.chemin, tt.accept, rep.StatusCode, rep.Header.Get("Content-Type"))
		}
	}
}
