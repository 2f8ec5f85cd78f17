package norme

import (
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// formatGoGoCarto is what a map of GoGoCarto answers at api/elements.json; each
// map names its own columns beside those of the software. formatRhinOcc is the
// map of RhinOcc, the hub of Occitanie, known by its columns.
var (
	formatGoGoCarto = format{nom: "GoGoCarto", flux: fluxLibre, lit: lireGoGoCarto, renomme: true, reconnait: estGoGoCarto}
	formatRhinOcc   = format{
		nom: "GoGoCarto, RhinOcc",
		flux: mednum.Flux{
			ID: "rhinocc", Nom: "RhinOcc, carte de l’inclusion numérique en Occitanie", URL: "https://rhinocc.fr/carte/",
			Licence: mednum.LicenceInconnue, Confiance: 15, AgeMax: 18,
		},
		lit: lireGoGoCarto, renomme: true,
		reconnait: func(doc *document) bool {
			return estGoGoCarto(doc) && doc.aUneColonne("prez_lieu", "struct_port", "emailpub")
		},
	}
)

func estGoGoCarto(doc *document) bool {
	return doc.aUneColonne("name", "title") && doc.aUneColonne("geo.latitude", "geo.longitude") &&
		doc.aUneColonne("address.addressLocality", "address.postalCode", "address.streetAddress", "address.customFormatedAddress", "categories", "taxonomy")
}

// lireGoGoCarto reads an element. Its categories are words of the standard v0 or
// near; those that name no value are reported, and not kept.
func lireGoGoCarto(b *brouillon, l ligne) string {
	b.fiche.Cle = l.texte("id")
	b.dater(premierTexte(l, "updatedAt", "createdAt"))
	b.fiche.Producteur = premierTexte(l, "source", "sourceKey")
	commune, postal := l.texte("address.addressLocality"), l.texte("address.postalCode")
	rue := strings.TrimSpace(l.texte("address.streetNumber") + " " + l.texte("address.streetAddress"))
	if commune == "" {
		rue, postal, commune = b.separer(premierTexte(l, "address.customFormatedAddress", "address.streetAddress"), rue, postal, commune)
	}
	commune = b.situer(commune, postal, "", rue, "")
	b.localiser(l.texte("geo.latitude"), l.texte("geo.longitude"))
	nom := premierTexte(l, "name", "title")
	b.pivoter(l.texte("siret"))
	b.nommer(nom, commune, b.fiche.Champs[mednum.ChampPivot])
	b.categoriser(l)
	b.appeler(premierTexte(l, "tel", "telephone", "phone"))
	b.ecrire(premierTexte(l, "emailpub", "email", "mail"), nom, commune)
	b.visiter(mednum.ChampSiteWeb, couperAdresses(premierTexte(l, "url", "website", "site_web")))
	b.ouvrirElement(l)
	for _, colonne := range []string{"description", "descriptionMore", "prez_lieu"} {
		b.detailler(soigner(b.taireCourriels(nettoyer(l.v[colonne]), nom+" "+commune)))
	}
	b.mettre(mednum.ChampStructureParente, l.texte("struct_port"))
	b.tarifer(l.texte("tarif"))
	b.comprendre(mednum.ChampModalitesAccompagn, nettoyer(l.v["modalites_accompagnement"]))
	b.comprendre(mednum.ChampFormationsLabels, nettoyer(l.v["autre_labels"]))
	b.reserverLibre(l.texte("prise_rdv"))
	b.typer("")
	b.douterTiersLieu()
	b.finir()
	return ""
}

func premierTexte(l ligne, colonnes ...string) string {
	for _, c := range colonnes {
		if t := l.texte(c); t != "" {
			return t
		}
	}
	return ""
}

// categoriser reads the categories: names in a list, or objects with a name.
func (b *brouillon) categoriser(l ligne) {
	liste := mednum.SplitListe(nettoyer(l.v["categories"]) + "|" + nettoyer(l.v["taxonomy"]))
	for i := range objetsMax {
		if nom := l.texte("categories." + strconv.Itoa(i) + ".name"); nom != "" {
			liste = append(liste, nom)
		}
	}
	for _, ecrite := range liste {
		tete, _, _ := strings.Cut(ecrite, " : ")
		v, ok := motsCartes[mednum.Normaliser(tete)]
		if !ok {
			v, ok = versV1[mednum.Normaliser(tete)]
		}
		if !ok {
			v, ok = valeurDuStandard(tete)
		}
		if !ok {
			b.remarquer(mednum.ChampServices, ecrite, "", "catégorie de la carte que le standard ne connaît pas")
			continue
		}
		if v.champ != "" {
			b.ajouter(v.champ, v.valeur)
		}
		b.detailler(v.detail)
	}
}

// valeurDuStandard finds a word in any list of the standard.
func valeurDuStandard(texte string) (valeur, bool) {
	for _, champ := range mednum.ChampsNorme {
		if v, ok := mednum.ValeurDe(champ, texte); ok {
			return valeur{champ: champ, valeur: v}, true
		}
	}
	if code := codesDesLibelles[mednum.CleAvecArticle(texte)]; code != "" {
		return valeur{champ: mednum.ChampTypologie, valeur: code}, true
	}
	return valeur{}, false
}

// motsCartes are categories of RhinOcc that are neither words of the standard
// v0 nor of v1.
var motsCartes = clesValeurs(map[string]valeur{
	"Utiliser le numérique au quotidien":                        {mednum.ChampServices, "Maîtrise des outils numériques du quotidien", ""},
	"Initiation à la bureautique":                               {mednum.ChampServices, "Maîtrise des outils numériques du quotidien", ""},
	"Créer et développer une entreprise":                        {mednum.ChampServices, "Insertion professionnelle via le numérique", ""},
	"Favoriser l'insertion professionnelle":                     {mednum.ChampServices, "Insertion professionnelle via le numérique", ""},
	"Formations numériques professionnalisantes":                {mednum.ChampServices, "Insertion professionnelle via le numérique", ""},
	"Fabrication numérique":                                     {mednum.ChampServices, "Loisirs et créations numériques", ""},
	"Approfondir la culture numérique":                          {mednum.ChampServices, "Compréhension du monde numérique", ""},
	"Accès à des postes informatiques":                          {mednum.ChampServices, "Accès internet et matériel informatique", ""},
	"Postes informatiques":                                      {mednum.ChampServices, "Accès internet et matériel informatique", ""},
	"Connexion internet":                                        {mednum.ChampServices, "Accès internet et matériel informatique", ""},
	"Accès à une connexion internet":                            {mednum.ChampServices, "Accès internet et matériel informatique", ""},
	"S'équiper en matériel informatique reconditionné":          {mednum.ChampServices, "Acquisition de matériel informatique à prix solidaire", ""},
	"Enfants (-16 ans)":                                         {mednum.ChampPublics, "Familles et/ou enfants", ""},
	"Famille":                                                   {mednum.ChampPublics, "Familles et/ou enfants", ""},
	"Séniors (+65 ans)":                                         {mednum.ChampPublics, "Seniors", ""},
	"Tiers lieu":                                                {mednum.ChampTypologie, "TIERS_LIEUX", ""},
	"Tout public":                                               {"", "", ""},
	"Réaliser des démarches administratives":                    {mednum.ChampServices, "Aide aux démarches administratives", ""},
	"France Services":                                           {mednum.ChampTypologie, "RFS", ""},
	"Réaliser des démarches administratives en ligne seul":      {mednum.ChampServices, "Aide aux démarches administratives", ""},
	"Soutenir la parentalité et l'éducation avec le numérique ": {mednum.ChampServices, "Parentalité et éducation avec le numérique", ""},
})

// joursElement are the days as GoGoCarto names them.
var joursElement = map[string]string{
	"lundi": "Mo", "mardi": "Tu", "mercredi": "We", "jeudi": "Th", "vendredi": "Fr", "samedi": "Sa", "dimanche": "Su",
}

// ouvrirElement sets the hours: those of the days, on the element or on the one
// that it was gathered from; a sentence otherwise.
func (b *brouillon) ouvrirElement(l ligne) {
	for _, prefixe := range []string{"openHours.", "aggregatedElements.0.openHours."} {
		semaine := ligne{v: make(map[string]string, len(joursElement))}
		for jour, code := range joursElement {
			if h := l.v[prefixe+code]; h != "" {
				semaine.v[jour] = h
			}
		}
		if len(semaine.v) > 0 {
			b.recevoirLibre(semaine)
			break
		}
	}
	if texte := nettoyer(l.v["openHoursString"]); b.fiche.Champs[mednum.ChampHoraires] == "" {
		b.ouvrirHoraires(texte)
	} else {
		b.detailler(enLigne(texte))
	}
}

// tarifer reads a sentence about prices.
func (b *brouillon) tarifer(texte string) {
	n := " " + mednum.Normaliser(texte) + " "
	gratuit, payant := strings.Contains(n, " gratuit"), strings.Contains(n, " payant") || strings.Contains(n, " adhesion ")
	switch {
	case strings.Contains(n, " gratuit sous condition"):
		b.ajouter(mednum.ChampFraisACharge, "Gratuit sous condition")
	case gratuit && !payant && !strings.Contains(n, " non gratuit") && !strings.Contains(n, " pas gratuit"):
		b.ajouter(mednum.ChampFraisACharge, "Gratuit")
	case payant && !gratuit && !strings.Contains(n, " non payant") && !strings.Contains(n, " pas payant"):
		b.ajouter(mednum.ChampFraisACharge, "Payant")
	}
	if _, seul := mednum.ValeurDe(mednum.ChampFraisACharge, texte); !seul {
		b.detailler(phraseInclusion("Tarif", texte))
	}
}
