package horaires

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// ecart is a disagreement with the reference: about a state, a next change
// (changement) or, when quand is zero, about whether the text can be read.
type ecart struct {
	texte      string
	e          *Expression // nil when we refuse the text
	c          Calendrier
	quand      time.Time
	nous, elle string // what we say, what the reference says
	changement bool
}

// genreEcart is a kind of disagreement that is understood. Kinds of reading and of
// calendar are recognised by their shape; the others by travers, which gives
// the expression the peculiarity of the reference: the disagreement is of that
// kind when we then say what the reference says.
type genreEcart struct {
	nom       string
	exemple   string // in docs/horaires-ecarts.md, with its instant when it is one of states
	quand     string
	reconnait func(x *ecart) bool
	travers   func(e *Expression) bool // tells whether it changed anything
}

const enMois, enJour = `(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)`, `(Mo|Tu|We|Th|Fr|Sa|Su)`

// motifsRefus are the forms of the grammar that the reference does not follow.
var motifsRefus = []*regexp.Regexp{
	regexp.MustCompile(enMois + ` *` + enJour + ` *\[ *(-? *\d *,|\d *- *\d)`),  // Dec We[1,3]
	regexp.MustCompile(`\d{4} *` + enMois + ` +\d{1,2}:\d\d`),                   // 2027 Mar 10:30-16:30
	regexp.MustCompile(`PH *[+-] *\d+ *days?|\] *[+-] *([7-9]|\d\d+) *days?`),   // PH +2 days, We[1] +7 days
	regexp.MustCompile(`(` + enMois + ` *\d{1,2}|easter) *\+`),                  // 2026 Sep 01+
	regexp.MustCompile(`, *\d{4} *` + enMois + `( *$| ?[^ 0-9]| +[^ 0-9])`),     // Mar 04,2026 Jan
	regexp.MustCompile(`\bweek.*\d/(0?1|2[7-9]|[3-9]\d)([^\d]|$)`),              // week 01-53/30
	regexp.MustCompile(`- *4\d:\d\d *\+`),                                       // 11:30-41:30+
	regexp.MustCompile(enMois + ` *\d{1,2} *- *` + enMois + ` *\d{1,2} *, *\d`), // Dec 10-Dec 12,20
	motifJoursAnnee,
}

var (
	motifJoursAnnee = regexp.MustCompile(`\d{4} *` + enMois + ` *\d{1,2}( *- *\d{1,2})?( *, *\d{1,2}( *- *\d{1,2})?)* *, *\d{1,2} *([^\d: ]|$|:\D| )`) // 2026 Dec 24,26
	motifSansMin    = regexp.MustCompile(`\b\d{1,2}-\d{1,2}\b`)
)

// genres are described, each with its example, in docs/horaires-ecarts.md.
var genres = []genreEcart{
	{nom: "vacances-inconnues", exemple: "SH 10:00-12:00", quand: "2027-07-14 10:30", reconnait: func(x *ecart) bool {
		return !x.quand.IsZero() && x.e.nommeVacances() &&
			(x.changement || x.quand.Year() > 2026) && (strings.Contains(x.nous, SelonLesVacances) || strings.Contains(x.elle, "erreur"))
	}},
	{nom: "paques-d-une-annee", exemple: "2026 easter +1 day 10:00-12:00", quand: "2027-04-06 11:00", reconnait: func(x *ecart) bool {
		return !x.quand.IsZero() && x.e.paquesDatee(jourOf(x.quand), strings.Contains(x.elle, "erreur"))
	}},
	{nom: "grammaire-refusee", exemple: "Dec We[1,3] 10:00-12:00", reconnait: func(x *ecart) bool {
		if !x.quand.IsZero() { // read, but not understood
			return motifJoursAnnee.MatchString(x.texte)
		}
		return x.e != nil && slices.ContainsFunc(motifsRefus, func(m *regexp.Regexp) bool { return m.MatchString(x.texte) })
	}},
	{nom: "plage-vide", exemple: "Mo 12:00-12:00", reconnait: func(x *ecart) bool {
		return x.quand.IsZero() && x.e == nil && (strings.Contains(x.nous, "finit à l’heure où elle commence") ||
			strings.Contains(x.nous, "deux points et les minutes") && motifSansMin.MatchString(x.texte))
	}},
	{nom: "changement-d-heure", exemple: "Su 20:00-04:00", quand: "2026-03-30 00:30", reconnait: changementHeure},
	{nom: "rang-decale-d-un-mois-a-l-autre", exemple: "We[5] +3 days 10:00-12:00", quand: "2026-05-02 11:00", reconnait: func(x *ecart) bool {
		return !x.quand.IsZero() && x.e.rangDeborde(jourOf(x.quand))
	}},
	{nom: "fin-ouverte", exemple: "10:00-18:00+", quand: "2026-07-13 20:00", travers: finsOuvertes},
	{nom: "annee-et-mois-a-cheval", exemple: "2026 Nov-Feb Mo 10:00-12:00", quand: "2026-02-02 11:00", travers: anneeDesMois},
	{nom: "repli-apres-minuit", exemple: "24/7 || Sa 22:00-02:00 unknown", quand: "2026-07-19 01:00", travers: repliSansSuite},
	{nom: "fin-d-une-plage-de-dates", exemple: "easter -2 days-easter +1 day 10:00-12:00", quand: "2026-04-06 11:00", travers: finDePlage},
}

