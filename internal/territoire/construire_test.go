package territoire

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A made-up département "99"-like in miniature: two communes side by side, an
// EPCI that crosses the border, a commune near and one far away. Names are
// those of no one.
const (
	csvEssai = `code_insee,nom,codes_postaux,code_departement,code_region,latitude,longitude,population,siren_epci,nom_epci
01001,L'Ouest,01000,01,84,45.05,5.05,100,200000001,CC des Deux
01002,L'Est,01100|01110,01,84,45.05,5.15,200,200000001,CC des Deux
02001,Loin Mais Ensemble,02000,02,84,46.9,7.9,50,200000001,CC des Deux
02002,Tout Près,02000,02,84,45.05,5.3,60,200000002,CA Voisine
02003,Trop Loin,02000,02,84,47.5,8.5,70,200000002,CA Voisine
`
	communesEssai = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"01001","nom":"L'Ouest"},"geometry":{"type":"Polygon","coordinates":[[[5,45],[5.1,45],[5.1,45.1],[5,45.1],[5,45]]]}},
{"type":"Feature","properties":{"code":"01002","nom":"L'Est"},"geometry":{"type":"Polygon","coordinates":[[[5.1,45],[5.2,45],[5.2,45.1],[5.1,45.1],[5.1,45]]]}}]}`
	departementEssai = `{"type":"Feature","properties":{"code":"01","nom":"Essai"},"geometry":{"type":"Polygon","coordinates":[[[5,45],[5.2,45],[5.2,45.1],[5,45.1],[5,45]]]}}`
	rivieresEssai    = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"Longue"},"geometry":{"type":"LineString","coordinates":[[0,45.05],[10,45.05]]}},
{"type":"Feature","properties":{"name":"Ailleurs"},"geometry":{"type":"LineString","coordinates":[[0,40],[1,40]]}}]}`
)

