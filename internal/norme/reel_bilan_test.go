package norme

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// bilanDe counts the repairs and the doubts of a reading, column by column.
func bilanDe(l *Lecture) string {
	repares, aRevoir := make(map[mednum.Champ]int), make(map[mednum.Champ]int)
	for i := range l.Fiches {
		for _, r := range l.Fiches[i].Remarques {
			if r.ARevoir {
				aRevoir[r.Champ]++
				repares[r.Champ] += 0
			} else {
				repares[r.Champ]++
			}
		}
	}
	var b strings.Builder
	for _, champ := range slices.Sorted(maps.Keys(repares)) {
		fmt.Fprintf(&b, "%s: %d repaired, %d to review\n", champ, repares[champ], aRevoir[champ])
	}
	return b.String()
}

// TestReelsBilan: what each real file gives (the note of the project quotes
// these figures). Repairs and values to review are counted in a golden file of
// each, for -update.
func TestReelsBilan(t *testing.T) {
	tests := []struct {
		chemin, format, edition    string
		lus, fiches, ecartes, odbl int
	}{
		{reelFS, "France services (CSV)", "2024-08-01", 2845, 2845, 0, 0},
		{"data/france-services/liste-fs-2023-07.csv", "France services (CSV)", "2023-07-01", 2707, 2707, 0, 0},
		{reelConseiller, "Conseillers numériques, standard v0 (JSON)", "2022-12-01", 4930, 4930, 0, 0},
		{"data/data-inclusion/data-inclusion-2023-02.json", "standard v0 (JSON)", "2023-02-01", 3811, 3811, 0, 568},
		{reelFabriques, "Fabriques de territoire (GeoJSON)", "2023-11-01", 342, 342, 0, 0},
		{"data/tiers-lieux/82-fabriques-de-territoire-2023-11.geojson", "Fabriques de territoire (GeoJSON)", "2023-11-01", 1, 1, 0, 0},
		{"standard/exemple-valide_HEAD.csv", "standard v1 (CSV)", "2024-04-02", 1, 1, 0, 0},
		{"standard/exemple-valide_v0.1.1.csv", "standard v0 (CSV)", "2022-06-02", 1, 1, 0, 0},
	}
	for _, tt := range tests {
		t.Run(filepath.Base(tt.chemin), func(t *testing.T) {
			l := lireReel(t, tt.chemin)
			resume(t, &l)
			odbl := 0
			for i := range l.Fiches {
				if l.Fiches[i].Licence == mednum.LicenceODbL {
					odbl++
				}
			}
			want := []any{tt.format, tt.edition, tt.lus, tt.fiches, tt.ecartes, tt.odbl}
			got := []any{l.Format, l.Date.String(), l.Lus, len(l.Fiches), len(l.Ecartes), odbl}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("format, edition, rows, records, left out, ODbL (-want +got):\n%s", diff)
			}
			golden(t, "reels/"+filepath.Base(tt.chemin)+".golden", []byte(bilanDe(&l)))
		})
	}
}
