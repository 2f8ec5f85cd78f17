package rapproche_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/rapproche"
)

func lireTous(t *testing.T, noms ...string) []mednum.Fiche {
	t.Helper()
	var fiches []mednum.Fiche
	for _, nom := range noms {
		fiches = append(fiches, lireReel(t, nom)...)
	}
	return fiches
}

// TestGroupesReels: the merges of département 82 are these and no other.
func TestGroupesReels(t *testing.T) {
	fiches := lireTous(t, "fs24", "cn", "fab")
	var got [][]string
	for _, groupe := range rapproche.Grouper(fiches, rapproche.Savoir{}).Groupes {
		var cles []string
		for _, i := range groupe.Membres {
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

// TestFileReelle: on whole files, the queue stays one that people can work
// through, no group holds two rows of the France Services list of one edition,
// none holds two communes that nothing brings together, and merging agrees with
// comparing.
func TestFileReelle(t *testing.T) {
	tests := []struct {
		noms   []string
		doutes int // at most, for 1,000 records
		fusion int // at least, records that are not alone, for 1,000
	}{
		{[]string{"fs24", "cn"}, 41, 130},
		{[]string{"cn", "di"}, 30, 500},
		{[]string{"fs23", "fs24"}, 15, 940},
		{[]string{"fs24", "cn", "fs23", "di", "fab"}, 35, 700},
	}
	if course {
		tests = tests[:1] // the race detector would take minutes for the others
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.noms, "+"), func(t *testing.T) {
			fiches := lireTous(t, tt.noms...)
			g := rapproche.Grouper(fiches, rapproche.Savoir{})
			ensemble := 0
			for _, groupe := range g.Groupes {
				if len(groupe.Membres) > 1 {
					ensemble += len(groupe.Membres)
				}
				verifierGroupe(t, fiches, groupe.Membres)
			}
			t.Logf("%d records, %d places, %d doubts", len(fiches), len(g.Groupes), len(g.Doutes))
			if 1000*len(g.Doutes) > tt.doutes*len(fiches) {
				t.Errorf("%d doubts for %d records", len(g.Doutes), len(fiches))
			}
			if 1000*ensemble < tt.fusion*len(fiches) {
				t.Errorf("%d records together of %d", ensemble, len(fiches))
			}
		})
	}
}

func verifierGroupe(t *testing.T, fiches []mednum.Fiche, membres []int) {
	t.Helper()
	for n, i := range membres {
		sure := len(membres) == 1
		for _, j := range membres {
			if i == j {
				continue
			}
			c := rapproche.Comparer(&fiches[i], &fiches[j])
			sure = sure || c.Verdict == rapproche.Sur
			if j > i && slices.Contains(c.Contre, "Deux lignes de la liste France services") {
				t.Errorf("two rows of the list: %s, %s", fiches[i].Reference(), fiches[j].Reference())
			}
			if j > i && slices.Contains(c.Contre, "Communes différentes") && fiches[i].Cle != fiches[j].Cle {
				t.Errorf("two communes: %s, %s", fiches[i].Reference(), fiches[j].Reference())
			}
		}
		if !sure {
			t.Errorf("member %d of %v is sure with none", n, membres)
		}
	}
}
