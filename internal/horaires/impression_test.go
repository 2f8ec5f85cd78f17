package horaires

import "testing"

// What an expression prints parses to one that prints and evaluates the same,
// over generated expressions and over the real strings.
func TestImpression(t *testing.T) {
	c := Calendrier{Lieu: paris(t), Departement: "82", Vacances: NewVacances(
		[]Periode{{"Toussaint", instant(t, "2026-10-17 00:00"), instant(t, "2026-11-01 00:00")}},
		instant(t, "2025-01-01 00:00"), instant(t, "2026-12-31 00:00"))}
	verifier := func(t *testing.T, textes []string) {
		g, remarquables, lus := newGenerateur(5), instantsRemarquables(t), 0
		for _, texte := range textes {
			e, err := Parse(texte)
			if err != nil {
				continue
			}
			lus++
			encore, err := Parse(e.String())
			if err != nil || encore.String() != e.String() {
				t.Fatalf("%q prints as %q, then as %v: %v", texte, e, encore, err)
			}
			for _, quand := range instantsPour(texte, g, remarquables, 40) {
				etat, mots := e.Etat(quand, c)
				if autre, dits := encore.Etat(quand, c); autre != etat || dits != mots {
					t.Fatalf("%q at %v: %v (%s), its print %q: %v (%s)", texte, quand, etat, mots, e, autre, dits)
				}
			}
		}
		t.Logf("%d of %d texts parse strictly", lus, len(textes))
		if lus < len(textes)*96/100 {
			t.Errorf("only %d of %d texts parse", lus, len(textes))
		}
	}
	t.Run("engendrees", func(t *testing.T) {
		var textes []string
		for g := newGenerateur(2026); len(textes) < 6000; {
			textes = append(textes, g.expression())
		}
		verifier(t, textes)
	})
	t.Run("reelles", func(t *testing.T) { verifier(t, colonne(t, "osm-distinct.tsv")) })
}
