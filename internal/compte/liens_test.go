package compte_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

const jeanne = "jeanne@exemple.fr"

// membre is an account of that address and those rights, through an invitation.
func (b *banc) membre(t *testing.T, courriel string, habilitations ...mednum.Habilitation) (session string, c mednum.Compte) {
	t.Helper()
	e := b.inviter(t, courriel, habilitations...)
	session, c, err := b.Entrer(t.Context(), e.Secret, "", "Firefox, Linux")
	check(t, err)
	return session, c
}

func (b *banc) inviter(t *testing.T, courriel string, habilitations ...mednum.Habilitation) compte.Envoi {
	t.Helper()
	e, err := b.Inviter(t.Context(), courriel, "Jeanne Essai", "cli", habilitations)
	check(t, err)
	return e
}

func (b *banc) connecter(t *testing.T, courriel string) compte.Envoi {
	t.Helper()
	e, ok, err := b.Connecter(t.Context(), courriel)
	check(t, err)
	if !ok {
		t.Fatalf("no mail for %s", courriel)
	}
	return e
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ensemble runs f n times at once, and counts those that succeed; the others
// must be refused with one of the codes.
func ensemble(t *testing.T, n int, f func(i int) error, codes ...mednum.Code) int {
	t.Helper()
	var groupe sync.WaitGroup
	var reussis atomic.Int32
	depart := make(chan struct{})
	for i := range n {
		groupe.Go(func() {
			<-depart
			if err := f(i); err == nil {
				reussis.Add(1)
			} else if !refusePar(err, codes...) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	close(depart)
	groupe.Wait()
	return int(reussis.Load())
}

func TestEntrer(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, b *banc, secret *string)
		mots   string // "" when it opens a session
	}{
		{"good", func(*testing.T, *banc, *string) {}, ""},
		{"looking spends nothing", func(t *testing.T, b *banc, s *string) {
			for range 3 {
				if l, err := b.Lien(t.Context(), *s); err != nil || l.Courriel != jeanne {
					t.Errorf("%q, %v", l.Courriel, err)
				}
			}
		}, ""},
		{"the last second", func(_ *testing.T, b *banc, _ *string) { b.heure = b.heure.Add(compte.DureeConnexion - time.Second) }, ""},
		{"expired", func(_ *testing.T, b *banc, _ *string) { b.heure = b.heure.Add(compte.DureeConnexion) }, "trop vieux"},
		{"reused", func(t *testing.T, b *banc, s *string) {
			_, _, err := b.Entrer(t.Context(), *s, "", "")
			check(t, err)
		}, "déjà servi"},
		{"forged", func(_ *testing.T, _ *banc, s *string) { *s = strings.Repeat("a", 43) }, "pas connu"},
		{"cut short", func(_ *testing.T, _ *banc, s *string) { *s = (*s)[:42] }, "pas connu"},
		{"nothing", func(_ *testing.T, _ *banc, s *string) { *s = "" }, "pas connu"},
		{"of an account that was erased", func(t *testing.T, b *banc, _ *string) {
			c, err := b.CompteDe(t.Context(), jeanne)
			check(t, err)
			check(t, b.Supprimer(t.Context(), c.ID))
		}, "pas connu"},
		{"a reminder", func(t *testing.T, b *banc, s *string) {
			e, err := b.Rappeler(t.Context(), jeanne, "", "a")
			check(t, err)
			*s = e.Secret
		}, "pas connu"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			b.membre(t, jeanne, droits...)
			secret := b.connecter(t, jeanne).Secret
			tt.change(t, b, &secret)
			session, c, err := b.Entrer(t.Context(), secret, "", "Firefox, Linux")
			if tt.mots != "" {
				wantRefus(t, err, mednum.Anonyme, tt.mots)
				if session != "" {
					t.Error("a refused link opened a session")
				}
				return
			}
			x, reprise := b.Reprendre(t.Context(), session)
			if err != nil || reprise != nil || x.Compte.ID != c.ID || c.Courriel != jeanne {
				t.Errorf("%v, %v, %+v", err, reprise, c)
			}
		})
	}
}

func TestLienUneFois(t *testing.T) {
	b := newBanc(t)
	b.membre(t, jeanne, droits...)
	e := b.connecter(t, jeanne)
	rappel, err := b.Rappeler(t.Context(), jeanne, "", "a")
	check(t, err)
	for _, tt := range []struct {
		name string
		f    func(ctx context.Context) error
	}{
		{"a sign-in", func(ctx context.Context) error { _, _, err := b.Entrer(ctx, e.Secret, "", ""); return err }},
		{"a reminder", func(ctx context.Context) error { _, err := b.Repondre(ctx, rappel.Secret); return err }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if n := ensemble(t, 20, func(int) error { return tt.f(t.Context()) }, mednum.Anonyme); n != 1 {
				t.Errorf("%d of 20 spent it", n)
			}
		})
	}
	_, _, err = b.EntrerParCode(t.Context(), e.Demande, e.Code, "")
	wantRefus(t, err, mednum.Anonyme, "ne sert plus")
}

