package horaires

import (
	"fmt"
	"slices"
)

// annees reads "2026", "2026-2028", "2026-2030/2", "2026+", as a list. A
// single year before a month or easter belongs to the dates.
func (l *lecteur) annees(r *regle) (bool, error) {
	for l.chiffres() == 4 {
		depart := l.pos
		p, err := l.annee()
		if err != nil {
			return false, err
		}
		if len(r.annees) == 0 && p.de == p.a && l.debutDate() {
			l.pos = depart
			return false, nil
		}
		r.annees = append(r.annees, p)
		if !l.suite(func() bool { return l.chiffres() == 4 }) {
			break
		}
	}
	return len(r.annees) > 0, nil
}

func (l *lecteur) annee() (p plageAnnees, err error) {
	if p.de, err = l.nombre(4, anneeMin, anneeMa, "une année"); err != nil {
		return p, err
	}
	p.a, p.pas = p.de, 1
	if l.prendre("+") {
		p.a = anneeMa
		return p, nil
	}
	// A dash may also belong to a range of dates: "2026 Dec 20-2027 Jan 05"
	// never comes here, since its year stands before a month.
	if !l.prendre("-") {
		return p, nil
	}
	if p.a, err = l.nombre(4, p.de, anneeMa, "une année"); err != nil {
		return p, err
	}
	if l.prendre("/") {
		p.pas, err = l.nombre(2, 1, 99, "un nombre d’années")
	}
	return p, err
}

// suite takes a comma when another item of the same list follows it.
func (l *lecteur) suite(encore func() bool) bool {
	depart := l.pos
	if l.prendre(",") && encore() {
		return true
	}
	l.pos = depart
	return false
}

func (l *lecteur) debutDate() bool {
	m := l.mot()
	return m == "easter" || slices.Contains(nomsMois[:], m)
}

// dates reads months and days of months: "Jan-Mar", "Dec 24-Jan 02",
// "2026 Jul 13-17", "Dec 24,31", "easter -2 days", "Sep 01+".
func (l *lecteur) dates(r *regle) (bool, error) {
	annee := 0
	for l.debutDate() || l.anneeDeDate() {
		p, err := l.plageDates(&annee)
		if err != nil {
			return false, err
		}
		r.dates = append(r.dates, p)
		if r.dates, err = l.joursSuivants(r.dates); err != nil {
			return false, err
		}
		if !l.suite(func() bool { return l.debutDate() || l.anneeDeDate() }) {
			break
		}
	}
	return len(r.dates) > 0, nil
}

// anneeDeDate tells whether a year and then a month come next.
func (l *lecteur) anneeDeDate() bool {
	depart := l.pos
	defer func() { l.pos = depart }()
	if l.chiffres() != 4 {
		return false
	}
	l.pos += 4
	return l.debutDate()
}

// plageDates reads one range. The year of a month holds for what follows it in
// the list ("2026 Jan,Jul"), the year of a day for that day only ("2026 May
// 04,Jul 14"), as the reference implementation reads them: the grammar allows
// either.
func (l *lecteur) plageDates(annee *int) (p plageDates, err error) {
	debut := l.pos
	if p.de, err = l.borne(*annee); err != nil {
		return p, err
	}
	if p.de.mensuelle() {
		*annee = p.de.annee
	}
	p.a = p.de
	if p.de.jour > 0 || p.de.paques {
		if l.prendre("+") {
			p.suite = true
			return p, nil
		}
	}
	if !l.prendre("-") {
		return p, nil
	}
	if p.de.jour > 0 && l.chiffres() > 0 && !l.anneeDeDate() {
		p.a.jour, err = l.nombre(2, p.de.jour, longueurMois(anneeBissextile, p.de.mois), "un jour du mois")
		return p, err
	}
	if !l.debutDate() && !l.anneeDeDate() {
		return p, l.inattendu()
	}
	if p.a, err = l.borne(0); err != nil {
		return p, err
	}
	return p, l.verifierPlage(p, debut)
}

func (l *lecteur) verifierPlage(p plageDates, debut int) error {
	if (p.de.jour > 0 || p.de.paques) != (p.a.jour > 0 || p.a.paques) {
		return l.erreur(debut, "une plage va d’un jour à un jour, ou d’un mois à un mois.")
	}
	if p.a.annee != 0 && (p.de.annee == 0 || p.a.annee < p.de.annee ||
		p.a.annee == p.de.annee && p.a.dernier(p.a.annee) < p.de.premier(p.de.annee)) {
		return l.erreur(debut, "la plage de dates finit avant de commencer.")
	}
	return nil
}

