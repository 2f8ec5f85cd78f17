package couverture

import (
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

const minutesJour = 24 * 60

// semainesLues is over how many weeks hours are averaged where weeks differ: a
// whole number of turns of one week in two, three or four, and about three months
// of what comes once a month.
const semainesLues = 12

// minimum is how many minutes of a moment a week must have to serve it.
const minimum = 60

// usage is help at its usual hours: some services, and when.
type usage struct {
	services []string // nil: those of the place
	jours    [][]horaires.Plage
	connu    bool
}

// semaine is what usages add up to: for each moment, the minutes open in a week
// on average, and in the week that has most.
type semaine struct {
	moyenne, meilleure [4]float64
	connue             bool // the hours of one usage at least are known
}

// newUsage reads the usual hours of an expression: one week where all are alike,
// otherwise twelve from lundi or from the beginning of its cadence. nil, and hours
// of which nothing is open but something is unknown, are not known. A cadence that
// begins after these twelve weeks is not there yet: known, and never open.
func newUsage(services []string, e *horaires.Expression, lundi time.Time) usage {
	u := usage{services: services}
	if e == nil {
		return u
	}
	depuis, semaines := e.Cadence().Depuis, semainesLues
	switch {
	case e.Ordinaire() && depuis.IsZero():
		semaines = 1
	case depuis.After(lundi.AddDate(0, 0, 7*semainesLues)):
		u.connu = true
		return u
	case depuis.After(lundi): // the first week may be cut
		lundi = lundiDe(mednum.DateOf(depuis)).AddDate(0, 0, 7)
	}
	u.jours, u.connu = ouverts(e.Semaines(lundi, semaines))
	return u
}

// ouverts keeps what is open; connu is false when there is only what is unknown.
func ouverts(jours [][]horaires.Creneau) (plages [][]horaires.Plage, connu bool) {
	plages = make([][]horaires.Plage, len(jours))
	muet := false
	for i, creneaux := range jours {
		for _, v := range creneaux {
			muet = muet || v.Etat == horaires.Inconnu
			if v.Etat == horaires.Ouvert {
				plages[i] = append(plages[i], v.Plage)
				connu = true
			}
		}
	}
	return plages, connu || !muet
}

// additionner is the week of several usages: two helpers at one time are one
// opening of the place.
func additionner(usages []usage) (s semaine) {
	semaines := 1
	for i := range usages {
		s.connue = s.connue || usages[i].connu
		semaines = max(semaines, len(usages[i].jours)/7)
	}
	for n := range semaines {
		var minutes [len(s.moyenne)]float64
		for jour := range 7 {
			plages := duJour(usages, n, jour)
			for k, m := range Moments {
				de, a := m.bornes(jour)
				minutes[k] += dedans(plages, de, a)
			}
		}
		for k := range minutes {
			s.moyenne[k] += minutes[k] / float64(semaines)
			s.meilleure[k] = max(s.meilleure[k], minutes[k])
		}
	}
	return s
}

// duJour are the openings of a day, in order, without overlap.
func duJour(usages []usage, n, jour int) []horaires.Plage {
	var plages []horaires.Plage
	for i := range usages {
		if jours := usages[i].jours; len(jours) > 0 {
			plages = append(plages, jours[(7*n+jour)%len(jours)]...)
		}
	}
	slices.SortFunc(plages, func(p, q horaires.Plage) int { return p.Debut - q.Debut })
	var unies []horaires.Plage
	for _, p := range plages {
		if k := len(unies) - 1; k >= 0 && p.Debut <= unies[k].Fin {
			unies[k].Fin = max(unies[k].Fin, p.Fin)
			continue
		}
		unies = append(unies, p)
	}
	return unies
}

func dedans(plages []horaires.Plage, de, a int) (minutes float64) {
	for _, p := range plages {
		if commun := min(p.Fin, a) - max(p.Debut, de); commun > 0 {
			minutes += float64(commun)
		}
	}
	return minutes
}

// expression is nil when the text is empty or cannot be read.
func expression(texte string) *horaires.Expression {
	if texte == "" {
		return nil
	}
	e, err := horaires.Parse(texte)
	if err != nil {
		return nil
	}
	return e
}

// regleDe are the hours of a permanence with its cadence.
func regleDe(p *mednum.Permanence) *horaires.Expression {
	e := expression(p.Regle)
	if e == nil || p.Depuis.IsZero() {
		return e
	}
	return e.Cadencer(horaires.Cadence{Depuis: p.Depuis.In(time.UTC), Semaines: p.TousLes})
}

// lundiDe is the Monday of the week of a day, at midnight UTC.
func lundiDe(jour mednum.Date) time.Time {
	t := jour.In(time.UTC)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

// usagesDe are when somebody helps at a fixed place: its permanences, each by its
// own hours; its own hours where it has none, unless they are said to be those of
// the doors only.
func usagesDe(l *mednum.Lieu, lundi time.Time) []usage {
	var usages []usage
	permanences := false
	for i := range l.Permanences {
		p := &l.Permanences[i]
		if p.Arret != nil {
			continue
		}
		var services []string
		if len(p.Services) > 0 {
			services = p.Services
		}
		permanences = permanences || !slices.Equal(services, []string{materiel})
		usages = append(usages, newUsage(services, regleDe(p), lundi))
	}
	if l.SensHoraires == mednum.SensAide || !permanences && l.SensHoraires != mednum.SensLieu {
		usages = append(usages, newUsage(nil, expression(l.Champs.Horaires), lundi))
	}
	return usages
}
