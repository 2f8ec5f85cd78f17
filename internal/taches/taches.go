// Package taches runs timed jobs under a lease of the store, so that several
// programs on one base do a thing once.
package taches

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Tache is a job that is done every so often.
type Tache struct {
	Nom    string        // also that of its lease, the same in every program
	Chaque time.Duration // from one start to the next
	// Si tells whether there is something to do, before the lease is taken: it
	// costs a reading where the lease costs two writings. nil is always.
	Si func(ctx context.Context) (bool, error)
	// Faire does it. Its ctx ends with the program, or when the lease is lost.
	Faire func(ctx context.Context) error
}

// bail is the lease of a task.
type bail struct {
	Porteur string    `json:"porteur,omitempty"` // who runs it, "" for nobody
	Jusqua  time.Time `json:"jusqua,omitzero"`   // when it is free whoever had it
	Dernier time.Time `json:"dernier,omitzero"`  // start of the last run that came to its end
}

const (
	genreBail = "bail"
	// duree is how long a holder that died keeps the others waiting. Clocks may
	// differ by less; a holder that lives renews it three times meanwhile.
	duree         = time.Minute
	renouveler    = duree / 4
	finMax        = 5 * time.Second // to write the end of a run, once told to stop
	attenteMax    = time.Minute     // between two looks at a lease
	attentePanne  = 5 * time.Second // after the base did not answer, at least
	attentePerdue = time.Second     // after another took the lease first
)

// Tourner runs the tasks until ctx ends, each beside the others, and returns
// once they have stopped. The holder names this program among those on the
// base. A task that fails is said in the log, once until it succeeds, and done
// again in its time; one that panics has failed.
func Tourner(ctx context.Context, base store.Magasin, taches []Tache, porteur string, now func() time.Time, journal *slog.Logger) {
	var fils sync.WaitGroup
	for _, t := range taches {
		r := &ronde{Tache: t, base: base, porteur: porteur, now: now, journal: journal}
		fils.Go(func() { r.tourner(ctx) })
	}
	fils.Wait()
}

// ronde is one task in this program.
type ronde struct {
	Tache
	base    store.Magasin
	porteur string
	now     func() time.Time
	journal *slog.Logger
	dite    string // the failure that the log knows
}

func (r *ronde) tourner(ctx context.Context) {
	for ctx.Err() == nil {
		attente, err := r.passer(ctx)
		if ctx.Err() != nil {
			return
		}
		r.dire(err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(attente):
		}
	}
}

// dire tells a failure once, and its end.
func (r *ronde) dire(err error) {
	switch {
	case err == nil && r.dite != "":
		r.journal.Info("la tâche marche de nouveau", "tache", r.Nom)
		r.dite = ""
	case err != nil && r.dite != err.Error():
		attributs := []any{"tache", r.Nom, "cause", err}
		if p, ok := errors.AsType[*panique](err); ok {
			attributs = append(attributs, "pile", string(p.pile))
		}
		r.journal.Error("la tâche a échoué, elle sera refaite", attributs...)
		r.dite = err.Error()
	}
}

// panique is what a task panicked with, and where.
type panique struct {
	valeur any
	pile   []byte
}

func (p *panique) Error() string { return fmt.Sprintf("panic: %v", p.valeur) }

// passer runs the task if it is due and nobody runs it, and says when to look
// again.
func (r *ronde) passer(ctx context.Context) (attente time.Duration, err error) {
	b, o, err := store.Lire[bail](ctx, r.base, genreBail, r.Nom)
	if err != nil && !estCode(err, mednum.Introuvable) {
		return max(r.borner(r.Chaque), attentePanne), fmt.Errorf("lease: %w", err)
	}
	now := r.now()
	if reste := b.Dernier.Add(r.Chaque).Sub(now); reste > 0 {
		return r.borner(reste), nil
	}
	if reste := b.Jusqua.Sub(now); b.Porteur != "" && reste > 0 {
		return r.borner(reste), nil
	}
	if r.Si != nil {
		if utile, err := r.Si(ctx); err != nil || !utile {
			return r.borner(r.Chaque), err
		}
	}
	return r.courir(ctx, b, o.Version)
}

// borner keeps a wait short enough to hear of a holder that died.
func (r *ronde) borner(d time.Duration) time.Duration { return min(d, r.Chaque, attenteMax) }

// courir takes the lease, runs the task and gives the lease back.
func (r *ronde) courir(ctx context.Context, b bail, version int) (attente time.Duration, err error) {
	debut := r.now()
	tenu := &tenue{ronde: r, bail: bail{Porteur: r.porteur, Dernier: b.Dernier}, version: version}
	if err := tenu.prolonger(ctx); err != nil {
		if estCode(err, mednum.Perime) {
			return min(r.Chaque, attentePerdue), nil
		}
		return r.borner(r.Chaque), fmt.Errorf("lease: %w", err)
	}
	err = tenu.faire(ctx)
	if ctx.Err() == nil {
		tenu.bail.Dernier = debut
	}
	err = errors.Join(err, tenu.rendre(ctx))
	return r.borner(max(debut.Add(r.Chaque).Sub(r.now()), 0)), err
}

// tenue is a lease that this program holds.
type tenue struct {
	*ronde
	bail    bail
	version int
}

// prolonger writes the lease until duree from now.
func (t *tenue) prolonger(ctx context.Context) error {
	t.bail.Jusqua = t.now().UTC().Add(duree)
	return t.poser(ctx)
}

func (t *tenue) poser(ctx context.Context) error {
	err := store.Poser(ctx, t.base, store.Objet{Genre: genreBail, ID: t.Nom, Version: t.version + 1}, t.bail)
	if err == nil {
		t.version++
	}
	return err
}

// rendre gives the lease back, even when the program is told to stop.
func (t *tenue) rendre(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finMax)
	defer cancel()
	t.bail.Porteur, t.bail.Jusqua = "", time.Time{}
	t.bail.Dernier = t.bail.Dernier.UTC()
	if err := t.poser(ctx); err != nil && !estCode(err, mednum.Perime) {
		return fmt.Errorf("lease: %w", err)
	}
	return nil
}

// faire runs the task and renews the lease meanwhile. When it cannot be renewed
// before its end, the task is told to stop: another program may begin.
func (t *tenue) faire(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	fin := make(chan error, 1)
	go func() { fin <- t.proteger(ctx) }()
	rythme := time.NewTicker(renouveler)
	defer rythme.Stop()
	for {
		select {
		case err := <-fin:
			return errors.Join(err, perte(ctx))
		case <-rythme.C:
			jusqua := t.bail.Jusqua
			if err := t.prolonger(ctx); err != nil {
				t.bail.Jusqua = jusqua
				if estCode(err, mednum.Perime) || !t.now().Add(renouveler).Before(jusqua) {
					cancel(fmt.Errorf("lease lost: %w", err))
				}
			}
		}
	}
}

// perte is why the lease was lost, nil when it was not.
func perte(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// proteger runs the task; a panic is its failure.
func (t *tenue) proteger(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panique{r, debug.Stack()}
		}
	}()
	return t.Faire(ctx)
}

func estCode(err error, code mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == code
}
