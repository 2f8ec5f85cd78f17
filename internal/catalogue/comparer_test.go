package catalogue

import (
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// difficultes counts what the questions met, so that an easy set is seen.
type difficultes struct{ elargis, muets, rares, sansPosition, quands int }

// TestChercherCommeNaif compares the catalogue with the naive answer.
func TestChercherCommeNaif(t *testing.T) {
	var d difficultes
	for graine := range uint64(60) {
		h := newHasard(graine)
		lieux := h.lieux(h.IntN(150), []float64{0.3, 2, 8}[graine%3])
		c := catalogueDe(t, lieux)
		for q := range 25 {
			d.comparer(t, fmt.Sprintf("graine %d, question %d", graine, q), c, lieux, h.recherche())
		}
	}
	if d.elargis < 50 || d.muets < 50 || d.rares < 20 || d.sansPosition < 20 || d.quands < 30 {
		t.Errorf("the questions are too easy: %+v", d)
	}
}

// comparer asks one question of the catalogue and of the naive search.
func (d *difficultes) comparer(t *testing.T, nom string, c *Catalogue, lieux []mednum.Lieu, r Recherche) {
	t.Helper()
	criteres, err := c.criteres(&r)
	if err != nil {
		t.Fatal(err)
	}
	// Communes of this test are in no pack: repondre, not Chercher.
	if r.Rayon == 0 {
		r.Rayon = DefautRayon
	}
	res, err := c.repondre(t.Context(), &r, criteres)
	if err != nil {
		t.Fatalf("%s: %v", nom, err)
	}
	got, want := reponseDe(res), newNaif(lieux, r).repondre()
	for valeur, n := range want.Comptes {
		if _, ok := got.Comptes[valeur]; !ok && n == 0 {
			delete(want.Comptes, valeur) // no place has it: not offered
		} else if !ok && slices.Contains([]string{
			"prise_en_charge_specifique=Langues étrangères (anglais)", "prise_en_charge_specifique=Langues étrangères (autres)",
		}, valeur) {
			delete(want.Comptes, valeur) // stands under "Langues étrangères"
		}
	}
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s: %+v\n(-naïf +catalogue)\n%s", nom, r, diff)
	}
	d.noter(&res, &r)
}

func (d *difficultes) noter(res *Resultats, r *Recherche) {
	if res.Elargi {
		d.elargis++
	}
	if r.Quand != nil && res.Total > 0 && res.TotalMuets > 0 {
		d.quands++
	}
	if len(res.Muets) > 0 {
		d.muets++
	}
	if len(res.SansPosition) > 0 {
		d.sansPosition++
	}
	if res.Total > 0 && res.Total < assez {
		d.rares++
	}
}
