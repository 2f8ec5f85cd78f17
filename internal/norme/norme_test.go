package norme

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, nom string, got []byte) {
	t.Helper()
	chemin := filepath.Join("testdata", nom)
	if *update {
		if err := os.WriteFile(chemin, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", nom, diff)
	}
}

func lireFichier(t *testing.T, nom string) Lecture {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", nom))
	if err != nil {
		t.Fatal(err)
	}
	lecture, err := Decode(nom, f)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return lecture
}

// TestDecodeGolden: what the readers make of invented rows that hold every
// trap of the real ones.
func TestDecodeGolden(t *testing.T) {
	for _, nom := range []string{
		"liste-fs-20240801.csv", "conseillers.json", "standard-v0.csv", "fabriques-2023-11.geojson",
		"inclusion-structures-2025-06.json", "inclusion-services-2025-06.json", "gogocarto-2024-05-02.json", "lieux-du-lot-2024-09.csv",
	} {
		t.Run(nom, func(t *testing.T) {
			lecture := lireFichier(t, nom)
			for i := range lecture.Fiches {
				if n := len(lecture.Fiches[i].Empreinte); n != 64 {
					t.Errorf("empreinte of %d signs", n)
				}
				lecture.Fiches[i].Empreinte = "" // of what the golden shows
			}
			octets, err := json.MarshalIndent(lecture, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, nom+".golden", append(octets, '\n'))
		})
	}
}

func TestDecodeRefuse(t *testing.T) {
	tests := []struct {
		name, contenu string
		want          mednum.Code
	}{
		{"empty", "", mednum.Invalide},
		{"only spaces", " \n\t", mednum.Invalide},
		{"another CSV", "a,b\n1,2\n", mednum.Invalide},
		{"another JSON", `{"type":"Topology"}`, mednum.Invalide},
		{"cut JSON", `[{"id":"1"`, mednum.Invalide},
		{"JSON of numbers", `[1,2]`, mednum.Invalide},
		{"objects of something else", `[{"x":1}]`, mednum.Invalide},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Decode("essai", strings.NewReader(tt.contenu))
			var refus *mednum.Error
			if !errors.As(err, &refus) || refus.Code != tt.want || refus.Message == "" {
				t.Errorf("err = %v, want code %s", err, tt.want)
			}
		})
	}
}

func TestDecodeMemesEmpreintes(t *testing.T) {
	a, b := lireFichier(t, "liste-fs-20240801.csv"), lireFichier(t, "liste-fs-20240801.csv")
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("the same file twice (-first +second):\n%s", diff)
	}
	if a.Fiches[0].Empreinte == a.Fiches[1].Empreinte {
		t.Error("two records have one fingerprint")
	}
}

// TestDecodeEncodages: the same file with a mark, in Windows-1252, with
// semicolons.
func TestDecodeEncodages(t *testing.T) {
	const texte = "id,nom,commune,services,date_maj,pivot\n1,Médiathèque d'essai,Évreux,,2024-01-01,\n"
	latin := []byte(strings.NewReplacer("é", "\xe9", "è", "\xe8", "É", "\xc9").Replace(texte))
	tests := map[string][]byte{
		"utf-8":        []byte(texte),
		"with a mark":  append([]byte("\xef\xbb\xbf"), texte...),
		"windows-1252": latin,
		"semicolons":   []byte(strings.ReplaceAll(texte, ",", ";")),
		"crlf":         []byte(strings.ReplaceAll(texte, "\n", "\r\n")),
	}
	for nom, octets := range tests {
		t.Run(nom, func(t *testing.T) {
			lecture, err := Decode("essai.csv", bytes.NewReader(octets))
			if err != nil || len(lecture.Fiches) != 1 {
				t.Fatalf("%d records, %v", len(lecture.Fiches), err)
			}
			c := lecture.Fiches[0].Champs
			if c[mednum.ChampNom] != "Médiathèque d'essai" || c[mednum.ChampCommune] != "Évreux" || c[mednum.ChampPivot] != mednum.PivotInconnu {
				t.Errorf("read %q", c)
			}
		})
	}
}

func TestDateDuNom(t *testing.T) {
	tests := []struct{ name, want string }{
		{"liste-fs-20240801.csv", "2024-08-01"},
		{"fabriques-de-territoire-2023-11.geojson", "2023-11-01"},
		{"export_2024-02-29.json", "2024-02-29"},
		{"export_2023-02-29.json", ""},
		{"liste.csv", ""},
	}
	for _, tt := range tests {
		if got := dateDuNom(tt.name).String(); got != tt.want {
			t.Errorf("dateDuNom(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestOptionsDate(t *testing.T) {
	octets, err := os.ReadFile("testdata/liste-fs-20240801.csv")
	if err != nil {
		t.Fatal(err)
	}
	sans, err := Decode("liste.csv", bytes.NewReader(octets))
	if err != nil || len(sans.Fiches) != 0 || sans.Ecartes[0].Motif != "Pas de date de mise à jour : donnez celle du fichier avec --date AAAA-MM-JJ." {
		t.Errorf("without a date: %d records, %v, %v", len(sans.Fiches), sans.Ecartes, err)
	}
	date := mednum.Date{Annee: 2025, Mois: 3, Jour: 4}
	avec, err := Options{Date: date}.Decode("liste-fs-20240801.csv", bytes.NewReader(octets))
	if err != nil || len(avec.Fiches) == 0 || avec.Fiches[0].DateMaj != date {
		t.Errorf("with a date: %+v, %v", avec.Fiches, err)
	}
}
