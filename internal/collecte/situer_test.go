package collecte

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

func territoireEssai(t *testing.T) *territoire.Territoire {
	t.Helper()
	terr, err := territoire.Open(os.DirFS("../../data/82"))
	if err != nil {
		t.Fatal(err)
	}
	return terr
}

func TestCommuneDe(t *testing.T) {
	s := newSituateur(territoireEssai(t))
	cas := []struct {
		name                  string
		commune, postal, code string
		lat, lon              string
		want                  string // name, code, postal code
	}{
		{"code first", "n’importe", "82200", "82033", "", "", "Castelsarrasin 82033 82100"},
		{"capitals", "CASTELSARRASIN", "82100", "", "", "", "Castelsarrasin 82033 82100"},
		{"hyphens", "LA VILLE DIEU DU TEMPLE", "82290", "", "", "", "La Ville-Dieu-du-Temple 82096 82290"},
		{"CEDEX", "MONTAUBAN", "82013", "", "", "", "Montauban 82121 82000"},
		{"usual name", "Valence d'Agen", "82400", "", "", "", "Valence 82186 82400"},
		{"unknown code, known name", "Moissac", "82200", "82999", "", "", "Moissac 82112 82200"},
		{"no postal code", "Auvillar", "", "", "", "", "Auvillar 82008 82340"},
		{"misspelled in its postal code", "Lafite", "82100", "", "", "", "Lafitte 82086 82100"},
		{"postal code of one commune", "Hameau perdu", "82000", "", "", "", "Montauban 82121 82000"},
		{"postal code of several, position", "", "82340", "", "44.0700", "0.9010", "Auvillar 82008 82340"},
		{"postal code of several", "", "82340", "", "", "", "  82340"},
		{"elsewhere", "Brest", "29200", "", "", "", "Brest  29200"},
		{"nearly the same name elsewhere", "Talence", "33400", "", "", "", "Talence  33400"},
		{"same name, code elsewhere", "Pompignan", "", "30200", "", "", "Pompignan 30200 "},
		{"same name elsewhere", "Valence", "26000", "", "", "", "Valence  26000"},
	}
	for _, c := range cas {
		t.Run(c.name, func(t *testing.T) {
			f, ecart := s.situer(mednum.Fiche{Champs: map[mednum.Champ]string{
				mednum.ChampCommune: c.commune, mednum.ChampCodePostal: c.postal, mednum.ChampCodeInsee: c.code,
				mednum.ChampLatitude: c.lat, mednum.ChampLongitude: c.lon,
			}})
			if ecart != nil {
				t.Fatalf("set aside: %+v", ecart)
			}
			got := strings.Join([]string{f.Champs[mednum.ChampCommune], f.Champs[mednum.ChampCodeInsee], f.Champs[mednum.ChampCodePostal]}, " ")
			if got != c.want {
				t.Errorf("situer = %q, want %q", got, c.want)
			}
		})
	}
}

func TestArrets(t *testing.T) {
	s := newSituateur(territoireEssai(t))
	cas := []struct{ nom, want string }{ // want: commune / name shown
		{"Laffite", "Lafitte / Lafitte"},
		{"Durfort Lacapelette", "Durfort-Lacapelette / Durfort-Lacapelette"},
		{"Saint-Antonin-de-Noble-Val", "Saint-Antonin-Noble-Val / Saint-Antonin-Noble-Val"},
		{"Mds de Saint-Antonin-de-Noble-Val", "Saint-Antonin-Noble-Val / Mds de Saint-Antonin-de-Noble-Val"},
		{"Saint Porquier", "Saint-Porquier / Saint-Porquier"},
		{"Garganvillar", "Garganvillar / Garganvillar"},
		{"Moissac", "Moissac / Moissac"},
		{"Mirabelle", "Mirabel / Mirabel"},
		{"MDS de Valence d'Agen", "Valence / MDS de Valence d'Agen"},
		{"Mairie d’Auvillar", "Auvillar / Mairie d’Auvillar"},
		{"Mds Montauban site les Chênes", "Montauban / Mds Montauban site les Chênes"},
		{"Montesquieu", "Montesquieu / Montesquieu"},
		{"Unal", " / Unal"},
		{"Centre Villebourbon", " / Centre Villebourbon"},
		{"", " / "},
	}
	for _, c := range cas {
		t.Run(c.nom, func(t *testing.T) {
			avant := &mednum.Arret{Nom: c.nom}
			f, _ := s.situer(mednum.Fiche{Permanences: []mednum.Permanence{{Arret: avant}, {Regle: "Mo"}}})
			a := f.Permanences[0].Arret
			if got := a.Commune + " / " + a.Nom; got != c.want {
				t.Errorf("arrêt = %q, want %q", got, c.want)
			}
			if connu := a.Commune != ""; connu != (a.Precision == mednum.PrecisionCommune && a.Latitude != nil && a.CodeInsee != "") {
				t.Errorf("position = %+v", a)
			}
			if doute := a.Commune == ""; doute != (len(f.Remarques) == 1 && f.Remarques[0].ARevoir) {
				t.Errorf("remarks = %+v", f.Remarques)
			}
			if avant.Commune != "" {
				t.Error("the record that was given is changed")
			}
		})
	}
}

