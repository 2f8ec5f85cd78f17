package mednum

// libelles name the columns, and what a place has beside them, as people say it.
var libelles = map[Champ]string{
	ChampPivot:                  "SIRET ou numéro RNA",
	ChampNom:                    "Nom",
	ChampCommune:                "Commune",
	ChampCodePostal:             "Code postal",
	ChampCodeInsee:              "Code INSEE de la commune",
	ChampAdresse:                "Adresse",
	ChampComplementAdresse:      "Complément d’adresse",
	ChampLatitude:               "Latitude",
	ChampLongitude:              "Longitude",
	ChampTypologie:              "Genre de structure",
	ChampTelephone:              "Téléphone",
	ChampCourriels:              "Adresse électronique",
	ChampSiteWeb:                "Site internet",
	ChampHoraires:               "Horaires",
	ChampPresentationResume:     "Présentation en bref",
	ChampPresentationDetail:     "Présentation",
	ChampSource:                 "Source",
	ChampItinerance:             "Fixe ou itinérant",
	ChampStructureParente:       "Structure qui porte le lieu",
	ChampDateMaj:                "Date de mise à jour",
	ChampServices:               "Aide proposée",
	ChampPublics:                "Publics accueillis",
	ChampPriseEnCharge:          "Besoins particuliers",
	ChampFraisACharge:           "Prix",
	ChampDispositifs:            "Programme ou label national",
	ChampFormationsLabels:       "Formation et label",
	ChampAutresFormationsLabels: "Autres formations et labels",
	ChampModalitesAcces:         "Comment venir ou demander",
	ChampModalitesAccompagn:     "Façon d’aider",
	ChampFicheAccesLibre:        "Fiche d’accessibilité",
	ChampPriseRDV:               "Prise de rendez-vous en ligne",

	champPosition:     "Position sur la carte",
	champPermanence:   "Permanence",
	champTenue:        "Personne qui tient la permanence",
	champException:    "Fermeture ou ouverture exceptionnelle",
	champSensHoraires: "Ce que disent les horaires",
	ChampLangues:      "Langues parlées",
	champStatut:       "État du lieu",
	champVerification: "Vérification",
	champAttente:      "Changement en attente",
}

// What a place has beside the columns of the standard, in Difference.Champ.
const (
	champPosition     Champ = "position"
	champPermanence   Champ = "permanence"
	champTenue        Champ = "permanence.compte"
	champException    Champ = "exception"
	champSensHoraires Champ = "sens_horaires"
	champStatut       Champ = "statut"
	champVerification Champ = "verifie_le"
	champAttente      Champ = "attente"
)

// Libelle names a column of the standard as people say it, for forms, errors
// and the history.
func (champ Champ) Libelle() string {
	if nom, ok := libelles[champ]; ok {
		return nom
	}
	return string(champ)
}

// libellesStatut say the states of a place.
var libellesStatut = map[Statut]string{
	StatutPropose:  "proposé",
	StatutPublie:   "publié",
	StatutFerme:    "fermé définitivement",
	StatutFusionne: "réuni avec un autre lieu",
	StatutRetire:   "retiré",
}

var libellesSens = map[SensHoraires]string{
	SensLieu: "les horaires du lieu",
	SensAide: "les horaires de l’aide",
}

var libellesPrecision = map[Precision]string{
	PrecisionRue:     "à l’adresse",
	PrecisionCommune: "au centre de la commune",
	PrecisionMain:    "placée à la main",
}
