package web_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/web"
)

// Places that the scenarios change; the rest stays as it is shipped.
const (
	lieuExemple = "tc662xwp" // France services de Moissac
	lieuReuni   = "9dvwp23x"
	lieuRetire  = "n8j5nv2c"
	lieuRiche   = "h2kdw2f9"
)

func bancContrat(t *testing.T) (banc, *contrat) {
	t.Helper()
	b := newBanc(t, func(c *web.Config) { c.Debit = 1_000_000 })
	k := b.contrat(t)
	b.reviser(t, lieuReuni, func(l *mednum.Lieu) { l.Statut, l.Vers = mednum.StatutFusionne, lieuExemple })
	b.reviser(t, lieuRetire, func(l *mednum.Lieu) { l.Statut = mednum.StatutRetire })
	b.reviser(t, lieuRiche, enrichir)
	check(t, b.lieux.Actualiser(t.Context()))
	return b, k
}

func (b banc) reviser(t *testing.T, id string, change func(*mednum.Lieu)) {
	t.Helper()
	l, err := b.base.Lieu(t.Context(), id)
	check(t, err)
	change(&l)
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: id, Version: l.Version + 1, Apres: l, Voie: "cli"}))
}

// enrichir fills in every field that a place may have.
func enrichir(l *mednum.Lieu) {
	lat, lon := 44.018, 1.355
	un := func(c mednum.Champ) []string { return mednum.Vocabulaire(c)[:1] }
	f := &l.Champs
	f.ComplementAdresse, f.SiteWeb, f.StructureParente = "Bâtiment B", []string{"https://exemple.fr"}, "Mairie"
	l.Langues = []string{"ar", "fsl"}
	f.PresentationResume, f.PresentationDetail = "Un lieu.", "Un lieu, en détail."
	f.Publics, f.PriseEnCharge, f.FormationsLabels = un(mednum.ChampPublics), un(mednum.ChampPriseEnCharge), un(mednum.ChampFormationsLabels)
	f.AutresFormationsLabels, f.ModalitesAccompagn = []string{"Une autre"}, un(mednum.ChampModalitesAccompagn)
	f.FicheAccesLibre, f.PriseRDV = "https://acceslibre.beta.gouv.fr/app/x", "https://exemple.fr/rdv"
	l.Statut, l.Fermeture = mednum.StatutFerme, &mednum.Fermeture{Le: mednum.DateOf(mardi), Motif: "Travaux"}
	l.VerifieLe, l.VerifiePar = mednum.DateOf(mardi), "Quelqu’un"
	heures := mednum.Permanence{
		ID: "2222cccc", Intitule: "Atelier", Regle: "Mo 09:00-12:00", Depuis: mednum.DateOf(mardi), TousLes: 2,
		Services: un(mednum.ChampServices), RendezVous: true, Compte: "prive",
	}
	arret := heures
	arret.ID, arret.Arret = "3333cccc", &mednum.Arret{
		Nom: "Mairie", Adresse: "1 place de la Mairie", CodeInsee: "82112", Commune: "Moissac", CodePostal: "82200",
		Latitude: &lat, Longitude: &lon, Precision: mednum.PrecisionMain,
	}
	l.Permanences = []mednum.Permanence{heures, arret}
}

type scenario struct {
	operation, nom string
	statut         int
	chemin         string
	entetes        []string
}

