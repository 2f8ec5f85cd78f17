package horaires

// contexte is what the selectors of one evaluation need. Where school
// holidays are not known, they are taken to be suppose, and doute is set.
type contexte struct {
	departement    string
	vacances       *Vacances
	sansFeries     bool // no day is a public holiday
	suppose, doute bool
}

// correspond tells whether the day is one of the rule's.
func (r *regle) correspond(d jour, c *contexte) bool {
	return (r.cadence == nil || r.cadence.contient(d.n)) && correspondAnnee(r.annees, d) && correspondDate(r.dates, d) &&
		correspondSemaine(r.semaines, d) && r.correspondJour(d, c)
}

func correspondAnnee(plages []plageAnnees, d jour) bool {
	for _, p := range plages {
		if d.annee >= p.de && d.annee <= p.a && (d.annee-p.de)%p.pas == 0 {
			return true
		}
	}
	return len(plages) == 0
}

func correspondSemaine(plages []plageSemaines, d jour) bool {
	if len(plages) == 0 {
		return true
	}
	s := d.semaineISO()
	for _, p := range plages {
		if s >= p.de && s <= p.a && (s-p.de)%p.pas == 0 {
			return true
		}
	}
	return false
}

func correspondDate(plages []plageDates, d jour) bool {
	for i := range plages {
		if plages[i].contient(d) {
			return true
		}
	}
	return len(plages) == 0
}

// contient looks at the ranges that begin in the day's year and in the year
// before, since a range may run over the new year (Dec 24-Jan 02), and where an
// offset of up to 366 days may bring them from.
func (p *plageDates) contient(d jour) bool {
	if p.de.annee != 0 {
		return p.contientDepuis(d, p.de.annee)
	}
	return p.contientDepuis(d, d.annee) || p.contientDepuis(d, d.annee-1) ||
		p.de.decalage < 0 && (p.contientDepuis(d, d.annee+1) || p.contientDepuis(d, d.annee+2)) ||
		p.de.decalage > 0 && p.contientDepuis(d, d.annee-2)
}

func (p *plageDates) contientDepuis(d jour, annee int) bool {
	if p.seul() && p.de.jour > longueurMois(annee, max(p.de.mois, 1)) {
		return false // Feb 29 of an ordinary year
	}
	debut := p.de.premier(annee)
	if d.n < debut {
		return false
	}
	if p.suite {
		return p.de.annee != 0 || d.annee == annee
	}
	if p.a.annee != 0 {
		return d.n <= p.a.dernier(p.a.annee)
	}
	fin := p.a.dernier(annee)
	if fin < debut && !p.seul() {
		fin = p.a.dernier(annee + 1)
	}
	return d.n <= fin
}

func (p *plageDates) seul() bool { return !p.suite && p.de == p.a }

func (b *borne) premier(annee int) int {
	if b.paques {
		return paques(annee) + b.decalage
	}
	return numero(annee, b.mois, max(b.jour, 1)) + b.decalage
}

func (b *borne) dernier(annee int) int {
	if b.paques {
		return paques(annee) + b.decalage
	}
	fin := longueurMois(annee, b.mois)
	if b.jour > 0 {
		fin = min(b.jour, fin)
	}
	return numero(annee, b.mois, fin) + b.decalage
}

func (r *regle) correspondJour(d jour, c *contexte) bool {
	if len(r.jours) == 0 && len(r.feries) == 0 {
		return true
	}
	jour := false
	for i := range r.jours {
		if jour = r.jours[i].contient(d); jour {
			break
		}
	}
	if r.ensemble && !jour || !r.ensemble && jour {
		return jour
	}
	for _, f := range r.feries {
		if f.contient(d, c) {
			return true
		}
	}
	return false
}

func (p *plageJours) contient(d jour) bool {
	if len(p.niemes) == 0 && p.decalage == 0 {
		return p.de <= p.a && d.semaine >= p.de && d.semaine <= p.a ||
			p.de > p.a && (d.semaine >= p.de || d.semaine <= p.a)
	}
	origine := d.plus(-p.decalage)
	if origine.semaine != p.de {
		return false
	}
	rang := (origine.quantieme + 6) / 7
	fin := -((longueurMois(origine.annee, origine.mois)-origine.quantieme)/7 + 1)
	for _, n := range p.niemes {
		if rang >= n.de && rang <= n.a || fin >= n.de && fin <= n.a {
			return true
		}
	}
	return false
}

func (f selecteurFerie) contient(d jour, c *contexte) bool {
	if f.decalage != 0 {
		d = d.plus(-f.decalage)
	}
	if !f.scolaire {
		_, ok := nomFerie(d, c.departement)
		return ok && !c.sansFeries
	}
	dedans, connu := c.vacances.contient(d.n)
	if !connu {
		c.doute = true
		return c.suppose
	}
	return dedans
}
