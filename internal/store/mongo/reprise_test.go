package mongo_test

import (
	"context"
	"fmt"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/mongo"
)

// essai is an operation on three places that exist, with two records each, one
// record of a place that does not change, and one of no place. Its name makes
// it another one in the same base.
type essai struct {
	nom   string
	lieux []string
}

func neufEssai(nom string) essai {
	e := essai{nom: nom}
	for i := range 3 {
		e.lieux = append(e.lieux, fmt.Sprintf("%s-%d", nom, i))
	}
	return e
}

func (e essai) stable() string { return e.nom + "-stable" }

// preparer fills the base with the places.
func (e essai) preparer(t *testing.T, b *mongo.Base) {
	t.Helper()
	for _, id := range e.lieux {
		save(t, b, revision(lieu(id, "avant"), 1))
	}
	save(t, b, revision(lieu(e.stable(), "avant"), 1))
}

func (e essai) appliquer(ctx context.Context, b *mongo.Base) error {
	fiches := []mednum.Fiche{fiche(e.nom+"/z", e.stable()), fiche(e.nom+"/libre", "")}
	var revisions []mednum.Revision
	for _, id := range e.lieux {
		fiches = append(fiches, fiche(id+"/1", id), fiche(id+"/2", id))
		revisions = append(revisions, revision(lieu(id, "importé"), 2))
	}
	return b.Apply(ctx, mednum.Operation{ID: e.nom, Genre: "import"}, fiches, revisions)
}

// want wants the places with their records, as before or after the operation.
func (e essai) want(t *testing.T, b *mongo.Base, faite bool) {
	t.Helper()
	nom, v, n := "avant", 1, 0
	if faite {
		nom, v, n = "importé", 2, 2
	}
	for _, id := range e.lieux {
		wantNom(t, b, id, nom, v)
		wantFiches(t, b, id, n)
		wantHistoire(t, b, id, v)
	}
	wantFiches(t, b, e.stable(), n/2)
}

// etat is that of the operation, "" when the base does not know it.
func (e essai) etat(t *testing.T, b *mongo.Base) string {
	t.Helper()
	ops, err := b.Operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range ops {
		if op.ID == e.nom {
			return op.Etat
		}
	}
	return ""
}

func wantFiches(t *testing.T, b *mongo.Base, lieu string, n int) {
	t.Helper()
	if fiches, err := b.FichesDe(t.Context(), lieu); err != nil || len(fiches) != n {
		t.Errorf("FichesDe(%s) = %d, %v, want %d", lieu, len(fiches), err, n)
	}
}

func wantHistoire(t *testing.T, b *mongo.Base, lieu string, n int) {
	t.Helper()
	if histoire, err := b.Revisions(t.Context(), lieu); err != nil || len(histoire) != n {
		t.Errorf("Revisions(%s) = %d, %v, want %d", lieu, len(histoire), err, n)
	}
}

// wantCoupe wants what a store answers whose way to the server was cut.
func wantCoupe(t *testing.T, err error) (acquise bool) {
	t.Helper()
	if err != nil {
		wantCode(t, err, mednum.Indisponible)
	}
	return err == nil
}

// presse gives up a server that is gone sooner than the store does by itself.
const presse = "&serverSelectionTimeoutMS=100"

// aChaqueCommande runs f with a cut at the first command, then at the second,
// until nothing is cut any more, which takes at least so many.
func aChaqueCommande(t *testing.T, auMoins int, f func(t *testing.T, n int) (fini bool)) {
	t.Helper()
	n := 1
	for !f(t, n) {
		n++
	}
	if n < auMoins {
		t.Errorf("nothing was cut from command %d on, want %d of them at least", n, auMoins)
	}
}

// A store that dies at any command of an operation leaves it to the next one:
// not begun, or done in full. In both cases no place goes without its records.
func TestOperationCoupee(t *testing.T) {
	t.Parallel()
	for _, apres := range []bool{false, true} {
		t.Run(fmt.Sprintf("answer lost %v", apres), func(t *testing.T) {
			t.Parallel()
			uri := neuf(t)
			c := neuveCoupure(t, uri)
			aChaqueCommande(t, 10, func(t *testing.T, n int) bool {
				c.armer(1<<40, false, false)
				b, e := ouvrir(t, c.uri+presse), neufEssai(fmt.Sprint("op", n))
				e.preparer(t, b)
				c.armer(n, apres, true)
				acquise := wantCoupe(t, e.appliquer(t.Context(), b))
				suivant := ouvrir(t, uri)
				etat := e.etat(t, suivant)
				if etat == "en_cours" || acquise && etat != "finie" {
					t.Errorf("cut %d: the operation is %q, acknowledged %v", n, etat, acquise)
				}
				e.want(t, suivant, etat == "finie")
				// Asked again, it ends in the same state.
				if err := e.appliquer(t.Context(), suivant); err != nil {
					t.Errorf("cut %d: again: %v", n, err)
				}
				e.want(t, suivant, true)
				return acquise
			})
		})
	}
}

