package textes

import (
	"regexp"
	"strings"
	"unicode"
)

// What stands for what was taken away. None of them holds a digit, an @ or a
// dot: a text that was masked is masked.
const (
	numeroMasque = "[numéro masqué]"
	mailMasque   = "[e-mail masqué]"
	lienMasque   = "[lien masqué]"
)

// Masquer takes out of free text what leads to a person: phone numbers, e-mail
// addresses, tax numbers (13 digits), social security numbers, IBANs and
// addresses of pages, and any other number of nine digits or more. What it
// takes leaves a word in brackets. Dates, hours, prices, postcodes and counts
// stay. Masking twice is masking once. Names it cannot know: the forms ask not
// to write them. Signs that nobody sees are taken out: between two digits they
// would hide a number from this, and from no reader.
func Masquer(texte string) string {
	texte = strings.Map(voir, texte)
	for {
		suivant := masquerUneFois(texte)
		if suivant == texte {
			return texte
		}
		texte = suivant
	}
}

// voir is a sign as readers see it: -1 for one that they do not see, the plain
// arobase for one that looks like it.
func voir(r rune) rune {
	switch {
	case r == '＠' || r == '﹫':
		return '@'
	case unicode.In(r, unicode.Cf, unicode.Me, unicode.Variation_Selector) || r == '\u034f' || r == '\u115f' || r == '\u1160' || r == '\u3164':
		return -1
	}
	return r
}

func masquerUneFois(texte string) string {
	texte = motifLien.ReplaceAllString(texte, lienMasque)
	texte = motifMail.ReplaceAllString(texte, mailMasque)
	texte = motifArobase.ReplaceAllString(texte, mailMasque)
	texte = motifDomaine.ReplaceAllString(texte, lienMasque)
	texte = motifIBAN.ReplaceAllStringFunc(texte, func(m string) string {
		if chiffres(m) < chiffresIBAN {
			return m
		}
		return numeroMasque
	})
	texte = motifCorse.ReplaceAllString(texte, numeroMasque)
	texte = motifAutreSigne.ReplaceAllString(texte, numeroMasque)
	return motifSuite.ReplaceAllStringFunc(texte, masquerSuite)
}

// The forms. entre is what people write between two digits of one number; point
// is a dot of an address, also in words, but never the end of a sentence.
const (
	entre    = `[\s\p{Zs}._\-–—/\\|()·*]{0,3}`
	domaines = `(?:fr|com|org|net|eu|info|io|be|ch|uk|bzh|asso|gouv)`
	point    = `(?:\.|\s+\.\s+|\s*[(\[{]\s*(?:point|dot|\.)\s*[)\]}]\s*|\s+(?:point|dot)\s+)`
	partie   = `[\pL\pN_%+'’-]+`
	domaine  = partie + `(?:\s*\.\s*` + domaines + `\b|` + point + partie + `)*`
	dateOuAn = `(?:\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d{2}-\d{2}|(?:19|20)\d\d)`
	heures   = `\d{1,2}\.[0-5]\d\s?[–-]\s?\d{1,2}\.[0-5]\d`
	// Digits that go on before or after what is masked go with it.
	avant = `(?:\p{Nd}` + entre + `)*`
	apres = `(?:` + entre + `\p{Nd})*`
	// arobase is @ or what people write to hide it; "at" alone is an English word.
	arobase = `(?:\s*@\s*|\s*[(\[{]\s*(?:at|à|a|arr?obas[ez]?|@)\s*[)\]}]\s*|\s+arr?obas[ez]?\s+)`
)

