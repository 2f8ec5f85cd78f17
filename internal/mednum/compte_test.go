package mednum_test

import (
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestLireCourriel(t *testing.T) {
	for _, tt := range []struct{ name, texte, want string }{
		{"bare", "jeanne@exemple.fr", "jeanne@exemple.fr"},
		{"capitals and blanks around", " Jeanne.Essai@Mairie-Exemple.FR\n", "jeanne.essai@mairie-exemple.fr"},
		{"nothing", "", ""},
		{"no domain", "jeanne", ""},
		{"a domain of one word", "jeanne@localhost", ""},
		{"two addresses", "a@exemple.fr, b@exemple.fr", ""},
		{"with a name", "Jeanne <jeanne@exemple.fr>", ""},
		{"a header", "jeanne@exemple.fr\r\nBcc: b@exemple.fr", ""},
		{"a header in the local part", "\"a\r\nBcc\"@exemple.fr", ""},
		{"a blank inside quotation marks", `"a b"@exemple.fr`, ""},
		{"a line separator", "jeanne\u2028@exemple.fr", ""},
		{"written backwards", "jeanne\u202e@exemple.fr", ""},
		{"no width", "jean\u200bne@exemple.fr", ""},
		{"not UTF-8", "jeann\xe9@exemple.fr", ""},
		{"too long", strings.Repeat("a", 250) + "@exemple.fr", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := mednum.LireCourriel(tt.texte)
			if got != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestLireNomCompte(t *testing.T) {
	for _, tt := range []struct{ name, texte, want string }{
		{"as it is written", "Zoé O’Neil-Dûpont", "Zoé O’Neil-Dûpont"},
		{"blanks", "  Zoé \u00a0 Essai ", "Zoé Essai"},
		{"nothing", " \u00a0", ""},
		{"two lines", "Zoé\r\nBcc: a@exemple.fr", ""},
		{"a line separator", "Zoé\u2028Essai", ""},
		{"written backwards", "Zoé\u202eEssai", ""},
		{"tags", "<b>Zoé", ""},
		{"eighty letters", strings.Repeat("é", 80), strings.Repeat("é", 80)},
		{"eighty-one", strings.Repeat("é", 81), ""},
		{"not UTF-8", "Zo\xe9", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := mednum.LireNomCompte(tt.texte)
			if got != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestMasquerCourriel(t *testing.T) {
	for texte, want := range map[string]string{
		"jeanne@exemple.fr": "j•••@exemple.fr", "é@exemple.fr": "é•••@exemple.fr", "@exemple.fr": "•••", "jeanne": "•••", "": "•••",
	} {
		if got := mednum.MasquerCourriel(texte); got != want {
			t.Errorf("%q: %q, want %q", texte, got, want)
		}
	}
}
