package norme

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var (
	// A number with a country code of the standard; one of ten digits, or of
	// nine that lost their zero, however they are grouped.
	motifTelephone = regexp.MustCompile(`\(?(?:\+|\b00)\s?(?:33|262|269|590|594|596)\)?[\s.-]*(?:\(?0\)?[\s.-]*)?[1-9](?:[\s./-]?\d){8}\b` +
		`|(?:\+|\b00)\s?(?:687|681|508)(?:[\s.-]?\d){6}\b|(?:\+|\b00)\s?689(?:[\s.-]?\d){8}\b` +
		`|\(0\)\s?[1-9](?:[\s.-]?\d){8}\b|\b0[1-9](?:[\s.-]?\d\d){4}\b|\b[1-9](?:[\s.-]?\d\d){4}\b|\b0\d(?: ?/ ?\d\d){4}\b|\b0[\s.-]?\d{3}[\s.-]?\d{3}[\s.-]?\d{3}\b`)
	motifColles = regexp.MustCompile(`\b(0[1-9]\d{8})(0[1-9]\d{8})\b`)
	// What a spreadsheet makes of a number: 5.63E+08, 563000001.0.
	motifScientifique = regexp.MustCompile(`^(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$`)
	motifFlottant     = regexp.MustCompile(`^\d{9,12}[.,]0+$`)
	// Short numbers of the French plan (Arcep): emergency and social services on
	// two or three digits, 118 and 116, 3xxx and 10xx.
	motifCourt = regexp.MustCompile(`^(?:1\d|1\d{2}|11[68]\d{3}|10\d{2}|3\d{3})$`)
	// What people write beside a number that tells nothing.
	motifMotsTelephone = regexp.MustCompile(`(?i)\b(?:t[ée]l[ée]?(?:phone)?|port(?:able)?|fixe|mobile|n°|num[ée]ro|ou|et)\b`)
)

// appeler sets telephone to the first number that the text holds, in the
// international form. The others, for which the standard has no room, go to
// the details, with the words that stand beside them. A short number has no
// international form: it stays in words. A number that a spreadsheet has
// rounded is lost.
func (b *brouillon) appeler(texte string) {
	ecrit := strings.TrimSpace(texte)
	if ecrit == "" {
		return
	}
	texte, ok := sansTableur(ecrit)
	if !ok {
		b.douter(mednum.ChampTelephone, ecrit, "", "numéro de téléphone arrondi par un tableur")
		return
	}
	lus, reste := numeros(texte)
	if court := strings.NewReplacer(" ", "", ".", "", "\u00a0", "").Replace(texte); len(lus) == 0 && motifCourt.MatchString(court) {
		b.detailler("Téléphone : " + texte + ".")
		b.remarquer(mednum.ChampTelephone, ecrit, "", "numéro court, sans forme internationale : gardé dans la présentation détaillée")
		return
	}
	if len(lus) == 0 {
		b.detailler("Téléphone : " + texte + ".")
		b.douter(mednum.ChampTelephone, ecrit, "", "numéro de téléphone illisible")
		return
	}
	b.mettre(mednum.ChampTelephone, lus[0])
	switch {
	case strings.ContainsFunc(motifMotsTelephone.ReplaceAllString(reste, ""), alphanumerique):
		b.detailler("Téléphone : " + texte + ".")
		b.remarquer(mednum.ChampTelephone, ecrit, lus[0], "le texte autour du numéro est gardé dans la présentation détaillée")
	case len(lus) > 1:
		b.detailler("Autre téléphone : " + strings.Join(lus[1:], ", ") + ".")
		b.remarquer(mednum.ChampTelephone, ecrit, lus[0], "plusieurs numéros : le standard n’en a qu’un")
	default:
		b.remarquer(mednum.ChampTelephone, ecrit, lus[0], "numéro écrit sous sa forme internationale")
	}
}

func alphanumerique(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// sansTableur undoes what a spreadsheet made of a number; ok is false when it
// kept too few digits.
func sansTableur(texte string) (string, bool) {
	if motifFlottant.MatchString(texte) {
		return texte[:strings.IndexAny(texte, ".,")], true
	}
	m := motifScientifique.FindStringSubmatch(texte)
	if m == nil {
		return texte, true
	}
	exposant, err := strconv.Atoi(m[3])
	if err != nil || exposant < 8 || len(m[2]) != exposant { // zeros at the end may be cut too: nobody knows
		return texte, false
	}
	return m[1] + m[2], true
}

// numeros are the numbers of a text, each once, in its order, and what is left
// of the text.
func numeros(texte string) (lus []string, reste string) {
	texte = motifColles.ReplaceAllString(texte, "$1 $2")
	reste = motifTelephone.ReplaceAllStringFunc(texte, func(morceau string) string {
		n := mednum.Telephone(morceau)
		if n == "" {
			return morceau
		}
		if !slices.Contains(lus, n) {
			lus = append(lus, n)
		}
		return " "
	})
	if n := mednum.Telephone(texte); len(lus) == 0 && n != "" { // grouped in an odd way
		return []string{n}, ""
	}
	return lus, reste
}