// changementHeure recognises what the reference loses by counting 24 hours back
// for the night before, from 00:00 to 00:59 on the day after the clocks go
// forward; and the next changes that the clock change itself makes: hours that
// begin within the hour skipped, which it announces as much too late, and those
// that close when the clock goes back, which it does not announce; within the
// hour that comes twice it breaks down ("infinite loop").
func changementHeure(x *ecart) bool {
	if x.quand.IsZero() {
		return false
	}
	_, maintenant := x.quand.Zone()
	if _, avant := x.quand.Add(-time.Hour).Zone(); x.changement && x.elle == "erreur" {
		return avant > maintenant
	}
	if x.changement {
		nous, err := time.Parse(time.RFC3339, x.nous)
		elle, err2 := time.Parse(time.RFC3339, x.elle)
		_, avant := nous.Add(-time.Minute).In(x.quand.Location()).Zone()
		_, apres := nous.In(x.quand.Location()).Zone()
		return err == nil && err2 == nil && elle.After(nous) && (apres > avant && elle.Sub(nous) < time.Hour || apres < avant)
	}
	hier := jourOf(x.quand).plus(-1)
	_, avant := hier.minuit(x.quand.Location()).Zone()
	return maintenant > avant && x.quand.Hour() == 0 && slices.ContainsFunc(x.e.regles, func(r regle) bool { return r.deborde })
}

// expliquer gives the kinds, one or several at once, that account for the
// disagreement; none when it is not understood.
func (x *ecart) expliquer() []string {
	var travers []genreEcart
	for _, g := range genres {
		if g.travers != nil {
			travers = append(travers, g)
		} else if g.reconnait(x) {
			return []string{g.nom}
		}
	}
	if x.quand.IsZero() {
		return nil
	}
	for taille := 1; taille <= len(travers); taille++ {
		for ensemble := range 1 << len(travers) {
			if noms := x.essayer(travers, ensemble); len(noms) == taille {
				return noms
			}
		}
	}
	return nil
}

// essayer gives the expression the peculiarities of the set, and names them
// when they all change it and lead to what the reference says.
func (x *ecart) essayer(travers []genreEcart, ensemble int) []string {
	copie, noms := x.e.copier(), []string(nil)
	for i, g := range travers {
		if ensemble&(1<<i) != 0 {
			if !g.travers(copie) {
				return nil
			}
			noms = append(noms, g.nom)
		}
	}
	if ditDe(copie, x.quand, x.c, x.changement, x.elle) != x.elle {
		return nil
	}
	return noms
}

func (e *Expression) copier() *Expression {
	copie := &Expression{regles: slices.Clone(e.regles), prevoitFeries: e.prevoitFeries}
	for i := range copie.regles {
		copie.regles[i].dates = slices.Clone(copie.regles[i].dates)
		copie.regles[i].etendues = slices.Clone(copie.regles[i].etendues)
	}
	return copie
}

func (e *Expression) nommeVacances() bool {
	return e != nil && slices.ContainsFunc(e.regles, func(r regle) bool {
		return slices.ContainsFunc(r.feries, func(f selecteurFerie) bool { return f.scolaire })
	})
}

// paquesDatee tells whether the reference goes wrong about Easter of a given
// year: it breaks down when days are added, and otherwise takes the same day of
// the same month in later years (or in the night after).
func (e *Expression) paquesDatee(d jour, erreur bool) bool {
	return slices.ContainsFunc(e.regles, func(r regle) bool {
		return slices.ContainsFunc(r.dates, func(p plageDates) bool {
			if !p.de.paques || p.de.annee == 0 || erreur != (p.de.decalage != 0) {
				return false
			}
			fete, veille := jourN(paques(p.de.annee)), d.plus(-1)
			return erreur || d.annee > p.de.annee && (d.mois == fete.mois && d.quantieme == fete.quantieme ||
				r.deborde && veille.mois == fete.mois && veille.quantieme == fete.quantieme)
		})
	})
}

// sansParticularite tells whether the reference's own states and next changes
// agree: it loses changes around the kinds of differences above, at open ends,
// after midnight, at the end of a year, and mixes comments.
func (e *Expression) sansParticularite() bool {
	for _, g := range genres {
		if g.travers != nil && g.travers(e.copier()) {
			return false
		}
	}
	return !e.nommeVacances() && !slices.ContainsFunc(e.regles, func(r regle) bool {
		return len(r.annees) > 0 || r.deborde || r.mots != "" || r.surFerme && len(r.heures) == 0 ||
			slices.ContainsFunc(r.heures, func(h plageHeures) bool { return h.libre }) ||
			slices.ContainsFunc(r.dates, func(p plageDates) bool { return p.de.paques }) ||
			slices.ContainsFunc(r.jours, func(p plageJours) bool { return p.decalage != 0 })
	})
}

