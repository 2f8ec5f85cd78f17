package collecte

import (
	"fmt"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// toleranceContour is how far out of the outline of its commune a point may be,
// in metres: outlines are simplified, and a house may have its door across the
// border.
const toleranceContour = 1_000.0

// dehors tells whether a point is certainly not in a commune, and how far it is
// in metres from its outline or from its centre: by the outline where the
// territory has one, else by the national table of centres.
func (s *situateur) dehors(p geo.Point, c *territoire.Commune) (bool, float64) {
	if d, ok := s.t.DistanceCommune(p, c.Code); ok {
		return d > toleranceContour, d
	}
	dehors, d, _ := s.t.Centres.Dehors(p, c.Code)
	return dehors, d
}

// proche tells whether a point may well be in a commune.
func (s *situateur) proche(p geo.Point, c *territoire.Commune) bool {
	if d, ok := s.t.DistanceCommune(p, c.Code); ok {
		return d <= toleranceContour
	}
	return s.t.Centres.Proche(p, c.Code)
}

// placer judges the point of a record whose commune is known. A point outside
// is repaired when one change alone puts it inside: latitude and longitude the
// wrong way round, or a sign lost. Otherwise it is dropped when two columns at
// least name the commune; when only one does, nobody can tell which of them is
// wrong: placer says so, and the record is set aside. It runs before the
// columns of the commune are rewritten.
func (s *situateur) placer(f *mednum.Fiche, v verdict) (contre string) {
	p, ok := position(f)
	if !ok {
		return ""
	}
	hors, metres := s.dehors(p, v.commune)
	if !hors {
		return ""
	}
	avant := f.Champs[mednum.ChampLatitude] + " ; " + f.Champs[mednum.ChampLongitude]
	for _, essai := range []struct {
		point geo.Point
		motif string
	}{
		{geo.Point{Lat: p.Lon, Lon: p.Lat}, "Latitude et longitude inversées : ainsi le point est dans la commune."},
		{geo.Point{Lat: p.Lat, Lon: -p.Lon}, "Signe de la longitude perdu : ainsi le point est dans la commune."},
		{geo.Point{Lat: -p.Lat, Lon: p.Lon}, "Signe de la latitude perdu : ainsi le point est dans la commune."},
	} {
		if essai.point.Valide() && s.proche(essai.point, v.commune) {
			s.setPoint(f, essai.point, essai.motif)
			return ""
		}
	}
	loin := fmt.Sprintf("Ce point est à %s km de la commune (%s)", kilometres(metres), v.commune.Nom)
	if v.accords < 2 {
		return loin + ", que rien d’autre ne confirme : corrigez la commune ou les coordonnées."
	}
	delete(f.Champs, mednum.ChampLatitude)
	delete(f.Champs, mednum.ChampLongitude)
	f.Precision = ""
	remarquer(f, mednum.Remarque{Champ: mednum.ChampLatitude, Avant: avant, Motif: loin + ", que le reste de la ligne confirme : il n’est pas gardé."})
	return ""
}

// setPoint writes a repaired point, told by each coordinate that changed.
func (s *situateur) setPoint(f *mednum.Fiche, p geo.Point, motif string) {
	for i, champ := range []mednum.Champ{mednum.ChampLatitude, mednum.ChampLongitude} { // in this order: the record is compared
		v := []float64{p.Lat, p.Lon}[i]
		if apres := strconv.FormatFloat(v, 'f', -1, 64); apres != f.Champs[champ] {
			remarquer(f, mednum.Remarque{Champ: champ, Avant: f.Champs[champ], Apres: apres, Motif: motif})
			f.Champs[champ] = apres
		}
	}
}

func kilometres(metres float64) string {
	return strings.Replace(strconv.FormatFloat(metres/1000, 'f', 1, 64), ".", ",", 1)
}
