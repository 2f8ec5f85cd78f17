package territoire

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
)

// grille is a point in units of 1/echelle degree.
type grille struct{ x, y int }

func (g grille) compare(autre grille) int {
	return cmp.Or(cmp.Compare(g.x, autre.x), cmp.Compare(g.y, autre.y))
}

func surGrille(p orb.Point) grille {
	return grille{int(math.Round(p[0] * echelle)), int(math.Round(p[1] * echelle))}
}

// topologie cuts polygons that share borders into arcs, so that each border
// is simplified once and stays common to both sides. The way is TopoJSON's
// (M. Bostock, "How To Infer Topology", 2013): a vertex is a junction when two
// rings pass it differently; rings are cut at junctions; equal pieces are one
// arc, whatever their direction.
type topologie struct {
	voisins   map[grille][2]grille
	jonctions map[grille]bool
	arcs      [][]grille
	parPoints map[string]int
}

func newTopologie(multis ...orb.MultiPolygon) *topologie {
	t := &topologie{voisins: map[grille][2]grille{}, jonctions: map[grille]bool{}, parPoints: map[string]int{}}
	for _, m := range multis {
		for _, p := range m {
			for i, r := range p {
				t.mark(anneauGrille(r, i == 0))
			}
		}
	}
	return t
}

// anneauGrille puts a ring on the grid, without its closing point and
// repeated ones: outside rings counter-clockwise, holes clockwise, as RFC 7946
// asks, so that arcs chain in the direction of their rings.
func anneauGrille(r orb.Ring, exterieur bool) []grille {
	var points []grille
	for _, p := range r {
		if g := surGrille(p); len(points) == 0 || points[len(points)-1] != g {
			points = append(points, g)
		}
	}
	for len(points) > 1 && points[0] == points[len(points)-1] {
		points = points[:len(points)-1]
	}
	if len(points) < 3 {
		return nil
	}
	if (aire2(points) > 0) != exterieur {
		slices.Reverse(points)
	}
	return points
}

// aire2 is twice the signed area of an open ring, positive counter-clockwise.
func aire2(points []grille) int {
	somme := 0
	for i, p := range points {
		q := points[(i+1)%len(points)]
		somme += p.x*q.y - q.x*p.y
	}
	return somme
}

func (t *topologie) mark(points []grille) {
	n := len(points)
	for i, p := range points {
		a, b := points[(i+n-1)%n], points[(i+1)%n]
		if a.compare(b) > 0 {
			a, b = b, a
		}
		if v, ok := t.voisins[p]; ok && v != [2]grille{a, b} {
			t.jonctions[p] = true
		} else if !ok {
			t.voisins[p] = [2]grille{a, b}
		}
	}
}

// polygones gives the arc references of polygons that newTopologie saw.
func (t *topologie) polygones(m orb.MultiPolygon) polygones {
	var pp polygones
	for _, p := range m {
		var anneaux [][]int
		for i, r := range p {
			if points := anneauGrille(r, i == 0); points != nil {
				anneaux = append(anneaux, t.cut(points))
			} else if i == 0 {
				break
			}
		}
		if len(anneaux) > 0 {
			pp = append(pp, anneaux)
		}
	}
	return pp
}

// cut makes the arcs of a ring.
func (t *topologie) cut(points []grille) []int {
	debut := slices.IndexFunc(points, func(p grille) bool { return t.jonctions[p] })
	if debut < 0 { // a ring of its own: always from its smallest point
		debut = slices.Index(points, slices.MinFunc(points, grille.compare))
	}
	ferme := slices.Concat(points[debut:], points[:debut+1])
	var refs []int
	arc := ferme[:1]
	for i := 1; i < len(ferme); i++ {
		arc = ferme[i-len(arc) : i+1]
		if t.jonctions[ferme[i]] || i == len(ferme)-1 {
			refs = append(refs, t.arc(arc))
			arc = ferme[i : i+1]
		}
	}
	return refs
}

// arc numbers a piece of ring; ~number when it is known the other way round.
func (t *topologie) arc(points []grille) int {
	envers := slices.Clone(points)
	slices.Reverse(envers)
	retourne := slices.CompareFunc(envers, points, grille.compare) < 0
	if retourne {
		points = envers
	}
	cle := cleArc(points)
	num, ok := t.parPoints[cle]
	if !ok {
		num = len(t.arcs)
		t.parPoints[cle] = num
		t.arcs = append(t.arcs, slices.Clone(points))
	}
	if retourne {
		return ^num
	}
	return num
}

func cleArc(points []grille) string {
	octets := make([]byte, 0, 8*len(points))
	for _, p := range points {
		x, y := uint32(int32(p.x)), uint32(int32(p.y)) // within ±1.8 million
		octets = append(octets, byte(x), byte(x>>8), byte(x>>16), byte(x>>24), byte(y), byte(y>>8), byte(y>>16), byte(y>>24))
	}
	return string(octets)
}

// simplify keeps of each arc what a Douglas-Peucker line needs to stay within
// the tolerance in metres, then gives back their points to arcs whose rings
// would lose their surface.
func (t *topologie) simplify(metres float64, groupes ...polygones) {
	entiers := slices.Clone(t.arcs)
	for i, a := range t.arcs {
		t.arcs[i] = simplifieArc(a, metres)
	}
	for _, g := range groupes {
		for _, p := range g {
			for _, refs := range p {
				for _, ref := range refs {
					if len(t.pointsDe(refs)) < 3 || aire2(t.pointsDe(refs)) == 0 {
						t.arcs[numero(ref)] = entiers[numero(ref)]
					}
				}
			}
		}
	}
}

