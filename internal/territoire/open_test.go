package territoire

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// paquet copies the shipped pack into memory, one file changed.
func paquet(t *testing.T, fichier, avant, apres string) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, f := range append([]string{FichierReglages, FichierNomsUsuels}, fichiersConstruits...) {
		octets, err := os.ReadFile(paquetLivre + "/" + f)
		if err != nil {
			t.Fatal(err)
		}
		if f == fichier {
			if !strings.Contains(string(octets), avant) {
				t.Fatalf("%q is not in %s", avant, f)
			}
			octets = []byte(strings.Replace(string(octets), avant, apres, 1))
		}
		fsys[f] = &fstest.MapFile{Data: octets}
	}
	return fsys
}

func TestOpenLivre(t *testing.T) {
	ter := livre(t)
	if ter.Nom != "Tarn-et-Garonne" || ter.NomEn != "en Tarn-et-Garonne" || ter.Telephone != "+33563918200" || ter.ZoneScolaire != "C" {
		t.Errorf("settings %+v", ter.Reglages)
	}
	dedans := 0
	for _, c := range ter.Communes {
		if c.Dedans {
			dedans++
		}
		if !c.Centre.Valide() || len(c.CodesPostaux) == 0 {
			t.Errorf("%+v", c)
		}
		if !c.Dedans && ter.DistanceBord(c.Centre) > margeGazetteer+100 && ter.parEPCI[c.EPCI] == nil {
			t.Errorf("%s is %.0f m away", c.Nom, ter.DistanceBord(c.Centre))
		}
	}
	if dedans != 195 || len(ter.EPCIs) != 10 {
		t.Errorf("%d communes, %d EPCI; want 195, 10", dedans, len(ter.EPCIs))
	}
	c, ok := ter.Commune("82186")
	if !ok || c.Nom != "Valence" || c.NomCourant() != "Valence d’Agen" {
		t.Errorf("got %+v", c)
	}
	e, ok := ter.EPCI("248200016")
	if !ok || len(e.Communes) != 28 { // 25 of the département, 3 across the border
		t.Errorf("got %+v", e)
	}
	if ter.AgeMaxDe("france-services") != 36 || ter.AgeMaxDe("conseillers-numeriques") != 12 || ter.AgeMaxDe("norme") != 18 {
		t.Errorf("age limits %v", ter.AgeMax)
	}
	for _, c := range []struct {
		flux       string
		date, jour mednum.Date
		want       bool
	}{
		{"conseillers-numeriques", mednum.Date{Annee: 2025, Mois: 3, Jour: 10}, mednum.Date{Annee: 2026, Mois: 3, Jour: 10}, false},
		{"conseillers-numeriques", mednum.Date{Annee: 2025, Mois: 3, Jour: 10}, mednum.Date{Annee: 2026, Mois: 3, Jour: 11}, true},
		{"", mednum.Date{Annee: 2025, Mois: 3, Jour: 10}, mednum.Date{Annee: 2026, Mois: 9, Jour: 10}, false},
		{"", mednum.Date{}, mednum.Date{Annee: 2026, Mois: 9, Jour: 10}, true},
	} {
		if got := ter.TropVieux(c.date, c.flux, c.jour); got != c.want {
			t.Errorf("%s of %q is too old on %s: %v", c.date, c.flux, c.jour, got)
		}
	}
	if got := ter.NomDepartement("46"); got != "Lot" {
		t.Errorf("got %q", got)
	}
}

