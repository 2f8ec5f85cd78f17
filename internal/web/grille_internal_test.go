package web

import "testing"

func TestParseHeure(t *testing.T) {
	cases := []struct {
		texte string
		want  int // -1 for what is no hour
	}{
		{"9h", 540}, {"9:00", 540}, {"09h30", 570}, {"9", 540}, {"9 h 30", 570}, {"9H30", 570}, {"9h30min", 570}, {" 09:30 ", 570}, {"9.30", 570},
		{"930", 570}, {"0930", 570}, {"1400", 840}, {"14", 840}, {"0", 0}, {"midi", 720}, {"Minuit", 1440}, {"24h", 1440}, {"26:00", 1560}, {"48:00", 2880},
		{"", -1}, {"h", -1}, {"9h60", -1}, {"9h5", -1}, {"9-12", -1}, {"neuf heures", -1}, {"49", -1}, {"48:01", -1}, {"-9", -1}, {"09300", -1}, {"9h30h", -1}, {"٩", -1},
	}
	for _, tc := range cases {
		t.Run(tc.texte, func(t *testing.T) {
			got, ok := parseHeure(tc.texte)
			if ok != (tc.want >= 0) || ok && got != tc.want {
				t.Errorf("%d, %v, want %d", got, ok, tc.want)
			}
		})
	}
	for m := range 48*60 + 1 {
		if got, ok := parseHeure(heureEcrite(m)); !ok || got != m {
			t.Fatalf("%s is read back as %d, %v", heureEcrite(m), got, ok)
		}
	}
}
