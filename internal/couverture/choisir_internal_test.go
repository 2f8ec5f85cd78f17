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
		l.descendre(n, 400, 0, func([]int) (int64, bool) { return 0, false })
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
