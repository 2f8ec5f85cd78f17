package mednum_test

import (
	"errors"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"github.com/google/go-cmp/cmp"
)

// What a column's CSV form says is what comes back, for every column.
func TestChamps_AffecterPuisValeur(t *testing.T) {
	exemples := map[mednum.Champ]string{"latitude": "44.0221", "longitude": "-1.5", "date_maj": "2024-04-02"}
	var champs mednum.Champs
	for _, champ := range mednum.ChampsNorme {
		want := exemples[champ]
		if want == "" {
			want = "un " + string(champ)
		}
		if champ.EstListe() {
			want += "|deux"
		}
		if err := champs.Affecter(champ, want); err != nil {
			t.Fatal(err)
		}
		if got := champs.Valeur(champ); got != want {
			t.Errorf("%s = %q, want %q", champ, got, want)
		}
	}
	for _, champ := range mednum.ChampsNorme {
		if err := champs.Affecter(champ, ""); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(mednum.Champs{}, champs); diff != "" {
		t.Errorf("emptied (-want +got):\n%s", diff)
	}
}

func TestChamps_AffecterRefuse(t *testing.T) {
	tests := []struct {
		name  string
		champ mednum.Champ
		texte string
	}{
		{"comma", "latitude", "44,02"},
		{"not a number", "latitude", "NaN"},
		{"infinite", "longitude", "Inf"},
		{"French date", "date_maj", "02/04/2024"},
		{"no such day", "date_maj", "2023-02-29"},
		{"no such column", "horaire", "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			champs := champsJustes()
			var faute *mednum.Error
			if err := champs.Affecter(tt.champ, tt.texte); !errors.As(err, &faute) || faute.Code != mednum.Invalide || faute.Champ != string(tt.champ) {
				t.Errorf("Affecter = %v, want an *Error on %s", err, tt.champ)
			}
			if diff := cmp.Diff(champsJustes(), champs); diff != "" {
				t.Errorf("a refused value changed something (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSplitListe(t *testing.T) {
	want := []string{"a", "b c"}
	if diff := cmp.Diff(want, mednum.SplitListe(" a |b c||a|")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := mednum.SplitListe(" | "); got != nil {
		t.Errorf("SplitListe of nothing = %v, want nil", got)
	}
}

func TestLieu_Itinerant(t *testing.T) {
	tests := []struct {
		name       string
		itinerance []string
		want       bool
	}{
		{"not said", nil, false},
		{"fixed", []string{"Fixe"}, false},
		{"moving", []string{"Itinérant"}, true},
		{"both: the office exists", []string{"Itinérant", "Fixe"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lieu := mednum.Lieu{Champs: mednum.Champs{Itinerance: tt.itinerance}}
			if got := lieu.Itinerant(); got != tt.want {
				t.Errorf("Itinerant() = %v, want %v", got, tt.want)
			}
		})
	}
}
