package couverture

import (
	"container/heap"
	"context"
	"slices"
)

// travailMax is how many additions the bounds may cost, about a second: a number,
// not a time, so that the same question has the same answer on every machine.
const travailMax = 300_000_000

// recherche is a branch and bound, the part with the highest bound first (A. H.
// Land, A. G. Doig, "An automatic method of solving discrete programming
// problems", Econometrica 28, 1960).
type recherche struct {
	g        *gains
	l        *relachee
	file     filed
	meilleur []int
	mieux    int64 // gain of meilleur
	borne    int64 // no choice gains more
	noeuds   int
	coupe    bool
}

func newRecherche(g *gains) *recherche {
	r := &recherche{g: g, l: newRelachee(g), borne: g.total}
	r.meilleur, r.mieux = g.echanger(g.imposes)
	return r
}

// mener looks until the best known is the best, or until it is told to stop.
func (r *recherche) mener(ctx context.Context) {
	racine := &noeud{etats: make([]int8, len(r.g.colonnes)), prix: r.premiersPrix(), borne: r.g.total}
	for _, j := range r.g.imposes {
		racine.etats[j] = etatPris
	}
	heap.Push(&r.file, racine)
	for len(r.file) > 0 {
		n := r.file[0]
		if n.borne <= r.mieux {
			break
		}
		if r.arreter(ctx) {
			r.borne = n.borne // the highest of those that remain
			return
		}
		heap.Pop(&r.file)
		r.explorer(ctx, n)
	}
	r.borne = r.mieux
}

// arreter tells whether the time or the work allowed is over.
func (r *recherche) arreter(ctx context.Context) bool {
	r.coupe = r.coupe || ctx.Err() != nil
	return r.coupe || r.l.travail > travailMax
}

// premiersPrix are half of what each commune gains in the first answer.
func (r *recherche) premiersPrix() []float64 {
	par, _ := r.g.acquis(r.meilleur)
	prix := make([]float64, len(par))
	for i, n := range par {
		prix[i] = float64(n) / 2
	}
	return prix
}

// explorer bounds a part, and cuts in two what may still hold a better choice.
func (r *recherche) explorer(ctx context.Context, n *noeud) {
	r.noeuds++
	if r.finir(n) {
		return
	}
	pas := pasNoeud
	if r.noeuds == 1 {
		pas = pasRacine
	}
	r.l.descendre(n, pas, func(choix []int) (int64, bool) { return r.essayer(choix), r.arreter(ctx) })
	if n.borne <= r.mieux {
		return
	}
	r.l.fixer(n, r.mieux)
	if r.finir(n) {
		return
	}
	j := r.separer(n)
	for _, etat := range []int8{etatPris, etatLaisse} {
		e := &noeud{etats: slices.Clone(n.etats), prix: slices.Clone(n.prix), borne: n.borne, numero: 2*r.noeuds + int(etat)}
		e.etats[j] = etat
		heap.Push(&r.file, e)
	}
}

// finir answers for a part where one more candidate at most is to be chosen, by
// looking at all of them; for another one, it lowers the bound to what adding the
// best ones without their overlaps would gain. True when there is nothing left to
// look at.
func (r *recherche) finir(n *noeud) bool {
	var choix []int
	for j, e := range n.etats {
		if e == etatPris {
			choix = append(choix, j)
		}
	}
	reste := r.g.p - len(choix)
	if reste < 0 {
		return true // more are in than may be chosen
	}
	par, total := r.g.acquis(choix)
	var plus []int64
	premier, haut := -1, int64(0)
	for j, e := range n.etats {
		if e != etatLibre {
			continue
		}
		v := r.g.apporte(j, par)
		plus = append(plus, v)
		if v > haut {
			premier, haut = j, v
		}
	}
	if reste <= 1 || premier < 0 {
		if reste >= 1 && premier >= 0 {
			choix, total = append(choix, premier), total+haut
		}
		r.garder(choix, total)
		return true
	}
	slices.SortFunc(plus, func(a, b int64) int { return int(min(1, max(-1, b-a))) })
	for _, v := range plus[:min(reste, len(plus))] {
		total += v
	}
	n.borne = min(n.borne, total)
	return n.borne <= r.mieux
}

// separer is the undecided candidate about which the relaxed choices hesitate most.
func (r *recherche) separer(n *noeud) int {
	choisi, ecart := -1, 2.0
	for j, e := range n.etats {
		if e != etatLibre {
			continue
		}
		d := r.l.poids[j] - 0.5
		if d = max(d, -d); d < ecart {
			choisi, ecart = j, d
		}
	}
	return choisi
}

// essayer keeps a relaxed choice when it gains more than what is known, after its
// exchanges; the best gain known.
func (r *recherche) essayer(choix []int) int64 {
	if _, total := r.g.acquis(choix); total > r.mieux {
		c, t := r.g.echanger(choix)
		r.garder(c, t)
	}
	return r.mieux
}

func (r *recherche) garder(choix []int, total int64) {
	if total > r.mieux {
		r.meilleur, r.mieux = slices.Clone(choix), total
	}
}

// filed is the parts that wait, highest bound first, then the newest.
type filed []*noeud

func (f filed) Len() int { return len(f) }
func (f filed) Less(a, b int) bool {
	if f[a].borne != f[b].borne {
		return f[a].borne > f[b].borne
	}
	return f[a].numero > f[b].numero
}
func (f filed) Swap(a, b int) { f[a], f[b] = f[b], f[a] }
func (f *filed) Push(x any)   { *f = append(*f, x.(*noeud)) }
func (f *filed) Pop() any {
	dernier := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return dernier
}
