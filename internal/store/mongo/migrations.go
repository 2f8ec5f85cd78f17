package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The collections.
const (
	collSchema         = "schema"        // one document: the number of the last migration
	collSequence       = "sequence"      // one document: the counters
	collLieux          = "lieux"         // the newest state of each place
	collRevisions      = "revisions"     // the log, written before the place; _id is "lieu/version"
	collFiches         = "fiches"        // the records of the sources
	collFlux           = "flux"          // the sources
	collOperations     = "operations"    // imports, merges and separations
	collRattachements  = "rattachements" // their attachments
	collPlans          = "plans"         // what they still have to write
	collReglages       = "reglages"      // settings
	collObjets         = "objets"        // small documents of the rooms above; _id is "genre/id"
	collEntrees        = "entrees"       // what searches find, derived from the places
	application        = "adeuxpas"      // marks our databases
	codeDoublon        = 11000           // a unique index refuses
	codeCollectionLa   = 48              // the collection exists
	codeCommandeAbsent = 59              // the server lacks the command
	codeInterne        = 1               // the server's own trouble
	codePasFait        = 238             // the server lacks a part of it
	codePasSupporte    = 115             // so does this one say
	codeInterdit       = 20              // it does not do that as it is set up
	codeEtapeInconnue  = 40324           // it does not know a stage of a pipeline
	codeSansReplique   = 40573           // change streams are for replica sets
	champNumero        = "numero"
	champSeq           = "apres.seq" // the number of a revision
)

// migration is one step of the schema. It may be done twice: a program that
// dies in the middle leaves it to the next one.
type migration struct {
	nom   string
	apply func(ctx context.Context, b *Base) error
}

// migrations are numbered from 1, in this order; one that was published is
// never changed.
var migrations = []migration{
	{"lieux", func(ctx context.Context, b *Base) error { return b.create(ctx, premieres) }},
	{"jetons", func(ctx context.Context, b *Base) error { return b.create(ctx, jetons) }},
	{"entrees", deriver},
	{"objets", reunirObjets},
	{"journal", func(ctx context.Context, b *Base) error { return b.create(ctx, journal) }},
	{"langues", taireLangues},
}

// collection is what a migration makes.
type collection struct {
	nom     string
	schema  bson.D // JSON Schema, as MongoDB reads it; nil for none
	indexes []mongo.IndexModel
}

// premieres are the collections of the first migration. A unique index over a
// field that may be absent is partial: two documents without it would collide.
var premieres = []collection{
	{nom: collSequence},
	{
		nom: collLieux,
		schema: objet(bson.D{
			{Key: "id", Value: texte},
			{Key: "version", Value: entier(1)},
			{Key: "seq", Value: entier(1)},
			{Key: "champs", Value: bson.D{{Key: "bsonType", Value: "object"}}},
			{Key: "statut", Value: vocabulaire("", mednum.StatutPropose, mednum.StatutPublie, mednum.StatutFerme, mednum.StatutFusionne, mednum.StatutRetire)},
		}),
		indexes: []mongo.IndexModel{{Keys: bson.D{{Key: "location", Value: "2dsphere"}}}},
	},
	{
		nom: collRevisions,
		schema: objet(bson.D{
			{Key: "lieu", Value: texte},
			{Key: "version", Value: entier(1)},
			{Key: "apres", Value: bson.D{{Key: "bsonType", Value: "object"}}},
			{Key: "marque", Value: texte},
		}),
		indexes: []mongo.IndexModel{
			{Keys: bson.D{{Key: "lieu", Value: 1}, {Key: "version", Value: 1}}},
			{Keys: bson.D{{Key: "idempotence", Value: 1}}, Options: options.Index().SetUnique(true).SetPartialFilterExpression(existe("idempotence"))},
			{Keys: bson.D{{Key: "attente", Value: 1}}, Options: options.Index().SetPartialFilterExpression(existe("attente"))},
		},
	},
	{
		nom:     collFiches,
		schema:  objet(bson.D{{Key: "flux", Value: texte}, {Key: "cle", Value: texte}, {Key: "rang", Value: entier(1)}}),
		indexes: []mongo.IndexModel{{Keys: bson.D{{Key: "lieu", Value: 1}}}},
	},
	{nom: collFlux},
	{nom: collOperations, schema: objet(bson.D{{Key: "id", Value: texte}, {Key: "etat", Value: vocabulaire(enCours, finie)}, {Key: "annonce", Value: texte}})},
	{nom: collRattachements},
	{
		nom:     collPlans,
		indexes: []mongo.IndexModel{{Keys: bson.D{{Key: "annonce", Value: 1}, {Key: "n", Value: 1}}}},
	},
	{nom: collReglages},
}

