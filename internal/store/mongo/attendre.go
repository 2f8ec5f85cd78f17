package mongo

import (
	"context"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"82numerique.fr/adeuxpas/internal/store"
)

// ecoute is how a store hears of changes: from a change stream, which is opened
// by the first who waits, where the server has them.
type ecoute struct {
	mu     sync.Mutex // held by the one who waits for the stream
	flux   *mongo.ChangeStream
	sans   bool // the server has none: it is asked once
	echecs uint // how often the stream failed in a row
	tours  int  // how many times to wait without it before the next try

	periode  time.Duration // without a stream
	patience time.Duration // for one, when nothing changes
	repit    time.Duration // between a change and the word of it
}

// Attendre waits 1, 2, 4… times without a stream that keeps failing before it
// tries again, 1<<echecsMax times at most.
const echecsMax = 5

// retard is how much longer than patience an answer of the stream may take. It
// is short: while a server that is gone is waited for, nobody asks Version.
const retard = time.Second

// newEcoute waits a second without a stream, two with one. The stream tells of
// a write a little before its writer is done with it (see achever): who looked
// at once would do the rest in its place, and the writes of an import come in
// dozens.
func newEcoute() ecoute {
	return ecoute{periode: store.Periode, patience: 2 * time.Second, repit: 50 * time.Millisecond}
}

// Attendre returns when something may have changed since its previous call: at
// once where the server has change streams (a replica set), otherwise after one
// second; after two seconds at the latest with a stream. One that was just
// opened makes it return, since it says nothing of what came before; one that
// failed too, and the driver has by then resumed it where it stopped, once.
func (b *Base) Attendre(ctx context.Context) error {
	e := &b.ecoute
	if !e.mu.TryLock() { // another one hears for both
		return store.Patienter(ctx, e.periode)
	}
	defer e.mu.Unlock()
	switch {
	case ctx.Err() != nil: // the stream stays as it is
		return ctx.Err()
	case e.flux != nil:
		return e.suivre(ctx)
	case e.sans:
	case e.tours > 0:
		e.tours--
	case b.ouvrirFlux(ctx):
		return ctx.Err()
	}
	return store.Patienter(ctx, e.periode)
}

// vus is the pipeline of the stream: the counter of what can be read, alone. No
// part of the documents is wanted.
var vus = mongo.Pipeline{
	{{Key: "$match", Value: existe("updateDescription.updatedFields." + compteurVu)}},
	{{Key: "$project", Value: bson.D{{Key: "_id", Value: 1}}}},
}

// ouvrirFlux tells whether a stream is open. A server that has none is not
// asked again.
func (b *Base) ouvrirFlux(ctx context.Context) bool {
	e := &b.ecoute
	appel, cancel := context.WithTimeout(ctx, delai)
	defer cancel()
	flux, err := b.db.Collection(collSequence).Watch(appel, vus, options.ChangeStream().SetMaxAwaitTime(e.patience))
	switch {
	case err == nil:
		e.flux = flux
		flux.TryNext(appel) // what came with the opening: the server is not asked
	case hasCode(err, codeInterdit, codeCommandeAbsent, codePasSupporte, codePasFait, codeEtapeInconnue, codeSansReplique):
		e.sans = true
	case ctx.Err() == nil:
		e.renoncer()
	}
	return err == nil
}

// suivre waits for the next news of the stream, or for the end of patience.
func (e *ecoute) suivre(ctx context.Context) error {
	attente, cancel := context.WithTimeout(ctx, e.patience+retard)
	defer cancel()
	change := false
	for e.flux.TryNext(attente) {
		if change = true; e.flux.RemainingBatchLength() == 0 {
			break
		}
	}
	if e.flux.Err() != nil || e.flux.ID() == 0 { // failed, or ended by the server
		e.fermerFlux()
		if ctx.Err() == nil {
			e.renoncer()
		}
		return ctx.Err()
	}
	e.echecs = 0
	if !change {
		return ctx.Err()
	}
	return store.Patienter(ctx, e.repit)
}

// renoncer does without a stream for a while.
func (e *ecoute) renoncer() {
	e.tours = 1 << e.echecs
	e.echecs = min(e.echecs+1, echecsMax)
}

// fermerFlux closes the stream. The server ends by itself one that it cannot be
// told of, or whose client leaves while it waits.
func (e *ecoute) fermerFlux() {
	if e.flux == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = e.flux.Close(ctx)
	e.flux = nil
}

func (e *ecoute) fermer() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fermerFlux()
}
