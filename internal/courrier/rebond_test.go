package courrier_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/courrier/courriertest"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// What a refusal for good makes of the mail and of the address.
func TestRefus(t *testing.T) {
	for _, tt := range []struct {
		name, commande, ligne, cause string
		rebond                       bool
	}{
		{"nobody of that name", "RCPT", "550 5.1.1 no such user", "550 5.1.1", true},
		{"no such domain, no extended code", "RCPT", "553 unknown", "553", true},
		{"after the message", ".", "554 5.2.1 disabled", "554 5.2.1", true},
		{"we may not relay", "RCPT", "554 5.7.1 relay access denied", "554 5.7.1", false},
		{"it looks like spam", ".", "550 5.7.1 spam", "550 5.7.1", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := courriertest.Demarrer(t, courriertest.Reglages{})
			b := installer(t, reglages(t, s.URL()))
			s.Repondre(tt.commande, tt.ligne)
			id := b.poster(t, lettre(courrier.Connexion, "M@exemple.fr"))
			b.envoyer(t, 0)
			b.wantSuivi(t, id, suivi{courrier.Refuse, 1, tt.cause, false})
			b.wantRebond(t, "m@EXEMPLE.fr", tt.rebond)
			s.Repondre(tt.commande)
			b.horloge.avancer(48 * time.Hour)
			b.envoyer(t, 0) // never again
		})
	}
}

// An address that bounced has no more mail but what signs in, until one
// arrives or its owner signs in.
func TestApresRebond(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	s.Repondre("RCPT", "550 5.1.1 no such user")
	b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
	b.envoyer(t, 0)
	b.horloge.avancer(time.Hour)
	b.poster(t, lettre(courrier.Connexion, "m@exemple.fr"))
	b.envoyer(t, 0)
	rebonds, err := b.Rebonds(t.Context())
	want := []courrier.AdresseRebondie{{Adresse: "m@exemple.fr", Le: midi.Add(time.Hour), Fois: 2, Cause: "550 5.1.1"}}
	if d := cmp.Diff(want, rebonds); d != "" || err != nil {
		t.Errorf("Rebonds (-want +got):\n%s%v", d, err)
	}
	s.Repondre("RCPT")

	retenu := b.poster(t, lettre(courrier.Rappel, "M@exemple.fr"))
	autre := b.poster(t, lettre(courrier.Rappel, "autre@exemple.fr"))
	b.envoyer(t, 1)
	b.wantSuivi(t, retenu, suivi{courrier.Rebond, 0, "", false})
	b.wantSuivi(t, autre, suivi{courrier.Envoye, 1, "", false})

	b.poster(t, lettre(courrier.Connexion, "m@exemple.fr")) // arrives
	b.envoyer(t, 1)
	b.wantRebond(t, "m@exemple.fr", false)
	b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
	b.envoyer(t, 1)

	s.Repondre("RCPT", "550 5.1.1 no such user")
	b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
	b.envoyer(t, 0)
	b.wantRebond(t, "m@exemple.fr", true)
	for range 2 { // its owner signs in, by ProConnect for one
		if err := b.LeverRebond(t.Context(), "M@exemple.fr"); err != nil {
			t.Fatal(err)
		}
	}
	b.wantRebond(t, "m@exemple.fr", false)
}

