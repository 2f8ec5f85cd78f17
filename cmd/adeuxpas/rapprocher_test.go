package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Two sources of two départements: a France services and its double, the bus of
// its address, a library, a row without a town.
const (
	listeEssai = `id_fs,insee_dep,lib_fs,adresse,complement_adresse,insee_com,code_postal,lib_com,latitude,longitude,mail,telephone,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,prise_rdv,commentaire,type_fs,format_fs,groupe_fs,labellisation_fs
7,46,France services de Cahors,9 Rue des Papetiers,,46042,46000,Cahors,44.448,1.441,fs@cahors.example,05 65 00 00 01,,,,,,,Non,,Principal,Fixe,,
8,46,Bus France services du Lot,9 Rue des Papetiers,,46042,46000,Cahors,44.448,1.441,,05 65 00 00 02,,,,,,,Non,,Principal,Itinérante,,
9,974,France services de Salazie,22 rue de l'Église,,97421,97433,Salazie,-21.027,55.539,,02 62 00 00 03,,,,,,,Non,,Principal,Fixe,,
`
	normeEssai = `[
 {"id": "a1", "nom": "Maison France Services Cahors", "commune": "CAHORS", "code_postal": "46000", "adresse": "9 rue des papetiers", "telephone": "0565000001", "source": "essai", "date_maj": "2023-01-02", "courriel": ""},
 {"id": "a2", "nom": "Médiathèque du Lot", "commune": "Cahors", "code_postal": "46000", "adresse": "1 place Haute", "source": "essai", "date_maj": "2023-01-02", "courriel": ""},
 {"id": "a3", "nom": "Nulle part", "commune": "", "code_postal": "", "adresse": "", "source": "essai", "date_maj": "2023-01-02", "courriel": ""},
 {"id": "a4", "nom": "Mairie de Salazie", "commune": "Salazie", "code_postal": "97433", "adresse": "22 rue de l'église", "telephone": "0262000003", "source": "essai", "date_maj": "2023-01-02", "courriel": ""}
]`
)

func ecrireEssai(t *testing.T, chemin, contenu string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(chemin), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(chemin, []byte(contenu), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRapprocher(t *testing.T) {
	dossier := t.TempDir()
	ecrireEssai(t, filepath.Join(dossier, "liste-fs-20240801.csv"), listeEssai)
	ecrireEssai(t, filepath.Join(dossier, "essai.json"), normeEssai)
	r := lancer(t, dossier, nil, "rapprocher", "liste-fs-20240801.csv", "essai.json")
	if r.code != 0 {
		t.Fatalf("code %d: %s", r.code, r.stderr)
	}
	comparer(t, "rapprocher", r.stdout)
	comparer(t, "rapprocher-erreur", r.stderr)

	ecrireEssai(t, filepath.Join(dossier, "groupes.json"), "old")
	ecrit := lancer(t, dossier, nil, "rapprocher", "liste-fs-20240801.csv", "essai.json", "--sortie", "groupes.json")
	octets, err := os.ReadFile(filepath.Join(dossier, "groupes.json"))
	if err != nil || ecrit.code != 0 || ecrit.stdout != "" {
		t.Fatalf("code %d, %q, %v: %s", ecrit.code, ecrit.stdout, err, ecrit.stderr)
	}
	if diff := cmp.Diff(r.stdout, string(octets)); diff != "" {
		t.Errorf("--sortie and stdout differ (-stdout +file):\n%s", diff)
	}
}

// TestRapprocherToutesLesFiches: every record that was read is in one group, and
// a doubt names whole groups.
func TestRapprocherToutesLesFiches(t *testing.T) {
	dossier := t.TempDir()
	ecrireEssai(t, filepath.Join(dossier, "a", "liste.csv"), listeEssai)
	ecrireEssai(t, filepath.Join(dossier, "b", "liste.csv"), listeEssai)
	ecrireEssai(t, filepath.Join(dossier, "essai.json"), normeEssai)
	r := lancer(t, dossier, nil, "rapprocher", "--date", "2024-08-01", "a/liste.csv", "b/liste.csv", "essai.json")
	type groupe struct {
		Membres []struct {
			Fichier string
			Ligne   int
			ID      string
		}
		Score   float64
		Raisons []string
	}
	var lu struct {
		Groupes  []groupe
		ADecider []groupe `json:"a_decider"`
	}
	if err := json.Unmarshal([]byte(r.stdout), &lu); err != nil || r.code != 0 {
		t.Fatalf("code %d, %v: %s", r.code, err, r.stderr)
	}
	vus := map[string]int{}
	for n, g := range lu.Groupes {
		for _, m := range g.Membres {
			cle := m.Fichier + "/" + m.ID
			if _, ok := vus[cle]; ok {
				t.Errorf("%s is in two groups", cle)
			}
			vus[cle] = n
		}
	}
	if len(vus) != 9 {
		t.Errorf("%d records in groups, want 9: %v", len(vus), vus)
	}
	if vus["a/liste.csv/7"] != vus["b/liste.csv/7"] || vus["a/liste.csv/7"] != vus["essai.json/a1"] {
		t.Errorf("two editions and their double are apart: %v", vus)
	}
	if len(lu.ADecider) != 1 || len(lu.ADecider[0].Membres) != 3 {
		t.Errorf("doubts: %+v", lu.ADecider)
	}
}

func TestRapprocherRefus(t *testing.T) {
	dossier := t.TempDir()
	ecrireEssai(t, filepath.Join(dossier, "essai.json"), normeEssai)
	ecrireEssai(t, filepath.Join(dossier, "rien.txt"), "bonjour")
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"twice", []string{"essai.json", "./essai.json"}, 2, "essai.json est donné deux fois."},
		{"absent", []string{"absent.json"}, 1, "absent.json"},
		{"no format", []string{"rien.txt"}, 1, "rien.txt\u00a0: Ce fichier"},
		{"a date that is none", []string{"--date", "hier", "essai.json"}, 2, "«\u00a0hier\u00a0» n’est pas une date"},
		{"no file", nil, 2, "Il manque FICHIER"},
		{"a folder that is not there", []string{"essai.json", "--sortie", "nulle/part.json"}, 1, "nulle/part.json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := lancer(t, dossier, nil, append([]string{"rapprocher"}, tt.args...)...)
			if r.code != tt.code || !strings.Contains(r.stderr, tt.want) || r.stdout != "" {
				t.Errorf("code %d, stdout %q, stderr %q; want %d and %q", r.code, r.stdout, r.stderr, tt.code, tt.want)
			}
		})
	}
}
