package geo_test

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"82numerique.fr/adeuxpas/internal/geo"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// The oracle: look at every entry, sort, cut.

func procheBrut(entrees []geo.Entree, p geo.Point, garde func(d float64) bool, f geo.Filtre) []geo.Voisin {
	var tous []geo.Voisin
	for num, e := range entrees {
		if d := geo.Distance(p, e.Point); f.Match(e.Masque) && garde(d) {
			tous = append(tous, geo.Voisin{Num: num, Distance: d})
		}
	}
	slices.SortFunc(tous, func(a, b geo.Voisin) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Num, b.Num))
	})
	return tous
}

func boiteBrute(entrees []geo.Entree, b geo.Boite, f geo.Filtre) []int {
	var nums []int
	for num, e := range entrees {
		if b.Contient(e.Point) && f.Match(e.Masque) {
			nums = append(nums, num)
		}
	}
	return nums
}

// auHasard is uniform on the sphere.
func auHasard(r *rand.Rand) geo.Point {
	return geo.Point{Lat: math.Asin(2*r.Float64()-1) * 180 / math.Pi, Lon: r.Float64()*360 - 180}
}

func autour(r *rand.Rand, c geo.Point, degres float64) geo.Point {
	lon := c.Lon + r.NormFloat64()*degres
	return geo.Point{
		Lat: max(-90, min(90, c.Lat+r.NormFloat64()*degres)),
		Lon: max(-180, min(180, math.Remainder(lon, 360))),
	}
}

// semis are ways to lay points on the Earth.
var semis = map[string]func(*rand.Rand) geo.Point{
	"uniform": auHasard,
	"clusters": func(r *rand.Rand) geo.Point {
		centres := []geo.Point{{44.02, 1.35}, {48.85, 2.35}, {43.6, 1.44}, {-21.1, 55.5}}
		return autour(r, centres[r.IntN(len(centres))], 0.05)
	},
	"duplicates": func(r *rand.Rand) geo.Point {
		return geo.Point{Lat: 44 + float64(r.IntN(3))/1000, Lon: 1 + float64(r.IntN(3))/1000}
	},
	"one point": func(*rand.Rand) geo.Point { return geo.Point{Lat: 44.0221, Lon: 1.3529} },
	"grid, equal distances": func(r *rand.Rand) geo.Point {
		return geo.Point{Lat: float64(r.IntN(19)*10 - 90), Lon: float64(r.IntN(37)*10 - 180)}
	},
	"poles": func(r *rand.Rand) geo.Point {
		p := autour(r, geo.Point{Lat: 90, Lon: 0}, 0.1)
		p.Lon = r.Float64()*360 - 180
		if r.IntN(2) == 0 {
			p.Lat = -p.Lat
		}
		return p
	},
	"antimeridian": func(r *rand.Rand) geo.Point {
		if r.IntN(5) == 0 {
			return geo.Point{Lat: float64(r.IntN(3)) - 17, Lon: float64(r.IntN(2)*360 - 180)}
		}
		return autour(r, geo.Point{Lat: -17, Lon: 180}, 0.5)
	},
	"a metre wide":    func(r *rand.Rand) geo.Point { return autour(r, geo.Point{Lat: 44, Lon: 1}, 1e-6) },
	"on one meridian": func(r *rand.Rand) geo.Point { return geo.Point{Lat: r.Float64()*180 - 90, Lon: 1} },
}

func semer(r *rand.Rand, n int, point func(*rand.Rand) geo.Point) []geo.Entree {
	entrees := make([]geo.Entree, n)
	for i := range entrees {
		entrees[i].Point = point(r)
		entrees[i].Masque.Set(r.IntN(128))
		if r.IntN(100) == 0 {
			entrees[i].Masque.Set(5)
		}
	}
	return entrees
}

