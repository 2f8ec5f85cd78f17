package compte_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestInviterLieu(t *testing.T) {
	b := newBanc(t)
	inviter := func(lieu string) (secret string, ok bool) {
		t.Helper()
		e, ok, err := b.InviterLieu(t.Context(), lieu, "accueil@mairie-exemple.fr")
		if err != nil {
			t.Fatal(err)
		}
		return e.Secret, ok
	}
	secret, ok := inviter("a")
	if !ok {
		t.Fatal("the first is refused")
	}
	_, v, err := b.Entrer(t.Context(), secret, "Jeanne Essai", "")
	if err != nil || len(v.Habilitations) != 1 || v.Habilitations[0] != droits[0] {
		t.Errorf("%+v, %v", v, err)
	}
	for i, want := range []bool{true, true, false, false} {
		if secret, ok := inviter("a"); ok != want || (secret != "") != want {
			t.Errorf("mail %d: %v", i+2, ok)
		}
	}
	if _, ok := inviter("b"); !ok {
		t.Error("another place is refused")
	}
	b.heure = b.heure.Add(24 * time.Hour)
	if _, ok := inviter("a"); !ok {
		t.Error("refused the next day")
	}
}

func TestAccueillir(t *testing.T) {
	b := newBanc(t)
	e, ok, err := b.Accueillir(t.Context(), "Paul@Mairie-Exemple.fr", "Paul Essai", "a", " J’y travaille. ")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if tous, err := b.Comptes.Comptes(t.Context()); err != nil || len(tous) != 0 {
		t.Errorf("before the mail was opened: %d accounts, %v", len(tous), err)
	}
	_, v, err := b.Entrer(t.Context(), e.Secret, "", "")
	if err != nil || v.Courriel != "paul@mairie-exemple.fr" || v.Nom != "Paul Essai" || len(v.Habilitations) != 0 {
		t.Fatalf("%+v, %v", v, err)
	}
	d, err := b.Demandes(t.Context())
	if err != nil || len(d) != 1 || d[0].Compte != v.ID || d[0].Lieu != "a" || d[0].Motif != "J’y travaille." {
		t.Errorf("%+v, %v", d, err)
	}
	for i, want := range []bool{true, true, false} {
		if _, ok, err := b.Accueillir(t.Context(), "paul@mairie-exemple.fr", "Paul", "b", ""); ok != want || err != nil {
			t.Errorf("mail %d: %v, %v", i+2, ok, err)
		}
	}
}

func TestAccueillirRefuse(t *testing.T) {
	b := newBanc(t)
	for _, tt := range []struct{ name, courriel, nom, motif, champ string }{
		{"no address", "", "Paul", "", "courriel"},
		{"a header in the address", "a@b.fr\r\nBcc: c@d.fr", "Paul", "", "courriel"},
		{"no name", "a@b.fr", " ", "", "nom"},
		{"a header in the name", "a@b.fr", "Paul\r\nBcc: c@d.fr", "", "nom"},
		{"too long", "a@b.fr", "Paul", strings.Repeat("é", 501), "motif"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, ok, err := b.Accueillir(t.Context(), tt.courriel, tt.nom, "a", tt.motif)
			var refus *mednum.Error
			if !errors.As(err, &refus) || refus.Code != mednum.Invalide || refus.Champ != tt.champ || ok || e.Secret != "" {
				t.Errorf("%v, want a refusal of %s; sent %v", err, tt.champ, ok)
			}
		})
	}
}

func TestSuivre(t *testing.T) {
	b := newBanc(t)
	if c, err := b.CesserSuivi(t.Context(), "a"); c != "" || err != nil {
		t.Errorf("nobody asked: %q, %v", c, err)
	}
	wantRefus(t, b.Suivre(t.Context(), "a", "rien"), mednum.Invalide, "adresse")
	if err := b.Suivre(t.Context(), "a", "Citoyen@exemple.fr"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"citoyen@exemple.fr", ""} {
		if c, err := b.Suivi(t.Context(), "a"); c != want || err != nil {
			t.Errorf("kept: %q, %v, want %q", c, err, want)
		}
		if c, err := b.CesserSuivi(t.Context(), "a"); c != want || err != nil {
			t.Errorf("%q, %v, want %q", c, err, want)
		}
	}
}
