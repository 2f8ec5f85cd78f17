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

func contratMalforme(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	ctx := t.Context()
	Save(t, b, Revision(Lieu("a", "v1"), 1))
	version := Version(t, b)
	autre := Revision(Lieu("a", "v2"), 2)
	autre.Apres.ID = "b"
	for _, tt := range []struct {
		name  string
		write func() error
	}{
		{"a revision of no place", func() error { return b.Save(ctx, Revision(Lieu("", "x"), 1)) }},
		{"the after-image of another place", func() error { return b.Save(ctx, autre) }},
		{"an operation without an id", func() error { return b.Apply(ctx, mednum.Operation{}, nil, nil) }},
		{"a place twice in an operation", func() error {
			return b.Apply(ctx, mednum.Operation{ID: "op"}, nil, []mednum.Revision{Revision(Lieu("a", "v2"), 2), Revision(Lieu("a", "v3"), 3)})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.write(); err == nil {
				t.Error("accepted")
			}
		})
	}
	WantNom(t, b, "a", "v1", 1)
	if lieux, err := b.Lieux(ctx); err != nil || len(lieux) != 1 {
		t.Errorf("Lieux = %d, %v, want 1", len(lieux), err)
	}
	if v := Version(t, b); v != version {
		t.Errorf("version %d, was %d: nothing was to be written", v, version)
	}
}

// contratTextes: ids and texts that a driver could take for its own syntax,
// moments to the nanosecond, numbers to the last digit.
func contratTextes(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	lat, lon := 44.0, 1.3553000000000002
	le := Maintenant.Add(123456789 * time.Nanosecond)
	for _, id := range []string{"a/1", "a", "$id", "a.b", `"`, "é", " ", "{}"} {
		l := Lieu(id, "\u00ab $set \u00bb \x00 \\ \u2028 <&> 😀")
		l.Champs.Latitude, l.Champs.Longitude = &lat, &lon
		l.Champs.Services, l.Champs.Publics = nil, []string{""}
		l.Corrections[mednum.ChampNom] = mednum.Correction{Valeur: `{"$date":1}`, Le: le}
		r := Revision(l, 1)
		r.Le = le
		Save(t, b, r)
		got, err := b.Revisions(t.Context(), id)
		if err != nil || len(got) != 1 {
			t.Fatalf("Revisions(%q) = %d, %v, want 1", id, len(got), err)
		}
		r.Apres.Version, r.Apres.Seq = 1, got[0].Apres.Seq
		// An empty list may come back as none.
		if !mednum.Identiques(r, got[0]) {
			t.Errorf("Revisions(%q) (-want +got):\n%s", id, cmp.Diff(r, got[0]))
		}
		lu, err := b.Lieu(t.Context(), id)
		if err != nil || !mednum.Identiques(r.Apres, lu) {
			t.Errorf("Lieu(%q) = %v (-want +got):\n%s", id, err, cmp.Diff(r.Apres, lu))
		}
	}
	for _, cle := range []string{"", "a.b", "$cle", "é/è"} {
		if err := b.SetReglage(t.Context(), cle, cle); err != nil {
			t.Fatal(err)
		}
		if got, err := b.Reglage(t.Context(), cle); err != nil || got != cle {
			t.Errorf("Reglage(%q) = %q, %v", cle, got, err)
		}
	}
	// Flow and key are two things: joined, they would be the same record.
	fiches := []mednum.Fiche{{Flux: "a", Cle: "b/c", Champs: map[mednum.Champ]string{}}, {Flux: "a/b", Cle: "c", Champs: map[mednum.Champ]string{}}}
	if err := b.Apply(t.Context(), mednum.Operation{ID: "$op.1/2"}, fiches, nil); err != nil {
		t.Fatal(err)
	}
	got, err := b.Fiches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(fiches, got); d != "" {
		t.Errorf("Fiches (-want +got):\n%s", d)
	}
}

func contratAbandon(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, errLieux := b.Lieux(ctx)
	_, errVersion := b.Version(ctx)
	for nom, err := range map[string]error{
		"Save": b.Save(ctx, Revision(Lieu("a", "v1"), 1)), "SetReglage": b.SetReglage(ctx, "c", "v"),
		"Apply": b.Apply(ctx, mednum.Operation{ID: "op"}, nil, []mednum.Revision{Revision(Lieu("b", "b"), 1)}),
		"Lieux": errLieux, "Version": errVersion,
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want %v", nom, err, context.Canceled)
		}
	}
	if lieux, err := b.Lieux(t.Context()); err != nil || len(lieux) != 0 {
		t.Errorf("Lieux = %d, %v, want none", len(lieux), err)
	}
	if _, err := b.Reglage(t.Context(), "c"); err == nil {
		t.Error("the setting was written")
	}
}

// contratOperationDouble: two instances that are asked for the same import.
func contratOperationDouble(t *testing.T, a Atelier) {
	const lieux = 30
	chemin := a.Neuf(t)
	bases := []store.Magasin{a.Open(t, chemin), a.Open(t, chemin)}
	var fiches []mednum.Fiche
	var revisions []mednum.Revision
	for i := range lieux {
		id := fmt.Sprintf("l%02d", i)
		fiches = append(fiches, Fiche(id, id))
		revisions = append(revisions, Revision(Lieu(id, id), 1))
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			err := bases[i%2].Apply(context.Background(), mednum.Operation{ID: "op"}, fiches, revisions)
			var e *mednum.Error
			// The one that planned before the other had written may be told to plan again.
			if err != nil && (!errors.As(err, &e) || e.Code != mednum.Perime) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range lieux {
		id := fmt.Sprintf("l%02d", i)
		WantNom(t, bases[i%2], id, id, 1)
		if got, err := bases[0].FichesDe(t.Context(), id); err != nil || len(got) != 1 {
			t.Errorf("FichesDe(%s) = %d, %v, want 1", id, len(got), err)
		}
	}
	if ops, err := bases[0].Operations(t.Context()); err != nil || len(ops) != 1 || ops[0].Etat != "finie" {
		t.Errorf("Operations = %+v, %v, want one, finie", ops, err)
	}
}

// contratSuivi: a reader that reads again each time the version has moved, and
// only then, knows the last state of every place once the writers are done.
func contratSuivi(t *testing.T, a Atelier) {
	const ecrivains, versions = 4, 15
	chemin := a.Neuf(t)
	ici, ailleurs := a.Open(t, chemin), a.Open(t, chemin)
	fini := make(chan struct{})
	var wg sync.WaitGroup
	for e := range ecrivains {
		wg.Go(func() {
			id := fmt.Sprintf("l%d", e)
			for v := 1; v <= versions; v++ {
				if err := ailleurs.Save(context.Background(), Revision(Lieu(id, fmt.Sprintf("v%d", v)), v)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	go func() { wg.Wait(); close(fini) }()
	derniere, lu := int64(-1), []mednum.Lieu(nil)
	for dernier := false; ; {
		if v := Version(t, ici); v < derniere {
			t.Fatalf("version %d after %d", v, derniere)
		} else if v != derniere {
			var err error
			if lu, err = ici.Lieux(t.Context()); err != nil {
				t.Fatal(err)
			}
			derniere = v
		}
		if dernier {
			break
		}
		select {
		case <-fini:
			dernier = true // one look more
		default:
		}
	}
	if len(lu) != ecrivains {
		t.Fatalf("%d places read, want %d", len(lu), ecrivains)
	}
	for _, l := range lu {
		if l.Version != versions {
			t.Errorf("lieu %s read at version %d, want %d", l.ID, l.Version, versions)
		}
	}
}
