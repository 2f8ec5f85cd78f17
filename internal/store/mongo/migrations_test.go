package mongo_test

import (
	"encoding/json"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"82numerique.fr/adeuxpas/internal/store/storetest"
)

// A database of the third schema, with machine tokens, keeps them: they become
// objects. A program that died in the middle of it changes nothing to that.
func TestJetonsDeviennentObjets(t *testing.T) {
	for _, tt := range []struct {
		name   string
		entame bool // the objects were begun
	}{
		{"from the third schema", false},
		{"begun by a program that died", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			uri := neuf(t)
			db := derriere(t, uri)
			if err := ouvrir(t, uri).Close(); err != nil {
				t.Fatal(err)
			}
			if !tt.entame {
				if err := db.Collection("objets").Drop(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for _, j := range storetest.Jetons() {
				if _, err := db.Collection("jetons").InsertOne(t.Context(), documentJeton(t, j.Hash, j.Expire, j)); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := db.Collection("schema").UpdateByID(t.Context(), "adeuxpas", bson.D{{Key: "$set", Value: bson.D{{Key: "numero", Value: 3}}}}); err != nil {
				t.Fatal(err)
			}
			storetest.WantJetons(t, ouvrir(t, uri))
			if noms, err := db.ListCollectionNames(t.Context(), bson.D{{Key: "name", Value: "jetons"}}); err != nil || len(noms) > 0 {
				t.Errorf("the collection of tokens is still there: %v, %v", noms, err)
			}
		})
	}
}

// documentJeton is a token as that schema kept it: its JSON, by its hash, with
// the moment of its sweeping.
func documentJeton(t *testing.T, hash string, expire time.Time, j any) bson.D {
	t.Helper()
	texte, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	var d bson.D
	if err := bson.UnmarshalExtJSON(texte, false, &d); err != nil {
		t.Fatal(err)
	}
	return append(bson.D{{Key: "_id", Value: hash}, {Key: "efface", Value: expire.AddDate(0, 0, 30)}}, d...)
}
