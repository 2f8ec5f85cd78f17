package norme

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestDepolluer(t *testing.T) {
	tests := []struct{ name, ecrit, want string }{
		{"an entity", "A &amp; B", "A & B"},
		{"twice and three times encoded", "A &amp;amp; B &amp;amp;amp; C", "A & B & C"},
		{"numeric", "l&#39;&#xe9;cole", "l'école"},
		{"a hard space", "A&nbsp;:&nbsp B", "A\u00a0:\u00a0 B"},
		{"tags behind entities", "A &lt;br /&gt; B", "A \n B"},
		{"breaks and tags", "<p class=\"x\">A<br>B</p><ul><li>C</li></ul>", " A\nB\n  C\n\n"},
		{"a script", "A<script>alert('<b>')</script>B", "A B"},
		{"a link keeps its address", `Voir <a href="https://exemple.fr/x">le site</a>.`, "Voir le site (https://exemple.fr/x)."},
		{"a link that says its address", `<a href="https://exemple.fr/">exemple.fr</a>`, "exemple.fr"},
		{"escapes", `l\x27\xE9cole \u2013 A`, "l'école – A"},
		{"accents", "MÃ©diathÃ¨que dâ€™Ã\u00a0 cÃ´tÃ©, NÂ° 2, cÅ“ur, Ã‰tÃ©", "Médiathèque d’à côté, N° 2, cœur, Été"},
		{"bad accents beside good ones", "Médiathèque MÃ©dia d’été", "Médiathèque Média d’été"},
		{"a replacement gone astray", "france-serendez-vousices", "france-services"},
		// What was meant stays.
		{"R&D and a query", "R&D ?a=1&copy=2&lt=3", "R&D ?a=1&copy=2&lt=3"},
		{"not HTML", "moins de 3 < 5 et <contact@exemple.fr> <https://exemple.fr>", "moins de 3 < 5 et <contact@exemple.fr> <https://exemple.fr>"},
		{"an unknown entity", "A &toto; B", "A &toto; B"},
		{"capitals with an accent", "CHÂTEAU DE PÂQUES, PÂTÉ «GÂ»", "CHÂTEAU DE PÂQUES, PÂTÉ «G»"},
		{"a true appointment", "Prise de rendez-vous", "Prise de rendez-vous"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := depolluer(tt.ecrit); got != tt.want {
				t.Errorf("depolluer(%q) = %q, want %q", tt.ecrit, got, tt.want)
			}
		})
	}
}

func FuzzDepolluer(f *testing.F) {
	for _, s := range []string{"A &amp;amp; B", "&lt;br&gt;", `\x26amp;`, "MÃ©dia", "<a href=x:y>z</a>", "&am\u200bp;", "serendez-vousices", "Ã\u00adle"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4096 {
			return
		}
		if une := depolluer(s); depolluer(une) != une {
			t.Errorf("%q, then %q, then %q", s, une, depolluer(une))
		}
		if une := nettoyer(s); nettoyer(une) != une {
			t.Errorf("%q, then %q, then %q", s, une, nettoyer(une))
		}
	})
}