func filtreAuHasard(r *rand.Rand) geo.Filtre {
	switch r.IntN(4) {
	case 0:
		return geo.Filtre{{1 << 5}}
	case 1:
		return geo.Filtre{{r.Uint64(), r.Uint64()}}
	case 2:
		return geo.Filtre{{r.Uint64(), r.Uint64()}, {r.Uint64(), 0}}
	}
	return nil
}

func construire(t testing.TB, entrees []geo.Entree) *geo.Index {
	t.Helper()
	x, err := geo.New(entrees)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestIndex_CommeLaForceBrute(t *testing.T) {
	for nom, point := range semis {
		t.Run(nom, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{1, 2, 15, 16, 17, 33, 500, 2000} {
				r := rand.New(rand.NewPCG(82, uint64(n)))
				entrees := semer(r, n, point)
				x := construire(t, entrees)
				if x.Len() != n {
					t.Fatalf("Len() = %d, want %d", x.Len(), n)
				}
				for range 40 {
					p := point(r)
					if r.IntN(3) == 0 {
						p = auHasard(r)
					}
					comparer(t, x, entrees, p, r)
				}
			}
		})
	}
}

// comparer asks the index and the oracle the same questions about a point.
func comparer(t *testing.T, x *geo.Index, entrees []geo.Entree, p geo.Point, r *rand.Rand) {
	t.Helper()
	f := filtreAuHasard(r)
	tous := procheBrut(entrees, p, func(float64) bool { return true }, f)
	for _, k := range []int{1, 3, 10, len(entrees) / 2, len(entrees) + 5, math.MaxInt} {
		if diff := differe(tous[:min(max(k, 0), len(tous))], x.Proches(nil, p, k, f)); diff != "" {
			t.Fatalf("n %d, Proches(%v, %d, %v) (-want +got):\n%s", len(entrees), p, k, f, diff)
		}
	}
	for _, rayon := range rayons(tous, r) {
		want := procheBrut(entrees, p, func(d float64) bool { return d <= rayon }, f)
		if diff := differe(want, x.Rayon(nil, p, rayon, f)); diff != "" {
			t.Fatalf("n %d, Rayon(%v, %v, %v) (-want +got):\n%s", len(entrees), p, rayon, f, diff)
		}
	}
	b := boiteAuHasard(r, p, entrees)
	if diff := differe(boiteBrute(entrees, b, f), x.Boite(nil, b, f)); diff != "" {
		t.Fatalf("n %d, Boite(%v, %v) (-want +got):\n%s", len(entrees), b, f, diff)
	}
}

// differe shows the difference; it looks for it only when there is one.
func differe[T comparable](want, got []T) string {
	if slices.Equal(want, got) {
		return ""
	}
	return gocmp.Diff(want, got, cmpopts.EquateEmpty())
}

// rayons are tiny, ordinary, the whole Earth, and the very distance of an
// entry, which must be in.
func rayons(tous []geo.Voisin, r *rand.Rand) []float64 {
	liste := []float64{0, 1e-9, 1e-3, 100, 10_000, r.Float64() * 20_000_000, 20_015_115, math.Inf(1)}
	if len(tous) > 0 {
		bord := tous[r.IntN(len(tous))].Distance
		liste = append(liste, bord, math.Nextafter(bord, 0))
	}
	return liste
}

// boiteAuHasard has its edges at an entry half of the time.
func boiteAuHasard(r *rand.Rand, p geo.Point, entrees []geo.Entree) geo.Boite {
	q := auHasard(r)
	if r.IntN(2) == 0 {
		q = entrees[r.IntN(len(entrees))].Point
	}
	b := geo.Boite{Sud: min(p.Lat, q.Lat), Ouest: p.Lon, Nord: max(p.Lat, q.Lat), Est: q.Lon}
	if r.IntN(10) == 0 {
		b.Ouest, b.Est = -180, 180
	}
	return b
}

