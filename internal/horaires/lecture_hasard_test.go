package horaires

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestLireHasard: weeks drawn at random, written as people do, are read back.
func TestLireHasard(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		var jours [7][]Plage
		texte := ecrireAuHasard(r, &jours)
		l := Lire(texte)
		if want := Composer(jours); l.Horaires != want || !l.Certaine() {
			t.Fatalf("%q\n got %q, left %q, %+v\nwant %q", texte, l.Horaires, l.Reste, l.Doutes, want)
		}
	}
}

// ecrireAuHasard cuts the week into runs of days, gives hours to some, and
// writes them.
func ecrireAuHasard(r *rand.Rand, jours *[7][]Plage) string {
	var groupes []string
	tiret := [...]string{"-", " - ", " à ", " – "}[r.IntN(4)]
	entre := [...]string{" et ", " / ", " et de ", ", "}[r.IntN(4)]
	for de := 0; de < 7; {
		a := min(de+r.IntN(4), 6)
		if plages := plagesAuHasard(r); len(plages) > 0 || len(groupes) == 0 && a == 6 {
			if len(plages) == 0 {
				plages = []Plage{{540, 720}}
			}
			for d := de; d <= a; d++ {
				jours[d] = plages
			}
			groupes = append(groupes, nommerJours(r, de, a)+heuresAuHasard(r, plages, tiret, entre))
		}
		de = a + 1
	}
	return strings.Join(groupes, [...]string{" ; ", "\n", " | ", ". ", ", "}[r.IntN(5)])
}

func plagesAuHasard(r *rand.Rand) (plages []Plage) {
	if r.IntN(3) > 0 {
		plages = append(plages, Plage{480 + 15*r.IntN(9), 690 + 15*r.IntN(5)})
	}
	if r.IntN(3) > 0 {
		plages = append(plages, Plage{780 + 15*r.IntN(9), 960 + 15*r.IntN(13)})
	}
	return plages
}

func nommerJours(r *rand.Rand, de, a int) string {
	if a > de+1 && r.IntN(2) == 0 {
		return "du " + nomsFrancais[de][0] + " au " + nomsFrancais[a][0]
	}
	forme := r.IntN(3) // name, three letters, two
	if a > de+1 && forme > 0 && r.IntN(2) == 0 {
		return nomsFrancais[de][forme] + "-" + nomsFrancais[a][forme]
	}
	var noms []string
	for d := de; d <= a; d++ {
		noms = append(noms, nomsFrancais[d][forme])
	}
	return strings.Join(noms, [...]string{", ", " et ", "/", " "}[r.IntN(4)])
}

func heuresAuHasard(r *rand.Rand, plages []Plage, tiret, entre string) string {
	textes := make([]string, len(plages))
	for i, p := range plages {
		textes[i] = heureAuHasard(r, p.Debut) + tiret + heureAuHasard(r, p.Fin)
	}
	return [...]string{" ", " : ", " de "}[r.IntN(3)] + strings.Join(textes, entre)
}

func heureAuHasard(r *rand.Rand, minutes int) string {
	h, m := minutes/60, minutes%60
	switch forme := r.IntN(4); {
	case forme == 0:
		return fmt.Sprintf("%02d:%02d", h, m)
	case m == 0 && forme == 1:
		return fmt.Sprintf("%d heures", h)
	case m == 0:
		return fmt.Sprintf("%dh", h)
	case forme == 1:
		return fmt.Sprintf("%d h %02d", h, m)
	default:
		return fmt.Sprintf("%dH%02d", h, m)
	}
}
