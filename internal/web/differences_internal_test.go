package web

import (
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// A point that moved is told in metres, with a map to see it.
func TestDireDeplacement(t *testing.T) {
	for _, tt := range []struct{ name, avant, apres, want string }{
		{"moved", "44.022100, 1.352900", "44.025700, 1.352900 (à la main)", "le point d’avant → déplacé de 400 m (à la main)"},
		{"more precise", "44.0221, 1.3529 (commune)", "44.0221, 1.3529 (rue)", "le point d’avant (commune) → au même endroit (rue)"},
		{"new", "", "44.0221, 1.3529", "aucun point → placé sur la carte"},
		{"gone", "44.0221, 1.3529", "", "le point d’avant → aucun point"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := direDeplacement(mednum.Difference{Avant: tt.avant, Apres: tt.apres})
			if got := strings.ReplaceAll(d.Avant+" → "+d.Apres, "\u00a0", " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if (d.Carte == "") != (tt.apres == "") {
				t.Errorf("map %q", d.Carte)
			}
		})
	}
}

func TestDireDates(t *testing.T) {
	for _, tt := range []struct{ name, message, want string }{
		{"a date", "Le 2026-11-03 est déjà passé.", "Le 3 novembre 2026 est déjà passé."},
		{"an example", "Donnez le premier jour, comme 2026-12-24.", "Donnez le premier jour, comme 24/12/2026."},
		{"none", "Le 2026-13-41.", "Le 2026-13-41."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := direDates(tt.message); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDireLibelle(t *testing.T) {
	for _, tt := range []struct{ name, libelle, want string }{
		{"a rule", "Permanence (Mo 18:00-20:00)", "Permanence (le lundi : 18 h à 20 h)"},
		{"a title", "Permanence (Atelier tablette)", "Permanence (Atelier tablette)"},
		{"nothing more", "Téléphone", "Téléphone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.ReplaceAll(direLibelle(tt.libelle), "\u00a0", " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