// Entries at mirror images of the query are at one distance: numbers decide.
func TestProches_ExAequoParNumero(t *testing.T) {
	var entrees []geo.Entree
	for range 40 {
		entrees = append(entrees, geo.Entree{Point: geo.Point{Lat: 0, Lon: 1}}, geo.Entree{Point: geo.Point{Lat: 0, Lon: -1}})
	}
	for i, v := range construire(t, entrees).Proches(nil, geo.Point{}, 50, nil) {
		if v.Num != i {
			t.Fatalf("rank %d is entry %d", i, v.Num)
		}
	}
}

func TestIndex_Refus(t *testing.T) {
	juste := geo.Entree{Point: geo.Point{Lat: 44, Lon: 1}}
	x := construire(t, []geo.Entree{juste})
	vide := construire(t, nil)
	nan := math.NaN()
	deja := []geo.Voisin{{Num: 7, Distance: 3}}
	tests := []struct {
		name string
		got  []geo.Voisin
	}{
		{"empty index, nearest", vide.Proches(deja, juste.Point, 3, nil)},
		{"empty index, radius", vide.Rayon(deja, juste.Point, 3, nil)},
		{"k is 0", x.Proches(deja, juste.Point, 0, nil)},
		{"k is negative", x.Proches(deja, juste.Point, -1, nil)},
		{"point not a number", x.Proches(deja, geo.Point{Lat: nan, Lon: 1}, 1, nil)},
		{"point off the Earth", x.Rayon(deja, geo.Point{Lat: 91, Lon: 1}, 1e9, nil)},
		{"negative radius", x.Rayon(deja, juste.Point, -1, nil)},
		{"radius not a number", x.Rayon(deja, juste.Point, nan, nil)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := differe(deja, tt.got); diff != "" {
				t.Errorf("dst is not left as it was (-want +got):\n%s", diff)
			}
		})
	}
	for _, b := range []geo.Boite{{Sud: 45, Ouest: 0, Nord: 43, Est: 2}, {Sud: nan, Ouest: 0, Nord: 45, Est: 2}, {Sud: 43, Ouest: 0, Nord: 45, Est: 200}} {
		if got := x.Boite(nil, b, nil); got != nil {
			t.Errorf("Boite(%v) = %v, want nothing", b, got)
		}
	}
	if got := vide.Boite(nil, geo.Boite{Sud: -90, Ouest: -180, Nord: 90, Est: 180}, nil); got != nil || vide.Len() != 0 {
		t.Errorf("an empty index answers %v", got)
	}
	for _, p := range []geo.Point{{nan, 0}, {0, nan}, {91, 0}, {0, 181}} {
		if _, err := geo.New([]geo.Entree{juste, {Point: p}}); !errors.Is(err, geo.ErrEntree) {
			t.Errorf("New with %v: error %v, want ErrEntree", p, err)
		}
	}
}

func TestIndex_AjouteADst(t *testing.T) {
	x := construire(t, []geo.Entree{{Point: geo.Point{Lat: 44, Lon: 1}}, {Point: geo.Point{Lat: 44, Lon: 2}}})
	deja := []geo.Voisin{{Num: 9, Distance: 1e9}, {Num: 8, Distance: 0}}
	want := []int{9, 8, 0, 1}
	p := geo.Point{Lat: 44, Lon: 1}
	for nom, got := range map[string][]geo.Voisin{
		"Proches": x.Proches(slices.Clone(deja), p, 5, nil), "Rayon": x.Rayon(slices.Clone(deja), p, 1e6, nil),
	} {
		var nums []int
		for _, v := range got {
			nums = append(nums, v.Num)
		}
		if diff := gocmp.Diff(want, nums); diff != "" {
			t.Errorf("%s (-want +got):\n%s", nom, diff)
		}
	}
	boite := x.Boite([]int{9, 8}, geo.Boite{Sud: 43, Ouest: 0, Nord: 45, Est: 3}, nil)
	if diff := gocmp.Diff(want, boite); diff != "" {
		t.Errorf("Boite (-want +got):\n%s", diff)
	}
}

