package compte_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

func refusePar(err error, codes ...mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && slices.Contains(codes, e.Code)
}

func wantChamp(t *testing.T, err error, champ string) {
	t.Helper()
	var e *mednum.Error
	if !errors.As(err, &e) || e.Code != mednum.Invalide || e.Champ != champ {
		t.Errorf("error = %v, want invalide of %q", err, champ)
	}
}

var coordonne = mednum.Habilitation{Role: mednum.RoleCoordinateur, Portee: mednum.PorteeDepartement, ID: "82"}

func TestSessionLimites(t *testing.T) {
	const jour = 24 * time.Hour
	for _, tt := range []struct {
		name   string
		droit  mednum.Habilitation
		passes []time.Duration // seen after each
		vit    bool
	}{
		{"a mediator, the day before a month unseen", droits[0], []time.Duration{30*jour - time.Second}, true},
		{"a mediator, a month unseen", droits[0], []time.Duration{30 * jour}, false},
		{"a mediator seen each month", droits[0], []time.Duration{29 * jour, 29 * jour, 29 * jour}, true},
		{"a mediator, three months in all", droits[0], []time.Duration{29 * jour, 29 * jour, 29 * jour, 3 * jour}, false},
		{"a coordinator, a day unseen", coordonne, []time.Duration{jour}, false},
		{"a coordinator, nearly", coordonne, []time.Duration{jour - time.Second}, true},
		{"a coordinator seen each day, nearly two weeks", coordonne, slices.Repeat([]time.Duration{23 * time.Hour}, 14), true},
		{"a coordinator, two weeks in all", coordonne, slices.Repeat([]time.Duration{23 * time.Hour}, 15), false},
		{"seen within ten minutes counts from before", coordonne, []time.Duration{9 * time.Minute, jour - 9*time.Minute}, false},
		{"and after ten from then", coordonne, []time.Duration{10 * time.Minute, jour - 10*time.Minute}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			b.heure = maintenant.Truncate(time.Second)
			session, c := b.membre(t, jeanne, tt.droit)
			var err error
			for i, d := range tt.passes {
				b.heure = b.heure.Add(d)
				if _, err = b.Reprendre(t.Context(), session); err != nil && i < len(tt.passes)-1 {
					t.Fatalf("over after %d", i)
				}
			}
			if (err == nil) != tt.vit {
				t.Errorf("lives: %t, %v", err == nil, err)
			}
			if liste, err := b.Sessions(t.Context(), c.ID); err != nil || len(liste) != map[bool]int{true: 1}[tt.vit] {
				t.Errorf("%d sessions listed, %v", len(liste), err)
			}
		})
	}
}

func TestReprendreRefuse(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, b *banc, session *string, c mednum.Compte)
	}{
		{"nothing", func(_ *testing.T, _ *banc, s *string, _ mednum.Compte) { *s = "" }},
		{"forged", func(_ *testing.T, _ *banc, s *string, _ mednum.Compte) { *s = strings.Repeat("a", 43) }},
		{"closed", func(t *testing.T, b *banc, _ *string, c mednum.Compte) {
			liste, err := b.Sessions(t.Context(), c.ID)
			check(t, err)
			check(t, b.Fermer(t.Context(), c.ID, liste[0].ID()))
			check(t, b.Fermer(t.Context(), c.ID, liste[0].ID())) // again is no error
		}},
		{"all closed", func(t *testing.T, b *banc, _ *string, c mednum.Compte) { check(t, b.FermerTout(t.Context(), c.ID, "")) }},
		{"erased", func(t *testing.T, b *banc, _ *string, c mednum.Compte) { check(t, b.Supprimer(t.Context(), c.ID)) }},
		{"shut out", func(t *testing.T, b *banc, _ *string, c mednum.Compte) {
			_, err := b.Exclure(t.Context(), c.ID)
			check(t, err)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			session, c := b.membre(t, jeanne, droits...)
			tt.change(t, b, &session, c)
			_, err := b.Reprendre(t.Context(), session)
			wantRefus(t, err, mednum.Anonyme, "reconnectez-vous")
		})
	}
}

// A session is nobody else's: neither to close, nor to seal with.
func TestSessionsAPart(t *testing.T) {
	b := newBanc(t)
	a, un := b.membre(t, jeanne, droits...)
	c, deux := b.membre(t, "paul@exemple.fr", droits...)
	liste, err := b.Sessions(t.Context(), un.ID)
	check(t, err)
	check(t, b.Fermer(t.Context(), deux.ID, liste[0].ID()))
	check(t, b.FermerTout(t.Context(), deux.ID, ""))
	x, err := b.Reprendre(t.Context(), a)
	check(t, err)
	_, err = b.Reprendre(t.Context(), c)
	wantRefus(t, err, mednum.Anonyme, "")
	autre, _ := b.membre(t, "paul@exemple.fr", droits...)
	y, err := b.Reprendre(t.Context(), autre)
	check(t, err)
	if !x.Scelle(x.Sceau) || x.Scelle(y.Sceau) || x.Scelle("") || x.Sceau == a {
		t.Error("a seal is not its session's own")
	}
	troisieme, _ := b.membre(t, jeanne, droits...)
	z, err := b.Reprendre(t.Context(), troisieme)
	check(t, err)
	check(t, b.FermerTout(t.Context(), un.ID, z.Session.ID()))
	if _, err := b.Reprendre(t.Context(), a); err == nil {
		t.Error("the others were to end")
	}
	if _, err := b.Reprendre(t.Context(), troisieme); err != nil {
		t.Errorf("this one was to stay: %v", err)
	}
}

