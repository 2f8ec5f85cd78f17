package couverture

import (
	"math"
	"math/rand/v2"
	"testing"
)

// petit are the gains of a small problem, by commune and candidate.
func petit(r *rand.Rand) *gains {
	g := &gains{communes: 4 + r.IntN(8), p: 1 + r.IntN(4)}
	for j := range 4 + r.IntN(6) {
		var colonne []apport
		for i := range g.communes {
			if r.IntN(3) > 0 {
				colonne = append(colonne, apport{i, 1 + r.Int64N(1000)})
			}
		}
		g.candidats, g.colonnes = append(g.candidats, j), append(g.colonnes, colonne)
	}
	return g
}

// meilleurDe is the best gain of a part of the search, -1 when it holds no
// choice, by looking at every choice.
func meilleurDe(g *gains, etats []int8) int64 {
	meilleur := int64(-1)
	for masque := range 1 << len(etats) {
		var choix []int
		permis := true
		for j, e := range etats {
			dans := masque>>j&1 == 1
			permis = permis && (e == etatLibre || (e == etatPris) == dans)
			if dans {
				choix = append(choix, j)
			}
		}
		if permis && len(choix) <= g.p {
			_, total := g.acquis(choix)
			meilleur = max(meilleur, total)
		}
	}
	return meilleur
}

// Whatever the prices and the part of the search, the relaxation is above every
// choice; lowered, it still is; and what it decides leaves every better choice in.
func TestRelacheeMajore(t *testing.T) {
	r := rand.New(rand.NewPCG(82, 5))
	serrees, decides := 0, 0
	for cas := range 400 {
		g := petit(r)
		n := &noeud{etats: make([]int8, len(g.colonnes)), prix: make([]float64, g.communes), borne: math.MaxInt64}
		for pris, j := 0, 0; j < len(n.etats); j++ {
			switch r.IntN(6) {
			case 0:
				n.etats[j] = etatLaisse
			case 1:
				if pris++; pris <= g.p {
					n.etats[j] = etatPris
				}
			}
		}
		for i := range n.prix {
			n.prix[i] = 1000 * r.Float64() * r.Float64()
		}
		want := meilleurDe(g, n.etats)
		l := newRelachee(g)
		if borne := entiere(l.calculer(n.etats, n.prix)); borne < want {
			t.Fatalf("case %d: bound %d, best %d", cas, borne, want)
		}
		l.descendre(n, 400, func([]int) (int64, bool) { return 0, false })
		if n.borne < want {
			t.Fatalf("case %d: lowered to %d, best %d", cas, n.borne, want)
		}
		if n.borne == want {
			serrees++
		}
		connu := max(0, want-1-r.Int64N(300))
		avant := make([]int8, len(n.etats))
		copy(avant, n.etats)
		l.fixer(n, connu)
		if got := meilleurDe(g, n.etats); want > connu && got != want {
			t.Fatalf("case %d: knowing %d, %v became %v: best %d, then %d", cas, connu, avant, n.etats, want, got)
		}
		for j := range avant {
			if avant[j] != n.etats[j] {
				decides++
			}
		}
	}
	if serrees < 100 || decides < 200 { // a bound that is never tight proves nothing
		t.Errorf("%d bounds are tight, %d candidates were decided", serrees, decides)
	}
}

// The order of visits is a whole turn, the shortest of all orders.
func TestTournee(t *testing.T) {
	r := rand.New(rand.NewPCG(82, 6))
	for cas := range 300 {
		n := 1 + r.IntN(7)
		x, y := make([]float64, n), make([]float64, n)
		for i := range n {
			x[i], y[i] = 50000*r.Float64(), 50000*r.Float64()
		}
		entre := func(a, b int) float64 { return math.Hypot(x[a]-x[b], y[a]-y[b]) }
		ordre, longueur := tournee(n, entre)
		vus := map[int]bool{}
		for _, k := range ordre {
			vus[k] = true
		}
		if len(ordre) != n || len(vus) != n || ordre[0] != 0 || math.Abs(boucle(ordre, entre)-longueur) > 1e-6 {
			t.Fatalf("case %d: %v, %f", cas, ordre, longueur)
		}
		if best := meilleureBoucle(n, entre); math.Abs(longueur-best) > 1e-6 {
			t.Fatalf("case %d: %f, best %f", cas, longueur, best)
		}
	}
	if ordre, longueur := tournee(0, nil); ordre != nil || longueur != 0 {
		t.Error("no point has a turn")
	}
}

// meilleureBoucle looks at every order that begins at 0.
func meilleureBoucle(n int, entre func(a, b int) float64) float64 {
	best := math.Inf(1)
	ordre := []int{0}
	var voir func(pris int)
	voir = func(pris int) {
		if len(ordre) == n {
			best = min(best, boucle(ordre, entre))
			return
		}
		for j := 1; j < n; j++ {
			if pris>>j&1 == 0 {
				ordre = append(ordre, j)
				voir(pris | 1<<j)
				ordre = ordre[:len(ordre)-1]
			}
		}
	}
	voir(1)
	return best
}

// boucle is how long it is to visit all in an order and come back.
func boucle(ordre []int, entre func(a, b int) float64) (metres float64) {
	for i, a := range ordre {
		metres += entre(a, ordre[(i+1)%len(ordre)])
	}
	return metres
}
