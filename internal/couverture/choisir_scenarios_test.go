package couverture_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

func TestScenarios(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = base.Close() })
	s := couverture.NewScenarios(base, func() time.Time { return now })
	e := etude(nil)
	p := couverture.Proposition{Population: 12, Plafond: 4000, Couverts: couverture.Effet{Avant: 22000, Apres: 7000}}

	for _, nom := range []string{"", " \n ", strings.Repeat("é", 81)} {
		if _, err := s.Garder(t.Context(), nom, "compte:a", "k", e, &p); champ(err) != "nom" {
			t.Errorf("%q: %v", nom, err)
		}
	}
	v, err := s.Garder(t.Context(), " Trois  lieux ", "compte:a", "k", e, &p)
	if err != nil || v.Nom != "Trois lieux" {
		t.Fatal(v.Nom, err)
	}
	if deux, err := s.Garder(t.Context(), "Trois lieux", "compte:a", "k", e, &p); err != nil || deux.ID != v.ID {
		t.Errorf("the same form made another one: %v", err)
	}
	now = now.Add(time.Hour)
	w, err := s.Garder(t.Context(), "Un bus", "compte:b", "k", e, &p)
	if err != nil {
		t.Fatal(err)
	}
	liste, err := s.Liste(t.Context())
	if err != nil || len(liste) != 2 || liste[0].ID != w.ID {
		t.Fatalf("%v, %v", liste, err)
	}
	if diff := cmp.Diff(v, liste[1]); diff != "" {
		t.Errorf("kept (-given +read):\n%s", diff)
	}
	p.Population = 13
	if _, err := s.Recalculer(t.Context(), v.ID, &p); err != nil {
		t.Fatal(err)
	}
	lu, err := s.Scenario(t.Context(), v.ID)
	if err != nil || lu.Proposition.Population != 13 || !lu.Recalcule.Equal(now) || !lu.Cree.Equal(v.Cree) {
		t.Errorf("%+v, %v", lu, err)
	}
	if err := s.Oter(t.Context(), v.ID); err != nil {
		t.Fatal(err)
	}
	var absent *mednum.Error
	if _, err := s.Scenario(t.Context(), v.ID); !errors.As(err, &absent) || absent.Code != mednum.Introuvable {
		t.Errorf("%v", err)
	}
	if _, err := s.Recalculer(t.Context(), v.ID, &p); err == nil {
		t.Error("one that is gone was computed again")
	}
}

// One too many is refused, in words.
func TestScenariosTropNombreux(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }
	base, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = base.Close() })
	s := couverture.NewScenarios(base, now)
	p := couverture.Proposition{}
	for n := range 201 {
		_, err = s.Garder(t.Context(), "x", "compte:a", strings.Repeat("k", n), etude(nil), &p)
		if n < 200 && err != nil {
			t.Fatal(err)
		}
	}
	var trop *mednum.Error
	if !errors.As(err, &trop) || trop.Code != mednum.Conflit || !strings.Contains(trop.Message, "200") {
		t.Errorf("%v", err)
	}
}