// Two invitations opened at once for a new address give one account, with the
// rights of both; so do two of an address that was erased by halves.
func TestInvitationsEnsemble(t *testing.T) {
	for _, moitie := range []bool{false, true} {
		t.Run(fmt.Sprintf("erased by halves: %t", moitie), func(t *testing.T) {
			b := newBanc(t)
			if moitie {
				_, c := b.membre(t, jeanne, droits...)
				c.Supprime = true
				check(t, store.Poser(t.Context(), b.base, store.Objet{Genre: "compte", ID: c.ID, Version: 4}, c))
			}
			var secrets []string
			for i := range 4 {
				secrets = append(secrets, b.inviter(t, jeanne, mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: fmt.Sprint("lieu", i)}).Secret)
			}
			if n := ensemble(t, 4, func(i int) error { _, _, err := b.Entrer(t.Context(), secrets[i], "", ""); return err }); n != 4 {
				t.Fatalf("%d of 4 were accepted", n)
			}
			tous, err := b.Comptes.Comptes(t.Context())
			check(t, err)
			if len(tous) != 1 || len(tous[0].Habilitations) != 4 {
				t.Errorf("accounts %+v", tous)
			}
			if c, err := b.CompteDe(t.Context(), jeanne); err != nil || c.ID != tous[0].ID {
				t.Errorf("%s, %v", c.ID, err)
			}
		})
	}
}

// devance does something once, right after the object of an id was read for the
// nth time.
type devance struct {
	store.Magasin
	id   string
	n    int
	fait bool
	quoi func()
}

func (d *devance) Objet(ctx context.Context, genre, id string) (store.Objet, error) {
	o, err := d.Magasin.Objet(ctx, genre, id)
	if id == d.id {
		if d.n--; d.n == 0 {
			d.fait = true
			d.quoi()
		}
	}
	return o, err
}

// Somebody else opens the account of an address at any moment between the one
// when it was seen to be erased and the one when another is written: there is
// one.
func TestOuvrirDevance(t *testing.T) {
	for n := 1; ; n++ {
		b := newBanc(t)
		_, c := b.membre(t, jeanne, droits...)
		c.Supprime = true
		check(t, store.Poser(t.Context(), b.base, store.Objet{Genre: "compte", ID: c.ID, Version: 4}, c))
		premier, second := b.inviter(t, jeanne, droits...).Secret, b.inviter(t, jeanne, droits...).Secret
		d := &devance{Magasin: b.base, id: c.ID, n: n, quoi: func() {
			_, _, err := b.Entrer(t.Context(), premier, "", "")
			check(t, err)
		}}
		_, entre, err := compte.New(d, func() time.Time { return b.heure }).Entrer(t.Context(), second, "", "")
		check(t, err)
		if !d.fait {
			if n == 1 {
				t.Error("nobody came first")
			}
			return
		}
		tous, err := b.Comptes.Comptes(t.Context())
		check(t, err)
		if len(tous) != 1 || tous[0].ID != entre.ID {
			t.Errorf("first at read %d: %+v, entered as %s", n, tous, entre.ID)
		}
	}
}

