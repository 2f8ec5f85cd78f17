package mongo_test

import (
	"errors"
	"fmt"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/mongo"
)

// importation is an operation on n places that exist, with two records each,
// one record of a place that does not change, and one of no place.
func importation(n int) (op mednum.Operation, fiches []mednum.Fiche, revisions []mednum.Revision) {
	op = mednum.Operation{ID: "op", Genre: "import"}
	for i := range n {
		id := fmt.Sprintf("l%d", i)
		fiches = append(fiches, fiche(id+"/1", id), fiche(id+"/2", id))
		revisions = append(revisions, revision(lieu(id, "importé"), 2))
	}
	return op, append(fiches, fiche("z", "stable"), fiche("libre", "")), revisions
}

// preparer fills a base with the places of importation.
func preparer(t *testing.T, uri string, n int) {
	t.Helper()
	b := ouvrir(t, uri)
	for i := range n {
		save(t, b, revision(lieu(fmt.Sprintf("l%d", i), "avant"), 1))
	}
	save(t, b, revision(lieu("stable", "stable"), 1))
}

// A store that dies at any command of an operation leaves it to the next one:
// not begun, or done in full. In both cases no place goes without its records.
func TestOperationCoupee(t *testing.T) {
	for _, apres := range []bool{false, true} {
		t.Run(fmt.Sprintf("answer lost %v", apres), func(t *testing.T) {
			t.Parallel()
			n := 1
			for !operationCoupee(t, n, apres) {
				n++
			}
			if n < 10 {
				t.Errorf("an operation took %d commands: was it cut at all?", n)
			}
		})
	}
}

func operationCoupee(t *testing.T, n int, apres bool) (acquise bool) {
	const lieux = 3
	uri := neuf(t)
	preparer(t, uri, lieux)
	c := neuveCoupure(t, uri)
	b, err := mongo.Open(t.Context(), c.uri+"&serverSelectionTimeoutMS=100", horloge)
	if err != nil {
		t.Fatal(err)
	}
	op, fiches, revisions := importation(lieux)
	c.armer(n, apres, true)
	err = b.Apply(t.Context(), op, fiches, revisions)
	_ = b.Close()
	if acquise = err == nil; !acquise {
		wantCode(t, err, mednum.Indisponible)
	}
	suivant := ouvrir(t, uri)
	ops, err := suivant.Operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	faite := len(ops) == 1
	if faite && ops[0].Etat != "finie" || acquise && !faite {
		t.Errorf("cut %d: operations %+v, acknowledged %v", n, ops, acquise)
	}
	wantImportation(t, suivant, lieux, faite)
	// Asked again, it ends in the same state.
	if err := suivant.Apply(t.Context(), op, fiches, revisions); err != nil {
		t.Errorf("cut %d: again: %v", n, err)
	}
	wantImportation(t, suivant, lieux, true)
	return acquise
}

func wantImportation(t *testing.T, b *mongo.Base, lieux int, faite bool) {
	t.Helper()
	nom, v, n := "avant", 1, 0
	if faite {
		nom, v, n = "importé", 2, 2
	}
	for i := range lieux {
		id := fmt.Sprintf("l%d", i)
		wantNom(t, b, id, nom, v)
		wantFiches(t, b, id, n)
		if histoire, err := b.Revisions(t.Context(), id); err != nil || len(histoire) != v {
			t.Errorf("Revisions(%s) = %d, %v, want %d", id, len(histoire), err, v)
		}
	}
	wantFiches(t, b, "stable", n/2)
}

func wantFiches(t *testing.T, b *mongo.Base, lieu string, n int) {
	t.Helper()
	if fiches, err := b.FichesDe(t.Context(), lieu); err != nil || len(fiches) != n {
		t.Errorf("FichesDe(%s) = %d, %v, want %d", lieu, len(fiches), err, n)
	}
}

// A store that dies at any command of an edit leaves the place old or new, the
// history whole, and the same key written once when the edit is asked again.
func TestEcritureCoupee(t *testing.T) {
	for _, apres := range []bool{false, true} {
		t.Run(fmt.Sprintf("answer lost %v", apres), func(t *testing.T) {
			t.Parallel()
			n := 1
			for !ecritureCoupee(t, n, apres) {
				n++
			}
			if n < 5 {
				t.Errorf("an edit took %d commands: was it cut at all?", n)
			}
		})
	}
}

