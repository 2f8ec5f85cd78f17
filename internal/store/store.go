// Package store is the contract of the stores: what the rooms above ask of one,
// whichever it is. Two hold it, internal/store/sqlite and internal/store/mongo,
// and internal/store/storetest proves it of both.
package store

import (
	"context"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Magasin keeps places, the records they are made of, and the history of both.
// Every method is safe for concurrent use, and several stores may be open on
// one base, in one process or in several. What a method has acknowledged (nil)
// survives a crash. A base that does not answer is an *mednum.Error with code
// "indisponible", and nothing is half-written.
type Magasin interface {
	// Lieux are all places of every status, by id, each with its Version and Seq.
	Lieux(ctx context.Context) ([]mednum.Lieu, error)
	// LieuxSauf are the places that connus does not have under the same number
	// (Seq by id), by id: those that are new or were written since.
	LieuxSauf(ctx context.Context, connus map[string]int64) ([]mednum.Lieu, error)
	// Lieu is one place; an unknown id is "introuvable".
	Lieu(ctx context.Context, id string) (mednum.Lieu, error)
	// Save writes one revision of a place, and the place with it: the log
	// first, then the place where its version is the one before.
	// Revision.Version is the version that the place takes (1 for a new one).
	//
	// A version that someone else took first is "perime", and nothing changes.
	// A revision whose Idempotence was already accepted for this place succeeds
	// again without a second write; used for another place it is "invalide".
	Save(ctx context.Context, rev mednum.Revision) error
	// Revisions are the accepted writes of a place, oldest first.
	Revisions(ctx context.Context, lieu string) ([]mednum.Revision, error)
	// RevisionDe is the accepted write that has an idempotency key, of whatever
	// place, as Revisions gives it; a key that no write has is "introuvable".
	// It sees every write acknowledged before it was called, and every write
	// whose place was already seen to have moved.
	RevisionDe(ctx context.Context, idempotence string) (mednum.Revision, error)
	// Journal is a page of the accepted writes of all places, newest first by
	// Apres.Seq: those below avant (0: from the newest), n at most, 1 to PageMax;
	// anything else is "invalide". The next page is what comes before the last
	// Seq of this one: others may write meanwhile, every write acknowledged
	// before the first page was asked for is on one page.
	Journal(ctx context.Context, avant int64, n int) ([]mednum.Revision, error)

	// Fiches are all records, by flow then key.
	Fiches(ctx context.Context) ([]mednum.Fiche, error)
	// FichesDe are the records attached to a place, by flow then key.
	FichesDe(ctx context.Context, lieu string) ([]mednum.Fiche, error)
	// Flux are the sources of records, by id.
	Flux(ctx context.Context) (map[string]mednum.Flux, error)
	// SetFlux writes a source.
	SetFlux(ctx context.Context, flux mednum.Flux) error

	// Apply writes an operation: first the whole plan, then the places, each
	// together with its records, then the end; Reprendre resumes what was cut
	// short. Each revision takes the operation's id and, unless it has one, the
	// idempotency key "operation/lieu".
	//
	// When a place has already moved, nothing is written and the error is
	// "perime". When one moves while the operation runs, that place and its
	// records are left as they are, the others are written, and the error is
	// the same: plan again. An operation whose id is already known is not
	// applied twice. AvecAvance follows it.
	Apply(ctx context.Context, op mednum.Operation, fiches []mednum.Fiche, revisions []mednum.Revision) error
	// Reprendre finishes the operations that were cut short, oldest first.
	Reprendre(ctx context.Context) error
	// Operations are the imports, merges and separations, oldest first.
	Operations(ctx context.Context) ([]mednum.Operation, error)

	// Reglage is the value of a setting; one never set is "introuvable".
	Reglage(ctx context.Context, cle string) (string, error)
	// SetReglage writes a setting.
	SetReglage(ctx context.Context, cle, valeur string) error

	// SetObjet writes an object where its version is the one before: over another
	// version, or over none, it is "perime", and nothing changes. Version does not
	// grow with it: nothing that is published depends on an object.
	SetObjet(ctx context.Context, o Objet) error
	// Objet is one object; an unknown one is "introuvable". One that may be swept
	// is there until it is.
	Objet(ctx context.Context, genre, id string) (Objet, error)
	// Objets are those that a Choix names, by id (compared by its bytes).
	Objets(ctx context.Context, c Choix) ([]Objet, error)
	// OterObjet takes an object away, whatever its version; an absent one is no
	// error.
	OterObjet(ctx context.Context, genre, id string) error

	// Copier is the Source of all that the base holds, while others write: every
	// write acknowledged before the call, the later ones of a place never
	// without the earlier ones, and operations wholly or not at all (those under
	// way are finished first). The records are those of the operations given.
	// When f fails, so does Copier, with its error. A base where operations
	// never stop is "indisponible".
	Copier(ctx context.Context, f func(Element) error) error
	// Charger fills an empty base with what a Source gives, which keeps its
	// versions, numbers, keys and moments; one that is not empty is "conflit",
	// and is left as it was. The base that was not filled to the end cannot be
	// opened any more, but to be filled again from the start.
	Charger(ctx context.Context, de Source) error

	// Version grows with every write of what is published, by this store or another on the same
	// base; it is cheap enough to be asked every second.
	Version(ctx context.Context) (int64, error)
	// Attendre returns when something may have changed since its previous call:
	// at once where the server tells it, otherwise after one second; where the
	// server tells it, after a few seconds at the latest, so that news that was
	// lost costs no more. Only Version says whether something changed. The one
	// error is that of ctx, when it ends first. Of several callers at once one is
	// told, and the others return after one second.
	Attendre(ctx context.Context) error
	// Close releases the base.
	Close() error
}

// Periode is how long Attendre lasts where nobody tells of changes.
const Periode = time.Second

// Patienter returns after d, or with the error of ctx when it ends first.
func Patienter(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
