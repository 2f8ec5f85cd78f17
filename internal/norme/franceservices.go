package norme

import (
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

const (
	itinerant    = "Itinérant"
	fixe         = "Fixe"
	producteurFS = "France services (ANCT)"
)

// formatFranceServices is the "Liste des structures France services", in the
// layouts of 2023 and of 2024. The ANCT keeps it by hand: it is the surest of all.
var formatFranceServices = format{
	nom: "France services",
	flux: mednum.Flux{
		ID: "france-services", Nom: "Liste des structures France services (ANCT)",
		URL:     "https://www.data.gouv.fr/fr/datasets/liste-des-structures-france-services/",
		Licence: mednum.LicenceOuverte, Confiance: 30, AgeMax: 36,
	},
	reconnait: func(doc *document) bool { return doc.aColonnes("id_fs", "lib_fs", "h_lundi") },
	lit:       lireFranceServices, renomme: true,
}

// servicesFranceServices is what the national mapping gives to every France
// Services row (LaMednum/standard-mediation-num).
var servicesFranceServices = []string{
	"Aide aux démarches administratives",
	"Insertion professionnelle via le numérique",
	"Maîtrise des outils numériques du quotidien",
	"Compréhension du monde numérique",
}

// lireFranceServices reads a row of the list. The row has no SIRET: pivot is the fourteen zeros.
// Itinérante and Bus_équivalent have a seat as address: their hours are not
// those of an office, so that horaires stays empty and the stops of the comment
// become permanences. labellisation_fs and groupe_fs have no column in the
// standard and are not kept.
func lireFranceServices(b *brouillon, l ligne) string {
	b.fiche.Cle = l.texte("id_fs")
	b.fiche.Producteur = producteurFS
	b.fiche.Familles = []mednum.Famille{mednum.FamilleFranceServices}
	commune := b.situer(l.texte("lib_com"), l.texte("code_postal"), l.texte("insee_com"), l.texte("adresse"), l.texte("complement_adresse"))
	nom := l.texte("lib_fs")
	b.nommer(nom, commune, "")
	b.localiser(l.texte("latitude"), l.texte("longitude"))
	b.mettre(mednum.ChampTypologie, "RFS")
	b.mettreListe(mednum.ChampServices, servicesFranceServices)
	b.mettre(mednum.ChampFraisACharge, "Gratuit")
	b.mettre(mednum.ChampDispositifs, "France Services")

	commentaire := b.commenter(l, nom+" "+commune)
	b.detailler(commentaire)
	b.appeler(l.texte("telephone"))
	b.ecrire(l.texte("mail"), nom, commune)
	jours, surRDV := b.lireSemaine(func(jour string) string { return l.texte("h_" + jour) })
	if mobile(l) {
		b.mettre(mednum.ChampItinerance, itinerant)
		b.itinerer(jours, l.texte("prise_rdv"), commentaire)
	} else {
		b.mettre(mednum.ChampItinerance, fixe)
		b.recevoir(jours, surRDV, l.texte("prise_rdv"), commentaire)
		if p, ok := lireAntenne(commentaire); ok {
			b.permanence(p)
		}
	}
	b.finir()
	return ""
}

// mobile tells the services on the move. The layout of 2024 says it in
// format_fs. That of 2023 has two columns: of its 295 rows with itinerance
// "Oui", those that format_fs_anct calls "Multi-sites", "Antenne" or "Lieu fixe"
// have an office, and the list of 2024 says so of nearly all of them.
func mobile(l ligne) bool {
	switch l.texte("format_fs_anct") {
	case "Mobile":
		return true
	case "":
		format := l.texte("format_fs")
		return format == "Itinérante" || format == "Bus_équivalent" || l.texte("itinerance") == "Oui"
	}
	return false
}

// commenter is the comment as people will read it: cleaned, tidy, without
// personal addresses; "" when it holds no word.
func (b *brouillon) commenter(l ligne, contexte string) string {
	c := soigner(enLigne(b.taireCourriels(nettoyer(l.v["commentaire"]), contexte)))
	if mednum.Normaliser(c) == "" {
		return ""
	}
	return majuscule(c)
}

// lireSemaine reads the hours of the seven days, each by its French name: all the hours, and those that ask
// for an appointment. A text that is not understood to its end stays in the
// details and goes to a person, and so does a day whose hours change in the
// year.
func (b *brouillon) lireSemaine(heures func(jour string) string) (jours [7][]horaires.Plage, surRDV []creneau) {
	for j, nom := range nomsJours {
		ecrit := heures(nom)
		lue := horaires.LireJour(j, ecrit)
		plages, rdv, ok := plagesDuJour(j, lue)
		switch {
		case !ok:
			b.detailler(majuscule(nom) + " : " + ecrit + ".")
			b.douter(mednum.ChampHoraires, nom+" : "+ecrit, "", raisons(lue))
			continue
		case lue.SansRendezVous != nil && len(plages) == 0 && !*lue.SansRendezVous:
			b.detailler(majuscule(nom) + " : " + ecrit + ".")
		}
		jours[j] = plages
		if len(rdv) > 0 {
			surRDV = append(surRDV, creneau{jour: j, plages: rdv})
		}
	}
	return jours, surRDV
}

// plagesDuJour is the hours of a day that every week has, with those that ask
// for an appointment apart too; a day by appointment at no hours has none.
func plagesDuJour(j int, lue horaires.Lecture) (plages, rdv []horaires.Plage, ok bool) {
	if !lue.Certaine() || lue.Expression == nil {
		return nil, nil, lue.Certaine()
	}
	for _, r := range lue.Expression.Regles() {
		if len(r.Feries) > 0 {
			return nil, nil, false
		}
		if !r.Toujours && len(r.Heures) == 0 {
			return nil, nil, true
		}
	}
	semaine, ok := lue.Expression.Ordinairement()
	for _, c := range semaine[j] {
		plages = append(plages, c.Plage)
		if c.Etat == horaires.Inconnu {
			rdv = append(rdv, c.Plage)
		}
	}
	return plages, rdv, ok
}

// itinerer sets what is known of a service on the move.
func (b *brouillon) itinerer(jours [7][]horaires.Plage, priseRDV, commentaire string) {
	arrets := lireTournee(commentaire, jours)
	for _, p := range arrets {
		b.permanence(p)
	}
	if commentaire != "" && len(arrets) == 0 {
		b.douter(mednum.ChampPresentationDetail, commentaire, "", "tournée décrite en toutes lettres, non comprise")
	}
	if semaine := horaires.Composer(jours); semaine != "" {
		b.remarquer(mednum.ChampHoraires, semaine, "", "service itinérant : ces horaires ne sont pas ceux d’un bureau à l’adresse du siège")
		if len(arrets) == 0 || arrets[0].Regle == "" {
			b.detailler("Horaires du service itinérant, " + direRegle(semaine) + ".")
		}
	}
	if priseRDV != "" {
		b.mettre(mednum.ChampModalitesAcces, "Téléphoner")
	}
}
