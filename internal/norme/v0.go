package norme

import (
	"regexp"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// valeur is where a value of version 0 goes in version 1; detail is a sentence
// for what version 1 has no word for.
type valeur struct {
	champ  mednum.Champ
	valeur string
	detail string
}

// versV1 maps the values of version 0, by their Normaliser key up to the
// colon, to those of version 1 (STANDARD of the project; the national library's
// mapping for services).
var versV1 = clesValeurs(map[string]valeur{
	"Devenir autonome dans les démarches administratives":           {mednum.ChampServices, "Aide aux démarches administratives", ""},
	"Réaliser des démarches administratives avec un accompagnement": {mednum.ChampServices, "Aide aux démarches administratives", ""},
	"Accompagner les démarches de santé":                            {mednum.ChampServices, "Aide aux démarches administratives", ""},
	"Prendre en main un smartphone ou une tablette":                 {mednum.ChampServices, "Maîtrise des outils numériques du quotidien", ""},
	"Prendre en main un ordinateur":                                 {mednum.ChampServices, "Maîtrise des outils numériques du quotidien", ""},
	"Utiliser le numérique au quotidien":                            {mednum.ChampServices, "Maîtrise des outils numériques du quotidien", ""},
	"Approfondir ma culture numérique":                              {mednum.ChampServices, "Compréhension du monde numérique", ""},
	"Promouvoir la citoyenneté numérique":                           {mednum.ChampServices, "Compréhension du monde numérique", ""},
	"Favoriser mon insertion professionnelle":                       {mednum.ChampServices, "Insertion professionnelle via le numérique", ""},
	"Créer et développer mon entreprise":                            {mednum.ChampServices, "Insertion professionnelle via le numérique", ""},
	"Accéder à une connexion internet":                              {mednum.ChampServices, "Accès internet et matériel informatique", ""},
	"Accéder à du matériel":                                         {mednum.ChampServices, "Accès internet et matériel informatique", ""},
	"S'équiper en matériel informatique":                            {mednum.ChampServices, "Acquisition de matériel informatique à prix solidaire", ""},
	"Créer avec le numérique":                                       {mednum.ChampServices, "Loisirs et créations numériques", ""},
	"Soutenir la parentalité et l'éducation avec le numérique":      {mednum.ChampServices, "Parentalité et éducation avec le numérique", ""},
	"Seniors (+ 65 ans)":                                            {mednum.ChampPublics, "Seniors", ""},
	"Familles/enfants":                                              {mednum.ChampPublics, "Familles et/ou enfants", ""},
	"Jeunes (16-26 ans)":                                            {mednum.ChampPublics, "Jeunes", ""},
	"Uniquement femmes":                                             {mednum.ChampPublics, "Femmes", ""},
	"Adultes":                                                       {"", "", ""}, // every place: version 1 has no such value
	"Public langues étrangères":                                     {mednum.ChampPriseEnCharge, "Langues étrangères (autres)", ""},
	"Déficience visuelle":                                           {mednum.ChampPriseEnCharge, "Déficience visuelle", ""},
	"Surdité":                                                       {mednum.ChampPriseEnCharge, "Surdité", ""},
	"Handicaps psychiques":                                          {mednum.ChampPriseEnCharge, "Handicaps mentaux", ""},
	"Handicaps mentaux":                                             {mednum.ChampPriseEnCharge, "Handicaps mentaux", ""},
	"Handicaps moteurs":                                             {mednum.ChampPriseEnCharge, "Handicaps moteurs", ""},
	"Personnes en situation d'illettrisme":                          {mednum.ChampPriseEnCharge, "Illettrisme", ""},
	"Gratuit":                                                       {mednum.ChampFraisACharge, "Gratuit", ""},
	"Gratuit sous condition":                                        {mednum.ChampFraisACharge, "Gratuit sous condition", ""},
	"Payant":                                                        {mednum.ChampFraisACharge, "Payant", ""},
	"Adhésion":                                                      {mednum.ChampFraisACharge, "Payant", "Il faut adhérer."},
	"Accepte le Pass numérique":                                     {"", "", "Accepte le Pass numérique."},
	"CNFS":                                                          {mednum.ChampDispositifs, "Conseillers numériques", ""},
	"Point relais CAF":                                              {mednum.ChampDispositifs, "Point d'accès numérique CAF", ""},
	"Point numérique CAF":                                           {mednum.ChampDispositifs, "Point d'accès numérique CAF", ""},
	"Grandes écoles du numérique":                                   {mednum.ChampDispositifs, "Grande école du numérique", ""},
	"Fabriques de Territoire":                                       {mednum.ChampFormationsLabels, "Fabriques de Territoire", ""},
	"SudLabs":                                                       {mednum.ChampFormationsLabels, "SUD LABS (PACA)", ""},
	"Seul":                                                          {mednum.ChampModalitesAccompagn, "En autonomie", ""},
	"Avec de l'aide":                                                {mednum.ChampModalitesAccompagn, "Accompagnement individuel", ""},
	"Dans un atelier":                                               {mednum.ChampModalitesAccompagn, "Dans un atelier collectif", ""},
	"A ma place":                                                    {"", "", "Une personne habilitée peut faire la démarche à votre place."},
})

func clesValeurs(valeurs map[string]valeur) map[string]valeur {
	d := make(map[string]valeur, len(valeurs))
	for ecrit, v := range valeurs {
		d[mednum.Normaliser(ecrit)] = v
	}
	return d
}

// colonnesListesV0 are the lists of version 0 and the column of version 1 in
// whose vocabulary their values are looked for when versV1 has none; "" leaves
// only the table.
var colonnesListesV0 = []struct {
	colonne string
	champ   mednum.Champ
	labels  bool // what maps nowhere is a label, kept in autres_formations_labels
}{
	{"services", mednum.ChampServices, false},
	{"publics_accueillis", mednum.ChampPublics, false},
	{"conditions_acces", mednum.ChampFraisACharge, false},
	{"conditions_access", mednum.ChampFraisACharge, false},
	{"labels_nationaux", mednum.ChampDispositifs, true},
	{"labels_autres", mednum.ChampFormationsLabels, true},
	{"modalites_accompagnement", mednum.ChampModalitesAccompagn, false},
}

// colonnesV0 are the columns that only version 0 of the standard has.
var colonnesV0 = []string{
	"labels_nationaux", "labels_autres", "publics_accueillis", "conditions_acces", "conditions_access",
	"courriel", "cle_ban", "accessibilite",
}

var formatV0 = format{nom: "standard v0", flux: fluxLibre, reconnait: estV0, lit: lireV0, renomme: true}

func estV0(doc *document) bool {
	return doc.aColonnes("id", "nom", "commune", "date_maj") && doc.aUneColonne(colonnesV0...)
}

// lireV0 reads a row of version 0 of the standard: lists by ";", old names,
// old values. Files of several producers repeat ids: the source goes before
// the id in the key.
func lireV0(b *brouillon, l ligne) string {
	b.identifier(l)
	b.fiche.Producteur = l.texte("source")
	if b.fiche.Cle != "" && b.fiche.Producteur != "" {
		b.fiche.Cle = b.fiche.Producteur + ":" + b.fiche.Cle
	}
	return b.suivreV0(l, true)
}

func (b *brouillon) identifier(l ligne) {
	b.fiche.Cle = l.texte("id")
	b.dater(l.texte("date_maj"))
}

func (b *brouillon) suivreV0(l ligne, labelFS bool) string {
	commune := b.situer(l.texte("commune"), l.texte("code_postal"), l.texte("code_insee"), l.texte("adresse"), l.texte("complement_adresse"))
	b.pivoter(l.texte("pivot"))
	nom := l.texte("nom")
	b.nommer(nom, commune, b.fiche.Champs[mednum.ChampPivot])
	b.localiser(l.texte("latitude"), l.texte("longitude"))
	for _, c := range colonnesListesV0 {
		b.convertir(l.texte(c.colonne), c.champ, c.labels, labelFS)
	}
	b.typer(l.texte("typologie"))
	b.appeler(l.texte("telephone"))
	b.ecrire(l.texte("courriel"), nom, commune)
	b.visiter(mednum.ChampSiteWeb, couperV0(l.texte("site_web")))
	b.visiter(mednum.ChampFicheAccesLibre, couperV0(l.texte("accessibilite")))
	b.reserver(l.texte("prise_rdv"))
	b.ouvrirHoraires(l.texte("horaires"))
	b.resumer(l.texte("presentation_resume"))
	b.detailler(soigner(b.taireCourriels(nettoyer(l.v["presentation_detail"]), nom+" "+commune)))
	b.mettre(mednum.ChampStructureParente, l.texte("structure_parente"))
	b.douterTiersLieu()
	b.finir()
	return ""
}

// couperV0 splits a list of version 0, by ";" or by "|" when it came as JSON.
func couperV0(texte string) []string {
	return mednum.SplitListe(strings.NewReplacer(";", "|").Replace(texte))
}

// pivoter sets a legal pivot; nine zeros and more mean "unknown".
func (b *brouillon) pivoter(ecrit string) {
	pivot := strings.ReplaceAll(ecrit, " ", "")
	if nu := strings.TrimSuffix(strings.TrimSuffix(pivot, ".0"), ",0"); len(nu) >= 13 && chiffres(nu) {
		if len(nu) == 13 && luhn("0"+nu) {
			nu = "0" + nu
		}
		b.remarquer(mednum.ChampPivot, pivot, nu, "SIRET pris pour un nombre : écrit sur quatorze chiffres")
		pivot = nu
	}
	switch {
	case strings.Trim(pivot, "0") == "":
		pivot = mednum.PivotInconnu
	case !motifPivot.MatchString(pivot), len(pivot) == 13 && chiffres(pivot): // no register has numbers of thirteen digits
		b.douter(mednum.ChampPivot, ecrit, mednum.PivotInconnu, "numéro SIRET, RNA ou RIDET illisible")
		pivot = mednum.PivotInconnu
	}
	b.mettre(mednum.ChampPivot, pivot)
}

var motifPivot = regexp.MustCompile(`^[a-zA-Z0-9]{9,14}$`)

// convertir puts each value of a list of version 0 where version 1 has it.
func (b *brouillon) convertir(liste string, champ mednum.Champ, label, labelFS bool) {
	for _, ecrite := range couperV0(liste) {
		if !labelFS && champ == mednum.ChampDispositifs && mednum.Normaliser(ecrite) == "france services" {
			b.douter(champ, ecrite, "", "le label suit l’employeur du conseiller, pas le lieu : à vérifier avec la liste France services")
			continue
		}
		tete, _, _ := strings.Cut(ecrite, " : ")
		if v, ok := versV1[mednum.Normaliser(tete)]; ok {
			if v.champ != "" {
				b.ajouter(v.champ, v.valeur)
			}
			b.detailler(v.detail)
			continue
		}
		if v, ok := mednum.ValeurDe(champ, tete); ok {
			b.ajouter(champ, v)
			continue
		}
		if label {
			b.ajouter(mednum.ChampAutresFormationsLabels, ecrite)
			continue
		}
		b.douter(champ, ecrite, "", "valeur inconnue du standard")
	}
}

// typer sets typologie: the codes of the source, otherwise what the name
// plainly says.
func (b *brouillon) typer(codes string) {
	for _, code := range couperV0(codes) {
		if mednum.Typologies[code] == "" {
			b.douter(mednum.ChampTypologie, code, "", "typologie inconnue")
			continue
		}
		b.ajouter(mednum.ChampTypologie, code)
	}
	if b.fiche.Champs[mednum.ChampTypologie] != "" {
		return
	}
	nom := mednum.Normaliser(b.fiche.Champs[mednum.ChampNom])
	for _, t := range typologiesDesNoms {
		if t.motif.MatchString(nom) {
			b.mettre(mednum.ChampTypologie, t.code)
			b.remarquer(mednum.ChampTypologie, "", t.code, "d’après le nom")
			return
		}
	}
}

// typologiesDesNoms tells the kind of organisation from a name, in its
// Normaliser form. France services and tiers-lieux are not among them: a name
// does not make one.
var typologiesDesNoms = []struct {
	motif *regexp.Regexp
	code  string
}{
	{regexp.MustCompile(`^mairie\b`), "MUNI"},
	{regexp.MustCompile(`^(?:ccas|centre communal d action sociale)\b`), "CCAS"},
	{regexp.MustCompile(`^(?:cias|centre intercommunal d action sociale)\b`), "CIAS"},
	{regexp.MustCompile(`^mission locale\b`), "ML"},
	{regexp.MustCompile(`^(?:la poste|agence postale)\b`), "LA_POSTE"},
	{regexp.MustCompile(`^(?:mediatheque|bibliotheque)\b`), "BIB"},
	{regexp.MustCompile(`^(?:mds|maison departementale des solidarites)\b`), "MDS"},
	{regexp.MustCompile(`^(?:cc|communaute de communes)\b`), "CC"},
	{regexp.MustCompile(`^departement\b`), "CD"},
	{regexp.MustCompile(`^(?:centre socio ?culturel|csc)\b`), "CSC"},
	{regexp.MustCompile(`^centre social\b`), "CS"},
	{regexp.MustCompile(`^(?:pij|bij|(?:point|bureau) information jeunesse)\b`), "PIJ_BIJ"},
	{regexp.MustCompile(`\b(?:udaf|union departementale des associations familiales)\b`), "UDAF"},
	{regexp.MustCompile(`^(?:mjc|maison des jeunes et de la culture)\b`), "MJC"},
	{regexp.MustCompile(`^pimms\b`), "PIMMS"},
	{regexp.MustCompile(`^association\b`), "ASSO"},
}

var motifTiersLieu = regexp.MustCompile(`\b(?:tiers ?lieux?|fab ?labs?)\b`)

// douterTiersLieu proposes a family that a name alone does not give.
func (b *brouillon) douterTiersLieu() {
	nom := b.fiche.Champs[mednum.ChampNom]
	if motifTiersLieu.MatchString(mednum.Normaliser(nom)) && b.fiche.Champs[mednum.ChampTypologie] == "" {
		b.douter(mednum.ChampTypologie, nom, "", "le nom parle de tiers-lieu ou de fablab : à confirmer")
	}
}

// reserver sets prise_rdv, which is the address of a page.
func (b *brouillon) reserver(texte string) {
	b.visiter(mednum.ChampPriseRDV, couperV0(texte))
	if premiere, _, plusieurs := strings.Cut(b.fiche.Champs[mednum.ChampPriseRDV], "|"); plusieurs {
		b.mettre(mednum.ChampPriseRDV, premiere)
	}
	if b.fiche.Champs[mednum.ChampPriseRDV] != "" {
		b.ajouter(mednum.ChampModalitesAcces, "Prendre un RDV en ligne")
	}
}

const resumeMax = 280 // runes, by the standard

func (b *brouillon) resumer(texte string) {
	if len([]rune(texte)) > resumeMax {
		b.detailler(texte)
		b.remarquer(mednum.ChampPresentationResume, texte, "", "plus de 280 signes : gardé dans la présentation détaillée")
		return
	}
	b.mettre(mednum.ChampPresentationResume, texte)
}
