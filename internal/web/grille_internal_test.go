package web

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/horaires"
)

func TestParseHeure(t *testing.T) {
	cases := []struct {
		texte string
		want  int // -1 for what is no hour
	}{
		{"9h", 540},
		{"9:00", 540},
		{"09h30", 570},
		{"9", 540},
		{"9 h 30", 570},
		{"9H30", 570},
		{"9h30min", 570},
		{" 09:30 ", 570},
		{"9.30", 570},
		{"930", 570},
		{"0930", 570},
		{"1400", 840},
		{"14", 840},
		{"0", 0},
		{"midi", 720},
		{"Minuit", 1440},
		{"24h", 1440},
		{"26:00", 1560},
		{"48:00", 2880},
		{"", -1},
		{"h", -1},
		{"9h60", -1},
		{"9h5", -1},
		{"9-12", -1},
		{"neuf heures", -1},
		{"49", -1},
		{"48:01", -1},
		{"-9", -1},
		{"09300", -1},
		{"9h30h", -1},
		{"٩", -1},
	}
	for _, tc := range cases {
		t.Run(tc.texte, func(t *testing.T) {
			got, ok := parseHeure(tc.texte)
			if ok != (tc.want >= 0) || ok && got != tc.want {
				t.Errorf("%d, %v, want %d", got, ok, tc.want)
			}
		})
	}
	for m := range 48*60 + 1 {
		if got, ok := parseHeure(heureEcrite(m)); !ok || got != m {
			t.Fatalf("%s is read back as %d, %v", heureEcrite(m), got, ok)
		}
	}
}

// A form that nobody touches says the text that it was made from, whatever its
// fields show of it.
func TestEditeurIntact(t *testing.T) {
	for _, texte := range []string{
		"Mo 9:00-12:00 ; Tu 14:00-16:00", "24/7", "Mo 00:00-24:00", "Mo 12:00-36:00", "Fr 18:00-00:00", "Fr 20:00-26:00", "Fr 19:00-11:00", "Mo 09:00+", "Mo 09:00-12:00+,14:00+",
		"Mo 14:00-16:00,09:00-12:00", "Mo 09:00-12:00,11:00-14:00", `Mo 09:00-12:00 "sur rendez-vous"`, `Mo 09:00-12:00 "Sur rendez-vous"`, `Mo 09:00-12:00 open "sur rendez-vous"`,
		`Mo "appeler"`, `"appeler"`, `Mo 09:00-12:00 || "appeler"`, "week 02-52/2 Mo 09:00-12:00", "Mo[1],Mo[3],Tu[-1] 09:00-12:00",
		"Mo 09:00-12:00; SH Mo 10:00-11:00; SH Tu off; PH 10:00-12:00", "SH,PH off", "Jul-Aug Mo 09:00-12:00; Mo off", "off", "",
	} {
		verifierIntact(t, texte)
	}
}

func verifierIntact(t *testing.T, texte string) {
	t.Helper()
	e := newEditeur(texte)
	if got := e.texte(); got != texte || len(e.Fautes) > 0 {
		t.Errorf("%q is said %q, with faults %v", texte, got, e.Fautes)
	}
}

// The same over the strings that sources really have.
func TestEditeurIntactReel(t *testing.T) {
	f, err := os.Open("../../../shared/data/horaires/osm-distinct.tsv")
	if err != nil {
		t.Skip("left out: real strings, osm-distinct.tsv is absent")
	}
	defer f.Close()
	lus := 0
	lignes := bufio.NewScanner(f)
	for lignes.Scan() {
		champs := strings.Split(lignes.Text(), "\t")
		if len(champs) < 2 {
			continue
		}
		if _, err := horaires.Parse(champs[1]); err == nil {
			verifierIntact(t, champs[1])
			lus++
		}
	}
	if err := lignes.Err(); err != nil || lus < 1000 {
		t.Errorf("%d strings were read: %v", lus, err)
	}
}
