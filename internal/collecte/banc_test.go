package collecte_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

// BenchmarkImporterReel plans and writes the real files on an empty base.
func BenchmarkImporterReel(b *testing.B) {
	lues, err := lectures()
	if errors.Is(err, fs.ErrNotExist) {
		b.Skip("left out: the real files are not beside the project")
	}
	if err != nil {
		b.Fatal(err)
	}
	terr, err := pack()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		base, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "adeuxpas.db"), func() time.Time { return maintenant })
		if err != nil {
			b.Fatal(err)
		}
		if _, err := collecte.Importer(b.Context(), base, terr, lues, collecte.Options{}); err != nil {
			b.Fatal(err)
		}
		if err := base.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
