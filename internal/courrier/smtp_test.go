package courrier_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/courrier/courriertest"
	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestLireSMTP(t *testing.T) {
	for _, tt := range []struct{ name, texte, want string }{
		{"all of it", "smtp://u%40exemple.fr:s%2Fcret@smtp.exemple.fr:2525", "smtp.exemple.fr:2525, starttls=obligatoire, avec mot de passe"},
		{"the usual port", "smtp://smtp.exemple.fr", "smtp.exemple.fr:587, starttls=obligatoire"},
		{"TLS from the start", "smtps://u:secret@smtp.exemple.fr/", "smtp.exemple.fr:465, TLS, avec mot de passe"},
		{"this machine", "smtp://localhost:25", "localhost:25, sans chiffrement"},
		{"this machine by number", "smtp://u:secret@[::1]:25", "[::1]:25, sans chiffrement, avec mot de passe"},
		{"this machine, encrypted", "smtp://127.0.0.1:25?starttls=obligatoire", "127.0.0.1:25, starttls=obligatoire"},
		{"a relay of the network", "smtp://relais.exemple.fr:25?starttls=possible", "relais.exemple.fr:25, starttls=possible"},
		{"a relay in clear", "smtp://relais.exemple.fr:25?starttls=jamais", "relais.exemple.fr:25, sans chiffrement"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := courrier.LireSMTP(tt.texte)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.String(); got != tt.want {
				t.Errorf("LireSMTP = %q, want %q", got, tt.want)
			}
		})
	}
	for _, texte := range []string{
		"", "secret", "smtp://", "smtp://:25", "http://u:secret@smtp.exemple.fr", "smtp://u:se/cret@smtp.exemple.fr", "smtp://u:secret%@smtp.exemple.fr",
		"smtp://u:secret@smtp.exemple.fr:0", "smtp://u:secret@smtp.exemple.fr:99999", "smtp://u:secret@smtp.exemple.fr:port",
		"smtp://u:secret@smtp.exemple.fr/chemin", "smtp://u:secret@smtp.exemple.fr?starttls=oui", "smtp://u:secret@smtp.exemple.fr?tls=1",
		"smtps://u:secret@smtp.exemple.fr?starttls=jamais", "smtp://u:secret@smtp.exemple.fr?starttls=jamais",
		"smtp://u:secret@smtp.exemple.fr?starttls=possible", "smtp://u@smtp.exemple.fr", "smtp://:secret@smtp.exemple.fr",
	} {
		_, err := courrier.LireSMTP(texte)
		wantCode(t, err, mednum.Invalide, "smtp")
		if err != nil && strings.Contains(err.Error(), "cret") {
			t.Errorf("LireSMTP(%s) tells the password: %v", texte, err)
		}
	}
}

func TestLireExpediteur(t *testing.T) {
	for _, tt := range []struct {
		texte string
		want  courrier.Expediteur
	}{
		{"À deux pas <ne-pas-repondre@exemple.fr>", courrier.Expediteur{Nom: "À deux pas", Adresse: "ne-pas-repondre@exemple.fr"}},
		{"ne-pas-repondre@exemple.fr", courrier.Expediteur{Adresse: "ne-pas-repondre@exemple.fr"}},
		{`"À deux pas, le réseau" <a@exemple.fr>`, courrier.Expediteur{Nom: "À deux pas, le réseau", Adresse: "a@exemple.fr"}},
	} {
		got, err := courrier.LireExpediteur(tt.texte)
		if d := cmp.Diff(tt.want, got); d != "" || err != nil {
			t.Errorf("LireExpediteur(%s) (-want +got):\n%s%v", tt.texte, d, err)
		}
	}
	for _, texte := range []string{"", "À deux pas", "À deux pas <a@exemple>", "a@exemple.fr, b@exemple.fr", "À deux\r\n pas <a@exemple.fr>", "Bcc: x <a@exemple.fr>\r\n"} {
		_, err := courrier.LireExpediteur(texte)
		wantCode(t, err, mednum.Invalide, "expediteur")
	}
}