var (
	motifLien    = regexp.MustCompile(`(?i)\b(?:[a-z][a-z+.-]*://|www\.|mailto:|tel:)[^\s\[\]<>"«»]+`)
	motifMail    = regexp.MustCompile(`(?i)` + avant + partie + `(?:` + point + partie + `)*` + arobase + domaine + apres)
	motifArobase = regexp.MustCompile(`(?i)@[\s\p{Zs}]*` + domaine + apres)
	motifDomaine = regexp.MustCompile(`(?i)` + avant + `[\pL\pN-]+(?:\.[\pL\pN-]+)*\.` + domaines + `\b(?:/[^\s\[\]<>"«»]*)?` + apres)
	// An IBAN (ISO 13616): two letters, two digits, groups of four; the French
	// one, of 27 signs, in whatever groups. One with few digits is a sentence.
	motifIBAN = regexp.MustCompile(`(?i)\bFR[\s-]?\d{2}(?:[\s-]?[a-z0-9]){23}\b` + apres + `|\b[a-z]{2}[\s-]?\d{2}(?:[\s-]?[a-z0-9]{4}){2,7}(?:[\s-]?[a-z0-9]{1,3})?\b` + apres)
	// A social security number of Corsica has a letter: 2A or 2B.
	motifCorse = regexp.MustCompile(`(?i)\b[12]` + entre + `\d\d` + entre + `\d\d` + entre + `2[AB]` + entre + `\d{3}` + entre + `\d{3}` + apres)
	// A run of digits, whatever cuts it; a letter O may stand for its first zero.
	motifSuite = regexp.MustCompile(`(?:\b[oO])?\+?[(]?\p{Nd}(?:(?:,[ ]?|` + entre + `)\p{Nd})*`)

	// A phone number whose pairs one other sign cuts, the same each time: hours
	// never have five such pairs.
	motifAutreSigne = regexp.MustCompile(`[oO0]\p{Nd}(?:` + entreMemes() + `)` + apres)

	motifDates = regexp.MustCompile(`^` + dateOuAn + `(?:[\s,/–-]{1,3}` + dateOuAn + `)*$`)
	motifHeure = regexp.MustCompile(`^` + heures + `(?:[\s/,]{1,3}` + heures + `)*$`)
	// Two postcodes, or two counts: 10 000-20 000.
	motifPaire = regexp.MustCompile(`^(?:[1-9]\d{4}[\s,/–-]{1,3}[1-9]\d{4}|\d{1,3}[\s\p{Zs}]\d{3}\s?[-–/,]\s?\d{1,3}[\s\p{Zs}]\d{3})$`)
)

const (
	chiffresIBAN   = 10 // fewer, and it is a sentence that begins with "le 12"
	chiffresNumero = 9  // a French phone number without its zero
	chiffresPlus   = 7  // a number after a +, of a small country too
)

// entreMemes are four more pairs of digits after each sign that entre has not.
func entreMemes() string {
	var choix []string
	for _, signe := range []string{":", ";", "•", "~", "'", "’", "=", "+", ">", "<", "!", "#", "&", `"`, "→", "et", "puis"} {
		choix = append(choix, `(?:[\s\p{Zs}]{0,3}`+regexp.QuoteMeta(signe)+`[\s\p{Zs}]{0,3}\p{Nd}\p{Nd}){4}`)
	}
	return strings.Join(choix, "|")
}

// masquerSuite judges one run of digits.
func masquerSuite(suite string) string {
	n := chiffres(suite)
	if motifVirgule.MatchString(suite) && !motifTelVirgule.MatchString(suite) {
		return masquerMorceaux(suite)
	}
	switch {
	case strings.Contains(suite, "+") && n >= chiffresPlus:
	case n < chiffresNumero, motifDates.MatchString(suite), motifHeure.MatchString(suite), motifPaire.MatchString(suite):
		return suite
	}
	return numeroMasque
}

// A comma sets numbers apart, except in a phone number cut by commas alone.
var (
	motifVirgule    = regexp.MustCompile(`,`)
	motifTelVirgule = regexp.MustCompile(`^[oO0]\d(?:, ?\d\d){4}$`)
)

// masquerMorceaux judges what stands between commas, each by itself.
func masquerMorceaux(suite string) string {
	morceaux := strings.Split(suite, ",")
	for i, m := range morceaux {
		nu := strings.TrimLeftFunc(m, unicode.IsSpace)
		morceaux[i] = m[:len(m)-len(nu)] + masquerSuite(nu)
	}
	return strings.Join(morceaux, ",")
}

// chiffres counts the digits of a text.
func chiffres(texte string) (n int) {
	for _, r := range texte {
		if unicode.Is(unicode.Nd, r) {
			n++
		}
	}
	return n
}
