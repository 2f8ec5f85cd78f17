package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Objet is an object of that version, found by "cle" and "cle <version>", to be
// swept in a year.
func Objet(genre, id string, version int) store.Objet {
	return store.Objet{
		Genre: genre, ID: id, Version: version, Cles: []string{"cle", fmt.Sprint("cle ", version)},
		Efface: Maintenant.AddDate(1, 0, 0), Corps: json.RawMessage(fmt.Sprintf(`{"$oid":"%s","n":%d,"é":"<&>","x.y":1.5}`, id, version)),
	}
}

func setObjet(t *testing.T, b store.Magasin, objets ...store.Objet) {
	t.Helper()
	for i := range objets {
		if err := b.SetObjet(t.Context(), objets[i]); err != nil {
			t.Fatal(err)
		}
	}
}

func wantObjet(t *testing.T, b store.Magasin, want store.Objet) {
	t.Helper()
	got, err := b.Objet(t.Context(), want.Genre, want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Objet (-want +got):\n%s", d)
	}
}

func contratObjets(t *testing.T, a Atelier) {
	chemin := a.Neuf(t)
	ici, ailleurs := a.Open(t, chemin), a.Open(t, chemin)
	v := Version(t, ici)
	setObjet(t, ici, Objet("compte", "a/b", 1), Objet("session", "a/b", 1))
	wantObjet(t, ailleurs, Objet("compte", "a/b", 1))
	setObjet(t, ailleurs, Objet("compte", "a/b", 2))
	wantObjet(t, ici, Objet("compte", "a/b", 2))
	wantObjet(t, ici, Objet("session", "a/b", 1))
	for _, tard := range []store.Objet{Objet("compte", "a/b", 1), Objet("compte", "a/b", 2), Objet("compte", "a/b", 4), Objet("compte", "c", 2)} {
		WantCode(t, ici.SetObjet(t.Context(), tard), mednum.Perime)
	}
	wantObjet(t, ici, Objet("compte", "a/b", 2))

	nu := store.Objet{Genre: "compte", ID: "nu", Version: 1, Corps: json.RawMessage(" { \"a\" : [ 1 ] }\n")}
	setObjet(t, ici, nu)
	nu.Corps = json.RawMessage(`{"a":[1]}`)
	wantObjet(t, ailleurs, nu)
	daté := Objet("compte", "date", 1)
	daté.Efface = time.Date(2026, 3, 2, 12, 0, 0, 999, time.FixedZone("ailleurs", 3600))
	setObjet(t, ici, daté)
	daté.Efface = time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC)
	wantObjet(t, ailleurs, daté)

	for _, mal := range []store.Objet{
		{Genre: "compte", ID: "x", Version: 1},
		{Genre: "compte", ID: "x", Version: 1, Corps: json.RawMessage(`{"a":`)},
		{ID: "x", Version: 1, Corps: nu.Corps},
		{Genre: "compte", Version: 1, Corps: nu.Corps},
		{Genre: "compte", ID: "x", Corps: nu.Corps},
	} {
		if err := ici.SetObjet(t.Context(), mal); err == nil {
			t.Errorf("%+v was written", mal)
		}
	}
	for range 2 {
		if err := ailleurs.OterObjet(t.Context(), "compte", "a/b"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := ici.Objet(t.Context(), "compte", "a/b")
	WantCode(t, err, mednum.Introuvable)
	wantObjet(t, ici, Objet("session", "a/b", 1))
	setObjet(t, ici, Objet("compte", "a/b", 1)) // again from the first version
	if Version(t, ailleurs) != v {
		t.Error("the version of what is published moved")
	}
}

func contratChoix(t *testing.T, a Atelier) {
	b := a.Open(t, a.Neuf(t))
	for _, id := range []string{"b", "é", "a", "c", "Z"} {
		setObjet(t, b, Objet("compte", id, 1))
	}
	setObjet(t, b, Objet("envoi", "autre", 1), Objet("compte", "b", 2))
	for _, tt := range []struct {
		name  string
		choix store.Choix
		want  []string
	}{
		{"all of a genre, by their bytes", store.Choix{Genre: "compte"}, []string{"Z", "a", "b", "c", "é"}},
		{"by a key of all", store.Choix{Genre: "compte", Cle: "cle"}, []string{"Z", "a", "b", "c", "é"}},
		{"a key follows its object", store.Choix{Genre: "compte", Cle: "cle 2"}, []string{"b"}},
		{"a key that it had", store.Choix{Genre: "compte", Cle: "cle 1"}, []string{"Z", "a", "c", "é"}},
		{"the first page", store.Choix{Genre: "compte", Cle: "cle", Limite: 2}, []string{"Z", "a"}},
		{"the next page", store.Choix{Genre: "compte", Cle: "cle", Apres: "a", Limite: 2}, []string{"b", "c"}},
		{"the last page", store.Choix{Genre: "compte", Apres: "c", Limite: 2}, []string{"é"}},
		{"after the last", store.Choix{Genre: "compte", Apres: "é", Limite: 2}, nil},
		{"no such key", store.Choix{Genre: "compte", Cle: "rien"}, nil},
		{"no such genre", store.Choix{Genre: "rien"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			objets, err := b.Objets(t.Context(), tt.choix)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for i := range objets {
				ids = append(ids, objets[i].ID)
			}
			if d := cmp.Diff(tt.want, ids); d != "" {
				t.Errorf("ids (-want +got):\n%s", d)
			}
		})
	}
	if err := b.OterObjet(t.Context(), "compte", "b"); err != nil {
		t.Fatal(err)
	}
	if objets, err := b.Objets(t.Context(), store.Choix{Genre: "compte", Cle: "cle 2"}); err != nil || len(objets) > 0 {
		t.Errorf("its key finds %v, %v", objets, err)
	}
}

// contratObjetCourse has many write the same version from two stores: one
// succeeds, and what is there is hers.
func contratObjetCourse(t *testing.T, a Atelier) {
	chemin := a.Neuf(t)
	bases := []store.Magasin{a.Open(t, chemin), a.Open(t, chemin)}
	for version := 1; version <= 2; version++ {
		var wg sync.WaitGroup
		var gagne atomic.Int64
		for i := range 20 {
			wg.Go(func() {
				o := Objet("lien", "a", version)
				o.Corps = json.RawMessage(fmt.Sprint(i))
				err := bases[i%2].SetObjet(t.Context(), o)
				var refus *mednum.Error
				switch {
				case err == nil && !gagne.CompareAndSwap(0, int64(i+1)):
					t.Errorf("version %d: %d wins too", version, i)
				case err != nil && (!errors.As(err, &refus) || refus.Code != mednum.Perime):
					t.Errorf("version %d: %v", version, err)
				}
			})
		}
		wg.Wait()
		o, err := bases[0].Objet(t.Context(), "lien", "a")
		if err != nil || !slices.Equal(o.Corps, []byte(fmt.Sprint(gagne.Load()-1))) {
			t.Errorf("version %d: the body is %s, %d won (%v)", version, o.Corps, gagne.Load()-1, err)
		}
	}
}
