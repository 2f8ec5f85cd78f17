package norme

import "82numerique.fr/adeuxpas/internal/mednum"

// themesInclusion gives the service of each digital theme of schema v1, and of
// the themes of other families that speak of digital matters; "" is for one that
// names no service. Themes "numerique--…" of schema v0 are the words of the
// standard v0.
var themesInclusion = map[string]string{
	"numerique": "",
	"numerique--acceder-a-des-services-en-ligne":                   "Aide aux démarches administratives",
	"numerique--acceder-a-une-connexion-internet":                  "Accès internet et matériel informatique",
	"numerique--acquerir-un-equipement":                            "Acquisition de matériel informatique à prix solidaire",
	"numerique--maitriser-les-fondamentaux-du-numerique":           "Maîtrise des outils numériques du quotidien",
	"equipement-et-alimentation--acces-a-du-materiel-informatique": "Accès internet et matériel informatique",
	"illettrisme--utiliser-numerique":                              "Maîtrise des outils numériques du quotidien",
	"se-former--utiliser-le-numerique":                             "Maîtrise des outils numériques du quotidien",
}

type porteur struct {
	champ     mednum.Champ
	valeur    string
	numerique bool
}

func typologie(code string) porteur { return porteur{champ: mednum.ChampTypologie, valeur: code} }

// reseauxInclusion gives what a network of data·inclusion makes of a structure.
// Those that make it a place of digital help are marked.
var reseauxInclusion = map[string]porteur{
	"conseillers-numeriques":      {mednum.ChampDispositifs, "Conseillers numériques", true},
	"aidants-connect":             {mednum.ChampDispositifs, "Aidants Connect", true},
	"grandes-ecoles-du-numerique": {mednum.ChampDispositifs, "Grande école du numérique", true},
	"fabrique-de-territoire":      {mednum.ChampFormationsLabels, "Fabriques de Territoire", true},
	"espaces-publics-numeriques":  {mednum.ChampTypologie, "EPN", true},
	"france-service":              {mednum.ChampTypologie, "RFS", true},
	"croix-rouge":                 {mednum.ChampDispositifs, "La Croix Rouge", false},

	"afpa": typologie("AFPA"), "ase": typologie("ASE"), "caarud": typologie("CAARUD"), "cada": typologie("CADA"), "caf": typologie("CAF"),
	"cap-emploi-reseau-cheops": typologie("CAP_EMPLOI"), "cava": typologie("CAVA"), "chambres-consulaires": typologie("CCONS"),
	"chrs": typologie("CHRS"), "chu": typologie("CHU"), "cidff": typologie("CIDFF"), "cmp": typologie("CMP"), "cms": typologie("CMS"),
	"cpam": typologie("CPAM"), "cph": typologie("CPH"), "creches-avip": typologie("AVIP"), "csapa": typologie("CSAPA"),
	"ecoles-de-la-deuxieme-chance": typologie("E2C"), "epide": typologie("EPIDE"), "fcsf": typologie("CS"), "france-travail": typologie("FT"),
	"geiq": typologie("GEIQ"), "huda": typologie("HUDA"), "la-poste": typologie("LA_POSTE"), "maisons-de-l-emploi": typologie("MDE"),
	"maisons-des-solidarites": typologie("MDS"), "mission-locale": typologie("ML"), "mjc": typologie("MJC"), "msap": typologie("MSAP"),
	"mutualite-sociale-agricole": typologie("MSA"), "pimms-mediation": typologie("PIMMS"), "pjj": typologie("PJJ"), "plie": typologie("PLIE"),
	"points-justice": typologie("PAD"), "reseau-information-jeunesse": typologie("PIJ_BIJ"), "residences-fjt": typologie("RS_FJT"),
	"ressourceries": typologie("RESSOURCERIE"), "spip": typologie("SPIP"), "unaf": typologie("UDAF"),
}

var fraisInclusion = map[string]valeur{
	"gratuit":                 {champ: mednum.ChampFraisACharge, valeur: "Gratuit"},
	"gratuit-sous-conditions": {champ: mednum.ChampFraisACharge, valeur: "Gratuit sous condition"},
	"payant":                  {champ: mednum.ChampFraisACharge, valeur: "Payant"},
	"adhesion":                {champ: mednum.ChampFraisACharge, valeur: "Payant", detail: "Il faut adhérer."},
	"pass-numerique":          {detail: "Accepte le Pass numérique."},
}

// publicsInclusion: "tous-publics" and its like need no value.
var publicsInclusion = map[string]string{
	"etudiants": "Étudiants", "familles": "Familles et/ou enfants", "femmes": "Femmes", "jeunes": "Jeunes", "seniors": "Seniors",
	"tous-publics": "", "adultes": "",
}

var modesInclusion = map[string]string{
	"se-presenter": "Se présenter", "telephoner": "Téléphoner", "envoyer-un-courriel": "Contacter par mail", "envoyer-un-email": "Contacter par mail",
}
