package mednum_test

import (
	"fmt"
	"regexp"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Public ids are printed on posters: these two must never change.
func TestNouvelID_NeChangeJamais(t *testing.T) {
	tests := []struct{ name, reference, want string }{
		{"france services", "france-services/992", "3pc3vwh5"},
		{"conseillers numériques", "conseillers-numeriques/62592a1d05457b0790816e6c", "65m4ct4w"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mednum.NouvelID(tt.reference); got != tt.want {
				t.Errorf("NouvelID(%q) = %q, want %q", tt.reference, got, tt.want)
			}
		})
	}
}

func TestNouvelID_FormeEtUnicite(t *testing.T) {
	forme := regexp.MustCompile(`^[23456789cdfhjkmnprtvwx]{8}$`)
	vus := make(map[string]string)
	for i := range 20_000 {
		reference := fmt.Sprintf("norme/%d", i)
		id := mednum.NouvelID(reference)
		if !forme.MatchString(id) {
			t.Fatalf("NouvelID(%q) = %q, not eight signs of the alphabet", reference, id)
		}
		if autre, ok := vus[id]; ok {
			t.Fatalf("%s and %s share the id %s", reference, autre, id)
		}
		vus[id] = reference
	}
}

func TestEstID(t *testing.T) {
	for texte, want := range map[string]bool{
		mednum.NouvelID("france-services/475"): true,
		"":                                     false,
		"475":                                  false,
		"9tk69ww":                              false,
		"9tk69wwdd":                            false,
		"9tk69wwa":                             false,
		"9TK69WWD":                             false,
	} {
		if got := mednum.EstID(texte); got != want {
			t.Errorf("EstID(%q) = %t", texte, got)
		}
	}
}
