package web_test

import (
	"net/http"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// A proposed place has no page and no object, and nothing that lists places
// names it; who changed a place, and what waits for it, is on no page.
func TestRienDePrive(t *testing.T) {
	b := newBanc(t)
	auteur := catalogue.Edition{Auteur: "compte:SECRETAUTEUR", Voie: "app", Droits: []mednum.Habilitation{droit(mednum.PorteeTout, "")}}
	id, err := b.lieux.Proposer(t.Context(), auteur, map[mednum.Champ]string{
		"nom": "SECRETLIEU", "adresse": "3 rue Haute", "code_insee": moissac, "services": "Aide aux démarches administratives",
		"latitude": "44.1049", "longitude": "1.0849",
	})
	check(t, err)
	b.lieux.SetRelecture(true)
	publie := b.lieuDe(t, moissac).ID
	_, attente, err := b.lieux.Editer(t.Context(), publie, auteur, catalogue.Changement{
		Champs: map[mednum.Champ]string{"nom": "SECRETNOM", "telephone": "05 63 00 00 42"}, Verifie: true,
	})
	check(t, err)
	if attente == nil {
		t.Fatal("nothing waits")
	}
	for chemin, want := range map[string]int{
		"/lieux/" + id: http.StatusNotFound, "/api/v1/lieux/" + id: http.StatusNotFound,
		"/lieux/" + publie: http.StatusOK, "/api/v1/lieux/" + publie: http.StatusOK,
		"/lieux": http.StatusOK, "/communes/" + moissac: http.StatusOK, "/?q=Moissac": http.StatusOK, "/?q=secretlieu": http.StatusOK,
		"/api/v1/lieux": http.StatusOK, "/api/v1/lieux/proches?lat=44.1049&lon=1.0849": http.StatusOK, "/feuille?lieu=" + publie: http.StatusOK,
		"/donnees/lieux.csv": http.StatusOK, "/donnees/lieux.json": http.StatusOK, "/donnees/lieux.geojson": http.StatusOK,
		"/changements.atom": http.StatusOK, "/communes/" + moissac + "/changements.atom": http.StatusOK, "/epci/200066322/changements.atom": http.StatusOK,
		"/lieux/" + id + "/horaires.ics": http.StatusNotFound, "/lieux/" + publie + "/horaires.ics": http.StatusOK,
		"/donnees/catalogue.jsonld": http.StatusOK, "/sitemap.xml": http.StatusOK,
	} {
		rep, corps := b.get(t, chemin)
		if rep.StatusCode != want {
			t.Errorf("%s: %d, want %d", chemin, rep.StatusCode, want)
		}
		for _, secret := range []string{"SECRETAUTEUR", "SECRETLIEU", "SECRETNOM", "3 rue Haute"} {
			if strings.Contains(string(corps), secret) {
				t.Errorf("%s tells %s", chemin, secret)
			}
		}
		if want == http.StatusOK && strings.Contains(string(corps), id) {
			t.Errorf("%s names the proposal", chemin)
		}
	}
	if _, corps := b.get(t, "/api/v1/lieux/"+publie); !strings.Contains(string(corps), "+33563000042") {
		t.Error("the place was not changed: this test proves nothing")
	}
}
