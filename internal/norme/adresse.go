package norme

import (
	"regexp"
	"strconv"
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
// complement_adresse, repaired. It returns the commune as it is kept.
func (b *brouillon) situer(commune, postal, insee, adresse, complement string) string {
	ecrite := commune
	commune = ecrireCommune(motifCedex.ReplaceAllString(commune, ""))
	b.mettre(mednum.ChampCommune, commune)
	b.remarquer(mednum.ChampCommune, ecrite, commune, "écriture de la commune")
	b.mettre(mednum.ChampCodePostal, b.code(mednum.ChampCodePostal, postal))
	b.mettre(mednum.ChampCodeInsee, b.code(mednum.ChampCodeInsee, insee))

	voie, boite := separerBoite(adresse)
	if boite != "" {
		complement = strings.TrimSpace(complement + " " + boite)
	}
	voie = ecrireAdresse(voie)
	b.mettre(mednum.ChampAdresse, voie)
	b.mettre(mednum.ChampComplementAdresse, ecrireAdresse(complement))
	if boite == "" || voie != adresse {
		b.remarquer(mednum.ChampAdresse, adresse, voie, "écriture de l’adresse")
	}
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

// code repairs a postal or Insee code: the zero that spreadsheets lose comes
// back. What is no code is left out, and reviewed.
func (b *brouillon) code(champ mednum.Champ, ecrit string) string {
	ecrit = strings.TrimSpace(ecrit)
	code := strings.ToUpper(strings.ReplaceAll(strings.TrimSuffix(ecrit, ".0"), " ", ""))
	if len(code) == 4 && chiffres(code) {
		code = "0" + code
	}
	if code != "" && !motifsCode[champ].MatchString(code) {
		b.douter(champ, ecrit, "", "code illisible")
		return ""
	}
	b.remarquer(champ, ecrit, code, "zéro de tête perdu")
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

// localiser sets the coordinates. A decimal comma and swapped coordinates are
// repaired; zero and what is on no map are left out.
func (b *brouillon) localiser(latitude, longitude string) {
	latitude, longitude = strings.TrimSpace(latitude), strings.TrimSpace(longitude)
	lat, okLat := degres(latitude)
	lon, okLon := degres(longitude)
	switch {
	case latitude == "" && longitude == "":
		return
	case !okLat || !okLon || lat == 0 && lon == 0:
		b.douter(mednum.ChampLatitude, latitude+" ; "+longitude, "", "coordonnées illisibles")
		return
	case lat > -6 && lat < 10 && lon > 41 && lon < 52: // mainland France, read the wrong way round
		lat, lon = lon, lat
		latitude, longitude = longitude, latitude
		b.douter(mednum.ChampLatitude, longitude, latitude, "latitude et longitude inversées")
	case !mednum.EstPosition(lat, lon):
		b.douter(mednum.ChampLatitude, latitude+" ; "+longitude, "", "coordonnées hors de la Terre")
		return
	}
	b.mettre(mednum.ChampLatitude, strconv.FormatFloat(lat, 'f', -1, 64))
	b.mettre(mednum.ChampLongitude, strconv.FormatFloat(lon, 'f', -1, 64))
}

func degres(texte string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.Replace(texte, ",", ".", 1), 64)
	return v, err == nil && v == v && v > -1e3 && v < 1e3 //nolint:staticcheck // v == v is false for NaN
}
