package catalogue

import (
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// Ouvertures are the hours at which one may surely come to a fixed place, from
// a day to another, both included, in the territory's zone.
type Ouvertures struct {
	Du, Au mednum.Date
	Heures []horaires.Intervalle
}

// OuverturesSures are what can be promised of the hours of a fixed place to who
// will not ask again, from today, for so many days at most. They stop at the eve
// of the first day about which nobody can be sure: past the limit of its proof,
// unknown or by appointment, a public holiday on which the hours are silent. ok
// is false when that day is today, when all is by appointment, and when the
// place never opens in that time.
func (c *Catalogue) OuverturesSures(v *Vue, jours int) (o Ouvertures, ok bool) {
	if !v.Publie() || v.Itinerant() || v.effectives == nil || surPlaceJamais(&v.Lieu) || surRendezVous(&v.Lieu) {
		return o, false
	}
	cal := c.calendrier(v.Champs.CodeInsee)
	debut := aMinute(c.now().In(c.territoire.Location()), 0)
	fin := debut
	for n := 0; n < jours && c.jourSur(v, fin, cal); n++ {
		fin = minuitSuivant(fin)
	}
	if fin.Equal(debut) {
		return o, false
	}
	o = Ouvertures{Du: mednum.DateOf(debut), Au: mednum.DateOf(fin.AddDate(0, 0, -1)), Heures: v.effectives.Entre(debut, fin, cal)}
	return o, len(o.Heures) > 0
}

// jourSur tells whether the hours of a place are sure on the civil day that
// begins at minuit.
func (c *Catalogue) jourSur(v *Vue, minuit time.Time, cal horaires.Calendrier) bool {
	if c.perime(v, minuit) || c.horairesPerimes(v, minuit) {
		return false
	}
	heures := v.effectives.Entre(minuit, minuitSuivant(minuit), cal)
	for _, h := range heures {
		if h.Etat != horaires.Ouvert || parleDeRendezVous(h.Commentaire) {
			return false
		}
	}
	_, ferie := cal.Ferie(minuit)
	return len(heures) == 0 || !ferie || v.effectives.PrevoitFerie(minuit, cal)
}

// PassagesSurs are the times, in the coming days, at which an itinerant service
// surely stops somewhere for whoever comes, and those that are cancelled.
func (c *Catalogue) PassagesSurs(v *Vue, jours int) (surs []Passage) {
	if !v.Publie() || !v.Itinerant() || surPlaceJamais(&v.Lieu) {
		return nil
	}
	auj := c.now().In(c.territoire.Location())
	for _, p := range c.Tournee(v, mednum.DateOf(auj), mednum.DateOf(auj.AddDate(0, 0, jours-1))) {
		cal := c.calendrier(v.communeDe(p.Permanence.ID))
		_, ferie := cal.Ferie(p.Debut)
		silence := ferie && !v.Regle(p.Permanence.ID).PrevoitFerie(p.Debut, cal)
		if !c.perime(v, p.Debut) && !p.AConfirmer && !p.Permanence.RendezVous && !parleDeRendezVous(p.Commentaire) && (p.Annule || !silence) {
			surs = append(surs, p)
		}
	}
	return surs
}
