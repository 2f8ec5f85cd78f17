package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// The states of an operation.
const (
	enCours = "en_cours"
	finie   = "finie"
)

// A document holds 16 MB at most: the plan of an operation and its attachments
// are cut into documents of their own, tied to it by Annonce. They are written
// first: the operation exists once its own document is there.
type operation struct {
	mednum.Operation
	Rang    int64  `json:"rang"`    // orders operations as they were announced
	Annonce string `json:"annonce"` // names the attempt that announced it
}

// etape is one document of a plan: a place with its records, or records whose
// place does not change.
type etape struct {
	Annonce  string           `json:"annonce"`
	N        int              `json:"n"`
	Lieu     string           `json:"lieu"`
	Revision *mednum.Revision `json:"revision,omitempty"`
	Fiches   []mednum.Fiche   `json:"fiches,omitempty"`
}

// liasse is one document of attachments.
type liasse struct {
	Annonce       string                `json:"annonce"`
	N             int                   `json:"n"`
	Rattachements []mednum.Rattachement `json:"rattachements"`
}

// Sizes of an operation's documents: some 150 bytes an attachment, 4 kB a record.
const (
	parLiasse = 5000
	parEtape  = 200
)

// oubli is how old the documents of an operation that was never announced are
// when they are swept.
const oubli = time.Hour

// Apply writes an operation: first the whole plan, then the places, each
// together with its records, then the end. If the process dies in between,
// Open resumes it, and so does Apply with the same id. Each revision takes the
// operation's id and, unless it has one, the idempotency key "operation/lieu".
//
// When a place has already moved, nothing is written and the error is an
// *mednum.Error with code "perime". When one moves while the operation runs,
// that place and its records are left as they are, the others are written, and
// the error is the same: plan again. An operation whose id is already known is
// not applied twice. A record of a place that does not exist is "invalide".
func (b *Base) Apply(ctx context.Context, op mednum.Operation, fiches []mednum.Fiche, revisions []mednum.Revision) error {
	if op.ID == "" {
		return errors.New("operation without an id")
	}
	connue, err := b.operation(ctx, op.ID)
	if err != nil {
		return err
	}
	if connue == nil {
		if err := b.check(ctx, fiches, revisions); err != nil {
			return err
		}
		if op.Le.IsZero() {
			op.Le = b.now()
		}
		op.Etat = enCours
		if connue, err = b.announce(ctx, op, fiches, revisions); err != nil {
			return fmt.Errorf("operation %s: %w", op.ID, err)
		}
	}
	if connue.Etat == finie {
		return nil
	}
	return b.run(ctx, connue)
}

// operation is the operation of that id, without its attachments; nil when it
// is not known.
func (b *Base) operation(ctx context.Context, id string) (*operation, error) {
	liste, err := tous[operation](ctx, b, collOperations, parID(id))
	if err != nil || len(liste) == 0 {
		return nil, err
	}
	return &liste[0], nil
}

// check refuses a plan on places that have moved, and records of no place.
func (b *Base) check(ctx context.Context, fiches []mednum.Fiche, revisions []mednum.Revision) error {
	var ids []string
	for i := range revisions {
		ids = append(ids, revisions[i].Lieu)
	}
	for i := range fiches {
		ids = append(ids, fiches[i].Lieu)
	}
	slices.Sort(ids)
	versions, err := b.versions(ctx, slices.Compact(ids))
	if err != nil {
		return err
	}
	for i := range revisions {
		r := &revisions[i]
		if r.Version != versions[r.Lieu]+1 {
			return fmt.Errorf("lieu %s: %w", r.Lieu, perime())
		}
	}
	for i := range revisions {
		versions[revisions[i].Lieu]++
	}
	for i := range fiches {
		if f := &fiches[i]; f.Lieu != "" && versions[f.Lieu] == 0 {
			return fmt.Errorf("fiche %s: %w", f.Reference(), &mednum.Error{Code: mednum.Invalide, Champ: "lieu", Message: "Cette fiche est rattachée à un lieu qui n’existe pas."})
		}
	}
	return nil
}

// etapes cut an operation into its documents: the places in their order, then
// the records whose place does not change.
func etapes(annonce string, op *mednum.Operation, fiches []mednum.Fiche, revisions []mednum.Revision) []etape {
	parLieu := map[string][]mednum.Fiche{}
	for _, f := range fiches {
		parLieu[f.Lieu] = append(parLieu[f.Lieu], f)
	}
	var liste []etape
	for _, r := range revisions {
		r.Operation = op.ID
		r.Idempotence = cmp.Or(r.Idempotence, op.ID+"/"+r.Lieu)
		if r.Le.IsZero() {
			r.Le = op.Le
		}
		liste = append(liste, etape{Annonce: annonce, N: len(liste), Lieu: r.Lieu, Revision: &r, Fiches: parLieu[r.Lieu]})
		delete(parLieu, r.Lieu)
	}
	for _, lieu := range slices.Sorted(maps.Keys(parLieu)) {
		for partie := range slices.Chunk(parLieu[lieu], parEtape) {
			liste = append(liste, etape{Annonce: annonce, N: len(liste), Lieu: lieu, Fiches: partie})
		}
	}
	return liste
}