// journal gives the log an order over all places.
var journal = []collection{{nom: collRevisions, indexes: []mongo.IndexModel{{Keys: bson.D{{Key: champSeq, Value: -1}}}}}}

func existe(champ string) bson.D {
	return bson.D{{Key: champ, Value: bson.D{{Key: "$exists", Value: true}}}}
}

// texte, entier, vocabulaire and objet are the parts of a JSON Schema.
var texte = bson.D{{Key: "bsonType", Value: "string"}}

func entier(minimum int) bson.D {
	return bson.D{{Key: "bsonType", Value: bson.A{"int", "long"}}, {Key: "minimum", Value: minimum}}
}

func vocabulaire[T any](valeurs ...T) bson.D { return bson.D{{Key: "enum", Value: valeurs}} }

// objet is the schema of a document that has all the fields.
func objet(proprietes bson.D) bson.D {
	noms := bson.A{}
	for _, p := range proprietes {
		noms = append(noms, p.Key)
	}
	return bson.D{{Key: "$jsonSchema", Value: bson.D{
		{Key: "bsonType", Value: "object"}, {Key: "required", Value: noms}, {Key: "properties", Value: proprietes},
	}}}
}

// migrate brings the schema to the newest migration. The collection "schema"
// holds the number of the last one applied.
func (b *Base) migrate(ctx context.Context, creer bool) error {
	for {
		courante, err := b.schema(ctx)
		if errors.Is(err, mongo.ErrNoDocuments) {
			if err := b.adopt(ctx, creer); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		if courante > len(migrations) {
			return &mednum.Error{
				Code: mednum.Indisponible, Champ: "base",
				Message: fmt.Sprintf("La base « %s » vient d’une version plus récente d’À deux pas (schéma %d, ce programme connaît le %d) : mettez le programme à jour.", b.nom, courante, len(migrations)),
			}
		}
		if courante == len(migrations) {
			return nil
		}
		if err := b.avancer(ctx, courante); err != nil {
			return err
		}
	}
}

// avancer applies the migration that follows, or waits a little while another
// program does: two at once would wait for each other in the server.
func (b *Base) avancer(ctx context.Context, courante int) error {
	mien, err := b.lock(ctx, courante)
	if err != nil {
		return err
	}
	if !mien {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(repriseMigration):
			return nil
		}
	}
	m := migrations[courante]
	if err := m.apply(ctx, b); err != nil {
		return errors.Join(fmt.Errorf("migration %04d_%s: %w", courante+1, m.nom, err), b.unlock(ctx, courante, courante))
	}
	return b.unlock(ctx, courante, courante+1)
}

// A program that migrates keeps the others waiting for dureeMigration at most,
// even when it dies; they ask again every repriseMigration. One that takes
// longer may be joined by another, which every step bears (see migration).
const (
	dureeMigration   = 5 * time.Second
	repriseMigration = 100 * time.Millisecond
)

// lock takes the right to apply the migration after courante.
func (b *Base) lock(ctx context.Context, courante int) (mien bool, err error) {
	par, now := marque(), b.now()
	libre := bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "verrou", Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "verrou.jusqua", Value: bson.D{{Key: "$lt", Value: now}}}},
		bson.D{{Key: "verrou.par", Value: par}}, // ours, when the connection was cut
	}}}
	err = b.appel(ctx, func(ctx context.Context) error {
		r, err := b.db.Collection(collSchema).UpdateOne(ctx, slices.Concat(parID(application), bson.D{{Key: champNumero, Value: courante}}, libre),
			bson.D{{Key: "$set", Value: bson.D{{Key: "verrou", Value: bson.D{{Key: "par", Value: par}, {Key: "jusqua", Value: now.Add(dureeMigration)}}}}}})
		mien = err == nil && r.MatchedCount == 1
		return err
	})
	return mien, err
}

// unlock gives the right back, and numbers the schema.
func (b *Base) unlock(ctx context.Context, courante, suivante int) error {
	return b.appel(ctx, func(ctx context.Context) error {
		_, err := b.db.Collection(collSchema).UpdateOne(ctx, append(parID(application), bson.E{Key: champNumero, Value: courante}),
			bson.D{{Key: "$set", Value: bson.D{{Key: champNumero, Value: suivante}}}, {Key: "$unset", Value: bson.D{{Key: "verrou", Value: ""}}}})
		return err
	})
}

