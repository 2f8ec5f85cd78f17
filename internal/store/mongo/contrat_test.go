package mongo_test

import (
	"os"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
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

func horloge() time.Time { return maintenant }

func neuf(t *testing.T) string {
	t.Helper()
	return mongotest.Neuf(t, os.Getenv("MONGODB_URI"))
}

func ouvrirBanc(b *testing.B) *mongo.Base {
	b.Helper()
	base, err := mongo.Open(b.Context(), mongotest.Neuf(b, os.Getenv("MONGODB_URI")), horloge)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = base.Close() })
	return base
}

func ouvrir(t *testing.T, uri string) *mongo.Base {
	t.Helper()
	b, err := mongo.Open(t.Context(), uri, horloge)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestMain(m *testing.M) {
	code := m.Run()
	mongotest.Stop()
	os.Exit(code)
}

func TestContrat(t *testing.T) {
	neuf(t) // without a server, one test is left out rather than each of its parts
	storetest.Run(t, storetest.Atelier{
		Neuf: neuf,
		Open: func(t *testing.T, uri string) store.Magasin { return ouvrir(t, uri) },
		Remplir: func(t *testing.T, uri string) store.Magasin {
			b, err := mongo.OpenVide(t.Context(), uri, horloge)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = b.Close() })
			return b
		},
		Refus: func(t *testing.T, uri string) error {
			_, err := mongo.Open(t.Context(), uri, horloge)
			return err
		},
	})
}
