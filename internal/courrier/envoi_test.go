package courrier_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/courrier/courriertest"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
)

// Two programs on one base send each mail once.
func TestEnvoyerUneFois(t *testing.T) {
	for _, tt := range []struct {
		name string
		open func(t *testing.T, h *horloge) [2]store.Magasin
	}{
		{"sqlite", func(t *testing.T, h *horloge) [2]store.Magasin {
			chemin := filepath.Join(t.TempDir(), "essai.db")
			return [2]store.Magasin{ouvrir(t, chemin, h), ouvrir(t, chemin, h)}
		}},
		{"mongo", func(t *testing.T, h *horloge) [2]store.Magasin {
			uri := mongotest.Neuf(t, os.Getenv("MONGODB_URI"))
			return [2]store.Magasin{ouvrirMongo(t, uri, h), ouvrirMongo(t, uri, h)}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := courriertest.Demarrer(t, courriertest.Reglages{})
			h := &horloge{t: midi}
			bases := tt.open(t, h)
			bancs := []*banc{sur(bases[0], reglages(t, s.URL()), h), sur(bases[1], reglages(t, s.URL()), h)}
			var want []string
			for i := range 20 {
				a := fmt.Sprintf("m%02d@exemple.fr", i)
				bancs[i%2].poster(t, lettre(courrier.Rappel, a))
				want = append(want, a)
			}
			var wg sync.WaitGroup
			pris := make([]int, 4)
			for i := range pris {
				wg.Go(func() {
					var err error
					if pris[i], err = bancs[i%2].Envoyer(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			var got []string
			for _, m := range s.Messages() {
				got = append(got, m.A...)
			}
			slices.Sort(got)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("recipients (-want +got):\n%s", d)
			}
			if n := pris[0] + pris[1] + pris[2] + pris[3]; n != 20 {
				t.Errorf("%v mails sent, want 20 in all", pris)
			}
		})
	}
}

// A mail is tried at once, then after 1, 5, 30 minutes, 2, 6, 24 hours, and
// given up.
func TestReprises(t *testing.T) {
	for _, tt := range []struct {
		name, commande, ligne, cause string
		panne                        bool // of the server, not of this mail
	}{
		{"a mailbox that is full", "RCPT", "452 4.2.2 full", "452 4.2.2", false},
		{"later, says the server", "DATA", "451 4.3.0 later", "451 4.3.0", false},
		{"later, at the end", ".", "451 later", "451", false},
		{"a sender not known yet", "MAIL", "550 5.1.8 who?", "550 5.1.8", true},
		{"too busy", "CONNEXION", "421 4.3.2 busy", "injoignable", true},
		{"a cut while it listens", ".", "", "injoignable", true},
		{"a cut at the recipient", "RCPT", "", "injoignable", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := courriertest.Demarrer(t, courriertest.Reglages{})
			b := installer(t, reglages(t, s.URL()))
			s.Repondre(tt.commande, tt.ligne)
			id := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
			for i, attente := range []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour} {
				b.envoyer(t, 0)
				b.wantSuivi(t, id, suivi{courrier.AEnvoyer, i + 1, tt.cause, true})
				b.horloge.avancer(attente - time.Second)
				b.envoyer(t, 0)
				b.wantSuivi(t, id, suivi{courrier.AEnvoyer, i + 1, tt.cause, true})
				b.horloge.avancer(time.Second)
			}
			b.envoyer(t, 0)
			b.wantSuivi(t, id, suivi{courrier.Abandonne, 7, tt.cause, false})
			b.wantRebond(t, "m@exemple.fr", false)
			if n := len(s.Messages()); n != 0 {
				t.Errorf("the server took %d messages", n)
			}
			if strings.Contains(b.journal.String(), "m@exemple.fr") {
				t.Errorf("the log tells the address:\n%s", b.journal)
			}
		})
	}
}

func TestReprisePuisEnvoye(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	s.Repondre("RCPT", "450 4.2.0 not yet")
	id := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
	b.envoyer(t, 0)
	s.Repondre("RCPT")
	b.envoyer(t, 0) // not due
	b.horloge.avancer(time.Minute)
	b.envoyer(t, 1)
	b.wantSuivi(t, id, suivi{courrier.Envoye, 2, "", false})
	b.horloge.avancer(48 * time.Hour)
	b.envoyer(t, 0)
	if n := len(s.Messages()); n != 1 {
		t.Errorf("the server took %d messages, want 1", n)
	}
}

// What a server answers once it has the message does not send it twice.
func TestFinDeSession(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	s.Repondre("QUIT", "")
	id := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
	b.envoyer(t, 1)
	b.wantSuivi(t, id, suivi{courrier.Envoye, 1, "", false})
}

// A server that does not answer costs one try, not one for each mail.
func TestPanneArreteLaTournee(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	s.Repondre("CONNEXION", "421 busy")
	premier, second := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr")), b.poster(t, lettre(courrier.Rappel, "n@exemple.fr"))
	b.envoyer(t, 0)
	essais := []int{b.suivi(t, premier).Essais, b.suivi(t, second).Essais}
	slices.Sort(essais)
	if d := cmp.Diff([]int{0, 1}, essais); d != "" {
		t.Errorf("tries (-want +got):\n%s", d)
	}
	s.Repondre("CONNEXION")
	b.horloge.avancer(time.Minute)
	b.envoyer(t, 2)
}

// A program that dies between its claim and the sending leaves the mail to
// another, once its time is over.
func TestMortEnRoute(t *testing.T) {
	for _, tt := range []struct {
		name     string
		ecrites  int // before the death: 1 is the claim
		reste    suivi
		recus    int // once another program came
		memeIDde int // messages that share one Message-ID
	}{
		{"before the claim", 0, suivi{courrier.AEnvoyer, 0, "", true}, 1, 1},
		{"after the sending, before its note", 1, suivi{courrier.EnCours, 1, "", true}, 2, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := courriertest.Demarrer(t, courriertest.Reglages{})
			b := installer(t, reglages(t, s.URL()))
			id := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
			mort := sur(&mourant{b.base, tt.ecrites}, reglages(t, s.URL()), b.horloge)
			if _, err := mort.Envoyer(t.Context()); err == nil {
				t.Fatal("the dead program does not notice")
			}
			b.wantSuivi(t, id, tt.reste)
			if tt.ecrites > 0 {
				b.envoyer(t, 0) // still the dead program's
				b.horloge.avancer(8 * time.Second)
			}
			b.envoyer(t, 1)
			messages := s.Messages()
			ids := map[string]int{}
			for i := range messages {
				lu := messages[i].Lire(t)
				ids[lu.Entetes.Get("Message-Id")]++
			}
			if len(messages) != tt.recus || ids["<"+id+"@exemple.fr>"] != tt.memeIDde {
				t.Errorf("%d messages, %v, want %d", len(messages), ids, tt.recus)
			}
		})
	}
}

