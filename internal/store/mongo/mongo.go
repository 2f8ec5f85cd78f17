// Package mongo is the store that several machines share: places, records and
// their history in a MongoDB database, or behind any server of its protocol
// that does what MongoDB 6 and FerretDB 2 over DocumentDB both do. It needs no
// transaction over several documents. Where the server has change streams, one
// over the counters tells Attendre when to look again; what has changed is
// always read of the counter (Version), there and elsewhere.
//
// A write is logged first: the revision "lieu/version", marked as waiting
// (attente), and its unique _id decides who was first. Then come the records of
// the place, the place, the counter that tells readers to look again (Version)
// and the end of the mark. Each step can be done twice, by anybody: whoever
// meets a waiting revision (the next write of its place, Version, Open)
// finishes it.
package mongo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// delai is the deadline of one call to the server; the caller's own is kept
// when it is shorter.
const delai = 5 * time.Second

// lot is how many documents one call writes or names at most.
const lot = 500

// Base is an open store, safe for concurrent use.
type Base struct {
	nom    string // hosts and database, for messages: never a user or password
	client *mongo.Client
	db     *mongo.Database
	now    func() time.Time
	ecoute ecoute
}

// Open opens the database that the URI names, after its hosts ("adeuxpas" when
// it names none), brings it to the present schema, finishes the writes and the
// operations that were cut short. A URI that cannot be read is an *mednum.Error
// with code "invalide" and field "base"; a database that does not answer, is
// not ours, comes from a newer program, or was not filled to the end by Charger
// is "indisponible".
func Open(ctx context.Context, uri string, now func() time.Time) (*Base, error) {
	return open(ctx, uri, now, creer)
}

// OpenExistante is Open for a database that À deux pas has opened before: any
// other is an *mednum.Error with code "introuvable", and is not created.
func OpenExistante(ctx context.Context, uri string, now func() time.Time) (*Base, error) {
	return open(ctx, uri, now, existante)
}

// OpenVide is Open for Charger: a base that it did not fill to the end opens.
func OpenVide(ctx context.Context, uri string, now func() time.Time) (*Base, error) {
	return open(ctx, uri, now, aRemplir)
}

// ouverture is what a base is opened for.
type ouverture int

const (
	creer     ouverture = iota // to be used, and created when it is absent
	existante                  // to be used
	aRemplir                   // to be filled, and created when it is absent
)

func open(ctx context.Context, uri string, now func() time.Time, pour ouverture) (*Base, error) {
	a, err := readAdresse(uri)
	if err != nil {
		return nil, err
	}
	// What comes before ApplyURI the URI may change, what comes after it may not.
	client, err := mongo.Connect(options.Client().
		SetAppName("adeuxpas").SetConnectTimeout(delai).SetServerSelectionTimeout(delai).
		ApplyURI(uri).
		SetRetryWrites(true).SetRetryReads(true).
		SetReadPreference(readpref.Primary()).
		SetReadConcern(readconcern.Majority()).
		SetWriteConcern(writeconcern.Majority()))
	if err != nil {
		return nil, adresseIllisible()
	}
	b := &Base{nom: a.nom, client: client, db: client.Database(a.base), now: now, ecoute: newEcoute()}
	if err := b.start(ctx, pour); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Base) start(ctx context.Context, pour ouverture) error {
	if err := b.migrate(ctx, pour != existante); err != nil {
		return err
	}
	if pour == aRemplir {
		return nil
	}
	if err := b.refuseCoupe(ctx); err != nil {
		return err
	}
	if err := b.rattraper(ctx, nil); err != nil {
		return err
	}
	return b.Reprendre(ctx)
}

// Close releases the connections, once nobody is in Attendre any more.
func (b *Base) Close() error {
	b.ecoute.fermer()
	ctx, cancel := context.WithTimeout(context.Background(), delai)
	defer cancel()
	return b.client.Disconnect(ctx)
}

// The counters of the one document of the collection "sequence".
const (
	compteurSeq  = "n"    // numbers the revisions
	compteurRang = "rang" // numbers the operations
	compteurVu   = "vu"   // grows once a write can be read
)

// suivant takes k numbers of a counter and returns the last of them.
func (b *Base) suivant(ctx context.Context, compteur string, k int) (int64, error) {
	var valeurs map[string]int64
	err := b.appel(ctx, func(ctx context.Context) error {
		return b.db.Collection(collSequence).FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: 1}},
			bson.D{{Key: "$inc", Value: bson.D{{Key: compteur, Value: int64(k)}}}},
			options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&valeurs)
	})
	return valeurs[compteur], err
}

// annoncer tells every reader that something new can be read.
func (b *Base) annoncer(ctx context.Context) error {
	_, err := b.suivant(ctx, compteurVu, 1)
	return err
}

// Version grows with every write, by this process or another: after the write
// can be read, so that whoever sees the new number reads the new state. A
// writer that died in between left its revision waiting: Version finishes it,
// and grows. Two indexed reads.
func (b *Base) Version(ctx context.Context) (int64, error) {
	if err := b.rattraper(ctx, nil); err != nil {
		return 0, err
	}
	var valeurs map[string]int64
	err := b.appel(ctx, func(ctx context.Context) error {
		return b.db.Collection(collSequence).FindOne(ctx, bson.D{{Key: "_id", Value: 1}}).Decode(&valeurs)
	})
	return valeurs[compteurVu], err
}

// Reglage is the value of a setting; one never set is an *mednum.Error with
// code "introuvable".
func (b *Base) Reglage(ctx context.Context, cle string) (string, error) {
	var reglage struct{ Valeur string }
	err := b.appel(ctx, func(ctx context.Context) error {
		return b.db.Collection(collReglages).FindOne(ctx, bson.D{{Key: "_id", Value: cle}}).Decode(&reglage)
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return "", &mednum.Error{Code: mednum.Introuvable, Champ: cle, Message: "Ce réglage n’a pas de valeur."}
	}
	return reglage.Valeur, err
}

// SetReglage writes a setting.
func (b *Base) SetReglage(ctx context.Context, cle, valeur string) error {
	return b.poser(ctx, collReglages, bson.D{{Key: "_id", Value: cle}, {Key: "valeur", Value: valeur}})
}

// poser writes one whole document, its _id first, and announces it.
func (b *Base) poser(ctx context.Context, coll string, d bson.D) error {
	err := b.appel(ctx, func(ctx context.Context) error {
		_, err := b.db.Collection(coll).ReplaceOne(ctx, d[:1], d, options.Replace().SetUpsert(true))
		if mongo.IsDuplicateKeyError(err) { // another one created it at the same moment
			_, err = b.db.Collection(coll).ReplaceOne(ctx, d[:1], d)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", coll, err)
	}
	return b.annoncer(ctx)
}

// marque names one attempt to write, so that a writer knows its own documents.
func marque() string { return rand.Text() }