func numero(ref int) int {
	if ref < 0 {
		return ^ref
	}
	return ref
}

// pointsDe follows the arcs of a ring, without its closing point.
func (t *topologie) pointsDe(refs []int) []grille {
	var points []grille
	for _, ref := range refs {
		arc := t.arcs[numero(ref)]
		if ref < 0 {
			arc = slices.Clone(arc)
			slices.Reverse(arc)
		}
		points = append(points, arc[:len(arc)-1]...)
	}
	return points
}

// simplifieArc works on a local plane, where a unit is a metre.
func simplifieArc(arc []grille, metres float64) []grille {
	if len(arc) < 3 || metres <= 0 {
		return arc
	}
	const metresParUnite = 2 * math.Pi * 6371008.8 / 360 / echelle
	kx := math.Cos(float64(arc[0].y)/echelle*math.Pi/180) * metresParUnite
	ligne := make(orb.LineString, len(arc))
	for i, p := range arc {
		ligne[i] = orb.Point{float64(p.x-arc[0].x) * kx, float64(p.y-arc[0].y) * metresParUnite}
	}
	ligne = simplify.DouglasPeucker(metres).LineString(ligne)
	if arc[0] == arc[len(arc)-1] && len(ligne) < 4 {
		return arc
	}
	court := make([]grille, len(ligne))
	for i, p := range ligne {
		court[i] = grille{arc[0].x + int(math.Round(p[0]/kx)), arc[0].y + int(math.Round(p[1]/metresParUnite))}
	}
	return court
}

// bords are the arcs that an odd number of the polygons' rings use: their
// common outline, each in the direction of its ring.
func bords(groupes ...polygones) []int {
	vus := map[int]int{}
	for _, g := range groupes {
		for _, p := range g {
			for _, refs := range p {
				for _, ref := range refs {
					vus[numero(ref)]++
				}
			}
		}
	}
	var restent []int
	for _, g := range groupes {
		for _, p := range g {
			for _, refs := range p {
				for _, ref := range refs {
					if vus[numero(ref)] == 1 {
						restent = append(restent, ref)
					}
				}
			}
		}
	}
	return restent
}

// dissolve makes one outline of polygons that share arcs.
func (t *topologie) dissolve(groupes ...polygones) polygones {
	parDebut := map[grille][]int{}
	restent := bords(groupes...)
	for _, ref := range restent {
		debut, _ := t.bouts(ref)
		parDebut[debut] = append(parDebut[debut], ref)
	}
	var anneaux [][]int
	for _, ref := range restent {
		depart, _ := t.bouts(ref)
		if !slices.Contains(parDebut[depart], ref) {
			continue
		}
		if anneau := t.chain(ref, parDebut); anneau != nil {
			anneaux = append(anneaux, anneau)
		}
	}
	return t.nest(anneaux)
}

func (t *topologie) bouts(ref int) (debut, fin grille) {
	arc := t.arcs[numero(ref)]
	if ref < 0 {
		return arc[len(arc)-1], arc[0]
	}
	return arc[0], arc[len(arc)-1]
}

// chain follows arcs until it is back at its start, and takes them away.
func (t *topologie) chain(ref int, parDebut map[grille][]int) []int {
	depart, _ := t.bouts(ref)
	var anneau []int
	for {
		debut, fin := t.bouts(ref)
		parDebut[debut] = slices.DeleteFunc(parDebut[debut], func(r int) bool { return r == ref })
		anneau = append(anneau, ref)
		if fin == depart {
			return anneau
		}
		if len(parDebut[fin]) == 0 {
			return nil // outlines that do not join: left open, dropped
		}
		ref = parDebut[fin][0]
	}
}

// nest puts holes (clockwise rings) into the outside ring that holds them.
func (t *topologie) nest(anneaux [][]int) polygones {
	var pp polygones
	for _, a := range anneaux {
		if aire2(t.pointsDe(a)) > 0 {
			pp = append(pp, [][]int{a})
		}
	}
	for _, a := range anneaux {
		points := t.pointsDe(a)
		if aire2(points) >= 0 {
			continue
		}
		for i := range pp {
			if contientGrille(t.pointsDe(pp[i][0]), points) {
				pp[i] = append(pp[i], a)
				break
			}
		}
	}
	return pp
}

// contientGrille tells whether a ring holds another that does not cross it:
// the first point of the other that is not on the ring decides.
func contientGrille(anneau, autre []grille) bool {
	sommets := make(map[grille]bool, len(anneau))
	for _, p := range anneau {
		sommets[p] = true
	}
	for _, q := range autre {
		if sommets[q] {
			continue
		}
		dedans := false
		for i, a := range anneau {
			b := anneau[(i+1)%len(anneau)]
			if (a.y > q.y) != (b.y > q.y) && float64(q.x-a.x) < float64(q.y-a.y)*float64(b.x-a.x)/float64(b.y-a.y) {
				dedans = !dedans
			}
		}
		return dedans
	}
	return false
}

// encodeGrille gives the form of arcs: first point, then steps.
func encodeGrille(points []grille) []int {
	valeurs := make([]int, 0, 2*len(points))
	var avant grille
	for _, p := range points {
		valeurs = append(valeurs, p.x-avant.x, p.y-avant.y)
		avant = p
	}
	return valeurs
}
