package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The table of centres is made of the national list, or nothing is written and
// the refusal names the line.
func TestTerritoireCentres(t *testing.T) {
	const entete = "code_insee,nom,codes_postaux,code_departement,code_region,latitude,longitude,population,siren_epci,nom_epci\n"
	for _, tt := range []struct{ name, csv, want, phrase string }{
		{"two communes", entete + "2A004,Ajaccio,20000,2A,94,41.9257,8.7377,1,,\n01001,L'Abergement-Clémenciat,01400,01,84,46.15166,4.9306,1,,\n", "01\n001 461517 49306\n2A\n004 419257 87377\n", ""},
		{"no such column", "code\n1\n", "", "ligne 1"},
		{"no latitude", entete + "2A004,Ajaccio,20000,2A,94,nord,8.7377,1,,\n", "", "ligne 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dossier := t.TempDir()
			if err := os.WriteFile(filepath.Join(dossier, "communes.csv"), []byte(tt.csv), 0o600); err != nil {
				t.Fatal(err)
			}
			r := lancer(t, dossier, nil, "territoire", "centres", "--gazetteer", filepath.Join(dossier, "communes.csv"), "--sortie", filepath.Join(dossier, "centres.txt"))
			got, err := os.ReadFile(filepath.Join(dossier, "centres.txt"))
			if string(got) != tt.want || (err == nil) != (tt.phrase == "") || !strings.Contains(r.stderr, tt.phrase) || (r.code == 0) != (tt.phrase == "") {
				t.Errorf("wrote %q (%v); code %d, %s%s", got, err, r.code, r.stdout, r.stderr)
			}
		})
	}
}