// lectures are the reads that show each status of each operation, and each
// shape of its answer.
var lectures = []scenario{
	{"listLieuxProches", "near", 200, "/api/v1/lieux/proches?lat=44.1&lon=1.08&limite=50", nil},
	{"listLieuxProches", "far: the radius grows", 200, "/api/v1/lieux/proches?lat=46&lon=1.5&rayon=1000", nil},
	{"listLieuxProches", "when, with those that are not known", 200, "/api/v1/lieux/proches?lat=44.1&lon=1.08&rayon=40000&limite=500&quand=samedi&heure=09:00-12:00", nil},
	{"listLieuxProches", "GeoJSON", 200, "/api/v1/lieux/proches?lat=44.1&lon=1.08&rayon=50000&limite=500&f=geojson", nil},
	{"listLieuxProches", "no position", 400, "/api/v1/lieux/proches", nil},
	{"listLieux", "all", 200, "/api/v1/lieux?limite=1000", nil},
	{"listLieux", "all, GeoJSON", 200, "/api/v1/lieux?limite=1000&f=geojson", nil},
	{"listLieux", "when", 200, "/api/v1/lieux?limite=1000&quand=maintenant", []string{"Accept", "application/geo+json"}},
	{"listLieux", "nothing", 200, "/api/v1/lieux?bbox=0,0,1,1", nil},
	{"listLieux", "an unknown commune", 400, "/api/v1/lieux?commune=99999", nil},
	{"getLieu", "a place", 200, "/api/v1/lieux/" + lieuExemple, nil},
	{"getLieu", "GeoJSON", 200, "/api/v1/lieux/" + lieuExemple + "?f=geojson", nil},
	{"getLieu", "an itinerant service", 200, "/api/v1/lieux/tmf38vpk?f=geojson", nil},
	{"getLieu", "with every field", 200, "/api/v1/lieux/" + lieuRiche, nil},
	{"getLieu", "merged", 301, "/api/v1/lieux/" + lieuReuni, nil},
	{"getLieu", "an unknown parameter", 400, "/api/v1/lieux/" + lieuExemple + "?x=1", nil},
	{"getLieu", "unknown", 404, "/api/v1/lieux/xxxxxxxx", nil},
	{"getLieu", "withdrawn", 410, "/api/v1/lieux/" + lieuRetire, nil},
	{"listCommunes", "some", 200, "/api/v1/communes?q=moi", nil},
	{"listCommunes", "none", 200, "/api/v1/communes?q=zzzzz", nil},
	{"listCommunes", "nothing asked", 400, "/api/v1/communes", nil},
	{"getFichier", "CSV", 200, "/donnees/lieux.csv", nil},
	{"getFichier", "JSON", 200, "/donnees/lieux.json", nil},
	{"getFichier", "GeoJSON", 200, "/donnees/lieux.geojson", nil},
	{"getFichier", "XLSX", 200, "/donnees/lieux.xlsx", nil},
	{"getFichierTableur", "CSV for spreadsheets", 200, "/donnees/lieux-tableur.csv", nil},
	{"getFichierCommune", "CSV", 200, "/donnees/communes/82112/lieux.csv", nil},
	{"getFichierCommune", "JSON", 200, "/donnees/communes/82112/lieux.json", nil},
	{"getFichierCommune", "GeoJSON", 200, "/donnees/communes/82112/lieux.geojson", nil},
	{"getFichierCommune", "XLSX, with no place", 200, "/donnees/communes/82001/lieux.xlsx", nil},
	{"getFichierCommune", "unknown commune", 404, "/donnees/communes/99999/lieux.csv", nil},
	{"getFichierCommune", "unknown format", 404, "/donnees/communes/82112/lieux.xls", nil},
	{"getFichierIntercommunalite", "CSV", 200, "/donnees/epci/200066322/lieux.csv", nil},
	{"getFichierIntercommunalite", "JSON", 200, "/donnees/epci/200066322/lieux.json", nil},
	{"getFichierIntercommunalite", "XLSX", 200, "/donnees/epci/200066322/lieux.xlsx", nil},
	{"getFichierIntercommunalite", "unknown, in a browser", 404, "/donnees/epci/1/lieux.csv", []string{"Accept", "text/html"}},
	{"getFichier", "unknown", 404, "/donnees/lieux.xls", nil},
	{"getFichier", "unknown, in a browser", 404, "/donnees/lieux.xls", []string{"Accept", "text/html"}},
	{"getCatalogue", "for portals", 200, "/donnees/catalogue.jsonld", nil},
	{"listChangements", "of the territory", 200, "/changements.atom", nil},
	{"listChangementsCommune", "of a commune", 200, "/communes/82112/changements.atom", nil},
	{"listChangementsCommune", "of no commune", 404, "/communes/99999/changements.atom", nil},
	{"listChangementsIntercommunalite", "of an EPCI", 200, "/epci/200066322/changements.atom", nil},
	{"listChangementsIntercommunalite", "of none, in a browser", 404, "/epci/1/changements.atom", []string{"Accept", "text/html"}},
	{"getAgenda", "of a place", 200, "/lieux/" + lieuExemple + "/horaires.ics", nil},
	{"getAgenda", "of an itinerant service", 200, "/lieux/tmf38vpk/horaires.ics", nil},
	{"getAgenda", "merged", 301, "/lieux/" + lieuReuni + "/horaires.ics", nil},
	{"getAgenda", "unknown", 404, "/lieux/xxxxxxxx/horaires.ics", nil},
	{"getAgenda", "withdrawn", 410, "/lieux/" + lieuRetire + "/horaires.ics", nil},
	{"getAgendaPermanence", "of a stop", 200, "/lieux/tmf38vpk/permanences/447828p5.ics", nil},
	{"getAgendaPermanence", "merged", 301, "/lieux/" + lieuReuni + "/permanences/447828p5.ics", nil},
	{"getAgendaPermanence", "unknown", 404, "/lieux/tmf38vpk/permanences/xxxxxxxx.ics", nil},
	{"getAgendaPermanence", "withdrawn", 410, "/lieux/" + lieuRetire + "/permanences/447828p5.ics", nil},
	{"getDescription", "JSON", 200, "/api/openapi.json", nil},
	{"getDescription", "YAML", 200, "/api/openapi.yaml", nil},
	{"getDescription", "unknown", 404, "/api/openapi.xml", nil},
}