// sourcesEssai writes the miniature's files, some replaced.
func sourcesEssai(t *testing.T, remplace map[string]string) Sources {
	t.Helper()
	dossier := t.TempDir()
	contenus := map[string]string{
		"communes-france-2026.csv": csvEssai, "communes-01.geojson": communesEssai,
		"departement-01.geojson": departementEssai, "rivers-01.geojson": rivieresEssai,
	}
	for nom, contenu := range remplace {
		contenus[nom] = contenu
	}
	for nom, contenu := range contenus {
		if contenu == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dossier, nom), []byte(contenu), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := SourcesDans("01", dossier, dossier)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConstruireEssai(t *testing.T) {
	s := sourcesEssai(t, nil)
	var messages []string
	s.Progres = func(m string) { messages = append(messages, m) }
	dossier := t.TempDir()
	bilan, err := Construire(context.Background(), s, dossier)
	if err != nil {
		t.Fatal(err)
	}
	if len(messages) != 5 {
		t.Errorf("told %q", messages)
	}
	if len(bilan.Remarques) != 2 || !strings.Contains(bilan.Remarques[0], "territoire.json est commencé") {
		t.Errorf("remarks %q", bilan.Remarques)
	}
	ter, err := Open(os.DirFS(dossier))
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, c := range ter.Communes {
		codes = append(codes, c.Code)
	}
	if diff := cmp.Diff([]string{"01001", "01002", "02001", "02002"}, codes); diff != "" {
		t.Errorf("communes (-want +got):\n%s", diff)
	}
	if len(ter.EPCIs) != 1 || !slices.Equal(ter.EPCIs[0].Communes, []string{"01001", "01002", "02001"}) {
		t.Errorf("EPCI %+v", ter.EPCIs)
	}
	if got := ter.EPCIs[0].NomLong(); got != "Communauté de communes des Deux" {
		t.Errorf("got %q", got)
	}
	if bilan.Rivieres != 1 || bilan.Arcs != 3 {
		t.Errorf("%d rivers, %d arcs; want 1, 3", bilan.Rivieres, bilan.Arcs)
	}
}

// What people wrote by hand stays; what is built comes out the same.
func TestConstruireDeuxFois(t *testing.T) {
	s := sourcesEssai(t, nil)
	dossier := t.TempDir()
	if _, err := Construire(context.Background(), s, dossier); err != nil {
		t.Fatal(err)
	}
	avant := lireFichiers(t, dossier)
	const aLaMain = "code_insee,nom_usuel\n01001,L’Ouest-les-Bains\n"
	if err := os.WriteFile(filepath.Join(dossier, FichierNomsUsuels), []byte(aLaMain), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Construire(context.Background(), s, dossier); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(avant, lireFichiers(t, dossier)); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
	octets, err := os.ReadFile(filepath.Join(dossier, FichierNomsUsuels))
	if err != nil || string(octets) != aLaMain {
		t.Errorf("noms-usuels.csv is now %q, %v", octets, err)
	}
}

// The defects that real files have are repaired and told.
func TestConstruireRepare(t *testing.T) {
	for _, tc := range []struct {
		name, avant, apres string
		want               string // a remark
		nom                string // what the pack then says of 01001
		postes             string
	}{
		{"lost zeros", "01001,L'Ouest,01000,01,", "1001,L'Ouest,1000,1,", "ligne 2, colonne « code_insee » : « 1001 » lu « 01001 »", "L'Ouest", "01000"},
		{"CEDEX", "L'Ouest,01000", "L'Ouest,01000|01009 CEDEX 9", "ligne 2, colonne « codes_postaux » : « 01009 CEDEX 9 » laissé de côté", "L'Ouest", "01000"},
		{"entities", "L'Ouest", "L&#39;Ouest", "ligne 2, colonne « nom » : « L&#39;Ouest » lu « L'Ouest »", "L'Ouest", "01000"},
		{"semicolons and a byte order mark", ",", ";", "", "L'Ouest", "01000"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			csv := strings.Replace(csvEssai, tc.avant, tc.apres, 1)
			if tc.avant == "," {
				csv = "\ufeff" + strings.ReplaceAll(csvEssai, ",", ";")
			}
			dossier := t.TempDir()
			bilan, err := Construire(context.Background(), sourcesEssai(t, map[string]string{"communes-france-2026.csv": csv}), dossier)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(strings.Join(bilan.Remarques, "\n"), tc.want) {
				t.Errorf("remarks %q, want %q", bilan.Remarques, tc.want)
			}
			ter, err := Open(os.DirFS(dossier))
			if err != nil {
				t.Fatal(err)
			}
			if c, ok := ter.Commune("01001"); !ok || c.Nom != tc.nom || strings.Join(c.CodesPostaux, "|") != tc.postes {
				t.Errorf("got %+v", c)
			}
		})
	}
}

// What cannot be repaired is refused; the error says where.
func TestConstruireRefuse(t *testing.T) {
	const gaz, geo = "communes-france-2026.csv", "communes-01.geojson"
	for _, tc := range []struct{ name, fichier, avant, apres, want string }{
		{"missing column", gaz, "code_insee,nom,", "code,nom,", "communes-france-2026.csv, ligne 1 : la colonne « code_insee » manque"},
		{"short row", gaz, ",200000001,CC des Deux\n01002", "\n01002", "communes-france-2026.csv, ligne 2 : cette ligne n’a pas autant de colonnes"},
		{"open quote", gaz, "L'Est", "\"L'Est", "communes-france-2026.csv, ligne"},
		{"bad code", gaz, "01002", "Z1002", "ligne 3, colonne « code_insee » : « Z1002 » n’est pas un code INSEE"},
		{"twice", gaz, "01002", "01001", "ligne 3, colonne « code_insee » : le code 01001 est déjà à la ligne 2"},
		{"another département", gaz, "01000,01,", "01000,03,", "ligne 2, colonne « code_departement » : le code INSEE 01001 n’est pas du département 03"},
		{"bad postal code", gaz, "01000", "0A000", "ligne 2, colonne « codes_postaux »"},
		{"only a CEDEX", gaz, "01000", "01000 CEDEX", "ligne 2, colonne « codes_postaux » : « 01000 CEDEX » : il faut au moins un code postal"},
		{"not a latitude", gaz, "45.05,5.05", "45°,5.05", "ligne 2, colonne « latitude »"},
		{"off the Earth", gaz, "45.05,5.05", "45.05,505", "ligne 2, colonne « longitude »"},
		{"population", gaz, "5.05,100", "5.05,cent", "ligne 2, colonne « population » : « cent »"},
		{"SIREN", gaz, "200000001", "2000", "ligne 2, colonne « siren_epci » : « 2000 »"},
		{"encoding", gaz, "L'Est", "L'Ã‰st", "ligne 3, colonne « nom » : « L'Ã‰st » est mal encodé"},
		{"no name", gaz, "L'Est", " ", "ligne 3, colonne « nom » : à remplir"},
		{"no commune", gaz, csvEssai[strings.Index(csvEssai, "01001"):strings.Index(csvEssai, "02001")], "", "aucune commune du département 01"},
		{"empty", gaz, csvEssai, " ", "communes-france-2026.csv"},
		{"not JSON", geo, "\"code\":\"01002\"", "\"code\":01002", "communes-01.geojson, ligne 3"},
		{"not GeoJSON", geo, "FeatureCollection", "Topology", "« type » vaut « Topology »"},
		{"no code", geo, "\"code\":\"01002\",", "", "communes-01.geojson, entité n° 2 : la propriété « code » manque"},
		{"a point", geo, "Polygon", "Point", "communes-01.geojson, entité n° 1"},
		{"open ring", geo, ",[5,45]]]", "]]", "communes-01.geojson, entité n° 1 (01001) : un anneau n’est pas fermé"},
		{"metres", geo, "[5.1,45],[5.1,45.1]", "[651000,45],[5.1,45.1]", "les coordonnées ne sont pas des degrés"},
		{"code that lost its zero", geo, "\"01002\"", "1002", "« 1002 » (L'Est) n’est pas un code INSEE"},
		{"a commune is missing", geo, communesEssai[strings.Index(communesEssai, "},\n{\"type\":\"Feature\",\"properties\":{\"code\":\"01002\""):], "}]}", "les communes couvrent 50 % du département"},
		{"another département's outline", "departement-01.geojson", "\"01\"", "\"03\"", "departement-01.geojson : aucun contour n’a le code 01"},
		{"river that is a polygon", "rivers-01.geojson", rivieresEssai, communesEssai, "rivers-01.geojson, entité n° 1 : c’est un Polygon, il faut une ligne"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			defaut := map[string]string{gaz: csvEssai, geo: communesEssai, "departement-01.geojson": departementEssai, "rivers-01.geojson": rivieresEssai}[tc.fichier]
			if !strings.Contains(defaut, tc.avant) {
				t.Fatalf("%q is not in %s", tc.avant, tc.fichier)
			}
			s := sourcesEssai(t, map[string]string{tc.fichier: strings.Replace(defaut, tc.avant, tc.apres, 1)})
			dossier := t.TempDir()
			_, err := Construire(context.Background(), s, dossier)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			if entrees, _ := os.ReadDir(dossier); len(entrees) > 0 {
				t.Errorf("%d files were written", len(entrees))
			}
		})
	}
}

