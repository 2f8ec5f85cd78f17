package couverture_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/couverture"
)

// gainNaif is what a choice gains, as the words say it: for each commune, the
// nearest of the present places and of those chosen.
func gainNaif(p *couverture.Probleme, choix []int) (gain int64) {
	plafond := p.Plafond
	if plafond == 0 {
		for i, l := range p.Cout {
			for _, d := range append(slices.Clone(l), p.Actuel[i]) {
				if !math.IsInf(d, 1) && d > plafond {
					plafond = d
				}
			}
		}
	}
	for i, habitants := range p.Population {
		avant, apres := p.Actuel[i], p.Actuel[i]
		for _, j := range choix {
			apres = min(apres, p.Cout[i][j])
		}
		switch p.Objectif {
		case couverture.Couvrir:
			if avant > p.Rayon && apres <= p.Rayon {
				gain += int64(habitants)
			}
		case couverture.Approcher:
			gain += int64(habitants) * int64(math.Round(min(avant, plafond))-math.Round(min(apres, plafond)))
		}
	}
	return gain
}

// meilleurNaif looks at every choice of at most P candidates.
func meilleurNaif(p *couverture.Probleme) int64 {
	meilleur := int64(-1)
	var choix []int
	var voir func(j int)
	voir = func(j int) {
		if j == len(p.Cout[0]) {
			if manque := slices.ContainsFunc(p.Imposes, func(i int) bool { return !slices.Contains(choix, i) }); !manque {
				meilleur = max(meilleur, gainNaif(p, choix))
			}
			return
		}
		voir(j + 1)
		if len(choix) < p.P && !slices.Contains(p.Exclus, j) {
			choix = append(choix, j)
			voir(j + 1)
			choix = choix[:len(choix)-1]
		}
	}
	voir(0)
	return meilleur
}

// tirer is a small problem: communes and candidates at random on a square of
// 60 km, or distances without geometry (one in three), with ties, empty communes,
// places out of reach, candidates imposed and excluded.
func tirer(r *rand.Rand) *couverture.Probleme {
	n, m := 1+r.IntN(12), 1+r.IntN(12)
	p := &couverture.Probleme{Objectif: couverture.Couvrir, P: 1 + r.IntN(5), Rayon: float64(5000 * (1 + r.IntN(4)))}
	if r.IntN(2) == 0 {
		p.Objectif = couverture.Approcher
	}
	point := func() [2]float64 { return [2]float64{60000 * r.Float64(), 60000 * r.Float64()} }
	candidats := make([][2]float64, m)
	for j := range candidats {
		candidats[j] = point()
	}
	sans := r.IntN(3) == 0
	for range n {
		ici := point()
		habitants := r.IntN(3000)
		if r.IntN(3) == 0 {
			habitants = 100 * r.IntN(3)
		}
		actuel := 40000 * r.Float64()
		if r.IntN(5) == 0 {
			actuel = math.Inf(1)
		}
		ligne := make([]float64, m)
		for j, c := range candidats {
			switch {
			case r.IntN(15) == 0:
				ligne[j] = math.Inf(1)
			case sans:
				ligne[j] = float64(1000 * r.IntN(40))
			default:
				ligne[j] = math.Hypot(c[0]-ici[0], c[1]-ici[1])
			}
		}
		p.Population, p.Actuel, p.Cout = append(p.Population, habitants), append(p.Actuel, actuel), append(p.Cout, ligne)
	}
	for j := range m {
		switch r.IntN(8) {
		case 0:
			if len(p.Imposes) < p.P {
				p.Imposes = append(p.Imposes, j)
			}
		case 1:
			p.Exclus = append(p.Exclus, j)
		}
	}
	return p
}

// emmeler is a problem whose relaxation is far from its best choice: each
// candidate serves communes at random, so that the search has to cut it in parts.
func emmeler(r *rand.Rand) *couverture.Probleme {
	p := &couverture.Probleme{Objectif: couverture.Couvrir, P: 3 + r.IntN(3), Rayon: 10000}
	if r.IntN(2) == 0 {
		p.Objectif = couverture.Approcher
	}
	m := 10 + r.IntN(5)
	for range 20 + r.IntN(10) {
		ligne := make([]float64, m)
		for j := range ligne {
			ligne[j] = 30000
			if r.IntN(4) == 0 {
				ligne[j] = float64(r.IntN(10000))
			}
		}
		p.Population, p.Actuel, p.Cout = append(p.Population, 90+r.IntN(20)), append(p.Actuel, 25000), append(p.Cout, ligne)
	}
	return p
}

