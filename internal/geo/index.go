package geo

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// taillePaquet is the most entries that a leaf of the tree holds: scanning
// sixteen neighbours in memory costs less than going down four levels more.
const taillePaquet = 16

// ErrEntree is wrapped by New's errors.
var ErrEntree = errors.New("entry refused")

// Entree is what the index holds: where, and the facts to filter on. Its
// position in the slice given to New is its number.
type Entree struct {
	Point  Point
	Masque Masque
}

// Index finds entries by nearness. It is exact, it never changes once built,
// and any number of goroutines may read it at once.
//
// It is a k-d tree (J. L. Bentley, "Multidimensional binary search trees used
// for associative searching", CACM 18, 1975) over unit vectors, where poles
// and the antimeridian are places like any other. The tree is implicit: it is
// perfectly balanced, node i has children 2i and 2i+1, and a node holds a
// contiguous range of the entries, which plage computes. Each node keeps the
// box of its vectors and the OR of its masks: a search skips a node that is
// too far, or in which nothing can match.
//
// Boxes are kept in float32, rounded outward (see versBas and versHaut): a box
// may be a little too large, which costs a useless visit, never too small,
// which would lose an entry. From a query q, the squared chord to a box is
// computed by the same operations as to a point; each operation of IEEE 754
// rounds monotonically, so what is computed for a box is never more than what
// is computed for a point inside it. That makes the search exact in floating
// point, and not only on paper.
type Index struct {
	feuilles int // a power of two: nodes 1 … 2*feuilles-1, leaves from feuilles on
	noeuds   []noeud
	// In the order of the tree:
	vecteurs []vecteur
	masques  []Masque
	points   []Point
	nums     []int32
}

type noeud struct {
	mini, maxi [3]float32
	masque     Masque
}

// New builds an index, in about n log n steps. An entry whose point is not on
// the Earth (see Point.Valide) is refused, with an error that names its number
// and wraps ErrEntree. The slice is copied.
func New(entrees []Entree) (*Index, error) {
	if len(entrees) > math.MaxInt32 {
		return nil, fmt.Errorf("%d entries, at most %d: %w", len(entrees), math.MaxInt32, ErrEntree)
	}
	for num, e := range entrees {
		if !e.Point.Valide() {
			return nil, fmt.Errorf("entry %d at %v, %v: not on the Earth: %w", num, e.Point.Lat, e.Point.Lon, ErrEntree)
		}
	}
	return construire(entrees), nil
}

// Len is the number of entries.
func (x *Index) Len() int { return len(x.nums) }

// plage is the range of entries of a node: level by level, the entries are cut
// into equal shares.
func (x *Index) plage(i int) (debut, fin int) {
	niveau := bits.Len(uint(i)) - 1
	rang := i - 1<<niveau
	return rang * len(x.nums) >> niveau, (rang + 1) * len(x.nums) >> niveau
}

// carreMin is at most the squared chord from q to any entry of the node.
func (n *noeud) carreMin(q *vecteur) float64 {
	dx := ecart(n.mini[0], n.maxi[0], q[0])
	dy := ecart(n.mini[1], n.maxi[1], q[1])
	dz := ecart(n.mini[2], n.maxi[2], q[2])
	return float64(dx*dx) + float64(dy*dy) + float64(dz*dz)
}

func ecart(mini, maxi float32, v float64) float64 {
	if d := float64(mini) - v; d > 0 {
		return d
	}
	if d := v - float64(maxi); d > 0 {
		return d
	}
	return 0
}

// disjoint tells whether the node has nothing in the box of space.
func (n *noeud) disjoint(mini, maxi *vecteur) bool {
	for axe := range mini {
		if float64(n.mini[axe]) > maxi[axe] || float64(n.maxi[axe]) < mini[axe] {
			return true
		}
	}
	return false
}

// versBas and versHaut are the nearest float32 that is not above, not below.
func versBas(v float64) float32 {
	f := float32(v)
	if float64(f) > v {
		f = math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

func versHaut(v float64) float32 {
	f := float32(v)
	if float64(f) < v {
		f = math.Nextafter32(f, float32(math.Inf(1)))
	}
	return f
}
