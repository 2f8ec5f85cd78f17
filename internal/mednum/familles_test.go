package mednum_test

import (
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"github.com/google/go-cmp/cmp"
)

func TestFamillesDe(t *testing.T) {
	const (
		fs = mednum.FamilleFranceServices
		me = mednum.FamilleMediation
		tl = mednum.FamilleTiersLieu
	)
	tests := []struct {
		name   string
		champs mednum.Champs
		fiches []mednum.Fiche
		want   []mednum.Famille
	}{
		{name: "nothing known", want: []mednum.Famille{}},
		{
			name:   "a record asserts it, services offered",
			champs: mednum.Champs{Services: []string{"Aide aux démarches administratives"}},
			fiches: []mednum.Fiche{{}, {Familles: []mednum.Famille{fs}}},
			want:   []mednum.Famille{fs, me},
		},
		{name: "typologie exactly RFS", champs: mednum.Champs{Typologie: []string{"RFS"}}, want: []mednum.Famille{fs}},
		{name: "RFS among others", champs: mednum.Champs{Typologie: []string{"MUNI", "RFS"}}, want: []mednum.Famille{}},
		{
			name:   "one record is exactly RFS, another adds a typologie",
			champs: mednum.Champs{Typologie: []string{"RFS", "CCAS"}},
			fiches: []mednum.Fiche{
				{Champs: map[mednum.Champ]string{mednum.ChampTypologie: "RFS"}},
				{Champs: map[mednum.Champ]string{mednum.ChampTypologie: "CCAS"}},
			},
			want: []mednum.Famille{fs},
		},
		{
			name:   "the programme follows the employer, not the place",
			champs: mednum.Champs{Dispositifs: []string{"France Services"}, Nom: "France services de Caussade"},
			want:   []mednum.Famille{},
		},
		{name: "a service out of the standard", champs: mednum.Champs{Services: []string{"Massages"}}, want: []mednum.Famille{}},
		{name: "TIERS_LIEUX", champs: mednum.Champs{Typologie: []string{"ASSO", "TIERS_LIEUX"}}, want: []mednum.Famille{tl}},
		{name: "FABLAB", champs: mednum.Champs{Typologie: []string{"FABLAB"}}, want: []mednum.Famille{tl}},
		{name: "FABRIQUE", champs: mednum.Champs{Typologie: []string{"FABRIQUE"}}, want: []mednum.Famille{tl}},
		{name: "label", champs: mednum.Champs{FormationsLabels: []string{"Fabriques de Territoire"}}, want: []mednum.Famille{tl}},
		{name: "a name only proposes", champs: mednum.Champs{Nom: "Tiers-lieu Le Grenier"}, want: []mednum.Famille{}},
		{
			name: "every family",
			champs: mednum.Champs{
				Typologie: []string{"FABLAB"}, Services: []string{"Loisirs et créations numériques"},
			},
			fiches: []mednum.Fiche{{Familles: []mednum.Famille{fs}}},
			want:   []mednum.Famille{fs, me, tl},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, mednum.FamillesDe(&tt.champs, tt.fiches)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
