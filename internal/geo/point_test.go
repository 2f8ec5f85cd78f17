package geo_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"82numerique.fr/adeuxpas/internal/geo"
)

// haversine is the textbook formula, in degrees.
func haversine(a, b geo.Point) float64 {
	const rad = math.Pi / 180
	dLat, dLon := math.Sin((b.Lat-a.Lat)*rad/2), math.Sin((b.Lon-a.Lon)*rad/2)
	h := dLat*dLat + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*dLon*dLon
	return 2 * geo.RayonTerre * math.Asin(math.Sqrt(math.Min(1, h)))
}

func TestDistance(t *testing.T) {
	quart := math.Pi / 2 * geo.RayonTerre
	tests := []struct {
		name        string
		a, b        geo.Point
		want, marge float64 // metres
	}{
		{"the same point", geo.Point{44.0221, 1.3529}, geo.Point{44.0221, 1.3529}, 0, 0},
		{"Paris to London (worked with the formula)", geo.Point{48.8566, 2.3522}, geo.Point{51.5074, -0.1278}, 343_556.5, 0.5},
		{"a degree of the equator", geo.Point{0, 0}, geo.Point{0, 1}, 111_195.08, 0.01},
		{"a quarter of a meridian", geo.Point{0, 12}, geo.Point{90, 12}, quart, 1e-6},
		{"a quarter of the equator", geo.Point{0, -45}, geo.Point{0, 45}, quart, 1e-6},
		{"antipodes", geo.Point{0, 0}, geo.Point{0, 180}, 2 * quart, 0.2},
		{"pole to pole", geo.Point{90, 12}, geo.Point{-90, -57}, 2 * quart, 0.2},
		{"a pole, whatever the longitude", geo.Point{90, 12}, geo.Point{90, -130}, 0, 0},
		{"the antimeridian, written twice", geo.Point{-17, 180}, geo.Point{-17, -180}, 0, 0},
		{"across the antimeridian", geo.Point{0, 179.5}, geo.Point{0, -179.5}, 111_195.08, 0.01},
		{"a metre", geo.Point{44, 1}, geo.Point{44 + 1/111_195.0797, 1}, 1, 1e-8},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := geo.Distance(tt.a, tt.b)
			if !(math.Abs(got-tt.want) <= tt.marge) {
				t.Errorf("Distance = %v m, want %v ± %v", got, tt.want, tt.marge)
			}
			if inverse := geo.Distance(tt.b, tt.a); inverse != got {
				t.Errorf("not symmetric: %v and %v", got, inverse)
			}
		})
	}
}

// The chord is the textbook formula, seen otherwise. Near the antipode, where
// both lose digits, they may differ by some centimetres.
func TestDistance_CommeHaversine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		a, b := auHasard(r), auHasard(r)
		if r.IntN(2) == 0 {
			b = geo.Point{Lat: math.Min(90, a.Lat+r.Float64()*0.01), Lon: math.Min(180, a.Lon+r.Float64()*0.01)}
		}
		want, got := haversine(a, b), geo.Distance(a, b)
		marge := 1e-6
		if want > 19_900_000 {
			marge = 0.5
		}
		if math.Abs(want-got) > marge {
			t.Fatalf("Distance(%v, %v) = %v, haversine %v", a, b, got, want)
		}
	}
}

