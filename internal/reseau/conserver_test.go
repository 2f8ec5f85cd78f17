package reseau_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/store"
)

// conserver runs the task, and returns who was told and who is erased.
func (b *banc) conserver(t *testing.T) (prevenus, effaces []string) {
	t.Helper()
	effaces, err := b.Conserver(t.Context())
	check(t, err)
	return a(b.mails(t)), effaces
}

func (b *banc) entrer(t *testing.T, courriel string) {
	t.Helper()
	e, ok, err := b.comptes.Connecter(t.Context(), courriel)
	check(t, err)
	if !ok {
		t.Fatalf("%s cannot sign in", courriel)
	}
	_, _, err = b.comptes.Entrer(t.Context(), e.Secret, "", "essai")
	check(t, err)
}

// An account without a sign-in for 24 months is told 30 days before, once, then
// erased; one whose person comes back is not.
func TestConserver(t *testing.T) {
	b := installer(t)
	lieu := b.lieu(t, "Médiathèque", neuf, "")
	chef := b.qui(t, "Ana Chef", mednum.RoleAdministrateur, mednum.PorteeTout, "")
	paul, lea := b.membre(t, "Paul Parti", lieu), b.membre(t, "Lea Revenue", lieu)
	b.horloge.mettre(mardi.AddDate(0, reseau.OubliMois, -reseau.PreavisJours).Truncate(time.Hour).Add(-time.Minute))
	prevenus, effaces := b.conserver(t)
	want(t, "a minute before", 0, len(prevenus)+len(effaces))

	b.entrer(t, "ana@exemple.fr")
	b.horloge.avancer(2 * time.Hour)
	prevenus, effaces = b.conserver(t)
	want(t, "told", []string{"lea@exemple.fr Votre compte sera effacé le 24 novembre 2028", "paul@exemple.fr Votre compte sera effacé le 24 novembre 2028"}, prevenus)
	want(t, "erased", 0, len(effaces))
	prevenus, _ = b.conserver(t)
	want(t, "told twice", 0, len(prevenus))

	b.horloge.avancer(24 * time.Hour)
	b.entrer(t, "lea@exemple.fr")
	b.horloge.mettre(mardi.AddDate(0, reseau.OubliMois, 0).Add(-2 * time.Hour))
	_, effaces = b.conserver(t)
	want(t, "an hour before", 0, len(effaces))
	b.horloge.avancer(4 * time.Hour)
	prevenus, effaces = b.conserver(t)
	want(t, "over", []string{paul.ID}, effaces)
	want(t, "told then", 0, len(prevenus))
	for id, la := range map[string]bool{chef.ID: true, lea.ID: true, paul.ID: false} {
		if _, err := b.comptes.Compte(t.Context(), id); (err == nil) != la {
			t.Errorf("account %s: %v", id, err)
		}
	}
	envois, err := b.courrier.Liste(t.Context(), "")
	check(t, err)
	for i := range envois {
		if envois[i].A == "paul@exemple.fr" {
			t.Error("the address of an erased account is in the outbox")
		}
	}
}

// Whoever is told late has their thirty days all the same.
func TestConserverTard(t *testing.T) {
	b := installer(t)
	b.qui(t, "Ana Chef", mednum.RoleAdministrateur, mednum.PorteeTout, "")
	paul := b.membre(t, "Paul Parti", b.lieu(t, "Médiathèque", neuf, ""))
	b.horloge.mettre(mardi.AddDate(5, 0, 0))
	b.entrer(t, "ana@exemple.fr")
	prevenus, effaces := b.conserver(t)
	want(t, "told", []string{"paul@exemple.fr Votre compte sera effacé le 24 décembre 2031"}, prevenus)
	want(t, "erased", 0, len(effaces))
	b.horloge.avancer(29 * 24 * time.Hour)
	_, effaces = b.conserver(t)
	want(t, "29 days later", 0, len(effaces))
	b.horloge.avancer(25 * time.Hour)
	_, effaces = b.conserver(t)
	want(t, "30 days later", []string{paul.ID}, effaces)
}