// The choice is the best of all choices, its gain is what it gains, and it holds
// to what was imposed and excluded.
func TestChoisirExhaustif(t *testing.T) {
	r := rand.New(rand.NewPCG(82, 1))
	coupes, gagnes := 0, 0
	for cas := range 1500 {
		p := tirer(r)
		if cas%10 == 0 {
			p = emmeler(r)
		}
		rep, err := couverture.Choisir(t.Context(), p)
		if err != nil {
			t.Fatalf("case %d: %v", cas, err)
		}
		want := meilleurNaif(p)
		if rep.Gain != want || rep.Borne != want || !rep.Optimal() || rep.Ecart() != 0 {
			t.Fatalf("case %d: gain %d, bound %d, want %d\n%+v", cas, rep.Gain, rep.Borne, want, p)
		}
		if got := gainNaif(p, rep.Choisis); got != rep.Gain {
			t.Fatalf("case %d: says %d, gains %d\n%+v", cas, rep.Gain, got, p)
		}
		tenir(t, p, rep.Choisis)
		if rep.Noeuds > 1 {
			coupes++
		}
		if want > 0 {
			gagnes++
		}
	}
	if coupes < 60 || gagnes < 1000 { // otherwise the cases prove nothing of the search
		t.Errorf("%d cases were cut in parts, %d gained something", coupes, gagnes)
	}
}

func tenir(t *testing.T, p *couverture.Probleme, choix []int) {
	t.Helper()
	if len(choix) > p.P || !slices.IsSorted(choix) || len(slices.Compact(slices.Clone(choix))) != len(choix) {
		t.Fatalf("chosen: %v, of %d", choix, p.P)
	}
	for _, j := range p.Imposes {
		if !slices.Contains(choix, j) {
			t.Fatalf("imposed %v, chosen %v", p.Imposes, choix)
		}
	}
	for _, j := range p.Exclus {
		if slices.Contains(choix, j) {
			t.Fatalf("excluded %v, chosen %v", p.Exclus, choix)
		}
	}
}

// The gap is a share of the best that is possible, not of what was found.
func TestEcart(t *testing.T) {
	for _, c := range []struct {
		gain, borne int64
		want        float64
	}{{80, 100, 0.2}, {0, 100, 1}, {100, 100, 0}, {0, 0, 0}} {
		r := couverture.Reponse{Gain: c.gain, Borne: c.borne}
		if got := r.Ecart(); got != c.want {
			t.Errorf("%d of %d: %g, want %g", c.gain, c.borne, got, c.want)
		}
	}
}

// However early it is stopped, the bound is above the best and the gain is that
// of the choice.
func TestChoisirBorne(t *testing.T) {
	r := rand.New(rand.NewPCG(82, 2))
	ecarts := 0
	for cas := range 800 {
		p := tirer(r)
		if cas%5 == 0 {
			p = emmeler(r)
		}
		rep, err := couverture.Choisir(newMinuteur(r.IntN(40)), p)
		if err != nil {
			t.Fatal(err)
		}
		want := meilleurNaif(p)
		if rep.Borne < want || rep.Gain > want || gainNaif(p, rep.Choisis) != rep.Gain {
			t.Fatalf("case %d: gain %d, best %d, bound %d\n%+v", cas, rep.Gain, want, rep.Borne, p)
		}
		tenir(t, p, rep.Choisis)
		if rep.Ecart() > 0 {
			ecarts++
			if !rep.Coupe {
				t.Fatalf("case %d: not stopped, and not the best", cas)
			}
			if vrai := float64(want-rep.Gain) / float64(max(want, 1)); vrai > rep.Ecart() {
				t.Fatalf("case %d: gap %g said %g", cas, vrai, rep.Ecart())
			}
		}
	}
	if ecarts < 100 {
		t.Errorf("%d cases had a gap", ecarts)
	}
}

// minuteur is a context that ends after some questions.
type minuteur struct {
	context.Context
	reste int
}

func newMinuteur(n int) *minuteur { return &minuteur{context.Background(), n} }

func (m *minuteur) Err() error {
	if m.reste--; m.reste < 0 {
		return context.Canceled
	}
	return nil
}

