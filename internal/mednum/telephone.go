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

// Telephone writes a phone number in the international form of the standard, ""
// when the text is no such number (short numbers such as 39 39 have none).
func Telephone(texte string) string {
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
	if !EstTelephone(n) {
		return ""
	}
	return n
}
