package horaires

import (
	"slices"
	"time"
)

// Pendant tells whether something is open at some time from debut to fin (not
// included): Ouvert when it is for at least a minute, otherwise Inconnu when
// some of it is unknown, with the first comment that says why, otherwise
// Ferme. An empty stretch of time is Ferme.
func (e *Expression) Pendant(debut, fin time.Time, c Calendrier) (Etat, string) {
	if !debut.Before(fin) {
		return Ferme, ""
	}
	loc, bufs := c.zone(debut), e.tampons(c)
	etat, mots := Ferme, ""
	dernier := jourOf(fin.In(loc)).n
	for d := jourOf(debut.In(loc)); d.n <= dernier; d = d.plus(1) {
		morceaux := e.tracer(d, &bufs)
		if !e.quelqueChose(morceaux) {
			continue
		}
		for _, p := range passages(d, loc) {
			for _, m := range morceaux {
				de, a, ok := p.instants(m)
				if !ok || !de.Before(fin) || !a.After(debut) {
					continue
				}
				switch dit, pourquoi := e.valeur(m); {
				case dit == Ouvert:
					return Ouvert, pourquoi
				case dit == Inconnu && etat == Ferme:
					etat, mots = dit, pourquoi
				}
			}
		}
	}
	return etat, mots
}

// Minutes counts the real minutes, from debut to fin (not included), during
// which the expression is open: an hour that the clock repeats counts twice,
// an hour that it skips not at all.
func (e *Expression) Minutes(debut, fin time.Time, c Calendrier) int {
	var duree time.Duration
	for _, v := range e.Entre(debut, fin, c) {
		if v.Etat == Ouvert {
			duree += v.Fin.Sub(v.Debut)
		}
	}
	return int(duree / time.Minute)
}

// MinutesSemaine counts the minutes open in an ordinary week, outside of
// holidays and, for a Cadence, after its beginning. ok is false when weeks differ.
func (e *Expression) MinutesSemaine() (minutes int, ok bool) {
	jours, ok := e.Ordinairement()
	if !ok {
		return 0, false
	}
	for _, creneaux := range jours {
		for _, v := range creneaux {
			if v.Etat == Ouvert {
				minutes += v.Fin - v.Debut
			}
		}
	}
	return minutes, true
}

// Cadence restricts an expression to some weeks, counted from a day and not
// from the year, since years of 53 weeks break the parity of week numbers.
type Cadence struct {
	Depuis   time.Time // nothing before this civil day; zero for no beginning
	Semaines int       // one week in so many, from that of Depuis; 0 and 1 are every week
}

// cadence is a Cadence in civil days: the first one, the Monday of its week,
// and the period in days (0 for every day).
type cadence struct{ debut, lundi, periode int }

func (k cadence) contient(n int) bool {
	return n >= k.debut && (k.periode == 0 || (n-k.lundi)%k.periode < 7)
}

// Cadencer is the expression restricted to a cadence: "Mo 09:30-12:00", one
// week in two from 30 November 2026. Outside of it everything is closed,
// except what runs past midnight from a day within. The expression itself is
// not changed. A zero Depuis restricts nothing.
func (e *Expression) Cadencer(k Cadence) *Expression {
	if k.Depuis.IsZero() {
		return e
	}
	d := jourOf(k.Depuis)
	c := &cadence{debut: d.n, lundi: d.n - d.semaine}
	if k.Semaines > 1 {
		c.periode = 7 * k.Semaines
	}
	copie := &Expression{regles: make([]regle, len(e.regles)), prevoitFeries: e.prevoitFeries, cadence: k}
	for i, r := range e.regles {
		r.cadence = c
		copie.regles[i] = r
	}
	return copie
}

// Suivie is the expression with the rules of another one after its own, which
// the cadence does not restrict: an opening out of the ordinary may be in a week
// that the cadence leaves out, or on a public holiday (see PrevoitFerie).
// Neither expression is changed.
func (e *Expression) Suivie(suite *Expression) *Expression {
	regles := slices.Concat(e.regles, suite.regles)
	for i := range suite.regles {
		regles[len(e.regles)+i].annonce = true
	}
	return &Expression{regles: regles, prevoitFeries: e.prevoitFeries || suite.prevoitFeries, cadence: e.cadence}
}

// sansCadence is the expression as it was before Cadencer.
func (e *Expression) sansCadence() *Expression {
	copie := &Expression{regles: slices.Clone(e.regles), prevoitFeries: e.prevoitFeries}
	for i := range copie.regles {
		copie.regles[i].cadence = nil
	}
	return copie
}

// Cadence is what Cadencer was given, the zero value otherwise. String and
// Regles do not tell it.
func (e *Expression) Cadence() Cadence { return e.cadence }
