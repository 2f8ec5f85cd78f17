package norme_test

import (
	"slices"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/norme"
)

// The columns of a table of one's own are told with what their names say and their
// first values; other formats have none.
func TestLireColonnes(t *testing.T) {
	texte := "Nom du lieu;Ville;Remarque\nUn;Moissac;a\nDeux;Moissac;\nTrois;Castelsarrasin;b\n"
	colonnes, err := norme.Options{}.LireColonnes(strings.NewReader(texte))
	if err != nil || len(colonnes) != 3 {
		t.Fatalf("%+v, %v", colonnes, err)
	}
	if c := colonnes[0]; c.Nom != "Nom du lieu" || c.Cible != "nom" || !slices.Equal(c.Exemples, []string{"Un", "Deux", "Trois"}) {
		t.Errorf("%+v", c)
	}
	if c := colonnes[1]; c.Cible != "commune" || !slices.Equal(c.Exemples, []string{"Moissac", "Castelsarrasin"}) {
		t.Errorf("%+v", c)
	}
	if c := colonnes[2]; c.Cible != "" {
		t.Errorf("%+v", c)
	}
	dites, err := norme.Options{Colonnes: norme.Correspondance{"Remarque": "ignorer"}}.LireColonnes(strings.NewReader(texte))
	if err != nil || dites[2].Cible != "ignorer" {
		t.Errorf("%+v, %v", dites, err)
	}
	if _, err := (norme.Options{}).LireColonnes(strings.NewReader("\x00\x01")); err == nil {
		t.Error("what is no table has columns")
	}
	for _, cible := range norme.Cibles() {
		if _, err := norme.ParseCorrespondance("Colonne=" + cible); err != nil {
			t.Errorf("%s: %v", cible, err)
		}
	}
	for _, c := range []norme.Correspondance{nil, {"Nom du lieu": "nom"}, {"Nom, ville": "nom", "Ville": "commune"}, {"Nom, ville": "nom"}} {
		lue, err := norme.ParseCorrespondance(c.String())
		if err != nil || len(lue) != len(c) || len(c) > 0 && lue["Ville"] != c["Ville"] || lue["Nom, ville"] != c["Nom, ville"] {
			t.Errorf("%v is written %q, read %v, %v", c, c.String(), lue, err)
		}
	}
}
