package courrier

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Boite keeps the last mails in memory, to be shown on a page instead of being
// sent: for a demonstration on one machine. It is safe for concurrent use.
type Boite struct {
	mu     sync.Mutex
	recues []Recue
}

// Recue is a mail, and when it came.
type Recue struct {
	Lettre
	Le time.Time
}

// boiteMax is how many mails a Boite keeps.
const boiteMax = 50

// Recues are the mails, the newest first.
func (b *Boite) Recues() []Recue {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.recues)
}

func (b *Boite) deposer(l Lettre, le time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.recues = slices.Insert(b.recues, 0, Recue{l, le})
	b.recues = b.recues[:min(boiteMax, len(b.recues))]
}

// deposer is the delivery of a program that shows its mail.
func (c *Courrier) deposer(_ context.Context, e *Envoi) error {
	c.reglages.Boite.deposer(e.Corps.typographie(), c.now())
	return nil
}
