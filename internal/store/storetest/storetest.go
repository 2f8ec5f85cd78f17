// Package storetest is the suite that every store of places passes: it is the
// contract of store.Magasin, in tests.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Atelier opens the stores of a test.
type Atelier struct {
	// Neuf names a base that does not exist yet, and that the test may leave behind.
	Neuf func(t *testing.T) string
	// Open opens the base of that name; the same name is the same data. The
	// store is closed when the test ends. Its clock stands at Maintenant.
	Open func(t *testing.T, nom string) store.Magasin
	// Remplir is Open for a base that Charger fills.
	Remplir func(t *testing.T, nom string) store.Magasin
	// Refus is the error with which the base of that name does not open.
	Refus func(t *testing.T, nom string) error
}

// Maintenant is the clock of the stores under test.
var Maintenant = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// Run is the behaviour that every store of places has.
func Run(t *testing.T, a Atelier) {
	cas := map[string]func(*testing.T, Atelier){
		"a place is read as it was saved":           contratRelire,
		"a stale version is refused":                contratPerime,
		"the same key is one write":                 contratIdempotence,
		"the history keeps every version":           contratHistoire,
		"racing edits: one store":                   func(t *testing.T, a Atelier) { contratCourse(t, a, 1) },
		"racing edits: two stores on one base":      func(t *testing.T, a Atelier) { contratCourse(t, a, 2) },
		"the version moves for every reader":        contratVersion,
		"an operation is applied once":              contratOperation,
		"an operation that is stale writes nothing": contratOperationPerimee,
		"an operation tells how far it is":          contratAvance,
		"a record moves with its place":             contratDeplacement,
		"settings":                                  contratReglages,
		"sources":                                   contratFlux,
		"objects":                                   contratObjets,
		"objects are found by key, page by page":    contratChoix,
		"of racing writes of an object one wins":    contratObjetCourse,
		"what was written since is read alone":      contratSauf,
		"what is absent is said":                    contratAbsent,
		"what is malformed is refused":              contratMalforme,
		"any text comes back as it was":             contratTextes,
		"a call that is given up writes nothing":    contratAbandon,
		"one operation, applied by two stores":      contratOperationDouble,
		"who asks for the version misses nothing":   contratSuivi,
		"who waits is woken by another's write":     Attendre,
		"the journal is read in pages":              contratJournal,
		"pages of the journal while others write":   contratJournalChaud,
		"a copy holds everything, and fills a base": contratCopie,
		"a base in use is not filled":               contratPasVide,
		"a base filled in part does not open":       contratCoupe,
		"a copy while others write is whole":        contratCopieChaude,
	}
	for nom, f := range cas {
		t.Run(nom, func(t *testing.T) { f(t, a) })
	}
}

// Lieu is a place with something in every kind of field.
func Lieu(id, nom string) mednum.Lieu {
	lat, lon := 42.9650, 1.6075
	return mednum.Lieu{
		ID: id, Statut: mednum.StatutPublie, Familles: []mednum.Famille{mednum.FamilleMediation},
		Champs:     mednum.Champs{ID: id, Nom: nom, Commune: "Foix", Latitude: &lat, Longitude: &lon, DateMaj: mednum.Date{Annee: 2024, Mois: 8, Jour: 1}},
		Precision:  mednum.PrecisionRue,
		Provenance: map[mednum.Champ]mednum.Origine{mednum.ChampNom: {Fiche: "flux/1"}},
		Corrections: map[mednum.Champ]mednum.Correction{
			mednum.ChampNom: {Valeur: nom, ValeurSource: "NOM", Auteur: "a", Le: Maintenant},
		},
		Permanences: []mednum.Permanence{{ID: "p1", Regle: "Mo 09:00-12:00", Arret: &mednum.Arret{Nom: "Mairie"}}},
	}
}

// Revision is the write that makes it of that version.
func Revision(l mednum.Lieu, version int) mednum.Revision {
	return mednum.Revision{Lieu: l.ID, Version: version, Apres: l, Champs: []mednum.Champ{mednum.ChampNom}, Auteur: "essai", Voie: "cli", Le: Maintenant}
}

