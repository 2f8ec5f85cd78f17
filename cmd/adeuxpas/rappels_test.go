package main_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/courrier/courriertest"
)

// A mail, its link, the page, the answer: through the real program.
func TestRappels(t *testing.T) {
	dossier := t.TempDir()
	smtp := courriertest.Demarrer(t, courriertest.Reglages{})
	env := []string{"ADEUXPAS_SMTP=" + smtp.URL(), "ADEUXPAS_EXPEDITEUR=" + expediteur, "ADEUXPAS_HORLOGE=2026-11-24T09:30:00Z"}
	s := demarrerAvec(t, dossier, env, "--rappel-mois=0")

	r := lancer(t, dossier, env, "rappels", "--simulation")
	if r.code != 0 || !strings.Contains(r.stdout, "•••@") || !regexp.MustCompile(`Rappels à écrire aujourd’hui\x{a0}: [1-9]`).MatchString(r.stdout) {
		t.Fatalf("%+v", r)
	}
	if clair := regexp.MustCompile(`[A-Za-z0-9._-]{2,}@`).FindString(r.stdout); clair != "" {
		t.Errorf("an address is not masked: %s", clair)
	}
	if n := len(smtp.Messages()); n != 0 {
		t.Fatalf("the simulation sent %d mails", n)
	}
	r = lancer(t, dossier, env, "rappels", "--url-publique", "https://aide.exemple.fr", "--rappels-par-jour", "1")
	if r.code != 0 || !strings.Contains(r.stdout, "Rappels écrits\u00a0: 1.") {
		t.Fatalf("%+v", r)
	}
	m := smtp.Attendre(t, 1)[0]
	lu := m.Lire(t)
	lien, ok := strings.CutPrefix(lu.Liens()[0], "https://aide.exemple.fr")
	if !ok {
		t.Fatalf("links %v", lu.Liens())
	}
	if r := lancer(t, dossier, env, "rappels", "--url-publique", "https://aide.exemple.fr", "--rappels-par-jour", "1"); r.code != 0 || !strings.Contains(r.stdout, "Rappels écrits\u00a0: 0.") {
		t.Errorf("once more the same day: %+v", r)
	}

	rep, page := demanderPage(t, http.DefaultClient, http.MethodGet, s.url+lien, nil)
	if rep.StatusCode != http.StatusOK || !strings.Contains(page, "Oui, tout est exact") {
		t.Fatalf("%d\n%s", rep.StatusCode, page)
	}
	chemin, _, _ := strings.Cut(lien, "?")
	if rep, page = demanderPage(t, http.DefaultClient, http.MethodPost, s.url+chemin, url.Values{"choix": {"exact"}}); rep.StatusCode != http.StatusOK || !strings.Contains(page, "vérifié aujourd’hui") {
		t.Fatalf("%d\n%s", rep.StatusCode, page)
	}
	if rep, page = demanderPage(t, http.DefaultClient, http.MethodGet, s.url+lien, nil); rep.StatusCode != http.StatusGone || !strings.Contains(page, "déjà répondu") {
		t.Errorf("%d\n%s", rep.StatusCode, page)
	}
}

// demanderPage asks for a page, or sends a form.
func demanderPage(t *testing.T, client *http.Client, methode, adresse string, champs url.Values) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), methode, adresse, strings.NewReader(champs.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if champs != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rep, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer rep.Body.Close()
	octets, err := io.ReadAll(rep.Body)
	if err != nil {
		t.Fatal(err)
	}
	return rep, string(octets)
}

func TestRappelsRefuse(t *testing.T) {
	dossier := t.TempDir()
	for _, tt := range []struct {
		name, mot string
		args      []string
	}{
		{"no address of the site", "--url-publique", []string{"--smtp", "smtp://127.0.0.1:1"}},
		{"no server", "--smtp", []string{"--url-publique", "https://aide.exemple.fr"}},
		{"an address that is none", "n’est pas une adresse", []string{"--url-publique", "aide", "--smtp", "smtp://127.0.0.1:1"}},
		{"a negative age", "--rappel-mois", []string{"--rappel-mois=-1"}},
		{"no place a day", "--rappels-par-jour", []string{"--rappels-par-jour=0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if r := lancer(t, dossier, nil, append([]string{"rappels"}, tt.args...)...); r.code != 2 || !strings.Contains(r.stderr, tt.mot) {
				t.Errorf("%+v", r)
			}
		})
	}
	if r := lancer(t, dossier, nil, "rappels", "--simulation"); r.code != 3 {
		t.Errorf("without a base: %+v", r)
	}
}
