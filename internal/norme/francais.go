package norme

import (
	"strings"
	"unicode"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// petitsMots stay in lower case within a name.
var petitsMots = ensemble(`a au aux d de des du en et l la le les lez lès ou par pour sans sous sur un une`)

// sigles stay in capitals.
var sigles = ensemble(`afpa adapei adil adie adis admr apf bij caf ca cc ccas cd cdc cfppa chrs cias cidff cij cio cll cms cnfs
	cpam cpie cr crij csc cs cu cuma ehpad epcc epci epn esat fjep fjt fse geiq gip greta ij iut mda mde mdef mdph mds mdsi
	mfr mje mjc mpt msa msap ods ops pad pep pij plie pmi qpv ram sci scic scop sivom sivu smictom sos spip spl udaf umij urcidff`)

// nomsCommuns are the field's own words, as they are written in a sentence:
// capitals lose accents, and these words give them back.
var nomsCommuns = dictionnaire(`accès accueil action administratif administrative actions adultes agence agglomération agricole agriculture
	agriculteurs aide aidants âge âgées animation antenne artisanat artisans associatif associative association associations atelier ateliers
	bibliothèque bibliothèques bourg bureau café caisse canton centre centres chambre chambres château cité citoyenneté collectif
	collectivité collège comité commerce communal communale communauté commune communes compétences conseil coopérative
	créations culture culturel culturelle cyber département départements départemental départementale départementales développement droits école
	écoles économie économique éducation éducatif emploi emplois enfance enfants enseignement ensemble entraide entreprise entreprises espace
	fabrique familial familiale familiales famille familles fédération femmes formation foyer foyers gens gestion groupe groupement
	habitants handicap handicapées hôpital industrie information informatique innovation insertion intercommunal
	intercommunale intergénérationnel intergénérationnelle inter international jeune jeunes jeunesse laïque laïques lecture liaison lieu
	local locale locales logement loisirs lycée mairie maison maisons médiathèque médiation métiers métropole mission missions mixte mobile mobilité
	municipal municipale mutualité mutuelle national nationale numérique numériques office or parents parentalité personnes
	place plateforme pluriel point pôle populaire porte prévention professionnel professionnelle projet projets promotion protection public publics
	publique pupilles quartier quartiers recherche régie région régional régionale relais réseau réinsertion ressource
	ressources retraités rural rurale ruraux santé secteur sénior séniors service service sociaux social sociale sociales socio socioculturel
	socioculturelle solidaire solidaires solidarité solidarités sport sportif sportive syndicat technique technologies territoire territorial
	territoriale territoires tiers travail travailleurs union universitaire université urbain urbaine vie village ville vivre voyage
	janvier février mars avril mai juin juillet août septembre octobre novembre décembre`)

// accents are words that begin with a capital in names and addresses, and that
// capitals leave without their accents.
var accents = dictionnaire(`Abbé Abbés Âge Amitié Amitiés Bérégovoy Cathédrale Château Châteaux Collège Comète Cordelières Dolmen Écluse Église Églises Égalité Été Étienne
	Europe Évêché Évêque François Frédéric Félix Général Générale Gérard Gorges Hélène Hérault Hôpital Hôtel Île Îles Jaurès Jérôme Léon Liberté Libération Léo Maréchal
	Médecin Mémoire Métairie Musée Pépinière Père Pères Préfecture Prés Pré Président Pyrénées Quercy René Résidence Résistance République Rivière Rivières Sèvres Théâtre
	Trésor Université Vallée Vallées Vélodrome Vézère`)

// abregesSirene are words that the SIRENE register cuts short.
var abregesSirene = map[string]string{
	"accomp": "accompagnement", "adm": "administration", "anim": "animation", "animat": "animation", "ass": "association",
	"asso": "association", "assoc": "association", "assos": "associations", "cathol": "catholique", "com": "communal", "comm": "communauté",
	"ctre": "centre", "cult": "culturel", "cultur": "culturel", "dep": "départementale", "depart": "département", "dept": "département", "dev": "développement",
	"develop": "développement", "dvpt": "développement", "educ": "éducation", "enf": "enfants", "enseign": "enseignement", "fam": "familles", "famil": "familiales",
	"fed": "fédération", "form": "formation", "gest": "gestion", "gne": "Garonne", "inser": "insertion", "intercom": "intercommunal",
	"loc": "locale", "mis": "mission", "munic": "municipale", "nat": "national", "pers": "personnes", "prof": "professionnelle", "reg": "régional",
	"soc": "social", "solid": "solidarité", "synd": "syndicat", "terr": "territoire", "univ": "université",
}

// expressions are read as a whole, the longest first: a name of several words
// whose own spelling no rule gives.
var expressions = cles(map[string]string{
	"centre communal action sociale":                   "centre communal d'action sociale",
	"centre communal d action sociale":                 "centre communal d'action sociale",
	"centre com action sociale":                        "centre communal d'action sociale",
	"ctre com action sociale":                          "centre communal d'action sociale",
	"ctre communal action sociale":                     "centre communal d'action sociale",
	"centre intercommunal d action sociale":            "centre intercommunal d'action sociale",
	"croix rouge":                                      "Croix-Rouge",
	"croix rouge francaise":                            "Croix-Rouge française",
	"secours populaire francais":                       "Secours populaire français",
	"secours catholique":                               "Secours catholique",
	"emmaus":                                           "Emmaüs",
	"emmaus connect":                                   "Emmaüs Connect",
	"emmaus connect fondateur abbe pierre":             "Emmaüs Connect",
	"france services":                                  "France services",
	"france handicap":                                  "France handicap",
	"france travail":                                   "France Travail",
	"pole emploi":                                      "Pôle emploi",
	"la poste":                                         "La Poste",
	"familles rurales":                                 "Familles rurales",
	"geronto":                                          "Géronto",
	"harmonie mutuelle":                                "Harmonie mutuelle",
	"ligue enseignement":                               "Ligue de l'enseignement",
	"ligue de l enseignement":                          "Ligue de l'enseignement",
	"ligue enseignement fed":                           "Ligue de l'enseignement, fédération",
	"maison dep personnes handicapees":                 "maison départementale des personnes handicapées",
	"maison services au public":                        "maison de services au public",
	"maison de services au public":                     "maison de services au public",
	"centre regional information jeunesse":             "centre régional information jeunesse",
	"mis local insertion prof jeunes":                  "Mission locale",
	"mission locale insertion prof jeunes":             "Mission locale",
	"mission locale insertion professionnelle jeunes":  "Mission locale",
	"mission locale jeunes":                            "Mission locale",
	"mission locale emploi jeunes":                     "Mission locale",
	"mission locale":                                   "Mission locale",
	"tiers lieu":                                       "tiers-lieu",
	"union dep associations familiales":                "Union départementale des associations familiales (UDAF)",
	"union departementale associations familiales":     "Union départementale des associations familiales (UDAF)",
	"union departementale des associations familiales": "Union départementale des associations familiales (UDAF)",
})

// departements in the order of their codes: their names hold hyphens and
// accents that capitals lose, and SIRENE cuts them ("TARN GNE").
var departements = cles(nomsDepartements(`Ain,Aisne,Allier,Alpes-de-Haute-Provence,Hautes-Alpes,Alpes-Maritimes,Ardèche,Ardennes,Ariège,Aube,Aude,
Aveyron,Bouches-du-Rhône,Calvados,Cantal,Charente,Charente-Maritime,Cher,Corrèze,Corse-du-Sud,Haute-Corse,Côte-d'Or,Côtes-d'Armor,Creuse,
Dordogne,Doubs,Drôme,Eure,Eure-et-Loir,Finistère,Gard,Haute-Garonne,Gers,Gironde,Hérault,Ille-et-Vilaine,Indre,Indre-et-Loire,Isère,Jura,
Landes,Loir-et-Cher,Loire,Haute-Loire,Loire-Atlantique,Loiret,Lot,Lot-et-Garonne,Lozère,Maine-et-Loire,Manche,Marne,Haute-Marne,Mayenne,
Meurthe-et-Moselle,Meuse,Morbihan,Moselle,Nièvre,Nord,Oise,Orne,Pas-de-Calais,Puy-de-Dôme,Pyrénées-Atlantiques,Hautes-Pyrénées,
Pyrénées-Orientales,Bas-Rhin,Haut-Rhin,Rhône,Haute-Saône,Saône-et-Loire,Sarthe,Savoie,Haute-Savoie,Paris,Seine-Maritime,Seine-et-Marne,
Yvelines,Deux-Sèvres,Somme,Tarn,Tarn-et-Garonne,Var,Vaucluse,Vendée,Vienne,Haute-Vienne,Vosges,Yonne,Territoire de Belfort,Essonne,
Hauts-de-Seine,Seine-Saint-Denis,Val-de-Marne,Val-d'Oise,Guadeloupe,Martinique,Guyane,La Réunion,Mayotte`))

// nomsDepartements gives each name under its usual short forms too: without
// "et", "de" or "du", and with "Garonne" cut to "Gne".
func nomsDepartements(liste string) map[string]string {
	noms := make(map[string]string)
	for nom := range strings.SplitSeq(strings.ReplaceAll(liste, "\n", ""), ",") {
		noms[nom] = nom
		mots := strings.Fields(mednum.Normaliser(nom))
		var courts []string
		for _, mot := range mots {
			if !petitsMots[mot] {
				courts = append(courts, mot)
			}
		}
		if len(courts) > 1 {
			court := strings.Join(courts, " ")
			noms[court] = nom
			noms[strings.ReplaceAll(court, "garonne", "gne")] = nom
			noms[strings.ReplaceAll(strings.Join(mots, " "), "garonne", "gne")] = nom
		}
	}
	return noms
}

func ensemble(mots string) map[string]bool {
	e := make(map[string]bool)
	for mot := range strings.FieldsSeq(mots) {
		e[mot] = true
	}
	return e
}

func dictionnaire(mots string) map[string]string {
	d := make(map[string]string)
	for mot := range strings.FieldsSeq(mots) {
		d[mednum.Normaliser(mot)] = mot
	}
	return d
}

func cles(noms map[string]string) map[string]string {
	d := make(map[string]string, len(noms))
	for nom, ecrit := range noms {
		d[mednum.Normaliser(nom)] = ecrit
	}
	return d
}

// deNom is "de" before the name of a commune: "de Caumont", "d'Auvillar", "du
// Fauga", "des Barthes". The apostrophe is the standard's, ASCII.
func deNom(nom string) string {
	mots := strings.SplitN(nom, " ", 2)
	if len(mots) == 2 {
		switch mots[0] {
		case "Le":
			return "du " + mots[1]
		case "Les":
			return "des " + mots[1]
		}
	}
	if voyelle(nom) {
		return "d'" + nom
	}
	return "de " + nom
}

// voyelle tells whether "de" is elided before a name: a vowel, a y that makes
// one (Ytrac), the mute h of Hyères or Hérouville. It is the rule of textes.De,
// which this room may not import.
func voyelle(nom string) bool {
	n := mednum.Normaliser(nom)
	if len(n) < 2 {
		return false
	}
	switch n[0] {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	case 'y':
		return !strings.ContainsRune("aeiou", rune(n[1]))
	case 'h':
		return n[1] == 'y' || n[1] == 'e'
	}
	return false
}

// titre writes a word with a capital after each hyphen or apostrophe:
// "SAINT-ANTONIN" gives "Saint-Antonin", "L'ISLE" "L'Isle".
func titre(mot string) string {
	debut := true
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			debut = true
			return r
		}
		if debut {
			debut = false
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, mot)
}
