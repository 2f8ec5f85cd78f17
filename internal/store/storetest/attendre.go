package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/store"
)

// vuEnMoins is how long a write may take to wake who waits in another store.
const vuEnMoins = 2 * time.Second

// Attendre is the part of Run about waiting: who reads the version each time that Attendre returns sees a
// write of another store in time, does not turn in circles when there is none,
// and stops when told to.
func Attendre(t *testing.T, a Atelier) {
	chemin := a.Neuf(t)
	ici, ailleurs := a.Open(t, chemin), a.Open(t, chemin)
	for v := 1; v <= 3; v++ {
		attendreLeCalme(t, ici)
		derniere := Version(t, ici)
		Save(t, ailleurs, Revision(Lieu("a", fmt.Sprintf("v%d", v)), v))
		ctx, cancel := context.WithTimeout(t.Context(), vuEnMoins)
		for Version(t, ici) == derniere {
			if err := ici.Attendre(ctx); err != nil {
				t.Fatalf("write %d is not seen within %v: %v", v, vuEnMoins, err)
			}
		}
		cancel()
		WantNom(t, ici, "a", fmt.Sprintf("v%d", v), v)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		if err := ici.Attendre(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Attendre given up: %v, want %v", err, context.Canceled)
		}
	}
}

// attendreLeCalme calls Attendre until it waits, as nothing changes any more.
func attendreLeCalme(t *testing.T, b store.Magasin) {
	t.Helper()
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		err := b.Attendre(ctx)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			return
		}
	}
	t.Fatal("Attendre returns again and again, though nothing changes")
}
