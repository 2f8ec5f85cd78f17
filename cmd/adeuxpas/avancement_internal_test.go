package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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
		"\rÉcriture : 0 sur 1 000 lieux [----------]   0 %",
		"\rÉcriture : 500 sur 1 000 lieux [#####-----]  50 %, 100/s, reste 5 s",
		"\rÉcriture : 1 000 sur 1 000 lieux [##########] 100 %, 100/s",
	} {
		if !strings.Contains(got, morceau) {
			t.Errorf("not drawn: %q\n%q", morceau, got)
		}
	}
	if strings.Count(got, "\n") != 1 || !strings.HasSuffix(got, "\n") {
		t.Errorf("the bar is not one line: %q", got)
	}
}

// A line that wraps cannot be drawn again in its place: a long name is cut.
func TestAvancementLargeur(t *testing.T) {
	var w bytes.Buffer
	instant := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	a := &avancement{w: &w, terminal: true, now: func() time.Time { return instant }}
	for lu := range 11 {
		a.octets("conseillers-numeriques-permanences-2022-12.json", lu<<21, 10<<21)
		instant = instant.Add(11 * time.Second)
	}
	lignes := strings.Split(w.String(), "\r")[1:]
	for _, ligne := range lignes {
		if n := utf8.RuneCountInString(strings.TrimRight(ligne, " \n")); n > 79 || !strings.HasPrefix(ligne, "Lecture de c") {
			t.Errorf("%d signs: %q", n, ligne)
		}
	}
	if dit := strings.ReplaceAll(lignes[5], "\u00a0", " "); !strings.Contains(dit, "…") || !strings.Contains(dit, " ko [#####-----]  50 %, ") || !strings.Contains(dit, "reste 55 s") {
		t.Errorf("%q", dit)
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