// A store that dies at any command of an edit leaves the place old or new, the
// history whole, and the same key written once when the edit is asked again.
func TestEcritureCoupee(t *testing.T) {
	t.Parallel()
	for _, apres := range []bool{false, true} {
		t.Run(fmt.Sprintf("answer lost %v", apres), func(t *testing.T) {
			t.Parallel()
			uri := neuf(t)
			c, autre := neuveCoupure(t, uri), ouvrir(t, uri)
			aChaqueCommande(t, 5, func(t *testing.T, n int) bool {
				id := fmt.Sprint("l", n)
				save(t, autre, revision(lieu(id, "avant"), 1))
				avant := version(t, autre)
				r := revision(lieu(id, "édité"), 2)
				r.Idempotence = id
				c.armer(1<<40, false, false)
				b := ouvrir(t, c.uri+presse)
				c.armer(n, apres, true)
				acquise := wantCoupe(t, b.Save(t.Context(), r))
				// Another store that asks for the version finishes what was logged.
				bouge := version(t, autre) > avant
				l, err := autre.Lieu(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				if edite := l.Version == 2 && l.Champs.Nom == "édité"; edite != bouge || !edite && (l.Version != 1 || acquise) {
					t.Errorf("cut %d: version %d %q, the counter moved: %v, acknowledged: %v", n, l.Version, l.Champs.Nom, bouge, acquise)
				}
				save(t, autre, r)
				wantNom(t, autre, id, "édité", 2)
				wantHistoire(t, autre, id, 2)
				return acquise
			})
		})
	}
}

// One cut connection, at any command, before or after the server has it: the
// edit is acknowledged, and exists exactly once, with or without a key.
func TestConnexionCoupee(t *testing.T) {
	t.Parallel()
	for _, avecCle := range []bool{false, true} {
		for _, apres := range []bool{false, true} {
			t.Run(fmt.Sprintf("key %v, answer lost %v", avecCle, apres), func(t *testing.T) {
				t.Parallel()
				uri := neuf(t)
				c := neuveCoupure(t, uri)
				b := ouvrir(t, c.uri)
				aChaqueCommande(t, 5, func(t *testing.T, n int) bool {
					c.armer(1<<40, false, false)
					id := fmt.Sprint("l", n)
					save(t, b, revision(lieu(id, "avant"), 1))
					r := revision(lieu(id, "édité"), 2)
					if avecCle {
						r.Idempotence = id
					}
					c.armer(n, apres, false)
					if err := b.Save(t.Context(), r); err != nil {
						t.Errorf("cut %d: %v", n, err)
					}
					coupe := c.coupe.Load()
					c.armer(1<<40, false, false)
					wantNom(t, b, id, "édité", 2)
					wantHistoire(t, b, id, 2)
					return !coupe
				})
			})
		}
	}
}

// An operation that was cut short does not undo what a later one did to the
// same records.
func TestOperationDepassee(t *testing.T) {
	t.Parallel()
	uri := neuf(t)
	c, autre := neuveCoupure(t, uri), ouvrir(t, uri)
	var e essai
	// Cut once it is announced, before its first place.
	aChaqueCommande(t, 3, func(t *testing.T, n int) bool {
		c.armer(1<<40, false, false)
		e = neufEssai(fmt.Sprint("op", n))
		b := ouvrir(t, c.uri+presse)
		e.preparer(t, b)
		c.armer(n, false, true)
		if wantCoupe(t, e.appliquer(t.Context(), b)) {
			t.Fatal("the operation was never cut after its announcement")
		}
		return e.etat(t, autre) == "en_cours"
	})
	deplacee := fiche(e.lieux[0]+"/1", e.stable())
	if err := autre.Apply(t.Context(), mednum.Operation{ID: "recente"}, []mednum.Fiche{deplacee}, nil); err != nil {
		t.Fatal(err)
	}
	save(t, autre, revision(lieu(e.lieux[1], "à la main"), 2))
	dernier := ouvrir(t, uri) // resumes
	wantNom(t, dernier, e.lieux[0], "importé", 2)
	wantFiches(t, dernier, e.lieux[0], 1)
	wantFiches(t, dernier, e.stable(), 2)
	wantNom(t, dernier, e.lieux[1], "à la main", 2)
	wantFiches(t, dernier, e.lieux[1], 0)
}
