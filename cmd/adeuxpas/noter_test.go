package main_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

// What commands do to accounts, tokens and sources is in the register, in its
// order, and names nobody.
func TestNoterCommandes(t *testing.T) {
	dossier := remplie(t)
	inviter(t, dossier, "jeanne@exemple.fr", "--nom", "Jeanne Durand", "--role", "coordinateur", "--departement")
	jeton := lancer(t, dossier, nil, "compte", "jeton", "--nom", "Agenda", "--departement")
	id := regexp.MustCompile(`Jeton ([0-9a-f]{12})`).FindStringSubmatch(jeton.stderr)
	if id == nil {
		t.Fatalf("%q", jeton.stderr)
	}
	commande(t, dossier, nil, "compte", "revoquer", id[1])
	commande(t, dossier, nil, "source", "ajouter", "france-services")
	commande(t, dossier, nil, "source", "suspendre", "france-services")
	commande(t, dossier, nil, "source", "reprendre", "france-services")
	commande(t, dossier, nil, "source", "retirer", "france-services")
	b, err := sqlite.Open(t.Context(), filepath.Join(dossier, "var", "adeuxpas.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	p, err := registre.New(b, time.Now).Lire(t.Context(), registre.Choix{N: 50, Sauf: registre.VoieImport})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range p.Lignes {
		a := p.Lignes[i].Acte
		if a == nil || a.Qui != "cli" || a.Voie != registre.VoieCLI {
			t.Errorf("line %d: %+v", i, p.Lignes[i])
			continue
		}
		got = append(got, string(a.Genre)+" "+a.Objet+" "+a.Texte)
	}
	slices.Reverse(got)
	want := []string{
		"acces  Invitation préparée : coordonner les lieux du département 82",
		"jeton jeton:" + id[1] + " Jeton créé : corriger les lieux du département 82",
		"jeton jeton:" + id[1] + " Jeton révoqué : corriger les lieux du département 82",
		"source source:france-services Source ajoutée : france-services",
		"source source:france-services Source suspendue : france-services",
		"source source:france-services Source reprise : france-services",
		"source source:france-services Source retirée : france-services",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("acts (-want +got):\n%s", d)
	}
}
