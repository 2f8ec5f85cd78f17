package collecte_test

import (
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// fluxN is a national file; cleCN is an id of the Conseillers numériques.
var fluxN = mednum.Flux{ID: "nationale", Nom: "Cartographie nationale", Confiance: 5, AgeMax: 12}

const cleCN = "627a3517ad1bdb06edc48aed"

// Rows of ours that come back through a national file are recognised, whatever
// stands around their ids, and add no freshness.
func TestRetours(t *testing.T) {
	id, id2, idCN := mednum.NouvelID("a/1"), mednum.NouvelID("a/2"), mednum.NouvelID("b/"+cleCN)
	for _, tt := range []struct {
		name, cle, producteur string
		lieu                  string // "" for a place of its own
		retour                bool
	}{
		{"bare, through our own export", id, "Source A", id, false},
		{"bare, of somebody else", id, "Autre", id, true},
		{"a stop, through our own export", id + "-mairie", "Source A", id, false},
		{"after the name of a source", "82-numérique_" + id, "Source A", id, true},
		{"after the name of a source, with a dash", "82numerique-" + id, "Source A", id, true},
		{"joined with others", "Coop-numérique_5f3a__82numerique_" + id + "__France-services_12", "Nationale", id, true},
		{"joined, bare", "abcd__" + id, "Source A", id, true},
		{"a stop, joined", "x_1__82numerique_" + id + "-mairie", "Nationale", id, true},
		{"a record that we hold", "Conseillers-numériques_" + cleCN + "__Autre_7", "Nationale", idCN, false},
		{"the key of a record, bare", cleCN, "Nationale", idCN, false},
		{"a short key after its source", "Source-A_2", "Nationale", id2, false},
		{"a short key after another source", "Autre_2", "Nationale", "", false},
		{"a short key, bare", "2", "Nationale", "", false},
		{"an id that nobody has", "82numerique_2345678c", "Nationale", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := baseNeuve(t)
			appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"), fiche(fluxA, "2")), edition(fluxB, "2026-01-01", fiche(fluxB, cleCN, "nom", "Atelier du conseiller", "adresse", "3 place Neuve"))))
			f := fiche(fluxN, tt.cle, "nom", "Tout autre nom", "adresse", "77 rue Ailleurs")
			f.Producteur = tt.producteur
			p := planifier(t, b, edition(fluxN, "2026-02-01", f))
			appliquer(t, b, p)
			if tt.lieu == "" {
				wantBilan(t, p, collecte.Bilan{Lus: 1, Nouveaux: 1}, 1, 0)
				return
			}
			l := ligne(t, p, tt.cle)
			if l.Etat != collecte.EtatFusionne || l.Lieu != tt.lieu || len(l.Raisons) == 0 {
				t.Errorf("%+v, want merged into %s", l, tt.lieu)
			}
			fiches, err := b.FichesDe(t.Context(), tt.lieu)
			if err != nil || len(fiches) != 2 {
				t.Fatalf("%v, %v", fiches, err)
			}
			for _, f := range fiches {
				if f.Flux == fluxN.ID && f.Retour != tt.retour {
					t.Errorf("Retour = %v, want %v", f.Retour, tt.retour)
				}
			}
			if again := planifier(t, b, edition(fluxN, "2026-02-01", f)); again.Ecrit() {
				t.Errorf("the same file again: %+v", again.Bilan)
			}
		})
	}
}

// A national row that joins two places of ours is a question, until a person
// says that they are two; it stays attached to the first.
func TestRetourDeDeuxLieux(t *testing.T) {
	un, deux := mednum.NouvelID("a/1"), mednum.NouvelID("a/2")
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"), fiche(fluxA, "2"))))
	cle := "82numerique_" + un + "__82numerique_" + deux
	p := planifier(t, b, edition(fluxN, "2026-02-01", fiche(fluxN, cle)))
	wantBilan(t, p, collecte.Bilan{Lus: 1, ADecider: 1}, 0, 0)
	l := ligne(t, p, cle)
	if len(l.Questions) != 1 || l.Lieu != un || strings.Join(l.Questions[0].Lieux, " ") != un+" "+deux {
		t.Errorf("%+v", l)
	}
	if q := l.Questions[0]; q.Nom != "Lieu 2" || q.Commune != "Moissac" {
		t.Errorf("the question names « %s », %s", q.Nom, q.Commune)
	}
	sans := enAttente(t, b) // what the two places ask by themselves
	appliquer(t, b, p)
	raison := "L’identifiant « " + cle + " » réunit ces deux lieux."
	file := enAttente(t, b)
	if paire := file[min(un, deux)+" "+max(un, deux)]; len(file) != max(len(sans), 1) || !strings.Contains(paire, raison) {
		t.Errorf("the queue: %v, was %v", file, sans)
	}
	distinguer(t, b, `{"fiches":[["a/2"],["a/1"]],"lieux":["`+deux+`","`+un+`"]}`)
	if file := enAttente(t, b); len(file) != 0 {
		t.Errorf("asked again: %v", file)
	}
}

