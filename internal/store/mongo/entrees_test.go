package mongo_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
)

// tournee is a service that moves, with stops of those ids.
func tournee(arrets ...string) mednum.Lieu {
	l := lieu("bus", "Bus")
	l.Champs.Itinerance, l.Permanences = []string{"Itinérant"}, nil
	for i, id := range arrets {
		lat, lon := 44+float64(i)/10, 1.5
		l.Permanences = append(l.Permanences, mednum.Permanence{ID: id, Arret: &mednum.Arret{Nom: id, CodeInsee: "82121", Latitude: &lat, Longitude: &lon}})
	}
	return l
}

func ids(t *testing.T, b *mongo.Base, d store.Demande) []string {
	t.Helper()
	liste, err := b.Entrees(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range liste {
		ids = append(ids, liste[i].ID())
	}
	if d.Depart == nil {
		slices.Sort(ids)
	}
	return ids
}

// What searches find follows the place: stops that go, and come back.
func TestEntreesSuivent(t *testing.T) {
	b := ouvrir(t, neuf(t))
	tous := store.Demande{}
	for i, tt := range []struct {
		l    mednum.Lieu
		want []string
	}{
		{tournee("a", "b"), []string{"bus", "bus/a", "bus/b"}},
		{tournee("b"), []string{"bus", "bus/b"}},
		{tournee("a", "b", "c"), []string{"bus", "bus/a", "bus/b", "bus/c"}},
		{func() mednum.Lieu { l := tournee("a"); l.Statut = mednum.StatutRetire; return l }(), nil},
		{tournee(), []string{"bus"}},
	} {
		save(t, b, revision(tt.l, i+1))
		if d := cmp.Diff(tt.want, ids(t, b, tous)); d != "" {
			t.Errorf("version %d (-want +got)\n%s", i+1, d)
		}
	}
}

// A base of an older program gets its entries when it is opened, and two
// programs may do it at once.
func TestEntreesDerivees(t *testing.T) {
	uri := neuf(t)
	b := ouvrir(t, uri)
	save(t, b, revision(tournee("a", "b"), 1))
	fixe, lat := lieu("fixe", "Médiathèque"), 46.0
	fixe.Champs.Latitude, fixe.Champs.CodeInsee, fixe.Permanences = &lat, "82112", nil
	save(t, b, revision(fixe, 1))
	db := derriere(t, uri)
	if err := db.Collection("entrees").Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Collection("schema").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "adeuxpas"}}, bson.D{{Key: "$set", Value: bson.D{{Key: "numero", Value: 2}}}}); err != nil {
		t.Fatal(err)
	}
	var parties sync.WaitGroup
	for range 2 {
		parties.Go(func() { ids(t, ouvrir(t, uri), store.Demande{}) })
	}
	parties.Wait()
	depart := &geo.Point{Lat: 44, Lon: 1.5}
	for _, tt := range []struct {
		name string
		d    store.Demande
		want []string
	}{
		{"all", store.Demande{}, []string{"bus", "bus/a", "bus/b", "fixe"}},
		{"nearest first, with a position", store.Demande{Depart: depart, Limite: 2}, []string{"bus/a", "bus/b"}},
		{"places", store.Demande{Lieux: true}, []string{"bus", "fixe"}},
		{"not a seat", store.Demande{Arrets: true}, []string{"bus/a", "bus/b", "fixe"}},
		{"of a commune", store.Demande{Communes: []string{"82121"}, Situees: true}, []string{"bus/a", "bus/b"}},
		{"without a position", store.Demande{SansPoint: true}, []string{"bus"}},
		{"by the beginning of a word", store.Demande{Debuts: []string{"medi"}}, []string{"fixe"}},
		{"but one", store.Demande{Sauf: []string{"bus/a"}, Arrets: true}, []string{"bus/b", "fixe"}},
		{"a radius", store.Demande{Depart: depart, Au: 1000}, []string{"bus/a"}},
		{"a ring", store.Demande{Depart: depart, De: 9_000, Au: 12_000}, []string{"bus/b"}},
		{"a box", store.Demande{Boite: &geo.Boite{Sud: 44.05, Nord: 44.2, Ouest: 1.4, Est: 1.6}}, []string{"bus/b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, ids(t, b, tt.d)); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}
