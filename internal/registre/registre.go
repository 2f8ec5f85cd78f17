// Package registre is who did what: one log of what people and programs do
// beside the places, read together with the revisions of the places. It holds
// no name and no address: authors and objects are ids, which their rooms put
// into words, or not any more.
package registre

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// GardeMois is how long an act is kept, in months; revisions are kept for ever.
const GardeMois = 36

const (
	genreActe   = "acte"
	ecritureMax = 2 * time.Second // for one act, beside the request that notes it
	rythme      = 5 * time.Second // between two tries of those that wait
	// attenteMax is how many acts wait in memory for a base that does not answer.
	attenteMax = 1000
)

// Registre notes acts and reads them. Every method is safe for concurrent use,
// by several programs on one base.
type Registre struct {
	base store.Magasin
	now  func() time.Time

	mu      sync.Mutex
	dernier int64 // the number of the last act of this program
	attente []Acte
	perdus  int
}

// New is the room over a store.
func New(base store.Magasin, now func() time.Time) *Registre {
	return &Registre{base: base, now: now}
}

// Noter writes an act, once what it tells is done: the gesture is already in the
// base, and is never undone because it could not be noted. Le is set here when it
// is zero. Noter outlives its request by two seconds at most.
//
// When the base does not answer, the act waits in memory with its own moment,
// the log of the program says it, and Suivre or Vider writes it as soon as the
// base answers again. What is lost with a program that dies meanwhile, or
// beyond a thousand acts that wait, is in that log.
func (r *Registre) Noter(ctx context.Context, a Acte) {
	a = r.preparer(a)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ecritureMax)
	defer cancel()
	if err := r.ecrire(ctx, &a); err != nil {
		slog.Error("un acte n’a pas pu être noté : il le sera dès que la base répondra", "genre", a.Genre, "objet", a.Objet, "qui", a.Qui, "cause", err)
		r.mettreEnAttente(a)
	}
}

// preparer gives the act its moment, its name and a text without addresses. The
// ids of later acts are smaller, so that the store lists the newest first.
func (r *Registre) preparer(a Acte) Acte {
	if a.Le.IsZero() {
		a.Le = r.now()
	}
	a.Le = a.Le.UTC().Truncate(time.Millisecond)
	a.Texte, a.Avant, a.Apres = sansAdresse(a.Texte), sansAdresse(a.Avant), sansAdresse(a.Apres)
	r.mu.Lock()
	defer r.mu.Unlock()
	numero := a.Le.UnixNano()
	if numero <= r.dernier && r.dernier-numero < int64(time.Second) {
		numero = r.dernier + 1
	}
	r.dernier = max(r.dernier, numero)
	a.ID = idDe(numero) + tirer()
	return a
}

// idDe begins the id of an act, by its number: a moment in nanoseconds.
func idDe(numero int64) string { return fmt.Sprintf("%016x-", math.MaxInt64-numero) }

func tirer() string {
	var alea [6]byte
	_, _ = rand.Read(alea[:]) // it never fails (crypto/rand)
	return hex.EncodeToString(alea[:])
}

// ecrire writes an act once: one that is there already was written by a try
// whose answer was lost.
func (r *Registre) ecrire(ctx context.Context, a *Acte) error {
	err := store.Poser(ctx, r.base, store.Objet{
		Genre: genreActe, ID: a.ID, Version: 1, Cles: a.cles(), Efface: a.Le.AddDate(0, GardeMois, 0),
	}, a)
	if estCode(err, mednum.Perime) {
		return nil
	}
	return err
}

func (r *Registre) mettreEnAttente(actes ...Acte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	libres := attenteMax - len(r.attente)
	if perdus := len(actes) - libres; perdus > 0 {
		r.perdus += perdus
		slog.Error("des actes ne seront pas au registre : trop attendent déjà que la base réponde", "perdus", r.perdus)
		actes = actes[:libres]
	}
	r.attente = append(r.attente, actes...)
}

// Vider writes the acts that wait. The first that fails is its error, and waits
// again with those after it.
func (r *Registre) Vider(ctx context.Context) error {
	r.mu.Lock()
	actes := r.attente
	r.attente = nil
	r.mu.Unlock()
	for i := range actes {
		if err := r.ecrire(ctx, &actes[i]); err != nil {
			r.mettreEnAttente(actes[i:]...)
			return fmt.Errorf("%d acts wait: %w", len(actes)-i, err)
		}
	}
	return nil
}

// Suivre writes the acts that wait whenever the base answers again, until ctx
// ends, and once more then.
func (r *Registre) Suivre(ctx context.Context) {
	for store.Patienter(ctx, rythme) == nil {
		_ = r.Vider(ctx) // said when it began to wait
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ecritureMax)
	defer cancel()
	if err := r.Vider(ctx); err != nil {
		slog.Error("des actes ne seront pas au registre : le programme s’arrête et la base ne répond pas", "cause", err)
	}
}

func estCode(err error, code mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == code
}
