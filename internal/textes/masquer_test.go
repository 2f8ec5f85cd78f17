package textes_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/textes"
)

// masques are free texts as people write them, and what may be kept of them.
var masques = []struct{ name, texte, want string }{
	{"spaces", "Appelez le 05 63 20 30 40 le matin", "Appelez le [numéro masqué] le matin"},
	{"dots", "06.12.34.56.78", "[numéro masqué]"},
	{"dashes", "06-12-34-56-78.", "[numéro masqué]."},
	{"slashes", "06/12/34/56/78", "[numéro masqué]"},
	{"commas", "tel 06,12,34,56,78 merci", "tel [numéro masqué] merci"},
	{"in one piece", "mon numéro:0612345678", "mon numéro:[numéro masqué]"},
	{"glued to a word", "tel0612345678", "tel[numéro masqué]"},
	{"by three", "0563 203 040", "[numéro masqué]"},
	{"no-break spaces", "06\u00a012\u00a034\u202f56\u00a078", "[numéro masqué]"},
	{"two lines", "06 12 34\n56 78", "[numéro masqué]"},
	{"the letter O", "O6 12 34 56 78", "[numéro masqué]"},
	{"without zero", "6 12 34 56 78", "[numéro masqué]"},
	{"+33", "+33 6 12 34 56 78", "[numéro masqué]"},
	{"+33 (0)", "(+33)(0)6 12 34 56 78", "([numéro masqué]"},
	{"0033", "0033612345678", "[numéro masqué]"},
	{"+33 in one piece", "joindre +33612345678 svp", "joindre [numéro masqué] svp"},
	{"abroad", "+32 475 12 34 56", "[numéro masqué]"},
	{"New Caledonia", "+687 25 12 34", "[numéro masqué]"},
	{"full-width digits", "０６１２３４５６７８", "[numéro masqué]"},
	{"signs that nobody sees", "06\u200b12\u00ad34\u206056\u034f78 ensuite \u202a05\u200d63\ufeff20\u200e30\u202c40", "[numéro masqué] ensuite [numéro masqué]"},
	{"digits in boxes", "0\ufe0f\u20e36\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e35\ufe0f\u20e36\ufe0f\u20e37\ufe0f\u20e38\ufe0f\u20e3", "[numéro masqué]"},
	{"colons", "tél. 06:12:34:56:78.", "tél. [numéro masqué]."},
	{"semicolons", "06 ; 12 ; 34 ; 56 ; 78", "[numéro masqué]"},
	{"bullets", "06•12•34•56•78", "[numéro masqué]"},
	{"tildes", "06~12~34~56~78", "[numéro masqué]"},
	{"apostrophes", "06'12'34'56'78, 06’12’34’56’78", "[numéro masqué], [numéro masqué]"},
	{"pluses", "06+12+34+56+78", "[numéro masqué]"},
	{"words", "06 et 12 et 34 et 56 et 78", "[numéro masqué]"},
	{"two phones", "05 63 20 30 40 ou 06 12 34 56 78", "[numéro masqué] ou [numéro masqué]"},
	{"two phones, comma", "05 63 20 30 40, 06 12 34 56 78", "[numéro masqué], [numéro masqué]"},

	{"mail", "Écrire à jean.dupont@exemple.fr.", "Écrire à [e-mail masqué]."},
	{"mail in a sentence", "Bonjour. jean@exemple.fr est mon adresse", "Bonjour. [e-mail masqué] est mon adresse"},
	{"mail without a dot", "jean@exemple", "[e-mail masqué]"},
	{"mail with spaces", "jean . dupont @ exemple . fr", "[e-mail masqué]"},
	{"mail with a space after the dot", "jean@exemple. com merci", "[e-mail masqué] merci"},
	{"mail spelled", "jean point dupont arobase exemple point fr", "[e-mail masqué]"},
	{"mail spelled otherwise", "jean ARROBASE exemple.fr", "[e-mail masqué]"},
	{"mail hidden", "jean[at]exemple[dot]fr", "[e-mail masqué]"},
	{"mail hidden in parentheses", "jean (arobase) exemple (point) fr", "[e-mail masqué]"},
	{"full-width arobase", "jean.dupont＠exemple.fr", "[e-mail masqué]"},
	{"mail with signs that nobody sees", "jean\u200b.dupont\u200b@\u200bexemple.fr", "[e-mail masqué]"},
	{"accents", "hélène.été@exemple.fr", "[e-mail masqué]"},
	{"handle", "(@jeannot82)", "([e-mail masqué])"},

	{"tax number", "n° fiscal 30 12 345 678 901", "n° fiscal [numéro masqué]"},
	{"tax number in one piece", "3012345678901", "[numéro masqué]"},
	{"tax number by four", "3012 2019 4567 8", "[numéro masqué]"},
	{"social security", "1 84 12 82 121 089 46", "[numéro masqué]"},
	{"social security without key", "184128212108946", "[numéro masqué]"},
	{"social security of Corsica", "2 85 05 2A 123 456 78", "[numéro masqué]"},
	{"social security of Corsica in one piece", "285052B12345678", "[numéro masqué]"},
	{"IBAN", "FR76 3000 6000 0112 3456 7890 189", "[numéro masqué]"},
	{"IBAN in one piece", "iban fr7630006000011234567890189 !", "iban [numéro masqué] !"},
	{"IBAN with a letter, in other groups", "FR76 20041 01005 0500013M026 06", "[numéro masqué]"},
	{"IBAN of Belgium", "BE68 5390 0754 7034", "[numéro masqué]"},

	{"link", "voir https://exemple.fr/dossier?id=12", "voir [lien masqué]"},
	{"link without scheme", "www.exemple.fr/moi", "[lien masqué]"},
	{"bare domain", "sur moi.exemple.fr/page merci", "sur [lien masqué] merci"},
	{"link with an account", "https://jean@exemple.fr/x", "[lien masqué]"},
	{"mailto", "mailto:jean@exemple.fr", "[lien masqué]"},

	{"masked already", "Appelez [numéro masqué] ou [e-mail masqué]", "Appelez [numéro masqué] ou [e-mail masqué]"},
	{"masked beside an arobase", "[numéro masqué]@exemple.fr", "[numéro masqué][e-mail masqué]"},
}

