package horaires

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDoutes(t *testing.T) {
	chevauchent := "ces heures se chevauchent."
	efface := "cette règle ne compte pas\u00a0: une règle suivante la remplace les mêmes jours. Pour garder les deux, écrivez une virgule au lieu du point-virgule."
	cases := []struct {
		name, texte string
		want        []Doute
	}{
		{"ordinary", "Mo-Fr 09:00-12:00,14:00-17:00; We off; PH off", nil},
		{"night", "Fr 22:00-02:00", nil},
		{"until noon", "Fr 19:00-11:00", []Doute{{0, "19:00-11:00", "ces heures passent minuit et durent 16\u00a0h\u00a0: la fin est-elle juste\u00a0?"}}},
		{"twelve hours of the night", "Fr 19:00-07:00", nil},
		{"backwards afternoon", "Mo-Fr 09:00-12:00; Sa 14:00-05:30", []Doute{{1, "14:00-05:30", "ces heures passent minuit et durent 15\u00a0h\u00a030\u00a0: la fin est-elle juste\u00a0?"}}},
		{"all day long", "Mo 00:00-24:00", nil},
		{"overlap", "Mo 09:00-12:00,11:00-14:00", []Doute{{0, "09:00-12:00,11:00-14:00", chevauchent}}},
		{"touching", "Mo 09:00-12:00,12:00-14:00", nil},
		{"replaced", "Mo 09:00-12:00; Mo 14:00-17:00", []Doute{{0, "Mo 09:00-12:00", efface}}},
		{"added", "Mo 09:00-12:00, Mo 14:00-17:00", nil},
		{"cut, not replaced", "Mo 09:00-18:00; Mo 12:00-14:00 off", nil},
		{"replaced for some days only", "Mo-Fr 09:00-18:00; Mo 09:00-12:00", nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e, err := Parse(tc.texte)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, e.Doutes()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