func TestChoisirRefus(t *testing.T) {
	bon := couverture.Probleme{Objectif: couverture.Couvrir, P: 1, Rayon: 1000, Population: []int{5}, Actuel: []float64{2000}, Cout: [][]float64{{0, 10}}}
	for _, cas := range []struct {
		name, want string
		changer    func(*couverture.Probleme)
	}{
		{"objective", "objectif", func(p *couverture.Probleme) { p.Objectif = "autre" }},
		{"radius", "rayon", func(p *couverture.Probleme) { p.Rayon = 0 }},
		{"no number", "nombre", func(p *couverture.Probleme) { p.P = 0 }},
		{"too many", "nombre", func(p *couverture.Probleme) { p.P = couverture.PMax + 1 }},
		{"more imposed than chosen", "imposees", func(p *couverture.Probleme) { p.Imposes = []int{0, 1} }},
		{"imposed and excluded", "imposees", func(p *couverture.Probleme) { p.Imposes, p.Exclus = []int{1}, []int{1} }},
		{"nobody", "perimetre", func(p *couverture.Probleme) { p.Population, p.Actuel, p.Cout = nil, nil, nil }},
		{"too much to compute", "perimetre", func(p *couverture.Probleme) {
			p.Population, p.Actuel, p.Cout = make([]int, 2001), make([]float64, 2001), slices.Repeat([][]float64{make([]float64, 2001)}, 2001)
		}},
		{"a row is short", "", func(p *couverture.Probleme) { p.Actuel = nil }},
		{"not a distance", "", func(p *couverture.Probleme) { p.Cout = [][]float64{{math.NaN(), 1}} }},
		{"no such candidate", "", func(p *couverture.Probleme) { p.Exclus = []int{2} }},
	} {
		t.Run(cas.name, func(t *testing.T) {
			p := bon
			cas.changer(&p)
			_, err := couverture.Choisir(t.Context(), &p)
			if err == nil {
				t.Fatal("accepted")
			}
			if got := champ(err); got != cas.want {
				t.Errorf("field %q, want %q: %v", got, cas.want, err)
			}
		})
	}
}

// Among choices that cover as many, the nearest; and no more places than needed.
func TestChoisirDepartage(t *testing.T) {
	p := &couverture.Probleme{
		Objectif: couverture.Couvrir, P: 3, Rayon: 10000, Population: []int{100, 50},
		Actuel: []float64{30000, 30000}, Cout: [][]float64{{9000, 2000, 8000}, {9000, 8000, 2500}},
	}
	rep, err := couverture.Choisir(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1}, rep.Choisis); diff != "" {
		t.Errorf("one is enough, the nearest to most (-want +got):\n%s", diff)
	}
}

// carre is a problem of n communes on a square of côté metres, each of them a
// candidate.
func carre(r *rand.Rand, n int, cote float64, o couverture.Objectif, places int) *couverture.Probleme {
	p := &couverture.Probleme{Objectif: o, P: places, Rayon: 10000}
	x, y := make([]float64, n), make([]float64, n)
	for i := range n {
		x[i], y[i] = cote*r.Float64(), cote*r.Float64()
		p.Population = append(p.Population, int(100*math.Exp(2.5*r.Float64())))
	}
	for i := range n {
		ligne := make([]float64, n)
		for j := range n {
			ligne[j] = 1.3 * math.Hypot(x[i]-x[j], y[i]-y[j])
		}
		p.Cout = append(p.Cout, ligne)
	}
	for i := range n { // the ten first have a place
		p.Actuel = append(p.Actuel, slices.Min(p.Cout[i][:10]))
	}
	return p
}

// At the size of a département, the answer is near the best, and the same each
// time.
func TestChoisirGrand(t *testing.T) {
	r := rand.New(rand.NewPCG(82, 3))
	for _, o := range []couverture.Objectif{couverture.Couvrir, couverture.Approcher} {
		for _, places := range []int{1, 3, 10} {
			t.Run(fmt.Sprintf("%s %d", o, places), func(t *testing.T) {
				p := carre(r, 195, 80000, o, places)
				rep, err := couverture.Choisir(t.Context(), p)
				if err != nil {
					t.Fatal(err)
				}
				if rep.Ecart() > 0.01 || rep.Coupe || gainNaif(p, rep.Choisis) != rep.Gain {
					t.Errorf("gain %d, bound %d, gap %.2f %%", rep.Gain, rep.Borne, 100*rep.Ecart())
				}
				t.Logf("gap %.4f %%, %d parts", 100*rep.Ecart(), rep.Noeuds)
				encore, err := couverture.Choisir(t.Context(), p)
				if diff := cmp.Diff(rep, encore); err != nil || diff != "" {
					t.Errorf("again (-first +second), %v:\n%s", err, diff)
				}
			})
		}
	}
}

func BenchmarkChoisir(b *testing.B) {
	for _, o := range []couverture.Objectif{couverture.Couvrir, couverture.Approcher} {
		for _, places := range []int{3, 10} {
			p := carre(rand.New(rand.NewPCG(82, 4)), 195, 80000, o, places)
			b.Run(fmt.Sprintf("%s %d", o, places), func(b *testing.B) {
				for b.Loop() {
					if _, err := couverture.Choisir(context.Background(), p); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
