package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
)

// derriere is the database of a URI, without the store in front.
func derriere(t *testing.T, uri string) *driver.Database {
	t.Helper()
	_, reste, _ := strings.Cut(uri, "://")
	_, reste, _ = strings.Cut(reste, "/")
	nom, _, _ := strings.Cut(reste, "?")
	return mongotest.Client(t, uri).Database(nom)
}

func TestOpenRefuse(t *testing.T) {
	for _, tt := range []struct {
		name     string
		prepare  func(ctx context.Context, db *driver.Database) error
		contient string
	}{
		{"the database of another program", func(ctx context.Context, db *driver.Database) error {
			_, err := db.Collection("clients").InsertOne(ctx, bson.D{{Key: "x", Value: 1}})
			return err
		}, "celle d’un autre programme"},
		{"a newer program", func(ctx context.Context, db *driver.Database) error {
			_, err := db.Collection("schema").InsertOne(ctx, bson.D{{Key: "_id", Value: "adeuxpas"}, {Key: "numero", Value: 999}})
			return err
		}, "version plus récente d’À deux pas (schéma 999"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			uri := neuf(t)
			if err := tt.prepare(t.Context(), derriere(t, uri)); err != nil {
				t.Fatal(err)
			}
			_, err := mongo.Open(t.Context(), uri, horloge)
			wantCode(t, err, mednum.Indisponible)
			if !strings.Contains(err.Error(), tt.contient) {
				t.Errorf("error %q does not say %q", err, tt.contient)
			}
		})
	}
}

func TestOpenExistante(t *testing.T) {
	uri := neuf(t)
	_, err := mongo.OpenExistante(t.Context(), uri, horloge)
	wantCode(t, err, mednum.Introuvable)
	if noms, err := derriere(t, uri).ListCollectionNames(t.Context(), bson.D{}); err != nil || len(noms) != 0 {
		t.Errorf("a refused opening left %v, %v", noms, err)
	}
	ouvrir(t, uri)
	b, err := mongo.OpenExistante(t.Context(), uri, horloge)
	if err != nil {
		t.Fatal(err)
	}
	_ = b.Close()
}

