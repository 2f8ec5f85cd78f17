package ecoute_test

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

var mardi = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openBase(t *testing.T) store.Magasin {
	t.Helper()
	b, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "essai.db"), func() time.Time { return mardi })
	check(t, err)
	t.Cleanup(func() { b.Close() })
	return b
}

// Every program on a base signs with one key, and no two bases with the same.
func TestCleFormulaires(t *testing.T) {
	base := openBase(t)
	une, err := ecoute.CleFormulaires(t.Context(), base)
	check(t, err)
	deux, err := ecoute.CleFormulaires(t.Context(), base)
	check(t, err)
	autre, err := ecoute.CleFormulaires(t.Context(), openBase(t))
	check(t, err)
	if len(une) != 32 || !bytes.Equal(une, deux) || bytes.Equal(une, autre) {
		t.Errorf("%x, then %x; another base %x", une, deux, autre)
	}
}
