package couverture

import "slices"

// gains is a problem as one shape for both objectives: what commune i gains when
// candidate j is the best one it has. A choice S gains the sum over communes of
// the greatest of its gains in S: a function that grows with S, each addition
// bringing less than it would to a smaller S (submodular).
type gains struct {
	candidats []int      // number, in the problem, of each candidate kept
	colonnes  [][]apport // of each candidate kept: what it brings, by commune
	communes  int
	p         int
	imposes   []int // candidates kept that are always chosen
	total     int64 // the sum over communes of their greatest gain
}

// apport is what a candidate brings to a commune: more than nothing.
type apport struct {
	commune int
	gain    int64
}

func newGains(p *Probleme) *gains {
	g := &gains{communes: len(p.Population), p: p.P}
	plafond := p.plafond()
	meilleurs := make([]int64, g.communes)
	for j := range p.Cout[0] {
		impose := slices.Contains(p.Imposes, j)
		var colonne []apport
		for i := range p.Cout {
			if n := p.gain(i, p.Cout[i][j], plafond); n > 0 && !slices.Contains(p.Exclus, j) {
				colonne = append(colonne, apport{i, n})
				meilleurs[i] = max(meilleurs[i], n)
			}
		}
		if impose {
			g.imposes = append(g.imposes, len(g.candidats))
		}
		if impose || len(colonne) > 0 {
			g.candidats, g.colonnes = append(g.candidats, j), append(g.colonnes, colonne)
		}
	}
	for _, n := range meilleurs {
		g.total += n
	}
	return g
}

// acquis is what each commune gains by a choice, and the sum.
func (g *gains) acquis(choix []int) ([]int64, int64) {
	par, total := make([]int64, g.communes), int64(0)
	for _, j := range choix {
		for _, a := range g.colonnes[j] {
			if a.gain > par[a.commune] {
				total += a.gain - par[a.commune]
				par[a.commune] = a.gain
			}
		}
	}
	return par, total
}

// apporte is what candidate j adds to what communes have.
func (g *gains) apporte(j int, par []int64) (n int64) {
	for _, a := range g.colonnes[j] {
		n += max(0, a.gain-par[a.commune])
	}
	return n
}

// glouton completes a choice with, each time, the candidate that adds most among
// those permitted (the first of them when equal), as long as one adds something.
// A greedy choice of a submodular gain has at least 63 % of the best (G. L.
// Nemhauser, L. A. Wolsey, M. L. Fisher, "An analysis of approximations for
// maximizing submodular set functions", Mathematical Programming 14, 1978).
func (g *gains) glouton(choix []int, permis func(j int) bool) []int {
	choix = slices.Clone(choix)
	for len(choix) < g.p {
		par, _ := g.acquis(choix)
		meilleur, plus := -1, int64(0)
		for j := range g.colonnes {
			if n := g.apporte(j, par); n > plus && permis(j) {
				meilleur, plus = j, n
			}
		}
		if meilleur < 0 {
			break
		}
		choix = append(choix, meilleur)
	}
	return choix
}

// echanger replaces chosen candidates that are not imposed, one by one, by others
// that gain more, until no exchange gains (the vertex substitution of M. B. Teitz
// and P. Bart, "Heuristic methods for estimating the generalized vertex median of
// a weighted graph", Operations Research 16, 1968).
func (g *gains) echanger(choix []int) ([]int, int64) {
	choix = g.glouton(choix, tous)
	_, total := g.acquis(choix)
	for mieux := true; mieux; {
		mieux = false
		for k, j := range choix {
			if slices.Contains(g.imposes, j) {
				continue
			}
			par, sans := g.acquis(slices.Concat(choix[:k], choix[k+1:]))
			for autre := range g.colonnes {
				if n := sans + g.apporte(autre, par); n > total {
					choix[k], total, mieux = autre, n, true
				}
			}
		}
	}
	return choix, total
}

func tous(int) bool { return true }

// departager looks, among choices that gain as much, for a nearer one: for
// Couvrir, exchanges that lose nobody and shorten the distances. It then takes
// away what adds nothing.
func (p *Probleme) departager(g *gains, choix []int) []int {
	choix = slices.Clone(choix)
	if p.Objectif == Couvrir {
		g.rapprocher(p, choix)
	}
	for k := len(choix) - 1; k >= 0; k-- {
		par, _ := g.acquis(slices.Concat(choix[:k], choix[k+1:]))
		if g.apporte(choix[k], par) == 0 && !slices.Contains(g.imposes, choix[k]) {
			choix = slices.Delete(choix, k, k+1)
		}
	}
	return choix
}

// rapprocher exchanges candidates of a choice, in place, for others that cover
// as many people, nearer.
func (g *gains) rapprocher(p *Probleme, choix []int) {
	proche := *p
	proche.Objectif = Approcher
	d := &gains{candidats: g.candidats, communes: g.communes, p: g.p, imposes: g.imposes}
	plafond := proche.plafond()
	for _, j := range g.candidats {
		var colonne []apport
		for i := range p.Cout {
			if n := proche.gain(i, p.Cout[i][j], plafond); n > 0 {
				colonne = append(colonne, apport{i, n})
			}
		}
		d.colonnes = append(d.colonnes, colonne)
	}
	_, couverts := g.acquis(choix)
	_, distance := d.acquis(choix)
	for mieux := true; mieux; {
		mieux = false
		for k, j := range choix {
			if slices.Contains(g.imposes, j) {
				continue
			}
			autres := slices.Concat(choix[:k], choix[k+1:])
			parG, sansG := g.acquis(autres)
			parD, sansD := d.acquis(autres)
			for autre := range g.colonnes {
				if n := sansD + d.apporte(autre, parD); n > distance && sansG+g.apporte(autre, parG) == couverts {
					choix[k], distance, mieux = autre, n, true
				}
			}
		}
	}
}