// Whatever the format, what transport left is told with the column that
// received it; a person's address never is.
func TestNoterTransport(t *testing.T) {
	csv := "id,nom,commune,code_postal,presentation_detail,site_web,date_maj,source\n" +
		`a,"CC des &quot;Deux Rives&quot;",Moissac,82200,"Ouvert &amp; gratuit<br />Venez",https://x.fr/?a=1&amp;b=2,2024-01-02,Essai` + "\n" +
		`b,Mairie,Moissac,82200,"Ecrire &#224; jean.dupont@exemple.fr",,2024-01-02,Essai` + "\n" +
		"c,M\ufffddiath\ufffdque,Moissac,82200,,,2024-01-02,Essai\n"
	lecture, err := Decode("lieux.csv", strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	const html = "code HTML remplacé par le texte qu’il écrit"
	want := [][]mednum.Remarque{
		{
			{Champ: mednum.ChampNom, Avant: "CC des &quot;Deux Rives&quot;", Apres: `CC des "Deux Rives"`, Motif: html},
			{Champ: mednum.ChampPresentationDetail, Avant: "Ouvert &amp; gratuit<br />Venez", Apres: "Ouvert & gratuit\nVenez", Motif: html},
			{Champ: mednum.ChampSiteWeb, Avant: "https://x.fr/?a=1&amp;b=2", Apres: "https://x.fr/?a=1&b=2", Motif: html},
		},
		{{Champ: mednum.ChampPresentationDetail, Avant: "…", Apres: "…", Motif: html}},
		{{Champ: mednum.ChampNom, Avant: "M\ufffddiath\ufffdque", Apres: "Mdiathque", Motif: "des lettres sont perdues dans le fichier (signe « \ufffd »)", ARevoir: true}},
	}
	for i, f := range lecture.Fiches {
		if diff := cmp.Diff(want[i], f.Remarques); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", i, diff)
		}
	}
	if got := lecture.Fiches[0].Champs[mednum.ChampSiteWeb]; got != "https://x.fr/?a=1&b=2" {
		t.Errorf("the address is %q", got)
	}
}

// situee is what the columns of an address become, as one text.
func situerTexte(commune, postal, insee, adresse, complement string) (string, []mednum.Remarque) {
	b := newBrouillon(formatFranceServices.flux, mednum.Date{})
	b.situer(commune, postal, insee, adresse, complement)
	c := b.fiche.Champs
	return strings.Join([]string{
		c[mednum.ChampCommune], c[mednum.ChampCodePostal], c[mednum.ChampCodeInsee], c[mednum.ChampAdresse], c[mednum.ChampComplementAdresse],
	}, "|"), b.fiche.Remarques
}

