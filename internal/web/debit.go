package web

import (
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// debit counts what one address asks, in memory alone: no address is written
// anywhere. Each instance counts for itself.
type debit struct {
	now     func() time.Time
	nombre  int           // at most
	periode time.Duration // in that time
	mu      sync.Mutex
	vus     map[string]fenetre
}

// fenetre is how many were counted since it began.
type fenetre struct {
	debut time.Time
	n     int
}

// fenetresMax is how many addresses are counted at once, before the old ones
// are forgotten.
const fenetresMax = 10_000

func newDebit(nombre int, periode time.Duration, now func() time.Time) *debit {
	return &debit{now: now, nombre: nombre, periode: periode, vus: map[string]fenetre{}}
}

// prendre counts one more of a key, and tells whether it may pass.
func (d *debit) prendre(cle string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	maintenant := d.now()
	if len(d.vus) >= fenetresMax {
		for k, f := range d.vus {
			if maintenant.Sub(f.debut) >= d.periode {
				delete(d.vus, k)
			}
		}
	}
	f := d.vus[cle]
	if maintenant.Sub(f.debut) >= d.periode {
		f = fenetre{debut: maintenant}
	}
	f.n++
	d.vus[cle] = f
	return f.n <= d.nombre
}

// with refuses whoever asks too much.
func (d *debit) with(c *fiber.Ctx) error { return d.then(c, c.Next) }

// then does so in the middle of an answer.
func (d *debit) then(c *fiber.Ctx, suite func() error) error {
	if !d.prendre(c.IP()) {
		c.Set(fiber.HeaderRetryAfter, "600")
		return &refus{fiber.StatusTooManyRequests, "adresse", "Trop d’essais depuis cet endroit. Attendez dix minutes, puis recommencez."}
	}
	return suite()
}
