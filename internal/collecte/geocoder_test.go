package collecte_test

import (
	"encoding/csv"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// geoplateforme is a local service that knows three addresses, and counts what
// it is asked.
func geoplateforme(t *testing.T) (lot *territoire.Lot, adresses *atomic.Int32, ouvert *atomic.Bool) {
	t.Helper()
	adresses, ouvert = new(atomic.Int32), new(atomic.Bool)
	ouvert.Store(true)
	connues := map[string]string{
		"12 rue Connue":    "44.1042,1.0857,12 Rue Connue 82200 Moissac,0.96,housenumber,82112",
		"3 rue d'Ailleurs": "44.0372,1.1065,3 Rue d'Ailleurs 82100 Castelsarrasin,0.93,housenumber,82033",
		"5 rue Fausse":     "44.5,2.5,5 Rue Fausse 82200 Moissac,0.9,street,82112",
	}
	serveur := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !ouvert.Load() {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		f, _, err := r.FormFile("data")
		if err != nil {
			t.Error(err)
			return
		}
		lignes, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Error(err)
			return
		}
		sortie := csv.NewWriter(w)
		_ = sortie.Write(append(slices.Clone(lignes[0]), r.MultipartForm.Value["result_columns"]...))
		for _, l := range lignes[1:] {
			adresses.Add(1)
			resultat := connues[l[1]]
			if resultat == "" {
				resultat = ",,,,,"
			}
			_ = sortie.Write(append(l, strings.Split(resultat, ",")...))
		}
		sortie.Flush()
	}))
	t.Cleanup(serveur.Close)
	return territoire.NewLot(serveur.URL, serveur.Client()), adresses, ouvert
}

// Positions come from addresses, each with its remarks; what is known is asked
// no more, and an import without network loses nothing.
func TestGeocoder(t *testing.T) {
	lot, adresses, ouvert := geoplateforme(t)
	b := baseNeuve(t)
	adresse := func(cle, rue string, plus ...string) mednum.Fiche {
		return fiche(fluxA, cle, append([]string{"adresse", rue}, plus...)...)
	}
	fichier := lecture(
		fluxA,
		adresse("trouvée", "12 rue Connue"),
		adresse("même rue", "12 rue Connue"),
		adresse("autre commune", "3 rue d’Ailleurs"),
		adresse("hors de la commune", "5 rue Fausse"),
		adresse("inconnue", "9 rue Inconnue"),
		adresse("sans adresse", ""),
		adresse("adresse non dite", norme.AdresseInconnue),
		adresse("déjà située", "12 rue Connue", "latitude", "44.11", "longitude", "1.09"),
		adresse("point ailleurs", "12 rue Connue", "latitude", "48.85", "longitude", "2.35"),
	)
	importer := func(l *territoire.Lot) collecte.Geocodage {
		t.Helper()
		bilan, err := collecte.Importer(t.Context(), b, territoireLivre(t), []norme.Lecture{fichier}, collecte.Options{Geocodeur: l})
		if err != nil {
			t.Fatal(err)
		}
		return bilan.Geocodage
	}
	if diff := cmp.Diff(collecte.Geocodage{Sans: 6, Demandees: 4, Remplies: 3, Introuvees: 3}, importer(lot)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	fiches, err := b.Fiches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range fiches {
		texte := f.Champs[mednum.ChampLatitude] + " " + f.Champs[mednum.ChampLongitude]
		for _, r := range f.Remarques {
			if strings.Contains(r.Motif, "Géoplateforme") {
				texte += " | " + string(r.Champ) + " " + r.Apres + " " + r.Motif[:strings.IndexAny(r.Motif, "(:")]
			}
		}
		got[f.Cle] = texte
	}
	const repere = "44.1042 1.0857 | latitude 44.1042 Position de l’adresse d’après la Géoplateforme  | longitude 1.0857 Position de l’adresse d’après la Géoplateforme "
	const manque = "  | latitude  La Géoplateforme ne connaît pas cette adresse dans cette commune "
	want := map[string]string{
		"trouvée": repere, "même rue": repere, "point ailleurs": repere, "autre commune": manque, "hors de la commune": manque, "inconnue": manque,
		"sans adresse": " ", "adresse non dite": " ", "déjà située": "44.11 1.09",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}

	v := version(t, b)
	if diff := cmp.Diff(collecte.Geocodage{Sans: 6, Reprises: 6}, importer(lot)); diff != "" {
		t.Errorf("again (-want +got):\n%s", diff)
	}
	if g := importer(nil); g != (collecte.Geocodage{}) { // no service: nothing to tell
		t.Errorf("without a service: %+v", g)
	}
	if version(t, b) != v || adresses.Load() != 4 {
		t.Errorf("the same file again: version %d then %d, %d addresses asked", v, version(t, b), adresses.Load())
	}

	fichier.Fiches[4].Champs[mednum.ChampAdresse] = "12 rue Connue"
	fichier.Fiches[0].Champs[mednum.ChampAdresse] = "8 rue Nouvelle"
	ouvert.Store(false)
	g := importer(lot)
	if g.Demandees != 2 || g.Remplies != 0 || g.Phrase != "La Géoplateforme ne répond pas : 2 fiches restent sans position. Relancez plus tard pour les situer." {
		t.Errorf("a service that is down: %+v", g)
	}
	ouvert.Store(true)
	if g := importer(lot); g.Demandees != 2 || g.Remplies != 1 || g.Introuvees != 1 || adresses.Load() != 6 {
		t.Errorf("two addresses that changed: %+v, %d asked", g, adresses.Load())
	}
}

// Records out of the zone are not asked.
func TestGeocoderZone(t *testing.T) {
	lot, adresses, _ := geoplateforme(t)
	f := fiche(fluxA, "1", "commune", "Brest", "code_postal", "29200", "code_insee", "29019", "adresse", "12 rue Connue")
	if _, g := collecte.Geocoder(t.Context(), territoireLivre(t), lot, nil, []norme.Lecture{lecture(fluxA, f)}, collecte.ZoneDepartement); g != (collecte.Geocodage{}) || adresses.Load() != 0 {
		t.Errorf("%+v, %d asked", g, adresses.Load())
	}
}
