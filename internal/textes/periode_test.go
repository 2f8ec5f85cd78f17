package textes

import (
	"testing"
	"time"
)

func TestPeriode(t *testing.T) {
	jour := func(texte string) time.Time {
		d, err := time.Parse(time.DateOnly, texte)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	cases := []struct{ name, du, au, want string }{
		{"a day", "2026-11-27", "2026-11-27", "le vendredi 27 novembre"},
		{"a day of next year", "2027-01-04", "2027-01-04", "le lundi 4 janvier 2027"},
		{"within a month", "2026-12-01", "2026-12-12", "du 1er au 12 décembre"},
		{"over months", "2026-11-30", "2026-12-04", "du 30 novembre au 4 décembre"},
		{"over the new year", "2026-12-24", "2027-01-02", "du 24 décembre au 2 janvier 2027"},
		{"next year", "2027-02-08", "2027-02-12", "du 8 au 12 février 2027"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := Periode(jour(tc.du), jour(tc.au), jour("2026-11-24")); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestPlages(t *testing.T) {
	for osm, want := range map[string]string{
		"09:00-12:00": "9 h à 12 h", "09:00-12:00,14:00-17:30": "9 h à 12 h et 14 h à 17 h 30", "14:00+": "à partir de 14 h", "?": "?", "24/7": "24/7",
	} {
		if got := plat(Plages(osm)); got != want {
			t.Errorf("%s: got %q, want %q", osm, got, want)
		}
	}
}

func TestLieuOuvert(t *testing.T) {
	for nom, want := range map[string]string{
		"Médiathèque de Castelmayran": "Médiathèque ouverte", "MAIRIE": "Mairie ouverte", "Mission locale": "Mission locale ouverte",
		"Centre social du Ramier": "Centre social ouvert", "Point numérique": "Lieu ouvert", "": "Lieu ouvert",
	} {
		if got := LieuOuvert(nom); got != want {
			t.Errorf("%s: got %q, want %q", nom, got, want)
		}
	}
}

func TestMoment(t *testing.T) {
	maintenant := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	for ajout, want := range map[time.Duration]string{
		4 * time.Hour: "à 14 h", 23 * time.Hour: "demain à 9 h", 48 * time.Hour: "jeudi à 10 h",
		8 * 24 * time.Hour: "le mercredi 2 décembre à 10 h", 14 * time.Hour: "demain", 41 * 24 * time.Hour: "le lundi 4 janvier 2027 à 10 h",
	} {
		if got := plat(Moment(maintenant.Add(ajout), maintenant)); got != want {
			t.Errorf("%v: got %q, want %q", ajout, got, want)
		}
	}
}
