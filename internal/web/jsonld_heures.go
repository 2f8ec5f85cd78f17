package web

import (
	"cmp"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// joursPromis is for how many days search engines are told hours: they may come
// back weeks later, and what is not said any more is better than what is wrong.
const joursPromis = 28

// specification is an OpeningHoursSpecification (schema.org): hours of some
// weekdays, from a date to another, both included. "closes" before "opens" is
// of the next day. In specialOpeningHoursSpecification it stands instead of
// the usual hours; opens and closes both at 00:00 then mean closed all day
// (Google Search Central, "Local business", "Closed all day").
type specification struct {
	Type   string   `json:"@type"`
	Jours  []string `json:"dayOfWeek,omitempty"`
	Ouvre  string   `json:"opens"`
	Ferme  string   `json:"closes"`
	Depuis string   `json:"validFrom"`
	Jusqua string   `json:"validThrough"`
}

const typeHeures = "OpeningHoursSpecification"

var joursSchema = [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// plage is hours of one day, "09:00" and "12:00".
type plage struct{ ouvre, ferme string }

// jourHeures is what a date opens; nil is closed.
type jourHeures struct {
	date   string
	plages []plage
}

// specifier turns dated hours into the usual week and the days that differ. It
// says exactly the hours that it is given, for these dates alone; nil when an
// opening lasts a day or more, which this vocabulary cannot say exactly.
func specifier(o catalogue.Ouvertures, loc *time.Location) (usuelles, speciales []specification) {
	semaine, ok := parJourDeSemaine(o, loc)
	if !ok {
		return nil, nil
	}
	for j, dates := range semaine {
		u, s := specifierJour(joursSchema[j], dates, o.Du.String(), o.Au.String())
		usuelles, speciales = append(usuelles, u...), append(speciales, s...)
	}
	slices.SortFunc(speciales, func(a, b specification) int {
		return cmp.Or(cmp.Compare(a.Depuis, b.Depuis), cmp.Compare(a.Ouvre, b.Ouvre))
	})
	return reunir(usuelles), speciales
}

// parJourDeSemaine sorts hours by weekday, Monday first, then by date. Hours
// past midnight stay with the day on which they begin.
func parJourDeSemaine(o catalogue.Ouvertures, loc *time.Location) (semaine [7][]jourHeures, ok bool) {
	parDate := map[string][]plage{}
	for _, h := range o.Heures {
		if !h.Fin.Before(h.Debut.In(loc).AddDate(0, 0, 1)) {
			return semaine, false
		}
		date := mednum.DateOf(h.Debut.In(loc)).String()
		parDate[date] = append(parDate[date], plage{h.Debut.In(loc).Format("15:04"), h.Fin.In(loc).Format("15:04")})
	}
	au := o.Au.In(loc)
	for t := o.Du.In(loc); !t.After(au); t = t.AddDate(0, 0, 1) {
		j := (int(t.Weekday()) + 6) % 7
		date := mednum.DateOf(t).String()
		semaine[j] = append(semaine[j], jourHeures{date, parDate[date]})
	}
	return semaine, true
}

// specifierJour says the dates of one weekday. When the hours change once, for
// two weeks or more on each side, each side is usual in its time (a season);
// otherwise the most frequent hours are usual all along, and other dates are said
// one by one.
func specifierJour(nom string, dates []jourHeures, du, au string) (usuelles, speciales []specification) {
	usuel := func(plages []plage, du, au string) {
		for _, p := range plages {
			usuelles = append(usuelles, specification{Type: typeHeures, Jours: []string{nom}, Ouvre: p.ouvre, Ferme: p.ferme, Depuis: du, Jusqua: au})
		}
	}
	if n := saison(dates); n > 0 {
		usuel(dates[0].plages, du, dates[n-1].date)
		usuel(dates[n].plages, dates[n].date, au)
		return usuelles, nil
	}
	frequent := leplusFrequent(dates)
	usuel(frequent, du, au)
	for _, d := range dates {
		if !slices.Equal(d.plages, frequent) {
			speciales = append(speciales, deLaDate(d)...)
		}
	}
	return usuelles, speciales
}

// saison is where the hours of a weekday change for good, 0 when they do not.
func saison(dates []jourHeures) int {
	n := slices.IndexFunc(dates, func(d jourHeures) bool { return !slices.Equal(d.plages, dates[0].plages) })
	if n < 2 || len(dates)-n < 2 {
		return 0
	}
	for _, d := range dates[n:] {
		if !slices.Equal(d.plages, dates[n].plages) {
			return 0
		}
	}
	return n
}

// leplusFrequent are the hours that most dates have, the first ones of equals
// that open.
func leplusFrequent(dates []jourHeures) (plages []plage) {
	mieux := 0
	for _, d := range dates {
		n := 0
		for _, autre := range dates {
			if slices.Equal(d.plages, autre.plages) {
				n++
			}
		}
		if n > mieux || n == mieux && plages == nil {
			mieux, plages = n, d.plages
		}
	}
	return plages
}

// deLaDate says one date that differs.
func deLaDate(d jourHeures) (s []specification) {
	plages := d.plages
	if len(plages) == 0 {
		plages = []plage{{"00:00", "00:00"}}
	}
	for _, p := range plages {
		s = append(s, specification{Type: typeHeures, Ouvre: p.ouvre, Ferme: p.ferme, Depuis: d.date, Jusqua: d.date})
	}
	return s
}

// reunir puts together the weekdays of the same hours and dates.
func reunir(jours []specification) (reunies []specification) {
	for _, s := range jours {
		i := slices.IndexFunc(reunies, func(r specification) bool {
			return r.Ouvre == s.Ouvre && r.Ferme == s.Ferme && r.Depuis == s.Depuis && r.Jusqua == s.Jusqua
		})
		if i < 0 {
			reunies = append(reunies, s)
			continue
		}
		reunies[i].Jours = append(reunies[i].Jours, s.Jours...)
	}
	return reunies
}
