package catalogue

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// openReel is the catalogue of the pack that ships, at the given time.
func openReel(tb testing.TB, le time.Time) *Catalogue {
	tb.Helper()
	t := openTerritoire(tb)
	chemins, err := filepath.Glob("../../data/*/lieux.json")
	if err != nil || len(chemins) == 0 {
		tb.Fatalf("no places under data: %v", err)
	}
	octets, err := os.ReadFile(chemins[0])
	if err != nil {
		tb.Fatal(err)
	}
	var paquet struct {
		Flux  []mednum.Flux `json:"flux"`
		Lieux []struct {
			mednum.Lieu
			Fiches []mednum.Fiche `json:"fiches"`
		} `json:"lieux"`
	}
	if err := json.Unmarshal(octets, &paquet); err != nil {
		tb.Fatal(err)
	}
	flux := map[string]mednum.Flux{}
	for _, f := range paquet.Flux {
		flux[f.ID] = f
	}
	fichier, err := os.ReadFile("../../data/demarches.json")
	if err != nil {
		tb.Fatal(err)
	}
	d, err := ReadDemarches(fichier)
	if err != nil {
		tb.Fatal(err)
	}
	var lieux []mednum.Lieu
	for _, l := range paquet.Lieux {
		lieux = append(lieux, mednum.Consolider(l.Lieu, l.Fiches, flux))
	}
	c := &Catalogue{territoire: t, demarches: d, now: func() time.Time { return le }}
	if err := c.publier(lieux, 1); err != nil {
		tb.Fatal(err)
	}
	return c
}

// TestVraisLieux: from every commune of the territory, for every errand, an
// answer; and nothing that the data cannot promise.
func TestVraisLieux(t *testing.T) {
	c := openReel(t, depart2026)
	communes, recherches, itinerants := 0, 0, 0
	for i := range c.territoire.Communes {
		commune := &c.territoire.Communes[i]
		if !commune.Dedans {
			continue
		}
		communes++
		for _, d := range c.demarches {
			depart := commune.Centre
			res, err := c.Chercher(t.Context(), Recherche{Depart: &depart, Demarche: d.ID, Pres: commune.Code})
			if err != nil {
				t.Fatal(err)
			}
			if len(res.Trouves) < assez {
				t.Errorf("%s, %s: %d results", commune.Nom, d.ID, len(res.Trouves))
			}
			recherches++
			for _, x := range res.Trouves {
				if x.Vue.Itinerant() && x.Arret == nil {
					t.Fatalf("%s is found at its seat", x.Vue.Champs.Nom)
				}
				if x.Arret != nil {
					itinerants++
				}
			}
		}
	}
	if communes < 100 || itinerants == 0 {
		t.Errorf("%d communes, %d stops: too little to tell", communes, itinerants)
	}
	if t.Failed() {
		return
	}
	t.Logf("%d searches from %d communes", recherches, communes)
}

// TestVraisEtats: a proof past its age never says "ouvert", at any hour of a
// week.
func TestVraisEtats(t *testing.T) {
	for _, an := range []int{2022, 2024, 2026, 2030} {
		c := openReel(t, depart2026)
		vieux, ouverts := 0, 0
		for heure := range 7 * 24 {
			le := time.Date(an, time.October, 5, heure, 0, 0, 0, time.UTC)
			c.now = func() time.Time { return le }
			for _, v := range c.Lieux() {
				e := c.Etat(v, nil)
				if e.Phrase == "" {
					t.Fatalf("%d, %s: no words", an, v.Champs.Nom)
				}
				if e.Genre == EtatOuvert {
					ouverts++
				}
				if c.Perime(v) {
					vieux++
					if e.Genre != EtatConfirmer || e.Detail == "" {
						t.Fatalf("%d, %s: %+v on a proof of %s", an, v.Champs.Nom, e, v.Preuve.Date)
					}
				}
			}
		}
		if an == 2030 && ouverts > 0 || an == 2026 && (ouverts == 0 || vieux == 0) {
			t.Errorf("%d: %d open, %d old", an, ouverts, vieux)
		}
	}
}

// TestProchesDansOrdre: the list of a search is by true distance.
func TestProchesDansOrdre(t *testing.T) {
	c := openReel(t, depart2026)
	for i := range c.territoire.Communes {
		depart := c.territoire.Communes[i].Centre
		res, err := c.Chercher(t.Context(), Recherche{Depart: &depart, Rayon: 50_000, Limite: LimiteMax})
		if err != nil {
			t.Fatal(err)
		}
		avant := 0.0
		for _, x := range res.Trouves {
			p, ok := x.Vue.Position()
			if x.Arret != nil {
				p, ok = pointArret(x.Arret)
			}
			if d := geo.Distance(depart, p); !ok || d != x.Distance || d < avant {
				t.Fatalf("%s from %s: %v, want %v after %v", x.Vue.Champs.Nom, c.territoire.Communes[i].Nom, x.Distance, d, avant)
			}
			avant = x.Distance
		}
	}
}

// The fragment of a state is byte for byte the object that the API gives of it.
func TestFragment(t *testing.T) {
	c := openReel(t, time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC))
	for _, v := range c.Lieux() {
		got, err := Fragment(v.Lieu)
		if err != nil || string(got) != string(v.JSON) {
			t.Fatalf("%s: %v\n%s\nwant\n%s", v.ID, err, got, v.JSON)
		}
	}
	if len(c.Lieux()) < 100 {
		t.Errorf("%d places", len(c.Lieux()))
	}
}
