package horaires

import (
	"slices"
	"time"
)

// morceau is a stretch of a day, in minutes from midnight, decided by one
// rule; regle -1 is what no rule decides.
type morceau struct {
	debut, fin, regle int16
	nature            nature
}

// nature says how the rule decides the stretch.
type nature uint8

const (
	selonRegle    nature = iota
	selonFin             // after an open end
	selonVacances        // school holidays not known
)

// tampons are the working space of an evaluation, kept on its stack.
type tampons struct {
	a, b     [24]morceau
	actives  [16]active
	contexte contexte
}

// active is a rule that speaks on a day: for the day itself, or for the hours
// after midnight of the day before.
type active struct {
	regle  int16
	veille bool
}

func (e *Expression) valeur(m morceau) (Etat, string) {
	if m.regle < 0 {
		return Ferme, ""
	}
	if m.nature == selonVacances {
		return Inconnu, SelonLesVacances
	}
	r := &e.regles[m.regle]
	if m.nature == selonFin && r.etat == Ouvert {
		if r.commentaire != "" {
			return Inconnu, r.commentaire
		}
		return Inconnu, FinOuverte
	}
	return r.etat, r.commentaire
}

// tracer gives the whole day as stretches in order. Where the answer hangs on
// school holidays that are not known, the day is traced with them and without,
// and what differs is unknown.
func (e *Expression) tracer(d jour, t *tampons) []morceau {
	t.contexte.suppose, t.contexte.doute = false, false
	sans := e.peindreJour(d, t, t.a[:0], t.b[:0])
	if !t.contexte.doute {
		return sans
	}
	t.contexte.suppose = true
	avec := e.peindreJour(d, t, nil, nil)
	return e.croiser(append([]morceau(nil), sans...), avec)
}

func (e *Expression) peindreJour(d jour, t *tampons, jour, autre []morceau) []morceau {
	jour = append(jour, morceau{0, minutesJour, -1, selonRegle})
	for _, a := range e.activesDu(d, t) {
		r := &e.regles[a.regle]
		if len(r.heures) == 0 {
			autre = e.peindre(autre, jour, morceau{0, minutesJour, a.regle, selonRegle}, r.surFerme)
			jour, autre = autre, jour
			continue
		}
		for _, h := range r.etendues {
			de, fin := h.debut, h.fin
			if a.veille {
				de, fin = de-minutesJour, fin-minutesJour
			}
			de, fin = max(de, 0), min(fin, minutesJour)
			if de < fin {
				autre = e.peindre(autre, jour, morceau{de, fin, a.regle, h.nature}, r.surFerme)
				jour, autre = autre, jour
			}
		}
	}
	return jour
}

// activesDu lists the rules that speak on the day, in order. A normal rule
// that does not close replaces those before it; a rule without days does so
// only after another without days, as the reference implementation
// (opening_hours.js) reads "Mo-Fr 09:30-12:00; 14:00-16:30".
func (e *Expression) activesDu(d jour, t *tampons) []active {
	actives := t.actives[:0]
	hier := jour{n: d.n + 1}
	for i := range e.regles {
		r := &e.regles[i]
		if r.correspond(d, &t.contexte) {
			if r.remplace {
				actives = actives[:0]
			}
			actives = append(actives, active{int16(i), false})
		}
		if r.deborde {
			if hier.n > d.n {
				hier = d.plus(-1)
			}
			if r.correspond(hier, &t.contexte) {
				actives = append(actives, active{int16(i), true})
			}
		}
	}
	return actives
}

