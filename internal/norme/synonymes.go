package norme

import (
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// synonymes are the names that people give to columns, by what they are: one
// target a line, then its names. Accents, case, hyphens and underscores do not
// count. Words that are written on columns of several kinds ("contact",
// "remarques", "numéro") are in none: a person says what they are.
const synonymes = `
id: identifiant, identifiant unique, identifiant du lieu, id lieu, id structure, ref, référence, uid, uuid, code lieu
pivot: siret, numéro siret, n siret, siret structure, siret de la structure, rna
nom: nom du lieu, nom lieu, nom de la structure, nom structure, nom de l'établissement, nom établissement, nom du site, nom usuel, structure, lieu, établissement, intitulé, intitulé du lieu, dénomination, raison sociale, libellé, désignation, name, title
commune: ville, nom de la commune, nom commune, libellé commune, lib com, nom com, commune du lieu, ville du lieu, localité, municipalité, city, code postal et ville, code postal et commune, cp ville, cp et ville, cp commune
code_postal: cp, postal, zip, postcode, code postal du lieu
code_insee: insee, code insee commune, code insee de la commune, code commune, code commune insee, insee com, num insee, citycode
adresse: rue, voie, nom de voie, nom de la voie, libellé voie, adresse 1, adresse du lieu, adresse lieu, numéro et voie, numéro et rue, n et rue, adresse rue, street, adresse postale, ligne adresse
adresse_complete: adresse complète, adresse entière, adresse postale complète, full address, geo adresse, adresse géographique
numero_voie: numéro de voie, numéro de rue, numéro rue, numéro voie, n de voie, n voie, n rue, num voie, num rue, no voie
complement_adresse: complément, complément d'adresse, adresse 2, adresse complément, bâtiment, lieu dit
latitude: lat, latitude wgs84, y
longitude: lon, lng, long, longitude wgs84, x
coordonnees: coordonnées gps, gps, coordonnées géographiques, point gps, géolocalisation, latlon, lat lon, latitude longitude, geo point, geo point 2d, geopoint
typologie: type de structure, type de lieu, type structure, type lieu, type d'établissement, genre de structure, genre
telephone: téléphone, tél, tel, tel 1, tel 2, téléphone 1, téléphone 2, numéro de téléphone, numéro téléphone, n de téléphone, n téléphone, num tel, téléphone fixe, tel fixe, téléphone portable, portable, téléphone du lieu, téléphone accueil, phone
courriels: courriel, mail, mails, email, emails, e-mail, mél, adresse mail, adresse email, adresse e-mail, adresse électronique, courrier électronique, courriel du lieu, mail du lieu, courriel de contact, mail de contact, email de contact, mail accueil
site_web: site, site internet, sites, url, adresse du site, adresse internet, page web, web, website, lien, lien internet, url du site
horaires: horaire, heures d'ouverture, horaires d'ouverture, horaires d'accueil, jours et horaires, jours et heures d'ouverture, jours et horaires d'ouverture, ouverture, ouvertures, horaires du lieu, opening hours
presentation_resume: résumé, présentation résumé, présentation courte, description courte, en bref
presentation_detail: présentation, présentation détaillée, description, descriptif, présentation du lieu, description du lieu, informations pratiques, infos pratiques
source: producteur, origine, source des données
itinerance: itinérant, fixe ou itinérant
structure_parente: structure porteuse, porteur, structure employeuse, employeur, gestionnaire, organisme gestionnaire, organisme porteur, structure de rattachement
date_maj: date de mise à jour, date mise à jour, date de maj, date maj, mise à jour, maj, mis à jour le, dernière mise à jour, date de dernière mise à jour, date de modification, modifié le, updated at, last update
services: service, aide proposée, aides proposées, offre, offre de services, services proposés, services offerts, prestations, accompagnements proposés, activités
publics_specifiquement_adresses: public, publics, publics accueillis, public accueilli, publics cibles, public cible, publics visés
prise_en_charge_specifique: prise en charge, prises en charge, besoins particuliers, handicaps pris en charge
frais_a_charge: frais, tarif, tarifs, prix, coût, coûts, conditions tarifaires, conditions financières, gratuit ou payant
dispositif_programmes_nationaux: dispositif, dispositifs, programme national, programmes nationaux, label national, labels nationaux, labels, label
formations_labels: formations et labels
autres_formations_labels: autres labels, autres formations et labels, labels autres
modalites_acces: modalités d'accès, modalité d'accès, accès, comment venir, modes d'accès
modalites_accompagnement: modalités d'accompagnement, modalité d'accompagnement, type d'accompagnement, types d'accompagnement, mode d'accompagnement
fiche_acces_libre: acceslibre, fiche acceslibre, accessibilité, lien acceslibre
prise_rdv: prise de rdv, prise de rendez-vous, rdv en ligne, rendez-vous en ligne, lien rdv, lien de rendez-vous, url rdv
lundi: h lundi, horaires lundi, horaire lundi, horaires du lundi, lun
mardi: h mardi, horaires mardi, horaire mardi, horaires du mardi, mar
mercredi: h mercredi, horaires mercredi, horaire mercredi, horaires du mercredi, mer
jeudi: h jeudi, horaires jeudi, horaire jeudi, horaires du jeudi, jeu
vendredi: h vendredi, horaires vendredi, horaire vendredi, horaires du vendredi, ven
samedi: h samedi, horaires samedi, horaire samedi, horaires du samedi, sam
dimanche: h dimanche, horaires dimanche, horaire dimanche, horaires du dimanche, dim
frais_a_charge:Gratuit: gratuit, gratuité, accès gratuit, service gratuit
frais_a_charge:Payant: payant, accès payant
services:Accès internet et matériel informatique: wifi, wi-fi, accès internet, connexion internet, ordinateurs, ordinateur en libre accès, ordinateurs en libre accès, postes informatiques, accès à un ordinateur, matériel informatique
services:Aide aux démarches administratives: aide aux démarches, démarches administratives, démarches en ligne, aide aux démarches en ligne
modalites_acces:Se présenter: sans rendez-vous, sans rdv, accueil sans rendez-vous
modalites_accompagnement:Dans un atelier collectif: ateliers, atelier collectif, ateliers collectifs
modalites_accompagnement:Accompagnement individuel: accompagnement individuel, accompagnements individuels
modalites_accompagnement:À distance: à distance, accompagnement à distance
dispositif_programmes_nationaux:Conseillers numériques: conseiller numérique, cnfs
dispositif_programmes_nationaux:France Services: labellisé france services
`

// autresColonnes are the columns of the formats that name their own, by which a
// header is told from a title.
const autresColonnes = `id_fs lib_fs insee_com code_postal h_lundi id_territoire lib_territoire id_geo labels_nationaux labels_autres
	publics_accueillis conditions_acces cle_ban structure_id thematiques horaires_accueil reseaux_porteurs accessibilite_lieu siret`

// ciblesDesNoms are the targets by the key of a column's name.
var ciblesDesNoms = func() map[string]string {
	cibles := make(map[string]string)
	for l := range strings.Lines(synonymes) {
		i := strings.LastIndex(l, ": ")
		if i < 0 {
			continue
		}
		for nom := range strings.SplitSeq(l[i+2:], ",") {
			cibles[mednum.CleAvecArticle(nom)] = l[:i]
		}
		cibles[mednum.CleAvecArticle(l[:i])] = l[:i]
	}
	for _, champ := range mednum.ChampsNorme {
		for _, valeur := range mednum.Vocabulaire(champ) { // a column of yes and no for each
			cibles[mednum.CleAvecArticle(valeur)] = string(champ) + ":" + valeur
		}
	}
	for _, champ := range mednum.ChampsNorme {
		cibles[mednum.CleAvecArticle(string(champ))] = string(champ)
	}
	// "itinérant" and "gratuit" are columns of a word, or of yes and no: the
	// reader of their values takes both.
	cibles["itinerant"] = string(mednum.ChampItinerance)
	return cibles
}()

var colonnesConnues = func() map[string]bool {
	connues := make(map[string]bool)
	for cle, cible := range ciblesDesNoms {
		if !strings.Contains(cible, ":") { // a cell may hold such a word too: it tells no header
			connues[cle] = true
		}
	}
	for nom := range strings.FieldsSeq(autresColonnes) {
		connues[mednum.CleAvecArticle(nom)] = true
	}
	return connues
}()

func estColonneConnue(nom string) bool { return colonnesConnues[mednum.CleAvecArticle(nom)] }

// cibleDuNom is what a column is from its name alone, "" when that is not
// certain.
func cibleDuNom(nom string) string { return ciblesDesNoms[mednum.CleAvecArticle(nom)] }
