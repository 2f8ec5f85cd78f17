package norme

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// TestReconnaitre: a format is told by the content of a file, never by its
// name.
func TestReconnaitre(t *testing.T) {
	tests := []struct{ name, texte, want string }{
		{"France services 2024", "id_fs,lib_fs,h_lundi,prise_rdv,format_fs\n1,A,,,\n", "France services (CSV)"},
		{"France services 2023, semicolons", "id_fs;lib_fs;h_lundi;itinerance;format_fs_anct\n1;A;;;\n", "France services (CSV)"},
		{"standard v1", "id,nom,commune,date_maj,services\n1,A,V,2024-01-01,\n", "standard v1 (CSV)"},
		{"standard v1 JSON", `[{"id":"1","nom":"A","commune":"V","date_maj":"2024-01-01"}]`, "standard v1 (JSON)"},
		{"standard v1 GeoJSON", `{"type":"FeatureCollection","features":[{"properties":{"id":"1","nom":"A","commune":"V","date_maj":"2024-01-01"}}]}`, "standard v1 (GeoJSON)"},
		{"an export without a place", `[]`, "standard v1 (JSON)"},
		{"standard v0", "id,nom,commune,date_maj,courriel\n1,A,V,2024-01-01,\n", "standard v0 (CSV)"},
		{"standard v0 GeoJSON", `{"type":"FeatureCollection","features":[{"properties":{"id":"1","nom":"A","commune":"V","date_maj":"2024-01-01","labels_nationaux":"CNFS"}}]}`, "standard v0 (GeoJSON)"},
		{"Conseillers numériques", `[{"id":"1","nom":"A","commune":"V","date_maj":"2024-01-01","courriel":"","structureId":"2"}]`, "Conseillers numériques, standard v0 (JSON)"},
		{"Conseillers numériques by their source", `[{"id":"1","nom":"A","commune":"V","date_maj":"2024-01-01","courriel":"","source":"conseiller-numerique"}]`, "Conseillers numériques, standard v0 (JSON)"},
		{"data·inclusion structures", "id,source,nom,date_maj,reseaux_porteurs\n1,a,A,2024-01-01,\n", "data·inclusion, structures (CSV)"},
		{"data·inclusion services", "id,source,nom,date_maj,structure_id,thematiques\n1,a,A,2024-01-01,2,\n", "data·inclusion, services (CSV)"},
		{"GoGoCarto", `{"data":[{"id":1,"name":"A","geo":{"latitude":1,"longitude":2},"categories":["B"]}]}`, "GoGoCarto (JSON)"},
		{"RhinOcc", `{"data":[{"id":1,"name":"A","geo":{"latitude":1,"longitude":2},"categories":["B"],"prez_lieu":""}]}`, "GoGoCarto, RhinOcc (JSON)"},
		{"Fabriques", `{"type":"FeatureCollection","features":[{"properties":{"id_territoire":1,"lib_territoire":"A","id_geo":"1"}}]}`, "Fabriques de territoire (GeoJSON)"},
		{"one's own CSV", "Nom,Ville\nA,V\n", "tableau (CSV)"},
		{"one's own GeoJSON", `{"type":"FeatureCollection","features":[{"properties":{"Nom":"A","Ville":"V"},"geometry":{"type":"Point","coordinates":[1.3,44]}}]}`, "tableau (GeoJSON)"},
		{"one's own, with an id and a commune", "id,nom,commune,Courriel\n1,A,V,\n", "tableau (CSV)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, nom := range []string{"liste-fs-20240801.csv", "lieux.xlsx"} {
				l, err := Decode(nom, strings.NewReader(tt.texte))
				if err != nil || l.Format != tt.want {
					t.Errorf("%s: %q, %v, want %q", nom, l.Format, err, tt.want)
				}
			}
		})
	}
}

// TestFlux: files of unrelated hands never share a flow.
func TestFlux(t *testing.T) {
	const v1 = "id,nom,commune,date_maj,source\n1,A,V,2024-01-01,"
	tests := []struct {
		name, fichier, source, texte string
		id, nom                      string
	}{
		{"named by an option", "a.csv", "Mairies du Quercy", v1 + "Autre\n", "mairies-du-quercy", "Mairies du Quercy"},
		{"one producer", "a.csv", "", v1 + "Hub d’Essai\n", "hub-d-essai", "Hub d’Essai"},
		{"two producers", "dossier/lieux_82-2024-05.csv", "", v1 + "B\n2,A,V,2024-01-01,C\n", "lieux-82", "lieux 82"},
		{"a row without a producer", "Lieux 20240501.csv", "", v1 + "B\n2,A,V,2024-01-01,\n", "lieux", "Lieux"},
		{"a name that says nothing", "2024-05.csv", "", v1 + "\n", "fichier-sans-nom", "Fichier sans nom"},
		{"rows of another format's source", "a.csv", "", v1 + "France services\n", "france-services-norme", "France services"},
		{"a format that says whose it is", "a.csv", "Mairies", "id_fs,lib_fs,h_lundi\n1,A,\n", "france-services", "Liste des structures France services (ANCT)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := Options{Source: tt.source}.Decode(tt.fichier, strings.NewReader(tt.texte))
			if err != nil {
				t.Fatal(err)
			}
			if l.Flux.ID != tt.id || l.Flux.Nom != tt.nom {
				t.Errorf("flow %q, %q, want %q, %q", l.Flux.ID, l.Flux.Nom, tt.id, tt.nom)
			}
			for i := range l.Fiches {
				if l.Fiches[i].Flux != tt.id {
					t.Errorf("record of the flow %q", l.Fiches[i].Flux)
				}
			}
		})
	}
}

