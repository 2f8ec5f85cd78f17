package collecte_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/textes"
)

// cles are the keys of a JSON object, in the order of its text.
func cles(t *testing.T, texte []byte) (liste []string) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(texte))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		cle, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		liste = append(liste, cle.(string))
		var valeur json.RawMessage
		if err := d.Decode(&valeur); err != nil {
			t.Fatal(err)
		}
		if string(valeur) == "null" {
			t.Errorf("%s is null", cle)
		}
	}
	return liste
}

func rapport(t *testing.T, p collecte.Plan, simulation bool) []byte {
	t.Helper()
	var w bytes.Buffer
	if err := p.EcrireRapport(&w, simulation, maintenant); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(w.Bytes()) {
		t.Fatalf("not JSON:\n%s", w.Bytes())
	}
	return w.Bytes()
}

var clesRapport = []string{"bilan", "simulation", "le", "operation", "fichiers", "lignes", "absents", "lieux"}

// The report: its keys in their order, at every level, the summary first.
func TestRapport(t *testing.T) {
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1", "telephone", "+33563000001"), fiche(fluxA, "2"), fiche(fluxA, "3"))))
	l, err := b.Lieu(t.Context(), mednum.NouvelID("a/1"))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Corriger(mednum.ChampTelephone, "05 63 00 00 02", "compte:x", maintenant); err != nil {
		t.Fatal(err)
	}
	l.Version++
	if err := b.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: l.Version, Apres: l, Auteur: "x", Voie: "app"}); err != nil {
		t.Fatal(err)
	}
	reparee := fiche(fluxA, "4")
	reparee.Remarques = []mednum.Remarque{{Champ: mednum.ChampCodePostal, Avant: "7000", Apres: "07000", Motif: "zéro perdu"}}
	suite := edition(fluxA, "2026-02-01", fiche(fluxA, "1", "telephone", "+33563000003"), fiche(fluxA, "2"), reparee)
	suite.Ecartes = []norme.Ecart{{Ligne: 9, Cle: "x", Champ: "commune", Motif: "Pas de commune."}}
	joint := fiche(fluxN, mednum.NouvelID("a/1")+"__"+mednum.NouvelID("a/2"))
	texte := rapport(t, planifier(t, b, suite, edition(fluxN, "2026-02-01", joint)), false)

	const debut = `{"bilan":{"lus":5,"nouveaux":1,"identiques":1,"modifies":0,"fusionnes":0,"a_decider":2,"absents":1,"ecartes":1},"simulation":false,"le":"2026-03-02T09:30:00Z","operation":"import-`
	if !strings.HasPrefix(string(texte), debut) {
		t.Errorf("the report begins with\n%.300s", texte)
	}
	if d := cmp.Diff(clesRapport, cles(t, texte)); d != "" {
		t.Errorf("keys (-want +got):\n%s", d)
	}
	var r struct {
		Fichiers, Lignes, Absents, Lieux []json.RawMessage
	}
	if err := json.Unmarshal(texte, &r); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		nom   string
		liste []json.RawMessage
		want  string
	}{
		{"fichiers", r.Fichiers, "fichier format source edition licence bilan"},
		{"lignes", r.Lignes, "fichier ligne id nom etat lieu raison changements reparations raisons questions"},
		{"absents", r.Absents, "source id nom lieu"},
		{"lieux", r.Lieux, "lieu nom changements"},
	} {
		if len(c.liste) == 0 {
			t.Errorf("no %s", c.nom)
		}
		for _, v := range c.liste {
			if got := strings.Join(cles(t, v), " "); got != c.want {
				t.Errorf("%s: keys %s, want %s", c.nom, got, c.want)
			}
		}
	}
	for _, morceau := range []string{
		`"changements":[{"champ":"telephone","avant":"+33563000001","apres":"+33563000003"},`,
		`{"champ":"code_postal","avant":"7000","apres":"07000","motif":"zéro perdu","a_revoir":false}`,
		`{"genre":"correction","lieu":"` + l.ID + `","champ":"telephone","valeur":"+33563000002","avant":"+33563000001","apres":"+33563000003"}`,
		`{"genre":"doublon","lieux":["` + l.ID + `","` + mednum.NouvelID("a/2") + `"],"fiche":"",`,
		`"etat":"ecarte","lieu":"","raison":"commune : Pas de commune."`,
	} {
		if !strings.Contains(string(texte), morceau) {
			t.Errorf("not in the report: %s\n%s", morceau, texte)
		}
	}
	if d := cmp.Diff(texte, rapport(t, planifier(t, b, suite, edition(fluxN, "2026-02-01", joint)), false)); d != "" {
		t.Errorf("two reports of one plan differ: %s", d)
	}
}

