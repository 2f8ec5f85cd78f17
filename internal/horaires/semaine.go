package horaires

import (
	"slices"
	"strings"
)

// Plage is an opening in minutes from midnight; Fin may go past 24:00 (1440)
// when it ends on the next day.
type Plage struct{ Debut, Fin int }

// Composer writes an ordinary week (Monday first) as a canonical expression,
// grouping the days that are alike: "Mo-Fr 09:00-12:00,14:00-17:00". Empty
// ranges are left out, and those that overlap or touch become one; "" when no day is open.
func Composer(jours [7][]Plage) string {
	var heures [7]string
	for i, plages := range jours {
		heures[i] = ecrirePlages(plages)
	}
	var regles []string
	for i, h := range heures {
		if h == "" || slices.Contains(heures[:i], h) {
			continue
		}
		regles = append(regles, joursPareils(heures, h)+" "+h)
	}
	return strings.Join(regles, "; ")
}

func ecrirePlages(plages []Plage) string {
	var textes []string
	for _, p := range unir(plages) {
		textes = append(textes, plageHeures{debut: p.Debut, fin: p.Fin}.String())
	}
	return strings.Join(textes, ",")
}

// unir sorts ranges and merges those that overlap or touch.
func unir(plages []Plage) []Plage {
	triees := slices.Clone(plages)
	slices.SortFunc(triees, func(p, q Plage) int { return p.Debut - q.Debut })
	var unies []Plage
	for _, p := range triees {
		p.Debut, p.Fin = max(p.Debut, 0), min(p.Fin, p.Debut+minutesJour)
		if p.Fin <= p.Debut || p.Debut >= minutesJour {
			continue
		}
		if k := len(unies) - 1; k >= 0 && p.Debut <= unies[k].Fin {
			unies[k].Fin = min(max(unies[k].Fin, p.Fin), unies[k].Debut+minutesJour)
			continue
		}
		unies = append(unies, p)
	}
	return unies
}

// joursPareils names the days whose hours are h: "Mo,We-Fr". Two days in a row
// are listed, three or more make a range.
func joursPareils(heures [7]string, h string) string {
	var noms []string
	for i := 0; i < 7; i++ {
		if heures[i] != h {
			continue
		}
		fin := i
		for fin+1 < 7 && heures[fin+1] == h {
			fin++
		}
		switch fin - i {
		case 0:
			noms = append(noms, nomsJours[i])
		case 1:
			noms = append(noms, nomsJours[i], nomsJours[fin])
		default:
			noms = append(noms, nomsJours[i]+"-"+nomsJours[fin])
		}
		i = fin
	}
	return strings.Join(noms, ",")
}
