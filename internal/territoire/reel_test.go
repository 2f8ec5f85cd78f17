package territoire

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the shipped pack from ../shared")

const (
	dossierGazetteer = "../../../shared/data/gazetteer"
	dossierFonds     = "../../../shared/data/basemap"
	paquetLivre      = "../../data/82"
)

// fichiersConstruits are the files that Construire writes over.
var fichiersConstruits = []string{FichierCommunes, FichierEPCI, FichierDepartements, FichierContours, FichierRivieres}

func sourcesReelles(t *testing.T, departement string) Sources {
	t.Helper()
	if _, err := os.Stat(dossierGazetteer); err != nil {
		t.Skip("left out: building a pack from the real open-data files (../shared/data is absent)")
	}
	s, err := SourcesDans(departement, dossierGazetteer, dossierFonds)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// copieReglages starts a pack folder with the hand-written files.
func copieReglages(t *testing.T) string {
	t.Helper()
	dossier := t.TempDir()
	for _, f := range []string{FichierReglages, FichierNomsUsuels} {
		octets, err := os.ReadFile(filepath.Join(paquetLivre, f))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dossier, f), octets, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dossier
}

func lireFichiers(t *testing.T, dossier string) map[string]string {
	t.Helper()
	fichiers := map[string]string{}
	for _, f := range fichiersConstruits {
		octets, err := os.ReadFile(filepath.Join(dossier, f))
		if err != nil {
			t.Fatal(err)
		}
		fichiers[f] = string(octets)
	}
	return fichiers
}

// The shipped pack is what Construire makes of the official files.
func TestConstruirePaquetLivre(t *testing.T) {
	s := sourcesReelles(t, "82")
	dossier := copieReglages(t)
	if *update {
		dossier = paquetLivre
	}
	bilan, err := Construire(context.Background(), s, dossier)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", bilan)
	if diff := cmp.Diff(lireFichiers(t, paquetLivre), lireFichiers(t, dossier)); diff != "" {
		t.Errorf("data/82 is not what the sources give (-shipped +built), run with -update:\n%.2000s", diff)
	}
	if bilan.Dedans != 195 || bilan.EPCI != 10 || bilan.AvecContour != 195 {
		t.Errorf("communes %d, EPCI %d, outlines %d; want 195, 10, 195", bilan.Dedans, bilan.EPCI, bilan.AvecContour)
	}
}

// Any département can be built, with only an outline of the whole when the
// communes have none.
func TestConstruireAutresDepartements(t *testing.T) {
	for _, tc := range []struct {
		code       string
		commune    string // an INSEE code, and what it must be found as
		want       string
		min, max   int // communes of the département
		remarqueDe string
	}{
		{"13", "13201", "Marseille", 115, 125, "aucun contour de commune"},
		{"75", "75112", "Paris", 1, 1, "aucun contour de commune"},
		{"2A", "2A004", "Ajaccio", 120, 128, "aucun contour de commune"},
		{"01", "01053", "Bourg-en-Bresse", 380, 400, "aucun contour de commune"},
	} {
		t.Run(tc.code, func(t *testing.T) {
			dossier := t.TempDir()
			bilan, err := Construire(context.Background(), sourcesReelles(t, tc.code), dossier)
			if err != nil {
				t.Fatal(err)
			}
			if bilan.Dedans < tc.min || bilan.Dedans > tc.max || !strings.Contains(strings.Join(bilan.Remarques, "\n"), tc.remarqueDe) {
				t.Errorf("%d communes, remarks %q", bilan.Dedans, bilan.Remarques)
			}
			ter, err := Open(os.DirFS(dossier))
			if err != nil {
				t.Fatal(err)
			}
			c, ok := ter.Commune(tc.commune)
			if !ok || c.Nom != tc.want || !ter.Contient(c.Centre) {
				t.Errorf("got %+v, want %s inside", c, tc.want)
			}
		})
	}
}

// The list that the front end builds is the one that is read here.
func TestFranceConstruite(t *testing.T) {
	f, err := os.Open("../../frontend/dist/communes-france.tsv")
	if err != nil {
		t.Skip("left out: the national list of communes (the front end is not built)")
	}
	defer func() { _ = f.Close() }()
	france, err := OpenFrance(f)
	if err != nil {
		t.Fatal(err)
	}
	ter := livre(t)
	ter.France = france
	france.Prepare()
	if len(france.communes) < 34_000 || len(france.departements) < 100 {
		t.Errorf("%d communes, %d départements", len(france.communes), len(france.departements))
	}
	for code, want := range map[string]string{"75112": "75056", "49069": "49126", "85060": "85194", "25282": "25060", "82112": "82112"} {
		if c, ok := france.Commune(code); !ok || c.Code != want {
			t.Errorf("the code %s is of %+v, want %s", code, c, want)
		}
	}
	for nom, want := range map[string]string{"CHAMPTOCEAUX": "49126", "l’isle d’abeau": "38193", "Isle-d'Abeau": "38193"} {
		if c := france.Nommees(nom); len(c) != 1 || c[0].Code != want {
			t.Errorf("%q names %v, want %s", nom, c, want)
		}
	}
	if c := france.DuCodePostal("82200"); len(c) < 2 || len(france.DuCodePostal("8220")) != 0 || len(france.DuDepartement("82")) != 195 {
		t.Errorf("82200 is of %d communes; 82 has %d", len(c), len(france.DuDepartement("82")))
	}
	for q, want := range map[string]string{
		"Paris 12": "75056", "Valence (26)": "26362", "Ajaccio": "2A004", "97400": "97411", "L'Isle-Jourdain": "32160",
		"75112": "75056", "Sept-Forges": "61211", "12 avenue Jean Jaurès 69007 Lyon": "69123",
	} {
		if r := ter.Chercher(q); r.Commune == nil || r.Commune.Code != want {
			t.Errorf("%q: got %q %v, want %s", q, r.Genre, r.Commune, want)
		}
	}
}
