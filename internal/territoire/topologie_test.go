package territoire

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

// carre is a square of the grid, side in hundredths of a degree; clockwise
// when envers.
func carre(x, y, cote float64, envers bool) orb.Ring {
	x, y, cote = x/100, y/100, cote/100
	r := orb.Ring{{x, y}, {x + cote, y}, {x + cote, y + cote}, {x, y + cote}, {x, y}}
	if envers {
		r.Reverse()
	}
	return r
}

func TestTopologie(t *testing.T) {
	gauche := orb.MultiPolygon{{carre(0, 0, 10, false)}}
	droite := orb.MultiPolygon{{carre(10, 0, 10, true)}}
	loin := orb.MultiPolygon{{carre(50, 50, 10, false), carre(52, 52, 2, false)}}
	enclave := orb.MultiPolygon{{carre(52, 52, 2, true)}}
	for _, tc := range []struct {
		name   string
		multis []orb.MultiPolygon
		arcs   int
		bord   []int // rings of each polygon of the whole
	}{
		{"one alone", []orb.MultiPolygon{gauche}, 1, []int{1}},
		{"two share a border", []orb.MultiPolygon{gauche, droite}, 3, []int{1}},
		{"the same twice", []orb.MultiPolygon{gauche, gauche}, 1, nil},
		{"a hole", []orb.MultiPolygon{loin}, 2, []int{2}},
		{"a hole that is filled", []orb.MultiPolygon{loin, enclave}, 2, []int{1}},
		{"apart", []orb.MultiPolygon{gauche, loin}, 3, []int{1, 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			topo := newTopologie(tc.multis...)
			var groupes []polygones
			for _, m := range tc.multis {
				groupes = append(groupes, topo.polygones(m))
			}
			if len(topo.arcs) != tc.arcs {
				t.Errorf("%d arcs, want %d", len(topo.arcs), tc.arcs)
			}
			var bord []int
			for _, p := range topo.dissolve(groupes...) {
				bord = append(bord, len(p))
			}
			if diff := cmp.Diff(tc.bord, bord); diff != "" {
				t.Errorf("rings of the whole (-want +got):\n%s", diff)
			}
			for i, g := range groupes {
				verifieAire(t, topo, tc.multis[i], g)
			}
		})
	}
}

// verifieAire follows the arcs back into polygons.
func verifieAire(t *testing.T, topo *topologie, m orb.MultiPolygon, pp polygones) {
	t.Helper()
	want, got := 0, 0
	for i, p := range m {
		for j, r := range p {
			want += aire2(anneauGrille(r, j == 0))
			got += aire2(topo.pointsDe(pp[i][j]))
		}
	}
	if got != want {
		t.Errorf("area %d, want %d", got, want)
	}
}

// A wavy border is simplified once, within the tolerance, for both sides.
func TestTopologieSimplifie(t *testing.T) {
	var vague orb.LineString
	for i := range 101 {
		vague = append(vague, orb.Point{1 + 0.0002*math.Sin(float64(i)), 44 + float64(i)/1000})
	}
	gauche, droite := orb.Ring(vague.Clone()), orb.Ring(vague.Clone())
	gauche = append(gauche, orb.Point{0.9, 44.1}, orb.Point{0.9, 44}, gauche[0])
	droite = append(droite, orb.Point{1.1, 44.1}, orb.Point{1.1, 44}, droite[0])
	a, b := orb.MultiPolygon{{gauche}}, orb.MultiPolygon{{droite}}
	topo := newTopologie(a, b)
	pa, pb := topo.polygones(a), topo.polygones(b)
	avant := compterPoints(topo.arcs)
	topo.simplify(40, pa, pb)
	if apres := compterPoints(topo.arcs); apres >= avant/2 {
		t.Errorf("%d points of %d are left", apres, avant)
	}
	bord := topo.dissolve(pa, pb)
	somme := aire2(topo.pointsDe(pa[0][0])) + aire2(topo.pointsDe(pb[0][0]))
	if total := aire2(topo.pointsDe(bord[0][0])); somme != total {
		t.Errorf("the sides make %d, the whole %d", somme, total)
	}
}

// An arc whose simplification would leave no surface keeps its points.
func TestTopologieGardeLesPetits(t *testing.T) {
	petit := orb.MultiPolygon{{orb.Ring{{1, 44}, {1.0002, 44}, {1.0002, 44.0001}, {1, 44}}}}
	topo := newTopologie(petit)
	pp := topo.polygones(petit)
	topo.simplify(1000, pp)
	if aire2(topo.pointsDe(pp[0][0])) == 0 {
		t.Error("the surface is lost")
	}
}
