package couverture

import (
	"math"
	"slices"
)

// The state of a candidate in a part of the search.
const (
	etatLibre int8 = iota
	etatPris
	etatLaisse
)

// noeud is a part of the search: some candidates are in, some are out.
type noeud struct {
	etats  []int8
	prix   []float64 // multiplier of each commune, from the parent
	borne  int64     // no choice of this part gains more
	numero int
}

// The steps of the subgradient.
const (
	pasRacine   = 600 // at the first node
	pasNoeud    = 60  // at the others, which begin with their parent's prices
	pasSansGain = 12  // before the step is halved
)

// relachee is the Lagrangian relaxation of a part of the search. A commune that
// may take its gain from one place at most pays prix instead for each: the bound
//
//	Σ prix[i] + Σ over the p best candidates j of Σ_i max(0, gain[i][j] − prix[i])
//
// is above every choice, whatever prices ≥ 0 (A. M. Geoffrion, "Lagrangean
// relaxation for integer programming", Mathematical Programming Study 2, 1974; for
// the p-median, S. C. Narula, U. I. Ogbu, H. M. Samuelsson, Operations Research
// 25, 1977). The subgradient method looks for the lowest.
type relachee struct {
	g       *gains
	valeurs []float64 // of each candidate at the present prices
	choisis []int     // those of the relaxed choice
	suivant int       // the best free one that was not taken, -1 when none is left
	poids   []float64 // of each candidate: how often it was taken of late, 0 to 1
	touche  []float64 // of each commune: 1 − how many of those taken it would use
	ordre   []int
	travail int // additions made so far
}

func newRelachee(g *gains) *relachee {
	m := len(g.colonnes)
	return &relachee{g: g, valeurs: make([]float64, m), poids: make([]float64, m), touche: make([]float64, g.communes), ordre: make([]int, 0, m)}
}

// calculer is the bound at some prices.
func (l *relachee) calculer(etats []int8, prix []float64) float64 {
	l.ordre, l.choisis = l.ordre[:0], l.choisis[:0]
	for j, colonne := range l.g.colonnes {
		if etats[j] == etatLaisse {
			continue
		}
		v := 0.0
		l.travail += len(colonne)
		for _, a := range colonne {
			if d := float64(a.gain) - prix[a.commune]; d > 0 {
				v += d
			}
		}
		l.valeurs[j] = v
		if etats[j] == etatPris {
			l.choisis = append(l.choisis, j)
		} else {
			l.ordre = append(l.ordre, j)
		}
	}
	slices.SortFunc(l.ordre, func(a, b int) int {
		if l.valeurs[a] != l.valeurs[b] {
			if l.valeurs[a] > l.valeurs[b] {
				return -1
			}
			return 1
		}
		return a - b
	})
	reste := min(max(0, l.g.p-len(l.choisis)), len(l.ordre))
	l.choisis = append(l.choisis, l.ordre[:reste]...)
	l.suivant = -1
	if reste < len(l.ordre) {
		l.suivant = l.ordre[reste]
	}
	borne := 0.0
	for _, p := range prix {
		borne += p
	}
	for _, j := range l.choisis {
		borne += l.valeurs[j]
	}
	return borne
}

// entiere is a bound as a whole number that is still a bound: gains are whole,
// and sums of floating-point numbers are a little wrong.
func entiere(borne float64) int64 {
	return int64(math.Floor(borne + 1e-11*math.Abs(borne) + 1e-6))
}

// descendre lowers the bound of a node from its prices, until it is no more
// than what is known or steps are over. essayer is given each relaxed choice, and
// answers the best gain known, and whether to stop.
func (l *relachee) descendre(n *noeud, pas int, essayer func(choix []int) (int64, bool)) {
	prix := slices.Clone(n.prix)
	bas, theta, sansGain := math.Inf(1), 1.0, 0
	clear(l.poids)
	for range pas {
		borne := l.calculer(n.etats, prix)
		if borne < bas-1e-7*math.Abs(bas) || math.IsInf(bas, 1) {
			sansGain = 0
		} else if sansGain++; sansGain >= pasSansGain {
			theta, sansGain = theta/2, 0
		}
		if borne < bas {
			bas = borne
			copy(n.prix, prix)
			n.borne = min(n.borne, entiere(borne))
		}
		mieux, fini := essayer(l.choisis)
		l.compter()
		if fini || n.borne <= mieux || theta < 1e-3 {
			return
		}
		if !l.avancer(prix, theta*(borne-float64(mieux))) {
			return
		}
	}
}

// compter remembers which candidates the relaxed choice takes.
func (l *relachee) compter() {
	for j := range l.poids {
		l.poids[j] *= 0.9
	}
	for _, j := range l.choisis {
		l.poids[j] += 0.1
	}
}

// avancer changes the prices: those of communes that the relaxed choice uses twice
// go up, those of communes that it leaves go down. False when there is nothing to
// change: the bound is reached by a choice.
func (l *relachee) avancer(prix []float64, longueur float64) bool {
	for i := range l.touche {
		l.touche[i] = 1
	}
	for _, j := range l.choisis {
		for _, a := range l.g.colonnes[j] {
			if float64(a.gain) > prix[a.commune] {
				l.touche[a.commune]--
			}
		}
	}
	norme := 0.0
	for i, t := range l.touche {
		if t > 0 && prix[i] == 0 {
			l.touche[i] = 0
			continue
		}
		norme += t * t
	}
	if norme == 0 {
		return false
	}
	for i, t := range l.touche {
		prix[i] = max(0, prix[i]-longueur*t/norme)
	}
	return true
}

// fixer decides the candidates whose other state could not gain more than what
// is known: it would cost the bound at least the difference between their value
// and that of the one that would come in or go out.
func (l *relachee) fixer(n *noeud, mieux int64) {
	borne := l.calculer(n.etats, n.prix)
	var dernier float64 // value of the last free one taken
	pris := 0
	for _, j := range l.choisis {
		if n.etats[j] == etatLibre {
			dernier, pris = l.valeurs[j], pris+1
		}
	}
	suivant := 0.0
	if l.suivant >= 0 {
		suivant = l.valeurs[l.suivant]
	}
	for k, j := range l.ordre {
		v := l.valeurs[j]
		switch {
		case k >= pris && entiere(borne-dernier+v) <= mieux:
			n.etats[j] = etatLaisse
		case k < pris && entiere(borne-v+suivant) <= mieux:
			n.etats[j] = etatPris
		}
	}
}
