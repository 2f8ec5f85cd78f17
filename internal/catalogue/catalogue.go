// Package catalogue is the one door to the places: a store behind, an
// immutable snapshot in memory in front, from which every public read is
// answered without a lock and without the store.
package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// silence is how long a store must have left this program without an answer
// before that is said: it may change machine in the meantime.
const silence = 5 * time.Second

// Catalogue answers searches. Every method is safe for concurrent use.
type Catalogue struct {
	base       store.Magasin
	territoire *territoire.Territoire
	demarches  Demarches
	index      Index // nil: searches are answered from memory
	relecture  bool  // see SetRelecture
	now        func() time.Time

	courant atomic.Pointer[instantane]
	flux    atomic.Pointer[map[string]mednum.Flux]
	relire  chan struct{}             // one reader of the store at a time
	vu      atomic.Pointer[time.Time] // when the store last answered
	echec   atomic.Bool               // it did not, the last time that it was asked

	premierImport string // the operation that filled the base, once it is asked

	presences presences
}

// Open reads all places and builds the first snapshot. It fails when the store
// cannot be read.
func Open(ctx context.Context, base store.Magasin, t *territoire.Territoire, d Demarches, now func() time.Time) (*Catalogue, error) {
	c := &Catalogue{base: base, territoire: t, demarches: d, now: now, relire: make(chan struct{}, 1)}
	if err := c.Actualiser(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Actualiser re-reads the store and publishes a new snapshot if it moved. When
// the store does not answer the current snapshot stays, and serves.
func (c *Catalogue) Actualiser(ctx context.Context) error {
	select {
	case c.relire <- struct{}{}:
		defer func() { <-c.relire }()
	case <-ctx.Done(): // the reader at work waits for a slow store
		return fmt.Errorf("catalogue: %w", ctx.Err())
	}
	err := c.rafraichir(ctx)
	c.echec.Store(err != nil)
	if err != nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	vu := c.now()
	c.vu.Store(&vu)
	return nil
}

func (c *Catalogue) rafraichir(ctx context.Context) error {
	version, err := c.base.Version(ctx) // before reading: a write in between is seen next time
	if err != nil {
		return err
	}
	avant := c.courant.Load()
	if avant != nil && avant.version == version {
		return nil
	}
	lieux, err := c.relus(ctx, avant)
	if err != nil {
		return err
	}
	flux, err := c.base.Flux(ctx)
	if err != nil {
		return err
	}
	recents, err := c.suivre(ctx, avant, lieux)
	if err != nil {
		return err
	}
	c.flux.Store(&flux)
	return c.publier(lieux, version, recents...)
}

// relus are all places: those of the last snapshot, and what was written since,
// which alone is read. No place is ever taken out of a store.
func (c *Catalogue) relus(ctx context.Context, avant *instantane) ([]mednum.Lieu, error) {
	if avant == nil {
		return c.base.Lieux(ctx)
	}
	connus := make(map[string]int64, len(avant.parID))
	for id, v := range avant.parID {
		connus[id] = v.Seq
	}
	lieux, err := c.base.LieuxSauf(ctx, connus)
	if err != nil {
		return nil, err
	}
	for i := range lieux {
		delete(connus, lieux[i].ID)
	}
	for id := range connus {
		lieux = append(lieux, avant.parID[id].Lieu)
	}
	return lieux, nil
}

// NomFlux is the name of a source of records, "" when it is not known.
func (c *Catalogue) NomFlux(id string) string {
	if flux := c.flux.Load(); flux != nil {
		return (*flux)[id].Nom
	}
	return ""
}

// Flux are the sources of records that were read, by name.
func (c *Catalogue) Flux() []mednum.Flux {
	lus := c.flux.Load()
	if lus == nil {
		return nil
	}
	return slices.SortedFunc(maps.Values(*lus), func(a, b mednum.Flux) int { return cmp.Or(cmp.Compare(a.Nom, b.Nom), cmp.Compare(a.ID, b.ID)) })
}

func (c *Catalogue) publier(lieux []mednum.Lieu, version int64, recents ...revisionSuivie) error {
	s, err := newInstantane(lieux, c.courant.Load(), c.territoire, version, c.now())
	if err != nil {
		return err
	}
	s.recents = recents
	c.courant.Store(s)
	return nil
}

// Watch looks whether the store moved, by this process or by another one, each
// time that the store says it may have, and publishes what it finds, until ctx
// ends. A store that does not answer is logged once, and tried again.
func (c *Catalogue) Watch(ctx context.Context) {
	panne := false
	for c.base.Attendre(ctx) == nil {
		err := c.Actualiser(ctx)
		if err != nil && !panne && ctx.Err() == nil {
			slog.Warn("the store does not answer: serving the last known places", "err", err)
		}
		panne = err != nil
	}
}

// Lieu finds a place by its public id, for everybody: the caller redirects from
// one that was merged, and shows no more of one that was withdrawn. An unknown
// id is an *mednum.Error with code "introuvable", and so is a place that is only
// proposed.
func (c *Catalogue) Lieu(id string) (*Vue, error) { return c.LieuPour(id, nil) }

// LieuPour is Lieu for somebody who has rights: a proposed place that they cover
// is found.
func (c *Catalogue) LieuPour(id string, droits []mednum.Habilitation) (*Vue, error) {
	v := c.courant.Load().parID[id]
	if v == nil || v.Statut == mednum.StatutPropose && !c.Couvre(droits, &v.Lieu) {
		return nil, &mednum.Error{Code: mednum.Introuvable, Champ: "id", Message: "Nous ne connaissons pas ce lieu."}
	}
	return v, nil
}

// Lieux lists the published places by commune then name. The caller must not
// change the slice.
func (c *Catalogue) Lieux() []*Vue { return c.courant.Load().vues }

// Instantane names the snapshot that answers now, and when it was made.
func (c *Catalogue) Instantane() (version int64, date time.Time) {
	s := c.courant.Load()
	return s.version, s.date
}

// Vu is the last moment when the store was known to hold what is served, and
// whether it has not answered for 5 seconds since then. A store that is asked
// and has not answered yet is not silent: each call has its deadline.
func (c *Catalogue) Vu() (le time.Time, muet bool) {
	le = *c.vu.Load()
	return le, c.echec.Load() && c.now().Sub(le) > silence
}