// gardes are texts that stay as they are.
var gardes = []string{
	"", "Bonjour. Je cherche de l’aide.", "le 15 mars", "le 15 mars 2026 à 14 h", "82000", "82000 Montauban", "3 enfants",
	"9h30-12h", "9h30-12h, 14h-17h30", "09:00-12:00, 14:00-17:00", "9.30-12.30 14.00-17.00", "de 9 h à 12 h et de 14 h à 17 h",
	"15/03/2026", "du 15/03/2026 au 18/03/2026", "15/03/2026-18/03/2026", "15.03.2026", "2026-03-15", "2024-2025-2026", "en 2025, 2026 et 2027",
	"10 000-20 000 habitants", "1 200 000 €", "3,50 €", "82000-82100", "82000, 82100, 82200", "les 10, 11, 12, 13, 14 et 15",
	"09:00-12:00,14:00-17:00", "de 08:30 à 12:00 ; 13:30 ; 14:00", "les 05 et 12 et 19 et 26", "3939", "le 39 39", "le 36 46", "le 12 mars prochain entre midi et deux", "la salle 12 bis", "A20, sortie 65", "j’ai 72 ans",
	"Je suis à 25 km. Fr services est fermé le samedi", "aide.Merci", "mail, imprimante, etc.", "un point pour tous", "5 rue du 11 novembre 1918",
}

func TestMasquer(t *testing.T) {
	for _, tt := range masques {
		t.Run(tt.name, func(t *testing.T) {
			if got := textes.Masquer(tt.texte); got != tt.want {
				t.Errorf("Masquer(%q) = %q, want %q", tt.texte, got, tt.want)
			}
		})
	}
	for _, texte := range gardes {
		t.Run("kept: "+texte, func(t *testing.T) {
			if got := textes.Masquer(texte); got != texte {
				t.Errorf("Masquer(%q) = %q", texte, got)
			}
		})
	}
}

// Whatever stands around them, no phone number nor address is left.
func FuzzMasquer(f *testing.F) {
	for _, tt := range masques {
		f.Add(tt.texte)
	}
	for _, texte := range gardes {
		f.Add(texte)
	}
	f.Fuzz(func(t *testing.T, texte string) {
		if !utf8.ValidString(texte) || len(texte) > 4000 {
			t.Skip()
		}
		une := textes.Masquer(texte)
		if deux := textes.Masquer(une); deux != une {
			t.Errorf("%q is masked to %q, then to %q", texte, une, deux)
		}
		for _, secret := range []string{"06 12 34 56 78", "jean.dupont@exemple.fr"} {
			if m := textes.Masquer(texte + " " + secret + " "); !strings.HasSuffix(m, "masqué] ") {
				t.Errorf("%q before a secret gives %q", texte, m)
			}
		}
		if serie := laPlusLongue(une); serie >= 9 {
			t.Errorf("%q keeps %d digits in a row: %q", texte, serie, une)
		}
	})
}

// laPlusLongue is the length of the longest row of digits with nothing between.
func laPlusLongue(texte string) (n int) {
	serie := 0
	for _, r := range texte {
		if serie++; !unicode.Is(unicode.Nd, r) {
			serie = 0
		}
		n = max(n, serie)
	}
	return n
}