// Two long values that differ far on are shown where they differ.
func TestPlanDireLongues(t *testing.T) {
	b := baseNeuve(t)
	debut := strings.Repeat("Antenne ouverte le matin. ", 5)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1", "presentation_detail", debut+"Le lundi."))))
	p := planifier(t, b, edition(fluxA, "2026-02-01", fiche(fluxA, "1", "presentation_detail", debut+"Le mardi.")))
	if dit := strings.ReplaceAll(p.Dire(1), "\u00a0", " "); !strings.Contains(dit, "matin. Le lundi. » devient « …") || !strings.Contains(dit, "Le mardi. »\n") {
		t.Errorf("said:\n%s", dit)
	}
}

// A report of nothing is one too; a simulation has no operation.
func TestRapportVide(t *testing.T) {
	b := baseNeuve(t)
	vide := rapport(t, planifier(t, b, edition(fluxA, "2026-01-01")), false)
	if d := cmp.Diff(clesRapport, cles(t, vide)); d != "" {
		t.Errorf("keys (-want +got):\n%s", d)
	}
	simule := rapport(t, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"))), true)
	if !strings.Contains(string(simule), `"simulation":true,"le":"2026-03-02T09:30:00Z","operation":"",`) {
		t.Errorf("%.300s", simule)
	}
}

// What the screen says of a plan, bounded; the rest is in the report.
func TestPlanDire(t *testing.T) {
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"), fiche(fluxA, "2"), fiche(fluxA, "3"))))
	suite := edition(fluxA, "2026-02-01", fiche(fluxA, "1", "telephone", "+33563000003"), fiche(fluxA, "2", "telephone", "+33563000004"), fiche(fluxA, "4"))
	suite.Ecartes = []norme.Ecart{{Ligne: 9, Motif: "Pas de nom."}}
	p := planifier(t, b, suite)
	want := `4 fiches lues.
1 fiche nouvelle.
2 fiches modifiées.
1 fiche absente de la source depuis la dernière fois.
1 fiche écartée.
1 fiche écartée, à corriger à la source :
  a-2026-02-01.csv ligne 9 : Pas de nom.
1 fiche que la source n’a plus (son lieu reste) :
  Lieu 3 (a/3)
2 fiches qui disent autre chose qu’avant :
  Lieu 1 (a/1, a-2026-02-01.csv ligne 2)
    telephone : rien avant, maintenant « +33563000003 »
  … et 1 de plus : le reste est dans le rapport (--rapport FICHIER).
1 lieu créé.
2 lieux modifiés.
`
	if d := cmp.Diff(want, strings.ReplaceAll(p.Dire(1), "\u00a0", " ")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	vide := planifier(t, baseNeuve(t))
	if got := vide.Dire(1); got != "Aucune fiche lue.\nAucun lieu n’a changé.\n" {
		t.Errorf("nothing: %q", got)
	}
}

// People read thousands in groups, as everywhere else.
func TestBilanNombres(t *testing.T) {
	dit := collecte.Bilan{Lus: 2845, Nouveaux: 2757, Identiques: 88}.String()
	for _, want := range []string{textes.Nombre(2845) + " fiches lues.", textes.Nombre(2757) + " fiches nouvelles.", "88 fiches sans changement."} {
		if !strings.Contains(dit, want) {
			t.Errorf("no %q in\n%s", want, dit)
		}
	}
}
