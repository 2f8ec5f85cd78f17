package collecte

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// territoireFrance is the shipped territory with the whole country, as the
// program opens it, or names what is left out.
func territoireFrance(t testing.TB) *territoire.Territoire {
	t.Helper()
	terr, err := territoire.Open(os.DirFS("../../data/82"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("../../frontend/dist/communes-france.tsv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("left out: communes anywhere in France (the front end is not built)")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if terr.France, err = territoire.OpenFrance(f); err != nil {
		t.Fatal(err)
	}
	if terr.Centres, err = territoire.OpenCentres(bytes.NewReader(data.CentresFrance)); err != nil {
		t.Fatal(err)
	}
	return terr
}

var fichiersReels = []string{
	"france-services/liste-fs-20240801.csv", "france-services/liste-fs-2023-07.csv",
	"conseillers-numeriques/conseillers-numeriques-permanences-2022-12.json",
	"data-inclusion/data-inclusion-2023-02.json", "tiers-lieux/fabriques-de-territoire-2023-11.geojson",
}

func lireReel(t testing.TB, chemin string) norme.Lecture {
	t.Helper()
	f, err := os.Open(filepath.Join("../../../shared/data", chemin))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("left out: repairs of the real file %s", chemin)
	}
	if err != nil {
		t.Fatal(err)
	}
	l, err := norme.Decode(filepath.Base(chemin), f)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return l
}

// What each real file needed: repairs and doubts by column and reason, rows set
// aside, points dropped. Every row but those set aside has its commune's code,
// and nothing is repaired twice.
func TestReelReparations(t *testing.T) {
	s := newSituateur(territoireFrance(t))
	var w strings.Builder
	for _, chemin := range fichiersReels {
		l := lireReel(t, chemin)
		comptes, sansCode := map[string]int{}, 0
		var ecartes []string
		for _, f := range l.Fiches {
			situee, ecart := s.situer(f)
			if ecart != nil {
				ecartes = append(ecartes, fmt.Sprintf("  ligne %d : %s", ecart.Ligne, ecart.Motif))
				continue
			}
			for _, r := range situee.Remarques {
				if r.Champ == mednum.ChampHoraires {
					continue // hours have their own tests, and reasons by the hundred
				}
				comptes[raisonCourte(r)]++
			}
			if situee.Champs[mednum.ChampCodeInsee] == "" {
				sansCode++
			}
			if encore, ecart := s.situer(situee); ecart != nil || !mednum.Identiques(situee, encore) {
				t.Errorf("%s, ligne %d, situated again (-once +twice):\n%s%v", chemin, f.Ligne, cmp.Diff(situee, encore), ecart)
			}
		}
		fmt.Fprintf(&w, "%s : %d lignes, %d écartées, %d sans commune\n", chemin, len(l.Fiches)+len(l.Ecartes), len(ecartes)+len(l.Ecartes), sansCode)
		for _, raison := range slices.Sorted(maps.Keys(comptes)) {
			fmt.Fprintf(&w, "  %5d %s\n", comptes[raison], raison)
		}
		w.WriteString(strings.Join(append(ecartes, ""), "\n"))
	}
	goldenInterne(t, "testdata/reparations.golden", w.String())
}

// raisonCourte is the column and the reason of a remark, without what is the
// row's own.
func raisonCourte(r mednum.Remarque) string {
	genre := "réparé"
	if r.ARevoir {
		genre = "à revoir"
	}
	motif := r.Motif
	for _, debut := range []string{"Ce point est à", "Ce code est de", "Le code et le code postal sont de", "L’arrêt «", "La commune de l’arrêt"} {
		if strings.HasPrefix(motif, debut) {
			motif = debut + "…"
		}
	}
	return fmt.Sprintf("%s, %s : %s", r.Champ, genre, motif)
}

func goldenInterne(t *testing.T, chemin, got string) {
	t.Helper()
	if os.Getenv("UPDATE_REPARATIONS") != "" {
		if err := os.WriteFile(chemin, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", chemin, d)
	}
}
