package mongo

import (
	"cmp"
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// champEfface is when the server may sweep a document. Whether a token still
// opens anything is decided with the clock of the program, never by the
// sweeping.
const champEfface = "efface"

var jetons = []collection{{
	nom:    collJetons,
	schema: objet(bson.D{{Key: "hash", Value: texte}, {Key: "usage", Value: texte}}),
	indexes: []mongo.IndexModel{{
		Keys: bson.D{{Key: champEfface, Value: 1}}, Options: options.Index().SetExpireAfterSeconds(0),
	}},
}}

// SetJeton writes a token under its hash, in place of the one there.
func (b *Base) SetJeton(ctx context.Context, j mednum.Jeton) error {
	d, err := document(j, bson.E{Key: "_id", Value: j.Hash}, bson.E{Key: champEfface, Value: bson.NewDateTimeFromTime(j.Expire.Add(store.SurvieJeton))})
	if err != nil {
		return err
	}
	return b.poser(ctx, collJetons, d)
}

// Jeton is the token of a hash, revoked and expired ones too; an unknown hash
// is an *mednum.Error with code "introuvable".
func (b *Base) Jeton(ctx context.Context, hash string) (mednum.Jeton, error) {
	return un[mednum.Jeton](ctx, b, collJetons, parID(hash), &mednum.Error{Code: mednum.Introuvable, Champ: "jeton", Message: "Ce jeton n’existe pas."})
}

// Jetons are all tokens, oldest first, then by hash.
func (b *Base) Jetons(ctx context.Context) ([]mednum.Jeton, error) {
	liste, err := tous[mednum.Jeton](ctx, b, collJetons, bson.D{})
	slices.SortFunc(liste, func(a, b mednum.Jeton) int { return cmp.Or(a.Cree.Compare(b.Cree), cmp.Compare(a.Hash, b.Hash)) })
	return liste, err
}
