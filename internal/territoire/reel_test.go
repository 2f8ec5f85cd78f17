package territoire

import (
	"context"
	"flag"
	"os"
	"path/filepath"
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
