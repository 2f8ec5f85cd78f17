package mongo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// ecriture is one place to write, with its records.
type ecriture struct {
	Revision mednum.Revision
	Fiches   []mednum.Fiche
}

// inscrire writes places, each of them once at most in a call; rang is the
// number of their operation. refus says of each why it was not written: nil
// when it was, now or before.
func (b *Base) inscrire(ctx context.Context, liste []ecriture, rang int64) (refus []error, err error) {
	refus = make([]error, len(liste))
	connues, err := b.accepted(ctx, liste)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(liste))
	for i := range liste {
		ids[i] = liste[i].Revision.Lieu
	}
	versions, err := b.versions(ctx, ids)
	if err != nil {
		return nil, err
	}
	var reste, tard []int
	for i := range liste {
		faite, err := examiner(&liste[i].Revision, connues, versions)
		if refus[i] = err; err == nil && !faite {
			reste = append(reste, i)
		}
		if estPerime(err) {
			tard = append(tard, i)
		}
	}
	// The same write may have been made by another between the two readings.
	if err := b.departager(ctx, liste, tard, make([]bool, len(tard)), refus); err != nil {
		return nil, err
	}
	if len(reste) == 0 {
		return refus, nil
	}
	return refus, b.journaliser(ctx, liste, reste, rang, refus)
}

// examiner tells whether a revision was written before, and why it may not be.
func examiner(r *mednum.Revision, connues map[string]string, versions map[string]int) (faite bool, err error) {
	if r.Lieu == "" || r.Apres.ID != r.Lieu {
		return false, fmt.Errorf("revision of %q with the after-image of %q", r.Lieu, r.Apres.ID)
	}
	if faite, err = dejaFaite(r, connues); err != nil || faite {
		return faite, err
	}
	if r.Version != versions[r.Lieu]+1 {
		return false, perime()
	}
	return false, nil
}

// dejaFaite tells whether the idempotency key was used for this place.
func dejaFaite(r *mednum.Revision, connues map[string]string) (bool, error) {
	lieu, connue := connues[r.Idempotence]
	if connue && lieu != r.Lieu {
		return false, &mednum.Error{Code: mednum.Invalide, Champ: "idempotence", Message: "Cette clé d’idempotence a déjà servi pour un autre lieu."}
	}
	return connue, nil
}

func estPerime(err error) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == mednum.Perime
}

func perime() *mednum.Error {
	return &mednum.Error{Code: mednum.Perime, Champ: "version", Message: "Quelqu’un a modifié ce lieu entre-temps : relisez-le puis recommencez."}
}

// accepted are the idempotency keys that were used before, each with its place.
func (b *Base) accepted(ctx context.Context, liste []ecriture) (map[string]string, error) {
	var cles []string
	for i := range liste {
		if cle := liste[i].Revision.Idempotence; cle != "" {
			cles = append(cles, cle)
		}
	}
	connues := make(map[string]string, len(cles))
	if len(cles) == 0 {
		return connues, nil
	}
	trouvees, err := tous[mednum.Revision](ctx, b, collRevisions, parmi("idempotence", cles), champs("lieu", "idempotence"))
	for i := range trouvees {
		connues[trouvees[i].Idempotence] = trouvees[i].Lieu
	}
	return connues, err
}

// journaliser logs the revisions of liste that reste names, then writes the
// places of those that nobody else logged first.
func (b *Base) journaliser(ctx context.Context, liste []ecriture, reste []int, rang int64, refus []error) error {
	dernier, err := b.suivant(ctx, compteurSeq, len(reste))
	if err != nil {
		return err
	}
	docs := make([]bson.D, len(reste))
	signature := marque()
	for k, i := range reste {
		r := &liste[i].Revision
		r.Apres.Version, r.Apres.Seq = r.Version, dernier-int64(len(reste)-1-k)
		if r.Le.IsZero() {
			r.Le = b.now()
		}
		if docs[k], err = documentRevision(r, signature); err != nil {
			return err
		}
	}
	nouvelles, err := b.insert(ctx, docs, signature)
	if err != nil {
		return err
	}
	var revisions []mednum.Revision
	var fiches []ficheDatee
	for k, i := range reste {
		if !nouvelles[k] {
			continue
		}
		revisions = append(revisions, liste[i].Revision)
		for _, f := range liste[i].Fiches {
			fiches = append(fiches, ficheDatee{f, rang})
		}
	}
	if err := b.achever(ctx, revisions, fiches); err != nil {
		return err
	}
	return b.departager(ctx, liste, reste, nouvelles, refus)
}

// departager says of the revisions that the log refused why: the same write
// made twice at the same moment has succeeded, any other came too late.
func (b *Base) departager(ctx context.Context, liste []ecriture, reste []int, nouvelles []bool, refus []error) error {
	var doublons []ecriture
	for k, i := range reste {
		if !nouvelles[k] {
			doublons = append(doublons, liste[i])
		}
	}
	if len(doublons) == 0 {
		return nil
	}
	connues, err := b.accepted(ctx, doublons)
	if err != nil {
		return err
	}
	for k, i := range reste {
		if nouvelles[k] {
			continue
		}
		faite, err := dejaFaite(&liste[i].Revision, connues)
		if refus[i] = err; err == nil && !faite {
			refus[i] = perime()
		}
	}
	return nil
}

