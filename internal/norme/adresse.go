package norme

import (
	"regexp"
	"strings"
	"unicode"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var (
	motifCedex  = regexp.MustCompile(`(?i)[\s,-]*\bcedex\b.*$`)
	motifBoite  = regexp.MustCompile(`(?i)[\s,-]*\b((?:BP|B\.P\.|CS|TSA)\s*n?°?\s*\d+(?:\s\d{2,})?)\b`)
	motifNumero = regexp.MustCompile(`(?i)^\d+(?:\s?(?:bis|ter|quater|[a-d]))?(?:\s?[-/]\s?\d+)?[,\s]`)
)

// voies are the kinds of street that addresses in capitals cut short.
var voies = map[string]string{
	"all": "allée", "allee": "allée", "allees": "allées", "av": "avenue", "ave": "avenue", "avenue": "avenue", "bd": "boulevard", "bld": "boulevard",
	"boulevard": "boulevard", "bvd": "boulevard", "car": "carrefour", "ch": "chemin", "che": "chemin", "chem": "chemin", "chemin": "chemin",
	"cite": "cité", "cour": "cour", "crs": "cours", "cours": "cours", "esp": "esplanade", "esplanade": "esplanade", "fg": "faubourg", "faubourg": "faubourg",
	"gr": "grande rue", "hlm": "HLM", "imm": "immeuble", "imp": "impasse", "impasse": "impasse", "lot": "lotissement", "lieu": "lieu", "mte": "montée",
	"pass": "passage", "passage": "passage", "pl": "place", "place": "place", "prom": "promenade", "promenade": "promenade", "quai": "quai", "qua": "quartier",
	"r": "rue", "res": "résidence", "residence": "résidence", "rle": "ruelle", "rpt": "rond-point", "rte": "route", "route": "route", "rue": "rue",
	"sen": "sentier", "sq": "square", "square": "square", "trav": "traverse", "za": "ZA", "zac": "ZAC", "zi": "ZI", "zone": "zone",
}

// situer sets commune, code_postal, code_insee, adresse and
// complement_adresse, repaired; every change but those of spaces is told. It
// returns the commune as it is kept. CEDEX goes, the number that follows it
// too: the importer gives the commune its own postal code back.
func (b *brouillon) situer(commune, postal, insee, adresse, complement string) string {
	ecrite := commune
	if m := motifPostalCommune.FindStringSubmatch(commune); m != nil { // "82200 MOISSAC"
		commune = m[2]
		if postal == "" {
			postal = m[1]
			b.remarquer(mednum.ChampCodePostal, "", postal, "code postal lu devant la commune")
		}
	}
	commune = ecrireCommune(motifCedex.ReplaceAllString(commune, ""))
	b.mettre(mednum.ChampCommune, commune)
	b.remarquer(mednum.ChampCommune, ecrite, commune, "écriture de la commune")
	b.mettre(mednum.ChampCodePostal, b.code(mednum.ChampCodePostal, postal))
	b.mettre(mednum.ChampCodeInsee, b.code(mednum.ChampCodeInsee, insee))

	voie, boite := separerBoite(adresse)
	voie = ecrireAdresse(voie)
	b.mettre(mednum.ChampAdresse, voie)
	b.remarquer(mednum.ChampAdresse, adresse, voie, "écriture de l’adresse")
	suite := ecrireAdresse(strings.TrimSpace(complement + " " + boite))
	b.mettre(mednum.ChampComplementAdresse, suite)
	motif := "écriture du complément d’adresse"
	if boite != "" {
		motif = "la boîte postale est mise à part de la rue"
	}
	b.remarquer(mednum.ChampComplementAdresse, complement, suite, motif)
	return commune
}

// separerBoite takes a post box (BP, CS) out of an address that says a street
// too.
func separerBoite(adresse string) (voie, boite string) {
	m := motifBoite.FindStringSubmatchIndex(adresse)
	if m == nil || strings.TrimSpace(adresse[:m[0]]+adresse[m[1]:]) == "" {
		return adresse, ""
	}
	return enLigne(adresse[:m[0]] + " " + adresse[m[1]:]), strings.ToUpper(adresse[m[2]:m[3]])
}

var motifsCode = map[mednum.Champ]*regexp.Regexp{
	mednum.ChampCodePostal: regexp.MustCompile(`^\d{5}$`),
	mednum.ChampCodeInsee:  regexp.MustCompile(`^([013-9]\d|2[AB1-9])\d{3}$`),
}

var (
	motifPostalCommune = regexp.MustCompile(`^(\d{5})\s+(\pL.*)$`)
	motifPostalCedex   = regexp.MustCompile(`(?i)^(?:F-)?(\d{5})\s*(?:-\s*)?(?:cedex|sp)\b.*$`)
	motifPrefixePays   = regexp.MustCompile(`(?i)^F-?(\d{5})$`)
)

// code repairs a postal or Insee code: the zero that spreadsheets lose comes
// back, CEDEX and the country go. What is no code is left out, and reviewed.
func (b *brouillon) code(champ mednum.Champ, ecrit string) string {
	ecrit = strings.TrimSpace(ecrit)
	code, motif := strings.TrimSuffix(strings.TrimSuffix(ecrit, ".0"), ",0"), "code écrit sur cinq signes"
	if champ == mednum.ChampCodePostal {
		if m := motifPostalCedex.FindStringSubmatch(code); m != nil {
			code, motif = m[1], "CEDEX ôté du code postal"
		} else if m := motifPrefixePays.FindStringSubmatch(code); m != nil {
			code = m[1]
		}
	}
	code = strings.ToUpper(strings.ReplaceAll(code, " ", ""))
	if len(code) == 4 && chiffres(code) {
		code, motif = "0"+code, "zéro de tête perdu"
	}
	if code != "" && !motifsCode[champ].MatchString(code) {
		b.douter(champ, ecrit, "", "code illisible")
		return ""
	}
	b.remarquer(champ, ecrit, code, motif)
	return code
}

// ecrireCommune writes the name of a commune as Insee does: capitals, and
// hyphens between words except after an initial article ("La
// Ville-Dieu-du-Temple"). Accents that capitals lost do not come back: only a
// gazetteer knows them.
func ecrireCommune(ecrite string) string {
	ecrite = enLigne(ecrite)
	uniforme := ecrite == strings.ToUpper(ecrite) || ecrite == strings.ToLower(ecrite)
	if !uniforme {
		return majusculesCommune(ecrite)
	}
	mots := strings.Fields(strings.ToLower(ecrite))
	var b strings.Builder
	for i, mot := range mots {
		switch {
		case i == 0:
		case i == 1 && (mots[0] == "le" || mots[0] == "la" || mots[0] == "les"),
			strings.ContainsFunc(mot, unicode.IsDigit):
			b.WriteByte(' ')
		default:
			b.WriteByte('-')
		}
		switch {
		case i < len(mots)-1 && mot == "st":
			mot = "saint"
		case i < len(mots)-1 && mot == "ste":
			mot = "sainte"
		}
		b.WriteString(mot)
	}
	return majusculesCommune(b.String())
}

var motifPartie = regexp.MustCompile(`[^\s'’-]+`)

// majusculesCommune puts a capital on each word of a commune's name but the
// small ones within it; a capital that is there stays.
func majusculesCommune(nom string) string {
	premier := true
	return motifPartie.ReplaceAllStringFunc(nom, func(mot string) string {
		if !premier && petitsMots[strings.ToLower(mot)] {
			return mot
		}
		premier = false
		return majuscule(mot)
	})
}

// ecrireAdresse writes an address in capitals as French does; one that is not
// in capitals only gets its first.
func ecrireAdresse(ecrite string) string {
	ecrite = strings.Trim(ecrite, " ,;-")
	if !enCapitales(ecrite) || motifBoite.MatchString(ecrite) {
		return majuscule(ecrite)
	}
	ecrite = motifEspaceElision.ReplaceAllString(ecrite, "$1'$2")
	numero := motifNumero.FindString(ecrite)
	mots := decouper(ecrite[len(numero):])
	sortie := make([]string, len(mots))
	for i, m := range mots {
		switch voie := voies[m.cle]; {
		case voie != "" && (i == 0 || strings.HasSuffix(mots[i-1].ecrit, ",")):
			sortie[i] = voie
		case i == 0:
			sortie[i] = titre(m.ecrit)
		default:
			sortie[i] = ecrireMotAdresse(m)
		}
	}
	return majuscule(strings.ToLower(numero) + strings.Join(sortie, " "))
}

// ecrireMotAdresse keeps small words and months small; the rest are names.
func ecrireMotAdresse(m motCapital) string {
	for _, sep := range []string{"'", "’"} {
		if avant, apres, ok := strings.Cut(m.ecrit, sep); ok && petitsMots[mednum.Normaliser(avant)] {
			return strings.ToLower(avant) + sep + ecrireMotAdresse(motCapital{apres, mednum.Normaliser(apres)})
		}
	}
	switch {
	case petitsMots[m.cle], mois[m.cle]:
		return strings.ToLower(m.ecrit)
	case strings.ContainsFunc(m.ecrit, unicode.IsDigit):
		return strings.ToLower(m.ecrit)
	case sigles[m.cle], m.cle == "za", m.cle == "zac", m.cle == "zi", sigleProbable(m.ecrit):
		return m.ecrit
	case accents[m.cle] != "":
		return m.prefixe() + accents[m.cle] + m.suffixe()
	}
	return titre(m.ecrit)
}

var mois = ensemble("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre")
