package mednum_test

import (
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestNormaliser(t *testing.T) {
	tests := []struct{ name, texte, want string }{
		{"hyphens", "Saint-Antonin-Noble-Val", "saint antonin noble val"},
		{"abbreviation", "St Antonin", "saint antonin"},
		{"abbreviation with a dot", "Ste. Livrade", "sainte livrade"},
		{"abbreviation inside", "Bourg-St-Andéol", "bourg saint andeol"},
		{"st inside a word", "Estang", "estang"},
		{"accents", "Lamothe-Capdeville À ÉÈÊË ÎÏ ÔÖ ÙÛÜ Ÿ Ç", "lamothe capdeville a eeee ii oo uuu y c"},
		{"combining accents", "Lafranc\u0327aise Me\u0301diathe\u0300que", "lafrancaise mediatheque"},
		{"ligatures", "Cœur d’Ævary", "coeur d aevary"},
		{"typographic and ASCII apostrophes", "L’Honor d'en-Haut", "l honor d en haut"},
		{"spaces", "  La\u00a0Ville \t Dieu ", "la ville dieu"},
		{"digits", "82 200", "82 200"},
		{"other scripts", "Ω ж", "ω ж"},
		{"nothing", " -’. ", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mednum.Normaliser(tt.texte); got != tt.want {
				t.Errorf("Normaliser(%q) = %q, want %q", tt.texte, got, tt.want)
			}
		})
	}
}

func TestCle(t *testing.T) {
	tests := []struct{ name, texte, want, wantArticle string }{
		{"La", "La Française", "francaise", "lafrancaise"},
		{"joined", "Lafrançaise", "lafrancaise", "lafrancaise"},
		{"Le", "Le Fauga", "fauga", "lefauga"},
		{"Les", "Les Barthes", "barthes", "lesbarthes"},
		{"elided", "L’Honor-de-Cos", "honordecos", "lhonordecos"},
		{"article inside", "Bourg-le-Roi", "bourgleroi", "bourgleroi"},
		{"only an article", "La", "la", "la"},
		{"saint", "St-Nicolas-de-la-Grave", "saintnicolasdelagrave", "saintnicolasdelagrave"},
		{"empty", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mednum.Cle(tt.texte); got != tt.want {
				t.Errorf("Cle(%q) = %q, want %q", tt.texte, got, tt.want)
			}
			if got := mednum.CleAvecArticle(tt.texte); got != tt.wantArticle {
				t.Errorf("CleAvecArticle(%q) = %q, want %q", tt.texte, got, tt.wantArticle)
			}
		})
	}
}

func FuzzNormaliser(f *testing.F) {
	for _, s := range []string{"St-Étienne", "İstanbul", "œ’-", "ﬁ\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		une := mednum.Normaliser(s)
		if deux := mednum.Normaliser(une); deux != une {
			t.Errorf("Normaliser(%q) = %q, and again %q", s, une, deux)
		}
	})
}
