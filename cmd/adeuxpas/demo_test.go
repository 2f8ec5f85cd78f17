package main_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

var motifLienDemo = regexp.MustCompile(`href="http://localhost:\d+(/connexion/lien/[0-9A-Za-z]{43})`)

// Whoever starts a demonstration receives a link on its page, enters by it, and
// finds a place and a week that are not empty; starting it again changes
// nothing.
func TestDemo(t *testing.T) {
	dossier := t.TempDir()
	s := demarrer(t, dossier, "--demo")
	if _, page := s.lire(t, "/demo"); !strings.Contains(page, "mediation@demonstration.invalid") || !strings.Contains(page, "coordination@demonstration.invalid") || !strings.Contains(page, "Aucun pour l’instant") {
		t.Fatalf("the page of the demonstration:\n%s", page)
	}
	demanderPage(t, surPlace, http.MethodPost, s.url+"/connexion", url.Values{"courriel": {"mediation@demonstration.invalid"}})
	lien := ""
	for limite := time.Now().Add(10 * time.Second); lien == "" && time.Now().Before(limite); time.Sleep(20 * time.Millisecond) {
		_, page := s.lire(t, "/demo")
		if m := motifLienDemo.FindStringSubmatch(page); m != nil {
			lien = m[1]
		}
	}
	if lien == "" {
		t.Fatal("no mail on the page")
	}
	rep, _ := demanderPage(t, surPlace, http.MethodPost, s.url+lien, url.Values{})
	if rep.StatusCode != http.StatusSeeOther || len(rep.Cookies()) != 1 {
		t.Fatalf("the link: %d, cookies %v", rep.StatusCode, rep.Cookies())
	}
	cookie := rep.Cookies()[0]
	for chemin, mot := range map[string]string{"/espace": "Rien n’a changé", "/espace/semaine": "Je ne serai pas là"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+chemin, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(cookie)
		rep, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		corps, err := io.ReadAll(rep.Body)
		rep.Body.Close()
		if err != nil || !strings.Contains(string(corps), mot) {
			t.Errorf("%s: no %q, %v\n%s", chemin, mot, err, corps)
		}
	}
	avant := lancer(t, dossier, nil, "journal")
	s.stop()
	demarrer(t, dossier, "--demo").stop()
	if apres := lancer(t, dossier, nil, "journal"); apres != avant {
		t.Errorf("a second start writes again:\n%s", apres.stdout)
	}
}

// surPlace is a client that follows no answer.
var surPlace = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// A demonstration shows what signs in: it stays on this machine.
func TestDemoRefuse(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		mots string
	}{
		{"every address", []string{"--adresse", "0.0.0.0:0"}, "--demo ne sert que sur cette machine"},
		{"no address", []string{"--adresse", ":0"}, "--demo ne sert que sur cette machine"},
		{"a public address", []string{"--url-publique", "https://exemple.fr"}, "retirez --smtp, et --url-publique"},
		{"mail that leaves", []string{"--smtp", "smtp://127.0.0.1:25", "--expediteur", "a@exemple.fr"}, "retirez --smtp"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := lancer(t, t.TempDir(), nil, append([]string{"servir", "--adresse", "127.0.0.1:0", "--demo"}, tt.args...)...)
			if r.code != 2 || !strings.Contains(strings.ReplaceAll(r.stderr, "\u00a0", " "), tt.mots) {
				t.Errorf("code %d, %q", r.code, r.stderr)
			}
		})
	}
}