// Save writes a revision that must be accepted.
func Save(t *testing.T, b store.Magasin, r mednum.Revision) {
	t.Helper()
	if err := b.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// WantCode wants an error of the domain, with words.
func WantCode(t *testing.T, err error, code mednum.Code) {
	t.Helper()
	var e *mednum.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("error = %v, want code %s", err, code)
	}
	if e.Message == "" {
		t.Fatalf("error %v has no message", err)
	}
}

func contratRelire(t *testing.T, a Atelier) {
	chemin := a.Neuf(t)
	b := a.Open(t, chemin)
	Save(t, b, Revision(Lieu("b", "Deux"), 1))
	Save(t, b, Revision(Lieu("a", "Un"), 1))
	want := []mednum.Lieu{Lieu("a", "Un"), Lieu("b", "Deux")}
	want[0].Version, want[0].Seq = 1, 2
	want[1].Version, want[1].Seq = 1, 1
	for _, base := range []store.Magasin{b, a.Open(t, chemin)} {
		got, err := base.Lieux(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("Lieux (-want +got):\n%s", d)
		}
		un, err := base.Lieu(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want[0], un); d != "" {
			t.Errorf("Lieu (-want +got):\n%s", d)
		}
	}
}

func contratPerime(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	Save(t, b, Revision(Lieu("a", "v1"), 1))
	Save(t, b, Revision(Lieu("a", "v2"), 2))
	for _, version := range []int{-1, 0, 1, 2, 4} {
		WantCode(t, b.Save(t.Context(), Revision(Lieu("a", "tard"), version)), mednum.Perime)
	}
	WantCode(t, b.Save(t.Context(), Revision(Lieu("nouveau", "x"), 2)), mednum.Perime)
	WantNom(t, b, "a", "v2", 2)
}

