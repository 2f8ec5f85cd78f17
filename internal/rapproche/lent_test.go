package rapproche_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/rapproche"
)

// TestTextesLongs: a text of a megabyte in any column costs no more than its
// reading.
func TestTextesLongs(t *testing.T) {
	var mots strings.Builder
	for i := range 150_000 {
		fmt.Fprintf(&mots, "m%d ", i)
	}
	for _, long := range []string{strings.Repeat("-", 1<<20), strings.Repeat("a__", 1<<18), strings.Repeat("1 bis ", 1<<17), strings.Repeat("abcdefghij", 1<<16), mots.String(), strings.ReplaceAll(mots.String(), " ", "|")} {
		champs := map[mednum.Champ]string{}
		for _, c := range mednum.ChampsNorme {
			champs[c] = long
		}
		a, b := mednum.Fiche{Flux: "a", Cle: long, Champs: champs}, mednum.Fiche{Flux: "b", Cle: long + "x", Champs: champs}
		limite := time.AfterFunc(30*time.Second, func() {})
		rapproche.Grouper([]mednum.Fiche{a, b, a}, rapproche.Savoir{})
		rapproche.Comparer(&a, &b)
		if !limite.Stop() {
			t.Errorf("more than thirty seconds for %q…", long[:20])
		}
	}
}
