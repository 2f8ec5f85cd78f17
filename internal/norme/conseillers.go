package norme

import "82numerique.fr/adeuxpas/internal/mednum"

const producteurConseiller = "Conseillers numériques (ANCT)"

// formatConseillers is version 0 of the standard as the Conseillers numériques
// publish their permanences. Rows are declared by employers, and their hours may
// be those of the place or of the conseiller.
var formatConseillers = format{
	nom: "Conseillers numériques, standard v0",
	flux: mednum.Flux{
		ID: "conseillers-numeriques", Nom: "Permanences des conseillers numériques (ANCT)",
		Licence: mednum.LicenceOuverte, Confiance: 20, AgeMax: 12, HorairesAmbigus: true,
	},
	reconnait: estConseillers, lit: lireConseiller, renomme: true,
}

func estConseillers(doc *document) bool {
	return estV0(doc) && (doc.a["structureId"] || mednum.Normaliser(doc.premiere.v["source"]) == "conseiller numerique")
}

// lireConseiller reads a row of the Conseillers numériques permanences. Their
// label "France Services" follows the employer, not the place: it goes to
// review and never to the programmes.
func lireConseiller(b *brouillon, l ligne) string {
	b.identifier(l)
	b.fiche.Producteur = producteurConseiller
	return b.suivreV0(l, false)
}
