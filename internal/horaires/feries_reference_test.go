package horaires

import (
	"testing"
	"time"
)

// French public holidays are those of the reference, day by day from 2020 to
// 2035: in Occitanie as everywhere, in Alsace and Moselle, and overseas. Left
// aside are Guadeloupe and Martinique, to which the reference gives Good Friday
// and 21 July, which no law makes public holidays there (L3422-2).
func TestFeriesReference(t *testing.T) {
	cases := []struct {
		departement, region string
		want                int // days in sixteen years
	}{
		{"82", "Occitanie", 11 * 16},
		{"75", "Île-de-France", 11 * 16},
		{"57", "Moselle", 13 * 16},
		{"67", "Bas-Rhin", 13 * 16},
		{"68", "Haut-Rhin", 13 * 16},
		{"973", "Guyane", 12*16 - 1}, // 10 June 2030 is Whit Monday
		{"974", "La Réunion", 12 * 16},
		{"976", "Mayotte", 12 * 16},
	}
	var jours []time.Time
	for d := instant(t, "2020-01-01 12:00"); d.Year() < 2036; d = d.AddDate(0, 0, 1) {
		jours = append(jours, d)
	}
	questions := make([]question, len(cases))
	for i, tc := range cases {
		questions[i] = question{Horaires: "PH", Region: tc.region, Instants: rfc3339(jours)}
	}
	for i, r := range interroger(t, questions) {
		t.Run(cases[i].region, func(t *testing.T) {
			c := Calendrier{Lieu: paris(t), Departement: cases[i].departement}
			feries := 0
			for k, jour := range jours {
				nom, ok := c.Ferie(jour)
				if ok != (r.Etats[k][0] == "open") {
					t.Errorf("%s: we say %q, the reference %v", jour.Format(time.DateOnly), nom, r.Etats[k])
				}
				if ok {
					feries++
				}
			}
			if feries != cases[i].want {
				t.Errorf("%d public holidays, want %d", feries, cases[i].want)
			}
		})
	}
}
