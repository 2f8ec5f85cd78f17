package collecte_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// bureau is where people decide, over a base.
func bureau(base store.Magasin) *collecte.Collecte {
	return collecte.New(collecte.Pieces{Base: base, Now: func() time.Time { return maintenant }, Journal: slog.New(slog.DiscardHandler)})
}

// lente is a base whose operations, which the queue of pairs is made from, are
// read when libre is closed.
type lente struct {
	store.Magasin
	libre   chan struct{}
	demande atomic.Int32
}

func (l *lente) Operations(ctx context.Context) ([]mednum.Operation, error) {
	l.demande.Add(1)
	select {
	case <-l.libre:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return l.Magasin.Operations(ctx)
}

// A page does not wait without end for the first queue, which takes seconds on
// many places: it is said to be in the making, and is there later.
func TestQuestionsPremiere(t *testing.T) {
	b := &lente{Magasin: baseQuiVieillit(t), libre: make(chan struct{})}
	c := bureau(b)
	ctx, arreter := context.WithCancel(t.Context())
	fini := make(chan struct{})
	go func() {
		c.Suivre(ctx)
		close(fini)
	}()
	for b.demande.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	court, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := c.Questions(court)
	wantCode(t, err, mednum.Indisponible)
	if n := b.demande.Load(); n != 1 {
		t.Errorf("%d computations at once", n)
	}
	close(b.libre)
	if _, err := c.Questions(t.Context()); err != nil {
		t.Errorf("once it is made: %v", err)
	}
	arreter()
	<-fini
}
