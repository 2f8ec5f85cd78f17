package norme

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var (
	motifTelephone = regexp.MustCompile(`\b0[1-9](?:[\s.-]?\d\d){4}\b|(?:\+|\b00)\d(?:[\s.()-]{0,3}\d){7,13}|\b[1-9](?:[\s.-]?\d\d){4}\b|\b0\d(?: ?/ ?\d\d){4}\b`)
	motifCourriel  = regexp.MustCompile(`[\pL\pN._%+'-]+@[\pL\pN.-]+\.\pL{2,}`)
	telephoneNorme = regexp.MustCompile(`^(\+33|\+590|\+594|\+262|\+596|\+269|\+687|\+689|\+508|\+681)(\d){6,9}$`)
)

// indicatifs are the country codes of the overseas départements, by the first
// four digits of a number dialled from within France (Arcep, national
// numbering plan). Mayotte shares +262 with La Réunion.
var indicatifs = map[string]string{
	"0590": "+590", "0690": "+590", "0691": "+590", "0594": "+594", "0694": "+594", "0596": "+596", "0696": "+596", "0697": "+596",
	"0262": "+262", "0263": "+262", "0269": "+262", "0639": "+262", "0692": "+262", "0693": "+262",
}

// numero writes a phone number in the international form of the standard, ""
// when the text is no such number (short numbers such as 39 39 have none).
func numero(texte string) string {
	plus := strings.HasPrefix(strings.TrimSpace(texte), "+")
	texte = strings.ReplaceAll(texte, "(0)", "")
	n := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, texte)
	if suite, ok := strings.CutPrefix(n, "00"); ok && !plus {
		n, plus = suite, true
	}
	switch {
	case plus && strings.HasPrefix(n, "269269"): // the Comoros' code before a number of Mayotte
		n = "+262" + n[3:]
	case plus && strings.HasPrefix(n, "330") && len(n) == 12:
		n = "+33" + n[3:]
	case plus:
		n = "+" + n
	case len(n) == 10 && n[0] == '0' && indicatifs[n[:4]] != "":
		n = indicatifs[n[:4]] + n[1:]
	case len(n) == 10 && n[0] == '0':
		n = "+33" + n[1:]
	case len(n) == 9 && n[0] != '0': // a spreadsheet ate the zero
		n = "+33" + n
	case len(n) == 11 && strings.HasPrefix(n, "33"):
		n = "+" + n
	}
	if !telephoneNorme.MatchString(n) {
		return ""
	}
	return n
}

// appeler sets telephone to the first number; the others, for which the
// standard has no room, go to the details.
func (b *brouillon) appeler(texte string) {
	if texte = strings.TrimSpace(texte); texte == "" {
		return
	}
	var lus []string
	for _, morceau := range motifTelephone.FindAllString(texte, -1) {
		if n := numero(morceau); n != "" && !slices.Contains(lus, n) {
			lus = append(lus, n)
		}
	}
	if n := numero(texte); len(lus) == 0 && n != "" { // grouped in an odd way
		lus = append(lus, n)
	}
	if len(lus) == 0 {
		b.detailler("Téléphone : " + texte + ".")
		b.douter(mednum.ChampTelephone, texte, "", "numéro de téléphone illisible")
		return
	}
	b.mettre(mednum.ChampTelephone, lus[0])
	if len(lus) > 1 {
		b.detailler("Autre téléphone : " + strings.Join(lus[1:], ", ") + ".")
		b.remarquer(mednum.ChampTelephone, texte, lus[0], "plusieurs numéros : le standard n’en a qu’un")
	}
}

// ecrire sets courriels to the addresses of the text that are those of an
// organisation. An address that looks like a person's is not published, nor
// kept in the remarks.
func (b *brouillon) ecrire(texte, nom, commune string) {
	for _, adresse := range motifCourriel.FindAllString(texte, -1) {
		adresse = strings.ToLower(strings.Trim(adresse, ".-'"))
		if _, err := mail.ParseAddress(adresse); err != nil || strings.ContainsFunc(adresse, func(r rune) bool { return r > 126 }) {
			b.douter(mednum.ChampCourriels, masquer(adresse), "", "adresse de courriel illisible")
			continue
		}
		if personnel(adresse, nom+" "+commune) {
			b.douter(mednum.ChampCourriels, masquer(adresse), "", "l’adresse semble être celle d’une personne : non publiée")
			continue
		}
		b.ajouter(mednum.ChampCourriels, adresse)
	}
}

func masquer(adresse string) string {
	_, domaine, _ := strings.Cut(adresse, "@")
	return "…@" + domaine
}

// sansCourriels removes personal addresses from a text that will be shown.
func sansCourriels(texte, contexte string) string {
	return motifCourriel.ReplaceAllStringFunc(texte, func(adresse string) string {
		if personnel(strings.ToLower(adresse), contexte) {
			return ""
		}
		return adresse
	})
}

// visiter sets a column of web addresses. A missing "https://" is added; what
// is no address is left out.
func (b *brouillon) visiter(champ mednum.Champ, adresses []string) {
	var lues []string
	for _, ecrite := range adresses {
		adresse := strings.TrimSpace(ecrite)
		if adresse == "" {
			continue
		}
		if !strings.Contains(adresse, "://") {
			adresse = "https://" + adresse
		}
		if !estAdresseWeb(adresse) {
			b.douter(champ, ecrite, "", "adresse de site illisible")
			continue
		}
		lues = append(lues, adresse)
	}
	b.mettreListe(champ, lues)
}

func estAdresseWeb(adresse string) bool {
	u, err := url.Parse(adresse)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") &&
		strings.Contains(strings.Trim(u.Hostname(), "."), ".") && !strings.ContainsAny(adresse, " |\t\n")
}