func ecritureCoupee(t *testing.T, n int, apres bool) (acquise bool) {
	uri := neuf(t)
	preparer(t, uri, 0)
	c := neuveCoupure(t, uri)
	b, err := mongo.Open(t.Context(), c.uri+"&serverSelectionTimeoutMS=100", horloge)
	if err != nil {
		t.Fatal(err)
	}
	autre := ouvrir(t, uri)
	avant := version(t, autre)
	r := revision(lieu("stable", "édité"), 2)
	r.Idempotence = "cle"
	c.armer(n, apres, true)
	err = b.Save(t.Context(), r)
	_ = b.Close()
	if acquise = err == nil; !acquise {
		wantCode(t, err, mednum.Indisponible)
	}
	// Another store that asks for the version finishes what was logged.
	moved := version(t, autre) > avant
	l, err := autre.Lieu(t.Context(), "stable")
	if err != nil {
		t.Fatal(err)
	}
	if edite := l.Version == 2 && l.Champs.Nom == "édité"; edite != moved || !edite && (l.Version != 1 || acquise) {
		t.Errorf("cut %d: version %d %q, the counter moved: %v, acknowledged: %v", n, l.Version, l.Champs.Nom, moved, acquise)
	}
	save(t, autre, r)
	wantNom(t, autre, "stable", "édité", 2)
	if histoire, err := autre.Revisions(t.Context(), "stable"); err != nil || len(histoire) != 2 {
		t.Errorf("cut %d: %d revisions, %v, want 2", n, len(histoire), err)
	}
	return acquise
}

// One cut connection, at any command, before or after the server has it: the
// edit is acknowledged, and exists exactly once, with or without a key.
func TestConnexionCoupee(t *testing.T) {
	for _, cle := range []string{"", "cle"} {
		for _, apres := range []bool{false, true} {
			t.Run(fmt.Sprintf("key %q, answer lost %v", cle, apres), func(t *testing.T) {
				t.Parallel()
				n := 1
				for connexionCoupee(t, n, apres, cle) {
					n++
				}
				if n < 5 {
					t.Errorf("an edit took %d commands: was it cut at all?", n)
				}
			})
		}
	}
}

// connexionCoupee tells whether the edit met the cut.
func connexionCoupee(t *testing.T, n int, apres bool, cle string) bool {
	uri := neuf(t)
	preparer(t, uri, 0)
	c := neuveCoupure(t, uri)
	b := ouvrir(t, c.uri)
	r := revision(lieu("stable", "édité"), 2)
	r.Idempotence = cle
	c.armer(n, apres, false)
	if err := b.Save(t.Context(), r); err != nil {
		t.Errorf("cut %d, after %v, key %q: %v", n, apres, cle, err)
	}
	coupe := c.coupe.Load()
	c.armer(1<<40, false, false)
	wantNom(t, b, "stable", "édité", 2)
	if histoire, err := b.Revisions(t.Context(), "stable"); err != nil || len(histoire) != 2 {
		t.Errorf("cut %d: %d revisions, %v, want 2", n, len(histoire), err)
	}
	return coupe
}

// An operation that was cut short does not undo what a later one did to the
// same records.
func TestOperationDepassee(t *testing.T) {
	t.Parallel()
	uri := neuf(t)
	preparer(t, uri, 2)
	c := neuveCoupure(t, uri)
	b := ouvrir(t, c.uri+"&serverSelectionTimeoutMS=100")
	autre := ouvrir(t, uri)
	op, fiches, revisions := importation(2)
	// Cut once it is announced, before its first place.
	for n := 1; ; n++ {
		c.armer(n, false, true)
		err := b.Apply(t.Context(), op, fiches, revisions)
		var e *mednum.Error
		if !errors.As(err, &e) || e.Code != mednum.Indisponible {
			t.Fatalf("Apply = %v, want it cut", err)
		}
		c.armer(1<<40, false, false)
		if ops, err := autre.Operations(t.Context()); err != nil {
			t.Fatal(err)
		} else if len(ops) == 1 {
			break
		}
	}
	recente := fiche("l0/1", "stable")
	if err := autre.Apply(t.Context(), mednum.Operation{ID: "recente"}, []mednum.Fiche{recente}, nil); err != nil {
		t.Fatal(err)
	}
	save(t, autre, revision(lieu("l1", "à la main"), 2))
	dernier := ouvrir(t, uri) // resumes
	wantNom(t, dernier, "l0", "importé", 2)
	wantFiches(t, dernier, "l0", 1)
	wantFiches(t, dernier, "stable", 2)
	wantNom(t, dernier, "l1", "à la main", 2)
	wantFiches(t, dernier, "l1", 0)
}
