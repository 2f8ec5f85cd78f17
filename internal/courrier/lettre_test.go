package courrier_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/courrier/courriertest"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// entiere is a letter that has everything.
func entiere() courrier.Lettre {
	return courrier.Lettre{
		Genre: courrier.Connexion, A: "mairie@exemple.fr", Sujet: "Votre lien pour « Médiathèque d’Été » : prêt !",
		Paragraphes: []string{
			"Bonjour,",
			"Quelqu’un, sans doute vous, demande à entrer dans l’espace des médiateurs numériques. Ouvrez le lien ci-dessous : il sert une seule fois, pendant quinze minutes.",
			"Un nom <b>gras</b> & des\r\nlignes\x00 forcées ; est-ce lisible ?",
		},
		Boutons: []courrier.Bouton{
			{Texte: "Entrer", URL: "https://aide.exemple.fr/connexion/lien/" + strings.Repeat("a", 60) + "?x=1&y=2"},
			{Texte: "Ce n’est pas moi", URL: "https://aide.exemple.fr/connexion/non"},
		},
		Code: "012345", Fin: "À bientôt !", Desabonnement: "https://aide.exemple.fr/arreter/abc",
		Perime: midi.Add(15 * time.Minute),
	}
}

func TestMail(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	l := entiere()
	id := b.poster(t, l)
	b.envoyer(t, 1)
	m := s.Attendre(t, 1)[0]
	lu := m.Lire(t)

	entetes := map[string]string{}
	for _, nom := range []string{"From", "To", "Date", "Message-Id", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post", "Mime-Version", "User-Agent", "X-Mailer"} {
		entetes[nom] = lu.Entetes.Get(nom)
	}
	want := map[string]string{
		"From": "=?utf-8?q?=C3=80_deux_pas?= <ne-pas-repondre@exemple.fr>", "To": "<mairie@exemple.fr>",
		"Date": "Mon, 02 Mar 2026 12:00:00 +0000", "Message-Id": "<" + id + "@exemple.fr>", "Auto-Submitted": "auto-generated",
		"List-Unsubscribe": "<https://aide.exemple.fr/arreter/abc>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Mime-Version": "1.0", "User-Agent": "", "X-Mailer": "",
	}
	if d := cmp.Diff(want, entetes); d != "" {
		t.Errorf("headers (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"À deux pas", "ne-pas-repondre@exemple.fr", "mairie@exemple.fr", "Votre lien pour «\u00a0Médiathèque d’Été\u00a0»\u00a0: prêt\u00a0!", "aide.exemple.fr"},
		[]string{lu.De[0].Name, m.De, m.A[0], lu.Sujet, m.Salut}); d != "" {
		t.Errorf("sender, envelope, subject, greeting (-want +got):\n%s", d)
	}
	golden(t, "connexion.txt", lu.Texte)
	golden(t, "connexion.html", lu.HTML)

	if d := cmp.Diff([]string{l.Boutons[0].URL, l.Boutons[1].URL, "https://aide.exemple.fr", l.Desabonnement}, lu.Liens()); d != "" {
		t.Errorf("links of the text (-want +got):\n%s", d)
	}
	for ligne := range strings.Lines(lu.Texte) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(ligne, "\n")); n > 78 && !strings.HasPrefix(ligne, "https://") {
			t.Errorf("line of %d characters: %q", n, ligne)
		}
	}
	if !strings.Contains(lu.Texte, "\n"+l.Code+"\n") {
		t.Error("the code is not alone on its line")
	}
	for _, x := range []string{l.Code, `lang="fr"`, `href="https://aide.exemple.fr/connexion/lien/` + strings.Repeat("a", 60) + `?x=1&amp;y=2"`, "&lt;b&gt;gras&lt;/b&gt;", "À bientôt\u00a0!"} {
		if !strings.Contains(lu.HTML, x) {
			t.Errorf("the HTML does not hold %s", x)
		}
	}
	for _, x := range []string{"<img", "<script", "style=", "<table", "<link", "http://"} {
		if strings.Contains(lu.HTML, x) {
			t.Errorf("the HTML holds %s", x)
		}
	}
	for ligne := range strings.Lines(string(m.Brut)) {
		if n := len(ligne); n > 200 {
			t.Errorf("line of %d bytes on the wire: %q", n, ligne)
		}
	}
}

// Over http, where no mail program would act by itself, the link is all.
func TestDesabonnementLocal(t *testing.T) {
	s := courriertest.Demarrer(t, courriertest.Reglages{})
	b := installer(t, reglages(t, s.URL()))
	l := lettre(courrier.Rappel, "m@exemple.fr")
	l.Desabonnement = "http://localhost:8080/arreter/abc"
	b.poster(t, l)
	b.envoyer(t, 1)
	lu := s.Messages()[0].Lire(t)
	got := []string{lu.Entetes.Get("List-Unsubscribe"), lu.Entetes.Get("List-Unsubscribe-Post")}
	if d := cmp.Diff([]string{"<http://localhost:8080/arreter/abc>", ""}, got); d != "" {
		t.Errorf("headers (-want +got):\n%s", d)
	}
}

