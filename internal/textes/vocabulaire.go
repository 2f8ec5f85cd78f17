package textes

// The values of the national standard are written for files. These are the
// words that a visitor reads instead; a value without an entry is shown as the
// standard writes it.

var services = map[string]string{
	"Aide aux démarches administratives":                    "Faire une démarche en ligne avec vous",
	"Maîtrise des outils numériques du quotidien":           "Apprendre à se servir d’un ordinateur, d’un téléphone, d’internet",
	"Insertion professionnelle via le numérique":            "Chercher un emploi, faire un CV",
	"Utilisation sécurisée du numérique":                    "Éviter les arnaques, protéger ses mots de passe",
	"Parentalité et éducation avec le numérique":            "Accompagner les enfants et l’école avec le numérique",
	"Loisirs et créations numériques":                       "Créer et s’amuser avec le numérique",
	"Compréhension du monde numérique":                      "Comprendre internet et le numérique",
	"Accès internet et matériel informatique":               "Utiliser un ordinateur et internet sur place",
	"Acquisition de matériel informatique à prix solidaire": "Acheter du matériel à petit prix",
}

// Service says a service of the standard in the words of those who need it.
func Service(valeur string) string { return dire(services, valeur) }

var familles = map[string]string{
	"france_services": "France Services",
	"mediation":       "Médiation numérique",
	"tiers_lieu":      "Tiers-lieu",
}

// Famille names a family of places.
func Famille(valeur string) string { return dire(familles, valeur) }

var dispositifs = map[string]string{
	"Aidants Connect":                      "Aidants Connect : faire la démarche à votre place, avec votre accord",
	"Bibliothèques numérique de référence": "Bibliothèque numérique de référence",
	"Certification PIX":                    "Certification Pix : faire reconnaître ce que vous savez faire",
	"Conseillers numériques":               "Conseiller numérique : vous former, pas à pas",
	"Point d'accès numérique CAF":          "Point d’accès numérique de la CAF",
	"Emmaüs Connect":                       "Emmaüs Connect : téléphone et internet à petit prix",
}

// Dispositif explains a national programme or a label.
func Dispositif(valeur string) string { return dire(dispositifs, valeur) }

var acces = map[string]string{
	"Se présenter":                                   "Venir sans rendez-vous",
	"Téléphoner":                                     "Téléphoner",
	"Contacter par mail":                             "Écrire un courriel",
	"Prendre un RDV en ligne":                        "Prendre rendez-vous sur internet",
	"Ce lieu n'accueille pas de public":              "Ce lieu n’accueille pas de public",
	"Envoyer un mail avec une fiche de prescription": "Être orienté par un travailleur social",
}

// ModaliteAcces says one way to come.
func ModaliteAcces(valeur string) string { return dire(acces, valeur) }

var accompagnements = map[string]string{
	"En autonomie":              "Seul, avec le matériel du lieu",
	"Accompagnement individuel": "Avec une personne qui vous aide",
	"Dans un atelier collectif": "En petit groupe",
	"À distance":                "À distance",
}

// ModaliteAccompagnement says how help is given.
func ModaliteAccompagnement(valeur string) string { return dire(accompagnements, valeur) }

var publics = map[string]string{
	"Familles et/ou enfants": "Familles et enfants",
	"Seniors":                "Personnes âgées",
}

// Public names a public of the standard.
func Public(valeur string) string { return dire(publics, valeur) }

var champs = map[string]string{
	"familles":                        "Genre de lieu",
	"services":                        "Ce que vous cherchez",
	"publics_specifiquement_adresses": "Public",
	"prise_en_charge_specifique":      "Besoin particulier",
	"frais_a_charge":                  "Prix",
	"dispositif_programmes_nationaux": "Programme ou label national",
	"formations_labels":               "Formation et label",
	"modalites_acces":                 "Comment venir ou demander",
	"modalites_accompagnement":        "Façon d’aider",
	"typologie":                       "Genre de structure",
	"langues":                         "Langues parlées",
	"itinerance":                      "Fixe ou itinérant",
}

// Champ names a column of the standard as a filter's title.
func Champ(nom string) string { return dire(champs, nom) }

// Valeur says a value of a column of the standard, or of "familles".
func Valeur(champ, valeur string) string {
	switch champ {
	case "familles":
		return Famille(valeur)
	case "services":
		return Service(valeur)
	case "publics_specifiquement_adresses":
		return Public(valeur)
	case "dispositif_programmes_nationaux":
		return Dispositif(valeur)
	case "modalites_acces":
		return ModaliteAcces(valeur)
	case "modalites_accompagnement":
		return ModaliteAccompagnement(valeur)
	}
	return valeur
}

func dire(mots map[string]string, valeur string) string {
	if m, ok := mots[valeur]; ok {
		return m
	}
	return valeur
}
