package horaires

import "time"

// jour is a civil day, without a zone: n counts days from 1970-01-01.
type jour struct {
	n, annee, mois, quantieme int
	semaine                   int // weekday, Monday 0
}

func jourOf(t time.Time) jour {
	a, m, j := t.Date()
	return civil(a, int(m), j)
}

// civil is the day a-m-j; j may run past the month's end.
func civil(a, m, j int) jour { return jourN(numero(a, m, j)) }

// numero counts the days from 1970-01-01 in the proleptic Gregorian calendar,
// with years that begin in March so that the leap day comes last.
func numero(a, m, j int) int {
	if m <= 2 {
		a--
		m += 12
	}
	siecles := a/100 - a/400
	return 365*a + a/4 - siecles + (153*(m-3)+2)/5 + j - 719469
}

// jourN is the reverse of numero, for years from 1 on.
func jourN(n int) jour {
	z := n + 719468
	ere := z / 146097
	dans := z - ere*146097 // day of the 400-year era
	an := (dans - dans/1460 + dans/36524 - dans/146096) / 365
	reste := dans - (365*an + an/4 - an/100)
	mars := (5*reste + 2) / 153
	d := jour{n: n, annee: ere*400 + an, mois: mars + 3, quantieme: reste - (153*mars+2)/5 + 1}
	if d.mois > 12 {
		d.mois -= 12
		d.annee++
	}
	d.semaine = (n%7 + 7 + 3) % 7 // 1970-01-01 was a Thursday
	return d
}

func (d jour) plus(jours int) jour { return jourN(d.n + jours) }

// minuit is where the day starts in the zone.
func (d jour) minuit(loc *time.Location) time.Time {
	return time.Date(d.annee, time.Month(d.mois), d.quantieme, 0, 0, 0, 0, loc)
}

// semaineISO is the number of the ISO 8601 week: that of its Thursday.
func (d jour) semaineISO() int {
	jeudi := jourN(d.n - d.semaine + 3)
	return (jeudi.n-numero(jeudi.annee, 1, 1))/7 + 1
}

func longueurMois(annee, mois int) int {
	switch mois {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if annee%4 == 0 && (annee%100 != 0 || annee%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// paques is the number of Easter Sunday's day, by the anonymous Gregorian
// computus (Nature, 20 April 1876; Meeus, Astronomical Algorithms, chapter 8).
func paques(annee int) int {
	a, b, c := annee%19, annee/100, annee%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	x := h + l - 7*m + 114
	return numero(annee, x/31, x%31+1)
}
