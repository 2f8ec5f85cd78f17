package rapproche

import (
	"82numerique.fr/adeuxpas/internal/horaires"
)

// semaine is the ordinary week of a place, Monday first: one number for each
// plan of a day, 0 for a day without hours. The zero semaine is not known.
type semaine [7]uint32

// concert is how two weeks stand to each other.
type concert int

const (
	discordants concert = iota // one is not known, or they differ
	communes                   // the same every day, as thousands are: "Mo-Fr 09:00-12:00,14:00-17:00"
	singuliers                 // the same, and days differ: two places seldom have it by chance
)

// lireSemaine reads opening hours in the OSM form; what is not an ordinary week
// is not known.
func lireSemaine(texte string) (s semaine) {
	if texte == "" {
		return s
	}
	e, err := horaires.Parse(texte)
	if err != nil {
		return s
	}
	jours, ok := e.Ordinairement()
	if !ok {
		return s
	}
	for j, creneaux := range jours {
		for _, c := range creneaux {
			s[j] = (s[j]*31+uint32(c.Debut))*31 + uint32(c.Fin)
		}
	}
	return s
}

// comparerSemaines compares day by day. One day in a week of four plans may
// differ: sources are a year apart.
func comparerSemaines(a, b *semaine) concert {
	plans := make([]uint32, 0, 7)
	ouverts, differents := 0, 0
	for j := range a {
		if a[j] != b[j] {
			differents++
			continue
		}
		if a[j] == 0 {
			continue
		}
		ouverts++
		vu := false
		for _, p := range plans {
			vu = vu || p == a[j]
		}
		if !vu {
			plans = append(plans, a[j])
		}
	}
	switch {
	case differents == 0 && len(plans) > 1, differents == 1 && len(plans) > 2:
		return singuliers
	case differents == 0 && ouverts > 1:
		return communes
	}
	return discordants
}
