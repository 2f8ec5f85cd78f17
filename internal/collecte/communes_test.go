package collecte

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// brute is a record as a reader leaves it.
func brute(nom, postal, code, lat, lon string) mednum.Fiche {
	champs := map[mednum.Champ]string{}
	for champ, v := range map[mednum.Champ]string{
		mednum.ChampCommune: nom, mednum.ChampCodePostal: postal, mednum.ChampCodeInsee: code, mednum.ChampLatitude: lat, mednum.ChampLongitude: lon,
		mednum.ChampAdresse: "1 rue d’Essai",
	} {
		if v != "" {
			champs[champ] = v
		}
	}
	return mednum.Fiche{Cle: "essai", Ligne: 7, Champs: champs}
}

// Communes anywhere in France, from real rows: what the columns agree on, what
// is repaired, what is set aside.
func TestCommuneFrance(t *testing.T) {
	s := newSituateur(territoireFrance(t))
	for _, c := range []struct {
		name              string
		nom, postal, code string
		lat, lon          string
		want              string // name code postal code (latitude)
		ecart             string // the beginning of the reason
		repares           string // the columns told, in order
	}{
		{"nothing to say", "Brest", "29200", "29019", "", "", "Brest 29019 29200 ", "", ""},
		{"a code found", "BREST", "29200", "", "", "", "Brest 29019 29200 ", "", "commune code_insee"},
		{"a merged commune", "Les Sables-d'Olonne", "85180", "85060", "", "", "Les Sables-d'Olonne 85194 85180 ", "", "code_insee"},
		{"a merged commune under its old name", "Champtoceaux", "49270", "49069", "", "", "Orée d'Anjou 49126 49270 ", "", "commune code_insee"},
		{"a code that the list knows only as old", "Goux-les-Usiers", "25520", "25282", "", "", "Val-d'Usiers 25060 25520 ", "", "commune code_insee"},
		{"an arrondissement of Paris", "Paris 12e", "75012", "75112", "", "", "Paris 75056 75012 ", "", "commune code_insee"},
		{"a CEDEX of an arrondissement", "Paris", "75583", "75112", "", "", "Paris 75056 75012 ", "", "code_postal code_insee"},
		{"the arrondissement in the name", "LYON 9EME", "69263", "", "", "", "Lyon 69123 69009 ", "", "code_postal commune code_insee"},
		{"Marseille", "Marseille 1er arrondissement", "13001", "13201", "", "", "Marseille 13055 13001 ", "", "commune code_insee"},
		{"the CEDEX of a commune of one postal code", "Montauban", "82013", "", "", "", "Montauban 82121 82000 ", "", "code_postal code_insee"},
		{"the CEDEX of a commune of several stays", "Bordeaux", "33070", "33063", "", "", "Bordeaux 33063 33070 ", "", ""},
		{"a name cut short", "Brive", "19100", "", "", "", "Brive-la-Gaillarde 19031 19100 ", "", "commune code_insee"},
		{"a slip", "Rambervilelrs", "88700", "", "", "", "Rambervillers 88367 88700 ", "", "commune code_insee"},
		{"Corsica", "AJACCIO", "20090", "", "", "", "Ajaccio 2A004 20090 ", "", "commune code_insee"},
		{"overseas", "Saint-Denis", "97400", "", "", "", "Saint-Denis 97411 97400 ", "", "code_insee"},
		{"a homonym is told by its postal code", "Valence", "26000", "", "", "", "Valence 26362 26000 ", "", "code_insee"},
		{"the code is another commune's: name, postal code and point against it", "ARRAS", "62000", "63144", "50.29312", "2.778598", "Arras 62041 62000 50.29312", "", "commune code_insee"},
		{"the name is another commune's: code and postal code against it", "Bourg-Argental", "42660", "42224", "", "", "Saint-Genest-Malifaux 42224 42660 ", "", "commune"},
		{"code and postal code against name and point", "LE QUESNOY", "59330", "59291", "50.247817", "3.641456", "", "La commune « LE QUESNOY » et le code 59291 (Hautmont) se contredisent", ""},
		{"a name of France and a postal code of elsewhere", "Castelsarrasin", "33000", "", "", "", "", "La commune « Castelsarrasin » (82) n’a pas le code postal 33000", ""},
		{"the same, decided by the point", "Castelsarrasin", "33000", "", "44.0402", "1.1072", "Castelsarrasin 82033 82100 44.0402", "", "code_postal code_insee"},
		{"a code and a postal code of two départements, no name", "", "33000", "82033", "", "", "", "Le code postal 33000 et le code de commune 82033 (Castelsarrasin) ne sont pas du même département", ""},
		{"a commune that nobody knows", "Trifouillis", "", "", "", "", "Trifouillis   ", "", ""},
		// Points.
		{"a true point", "Moissac", "82200", "82112", "44.1042", "1.0857", "Moissac 82112 82200 44.1042", "", ""},
		{"swapped", "Moissac", "82200", "82112", "1.0857", "44.1042", "Moissac 82112 82200 44.1042", "", "latitude longitude"},
		{"a sign lost, in Brittany", "Brest", "29200", "29019", "48.3904", "4.4861", "Brest 29019 29200 48.3904", "", "longitude"},
		{"a sign lost, in La Réunion", "Saint-Denis", "97400", "97411", "20.8789", "55.4481", "Saint-Denis 97411 97400 -20.8789", "", "latitude"},
		{"a point outside", "Pau", "64000", "64445", "43.402189", "-1.458839", "Pau 64445 64000 ", "", "latitude"},
		{"a point outside the outline", "Moissac", "82200", "82112", "44.0175", "1.3550", "Moissac 82112 82200 ", "", "latitude"},
		{"a point outside, and only a name to say so", "Castelsarrasin", "", "", "48.85", "2.35", "", "Ce point est à", ""},
		{"a large commune", "Mana", "97360", "97306", "5.567233", "-53.882456", "Mana 97306 97360 5.567233", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, ecart := s.situer(brute(c.nom, c.postal, c.code, c.lat, c.lon))
			if (ecart != nil) != (c.ecart != "") {
				t.Fatalf("set aside: %+v, want %q; %v", ecart, c.ecart, f.Champs)
			}
			if ecart != nil {
				if !strings.HasPrefix(ecart.Motif, c.ecart) || ecart.Ligne != 7 || ecart.Cle != "essai" || ecart.Champ == "" {
					t.Errorf("set aside: %+v, want %q", ecart, c.ecart)
				}
				return
			}
			got := strings.Join([]string{f.Champs[mednum.ChampCommune], f.Champs[mednum.ChampCodeInsee], f.Champs[mednum.ChampCodePostal], f.Champs[mednum.ChampLatitude]}, " ")
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			var repares []string
			for _, r := range f.Remarques {
				repares = append(repares, string(r.Champ))
				if r.Avant == r.Apres || r.Motif == "" || r.ARevoir {
					t.Errorf("remark %+v", r)
				}
			}
			if got := strings.Join(repares, " "); got != c.repares {
				t.Errorf("told %q, want %q: %+v", got, c.repares, f.Remarques)
			}
			if encore, ecart := s.situer(f); ecart != nil || !mednum.Identiques(f, encore) {
				t.Errorf("situated again: %v\n%s", ecart, cmp.Diff(f, encore))
			}
		})
	}
}

