package horaires

import (
	"slices"
	"time"
)

// Intervalle is a stretch of time during which the state and the comment do
// not change; Fin is not included.
type Intervalle struct {
	Debut, Fin  time.Time
	Etat        Etat
	Commentaire string
}

// Entre lists what is open or unknown from debut to fin (not included), in
// order, cut at both ends, without overlaps. Stretches that touch and say the
// same are one. Instants are in the calendar's zone.
func (e *Expression) Entre(debut, fin time.Time, c Calendrier) []Intervalle {
	if !debut.Before(fin) {
		return nil
	}
	loc, bufs := c.zone(debut), e.tampons(c)
	dernier := jourOf(fin.In(loc)).n
	var liste []Intervalle
	for d := jourOf(debut.In(loc)); d.n <= dernier; d = d.plus(1) {
		for _, v := range e.jour(d, loc, &bufs) {
			if v.Debut.Before(debut) {
				v.Debut = debut.In(loc)
			}
			if v.Fin.After(fin) {
				v.Fin = fin.In(loc)
			}
			if v.Debut.Before(v.Fin) {
				liste = accoler(liste, v)
			}
		}
	}
	return liste
}

// accoler appends v, or lengthens the last interval when v continues it.
func accoler(liste []Intervalle, v Intervalle) []Intervalle {
	if k := len(liste) - 1; k >= 0 && liste[k].Fin.Equal(v.Debut) &&
		liste[k].Etat == v.Etat && liste[k].Commentaire == v.Commentaire {
		liste[k].Fin = v.Fin
		return liste
	}
	return append(liste, v)
}

// jour lists what is open or unknown on the civil day.
func (e *Expression) jour(d jour, loc *time.Location, bufs *tampons) []Intervalle {
	morceaux := e.tracer(d, bufs)
	var liste []Intervalle
	if !e.quelqueChose(morceaux) {
		return nil
	}
	for _, p := range passages(d, loc) {
		for _, m := range morceaux {
			etat, commentaire := e.valeur(m)
			debut, fin, ok := p.instants(m)
			if ok && etat != Ferme {
				liste = accoler(liste, Intervalle{debut, fin, etat, commentaire})
			}
		}
	}
	return liste
}

func (e *Expression) quelqueChose(morceaux []morceau) bool {
	return slices.ContainsFunc(morceaux, func(m morceau) bool { return e.etat(m) != Ferme })
}

// Semaine lists what is open or unknown on each of seven civil days, the first
// being that of the instant lundi; intervals are cut at midnight.
func (e *Expression) Semaine(lundi time.Time, c Calendrier) [7][]Intervalle {
	loc, bufs := c.zone(lundi), e.tampons(c)
	premier := jourOf(lundi.In(loc))
	var semaine [7][]Intervalle
	for i := range semaine {
		semaine[i] = e.jour(premier.plus(i), loc, &bufs)
	}
	return semaine
}

// Jours lists the civil days, at most n of them, on which something is open or
// unknown, from the day of depuis on and within limite days. Each is given as its
// midnight in the calendar's zone.
func (e *Expression) Jours(depuis time.Time, n, limite int, c Calendrier) []time.Time {
	loc, bufs := c.zone(depuis), e.tampons(c)
	d := jourOf(depuis.In(loc))
	var jours []time.Time
	for fin := d.n + limite; d.n <= fin && len(jours) < n; d = d.plus(1) {
		if e.quelqueChose(e.tracer(d, &bufs)) {
			jours = append(jours, d.minuit(loc))
		}
	}
	return jours
}

// Creneau is a stretch of an ordinary day, open or unknown, in minutes from
// midnight; Fin may go past 24:00 when it ends on the next day.
type Creneau struct {
	Plage
	Etat        Etat
	Commentaire string
}

// Ordinaire tells whether one week is like another: no years, months, dates,
// week numbers, nth weekdays or alternate weeks. Rules for holidays stand aside.
func (e *Expression) Ordinaire() bool {
	if e.cadence.Semaines > 1 {
		return false
	}
	for i := range e.regles {
		if !e.regles[i].ordinaire() {
			return false
		}
	}
	return true
}

func (r *regle) ordinaire() bool {
	if len(r.annees)+len(r.dates)+len(r.semaines) > 0 {
		return false
	}
	for _, j := range r.jours {
		if len(j.niemes) > 0 {
			return false
		}
	}
	return true
}

// lundiNeutre begins an ordinary week: any week without a public holiday will
// do, as long as school holidays are known not to be (sansVacances).
var (
	lundiNeutre  = numero(2024, 9, 16)
	sansVacances = &Vacances{de: 0, a: 1 << 30}
)

// Ordinairement gives the ordinary week, Monday first, outside of holidays;
// ok is false when weeks differ. Hours past midnight stay with the day on
// which they begin.
func (e *Expression) Ordinairement() (jours [7][]Creneau, ok bool) {
	if !e.Ordinaire() {
		return jours, false
	}
	if !e.cadence.Depuis.IsZero() {
		e = e.sansCadence() // the neutral week may come before its first day
	}
	bufs := tampons{contexte: contexte{vacances: sansVacances}}
	for i := range jours {
		jours[i] = e.creneaux(jourN(lundiNeutre+i), &bufs)
	}
	recoudre(&jours)
	return jours, true
}

// Semaines gives what is open or unknown on n weeks from the civil day of an
// instant, day by day and cut at midnight, as if no day were a public holiday nor
// in the school holidays: what a place does in general, where weeks differ.
func (e *Expression) Semaines(lundi time.Time, n int) [][]Creneau {
	bufs := tampons{contexte: contexte{vacances: sansVacances, sansFeries: true}}
	premier := jourOf(lundi)
	jours := make([][]Creneau, 7*n)
	for i := range jours {
		jours[i] = e.creneaux(premier.plus(i), &bufs)
	}
	return jours
}

// creneaux lists what is open or unknown on the day, cut at midnight.
func (e *Expression) creneaux(d jour, t *tampons) []Creneau {
	var liste []Creneau
	for _, m := range e.tracer(d, t) {
		if etat, commentaire := e.valeur(m); etat != Ferme {
			liste = append(liste, Creneau{Plage{int(m.debut), int(m.fin)}, etat, commentaire})
		}
	}
	return liste
}

// recoudre gives the hours after midnight back to the evening before.
func recoudre(jours *[7][]Creneau) {
	originaux := *jours
	for i := range jours {
		if matin := originaux[(i+1)%7]; passeMinuit(originaux[i], matin) {
			jours[i][len(jours[i])-1].Fin += matin[0].Fin
			jours[(i+1)%7] = jours[(i+1)%7][1:]
		}
	}
}

// passeMinuit tells whether the first hours of a day are the end of the evening
// before: not when either day is open from end to end, nor when both together
// would last for more than a day ("9 h à 10 h" would then say one hour), nor
// when they are what a fallback rule leaves unknown around other hours.
func passeMinuit(soir, matin []Creneau) bool {
	if len(soir) == 0 || len(matin) == 0 {
		return false
	}
	s, m := soir[len(soir)-1], matin[0]
	if s.Etat == Inconnu && s.Commentaire != FinOuverte && (len(soir) > 1 && soir[len(soir)-2].Fin == s.Debut || len(matin) > 1 && matin[1].Debut == m.Fin) {
		return false
	}
	return s.Fin == minutesJour && s.Debut > 0 && m.Debut == 0 && m.Fin <= s.Debut &&
		s.Etat == m.Etat && s.Commentaire == m.Commentaire
}
