package sources

import (
	"fmt"
	"time"
)

// Periode is how often a source is fetched.
type Periode string

// The periods: every day, on Mondays, on the first of the month.
const (
	Jour    Periode = "jour"
	Semaine Periode = "semaine"
	Mois    Periode = "mois"
)

// Rythme is when a source is fetched: Heure is 0 to 23, by the clock of the
// territory (Europe/Paris).
type Rythme struct {
	Chaque Periode `json:"chaque"`
	Heure  int     `json:"heure"`
}

// String is it in French.
func (r Rythme) String() string {
	jours := map[Periode]string{Jour: "chaque jour", Semaine: "chaque lundi", Mois: "le 1er du mois"}
	return fmt.Sprintf("%s à %d h", jours[r.Chaque], r.Heure)
}

// Suivant is the first time after an instant. On the day when an hour does not
// exist, it is one hour beside; on that when it exists twice, it is once.
func (r Rythme) Suivant(apres time.Time, zone *time.Location) time.Time {
	a, m, j := apres.In(zone).Date()
	for {
		t := time.Date(a, m, j, r.Heure, 0, 0, 0, zone)
		bon := r.Chaque == Jour || r.Chaque == Semaine && t.Weekday() == time.Monday || r.Chaque == Mois && t.Day() == 1
		if bon && t.After(apres) {
			return t.UTC()
		}
		j++ // time.Date takes the 32nd for the first of the next month
	}
}

// reprises are how long a source that failed is left alone, time after time; the
// last one again and again.
var reprises = []time.Duration{15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// reprise is when a source that failed is tried again: never later than its
// time, unless its server asks for it.
func (s *Sources) reprise(src *Source, now time.Time, apres time.Duration) time.Time {
	t := now.Add(reprises[min(max(src.Echecs, 1), len(reprises))-1])
	if fois := src.Rythme.Suivant(now, s.Territoire.Location()); fois.Before(t) {
		t = fois
	}
	if demande := now.Add(apres); demande.After(t) {
		t = demande
	}
	return t.UTC()
}