// peindre writes src into dst with the stretch m over it: everywhere, or only
// where the day is closed so far.
func (e *Expression) peindre(dst, src []morceau, m morceau, surFerme bool) []morceau {
	dst = dst[:0]
	for _, s := range src {
		if s.fin <= m.debut || s.debut >= m.fin || surFerme && e.etat(s) != Ferme {
			dst = append(dst, s)
			continue
		}
		if s.debut < m.debut {
			dst = append(dst, morceau{s.debut, m.debut, s.regle, s.nature})
		}
		milieu := morceau{max(s.debut, m.debut), min(s.fin, m.fin), m.regle, m.nature}
		if k := len(dst) - 1; k >= 0 && dst[k].regle == m.regle && dst[k].nature == m.nature {
			dst[k].fin = milieu.fin
		} else {
			dst = append(dst, milieu)
		}
		if s.fin > m.fin {
			dst = append(dst, morceau{m.fin, s.fin, s.regle, s.nature})
		}
	}
	return dst
}

func (e *Expression) etat(m morceau) Etat {
	etat, _ := e.valeur(m)
	return etat
}

// croiser keeps what two tracings of a day agree on.
func (e *Expression) croiser(x, y []morceau) []morceau {
	var dst []morceau
	for i, j, debut := 0, 0, int16(0); i < len(x) && j < len(y); {
		m := morceau{debut, min(x[i].fin, y[j].fin), x[i].regle, x[i].nature}
		if !e.memes(x[i], y[j]) {
			m.regle, m.nature = max(x[i].regle, y[j].regle), selonVacances
		}
		dst = append(dst, m)
		if debut = m.fin; debut == x[i].fin {
			i++
		}
		if debut == y[j].fin {
			j++
		}
	}
	return dst
}

func (e *Expression) memes(m, n morceau) bool {
	if m.regle == n.regle && m.nature == n.nature {
		return true
	}
	etat, commentaire := e.valeur(m)
	autre, mot := e.valeur(n)
	return etat == autre && commentaire == mot
}

func (e *Expression) tampons(c Calendrier) (t tampons) {
	t.contexte.departement, t.contexte.vacances = c.Departement, c.Vacances
	return t
}

// Reponse is what an expression says of an instant, and when that changes.
type Reponse struct {
	Etat        Etat
	Commentaire string // the comment of the rule that decides
	Ferie       string // the public holiday of the day, "" on other days
	FeriePrevu  bool   // the expression says what happens on that day, were it a public holiday (see PrevoitFerie)
	FermeJour   bool   // nothing is open or unknown on that whole civil day
	Hebdo       bool   // that day is the place's weekly closing day (see jourDeFermeture)

	Change    time.Time // next instant at which (Etat, Commentaire) differs, within 370 days
	HasChange bool
	Suivante  Etape // what begins at Change
	Bascule   Etape // the next time that Etat itself differs; its Debut is zero when it never does within 370 days
}

// Etape is the beginning of a state. Ferie names the public holiday of its
// day, "" on other days, and FeriePrevu tells whether the expression says what
// happens on it.
type Etape struct {
	Debut       time.Time
	Etat        Etat
	Commentaire string
	Ferie       string
	FeriePrevu  bool
}

// AConfirmer tells that the day is a public holiday about which the expression
// is silent: what it says of an ordinary day is then no promise.
func (r Reponse) AConfirmer() bool { return r.Ferie != "" && !r.FeriePrevu && !r.FermeJour }

// A answers for the instant t, read on the clock of the calendar's zone (t's
// own without one). When a clock change repeats or skips an hour, the state
// follows what the clock on the wall shows.
func (e *Expression) A(t time.Time, c Calendrier) Reponse {
	local, bufs := c.local(t), e.tampons(c)
	d := jourOf(local)
	jour := e.tracer(d, &bufs)
	m := a(jour, minute(local))
	r := Reponse{FermeJour: !e.quelqueChose(jour)}
	r.Etat, r.Commentaire = e.valeur(m)
	r.Ferie, _ = nomFerie(d, c.Departement)
	r.FeriePrevu = e.prevoit(d)
	r.Hebdo = r.FermeJour && r.Ferie == "" && e.jourDeFermeture(d.semaine, &bufs)
	if e.constante {
		return r
	}
	r.Suivante, r.HasChange = e.chercher(t, c, &bufs, func(n morceau) bool { return !e.memes(m, n) })
	r.Change, r.Bascule = r.Suivante.Debut, r.Suivante
	if r.HasChange && r.Suivante.Etat == r.Etat {
		r.Bascule, _ = e.chercher(r.Change, c, &bufs, func(n morceau) bool { return e.etat(n) != r.Etat })
	}
	return r
}

