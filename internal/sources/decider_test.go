package sources_test

import (
	"os"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/sources"
)

// An edition that holds a doubtful twin of a place waits; accepted, both places
// are public, and the pair is a question.
func TestADecider(t *testing.T) {
	b, s := installer(t), servir(t, edition(lieux(4)))
	b.ajouter(t, s.URL)
	b.passer(t)
	doute := lieux(4) + "essai-bis,00000000000000,Espace numérique de Moissac,Moissac,82200,82112,2 rue d’Essai,,,+33563000001,Essai,2026-10-01,Accès internet et matériel informatique\n"
	s.repondre(edition(doute))
	avant := b.version(t)
	p := b.passer(t)
	want(t, "waits", []any{sources.Attend, "1 fiche est à décider.", 1, avant}, []any{p.Etat, p.Raison, p.Bilan.ADecider, b.version(t)})
	if !strings.Contains(p.Plan.Dire(0), "Espace numérique de Moissac") {
		t.Errorf("the summary does not say which:\n%s", p.Plan.Dire(0))
	}
	p, err := b.Passer(t.Context(), "ville-d-essai", sources.Appliquer, "cli")
	check(t, err)
	want(t, "accepted", []any{sources.Applique, 5}, []any{p.Etat, len(b.telephones(t))})
	want(t, "then", sources.AJour, b.passer(t).Etat)
	// What was accepted is not asked again with the next edition.
	s.repondre(edition(strings.Replace(doute, "+33563000003", "+33563999903", 1)))
	p = b.passer(t)
	want(t, "the next edition", []any{sources.Applique, 1, 0}, []any{p.Etat, p.Bilan.Modifies, p.Bilan.ADecider})
}

// A table of one's own is read with the columns that were said.
func TestColonnes(t *testing.T) {
	b := installer(t)
	s := servir(t, edition("Titre;Où;Rue;CP\nAtelier de Moissac;Moissac;2 rue d’Essai;82200\n"))
	demande := sources.Demande{Nom: "Ville d’Essai", URL: s.URL}
	_, err := b.Ajouter(t.Context(), demande)
	check(t, err)
	want(t, "nothing said", sources.Format, b.passer(t).Cause)
	check(t, b.Retirer(t.Context(), "ville-d-essai"))
	demande.Colonnes = norme.Correspondance{"Titre": "nom", "Où": "commune", "Rue": "adresse", "CP": "code_postal"}
	_, err = b.Ajouter(t.Context(), demande)
	check(t, err)
	p := b.passer(t)
	if p.Etat != sources.Applique || p.Bilan.Nouveaux != 1 {
		t.Errorf("%+v", p)
	}
}

// Two sources do not give the same records: each would make those of the other
// absent, time after time.
func TestFluxPris(t *testing.T) {
	liste, err := os.ReadFile("../norme/testdata/liste-fs-20240801.csv")
	check(t, err)
	b, s := installer(t), servir(t, edition(strings.Join(strings.SplitAfterN(string(liste), "\n", 3)[:2], "")))
	for _, nom := range []string{"Une", "Autre"} {
		_, err := b.Ajouter(t.Context(), sources.Demande{Nom: nom, URL: s.URL})
		check(t, err)
	}
	p, err := b.Passer(t.Context(), "une", sources.Lancer, "cli")
	check(t, err)
	want(t, "the first", sources.Applique, p.Etat)
	p, err = b.Passer(t.Context(), "autre", sources.Lancer, "cli")
	check(t, err)
	if p.Cause != sources.Format || !strings.Contains(p.Raison, "La source « une » donne déjà ces fiches") {
		t.Errorf("%+v", p)
	}
}
