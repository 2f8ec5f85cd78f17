package territoire

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const extraitFrance = `26	Drôme
75	Paris
82	Tarn-et-Garonne
72	Sarthe
42	Loire
26362	Valence	26	26000	64483
26004	Alixan	26	26300	2729
75056	Paris	75	75001 75012 75116	2103778
75112	Paris 12e Arrondissement	75	75012	139788	75056
16392	Valence	16	16460	192
06114	Saint-Antonin	06	06260	90
42218	Saint-Étienne	42	42000 42100	173000
72181	Le Mans	72	72000 72100	145000
82112	Moissac	82	82200	13419
85060	Château-d'Olonne	85	85180		85194
85194	Les Sables-d'Olonne	85	85100 85180	48000
`

// livre opens the shipped pack with a few names of the rest of France.
func livre(tb testing.TB) *Territoire {
	tb.Helper()
	t, err := Open(os.DirFS(paquetLivre))
	if err != nil {
		tb.Fatal(err)
	}
	if t.France, err = OpenFrance(strings.NewReader(extraitFrance)); err != nil {
		tb.Fatal(err)
	}
	return t
}

func noms(communes []*Commune) string {
	var liste []string
	for _, c := range communes {
		liste = append(liste, c.Nom+" "+c.Departement)
	}
	return strings.Join(liste, ", ")
}

func TestChercher(t *testing.T) {
	ter := livre(t)
	for _, tc := range []struct {
		q       string
		genre   Genre
		commune string // of Commune, "" for none
		exact   bool
	}{
		{"", GenreVide, "", false},
		{"  ,; ", GenreVide, "", false},
		{"Moissac", GenreCommune, "82112", true},
		{"  moissac ", GenreCommune, "82112", true},
		{"MOISSAC", GenreCommune, "82112", true},
		{"à Moissac", GenreCommune, "82112", true},
		{"commune de Moissac", GenreCommune, "82112", true},
		{"la francaise", GenreCommune, "82087", true},
		{"La Française", GenreCommune, "82087", true},
		{"lafrancaise", GenreCommune, "82087", true},
		{"St Antonin", GenreCommune, "82155", false},
		{"saint-antonin noble val", GenreCommune, "82155", true},
		{"Saint-Antonin (06)", GenreCommune, "06114", true},
		{"ville dieu du temple", GenreCommune, "82096", true},
		{"la ville dieu", GenreCommune, "82096", false},
		{"barthes", GenreCommune, "82012", true},
		{"honor de cos", GenreCommune, "82076", true},
		{"l'honor-de-cos", GenreCommune, "82076", true},
		{"L’Honor-de-Cos", GenreCommune, "82076", true},
		{"valence d'agen", GenreCommune, "82186", true},
		{"Valence d’Agen", GenreCommune, "82186", true},
		{"Valence", GenreCommune, "82186", true},
		{"Valence (26)", GenreCommune, "26362", true},
		{"valence 26", GenreCommune, "26362", true},
		{"Valence Drôme", GenreCommune, "26362", true},
		{"Valence (Drôme)", GenreCommune, "26362", true},
		{"Valence (82)", GenreCommune, "82186", true},
		{"Moissac 82", GenreCommune, "82112", true},
		{"Moissac, Tarn-et-Garonne", GenreCommune, "82112", true},
		{"noble val", GenreCommune, "82155", false},
		{"castelsarr", GenreCommune, "82033", false},
		{"saint nicolas grave", GenreCommune, "82169", false},
		{"beaumont", GenreCommune, "82013", false},
		{"Saint-Étienne", GenreCommune, "82161", false},
		{"Paris", GenreCommune, "75056", true},
		{"le mans", GenreCommune, "72181", true},
		{"mans", GenreCommune, "72181", true},
		{"Chateau d'Olonne", GenreCommune, "85194", true},
		{"75112", GenreCommune, "75056", true},
		{"82112", GenreCommune, "82112", true},
		{"82200", GenreCodePostal, "", false},
		{"82 200", GenreCodePostal, "", false},
		{"82000", GenreCodePostal, "82121", true},
		{"26000", GenreCodePostal, "26362", true},
		{"82200 Moissac", GenreCommune, "82112", true},
		{"Moissac 82200", GenreCommune, "82112", true},
		{"82000 Moissac", GenreCommune, "82112", true},
		{"82013 Montauban Cedex", GenreCommune, "82121", true},
		{"MONTAUBAN CEDEX 9", GenreCommune, "82121", true},
		{"82013", GenreCommune, "82013", true}, // an INSEE code before a CEDEX
		{"82006", GenreCommune, "82006", true},
		{"82999", GenreDepartement, "", false},
		{"82", GenreDepartement, "", false},
		{"tarn et garonne", GenreDepartement, "", false},
		{"Le Tarn-et-Garonne", GenreDepartement, "", false},
		{"Lot", GenreDepartement, "", false},
		{"12 rue de la République Moissac", GenreAdresse, "82112", true},
		{"12, rue de la République, 82200 Moissac", GenreAdresse, "82112", true},
		{"3 bis av de Toulouse 82100 castelsarrasin", GenreAdresse, "82033", true},
		{"rue de Moissac", GenreAdresse, "", false},
		{"12 rue de Paris Montauban", GenreAdresse, "82121", true},
		{"place de la mairie", GenreAdresse, "", false},
		{"1 place de la mairie 82000", GenreAdresse, "82121", false},
		{"10 rue Lamartine 26000 Valence", GenreAdresse, "26362", true},
		{"CCAS Castelsarrasin", GenreTexte, "82033", true},
		{"mairie de caumont", GenreTexte, "82035", true},
		{"médiathèque", GenreInconnu, "", false},
		{"Montoban", GenreInconnu, "", false},
		{"xyzzy", GenreInconnu, "", false},
		{"82a", GenreInconnu, "", false},
	} {
		t.Run(tc.q, func(t *testing.T) {
			r := ter.Chercher(tc.q)
			code := ""
			if r.Commune != nil {
				code = r.Commune.Code
			}
			if r.Genre != tc.genre || code != tc.commune || r.Exact != tc.exact {
				t.Errorf("got %q %q exact %v, choices %s; want %q %q exact %v", r.Genre, code, r.Exact, noms(r.Communes), tc.genre, tc.commune, tc.exact)
			}
		})
	}
}

