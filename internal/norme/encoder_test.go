package norme

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func lieuxEssai() []mednum.Lieu {
	lat, lon := 44.0221, 1.3529
	return []mednum.Lieu{
		{ID: "3k7x", Champs: mednum.Champs{
			Pivot: "43493312300029", Nom: `Lieu d’essai "A", B`, Commune: "Essai", CodePostal: "82000", CodeInsee: "82121",
			Adresse: "1 rue de l'Essai", ComplementAdresse: "Bâtiment A", Latitude: &lat, Longitude: &lon, Typologie: []string{"TIERS_LIEUX", "ASSO"},
			Telephone: "+33563000001", Courriels: []string{"contact@essai.fr", "accueil@essai.fr"}, SiteWeb: []string{"https://essai.example.org/"},
			Horaires: `Mo-Fr 09:00-12:00; Sa 10:00-12:00 "sur rendez-vous"`, PresentationDetail: "Première ligne.\nSeconde ligne.",
			Source: "Essai", Itinerance: []string{"Fixe"}, DateMaj: mednum.Date{Annee: 2024, Mois: 4, Jour: 2},
			Services: []string{"Aide aux démarches administratives"}, FormationsLabels: []string{"Étapes numériques(La Poste)"},
			ModalitesAcces: []string{"Se présenter", "Ce lieu n'accueille pas de public"}, PriseRDV: "https://rdv.example.org/",
		}},
		{ID: "4m8p", Champs: mednum.Champs{
			Pivot: mednum.PivotInconnu, Nom: "Sans position ni service", Commune: "Essai", CodePostal: "82000", Adresse: "Le Bourg",
			DateMaj: mednum.Date{Annee: 2023, Mois: 11, Jour: 1},
		}},
	}
}

var encodeurs = []struct {
	nom    string
	encode func(io.Writer, []mednum.Lieu) error
}{{"lieux.csv", exportEssai.EncodeCSV}, {"lieux.json", exportEssai.EncodeJSON}, {"lieux.geojson", exportEssai.EncodeGeoJSON}}

// exportEssai is an export of Wednesday 25 November 2026.
var exportEssai = Export{Jour: mednum.Date{Annee: 2026, Mois: 11, Jour: 25}}

func TestEncodeGolden(t *testing.T) {
	for _, e := range encodeurs {
		t.Run(e.nom, func(t *testing.T) {
			var b bytes.Buffer
			if err := e.encode(&b, lieuxEssai()); err != nil {
				t.Fatal(err)
			}
			golden(t, e.nom, b.Bytes())
		})
	}
}

// champsLus are the columns of each record that was read.
func champsLus(t *testing.T, lecture Lecture) []mednum.Champs {
	t.Helper()
	lus := make([]mednum.Champs, len(lecture.Fiches))
	for i, f := range lecture.Fiches {
		for champ, texte := range f.Champs {
			if err := lus[i].Affecter(champ, texte); err != nil {
				t.Errorf("fiche %s: %v", f.Cle, err)
			}
		}
	}
	return lus
}

// TestAllerRetour: Decode(Encode(x)) is x, for places drawn at random among
// everything that the standard allows.
func TestAllerRetour(t *testing.T) {
	hasard := rand.New(rand.NewPCG(82, 1))
	lieux := lieuxEssai()
	for i := range 300 {
		lieux = append(lieux, lieuAuHasard(hasard, i))
	}
	want := exportEssai.toutes(lieux)
	for _, e := range encodeurs {
		t.Run(e.nom, func(t *testing.T) {
			var b bytes.Buffer
			if err := e.encode(&b, lieux); err != nil {
				t.Fatal(err)
			}
			lecture, err := Decode(e.nom, &b)
			if err != nil || len(lecture.Ecartes) > 0 {
				t.Fatalf("%v, left out %v", err, lecture.Ecartes)
			}
			if diff := cmp.Diff(want, champsLus(t, lecture)); diff != "" {
				t.Errorf("(-written +read):\n%s", diff)
			}
			for _, f := range lecture.Fiches {
				if len(f.Remarques) > 0 {
					t.Errorf("%s was repaired: %+v", f.Cle, f.Remarques)
				}
			}
		})
	}
}

