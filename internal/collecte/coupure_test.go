package collecte_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

func TestMain(m *testing.M) {
	code := m.Run()
	mongotest.Stop()
	os.Exit(code)
}

// magasins are both stores: how to name a new base, and to open it.
var magasins = map[string]struct {
	essais int
	neuf   func(t *testing.T) string
	ouvrir func(ctx context.Context, chemin string) (store.Magasin, error)
}{
	"sqlite": {
		6,
		func(t *testing.T) string { return filepath.Join(t.TempDir(), "x.db") },
		func(ctx context.Context, chemin string) (store.Magasin, error) {
			return sqlite.Open(ctx, chemin, func() time.Time { return maintenant })
		},
	},
	"mongo": {
		2,
		func(t *testing.T) string { return mongotest.Neuf(t, os.Getenv("MONGODB_URI")) },
		func(ctx context.Context, chemin string) (store.Magasin, error) {
			return mongo.Open(ctx, chemin, func() time.Time { return maintenant })
		},
	},
}

// n is how many places an import that is stopped writes: a few batches.
const n = 250

// nombreux is an edition of many places, of which a later one changes all.
func nombreux(jour, telephone string) norme.Lecture {
	var fiches []mednum.Fiche
	for i := range n {
		fiches = append(fiches, fiche(fluxA, fmt.Sprint("n", i), "telephone", telephone))
	}
	return edition(fluxA, jour, fiches...)
}

// toutDe is what a base holds of its places and records: what an import that
// was stopped and resumed must have in common with one that was not.
func toutDe(t *testing.T, b store.Magasin) (lieux []mednum.Lieu, fiches []mednum.Fiche) {
	t.Helper()
	lieux, err := b.Lieux(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range lieux {
		lieux[i].Seq = 0
	}
	fiches, err = b.Fiches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return lieux, fiches
}

// An import that is stopped anywhere leaves each place old or new, with its
// records; the same import again ends in the state of one that was never
// stopped.
func TestImportCoupe(t *testing.T) {
	for _, nom := range slices.Sorted(maps.Keys(magasins)) {
		t.Run(nom, func(t *testing.T) {
			m := magasins[nom]
			ouvrir := func(chemin string) store.Magasin {
				b, err := m.ouvrir(t.Context(), chemin)
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			neuve := func() string {
				chemin := m.neuf(t)
				b := ouvrir(chemin)
				appliquer(t, b, planifier(t, b, nombreux("2026-01-01", "+33563000001")))
				fermer(t, b)
				return chemin
			}
			suite := nombreux("2026-02-01", "+33563000002")
			temoin := ouvrir(neuve())
			appliquer(t, temoin, planifier(t, temoin, suite))
			lieux, fiches := toutDe(t, temoin)
			fermer(t, temoin)

			hasard := rand.New(rand.NewPCG(7, 7))
			for essai := range m.essais {
				chemin := neuve()
				b := ouvrir(chemin)
				fait := couper(t, b, suite, hasard.IntN(n), time.Duration(essai%2)*time.Duration(1+hasard.IntN(60))*time.Millisecond)
				wantAncienOuNeuf(t, b, fait)
				fermer(t, b)

				b = ouvrir(chemin) // as the same command again does
				if _, err := collecte.Importer(t.Context(), b, territoireLivre(t), []norme.Lecture{suite}, collecte.Options{Le: maintenant}); err != nil {
					t.Fatal(err)
				}
				l, f := toutDe(t, b)
				if d := cmp.Diff(lieux, l); d != "" {
					t.Errorf("stop %d: places (-never stopped +resumed):\n%.2000s", essai, d)
				}
				if d := cmp.Diff(fiches, f); d != "" {
					t.Errorf("stop %d: records (-never stopped +resumed):\n%.2000s", essai, d)
				}
				v, err := b.Version(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				appliquer(t, b, planifier(t, b, suite))
				if apres, err := b.Version(t.Context()); err != nil || apres != v {
					t.Errorf("stop %d: a third time wrote something (%v)", essai, err)
				}
				fermer(t, b)
			}
		})
	}
}

func fermer(t *testing.T, b store.Magasin) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

// couper stops an import once so many places are written, or after a time if it
// is not zero, and returns how many are.
func couper(t *testing.T, b store.Magasin, l norme.Lecture, apres int, delai time.Duration) (fait int) {
	t.Helper()
	p := planifier(t, b, l)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	if delai > 0 {
		apres = n
		time.AfterFunc(delai, stop)
	}
	err := collecte.Appliquer(ctx, b, &p, func(ecrits, total int) {
		if total < n {
			t.Errorf("%d places to write", total)
		}
		if fait = ecrits; ecrits >= apres {
			stop()
		}
	})
	if err == nil && fait < n {
		t.Fatal("the import was not stopped")
	}
	if e, ok := errors.AsType[*mednum.Error](err); ok {
		t.Logf("stopped with %v", e)
	}
	return fait
}

// wantAncienOuNeuf wants each place as it was or as it will be, with its record.
func wantAncienOuNeuf(t *testing.T, b store.Magasin, fait int) {
	t.Helper()
	lieux, fiches := toutDe(t, b)
	parLieu := map[string]mednum.Fiche{}
	for _, f := range fiches {
		parLieu[f.Lieu] = f
	}
	neufs := 0
	for _, l := range lieux {
		f := parLieu[l.ID]
		neuf := l.Champs.Telephone == "+33563000002"
		if neuf != (l.Version == 2) || f.Champs[mednum.ChampTelephone] != l.Champs.Telephone || l.Champs.DateMaj != f.DateMaj {
			t.Fatalf("%s is neither old nor new: version %d, %s, record %s", l.ID, l.Version, l.Champs.Telephone, f.Champs[mednum.ChampTelephone])
		}
		if neuf {
			neufs++
		}
	}
	if neufs < fait {
		t.Errorf("%d places are written, %d were told", neufs, fait)
	}
}
