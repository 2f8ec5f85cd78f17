package norme

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

var (
	motifElision  = regexp.MustCompile(`(?i)(^|[\s-])([dlnjs]|qu)\s*['’]\s+(\pL)`)
	motifElision2 = regexp.MustCompile(`(?i)(^|[\s-])([dlnjs]|qu)\s+['’]\s*(\pL)`)
)

// nettoyer is a text as people wrote it: what transport left in it is undone
// (see depolluer), hard and thin spaces are plain ones, invisible signs are
// gone, lines have no spaces around them and none is empty. Line breaks stay.
// What it does to spaces is never told as a repair: it changes no word.
func nettoyer(s string) string {
	if s == "" {
		return ""
	}
	for avant := ""; s != avant; { // a sign that goes may complete an entity
		avant = s
		s = strings.Map(signe, depolluer(s))
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

// signe keeps a rune, makes a plain space of one, or drops it.
func signe(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\r' || unicode.IsSpace(r):
		return ' '
	case r == utf8.RuneError, r == '\u200b', r == '\ufeff', r == '\u00ad', cache(r):
		return -1
	}
	return r
}

// cache tells the signs that a person does not see and that change what is seen:
// they drive a terminal, or turn the order of the letters around them.
func cache(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
}

// sansCaches is a text without them.
func sansCaches(s string) string {
	if !strings.ContainsFunc(s, cache) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0x80 && r <= 0x9f: // Windows-1252 read as Latin-1
			return r1252(r)
		case cache(r):
			return -1
		}
		return r
	}, s)
}

// r1252 is the letter of a byte of Windows-1252, -1 where it has none.
func r1252(r rune) rune {
	if lue := charmap.Windows1252.DecodeByte(byte(r)); lue != utf8.RuneError && !unicode.IsControl(lue) {
		return lue
	}
	return -1
}

// montrerCaches is a text with its control signs made visible, as "␛", and the
// others left out.
func montrerCaches(s string) string {
	return sansCaches(strings.Map(func(r rune) rune {
		if r < ' ' && cache(r) {
			return 0x2400 + r
		}
		return r
	}, s))
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