// Every answer fits the description, and every status that it promises happens.
func TestContrat(t *testing.T) {
	b, k := bancContrat(t)
	juger := func(t *testing.T, id string, statut int, rep *http.Response, corps string) {
		t.Helper()
		if rep.StatusCode != statut {
			t.Errorf("%s: %d, want %d: %.200s", id, rep.StatusCode, statut, corps)
		}
		for _, f := range k.juger(id, rep, corps) {
			t.Errorf("%s %d: %s\n%.600s", id, rep.StatusCode, f, corps)
		}
	}
	for _, s := range lectures {
		t.Run(s.operation+"/"+s.nom, func(t *testing.T) {
			rep, corps := b.get(t, s.chemin, s.entetes...)
			juger(t, s.operation, s.statut, rep, corps)
			if s.statut != 200 {
				return
			}
			rep, corps = b.get(t, s.chemin, append(slices.Clone(s.entetes), "If-None-Match", rep.Header.Get("ETag"))...)
			juger(t, s.operation, 304, rep, corps)
		})
	}
	t.Run("out of every reader's hands", func(t *testing.T) { jugerPannes(t, k, juger) })
	t.Run("setHoraires", func(t *testing.T) { jugerModifications(t, b, juger) })
	for _, manque := range k.manques() {
		t.Errorf("described and never seen: %s", manque)
	}
}

// jugerPannes are the statuses that any operation can have: too many reads, too
// long an address, a service that starts.
func jugerPannes(t *testing.T, k *contrat, juger func(*testing.T, string, int, *http.Response, string)) {
	limite := newBanc(t, func(c *web.Config) { c.Debit = 1 })
	limite.get(t, "/api/v1/communes?q=moi")
	attente, reel := web.NewAttente(), ecouter(t, limite.app)
	for id, o := range k.operations {
		chemin := o.exemple
		if chemin == "" {
			chemin = strings.ReplaceAll(o.chemin, "{id}", lieuExemple)
		}
		demande := func() *http.Request { return httptest.NewRequest(o.methode, chemin, nil) }
		if o.reponses["429"] != nil {
			rep, corps, err := demander(limite.app, demande())
			check(t, err)
			juger(t, id, 429, rep, corps)
		}
		longue, err := http.NewRequestWithContext(t.Context(), o.methode, reel+chemin, http.NoBody)
		check(t, err)
		longue.Header.Set("X-Long", strings.Repeat("a", 20_000))
		rep, corps := lire(t, longue)
		juger(t, id, 431, rep, corps)
		rep, corps, err = demander(attente, demande())
		check(t, err)
		juger(t, id, 503, rep, corps)
	}
}

