package norme

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

var (
	motifEchappe  = regexp.MustCompile(`\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})`)
	motifSaut     = regexp.MustCompile(`(?i)<br\s*/?>|</p>|</li>|</div>`)
	motifBalise   = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)
	motifDansMot  = regexp.MustCompile(`(\pL)rendez-vous(\pL)`)
	motifElision  = regexp.MustCompile(`(?i)(^|[\s-])([dlnjs]|qu)\s*['’]\s+(\pL)`)
	motifElision2 = regexp.MustCompile(`(?i)(^|[\s-])([dlnjs]|qu)\s+['’]\s*(\pL)`)
)

// nettoyer removes what transport leaves in a text: HTML entities and tags,
// "\x20" escapes, UTF-8 read as Windows-1252, hard and thin spaces, invisible
// signs. Line breaks stay.
func nettoyer(s string) string {
	if s == "" {
		return ""
	}
	if strings.Contains(s, `\`) {
		s = motifEchappe.ReplaceAllStringFunc(s, desechapper)
	}
	if strings.Contains(s, "&") {
		s = html.UnescapeString(html.UnescapeString(s)) // "&amp;amp;" is seen
	}
	if strings.Contains(s, "<") {
		s = motifSaut.ReplaceAllString(s, "\n")
		s = motifBalise.ReplaceAllString(s, " ")
	}
	s = strings.Map(signe, recoder(s))
	// A replacement of "rv" by "rendez-vous" went through the middle of words.
	if strings.Contains(s, "rendez-vous") {
		s = motifDansMot.ReplaceAllString(s, "${1}rv${2}")
	}
	lignes := strings.Split(s, "\n")
	gardees := lignes[:0]
	for _, l := range lignes {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			gardees = append(gardees, l)
		}
	}
	return strings.Join(gardees, "\n")
}

func desechapper(s string) string {
	n, err := strconv.ParseUint(s[2:], 16, 32)
	if err != nil {
		return s
	}
	return string(rune(n))
}

// signe keeps a rune, makes a plain space of one, or drops it.
func signe(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\r' || unicode.IsSpace(r):
		return ' '
	case r == utf8.RuneError, r == '\u200b', r == '\ufeff', r == '\u00ad', unicode.IsControl(r):
		return -1
	}
	return r
}

// recoder undoes UTF-8 that was read as Windows-1252 ("MÃ©diathÃ¨que").
func recoder(s string) string {
	if !strings.ContainsAny(s, "ÃÂâ") {
		return s
	}
	octets, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil || !utf8.ValidString(octets) {
		return s
	}
	return octets
}

// enLigne puts a text on one line and closes up "l 'hippodrome".
func enLigne(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if !strings.ContainsAny(s, "'’") {
		return s
	}
	s = motifElision.ReplaceAllString(s, "${1}${2}'${3}")
	return motifElision2.ReplaceAllString(s, "${1}${2}'${3}")
}

var (
	motifAvantVirgule = regexp.MustCompile(`\s+([,.)\]])`)
	motifParenthese   = regexp.MustCompile(`([(\[])\s+`)
	motifVirgule      = regexp.MustCompile(`,(\pL)`)
	motifApresPoint   = regexp.MustCompile(`([:;])(\pL)`)
)

// soigner tidies the spaces and the commas of a sentence that people will
// read.
func soigner(s string) string {
	s = motifAvantVirgule.ReplaceAllString(s, "$1")
	s = motifParenthese.ReplaceAllString(s, "$1")
	s = motifVirgule.ReplaceAllString(s, ", $1")
	return motifApresPoint.ReplaceAllString(s, "$1 $2")
}

// enCapitales tells whether a text has letters, all of them capitals.
func enCapitales(s string) bool {
	lettres := false
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		lettres = lettres || unicode.IsUpper(r)
	}
	return lettres
}

// majuscule puts a capital on the first letter.
func majuscule(s string) string {
	for i, r := range s {
		if unicode.IsLetter(r) {
			return s[:i] + string(unicode.ToUpper(r)) + s[i+utf8.RuneLen(r):]
		}
		if unicode.IsDigit(r) {
			return s
		}
	}
	return s
}