// Old outlines may hold communes that have merged since: told, not fatal.
func TestConstruireCommuneFusionnee(t *testing.T) {
	csv := strings.Replace(csvEssai, "01002,L'Est", "01003,L'Est-Nouveau", 1)
	dossier := t.TempDir()
	bilan, err := Construire(context.Background(), sourcesEssai(t, map[string]string{"communes-france-2026.csv": csv}), dossier)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(bilan.Remarques[0], "la commune 01002 (L'Est) n’est plus dans la liste") {
		t.Errorf("remarks %q", bilan.Remarques)
	}
	ter, err := Open(os.DirFS(dossier))
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := ter.Commune("01003"); !ok || !ter.Contient(c.Centre) {
		t.Errorf("%+v is not inside", c)
	}
}

func TestConstruireInterrompue(t *testing.T) {
	ctx, annule := context.WithCancel(context.Background())
	annule()
	if _, err := Construire(ctx, sourcesEssai(t, nil), t.TempDir()); err == nil {
		t.Error("want an error")
	}
}

func TestSourcesDans(t *testing.T) {
	vide := t.TempDir()
	for _, tc := range []struct{ name, departement, gazetteer, fonds, want string }{
		{"département", "Tarn", vide, vide, "« Tarn » n’est pas un code de département"},
		{"no folder", "82", filepath.Join(vide, "rien"), vide, "lecture impossible"},
		{"no gazetteer", "82", vide, vide, "aucune liste de communes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := SourcesDans(tc.departement, tc.gazetteer, tc.fonds); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
