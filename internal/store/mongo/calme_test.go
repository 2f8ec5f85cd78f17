package mongo

import (
	"os"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
)

// A reading holds when the same operations are over before and after it: not
// when one is announced meanwhile, the first of a base no more than the next.
func TestAuCalme(t *testing.T) {
	maintenant := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	b, err := Open(t.Context(), mongotest.Neuf(t, os.Getenv("MONGODB_URI")), func() time.Time { return maintenant })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	poser := func(id, etat string) func() error {
		return func() error {
			d, err := document(operation{Operation: mednum.Operation{ID: id, Etat: etat}, Annonce: id}, bson.E{Key: "_id", Value: id})
			if err != nil {
				return err
			}
			return b.poser(t.Context(), collOperations, d)
		}
	}
	for _, tt := range []struct {
		name     string
		pendant  func() error
		calme    bool
		terminer string
	}{
		{"nothing happens in an empty base", func() error { return nil }, true, ""},
		{"the first operation begins", poser("a", enCours), false, "a"},
		{"nothing happens", func() error { return nil }, true, ""},
		{"another begins", poser("b", enCours), false, "b"},
		{"another begins and ends", poser("c", finie), false, ""},
		{"nothing happens any more", func() error { return nil }, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if calme, err := b.auCalme(t.Context(), tt.pendant); err != nil || calme != tt.calme {
				t.Errorf("auCalme = %v, %v, want %v", calme, err, tt.calme)
			}
			if tt.terminer == "" {
				return
			}
			if calme, err := b.auCalme(t.Context(), poser(tt.terminer, finie)); err != nil || calme {
				t.Errorf("auCalme while %s ends = %v, %v, want false", tt.terminer, calme, err)
			}
		})
	}
}
