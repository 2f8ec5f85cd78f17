package mongo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// champEfface is when the server may sweep a document.
const champEfface = "efface"

// documentObjet is an object as its collection keeps it. The body stays the text that
// it is: its keys are other people's. Marque names the attempt that wrote it.
type documentObjet struct {
	ID      string    `bson:"_id"`
	Genre   string    `bson:"genre"`
	Nom     string    `bson:"id"`
	Version int       `bson:"version"`
	Cles    []string  `bson:"cles,omitempty"`
	Efface  time.Time `bson:"efface,omitempty"`
	Corps   string    `bson:"corps"`
	Marque  string    `bson:"marque"`
}

var objets = []collection{{
	nom: collObjets,
	schema: objet(bson.D{
		{Key: "genre", Value: texte},
		{Key: "id", Value: texte},
		{Key: "version", Value: entier(1)},
		{Key: "corps", Value: texte},
		{Key: "marque", Value: texte},
	}),
	indexes: []mongo.IndexModel{
		{Keys: bson.D{{Key: "genre", Value: 1}, {Key: "id", Value: 1}}},
		{Keys: bson.D{{Key: "genre", Value: 1}, {Key: "cles", Value: 1}, {Key: "id", Value: 1}}},
		{Keys: bson.D{{Key: champEfface, Value: 1}}, Options: options.Index().SetExpireAfterSeconds(0)},
	},
}}

// collJetons is the collection of machine tokens, before they were objects.
const collJetons = "jetons"

// jetons is that collection, as the second migration makes it.
var jetons = []collection{{
	nom:    collJetons,
	schema: objet(bson.D{{Key: "hash", Value: texte}, {Key: "usage", Value: texte}}),
	indexes: []mongo.IndexModel{{
		Keys: bson.D{{Key: champEfface, Value: 1}}, Options: options.Index().SetExpireAfterSeconds(0),
	}},
}}

// survieJeton is how long a token that expired is kept.
const survieJeton = 30 * 24 * time.Hour

// reunirObjets makes the collection, and moves the machine tokens into it.
func reunirObjets(ctx context.Context, b *Base) error {
	if err := b.create(ctx, objets); err != nil {
		return err
	}
	liste, err := tous[mednum.Jeton](ctx, b, collJetons, bson.D{})
	if err != nil {
		return err
	}
	for _, j := range liste {
		corps, err := json.Marshal(j)
		if err != nil {
			return err
		}
		o := store.Objet{Genre: "jeton", ID: j.Hash, Version: 1, Efface: j.Expire.Add(survieJeton), Corps: corps}
		if err := b.chargerObjet(ctx, &o); err != nil {
			return err
		}
	}
	return b.appel(ctx, func(ctx context.Context) error { return b.db.Collection(collJetons).Drop(ctx) })
}

func newDocumentObjet(o *store.Objet) documentObjet {
	return documentObjet{
		ID: idObjet(o.Genre, o.ID), Genre: o.Genre, Nom: o.ID, Version: o.Version, Cles: o.Cles,
		Efface: o.Efface, Corps: string(o.Corps), Marque: marque(),
	}
}

func idObjet(genre, id string) string { return genre + "/" + id }

func (d *documentObjet) objet() store.Objet {
	o := store.Objet{Genre: d.Genre, ID: d.Nom, Version: d.Version, Cles: d.Cles, Corps: json.RawMessage(d.Corps)}
	if !d.Efface.IsZero() {
		o.Efface = d.Efface.UTC()
	}
	return o
}

// SetObjet writes an object where its version is the one before.
func (b *Base) SetObjet(ctx context.Context, o store.Objet) error {
	o, err := o.Normal()
	if err != nil {
		return err
	}
	d := newDocumentObjet(&o)
	ecrit := false
	err = b.appel(ctx, func(ctx context.Context) (err error) {
		ecrit, err = b.putObjet(ctx, &d)
		return err
	})
	if err != nil || ecrit {
		return err
	}
	// The connection may have been cut after the first attempt was written.
	la, err := b.documentObjet(ctx, o.Genre, o.ID)
	var absent *mednum.Error
	switch {
	case errors.As(err, &absent) && absent.Code == mednum.Introuvable:
		return store.ObjetPerime(o.Genre)
	case err != nil:
		return err
	case la.Marque != d.Marque:
		return store.ObjetPerime(o.Genre)
	}
	return nil
}

func (b *Base) putObjet(ctx context.Context, d *documentObjet) (ecrit bool, err error) {
	coll := b.db.Collection(collObjets)
	if d.Version == 1 {
		_, err := coll.InsertOne(ctx, d)
		if mongo.IsDuplicateKeyError(err) {
			return false, nil
		}
		return err == nil, err
	}
	res, err := coll.ReplaceOne(ctx, append(parID(d.ID), bson.E{Key: "version", Value: d.Version - 1}), d)
	return err == nil && res.MatchedCount == 1, err
}

// Objet is one object; an unknown one is an *mednum.Error with code
// "introuvable".
func (b *Base) Objet(ctx context.Context, genre, id string) (store.Objet, error) {
	d, err := b.documentObjet(ctx, genre, id)
	return d.objet(), err
}

func (b *Base) documentObjet(ctx context.Context, genre, id string) (d documentObjet, err error) {
	err = b.appel(ctx, func(ctx context.Context) error {
		return b.db.Collection(collObjets).FindOne(ctx, parID(idObjet(genre, id))).Decode(&d)
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return d, store.ObjetAbsent(genre)
	}
	return d, err
}

// Objets are those that a Choix names, by id.
func (b *Base) Objets(ctx context.Context, c store.Choix) ([]store.Objet, error) {
	filtre := bson.D{{Key: "genre", Value: c.Genre}, {Key: "id", Value: bson.D{{Key: "$gt", Value: c.Apres}}}}
	if c.Cle != "" {
		filtre = append(filtre, bson.E{Key: "cles", Value: c.Cle})
	}
	opts := options.Find().SetSort(bson.D{{Key: "id", Value: 1}}).SetLimit(int64(c.Limite))
	return b.lireObjets(ctx, filtre, opts)
}

func (b *Base) lireObjets(ctx context.Context, filtre bson.D, opts ...options.Lister[options.FindOptions]) (liste []store.Objet, err error) {
	err = b.deuxFois(ctx, func() error {
		liste = nil
		return lireBruts(ctx, b.db.Collection(collObjets), filtre, opts, func(brut bson.Raw) error {
			var d documentObjet
			if err := bson.Unmarshal(brut, &d); err != nil {
				return fmt.Errorf("collection %s: %w", collObjets, err)
			}
			liste = append(liste, d.objet())
			return nil
		})
	})
	return liste, err
}

// chargerObjet writes an object of a copy, which keeps its version.
func (b *Base) chargerObjet(ctx context.Context, o *store.Objet) error {
	d := newDocumentObjet(o)
	return b.appel(ctx, func(ctx context.Context) error {
		_, err := b.db.Collection(collObjets).ReplaceOne(ctx, parID(d.ID), d, options.Replace().SetUpsert(true))
		return err
	})
}

// OterObjet takes an object away; an absent one is no error.
func (b *Base) OterObjet(ctx context.Context, genre, id string) error {
	return b.appel(ctx, func(ctx context.Context) error {
		_, err := b.db.Collection(collObjets).DeleteOne(ctx, parID(idObjet(genre, id)))
		return err
	})
}
