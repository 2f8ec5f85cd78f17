package norme

import (
	"regexp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/horaires"
)

// moitie is a half of a day.
type moitie int

const (
	journee moitie = iota
	matin
	apresMidi
)

// midi parts the halves of a day, in minutes: what starts before 12:30 is of
// the morning.
const midi = 12*60 + 30

// creneau is what a sentence says of one weekday (0 is Monday): a half of it,
// hours if they are given.
type creneau struct {
	jour   int
	moitie moitie
	plages []horaires.Plage
}

// contient tells whether the creneau speaks of a range of the day.
func (c creneau) contient(jour int, p horaires.Plage) bool {
	if c.jour != jour {
		return false
	}
	if len(c.plages) > 0 {
		return slices.ContainsFunc(c.plages, func(q horaires.Plage) bool { return p.Debut < q.Fin && q.Debut < p.Fin })
	}
	return c.moitie == journee || (c.moitie == matin) == (p.Debut < midi)
}

var nomsJours = []string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}

var (
	jetonJours   = regexp.MustCompile(`^(?:du )?(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s? au (lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b`)
	jetonJour    = regexp.MustCompile(`^(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b`)
	jetonTous    = regexp.MustCompile(`^tous les jours\b`)
	jetonMoitie  = regexp.MustCompile(`^(matins?|matinees?|apres[- ]?midis?)\b`)
	jetonSauf    = regexp.MustCompile(`^(?:\(? ?(?:ferme|fermee|sauf|hors)\b)`)
	jetonLiaison = regexp.MustCompile(`^(?:(?:les?|la|l'|du|des?|d'|et|tous|toutes|chaque|uniquement|accueil|ouverte?|puis|aussi)\b ?|[\s,:;.()&+/-]+)`)
)

// scanJours reads days, halves of days and hours from the start of a folded
// text, as far as it understands. It returns what it read and the byte where
// it stopped.
func scanJours(s string) (creneaux []creneau, fin int) {
	var g groupeJours
	var exclus []creneau
	sauf := false
	vider := func() {
		if sauf {
			exclus = append(exclus, g.creneaux()...)
		} else {
			creneaux = append(creneaux, g.creneaux()...)
		}
		g = groupeJours{}
	}
	for fin < len(s) {
		reste := s[fin:]
		switch {
		case avance(jetonSauf, reste, &fin):
			vider()
			sauf = true
		case avance(jetonTous, reste, &fin):
			g.suivant(vider)
			g.jours = append(g.jours, 0, 1, 2, 3, 4)
		case jetonJours.MatchString(reste):
			m := jetonJours.FindStringSubmatch(reste)
			g.suivant(vider)
			for j := slices.Index(nomsJours, m[1]); j <= slices.Index(nomsJours, m[2]); j++ {
				g.jours = append(g.jours, j)
			}
			fin += len(m[0])
		case jetonJour.MatchString(reste):
			m := jetonJour.FindStringSubmatch(reste)
			g.suivant(vider)
			g.jours = append(g.jours, slices.Index(nomsJours, m[1]))
			fin += len(m[0])
		case jetonMoitie.MatchString(reste):
			m := jetonMoitie.FindString(reste)
			lue := apresMidi
			if strings.HasPrefix(m, "mat") {
				lue = matin
			}
			if g.moitie != journee { // "lundi matin et après-midi", "les après-midi et le samedi matin"
				avant := g
				if g.dAbord {
					g.jours = nil
				}
				vider()
				g.jours = avant.jours
			}
			g.dAbord = len(g.jours) == 0
			g.moitie = lue
			fin += len(m)
		case avanceHeures(reste, &g.plages, &fin):
		case avance(jetonLiaison, reste, &fin):
		default:
			vider()
			return retirer(creneaux, exclus), fin
		}
	}
	vider()
	return retirer(creneaux, exclus), fin
}

func avance(jeton *regexp.Regexp, reste string, fin *int) bool {
	m := jeton.FindString(reste)
	*fin += len(m)
	return m != ""
}

func avanceHeures(reste string, plages *[]horaires.Plage, fin *int) bool {
	lues, n := horaires.PlagesEnTete(reste)
	*plages = append(*plages, lues...)
	*fin += n
	return n > 0
}

// groupeJours is days that share a half or hours: "lundi mardi de 9h à 12h".
type groupeJours struct {
	jours  []int
	moitie moitie
	dAbord bool // the half came before the days
	plages []horaires.Plage
}

// suivant starts a new group when the days of this one are complete.
func (g *groupeJours) suivant(vider func()) {
	if len(g.jours) > 0 && (g.moitie != journee && !g.dAbord || len(g.plages) > 0) {
		vider()
	}
}

// creneaux of the group; a half of day without a day is that half of every
// day.
func (g *groupeJours) creneaux() []creneau {
	if len(g.jours) == 0 && (g.moitie != journee || len(g.plages) > 0) {
		g.jours = []int{0, 1, 2, 3, 4, 5, 6}
	}
	lus := make([]creneau, 0, len(g.jours))
	for _, j := range g.jours {
		lus = append(lus, creneau{j, g.moitie, g.plages})
	}
	return lus
}

// retirer takes days, or halves of days, out of what was read.
func retirer(creneaux, exclus []creneau) []creneau {
	for _, e := range exclus {
		var gardes []creneau
		for _, c := range creneaux {
			switch {
			case c.jour != e.jour || e.moitie != journee && c.moitie != journee && c.moitie != e.moitie:
				gardes = append(gardes, c)
			case e.moitie == journee || c.moitie == e.moitie:
			default: // the other half of the day stays
				c.moitie = matin + apresMidi - e.moitie
				c.plages = slices.DeleteFunc(slices.Clone(c.plages), func(p horaires.Plage) bool { return (p.Debut < midi) == (e.moitie == matin) })
				gardes = append(gardes, c)
			}
		}
		creneaux = gardes
	}
	return creneaux
}

// semaine makes a week of the hours that creneaux give.
func semaine(creneaux []creneau) (jours [7][]horaires.Plage) {
	for _, c := range creneaux {
		jours[c.jour] = append(jours[c.jour], c.plages...)
	}
	for j := range jours {
		slices.SortFunc(jours[j], func(a, b horaires.Plage) int { return a.Debut - b.Debut })
	}
	return jours
}