func lieuAuHasard(h *rand.Rand, n int) mednum.Lieu {
	textes := []string{"", "A", `dit "B"`, "l’un, l’autre", "deux\nlignes", "point ; virgule", "=1+1", "é è ç œ"}
	texte := func() string { return textes[h.IntN(len(textes))] }
	liste := func(champ mednum.Champ) []string {
		var l []string
		for _, v := range mednum.Vocabulaire(champ) {
			if h.IntN(3) == 0 {
				l = append(l, v)
			}
		}
		return l
	}
	c := mednum.Champs{
		ID: "lieu" + string(rune('a'+n%26)) + string(rune('a'+n/26)), Pivot: "W1234567" + string(rune('0'+n%10)), Nom: "Nom " + texte(), Commune: "Essai",
		CodePostal: "82000", Adresse: "1 " + texte(), ComplementAdresse: texte(), PresentationResume: texte(), PresentationDetail: texte(),
		Source: texte(), StructureParente: texte(), DateMaj: mednum.Date{Annee: 2024, Mois: 1, Jour: 1 + n%28}, Services: liste(mednum.ChampServices),
		Publics: liste(mednum.ChampPublics), PriseEnCharge: liste(mednum.ChampPriseEnCharge), FraisACharge: liste(mednum.ChampFraisACharge),
		Dispositifs: liste(mednum.ChampDispositifs), FormationsLabels: liste(mednum.ChampFormationsLabels), ModalitesAcces: liste(mednum.ChampModalitesAcces),
		ModalitesAccompagn: liste(mednum.ChampModalitesAccompagn), Itinerance: liste(mednum.ChampItinerance),
	}
	if n%3 > 0 {
		lat, lon := h.Float64()*180-90, h.Float64()*360-180
		c.Latitude, c.Longitude = &lat, &lon
	}
	return mednum.Lieu{ID: c.ID, Champs: c}
}

// TestGeoJSONConforme: RFC 7946 by its letter.
func TestGeoJSONConforme(t *testing.T) {
	var b bytes.Buffer
	if err := exportEssai.EncodeGeoJSON(&b, lieuxEssai()); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Type     string
		Features []struct {
			Type, ID string
			Geometry *struct {
				Type        string
				Coordinates []float64
			}
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != "FeatureCollection" || len(got.Features) != 2 || got.Features[0].Type != "Feature" || got.Features[0].ID != "3k7x" {
		t.Fatalf("collection: %+v", got)
	}
	if diff := cmp.Diff([]float64{1.3529, 44.0221}, got.Features[0].Geometry.Coordinates); diff != "" {
		t.Errorf("longitude first (-want +got):\n%s", diff)
	}
	if got.Features[1].Geometry != nil {
		t.Error("a place without a position has a geometry")
	}
	if services, ok := got.Features[1].Properties["services"].([]any); !ok || len(services) != 0 {
		t.Errorf("services = %v, want an empty array", got.Features[1].Properties["services"])
	}
}

func TestEncodeVide(t *testing.T) {
	for _, e := range encodeurs {
		var b bytes.Buffer
		if err := e.encode(&b, nil); err != nil {
			t.Fatal(err)
		}
		lecture, err := Decode(e.nom, &b)
		if err != nil || len(lecture.Fiches) != 0 {
			t.Errorf("%s: %d records, %v", e.nom, len(lecture.Fiches), err)
		}
	}
}

// TestDecodeV1Repare: what other producers write of the standard.
func TestDecodeV1Repare(t *testing.T) {
	const texte = "id,pivot,nom,commune,code_postal,adresse,date_maj,services,formations_labels,modalites_acces,dispositif_programmes_nationaux,telephone\n" +
		"1,000000000,Lieu,Essai,1000,1 rue,2024-01-02T10:00:00Z,Aide aux démarches administratives|rubbish,Étapes numériques (La Poste),Ce lieu n’accueille pas de public,Programme d'essai,05 00 00 00 01\n"
	lecture, err := Decode("essai.csv", bytes.NewReader([]byte(texte)))
	if err != nil || len(lecture.Fiches) != 1 {
		t.Fatalf("%+v, %v", lecture, err)
	}
	got := lecture.Fiches[0].Champs
	for champ, want := range map[mednum.Champ]string{
		"pivot": mednum.PivotInconnu, "code_postal": "01000", "date_maj": "2024-01-02", "services": "Aide aux démarches administratives",
		"formations_labels": "Étapes numériques(La Poste)", "modalites_acces": "Ce lieu n'accueille pas de public",
		"dispositif_programmes_nationaux": "", "autres_formations_labels": "Programme d'essai", "telephone": "+33500000001",
	} {
		if got[champ] != want {
			t.Errorf("%s = %q, want %q", champ, got[champ], want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	fichiers, err := filepath.Glob("testdata/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, chemin := range fichiers {
		octets, err := os.ReadFile(chemin)
		if err != nil {
			continue // the corpus folder
		}
		f.Add(octets)
	}
	f.Add([]byte(`{"type":"FeatureCollection","features":[null,{"geometry":{"type":"GeometryCollection","geometries":[null]}}]}`))
	f.Add([]byte("id_fs,lib_fs,h_lundi,lib_com,commentaire,format_fs\n1,A,09:00 - 12:00,B,\"Lundi : É (semaines paires)\xff Mardi : B\",Itinérante\n"))
	f.Fuzz(func(t *testing.T, octets []byte) {
		lecture, err := Decode("liste-20240801", bytes.NewReader(octets))
		if err != nil {
			return
		}
		for _, fiche := range lecture.Fiches {
			if fiche.Cle == "" || fiche.Champs[mednum.ChampNom] == "" || fiche.DateMaj.IsZero() {
				t.Fatalf("a record without key, name or date: %+v", fiche)
			}
			var c mednum.Champs
			for champ, texte := range fiche.Champs {
				if err := c.Affecter(champ, texte); err != nil {
					t.Fatalf("column %s: %v", champ, err)
				}
			}
		}
	})
}
