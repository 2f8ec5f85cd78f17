package catalogue

import (
	"cmp"
	"encoding/csv"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

const fichierFranceServices = "../../../shared/data/france-services/liste-fs-20240801.csv"

// franceServices are the places of the country's France Services, a bus as a
// service with one stop; what they offer is made up, so that filters have
// something to choose from.
func franceServices(tb testing.TB) []mednum.Lieu {
	tb.Helper()
	f, err := os.Open(fichierFranceServices)
	if err != nil {
		tb.Skipf("left out: the France Services of the country, %s is absent", fichierFranceServices)
	}
	defer f.Close()
	lignes, err := csv.NewReader(f).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	h := newHasard(2024)
	var lieux []mednum.Lieu
	for i, colonnes := range lignes[1:] {
		valeur := func(nom string) string { return colonnes[slices.Index(lignes[0], nom)] }
		l := h.lieu(i, 1)
		l.Statut, l.Permanences, l.Exceptions, l.Champs.Itinerance = mednum.StatutPublie, nil, nil, []string{"Fixe"}
		l.Champs.Nom, l.Champs.Commune, l.Champs.CodeInsee = valeur("lib_fs"), valeur("lib_com"), valeur("insee_com")
		lat, errLat := strconv.ParseFloat(valeur("latitude"), 64)
		lon, errLon := strconv.ParseFloat(valeur("longitude"), 64)
		l.Champs.Latitude, l.Champs.Longitude = nil, nil
		if errLat == nil && errLon == nil && mednum.EstPosition(lat, lon) {
			l.Champs.Latitude, l.Champs.Longitude = &lat, &lon
		}
		if valeur("format_fs") != "Fixe" {
			l.Champs.Itinerance = []string{"Itinérant"}
			l.Permanences = []mednum.Permanence{{ID: "p", Arret: &mednum.Arret{Commune: l.Champs.Commune, CodeInsee: l.Champs.CodeInsee, Latitude: l.Champs.Latitude, Longitude: l.Champs.Longitude}}}
		}
		lieux = append(lieux, l)
	}
	return lieux
}

// pres is a point up to some 50 km from a place, anywhere on the Earth one time
// in twenty.
func pres(h hasard, lieux []mednum.Lieu) *geo.Point {
	l := &lieux[h.IntN(len(lieux))]
	if l.Champs.Latitude == nil || h.IntN(20) == 0 {
		return &geo.Point{Lat: h.Float64()*180 - 90, Lon: h.Float64()*360 - 180}
	}
	return &geo.Point{Lat: *l.Champs.Latitude + h.Float64() - 0.5, Lon: *l.Champs.Longitude + h.Float64() - 0.5}
}

// questionReelle is a search around a point, with up to two filters; one in
// twenty asks for counts.
func questionReelle(h hasard, lieux []mednum.Lieu) Recherche {
	r := Recherche{
		Depart: pres(h, lieux), Rayon: []float64{3_000, 10_000, 30_000, 100_000}[h.IntN(4)], Limite: LimiteMax,
		SansElargir: h.IntN(3) == 0, SansComptes: h.IntN(20) > 0, Filtres: map[mednum.Champ][]string{},
	}
	for range h.IntN(3) {
		champ := []mednum.Champ{mednum.ChampServices, mednum.ChampPublics, mednum.ChampFraisACharge}[h.IntN(3)]
		if valeurs := h.valeurs(champ); len(valeurs) > 0 {
			r.Filtres[champ] = valeurs
		}
	}
	return r
}

// brute is the answer of a search around a point by measuring everything.
func brute(c *Catalogue, r Recherche, rayon float64, criteres []critere) (ids []string) {
	s := c.courant.Load()
	type mesure struct {
		id       string
		distance float64
	}
	var liste []mesure
	for i := range s.entrees {
		e := &s.entrees[i]
		if !e.place || juger(criteres, e.masque) != convient {
			continue
		}
		if d := geo.Distance(*r.Depart, e.point); d <= rayon {
			liste = append(liste, mesure{e.id(), d})
		}
	}
	slices.SortStableFunc(liste, func(a, b mesure) int { return cmp.Compare(a.distance, b.distance) })
	for _, m := range liste {
		ids = append(ids, m.id)
	}
	return ids
}

func idsDe(trouves []Trouve) (ids []string) {
	for _, t := range trouves {
		e := entree{vue: t.Vue, arret: t.Arret}
		ids = append(ids, e.id())
	}
	return ids
}

// TestFranceServicesEnBase: over the 2,845 France Services of the country the
// base, the index in memory and brute force give the same ids in the same
// order. PROCHES is how many searches, 10,000 by "make mongo-proches".
func TestFranceServicesEnBase(t *testing.T) {
	lieux := franceServices(t)
	if len(lieux) < 2_800 {
		t.Fatalf("%d places, want the whole country", len(lieux))
	}
	base := enBaseDe(t, &territoire.Territoire{}, nil, lieux)
	memoire := catalogueDe(t, lieux)
	n := 500
	if texte := os.Getenv("PROCHES"); texte != "" {
		var err error
		if n, err = strconv.Atoi(texte); err != nil {
			t.Fatal(err)
		}
	}
	questions := make(chan Recherche)
	var parties sync.WaitGroup
	for range 4 {
		parties.Go(func() {
			for r := range questions {
				memeReponse(t, base, memoire, r)
			}
		})
	}
	h := hasard{rand.New(rand.NewPCG(10_000, 82))}
	for i := 0; i < n && !t.Failed(); i++ {
		questions <- questionReelle(h, lieux)
	}
	close(questions)
	parties.Wait()
	t.Logf("%d searches over %d places", n, len(lieux))
}

// BenchmarkFranceServices measures the same searches from the base and from
// memory.
func BenchmarkFranceServices(b *testing.B) {
	lieux := franceServices(b)
	for _, tt := range []struct {
		name string
		c    *Catalogue
	}{{"base", enBaseDe(b, &territoire.Territoire{}, nil, lieux)}, {"memoire", catalogueDe(b, lieux)}} {
		b.Run(tt.name, func(b *testing.B) {
			h := newHasard(1)
			for b.Loop() {
				if _, err := tt.c.Chercher(b.Context(), questionReelle(h, lieux)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func memeReponse(t *testing.T, base, memoire *Catalogue, r Recherche) {
	got, err := base.Chercher(t.Context(), r)
	if err != nil {
		t.Error(err)
		return
	}
	want, err := memoire.Chercher(t.Context(), r)
	if err != nil {
		t.Error(err)
		return
	}
	if d := ecart(want, got); d != "" {
		t.Errorf("%+v from %v (-memory +base)\n%s", r, *r.Depart, d)
	}
	criteres, err := memoire.criteres(&r)
	if err != nil {
		t.Error(err)
		return
	}
	if d := gocmp.Diff(brute(memoire, r, got.Rayon, criteres)[:len(got.Trouves)], idsDe(got.Trouves), cmpopts.EquateEmpty()); d != "" || got.Total > LimiteMax != (len(got.Trouves) < got.Total) {
		t.Errorf("%+v from %v (-brute force +base)\n%s", r, *r.Depart, d)
	}
}