// announce writes the plan, the attachments, then the operation. Another store
// may announce the same id at the same moment: the first one's plan holds.
func (b *Base) announce(ctx context.Context, op mednum.Operation, fiches []mednum.Fiche, revisions []mednum.Revision) (*operation, error) {
	rang, err := b.suivant(ctx, compteurRang, 1)
	if err != nil {
		return nil, err
	}
	o := &operation{Operation: op, Rang: rang, Annonce: marque()}
	o.Rattachements = nil
	if err := insertParties(ctx, b, collPlans, o, etapes(o.Annonce, &op, fiches, revisions)); err != nil {
		return nil, err
	}
	if err := insertParties(ctx, b, collRattachements, o, liasses(o.Annonce, op.Rattachements)); err != nil {
		return nil, err
	}
	d, err := document(o, parID(op.ID)...)
	if err != nil {
		return nil, err
	}
	err = b.appel(ctx, func(ctx context.Context) error {
		_, err := b.db.Collection(collOperations).InsertOne(ctx, d)
		return err
	})
	if !mongo.IsDuplicateKeyError(err) {
		return o, err
	}
	premiere, err := b.operation(ctx, op.ID)
	if err != nil || premiere == nil || premiere.Annonce == o.Annonce {
		return o, err
	}
	return premiere, b.oublier(ctx, bson.D{{Key: "annonce", Value: o.Annonce}}, collPlans, collRattachements)
}

func liasses(annonce string, rattachements []mednum.Rattachement) (liste []liasse) {
	for partie := range slices.Chunk(rattachements, parLiasse) {
		liste = append(liste, liasse{Annonce: annonce, N: len(liste), Rattachements: partie})
	}
	return liste
}

