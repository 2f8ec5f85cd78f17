package geo

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// choisir must cut at k whatever the data, the shapes that ruin a median of
// three included.
func TestChoisir(t *testing.T) {
	formes := map[string]func(i, n int) float64{
		"ascending":   func(i, _ int) float64 { return float64(i) },
		"descending":  func(i, n int) float64 { return float64(n - i) },
		"constant":    func(int, int) float64 { return 1 },
		"two values":  func(i, _ int) float64 { return float64(i % 2) },
		"organ pipe":  func(i, n int) float64 { return float64(min(i, n-i)) },
		"killer of 3": func(i, n int) float64 { return tueur(i, n) },
	}
	r := rand.New(rand.NewPCG(9, 10))
	for nom, forme := range formes {
		t.Run(nom, func(t *testing.T) {
			for _, n := range []int{1, 2, 3, 17, 200, 1000} {
				for _, k := range []int{0, 1, n / 2, r.IntN(n), n - 1} {
					verifierChoix(t, n, k, forme)
				}
			}
		})
	}
}

func verifierChoix(t *testing.T, n, k int, forme func(i, n int) float64) {
	t.Helper()
	grains, valeurs := make([]grain, n), make([]float64, n)
	for i := range grains {
		valeurs[i] = forme(i, n)
		grains[i] = grain{v: vecteur{0, valeurs[i], 0}, num: int32(i)}
	}
	choisir(grains, k, 1)
	slices.Sort(valeurs)
	vus := make(map[int32]bool)
	for i, g := range grains {
		vus[g.num] = true
		if k < n && (i < k && g.v[1] > valeurs[k] || i >= k && g.v[1] < valeurs[k]) {
			t.Fatalf("n %d, k %d: %v at rank %d, rank k is %v", n, k, g.v[1], i, valeurs[k])
		}
	}
	if len(vus) != n {
		t.Fatalf("n %d, k %d: entries were lost", n, k)
	}
}

// tueur lays values so that first, middle and last are always the smallest
// that remain (D. R. Musser, "Introspective Sorting and Selection Algorithms",
// 1997).
func tueur(i, n int) float64 {
	moitie := n / 2
	switch {
	case i >= moitie:
		return float64(2 * (i - moitie + 1))
	case i%2 == 0:
		return float64(i + 1)
	default:
		return float64(moitie + i)
	}
}
