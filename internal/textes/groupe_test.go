package textes_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/textes"
)

func TestGrouper(t *testing.T) {
	const h = "9\u00a0h à 12\u00a0h"
	tests := []struct {
		name, horaires string
		want           []textes.LigneSemaine
	}{
		{"the same every weekday", "Mo-Fr 09:00-12:00", []textes.LigneSemaine{
			{Jour: "Du lundi au vendredi", Texte: h}, {Jour: "Le samedi et le dimanche", Texte: "Fermé"},
		}},
		{"days apart, closed days last", "Tu,Th 09:00-12:00; Sa 14:00-17:00", []textes.LigneSemaine{
			{Jour: "Le mardi et le jeudi", Texte: h},
			{Jour: "Le samedi", Texte: "14\u00a0h à 17\u00a0h"},
			{Jour: "Le lundi, le mercredi, le vendredi et le dimanche", Texte: "Fermé"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, err := horaires.Parse(tt.horaires)
			if err != nil {
				t.Fatal(err)
			}
			semaine, ok := textes.Semaine(e)
			if !ok {
				t.Fatalf("no ordinary week in %q", tt.horaires)
			}
			if d := cmp.Diff(tt.want, textes.Grouper(semaine)); d != "" {
				t.Error(d)
			}
		})
	}
}