func TestPoint_Valide(t *testing.T) {
	tests := []struct {
		name  string
		point geo.Point
		want  bool
	}{
		{"Montauban", geo.Point{44.0221, 1.3529}, true},
		{"corner", geo.Point{-90, 180}, true},
		{"latitude", geo.Point{90.0001, 0}, false},
		{"longitude", geo.Point{0, -180.0001}, false},
		{"NaN latitude", geo.Point{math.NaN(), 0}, false},
		{"NaN longitude", geo.Point{0, math.NaN()}, false},
		{"infinite", geo.Point{0, math.Inf(1)}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.point.Valide(); got != tt.want {
				t.Errorf("Valide() = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestArrondir(t *testing.T) {
	tests := []struct {
		name        string
		point, want geo.Point
	}{
		{"Montauban", geo.Point{44.02214, 1.35296}, geo.Point{44.022, 1.353}},
		{"south and west", geo.Point{-21.11549, -55.53151}, geo.Point{-21.115, -55.532}},
		{"up to the edge", geo.Point{89.99999, -179.99999}, geo.Point{90, -180}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := geo.Arrondir(tt.point); got != tt.want {
				t.Errorf("Arrondir = %v, want %v", got, tt.want)
			}
		})
	}
	if zero := geo.Arrondir(geo.Point{-0.0001, -0.0001}); math.Signbit(zero.Lat) || math.Signbit(zero.Lon) {
		t.Error("Arrondir writes -0")
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		p := auHasard(r)
		if d := geo.Distance(p, geo.Arrondir(p)); d > 79 {
			t.Fatalf("%v moved by %v m", p, d)
		}
	}
}

func TestMasque(t *testing.T) {
	var m geo.Masque
	for _, bit := range []int{0, 63, 64, 127, -1, 128} {
		m.Set(bit)
	}
	if want := (geo.Masque{1 | 1<<63, 1 | 1<<63}); m != want {
		t.Errorf("Set: %x, want %x", m, want)
	}
	for bit, want := range map[int]bool{0: true, 1: false, 63: true, 64: true, 65: false, 127: true, -1: false, 128: false} {
		if m.Has(bit) != want {
			t.Errorf("Has(%d) = %v, want %v", bit, !want, want)
		}
	}
	if got := (geo.Masque{1, 2}).Or(geo.Masque{4, 2}); got != (geo.Masque{5, 2}) {
		t.Errorf("Or = %x", got)
	}
	if m.IsZero() || !(geo.Masque{}).IsZero() {
		t.Error("IsZero")
	}
}

func TestFiltre_Match(t *testing.T) {
	a, b, haut := geo.Masque{1}, geo.Masque{2}, geo.Masque{0, 1}
	tests := []struct {
		name   string
		filtre geo.Filtre
		masque geo.Masque
		want   bool
	}{
		{"nil matches all", nil, geo.Masque{}, true},
		{"one of an OR", geo.Filtre{a.Or(b)}, a, true},
		{"none of an OR", geo.Filtre{a.Or(b)}, haut, false},
		{"both of an AND", geo.Filtre{a, haut}, a.Or(haut), true},
		{"one of an AND", geo.Filtre{a, haut}, a.Or(b), false},
		{"an empty OR", geo.Filtre{{}}, geo.Masque{^uint64(0), ^uint64(0)}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.filtre.Match(tt.masque); got != tt.want {
				t.Errorf("Match = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestBoite_Contient(t *testing.T) {
	france := geo.Boite{Sud: 41, Ouest: -5, Nord: 51, Est: 9.5}
	fidji := geo.Boite{Sud: -21, Ouest: 177, Nord: -12, Est: -178}
	tests := []struct {
		name  string
		boite geo.Boite
		point geo.Point
		want  bool
	}{
		{"inside", france, geo.Point{44, 1}, true},
		{"on a corner", france, geo.Point{41, 9.5}, true},
		{"north", france, geo.Point{51.0001, 1}, false},
		{"west", france, geo.Point{44, -5.0001}, false},
		{"across, west side", fidji, geo.Point{-17, 179}, true},
		{"across, east side", fidji, geo.Point{-17, -179}, true},
		{"across, outside", fidji, geo.Point{-17, 0}, false},
		{"180 is -180", geo.Boite{Sud: 0, Ouest: 170, Nord: 1, Est: 180}, geo.Point{0.5, -180}, true},
		{"-180 is 180", geo.Boite{Sud: 0, Ouest: -180, Nord: 1, Est: -170}, geo.Point{0.5, 180}, true},
		{"not a number", france, geo.Point{math.NaN(), 1}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.boite.Contient(tt.point); got != tt.want {
				t.Errorf("Contient = %v, want %v", got, tt.want)
			}
		})
	}
}
