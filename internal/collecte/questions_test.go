package collecte_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/archive"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

func questions(t *testing.T, b store.Magasin) []string {
	t.Helper()
	liste, err := bureau(b).Questions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var dites []string
	for _, q := range liste {
		dites = append(dites, fmt.Sprint(q.Fiches[0], " ", q.Fiches[1], " ", q.Sur))
		if q.Score <= 0 || q.Score > 1 || len(q.Raisons) == 0 || q.Depuis.IsZero() || q.Lieux[0].ID == q.Lieux[1].ID {
			t.Errorf("a question without its reasons: %+v", q)
		}
	}
	return dites
}

// Two places that came apart, and whose sources come to say the same: no import
// joins them, a person is asked.
func TestQuestions(t *testing.T) {
	surLesDeux(t, func(t *testing.T, b store.Magasin) {
		apporter(t, b, lecture(fluxA, guichet(fluxA, "1"), fiche(fluxA, "2")))
		apporter(t, b, lecture(fluxB, fiche(fluxB, "9", "adresse", "3 rue Ailleurs", "code_postal", "82000", "commune", "Montauban", "nom", "Tout autre")))
		if got := questions(t, b); len(got) != 0 {
			t.Fatalf("nothing is to be decided: %v", got)
		}
		revenue := guichet(fluxB, "9")
		apporter(t, b, lecture(fluxB, revenue))
		if lieu(t, b, mednum.NouvelID("b/9")).Statut != mednum.StatutPublie {
			t.Fatal("an import joined two places that were there")
		}
		if d := cmp.Diff([]string{"a/1 b/9 true"}, questions(t, b)); d != "" {
			t.Fatal(d)
		}
		q, err := bureau(b).Questions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ops, err := b.Operations(t.Context())
		if err != nil || !q[0].Depuis.Equal(ops[1].Le) {
			t.Errorf("since %v, %v, want when the younger record came: %v", q[0].Depuis, err, ops[1].Le)
		}

		// The place that people have worked on is the one to keep.
		k, a := mednum.NouvelID("a/1"), mednum.NouvelID("b/9")
		retoucher(t, b, a, func(l *mednum.Lieu) error {
			return l.Corriger(mednum.ChampTelephone, "0563000002", "compte:m", leGeste)
		})
		if d := cmp.Diff([]string{"b/9 a/1 true"}, questions(t, b)); d != "" {
			t.Error(d)
		}

		// An answer is remembered, whatever the sources say next; taken back, the
		// question is there again.
		for range 2 {
			if err := bureau(b).Distinguer(t.Context(), a, k, qui); err != nil {
				t.Fatal(err)
			}
		}
		revenue.Champs[mednum.ChampSiteWeb] = "https://a.example.org"
		revenue.DateMaj = mednum.DateOf(maintenant)
		apporter(t, b, lecture(fluxA, guichet(fluxA, "1"), fiche(fluxA, "2")), lecture(fluxB, revenue))
		if got := questions(t, b); len(got) != 0 {
			t.Errorf("asked again: %v", got)
		}
		wantSepares(t, b, true)
		if err := bureau(b).Oublier(t.Context(), k, a); err != nil {
			t.Fatal(err)
		}
		if got := questions(t, b); len(got) != 1 {
			t.Errorf("not asked: %v", got)
		}
		wantSepares(t, b, false)

		// Merged, there is nothing to decide any more.
		if _, err := bureau(b).Fusionner(t.Context(), collecte.Fusion{Garde: k, Absorbe: a}, qui); err != nil {
			t.Fatal(err)
		}
		if got := questions(t, b); len(got) != 0 {
			t.Errorf("asked of a merged place: %v", got)
		}
	})
}

