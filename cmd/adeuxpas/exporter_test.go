package main_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// What is under ODbL is in no export; what says no licence is in those of the
// command alone, not in what the service publishes.
func TestExporterLicences(t *testing.T) {
	dossier := remplie(t)
	copier(t, "testdata/lieu-essai.csv", filepath.Join(dossier, "lieu-essai.csv"))
	const nom = "Atelier numérique d’essai"
	for _, tt := range []struct {
		licence          string
		exporte, publiee bool
	}{
		{"ODbL 1.0", false, false},
		{"inconnue", true, false},
		{"Licence Ouverte 2.0", true, true},
	} {
		t.Run(tt.licence, func(t *testing.T) {
			base := filepath.Join(t.TempDir(), "a.db")
			if r := lancer(t, dossier, nil, "importer", "--base", base, "--licence", tt.licence, "lieu-essai.csv"); r.code != 0 {
				t.Fatalf("importer: %s%s", r.stdout, r.stderr)
			}
			for _, format := range []string{"csv", "json", "geojson", "tableur"} {
				r := lancer(t, dossier, nil, "exporter", "--base", base, "--format", format)
				if r.code != 0 || strings.Contains(r.stdout, nom) != tt.exporte {
					t.Errorf("%s: code %d, there: %v", format, r.code, strings.Contains(r.stdout, nom))
				}
				if dit := strings.Contains(r.stderr, "Laissés de côté\u00a0: 1\u00a0lieu"); dit == tt.exporte {
					t.Errorf("%s says %q", format, r.stderr)
				}
			}
			s := demarrer(t, t.TempDir(), "--base", base)
			defer s.stop()
			if _, corps := s.lire(t, "/donnees/lieux.csv"); strings.Contains(corps, nom) != tt.publiee {
				t.Errorf("published: %v", !tt.publiee)
			}
			if _, corps := s.lire(t, "/lieux"); !strings.Contains(corps, nom) {
				t.Error("no page lists it")
			}
		})
	}
}

// --commune and --epci keep the rows that are there, in each format.
func TestExporterParEndroit(t *testing.T) {
	dossier := remplie(t)
	toutes, commune, epci := exporter(t, dossier, "csv"), exporter(t, dossier, "csv", "--commune", "82112"), exporter(t, dossier, "csv", "--epci", "200066322")
	n, m, e := strings.Count(toutes, "\n"), strings.Count(commune, "\n"), strings.Count(epci, "\n")
	if m < 3 || e <= m || n <= e {
		t.Errorf("%d rows in all, %d in the EPCI, %d in the commune", n, e, m)
	}
	for l := range strings.Lines(commune) {
		if !strings.HasPrefix(l, "id,") && !strings.Contains(l, ",82112,") {
			t.Errorf("elsewhere: %s", l)
		}
	}
	if x := exporter(t, dossier, "xlsx", "--commune", "82112"); !strings.HasPrefix(x, "PK\x03\x04") {
		t.Error("no workbook")
	}
}
