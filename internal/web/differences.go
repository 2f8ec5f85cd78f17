package web

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// difference is what changed, as a page says it; Carte is the address of a map,
// where a point was moved.
type difference struct {
	mednum.Difference
	Carte string
}

// champPosition is the Difference of a point, "44.0221, 1.3529 (à la main)".
const champPosition mednum.Champ = "position"

// direDifferences puts differences into words, with the names of accounts.
func direDifferences(liste []mednum.Difference, noms auteurs) []difference {
	dites := make([]difference, 0, len(liste))
	for _, d := range liste {
		d.Libelle = direLibelle(d.Libelle)
		if d.Champ == champPosition {
			dites = append(dites, direDeplacement(d))
			continue
		}
		dites = append(dites, difference{Difference: catalogue.EnMots(d, func(id string) string { return noms[id] })})
	}
	return dites
}

// direLibelle puts into words the rule that names help without a title: "Personne
// qui tient la permanence (le lundi : 18 h à 20 h)".
func direLibelle(libelle string) string {
	nom, reste, ok := strings.Cut(libelle, " (")
	regle, ok2 := strings.CutSuffix(reste, ")")
	if e, err := horaires.Parse(regle); ok && ok2 && err == nil {
		return nom + " (" + textes.Regle(e) + ")"
	}
	return libelle
}

var motifPoint = regexp.MustCompile(`^(-?[\d.]+), (-?[\d.]+)( \(.*\))?$`)

// direDeplacement says how far a point was moved: nobody reads degrees.
func direDeplacement(d mednum.Difference) difference {
	avant, precisionAvant, etait := lirePointDit(d.Avant)
	apres, precision, est := lirePointDit(d.Apres)
	dite := difference{Difference: d}
	dite.Avant, dite.Apres = "aucun point", "aucun point"
	if etait {
		dite.Avant = "le point d’avant" + precisionAvant
	}
	if !est {
		return dite
	}
	dite.Carte = fmt.Sprintf("https://www.openstreetmap.org/?mlat=%.6f&mlon=%.6f#map=18/%.6f/%.6f", apres.Lat, apres.Lon, apres.Lat, apres.Lon)
	dite.Apres = "placé sur la carte" + precision
	if !etait {
		return dite
	}
	dite.Apres = "au même endroit" + precision
	if metres := geo.Distance(avant, apres); metres >= 1 {
		dite.Apres = "déplacé de " + distanceNue(metres) + precision
	}
	return dite
}

func lirePointDit(texte string) (p geo.Point, precision string, ok bool) {
	m := motifPoint.FindStringSubmatch(texte)
	if m == nil {
		return p, "", false
	}
	var errLat, errLon error
	p.Lat, errLat = strconv.ParseFloat(m[1], 64)
	p.Lon, errLon = strconv.ParseFloat(m[2], 64)
	return p, m[3], errLat == nil && errLon == nil
}
