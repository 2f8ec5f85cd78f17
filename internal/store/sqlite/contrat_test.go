package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/store/storetest"
)

var (
	maintenant = storetest.Maintenant
	lieu       = storetest.Lieu
	revision   = storetest.Revision
	save       = storetest.Save
	wantCode   = storetest.WantCode
	wantNom    = storetest.WantNom
	fiche      = storetest.Fiche
	version    = storetest.Version
)

func ouvrir(t *testing.T, chemin string) *sqlite.Base {
	t.Helper()
	b, err := sqlite.Open(t.Context(), chemin, func() time.Time { return maintenant })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func neuf(t *testing.T) string { return filepath.Join(t.TempDir(), "sous", "dossier", "adeuxpas.db") }

func TestContrat(t *testing.T) {
	storetest.Run(t, storetest.Atelier{
		Neuf: neuf,
		Open: func(t *testing.T, chemin string) store.Magasin { return ouvrir(t, chemin) },
		Remplir: func(t *testing.T, chemin string) store.Magasin {
			b, err := sqlite.OpenVide(t.Context(), chemin, func() time.Time { return maintenant })
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = b.Close() })
			return b
		},
		Refus: func(t *testing.T, chemin string) error {
			_, err := sqlite.Open(t.Context(), chemin, func() time.Time { return maintenant })
			return err
		},
	})
}