func TestPosterRefuse(t *testing.T) {
	b := installer(t, reglages(t, "smtp://127.0.0.1:1"))
	for _, tt := range []struct {
		name, champ string
		change      func(l *courrier.Lettre)
	}{
		{"no genre", "genre", func(l *courrier.Lettre) { l.Genre = "" }},
		{"no address", "a", func(l *courrier.Lettre) { l.A = "" }},
		{"a name with the address", "a", func(l *courrier.Lettre) { l.A = "Marie <m@exemple.fr>" }},
		{"two addresses", "a", func(l *courrier.Lettre) { l.A = "m@exemple.fr, n@exemple.fr" }},
		{"a header in the address", "a", func(l *courrier.Lettre) { l.A = "m@exemple.fr\r\nBcc: n@exemple.fr" }},
		{"a line end after the address", "a", func(l *courrier.Lettre) { l.A = "m@exemple.fr\n" }},
		{"a parameter of SMTP", "a", func(l *courrier.Lettre) { l.A = "m@exemple.fr> NOTIFY=NEVER" }},
		{"a quoted address", "a", func(l *courrier.Lettre) { l.A = `"m n"@exemple.fr` }},
		{"an accent", "a", func(l *courrier.Lettre) { l.A = "médiateur@exemple.fr" }},
		{"no dot", "a", func(l *courrier.Lettre) { l.A = "m@exemple" }},
		{"too long", "a", func(l *courrier.Lettre) { l.A = "m@" + strings.Repeat("exemple.", 32) + "fr" }},
		{"no subject", "sujet", func(l *courrier.Lettre) { l.Sujet = " " }},
		{"a header in the subject", "sujet", func(l *courrier.Lettre) { l.Sujet = "Marie\r\nBcc: n@exemple.fr" }},
		{"a line end in the subject", "sujet", func(l *courrier.Lettre) { l.Sujet = "Marie\nBcc: n@exemple.fr" }},
		{"a carriage return in the subject", "sujet", func(l *courrier.Lettre) { l.Sujet = "Marie\rBcc: n@exemple.fr" }},
		{"a line separator in the subject", "sujet", func(l *courrier.Lettre) { l.Sujet = "Marie\u2028Bcc: n@exemple.fr" }},
		{"a NUL in the subject", "sujet", func(l *courrier.Lettre) { l.Sujet = "Marie\x00" }},
		{"a subject read backwards", "sujet", func(l *courrier.Lettre) { l.Sujet = "Marie \u202eeiraM" }},
		{"a subject that is no text", "sujet", func(l *courrier.Lettre) { l.Sujet = "Marie\xff" }},
		{"a long subject", "sujet", func(l *courrier.Lettre) { l.Sujet = strings.Repeat("é", 201) }},
		{"a code of five", "code", func(l *courrier.Lettre) { l.Code = "12345" }},
		{"a code of letters", "code", func(l *courrier.Lettre) { l.Code = "12345a" }},
		{"a button without words", "boutons", func(l *courrier.Lettre) { l.Boutons = []courrier.Bouton{{URL: "https://exemple.fr"}} }},
		{"a button to a script", "boutons", func(l *courrier.Lettre) {
			l.Boutons = []courrier.Bouton{{Texte: "Voir", URL: "javascript:alert(1)"}}
		}},
		{"a button to nowhere", "boutons", func(l *courrier.Lettre) { l.Boutons = []courrier.Bouton{{Texte: "Voir", URL: "/espace"}} }},
		{"a header in the stop link", "desabonnement", func(l *courrier.Lettre) { l.Desabonnement = "https://exemple.fr/\r\nBcc: n@exemple.fr" }},
		{"a bracket in the stop link", "desabonnement", func(l *courrier.Lettre) { l.Desabonnement = "https://exemple.fr/>,<mailto:n@exemple.fr" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := lettre(courrier.Rappel, "m@exemple.fr")
			tt.change(&l)
			_, err := b.Poster(t.Context(), l)
			wantCode(t, err, mednum.Invalide, tt.champ)
		})
	}
	if liste, err := b.Liste(t.Context(), ""); err != nil || len(liste) > 0 {
		t.Errorf("refused letters left %v, %v", liste, err)
	}
	for _, a := range []string{"m@exemple.fr", "Prenom.Nom+82@mairie-moissac.fr", "o'neil@a-b.exemple.fr"} {
		if _, err := b.Poster(t.Context(), lettre(courrier.Rappel, a)); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
}