// A program that dies while it sends, again and again, does not send for ever.
func TestMortsSansFin(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	s.Repondre("RCPT", "450 later")
	id := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
	for range 7 {
		mort := sur(&mourant{b.base, 1}, reglages(t, s.URL()), b.horloge)
		if _, err := mort.Envoyer(t.Context()); err == nil {
			t.Fatal("the dead program does not notice")
		}
		b.horloge.avancer(8 * time.Second)
	}
	b.envoyer(t, 0)
	b.wantSuivi(t, id, suivi{courrier.Abandonne, 7, "", false})
}

// enUneSeconde fails the test when f takes longer.
func enUneSeconde(t *testing.T, f func()) {
	t.Helper()
	fin := make(chan struct{})
	go func() {
		defer close(fin)
		f()
	}()
	select {
	case <-fin:
	case <-time.After(time.Second):
		t.Error("still at it after a second")
		<-fin
	}
}

// A server that accepts connections and says nothing, or stops in the middle,
// is left after a while.
func TestServeurMuet(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	r := reglages(t, s.URL())
	r.Delai = 200 * time.Millisecond
	b := installer(t, r)
	s.Taire(true)
	id := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
	enUneSeconde(t, func() { b.envoyer(t, 0) })
	b.wantSuivi(t, id, suivi{courrier.AEnvoyer, 1, "injoignable", true})
	s.Taire(false)
	b.horloge.avancer(time.Minute)
	b.envoyer(t, 1)
}

// Told to stop, a program leaves its server and says so of the mail.
func TestArretPendantEnvoi(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	s.Taire(true)
	id := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	enUneSeconde(t, func() {
		if n, err := b.Envoyer(ctx); n != 0 || err != nil {
			t.Errorf("Envoyer = %d, %v", n, err)
		}
	})
	b.wantSuivi(t, id, suivi{courrier.AEnvoyer, 1, "injoignable", true})
}

