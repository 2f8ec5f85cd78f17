// Package couverture measures who is far from help: for each commune of the
// territory, how far the nearest place is that gives a service at a moment of the
// week, and how many hours of help a week are within reach.
//
// The people of a commune are taken to live at its centre (territoire.Commune).
// A distance is the great circle times a road factor, in metres, until a server
// of itineraries has said better (see Trajets).
package couverture

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Moment is a part of the week at which help is wanted.
type Moment string

// The moments. At MomentTous it does not matter when, nor whether hours are known.
const (
	MomentTous   Moment = "tous"
	MomentMatin  Moment = "matin"  // Monday to Friday, from 8 to 12
	MomentSoir   Moment = "soir"   // Monday to Friday, from 17 on
	MomentSamedi Moment = "samedi" // Saturday
)

// Moments are in the order in which they are offered.
var Moments = []Moment{MomentTous, MomentMatin, MomentSoir, MomentSamedi}

// The names of moments, as a choice and within a sentence.
var nomsMoments = map[Moment][2]string{
	MomentTous:   {"N’importe quand", "n’importe quand"},
	MomentMatin:  {"Le matin en semaine (8 h – 12 h)", "un matin de semaine"},
	MomentSoir:   {"Le soir en semaine (après 17 h)", "un soir de semaine, après 17 h"},
	MomentSamedi: {"Le samedi", "le samedi"},
}

// Nom is the moment as a choice.
func (m Moment) Nom() string { return nomsMoments[m][0] }

// EnPhrase is the moment within a sentence.
func (m Moment) EnPhrase() string { return nomsMoments[m][1] }

// bornes are the minutes of a weekday (Monday 0) that belong to the moment,
// from de to a; none on the other days.
func (m Moment) bornes(jour int) (de, a int) {
	switch {
	case m == MomentTous:
		return 0, minutesJour
	case m == MomentMatin && jour < 5:
		return 8 * 60, 12 * 60
	case m == MomentSoir && jour < 5:
		return 17 * 60, minutesJour
	case m == MomentSamedi && jour == 5:
		return 0, minutesJour
	}
	return 0, 0
}

// Seuils are the distances by road, in metres, by which people are counted.
var Seuils = [4]float64{5_000, 10_000, 15_000, 20_000}

// Portee is the distance by road, in metres, within which hours of help are
// added up.
const Portee = 10_000.0

// The factor by which a great circle becomes a road. Roads of the French
// countryside are about a third longer than the great circle; the factor is
// stated wherever a distance is.
const (
	FacteurDefaut = 1.3
	FacteurMin    = 1.0
	FacteurMax    = 2.0
)

// Question is what is measured: a service of the standard ("" for any help), a
// moment, and the factor.
type Question struct {
	Service string
	Moment  Moment
	Facteur float64
}

// Lire reads a question as people give it; a text that is left empty is the
// default. Service is a value of the standard's vocabulary, Facteur a number from
// FacteurMin to FacteurMax, with a point or a comma. What cannot be read is an
// *mednum.Error with code "invalide" that names its field.
func Lire(service, moment, facteur string) (Question, error) {
	q := Question{Moment: MomentTous, Facteur: FacteurDefaut}
	if service = strings.TrimSpace(service); service != "" {
		v, ok := mednum.ValeurDe(mednum.ChampServices, service)
		if !ok {
			return q, invalide("service", "Le service « %s » n’est pas dans la liste nationale : choisissez-en un de la liste.", court(service))
		}
		q.Service = v
	}
	if moment = strings.TrimSpace(moment); moment != "" {
		q.Moment = Moment(moment)
		if !slices.Contains(Moments, q.Moment) {
			return q, invalide("moment", "Le moment « %s » n’existe pas : choisissez tous, matin, soir ou samedi.", court(moment))
		}
	}
	if facteur = strings.TrimSpace(facteur); facteur != "" {
		v, err := strconv.ParseFloat(strings.Replace(facteur, ",", ".", 1), 64)
		if err != nil || math.IsNaN(v) || v < FacteurMin || v > FacteurMax {
			return q, invalide("facteur", "Le facteur de route « %s » ne convient pas : donnez un nombre entre 1 et 2, comme 1,3.", court(facteur))
		}
		q.Facteur = v
	}
	return q, nil
}

// court keeps the beginning of what somebody typed.
func court(texte string) string {
	if r := []rune(texte); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return texte
}

func invalide(champ, format string, args ...any) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: fmt.Sprintf(format, args...)}
}