func TestIndex_NeGardePasLesEntrees(t *testing.T) {
	entrees := []geo.Entree{{Point: geo.Point{Lat: 44, Lon: 1}}}
	x := construire(t, entrees)
	entrees[0].Point = geo.Point{Lat: -44, Lon: 100}
	if got := x.Rayon(nil, geo.Point{Lat: 44, Lon: 1}, 1, nil); len(got) != 1 {
		t.Error("changing the caller's slice changed the index")
	}
}

func TestIndex_SansAllocation(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	entrees := semer(r, 5000, semis["clusters"])
	x := construire(t, entrees)
	voisins, nums := make([]geo.Voisin, 0, 5000), make([]int, 0, 5000)
	p, f := geo.Point{Lat: 44.02, Lon: 1.35}, geo.Filtre{{1 << 5, 3}}
	tests := map[string]func(){
		"Proches": func() { voisins = x.Proches(voisins[:0], p, 10, f) },
		"Rayon":   func() { voisins = x.Rayon(voisins[:0], p, 5000, f) },
		"Boite":   func() { nums = x.Boite(nums[:0], geo.Boite{Sud: 43, Ouest: 0, Nord: 45, Est: 2}, f) },
	}
	for nom, chercher := range tests {
		if n := testing.AllocsPerRun(20, chercher); n != 0 {
			t.Errorf("%s allocates %v times", nom, n)
		}
	}
}

func TestIndex_LecteursEnsemble(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	entrees := semer(r, 2000, semis["clusters"])
	x := construire(t, entrees)
	p := geo.Point{Lat: 44.02, Lon: 1.35}
	want := procheBrut(entrees, p, func(float64) bool { return true }, nil)[:20]
	var lecteurs sync.WaitGroup
	for range 8 {
		lecteurs.Go(func() {
			var dst []geo.Voisin
			for range 200 {
				dst = x.Proches(dst[:0], p, 20, nil)
				if !slices.Equal(dst, want) {
					t.Error("a reader among others got another answer")
					return
				}
			}
		})
	}
	lecteurs.Wait()
}

// FuzzIndex reads pairs of coordinates, the first being the query.
func FuzzIndex(f *testing.F) {
	f.Add([]byte{}, 3, 1000.0)
	f.Add([]byte("0123456789abcdefghijklmnopqrstuvwxyz0123456789"), 2, 1e6)
	f.Fuzz(func(t *testing.T, octets []byte, k int, rayon float64) {
		var points []geo.Point
		for ; len(octets) >= 4; octets = octets[4:] {
			lat := float64(int16(binary.LittleEndian.Uint16(octets)))
			lon := float64(int16(binary.LittleEndian.Uint16(octets[2:])))
			points = append(points, geo.Point{Lat: lat / 32768 * 90, Lon: lon / 32768 * 180})
		}
		if len(points) == 0 {
			return
		}
		p := points[0]
		entrees := make([]geo.Entree, len(points))
		for i, point := range points {
			entrees[i].Point = point
			entrees[i].Masque.Set(i % 7)
		}
		x := construire(t, entrees)
		for _, filtre := range []geo.Filtre{nil, {{0b101}}} {
			tous := procheBrut(entrees, p, func(float64) bool { return true }, filtre)
			if diff := differe(tous[:min(max(k, 0), len(tous))], x.Proches(nil, p, k, filtre)); diff != "" {
				t.Fatalf("Proches (-want +got):\n%s", diff)
			}
			want := procheBrut(entrees, p, func(d float64) bool { return d <= rayon }, filtre)
			if diff := differe(want, x.Rayon(nil, p, rayon, filtre)); diff != "" {
				t.Fatalf("Rayon (-want +got):\n%s", diff)
			}
			q := points[len(points)-1]
			b := geo.Boite{Sud: min(p.Lat, q.Lat), Ouest: p.Lon, Nord: max(p.Lat, q.Lat), Est: q.Lon}
			if diff := differe(boiteBrute(entrees, b, filtre), x.Boite(nil, b, filtre)); diff != "" {
				t.Fatalf("Boite (-want +got):\n%s", diff)
			}
		}
	})
}

