package mednum

import "slices"

// ChampFamilles names the families where a column of the standard is named.
const ChampFamilles Champ = "familles"

// LanguesEtrangeres is the value of prise_en_charge_specifique that stands for
// both of the standard's.
const (
	LanguesEtrangeres = "Langues étrangères"
	LangueAnglais     = "Langues étrangères (anglais)"
	LanguesAutres     = "Langues étrangères (autres)"
)

var champsFiltres = []Champ{
	ChampFamilles, ChampServices, ChampFraisACharge, ChampModalitesAcces,
	ChampModalitesAccompagn, ChampDispositifs, ChampPublics, ChampPriseEnCharge,
	ChampFormationsLabels, ChampItinerance, ChampTypologie, ChampLangues,
}

// ChampsFiltres are the fields that a search can filter on: all those of the
// standard with a vocabulary, the families and the languages, in the order in which filters
// are offered.
func ChampsFiltres() []Champ { return slices.Clone(champsFiltres) }

// ValeursFiltre are what a place, or its stop, says of a field of
// ChampsFiltres: a stop that names its own services offers those only, and
// who speaks a foreign language has LanguesEtrangeres too.
func (l *Lieu) ValeursFiltre(champ Champ, arret *Permanence) []string {
	switch {
	case champ == ChampFamilles:
		valeurs := make([]string, 0, len(l.Familles))
		for _, f := range l.Familles {
			valeurs = append(valeurs, string(f))
		}
		return valeurs
	case champ == ChampLangues:
		return l.Langues
	case champ == ChampServices && arret != nil && len(arret.Services) > 0:
		return arret.Services
	}
	valeurs := l.Champs.Valeurs(champ)
	if champ == ChampPriseEnCharge && (slices.Contains(valeurs, LangueAnglais) || slices.Contains(valeurs, LanguesAutres)) {
		return append(slices.Clone(valeurs), LanguesEtrangeres)
	}
	return valeurs
}
