package collecte_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Values that somebody chooses are corrections of theirs, written with the merge
// and taken back with it; what the rule shows already is none.
func TestFusionnerEnChoisissant(t *testing.T) {
	surLesDeux(t, func(t *testing.T, b store.Magasin) {
		k, a, _ := deuxLieux(t, b)
		avantK, avantA := contenu(t, b, k), contenu(t, b, a)
		p, err := bureau(b).Paire(t.Context(), k, a)
		if err != nil || p.Distincts {
			t.Fatalf("%v, %v", p.Distincts, err)
		}
		i := 0
		if p.Lieux[1].ID == k {
			i = 1
		}
		regle := p.Reunis[i]
		f := collecte.Fusion{Garde: k, Absorbe: a, Prendre: map[mednum.Champ]string{
			mednum.ChampNom:       a, // the rule shows that of k
			mednum.ChampTelephone: a, // over a correction of k
			mednum.ChampHoraires:  k, // what the rule shows
		}}
		d, err := bureau(b).Fusionner(t.Context(), f, qui)
		if err != nil {
			t.Fatal(err)
		}
		l := lieu(t, b, k)
		if l.Champs.Nom != avantA.Champs.Nom || l.Champs.Telephone != avantA.Champs.Telephone || l.Champs.Horaires != regle.Champs.Horaires {
			t.Errorf("shown: %q, %q, %q", l.Champs.Nom, l.Champs.Telephone, l.Champs.Horaires)
		}
		for _, champ := range []mednum.Champ{mednum.ChampNom, mednum.ChampTelephone} {
			if l.Corrections[champ].Auteur != qui {
				t.Errorf("%s is not signed: %+v", champ, l.Corrections[champ])
			}
		}
		if _, pris := l.Corrections[mednum.ChampHoraires]; pris {
			t.Error("what the rule shows became a correction")
		}
		if l.ModifieLe != mednum.DateOf(maintenant) || l.ModifiePar != qui {
			t.Errorf("dated %s by %s", l.ModifieLe, l.ModifiePar)
		}
		prevu, err := bureau(b).Prevoir(t.Context(), d.Operation, func(*mednum.Operation) error { return nil })
		if err != nil || !prevu.Separe || len(prevu.Paires) != 1 || prevu.Fiches != 1 {
			t.Errorf("foreseen: %+v, %v", prevu, err)
		}
		if _, err := bureau(b).Defaire(t.Context(), d.Operation, qui); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(avantK, contenu(t, b, k)); diff != "" {
			t.Errorf("the kept place is not what it was:\n%s", diff)
		}
		if diff := cmp.Diff(avantA, contenu(t, b, a)); diff != "" {
			t.Errorf("the other one is not what it was:\n%s", diff)
		}
	})
}

// What nobody may choose is refused, and nothing is written.
func TestFusionnerChoixRefuse(t *testing.T) {
	b := baseQuiVieillit(t)
	k, a, _ := deuxLieux(t, b)
	avant := contenu(t, b, k)
	for _, tt := range []struct {
		name, champ string
		f           collecte.Fusion
		code        mednum.Code
	}{
		{"a third place", "nom", collecte.Fusion{Garde: k, Absorbe: a, Prendre: map[mednum.Champ]string{mednum.ChampNom: "tiers"}}, mednum.Invalide},
		{"a version that is past", "version", collecte.Fusion{Garde: k, Absorbe: a, Vus: [2]int{1, 0}}, mednum.Perime},
		{"the other one's", "version", collecte.Fusion{Garde: k, Absorbe: a, Vus: [2]int{0, 99}}, mednum.Perime},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := bureau(b).Fusionner(t.Context(), tt.f, qui)
			wantCode(t, err, tt.code)
			if err == nil || !strings.Contains(err.Error(), tt.champ) && tt.champ != "version" {
				t.Errorf("%v", err)
			}
		})
	}
	if diff := cmp.Diff(avant, contenu(t, b, k)); diff != "" {
		t.Error(diff)
	}
}

// The queue is kept while the base does not move, loses at once what is answered,
// and follows what others write.
// While the queue is made again, those who read it are told.
func TestQuestionsRefaites(t *testing.T) {
	b := baseQuiVieillit(t)
	apporter(t, b, lecture(fluxA, guichet(fluxA, "1")))
	c := bureau(b)
	refaite := func(want bool) {
		t.Helper()
		if dit, err := c.Refaite(t.Context()); err != nil || dit != want {
			t.Fatalf("%t, %v: not %t", dit, err, want)
		}
	}
	refaite(false)
	if _, err := c.Questions(t.Context()); err != nil {
		t.Fatal(err)
	}
	refaite(true)
	apporter(t, b, lecture(fluxB, guichet(fluxB, "9")))
	refaite(false)
	if _, err := c.Questions(t.Context()); err != nil {
		t.Fatal(err)
	}
	refaite(true)
}

func TestQuestionsGardees(t *testing.T) {
	b := baseQuiVieillit(t)
	apporter(t, b, lecture(fluxA, guichet(fluxA, "1"), fiche(fluxA, "2")))
	apporter(t, b, lecture(fluxB, fiche(fluxB, "9", "adresse", "3 rue Ailleurs", "code_postal", "82000", "commune", "Montauban", "nom", "Tout autre")))
	apporter(t, b, lecture(fluxB, guichet(fluxB, "9")))
	c := bureau(b)
	avant, err := c.Questions(t.Context())
	if err != nil || len(avant) != 1 {
		t.Fatalf("%d pairs, %v", len(avant), err)
	}
	lieux := avant[0].Lieux
	if err := c.Distinguer(t.Context(), lieux[0].ID, lieux[1].ID, qui); err != nil {
		t.Fatal(err)
	}
	if apres, err := c.Questions(t.Context()); err != nil || len(apres) != len(avant)-1 {
		t.Errorf("%d pairs after an answer, %v", len(apres), err)
	}
	if err := bureau(b).Oublier(t.Context(), lieux[0].ID, lieux[1].ID); err != nil { // another program
		t.Fatal(err)
	}
	if apres, err := c.Questions(t.Context()); err != nil || len(apres) != len(avant) {
		t.Errorf("%d pairs once another program forgot, %v", len(apres), err)
	}
}