func TestSituerAdresse(t *testing.T) {
	tests := []struct {
		name                                        string
		commune, postal, insee, adresse, complement string
		want                                        string
		repares                                     []mednum.Champ
	}{
		{"nothing to repair", "Moissac", "82200", "82112", "1 rue A", "", "Moissac|82200|82112|1 rue A|", nil},
		{"lost zeros", "Foix", "9000", "9122", "1 rue A", "", "Foix|09000|09122|1 rue A|", []mednum.Champ{mednum.ChampCodePostal, mednum.ChampCodeInsee}},
		{"a number of a spreadsheet", "Foix", "9000.0", "09122", "1 rue A", "", "Foix|09000|09122|1 rue A|", []mednum.Champ{mednum.ChampCodePostal}},
		{"spaces in a code", "Foix", "09 000", "09122", "1 rue A", "", "Foix|09000|09122|1 rue A|", []mednum.Champ{mednum.ChampCodePostal}},
		{"Corsica", "Ajaccio", "20000", "2a004", "1 rue A", "", "Ajaccio|20000|2A004|1 rue A|", []mednum.Champ{mednum.ChampCodeInsee}},
		{"CEDEX in the commune", "MONTAUBAN CEDEX 9", "82013", "", "1 rue A", "", "Montauban|82013||1 rue A|", []mednum.Champ{mednum.ChampCommune}},
		{"CEDEX in the postal code", "Montauban", "82013 CEDEX", "", "1 rue A", "", "Montauban|82013||1 rue A|", []mednum.Champ{mednum.ChampCodePostal}},
		{"the country", "Moissac", "F-82200", "", "1 rue A", "", "Moissac|82200||1 rue A|", []mednum.Champ{mednum.ChampCodePostal}},
		{"the postal code before the commune", "82200 MOISSAC", "", "", "1 rue A", "", "Moissac|82200||1 rue A|", []mednum.Champ{mednum.ChampCodePostal, mednum.ChampCommune}},
		{"a post box", "Moissac", "82200", "", "1 rue A - BP 12", "Bâtiment B", "Moissac|82200||1 rue A|Bâtiment B BP 12", []mednum.Champ{mednum.ChampAdresse, mednum.ChampComplementAdresse}},
		{"capitals", "Moissac", "82200", "", "12 BIS R DU 8 MAI 1945", "RESIDENCE DU PARC", "Moissac|82200||12 bis rue du 8 mai 1945|Résidence du Parc", []mednum.Champ{mednum.ChampAdresse, mednum.ChampComplementAdresse}},
		{"no code", "Moissac", "8220A", "abc", "1 rue A", "", "Moissac|||1 rue A|", []mednum.Champ{mednum.ChampCodePostal, mednum.ChampCodeInsee}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, remarques := situerTexte(tt.commune, tt.postal, tt.insee, tt.adresse, tt.complement)
			var repares []mednum.Champ
			for _, r := range remarques {
				repares = append(repares, r.Champ)
				if r.ARevoir != (tt.name == "no code") || r.Motif == "" || r.Avant == r.Apres {
					t.Errorf("remark %+v", r)
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if diff := cmp.Diff(tt.repares, repares); diff != "" {
				t.Errorf("repairs told (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzSituerAdresse(f *testing.F) {
	f.Add("MONTAUBAN CEDEX 9", "82013 CEDEX", "9122", "12 BIS R DU 8 MAI 1945 BP 12", "RDC")
	f.Add("82200 MOISSAC", "F-82200", "2a004", "- , LE BOURG", "")
	f.Fuzz(func(t *testing.T, commune, postal, insee, adresse, complement string) {
		propre := func(s string) string { return enLigne(nettoyer(s)) } // as the readers do
		une, _ := situerTexte(propre(commune), propre(postal), propre(insee), propre(adresse), propre(complement))
		p := strings.Split(une, "|")
		if len(p) != 5 {
			return // a bar of the text itself
		}
		deux, remarques := situerTexte(p[0], p[1], p[2], p[3], p[4])
		if q := strings.Split(deux, "|"); q[1] != p[1] || q[2] != p[2] {
			t.Errorf("the codes of %q are repaired again: %q", une, deux)
		}
		if p[1] != "" && !motifsCode[mednum.ChampCodePostal].MatchString(p[1]) ||
			p[2] != "" && !motifsCode[mednum.ChampCodeInsee].MatchString(p[2]) {
			t.Errorf("%q, then %q, %+v", une, deux, remarques)
		}
	})
}

func localiserTexte(latitude, longitude string) (lat, lon string, remarques []mednum.Remarque) {
	b := newBrouillon(formatFranceServices.flux, mednum.Date{})
	b.localiser(latitude, longitude)
	return b.fiche.Champs[mednum.ChampLatitude], b.fiche.Champs[mednum.ChampLongitude], b.fiche.Remarques
}

func TestLocaliser(t *testing.T) {
	tests := []struct {
		name, latitude, longitude string
		want                      string
		remarques                 int
		doute                     bool
	}{
		{"right", "44.0221", "1.3529", "44.0221 1.3529", 0, false},
		{"trailing zeros", "44.0220", "1.350", "44.022 1.35", 0, false},
		{"decimal commas", "44,0221", "1,3529", "44.0221 1.3529", 2, false},
		{"swapped", "1.3529", "44.0221", "44.0221 1.3529", 2, false},
		{"swapped, with commas", "1,3529", "44,0221", "44.0221 1.3529", 2, false},
		{"swapped in La Réunion", "55.45", "-20.88", "-20.88 55.45", 2, false},
		{"swapped in Guyane", "-52.33", "4.93", "4.93 -52.33", 2, false},
		{"Mayotte is where it says", "-12.78", "45.22", "-12.78 45.22", 0, false},
		{"Greenwich", "44.5", "0", "44.5 0", 0, false},
		{"Null Island", "0", "0", " ", 1, false},
		{"Null Island with decimals", "0.0000", "0,0", " ", 1, false},
		{"half of Null Island", "0", "1.35", " ", 1, false},
		{"degrees and letters", "44.0221° N", "1.3529° E", "44.0221 1.3529", 2, false},
		{"west", "48,39 N", "4,48 O", "48.39 -4.48", 2, false},
		{"minutes and seconds", `44°01'19.56"N`, `1°21'10.44"E`, "44.0221 1.3529", 2, false},
		{"typographic minutes", "44°1′30″", "1°30’", "44.025 1.5", 2, false},
		{"both in a column", "44.0221, 1.3529", "", "44.0221 1.3529", 2, false},
		{"both in a column, commas", "44,0221 1,3529", "", "44.0221 1.3529", 2, false},
		{"both in the other column", "", "44.0221;1.3529", "44.0221 1.3529", 2, false},
		{"Lambert 93", "323651.8", "6633579.9", "46.696577 -1.928367", 2, false},
		{"Lambert 93, northing first, spaces between thousands", "6 633 579,9", "323 651,8", "46.696577 -1.928367", 2, false},
		{"half a position", "44.02", "", " ", 1, true},
		{"words", "nord", "est", " ", 1, true},
		{"off the Earth", "144.02", "1.35", " ", 1, true},
		{"minutes that are not", "44°61'", "1°21'", " ", 1, true},
		{"not a number", "NaN", "Inf", " ", 1, true},
		{"nothing", " ", "", " ", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lat, lon, remarques := localiserTexte(tt.latitude, tt.longitude)
			proche := lat != "" && strings.HasPrefix(tt.name, "Lambert")
			if got := lat + " " + lon; got != tt.want && !(proche && presDe(got, tt.want)) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if len(remarques) != tt.remarques {
				t.Fatalf("remarks %+v, want %d", remarques, tt.remarques)
			}
			for _, r := range remarques {
				if r.ARevoir != tt.doute || r.Motif == "" {
					t.Errorf("remark %+v", r)
				}
			}
		})
	}
}

// presDe tells whether two points, each "latitude longitude", are within a
// hundred-thousandth of a degree, a metre.
func presDe(a, b string) bool {
	lire := func(s string) (lat, lon float64) {
		x, y, _ := strings.Cut(s, " ")
		lat, _ = degres(x)
		lon, _ = degres(y)
		return lat, lon
	}
	lat, lon := lire(a)
	lat2, lon2 := lire(b)
	return math.Abs(lat-lat2) < 1e-5 && math.Abs(lon-lon2) < 1e-5
}

// The five real answers of the geocoder give both projections of one point
// (shared/data/geocodage).
func TestLambert93(t *testing.T) {
	for _, c := range [][4]float64{
		{323651.8, 6633579.9, 46.696577, -1.928367},
		{336888.96, 6611143.02, 46.502217, -1.73784},
		{328145.77, 6649679.61, 46.843771, -1.882688},
		{380356.63, 6603685.56, 46.45723, -1.166673},
		{334365.33, 6614810.83, 46.533816, -1.773578},
	} {
		if p, ok := depuisLambert93(c[0], c[1]); !ok || math.Abs(p.Lat-c[2]) > 2e-6 || math.Abs(p.Lon-c[3]) > 2e-6 {
			t.Errorf("(%v, %v) is %+v, want %v, %v", c[0], c[1], p, c[2], c[3])
		}
	}
}

func FuzzLocaliser(f *testing.F) {
	for _, s := range [][2]string{{"44,0221", "1,3529"}, {"1.35", "44.02"}, {"44°01'19\"N", "1°21'O"}, {"323 651,8", "6633579.9"}, {"44.02, 1.35", ""}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, latitude, longitude string) {
		lat, lon, _ := localiserTexte(latitude, longitude)
		if (lat == "") != (lon == "") {
			t.Fatalf("%q %q: half a position, %q %q", latitude, longitude, lat, lon)
		}
		if lat2, lon2, remarques := localiserTexte(lat, lon); lat2 != lat || lon2 != lon || len(remarques) > 0 {
			t.Errorf("%q %q: %s %s, then %s %s %+v", latitude, longitude, lat, lon, lat2, lon2, remarques)
		}
	})
}
