package rapproche_test

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/rapproche"
)



var reelles []mednum.Fiche

// lireReel reads the three real files once, or skips and says what is left
// out.
func lireAncien(t *testing.T) []mednum.Fiche {
	t.Helper()
	if len(reelles) > 0 {
		return slices.Clone(reelles)
	}
	var fiches []mednum.Fiche
	for _, chemin := range []string{
		"france-services/liste-fs-20240801.csv",
		"conseillers-numeriques/conseillers-numeriques-permanences-2022-12.json",
		"tiers-lieux/fabriques-de-territoire-2023-11.geojson",
	} {
		f, err := os.Open(donnees + chemin)
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("left out: groups of the real records (no %s)", chemin)
		}
		if err != nil {
			t.Fatal(err)
		}
		lecture, err := norme.Decode(chemin, f)
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		fiches = append(fiches, lecture.Fiches...)
	}
	reelles = fiches
	return slices.Clone(reelles)
}

// TestGroupesReels: the merges of département 82 are these and no other.
func TestGroupesReels(t *testing.T) {
	fiches := lireAncien(t)
	var got [][]string
	for _, groupe := range rapproche.Groupes(fiches) {
		var cles []string
		for _, i := range groupe {
			if strings.HasPrefix(fiches[i].Champs[mednum.ChampCodePostal], "82") {
				cles = append(cles, fiches[i].Cle)
			}
		}
		if len(cles) > 1 {
			got = append(got, cles)
		}
	}
	want := [][]string{
		{"477", "636ba31239870806f221aa71"},                      // Grisolles
		{"479", "636ba47639870806f221aaa5"},                      // Labastide-Saint-Pierre
		{"991", "62947f22e1b0b206ecbd929f"},                      // Saint-Antonin-Noble-Val
		{"992", "62c820844f82c306de285a69"},                      // Caussade
		{"3261", "625ea67805457b0790817c58"},                     // Valence
		{"627a3517ad1bdb06edc48aed", "627b5a21ad1bdb06edc49216"}, // PIJ of Castelsarrasin
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups of 82 (-want +got):\n%s", diff)
	}
}

// TestGroupesSansContradiction: blocking and merging keep what the comparison
// of all pairs of one postal code says.
func TestGroupesSansContradiction(t *testing.T) {
	fiches := lireAncien(t)
	fiches = slices.DeleteFunc(fiches, func(f mednum.Fiche) bool {
		return !strings.HasPrefix(f.Champs[mednum.ChampCodePostal], "82") && !strings.HasPrefix(f.Champs[mednum.ChampCodePostal], "31")
	})
	groupe := make([]int, len(fiches))
	for n, membres := range rapproche.Groupes(fiches) {
		for _, i := range membres {
			groupe[i] = n
		}
	}
	seules, ensemble := 0, 0
	for i := range fiches {
		for j := i + 1; j < len(fiches); j++ {
			sur, raisons := rapproche.MemeLieu(&fiches[i], &fiches[j])
			switch {
			case groupe[i] == groupe[j]:
				ensemble++
				if slices.Contains(raisons, "SIRET différents") || slices.Contains(raisons, "Adresses différentes") {
					t.Errorf("%s and %s are together: %q", fiches[i].Reference(), fiches[j].Reference(), raisons)
				}
			case sur:
				seules++
				t.Logf("sure but apart, for a third record: %s, %s", fiches[i].Reference(), fiches[j].Reference())
			}
		}
	}
	if ensemble < 10 || seules > ensemble/10 {
		t.Errorf("%d pairs together, %d sure pairs apart", ensemble, seules)
	}
}
