package mednum

import "slices"

// vocabulaires holds every closed list of the national standard v1.0.2, value
// by value, in the exact form of the schema's patterns and in its order.
//
// The pattern of formations_labels writes "Étapes numériques(La Poste)"
// without a space, while its description and the national library write one:
// readers take both, this form is the only one written.
var vocabulaires = map[Champ][]string{
	ChampItinerance: {"Itinérant", "Fixe"},
	ChampServices: {
		"Aide aux démarches administratives",
		"Maîtrise des outils numériques du quotidien",
		"Insertion professionnelle via le numérique",
		"Utilisation sécurisée du numérique",
		"Parentalité et éducation avec le numérique",
		"Loisirs et créations numériques",
		"Compréhension du monde numérique",
		"Accès internet et matériel informatique",
		"Acquisition de matériel informatique à prix solidaire",
	},
	ChampPublics: {"Jeunes", "Étudiants", "Familles et/ou enfants", "Seniors", "Femmes"},
	ChampPriseEnCharge: {
		"Surdité",
		"Handicaps moteurs",
		"Handicaps mentaux",
		"Illettrisme",
		"Langues étrangères (anglais)",
		"Langues étrangères (autres)",
		"Déficience visuelle",
	},
	ChampFraisACharge: {"Gratuit", "Gratuit sous condition", "Payant"},
	ChampDispositifs: {
		"Aidants Connect",
		"Bibliothèques numérique de référence",
		"Certification PIX",
		"Conseillers numériques",
		"Emmaüs Connect",
		"France Services",
		"Grande école du numérique",
		"La Croix Rouge",
		"Point d'accès numérique CAF",
		"Promeneurs du net",
		"Relais numérique (Emmaüs Connect)",
	},
	ChampFormationsLabels: {
		"Formé à « Mon Espace Santé »",
		"Formé à « DUPLEX » (illettrisme)",
		"Arnia/MedNum BFC (Bourgogne-Franche-Comté)",
		"Collectif ressources et acteurs réemploi (Normandie)",
		"Étapes numériques(La Poste)",
		"Fabriques de Territoire",
		"Les Éclaireurs du numérique (Drôme)",
		"Mes Papiers (Métropole de Lyon)",
		"ORDI 3.0",
		"SUD LABS (PACA)",
	},
	ChampModalitesAcces: {
		"Se présenter",
		"Téléphoner",
		"Contacter par mail",
		"Prendre un RDV en ligne",
		"Ce lieu n'accueille pas de public",
		"Envoyer un mail avec une fiche de prescription",
	},
	ChampModalitesAccompagn: {
		"En autonomie",
		"Accompagnement individuel",
		"Dans un atelier collectif",
		"À distance",
	},
}

// Vocabulaire lists the values that the standard allows in a column, in its
// order, nil for a column with free values. The caller owns the slice. For
// typologie, whose codes are in no schema, see Typologies.
func Vocabulaire(champ Champ) []string { return slices.Clone(vocabulaires[champ]) }

// EstValeur tells whether the value is in the column's vocabulary, exactly.
func EstValeur(champ Champ, valeur string) bool {
	return slices.Contains(vocabulaires[champ], valeur)
}

// ValeurDe finds the value of the vocabulary that a text means, whatever its
// accents, case, apostrophes and spaces ("etapes numeriques (la poste)" is
// "Étapes numériques(La Poste)"); ok is false when there is none.
func ValeurDe(champ Champ, texte string) (valeur string, ok bool) {
	valeur, ok = clesVocabulaires[champ][CleAvecArticle(texte)]
	return valeur, ok
}

// clesVocabulaires finds the values by their CleAvecArticle.
var clesVocabulaires = func() map[Champ]map[string]string {
	cles := make(map[Champ]map[string]string, len(vocabulaires))
	for champ, valeurs := range vocabulaires {
		cles[champ] = make(map[string]string, len(valeurs))
		for _, v := range valeurs {
			cles[champ][CleAvecArticle(v)] = v
		}
	}
	return cles
}()
