package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Lieux are all places of every status, by id, each with its Version and Seq.
func (b *Base) Lieux(ctx context.Context) ([]mednum.Lieu, error) {
	liste, err := tous[mednum.Lieu](ctx, b, collLieux, bson.D{})
	slices.SortFunc(liste, func(x, y mednum.Lieu) int { return cmp.Compare(x.ID, y.ID) })
	return liste, err
}

// LieuxSauf are the places that connus does not have under the same number, by
// id. Of the others, nothing but the number is read.
func (b *Base) LieuxSauf(ctx context.Context, connus map[string]int64) ([]mednum.Lieu, error) {
	type numero struct {
		ID  string `json:"_id"`
		Seq int64  `json:"seq"`
	}
	numeros, err := tous[numero](ctx, b, collLieux, bson.D{}, champs("seq"))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, n := range numeros {
		if connu, ok := connus[n.ID]; !ok || connu != n.Seq {
			ids = append(ids, n.ID)
		}
	}
	var liste []mednum.Lieu
	for partie := range slices.Chunk(ids, lot) {
		lus, err := tous[mednum.Lieu](ctx, b, collLieux, parmi("_id", partie))
		if err != nil {
			return nil, err
		}
		liste = append(liste, lus...)
	}
	slices.SortFunc(liste, func(x, y mednum.Lieu) int { return cmp.Compare(x.ID, y.ID) })
	return liste, nil
}

// Lieu is one place; an unknown id is an *mednum.Error with code "introuvable".
func (b *Base) Lieu(ctx context.Context, id string) (mednum.Lieu, error) {
	return un[mednum.Lieu](ctx, b, collLieux, parID(id), &mednum.Error{Code: mednum.Introuvable, Champ: "id", Message: "Ce lieu n’existe pas."})
}

// un reads the one document that a filter finds; absent is the error given.
func un[T any](ctx context.Context, b *Base, coll string, filtre bson.D, absent *mednum.Error) (v T, err error) {
	var brut bson.Raw
	err = b.appel(ctx, func(ctx context.Context) (err error) {
		brut, err = b.db.Collection(coll).FindOne(ctx, filtre).Raw()
		return err
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return v, absent
	}
	if err != nil {
		return v, err
	}
	if v, err = decoder[T](brut); err != nil {
		return v, fmt.Errorf("collection %s: %w", coll, err)
	}
	return v, nil
}

func parID(id any) bson.D { return bson.D{{Key: "_id", Value: id}} }

// champs keeps of the documents the fields that are named.
func champs(noms ...string) options.Lister[options.FindOptions] {
	projection := bson.D{}
	for _, nom := range noms {
		projection = append(projection, bson.E{Key: nom, Value: 1})
	}
	return options.Find().SetProjection(projection)
}

// parmi is the filter of the documents whose field is one of the values.
func parmi[T any](champ string, valeurs []T) bson.D {
	return bson.D{{Key: champ, Value: bson.D{{Key: "$in", Value: valeurs}}}}
}

// Save writes one revision of a place, and the place with it, as the comment of
// the package says. Revision.Version is the version that the place takes (1
// for a new one).
//
// A version that someone else took first is an *mednum.Error with code
// "perime", and nothing changes. A revision whose Idempotence was already
// accepted for this place succeeds again without a second write; used for
// another place it is "invalide". When the error is "indisponible" the write
// may have been logged, and is then finished later: the same Idempotence tells.
func (b *Base) Save(ctx context.Context, rev mednum.Revision) error {
	refus, err := b.inscrire(ctx, []ecriture{{Revision: rev}}, 0)
	if err != nil {
		return err
	}
	return refus[0]
}

// Revisions are the accepted writes of a place, oldest first.
func (b *Base) Revisions(ctx context.Context, lieu string) ([]mednum.Revision, error) {
	liste, err := tous[mednum.Revision](ctx, b, collRevisions, bson.D{{Key: "lieu", Value: lieu}})
	slices.SortFunc(liste, func(x, y mednum.Revision) int { return cmp.Compare(x.Version, y.Version) })
	return liste, err
}

// Journal is a page of the accepted writes of all places, newest first: those
// below the number avant (0: from the newest), n at most.
func (b *Base) Journal(ctx context.Context, avant int64, n int) ([]mednum.Revision, error) {
	if err := store.VerifierPage(avant, n); err != nil {
		return nil, err
	}
	filtre := bson.D{}
	if avant > 0 {
		filtre = bson.D{{Key: champSeq, Value: bson.D{{Key: "$lt", Value: avant}}}}
	}
	return tous[mednum.Revision](ctx, b, collRevisions, filtre,
		options.Find().SetSort(bson.D{{Key: champSeq, Value: -1}}).SetLimit(int64(n)))
}

// RevisionDe is the accepted write that has an idempotency key; a key that no
// write has is an *mednum.Error with code "introuvable". A write that still
// waits for its place is finished first.
func (b *Base) RevisionDe(ctx context.Context, idempotence string) (mednum.Revision, error) {
	absente := &mednum.Error{Code: mednum.Introuvable, Champ: "idempotence", Message: "Aucune modification ne porte cette clé."}
	if idempotence == "" {
		return mednum.Revision{}, absente
	}
	cle := bson.D{{Key: "idempotence", Value: idempotence}}
	if err := b.rattraper(ctx, cle); err != nil {
		return mednum.Revision{}, err
	}
	return un[mednum.Revision](ctx, b, collRevisions, cle, absente)
}

// versions are those of the places, once the revisions that waited for them
// are written; 0 for a place that does not exist.
func (b *Base) versions(ctx context.Context, ids []string) (map[string]int, error) {
	versions := make(map[string]int, len(ids))
	for partie := range slices.Chunk(ids, lot) {
		if err := b.rattraper(ctx, parmi("lieu", partie)); err != nil {
			return nil, err
		}
		liste, err := tous[mednum.Lieu](ctx, b, collLieux, parmi("_id", partie), champs("id", "version"))
		if err != nil {
			return nil, err
		}
		for i := range liste {
			versions[liste[i].ID] = liste[i].Version
		}
	}
	return versions, nil
}

// rattraper finishes the revisions that wait, of those that the filter finds.
func (b *Base) rattraper(ctx context.Context, filtre bson.D) error {
	attente := bson.D{{Key: "attente", Value: true}}
	liste, err := tous[mednum.Revision](ctx, b, collRevisions, slices.Concat(attente, filtre))
	if err != nil || len(liste) == 0 {
		return err
	}
	for revisions := range slices.Chunk(liste, lot) {
		fiches, err := b.planned(ctx, revisions)
		if err != nil {
			return err
		}
		if err := b.achever(ctx, revisions, fiches); err != nil {
			return err
		}
	}
	return nil
}