func documentRevision(r *mednum.Revision, signature string) (bson.D, error) {
	d, err := document(r, bson.E{Key: "_id", Value: idRevision(r)}, bson.E{Key: "attente", Value: true}, bson.E{Key: "marque", Value: signature})
	if err != nil {
		return nil, fmt.Errorf("lieu %s: %w", r.Lieu, err)
	}
	return d, nil
}

func idRevision(r *mednum.Revision) string { return fmt.Sprintf("%s/%d", r.Lieu, r.Version) }

// insert adds revisions to the log and tells which ones are there: a taken
// version or idempotency key leaves one out. After a cut connection they may be
// there already, with the same signature.
func (b *Base) insert(ctx context.Context, docs []bson.D, signature string) (la []bool, err error) {
	var refuses []int
	err = b.appel(ctx, func(ctx context.Context) (err error) {
		_, err = b.db.Collection(collRevisions).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
		refuses, err = doublons(err)
		return err
	})
	if err != nil {
		return nil, err
	}
	la = make([]bool, len(docs))
	for k := range docs {
		la[k] = true
	}
	if len(refuses) == 0 {
		return la, nil
	}
	var ids []any
	for _, k := range refuses {
		la[k] = false
		ids = append(ids, docs[k][0].Value)
	}
	type sienne struct {
		ID string `json:"_id"`
	}
	siennes, err := tous[sienne](ctx, b, collRevisions, append(parmi("_id", ids), bson.E{Key: "marque", Value: signature}), champs("_id"))
	for _, s := range siennes {
		for _, k := range refuses {
			la[k] = la[k] || docs[k][0].Value == s.ID
		}
	}
	return la, err
}

// doublons takes out of an error the documents, by their rank, that a unique
// index refused; what is left is the error.
func doublons(err error) (rangs []int, autre error) {
	var e mongo.BulkWriteException
	if !errors.As(err, &e) || e.WriteConcernError != nil {
		return nil, err
	}
	for _, w := range e.WriteErrors {
		if !w.HasErrorCode(codeDoublon) {
			return nil, err
		}
		rangs = append(rangs, w.Index)
	}
	return rangs, nil
}

// achever does what follows the log: the records, the places, the news, and the
// end of the waiting. It may be done twice, or by two stores at once.
func (b *Base) achever(ctx context.Context, revisions []mednum.Revision, fiches []ficheDatee) error {
	if len(revisions) == 0 {
		return nil
	}
	if err := b.poserFiches(ctx, fiches); err != nil {
		return err
	}
	if err := b.poserLieux(ctx, revisions); err != nil {
		return err
	}
	if err := b.annoncer(ctx); err != nil {
		return err
	}
	ids := make([]string, len(revisions))
	for i := range revisions {
		ids[i] = idRevision(&revisions[i])
	}
	return b.appel(ctx, func(ctx context.Context) error {
		_, err := b.db.Collection(collRevisions).UpdateMany(ctx, parmi("_id", ids),
			bson.D{{Key: "$unset", Value: bson.D{{Key: "attente", Value: ""}}}})
		return err
	})
}

// poserLieux writes the after-images over the places that are older, then what
// searches find of them.
func (b *Base) poserLieux(ctx context.Context, revisions []mednum.Revision) error {
	recentes := map[string]int{}
	for i := range revisions {
		if k, vu := recentes[revisions[i].Lieu]; !vu || revisions[k].Version < revisions[i].Version {
			recentes[revisions[i].Lieu] = i
		}
	}
	var poses []pose
	var lieux []mednum.Lieu
	for _, lieu := range slices.Sorted(maps.Keys(recentes)) { // one order for all: two stores never wait for each other
		l := revisions[recentes[lieu]].Apres
		lieux = append(lieux, l)
		d, err := documentLieu(l)
		if err != nil {
			return err
		}
		poses = append(poses, pose{filtre: append(parID(l.ID), bson.E{Key: "version", Value: bson.D{{Key: "$lt", Value: l.Version}}}), d: d})
	}
	if err := b.remplacer(ctx, collLieux, poses); err != nil {
		return err
	}
	return b.poserEntrees(ctx, lieux)
}

// pose is a document that replaces the one that the filter finds, or is new.
type pose struct {
	filtre bson.D
	d      bson.D
}

// remplacer writes documents where the ones that are there are older, as the
// filters say. A newer one makes the insertion fail on its _id, which is well;
// so does one that appears at the same moment, which the second pass settles.
func (b *Base) remplacer(ctx context.Context, coll string, poses []pose) error {
	for _, creer := range []bool{true, false} {
		if len(poses) == 0 {
			return nil
		}
		modeles := make([]mongo.WriteModel, len(poses))
		for i, p := range poses {
			modeles[i] = mongo.NewReplaceOneModel().SetFilter(p.filtre).SetReplacement(p.d).SetUpsert(creer)
		}
		var refuses []int
		err := b.appel(ctx, func(ctx context.Context) (err error) {
			_, err = b.db.Collection(coll).BulkWrite(ctx, modeles, options.BulkWrite().SetOrdered(false))
			refuses, err = doublons(err)
			return err
		})
		if err != nil {
			return fmt.Errorf("collection %s: %w", coll, err)
		}
		var reste []pose
		for _, k := range refuses {
			reste = append(reste, poses[k])
		}
		poses = reste
	}
	return nil
}
