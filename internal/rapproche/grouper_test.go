package rapproche_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/rapproche"
)

// fiches makes records of what is said of each, keyed by their rank unless they
// say their key.
func fiches(dits ...string) []mednum.Fiche {
	liste := make([]mednum.Fiche, len(dits))
	for i, dit := range dits {
		liste[i] = fiche(dit)
		if liste[i].Cle == "" {
			liste[i].Cle = fmt.Sprint(i)
		}
	}
	return liste
}

func membres(groupes []rapproche.Groupe) [][]int {
	liste := [][]int{}
	for _, g := range groupes {
		liste = append(liste, g.Membres)
	}
	return liste
}

func TestGrouper(t *testing.T) {
	const (
		fs     = "flux=f ; liste ; nom=France services d'Essai ; adresse=1 rue Haute ; tel=1 ; mail=fs@essai.fr"
		double = "flux=c ; nom=France services d'Essai ; adresse=1 rue Haute ; tel=1 ; mail=fs@essai.fr"
		tiers  = "flux=d ; nom=Essai solidaire ; typo=ASSO ; adresse=1 rue Haute ; tel=1 ; mail=fs@essai.fr"
		biblio = "flux=d ; nom=Médiathèque d'Essai-sur-Tarn ; adresse=1 rue Haute ; tel=1 ; mail=fs@essai.fr"
		autre  = "flux=c ; nom=Association Alpha ; adresse=3 rue Basse"
		mairie = "flux=c ; nom=Mairie d'Essai-sur-Tarn ; adresse=1 rue Haute ; tel=1"
	)
	lieux := func(noms ...string) func(int) string { return func(i int) string { return noms[i] } }
	distincts := func(x, y int) func(int, int) bool { return func(i, j int) bool { return i == x && j == y } }
	tests := []struct {
		name    string
		fiches  []mednum.Fiche
		savoir  rapproche.Savoir
		groupes [][]int
		doutes  [][]int
	}{
		{"none", nil, rapproche.Savoir{}, [][]int{}, [][]int{}},
		{"each alone", fiches(biblio, autre), rapproche.Savoir{}, [][]int{{0}, {1}}, [][]int{}},
		{"three records of one place", fiches(autre, double, fs, tiers), rapproche.Savoir{}, [][]int{{0}, {1, 2, 3}}, [][]int{}},
		{"a member that contradicts stays out, and is asked", fiches(tiers, fs, biblio), rapproche.Savoir{}, [][]int{{0, 1}, {2}}, [][]int{{0, 2}}},
		{"a doubt joins nothing", fiches(fs, mairie), rapproche.Savoir{}, [][]int{{0}, {1}}, [][]int{{0, 1}}},
		{"one doubt between two groups: the best pair", fiches(fs, double, mairie), rapproche.Savoir{}, [][]int{{0, 1}, {2}}, [][]int{{1, 2}}},

		{"records of one place stay together, whatever they say", fiches(fs, autre), rapproche.Savoir{Lieu: lieux("x", "x")}, [][]int{{0, 1}}, [][]int{}},
		{"two places are not joined, only asked", fiches(fs, double), rapproche.Savoir{Lieu: lieux("x", "y")}, [][]int{{0}, {1}}, [][]int{{0, 1}}},
		{"a new record joins the place", fiches(fs, double, autre), rapproche.Savoir{Lieu: lieux("x", "", "y")}, [][]int{{0, 1}, {2}}, [][]int{}},
		{"not the second place through a new record", fiches(fs, double, double), rapproche.Savoir{Lieu: lieux("x", "", "y")}, [][]int{{0}, {1, 2}}, [][]int{{0, 1}}},
		{"said to be two: neither joined nor asked", fiches(fs, double), rapproche.Savoir{Distincts: distincts(0, 1)}, [][]int{{0}, {1}}, [][]int{}},
		{"said the other way round", fiches(fs, double), rapproche.Savoir{Distincts: distincts(1, 0)}, [][]int{{0}, {1}}, [][]int{}},
		{"said to be two: not through a third either", fiches(fs, double, tiers), rapproche.Savoir{Distincts: distincts(0, 1)}, [][]int{{0}, {1, 2}}, [][]int{}},
		{"said of a doubt", fiches(fs, mairie), rapproche.Savoir{Distincts: distincts(0, 1)}, [][]int{{0}, {1}}, [][]int{}},

		{
			"one key in two editions, though it moved",
			fiches("flux=f ; cle=7 ; liste ; nom=France services d'Essai ; adresse=1 rue Haute", "flux=f ; cle=7 ; liste ; nom=France services d'Essai ; adresse=9 place Basse"),
			rapproche.Savoir{},
			[][]int{{0, 1}},
			[][]int{},
		},
		{
			"and a record that knows the old address only",
			fiches("flux=f ; cle=7 ; liste ; nom=France services d'Essai ; adresse=1 rue Haute", "flux=f ; cle=7 ; liste ; nom=France services d'Essai ; adresse=9 place Basse", double),
			rapproche.Savoir{},
			[][]int{{0, 1, 2}},
			[][]int{},
		},
		{
			"one key, and all the rest contradicts",
			fiches("flux=n ; cle=7 ; nom=Mairie de Haut ; commune=Haut ; cp=82101 ; adresse=Mairie", "flux=n ; cle=7 ; nom=Cantine Bleue ; commune=Bas ; cp=31200 ; adresse=2 rue A"),
			rapproche.Savoir{},
			[][]int{{0}, {1}},
			[][]int{},
		},
		{
			"ids that a national file joined",
			fiches("flux=n ; cle=dora_12ab34__rhinocc_zz9988 ; nom=Atelier Vert ; adresse=2 rue A", "flux=d ; cle=12ab34 ; nom=L'atelier ; adresse=2 rue A"),
			rapproche.Savoir{},
			[][]int{{0, 1}},
			[][]int{},
		},
		{
			"an id that was joined, by chance that of a place of another kind",
			fiches("flux=n ; cle=dora_123456__rhinocc_zz9988 ; nom=Médiathèque ; adresse=2 rue A", "flux=d ; cle=123456 ; nom=Mission locale ; adresse=2 rue A"),
			rapproche.Savoir{},
			[][]int{{0}, {1}},
			[][]int{},
		},
		{
			"one long id under two sources",
			fiches("flux=n ; cle=conseiller-numerique:62592a1d05457b0790816e6c ; nom=Espoir ; adresse=4 rue A", "flux=c ; cle=62592a1d05457b0790816e6c ; nom=Association l'espoir (Groupe) ; adresse=4 AV A"),
			rapproche.Savoir{},
			[][]int{{0, 1}},
			[][]int{},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := rapproche.Grouper(tt.fiches, tt.savoir)
			if diff := cmp.Diff(tt.groupes, membres(g.Groupes)); diff != "" {
				t.Errorf("Groupes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.doutes, membres(g.Doutes)); diff != "" {
				t.Errorf("Doutes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestGrouperRaisons: a record alone has no reason; a group has those of its
// weakest link.
func TestGrouperRaisons(t *testing.T) {
	g := rapproche.Grouper(fiches(
		"flux=a ; nom=La Mémo ; adresse=1 rue Haute ; tel=1",
		"flux=b ; nom=La Mémo ; adresse=1 rue Haute ; tel=1",
		"flux=c ; nom=La Mémo ; adresse=rue Haute",
		"flux=c ; nom=Seule ; adresse=8 rue Basse",
	), rapproche.Savoir{})
	want := []rapproche.Groupe{
		{Membres: []int{0, 1, 2}, Score: 0.8, Raisons: []string{"Même rue, numéro presque pareil", "Même nom"}},
		{Membres: []int{3}, Score: 1},
	}
	if diff := cmp.Diff(want, g.Groupes); diff != "" {
		t.Errorf("Groupes (-want +got):\n%s", diff)
	}
}

// TestGrouperPointsCommuns: a point that records of different streets share is
// a centre: it makes no doubt.
func TestGrouperPointsCommuns(t *testing.T) {
	const ici = " ; lat=44.1 ; lon=1.1"
	deux := []string{
		"flux=a ; nom=Médiathèque Zibeline ; adresse=1 rue Haute" + ici,
		"flux=b ; nom=Médiathèque ; adresse=9 rue Creuse ; lat=44.1001 ; lon=1.1",
	}
	if g := rapproche.Grouper(fiches(deux...), rapproche.Savoir{}); len(g.Doutes) != 1 {
		t.Errorf("%d doubts when the point is theirs, want 1", len(g.Doutes))
	}
	if g := rapproche.Grouper(fiches(append(deux, "flux=a ; nom=Mairie ; adresse=Place Basse"+ici)...), rapproche.Savoir{}); len(g.Doutes) != 0 {
		t.Errorf("doubts from a centre: %v", g.Doutes)
	}
}

// TestGrouperFichiers: what all the records tell together, and two of them do
// not: the only France services of a commune, a switchboard, a word of names
// that every commune has.
func TestGrouperFichiers(t *testing.T) {
	const fs = "flux=a ; cle=1 ; liste ; nom=France services d'Essai-sur-Tarn ; adresse=1 rue Haute"
	seule := []string{fs, "flux=b ; cle=2 ; nom=MFS ; adresse=9 avenue Creuse"}
	bureaux := []string{fs + " ; tel=1", "flux=b ; cle=2 ; nom=Atelier Vert ; adresse=9 avenue Creuse ; tel=1"}
	fabrique := []string{"flux=a ; cle=1 ; nom=Grange du Neuhof ; adresse=Adresse non précisée", "flux=b ; cle=2 ; nom=Ferme Neuhof Atelier ; adresse=1 rue Haute"}
	var partout []string
	for i, commune := range []string{"Haut", "Bas", "Creux", "Vert", "Long"} {
		partout = append(partout, fmt.Sprintf("flux=c ; cle=%d ; nom=Cantine Neuhof ; adresse=2 rue Longue ; commune=%s ; cp=8210%d", i, commune, i))
	}
	tests := []struct {
		name  string
		dites []string
		autre []string // what else is in the files
		want  int      // doubts that the first record raises, of the two
	}{
		{"the only France services", seule, nil, 1},
		{"one of two", seule, []string{"flux=a ; cle=3 ; liste ; nom=France services Bellevue ; adresse=7 quai Long"}, 0},
		{"the same in two editions", seule, []string{"flux=a ; cle=1 ; liste ; nom=France services d'Essai-sur-Tarn ; adresse=1 rue Haute"}, 1},
		{"a phone", bureaux, nil, 1},
		{"a switchboard", bureaux, []string{"flux=d ; cle=4 ; nom=Cantine Bleue ; adresse=3 cours Long ; tel=1", "flux=d ; cle=5 ; nom=Ruche ; adresse=5 quai Noir ; tel=1"}, 0},
		{"a word that no other commune has", fabrique, nil, 1},
		{"a word that five communes have", fabrique, partout, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := rapproche.Grouper(fiches(slices.Concat(tt.dites, tt.autre)...), rapproche.Savoir{})
			got := 0
			for _, d := range g.Doutes {
				if slices.Equal(d.Membres, []int{0, 1}) {
					got++
				}
			}
			if got != tt.want {
				t.Errorf("%d doubts between the two, want %d: %v", got, tt.want, g.Doutes)
			}
		})
	}
}

// TestGrouperDemenage: a France services that left the town hall takes its older
// edition with it, not the town hall.
func TestGrouperDemenage(t *testing.T) {
	deux := fiches(
		"flux=a ; cle=1 ; liste ; nom=France services d'Essai-sur-Tarn ; adresse=1 rue Haute ; tel=1",
		"flux=a ; cle=1 ; liste ; nom=France services d'Essai-sur-Tarn ; adresse=8 cours Bas ; tel=1",
		"flux=b ; cle=2 ; label ; nom=Mairie d'Essai-sur-Tarn ; adresse=1 rue Haute ; tel=1",
	)
	groupes := func(premiere, seconde mednum.Date) [][]int {
		deux[0].DateMaj, deux[1].DateMaj = premiere, seconde
		var g [][]int
		for _, x := range rapproche.Grouper(deux, rapproche.Savoir{}).Groupes {
			g = append(g, x.Membres)
		}
		return g
	}
	d2023, d2024 := mednum.Date{Annee: 2023, Mois: 7, Jour: 1}, mednum.Date{Annee: 2024, Mois: 8, Jour: 1}
	if diff := cmp.Diff([][]int{{0, 1}, {2}}, groupes(d2023, d2024)); diff != "" {
		t.Errorf("after it left (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]int{{0, 1, 2}}, groupes(d2024, d2023)); diff != "" {
		t.Errorf("after it came (-want +got):\n%s", diff)
	}
}

// TestGrouperSansDeluge: a place that looks like fifty others raises three
// doubts, the best.
func TestGrouperSansDeluge(t *testing.T) {
	dits := []string{"flux=f ; liste ; nom=France services d'Essai-sur-Tarn ; adresse=1 rue Haute ; tel=1"}
	for i := range 50 {
		dits = append(dits, fmt.Sprintf("flux=c ; nom=%s ; adresse=1 rue Haute ; tel=1", strings.Repeat(string(rune('a'+i%26)), 4+i/26)))
	}
	g := rapproche.Grouper(fiches(dits...), rapproche.Savoir{})
	nombre := 0
	for _, d := range g.Doutes {
		if slices.Contains(d.Membres, 0) {
			nombre++
		}
	}
	if nombre != 3 {
		t.Errorf("%d doubts of one place, want 3", nombre)
	}
	if !slices.IsSortedFunc(g.Doutes, func(a, b rapproche.Groupe) int { return -cmpFloat(a.Score, b.Score) }) {
		t.Error("doubts are not in the order of their score")
	}
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// TestGrouperOrdre: the order of the records changes nothing.
func TestGrouperOrdre(t *testing.T) {
	base := synthese(3000)
	clef := func(liste []mednum.Fiche, groupes []rapproche.Groupe) []string {
		var lignes []string
		for _, g := range groupes {
			var refs []string
			for _, i := range g.Membres {
				refs = append(refs, liste[i].Reference())
			}
			slices.Sort(refs)
			lignes = append(lignes, fmt.Sprint(refs, g.Score, g.Raisons))
		}
		slices.Sort(lignes)
		return lignes
	}
	g := rapproche.Grouper(base, rapproche.Savoir{})
	groupes, doutes := clef(base, g.Groupes), clef(base, g.Doutes)
	r := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		melange := slices.Clone(base)
		r.Shuffle(len(melange), func(i, j int) { melange[i], melange[j] = melange[j], melange[i] })
		g := rapproche.Grouper(melange, rapproche.Savoir{})
		if diff := cmp.Diff(groupes, clef(melange, g.Groupes)); diff != "" {
			t.Fatalf("Groupes (-first +shuffled):\n%s", diff)
		}
		if diff := cmp.Diff(doutes, clef(melange, g.Doutes)); diff != "" {
			t.Fatalf("Doutes (-first +shuffled):\n%s", diff)
		}
	}
}
