package catalogue

import (
	"slices"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The right to a place follows it through merges, and stays with it when they
// are undone.
func TestDevenu(t *testing.T) {
	base := openBase(t)
	c := open82(t, base)
	statuer := func(id string, statut mednum.Statut, vers string) {
		t.Helper()
		l, err := base.Lieu(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		l.Version, l.Statut, l.Vers = l.Version+1, statut, vers
		if err := base.Save(t.Context(), mednum.Revision{Lieu: id, Version: l.Version, Apres: l}); err != nil {
			t.Fatal(err)
		}
		if err := c.Actualiser(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	deux := mediation("l2")
	l1 := func() *mednum.Lieu {
		v, err := c.Lieu("l1")
		if err != nil {
			t.Fatal(err)
		}
		return &v.Lieu
	}
	if c.Couvre(deux, l1()) || c.Devenu("l2") != "l2" || !slices.Equal(c.Devenus("l1"), []string{"l1"}) {
		t.Error("two places share a right before they are one")
	}
	statuer("l2", mednum.StatutFusionne, "l1")
	if !c.Couvre(deux, l1()) || c.Devenu("l2") != "l1" || !slices.Equal(c.Devenus("l1"), []string{"l1", "l2"}) || len(c.LieuxDe(deux)) != 1 {
		t.Error("the right does not follow the place")
	}
	if _, err := c.Modifier(t.Context(), "l1", Edition{Auteur: "compte:x", Voie: "app", Droits: deux}, func(l *mednum.Lieu) error { return l.DireHoraires(mednum.SensAide) }); err != nil {
		t.Error(err)
	}
	if !c.PeutDonner(deux, mediation("l1")[0]) || c.PeutDonner(deux, droits(mednum.RoleCoordinateur, "l1")[0]) {
		t.Error("the team of the place that was merged invites as that of the kept one does, no more")
	}
	statuer("l2", mednum.StatutPublie, "")
	if c.Couvre(deux, l1()) || c.PeutDonner(deux, mediation("l1")[0]) {
		t.Error("the right stays once the merge is undone")
	}
	// A base that says nonsense ends nothing.
	statuer("l2", mednum.StatutFusionne, "l1")
	statuer("l1", mednum.StatutFusionne, "l2")
	_ = c.Devenu("l1")
	if got := c.Devenu("absent"); got != "absent" {
		t.Error(got)
	}
}