func TestOpenRefuse(t *testing.T) {
	for _, tc := range []struct{ name, fichier, avant, apres, want string }{
		{"not JSON", FichierReglages, "\"nom\":", "\"nom\"", "territoire.json, ligne 3 : JSON illisible"},
		{"unknown setting", FichierReglages, "\"logo\"", "\"logos\"", "territoire.json, ligne 24 : le réglage \"logos\" n’existe pas"},
		{"kind", FichierReglages, "\"C\"", "3", "réglage « zone_scolaire » : la valeur n’est pas du bon genre"},
		{"code", FichierReglages, "\"82\"", "\"820\"", "réglage « code »"},
		{"name", FichierReglages, "\"en Tarn-et-Garonne\"", "\" \"", "réglage « nom_en » : à remplir"},
		{"time zone", FichierReglages, "Europe/Paris", "Europe/Montauban", "réglage « fuseau »"},
		{"school zone", FichierReglages, "\"C\"", "\"D\"", "réglage « zone_scolaire »"},
		{"telephone", FichierReglages, "+33563918200", "05 63 91 82 00", "réglage « telephone »"},
		{"colour", FichierReglages, "#9b3524", "brique", "réglage « couleur » : « brique » n’est pas une couleur"},
		{"contrast", FichierReglages, "#9b3524", "#777777", "réglage « couleur » : le contraste de #777777 avec le blanc est de 4,4, il en faut 4,5"},
		{"logo", FichierReglages, "\"logo\": \"\"", "\"logo\": \"logo.svg\"", "réglage « logo »"},
		{"logo outside", FichierReglages, "\"logo\": \"\"", "\"logo\": \"../logo.svg\"", "n’est pas un nom de fichier du dossier"},
		{"age", FichierReglages, "36", "0", "réglage « age_max.france-services »"},
		{"age of others", FichierReglages, ",\n    \"\": 18", "", "réglage « age_max » : la clé vide"},
		{"usual name of no commune", FichierNomsUsuels, "82186", "82999", "noms-usuels.csv, ligne 2, colonne « code_insee »"},
		{"population", FichierCommunes, ",5289,", ",beaucoup,", "communes.csv, ligne"},
		{"twice", FichierCommunes, "82002,", "82001,", "le code 82001 est écrit deux fois"},
		{"EPCI", FichierEPCI, "248200016", "248200017", "l’EPCI 248200016"},
		{"outlines", FichierContours, "\"arcs\":[", "\"arcs\":[[1,2,3,4],", "contours.json"},
		{"outlines of another version", FichierContours, "\"echelle\":10000", "\"echelle\":1", "reconstruisez"},
		{"rivers", FichierRivieres, "[[", "[[[", "rivieres.json : JSON illisible"},
		{"départements", FichierDepartements, "latitude", "lat", "departements.csv, ligne 1 : la colonne « latitude » manque"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := Open(paquet(t, tc.fichier, tc.avant, tc.apres)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	for _, f := range append([]string{FichierReglages}, fichiersConstruits[:4]...) {
		t.Run("without "+f, func(t *testing.T) {
			fsys := paquet(t, "", "", "")
			delete(fsys, f)
			if _, err := Open(fsys); err == nil || !strings.Contains(err.Error(), f+" manque") {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("without what is optional", func(t *testing.T) {
		fsys := paquet(t, "", "", "")
		delete(fsys, FichierNomsUsuels)
		delete(fsys, FichierRivieres)
		if _, err := Open(fsys); err != nil {
			t.Error(err)
		}
	})
}

func TestContraste(t *testing.T) {
	for couleur, want := range map[string]float64{"#ffffff": 1, "#000000": 21, "#767676": 4.54, "#9b3524": 7.2} {
		if got, err := contrasteAvecBlanc(couleur); err != nil || math.Abs(got-want) > 0.06 {
			t.Errorf("%s: got %.2f, %v; want %.2f", couleur, got, err, want)
		}
	}
}

// Whatever colour a host asks, what is written in it or on it can be read.
func TestAccents(t *testing.T) {
	for _, c := range []string{"000000", "ffffff", "9b3524", "ffee00", "00ff00", "0000ff", "808080", "777777", "ff69b4", "123456", "ABCDEF"} {
		clair, sombre := Accents(c)
		for _, p := range []struct {
			nom  string
			a, b string
		}{
			{"on light", clair, "#f6efe6"},
			{"under its text", clair, TexteSurClair},
			{"on dark", sombre, "#232a32"},
			{"under its dark text", sombre, TexteSurSombre},
		} {
			if got := contraste(lue(t, p.a), lue(t, p.b)); got < ContrasteMin {
				t.Errorf("%s %s: %s on %s is %.2f", c, p.nom, p.a, p.b, got)
			}
		}
	}
	for _, tt := range []struct{ couleur, clair, sombre string }{
		{"9b3524", "#9b3524", ""}, // kept where it can be
		{"F0A392", "", "#f0a392"},
	} {
		clair, sombre := Accents(tt.couleur)
		if tt.clair != "" && clair != tt.clair || tt.sombre != "" && sombre != tt.sombre {
			t.Errorf("%s: %s, %s", tt.couleur, clair, sombre)
		}
	}
	for _, faux := range []string{"", "fff", "#9b3524", "9b352g", "9b3524}", "+9b352", "0x1234"} {
		if clair, sombre := Accents(faux); clair != "" || sombre != "" {
			t.Errorf("%q: %q, %q", faux, clair, sombre)
		}
	}
}

func lue(t *testing.T, couleur string) uint64 {
	t.Helper()
	v, err := strconv.ParseUint(couleur[1:], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