// schema is the number of the last migration; mongo.ErrNoDocuments for a
// database that À deux pas has never opened.
func (b *Base) schema(ctx context.Context) (int, error) {
	var s struct{ Numero int }
	err := b.appel(ctx, func(ctx context.Context) error {
		return b.db.Collection(collSchema).FindOne(ctx, parID(application)).Decode(&s)
	})
	return s.Numero, err
}

// adopt marks a database as ours before anything is made in it; the database
// of another program is refused.
func (b *Base) adopt(ctx context.Context, creer bool) error {
	if !creer {
		return &mednum.Error{
			Code: mednum.Introuvable, Champ: "base",
			Message: fmt.Sprintf("La base « %s » n’existe pas : « adeuxpas servir » ou « adeuxpas importer » la crée.", b.nom),
		}
	}
	var noms []string
	err := b.appel(ctx, func(ctx context.Context) (err error) {
		noms, err = b.db.ListCollectionNames(ctx, bson.D{})
		return err
	})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(noms, etrangere) {
		return &mednum.Error{
			Code: mednum.Indisponible, Champ: "base",
			Message: fmt.Sprintf("La base « %s » est celle d’un autre programme : choisissez une autre base avec --base.", b.nom),
		}
	}
	return b.upsert(ctx, collSchema, application, bson.D{{Key: champNumero, Value: 0}})
}

// etrangere tells whether a collection is not of this program; the names are
// those of migrations under way in another one.
func etrangere(nom string) bool {
	return nom != collSchema && !strings.HasPrefix(nom, "system.") &&
		!slices.ContainsFunc(slices.Concat(premieres, jetons, entrees, objets), func(c collection) bool { return c.nom == nom })
}

// upsert writes a document unless there is one of that _id.
func (b *Base) upsert(ctx context.Context, coll string, id any, valeurs bson.D) error {
	return b.appel(ctx, func(ctx context.Context) error {
		_, err := b.db.Collection(coll).UpdateOne(ctx, parID(id), bson.D{{Key: "$setOnInsert", Value: valeurs}}, options.UpdateOne().SetUpsert(true))
		if mongo.IsDuplicateKeyError(err) {
			return nil
		}
		return err
	})
}

// create makes the collections, their validators and their indexes, and the
// counters.
func (b *Base) create(ctx context.Context, collections []collection) error {
	for _, c := range collections {
		if err := b.createOne(ctx, c); err != nil {
			return fmt.Errorf("collection %s: %w", c.nom, err)
		}
	}
	return b.upsert(ctx, collSequence, 1, bson.D{
		{Key: compteurSeq, Value: int64(0)}, {Key: compteurRang, Value: int64(0)}, {Key: compteurVu, Value: int64(0)},
	})
}

func (b *Base) createOne(ctx context.Context, c collection) error {
	err := b.appel(ctx, func(ctx context.Context) error { return b.db.CreateCollection(ctx, c.nom) })
	if err != nil && !hasCode(err, codeCollectionLa) {
		return err
	}
	if err := b.validate(ctx, c); err != nil {
		return err
	}
	if len(c.indexes) == 0 {
		return nil
	}
	for essai := 1; ; essai++ {
		err := b.appel(ctx, func(ctx context.Context) error {
			_, err := b.db.Collection(c.nom).Indexes().CreateMany(ctx, c.indexes)
			return err
		})
		if !interbloque(err) || essai == essais {
			return err
		}
	}
}

// essais is how many times indexes are made when programs that start together
// stand in each other's way.
const essais = 10

// interbloque tells whether the server gave up one of two that waited for each
// other, as DocumentDB says it.
func interbloque(err error) bool {
	return hasCode(err, codeInterne) && strings.Contains(err.Error(), "deadlock")
}

// validate has the server refuse documents that break the schema. A server
// that cannot is left to the checks of the rooms above.
func (b *Base) validate(ctx context.Context, c collection) error {
	if c.schema == nil {
		return nil
	}
	err := b.appel(ctx, func(ctx context.Context) error {
		return b.db.RunCommand(ctx, bson.D{{Key: "collMod", Value: c.nom}, {Key: "validator", Value: c.schema}}).Err()
	})
	if hasCode(err, codeCommandeAbsent, codePasFait, codePasSupporte) {
		return nil
	}
	return err
}
