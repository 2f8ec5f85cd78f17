package catalogue

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

var update = flag.Bool("update", false, "rewrite the goldens of testdata")

// compareGolden compares JSON, indented, with a file of testdata.
func compareGolden(t *testing.T, nom string, corps []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, corps, "", "  "); err != nil {
		t.Fatalf("%v in %s", err, corps)
	}
	b.WriteByte('\n')
	chemin := filepath.Join("testdata", nom)
	if *update {
		if err := os.WriteFile(chemin, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(string(want), b.String()); d != "" {
		t.Error(d)
	}
}

func fixe() mednum.Lieu {
	l := lieuEn("bcdfghjk", "Médiathèque <de> l’île & Cie", 44.10412345678, 1.0853)
	l.Champs.Pivot, l.Champs.Adresse, l.Champs.CodePostal = "00000000000000", "6 rue du Château", "82200"
	l.Champs.Horaires, l.Champs.DateMaj = bureau, l.Preuve.Date
	l.Champs.Telephone, l.Champs.FraisACharge = "+33563000000", []string{"Gratuit"}
	l.Precision = mednum.PrecisionCommune
	l.Preuve.Flux = "norme"
	l.Permanences = []mednum.Permanence{{ID: "p1", Intitule: "Aide", Regle: "Tu 09:00-12:00", RendezVous: true}}
	return l
}

func itinerant() mednum.Lieu {
	l := lieuEn("lmnpqrst", "Bus", 44.1, 1.1)
	l.Champs.Itinerance = []string{"Itinérant"}
	lat, lon := 44.2, 1.25
	l.Permanences = []mednum.Permanence{
		{ID: "a1", Regle: "week 02-52/2 Mo 09:30-12:00", Arret: &mednum.Arret{
			Nom: "Mairie", Commune: "Molières", CodeInsee: "99002", Latitude: &lat, Longitude: &lon, Precision: mednum.PrecisionCommune,
		}},
		{ID: "a2", Arret: &mednum.Arret{Nom: "Salle des fêtes"}},
	}
	return l
}

func TestFragments(t *testing.T) {
	c := catalogueDe(t, []mednum.Lieu{fixe(), itinerant()})
	v, err := c.Lieu("bcdfghjk")
	if err != nil {
		t.Fatal(err)
	}
	bus, err := c.Lieu("lmnpqrst")
	if err != nil {
		t.Fatal(err)
	}
	arret := Trouve{Vue: bus, Arret: &bus.Permanences[0], Distance: 1234.56}
	for nom, corps := range map[string][]byte{
		"fixe.json":            v.JSON,
		"fixe.geojson":         v.GeoJSON,
		"fixe-trouve.json":     Trouve{Vue: v, Distance: 0.4}.AppendJSON(nil),
		"fixe-trouve.geojson":  Trouve{Vue: v, Distance: 399.6}.AppendGeoJSON(nil),
		"itinerant.json":       bus.JSON,
		"itinerant.geojson":    bus.GeoJSON,
		"arret-trouve.json":    arret.AppendJSON(nil),
		"arret-trouve.geojson": arret.AppendGeoJSON(nil),
	} {
		t.Run(nom, func(t *testing.T) { compareGolden(t, nom, corps) })
	}
	sansDistance := Trouve{Vue: v, Distance: -1}
	if !bytes.Equal(sansDistance.AppendJSON(nil), v.JSON) || !bytes.Equal(sansDistance.AppendGeoJSON(nil), v.GeoJSON) {
		t.Error("a result without distance is not the place's own fragment")
	}
}

// TestFragmentSousLesNomsDuStandard: nothing of the standard is renamed, and
// its order is kept.
func TestFragmentSousLesNomsDuStandard(t *testing.T) {
	l := fixe()
	for _, champ := range mednum.ChampsNorme {
		if l.Champs.Valeur(champ) != "" {
			continue
		}
		valeur := "x"
		if champ == mednum.ChampDateMaj {
			valeur = "2026-01-02"
		}
		if err := l.Champs.Affecter(champ, valeur); err != nil {
			t.Fatal(err)
		}
	}
	c := catalogueDe(t, []mednum.Lieu{l})
	v, err := c.Lieu(l.ID)
	if err != nil {
		t.Fatal(err)
	}
	var want, noms []string
	for _, champ := range mednum.ChampsNorme {
		want = append(want, string(champ))
	}
	d := json.NewDecoder(bytes.NewReader(v.JSON))
	for profondeur, cle := 0, false; ; {
		jeton, err := d.Token()
		if err != nil {
			break
		}
		if delim, ok := jeton.(json.Delim); ok {
			if delim == '{' || delim == '[' {
				profondeur++
			} else {
				profondeur--
			}
			cle = profondeur == 1
			continue
		}
		if profondeur == 1 && cle {
			noms = append(noms, jeton.(string))
		}
		cle = profondeur == 1 && !cle
	}
	if diff := gocmp.Diff(want, noms[:min(len(noms), len(want))]); diff != "" {
		t.Error(diff)
	}
	for _, ajout := range []string{"familles", "preuve", "arrets", "url"} {
		if !slices.Contains(noms, ajout) {
			t.Errorf("no %s", ajout)
		}
	}
}