// A mail that signs in is not sent once its link is over.
func TestPerime(t *testing.T) {
	for _, tt := range []struct {
		name string
		fait func(s *courriertest.Serveur, b *banc)
		want suivi
	}{
		{"it waited too long", func(_ *courriertest.Serveur, b *banc) { b.horloge.avancer(15 * time.Minute) }, suivi{courrier.Perime, 0, "", false}},
		{"its next try would be too late", func(s *courriertest.Serveur, b *banc) {
			s.Repondre("RCPT", "450 later")
			b.envoyer(t, 0)
			b.horloge.avancer(time.Minute)
			b.envoyer(t, 0)
			b.horloge.avancer(5 * time.Minute)
		}, suivi{courrier.Perime, 3, "450", false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := courriertest.Demarrer(t, courriertest.Reglages{})
			b := installer(t, reglages(t, s.URL()))
			l := lettre(courrier.Connexion, "m@exemple.fr")
			l.Perime = midi.Add(15 * time.Minute)
			id := b.poster(t, l)
			tt.fait(s, b)
			b.envoyer(t, 0)
			b.wantSuivi(t, id, tt.want)
			s.Repondre("RCPT")
			b.horloge.avancer(time.Hour)
			b.envoyer(t, 0)
			if n := len(s.Messages()); n != 0 {
				t.Errorf("the server took %d messages", n)
			}
		})
	}
}

// Suivre sends at once what this program posts.
func TestSuivre(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { b.Suivre(ctx) })
	for i := range 100 { // more than may wait for it
		b.poster(t, lettre(courrier.Connexion, fmt.Sprintf("m%d@exemple.fr", i)))
	}
	s.Attendre(t, 64)
	cancel()
	wg.Wait()
	if _, err := b.Envoyer(t.Context()); err != nil {
		t.Error(err)
	}
	if n := len(s.Messages()); n != 100 {
		t.Errorf("the server took %d messages, want 100", n)
	}
}

func TestAttend(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	attend := func(want bool) {
		t.Helper()
		if got, err := b.Attend(t.Context()); err != nil || got != want {
			t.Errorf("Attend = %v, %v, want %v", got, err, want)
		}
	}
	attend(false)
	s.Repondre("RCPT", "450 later")
	b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
	attend(true)
	b.envoyer(t, 0)
	attend(false)
	b.horloge.avancer(time.Minute)
	attend(true)
}

func TestListe(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	ids := []string{}
	for i, ligne := range []string{"", "550 5.1.1 nobody", "450 later"} {
		if ligne != "" {
			s.Repondre("RCPT", ligne)
		}
		ids = append(ids, b.poster(t, lettre(courrier.Rappel, fmt.Sprintf("m%d@exemple.fr", i))))
		b.horloge.avancer(time.Second)
		if _, err := b.Envoyer(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		etat courrier.Etat
		want []string
	}{
		{"", ids},
		{courrier.Envoye, ids[:1]},
		{courrier.Refuse, ids[1:2]},
		{courrier.AEnvoyer, ids[2:]},
		{courrier.Abandonne, nil},
	} {
		liste, err := b.Liste(t.Context(), tt.etat)
		var got []string
		for _, e := range liste {
			got = append(got, e.ID)
		}
		if d := cmp.Diff(tt.want, got); d != "" || err != nil {
			t.Errorf("Liste(%q) (-want +got):\n%s%v", tt.etat, d, err)
		}
	}
	b.horloge.avancer(31 * 24 * time.Hour)
	b.poster(t, lettre(courrier.Rappel, "neuf@exemple.fr")) // writing sweeps
	if liste, err := b.Liste(t.Context(), ""); err != nil || len(liste) != 1 {
		t.Errorf("%d sendings are left after 31 days, %v, want the new one", len(liste), err)
	}
}

func TestSansSMTP(t *testing.T) {
	t.Run("nothing set up", func(t *testing.T) {
		b := installer(t, courrier.Reglages{NomService: "À deux pas", URLPublique: "https://aide.exemple.fr"})
		if b.Regle() {
			t.Error("Regle is true")
		}
		_, err := b.Poster(t.Context(), entiere())
		wantCode(t, err, mednum.Indisponible, "courriel")
		b.envoyer(t, 0)
		if attend, err := b.Attend(t.Context()); attend || err != nil {
			t.Errorf("Attend = %v, %v", attend, err)
		}
	})
	t.Run("to the log", func(t *testing.T) {
		b := installer(t, courrier.Reglages{NomService: "À deux pas", URLPublique: "http://localhost:8080", AuJournal: true})
		if !b.Regle() {
			t.Error("Regle is false")
		}
		l := entiere()
		id := b.poster(t, l)
		b.envoyer(t, 1)
		b.wantSuivi(t, id, suivi{courrier.Envoye, 1, "", false})
		for _, x := range []string{"m•••@exemple.fr", l.Boutons[0].URL, "code=" + l.Code, "quinze"} {
			if !strings.Contains(b.journal.String(), x) {
				t.Errorf("the log does not hold %s:\n%s", x, b.journal)
			}
		}
		if strings.Contains(b.journal.String(), l.A) {
			t.Error("the log tells the address")
		}
	})
}