const anneeBissextile = 2000

func (l *lecteur) borne(annee int) (b borne, err error) {
	b.annee = annee
	if l.chiffres() == 4 {
		if b.annee, err = l.nombre(4, anneeMin, anneeMa, "une année"); err != nil {
			return b, err
		}
	}
	if _, ok := l.prendreMot("easter"); ok {
		b.paques = true
		b.decalage, err = l.decalage()
		return b, err
	}
	m, ok := l.prendreMot(nomsMois[:]...)
	if !ok {
		return b, l.inattendu()
	}
	b.mois = slices.Index(nomsMois[:], m) + 1
	if l.quantieme() {
		if b.jour, err = l.nombre(2, 1, longueurMois(anneeBissextile, b.mois), "un jour du mois"); err != nil {
			return b, err
		}
		b.decalage, err = l.decalage()
	}
	return b, err
}

// joursSuivants reads the bare days of "Dec 24,26,28-30".
func (l *lecteur) joursSuivants(dates []plageDates) ([]plageDates, error) {
	for {
		derniere := dates[len(dates)-1]
		if !derniere.dansLeMois() || !l.suite(l.jourSeul) {
			return dates, nil
		}
		p := plageDates{de: derniere.a}
		dernier := longueurMois(anneeBissextile, p.de.mois)
		var err error
		if p.de.jour, err = l.nombre(2, 1, dernier, "un jour du mois"); err != nil {
			return nil, err
		}
		p.a = p.de
		if l.prendre("-") {
			if p.a.jour, err = l.nombre(2, p.de.jour, dernier, "un jour du mois"); err != nil {
				return nil, err
			}
		}
		dates = append(dates, p)
	}
}

// dansLeMois tells of days of one month, after which bare days can follow.
func (p *plageDates) dansLeMois() bool {
	return p.de.jour > 0 && !p.suite && p.de.decalage == 0 && p.a.mois == p.de.mois && p.a.jour >= p.de.jour
}

// jourSeul tells whether a day number comes next, and not an hour.
func (l *lecteur) jourSeul() bool {
	return l.quantieme() && l.voir(l.chiffres()) != '/'
}

// quantieme tells whether one or two digits come next that do not begin an
// hour: in "Dec 23: 10:00-12:00" the first colon is there for the eye.
func (l *lecteur) quantieme() bool {
	n := l.chiffres()
	return n > 0 && n < 3 && (l.voir(n) != ':' || !chiffre(l.voir(n+1)))
}

// decalage reads "+1 day", "-2 days".
func (l *lecteur) decalage() (int, error) {
	depart := l.pos
	l.blancs()
	signe := l.voir(0)
	if signe != '+' && signe != '-' {
		l.pos = depart
		return 0, nil
	}
	l.pos++
	if n := l.chiffres(); n == 0 || n > 3 {
		l.pos = depart
		return 0, nil
	}
	apres := l.pos
	v, err := l.nombre(3, 1, 366, "un nombre de jours")
	if _, ok := l.prendreMot("day", "days"); !ok {
		l.pos = depart // not an offset: perhaps a range, perhaps hours
		return 0, nil
	}
	if err != nil {
		return 0, l.erreur(apres, "il faut un nombre de jours, entre 1 et 366.")
	}
	if signe == '-' {
		v = -v
	}
	return v, nil
}

// semaines reads "week 01-10", "week 02-52/2", "week 5,7".
func (l *lecteur) semaines(r *regle) (bool, error) {
	if _, ok := l.prendreMot("week"); !ok {
		return false, nil
	}
	for {
		p := plageSemaines{pas: 1}
		var err error
		if p.de, err = l.nombre(2, 1, 53, "un numéro de semaine"); err != nil {
			return false, err
		}
		p.a = p.de
		if l.prendre("-") {
			debut := l.pos
			if p.a, err = l.nombre(2, 1, 53, "un numéro de semaine"); err != nil {
				return false, err
			}
			if p.a < p.de {
				return false, l.erreur(debut, fmt.Sprintf("pour passer d’une année à l’autre, écrivez « week %02d-53,01-%02d ».", p.de, p.a))
			}
			if l.prendre("/") {
				if p.pas, err = l.nombre(2, 1, 52, "un nombre de semaines"); err != nil {
					return false, err
				}
			}
		}
		r.semaines = append(r.semaines, p)
		if !l.suite(l.jourSeul) {
			return true, nil
		}
	}
}