// WantNom wants a place of that name and version.
func WantNom(t *testing.T, b store.Magasin, id, nom string, version int) {
	t.Helper()
	l, err := b.Lieu(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if l.Champs.Nom != nom || l.Version != version {
		t.Fatalf("lieu %s = %q v%d, want %q v%d", id, l.Champs.Nom, l.Version, nom, version)
	}
}

func contratIdempotence(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	r := Revision(Lieu("a", "v1"), 1)
	r.Idempotence = "cle-1"
	Save(t, b, r)
	Save(t, b, r)
	r.Version = 2 // a retry after a fresh read carries the next version
	Save(t, b, r)
	WantNom(t, b, "a", "v1", 1)
	wantRevisionDe(t, b, "cle-1")
	autre := Revision(Lieu("b", "autre"), 1)
	autre.Idempotence = "cle-1"
	WantCode(t, b.Save(t.Context(), autre), mednum.Invalide)
	sans := Revision(Lieu("a", "v2"), 2) // no key: as many as one likes
	Save(t, b, sans)
	Save(t, b, Revision(Lieu("a", "v3"), 3))
}

// wantRevisionDe wants the one write of place a, found by its key.
func wantRevisionDe(t *testing.T, b store.Magasin, cle string) {
	t.Helper()
	got, err := b.RevisionDe(t.Context(), cle)
	if err != nil {
		t.Fatal(err)
	}
	histoire, err := b.Revisions(t.Context(), "a")
	if err != nil || len(histoire) != 1 {
		t.Fatalf("%d revisions, %v, want 1", len(histoire), err)
	}
	if d := cmp.Diff(histoire[0], got); d != "" {
		t.Errorf("RevisionDe (-want +got):\n%s", d)
	}
}

func contratHistoire(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	var want []mednum.Revision
	for v := 1; v <= 3; v++ {
		r := Revision(Lieu("a", fmt.Sprintf("v%d", v)), v)
		Save(t, b, r)
		r.Apres.Version, r.Apres.Seq = v, int64(v)
		want = append(want, r)
	}
	got, err := b.Revisions(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Revisions (-want +got):\n%s", d)
	}
}

// contratCourse: 20 rounds of 20 edits of the same version, 400 in all. Each
// is applied once or refused as stale, and none vanishes.
func contratCourse(t *testing.T, a Atelier, magasins int) {
	const tours, coureurs = 20, 20
	chemin := a.Neuf(t)
	bases := make([]store.Magasin, magasins)
	for i := range bases {
		bases[i] = a.Open(t, chemin)
	}
	var mu sync.Mutex
	acquis := map[int]string{} // version → the edit that was acknowledged
	refus := 0
	for tour := 1; tour <= tours; tour++ {
		var wg sync.WaitGroup
		for c := range coureurs {
			wg.Go(func() {
				nom := fmt.Sprintf("tour %d coureur %d", tour, c)
				err := bases[c%magasins].Save(context.Background(), Revision(Lieu("a", nom), tour))
				mu.Lock()
				defer mu.Unlock()
				var e *mednum.Error
				switch {
				case err == nil && acquis[tour] == "":
					acquis[tour] = nom
				case err == nil:
					t.Errorf("version %d acknowledged twice: %s and %s", tour, acquis[tour], nom)
				case errors.As(err, &e) && e.Code == mednum.Perime:
					refus++
				default:
					t.Errorf("%s: %v", nom, err)
				}
			})
		}
		wg.Wait()
	}
	if len(acquis) != tours || refus != tours*coureurs-tours {
		t.Fatalf("%d applied and %d refused, want %d and %d", len(acquis), refus, tours, tours*coureurs-tours)
	}
	histoire, err := bases[0].Revisions(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if len(histoire) != tours {
		t.Fatalf("%d revisions, want %d", len(histoire), tours)
	}
	for _, r := range histoire {
		if r.Apres.Champs.Nom != acquis[r.Version] {
			t.Errorf("version %d is %q, acknowledged %q", r.Version, r.Apres.Champs.Nom, acquis[r.Version])
		}
	}
	WantNom(t, bases[magasins-1], "a", acquis[tours], tours)
}

func contratVersion(t *testing.T, a Atelier) {
	chemin := a.Neuf(t)
	ici, ailleurs := a.Open(t, chemin), a.Open(t, chemin)
	derniere := Version(t, ici)
	ecritures := []func(){
		func() { Save(t, ailleurs, Revision(Lieu("a", "v1"), 1)) },
		func() { Save(t, ici, Revision(Lieu("a", "v2"), 2)) },
		func() {
			if err := ailleurs.SetReglage(t.Context(), "c", "v"); err != nil {
				t.Fatal(err)
			}
		},
		func() {
			if err := ailleurs.Apply(t.Context(), mednum.Operation{ID: "o"}, nil, []mednum.Revision{Revision(Lieu("b", "b"), 1)}); err != nil {
				t.Fatal(err)
			}
		},
	}
	for i, ecrire := range ecritures {
		if v := Version(t, ici); v != derniere {
			t.Fatalf("before write %d: version %d, want %d: nothing was written", i, v, derniere)
		}
		ecrire()
		v := Version(t, ici)
		if v <= derniere || v != Version(t, ailleurs) {
			t.Fatalf("after write %d: version %d here and %d there, was %d", i, v, Version(t, ailleurs), derniere)
		}
		derniere = v
	}
}

// Version is the version of the base.
func Version(t *testing.T, b store.Magasin) int64 {
	t.Helper()
	v, err := b.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Fiche is a record attached to a place.
func Fiche(cle, lieu string) mednum.Fiche {
	return mednum.Fiche{
		Flux: "flux", Cle: cle, Lieu: lieu, Empreinte: "e" + cle, Precision: mednum.PrecisionRue,
		Champs:    map[mednum.Champ]string{mednum.ChampNom: "Nom " + cle},
		DateMaj:   mednum.Date{Annee: 2022, Mois: 5, Jour: 3},
		Remarques: []mednum.Remarque{{Champ: mednum.ChampNom, Avant: "NOM", Apres: "Nom", Motif: "capitales", ARevoir: true}},
	}
}

func contratOperation(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	op := mednum.Operation{ID: "op1", Genre: "import", Auteur: "essai", Le: Maintenant, Rattachements: []mednum.Rattachement{{Fiche: "flux/1", Vers: "a", Motif: []string{"même adresse"}}}}
	fiches := []mednum.Fiche{Fiche("2", "a"), Fiche("1", "a"), Fiche("3", "b")}
	revisions := []mednum.Revision{Revision(Lieu("a", "Un"), 1), Revision(Lieu("b", "Deux"), 1)}
	for range 2 {
		if err := b.Apply(t.Context(), op, fiches, revisions); err != nil {
			t.Fatal(err)
		}
	}
	WantNom(t, b, "a", "Un", 1)
	deA, err := b.FichesDe(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]mednum.Fiche{Fiche("1", "a"), Fiche("2", "a")}, deA); d != "" {
		t.Errorf("FichesDe (-want +got):\n%s", d)
	}
	toutes, err := b.Fiches(t.Context())
	if err != nil || len(toutes) != 3 {
		t.Errorf("Fiches = %d, %v, want 3", len(toutes), err)
	}
	op.Etat = "finie"
	ops, err := b.Operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]mednum.Operation{op}, ops); d != "" {
		t.Errorf("Operations (-want +got):\n%s", d)
	}
	histoire, err := b.Revisions(t.Context(), "a")
	if err != nil || len(histoire) != 1 || histoire[0].Operation != "op1" {
		t.Errorf("Revisions = %+v, %v, want one of op1", histoire, err)
	}
}

