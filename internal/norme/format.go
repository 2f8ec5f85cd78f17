package norme

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The flows that readers give their records to. Confiance orders them: the
// France Services list is kept by hand by the ANCT, Conseillers numériques rows
// are declared by employers, a Fabriques row says only a town.
var (
	fluxFranceServices = mednum.Flux{
		ID: "france-services", Nom: "Liste des structures France services (ANCT)",
		URL:     "https://www.data.gouv.fr/fr/datasets/liste-des-structures-france-services/",
		Licence: "Licence Ouverte 2.0", Confiance: 30, AgeMax: 36,
	}
	fluxConseillers = mednum.Flux{
		ID: "conseillers-numeriques", Nom: "Permanences des conseillers numériques (ANCT)",
		Licence: "Licence Ouverte 2.0", Confiance: 20, AgeMax: 12, HorairesAmbigus: true,
	}
	fluxFabriques = mednum.Flux{
		ID: "fabriques-de-territoire", Nom: "Fabriques de territoire (ANCT)",
		Licence: "Licence Ouverte 2.0", Confiance: 10, AgeMax: 18,
	}
	fluxNorme = mednum.Flux{ID: "norme", Nom: "Standard des lieux de médiation numérique", Confiance: 20, AgeMax: 18}
)

// format is one layout of rows. lit fills the draft from a row and returns why
// the row is left out, "" otherwise. renomme says that equal names in
// different communes are told apart.
type format struct {
	nom     string
	flux    mednum.Flux
	lit     func(*brouillon, ligne) string
	renomme bool
}

// colonnesV0 are the columns that only version 0 of the standard has.
var colonnesV0 = []string{
	"labels_nationaux", "labels_autres", "publics_accueillis", "conditions_acces", "conditions_access",
	"courriel", "cle_ban", "accessibilite",
}

// reconnaitre tells the format from the names of the columns, and the
// Conseillers numériques from the source that their rows name.
func reconnaitre(doc document) (format, bool) {
	a := func(noms ...string) bool {
		return !slices.ContainsFunc(noms, func(nom string) bool { return !doc.colonnes[nom] })
	}
	v0 := slices.ContainsFunc(colonnesV0, func(nom string) bool { return doc.colonnes[nom] })
	switch {
	case a("id_fs", "lib_fs", "h_lundi"):
		return format{"France services", fluxFranceServices, lireFranceServices, true}, true
	case a("id_territoire", "lib_territoire", "id_geo"):
		return format{"Fabriques de territoire", fluxFabriques, lireFabrique, true}, true
	case a("id", "nom", "commune") && v0 && estConseillers(doc):
		return format{"Conseillers numériques, standard v0", fluxConseillers, lireConseiller, true}, true
	case a("id", "nom", "commune") && v0:
		return format{"standard v0", fluxNorme, lireV0, true}, true
	case a("id", "nom", "commune"):
		return format{"standard v1", fluxNorme, lireV1, false}, true
	case len(doc.colonnes) == 0 && doc.genre != "CSV":
		return format{"standard v1", fluxNorme, lireV1, false}, true // an export without a place
	}
	return format{}, false
}

func estConseillers(doc document) bool {
	return doc.colonnes["structureId"] ||
		len(doc.lignes) > 0 && mednum.Normaliser(doc.lignes[0].v["source"]) == "conseiller numerique"
}