// The ways to a server, each with what it saw.
func TestConnexions(t *testing.T) {
	for _, tt := range []struct {
		name    string
		serveur courriertest.Reglages
		url     func(s *courriertest.Serveur) string
		chiffre bool
		qui     string
		cause   string // "" when it is sent
		journal string // what the log tells then
	}{
		{name: "in clear on this machine"},
		{name: "STARTTLS and a password", serveur: courriertest.Reglages{STARTTLS: true, Utilisateur: "u", MotDePasse: "secret"}, chiffre: true, qui: "u"},
		{name: "TLS from the start and a password", serveur: courriertest.Reglages{TLS: true, Utilisateur: "u", MotDePasse: "secret"}, chiffre: true, qui: "u"},
		{
			name: "STARTTLS where it is", serveur: courriertest.Reglages{STARTTLS: true}, chiffre: true,
			url: func(s *courriertest.Serveur) string { return strings.Replace(s.URL(), "obligatoire", "possible", 1) },
		},
		{
			name: "no STARTTLS where it may be absent",
			url:  func(s *courriertest.Serveur) string { return s.URL() + "?starttls=possible" },
		},
		{
			name: "no STARTTLS where it must be", cause: "injoignable", journal: "does not support STARTTLS",
			url: func(s *courriertest.Serveur) string { return s.URL() + "?starttls=obligatoire" },
		},
		{
			name: "a certificate of another host", serveur: courriertest.Reglages{STARTTLS: true}, cause: "injoignable", journal: "certificate is not valid for any names",
			url: func(s *courriertest.Serveur) string { return strings.Replace(s.URL(), "127.0.0.1", "localhost", 1) },
		},
		{
			name: "a certificate of another host, from the start", serveur: courriertest.Reglages{TLS: true}, cause: "injoignable", journal: "certificate is not valid for any names",
			url: func(s *courriertest.Serveur) string { return strings.Replace(s.URL(), "127.0.0.1", "localhost", 1) },
		},
		{
			name: "a wrong password", serveur: courriertest.Reglages{STARTTLS: true, Utilisateur: "u", MotDePasse: "secret"}, cause: "injoignable", journal: "535",
			url: func(s *courriertest.Serveur) string { return strings.Replace(s.URL(), "u:secret", "u:autre-secret", 1) },
		},
		{
			name: "no password where one is needed", serveur: courriertest.Reglages{STARTTLS: true, Utilisateur: "u", MotDePasse: "secret"}, cause: "530 5.7.0", journal: "530 5.7.0",
			url: func(s *courriertest.Serveur) string { return strings.Replace(s.URL(), "u:secret@", "", 1) },
		},
		{name: "nobody there", cause: "injoignable", journal: "refused", url: func(*courriertest.Serveur) string { return "smtp://127.0.0.1:1" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := courriertest.Demarrer(t, tt.serveur)
			url := s.URL()
			if tt.url != nil {
				url = tt.url(s)
			}
			b := installer(t, reglages(t, url))
			id := b.poster(t, lettre(courrier.Rappel, "m@exemple.fr"))
			if tt.cause != "" {
				b.envoyer(t, 0)
				b.wantSuivi(t, id, suivi{courrier.AEnvoyer, 1, tt.cause, true})
				b.wantRebond(t, "m@exemple.fr", false)
				if j := b.journal.String(); strings.Contains(j, "secret") || !strings.Contains(j, tt.journal) {
					t.Errorf("the log tells the password, or not %q:\n%s", tt.journal, j)
				}
				return
			}
			b.envoyer(t, 1)
			m := s.Attendre(t, 1)[0]
			if m.Chiffre != tt.chiffre || m.Utilisateur != tt.qui {
				t.Errorf("encrypted %v, user %q, want %v, %q", m.Chiffre, m.Utilisateur, tt.chiffre, tt.qui)
			}
		})
	}
}
