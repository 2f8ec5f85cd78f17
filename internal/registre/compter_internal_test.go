package registre

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/store/storetest"
)

// Beyond what it looks at, a count says that there is more; at it, it does not.
func TestCompterCoupe(t *testing.T) {
	le := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	now := func() time.Time { return le }
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { base.Close() })
	for i := range 4 {
		rev := storetest.Revision(storetest.Lieu(fmt.Sprintf("l%d", i), "Foin"), 1)
		rev.Le, rev.Voie = le, VoieImport
		if err := base.Save(t.Context(), rev); err != nil {
			t.Fatal(err)
		}
	}
	for plafond, coupe := range map[int]bool{3: true, 4: false} {
		n, err := New(base, now).compter(t.Context(), le, le.Add(time.Hour), func(*mednum.Revision) bool { return true }, plafond)
		if err != nil || n.Coupe != coupe || n.Nouveaux != plafond || n.Lieux != plafond {
			t.Errorf("%d lines: cut %v, %d new, %d places, %v", plafond, n.Coupe, n.Nouveaux, n.Lieux, err)
		}
	}
}
