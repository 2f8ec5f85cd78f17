package web

import (
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// semainesTournee is how far ahead the stops of an itinerant service are listed
// by date.
const semainesTournee = 4

// arretDate is one date of an itinerant service.
type arretDate struct {
	Jour, Date string // in words, and as "2026-11-30"
	Permanence string
	Lieu       string
	Plages     []string // hours, in words
	RendezVous bool
	Annule     string // why it does not take place, "" when it does
	AConfirmer string
	moment     time.Time
}

// tournee lists where an itinerant service is in the coming weeks, a line a day
// and stop.
func (s *site) tournee(v *catalogue.Vue) (dates []arretDate) {
	if !v.Itinerant() {
		return nil
	}
	maintenant := s.maintenant()
	du, au := mednum.DateOf(maintenant), mednum.DateOf(maintenant.AddDate(0, 0, 7*semainesTournee-1))
	for _, p := range s.Catalogue.Tournee(v, du, au) {
		heures := textes.Heure(p.Debut.Hour(), p.Debut.Minute()) + " – " + textes.Heure(p.Fin.Hour(), p.Fin.Minute())
		if n := len(dates) - 1; n >= 0 && dates[n].Permanence == p.Permanence.ID && mednum.DateOf(dates[n].moment) == mednum.DateOf(p.Debut) {
			dates[n].Plages = append(dates[n].Plages, heures)
			continue
		}
		d := arretDate{
			Jour: textes.Majuscule(textes.Jour(p.Debut)), Date: mednum.DateOf(p.Debut).String(), Permanence: p.Permanence.ID,
			Lieu: situerArret(p.Permanence.Arret), Plages: []string{heures}, RendezVous: p.Permanence.RendezVous, moment: p.Debut,
		}
		if p.Annule {
			d.Annule = "pas de passage"
			if p.Exception.Motif != "" {
				d.Annule += " (" + p.Exception.Motif + ")"
			}
		}
		if p.AConfirmer {
			d.AConfirmer = "à confirmer"
		}
		dates = append(dates, d)
	}
	return dates
}
