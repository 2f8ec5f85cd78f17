package mednum

import "strings"

// indicatifs are the country codes of the overseas départements, by the first
// four digits of a number dialled from within France (Arcep, national
// numbering plan). Mayotte shares +262 with La Réunion.
var indicatifs = map[string]string{
	"0590": "+590", "0690": "+590", "0691": "+590", "0594": "+594", "0694": "+594", "0596": "+596", "0696": "+596", "0697": "+596",
	"0262": "+262", "0263": "+262", "0269": "+262", "0639": "+262", "0692": "+262", "0693": "+262",
}

// EstTelephone tells whether a number has the form of the standard.
func EstTelephone(numero string) bool { return motifTelephone.MatchString(numero) }

// longueurs are the digits of a number after its country code, where they are
// always as many (ITU E.164 national plans: France and its départements,
// New Caledonia, Wallis and Saint-Pierre, Polynesia).
var longueurs = map[string]int{
	"+33": 9, "+590": 9, "+594": 9, "+596": 9, "+262": 9, "+687": 6, "+681": 6, "+508": 6, "+689": 8,
}

// Telephone writes a phone number in the international form of the standard, ""
// when the text is no such number (short numbers such as 39 39 have none). The
// numbers of the overseas départements take their own code, also when they are
// written after +33 or without their zero: 0262…, 262… and +33 262… are
// +262262…
func Telephone(texte string) string {
	plus := strings.HasPrefix(strings.TrimLeft(texte, " ("), "+")
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
	case !plus && len(n) == 10 && n[0] == '0':
		return numeroFrancais(n[1:])
	case !plus && len(n) == 9 && n[0] != '0': // a spreadsheet ate the zero
		return numeroFrancais(n)
	case plus && strings.HasPrefix(n, "269269"): // the Comoros' code before a number of Mayotte
		n = "262" + n[3:]
	case plus && strings.HasPrefix(n, "330") && len(n) == 12:
		return numeroFrancais(n[3:])
	case strings.HasPrefix(n, "33") && len(n) == 11:
		return numeroFrancais(n[2:])
	case len(n) == 13 && n[3] == '0' && longueurs["+"+n[:3]] == 9: // +262 0262…
		n = n[:3] + n[4:]
	case !plus && !(len(n) == 12 && longueurs["+"+n[:3]] == 9 && indicatifs["0"+n[3:6]] == "+"+n[:3]):
		return ""
	}
	n = "+" + n
	for indicatif, longueur := range longueurs {
		if strings.HasPrefix(n, indicatif) && len(n) != len(indicatif)+longueur {
			return ""
		}
	}
	if !EstTelephone(n) {
		return ""
	}
	return n
}

// numeroFrancais is the nine digits of a number of the French plan, behind
// the code of its country.
func numeroFrancais(n string) string {
	indicatif := indicatifs["0"+n[:3]]
	if indicatif == "" {
		indicatif = "+33"
	}
	if n[0] == '0' {
		return ""
	}
	return indicatif + n
}
