package textes

import (
	"math"
	"strings"
	"testing"
	"time"
)

// plat replaces no-break spaces, which cannot be told from spaces in a table.
func plat(s string) string { return strings.ReplaceAll(s, insecable, " ") }

func TestDistance(t *testing.T) {
	cases := []struct {
		name   string
		metres float64
		want   string
	}{
		{"here", 0, "à moins de 50 m"},
		{"next door", 49.9, "à moins de 50 m"},
		{"fifty", 50, "à 50 m"},
		{"rounded to 50", 420, "à 400 m"},
		{"rounded up to 50", 430, "à 450 m"},
		{"just under a kilometre", 974, "à 950 m"},
		{"almost a kilometre", 980, "à 1 km"},
		{"one decimal", 3240, "à 3,2 km"},
		{"whole", 5004, "à 5 km"},
		{"almost ten", 9940, "à 9,9 km"},
		{"ten", 9960, "à 10 km"},
		{"whole kilometres", 12600, "à 13 km"},
		{"thousands", 1234567, "à 1 235 km"},
		{"unknown", -1, ""},
		{"not a number", math.NaN(), ""},
		{"infinite", math.Inf(1), ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := plat(Distance(tc.metres)); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	if got := Distance(3200); got != "à 3,2\u00a0km" {
		t.Errorf("the unit may break away from its number: %q", got)
	}
	if got := plat(Kilometres(20)); got != "0 m" {
		t.Errorf("Kilometres(20) = %q", got)
	}
}

func TestDates(t *testing.T) {
	jour := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	cases := []struct{ name, got, want string }{
		{"month", Mois(2022, time.May), "mai 2022"},
		{"no month", Mois(0, 0), ""},
		{"day", Jour(jour), "mardi 3 mars"},
		{"first", Jour(jour.AddDate(0, 0, -2)), "dimanche 1er mars"},
		{"long", DateLongue(2026, time.August, 15), "15 août 2026"},
		{"long, first", DateLongue(2026, time.August, 1), "1er août 2026"},
		{"unknown", DateLongue(0, 0, 0), ""},
		{"hour", Heure(9, 0), "9 h"},
		{"half past", Heure(9, 30), "9 h 30"},
		{"five past", Heure(9, 5), "9 h 05"},
		{"noon", Heure(12, 0), "12 h"},
		{"midnight", Heure(24, 0), "minuit"},
		{"after midnight", Heure(26, 15), "2 h 15"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if plat(tc.got) != tc.want {
				t.Errorf("got %q, want %q", tc.got, tc.want)
			}
		})
	}
}

func TestTelephone(t *testing.T) {
	cases := []struct{ name, numero, want string }{
		{"E.164", "+33563302020", "05 63 30 20 20"},
		{"national", "0563302020", "05 63 30 20 20"},
		{"dots", "05.63.30.20.20", "05 63 30 20 20"},
		{"already spaced", "05 63 30 20 20", "05 63 30 20 20"},
		{"with (0)", "+33 (0)5 63 30 20 20", "05 63 30 20 20"},
		{"Réunion", "+262262123456", "02 62 12 34 56"},
		{"Saint-Pierre-et-Miquelon", "+508412345", "+508 41 23 45"},
		{"short", "3960", "39 60"},
		{"short, E.164", "+333960", "39 60"},
		{"foreign", "+4420794601", "+4420794601"},
		{"words", "voir la mairie", "voir la mairie"},
		{"two numbers", "0563302020 / 0563302021", "0563302020 / 0563302021"},
		{"none", "", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := plat(Telephone(tc.numero)); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestDeA(t *testing.T) {
	cases := []struct{ nom, de, a string }{
		{"Caumont", "de Caumont", "à Caumont"},
		{"Auvillar", "d’Auvillar", "à Auvillar"},
		{"Escatalens", "d’Escatalens", "à Escatalens"},
		{"Esparsac", "d’Esparsac", "à Esparsac"},
		{"Albefeuille-Lagarde", "d’Albefeuille-Lagarde", "à Albefeuille-Lagarde"},
		{"Le Fauga", "du Fauga", "au Fauga"},
		{"Le Causé", "du Causé", "au Causé"},
		{"Les Barthes", "des Barthes", "aux Barthes"},
		{"La Ville-Dieu-du-Temple", "de La Ville-Dieu-du-Temple", "à La Ville-Dieu-du-Temple"},
		{"L’Honor-de-Cos", "de L’Honor-de-Cos", "à L’Honor-de-Cos"},
		{"Lauzerte", "de Lauzerte", "à Lauzerte"},
		{"Lespinasse", "de Lespinasse", "à Lespinasse"},
		{"Étampes", "d’Étampes", "à Étampes"},
		{"Œuilly", "d’Œuilly", "à Œuilly"},
		{"Ytrac", "d’Ytrac", "à Ytrac"},
		{"Yutz", "de Yutz", "à Yutz"},
		{"Hyères", "d’Hyères", "à Hyères"},
		{"Haguenau", "de Haguenau", "à Haguenau"},
		{"12 rue du Port", "du 12 rue du Port", "au 12 rue du Port"},
		{"Rue du Port", "de la Rue du Port", "à la Rue du Port"},
		{"avenue Jean Jaurès", "de l’avenue Jean Jaurès", "à l’avenue Jean Jaurès"},
		{"boulevard Lagal", "du boulevard Lagal", "au boulevard Lagal"},
		{"août 2022", "d’août 2022", "à août 2022"},
		{"3 mai 2022", "du 3 mai 2022", "au 3 mai 2022"},
		{"", "", ""},
	}
	for _, tc := range cases {
		t.Run(tc.nom, func(t *testing.T) {
			if got := De(tc.nom); got != tc.de {
				t.Errorf("De: got %q, want %q", got, tc.de)
			}
			if got := A(tc.nom); got != tc.a {
				t.Errorf("A: got %q, want %q", got, tc.a)
			}
		})
	}
}

func TestPluriel(t *testing.T) {
	cases := []struct {
		name string
		n    int
		want string
	}{
		{"none", 0, "0 lieu"}, {"one", 1, "1 lieu"}, {"two", 2, "2 lieux"}, {"thousands", 12345, "12 345 lieux"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := plat(Pluriel(tc.n, "lieu", "lieux")); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestEnumerer(t *testing.T) {
	for want, mots := range map[string][]string{"": nil, "a": {"a"}, "a et b": {"a", "b"}, "a, b et c": {"a", "b", "c"}} {
		if got := Enumerer(mots); got != want {
			t.Errorf("Enumerer(%q) = %q, want %q", mots, got, want)
		}
	}
}

func TestCouper(t *testing.T) {
	for _, tc := range []struct {
		texte string
		n     int
		want  string
	}{
		{"été", 3, "été"}, {"étés", 3, "ét…"}, {"un long nom", 4, "un…"}, {"", 3, ""},
	} {
		if got := Couper(tc.texte, tc.n); got != tc.want {
			t.Errorf("Couper(%q, %d) = %q, want %q", tc.texte, tc.n, got, tc.want)
		}
	}
}

func TestMinuscule(t *testing.T) {
	for _, tc := range []struct{ name, phrase, want string }{
		{"a word", "Du lundi au jeudi", "du lundi au jeudi"},
		{"an accent", "À confirmer", "à confirmer"},
		{"an acronym", "SIRET de la structure", "SIRET de la structure"},
		{"one letter", "L’aide", "l’aide"},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Minuscule(tc.phrase); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