// The last account that administers the whole territory stays; of two, one goes.
func TestConserverAdministrateur(t *testing.T) {
	b := installer(t)
	ana := b.qui(t, "Ana Chef", mednum.RoleAdministrateur, mednum.PorteeTout, "")
	b.horloge.avancer(48 * time.Hour)
	b.qui(t, "Bea Chef", mednum.RoleAdministrateur, mednum.PorteeDepartement, "82")
	b.qui(t, "Cid Local", mednum.RoleAdministrateur, mednum.PorteeEPCI, "200066884")
	b.horloge.mettre(mardi.AddDate(3, 0, 0))
	prevenus, _ := b.conserver(t)
	want(t, "told", 3, len(prevenus))
	b.horloge.avancer(31 * 24 * time.Hour)
	_, effaces := b.conserver(t)
	want(t, "erased", 2, len(effaces))
	want(t, "the oldest", ana.ID, effaces[0])
	tous, err := b.comptes.Comptes(t.Context())
	check(t, err)
	want(t, "stays", "Bea Chef", tous[0].Nom)
	b.horloge.avancer(400 * 24 * time.Hour)
	prevenus, effaces = b.conserver(t)
	want(t, "still there", 0, len(prevenus)+len(effaces))
}

// Who still has a session was seen, whenever they signed in.
func TestConserverSession(t *testing.T) {
	b := installer(t)
	b.qui(t, "Ana Chef", mednum.RoleAdministrateur, mednum.PorteeTout, "")
	paul := b.membre(t, "Paul Parti", b.lieu(t, "Médiathèque", neuf, ""))
	// As an account of a program that did not note sign-ins.
	b.horloge.mettre(mardi.AddDate(3, 0, 0))
	b.entrer(t, "paul@exemple.fr")
	oublierEntree(t, b, paul.ID)
	prevenus, _ := b.conserver(t)
	for _, p := range prevenus {
		if strings.HasPrefix(p, "paul@") {
			t.Errorf("told: %s", p)
		}
	}
}

// Without a way to send mail nobody can be told, and nothing is erased.
func TestConserverSansCourriel(t *testing.T) {
	b := installer(t, func(p *reseau.Pieces, _ *reseau.Reglages) {
		p.Courrier = courrier.New(p.Base, courrier.Reglages{}, p.Now, p.Journal)
	})
	b.qui(t, "Ana Chef", mednum.RoleAdministrateur, mednum.PorteeTout, "")
	paul := b.membre(t, "Paul Parti", b.lieu(t, "Médiathèque", neuf, ""))
	b.horloge.mettre(mardi.AddDate(9, 0, 0))
	for range 3 {
		b.horloge.avancer(40 * 24 * time.Hour)
		effaces, err := b.Conserver(t.Context())
		check(t, err)
		want(t, "erased", 0, len(effaces))
	}
	if _, err := b.comptes.Compte(t.Context(), paul.ID); err != nil {
		t.Error(err)
	}
}

// A base that fails half-way is no reason to erase whom nobody told.
func TestConserverPanne(t *testing.T) {
	b := installer(t)
	b.qui(t, "Ana Chef", mednum.RoleAdministrateur, mednum.PorteeTout, "")
	b.membre(t, "Paul Parti", b.lieu(t, "Médiathèque", neuf, ""))
	f := &sansEcrire{Magasin: b.base}
	r := b.instance(t, func(p *reseau.Pieces, _ *reseau.Reglages) { p.Base = f })
	b.horloge.mettre(mardi.AddDate(3, 0, 0))
	for range 3 {
		b.horloge.avancer(40 * 24 * time.Hour)
		if effaces, err := r.Conserver(t.Context()); !errors.Is(err, errPanne) || len(effaces) > 0 {
			t.Errorf("erased %v, error %v", effaces, err)
		}
	}
}

var errPanne = errors.New("no answer")

// sansEcrire is a store that takes no object.
type sansEcrire struct{ store.Magasin }

func (*sansEcrire) SetObjet(context.Context, store.Objet) error { return errPanne }

// oublierEntree takes the last sign-in off an account.
func oublierEntree(t *testing.T, b *banc, id string) {
	t.Helper()
	v, o, err := store.Lire[mednum.Compte](t.Context(), b.base, "compte", id)
	check(t, err)
	v.Entre = time.Time{}
	o.Version++
	check(t, store.Poser(t.Context(), b.base, o, v))
}
