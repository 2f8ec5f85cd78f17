package reseau_test

import (
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The team of a place that was merged is that of the one that it became: it is
// asked about it, and told what others change there.
func TestEquipeDUnLieuReuni(t *testing.T) {
	b := installer(t)
	garde := b.lieu(t, "Mairie", vieux, "mairie@exemple.fr")
	parti := b.lieu(t, "Ancienne mairie", vieux, "ancienne@exemple.fr")
	b.membre(t, "Jeanne Essai", parti)
	l, err := b.base.Lieu(t.Context(), parti)
	check(t, err)
	l.Version, l.Statut, l.Vers = l.Version+1, mednum.StatutFusionne, garde
	check(t, b.base.Save(t.Context(), mednum.Revision{Lieu: parti, Version: l.Version, Apres: l}))
	b.rappeler(t, 1)
	want(t, "mails", []string{"jeanne@exemple.fr Est-ce toujours exact ? Mairie"}, a(b.mails(t)))
	equipe, err := b.comptes.Equipe(t.Context(), b.lieux.Devenus(garde)...)
	check(t, err)
	if len(equipe) != 1 || equipe[0].Nom != "Jeanne Essai" {
		t.Errorf("%+v", equipe)
	}
}
