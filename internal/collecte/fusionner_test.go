package collecte_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

const qui = "compte:coordinatrice"

// surLesDeux runs a test on both stores.
func surLesDeux(t *testing.T, essai func(t *testing.T, b store.Magasin)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { essai(t, baseQuiVieillit(t)) })
	t.Run("mongo", func(t *testing.T) {
		b, err := mongo.Open(t.Context(), mongotest.Neuf(t, os.Getenv("MONGODB_URI")), horloge())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = b.Close() })
		essai(t, b)
	})
}

// horloge is a clock that goes on by one minute each time it is read: operations
// are told apart by their moments.
func horloge() func() time.Time {
	var n atomic.Int64
	return func() time.Time { return maintenant.Add(time.Duration(n.Add(1)) * time.Minute) }
}

func baseQuiVieillit(t *testing.T) *sqlite.Base {
	t.Helper()
	b, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "adeuxpas.db"), horloge())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func apporter(t *testing.T, b store.Magasin, lectures ...norme.Lecture) {
	t.Helper()
	if _, err := collecte.Importer(t.Context(), b, territoireLivre(t), lectures, collecte.Options{Zone: collecte.ZoneTout}); err != nil {
		t.Fatal(err)
	}
}

// retoucher changes a place as people do.
func retoucher(t *testing.T, b store.Magasin, id string, change func(l *mednum.Lieu) error) {
	t.Helper()
	avant := lieu(t, b, id)
	apres := avant
	if err := change(&apres); err != nil {
		t.Fatal(err)
	}
	fiches, err := b.FichesDe(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	flux, err := b.Flux(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if rev, change := mednum.Reviser(avant, mednum.Consolider(apres, fiches, flux)); change {
		rev.Auteur, rev.Voie = "compte:m", "app"
		if err := b.Save(t.Context(), rev); err != nil {
			t.Fatal(err)
		}
	}
}

func lieu(t *testing.T, b store.Magasin, id string) mednum.Lieu {
	t.Helper()
	l, err := b.Lieu(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// contenu is all that a place says, but for the numbers of its writing.
func contenu(t *testing.T, b store.Magasin, id string) mednum.Lieu {
	t.Helper()
	l := lieu(t, b, id)
	l.Version, l.Seq = 0, 0
	return l
}

var leGeste = time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)

// deuxLieux are two places that people have worked on: k of source A, a of
// source B, which an import does not join.
func deuxLieux(t *testing.T, b store.Magasin) (k, a string, lectures []norme.Lecture) {
	t.Helper()
	ficheK := fiche(fluxA, "1", "telephone", "+33563000001", "horaires", "Mo 09:00-12:00")
	ficheA := fiche(fluxB, "9", "telephone", "+33563000009", "site_web", "https://a.example.org", "services", "Loisirs et créations numériques")
	ficheA.DateMaj.Annee = 2025
	ficheA.Permanences = []mednum.Permanence{{ID: "a", Regle: "Tu 09:00-12:00"}, {ID: "b", Regle: "We 09:00-12:00"}}
	lectures = []norme.Lecture{lecture(fluxA, ficheK), lecture(fluxB, ficheA)}
	apporter(t, b, lectures...)
	k, a = mednum.NouvelID("a/1"), mednum.NouvelID("b/9")
	jour := mednum.DateOf(leGeste)
	retoucher(t, b, k, func(l *mednum.Lieu) error {
		if err := l.Corriger(mednum.ChampTelephone, "0563000002", "compte:m", leGeste); err != nil {
			return err
		}
		_, err := l.AjouterPermanence(mednum.Permanence{Regle: "Fr 14:00-16:00"})
		return err
	})
	retoucher(t, b, a, func(l *mednum.Lieu) error {
		for champ, valeur := range map[mednum.Champ]string{mednum.ChampTelephone: "0563000008", mednum.ChampPriseRDV: "https://rdv.example.org", mednum.ChampNom: "Autre nom"} {
			if err := l.Corriger(champ, valeur, "compte:n", leGeste); err != nil {
				return err
			}
		}
		if err := l.CacherPermanence(l.Permanences[0].ID, "compte:n", leGeste); err != nil {
			return err
		}
		id, err := l.AjouterPermanence(mednum.Permanence{Regle: "Sa 09:00-12:00"})
		if err != nil {
			return err
		}
		for _, e := range []mednum.Exception{{Du: jour.AddMois(1)}, {Du: jour.AddMois(2), Permanence: id}, {Du: jour.AddMois(3), Permanence: l.Permanences[0].ID}} {
			if _, err := l.AjouterException(e, jour); err != nil {
				return err
			}
		}
		_, err = l.Attendre(mednum.Attente{ID: "att", Message: "Un mot", Auteur: "compte:n", Le: leGeste})
		if err != nil {
			return err
		}
		return l.Verifier(jour, "compte:n", jour)
	})
	return k, a, lectures
}

// Two places made one: what people said of the absorbed one is taken over where
// nobody said it of the kept one. Undone, both are what they were; undone again,
// they are one again.
func TestFusionner(t *testing.T) {
	surLesDeux(t, func(t *testing.T, b store.Magasin) {
		k, a, lectures := deuxLieux(t, b)
		avantK, avantA := contenu(t, b, k), contenu(t, b, a)
		if err := bureau(b).Distinguer(t.Context(), k, a, qui); err != nil {
			t.Fatal(err)
		}
		d, err := bureau(b).Fusionner(t.Context(), collecte.Fusion{Garde: k, Absorbe: a}, qui)
		if err != nil {
			t.Fatal(err)
		}
		l, parti := contenu(t, b, k), contenu(t, b, a)
		dits := fmt.Sprint(l.Champs.Telephone, " ", l.Champs.Nom, " ", l.Champs.Adresse, " ", l.Champs.PriseRDV, " ", l.Champs.SiteWeb, " ", l.Champs.Horaires, " ", l.Champs.Services)
		want := "+33563000002 Lieu 9 9 rue Numéro 9 https://rdv.example.org [https://a.example.org] Mo 09:00-12:00 [Loisirs et créations numériques Aide aux démarches administratives]"
		if dits != want {
			t.Errorf("the kept place says %s\nwant %s", dits, want)
		}
		if len(l.Permanences) != 3 || len(l.Exceptions) != 3 || len(l.Attentes) != 1 || len(l.Retouches) != 1 || l.VerifiePar != "compte:n" || len(l.Questions()) != 0 {
			t.Errorf("it takes over: %+v", l)
		}
		parti.Statut, parti.Vers = avantA.Statut, avantA.Vers
		if got := lieu(t, b, a); got.Statut != mednum.StatutFusionne || got.Vers != k || !cmp.Equal(avantA, parti) {
			t.Errorf("the absorbed document: %s", cmp.Diff(avantA, parti))
		}
		if fiches, err := b.FichesDe(t.Context(), k); err != nil || len(fiches) != 2 {
			t.Errorf("records %v, %v", fiches, err)
		}
		if revs, err := b.Revisions(t.Context(), a); err != nil || revs[len(revs)-1].Operation != d.Operation || revs[len(revs)-1].Auteur != qui || revs[len(revs)-1].Voie != "app" {
			t.Errorf("%v, %+v", err, revs[len(revs)-1])
		}

		defaite, err := bureau(b).Defaire(t.Context(), d.Operation, qui)
		if err != nil || len(defaite.Restes) > 0 {
			t.Fatal(defaite, err)
		}
		if d := cmp.Diff(avantK, contenu(t, b, k)); d != "" {
			t.Errorf("the kept place, undone (-before +after):\n%s", d)
		}
		if d := cmp.Diff(avantA, contenu(t, b, a)); d != "" {
			t.Errorf("the absorbed place, undone (-before +after):\n%s", d)
		}
		wantSepares(t, b, true)
		apporter(t, b, lectures...)
		if d := cmp.Diff(avantK, contenu(t, b, k)); d != "" {
			t.Errorf("the same files again:\n%s", d)
		}
		_, err = bureau(b).Defaire(t.Context(), d.Operation, qui)
		wantCode(t, err, mednum.Conflit)

		if _, err := bureau(b).Defaire(t.Context(), defaite.Operation, qui); err != nil {
			t.Fatal(err)
		}
		if got := contenu(t, b, k); !cmp.Equal(l, got) || lieu(t, b, a).Vers != k {
			t.Errorf("one again (-first +again):\n%s", cmp.Diff(l, got))
		}
		wantSepares(t, b, false)
		// The second merge is undone as the first one was.
		ops, err := b.Operations(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := bureau(b).Defaire(t.Context(), ops[len(ops)-1].ID, qui); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(avantA, contenu(t, b, a)); d != "" {
			t.Errorf("undone twice:\n%s", d)
		}
	})
}

// wantSepares asks whether the records a/1 and b/9 are remembered as two places.
func wantSepares(t *testing.T, b store.Magasin, want bool) {
	t.Helper()
	distincts, err := collecte.LireDistinctions(t.Context(), b)
	if err != nil || distincts("b/9", "a/1") != want || distincts("a/1", "b/9") != want || distincts("a/1", "a/2") {
		t.Errorf("remembered as distinct: %v, %v, want %v", distincts("a/1", "b/9"), err, want)
	}
}

func TestFusionnerRefuse(t *testing.T) {
	b := baseQuiVieillit(t)
	itinerant := fiche(fluxA, "5", "itinerance", "Itinérant")
	apporter(t, b, lecture(fluxA, fiche(fluxA, "1"), fiche(fluxA, "2"), fiche(fluxA, "3"), fiche(fluxA, "4"), itinerant, fiche(fluxA, "6")))
	id := func(n int) string { return mednum.NouvelID(fmt.Sprint("a/", n)) }
	retoucher(t, b, id(2), func(l *mednum.Lieu) error {
		return l.FermerDefinitivement(mednum.Fermeture{Le: mednum.DateOf(leGeste)}, mednum.DateOf(leGeste))
	})
	retoucher(t, b, id(3), func(l *mednum.Lieu) error { l.Statut = mednum.StatutRetire; return nil })
	retoucher(t, b, id(4), func(l *mednum.Lieu) error { l.Statut = mednum.StatutPropose; return nil })
	retoucher(t, b, id(6), func(l *mednum.Lieu) error { l.Statut, l.Vers = mednum.StatutFusionne, id(1); return nil })
	v := version(t, b)
	for _, tt := range []struct {
		name           string
		garde, absorbe string
		auteur         string
		code           mednum.Code
		want           string
	}{
		{"unknown", id(1), "zzzzzzzz", qui, mednum.Introuvable, "zzzzzzzz"},
		{"itself", id(1), id(1), qui, mednum.Invalide, "deux fois"},
		{"nobody", id(1), id(2), " ", mednum.Invalide, "qui décide"},
		{"an open one into a closed one", id(2), id(1), qui, mednum.Invalide, "gardez plutôt « " + id(1)},
		{"withdrawn", id(1), id(3), qui, mednum.Invalide, "retiré"},
		{"proposed", id(1), id(4), qui, mednum.Invalide, "proposition"},
		{"an itinerant one", id(1), id(5), qui, mednum.Invalide, "itinérant"},
		{"merged already", id(1), id(6), qui, mednum.Invalide, "prenez plutôt " + id(1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := bureau(b).Fusionner(t.Context(), collecte.Fusion{Garde: tt.garde, Absorbe: tt.absorbe}, tt.auteur)
			wantCode(t, err, tt.code)
			if !strings.Contains(strings.ReplaceAll(err.Error(), "\u00a0", " "), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	if version(t, b) != v {
		t.Error("a refusal wrote something")
	}
	_, err := bureau(b).Defaire(t.Context(), "rien", qui)
	wantCode(t, err, mednum.Introuvable)
	// A closed place may join an open one.
	if _, err := bureau(b).Fusionner(t.Context(), collecte.Fusion{Garde: id(1), Absorbe: id(2)}, qui); err != nil {
		t.Error(err)
	}
}

// What somebody changed since the merge stays, and is said.
func TestDefaireApresDesChangements(t *testing.T) {
	b := baseQuiVieillit(t)
	k, a, lectures := deuxLieux(t, b)
	avantA := contenu(t, b, a)
	d, err := bureau(b).Fusionner(t.Context(), collecte.Fusion{Garde: k, Absorbe: a}, qui)
	if err != nil {
		t.Fatal(err)
	}
	plus := leGeste.AddDate(0, 1, 0)
	var cachee string
	retoucher(t, b, k, func(l *mednum.Lieu) error {
		cachee = l.Cachees()[0].ID
		if err := l.MontrerPermanence(cachee); err != nil { // of a record of the absorbed place
			return err
		}
		if err := l.Corriger(mednum.ChampPriseRDV, "https://autre.example.org", "compte:m", plus); err != nil {
			return err
		}
		return l.Corriger(mednum.ChampPresentationResume, "Nouveau", "compte:m", plus)
	})
	// The source of the absorbed place has a newer file, with one more record.
	neuve := fiche(fluxB, "9", "telephone", "+33563000007")
	neuve.DateMaj = mednum.DateOf(plus)
	apporter(t, b, lectures[0], lecture(fluxB, neuve, fiche(fluxB, "10")))

	defaite, err := bureau(b).Defaire(t.Context(), d.Operation, qui)
	if err != nil || fmt.Sprint(defaite.Restes) != "[Prise de rendez-vous en ligne]" {
		t.Fatalf("%v, stays %q", err, defaite.Restes)
	}
	l, revenu := lieu(t, b, k), lieu(t, b, a)
	if l.Champs.PriseRDV != "https://autre.example.org" || l.Champs.PresentationResume != "Nouveau" || l.Champs.Telephone != "+33563000002" || l.Champs.Nom != "Lieu 1" {
		t.Errorf("the kept place: %+v", l.Champs)
	}
	if len(l.Exceptions) != 0 || len(l.Permanences) != 1 || len(l.Attentes) != 0 || !l.VerifieLe.IsZero() {
		t.Errorf("it keeps what it had taken over: %+v", l)
	}
	if revenu.Champs.Telephone != "+33563000008" || revenu.Champs.PriseRDV != "https://rdv.example.org" || len(revenu.Exceptions) != len(avantA.Exceptions) || len(revenu.Entrees()) != 1 || revenu.Statut != mednum.StatutPublie {
		t.Errorf("the absorbed place: %+v", revenu)
	}
	if q := revenu.Questions(); len(q) != 1 || q[0].Champ != mednum.ChampTelephone || len(revenu.Cachees()) != 0 {
		t.Errorf("its source has moved meanwhile, and its permanence is shown again: %+v, %+v", q, revenu.Cachees())
	}
}

// A merge of a merged place is undone first.
func TestDefaireEnChaine(t *testing.T) {
	b := baseQuiVieillit(t)
	apporter(t, b, lecture(fluxA, fiche(fluxA, "1"), fiche(fluxA, "2"), fiche(fluxA, "3")))
	un, deux, trois := mednum.NouvelID("a/1"), mednum.NouvelID("a/2"), mednum.NouvelID("a/3")
	avant := map[string]mednum.Lieu{un: contenu(t, b, un), deux: contenu(t, b, deux), trois: contenu(t, b, trois)}
	premiere, err := bureau(b).Fusionner(t.Context(), collecte.Fusion{Garde: deux, Absorbe: trois}, qui)
	if err != nil {
		t.Fatal(err)
	}
	seconde, err := bureau(b).Fusionner(t.Context(), collecte.Fusion{Garde: un, Absorbe: deux}, qui)
	if err != nil {
		t.Fatal(err)
	}
	_, err = bureau(b).Defaire(t.Context(), premiere.Operation, qui)
	wantCode(t, err, mednum.Conflit)
	if !strings.Contains(err.Error(), un) {
		t.Errorf("it does not say what to undo first: %v", err)
	}
	for _, op := range []string{seconde.Operation, premiere.Operation} {
		if _, err := bureau(b).Defaire(t.Context(), op, qui); err != nil {
			t.Fatal(err)
		}
	}
	for id, l := range avant {
		if d := cmp.Diff(l, contenu(t, b, id)); d != "" {
			t.Errorf("%s (-before +after):\n%s", id, d)
		}
	}
}

// The merges of an import are undone as one: every record that it joined to a
// place has its own, and the next import leaves it so.
func TestDefaireImport(t *testing.T) {
	b := baseQuiVieillit(t)
	apporter(t, b, lecture(fluxA, guichet(fluxA, "1")))
	seul := contenu(t, b, mednum.NouvelID("a/1"))
	lue := lecture(fluxB, guichet(fluxB, "9"), fiche(fluxB, "2"))
	apporter(t, b, lue)
	ops, err := b.Operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d, err := bureau(b).Defaire(t.Context(), ops[len(ops)-1].ID, qui)
	if err != nil {
		t.Fatal(err)
	}
	if got := contenu(t, b, mednum.NouvelID("a/1")); !cmp.Equal(seul, got) || len(lieuxDe(t, b)) != 3 {
		t.Errorf("the first place (-alone +undone):\n%s", cmp.Diff(seul, got))
	}
	if q, err := bureau(b).Questions(t.Context()); err != nil || len(q) != 0 {
		t.Errorf("what was undone is asked again: %+v, %v", q, err)
	}
	v := version(t, b)
	if apporter(t, b, lue); version(t, b) != v {
		t.Error("the import joined them again")
	}
	_, err = bureau(b).Defaire(t.Context(), ops[len(ops)-1].ID, qui)
	wantCode(t, err, mednum.Conflit)
	if _, err := bureau(b).Defaire(t.Context(), d.Operation, qui); err != nil || lieu(t, b, d.Lieux[1]).Statut != mednum.StatutFusionne {
		t.Errorf("undone again: %v", err)
	}
	_, err = bureau(b).Defaire(t.Context(), ops[0].ID, qui) // it joined nothing
	wantCode(t, err, mednum.Conflit)
}