func TestCode(t *testing.T) {
	b := newBanc(t)
	b.membre(t, jeanne, droits...)
	e := b.connecter(t, jeanne)
	faux := "000000"
	if e.Code == faux {
		faux = "000001"
	}
	for _, mots := range []string{"Il reste 4 essais", "Il reste 3 essais", "Il reste 2 essais"} {
		_, _, err := b.EntrerParCode(t.Context(), e.Demande, faux, "")
		wantRefus(t, err, mednum.Anonyme, mots)
	}
	autre := b.connecter(t, jeanne) // another sign-in has tries of its own
	if _, c, err := b.EntrerParCode(t.Context(), autre.Demande, autre.Code[:3]+" "+autre.Code[3:], ""); err != nil || c.Courriel != jeanne {
		t.Errorf("a good code: %v", err)
	}
	// The code of another request is a wrong one.
	_, _, err := b.EntrerParCode(t.Context(), e.Demande, autre.Code, "")
	wantRefus(t, err, mednum.Anonyme, "Il reste un essai")
	_, _, err = b.EntrerParCode(t.Context(), e.Demande, faux, "")
	wantRefus(t, err, mednum.Anonyme, "ne sert plus")
	_, _, err = b.EntrerParCode(t.Context(), e.Demande, e.Code, "")
	wantRefus(t, err, mednum.Anonyme, "ne sert plus")
}

func TestCodeRefuse(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, b *banc, e *compte.Envoi)
	}{
		{"expired", func(_ *testing.T, b *banc, _ *compte.Envoi) { b.heure = b.heure.Add(compte.DureeConnexion) }},
		{"the link served", func(t *testing.T, b *banc, e *compte.Envoi) {
			_, _, err := b.Entrer(t.Context(), e.Secret, "", "")
			check(t, err)
		}},
		{"no request", func(_ *testing.T, _ *banc, e *compte.Envoi) { e.Demande = "" }},
		{"another request", func(_ *testing.T, _ *banc, e *compte.Envoi) { e.Demande = strings.Repeat("a", 43) }},
		{"an invitation has no code", func(t *testing.T, b *banc, e *compte.Envoi) { *e = b.inviter(t, jeanne, droits...) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			b.membre(t, jeanne, droits...)
			e := b.connecter(t, jeanne)
			tt.change(t, b, &e)
			session, _, err := b.EntrerParCode(t.Context(), e.Demande, e.Code, "")
			wantRefus(t, err, mednum.Anonyme, "ne sert plus")
			if session != "" {
				t.Error("a session was opened")
			}
		})
	}
}

// Of forty codes tried at once, five are looked at, and all who know the right
// one learn nothing more than the others.
func TestCodesEnsemble(t *testing.T) {
	b := newBanc(t)
	b.membre(t, jeanne, droits...)
	e := b.connecter(t, jeanne)
	var dits atomic.Int32 // that a try was counted
	n := ensemble(t, 40, func(i int) error {
		_, _, err := b.EntrerParCode(t.Context(), e.Demande, fmt.Sprintf("%06d", (i+1)*7919%1_000_000), "")
		if err != nil && (strings.Contains(err.Error(), "Il reste") || strings.Contains(err.Error(), "pas bon")) {
			dits.Add(1)
		}
		return err
	}, mednum.Anonyme)
	if n != 0 || dits.Load() != 4 { // the fifth says that the code is over
		t.Errorf("%d entered, %d were told how many tries are left", n, dits.Load())
	}
	_, _, err := b.EntrerParCode(t.Context(), e.Demande, e.Code, "")
	wantRefus(t, err, mednum.Anonyme, "ne sert plus")
	if _, _, err := b.Entrer(t.Context(), e.Secret, "", ""); err != nil {
		t.Errorf("the link of the mail, which nobody can guess: %v", err)
	}
}

// ecritures counts what a store is asked.
type ecritures struct {
	store.Magasin
	lus, ecrits atomic.Int32
}

func (e *ecritures) Objet(ctx context.Context, genre, id string) (store.Objet, error) {
	e.lus.Add(1)
	return e.Magasin.Objet(ctx, genre, id)
}