func TestEditionEtLicence(t *testing.T) {
	const v1 = "id,nom,commune,date_maj,source\n1,A,V,2024-01-01,Hinaura\n2,A,V,2024-03-01,Autre\n"
	l, err := Decode("lieux.csv", strings.NewReader(v1))
	if err != nil || l.Date.String() != "2024-03-01" {
		t.Errorf("edition %v, want that of the newest row; %v", l.Date, err)
	}
	if diff := cmp.Diff([]string{"", mednum.LicenceODbL, ""}, []string{l.Flux.Licence, l.Fiches[0].Licence, l.Fiches[1].Licence}); diff != "" {
		t.Errorf("licences (-want +got):\n%s", diff)
	}
	l, _ = Decode("lieux-2024-05.csv", strings.NewReader(v1))
	o, _ := Options{Date: jourEssai}.Decode("lieux-2024-05.csv", strings.NewReader(v1))
	if l.Date.String() != "2024-05-01" || o.Date != jourEssai {
		t.Errorf("editions %v and %v, want that of the name, then that of the option", l.Date, o.Date)
	}
	for texte, want := range map[string]string{
		"https://opendatacommons.org/licenses/odbl/summary/": mednum.LicenceODbL, "Open Database License": mednum.LicenceODbL,
		"Licence Ouverte / Etalab 2.0": mednum.LicenceOuverte, "CC-BY-NC": "", "": "",
	} {
		if got := licenceDe(texte); got != want {
			t.Errorf("licenceDe(%q) = %q", texte, got)
		}
	}
}

// TestFranceServices2023: the layout of 2023 has no prise_rdv, and says in two
// columns what moves.
func TestFranceServices2023(t *testing.T) {
	const entete = "id_fs,lib_fs,adresse,insee_com,code_postal,lib_com,h_lundi,h_mardi,itinerance,format_fs,format_fs_anct\n"
	tests := []struct{ name, fin, itinerance, horaires string }{
		{"fixed", "09:00 - 12:00,-,Non,Site principal,Lieu fixe", fixe, "Mo 09:00-12:00"},
		{"hours unknown", "Horaires non communiqués,Horaires non communiqués,Non,Site principal,Lieu fixe", fixe, ""},
		{"a bus", "09:00 - 12:00,,Oui,Site principal,Mobile", itinerant, ""},
		{"a bus whose other column says no", "09:00 - 12:00,,Non,Site principal,Mobile", itinerant, ""},
		{"several offices", "09:00 - 12:00,,Oui,Site principal,Multi-sites", fixe, "Mo 09:00-12:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := Decode("liste-fs-2023-07.csv", strings.NewReader(entete+"1,Maison,1 rue A,82999,82990,Val,"+tt.fin+"\n"))
			if err != nil || len(l.Fiches) != 1 {
				t.Fatal(l.Ecartes, err)
			}
			f := l.Fiches[0]
			if f.Champs[mednum.ChampItinerance] != tt.itinerance || f.Champs[mednum.ChampHoraires] != tt.horaires {
				t.Errorf("%q, %q", f.Champs[mednum.ChampItinerance], f.Champs[mednum.ChampHoraires])
			}
			for _, r := range f.Remarques {
				if r.ARevoir {
					t.Errorf("to review: %+v", r)
				}
			}
		})
	}
}

// TestToutCompte: in every file, each row that holds anything is counted once.
func TestToutCompte(t *testing.T) {
	entrees, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entrees {
		if e.IsDir() || strings.HasSuffix(e.Name(), ".golden") {
			continue
		}
		octets, err := os.ReadFile("testdata/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		l, err := Decode(e.Name(), bytes.NewReader(octets))
		if err != nil {
			t.Errorf("%s: %v", e.Name(), err)
		}
		resume(t, &l)
		n += l.Lus
	}
	if n < 20 {
		t.Errorf("%d rows only", n)
	}
}
