package couverture

import (
	"math"
	"slices"
)

// tournee is the shortest order in which to visit n points and come back, point 0
// first (M. Held, R. M. Karp, "A dynamic programming approach to sequencing
// problems", Journal of the SIAM 10, 1962). n is at most the half-days of a week,
// see demiJournees: the work doubles with each point. entre is symmetric, in
// metres. Of both ways round, the one whose second point is before the last.
func tournee(n int, entre func(a, b int) float64) (ordre []int, longueur float64) {
	if n == 0 {
		return nil, 0
	}
	// court[visites][j] is the shortest way from 0 through visites to j, de its last
	// point but one.
	court, de := make([][]float64, 1<<n), make([][]int, 1<<n)
	for visites := 1; visites < 1<<n; visites += 2 {
		court[visites], de[visites] = make([]float64, n), make([]int, n)
		for j := range n {
			court[visites][j], de[visites][j] = plusCourt(court, visites, j, entre)
		}
	}
	tous, dernier := 1<<n-1, 0
	longueur = math.Inf(1)
	for j := range n {
		if l := court[tous][j] + entre(j, 0); l < longueur {
			dernier, longueur = j, l
		}
	}
	for visites := tous; visites > 1; {
		ordre = append(ordre, dernier)
		visites, dernier = visites&^(1<<dernier), de[visites][dernier]
	}
	ordre = append(ordre, 0)
	slices.Reverse(ordre)
	if n > 2 && ordre[1] > ordre[n-1] {
		slices.Reverse(ordre[1:])
	}
	return ordre, longueur
}

// plusCourt is the shortest way from 0 through visites that ends at j, and the
// point before j; +Inf when there is none.
func plusCourt(court [][]float64, visites, j int, entre func(a, b int) float64) (metres float64, avant int) {
	if j == 0 || visites>>j&1 == 0 {
		if visites == 1 && j == 0 {
			return 0, 0
		}
		return math.Inf(1), 0
	}
	metres = math.Inf(1)
	sans := visites &^ (1 << j)
	for k := range court[sans] {
		if l := court[sans][k] + entre(k, j); l < metres {
			metres, avant = l, k
		}
	}
	return metres, avant
}
