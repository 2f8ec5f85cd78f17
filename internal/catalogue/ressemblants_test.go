package catalogue

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// nomsVues are the ids of places.
func nomsVues(vues []*Vue) (ids []string) {
	for _, v := range vues {
		ids = append(ids, v.ID)
	}
	return ids
}

// quelques are places of two communes, one of them only proposed, of one
// organisation.
func quelques(t *testing.T) *Catalogue {
	t.Helper()
	base := openBase(t)
	for _, l := range []struct {
		id, nom, adresse, code, siret string
		statut                        mednum.Statut
	}{
		{"l1", "Médiathèque de Moissac", "1 place des Récollets", "82112", "21820112300011", mednum.StatutPublie},
		{"l2", "Espace numérique Lakanal", "4 rue de l'Inondation", "82112", mednum.PivotInconnu, mednum.StatutPublie},
		{"l3", "Médiathèque de Montauban", "2 rue Jean Carmet", "82121", mednum.PivotInconnu, mednum.StatutPublie},
		{"l4", "Médiathèque annexe", "9 rue Neuve", "82112", "21820112300011", mednum.StatutPropose},
	} {
		lieu := lieuEn(l.id, l.nom, 44.1, 1.08)
		lieu.Champs.Adresse, lieu.Champs.CodeInsee, lieu.Champs.Pivot, lieu.Statut = l.adresse, l.code, l.siret, l.statut
		save(t, base, lieu)
	}
	ter, err := territoire.Open(os.DirFS("../../data/82"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(t.Context(), base, ter, nil, heure)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRessemblants(t *testing.T) {
	c := quelques(t)
	for _, tt := range []struct {
		name, nom, adresse, code string
		want                     []string
	}{
		{"the same name, however it is written", "mediathèque de MOISSAC", "", "82112", []string{"l1"}},
		{"a word of the name", "La médiathèque du centre", "", "82112", []string{"l1"}},
		{"the same address, under another name", "Point info jeunes", "4 Rue de l’Inondation", "82112", []string{"l2"}},
		{"best first", "Médiathèque", "4 rue de l'inondation", "82112", []string{"l2", "l1"}},
		{"the name of the commune is no likeness", "Mairie de Moissac", "", "82112", nil},
		{"small words are none", "Le coin de la rue", "", "82112", nil},
		{"another commune", "Médiathèque", "", "82121", []string{"l3"}},
		{"an unknown commune", "Médiathèque", "", "99999", nil},
		{"nothing", "", "", "82112", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, nomsVues(c.Ressemblants(tt.nom, tt.adresse, tt.code))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDuSiret(t *testing.T) {
	c := quelques(t)
	for siret, want := range map[string][]string{
		"21820112300011": {"l1"}, // what is only proposed is nobody's
		"21820112300012": nil, mednum.PivotInconnu: nil, "": nil,
	} {
		if d := cmp.Diff(want, nomsVues(c.DuSiret(siret))); d != "" {
			t.Errorf("%q: %s", siret, d)
		}
	}
}
