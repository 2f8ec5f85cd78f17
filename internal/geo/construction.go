package geo

import (
	"cmp"
	"math/bits"
	"slices"
)

// grain is an entry while the tree is built.
type grain struct {
	v   vecteur
	num int32
}

func construire(entrees []Entree) *Index {
	n := len(entrees)
	x := &Index{
		feuilles: 1,
		vecteurs: make([]vecteur, n), masques: make([]Masque, n), points: make([]Point, n), nums: make([]int32, n),
	}
	for x.feuilles*taillePaquet < n {
		x.feuilles *= 2
	}
	x.noeuds = make([]noeud, 2*x.feuilles)
	grains := make([]grain, n)
	for num, e := range entrees {
		grains[num] = grain{versVecteur(e.Point), int32(num)}
	}
	x.partager(1, grains, entrees)
	return x
}

// partager fills node i and all below it: it halves the entries of its range
// along the longest side of their box, down to the leaves.
func (x *Index) partager(i int, grains []grain, entrees []Entree) {
	debut, fin := x.plage(i)
	mini, maxi := etendue(grains[debut:fin])
	n := &x.noeuds[i]
	for axe := range mini {
		n.mini[axe], n.maxi[axe] = versBas(mini[axe]), versHaut(maxi[axe])
	}
	if i >= x.feuilles {
		n.masque = x.ranger(debut, fin, grains, entrees)
		return
	}
	_, milieu := x.plage(2 * i)
	choisir(grains[debut:fin], milieu-debut, plusLong(mini, maxi))
	x.partager(2*i, grains, entrees)
	x.partager(2*i+1, grains, entrees)
	n.masque = x.noeuds[2*i].masque.Or(x.noeuds[2*i+1].masque)
}

// ranger lays the entries of a leaf in the order of the tree, by number, and
// returns the OR of their masks.
func (x *Index) ranger(debut, fin int, grains []grain, entrees []Entree) (tous Masque) {
	slices.SortFunc(grains[debut:fin], func(a, b grain) int { return cmp.Compare(a.num, b.num) })
	for t := debut; t < fin; t++ {
		g := grains[t]
		e := entrees[g.num]
		x.vecteurs[t], x.nums[t], x.points[t], x.masques[t] = g.v, g.num, e.Point, e.Masque
		tous = tous.Or(e.Masque)
	}
	return tous
}

func etendue(grains []grain) (mini, maxi vecteur) {
	if len(grains) == 0 {
		return mini, maxi
	}
	mini, maxi = grains[0].v, grains[0].v
	for i := range grains {
		for axe, v := range grains[i].v {
			mini[axe], maxi[axe] = min(mini[axe], v), max(maxi[axe], v)
		}
	}
	return mini, maxi
}

func plusLong(mini, maxi vecteur) (axe int) {
	for a := range mini {
		if maxi[a]-mini[a] > maxi[axe]-mini[axe] {
			axe = a
		}
	}
	return axe
}

// choisir puts the k smallest along the axis first (C. A. R. Hoare, "Algorithm
// 65: Find", CACM 4, 1961), with the median of three as pivot; it sorts when
// pivots turn out bad, so that no data makes it quadratic.
func choisir(grains []grain, k, axe int) {
	essais := 2 * bits.Len(uint(len(grains)))
	for debut, fin := 0, len(grains); fin-debut > 1; essais-- {
		if essais == 0 {
			slices.SortFunc(grains[debut:fin], func(a, b grain) int { return cmp.Compare(a.v[axe], b.v[axe]) })
			return
		}
		gauche, droite := partition(grains, debut, fin, axe)
		switch {
		case k <= droite:
			fin = droite + 1
		case k >= gauche:
			debut = gauche
		default:
			return
		}
	}
}

// partition leaves what is at most the pivot in [debut, droite] and what is at
// least it in [gauche, fin); between them, if anything, is the pivot.
func partition(grains []grain, debut, fin, axe int) (gauche, droite int) {
	pivot := mediane(grains[debut].v[axe], grains[(debut+fin)/2].v[axe], grains[fin-1].v[axe])
	gauche, droite = debut, fin-1
	for gauche <= droite {
		for grains[gauche].v[axe] < pivot {
			gauche++
		}
		for grains[droite].v[axe] > pivot {
			droite--
		}
		if gauche <= droite {
			grains[gauche], grains[droite] = grains[droite], grains[gauche]
			gauche++
			droite--
		}
	}
	return gauche, droite
}

func mediane(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }
