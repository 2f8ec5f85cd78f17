package collecte

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Pieces are what a Collecte stands on.
type Pieces struct {
	Base       store.Magasin
	Territoire *territoire.Territoire // nil where nothing is imported
	Now        func() time.Time
	Geocodeur  *territoire.Lot // positions that imports miss; nil asks nothing
	Journal    *slog.Logger    // nil where nothing is followed (see Suivre)
}

// Collecte is where people decide: which places are one, and what becomes of the
// files that they bring. Every method is safe for concurrent use.
type Collecte struct {
	Pieces
	file  file
	depot atelier
}

// New is the room over those below.
func New(p Pieces) *Collecte {
	c := &Collecte{Pieces: p}
	c.file.relire, c.file.faite = make(chan struct{}, 1), make(chan struct{})
	c.depot.travaux = make(chan func(context.Context), 1)
	return c
}

// Suivre does what lasts, until ctx ends: the import of the files that were
// brought (see Deposer), and the queue of pairs when it has aged. It returns once
// both have stopped.
func (c *Collecte) Suivre(ctx context.Context) {
	c.file.mu.Lock()
	c.file.suivie = true
	c.file.mu.Unlock()
	select {
	case c.file.relire <- struct{}{}: // the first visitor need not wait
	default:
	}
	var fils sync.WaitGroup
	fils.Go(func() { c.importer(ctx) })
	fils.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-c.file.relire:
				if _, err := c.calculer(ctx); err != nil && ctx.Err() == nil {
					c.Journal.Warn("la file des doublons n’a pas pu être refaite", "cause", err)
				}
			}
		}
	})
	fils.Wait()
}

// file is the queue of pairs, as it was computed last.
type file struct {
	mu     sync.Mutex
	calcul sync.Mutex // one computation at a time
	cle    string     // of what it was computed from, "" for nothing
	liste  []Question
	tour   int  // grows with each answer
	suivie bool // somebody computes it again when it has aged
	relire chan struct{}
	faite  chan struct{} // closed when the one that is asked for is made
}

// Questions is the queue of pairs to decide: those of the territory first, sure
// ones before others, then by score. It is a pure function of the base: of the
// records of the places that live, and of what people answered. Places that are
// proposed have their own queue.
//
// It is kept until the base moves. Then, where Suivre runs, the new one is made
// beside, and waited for during patience; after that the queue at hand is given,
// without the pairs that were answered here. The first one is waited for longer,
// and "indisponible", of the field ChampFile, when it is not made by then.
func (c *Collecte) Questions(ctx context.Context) ([]Question, error) {
	cle, err := c.cleQuestions(ctx)
	if err != nil {
		return nil, err
	}
	c.file.mu.Lock()
	liste, connue, suivie, faite := c.file.liste, c.file.cle, c.file.suivie, c.file.faite
	c.file.mu.Unlock()
	switch {
	case connue == cle:
		return slices.Clone(liste), nil
	case !suivie:
		return c.calculer(ctx)
	}
	select {
	case c.file.relire <- struct{}{}:
	default: // it is asked for already
	}
	delai := patience
	if connue == "" {
		delai = premiere
	}
	attente, cancel := context.WithTimeout(ctx, delai)
	defer cancel()
	select {
	case <-faite:
	case <-attente.Done():
	}
	c.file.mu.Lock()
	defer c.file.mu.Unlock()
	if c.file.cle == "" {
		return nil, &mednum.Error{Code: mednum.Indisponible, Champ: ChampFile, Message: "La liste des doublons se prépare : rechargez cette page dans une minute."}
	}
	return slices.Clone(c.file.liste), ctx.Err()
}

// Refaite tells whether the queue that Questions gives is that of the base as it
// stands: when it is not, pairs may be missing from it yet.
func (c *Collecte) Refaite(ctx context.Context) (bool, error) {
	cle, err := c.cleQuestions(ctx)
	if err != nil {
		return false, err
	}
	c.file.mu.Lock()
	defer c.file.mu.Unlock()
	return c.file.cle == cle, nil
}

// ChampFile names the queue in the error of Questions.
const ChampFile = "doublons"

// patience is how long a request waits for a queue that is being made: seven
// thousand places take a few seconds.
const patience = 800 * time.Millisecond

// premiere is how long it waits for the first one.
const premiere = 3 * time.Second

// cleQuestions names what the queue is computed from.
func (c *Collecte) cleQuestions(ctx context.Context) (string, error) {
	version, err := c.Base.Version(ctx)
	if err != nil {
		return "", err
	}
	distinctions, err := c.Base.Objets(ctx, store.Choix{Genre: genreDistinction})
	if err != nil {
		return "", err
	}
	ecritures := 0
	for i := range distinctions {
		ecritures += distinctions[i].Version
	}
	return fmt.Sprintf("%d/%d/%d", version, len(distinctions), ecritures), nil
}

// calculer computes the queue, and keeps it unless somebody answered meanwhile.
func (c *Collecte) calculer(ctx context.Context) ([]Question, error) {
	c.file.calcul.Lock()
	defer c.file.calcul.Unlock()
	c.file.mu.Lock()
	tour, connue, liste := c.file.tour, c.file.cle, c.file.liste
	c.file.mu.Unlock()
	cle, err := c.cleQuestions(ctx)
	if err != nil {
		return nil, err
	}
	if connue == cle { // somebody else has just computed it
		return slices.Clone(liste), nil
	}
	if liste, err = c.lireQuestions(ctx); err != nil {
		return nil, err
	}
	c.file.mu.Lock()
	defer c.file.mu.Unlock()
	if c.file.tour == tour {
		c.file.cle, c.file.liste = cle, liste
	}
	close(c.file.faite)
	c.file.faite = make(chan struct{})
	return slices.Clone(liste), nil
}

// repondre takes out of the queue the pairs that were just answered.
func (c *Collecte) repondre(repondue func(*Question) bool) {
	c.file.mu.Lock()
	defer c.file.mu.Unlock()
	c.file.tour++
	c.file.liste = slices.DeleteFunc(slices.Clone(c.file.liste), func(q Question) bool { return repondue(&q) })
}

// perimer has the queue computed again: pairs may be back.
func (c *Collecte) perimer() {
	c.file.mu.Lock()
	defer c.file.mu.Unlock()
	if c.file.tour++; c.file.cle != "" {
		c.file.cle = "perimee"
	}
}

// est tells whether the question is about these two places, in any order.
func (q *Question) est(a, b string) bool {
	x, y := q.Lieux[0].ID, q.Lieux[1].ID
	return x == a && y == b || x == b && y == a
}

// maintenant is now, by the clock of the territory where there is one.
func (c *Collecte) maintenant() time.Time {
	if c.Territoire == nil {
		return c.Now()
	}
	return c.Now().In(c.Territoire.Location())
}
