package mongo

import (
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// entrees is the collection that searches ask, derived from the places: one
// document a place and one a stop. It is written after the place, entry by
// entry where the one there is older. An entry that its place no longer has is
// not removed: it takes the place's version, unpublished, so that nobody late
// puts it back.
var entrees = []collection{{
	nom: collEntrees,
	indexes: []mongo.IndexModel{
		{Keys: bson.D{{Key: "location", Value: "2dsphere"}}},
		{Keys: bson.D{{Key: "commune", Value: 1}}},
		{Keys: bson.D{{Key: "mots", Value: 1}}},
		{Keys: bson.D{{Key: "lieu", Value: 1}}},
	},
}}

// deriver makes the collection of entries of the places that are there.
func deriver(ctx context.Context, b *Base) error {
	if err := b.create(ctx, entrees); err != nil {
		return err
	}
	lieux, err := b.Lieux(ctx)
	if err != nil {
		return err
	}
	for partie := range slices.Chunk(lieux, lot) {
		if err := b.poserEntrees(ctx, partie); err != nil {
			return err
		}
	}
	return nil
}

// taireLangues has the entries that were written before places said their
// languages say that they do not.
func taireLangues(ctx context.Context, b *Base) error {
	dite := bson.Regex{Pattern: "^" + store.Valeur(mednum.ChampLangues, "")}
	return b.appel(ctx, func(ctx context.Context) error {
		_, err := b.db.Collection(collEntrees).UpdateMany(ctx,
			bson.D{{Key: "valeurs", Value: bson.D{{Key: "$not", Value: dite}}}},
			bson.D{{Key: "$addToSet", Value: bson.D{{Key: "valeurs", Value: store.Valeur(mednum.ChampLangues, "")}}}})
		return err
	})
}

// poserEntrees writes the entries of places, each the newest of its id.
func (b *Base) poserEntrees(ctx context.Context, lieux []mednum.Lieu) error {
	var poses []pose
	var anciennes []mongo.WriteModel
	for i := range lieux {
		l := &lieux[i]
		ancienne := bson.E{Key: "version", Value: bson.D{{Key: "$lt", Value: l.Version}}}
		for _, e := range store.Entrees(l) {
			poses = append(poses, pose{filtre: append(parID(e.ID()), ancienne), d: documentEntree(&e)})
		}
		anciennes = append(anciennes, mongo.NewUpdateManyModel().
			SetFilter(bson.D{{Key: "lieu", Value: l.ID}, ancienne}).
			SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: l.Version}, {Key: "publie", Value: false}}}}))
	}
	for partie := range slices.Chunk(poses, lot) {
		if err := b.remplacer(ctx, collEntrees, partie); err != nil {
			return err
		}
	}
	err := b.appel(ctx, func(ctx context.Context) error {
		_, err := b.db.Collection(collEntrees).BulkWrite(ctx, anciennes)
		return err
	})
	if err != nil {
		return fmt.Errorf("collection %s: %w", collEntrees, err)
	}
	return nil
}

// documentEntree is an entry as the collection keeps it. Its keys are not
// those of a JSON: searches name them.
func documentEntree(e *store.Entree) bson.D {
	d := bson.D{
		{Key: "_id", Value: e.ID()},
		{Key: "lieu", Value: e.Lieu},
		{Key: "arret", Value: e.Arret},
		{Key: "version", Value: e.Version},
		{Key: "publie", Value: e.Publie},
		{Key: "ailleurs", Value: e.Ailleurs},
		{Key: "commune", Value: e.Commune},
		{Key: "valeurs", Value: e.Valeurs},
		{Key: "mots", Value: e.Mots},
		{Key: "service", Value: serviceDe(e)},
	}
	if e.Point != nil {
		d = append(d, bson.E{Key: "location", Value: geoJSON(*e.Point)})
	}
	return d
}

// serviceDe is what counts as one: the service of a stop, the place otherwise.
func serviceDe(e *store.Entree) string { return e.Lieu + map[bool]string{true: "/"}[e.Arret != ""] }
