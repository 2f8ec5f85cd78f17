package catalogue

import (
	"fmt"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The places at the end of a day are those of the last revision written by then,
// on the territory's clock, through as many pages of the journal as it takes.
func TestLieuxAu(t *testing.T) {
	base := openBase(t)
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	ecrire := func(id string, version int, le time.Time) {
		t.Helper()
		rev := mednum.Revision{
			Lieu: id, Version: version, Auteur: "essai", Voie: "cli", Le: le,
			Apres: mednum.Lieu{ID: id, Statut: mednum.StatutPublie, Champs: mednum.Champs{Nom: fmt.Sprintf("version %d", version)}},
		}
		if err := base.Save(t.Context(), rev); err != nil {
			t.Fatal(err)
		}
	}
	minuit := time.Date(2026, 3, 11, 0, 0, 0, 0, loc)
	ecrire("a", 1, minuit.AddDate(0, 0, -5))
	ecrire("a", 2, minuit.Add(-time.Second)) // the 10th, at 23 h 59 m 59
	ecrire("a", 3, minuit)
	for n := 1; n <= 450; n++ {
		ecrire("b", n, minuit.AddDate(0, 0, 10))
	}
	c, err := Open(t.Context(), base, territoireEdition(t), nil, heure)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name string
		jour mednum.Date
		want map[string]string
	}{
		{"before all", mednum.Date{Annee: 2026, Mois: 3, Jour: 5}, map[string]string{}},
		{"the first day", mednum.Date{Annee: 2026, Mois: 3, Jour: 6}, map[string]string{"a": "version 1"}},
		{"the last second of a day", mednum.Date{Annee: 2026, Mois: 3, Jour: 10}, map[string]string{"a": "version 2"}},
		{"midnight is the next day", mednum.Date{Annee: 2026, Mois: 3, Jour: 11}, map[string]string{"a": "version 3"}},
		{"today", mednum.Date{Annee: 2026, Mois: 3, Jour: 21}, map[string]string{"a": "version 3", "b": "version 450"}},
	} {
		lieux, premier, err := c.LieuxAu(t.Context(), x.jour)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, l := range lieux {
			got[l.ID] = l.Champs.Nom
		}
		if fmt.Sprint(got) != fmt.Sprint(x.want) || len(lieux) != len(got) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
		if len(got) == 0 && premier != (mednum.Date{Annee: 2026, Mois: 3, Jour: 6}) {
			t.Errorf("%s: the journal begins on %v", x.name, premier)
		}
	}
}
