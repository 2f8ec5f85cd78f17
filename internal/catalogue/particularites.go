package catalogue

import (
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// Particularite is a day, or several, on which the usual hours do not hold.
// Ferie names the public holiday, with the hours of that day; Incertain is for
// one about which the hours are silent.
type Particularite struct {
	mednum.Exception
	Ferie     string
	Heures    []horaires.Intervalle
	Incertain bool
}

// proche is how many days ahead are told first.
const proche = 30

// Particularites are what is out of the ordinary at a place and not yet over,
// by date: proches within 30 days, public holidays included, the others
// afterwards. Days are those of the territory's time zone.
func (c *Catalogue) Particularites(v *Vue) (proches, ensuite []Particularite) {
	maintenant := c.now().In(c.territoire.Location())
	auj := mednum.DateOf(maintenant)
	limite := mednum.DateOf(maintenant.AddDate(0, 0, proche))
	for _, e := range v.Exceptions {
		switch {
		case e.Au.Compare(auj) < 0:
		case e.Du.Compare(limite) <= 0:
			proches = append(proches, Particularite{Exception: e})
		default:
			ensuite = append(ensuite, Particularite{Exception: e})
		}
	}
	proches = append(proches, c.feries(v, proches, maintenant)...)
	parDate := func(a, b Particularite) int { return a.Du.Compare(b.Du) }
	slices.SortStableFunc(proches, parDate)
	slices.SortStableFunc(ensuite, parDate)
	return proches, ensuite
}

// feries are the public holidays of the coming days on which a fixed place
// opens, may open, or says that it does not.
func (c *Catalogue) feries(v *Vue, exceptions []Particularite, maintenant time.Time) []Particularite {
	if v.effectives == nil || v.Itinerant() || c.perime(v, maintenant) || c.horairesPerimes(v, maintenant) {
		return nil
	}
	cal := c.calendrier(v.Champs.CodeInsee)
	var liste []Particularite
	for n := range proche + 1 {
		minuit := aMinute(maintenant.AddDate(0, 0, n), 0)
		d := mednum.DateOf(minuit)
		nom, ok := cal.Ferie(minuit)
		if !ok || slices.ContainsFunc(exceptions, func(e Particularite) bool { return e.Permanence == "" && e.Du.Compare(d) <= 0 && d.Compare(e.Au) <= 0 }) {
			continue
		}
		p := Particularite{Exception: mednum.Exception{Du: d, Au: d}, Ferie: nom, Incertain: !v.effectives.PrevoitFerie(minuit, cal)}
		p.Heures = v.effectives.Entre(minuit, minuitSuivant(minuit), cal)
		p.Ouvert = len(p.Heures) > 0
		if p.Ouvert || !p.Incertain {
			liste = append(liste, p)
		}
	}
	return liste
}
