package ecoute

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/data"
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// ecoute82 is the rooms of needs and fiches over the shipped territory, on an
// empty base.
type ecoute82 struct {
	base    store.Magasin
	ter     *territoire.Territoire
	besoins *Besoins
	fiches  *Fiches
	mu      sync.Mutex
	heure   time.Time
}

func (e *ecoute82) now() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.heure
}

func (e *ecoute82) a(t time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heure = t
}

func ouvrirEcoute(t *testing.T) *ecoute82 {
	t.Helper()
	e := &ecoute82{heure: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)}
	var err error
	e.base, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "essai.db"), e.now)
	reussi(t, err)
	t.Cleanup(func() { _ = e.base.Close() })
	e.ter, err = territoire.Open(data.Defaut)
	reussi(t, err)
	demarches, err := catalogue.ReadDemarches(data.Demarches)
	reussi(t, err)
	lieux, err := catalogue.Open(t.Context(), e.base, e.ter, demarches, e.now)
	reussi(t, err)
	e.besoins, e.fiches = NewBesoins(e.base, lieux, e.ter, e.now), NewFiches(e.base, lieux, e.ter, e.now)
	return e
}

func reussi(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refuse tells whether the error is of that code, of that field.
func refuse(err error, code mednum.Code, champ string) bool {
	for _, e := range mednum.Errors(err) {
		if e.Code == code && e.Champ == champ {
			return true
		}
	}
	return false
}

func droitDe(r mednum.Role, p mednum.Portee, id string) []mednum.Habilitation {
	return []mednum.Habilitation{{Role: r, Portee: p, ID: id}}
}

const moissac, montauban, epciMoissac = "82112", "82121", "200066322"
