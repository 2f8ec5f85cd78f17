package mednum

import (
	"strings"
	"unicode"
)

// pliages gives the plain letters of what French names are written with
// beyond ASCII, and of the other accented Latin letters that places carry.
var pliages = tablePliages(map[string]string{
	"a": "àâäáãåāăą", "c": "çćčĉċ", "d": "ďđð", "e": "éèêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ",
	"i": "îïíìīĭįı", "j": "ĵ", "k": "ķ", "l": "ĺļľŀł", "n": "ñńņň", "o": "ôöóòõøōŏő", "r": "ŕŗř",
	"s": "śŝşšș", "t": "ţťŧț", "u": "ùûüúũūŭůűų", "w": "ŵ", "y": "ÿýŷ", "z": "źżž",
	"ae": "æ", "oe": "œ", "ss": "ß",
})

func tablePliages(groupes map[string]string) map[rune]string {
	table := make(map[rune]string)
	for simple, lettres := range groupes {
		for _, r := range lettres {
			table[r] = simple
		}
	}
	return table
}

// abreviations are words that are read as another one. "St" and "Ste" stand
// before half of the place names that people shorten.
var abreviations = map[string]string{"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}

// Normaliser is the one key under which names are searched and compared:
// lower case, without accents, "st" and "ste" in full, "œ" as "oe", any
// apostrophe, hyphen or other punctuation as one space. Only letters, digits
// and single spaces come out: "St-Antonin  Noble-Val" and
// "SAINT ANTONIN NOBLE VAL" both give "saint antonin noble val".
// Normaliser(Normaliser(s)) is Normaliser(s).
func Normaliser(s string) string {
	mots := strings.Fields(plier(s))
	for i, mot := range mots {
		if long, ok := abreviations[mot]; ok {
			mots[i] = long
		}
	}
	return strings.Join(mots, " ")
}

// plier lowers, removes accents (composed or combining) and puts a space for
// each rune that is neither a letter nor a digit.
func plier(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		r = unicode.ToLower(r)
		switch simple, ok := pliages[r]; {
		case ok:
			b.WriteString(simple)
		case unicode.Is(unicode.Mn, r), r == '\u00ad': // combining accent, soft hyphen
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Cle is Normaliser without the leading article (le, la, les, l’) and without
// spaces: "L’Honor-de-Cos" gives "honordecos", "Les Barthes" "barthes". A name
// that is only an article keeps it. To find "Lafrançaise" from "la francaise",
// compare CleAvecArticle too.
func Cle(s string) string {
	n := Normaliser(s)
	for _, article := range []string{"le ", "la ", "les ", "l "} {
		if reste, ok := strings.CutPrefix(n, article); ok {
			n = reste
			break
		}
	}
	return strings.ReplaceAll(n, " ", "")
}

// CleAvecArticle is Normaliser without spaces: both "La Française" and
// "Lafrançaise" give "lafrancaise".
func CleAvecArticle(s string) string { return strings.ReplaceAll(Normaliser(s), " ", "") }