// A stop whose commune the source names is given that commune's official name.
func TestArretNomOfficiel(t *testing.T) {
	s := newSituateur(territoireEssai(t))
	cas := []struct{ nom, commune, want string }{
		{"MDS de Saint-Antonin-de-Noble-Val", "Saint-Antonin-de-Noble-Val", "MDS de Saint-Antonin-Noble-Val"},
		{"MDS de Valence d'Agen", "Valence d'Agen", "MDS de Valence d'Agen"},
		{"Salle des fêtes", "Caumont", "Salle des fêtes"},
	}
	for _, c := range cas {
		t.Run(c.nom, func(t *testing.T) {
			f, _ := s.situer(mednum.Fiche{Permanences: []mednum.Permanence{{Arret: &mednum.Arret{Nom: c.nom, Commune: c.commune}}}})
			if a := f.Permanences[0].Arret; a.Nom != c.want || a.CodeInsee == "" {
				t.Errorf("stop = %+v, want %q", a, c.want)
			}
		})
	}
}

// A stop that names several communes is a stop in each.
func TestArretsPlusieurs(t *testing.T) {
	s := newSituateur(territoireEssai(t))
	cas := []struct{ nom, want string }{
		{"MDS de Castelsarrasin-Moissac", "MDS de Castelsarrasin, MDS de Moissac"},
		{"MDS de Montech-Verdun-sur-Garonne", "MDS de Montech, MDS de Verdun-sur-Garonne"},
		{"Mairie de Laguépie Mirabelle", "Mairie de Laguépie, Mairie de Mirabel"},
	}
	for _, c := range cas {
		t.Run(c.nom, func(t *testing.T) {
			f, _ := s.situer(mednum.Fiche{Permanences: []mednum.Permanence{{ID: "p", Arret: &mednum.Arret{Nom: c.nom}}}})
			var noms []string
			ids := map[string]bool{}
			for _, p := range f.Permanences {
				noms = append(noms, p.Arret.Nom)
				ids[p.ID] = true
			}
			if got := strings.Join(noms, ", "); got != c.want {
				t.Errorf("stops = %q, want %q", got, c.want)
			}
			if len(ids) != len(noms) || len(f.Remarques) == 0 || !f.Remarques[0].ARevoir {
				t.Errorf("ids %v, remarks %+v", ids, f.Remarques)
			}
		})
	}
}

func TestMarkCentres(t *testing.T) {
	terr := territoireEssai(t)
	moissac, ok := terr.Commune("82112")
	if !ok {
		t.Fatal("Moissac is not in the pack")
	}
	var c mednum.Champs
	c.Latitude, c.Longitude = &moissac.Centre.Lat, &moissac.Centre.Lon
	centreLat, centreLon := c.Valeur(mednum.ChampLatitude), c.Valeur(mednum.ChampLongitude)
	type point struct{ adresse, lat, lon string }
	cas := []struct {
		name   string
		points []point
		want   string // one letter a record: r rue, c commune, - none
	}{
		{"a point of one's own", []point{{"1 rue A", "44.1", "1.1"}, {"9 rue Basse", "44.2", "1.1"}}, "rr"},
		{"different streets", []point{{"10 RUE JEAN CARMET", "44.022", "1.3736"}, {"709 BD ALSACE LORRAINE", "44.022", "1.3736"}}, "cc"},
		{"the same street", []point{{"1 Rue du collège", "44.1", "1.1"}, {"1 RUE DU COLLEGE", "44.1", "1.1"}, {"3 r du Collège", "44.1", "1.1"}}, "rrr"},
		{"a street and none", []point{{"1 rue du Collège", "44.1", "1.1"}, {"12", "44.1", "1.1"}}, "rr"},
		{"the centre", []point{{"1 rue du Collège", centreLat, centreLon}}, "c"},
		{"the centre, vouched for", []point{{"1 rue du Collège", centreLat, centreLon}, {"1 rue du collège", "44.1271", "1.1008"}, {"2 rue du collège", "44.0001", "1.0"}}, "r" + "rr"},
		{"no address", []point{{"", "44.1", "1.1"}}, "c"},
		{"no point", []point{{"1 rue A", "", ""}}, "-"},
	}
	for _, c := range cas {
		t.Run(c.name, func(t *testing.T) {
			var fiches []*mednum.Fiche
			for i, p := range c.points {
				if p.lat == "44.1271" { // beside the centre
					voisin := moissac.Centre.Lat + 0.0005
					v := mednum.Champs{Latitude: &voisin}
					p.lat, p.lon = v.Valeur(mednum.ChampLatitude), centreLon
				}
				f := mednum.Fiche{Cle: string(rune('a' + i)), Champs: map[mednum.Champ]string{
					mednum.ChampAdresse: p.adresse, mednum.ChampCodeInsee: "82112", mednum.ChampLatitude: p.lat, mednum.ChampLongitude: p.lon,
				}}
				if p.lat != "" {
					f.Precision = mednum.PrecisionRue
				}
				fiches = append(fiches, &f)
			}
			markCentres(terr, fiches)
			got := ""
			for _, f := range fiches {
				got += map[mednum.Precision]string{"": "-", mednum.PrecisionRue: "r", mednum.PrecisionCommune: "c"}[f.Precision]
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("precisions (-want +got):\n%s", d)
			}
		})
	}
}

func TestDistance(t *testing.T) {
	cas := []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "", 3}, {"", "ab", 2}, {"lafite", "lafitte", 1}, {"kitten", "sitting", 3}, {"ab", "ba", 2}}
	for _, c := range cas {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