func TestChercherAutour(t *testing.T) {
	ter := livre(t)
	for _, tc := range []struct {
		name, q string
		got     func(Resultat) string
		want    string
	}{
		{
			"all communes of a postal code, largest first", "82200", func(r Resultat) string { return noms(r.Communes) },
			"Moissac 82, Malause 82, Boudou 82, Montesquieu 82, Lizac 82",
		},
		{"homonyms beside", "Valence", func(r Resultat) string { return noms(r.Autres) }, "Valence 26, Valence 16"},
		{"exact names beside a beginning", "St Antonin", func(r Resultat) string { return noms(r.Autres) }, "Saint-Antonin 32, Saint-Antonin 06"},
		{"a beginning beside an exact name", "Paris", func(r Resultat) string { return noms(r.Autres) }, "Parisot 82"},
		{
			"several beginnings are a choice", "castel", func(r Resultat) string { return string(r.Genre) + " " + noms(r.Communes) },
			"choix Castelsarrasin 82, Castelmayran 82, Castelsagrat 82, Castelferrus 82",
		},
		{"spelled almost so", "Montoban", func(r Resultat) string { return r.Suggestions[0].Requete }, "Montauban (82)"},
		{"letters swapped", "Mosisac", func(r Resultat) string { return r.Suggestions[0].Nom }, "Moissac"},
		{"first words spelled almost so", "st anthonin", func(r Resultat) string { return r.Suggestions[0].Nom }, "Saint-Antonin-Noble-Val"},
		{"nothing like it", "xyzzy", func(r Resultat) string { return noms(r.Communes) + string(rune('0'+len(r.Suggestions))) }, "0"},
		{"the other words", "CCAS de Castelsarrasin", func(r Resultat) string { return r.Reste }, "ccas de"},
		{"département of a name", "tarn & garonne", func(r Resultat) string { return string(r.Genre) }, "inconnu"},
		{"communes of the code of an address", "3 chemin du lac 82200", func(r Resultat) string { return string(r.Genre) + " " + r.Communes[0].Nom }, "adresse Moissac"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.got(ter.Chercher(tc.q))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Every commune of the pack is found by its own name in the form that
// suggestions use, and by its name without accents and hyphens when no other
// commune bears it.
func TestChercherChaqueCommune(t *testing.T) {
	ter := livre(t)
	ter.France = nil
	for i := range ter.Communes {
		c := &ter.Communes[i]
		if r := ter.Chercher(ter.Suggestion(c).Requete); r.Commune != c {
			t.Errorf("%q: got %q %v, want %s", ter.Suggestion(c).Requete, r.Genre, r.Commune, c.Code)
		}
		if !c.Dedans {
			continue
		}
		if r := ter.Chercher(strings.ToUpper(strings.ReplaceAll(c.Nom, "-", " "))); r.Commune != c || !r.Exact {
			t.Errorf("%q without hyphens: got %q %v, want %s", c.Nom, r.Genre, r.Commune, c.Code)
		}
	}
}

func TestCompleter(t *testing.T) {
	ter := livre(t)
	for _, tc := range []struct {
		name, q, want string
		n             int
	}{
		{"nothing typed", "", "", 5},
		{"none asked", "mo", "", 0},
		{"territory first, largest first", "mont", "Montauban, Montech, Montbeton", 3},
		{"usual name", "valence d", "Valence d’Agen", 3},
		{"missing article", "bart", "Les Barthes", 1},
		{"with article", "la fran", "Lafrançaise", 1},
		{"abbreviation", "st antonin", "Saint-Antonin-Noble-Val, Saint-Antonin, Saint-Antonin", 9},
		{"inner word", "noble v", "Saint-Antonin-Noble-Val", 3},
		{"postal code", "8220", "Moissac, Malause", 2},
		{"elsewhere", "alix", "Alixan", 3},
		{"postal code elsewhere", "7511", "Paris", 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var noms []string
			for _, s := range ter.Completer(tc.q, tc.n) {
				noms = append(noms, s.Nom)
			}
			if diff := cmp.Diff(tc.want, strings.Join(noms, ", ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommuneNommee(t *testing.T) {
	ter := livre(t)
	for _, tc := range []struct{ name, nom, poste, want string }{
		{"name and code", "MOISSAC", "82200", "82112"},
		{"CEDEX", "MONTAUBAN CEDEX", "82013", "82121"},
		{"article missing", "LA FRANCAISE", "82130", "82087"},
		{"spaces for hyphens", "DURFORT LACAPELETTE", "82390", "82051"},
		{"another code of the département", "DURFORT LACAPELETTE", "82290", "82051"},
		{"homonym by its code", "Saint-Antonin", "32120", "32359"},
		{"homonym, other département", "Valence", "26000", ""},
		{"no code", "Valence d'Agen", "", "82186"},
		{"unknown", "Nulle-Part", "82000", ""},
		{"only its beginning", "Saint-Antonin", "82140", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ""
			if c, ok := ter.CommuneNommee(tc.nom, tc.poste); ok {
				got = c.Code
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "acb", 1}, {"montoban", "montauban", 2}, {"abc", "", 3},
	} {
		if got := distance([]rune(tc.a), []rune(tc.b), 3); got != tc.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tc.a, tc.b, got, tc.want)
		}
	}
}

func FuzzChercher(f *testing.F) {
	for _, q := range []string{"Moissac", "82200", "12 rue de la République 82200 Moissac", "St Antonin (06)", "82 200", "cedex", "2A", "ÿ\xff", "rue", "1 rue"} {
		f.Add(q)
	}
	ter := livre(f)
	f.Fuzz(func(t *testing.T, q string) {
		r := ter.Chercher(q)
		switch {
		case r.Genre == GenreCommune && r.Commune == nil,
			r.Genre == GenreChoix && len(r.Communes) < 2,
			r.Genre == GenreDepartement && r.Departement == nil,
			r.Genre == GenreCodePostal && len(r.Communes) == 0,
			len(r.Communes) > 200, len([]rune(r.Texte)) > 200:
			t.Errorf("%q: %+v", q, r)
		}
		if s := ter.Completer(q, 5); len(s) > 5 {
			t.Errorf("%q: %d suggestions", q, len(s))
		}
	})
}

func BenchmarkCompleter(b *testing.B) {
	ter := livre(b)
	for _, q := range []string{"s", "saint", "moissac", "822"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				ter.Completer(q, 8)
			}
		})
	}
}

func BenchmarkChercher(b *testing.B) {
	ter := livre(b)
	for _, q := range []string{"Moissac", "12 rue de la République 82200 Moissac", "Montoban"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				ter.Chercher(q)
			}
		})
	}
}