func (e *ecritures) Objets(ctx context.Context, c store.Choix) ([]store.Objet, error) {
	e.lus.Add(1)
	return e.Magasin.Objets(ctx, c)
}

func (e *ecritures) SetObjet(ctx context.Context, o store.Objet) error {
	e.ecrits.Add(1)
	return e.Magasin.SetObjet(ctx, o)
}

// Nothing tells whether somebody has an address: neither the answer, nor what
// the store is asked, nor what happens to the codes that are tried.
func TestAdresseInconnue(t *testing.T) {
	b := newBanc(t)
	b.membre(t, jeanne, droits...)
	type mesure struct {
		Lus, Ecrits int32
		Formes      [3]int
		Erreur      string
	}
	mesurer := func(courriel string) (m mesure) {
		compteur := &ecritures{Magasin: b.base}
		c := compte.New(compteur, func() time.Time { return b.heure })
		e, _, err := c.Connecter(t.Context(), courriel)
		check(t, err)
		_, _, err = c.EntrerParCode(t.Context(), e.Demande, "abcdef", "")
		return mesure{compteur.lus.Load(), compteur.ecrits.Load(), [3]int{len(e.Secret), len(e.Code), len(e.Demande)}, fmt.Sprint(err)}
	}
	for i := range 7 { // beyond the fifth no mail goes any more
		if d := cmp.Diff(mesurer(jeanne), mesurer("personne@exemple.fr")); d != "" {
			t.Errorf("time %d (-somebody +nobody):\n%s", i, d)
		}
	}
	e, ok, err := newBanc(t).Connecter(t.Context(), "personne@exemple.fr")
	if ok || err != nil {
		t.Errorf("a mail goes to nobody: %t, %v", ok, err)
	}
	_, err = b.Lien(t.Context(), e.Secret)
	wantRefus(t, err, mednum.Anonyme, "pas connu")
}

// Five mails go in an hour for one address, however many are asked at once, and
// the others open nothing.
func TestConnecterParHeure(t *testing.T) {
	b := newBanc(t)
	b.membre(t, jeanne, droits...)
	var envoyes atomic.Int32
	var tus sync.Map
	ensemble(t, 20, func(int) error {
		e, ok, err := b.Connecter(t.Context(), strings.ToUpper(jeanne))
		if ok {
			envoyes.Add(1)
		} else {
			tus.Store(e.Secret, e)
		}
		return err
	})
	if n := envoyes.Load(); n < 1 || n > 5 {
		t.Errorf("%d mails went", n)
	}
	tus.Range(func(_, v any) bool {
		e := v.(compte.Envoi)
		_, _, err := b.EntrerParCode(t.Context(), e.Demande, e.Code, "")
		wantRefus(t, err, mednum.Anonyme, "Il reste 4")
		_, _, err = b.Entrer(t.Context(), e.Secret, "", "")
		wantRefus(t, err, mednum.Anonyme, "pas connu")
		return true
	})
	for range 5 - envoyes.Load() {
		b.connecter(t, jeanne)
	}
	if _, ok, err := b.Connecter(t.Context(), jeanne); ok || err != nil {
		t.Errorf("the sixth: %t, %v", ok, err)
	}
	// Whoever goes on asking does not lock the owner out: one every ten minutes.
	for range 4 {
		b.heure = b.heure.Add(10*time.Minute - time.Second)
		if _, ok, err := b.Connecter(t.Context(), jeanne); ok || err != nil {
			t.Errorf("nearly ten minutes later: %t, %v", ok, err)
		}
		b.heure = b.heure.Add(time.Second)
		b.connecter(t, jeanne)
		if _, ok, err := b.Connecter(t.Context(), jeanne); ok || err != nil {
			t.Errorf("at once again: %t, %v", ok, err)
		}
	}
	b.heure = b.heure.Add(time.Hour)
	for range 5 {
		b.connecter(t, jeanne)
	}
}

