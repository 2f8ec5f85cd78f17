package norme

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var (
	ouis = ensemble("oui o yes y vrai true x ok 1")
	nons = ensemble("non n no faux false 0 aucun aucune neant")
)

// lireOuiNon reads a cell of yes and no; ok is false when it says neither.
func lireOuiNon(texte string) (oui, ok bool) {
	cle := mednum.Normaliser(texte)
	return ouis[cle], ouis[cle] || nons[cle] || strings.TrimSpace(texte) == "-"
}

// motsLibres are words that people write for the values of the standard, by
// their Normaliser key, each where it can mean one thing only.
var motsLibres = map[mednum.Champ]map[string]string{
	mednum.ChampFraisACharge: cles(map[string]string{
		"gratuité": "Gratuit", "c'est gratuit": "Gratuit", "0 €": "Gratuit", "0": "Gratuit", "sans frais": "Gratuit",
		"accès gratuit": "Gratuit", "gratuit pour tous": "Gratuit", "gratuit sous conditions": "Gratuit sous condition",
		"gratuité sous condition": "Gratuit sous condition", "adhésion": "Payant", "sur adhésion": "Payant", "abonnement": "Payant",
	}),
	mednum.ChampPublics: cles(map[string]string{
		"jeune": "Jeunes", "jeunes adultes": "Jeunes", "étudiant": "Étudiants", "famille": "Familles et/ou enfants", "familles": "Familles et/ou enfants",
		"enfants": "Familles et/ou enfants", "parents": "Familles et/ou enfants", "sénior": "Seniors", "séniors": "Seniors", "retraités": "Seniors",
		"personnes âgées": "Seniors", "aînés": "Seniors",
	}),
	mednum.ChampPriseEnCharge: cles(map[string]string{
		"sourds et malentendants": "Surdité", "malentendants": "Surdité", "handicap moteur": "Handicaps moteurs", "handicap mental": "Handicaps mentaux",
		"malvoyants": "Déficience visuelle", "déficients visuels": "Déficience visuelle", "anglais": "Langues étrangères (anglais)",
	}),
	mednum.ChampServices: cles(map[string]string{
		"démarches": "Aide aux démarches administratives", "démarches administratives": "Aide aux démarches administratives",
		"aide aux démarches": "Aide aux démarches administratives", "démarches en ligne": "Aide aux démarches administratives",
		"aide aux démarches en ligne": "Aide aux démarches administratives", "accès aux droits": "Aide aux démarches administratives",
		"initiation informatique": "Maîtrise des outils numériques du quotidien", "initiation à l'informatique": "Maîtrise des outils numériques du quotidien",
		"bureautique": "Maîtrise des outils numériques du quotidien", "prise en main ordinateur": "Maîtrise des outils numériques du quotidien",
		"emploi": "Insertion professionnelle via le numérique", "recherche d'emploi": "Insertion professionnelle via le numérique",
		"wifi": "Accès internet et matériel informatique", "accès internet": "Accès internet et matériel informatique",
		"connexion internet": "Accès internet et matériel informatique", "ordinateurs": "Accès internet et matériel informatique",
		"ordinateurs en libre accès": "Accès internet et matériel informatique", "postes informatiques": "Accès internet et matériel informatique",
		"parentalité": "Parentalité et éducation avec le numérique", "jeux vidéo": "Loisirs et créations numériques",
		"fablab": "Loisirs et créations numériques", "impression 3d": "Loisirs et créations numériques",
		"fabrication numérique": "Loisirs et créations numériques", "cybersécurité": "Utilisation sécurisée du numérique",
		"sécurité": "Utilisation sécurisée du numérique", "matériel reconditionné": "Acquisition de matériel informatique à prix solidaire",
	}),
	mednum.ChampItinerance: cles(map[string]string{
		"oui": "Itinérant", "itinérante": "Itinérant", "mobile": "Itinérant", "bus": "Itinérant", "non": "Fixe", "lieu fixe": "Fixe", "permanent": "Fixe",
	}),
	mednum.ChampModalitesAcces: cles(map[string]string{
		"sans rendez-vous": "Se présenter", "sans rdv": "Se présenter", "accueil libre": "Se présenter", "entrée libre": "Se présenter", "libre": "Se présenter",
		"par téléphone": "Téléphoner", "téléphone": "Téléphoner", "par mail": "Contacter par mail", "mail": "Contacter par mail", "courriel": "Contacter par mail",
		"rdv en ligne": "Prendre un RDV en ligne", "rendez-vous en ligne": "Prendre un RDV en ligne",
	}),
	mednum.ChampModalitesAccompagn: cles(map[string]string{
		"individuel": "Accompagnement individuel", "individuellement": "Accompagnement individuel", "collectif": "Dans un atelier collectif",
		"atelier": "Dans un atelier collectif", "ateliers": "Dans un atelier collectif", "ateliers collectifs": "Dans un atelier collectif",
		"seul": "En autonomie", "autonomie": "En autonomie", "libre accès": "En autonomie", "distance": "À distance",
	}),
	mednum.ChampDispositifs: cles(map[string]string{
		"conseiller numérique": "Conseillers numériques", "conseillers numériques france services": "Conseillers numériques", "cnfs": "Conseillers numériques",
		"aidant connect": "Aidants Connect", "pix": "Certification PIX", "promeneur du net": "Promeneurs du net", "croix-rouge": "La Croix Rouge",
		"croix rouge": "La Croix Rouge", "point numérique caf": "Point d'accès numérique CAF",
	}),
}