func TestOuverturesSimultanees(t *testing.T) {
	uri := neuf(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			b, err := mongo.Open(context.Background(), uri, horloge)
			if err != nil {
				t.Error(err)
				return
			}
			defer b.Close()
			if err := b.Save(context.Background(), revision(lieu(fmt.Sprint(i), "x"), 1)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if lieux, err := ouvrir(t, uri).Lieux(t.Context()); err != nil || len(lieux) != 8 {
		t.Errorf("Lieux = %d, %v, want 8", len(lieux), err)
	}
}

// What the server holds: the position as GeoJSON, which its own index finds,
// and none for the seat of a service that moves.
func TestPositions(t *testing.T) {
	uri := neuf(t)
	b := ouvrir(t, uri)
	fixe, bus, sans, hors := lieu("fixe", "Fixe"), lieu("bus", "Bus"), lieu("sans", "Sans position"), lieu("hors", "Hors du monde")
	bus.Champs.Itinerance = []string{"Itinérant"}
	sans.Champs.Latitude = nil
	loin := 91.0
	hors.Champs.Latitude = &loin
	for _, l := range []mednum.Lieu{fixe, bus, sans, hors} {
		save(t, b, revision(l, 1))
	}
	cur, err := derriere(t, uri).Collection("lieux").Aggregate(t.Context(), bson.A{
		bson.D{{Key: "$geoNear", Value: bson.D{
			{Key: "near", Value: bson.D{{Key: "type", Value: "Point"}, {Key: "coordinates", Value: bson.A{1.6, 42.96}}}},
			{Key: "distanceField", Value: "d"},
			{Key: "spherical", Value: true},
			{Key: "query", Value: bson.D{{Key: "champs.commune", Value: "Foix"}}},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []struct {
		ID       string `bson:"_id"`
		Location struct{ Coordinates []float64 }
	}
	if err := cur.All(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].ID != "fixe" || !cmp.Equal(got[0].Location.Coordinates, []float64{*fixe.Champs.Longitude, *fixe.Champs.Latitude}) {
		t.Errorf("near Foix: %+v, want fixe at its longitude and latitude", got)
	}
}

// The server itself refuses two revisions of one key, and, where it enforces
// validators, a document that no program of ours wrote.
func TestServeurRefuse(t *testing.T) {
	uri := neuf(t)
	b := ouvrir(t, uri)
	r := revision(lieu("a", "A"), 1)
	r.Idempotence = "cle"
	save(t, b, r)
	db := derriere(t, uri)
	var journal bson.D
	if err := db.Collection("revisions").FindOne(t.Context(), bson.D{}).Decode(&journal); err != nil {
		t.Fatal(err)
	}
	journal[0].Value = "b/1"
	if _, err := db.Collection("revisions").InsertOne(t.Context(), journal); !driver.IsDuplicateKeyError(err) {
		t.Errorf("a second revision of one key: %v, want a duplicate", err)
	}
	_, err := db.Collection("lieux").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "x"}, {Key: "version", Value: "un"}})
	var e driver.ServerError
	if refuse := errors.As(err, &e) && e.HasErrorCode(121); refuse == estFerret(t, db) {
		t.Errorf("a place whose version is a word: %v", err)
	}
}

// estFerret tells the server that accepts validators without enforcing them.
func estFerret(t *testing.T, db *driver.Database) bool {
	t.Helper()
	infos, err := db.RunCommand(t.Context(), bson.D{{Key: "buildInfo", Value: 1}}).Raw()
	if err != nil {
		t.Fatal(err)
	}
	_, err = infos.LookupErr("ferretdb")
	return err == nil
}

// A plan of more than the 16 MB of one document.
func TestGrandeOperation(t *testing.T) {
	const lieux, fiches = 1100, 18_000 // bytes of text each
	uri := neuf(t)
	b := ouvrir(t, uri)
	op := mednum.Operation{ID: "grande"}
	var revisions []mednum.Revision
	var recues []mednum.Fiche
	for i := range lieux {
		id := fmt.Sprintf("l%04d", i)
		f := fiche(id, id)
		f.Champs[mednum.ChampPresentationDetail] = strings.Repeat("détail ", fiches/8)
		recues, revisions = append(recues, f), append(revisions, revision(lieu(id, id), 1))
		for range 6 {
			op.Rattachements = append(op.Rattachements, mednum.Rattachement{Fiche: f.Reference(), Vers: id, Motif: []string{"même adresse"}})
		}
	}
	if err := b.Apply(t.Context(), op, recues, revisions); err != nil {
		t.Fatal(err)
	}
	lus, err := b.Lieux(t.Context())
	if err != nil || len(lus) != lieux {
		t.Errorf("Lieux = %d, %v, want %d", len(lus), err, lieux)
	}
	if toutes, err := b.Fiches(t.Context()); err != nil || len(toutes) != lieux {
		t.Errorf("Fiches = %d, %v, want %d", len(toutes), err, lieux)
	}
	ops, err := b.Operations(t.Context())
	if err != nil || len(ops) != 1 || !cmp.Equal(ops[0].Rattachements, op.Rattachements) {
		t.Errorf("Operations: %v, want one with its %d attachments", err, len(op.Rattachements))
	}
	if n, err := derriere(t, uri).Collection("plans").CountDocuments(t.Context(), bson.D{}); err != nil || n != 0 {
		t.Errorf("%d documents of the plan are left, %v", n, err)
	}
}

// What was written for an operation that was never announced is swept, once it
// is old enough not to be of a store that is announcing it now.
func TestBalayage(t *testing.T) {
	uri := neuf(t)
	ouvrir(t, uri)
	plans := derriere(t, uri).Collection("plans")
	for nom, age := range map[string]time.Duration{"vieux": 2 * time.Hour, "neuf": time.Minute} {
		if _, err := plans.InsertOne(t.Context(), bson.D{{Key: "_id", Value: nom}, {Key: "annonce", Value: nom}, {Key: "n", Value: 0}, {Key: "ecrit", Value: maintenant.Add(-age)}}); err != nil {
			t.Fatal(err)
		}
	}
	ouvrir(t, uri)
	var restes []struct {
		ID string `bson:"_id"`
	}
	cur, err := plans.Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	if err := cur.All(t.Context(), &restes); err != nil || len(restes) != 1 || restes[0].ID != "neuf" {
		t.Errorf("left: %+v, %v, want neuf", restes, err)
	}
}

func TestMotDePasseTu(t *testing.T) {
	for _, uri := range []string{
		"mongodb://u:motdepasse@/x", "mongodb://u:motdepasse%@h/x", "mongodb://u:motdepasse@h/x?w=-3", "mongodb://u:motdepasse@h/a.b",
		"mongodb://u:motdepasse@127.0.0.1:1/x?serverSelectionTimeoutMS=50", "motdepasse",
	} {
		_, err := mongo.Open(t.Context(), uri, horloge)
		var e *mednum.Error
		if !errors.As(err, &e) || e.Champ != "base" || strings.Contains(err.Error(), "motdepasse") {
			t.Errorf("Open(%s) = %v, want an error of base without the password", uri, err)
		}
	}
}

func BenchmarkVersion(b *testing.B) {
	base := ouvrirBanc(b)
	for b.Loop() {
		if _, err := base.Version(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSave(b *testing.B) {
	base := ouvrirBanc(b)
	for v := 1; b.Loop(); v++ {
		if err := base.Save(b.Context(), revision(lieu("a", "nom"), v)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLieux(b *testing.B) {
	base := ouvrirBanc(b)
	var revisions []mednum.Revision
	for i := range 3000 {
		revisions = append(revisions, revision(lieu(fmt.Sprint(i), "nom"), 1))
	}
	if err := base.Apply(b.Context(), mednum.Operation{ID: "op"}, nil, revisions); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for b.Loop() {
		if l, err := base.Lieux(b.Context()); err != nil || len(l) != 3000 {
			b.Fatal(len(l), err)
		}
	}
}