func TestOpenFrance(t *testing.T) {
	t.Run("none", func(t *testing.T) {
		f, err := OpenFrance(nil)
		if f != nil || err != nil {
			t.Errorf("got %v, %v", f, err)
		}
		if _, ok := f.Commune("75056"); ok {
			t.Error("a nil list knows a commune")
		}
	})
	t.Run("not tabs", func(t *testing.T) {
		if _, err := OpenFrance(strings.NewReader("<html>\n")); err == nil {
			t.Error("want an error")
		}
	})
	t.Run("bad lines are left out", func(t *testing.T) {
		f, err := OpenFrance(strings.NewReader("82\tTarn-et-Garonne\nabc\n\n1\tx\n75056\tParis\n26362\tValence\t26\t26000\tbeaucoup\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := f.Commune("26362"); !ok || c.Population != 0 || !slices.Equal(c.CodesPostaux, []string{"26000"}) {
			t.Errorf("got %+v, %v", c, ok)
		}
		if _, ok := f.Commune("75056"); ok {
			t.Error("a line without département was kept")
		}
	})
}

func TestLocation(t *testing.T) {
	ter := livre(t)
	if got := time.Date(2026, 7, 14, 12, 0, 0, 0, time.UTC).In(ter.Location()).Hour(); got != 14 {
		t.Errorf("noon UTC in July is %d h, want 14", got)
	}
}