// contratAvance: who follows an operation is told of all its places, in order,
// and of the end; nobody need follow.
func contratAvance(t *testing.T, a Atelier) {
	const n = 450 // more than any store writes at once
	b := a.Open(t, a.Neuf(t))
	var fiches []mednum.Fiche
	var revisions []mednum.Revision
	for i := range n {
		id := fmt.Sprintf("l%03d", i)
		fiches, revisions = append(fiches, Fiche(id, id)), append(revisions, Revision(Lieu(id, "v1"), 1))
	}
	dernier, fois := 0, 0
	ctx := store.AvecAvance(t.Context(), func(fait, total int) {
		if fois++; total != n || fait <= dernier || fait > n {
			t.Errorf("told %d of %d after %d", fait, total, dernier)
		}
		dernier = fait
	})
	if err := b.Apply(ctx, mednum.Operation{ID: "op"}, fiches, revisions); err != nil {
		t.Fatal(err)
	}
	if dernier != n || fois < 2 {
		t.Errorf("told %d times, %d places at the end, want all %d", fois, dernier, n)
	}
	if err := b.Apply(store.AvecAvance(t.Context(), nil), mednum.Operation{ID: "op2"}, fiches[:1], nil); err != nil {
		t.Fatal(err)
	}
}

func contratOperationPerimee(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	Save(t, b, Revision(Lieu("b", "b"), 1))
	err := b.Apply(t.Context(), mednum.Operation{ID: "op"}, []mednum.Fiche{Fiche("1", "a")},
		[]mednum.Revision{Revision(Lieu("a", "Un"), 1), Revision(Lieu("b", "Deux"), 1)})
	WantCode(t, err, mednum.Perime)
	lieux, err := b.Lieux(t.Context())
	if err != nil || len(lieux) != 1 {
		t.Errorf("Lieux = %d, %v, want 1", len(lieux), err)
	}
	if ops, err := b.Operations(t.Context()); err != nil || len(ops) != 0 {
		t.Errorf("Operations = %v, %v, want none", ops, err)
	}
}

