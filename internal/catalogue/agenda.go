package catalogue

import (
	"cmp"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// Seance is one time at which the doors of a place are open (Permanence nil), or
// at which help is there, from Debut to Fin (not included), in the territory's
// zone. Genre is what the page says of that time: EtatOuvert, EtatRDV,
// EtatConfirmer (Motif says why) or EtatInconnu (the hours say so: Motif is
// their comment).
type Seance struct {
	Permanence *mednum.Permanence
	Debut, Fin time.Time
	Genre      Genre
	Motif      string
}

// Agenda is every time at which one may go to a place, from a day to another,
// both included, in order: the hours of its doors and every permanence, or one
// permanence alone where its id is given (without one that is known: nothing).
// An itinerant service has its stops and no doors. What is closed that day, by
// the hours, a holiday or an exception, is not there. A time that runs past
// midnight is one, whole, also at the two ends; days open from end to end are one
// each.
func (c *Catalogue) Agenda(v *Vue, permanence string, du, au mednum.Date) []Seance {
	if !v.Publie() {
		return nil
	}
	var liste []Seance
	if permanence == "" && !v.Itinerant() && !surPlaceJamais(&v.Lieu) {
		liste = c.seances(v, nil, cmp.Or(v.effectives, v.notees), du, au)
	}
	for i := range v.Permanences {
		if p := &v.Permanences[i]; permanence == "" || p.ID == permanence {
			liste = append(liste, c.seances(v, p, v.Regle(p.ID), du, au)...)
		}
	}
	slices.SortStableFunc(liste, func(a, b Seance) int { return cmp.Or(a.Debut.Compare(b.Debut), a.Fin.Compare(b.Fin)) })
	return liste
}

// seances are the times of one rule, each day judged as the page of that day
// would be.
func (c *Catalogue) seances(v *Vue, p *mednum.Permanence, regle *horaires.Expression, du, au mednum.Date) []Seance {
	if regle == nil {
		return nil
	}
	loc := c.territoire.Location()
	cal := c.calendrier(v.communeDe(idPermanence(p)))
	var liste []Seance
	debut, fin := du.In(loc), minuitSuivant(au.In(loc))
	for d := debut.AddDate(0, 0, -1); !d.After(fin); d = minuitSuivant(d) { // an evening may begin the day before, and end the day after
		for _, h := range regle.Entre(d, minuitSuivant(d), cal) {
			s := Seance{Permanence: p, Debut: h.Debut.In(loc), Fin: h.Fin.In(loc)}
			s.Genre, s.Motif = c.juger(v, p, regle, h, cal)
			if p == nil && regle == v.notees && s.Genre == EtatInconnu {
				continue // the days of which nobody noted anything
			}
			liste = prolonger(liste, s)
		}
	}
	return slices.DeleteFunc(liste, func(s Seance) bool { return !s.Fin.After(debut) || !s.Debut.Before(fin) })
}

// juger tells what a time is worth: see etatA and etatPassage, which say it of
// an instant.
func (c *Catalogue) juger(v *Vue, p *mednum.Permanence, regle *horaires.Expression, h horaires.Intervalle, cal horaires.Calendrier) (Genre, string) {
	instant := h.Debut.In(c.territoire.Location())
	nom, ferie := cal.Ferie(instant)
	switch {
	case c.perime(v, instant):
		return EtatConfirmer, ancienne(v.Preuve.Date)
	case c.seancePerimee(v, p, instant):
		return EtatConfirmer, ancienne(v.Provenance[mednum.ChampHoraires].Date)
	case h.Etat == horaires.Ouvert && ferie && !regle.PrevoitFerie(instant, cal):
		return EtatConfirmer, "Jour férié (" + nom + ")\u00a0: appelez avant de venir"
	case p != nil && p.RendezVous, h.Etat == horaires.Inconnu && parleDeRendezVous(h.Commentaire):
		return EtatRDV, h.Commentaire
	case h.Etat == horaires.Ouvert:
		return EtatOuvert, h.Commentaire
	}
	return EtatInconnu, h.Commentaire
}

// seancePerimee tells whether the record that told these hours is past its
// limit, on a place that something newer proves (see horairesPerimes).
func (c *Catalogue) seancePerimee(v *Vue, p *mednum.Permanence, instant time.Time) bool {
	if !c.horairesPerimes(v, instant) {
		return false
	}
	if p == nil {
		return true
	}
	return p.Arret == nil && !slices.ContainsFunc(c.aidesFraiches(v, instant), func(a creneauAide) bool { return a.permanence == p })
}

// prolonger appends a time, or lengthens the evening that it continues past
// midnight.
func prolonger(liste []Seance, s Seance) []Seance {
	if k := len(liste) - 1; k >= 0 {
		d := &liste[k]
		if d.Fin.Equal(s.Debut) && d.Genre == s.Genre && d.Motif == s.Motif && s.Fin.Sub(d.Debut) < 24*time.Hour {
			d.Fin = s.Fin
			return liste
		}
	}
	return append(liste, s)
}

// PermanenceDe is a permanence of the place by its id; nil, true for "", the
// place itself.
func (v *Vue) PermanenceDe(id string) (p *mednum.Permanence, ok bool) {
	if id == "" {
		return nil, true
	}
	for i := range v.Permanences {
		if v.Permanences[i].ID == id {
			return &v.Permanences[i], true
		}
	}
	return nil, false
}

// ADesDates tells whether Agenda may hold something, for the place or for one
// permanence of it.
func (v *Vue) ADesDates(permanence string) bool {
	if permanence != "" {
		return v.Regle(permanence) != nil
	}
	return len(v.regles) > 0 || !v.Itinerant() && !surPlaceJamais(&v.Lieu) && (v.effectives != nil || v.notees != nil)
}
