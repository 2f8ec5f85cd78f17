package territoire

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"82numerique.fr/adeuxpas/internal/geo"
)

func TestCommuneAt(t *testing.T) {
	ter := livre(t)
	for _, tc := range []struct {
		name string
		p    geo.Point
		want string
	}{
		{"Montauban", geo.Point{Lat: 44.0176, Lon: 1.3549}, "82121"},
		{"Moissac", geo.Point{Lat: 44.1042, Lon: 1.0857}, "82112"},
		{"Toulouse has no outline", geo.Point{Lat: 43.6045, Lon: 1.444}, ""},
		{"the other side of the Earth", geo.Point{Lat: -44, Lon: -178}, ""},
		{"not a number", geo.Point{Lat: math.NaN(), Lon: 1}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ""
			if c, ok := ter.CommuneAt(tc.p); ok {
				got = c.Code
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// Simplified borders stay shared: a point of the département is in one
// commune, a point outside in none.
func TestContoursSansTrou(t *testing.T) {
	ter := livre(t)
	b := ter.contours.departement.boite
	r := rand.New(rand.NewPCG(1, 82))
	dedans := 0
	for range 20_000 {
		p := orb.Point{b.Min[0] + r.Float64()*(b.Max[0]-b.Min[0]), b.Min[1] + r.Float64()*(b.Max[1]-b.Min[1])}
		n := 0
		for i := range ter.contours.communes {
			if ter.contours.communes[i].contient(p) {
				n++
			}
		}
		want := 0
		if ter.contours.departement.contient(p) {
			want = 1
			dedans++
		}
		if n != want {
			t.Errorf("%v is in %d communes, want %d", p, n, want)
		}
	}
	if dedans < 5000 {
		t.Errorf("only %d points fell inside", dedans)
	}
}

// Each vertex of a border belongs to a commune of which it is a vertex.
func TestCommuneAtBord(t *testing.T) {
	ter := livre(t)
	for i := range ter.contours.communes {
		f := &ter.contours.communes[i]
		for _, p := range f.polygones[0][0] {
			c, ok := ter.CommuneAt(geo.Point{Lat: p[1], Lon: p[0]})
			if !ok || c.Code > f.commune.Code {
				t.Fatalf("%v, on the border of %s: got %v", p, f.commune.Code, c)
			}
		}
	}
}

func TestCentresDansLeurContour(t *testing.T) {
	ter := livre(t)
	horsContour := 0
	for i := range ter.contours.communes {
		f := &ter.contours.communes[i]
		if f.contient(pointOrb(f.commune.Centre)) {
			continue
		}
		horsContour++
		d := f.distance(f.commune.Centre)
		t.Logf("%s: the centre lies %.0f m outside", f.commune.Nom, d)
		if d > 50 {
			t.Errorf("%s: the centre lies %.0f m outside", f.commune.Nom, d)
		}
	}
	if horsContour > 5 {
		t.Errorf("%d centres lie outside their outline", horsContour)
	}
}

func TestDistanceBord(t *testing.T) {
	ter := livre(t)
	for _, tc := range []struct {
		name     string
		p        geo.Point
		min, max float64
	}{
		{"inside", geo.Point{Lat: 44.0176, Lon: 1.3549}, 0, 0},
		{"Agen", geo.Point{Lat: 44.2033, Lon: 0.6163}, 15_000, 25_000},
		{"Toulouse", geo.Point{Lat: 43.6045, Lon: 1.444}, 18_000, 25_000},
		{"Paris", geo.Point{Lat: 48.8566, Lon: 2.3522}, 480_000, 520_000},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if d := ter.DistanceBord(tc.p); d < tc.min || d > tc.max {
				t.Errorf("got %.0f m, want %.0f to %.0f", d, tc.min, tc.max)
			}
			if ter.Contient(tc.p) != (tc.max == 0) {
				t.Errorf("Contient is %v", ter.Contient(tc.p))
			}
		})
	}
	// Against points set close together along the border.
	r := rand.New(rand.NewPCG(2, 82))
	for range 30 {
		p := geo.Point{Lat: 43.5 + r.Float64()*1.2, Lon: 0.5 + r.Float64()*1.8}
		if ter.Contient(p) {
			continue
		}
		plus := math.Inf(1)
		for _, anneau := range ter.contours.departement.polygones[0] {
			for i := 1; i < len(anneau); i++ {
				for u := 0.0; u <= 1; u += 0.05 {
					q := geo.Point{Lat: anneau[i-1][1] + u*(anneau[i][1]-anneau[i-1][1]), Lon: anneau[i-1][0] + u*(anneau[i][0]-anneau[i-1][0])}
					plus = min(plus, geo.Distance(p, q))
				}
			}
		}
		if d := ter.DistanceBord(p); d > plus*1.01 || d < plus-60 {
			t.Errorf("%v: got %.0f m, points of the border are at %.0f m", p, d, plus)
		}
	}
}

// Fond is what the browser draws: decoded by itself, it covers the département.
func TestFond(t *testing.T) {
	ter := livre(t)
	var f documentFond
	if err := json.Unmarshal(ter.Fond(), &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Communes) < 195 || f.Communes[0].Population < f.Communes[1].Population || len(f.Rivieres) == 0 || len(f.Limites) == 0 || len(f.EPCI) != 10 {
		t.Errorf("%d communes, %d rivers, %d borders, %d EPCI", len(f.Communes), len(f.Rivieres), len(f.Limites), len(f.EPCI))
	}
	d := documentContours{Echelle: f.Echelle, Arcs: f.Arcs, Rangs: f.Rangs}
	aire := func(pp polygones) float64 {
		m, err := d.decode("essai", pp)
		if err != nil {
			t.Fatal(err)
		}
		return planar.Area(m)
	}
	somme, sommeEPCI := 0.0, 0.0
	for _, c := range f.Communes {
		somme += aire(c.Polygones)
	}
	for _, e := range f.EPCI {
		sommeEPCI += aire(e.Polygones)
	}
	total := aire(f.Departement)
	if math.Abs(somme-total) > 1e-9 || math.Abs(sommeEPCI-total) > 1e-9 {
		t.Errorf("areas: département %g, communes %g, EPCI %g", total, somme, sommeEPCI)
	}
	if len(f.Voisins) != 6 || f.Attribution == "" {
		t.Errorf("neighbours %v, attribution %q", f.Voisins, f.Attribution)
	}
}

func TestDecodeRefuse(t *testing.T) {
	d := documentContours{Arcs: [][]int{{0, 0, 1, 0, 0, 1}, {1, 1, -1, 0, 0, -1}, {5, 5, 1, 1}, {1, 2, 3}, {0, 0, 1_900_000, 0}}}
	for _, tc := range []struct {
		name string
		refs []int
		ok   bool
	}{
		{"closed", []int{0, 1}, true},
		{"backwards", []int{^1, ^0}, true},
		{"open", []int{0}, false},
		{"does not follow", []int{0, 2}, false},
		{"no such arc", []int{9}, false},
		{"no such arc backwards", []int{^9}, false},
		{"odd", []int{3}, false},
		{"off the Earth", []int{4}, false},
		{"empty", nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := d.anneau(tc.refs); (err == nil) != tc.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}
