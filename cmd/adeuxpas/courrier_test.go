package main_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/courrier/courriertest"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

const expediteur = "À deux pas <ne-pas-repondre@exemple.fr>"

// posterDans writes letters in the outbox of a base, as a page of the service
// does, and returns their ids.
func posterDans(t *testing.T, chemin string, adresses ...string) (ids []string) {
	t.Helper()
	b, err := sqlite.Open(t.Context(), chemin, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	c := courrier.New(b, courrier.Reglages{AuJournal: true}, time.Now, slog.New(slog.DiscardHandler))
	for _, a := range adresses {
		id, err := c.Poster(t.Context(), courrier.Lettre{
			Genre: courrier.Connexion, A: a, Sujet: "Votre lien", Paragraphes: []string{"Bonjour."},
			Boutons: []courrier.Bouton{{Texte: "Entrer", URL: "http://localhost/connexion/lien/abc"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// The service sends what is in the outbox, through the server that it is
// given, and the commands tell what became of it.
func TestServirEnvoie(t *testing.T) {
	dossier := t.TempDir()
	autorite, err := courriertest.Autorite(dossier)
	if err != nil {
		t.Fatal(err)
	}
	smtp := courriertest.Demarrer(t, courriertest.Reglages{STARTTLS: true, Utilisateur: "u", MotDePasse: "motdepasse"})
	s := demarrerAvec(t, dossier, []string{"ADEUXPAS_SMTP=" + smtp.URL(), "ADEUXPAS_EXPEDITEUR=" + expediteur, "SSL_CERT_FILE=" + autorite},
		"--url-publique", "https://aide.exemple.fr", "--rappel-mois=0")
	base := filepath.Join(dossier, "var", "adeuxpas.db")
	id := posterDans(t, base, "mairie@exemple.fr")[0]
	m := smtp.Attendre(t, 1)[0]
	lu := m.Lire(t)
	if m.Utilisateur != "u" || !m.Chiffre || m.A[0] != "mairie@exemple.fr" || lu.De[0].Name != "À deux pas" || lu.Liens()[1] != "https://aide.exemple.fr" {
		t.Errorf("the server took %+v, %+v", m, lu)
	}
	wantListe(t, dossier, `envoye     connexion  m•••@exemple.fr, 1 essai`)

	r := lireRebond(t, dossier, avisDeRefus(id, "mairie@exemple.fr"))
	if want := "m•••@exemple.fr : rebond noté (5.1.1).\n"; r.code != 0 || r.stderr != "" || strings.ReplaceAll(r.stdout, "\u00a0", " ") != want {
		t.Errorf("rebond: code %d, %q, %q, want %q", r.code, r.stdout, r.stderr, want)
	}
	wantListe(t, dossier, `refuse     connexion  m•••@exemple.fr, 1 essai : 5.1.1`)
	s.stop()
	if j := s.stderr.String(); strings.Contains(j, "motdepasse") || strings.Contains(j, "mairie@") || !strings.Contains(j, "starttls=obligatoire, avec mot de passe") {
		t.Errorf("the log tells too much, or not how mail leaves:\n%s", j)
	}
}

// Without a server, on this machine, mail is in the log.
func TestServirAuJournal(t *testing.T) {
	dossier := t.TempDir()
	s := demarrer(t, dossier)
	posterDans(t, filepath.Join(dossier, "var", "adeuxpas.db"), "mairie@exemple.fr")
	wantListe(t, dossier, `envoye     connexion  m•••@exemple.fr, 1 essai`)
	s.stop()
	if j := s.stderr.String(); !strings.Contains(j, "lien=http://localhost/connexion/lien/abc") || strings.Contains(j, "mairie@") {
		t.Errorf("the log says:\n%s", j)
	}
}

func TestServirSansCourrier(t *testing.T) {
	s := demarrer(t, t.TempDir(), "--url-publique", "https://aide.exemple.fr")
	s.stop()
	if j := s.stderr.String(); !strings.Contains(j, "level=WARN msg=\"aucun courriel ne partira") {
		t.Errorf("the log does not warn:\n%s", j)
	}
}

func TestCourrierRefus(t *testing.T) {
	dossier := t.TempDir()
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no sender", []string{"servir", "--smtp", "smtp://localhost"}, 2, "--smtp demande aussi --expediteur : dites qui envoie les courriels, comme « À deux pas <ne-pas-repondre@exemple.fr> »."},
		{"a sender that is none", []string{"servir", "--expediteur", "À deux pas"}, 2, "--expediteur : l’expéditeur s’écrit comme « À deux pas <ne-pas-repondre@exemple.fr> »."},
		{"a server that is none", []string{"servir", "--smtp", "http://u:motdepasse@smtp.exemple.fr", "--expediteur", expediteur}, 2, "--smtp : l’adresse du serveur d’envoi commence par smtp:// ou smtps://."},
		{"a password that breaks the address", []string{"servir", "--smtp", "smtp://u:mot/depasse@smtp.exemple.fr", "--expediteur", expediteur}, 2, "--smtp : l’adresse du serveur d’envoi est de la forme smtp://utilisateur:motdepasse@hote:587 ; dans le mot de passe, les signes : / ? # @ % s’écrivent en %XX."},
		{"a password in clear", []string{"servir", "--smtp", "smtp://u:motdepasse@smtp.exemple.fr?starttls=jamais", "--expediteur", expediteur}, 2, "--smtp : le mot de passe du serveur d’envoi partirait en clair : ôtez starttls de son adresse, ou prenez smtps://."},
		{"no base", []string{"courrier", "liste"}, 3, "La base « var/adeuxpas.db » n’existe pas : « adeuxpas servir » ou « adeuxpas importer » la crée."},
		{"no base for a notice", []string{"courrier", "rebond"}, 3, "La base « var/adeuxpas.db » n’existe pas : « adeuxpas servir » ou « adeuxpas importer » la crée."},
		{"no such state", []string{"courrier", "liste", "--etat", "parti"}, 2, "--etat : « parti » n’est pas possible. Choisissez a_envoyer, en_cours, envoye, refuse, abandonne, rebond ou perime."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			exigerRefus(t, lancer(t, dossier, nil, tt.args...), tt.code, tt.want)
		})
	}
}

func TestCourrierCommandes(t *testing.T) {
	dossier := remplie(t)
	base := filepath.Join(dossier, "var", "adeuxpas.db")
	if r := lancer(t, dossier, nil, "courrier", "liste"); r.code != 0 || r.stdout != "Aucun courriel.\n" {
		t.Errorf("liste: code %d, %q, %q", r.code, r.stdout, r.stderr)
	}
	posterDans(t, base, "un@exemple.fr", "deux@exemple.fr")
	wantListe(t, dossier, `a_envoyer  connexion  u•••@exemple.fr, 0 essai`, `a_envoyer  connexion  d•••@exemple.fr, 0 essai`)
	if r := lancer(t, dossier, nil, "courrier", "liste", "--etat", "envoye"); r.code != 0 || r.stdout != "Aucun courriel.\n" {
		t.Errorf("liste --etat: code %d, %q, %q", r.code, r.stdout, r.stderr)
	}
	if r := lireRebond(t, dossier, avisDeRefus("x", "inconnu@exemple.fr")); r.code != 0 || !strings.HasPrefix(r.stdout, "Rien à noter") {
		t.Errorf("rebond: code %d, %q, %q", r.code, r.stdout, r.stderr)
	}
	exigerRefus(t, lireRebond(t, dossier, "Subject: congés\n\nJe reviens lundi.\n"), 1,
		"Ce message n’est pas un avis de non-remise : donnez-le entier, avec ses en-têtes (multipart/report).")
}

// wantListe asserts the lines of « courrier liste », after their date.
func wantListe(t *testing.T, dossier string, want ...string) {
	t.Helper()
	motif := ""
	for _, l := range want {
		motif += `\d{4}-\d\d-\d\d \d\d:\d\d  ` + regexp.QuoteMeta(l) + `\n`
	}
	limite := time.Now().Add(15 * time.Second) // the service looks every five seconds
	for {
		r := lancer(t, dossier, nil, "courrier", "liste")
		got := strings.ReplaceAll(r.stdout, "\u00a0", " ")
		if r.code == 0 && r.stderr == "" && regexp.MustCompile(`^`+motif+`$`).MatchString(got) {
			return
		}
		if time.Now().After(limite) {
			t.Errorf("code %d\n%s%s\nwant %s", r.code, got, r.stderr, motif)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// lireRebond pipes a message to « courrier rebond ».
func lireRebond(t *testing.T, dossier, message string) resultat {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(t.Context(), binaire, "courrier", "rebond")
	c.Dir, c.Env, c.Stdin, c.Stdout, c.Stderr = dossier, []string{}, strings.NewReader(message), &stdout, &stderr
	_ = c.Run() // its exit code says it
	return resultat{code: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
}

// avisDeRefus is a notice that a mail of ours was refused for good.
func avisDeRefus(id, adresse string) string {
	return fmt.Sprintf(`Content-Type: multipart/report; report-type=delivery-status; boundary=fin

--fin
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.exemple.fr

Final-Recipient: rfc822; %s
Action: failed
Status: 5.1.1

--fin
Content-Type: text/rfc822-headers

Message-ID: <%s@exemple.fr>

--fin--
`, adresse, id)
}