// After ten wrong codes in a day, mails have no code until their owner signs
// in; it is the same for an address that nobody has.
func TestCodesFaux(t *testing.T) {
	for _, tt := range []struct {
		name    string
		attente time.Duration // before the last wrong code
		apres   func(t *testing.T, b *banc)
		code    bool
	}{
		{"ten", 0, func(*testing.T, *banc) {}, false},
		{"ten, days after", 0, func(_ *testing.T, b *banc) { b.heure = b.heure.Add(30 * 24 * time.Hour) }, false},
		{"ten, a season after", 0, func(_ *testing.T, b *banc) { b.heure = b.heure.Add(91 * 24 * time.Hour) }, true},
		{"in two days", 24 * time.Hour, func(*testing.T, *banc) {}, true},
		{"then a sign-in", 0, func(t *testing.T, b *banc) {
			_, _, err := b.Entrer(t.Context(), b.connecter(t, jeanne).Secret, "", "")
			check(t, err)
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBanc(t)
			b.membre(t, jeanne, droits...)
			for i := range 10 {
				e := b.connecter(t, jeanne)
				if e.Code == "" {
					t.Fatalf("no code after %d wrong ones", i)
				}
				if b.heure = b.heure.Add(10 * time.Minute); i == 9 {
					b.heure = b.heure.Add(tt.attente)
					e = b.connecter(t, jeanne)
				}
				_, _, err := b.EntrerParCode(t.Context(), e.Demande, "abcdef", "")
				wantRefus(t, err, mednum.Anonyme, "Il reste 4")
			}
			b.heure = b.heure.Add(time.Hour)
			tt.apres(t, b)
			e := b.connecter(t, jeanne)
			if (e.Code != "") != tt.code || len(e.Demande) != 43 {
				t.Errorf("code %q", e.Code)
			}
			if _, _, err := b.EntrerParCode(t.Context(), e.Demande, "", ""); err == nil {
				t.Error("no code opens it")
			}
		})
	}
}

func TestInviterRefuse(t *testing.T) {
	b := newBanc(t)
	for _, tt := range []struct {
		name, courriel, nom string
		droits              []mednum.Habilitation
		champ               string
	}{
		{"no address", "", "Jeanne", droits, "courriel"},
		{"a header in the address", "a@exemple.fr\r\nBcc: b@exemple.fr", "Jeanne", droits, "courriel"},
		{"a header in the name", jeanne, "Jeanne\r\nBcc: b@exemple.fr", droits, "nom"},
		{"no right", jeanne, "Jeanne", nil, "habilitations"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := b.Inviter(t.Context(), tt.courriel, tt.nom, "cli", tt.droits)
			wantChamp(t, err, tt.champ)
		})
	}
	if liste, err := b.Invitations(t.Context()); err != nil || len(liste) != 0 {
		t.Errorf("%d invitations, %v", len(liste), err)
	}
}

func TestInvitations(t *testing.T) {
	b := newBanc(t)
	un := b.inviter(t, jeanne, droits...)
	b.heure = b.heure.Add(time.Minute)
	deux := b.inviter(t, "paul@exemple.fr", droits...)
	b.connecter(t, mustMembre(t, b, "lou@exemple.fr").Courriel) // neither its sign-in nor its opened invitation is one
	liste, err := b.Invitations(t.Context())
	check(t, err)
	if len(liste) != 2 || liste[0].Courriel != "paul@exemple.fr" || liste[1].Courriel != jeanne {
		t.Fatalf("%+v", liste)
	}
	check(t, b.AnnulerInvitation(t.Context(), liste[1].ID()))
	check(t, b.AnnulerInvitation(t.Context(), "inconnue"))
	_, _, err = b.Entrer(t.Context(), un.Secret, "", "")
	wantRefus(t, err, mednum.Anonyme, "pas connu")
	b.heure = b.heure.Add(compte.DureeInvitation)
	if liste, err := b.Invitations(t.Context()); err != nil || len(liste) != 0 {
		t.Errorf("%d that are over, %v", len(liste), err)
	}
	_, _, err = b.Entrer(t.Context(), deux.Secret, "", "")
	wantRefus(t, err, mednum.Anonyme, "trop vieux")
}

func mustMembre(t *testing.T, b *banc, courriel string) mednum.Compte {
	t.Helper()
	_, c := b.membre(t, courriel, droits...)
	return c
}