const nombreBanc = 30_000

// banc lays places as France does: half in towns, half everywhere; one in a
// hundred has bit 5.
func banc(b *testing.B) ([]geo.Entree, []geo.Point) {
	b.Helper()
	r := rand.New(rand.NewPCG(82, 82))
	var villes []geo.Point
	partout := func() geo.Point { return geo.Point{Lat: 42.5 + r.Float64()*8, Lon: -4 + r.Float64()*11} }
	for range 300 {
		villes = append(villes, partout())
	}
	point := func(r *rand.Rand) geo.Point {
		if r.IntN(2) == 0 {
			return partout()
		}
		return autour(r, villes[r.IntN(len(villes))], 0.05)
	}
	entrees := make([]geo.Entree, nombreBanc)
	for i := range entrees {
		entrees[i].Point = point(r)
		entrees[i].Masque.Set(10 + r.IntN(100))
		if r.IntN(100) == 0 {
			entrees[i].Masque.Set(5)
		}
	}
	departs := make([]geo.Point, 1024)
	for i := range departs {
		departs[i] = point(r)
	}
	return entrees, departs
}

func BenchmarkProches10(b *testing.B) {
	entrees, departs := banc(b)
	x := construire(b, entrees)
	for nom, f := range map[string]geo.Filtre{"all": nil, "filter 1 %": {{1 << 5}}} {
		b.Run(nom, func(b *testing.B) {
			dst := make([]geo.Voisin, 0, 10)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				dst = x.Proches(dst[:0], departs[i%len(departs)], 10, f)
			}
		})
	}
}

func BenchmarkRayon10km(b *testing.B) {
	entrees, departs := banc(b)
	x := construire(b, entrees)
	dst := make([]geo.Voisin, 0, nombreBanc)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		dst = x.Rayon(dst[:0], departs[i%len(departs)], 10_000, nil)
	}
}

func BenchmarkBoite(b *testing.B) {
	entrees, departs := banc(b)
	x := construire(b, entrees)
	dst := make([]int, 0, nombreBanc)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := departs[i%len(departs)]
		dst = x.Boite(dst[:0], geo.Boite{Sud: p.Lat - 0.1, Ouest: p.Lon - 0.1, Nord: p.Lat + 0.1, Est: p.Lon + 0.1}, nil)
	}
}

func BenchmarkNew(b *testing.B) {
	entrees, _ := banc(b)
	var avant, apres runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&avant)
	garde := construire(b, entrees)
	runtime.GC()
	runtime.ReadMemStats(&apres)
	for b.Loop() {
		construire(b, entrees)
	}
	b.ReportMetric(float64(apres.HeapAlloc-avant.HeapAlloc)/nombreBanc, "B/point")
	runtime.KeepAlive(garde)
	runtime.KeepAlive(entrees)
}

func ExampleIndex_Proches() {
	villes := []string{"Montauban", "Moissac", "Caussade"}
	x, err := geo.New([]geo.Entree{
		{Point: geo.Point{Lat: 44.0176, Lon: 1.355}},
		{Point: geo.Point{Lat: 44.1047, Lon: 1.0849}},
		{Point: geo.Point{Lat: 44.1608, Lon: 1.5369}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range x.Proches(nil, geo.Point{Lat: 44.1, Lon: 1.1}, 2, nil) {
		fmt.Printf("%s: %.1f km\n", villes[v.Num], v.Distance/1000)
	}
	// Output:
	// Moissac: 1.3 km
	// Montauban: 22.3 km
}
