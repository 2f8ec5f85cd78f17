package mednum_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"github.com/google/go-cmp/cmp"
)

// The lists are compared with the standard's own file when it is there.
func TestVocabulaires_SontCeuxDuStandard(t *testing.T) {
	contenu, err := os.ReadFile("../../../shared/standard/enums_v1.0.2.json")
	if err != nil {
		t.Skip("left out: comparison of every vocabulary with enums_v1.0.2.json, which is not here")
	}
	var listes map[string]json.RawMessage
	if err := json.Unmarshal(contenu, &listes); err != nil {
		t.Fatal(err)
	}
	for nom, brut := range listes {
		if champ, reste, _ := strings.Cut(nom, " "); reste != "" {
			comparerTypologies(t, champ, brut)
			continue
		}
		var want []string
		if err := json.Unmarshal(brut, &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, mednum.Vocabulaire(mednum.Champ(nom))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", nom, diff)
		}
	}
}

func comparerTypologies(t *testing.T, champ string, brut json.RawMessage) {
	t.Helper()
	if champ != "typologie" {
		t.Errorf("unknown list %q", champ)
	}
	var want map[string]string
	if err := json.Unmarshal(brut, &want); err != nil {
		t.Fatal(err)
	}
	for code := range want {
		if mednum.Typologies[code] == "" {
			t.Errorf("typologie %s has no label", code)
		}
	}
	if len(mednum.Typologies) != len(want) {
		t.Errorf("%d typologies, want %d", len(mednum.Typologies), len(want))
	}
}

func TestTypologies_LibellesPropres(t *testing.T) {
	vus := make(map[string]string)
	for code, libelle := range mednum.Typologies {
		if libelle != strings.TrimSpace(libelle) || libelle == "" || strings.Contains(libelle, "'") || strings.HasPrefix(libelle, "-") {
			t.Errorf("%s: label %q is not clean", code, libelle)
		}
		if autre, ok := vus[libelle]; ok {
			t.Errorf("%s and %s share the label %q", code, autre, libelle)
		}
		vus[libelle] = code
	}
}

func TestVocabulaire_AppartientALAppelant(t *testing.T) {
	mednum.Vocabulaire(mednum.ChampServices)[0] = "changed"
	if slices.Contains(mednum.Vocabulaire(mednum.ChampServices), "changed") {
		t.Error("a caller can change the vocabulary")
	}
	if got := mednum.Vocabulaire(mednum.ChampNom); got != nil {
		t.Errorf("Vocabulaire(nom) = %v, want nil", got)
	}
}

func TestValeurDe(t *testing.T) {
	tests := []struct {
		name  string
		champ mednum.Champ
		texte string
		want  string
	}{
		{"exact", mednum.ChampFraisACharge, "Gratuit", "Gratuit"},
		{"the library's space", mednum.ChampFormationsLabels, "Étapes numériques (La Poste)", "Étapes numériques(La Poste)"},
		{"typographic apostrophe", mednum.ChampModalitesAcces, "Ce lieu n’accueille pas de public", "Ce lieu n'accueille pas de public"},
		{"case and accents", mednum.ChampItinerance, "ITINERANT", "Itinérant"},
		{"prefix only", mednum.ChampFraisACharge, "Gratuit sous", ""},
		{"other column", mednum.ChampFraisACharge, "Seniors", ""},
		{"empty", mednum.ChampFraisACharge, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := mednum.ValeurDe(tt.champ, tt.texte)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("ValeurDe(%q) = %q, %v, want %q", tt.texte, got, ok, tt.want)
			}
		})
	}
}