// toutPublic are words that say that everybody may come: the standard has no
// such value, and needs none.
var toutPublic = ensembleDe("tout public", "tous publics", "tous", "tous les publics", "tout le monde", "adultes", "public adulte")

// comprendre puts the values of a list that somebody wrote where the standard
// has them.
func (b *brouillon) comprendre(champ mednum.Champ, texte string) {
	if texte == "" {
		return
	}
	if v, ok := b.valeurLibre(champ, enLigne(texte)); ok { // one value, commas and all
		b.noterLibre(champ, enLigne(texte), v)
		return
	}
	for _, ecrite := range couperLibre(texte) {
		if v, ok := b.valeurLibre(champ, ecrite); ok {
			b.noterLibre(champ, ecrite, v)
			continue
		}
		for partie := range strings.SplitSeq(ecrite, ",") {
			partie = strings.TrimSpace(partie)
			if v, ok := b.valeurLibre(champ, partie); ok {
				b.noterLibre(champ, partie, v)
			} else {
				b.garderLibre(champ, partie)
			}
		}
	}
}

// garderLibre keeps a value that the standard does not know.
func (b *brouillon) garderLibre(champ mednum.Champ, ecrite string) {
	switch oui, ok := lireOuiNon(ecrite); {
	case ecrite == "" || ok && !oui:
	case champ == mednum.ChampDispositifs || champ == mednum.ChampFormationsLabels:
		b.ajouter(mednum.ChampAutresFormationsLabels, ecrite)
		b.remarquer(champ, ecrite, "", "label que le standard ne connaît pas : gardé avec les autres labels")
	default:
		b.douter(champ, ecrite, "", "valeur inconnue du standard")
	}
}

// couperLibre splits a list by "|", ";" and line breaks. Commas are within
// values too.
func couperLibre(texte string) []string {
	parties := strings.FieldsFunc(texte, func(r rune) bool { return strings.ContainsRune("|;\n", r) })
	for i := range parties {
		parties[i] = strings.Trim(enLigne(parties[i]), " -•*·")
	}
	return slices.DeleteFunc(parties, func(p string) bool { return p == "" })
}

// valeurLibre is the value of the standard that a text means, and where it
// goes; an empty champ is for what needs no value.
func (b *brouillon) valeurLibre(champ mednum.Champ, texte string) (valeur, bool) {
	cle := mednum.Normaliser(texte)
	if v, ok := mednum.ValeurDe(champ, texte); ok {
		return valeur{champ: champ, valeur: v}, true
	}
	if v := motsLibres[champ][cle]; v != "" {
		return valeur{champ: champ, valeur: v}, true
	}
	if champ == mednum.ChampPublics && toutPublic[cle] {
		return valeur{}, true
	}
	tete, _, _ := strings.Cut(texte, " : ")
	v, ok := versV1[mednum.Normaliser(tete)]
	return v, ok && (v.champ == champ || v.champ == "" || v.champ == mednum.ChampPriseEnCharge && champ == mednum.ChampPublics)
}

func (b *brouillon) noterLibre(champ mednum.Champ, ecrite string, v valeur) {
	b.detailler(v.detail)
	if v.champ == "" {
		b.remarquer(champ, ecrite, "", "le standard n’a pas de valeur pour cela")
		return
	}
	b.ajouter(v.champ, v.valeur)
	b.remarquer(champ, ecrite, v.valeur, "écriture de la valeur")
}

// codesDesLibelles are the typologies by what they are called.
var codesDesLibelles = func() map[string]string {
	codes := make(map[string]string)
	for code, libelle := range mednum.Typologies {
		codes[mednum.CleAvecArticle(code)] = code
		codes[mednum.CleAvecArticle(libelle)] = code
		if nom, _, ok := strings.Cut(libelle, " ("); ok {
			codes[mednum.CleAvecArticle(nom)] = code
		}
	}
	for mot, code := range map[string]string{
		"France services": "RFS", "Espace France services": "RFS", "Maison France services": "RFS", "Tiers-lieu": "TIERS_LIEUX", "Médiathèque": "BIB",
		"Bibliothèque": "BIB", "Commune": "MUNI", "Département": "CD", "Communauté de communes": "CC", "Communauté d'agglomération": "EPCI",
	} {
		codes[mednum.CleAvecArticle(mot)] = code
	}
	return codes
}()

// typerLibre sets typologie from codes or words, otherwise from the name.
func (b *brouillon) typerLibre(texte string) {
	for _, ecrite := range couperLibre(texte) {
		if code := codesDesLibelles[mednum.CleAvecArticle(ecrite)]; code != "" {
			b.ajouter(mednum.ChampTypologie, code)
			b.remarquer(mednum.ChampTypologie, ecrite, code, "écriture de la valeur")
			continue
		}
		b.douter(mednum.ChampTypologie, ecrite, "", "typologie inconnue")
	}
	b.typer("")
	b.douterTiersLieu()
}
