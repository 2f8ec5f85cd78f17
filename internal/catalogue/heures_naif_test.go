package catalogue

import (
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// demiHeure is the next instant at which hours of this test can begin or end.
func demiHeure(t time.Time) time.Time { return t.Truncate(30 * time.Minute).Add(30 * time.Minute) }

// ouvertNaif reads "Tu 09:00-12:30", and a cadence.
func ouvertNaif(p *mednum.Permanence, t time.Time) bool {
	if p.Regle == "" || t.Weekday().String()[:2] != p.Regle[:2] {
		return false
	}
	if heure := t.Format("15:04"); heure < p.Regle[3:8] || heure >= p.Regle[9:14] {
		return false
	}
	if p.Depuis.IsZero() {
		return true
	}
	depuis := p.Depuis.In(time.UTC)
	lundi := depuis.AddDate(0, 0, -(int(depuis.Weekday())+6)%7)
	semaines := int(t.Sub(lundi).Hours()) / 24 / 7
	return !t.Before(depuis) && semaines%max(1, p.TousLes) == 0
}

func fermeNaif(l *mednum.Lieu, t time.Time) bool {
	for _, e := range l.Exceptions {
		if d := mednum.DateOf(t); d.Compare(e.Du) >= 0 && d.Compare(e.Au) <= 0 {
			return true
		}
	}
	return false
}
