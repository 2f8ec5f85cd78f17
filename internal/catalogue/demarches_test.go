package catalogue

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestDemarchesLivrees(t *testing.T) {
	fichier, err := os.ReadFile("../../data/demarches.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := ReadDemarches(fichier)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range d {
		ids = append(ids, d[i].ID)
		if n := utf8.RuneCountInString(d[i].Titre); n > 40 {
			t.Errorf("%s: a title of %d characters does not fit a button", d[i].ID, n)
		}
		if len(d[i].Apporter) == 0 {
			t.Errorf("%s: nothing to bring", d[i].ID)
		}
		for _, texte := range append([]string{d[i].Titre, d[i].Phrase}, d[i].Apporter...) {
			if strings.ContainsAny(texte, `'"`) || strings.Contains(texte, " :") {
				t.Errorf("%s: typography of %q", d[i].ID, texte)
			}
		}
	}
	want := []string{"impots", "caf", "retraite", "sante", "titres", "emploi", "apprendre", "imprimer", "internet", "securite"}
	if diff := gocmp.Diff(want, ids); diff != "" {
		t.Error(diff)
	}
}

func TestReadDemarchesRefuse(t *testing.T) {
	bonne := `{"id":"a","titre":"A","phrase":"A","icone":"a","services":["Aide aux démarches administratives"]}`
	tests := []struct{ name, fichier, want string }{
		{"illisible", `[`, "illisible"},
		{"champ inconnu", `[{"id":"a","nom":"A"}]`, "nom"},
		{"sans titre", `[{"id":"a","phrase":"A","icone":"a","services":["Aide aux démarches administratives"]}]`, "titre"},
		{"deux fois", "[" + bonne + "," + bonne + "]", "deux fois"},
		{"rien ne sert", `[{"id":"a","titre":"A","phrase":"A","icone":"a"}]`, "aucun service"},
		{"service", strings.Replace("["+bonne+"]", "Aide aux", "Aide à", 1), "service inconnu"},
		{"dispositif", strings.Replace("["+bonne+"]", `"services"`, `"dispositifs":["X"],"services"`, 1), "dispositif inconnu"},
		{"famille", strings.Replace("["+bonne+"]", `"services"`, `"familles":["x"],"services"`, 1), "famille inconnue"},
	}
	if _, err := ReadDemarches([]byte("[" + bonne + "]")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ReadDemarches([]byte(tt.fichier)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestDemarcheSertCommeRecherche: Sert and the search agree.
func TestDemarcheSertCommeRecherche(t *testing.T) {
	c := catalogueDe(t, newHasard(3).lieux(300, 1))
	res, err := c.Chercher(t.Context(), Recherche{Demarche: "essai", Limite: LimiteMax})
	if err != nil {
		t.Fatal(err)
	}
	var trouves []string
	for _, x := range res.Trouves {
		trouves = append(trouves, x.Vue.ID)
	}
	for _, v := range c.Lieux() {
		if demarchesEssai[0].Sert(&v.Lieu) != slices.Contains(trouves, v.ID) {
			t.Errorf("%s: %v", v.ID, v.Champs.Services)
		}
	}
	if len(trouves) == 0 || len(trouves) == len(c.Lieux()) {
		t.Errorf("%d places of %d serve the errand: nothing is tested", len(trouves), len(c.Lieux()))
	}
}

func TestLanguesEtrangeres(t *testing.T) {
	anglais, autres, aucune := lieuEn("l1", "Anglais", 44, 1), lieuEn("l2", "Autres", 44, 1), lieuEn("l3", "Aucune", 44, 1)
	anglais.Champs.PriseEnCharge = []string{"Langues étrangères (anglais)"}
	autres.Champs.PriseEnCharge = []string{"Langues étrangères (autres)", "Surdité"}
	aucune.Champs.PriseEnCharge = []string{"Surdité"}
	c := catalogueDe(t, []mednum.Lieu{anglais, autres, aucune})
	chercher := func(valeur string) Resultats {
		res, err := c.Chercher(t.Context(), Recherche{Filtres: map[mednum.Champ][]string{mednum.ChampPriseEnCharge: {valeur}}})
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	for valeur, want := range map[string]int{LanguesEtrangeres: 2, mednum.LangueAnglais: 1, mednum.LanguesAutres: 1, "Surdité": 2} {
		if n := chercher(valeur).Total; n != want {
			t.Errorf("%s: %d places, want %d", valeur, n, want)
		}
	}
	for _, f := range chercher("Surdité").Comptes {
		if f.Champ != mednum.ChampPriseEnCharge {
			continue
		}
		want := []Compte{{"Surdité", 2, true}, {LanguesEtrangeres, 2, false}}
		if d := gocmp.Diff(want, f.Valeurs); d != "" {
			t.Error(d)
		}
	}
}