// insertParties writes the documents that an operation is cut into.
func insertParties[T any](ctx context.Context, b *Base, coll string, o *operation, parties []T) error {
	n := 0
	for partie := range slices.Chunk(parties, lot) {
		docs := make([]bson.D, len(partie))
		for i, p := range partie {
			d, err := document(p,
				bson.E{Key: "_id", Value: fmt.Sprintf("%s/%d", o.Annonce, n)},
				bson.E{Key: "ecrit", Value: b.now()})
			if err != nil {
				return err
			}
			docs[i] = d
			n++
		}
		err := b.appel(ctx, func(ctx context.Context) error {
			_, err := b.db.Collection(coll).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
			_, err = doublons(err) // ours, when the connection was cut
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// run writes what a plan still has to, and ends the operation.
func (b *Base) run(ctx context.Context, o *operation) error {
	total, err := b.compter(ctx, o)
	if err != nil {
		return fmt.Errorf("operation %s: %w", o.ID, err)
	}
	var stale error
	for debut := 0; ; debut += parEtape {
		plan, err := b.plan(ctx, o, bson.D{{Key: "n", Value: bson.D{{Key: "$gte", Value: debut}, {Key: "$lt", Value: debut + parEtape}}}})
		if err != nil {
			return fmt.Errorf("operation %s: %w", o.ID, err)
		}
		if len(plan) == 0 {
			break
		}
		perimee, err := b.derouler(ctx, o, plan)
		if err != nil {
			return fmt.Errorf("operation %s: %w", o.ID, err)
		}
		if perimee != nil {
			stale = perimee
		}
		store.Avancer(ctx, min(debut+parEtape, total), total)
	}
	if err := b.finish(ctx, o); err != nil {
		return fmt.Errorf("operation %s: %w", o.ID, err)
	}
	return stale
}

// compter is how many documents a plan has.
func (b *Base) compter(ctx context.Context, o *operation) (n int, err error) {
	err = b.appel(ctx, func(ctx context.Context) error {
		total, err := b.db.Collection(collPlans).CountDocuments(ctx, bson.D{{Key: "annonce", Value: o.Annonce}})
		n = int(total)
		return err
	})
	return n, err
}

// plan are the documents of a plan that the filter finds, in their order.
func (b *Base) plan(ctx context.Context, o *operation, filtre bson.D) ([]etape, error) {
	liste, err := tous[etape](ctx, b, collPlans, append(bson.D{{Key: "annonce", Value: o.Annonce}}, filtre...))
	slices.SortFunc(liste, func(x, y etape) int { return cmp.Compare(x.N, y.N) })
	return liste, err
}

// derouler writes a part of a plan; stale is a place that has moved.
func (b *Base) derouler(ctx context.Context, o *operation, plan []etape) (stale, err error) {
	var lieux []ecriture
	var seules []ficheDatee
	for _, e := range plan {
		if e.Revision != nil {
			lieux = append(lieux, ecriture{*e.Revision, e.Fiches})
			continue
		}
		for _, f := range e.Fiches {
			seules = append(seules, ficheDatee{f, o.Rang})
		}
	}
	refus, err := b.inscrire(ctx, lieux, o.Rang)
	if err != nil {
		return nil, err
	}
	for i, r := range refus {
		if estPerime(r) {
			stale = fmt.Errorf("lieu %s: %w", lieux[i].Revision.Lieu, r)
		} else if r != nil {
			return nil, fmt.Errorf("lieu %s: %w", lieux[i].Revision.Lieu, r)
		}
	}
	return stale, b.poserFiches(ctx, seules)
}

// finish ends the operation: its plan goes, its attachments stay.
func (b *Base) finish(ctx context.Context, o *operation) error {
	err := b.appel(ctx, func(ctx context.Context) error {
		_, err := b.db.Collection(collOperations).UpdateOne(ctx, parID(o.ID), bson.D{{Key: "$set", Value: bson.D{{Key: "etat", Value: finie}}}})
		return err
	})
	if err != nil {
		return err
	}
	if err := b.annoncer(ctx); err != nil {
		return err
	}
	return b.oublier(ctx, bson.D{{Key: "annonce", Value: o.Annonce}}, collPlans)
}

// planned are the records that go with revisions of operations under way.
func (b *Base) planned(ctx context.Context, revisions []mednum.Revision) ([]ficheDatee, error) {
	parOperation := map[string][]string{}
	for i := range revisions {
		if r := &revisions[i]; r.Operation != "" {
			parOperation[r.Operation] = append(parOperation[r.Operation], r.Lieu)
		}
	}
	var fiches []ficheDatee
	for id, lieux := range parOperation {
		o, err := b.operation(ctx, id)
		if err != nil {
			return nil, err
		}
		if o == nil || o.Etat == finie {
			continue
		}
		plan, err := b.plan(ctx, o, parmi("lieu", lieux))
		if err != nil {
			return nil, err
		}
		for _, e := range plan {
			for _, f := range e.Fiches {
				fiches = append(fiches, ficheDatee{f, o.Rang})
			}
		}
	}
	return fiches, nil
}

// Reprendre finishes the operations that were cut short, oldest first. Places
// that moved in the meantime are left as they are: the next import plans them
// again.
func (b *Base) Reprendre(ctx context.Context) error {
	liste, err := tous[operation](ctx, b, collOperations, bson.D{}, champs("id", "etat", "rang", "annonce"))
	if err != nil {
		return err
	}
	slices.SortFunc(liste, func(x, y operation) int { return cmp.Compare(x.Rang, y.Rang) })
	connues, ouvertes := []string{}, []string{}
	for i := range liste {
		connues = append(connues, liste[i].Annonce)
		if liste[i].Etat == finie {
			continue
		}
		ouvertes = append(ouvertes, liste[i].Annonce)
		if err := b.run(ctx, &liste[i]); err != nil && !estPerime(err) {
			return err
		}
	}
	if err := b.balayer(ctx, collPlans, ouvertes); err != nil {
		return err
	}
	return b.balayer(ctx, collRattachements, connues)
}

// balayer removes what was written for operations that were never announced.
func (b *Base) balayer(ctx context.Context, coll string, garder []string) error {
	return b.oublier(ctx, bson.D{
		{Key: "annonce", Value: bson.D{{Key: "$nin", Value: garder}}},
		{Key: "ecrit", Value: bson.D{{Key: "$lt", Value: b.now().Add(-oubli)}}},
	}, coll)
}

func (b *Base) oublier(ctx context.Context, filtre bson.D, collections ...string) error {
	for _, coll := range collections {
		err := b.appel(ctx, func(ctx context.Context) error {
			_, err := b.db.Collection(coll).DeleteMany(ctx, filtre)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Operations are the imports, merges and separations, oldest first.
func (b *Base) Operations(ctx context.Context) ([]mednum.Operation, error) {
	liste, err := tous[operation](ctx, b, collOperations, bson.D{})
	if err != nil {
		return nil, err
	}
	parties, err := tous[liasse](ctx, b, collRattachements, bson.D{})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(parties, func(x, y liasse) int { return cmp.Compare(x.N, y.N) })
	rattachements := map[string][]mednum.Rattachement{}
	for _, p := range parties {
		rattachements[p.Annonce] = append(rattachements[p.Annonce], p.Rattachements...)
	}
	slices.SortFunc(liste, func(x, y operation) int { return cmp.Or(x.Le.Compare(y.Le), cmp.Compare(x.ID, y.ID)) })
	var operations []mednum.Operation
	for i := range liste {
		liste[i].Rattachements = rattachements[liste[i].Annonce]
		operations = append(operations, liste[i].Operation)
	}
	return operations, nil
}
