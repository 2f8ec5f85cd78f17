package horaires

import "time"

// Regle is a rule as it was written, for those who put it into words. An
// empty selector means "always".
type Regle struct {
	Lien             string // "" for the first rule, then ";", "," or "||"
	Toujours         bool   // 24/7
	Condition        string // in words, not computable
	Annees, Semaines []Suite
	Dates            []PlageDates
	Jours            []PlageJours
	Feries           []Ferie
	Ensemble         bool // a holiday and a weekday at once; otherwise either
	Heures           []PlageHeures
	Etat             Etat
	Commentaire      string
}

// Suite is De, De+Pas … up to A. SansFin is "2026+".
type Suite struct {
	De, A, Pas int
	SansFin    bool
}

// PlageDates goes from De to A, both included; Seule when they are one;
// SansFin is "from De on".
type PlageDates struct {
	De, A          Borne
	Seule, SansFin bool
}

// Borne is a day, or a whole month when Jour is 0, of every year when Annee is
// 0; or Easter Sunday. Decalage is in days.
type Borne struct {
	Annee, Mois, Jour int
	Paques            bool
	Decalage          int
}

// PlageJours is a range of weekdays, Monday 0. Rangs restricts a single
// weekday to its 1st… 5th or last (-1)… occurrence in the month.
type PlageJours struct {
	De, A    int
	Rangs    []int
	Decalage int
}

// Ferie is a public or school holiday, moved by Decalage days.
type Ferie struct {
	Scolaire bool
	Decalage int
}

// PlageHeures is in minutes from midnight; Libre when it may last longer,
// SansFin when no end is written at all.
type PlageHeures struct {
	Plage
	Libre, SansFin bool
}

// Regles lists the rules in order.
func (e *Expression) Regles() []Regle {
	regles := make([]Regle, len(e.regles))
	for i := range e.regles {
		regles[i] = e.regles[i].vue()
		if i > 0 {
			regles[i].Lien = [...]string{";", ",", "||"}[e.regles[i].sep]
		}
	}
	return regles
}

func (r *regle) vue() Regle {
	v := Regle{
		Toujours: r.toujours, Condition: r.condition, Ensemble: r.ensemble, Etat: r.etat, Commentaire: r.mots,
	}
	for _, a := range r.annees {
		v.Annees = append(v.Annees, Suite{a.de, a.a, a.pas, a.a == anneeMa})
	}
	for _, s := range r.semaines {
		v.Semaines = append(v.Semaines, Suite{s.de, s.a, s.pas, false})
	}
	for i := range r.dates {
		d := &r.dates[i]
		v.Dates = append(v.Dates, PlageDates{d.de.vue(), d.a.vue(), d.de == d.a && !d.suite, d.suite})
	}
	for _, j := range r.jours {
		v.Jours = append(v.Jours, PlageJours{j.de, j.a, j.rangs(), j.decalage})
	}
	for _, f := range r.feries {
		v.Feries = append(v.Feries, Ferie{f.scolaire, f.decalage})
	}
	for _, h := range r.heures {
		v.Heures = append(v.Heures, PlageHeures{Plage{h.debut, h.fin}, h.libre, h.sansFin})
	}
	return v
}

func (b borne) vue() Borne { return Borne{b.annee, b.mois, b.jour, b.paques, b.decalage} }

func (p plageJours) rangs() []int {
	var rangs []int
	for _, n := range p.niemes {
		for r := n.de; r <= n.a; r++ {
			rangs = append(rangs, r)
		}
	}
	return rangs
}

// PrevoitFeries tells whether the expression says what happens on public
// holidays: a rule names PH, or everything is 24/7.
func (e *Expression) PrevoitFeries() bool { return e.prevoitFeries }

// PrevoitFerie tells whether the expression says what happens on the civil day
// of the instant, were it a public holiday: PrevoitFeries, or what Suivie added
// names that very day.
func (e *Expression) PrevoitFerie(jour time.Time, c Calendrier) bool {
	return e.prevoit(jourOf(c.local(jour)))
}

func (e *Expression) prevoit(d jour) bool {
	if e.prevoitFeries {
		return true
	}
	for i := range e.regles {
		if r := &e.regles[i]; r.annonce && len(r.dates) == 1 && r.dates[0].seul() && r.dates[0].contient(d) {
			return true
		}
	}
	return false
}

// FermeFeries tells whether the place is closed on every public holiday
// because a rule says so.
func (e *Expression) FermeFeries() bool {
	if !e.prevoitFeries {
		return false
	}
	bufs := e.tampons(Calendrier{})
	for n := numero(2026, 1, 1); n < numero(2028, 1, 1); n++ {
		d := jourN(n)
		if _, ok := nomFerie(d, ""); ok && e.quelqueChose(e.tracer(d, &bufs)) {
			return false
		}
	}
	return true
}
