package norme

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// moisDates is how far ahead alternate weeks are spelt out by dates, as far as
// longueurMax characters, the most that readers of hours take, hold them.
const (
	moisDates   = 12
	longueurMax = 2000
)

// venue is a permanence in the making of its stop's hours: its rule, the rules
// of its exceptions, both as an expression.
type venue struct {
	regle, exceptions string
	effective         *horaires.Expression
}

// horairesArret joins the rules of the permanences of one stop, so that it is
// open when one of them is. lisible is false when a rule cannot be read; the
// text is "" then, and when no hours are known.
//
// How rules join depends on what they say (a later rule replaces the earlier
// ones on its days): the first writing is kept that means, for the coming year,
// the same as the permanences together. The last one, by dates, always does.
func (x Export) horairesArret(l *mednum.Lieu, groupe []int) (texte string, lisible bool) {
	cal := horaires.Calendrier{Departement: mednum.DepartementDe(l.Permanences[groupe[0]].Arret.CodeInsee)}
	var venues []venue
	for _, i := range groupe {
		p := &l.Permanences[i]
		v, lisible := x.venue(p, mednum.ReglesExceptions(l.ExceptionsDe(p.ID), x.Jour), cal)
		if !lisible {
			return "", false
		}
		if v.effective != nil {
			venues = append(venues, v)
		}
	}
	if len(venues) == 0 {
		return "", true
	}
	want := x.moments(cal, venues...)
	for _, ecriture := range ecritures(venues) {
		e, err := horaires.Parse(ecriture)
		if err == nil && x.moments(cal, venue{effective: e}).egal(want) {
			return ecriture, true
		}
	}
	return ecourter(parDates(want.ouverts), longueurMax), true
}

// venue reads one permanence; effective is nil when its hours are not known, or
// when none are left in the coming year.
func (x Export) venue(p *mednum.Permanence, exceptions string, cal horaires.Calendrier) (v venue, lisible bool) {
	if strings.TrimSpace(p.Regle) == "" {
		return venue{}, true
	}
	e, err := horaires.Parse(p.Regle)
	if err != nil {
		return venue{}, false
	}
	v = venue{regle: p.Regle, exceptions: exceptions}
	if p.TousLes > 1 || p.Depuis.Compare(x.Jour) > 0 {
		v.regle = x.dater(cadencer(e, p), longueurMax-len("; ")-len(exceptions), cal)
	}
	if v.regle == "" {
		return venue{}, true
	}
	v.effective, err = horaires.Parse(v.complete())
	return v, err == nil
}

func (v venue) complete() string {
	if v.exceptions == "" {
		return v.regle
	}
	return v.regle + "; " + v.exceptions
}

// cadencer restricts a rule to the weeks of its permanence.
func cadencer(e *horaires.Expression, p *mednum.Permanence) *horaires.Expression {
	if p.Depuis.IsZero() {
		return e
	}
	return e.Cadencer(horaires.Cadence{Depuis: p.Depuis.In(time.UTC), Semaines: p.TousLes})
}

// annee is the coming year, as civil days.
func (x Export) annee() (debut, fin time.Time) {
	return x.Jour.In(time.UTC), x.Jour.AddMois(moisDates).In(time.UTC)
}

// dater spells out the coming year by dates, or as many months of it as n bytes
// hold.
func (x Export) dater(e *horaires.Expression, n int, cal horaires.Calendrier) string {
	for mois := moisDates; mois > 0; mois-- {
		texte := e.Dater(x.Jour.In(time.UTC), x.Jour.AddMois(mois).In(time.UTC), cal)
		if len(texte) <= n {
			return texte
		}
	}
	return ""
}

// ecritures are the ways to write several permanences as one, shortest first.
func ecritures(venues []venue) []string {
	var textes, regles, completes []string
	memes := true
	for _, v := range venues {
		textes = append(textes, v.complete())
		if !slices.Contains(regles, v.regle) {
			regles = append(regles, v.regle)
		}
		completes = append(completes, v.complete())
		memes = memes && v.exceptions == venues[0].exceptions
	}
	if memes {
		for _, lien := range []string{"; ", ", "} {
			textes = append(textes, venue{regle: strings.Join(regles, lien), exceptions: venues[0].exceptions}.complete())
		}
	}
	return append(textes, strings.Join(completes, "; "))
}

// moments is when something is open, and when it is open or unknown, as sorted
// stretches that do not touch.
type moments struct{ ouverts, possibles [][2]int64 }

func (m moments) egal(n moments) bool {
	return slices.Equal(m.ouverts, n.ouverts) && slices.Equal(m.possibles, n.possibles)
}

// moments are those of several permanences together in the coming year.
func (x Export) moments(cal horaires.Calendrier, venues ...venue) (m moments) {
	debut, fin := x.annee()
	for _, v := range venues {
		for _, i := range v.effective.Entre(debut, fin, cal) {
			duree := [2]int64{i.Debut.Unix(), i.Fin.Unix()}
			if m.possibles = append(m.possibles, duree); i.Etat == horaires.Ouvert {
				m.ouverts = append(m.ouverts, duree)
			}
		}
	}
	return moments{fondre(m.ouverts), fondre(m.possibles)}
}

// parDates writes stretches of time day by day: "2026 Nov 30 09:30-12:00; …".
func parDates(durees [][2]int64) string {
	var texte strings.Builder
	veille := ""
	for _, d := range durees {
		debut := time.Unix(d[0], 0).UTC()
		minutes := debut.Hour()*60 + debut.Minute()
		fin := minutes + int(d[1]-d[0])/60
		heures := fmt.Sprintf("%02d:%02d-%02d:%02d", minutes/60, minutes%60, fin/60, fin%60)
		switch jour := debut.Format("2006 Jan 02"); {
		case jour == veille:
			texte.WriteString("," + heures)
		case veille != "":
			texte.WriteString("; " + jour + " " + heures)
			veille = jour
		default:
			texte.WriteString(jour + " " + heures)
			veille = jour
		}
	}
	return texte.String()
}

// ecourter leaves out the last rules of a list that is longer than n bytes.
func ecourter(regles string, n int) string {
	for len(regles) > n {
		regles = regles[:max(0, strings.LastIndex(regles, "; "))]
	}
	return regles
}

// fondre sorts stretches of time and joins those that touch.
func fondre(durees [][2]int64) (fondues [][2]int64) {
	slices.SortFunc(durees, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	for _, d := range durees {
		if k := len(fondues) - 1; k >= 0 && d[0] <= fondues[k][1] {
			fondues[k][1] = max(fondues[k][1], d[1])
			continue
		}
		fondues = append(fondues, d)
	}
	return fondues
}