// A place that no record makes is compared too.
func TestQuestionsLieuSansFiche(t *testing.T) {
	b := baseQuiVieillit(t)
	apporter(t, b, lecture(fluxA, guichet(fluxA, "1")))
	l := lieu(t, b, mednum.NouvelID("a/1"))
	l.ID, l.Version, l.Corrections = "3k7xcdfh", 0, map[mednum.Champ]mednum.Correction{}
	for _, champ := range mednum.ChampsNorme {
		if v := l.Champs.Valeur(champ); v != "" && champ != mednum.ChampID {
			l.Corrections[champ] = mednum.Correction{Valeur: v, Auteur: "compte:m", Le: leGeste}
		}
	}
	rev, _ := mednum.Reviser(mednum.Lieu{}, mednum.Consolider(l, nil, nil))
	if err := b.Save(t.Context(), rev); err != nil {
		t.Fatal(err)
	}
	q, err := bureau(b).Questions(t.Context())
	if err != nil || len(q) != 1 || !slices.Contains(q[0].Fiches[:], "/3k7xcdfh") {
		t.Fatalf("%v, %+v", err, q)
	}
	if err := bureau(b).Distinguer(t.Context(), "3k7xcdfh", mednum.NouvelID("a/1"), qui); err != nil {
		t.Fatal(err)
	}
	if got := questions(t, b); len(got) != 0 {
		t.Errorf("asked again: %v", got)
	}
	if err := bureau(b).Oublier(t.Context(), "3k7xcdfh", mednum.NouvelID("a/1")); err != nil {
		t.Fatal(err)
	}
	d, err := bureau(b).Fusionner(t.Context(), collecte.Fusion{Garde: mednum.NouvelID("a/1"), Absorbe: "3k7xcdfh"}, qui)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bureau(b).Defaire(t.Context(), d.Operation, qui); err != nil || lieu(t, b, "3k7xcdfh").Champs.Nom != l.Champs.Nom {
		t.Errorf("%v: the place lives again", err)
	}
}

// An answer holds between records: a record that moves takes it along.
func TestDistinguerSuitLesFiches(t *testing.T) {
	b := baseQuiVieillit(t)
	apporter(t, b, lecture(fluxA, guichet(fluxA, "1"), fiche(fluxA, "2")))
	apporter(t, b, lecture(fluxB, fiche(fluxB, "9", "adresse", "3 rue Ailleurs", "nom", "Tout autre")))
	apporter(t, b, lecture(fluxB, guichet(fluxB, "9")))
	un, deux, neuf := mednum.NouvelID("a/1"), mednum.NouvelID("a/2"), mednum.NouvelID("b/9")
	if err := bureau(b).Distinguer(t.Context(), un, neuf, qui); err != nil {
		t.Fatal(err)
	}
	if _, err := bureau(b).Fusionner(t.Context(), collecte.Fusion{Garde: deux, Absorbe: un}, qui); err != nil {
		t.Fatal(err)
	}
	if got := questions(t, b); len(got) != 0 {
		t.Errorf("asked again of the place where the record is now: %v", got)
	}
	_, err := bureau(b).Detacher(t.Context(), "a/1", " ")
	wantCode(t, err, mednum.Invalide)
	for _, tt := range []struct {
		a, b string
		code mednum.Code
	}{{un, neuf, mednum.Invalide}, {neuf, neuf, mednum.Invalide}, {neuf, "zzzzzzzz", mednum.Introuvable}} {
		wantCode(t, bureau(b).Distinguer(t.Context(), tt.a, tt.b, qui), tt.code)
	}
}

// The answers, and what an operation needs to be undone, are in a backup.
func TestDecisionsSauvegardees(t *testing.T) {
	b := baseQuiVieillit(t)
	k, a, _ := deuxLieux(t, b)
	avant := contenu(t, b, a)
	apporter(t, b, lecture(fluxA, fiche(fluxA, "2")))
	if err := bureau(b).Distinguer(t.Context(), k, mednum.NouvelID("a/2"), qui); err != nil {
		t.Fatal(err)
	}
	d, err := bureau(b).Fusionner(t.Context(), collecte.Fusion{Garde: k, Absorbe: a}, qui)
	if err != nil {
		t.Fatal(err)
	}
	var fichier bytes.Buffer
	if _, err := archive.Ecrire(t.Context(), &fichier, archive.Entete{Programme: "essai", Le: maintenant}, b.Copier); err != nil {
		t.Fatal(err)
	}
	copie, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "copie.db"), func() time.Time { return maintenant.AddDate(0, 1, 0) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = copie.Close() })
	if err := copie.Charger(t.Context(), archive.Source(bytes.NewReader(fichier.Bytes()))); err != nil {
		t.Fatal(err)
	}
	if _, err := bureau(copie).Defaire(t.Context(), d.Operation, qui); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(avant, contenu(t, copie, a)); d != "" {
		t.Errorf("undone in the copy:\n%s", d)
	}
	distincts, err := collecte.LireDistinctions(t.Context(), copie)
	if err != nil || !distincts("a/1", "a/2") {
		t.Errorf("the answer is not in the copy: %v", err)
	}
}
