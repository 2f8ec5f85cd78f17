package mesures_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/mesures"
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

const (
	moissac   = "82112"
	montauban = "82121"
)

var communes = []string{moissac, montauban}

type horloge struct {
	mu sync.Mutex
	t  time.Time
}

func (h *horloge) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.t
}

func (h *horloge) mettre(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.t = t
}

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	check(t, err)
	return zone
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ouvrir(t testing.TB, chemin string, now func() time.Time) store.Magasin {
	t.Helper()
	b, err := sqlite.Open(t.Context(), chemin, now)
	check(t, err)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// lus are what the base has of the days of a whole year.
func lus(t testing.TB, m *mesures.Mesures) []mesures.Jour {
	t.Helper()
	jours, err := m.Lire(t.Context(), mednum.Date{Annee: 2026, Mois: 1, Jour: 1}, mednum.Date{Annee: 2026, Mois: 12, Jour: 31})
	check(t, err)
	return jours
}

type parGenre = map[mesures.Genre]map[string]int64

// Two programs on one base count beside each other, at midnight too, and lose
// nothing: on both stores.
func TestDeuxInstances(t *testing.T) {
	zone := paris(t)
	h := &horloge{t: time.Date(2026, 11, 24, 23, 59, 0, 0, zone)}
	ouvertures := map[string]func() store.Magasin{
		"mongo": func() store.Magasin {
			b, err := mongo.Open(t.Context(), mongotest.Neuf(t, os.Getenv("MONGODB_URI")), h.now)
			check(t, err)
			t.Cleanup(func() { _ = b.Close() })
			return b
		},
		"sqlite": func() store.Magasin { return ouvrir(t, filepath.Join(t.TempDir(), "essai.db"), h.now) },
	}
	for nom, open := range ouvertures {
		t.Run(nom, func(t *testing.T) {
			base := open()
			h.mettre(time.Date(2026, 11, 24, 23, 59, 0, 0, zone))
			un, deux := mesures.New(base, zone, communes, h.now), mesures.New(base, zone, communes, h.now)
			compter := func() {
				var fils sync.WaitGroup
				for _, m := range []*mesures.Mesures{un, deux} {
					for range 4 {
						fils.Go(func() {
							for range 25 {
								m.Compter(mesures.Recherche, moissac)
								m.Compter(mesures.Vue, montauban)
							}
						})
					}
					fils.Go(func() {
						for range 3 {
							check(t, m.Deposer(t.Context()))
						}
					})
				}
				fils.Wait()
			}
			compter()
			h.mettre(time.Date(2026, 11, 25, 0, 0, 0, 0, zone))
			compter()
			check(t, errors.Join(un.Deposer(t.Context()), deux.Deposer(t.Context())))
			jour := parGenre{mesures.Recherche: {moissac: 200}, mesures.Vue: {montauban: 200}}
			want := []mesures.Jour{{Jour: mednum.Date{Annee: 2026, Mois: 11, Jour: 24}, Comptes: jour}, {Jour: mednum.Date{Annee: 2026, Mois: 11, Jour: 25}, Comptes: jour}}
			for i := range want { // a day is read from that day to that day, and no other
				seul, err := un.Lire(t.Context(), want[i].Jour, want[i].Jour)
				check(t, err)
				if d := cmp.Diff(want[i:i+1], seul); d != "" {
					t.Error(d)
				}
			}
			if d := cmp.Diff(want, lus(t, un)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// What is not a commune of the territory or one of the kinds is not counted, so
// that nobody fills the memory; a nil Mesures counts nothing.
func TestInconnus(t *testing.T) {
	h := &horloge{t: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)}
	m := mesures.New(ouvrir(t, filepath.Join(t.TempDir(), "essai.db"), h.now), paris(t), communes, h.now)
	for i := range 1000 {
		if m.Compter(mesures.Vue, fmt.Sprint(i)) {
			t.Fatalf("commune %d is counted", i)
		}
	}
	if m.Compter("adresse", moissac) || m.Compter(mesures.Vue, "") || (*mesures.Mesures)(nil).Compter(mesures.Vue, moissac) {
		t.Error("an unknown kind, no commune or a nil Mesures is counted")
	}
	check(t, m.Deposer(t.Context()))
	if got := lus(t, m); len(got) != 0 {
		t.Errorf("the base has %v", got)
	}
	if n := testing.AllocsPerRun(100, func() { m.Compter(mesures.Vue, moissac) }); n != 0 {
		t.Errorf("Compter allocates %v times", n)
	}
}

// coupee is a base that refuses to write until it is told otherwise.
type coupee struct {
	store.Magasin
	muette bool
}

func (b *coupee) SetObjet(ctx context.Context, o store.Objet) error {
	if b.muette {
		return &mednum.Error{Code: mednum.Indisponible}
	}
	return b.Magasin.SetObjet(ctx, o)
}

// A base that does not answer loses nothing for a week, and memory holds no
// more days than that.
func TestPanne(t *testing.T) {
	zone := paris(t)
	h := &horloge{t: time.Date(2026, 11, 1, 10, 0, 0, 0, zone)}
	base := &coupee{ouvrir(t, filepath.Join(t.TempDir(), "essai.db"), h.now), true}
	m := mesures.New(base, zone, communes, h.now)
	for jour := range 12 {
		h.mettre(time.Date(2026, 11, 1+jour, 10, 0, 0, 0, zone))
		for range jour + 1 {
			m.Compter(mesures.Telephone, moissac)
		}
		if m.Deposer(t.Context()) == nil {
			t.Fatal("a silent base took the counts")
		}
	}
	base.muette = false
	check(t, m.Deposer(t.Context()))
	check(t, m.Deposer(t.Context()))
	got := map[int]int64{}
	for _, j := range lus(t, m) {
		got[j.Jour.Jour] = j.Somme(mesures.Telephone, func(c string) bool { return c == moissac })
	}
	if d := cmp.Diff(map[int]int64{4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9, 10: 10, 11: 11, 12: 12}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A program puts its counts in the base every minute, and the last of them when
// it stops.
func TestSuivre(t *testing.T) {
	chemin := filepath.Join(t.TempDir(), "essai.db")
	zone := paris(t)
	synctest.Test(t, func(t *testing.T) {
		maintenant := func() time.Time { return <-time.After(0) }
		base, err := sqlite.Open(t.Context(), chemin, maintenant)
		check(t, err)
		defer base.Close()
		h := &horloge{t: time.Date(2026, 11, 24, 10, 0, 0, 0, zone)}
		m := mesures.New(base, zone, communes, h.now)
		ctx, cancel := context.WithCancel(t.Context())
		var fil sync.WaitGroup
		fil.Go(func() { m.Suivre(ctx, slog.New(slog.DiscardHandler)) })
		m.Compter(mesures.Recherche, moissac)
		time.Sleep(61 * time.Second)
		exiger := func(want int64) {
			t.Helper()
			jours := lus(t, m)
			if len(jours) != 1 || jours[0].Comptes[mesures.Recherche][moissac] != want {
				t.Errorf("the base has %v, want %d", jours, want)
			}
		}
		exiger(1)
		m.Compter(mesures.Recherche, moissac)
		cancel()
		fil.Wait()
		exiger(1)
		check(t, m.Deposer(t.Context()))
		exiger(2)
	})
}

// Counts are kept for 36 months, and no longer: they are not read, and the next
// writing sweeps them.
func TestConservation(t *testing.T) {
	zone := paris(t)
	h := &horloge{t: time.Date(2026, 11, 24, 10, 0, 0, 0, zone)}
	base := ouvrir(t, filepath.Join(t.TempDir(), "essai.db"), h.now)
	m := mesures.New(base, zone, communes, h.now)
	m.Compter(mesures.Vue, moissac)
	check(t, m.Deposer(t.Context()))
	h.mettre(time.Date(2029, 11, 23, 23, 59, 0, 0, zone))
	if len(lus(t, m)) != 1 {
		t.Error("not kept for 36 months")
	}
	h.mettre(time.Date(2029, 11, 24, 0, 0, 0, 0, zone))
	if len(lus(t, m)) != 0 {
		t.Error("read after 36 months")
	}
	m.Compter(mesures.Vue, moissac)
	check(t, m.Deposer(t.Context()))
	objets, err := base.Objets(t.Context(), store.Choix{Genre: "mesure"})
	check(t, err)
	if len(objets) != 1 || objets[0].ID != "2029-11-24" {
		t.Errorf("the base has %v", objets)
	}
}

func BenchmarkCompter(b *testing.B) {
	midi := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	m := mesures.New(nil, time.UTC, communes, func() time.Time { return midi })
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			m.Compter(mesures.Vue, moissac)
		}
	})
}
