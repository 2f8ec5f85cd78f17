package web

import (
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// debit counts what one address asks, in memory alone: no address is written
// anywhere, and memory itself has a mark of it (see then). Each instance counts
// for itself.
type debit struct {
	sel     string // of the marks
	now     func() time.Time
	nombre  int           // at most
	periode time.Duration // in that time
	mu      sync.Mutex
	vus     map[string]fenetre
	menage  time.Time // when the windows that were over were last forgotten
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
	return &debit{sel: rand.Text(), now: now, nombre: nombre, periode: periode, vus: map[string]fenetre{}}
}

// prendre counts one more of a key, and tells whether it may pass.
func (d *debit) prendre(cle string) bool {
	n, _ := d.compter(cle)
	return n <= d.nombre
}

// compter counts one more of a key: how many that makes since its window
// began, and how long until the window is over.
func (d *debit) compter(cle string) (n int, reste time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	maintenant := d.now()
	if _, connu := d.vus[cle]; !connu && len(d.vus) >= fenetresMax || maintenant.Sub(d.menage) >= d.periode {
		d.oublier(maintenant)
	}
	f := d.vus[cle]
	if maintenant.Sub(f.debut) >= d.periode {
		f = fenetre{debut: maintenant}
	}
	f.n++
	d.vus[cle] = f
	return f.n, f.debut.Add(d.periode).Sub(maintenant)
}

// oublier makes room, and keeps no address for longer than it is counted: it
// leaves no window that is over, and none at all when so many ask at once that
// counting by address stops nobody.
func (d *debit) oublier(maintenant time.Time) {
	d.menage = maintenant
	maps.DeleteFunc(d.vus, func(_ string, f fenetre) bool { return maintenant.Sub(f.debut) >= d.periode })
	if len(d.vus) >= fenetresMax {
		clear(d.vus)
	}
}

// withCompte refuses the account that asks too much.
func (d *debit) withCompte(c *fiber.Ctx) error {
	if !d.prendre(connexion(c).Compte.ID) {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(d.periode/time.Second)))
		return &refus{fiber.StatusTooManyRequests, "compte", "Vous avez beaucoup envoyé en peu de temps. Attendez une heure, puis recommencez."}
	}
	return c.Next()
}

// abonne is what is counted of an address: one of IPv6 by its first 64 bits,
// which one subscriber has to themselves.
func abonne(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil || a.Unmap().Is4() {
		return ip
	}
	return netip.PrefixFrom(a.WithZone(""), 64).Masked().String()
}

// with refuses whoever asks too much.
func (d *debit) with(c *fiber.Ctx) error { return d.then(c, c.Next) }

// then does so in the middle of an answer.
func (d *debit) then(c *fiber.Ctx, suite func() error) error {
	marque := sha256.Sum256([]byte(d.sel + abonne(c.IP())))
	if !d.prendre(string(marque[:])) {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(d.periode/time.Second)))
		return &refus{fiber.StatusTooManyRequests, "adresse", "Trop d’essais depuis cet endroit. Attendez dix minutes, puis recommencez."}
	}
	return suite()
}