func TestLireRebond(t *testing.T) {
	for _, tt := range []struct {
		name, fichier string
		change        func(texte, id string) string
		want          []string // addresses that bounced
	}{
		{"Postfix, with our headers", "postfix.eml", nil, []string{"m@exemple.fr"}},
		{"forwarded: the message names our recipient", "postfix.eml", func(s, _ string) string {
			return strings.ReplaceAll(s, "rfc822; m@exemple.fr", "rfc822; ailleurs@autre.fr")
		}, []string{"m@exemple.fr"}},
		{"a notice that anybody writes: it names an address of ours, and no mail", "postfix.eml", func(s, id string) string { return strings.Replace(s, id, "x", 1) }, nil},
		{"nothing of ours", "postfix.eml", func(s, id string) string {
			return strings.ReplaceAll(strings.Replace(s, id, "x", 1), "rfc822; m@exemple.fr", "rfc822; inconnu@autre.fr")
		}, nil},
		{"a delay", "postfix.eml", func(s, _ string) string {
			return strings.NewReplacer("Action: failed", "Action: delayed", "Status: 5.1.1", "Status: 4.4.1").Replace(s)
		}, nil},
		{"failed, for a passing reason", "postfix.eml", func(s, _ string) string {
			return strings.Replace(s, "Status: 5.1.1", "Status: 4.4.7", 1)
		}, nil},
		{"lines that end as on the wire", "postfix.eml", func(s, _ string) string {
			return strings.ReplaceAll(s, "\n", "\r\n")
		}, []string{"m@exemple.fr"}},
		{"its end is lost, and our headers with it", "postfix.eml", func(s, _ string) string { return s[:strings.Index(s, "--fin/limite\nContent-Description: Undel")+20] }, nil},
		{"our message, for one recipient, and what became of others", "exim.eml", nil, []string{"m@exemple.fr"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := courriertest.Demarrer(t, courriertest.Reglages{})
			b := installer(t, reglages(t, s.URL()))
			id := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
			b.envoyer(t, 1)
			avis := avisDe(t, tt.fichier, id)
			if tt.change != nil {
				avis = tt.change(avis, id)
			}
			notes, err := b.LireRebond(t.Context(), strings.NewReader(avis))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range notes {
				got = append(got, n.Adresse)
				b.wantRebond(t, n.Adresse, true)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("bounces (-want +got):\n%s", d)
			}
			b.wantRebond(t, "m@exemple.fr", len(tt.want) > 0)
			for _, a := range []string{"ailleurs@autre.fr", "inconnu@autre.fr"} {
				b.wantRebond(t, a, false)
			}
		})
	}
	t.Run("the mail is refused after all", func(t *testing.T) {
		s := courriertest.Demarrer(t, courriertest.Reglages{})
		b := installer(t, reglages(t, s.URL()))
		id := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
		b.envoyer(t, 1)
		for range 2 { // two notices of one mail
			if _, err := b.LireRebond(t.Context(), strings.NewReader(avisDe(t, "postfix.eml", id))); err != nil {
				t.Fatal(err)
			}
		}
		b.wantSuivi(t, id, suivi{courrier.Refuse, 1, "5.1.1", false})
	})
	for _, tt := range []struct{ name, texte string }{
		{"nothing", ""},
		{"no mail", "bonjour"},
		{"an answer of someone", "From: m@exemple.fr\nSubject: absente\nContent-Type: text/plain\n\nJe suis en congé.\n"},
		{"a reading receipt", "Content-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n--x\n\n--x--\n"},
		{"a report without its part", "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: text/plain\n\nrien\n--x--\n"},
		{"no boundary", "Content-Type: multipart/report; report-type=delivery-status\n\n--x\n\n--x--\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := installer(t, courrier.Reglages{})
			_, err := b.LireRebond(t.Context(), strings.NewReader(tt.texte))
			wantCode(t, err, mednum.Invalide, "message")
		})
	}
}

// avisDe is a notice of testdata about a sending of ours.
func avisDe(t testing.TB, fichier, id string) string {
	t.Helper()
	octets, err := os.ReadFile(filepath.Join("testdata", fichier))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(octets), "ENVOI", id)
}

func FuzzLireRebond(f *testing.F) {
	for _, nom := range []string{"postfix.eml", "exim.eml"} {
		f.Add(avisDe(f, nom, "x"))
	}
	b := installer(f, courrier.Reglages{})
	f.Fuzz(func(t *testing.T, avis string) {
		notes, err := b.LireRebond(t.Context(), strings.NewReader(avis))
		if len(notes) > 0 || err != nil && !strings.HasPrefix(err.Error(), "invalide: message: ") {
			t.Errorf("an empty outbox notes %v, %v", notes, err)
		}
	})
}