// rangDeborde tells whether the day, or the one before, is that of a weekday of
// the month moved into another month; or would be, had that month a fifth one.
func (e *Expression) rangDeborde(d jour) bool {
	for _, r := range e.regles {
		for _, p := range r.jours {
			for _, q := range []jour{d, d.plus(-1)} {
				origine := q.plus(-p.decalage)
				cinquieme := p.decalage > 0 && origine.semaine == p.de && origine.quantieme <= 7 &&
					slices.ContainsFunc(p.niemes, func(n plageNiemes) bool { return n.a == 5 })
				if p.decalage != 0 && (cinquieme || p.contient(q) && origine.mois != q.mois) {
					return true
				}
			}
		}
	}
	return false
}

// finsOuvertes opens "00:00+" for the whole day, and closes what follows
// "10:00-18:00+" from a minute after the written end to midnight.
func finsOuvertes(e *Expression) bool {
	change := false
	for _, r := range e.regles {
		for j, h := range r.etendues {
			if h == (etendue{0, minutesJour, selonFin}) {
				r.etendues[j].nature = selonRegle
				change = true
			}
		}
	}
	return fermerApres(e) || change
}

func fermerApres(e *Expression) bool {
	change := false
	for i := 0; i < len(e.regles); i++ {
		r := e.regles[i]
		fermee := r
		fermee.etat, fermee.remplace, fermee.etendues, fermee.deborde = Ferme, false, nil, false
		var restent []etendue
		for _, h := range r.etendues {
			apresPlage := slices.ContainsFunc(r.heures, func(p plageHeures) bool { return p.libre && !p.sansFin && int16(p.fin) == h.debut })
			if h.nature != selonFin || !apresPlage || h.debut >= minutesJour-1 || r.etat == Ferme {
				restent = append(restent, h)
				continue
			}
			restent = append(restent, etendue{h.debut, h.debut + 1, selonFin})
			fermee.etendues = append(fermee.etendues, etendue{h.debut + 1, min(h.fin, minutesJour), selonRegle})
			if h.fin > minutesJour {
				restent = append(restent, etendue{minutesJour, h.fin, selonFin})
			}
		}
		if len(fermee.etendues) > 0 {
			change = true
			e.regles[i].etendues = restent
			e.regles = slices.Insert(e.regles, i+1, fermee)
			i++
		}
	}
	return change
}

// anneeDesMois reads the year of "2026 Nov-Feb" as a selector of its own.
func anneeDesMois(e *Expression) bool {
	change := false
	for i := range e.regles {
		r := &e.regles[i]
		if !slices.ContainsFunc(r.dates, func(p plageDates) bool { return p.aCheval() }) {
			continue
		}
		annee := r.dates[0].de.annee
		r.annees = []plageAnnees{{annee, annee, 1}}
		for j := range r.dates {
			r.dates[j].de.annee, r.dates[j].a.annee = 0, 0
		}
		change = true
	}
	return change
}

// repliSansSuite lets the hours after midnight of a fallback rule speak
// everywhere, and not only where the earlier rules are closed.
func repliSansSuite(e *Expression) bool {
	change := false
	for i := 0; i < len(e.regles); i++ {
		r := e.regles[i]
		if !r.surFerme || !r.deborde {
			continue
		}
		suite := r
		suite.surFerme, suite.remplace, suite.etendues = false, false, nil
		var soir []etendue
		for _, h := range r.etendues {
			if h.debut < minutesJour {
				soir = append(soir, etendue{h.debut, min(h.fin, minutesJour), h.nature})
			}
			if h.fin > minutesJour {
				suite.etendues = append(suite.etendues, etendue{max(h.debut, minutesJour), h.fin, h.nature})
			}
		}
		e.regles[i].etendues, e.regles[i].deborde = soir, false
		if len(soir) == 0 {
			e.regles[i].etendues = []etendue{}
		}
		e.regles = slices.Insert(e.regles, i+1, suite)
		i++
		change = true
	}
	return change
}

// finDePlage moves the last day of a range: a day early when it is counted
// from Easter, 1 March for 29 February; and makes the range empty when it ends
// on the eve of its first day.
func finDePlage(e *Expression) bool {
	change := false
	for i := range e.regles {
		for j := range e.regles[i].dates {
			switch p := &e.regles[i].dates[j]; {
			case p.de == p.a:
			case p.a.paques:
				p.a.decalage--
				change = true
			case p.a.mois == 2 && p.a.jour == 29:
				p.a.mois, p.a.jour = 3, 1
				change = true
			case p.a.dernier(2026)+1 == p.de.premier(2026) && p.de.annee == 0 && p.de.jour > 0:
				p.de.annee, p.a.annee = anneeMin, anneeMin
				change = true
			}
		}
	}
	return change
}
