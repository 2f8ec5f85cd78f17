package territoire

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"82numerique.fr/adeuxpas/internal/geo"
)

func TestContour(t *testing.T) {
	ter := livre(t)
	c, ok := ter.Contour("82121")
	if !ok {
		t.Fatal("Montauban has no outline")
	}
	if _, ok := ter.Contour("31555"); ok {
		t.Error("Toulouse has an outline")
	}
	b := c.Boite()
	for _, tc := range []struct {
		name string
		b    geo.Boite
		want bool
	}{
		{"the box that holds it", b, true},
		{"the whole Earth", geo.Boite{Sud: -90, Ouest: -180, Nord: 90, Est: 180}, true},
		{"a point inside", geo.Boite{Sud: 44.0176, Ouest: 1.3549, Nord: 44.0176, Est: 1.3549}, true},
		{"a side of its box", geo.Boite{Sud: b.Nord, Ouest: b.Ouest, Nord: 50, Est: b.Est}, true},
		{"just above", geo.Boite{Sud: b.Nord + 1e-6, Ouest: b.Ouest, Nord: 50, Est: b.Est}, false},
		{"across the antimeridian, all but Europe", geo.Boite{Sud: -90, Ouest: 90, Nord: 90, Est: -90}, false},
		{"across the antimeridian, all but the Pacific", geo.Boite{Sud: -90, Ouest: 1.3, Nord: 90, Est: -100}, true},
	} {
		if got := c.Touche(tc.b); got != tc.want {
			t.Errorf("%s: %t, want %t", tc.name, got, tc.want)
		}
	}
}

// A box meets an outline where one of the points of a fine grid does, or close
// to it.
func TestContourTouche(t *testing.T) {
	ter := livre(t)
	r := rand.New(rand.NewPCG(4, 82))
	oui, non := 0, 0
	for range 300 {
		c, _ := ter.Contour(ter.contours.communes[r.IntN(len(ter.contours.communes))].commune.Code)
		f, tout := c.forme, c.Boite()
		x, y := tout.Ouest-0.04+r.Float64()*(tout.Est-tout.Ouest+0.04), tout.Sud-0.04+r.Float64()*(tout.Nord-tout.Sud+0.04)
		b := geo.Boite{Sud: y, Ouest: x, Nord: y + r.Float64()*0.05, Est: x + r.Float64()*0.05}
		trouve := false
		const n = 60
		for i := range n + 1 {
			for j := range n + 1 {
				p := orb.Point{b.Ouest + (b.Est-b.Ouest)*float64(i)/n, b.Sud + (b.Nord-b.Sud)*float64(j)/n}
				trouve = trouve || f.contient(p)
			}
		}
		switch got := c.Touche(b); {
		case trouve && !got:
			t.Fatalf("%v meets %+v, and is said not to", f.boite, b)
		case got && !trouve && f.distance(geo.Point{Lat: (b.Sud + b.Nord) / 2, Lon: (b.Ouest + b.Est) / 2}) > 6000:
			t.Fatalf("%+v is said to meet what is far from it", b)
		case got:
			oui++
		default:
			non++
		}
	}
	if oui < 50 || non < 50 {
		t.Errorf("%d meet, %d do not: the boxes prove little", oui, non)
	}
}

func TestContourGeoJSON(t *testing.T) {
	ter := livre(t)
	for i := range ter.contours.communes {
		c, _ := ter.Contour(ter.contours.communes[i].commune.Code)
		var g struct {
			Type        string
			Coordinates orb.MultiPolygon
		}
		if err := json.Unmarshal(c.AppendGeoJSON(nil), &g); err != nil || g.Type != "MultiPolygon" {
			t.Fatal(g.Type, err)
		}
		if g.Coordinates.Bound() != c.forme.boite {
			t.Errorf("%v, want %v", g.Coordinates.Bound(), c.forme.boite)
		}
		for _, p := range g.Coordinates {
			for j, anneau := range p {
				if want := map[bool]orb.Orientation{true: orb.CCW, false: orb.CW}[j == 0]; anneau.Orientation() != want || !anneau.Closed() {
					t.Errorf("ring %d turns %d", j, anneau.Orientation())
				}
			}
		}
	}
}