// The same session seen by twenty requests at once is one session, seen.
func TestReprendreEnsemble(t *testing.T) {
	b := newBanc(t)
	session, _ := b.membre(t, jeanne, droits...)
	b.heure = b.heure.Add(time.Hour)
	if n := ensemble(t, 20, func(int) error { _, err := b.Reprendre(t.Context(), session); return err }); n != 20 {
		t.Errorf("%d of 20", n)
	}
}

func TestHabiliter(t *testing.T) {
	b := newBanc(t)
	_, c := b.membre(t, jeanne, droits...)
	if n := ensemble(t, 4, func(i int) error {
		_, err := b.Habiliter(t.Context(), c.ID, droits[0], mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: fmt.Sprint(i)})
		return err
	}); n != 4 {
		t.Fatalf("%d of 4", n)
	}
	c, err := b.Compte(t.Context(), c.ID)
	check(t, err)
	if len(c.Habilitations) != 5 {
		t.Errorf("rights %v", c.Habilitations)
	}
	// Two who take the same right at once: one does.
	if n := ensemble(t, 4, func(int) error { _, err := b.Deshabiliter(t.Context(), c.ID, droits[0]); return err }, mednum.Introuvable); n != 1 {
		t.Errorf("%d took it", n)
	}
	_, err = b.Habiliter(t.Context(), "inconnu", droits...)
	wantRefus(t, err, mednum.Introuvable, "n’existe")
}

func TestNommer(t *testing.T) {
	b := newBanc(t)
	_, c := b.membre(t, jeanne, droits...)
	c, err := b.Nommer(t.Context(), c.ID, "  Jeanne   Bis ")
	if err != nil || c.Nom != "Jeanne Bis" {
		t.Errorf("%q, %v", c.Nom, err)
	}
	_, err = b.Nommer(t.Context(), c.ID, "Jeanne\nBis")
	wantChamp(t, err, "nom")
}

// What an erased account leaves names nobody, anywhere in the base.
func TestSupprimer(t *testing.T) {
	b := newBanc(t)
	_, c := b.membre(t, "effacee@exemple.fr", droits...)
	c, err := b.Nommer(t.Context(), c.ID, "Zoé Effacée")
	check(t, err)
	_, err = b.Demander(t.Context(), c.ID, "b", "J’y travaille le mardi")
	check(t, err)
	lien, attente := b.connecter(t, c.Courriel), b.inviter(t, c.Courriel, coordonne)
	_, err = b.Rappeler(t.Context(), c.Courriel, c.ID, "a")
	check(t, err)
	check(t, b.Supprimer(t.Context(), c.ID))
	for _, secret := range []string{lien.Secret, attente.Secret} {
		_, err := b.Lien(t.Context(), secret)
		wantRefus(t, err, mednum.Anonyme, "pas connu")
	}
	_, err = b.Compte(t.Context(), c.ID)
	wantRefus(t, err, mednum.Introuvable, "n’existe plus")
	_, err = b.CompteDe(t.Context(), c.Courriel)
	wantRefus(t, err, mednum.Introuvable, "")
	noms, err := b.Noms(t.Context(), []string{c.ID, "inconnu", c.ID})
	if d := cmp.Diff(map[string]string{c.ID: "compte supprimé", "inconnu": "compte supprimé"}, noms); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	for _, genre := range []string{"compte", "adresse", "session", "lien", "demande", "envois"} {
		objets, err := b.base.Objets(t.Context(), store.Choix{Genre: genre})
		check(t, err)
		for _, o := range objets {
			for _, mot := range []string{"effacee@", "Zoé", "mardi"} {
				if strings.Contains(string(o.Corps), mot) {
					t.Errorf("%s %s still says %q", genre, o.ID, mot)
				}
			}
		}
	}
	wantRefus(t, b.Supprimer(t.Context(), c.ID), mednum.Introuvable, "n’existe plus")
	if nouvelle := mustMembre(t, b, c.Courriel); nouvelle.ID == c.ID {
		t.Error("the address came back with the erased account")
	}
}

// The secrets of links, codes and sessions are nowhere in the base.
func TestSecretsNotKept(t *testing.T) {
	b := newBanc(t)
	session, _ := b.membre(t, jeanne, droits...)
	e := b.connecter(t, jeanne)
	fichiers, err := filepath.Glob(filepath.Join(b.dossier, "*"))
	check(t, err)
	vu := false
	for _, f := range fichiers {
		octets, err := os.ReadFile(f)
		check(t, err)
		for _, secret := range []string{session, e.Secret, e.Demande, `"` + e.Code + `"`} {
			if strings.Contains(string(octets), secret) {
				t.Errorf("a secret is in %s", filepath.Base(f))
			}
		}
		vu = vu || strings.Contains(string(octets), jeanne)
	}
	if !vu {
		t.Error("nor is the address: is the test still reading the base?")
	}
}

