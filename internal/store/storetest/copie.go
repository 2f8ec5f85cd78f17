package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Copie is what a Source gives, as JSON.
func Copie(t *testing.T, de store.Source) (textes []string) {
	t.Helper()
	err := de(t.Context(), func(e store.Element) error {
		texte, err := json.Marshal(e)
		textes = append(textes, string(texte))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return textes
}

// Garnir writes something of every kind, in an order that is not a Source's,
// under ids that a store could sort otherwise.
func Garnir(t *testing.T, b store.Magasin) {
	t.Helper()
	for _, id := range []string{"é", "b", "a/1", "B", "a", "$id", "a.b"} {
		r := Revision(Lieu(id, "v1"), 1)
		r.Idempotence = "cle/" + id
		Save(t, b, r)
	}
	for v := 2; v <= 12; v++ {
		r := Revision(Lieu("a", fmt.Sprintf("v%d", v)), v)
		r.Le = Maintenant.Add(time.Duration(v)).In(time.FixedZone("ailleurs", 3600))
		Save(t, b, r)
	}
	op := mednum.Operation{ID: "op", Genre: "import", Auteur: "essai", Le: Maintenant, Rattachements: []mednum.Rattachement{{Fiche: "flux/1", Vers: "b"}}}
	fiches := []mednum.Fiche{Fiche("2", "b"), Fiche("10", "b"), Fiche("1", ""), Fiche("3", "n")}
	erreurs := []error{
		b.Apply(t.Context(), op, fiches, []mednum.Revision{Revision(Lieu("b", "importé"), 2), Revision(Lieu("n", "nouveau"), 1)}),
		b.Apply(t.Context(), mednum.Operation{ID: "avant", Le: Maintenant.Add(-time.Hour)}, nil, nil),
		b.SetFlux(t.Context(), mednum.Flux{ID: "z", Nom: "Zed"}),
		b.SetFlux(t.Context(), mednum.Flux{ID: "f", Nom: "Flux"}),
		b.SetReglage(t.Context(), "vide", ""),
		b.SetReglage(t.Context(), "a.b", "$x"),
		b.SetObjet(t.Context(), Objet("envoi", "b", 1)),
		b.SetObjet(t.Context(), Objet("envoi", "b", 2)),
		b.SetObjet(t.Context(), Objet("compte", "z", 1)),
	}
	vieux := Objet("compte", "a", 1)
	vieux.Efface = Maintenant
	if err := errors.Join(append(erreurs, b.SetObjet(t.Context(), vieux))...); err != nil {
		t.Fatal(err)
	}
}

func contratCopie(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	Garnir(t, b)
	want := Copie(t, b.Copier)
	if n := 2 + 7 + 11 + 2 + 4 + 2 + 2 + 2; len(want) != n {
		t.Fatalf("%d elements, want %d", len(want), n)
	}
	if d := cmp.Diff(ordreAttendu, ordre(t, b.Copier)); d != "" {
		t.Errorf("order (-want +got):\n%s", d)
	}
	chemin := a.Neuf(t)
	remplie := a.Remplir(t, chemin)
	if err := remplie.Charger(t.Context(), b.Copier); err != nil {
		t.Fatal(err)
	}
	autre := a.Open(t, chemin)
	if d := cmp.Diff(want, Copie(t, autre.Copier)); d != "" {
		t.Errorf("what was filled (-want +got):\n%s", d)
	}
	wantMemes(t, b, autre)
	wantSuite(t, autre)
}

var ordreAttendu = []string{
	"flux f", "flux z",
	"$id 1", "B 1",
	"a 1", "a 2", "a 3", "a 4", "a 5", "a 6", "a 7", "a 8", "a 9", "a 10", "a 11", "a 12",
	"a.b 1", "a/1 1", "b 1", "b 2", "n 1", "é 1",
	"fiche 1", "fiche 10", "fiche 2", "fiche 3",
	"operation avant", "operation op",
	"reglage a.b", "reglage vide",
	"objet compte/z", "objet envoi/b",
}

// ordre names what a Source gives.
func ordre(t *testing.T, de store.Source) (noms []string) {
	t.Helper()
	err := de(t.Context(), func(e store.Element) error {
		switch {
		case e.Flux != nil:
			noms = append(noms, "flux "+e.Flux.ID)
		case e.Revision != nil:
			noms = append(noms, fmt.Sprint(e.Revision.Lieu, " ", e.Revision.Version))
		case e.Fiche != nil:
			noms = append(noms, "fiche "+e.Fiche.Cle)
		case e.Operation != nil:
			noms = append(noms, "operation "+e.Operation.ID)
		case e.Reglage != nil:
			noms = append(noms, "reglage "+e.Reglage.Cle)
		case e.Objet != nil:
			noms = append(noms, "objet "+e.Objet.Genre+"/"+e.Objet.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return noms
}

// wantMemes wants two stores to read the same.
func wantMemes(t *testing.T, x, y store.Magasin) {
	t.Helper()
	ctx := t.Context()
	for nom, lire := range map[string]func(store.Magasin) (any, error){
		"Lieux":      func(b store.Magasin) (any, error) { return b.Lieux(ctx) },
		"Lieu":       func(b store.Magasin) (any, error) { return b.Lieu(ctx, "a") },
		"Revisions":  func(b store.Magasin) (any, error) { return b.Revisions(ctx, "b") },
		"RevisionDe": func(b store.Magasin) (any, error) { return b.RevisionDe(ctx, "cle/é") },
		"Fiches":     func(b store.Magasin) (any, error) { return b.Fiches(ctx) },
		"FichesDe":   func(b store.Magasin) (any, error) { return b.FichesDe(ctx, "b") },
		"Flux":       func(b store.Magasin) (any, error) { return b.Flux(ctx) },
		"Operations": func(b store.Magasin) (any, error) { return b.Operations(ctx) },
		"Reglage":    func(b store.Magasin) (any, error) { return b.Reglage(ctx, "a.b") },
		"Objet":      func(b store.Magasin) (any, error) { return b.Objet(ctx, "envoi", "b") },
		"Objets":     func(b store.Magasin) (any, error) { return b.Objets(ctx, store.Choix{Genre: "envoi", Cle: "cle 2"}) },
	} {
		want, err := lire(x)
		got, err2 := lire(y)
		if err := errors.Join(err, err2); err != nil {
			t.Errorf("%s: %v", nom, err)
		} else if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", nom, d)
		}
	}
}

// wantSuite wants a base that was filled to go on as the first one would have.
func wantSuite(t *testing.T, b store.Magasin) {
	t.Helper()
	v := Version(t, b)
	deja := Revision(Lieu("é", "encore"), 2)
	deja.Idempotence = "cle/é"
	Save(t, b, deja)
	WantNom(t, b, "é", "v1", 1)
	WantCode(t, b.Save(t.Context(), Revision(Lieu("a", "tard"), 12)), mednum.Perime)
	Save(t, b, Revision(Lieu("a", "v13"), 13))
	apres, err := b.Lieu(t.Context(), "a")
	if err != nil || Version(t, b) <= v {
		t.Fatalf("version %d, was %d, error %v", Version(t, b), v, err)
	}
	lieux, err := b.Lieux(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range lieux {
		if lieux[i].ID != "a" && lieux[i].Seq >= apres.Seq {
			t.Errorf("the new revision has number %d, %s has %d", apres.Seq, lieux[i].ID, lieux[i].Seq)
		}
	}
	f := Fiche("2", "b")
	f.Empreinte = "autre"
	if err := b.Apply(t.Context(), mednum.Operation{ID: "suite"}, []mednum.Fiche{f}, []mednum.Revision{Revision(Lieu("b", "suite"), 3)}); err != nil {
		t.Fatal(err)
	}
	deB, err := b.FichesDe(t.Context(), "b")
	if err != nil || len(deB) != 2 || deB[1].Empreinte != "autre" {
		t.Errorf("FichesDe(b) = %v, %v", deB, err)
	}
}

func contratPasVide(t *testing.T, a Atelier) {
	source := a.Open(t, a.Neuf(t))
	Garnir(t, source)
	for nom, ecrire := range map[string]func(b store.Magasin) error{
		"a place":      func(b store.Magasin) error { return b.Save(t.Context(), Revision(Lieu("x", "x"), 1)) },
		"a source":     func(b store.Magasin) error { return b.SetFlux(t.Context(), mednum.Flux{ID: "x"}) },
		"a setting":    func(b store.Magasin) error { return b.SetReglage(t.Context(), "x", "") },
		"an object":    func(b store.Magasin) error { return b.SetObjet(t.Context(), Objet("compte", "a", 1)) },
		"an operation": func(b store.Magasin) error { return b.Apply(t.Context(), mednum.Operation{ID: "x"}, nil, nil) },
	} {
		t.Run(nom, func(t *testing.T) {
			chemin := a.Neuf(t)
			b := a.Open(t, chemin)
			if err := ecrire(b); err != nil {
				t.Fatal(err)
			}
			avant := Copie(t, b.Copier)
			WantCode(t, a.Remplir(t, chemin).Charger(t.Context(), source.Copier), mednum.Conflit)
			if d := cmp.Diff(avant, Copie(t, a.Open(t, chemin).Copier)); d != "" {
				t.Errorf("the base changed (-want +got):\n%s", d)
			}
		})
	}
}

// contratCoupe cuts the filling of a base at each element; then it does not
// open, and is filled again from the start.
func contratCoupe(t *testing.T, a Atelier) {
	source := a.Open(t, a.Neuf(t))
	Garnir(t, source)
	want := Copie(t, source.Copier)
	errCoupe := errors.New("cut")
	chemin := a.Neuf(t)
	for coupe := 0; coupe < len(want); coupe += 5 {
		err := a.Remplir(t, chemin).Charger(t.Context(), func(ctx context.Context, f func(store.Element) error) error {
			n := 0
			return source.Copier(ctx, func(e store.Element) error {
				if n++; n > coupe {
					return errCoupe
				}
				return f(e)
			})
		})
		if !errors.Is(err, errCoupe) {
			t.Fatalf("cut after %d elements: %v", coupe, err)
		}
		WantCode(t, a.Refus(t, chemin), mednum.Indisponible)
	}
	if err := a.Remplir(t, chemin).Charger(t.Context(), source.Copier); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, Copie(t, a.Open(t, chemin).Copier)); d != "" {
		t.Errorf("filled after the cuts (-want +got):\n%s", d)
	}
}

// contratCopieChaude copies while edits and operations run: every write that
// was acknowledged before is there, the versions of a place follow each other,
// records go with the places of their operation.
func contratCopieChaude(t *testing.T, a Atelier) {
	const copies, operations = 8, 4
	chemin := a.Neuf(t)
	ici, ailleurs := a.Open(t, chemin), a.Open(t, chemin)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	var mu sync.Mutex
	acquis := map[string]int{}
	noter := func(id string, v int, err error) bool {
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			acquis[id] = v
		} else if ctx.Err() == nil {
			t.Errorf("%s v%d: %v", id, v, err)
		}
		return err == nil
	}
	for c := range 3 {
		id := fmt.Sprintf("edit%d", c)
		wg.Go(func() {
			v := 1
			for ctx.Err() == nil && noter(id, v, ailleurs.Save(ctx, Revision(Lieu(id, "x"), v))) {
				v++
			}
		})
	}
	wg.Go(func() {
		for v := 1; ctx.Err() == nil && noter("op", v, operationChaude(ctx, ailleurs, v)); v++ {
			time.Sleep(50 * time.Millisecond)
		}
	})
	for n := 0; !t.Failed(); n++ {
		mu.Lock()
		avant := maps.Clone(acquis)
		mu.Unlock()
		wantEntiere(t, ici.Copier, avant)
		if n >= copies && avant["op"] >= operations && avant["edit0"] > 0 {
			break
		}
	}
	cancel()
	wg.Wait()
}

// operationChaude moves three records from place to place: op/<v mod 2>.
func operationChaude(ctx context.Context, b store.Magasin, v int) error {
	ids := []string{"op/0", "op/1"}
	vers := ids[v%2]
	var fiches []mednum.Fiche
	for i := range 3 {
		fiches = append(fiches, Fiche(fmt.Sprint(i), vers))
	}
	var revisions []mednum.Revision
	for _, id := range ids {
		revisions = append(revisions, Revision(Lieu(id, vers), v))
	}
	return b.Apply(ctx, mednum.Operation{ID: fmt.Sprint("op", v), Le: Maintenant.Add(time.Duration(v) * time.Second)}, fiches, revisions)
}

func wantEntiere(t *testing.T, de store.Source, avant map[string]int) {
	t.Helper()
	versions, noms := map[string]int{}, map[string]string{}
	var fiches []string
	operations := 0
	err := de(t.Context(), func(e store.Element) error {
		switch {
		case e.Revision != nil:
			if e.Revision.Version != versions[e.Revision.Lieu]+1 {
				t.Errorf("%s: version %d follows %d", e.Revision.Lieu, e.Revision.Version, versions[e.Revision.Lieu])
			}
			versions[e.Revision.Lieu], noms[e.Revision.Lieu] = e.Revision.Version, e.Revision.Apres.Champs.Nom
		case e.Fiche != nil:
			fiches = append(fiches, e.Fiche.Lieu)
		case e.Operation != nil:
			operations++
			if e.Operation.Etat != "finie" {
				t.Errorf("operation %s is %s", e.Operation.ID, e.Operation.Etat)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, v := range avant {
		if id != "op" && versions[id] < v || id == "op" && operations < v {
			t.Errorf("%s v%d was acknowledged; the copy has %d and %d operations", id, v, versions[id], operations)
		}
	}
	for _, id := range []string{"op/0", "op/1"} {
		if versions[id] != operations || operations > 0 && (len(fiches) != 3 || slices.ContainsFunc(fiches, func(l string) bool { return l != noms[id] })) {
			t.Errorf("%s is at version %d, named %q, its records are in %v, after %d operations", id, versions[id], noms[id], fiches, operations)
		}
	}
}
