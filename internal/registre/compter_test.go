package registre_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
	"82numerique.fr/adeuxpas/internal/store/storetest"
)

// What is counted is what was done from the first instant on and before the last,
// and of places those that are asked for: each place once, however often it
// changed.
func TestCompter(t *testing.T) {
	h := &horloge{t: mardi}
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), h.now)
	check(t, err)
	t.Cleanup(func() { check(t, base.Close()) })
	ecrire := func(lieu string, version int, voie string, le time.Time, hors bool) {
		t.Helper()
		rev := storetest.Revision(storetest.Lieu(lieu, "Foin"), version)
		rev.Le, rev.Voie, rev.Apres.HorsTerritoire = le, voie, hors
		check(t, base.Save(t.Context(), rev))
	}
	fin := mardi.Add(time.Hour)
	ecrire("avant", 1, "import", mardi.Add(-time.Second), false)
	ecrire("ici", 1, "import", mardi, false)
	ecrire("voisin", 1, "import", mardi, true)
	ecrire("ici", 2, registre.VoieTelephone, mardi.Add(time.Minute), false)
	ecrire("avant", 2, "app", fin.Add(-time.Second), false)
	ecrire("ici", 3, "app", fin, false)
	r := registre.New(base, h.now)
	for _, genre := range []registre.Genre{registre.GenreBesoin, registre.GenreBesoin, registre.GenreFiche} {
		r.Noter(t.Context(), registre.Acte{Voie: "app", Genre: genre, Texte: "Chose faite"})
	}
	got, err := r.Compter(t.Context(), mardi, fin, func(v *mednum.Revision) bool { return !v.Apres.HorsTerritoire })
	check(t, err)
	want := registre.Comptes{
		Revisions: map[string]int{"import": 1, registre.VoieTelephone: 1, "app": 1}, Lieux: 2, Nouveaux: 1,
		Actes: map[registre.Genre]int{registre.GenreBesoin: 2, registre.GenreFiche: 1},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
