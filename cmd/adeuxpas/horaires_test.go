package main_test

import (
	"strings"
	"testing"
)

func TestHoraires(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
	}{
		{"horaires-semaine", []string{"Mo-Fr 9:00-12:00,14:00-17:00; PH off", "--instant", "2026-07-14T08:00:00Z"}},
		{"horaires-ouvert", []string{"Mo-Fr 09:00-12:00", "--instant", "2026-11-25T10:00:00+01:00"}},
		{"horaires-alternees", []string{"week 1-53/2 Tu 14:00-16:00; SH off", "--instant", "2026-11-25T10:00:00+01:00"}},
		{"horaires-tolerant", []string{"--tolerant", "du lundi au vendredi de 9h à 12h et de 14h à 17h", "--instant", "2026-11-25T10:00:00+01:00"}},
		{"horaires-nieme", []string{"We[1] 14:00-17:00", "--instant", "2026-12-01T09:00:00+01:00"}},
		{"horaires-rdv", []string{`Mo-Fr "sur rendez-vous : 05 63 00 00 00"`, "--instant", "2026-11-25T10:00:00+01:00"}},
		{"horaires-toujours", []string{"24/7", "--instant", "2026-11-25T10:00:00+01:00"}},
		{"horaires-moselle", []string{"Mo-Sa 09:00-12:00; PH off; SH 10:00-11:00", "--departement", "57", "--instant", "2027-03-26T10:00:00+01:00"}},
		{"horaires-corse", []string{"SH Mo-Fr 10:00-12:00", "--departement", "2A", "--instant", "2027-03-26T10:00:00+01:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := lancer(t, t.TempDir(), nil, append([]string{"horaires"}, tt.args...)...)
			if r.code != 0 || r.stderr != "" {
				t.Fatalf("code %d, stderr %q", r.code, r.stderr)
			}
			comparer(t, tt.name, r.stdout)
		})
	}
	t.Run("now", func(t *testing.T) {
		r := lancer(t, t.TempDir(), nil, "horaires", "Mo-Fr 09:00-12:00")
		if r.code != 0 || !strings.Contains(r.stdout, "Prochain changement") {
			t.Errorf("code %d, stdout %q", r.code, r.stdout)
		}
	})
	t.Run("canonical form reads as it prints", func(t *testing.T) {
		r := lancer(t, t.TempDir(), nil, "horaires", `Mo "à la mairie ; demandez : l’accueil !"`)
		if want := "Écriture normale\u00a0: Mo \"à la mairie ; demandez : l’accueil !\"\n"; !strings.HasPrefix(r.stdout, want) {
			t.Errorf("stdout %q", r.stdout)
		}
	})
}

func TestHorairesRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{
			"unreadable",
			[]string{"Mo-Fr 9h"},
			1,
			"Ces horaires ne se lisent pas, caractère 8 : il faut deux points et les minutes, comme 09:00.\n  Mo-Fr 9h\n         ^",
		},
		{
			"the mark counts characters, not bytes",
			[]string{`"é" Xx`},
			1,
			"Ces horaires ne se lisent pas, caractère 5 : « Xx » n’est pas compris : les jours s’écrivent Mo Tu We Th Fr Sa Su.\n  \"é\" Xx\n      ^",
		},
		{
			"tolerant, not certain",
			[]string{"--tolerant", "le matin, sauf exception"},
			1,
			"La lecture n’est pas certaine, il reste « le matin, sauf exception ». À vérifier, « le matin » : cette demi-journée n’a pas d’heures. " +
				"À vérifier, « sauf » : on ne sait pas ce qui est excepté. À vérifier, « sauf » : une fermeture ou une exception n’est pas comprise.",
		},
		{"nothing to explain", []string{}, 2, "Il manque EXPR. Voyez « adeuxpas horaires --help »."},
		{"two texts", []string{"24/7", "24/7"}, 2, "« 24/7 » est de trop. Voyez « adeuxpas horaires --help »."},
		{"bad instant", []string{"24/7", "--instant", "demain"}, 2, "--instant : il faut un instant comme 2026-07-14T10:00:00+02:00, entre 1900 et 2999."},
		{"unknown département", []string{"24/7", "--departement", "96"}, 2, "--departement : « 96 » n’est pas un département connu, comme 46, 2A ou 974."},
		{"batch and text", []string{"--lot", "24/7"}, 2, "--lot lit ses horaires sur l’entrée du programme : n’en donnez pas d’autres."},
		{"batch and instant", []string{"--lot", "--instant", "2026-07-14T10:00:00+02:00"}, 2, "--instant ne va pas avec --lot : chaque ligne porte le sien."},
		{"no territory", []string{"24/7", "--territoire", "absent"}, 3, "« absent » n’existe pas."},
		{"no calendar", []string{"24/7", "--vacances", "absent.json"}, 3, "« absent.json » n’existe pas."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			exigerRefus(t, lancer(t, t.TempDir(), nil, append([]string{"horaires"}, tt.args...)...), tt.code, tt.want)
		})
	}
}