func TestDemandes(t *testing.T) {
	b := newBanc(t)
	_, c := b.membre(t, jeanne, droits...)
	d, err := b.Demander(t.Context(), c.ID, "b", " Le mardi ")
	check(t, err)
	if encore, err := b.Demander(t.Context(), c.ID, "b", "autre"); err != nil || encore.Motif != "Le mardi" {
		t.Errorf("again: %+v, %v", encore, err)
	}
	_, err = b.Demander(t.Context(), c.ID, "b2", strings.Repeat("é", 501))
	wantChamp(t, err, "motif")
	refusee, err := b.Decider(t.Context(), d.ID, false, "compte:x")
	check(t, err)
	if c, err := b.Compte(t.Context(), c.ID); err != nil || len(c.Habilitations) != 1 {
		t.Errorf("refused, and yet %v, %v", c.Habilitations, err)
	}
	deja, err := b.Decider(t.Context(), d.ID, true, "compte:y")
	wantRefus(t, err, mednum.Perime, "")
	if d := cmp.Diff(refusee, deja); d != "" {
		t.Errorf("as it was decided (-want +got):\n%s", d)
	}
	if _, err := b.Demander(t.Context(), c.ID, "b", "Encore"); err != nil { // it may be asked again
		t.Error(err)
	}
	d, err = b.Decider(t.Context(), d.ID, true, "compte:y")
	if err != nil || d.Etat != mednum.DemandeAcceptee || d.Par != "compte:y" {
		t.Errorf("%+v, %v", d, err)
	}
	if c, err := b.Compte(t.Context(), c.ID); err != nil || !slices.Contains(c.Habilitations, mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: "b"}) {
		t.Errorf("accepted: %v, %v", c.Habilitations, err)
	}
	attente, err := b.Demandes(t.Context())
	check(t, err)
	decidees, err := b.Decidees(t.Context())
	if err != nil || len(attente) != 0 || len(decidees) != 1 {
		t.Errorf("%d wait, %d decided, %v", len(attente), len(decidees), err)
	}
}

// Of two who decide at once, one does; a right is there if and only if the one
// who did said yes.
func TestDeciderEnsemble(t *testing.T) {
	for i := range 10 {
		b := newBanc(t)
		_, c := b.membre(t, jeanne, droits...)
		d, err := b.Demander(t.Context(), c.ID, "b", "")
		check(t, err)
		if n := ensemble(t, 6, func(i int) error { _, err := b.Decider(t.Context(), d.ID, i%2 == 0, fmt.Sprint(i)); return err }, mednum.Perime); n != 1 {
			t.Fatalf("%d decided", n)
		}
		d, err = b.Demande(t.Context(), d.ID)
		check(t, err)
		c, err = b.Compte(t.Context(), c.ID)
		check(t, err)
		if a := len(c.Habilitations) == 2; a != (d.Etat == mednum.DemandeAcceptee) {
			t.Errorf("time %d: %s, rights %v", i, d.Etat, c.Habilitations)
		}
	}
}

func TestDemandeDUnCompteEfface(t *testing.T) {
	b := newBanc(t)
	_, c := b.membre(t, jeanne, droits...)
	_, err := b.Demander(t.Context(), c.ID, "b", "")
	check(t, err)
	check(t, b.Supprimer(t.Context(), c.ID))
	if liste, err := b.Demandes(t.Context()); err != nil || len(liste) != 0 {
		t.Errorf("%d wait, %v", len(liste), err)
	}
}

func TestEquipe(t *testing.T) {
	b := newBanc(t)
	_, un := b.membre(t, jeanne, droits...)
	b.membre(t, "paul@exemple.fr", mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: "b"})
	_, deux := b.membre(t, "lou@exemple.fr", coordonne)
	equipe, err := b.Equipe(t.Context(), "a")
	if err != nil || len(equipe) != 1 || equipe[0].ID != un.ID {
		t.Errorf("team %+v, %v", equipe, err)
	}
	chefs, err := b.Coordinateurs(t.Context(), func(h mednum.Habilitation) bool { return h.Portee == mednum.PorteeDepartement })
	if err != nil || len(chefs) != 1 || chefs[0].ID != deux.ID {
		t.Errorf("coordinators %+v, %v", chefs, err)
	}
}

func TestLimites(t *testing.T) {
	if vue, tout := compte.Limites(nil); vue != 30*24*time.Hour || tout != 90*24*time.Hour {
		t.Errorf("%v, %v", vue, tout)
	}
	if vue, tout := compte.Limites([]mednum.Habilitation{droits[0], coordonne}); vue != 24*time.Hour || tout != 14*24*time.Hour {
		t.Errorf("%v, %v", vue, tout)
	}
}
