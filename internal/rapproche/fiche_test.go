package rapproche_test

import (
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// champsDits are the short names that tests give to columns.
var champsDits = map[string]mednum.Champ{
	"nom": mednum.ChampNom, "adresse": mednum.ChampAdresse, "dans": mednum.ChampComplementAdresse, "commune": mednum.ChampCommune, "cp": mednum.ChampCodePostal,
	"insee": mednum.ChampCodeInsee, "mail": mednum.ChampCourriels, "pivot": mednum.ChampPivot, "typo": mednum.ChampTypologie, "itinerance": mednum.ChampItinerance,
	"horaires": mednum.ChampHoraires, "site": mednum.ChampSiteWeb, "parente": mednum.ChampStructureParente,
	"lat": mednum.ChampLatitude, "lon": mednum.ChampLongitude,
}

// fiche makes a record of what is said of it, as "nom=Mairie ; adresse=1 rue
// Haute ; tel=1". "liste" makes it a row of the France Services list, "label"
// one that says it has the label, "centre" a position that is a commune's
// centre. Without a commune it is in Essai-sur-Tarn.
func fiche(dit string) mednum.Fiche {
	f := mednum.Fiche{Flux: "a", Champs: map[mednum.Champ]string{
		mednum.ChampPivot: mednum.PivotInconnu, mednum.ChampCommune: "Essai-sur-Tarn", mednum.ChampCodePostal: "82999",
	}}
	for mot := range strings.SplitSeq(dit, " ; ") {
		nom, valeur, _ := strings.Cut(mot, "=")
		switch nom {
		case "liste":
			f.Familles = []mednum.Famille{mednum.FamilleFranceServices}
			f.Champs[mednum.ChampItinerance] = "Fixe"
		case "label":
			f.Remarques = append(f.Remarques, mednum.Remarque{Champ: mednum.ChampDispositifs, Avant: "France Services", ARevoir: true})
		case "centre":
			f.Precision = mednum.PrecisionCommune
		case "flux":
			f.Flux = valeur
		case "cle":
			f.Cle = valeur
		case "tel":
			f.Champs[mednum.ChampTelephone] = "+3350000000" + valeur
		default:
			champ, ok := champsDits[nom]
			if !ok {
				panic(fmt.Sprintf("no such word in %q: %q", dit, nom))
			}
			f.Champs[champ] = valeur
		}
	}
	return f
}

// deux makes the two records of a pair, of two flows unless they say theirs.
func deux(a, b string) (mednum.Fiche, mednum.Fiche) {
	x, y := fiche(a), fiche(b)
	if x.Cle == "" {
		x.Cle = "1"
	}
	if y.Cle == "" {
		y.Cle = "2"
	}
	if y.Flux == "a" && !strings.Contains(b, "flux=") {
		y.Flux = "b"
	}
	return x, y
}
