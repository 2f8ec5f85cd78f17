package territoire

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/geo"
)

func centresLivres(t *testing.T) *Centres {
	t.Helper()
	c, err := OpenCentres(bytes.NewReader(data.CentresFrance))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOpenCentres(t *testing.T) {
	c, err := OpenCentres(strings.NewReader("82\n112 441013 10954\nxxx a 2\n113 91000000 1\n\n2A\n004 419257 87377\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := c.Centre("82112"); !ok || p != (geo.Point{Lat: 44.1013, Lon: 1.0954}) {
		t.Errorf("82112 is at %v, %v", p, ok)
	}
	if p, ok := c.Centre("2A004"); !ok || p != (geo.Point{Lat: 41.9257, Lon: 8.7377}) {
		t.Errorf("2A004 is at %v, %v", p, ok)
	}
	for _, code := range []string{"82xxx", "82113", "", "75056"} {
		if p, ok := c.Centre(code); ok {
			t.Errorf("%q is at %v", code, p)
		}
	}
	for _, mauvais := range []string{"<html>", "82112 441013 10954\n", strings.Repeat("a", tailleCentres+1)} {
		if _, err := OpenCentres(strings.NewReader(mauvais)); err == nil {
			t.Errorf("%.20q is taken", mauvais)
		}
	}
	var nul *Centres
	if _, ok := nul.Centre("82112"); ok || nul.Proche(geo.Point{}, "82112") {
		t.Error("a nil table knows something")
	}
	if _, _, ok := nul.Dehors(geo.Point{}, "82112"); ok {
		t.Error("a nil table judges")
	}
}

// The shipped table is what the gazetteer makes, to the byte.
func TestCentresLivres(t *testing.T) {
	const gazetteer = "../../../shared/data/gazetteer/communes-france-2026.csv"
	if _, err := os.Stat(gazetteer); err != nil {
		t.Skip("left out: the table of centres made of the real gazetteer")
	}
	var w bytes.Buffer
	n, err := WriteCentres(&w, gazetteer)
	if err != nil || n != 34_875 || !bytes.Equal(w.Bytes(), data.CentresFrance) {
		t.Errorf("%d communes, %v, same bytes: %v", n, err, bytes.Equal(w.Bytes(), data.CentresFrance))
	}
	c := centresLivres(t)
	c.open()
	if len(c.codes) != n {
		t.Errorf("%d communes read of %d", len(c.codes), n)
	}
}

// Checked against the outlines, where there are some: no point of a commune is
// said to be outside it, and a point well outside is found, most often.
func TestCentresCommeContours(t *testing.T) {
	c, ter := centresLivres(t), livre(t)
	loin, trouves := 0, 0
	for i := range ter.contours.communes {
		f := &ter.contours.communes[i]
		for _, polygone := range f.polygones {
			for _, q := range polygone[0] {
				if dehors, metres, ok := c.Dehors(geo.Point{Lat: q[1], Lon: q[0]}, f.commune.Code); !ok || dehors {
					t.Fatalf("%s: a point of its border is said to be outside, %.0f m from its centre, known %v", f.commune.Nom, metres, ok)
				}
			}
		}
		for angle := range 12 {
			a := float64(angle) * math.Pi / 6
			p := geo.Point{Lat: f.commune.Centre.Lat + 0.27*math.Sin(a), Lon: f.commune.Centre.Lon + 0.37*math.Cos(a)} // 30 km
			loin++
			if dehors, _, _ := c.Dehors(p, f.commune.Code); dehors {
				trouves++
			}
			if c.Proche(p, f.commune.Code) {
				t.Errorf("%s: a point 30 km away may be in it", f.commune.Nom)
			}
		}
	}
	if trouves < loin*99/100 {
		t.Errorf("%d of %d points 30 km away are found outside", trouves, loin)
	}
}

// Real rows, true and false (shared/data), where communes are of every size.
func TestCentresDehors(t *testing.T) {
	c := centresLivres(t)
	for _, tc := range []struct {
		name, code string
		lat, lon   float64
		want       bool
	}{
		{"Arles is large", "13004", 43.681457, 4.621496, false},
		{"Les Belleville is long", "73257", 45.461492, 6.527665, false},
		{"Bagnères too", "65059", 43.06833, 0.151224, false},
		{"Saint-Laurent-du-Maroni is 60 km away from its centre", "97311", 5.504217, -54.026474, false},
		{"Mana too", "97306", 5.567233, -53.882456, false},
		{"Saint-Paul of La Réunion", "97415", -21.048533, 55.222101, false},
		{"Marseille", "13055", 43.3670752, 5.3402609, false},
		{"Camopi in the middle of Cayenne", "97356", 4.940598, -52.335266, true},
		{"Pont-Audemer in Rouen", "27467", 49.434955, 1.098474, true},
		{"Monflanquin in Alsace", "47175", 48.003812, 7.56219, true},
		{"Quettehou in Cherbourg", "50417", 49.636144, -1.63122, true},
		{"Angoulême in Roullet", "16015", 45.579908, 0.043248, true},
	} {
		if got, metres, ok := c.Dehors(geo.Point{Lat: tc.lat, Lon: tc.lon}, tc.code); !ok || got != tc.want {
			t.Errorf("%s: outside %v (%.0f m), want %v", tc.name, got, metres, tc.want)
		}
	}
}

func FuzzOpenCentres(f *testing.F) {
	f.Add("82\n112 441013 10954\n", "82112")
	f.Fuzz(func(t *testing.T, texte, code string) {
		c, err := OpenCentres(strings.NewReader(texte))
		if err != nil {
			return
		}
		if p, ok := c.Centre(code); ok && (!p.Valide() || len(code) != 5) {
			t.Errorf("%q is at %v", code, p)
		}
		c.Dehors(geo.Point{Lat: 44, Lon: 1}, code)
	})
}