// The stops of a service of another département are looked for there, not in
// the pack, where communes of the same name are.
func TestArretsAilleurs(t *testing.T) {
	s := newSituateur(territoireFrance(t))
	f := brute("Brest", "29200", "29019", "", "")
	f.Permanences = []mednum.Permanence{{Arret: &mednum.Arret{Nom: "Mairie de Guipavas"}}, {Arret: &mednum.Arret{Nom: "Auvillar"}}}
	f, _ = s.situer(f)
	guipavas, auvillar := f.Permanences[0].Arret, f.Permanences[1].Arret
	if guipavas.CodeInsee != "29075" || guipavas.Latitude == nil || guipavas.Precision != mednum.PrecisionCommune {
		t.Errorf("Guipavas: %+v", guipavas)
	}
	if auvillar.CodeInsee != "" || auvillar.Latitude != nil {
		t.Errorf("a stop of Finistère is put in Tarn-et-Garonne: %+v", auvillar)
	}
}

// A commune's centre is known anywhere.
func TestMarkCentresFrance(t *testing.T) {
	terr := territoireFrance(t)
	p, _ := terr.Centres.Centre("29019")
	f := brute("Brest", "29200", "29019", fmt.Sprint(p.Lat), fmt.Sprint(p.Lon))
	f.Precision = mednum.PrecisionRue
	markCentres(terr, []*mednum.Fiche{&f})
	if f.Precision != mednum.PrecisionCommune {
		t.Errorf("the centre of Brest is %q", f.Precision)
	}
}

// 100,000 rows of all France in a few seconds, all at forty points of one
// commune in the worst case: nothing grows with the square of their number.
func TestCentMilleLignes(t *testing.T) {
	terr := territoireFrance(t)
	s := newSituateur(terr)
	communes := terr.France.DuDepartement("29")
	const n = 100_000
	fiches := make([]mednum.Fiche, 0, n)
	for i := range n {
		c := communes[i%len(communes)]
		f := brute(strings.ToUpper(c.Nom), "", c.Code, "48.39", "-4.48")
		switch i % 5 {
		case 0: // a misspelling without a code
			f = brute("X"+c.Nom, c.CodesPostaux[0], "", "", "")
		case 1: // one point for all, as many streets
			f = brute("Brest", "29200", "29019", "48.39", "-4.48")
		case 2:
			f.Permanences = []mednum.Permanence{{Arret: &mednum.Arret{Nom: "Mairie de " + c.Nom}}}
		}
		f.Champs[mednum.ChampAdresse] = fmt.Sprintf("%d rue Mot%d", i%50, i)
		fiches = append(fiches, f)
	}
	debut := time.Now()
	toutes := make([]*mednum.Fiche, 0, n)
	for i := range fiches {
		if f, ecart := s.situer(fiches[i]); ecart == nil {
			fiches[i] = f
			toutes = append(toutes, &fiches[i])
		}
	}
	situees := time.Since(debut)
	markCentres(terr, toutes)
	t.Logf("%d rows situated in %v, centres marked in %v", n, situees, time.Since(debut)-situees)
	if d := time.Since(debut); d > 30*time.Second {
		t.Errorf("%d rows take %v", n, d)
	}
	if len(toutes) < n/2 {
		t.Errorf("%d rows only", len(toutes))
	}
}
