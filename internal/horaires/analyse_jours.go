package horaires

import "slices"

// jours reads weekdays and holidays: "Mo-Fr,Su", "PH,Mo", "SH Mo-Fr",
// "We[1,3]", "Mo[-1] +1 day", "PH -1 day".
func (l *lecteur) jours(r *regle) error {
	if !l.debutJour() {
		return nil
	}
	if err := l.suiteJours(r); err != nil {
		return err
	}
	if !l.debutJour() {
		return nil
	}
	if m := l.mot(); len(r.jours) > 0 || m == "PH" || m == "SH" {
		return l.erreur(l.pos, "séparez les jours par une virgule, ou écrivez les fériés en premier : « PH Mo-Fr ».")
	}
	r.ensemble = true
	return l.suiteJours(r)
}

func (l *lecteur) debutJour() bool {
	m := l.mot()
	return m == "PH" || m == "SH" || slices.Contains(nomsJours[:], m)
}

// suiteJours reads a list; after a space it holds weekdays only.
func (l *lecteur) suiteJours(r *regle) error {
	encore := l.debutJour
	if r.ensemble {
		encore = func() bool { return slices.Contains(nomsJours[:], l.mot()) }
	}
	for {
		if m, ok := l.prendreMot("PH", "SH"); ok {
			decalage, err := l.decalage()
			if err != nil {
				return err
			}
			r.feries = append(r.feries, selecteurFerie{scolaire: m == "SH", decalage: decalage})
		} else if err := l.plageJours(r); err != nil {
			return err
		}
		if !l.suite(encore) {
			return nil
		}
	}
}

func (l *lecteur) plageJours(r *regle) (err error) {
	var p plageJours
	p.de, _ = l.nomJour()
	p.a = p.de
	switch {
	case l.prendre("["):
		if p.niemes, err = l.niemes(); err != nil {
			return err
		}
		if p.decalage, err = l.decalage(); err != nil {
			return err
		}
	case l.prendre("-"):
		l.blancs()
		var ok bool
		if p.a, ok = l.nomJour(); !ok {
			return l.inattendu()
		}
	}
	r.jours = append(r.jours, p)
	return nil
}

func (l *lecteur) nomJour() (int, bool) {
	m, ok := l.prendreMot(nomsJours[:]...)
	return slices.Index(nomsJours[:], m), ok
}

// niemes reads the inside of "[1]", "[1,3]", "[1-2]", "[-1]".
func (l *lecteur) niemes() (niemes []plageNiemes, err error) {
	for {
		var p plageNiemes
		signe := 1
		if l.prendre("-") {
			signe = -1
		}
		if p.de, err = l.nombre(1, 1, 5, "un rang dans le mois"); err != nil {
			return nil, err
		}
		p.de *= signe
		p.a = p.de
		if signe > 0 && l.prendre("-") {
			if p.a, err = l.nombre(1, p.de, 5, "un rang dans le mois"); err != nil {
				return nil, err
			}
		}
		niemes = append(niemes, p)
		switch {
		case l.prendre("]"):
			return niemes, nil
		case l.prendre(","):
		default:
			return nil, l.erreur(l.pos, "il manque un crochet ].")
		}
	}
}

// heures reads "09:00-12:00,14:00-17:00", "22:00-02:00", "18:00+",
// "10:00-12:00+".
func (l *lecteur) heures(r *regle) error {
	encore := func() bool {
		n := l.chiffres()
		return n > 0 && n < 3 && l.voir(n) != '/'
	}
	if !encore() {
		return nil
	}
	for {
		p, err := l.plageHeures()
		if err != nil {
			return err
		}
		r.heures = append(r.heures, p)
		if !l.suite(encore) {
			return nil
		}
	}
}

func (l *lecteur) plageHeures() (p plageHeures, err error) {
	debut := l.pos
	if p.debut, err = l.heure(24); err != nil {
		return p, err
	}
	if p.debut == minutesJour {
		return p, l.erreur(debut, "une plage commence au plus tard à 23:59.")
	}
	if l.prendre("+") {
		p.libre, p.sansFin, p.fin = true, true, p.debut
		return p, nil
	}
	if !l.prendre("-") {
		return p, l.erreur(l.pos, "il manque l’heure de fin, comme 09:00-12:00.")
	}
	l.blancs()
	apres := l.pos
	if p.fin, err = l.heure(48); err != nil {
		return p, err
	}
	if p.fin == p.debut {
		return p, l.erreur(apres, "la plage finit à l’heure où elle commence.")
	}
	if p.fin < p.debut {
		p.fin += minutesJour // past midnight
	}
	if l.voir(0) == '/' {
		return p, l.erreur(l.pos, "les passages toutes les n minutes ne sont pas des horaires d’ouverture.")
	}
	p.libre = l.prendre("+")
	return p, nil
}

// heure reads HH:MM in minutes, up to and including maximum hours.
func (l *lecteur) heure(maximum int) (int, error) {
	debut := l.pos
	h, err := l.nombre(2, 0, maximum, "une heure")
	if err != nil {
		return 0, err
	}
	if l.voir(0) != ':' {
		return 0, l.erreur(l.pos, "il faut deux points et les minutes, comme 09:00.")
	}
	l.pos++
	if !chiffre(l.voir(0)) || !chiffre(l.voir(1)) || chiffre(l.voir(2)) {
		return 0, l.erreur(l.pos, "il faut les minutes sur deux chiffres, comme 09:00.")
	}
	m := int(l.voir(0)-'0')*10 + int(l.voir(1)-'0')
	if m > 59 || h == maximum && m > 0 {
		return 0, l.erreur(debut, "cette heure n’existe pas.")
	}
	l.pos += 2
	return h*60 + m, nil
}