// ecouter serves over real connections, which is where a server refuses what it
// has not read.
func ecouter(t *testing.T, app *fiber.App) (adresse string) {
	t.Helper()
	ecoute, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	go func() { _ = app.Listener(ecoute) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	return "http://" + ecoute.Addr().String()
}

func lire(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	rep, err := http.DefaultClient.Do(r)
	check(t, err)
	defer rep.Body.Close()
	corps, err := io.ReadAll(rep.Body)
	check(t, err)
	return rep, string(corps)
}

// jugerModifications are the changes of hours, accepted and refused.
func jugerModifications(t *testing.T, b banc, juger func(*testing.T, string, int, *http.Response, string)) {
	droits := []mednum.Habilitation{
		droit(mednum.PorteeLieu, lieuExemple), droit(mednum.PorteeLieu, lieuReuni), droit(mednum.PorteeLieu, lieuRetire), droit(mednum.PorteeLieu, "xxxxxxxx"),
	}
	secret, ailleurs := b.jeton(t, droits...), b.jeton(t, droit(mednum.PorteeLieu, lieuRiche))
	bonne := b.demande(t, lieuExemple, secret)
	bonne.entetes["Idempotency-Key"] = "contrat-0"
	rep, texte := b.editer(t, bonne)
	juger(t, "setHoraires", 200, rep, texte)
	for i, s := range []struct {
		nom    string
		statut int
		change func(*edition)
	}{
		{"the same hours again", 200, entete("If-Match", rep.Header.Get("ETag"))},
		{"not JSON", 400, corps("{")},
		{"no token", 401, entete("Authorization", "-")},
		{"a wrong token", 401, entete("Authorization", "Bearer adp_x")},
		{"another's place", 403, entete("Authorization", "Bearer "+ailleurs)},
		{"unknown", 404, func(e *edition) { e.id = "xxxxxxxx" }},
		{"the key of another change", 409, func(e *edition) { e.entetes["Idempotency-Key"], e.corps = "contrat-0", `{"horaires":"Su 10:00-11:00"}` }},
		{"merged", 409, func(e *edition) { e.id = lieuReuni }},
		{"withdrawn", 410, func(e *edition) { e.id = lieuRetire }},
		{"too late", 412, entete("If-Match", `"v1-abc"`)},
		{"too long", 413, corps(`{"horaires":"` + strings.Repeat("a", 9000) + `"}`)},
		{"a form", 415, entete("Content-Type", "application/x-www-form-urlencoded")},
		{"not read before", 428, entete("If-Match", "-")},
	} {
		t.Run(s.nom, func(t *testing.T) {
			d := b.demande(t, lieuExemple, secret)
			d.entetes["Idempotency-Key"] = "contrat-1-" + string(rune('a'+i))
			s.change(&d)
			rep, texte := b.editer(t, d)
			juger(t, "setHoraires", s.statut, rep, texte)
			if rep.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Error("a page elsewhere cannot read why")
			}
		})
	}
	enorme, err := http.NewRequestWithContext(t.Context(), http.MethodPut, ecouter(t, b.app)+"/api/v1/lieux/"+lieuExemple+"/horaires", strings.NewReader(strings.Repeat(" ", 70<<10)))
	check(t, err)
	rep, texte = lire(t, enorme)
	juger(t, "setHoraires", 413, rep, texte)
	if rep.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("refused unread: a page elsewhere cannot read why")
	}
	var panne error = &mednum.Error{Code: mednum.Indisponible, Champ: "base", Message: "La base ne répond pas."}
	b.base.panne.Store(&panne)
	defer b.base.panne.Store(nil)
	rep, texte = b.editer(t, b.demande(t, lieuExemple, secret))
	juger(t, "setHoraires", 503, rep, texte)
}

// The examples are what the shipped data answer.
func TestContratExemples(t *testing.T) {
	b := newBanc(t)
	vus := 0
	for id, o := range b.contrat(t).operations {
		contenu, _ := o.reponses["200"].(map[string]any)["content"].(map[string]any)
		m, _ := contenu["application/json"].(map[string]any)
		if m["example"] == nil {
			continue
		}
		vus++
		_, corps := b.get(t, o.exemple)
		var repondu, ecrit any
		check(t, json.Unmarshal([]byte(corps), &repondu))
		octets, err := json.Marshal(m["example"])
		check(t, err)
		check(t, json.Unmarshal(octets, &ecrit))
		if diff := cmp.Diff(ecrit, repondu); diff != "" {
			t.Errorf("%s: the example is not what %s answers:\n%s", id, o.exemple, diff)
		}
	}
	if vus < 4 {
		t.Errorf("%d examples", vus)
	}
}

