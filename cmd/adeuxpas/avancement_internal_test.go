package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
)

// avancerEssai tells ten steps of a writing, one a second.
func avancerEssai(terminal bool) string {
	var w bytes.Buffer
	t := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	a := &avancement{w: &w, terminal: terminal, now: func() time.Time { return t }}
	for n := 0; n <= 1000; n += 100 {
		a.etape(collecte.EtapeEcrire, n, 1000)
		t = t.Add(time.Second)
	}
	a.finir()
	return strings.ReplaceAll(w.String(), "\u00a0", " ")
}

// On a terminal: one line drawn again, with a bar, the rate and what remains.
func TestAvancementTerminal(t *testing.T) {
	got := avancerEssai(true)
	for _, morceau := range []string{
		"\rÉcriture : 0 lieux sur 1 000 [--------------------]   0 %",
		"\rÉcriture : 500 lieux sur 1 000 [##########----------]  50 %, 100 lieux par seconde, reste 5 s",
		"\rÉcriture : 1 000 lieux sur 1 000 [####################] 100 %, 100 lieux par seconde",
	} {
		if !strings.Contains(got, morceau) {
			t.Errorf("not drawn: %q\n%q", morceau, got)
		}
	}
	if strings.Count(got, "\n") != 1 || !strings.HasSuffix(got, "\n") {
		t.Errorf("the bar is not one line: %q", got)
	}
}

// Elsewhere: a line every two seconds at most, without control characters.
func TestAvancementJournal(t *testing.T) {
	got := avancerEssai(false)
	want := []string{
		"Écriture : 200 lieux sur 1 000, 100 lieux par seconde, reste 8 s",
		"Écriture : 400 lieux sur 1 000, 100 lieux par seconde, reste 6 s",
		"Écriture : 600 lieux sur 1 000, 100 lieux par seconde, reste 4 s",
		"Écriture : 800 lieux sur 1 000, 100 lieux par seconde, reste 2 s",
		"Écriture : 1 000 lieux sur 1 000, 100 lieux par seconde",
	}
	if lignes := strings.Split(strings.TrimSuffix(got, "\n"), "\n"); strings.Join(lignes, "|") != strings.Join(want, "|") {
		t.Errorf("%q", lignes)
	}
	if d := duree(150 * time.Second); d != "2 min 30 s" {
		t.Errorf("%s", d)
	}
}