// A row that joins two places is no question once a person said that they are
// two.
func TestRetourDeDeuxLieuxDistincts(t *testing.T) {
	un, deux := mednum.NouvelID("a/1"), mednum.NouvelID("a/2")
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"), fiche(fluxA, "2"))))
	distinguer(t, b, `{"fiches":[["a/2"],["a/1"]],"lieux":["`+deux+`","`+un+`"]}`)
	cle := "82numerique_" + un + "__82numerique_" + deux
	wantBilan(t, planifier(t, b, edition(fluxN, "2026-02-01", fiche(fluxN, cle))), collecte.Bilan{Lus: 1, Fusionnes: 1}, 0, 0)
}

// What is of the territory comes first, on the screen and in the queue, even
// where other places look more alike.
func TestTerritoireDAbord(t *testing.T) {
	brest := func(cle string) mednum.Fiche {
		f := fiche(fluxA, cle, "commune", "Brest", "code_postal", "29200", "code_insee", "29019", "nom", "Bureau", "telephone", "+33298000001")
		f.Remarques = []mednum.Remarque{{Champ: mednum.ChampHoraires, Motif: "à Brest", ARevoir: true}}
		return f
	}
	moissac := fiche(fluxA, "8")
	moissac.Remarques = []mednum.Remarque{{Champ: mednum.ChampHoraires, Motif: "à Moissac", ARevoir: true}}
	b := baseNeuve(t)
	p := planifier(t, b, edition(fluxA, "2026-01-01", brest("1"), brest("2"), moissac, fiche(fluxA, "9")))
	dit := p.Dire(0)
	if ici, ailleurs := strings.Index(dit, "à Moissac"), strings.Index(dit, "à Brest"); ici < 0 || ailleurs < ici {
		t.Errorf("said:\n%s", dit)
	}
	appliquer(t, b, p)
	cle := func(x, y string) string { return mednum.NouvelID("a/"+x) + "__" + mednum.NouvelID("a/"+y) }
	appliquer(t, b, planifier(t, b, edition(fluxN, "2026-02-01", fiche(fluxN, cle("1", "2")), fiche(fluxN, cle("8", "9")))))
	questions, err := bureau(b).Questions(t.Context())
	if err != nil || len(questions) != 2 {
		t.Fatalf("%d questions, %v", len(questions), err)
	}
	if !questions[1].Ailleurs() || questions[0].Ailleurs() || questions[1].Score < questions[0].Score {
		t.Errorf("%s (%v) before %s (%v)", questions[0].Lieux[0].Champs.Commune, questions[0].Score, questions[1].Lieux[0].Champs.Commune, questions[1].Score)
	}
}

// enAttente is the queue: the reasons of each pair, by the ids of its places.
func enAttente(t *testing.T, b store.Magasin) map[string]string {
	t.Helper()
	questions, err := bureau(b).Questions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file := map[string]string{}
	for _, q := range questions {
		a, b := q.Lieux[0].ID, q.Lieux[1].ID
		file[min(a, b)+" "+max(a, b)] = strings.Join(q.Raisons, "\n")
	}
	return file
}

// The id of a place that was merged names the place that it became.
func TestRetourDUnLieuFusionne(t *testing.T) {
	un, deux := mednum.NouvelID("a/1"), mednum.NouvelID("a/2")
	b := baseNeuve(t)
	appliquer(t, b, planifier(t, b, edition(fluxA, "2026-01-01", fiche(fluxA, "1"), fiche(fluxA, "2"))))
	l, err := b.Lieu(t.Context(), deux)
	if err != nil {
		t.Fatal(err)
	}
	l.Statut, l.Vers, l.Version = mednum.StatutFusionne, un, 2
	if err := b.Save(t.Context(), mednum.Revision{Lieu: deux, Version: 2, Apres: l, Auteur: "x", Voie: "app"}); err != nil {
		t.Fatal(err)
	}
	if l := ligne(t, planifier(t, b, edition(fluxN, "2026-02-01", fiche(fluxN, deux))), deux); l.Lieu != un {
		t.Errorf("attached to %s, want %s", l.Lieu, un)
	}
}
