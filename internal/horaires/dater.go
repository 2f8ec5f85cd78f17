package horaires

import (
	"slices"
	"time"
)

// jourOuvert is a civil day and what is open or unknown on it, hours past
// midnight included.
type jourOuvert struct {
	n        int
	creneaux []Creneau
}

// Dater spells the expression out from the civil day of de to that of a, both
// included, as rules with explicit dates: "2026 Dec 14,2027 Jan 11
// 09:30-12:00". It says a cadence in OSM's words, since week numbers cannot:
// they lose their parity after a year of 53 weeks. Days that are alike share a
// rule, and days in a row a range. Over these days the result evaluates as the
// expression does, but for comments on what is closed; outside everything is
// closed. It is "" when nothing is open or unknown.
func (e *Expression) Dater(de, a time.Time, c Calendrier) string {
	jours := e.journees(jourOf(c.local(de)), jourOf(c.local(a)), c)
	sep := normale
	if slices.ContainsFunc(jours, jourOuvert.deborde) {
		sep = addition // a normal rule would cut the night before its days
	}
	datee := &Expression{}
	for len(jours) > 0 {
		pareils, autres := partager(jours)
		datee.regles = append(datee.regles, reglesDatees(pareils, sep)...)
		jours = autres
	}
	return datee.String()
}

// journees lists the days on which something is open or unknown.
func (e *Expression) journees(premier, dernier jour, c Calendrier) []jourOuvert {
	bufs := e.tampons(c)
	var jours []jourOuvert
	duJour := e.creneaux(premier, &bufs)
	for d := premier; d.n <= dernier.n; d = d.plus(1) {
		lendemain := e.creneaux(d.plus(1), &bufs)
		if passeMinuit(duJour, lendemain) {
			duJour[len(duJour)-1].Fin += lendemain[0].Fin
			lendemain = lendemain[1:]
		}
		if len(duJour) > 0 {
			jours = append(jours, jourOuvert{d.n, duJour})
		}
		duJour = lendemain
	}
	return jours
}

func (j jourOuvert) deborde() bool { return j.creneaux[len(j.creneaux)-1].Fin > minutesJour }

// partager sets apart the days that are like the first.
func partager(jours []jourOuvert) (pareils, autres []jourOuvert) {
	for _, j := range jours {
		if slices.Equal(j.creneaux, jours[0].creneaux) {
			pareils = append(pareils, j)
		} else {
			autres = append(autres, j)
		}
	}
	return pareils, autres
}

// reglesDatees writes days that are alike as rules: one for each state and
// comment, the first separated by sep and the others added to it.
func reglesDatees(jours []jourOuvert, sep separateur) []regle {
	var regles []regle
	for _, v := range jours[0].creneaux {
		k := slices.IndexFunc(regles, func(r regle) bool { return r.dit(v) })
		if k < 0 {
			k = len(regles)
			regles = append(regles, regle{
				sep: sep, dates: datesDe(jours), mots: v.Commentaire,
				explicite: v.Etat == Inconnu || v.Commentaire != "", ecrit: v.Etat,
			})
			sep = addition
		}
		regles[k].heures = append(regles[k].heures, plageHeures{debut: v.Debut, fin: v.Fin})
	}
	return regles
}

func (r *regle) dit(v Creneau) bool {
	etat, mots := r.valeur()
	return etat == v.Etat && mots == v.Commentaire
}

// datesDe writes days as dates, those in a row as a range.
func datesDe(jours []jourOuvert) []plageDates {
	var dates []plageDates
	dernier := 0
	for _, j := range jours {
		d := jourN(j.n)
		b := borne{annee: d.annee, mois: d.mois, jour: d.quantieme}
		if len(dates) > 0 && j.n == dernier+1 {
			dates[len(dates)-1].a = b
		} else {
			dates = append(dates, plageDates{de: b, a: b})
		}
		dernier = j.n
	}
	return dates
}
