package compte_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// The last sign-in is noted to the hour, when somebody signs in and not when
// they visit.
func TestDerniereConnexion(t *testing.T) {
	b := newBanc(t)
	session, c := b.membre(t, jeanne, droits...)
	lire := func() time.Time {
		t.Helper()
		v, err := b.Compte(t.Context(), c.ID)
		check(t, err)
		return v.Entre
	}
	premiere := b.heure.UTC().Truncate(time.Hour)
	if got := lire(); !got.Equal(premiere) {
		t.Errorf("%s, want %s", got, premiere)
	}
	b.heure = b.heure.Add(3 * time.Hour)
	_, err := b.Reprendre(t.Context(), session)
	check(t, err)
	if got := lire(); !got.Equal(premiere) {
		t.Errorf("a visit was noted: %s", got)
	}
	e := b.connecter(t, jeanne)
	_, _, err = b.Entrer(t.Context(), e.Secret, "", "")
	check(t, err)
	if got := lire(); !got.Equal(b.heure.UTC().Truncate(time.Hour)) {
		t.Errorf("a sign-in was not: %s", got)
	}
}

// An invitation that nobody opened is told for two months, unless the address has
// another, or what it gave.
func TestInvitationsFinies(t *testing.T) {
	b := newBanc(t)
	b.inviter(t, jeanne, droits...)
	b.inviter(t, "paul@exemple.fr", droits...)
	finies := func() (adresses []string) {
		t.Helper()
		liste, err := b.InvitationsFinies(t.Context())
		check(t, err)
		for _, l := range liste {
			adresses = append(adresses, l.Courriel)
		}
		return adresses
	}
	if got := finies(); got != nil {
		t.Errorf("they serve still: %q", got)
	}
	b.heure = b.heure.Add(compte.DureeInvitation + time.Hour)
	b.membre(t, "lou@exemple.fr", droits...)
	if got := finies(); len(got) != 2 {
		t.Fatalf("%q", got)
	}
	b.membre(t, "paul@exemple.fr", droits...)
	if d := cmp.Diff([]string{jeanne}, finies()); d != "" {
		t.Error(d)
	}
	b.inviter(t, jeanne, droits...)
	if got := finies(); got != nil {
		t.Errorf("sent again: %q", got)
	}
	b.heure = b.heure.Add(compte.DureeInvitation)
	liste, err := b.InvitationsFinies(t.Context())
	check(t, err)
	if len(liste) != 1 {
		t.Fatalf("%+v", liste)
	}
	check(t, b.OublierInvitations(t.Context(), jeanne))
	if got := finies(); got != nil {
		t.Errorf("forgotten: %q", got)
	}
}

func TestReferents(t *testing.T) {
	b := newBanc(t)
	_, zoe := b.membre(t, jeanne, droits...)
	_, paul := b.membre(t, "paul@exemple.fr", droits...)
	qui := func(want string, lieux ...string) {
		t.Helper()
		if got, err := b.Referent(t.Context(), lieux...); err != nil || got != want {
			t.Errorf("%q: %q, %v", lieux, got, err)
		}
	}
	qui("", "a")
	check(t, b.NommerReferent(t.Context(), "a", zoe.ID))
	check(t, b.NommerReferent(t.Context(), "b", zoe.ID))
	qui(zoe.ID, "c", "a")
	check(t, b.NommerReferent(t.Context(), "a", paul.ID))
	qui(paul.ID, "a")
	tous, err := b.Referents(t.Context())
	check(t, err)
	if d := cmp.Diff(map[string]string{"a": paul.ID, "b": zoe.ID}, tous); d != "" {
		t.Error(d)
	}
	check(t, b.Supprimer(t.Context(), zoe.ID))
	qui("", "b")
	check(t, b.OterReferents(t.Context(), "a", "b"))
	qui("", "a")
}

// What colleagues find of somebody is theirs to say and to take back, and goes
// with their account.
func TestPresenter(t *testing.T) {
	b := newBanc(t)
	_, c := b.membre(t, jeanne, droits...)
	if c.Annuaire != nil {
		t.Error("found without having agreed")
	}
	v, err := b.Presenter(t.Context(), c.ID, &mednum.Annuaire{Mots: " impression 3D ", Langues: []string{"oc"}, Courriel: true})
	check(t, err)
	if d := cmp.Diff(&mednum.Annuaire{Mots: "impression 3D", Langues: []string{"oc"}, Courriel: true}, v.Annuaire); d != "" {
		t.Error(d)
	}
	_, err = b.Presenter(t.Context(), c.ID, &mednum.Annuaire{Langues: []string{"xx"}})
	wantChamp(t, err, "langues")
	v, err = b.Presenter(t.Context(), c.ID, nil)
	check(t, err)
	if v.Annuaire != nil {
		t.Errorf("%+v", v.Annuaire)
	}
	_, err = b.Presenter(t.Context(), c.ID, &mednum.Annuaire{Mots: "impression 3D"})
	check(t, err)
	check(t, b.Supprimer(t.Context(), c.ID))
	o, err := b.base.Objet(t.Context(), "compte", c.ID)
	check(t, err)
	if s := string(o.Corps); len(s) > 120 {
		t.Errorf("what is left: %s", s)
	}
}
