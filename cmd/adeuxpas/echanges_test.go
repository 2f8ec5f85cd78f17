package main_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// colonnes are the 32 of the national standard v1.0.2, in its order.
const colonnes = "id,pivot,nom,commune,code_postal,code_insee,adresse,complement_adresse,latitude,longitude,typologie,telephone,courriels," +
	"site_web,horaires,presentation_resume,presentation_detail,source,itinerance,structure_parente,date_maj,services," +
	"publics_specifiquement_adresses,prise_en_charge_specifique,frais_a_charge,dispositif_programmes_nationaux,formations_labels," +
	"autres_formations_labels,modalites_acces,modalites_accompagnement,fiche_acces_libre,prise_rdv"

// motifsNorme are patterns of the standard's schema, with both anchors.
var motifsNorme = map[string]*regexp.Regexp{
	"id":          regexp.MustCompile(`^.+$`),
	"pivot":       regexp.MustCompile(`^[a-zA-Z0-9]{9,14}$`),
	"nom":         regexp.MustCompile(`^.+$`),
	"commune":     regexp.MustCompile(`^.+$`),
	"code_postal": regexp.MustCompile(`^\d{5}$`),
	"code_insee":  regexp.MustCompile(`^(([013-9]\d|2[AB1-9])\d{3})?$`),
	"adresse":     regexp.MustCompile(`^.+$`),
	"latitude":    regexp.MustCompile(`^(-?\d+(\.\d+)?)?$`),
	"longitude":   regexp.MustCompile(`^(-?\d+(\.\d+)?)?$`),
	"telephone":   regexp.MustCompile(`^((\+33|\+590|\+594|\+262|\+596|\+269|\+687|\+689|\+508|\+681)(\d){6,9})?$`),
	"date_maj":    regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`),
	"prise_rdv":   regexp.MustCompile(`^(https?://.+)?$`),
}

// remplie is a folder whose default base holds the shipped places.
func remplie(t *testing.T) string {
	t.Helper()
	dossier := t.TempDir()
	demarrer(t, dossier).stop()
	return dossier
}

func exporter(t *testing.T, dossier, format string, args ...string) string {
	t.Helper()
	r := lancer(t, dossier, nil, append([]string{"exporter", "--format", format}, args...)...)
	if r.code != 0 || r.stderr != "" {
		t.Fatalf("exporter %s %v: code %d, stderr %q", format, args, r.code, r.stderr)
	}
	return r.stdout
}

func TestExporterFollowsTheStandard(t *testing.T) {
	dossier := remplie(t)
	lignes, err := csv.NewReader(strings.NewReader(exporter(t, dossier, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(lignes[0], ","); got != colonnes {
		t.Errorf("columns:\n%s", cmp.Diff(colonnes, got))
	}
	if len(lignes) < 40 {
		t.Errorf("only %d places", len(lignes)-1)
	}
	var ids []string
	for _, l := range lignes[1:] {
		ids = append(ids, l[0])
		for i, colonne := range lignes[0] {
			if m := motifsNorme[colonne]; m != nil && !m.MatchString(l[i]) {
				t.Errorf("%s (%s): %s is %q", l[0], l[2], colonne, l[i])
			}
		}
	}
	t.Run("services say what a national reader keeps", func(t *testing.T) {
		// It drops these columns of a place whose services are empty.
		for _, l := range lignes[1:] {
			place := map[string]string{}
			for i, colonne := range lignes[0] {
				place[colonne] = l[i]
			}
			perdu := place["publics_specifiquement_adresses"] + place["frais_a_charge"] + place["modalites_accompagnement"] + place["itinerance"]
			if place["services"] == "" && perdu != "" {
				t.Errorf("%s (%s): no services, and %q would be dropped", place["id"], place["nom"], perdu)
			}
		}
	})
	t.Run("ids are unique", func(t *testing.T) {
		uniques := slices.Compact(slices.Sorted(slices.Values(ids)))
		if len(uniques) != len(ids) {
			t.Errorf("%d ids for %d places", len(uniques), len(ids))
		}
	})
	t.Run("json has the same places", func(t *testing.T) {
		var lieux []struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal([]byte(exporter(t, dossier, "json")), &lieux); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range lieux {
			got = append(got, l.ID)
		}
		if diff := cmp.Diff(ids, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("geojson has the same places", func(t *testing.T) {
		var c struct {
			Type     string `json:"type"`
			Features []struct {
				Type       string `json:"type"`
				Properties struct {
					ID string `json:"id"`
				} `json:"properties"`
				Geometry *struct {
					Type        string     `json:"type"`
					Coordinates [2]float64 `json:"coordinates"`
				} `json:"geometry"`
			} `json:"features"`
		}
		if err := json.Unmarshal([]byte(exporter(t, dossier, "geojson")), &c); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range c.Features {
			got = append(got, f.Properties.ID)
			if g := f.Geometry; g != nil && (g.Coordinates[0] > 10 || g.Coordinates[1] < 40) {
				t.Errorf("%s: longitude first, latitude second: %v", f.Properties.ID, g.Coordinates)
			}
		}
		if diff := cmp.Diff(ids, got); c.Type != "FeatureCollection" || diff != "" {
			t.Errorf("%s: %s", c.Type, diff)
		}
	})
}

// sansID are the places of a CSV export in no order and without their id, which
// each base gives.
func sansID(export string) []string {
	var lieux []string
	for l := range strings.Lines(export) {
		_, reste, _ := strings.Cut(l, ",")
		lieux = append(lieux, reste)
	}
	slices.Sort(lieux)
	return lieux
}

func TestExportedPlacesComeBack(t *testing.T) {
	dossier := remplie(t)
	for _, format := range []string{"csv", "json", "geojson"} {
		t.Run(format, func(t *testing.T) {
			fichier := "lieux." + format
			exporter(t, dossier, format, "--sortie", fichier)
			base := filepath.Join(t.TempDir(), "autre.db")
			r := lancer(t, dossier, nil, "importer", "--base", base, fichier)
			if r.code != 0 {
				t.Fatalf("importer: %s%s", r.stdout, r.stderr)
			}
			avant, apres := sansID(exporter(t, dossier, "csv")), sansID(exporter(t, dossier, "csv", "--base", base))
			if diff := cmp.Diff(avant, apres); diff != "" {
				t.Errorf("places changed on their way:\n%s", diff)
			}
			r = lancer(t, dossier, nil, "importer", "--base", base, fichier)
			if r.code != 0 || !strings.Contains(r.stdout, "Aucun lieu n’a changé.") {
				t.Errorf("second import: code %d\n%s%s", r.code, r.stdout, r.stderr)
			}
		})
	}
}

func TestEchangesRefused(t *testing.T) {
	dossier := t.TempDir()
	ecrire(t, filepath.Join(dossier, "courses.csv"), "article,quantité\npain,2\n")
	copier(t, "testdata/lieu-essai.csv", filepath.Join(dossier, "lieu-essai.csv"))
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no format", []string{"exporter"}, 2, "Il manque --format. Voyez « adeuxpas exporter --help »."},
		{"unknown format", []string{"exporter", "--format", "xls"}, 2, "--format : « xls » n’est pas possible. Choisissez csv, json, geojson, xlsx ou tableur."},
		{"commune and EPCI", []string{"exporter", "--format", "csv", "--commune", "82112", "--epci", "200066322"}, 1, "Donnez --commune ou --epci, pas les deux."},
		{"unknown commune", []string{"exporter", "--format", "csv", "--commune", "99999"}, 1, "La commune « 99999 » n’est pas connue : donnez son code INSEE."},
		{"unknown EPCI", []string{"exporter", "--format", "csv", "--epci", "1"}, 1, "L’intercommunalité « 1 » n’est pas connue : donnez son numéro SIREN."},
		{"no base to export", []string{"exporter", "--format", "csv"}, 3, "La base « var/adeuxpas.db » n’existe pas : « adeuxpas servir » ou « adeuxpas importer » la crée."},
		{"no file", []string{"importer"}, 2, "Il manque FICHIER. Voyez « adeuxpas importer --help »."},
		{"absent file", []string{"importer", "absent.csv"}, 1, "« absent.csv » n’existe pas."},
		{"folder", []string{"importer", "."}, 1, "« . » est un dossier : donnez un fichier."},
		{"bad date", []string{"importer", "--date", "hier", "lieu-essai.csv"}, 2, "--date : « hier » n’est pas une date, comme 2024-08-01."},
		{"unknown zone", []string{"importer", "--zone", "mars", "x"}, 2, "--zone : « mars » n’est pas possible. Choisissez departement, voisinage ou tout."},
		{
			"one bad file refuses them all",
			[]string{"importer", "lieu-essai.csv", "courses.csv"},
			1, "courses.csv : Aucune colonne ne dit le nom des lieux. Les colonnes de ce fichier sont : « article », « quantité ». Dites laquelle convient, par exemple : --colonnes \"article=nom\".",
		},
		{"no subcommand", []string{"territoire"}, 2, "Il manque la commande : construire ou centres."},
		{"wrong subcommand", []string{"territoire", "constuire"}, 2, "Commande inconnue « constuire » : vouliez-vous dire « construire » ?"},
		{
			"missing flags",
			[]string{"territoire", "construire", "--fonds", "x"},
			2, "Il manque --departement et --gazetteer et --sortie. Voyez « adeuxpas territoire construire --help ».",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			exigerRefus(t, lancer(t, dossier, nil, tt.args...), tt.code, tt.want)
		})
	}
	if _, err := os.Stat(filepath.Join(dossier, "var")); err == nil {
		t.Error("a refused command left a base behind")
	}
}

func TestExporterReplacesItsFileWhole(t *testing.T) {
	dossier := remplie(t)
	sortie := filepath.Join(dossier, "lieux.csv")
	ecrire(t, sortie, "ancien")
	exporter(t, dossier, "csv", "--sortie", sortie)
	got, err := os.ReadFile(sortie)
	if err != nil || string(got) != exporter(t, dossier, "csv") {
		t.Errorf("error %v, file of %d bytes", err, len(got))
	}
	exigerRefus(t, lancer(t, dossier, nil, "exporter", "--format", "csv", "--sortie", "absent/lieux.csv"), 1, "« absent/lieux.csv » n’existe pas.")
	restes, err := filepath.Glob(sortie + ".*")
	if err != nil || len(restes) > 0 {
		t.Errorf("left behind: %v, error %v", restes, err)
	}
}
