package textes

import (
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
)

// Periode says civil days, both included: "le vendredi 27 novembre", "du 24
// décembre au 2 janvier 2027". The year is said when it is not that of
// maintenant. Instants are in the zone of the place.
func Periode(du, au, maintenant time.Time) string {
	if ecart(au, du) <= 0 {
		return "le " + Jour(du) + autreAnnee(du, maintenant)
	}
	debut := quantieme(du.Day())
	if du.Month() != au.Month() || du.Year() != au.Year() {
		debut += " " + nomMois(du.Month())
	}
	if du.Year() != au.Year() {
		debut += autreAnnee(du, maintenant)
	}
	return "du " + debut + " au " + quantieme(au.Day()) + " " + nomMois(au.Month()) + autreAnnee(au, maintenant)
}

func autreAnnee(t, maintenant time.Time) string {
	if t.Year() == maintenant.Year() {
		return ""
	}
	return " " + t.Format("2006")
}

// Plages says OSM time ranges: "9 h à 12 h et 14 h à 17 h"; the text itself
// when they cannot be read.
func Plages(osm string) string {
	e, err := horaires.Parse(osm)
	if err != nil {
		return osm
	}
	var mots []string
	for _, r := range e.Regles() {
		for _, h := range r.Heures {
			mots = append(mots, heuresDites(h))
		}
	}
	if len(mots) == 0 {
		return osm
	}
	return Enumerer(mots)
}
