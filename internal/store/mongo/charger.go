package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// chargement fills one base. What it has not written yet waits in batches.
type chargement struct {
	b         *Base
	marque    string
	revisions []mednum.Revision
	fiches    []ficheDatee
	seq       int64 // the greatest number of a revision
	rang      int64 // that of the last operation
}

// Charger fills an empty base with what a source gives. The base is marked
// first, and the mark is taken away when all is written; filling a base that
// bears the mark of another begins by emptying it.
func (b *Base) Charger(ctx context.Context, de store.Source) error {
	c := &chargement{b: b, marque: marque()}
	if err := c.reserver(ctx); err != nil {
		return err
	}
	if err := de(ctx, func(e store.Element) error { return c.ajouter(ctx, e) }); err != nil {
		return err
	}
	return c.terminer(ctx)
}

// reserver marks the base as one that is being filled.
func (c *chargement) reserver(ctx context.Context) error {
	coupe, err := c.b.enChargement(ctx)
	if err != nil {
		return err
	}
	if !coupe {
		if err := c.b.exigerVide(ctx); err != nil {
			return err
		}
	}
	if err := c.b.SetReglage(ctx, store.CleChargement, c.marque); err != nil || !coupe {
		return err
	}
	return c.b.vider(ctx)
}

// enChargement tells whether the base is being filled, or was in part.
func (b *Base) enChargement(ctx context.Context) (bool, error) {
	_, err := b.Reglage(ctx, store.CleChargement)
	var e *mednum.Error
	if errors.As(err, &e) && e.Code == mednum.Introuvable {
		return false, nil
	}
	return err == nil, err
}

func (b *Base) refuseCoupe(ctx context.Context) error {
	coupe, err := b.enChargement(ctx)
	if coupe {
		return store.ChargementCoupe(b.nom)
	}
	return err
}

// remplies are the collections that Charger fills, beside the settings; the
// entries follow from the places.
var remplies = []string{collRevisions, collLieux, collFiches, collFlux, collOperations, collRattachements, collPlans, collObjets, collEntrees}

func (b *Base) exigerVide(ctx context.Context) error {
	for _, coll := range append(slices.Clone(remplies), collReglages) {
		err := b.appel(ctx, func(ctx context.Context) error {
			return b.db.Collection(coll).FindOne(ctx, bson.D{}).Err()
		})
		if err == nil {
			return store.PasVide(b.nom)
		}
		if !errors.Is(err, mongo.ErrNoDocuments) {
			return err
		}
	}
	return nil
}

// vider empties the base but for the mark, then makes its collections again.
func (b *Base) vider(ctx context.Context) error {
	for _, coll := range remplies {
		if err := b.appel(ctx, func(ctx context.Context) error { return b.db.Collection(coll).Drop(ctx) }); err != nil {
			return err
		}
	}
	if err := b.oublier(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$ne", Value: store.CleChargement}}}}, collReglages); err != nil {
		return err
	}
	for _, m := range migrations {
		if err := m.apply(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// ajouter takes one element of the source.
func (c *chargement) ajouter(ctx context.Context, e store.Element) error {
	switch {
	case e.Flux != nil:
		return c.b.SetFlux(ctx, *e.Flux)
	case e.Revision != nil:
		c.seq = max(c.seq, e.Revision.Apres.Seq)
		c.revisions = append(c.revisions, *e.Revision)
		return c.verser(ctx, lot)
	case e.Fiche != nil:
		c.fiches = append(c.fiches, ficheDatee{Fiche: *e.Fiche, rang: 1})
		return c.verser(ctx, lot)
	case e.Operation != nil:
		c.rang++
		return c.poserOperation(ctx, *e.Operation)
	case e.Reglage != nil:
		return c.b.SetReglage(ctx, e.Reglage.Cle, e.Reglage.Valeur)
	case e.Objet != nil:
		return c.b.chargerObjet(ctx, e.Objet)
	}
	return errors.New("empty element")
}

// verser writes the batches of at least n.
func (c *chargement) verser(ctx context.Context, n int) error {
	if len(c.revisions) >= n {
		if err := c.verserRevisions(ctx); err != nil {
			return err
		}
	}
	if len(c.fiches) < n {
		return nil
	}
	err := c.b.poserFiches(ctx, c.fiches)
	c.fiches = nil
	return err
}

// verserRevisions writes revisions and their places.
func (c *chargement) verserRevisions(ctx context.Context) error {
	docs := make([]bson.D, len(c.revisions))
	for i := range c.revisions {
		d, err := documentRevision(&c.revisions[i], c.marque)
		if err != nil {
			return err
		}
		docs[i] = d
	}
	la, err := c.b.insert(ctx, docs, c.marque)
	if err != nil {
		return err
	}
	for i := range la {
		if !la[i] {
			return fmt.Errorf("revision %s is there already", idRevision(&c.revisions[i]))
		}
	}
	err = c.b.achever(ctx, c.revisions, nil)
	c.revisions = nil
	return err
}

// poserOperation writes an operation that is over.
func (c *chargement) poserOperation(ctx context.Context, op mednum.Operation) error {
	o := &operation{Operation: op, Rang: c.rang, Annonce: marque()}
	o.Rattachements = nil
	if err := insertParties(ctx, c.b, collRattachements, o, liasses(o.Annonce, op.Rattachements)); err != nil {
		return err
	}
	d, err := document(o, parID(op.ID)...)
	if err != nil {
		return err
	}
	return c.b.poser(ctx, collOperations, d)
}

// terminer has the counters follow what was written, and ends the mark: it
// fails when another one began to fill the base meanwhile.
func (c *chargement) terminer(ctx context.Context) error {
	if err := c.verser(ctx, 1); err != nil {
		return err
	}
	err := c.b.appel(ctx, func(ctx context.Context) error {
		_, err := c.b.db.Collection(collSequence).UpdateOne(ctx, parID(1), bson.D{
			{Key: "$max", Value: bson.D{{Key: compteurSeq, Value: c.seq}, {Key: compteurRang, Value: c.rang}}},
			{Key: "$inc", Value: bson.D{{Key: compteurVu, Value: int64(1)}}},
		})
		return err
	})
	if err != nil {
		return err
	}
	if la, err := c.b.Reglage(ctx, store.CleChargement); err != nil || la != c.marque {
		return errors.Join(err, store.ChargementCoupe(c.b.nom))
	}
	return c.b.oublier(ctx, parID(store.CleChargement), collReglages)
}
