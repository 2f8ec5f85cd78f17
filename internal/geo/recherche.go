package geo

import (
	"cmp"
	"math"
	"slices"
)

// Voisin is an entry found: its number and its great-circle distance in
// metres, the same number as Distance gives.
type Voisin struct {
	Num      int
	Distance float64
}

// profondeur bounds the nodes that wait in a search: one a level.
const profondeur = 40

// etape is a node that waits, with its least squared chord.
type etape struct {
	noeud int
	carre float64
}

// Proches appends to dst the k entries nearest to p that match f, by distance,
// then by Num: fewer when fewer match. It allocates nothing but what dst lacks.
// It appends nothing when k < 1 or p is not on the Earth.
func (x *Index) Proches(dst []Voisin, p Point, k int, f Filtre) []Voisin {
	if k < 1 || x.Len() == 0 || !p.Valide() {
		return dst
	}
	q := versVecteur(p)
	r := retenir(dst, min(k, x.Len()))
	var pile [profondeur]etape
	pile[0] = etape{noeud: 1}
	for reste := 1; reste > 0; {
		reste--
		e := pile[reste]
		if e.carre > r.seuil {
			continue
		}
		if e.noeud >= x.feuilles {
			x.scanner(&r, e.noeud, &q, f)
			continue
		}
		pres, loin := x.etape(2*e.noeud, &q, f), x.etape(2*e.noeud+1, &q, f)
		if loin.carre < pres.carre {
			pres, loin = loin, pres
		}
		if loin.carre <= r.seuil {
			pile[reste] = loin
			reste++
		}
		if pres.carre <= r.seuil { // the last in is the first out
			pile[reste] = pres
			reste++
		}
	}
	return r.vider()
}

// etape is a node to visit, beyond every threshold when nothing in it matches.
func (x *Index) etape(i int, q *vecteur, f Filtre) etape {
	n := &x.noeuds[i]
	if len(f) > 0 && !f.Match(n.masque) {
		return etape{i, math.Inf(1)}
	}
	return etape{i, n.carreMin(q)}
}

func (x *Index) scanner(r *retenus, feuille int, q *vecteur, f Filtre) {
	debut, fin := x.plage(feuille)
	vecteurs := x.vecteurs[debut:fin]
	for i := range vecteurs {
		if len(f) > 0 && !f.Match(x.masques[debut+i]) {
			continue
		}
		if carre := vecteurs[i].cordeCarree(*q); carre <= r.seuil {
			r.proposer(Voisin{int(x.nums[debut+i]), carre})
		}
	}
}

// Rayon appends to dst the entries within a great-circle distance of p, in
// metres, bound included, that match f: by distance, then by Num. It allocates
// nothing but what dst lacks. It appends nothing when the distance is negative
// or NaN, or p is not on the Earth.
func (x *Index) Rayon(dst []Voisin, p Point, distance float64, f Filtre) []Voisin {
	if !(distance >= 0) || x.Len() == 0 || !p.Valide() {
		return dst
	}
	q, limite, base := versVecteur(p), carreMax(distance), len(dst)
	var pile [profondeur]int
	pile[0] = 1
	for reste := 1; reste > 0; {
		reste--
		i := pile[reste]
		if n := &x.noeuds[i]; n.carreMin(&q) > limite || !f.Match(n.masque) {
			continue
		}
		if i < x.feuilles {
			pile[reste], pile[reste+1] = 2*i, 2*i+1
			reste += 2
			continue
		}
		debut, fin := x.plage(i)
		for t := debut; t < fin; t++ {
			carre := x.vecteurs[t].cordeCarree(q)
			if carre > limite || !f.Match(x.masques[t]) {
				continue
			}
			if d := metres(carre); d <= distance {
				dst = append(dst, Voisin{int(x.nums[t]), d})
			}
		}
	}
	slices.SortFunc(dst[base:], comparer)
	return dst
}

func comparer(a, b Voisin) int {
	return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Num, b.Num))
}

// Boite appends to dst the numbers of the entries in the box (see
// Boite.Contient) that match f, in ascending order. It allocates nothing but
// what dst lacks. It appends nothing when the box is not valid.
func (x *Index) Boite(dst []int, b Boite, f Filtre) []int {
	if x.Len() == 0 || !b.Valide() {
		return dst
	}
	mini, maxi := b.pave()
	base := len(dst)
	var pile [profondeur]int
	pile[0] = 1
	for reste := 1; reste > 0; {
		reste--
		i := pile[reste]
		if n := &x.noeuds[i]; n.disjoint(&mini, &maxi) || !f.Match(n.masque) {
			continue
		}
		if i < x.feuilles {
			pile[reste], pile[reste+1] = 2*i, 2*i+1
			reste += 2
			continue
		}
		debut, fin := x.plage(i)
		for t := debut; t < fin; t++ {
			if b.Contient(x.points[t]) && f.Match(x.masques[t]) {
				dst = append(dst, int(x.nums[t]))
			}
		}
	}
	slices.Sort(dst[base:])
	return dst
}