func contratDeplacement(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	ctx := t.Context()
	if err := b.Apply(ctx, mednum.Operation{ID: "1"}, []mednum.Fiche{Fiche("1", "a"), Fiche("2", "a")}, []mednum.Revision{Revision(Lieu("a", "A"), 1)}); err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(ctx, mednum.Operation{ID: "2"}, []mednum.Fiche{Fiche("2", "b")}, []mednum.Revision{Revision(Lieu("a", "A seul"), 2), Revision(Lieu("b", "B"), 1)}); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"a": "1", "b": "2"} {
		got, err := b.FichesDe(ctx, id)
		if err != nil || len(got) != 1 || got[0].Cle != want {
			t.Errorf("FichesDe(%s) = %v, %v, want %s", id, got, err, want)
		}
	}
	// A record alone changes, its place does not.
	f := Fiche("2", "b")
	f.Empreinte = "autre"
	if err := b.Apply(ctx, mednum.Operation{ID: "3"}, []mednum.Fiche{f}, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := b.FichesDe(ctx, "b"); err != nil || got[0].Empreinte != "autre" {
		t.Errorf("FichesDe(b) = %v, %v", got, err)
	}
	// A record cannot belong to a place that does not exist.
	if err := b.Apply(ctx, mednum.Operation{ID: "4"}, []mednum.Fiche{Fiche("9", "nulle-part")}, nil); err == nil {
		t.Error("a record of no place was accepted")
	}
}

func contratReglages(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	for _, v := range []string{"un", "", "deux"} {
		if err := b.SetReglage(t.Context(), "cle", v); err != nil {
			t.Fatal(err)
		}
		if got, err := b.Reglage(t.Context(), "cle"); err != nil || got != v {
			t.Errorf("Reglage = %q, %v, want %q", got, err, v)
		}
	}
}

func contratSauf(t *testing.T, a Atelier) {
	chemin := a.Neuf(t)
	ici, ailleurs := a.Open(t, chemin), a.Open(t, chemin)
	connus := map[string]int64{}
	want := func(ids ...string) {
		t.Helper()
		lieux, err := ailleurs.LieuxSauf(t.Context(), connus)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range lieux {
			got = append(got, lieux[i].ID)
			entier, err := ailleurs.Lieu(t.Context(), lieux[i].ID)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(entier, lieux[i]); d != "" {
				t.Errorf("%s (-Lieu +LieuxSauf):\n%s", lieux[i].ID, d)
			}
			connus[lieux[i].ID] = lieux[i].Seq
		}
		if d := cmp.Diff(ids, got); d != "" {
			t.Errorf("LieuxSauf (-want +got):\n%s", d)
		}
	}
	want()
	for _, id := range []string{"b", "é", "a"} {
		Save(t, ici, Revision(Lieu(id, "v1"), 1))
	}
	want("a", "b", "é")
	want()
	Save(t, ici, Revision(Lieu("b", "v2"), 2))
	Save(t, ici, Revision(Lieu("c", "v1"), 1))
	want("b", "c")
	want()
	connus["a"] = 1 << 40 // a number that it never had
	want("a")
}

func contratFlux(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	want := map[string]mednum.Flux{"a": {ID: "a", Nom: "Un", Confiance: 30, AgeMax: 36}, "b": {ID: "b", Nom: "Deux", AgeMax: 12}}
	for _, f := range []mednum.Flux{{ID: "a", Nom: "avant"}, want["b"], want["a"]} {
		if err := b.SetFlux(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	got, err := b.Flux(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Flux (-want +got):\n%s", d)
	}
}

func contratAbsent(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	lieux, err := b.Lieux(t.Context())
	if err != nil || len(lieux) != 0 {
		t.Errorf("Lieux of an empty base = %v, %v", lieux, err)
	}
	_, err = b.Lieu(t.Context(), "rien")
	WantCode(t, err, mednum.Introuvable)
	_, err = b.Reglage(t.Context(), "rien")
	WantCode(t, err, mednum.Introuvable)
	_, err = b.Objet(t.Context(), "compte", "rien")
	WantCode(t, err, mednum.Introuvable)
	Save(t, b, Revision(Lieu("a", "sans clé"), 1))
	for _, cle := range []string{"rien", ""} { // a write without a key has none, not the empty one
		_, err = b.RevisionDe(t.Context(), cle)
		WantCode(t, err, mednum.Introuvable)
	}
}