// Every field that the description gives a place is one that a place can have.
func TestContratChamps(t *testing.T) {
	b, k := bancContrat(t)
	vus := map[string]bool{}
	for _, chemin := range []string{"/api/v1/lieux/" + lieuRiche, "/api/v1/lieux/" + lieuExemple} {
		_, corps := b.get(t, chemin)
		var v map[string]any
		check(t, json.Unmarshal([]byte(corps), &v))
		for schema, o := range map[string]any{"Champs": v, "Lieu": v, "Permanence": premier(v["permanences"]), "Arret": premier(v["arrets"])} {
			m, _ := o.(map[string]any)
			for nom := range m {
				vus[schema+"."+nom] = true
			}
		}
	}
	for _, schema := range []string{"Champs", "Lieu", "Permanence", "Arret"} {
		proprietes := k.doc["components"].(map[string]any)["schemas"].(map[string]any)[schema].(map[string]any)["properties"].(map[string]any)
		for nom := range proprietes {
			if !vus[schema+"."+nom] {
				t.Errorf("%s.%s is described, and no place has it", schema, nom)
			}
		}
	}
}

func premier(v any) any {
	if liste, _ := v.([]any); len(liste) > 0 {
		return liste[0]
	}
	return nil
}

// The filters and their values are those of the program, and so are the days
// and the errands.
func TestContratFiltres(t *testing.T) {
	b := newBanc(t)
	k := b.contrat(t)
	valeurs := func(nom string) (liste []string) {
		for _, id := range []string{"listLieux", "listLieuxProches"} {
			i := slices.IndexFunc(k.operations[id].parametres, func(p parametre) bool { return p.nom == nom })
			if i < 0 {
				t.Errorf("%s: no parameter %s", id, nom)
				return nil
			}
			schema := k.operations[id].parametres[i].schema
			if items, ok := schema["items"].(map[string]any); ok {
				schema = k.suivre(items)
			}
			if choix, ok := schema["anyOf"].([]any); ok {
				schema = choix[0].(map[string]any)
			}
			liste = nil
			for _, v := range schema["enum"].([]any) {
				liste = append(liste, v.(string))
			}
		}
		slices.Sort(liste)
		return liste
	}
	champs, vocabulaires := catalogue.Filtrables()
	attendus := map[string][]string{"quand": catalogue.JoursQuand, "heure": catalogue.HeuresQuand, "pour": {"tout"}}
	for _, c := range champs {
		nom := string(c)
		if c == catalogue.ChampFamilles {
			nom = "famille"
		}
		attendus[nom] = vocabulaires[c]
	}
	demarches, err := catalogue.ReadDemarches(data.Demarches)
	check(t, err)
	for _, d := range demarches {
		attendus["pour"] = append(attendus["pour"], d.ID)
	}
	for nom, want := range attendus {
		want = slices.Sorted(slices.Values(want))
		if diff := cmp.Diff(want, valeurs(nom)); diff != "" {
			t.Errorf("%s: %s", nom, diff)
		}
	}
	// Each operation takes the parameters that it describes, and says so.
	for id, chemin := range map[string]string{"listLieux": "/api/v1/lieux?inconnu=1", "listLieuxProches": "/api/v1/lieux/proches?inconnu=1", "getLieu": "/api/v1/lieux/x?inconnu=1", "listCommunes": "/api/v1/communes?inconnu=1"} {
		_, corps := b.get(t, chemin)
		var p struct{ Detail string }
		check(t, json.Unmarshal([]byte(corps), &p))
		_, dits, _ := strings.Cut(strings.TrimSuffix(p.Detail, "."), "existent : ")
		var decrits []string
		for _, q := range k.operations[id].parametres {
			if q.dans == "query" {
				decrits = append(decrits, q.nom)
			}
		}
		slices.Sort(decrits)
		if diff := cmp.Diff(slices.Sorted(strings.SplitSeq(dits, ", ")), decrits); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
}