// jourDeFermeture tells whether a weekday, Monday to Friday, is one on which
// the place is always closed although it opens on most of them: people expect
// it open, and deserve a word.
func (e *Expression) jourDeFermeture(semaine int, bufs *tampons) bool {
	if semaine > 4 || !e.Ordinaire() {
		return false
	}
	neutre := *bufs
	neutre.contexte = contexte{vacances: sansVacances}
	ouverts := 0
	for i := range 5 {
		ouvert := e.quelqueChose(e.tracer(jourN(lundiNeutre+i), &neutre))
		if i == semaine && ouvert {
			return false
		}
		if ouvert {
			ouverts++
		}
	}
	return ouverts >= 3
}

// Etat answers for the instant t, without looking for the next change.
func (e *Expression) Etat(t time.Time, c Calendrier) (Etat, string) {
	local, bufs := c.local(t), e.tampons(c)
	return e.valeur(a(e.tracer(jourOf(local), &bufs), minute(local)))
}

func minute(t time.Time) int16 { return int16(t.Hour()*60 + t.Minute()) }

func a(jour []morceau, minute int16) morceau {
	for _, m := range jour {
		if minute < m.fin {
			return m
		}
	}
	return morceau{regle: -1}
}

// chercher finds the first instant after t at which a stretch passes the test,
// day after day. Instants are computed only for the days that have such a stretch.
func (e *Expression) chercher(t time.Time, c Calendrier, bufs *tampons, vise func(morceau) bool) (Etape, bool) {
	d := jourOf(c.local(t))
	for fin := d.n + horizon; d.n <= fin; d = d.plus(1) {
		jour := e.tracer(d, bufs)
		if !slices.ContainsFunc(jour, vise) {
			continue
		}
		for _, p := range passages(d, c.zone(t)) {
			for _, m := range jour {
				debut, _, ok := p.instants(m)
				if !ok || !debut.After(t) || !vise(m) {
					continue
				}
				etape := Etape{Debut: debut}
				etape.Etat, etape.Commentaire = e.valeur(m)
				etape.Ferie, _ = nomFerie(d, c.Departement)
				etape.FeriePrevu = e.prevoit(d)
				return etape, true
			}
		}
	}
	return Etape{}, false
}

// passage is a stretch of real time during which the wall clock of a day runs
// evenly: from de (at minute mur) to a. A day has one, two when the clock
// changes.
type passage struct {
	de, a time.Time
	mur   int
}

// passages covers the civil day, with the clock changes of the zone.
func passages(d jour, loc *time.Location) []passage {
	de, a := d.minuit(loc), d.plus(1).minuit(loc)
	_, change := de.ZoneBounds()
	if change.IsZero() || !change.Before(a) {
		return []passage{{de, a, 0}}
	}
	apres := change.In(loc)
	return []passage{{de, change, 0}, {change, a, apres.Hour()*60 + apres.Minute()}}
}

// instants gives the part of the stretch that the passage really runs through.
func (p passage) instants(m morceau) (debut, fin time.Time, ok bool) {
	debut = p.de.Add(time.Duration(int(m.debut)-p.mur) * time.Minute)
	fin = p.de.Add(time.Duration(int(m.fin)-p.mur) * time.Minute)
	if debut.Before(p.de) {
		debut = p.de
	}
	if fin.After(p.a) {
		fin = p.a
	}
	return debut, fin, debut.Before(fin)
}
