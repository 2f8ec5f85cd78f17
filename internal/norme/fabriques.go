package norme

import (
	"regexp"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// AdresseInconnue stands for a street that the source does not give: the
// standard wants one.
const AdresseInconnue = "Adresse non précisée"

const producteurFabriques = "Fabriques de territoire (ANCT)"

// formatFabriques is the GeoJSON of the ANCT: a row says only a town.
var formatFabriques = format{
	nom: "Fabriques de territoire",
	flux: mednum.Flux{
		ID: "fabriques-de-territoire", Nom: "Fabriques de territoire (ANCT)",
		Licence: mednum.LicenceOuverte, Confiance: 10, AgeMax: 18,
	},
	reconnait: func(doc *document) bool { return doc.aColonnes("id_territoire", "lib_territoire", "id_geo") },
	lit:       lireFabrique, renomme: true,
}

var motifPorteur = regexp.MustCompile(`^(?:communaute|cc|ca|commune|mairie|ville|metropole|syndicat|departement|agglomeration)\b|\b(?:agglo|agglomeration|communaute de communes)$`)

// lireFabrique reads a feature of the Fabriques de territoire: a name, often
// that of who carries the project, and a commune. There is no address, no
// postal code (the importer gives it from the gazetteer) and no service; the
// point is somewhere in the commune.
func lireFabrique(b *brouillon, l ligne) string {
	b.fiche.Cle = l.texte("id_territoire")
	b.fiche.Producteur = producteurFabriques
	b.fiche.Familles = []mednum.Famille{mednum.FamilleTiersLieu}
	commune := b.situer(l.texte("lib_geo"), "", l.texte("id_geo"), "", "")
	b.mettre(mednum.ChampAdresse, AdresseInconnue)
	b.remarquer(mednum.ChampAdresse, "", AdresseInconnue, "la source ne donne que la commune")
	b.nommerFabrique(nettoyer(l.v["lib_territoire"]), commune)
	b.localiser(l.texte("latitude"), l.texte("longitude"))
	b.fiche.Precision = mednum.PrecisionCommune
	b.mettre(mednum.ChampFormationsLabels, "Fabriques de Territoire")
	b.douter(mednum.ChampServices, "", "", "la source ne dit pas ce que le lieu propose")
	b.finir()
	if b.fiche.Champs[mednum.ChampLatitude] == "" {
		b.fiche.Precision = ""
	}
	return ""
}

// nommerFabrique sets the name. A local authority carries the project and is
// not the place: it goes to structure_parente.
func (b *brouillon) nommerFabrique(ecrit, commune string) {
	nom, suite, _ := strings.Cut(ecrit, "\n")
	b.detailler(enLigne(suite))
	nom = enLigne(nom)
	if motifPorteur.MatchString(mednum.Normaliser(nom)) {
		porteur := nom
		if enCapitales(nom) {
			porteur = majuscule(decapitaler(nom, commune))
		}
		b.mettre(mednum.ChampStructureParente, porteur)
		fabrique := "Fabrique de territoire " + deNom(commune)
		b.mettre(mednum.ChampNom, fabrique)
		b.remarquer(mednum.ChampNom, nom, fabrique, "le nom écrit est celui de la collectivité qui porte le lieu")
		return
	}
	b.nommer(nom, commune, "")
}
