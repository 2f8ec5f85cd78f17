package catalogue

import (
	"fmt"
	"os"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/territoire"
)

func TestMain(m *testing.M) {
	code := m.Run()
	mongotest.Stop()
	os.Exit(code)
}

// enBaseDe is a catalogue whose searches are answered by a MongoDB base.
func enBaseDe(tb testing.TB, t *territoire.Territoire, d Demarches, lieux []mednum.Lieu) *Catalogue {
	tb.Helper()
	base, err := mongo.Open(tb.Context(), mongotest.Neuf(tb, os.Getenv("MONGODB_URI")), heure)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = base.Close() })
	var revisions []mednum.Revision
	for _, l := range lieux {
		revisions = append(revisions, mednum.Revision{Lieu: l.ID, Version: 1, Apres: l, Auteur: "essai", Voie: "cli", Le: depart2026})
	}
	if err := base.Apply(tb.Context(), mednum.Operation{ID: "essai"}, nil, revisions); err != nil {
		tb.Fatal(err)
	}
	c, err := Open(tb.Context(), base, t, d, heure)
	if err != nil {
		tb.Fatal(err)
	}
	c.RechercherEnBase(base)
	return c
}

// TestBaseCommeNaif compares what the base answers with the naive answer.
func TestBaseCommeNaif(t *testing.T) {
	var d difficultes
	for graine := range uint64(6) {
		h := newHasard(graine + 100)
		lieux := h.lieux(50+h.IntN(100), []float64{0.3, 2, 8}[graine%3])
		c := enBaseDe(t, &territoire.Territoire{}, demarchesEssai, lieux)
		for q := range 50 {
			d.comparer(t, fmt.Sprintf("graine %d, question %d", graine, q), c, lieux, h.recherche())
		}
	}
	if d.elargis < 20 || d.muets < 20 || d.rares < 5 || d.sansPosition < 5 || d.quands < 3 {
		t.Errorf("the questions are too easy: %+v", d)
	}
}
