package main_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
)

// delaiVu is how long another process's edit may take to be served.
const delaiVu = 2 * time.Second

// Two services and the commands share one MongoDB base: what one writes, the
// others serve.
func TestMongo(t *testing.T) {
	uri := mongotest.Neuf(t, os.Getenv("MONGODB_URI"))
	dossier, env := t.TempDir(), []string{"ADEUXPAS_BASE=" + uri}
	exigerRefusContenant(t, lancer(t, dossier, env, "exporter", "--format", "csv"), 3, "n’existe pas")

	services := []*serveur{demarrer(t, dossier, "--base", uri), demarrer(t, dossier, "--base="+uri)}
	export := func() string { return commande(t, dossier, env, "exporter", "--format", "csv") }
	if n := strings.Count(export(), "\n"); n < 50 {
		t.Fatalf("the base was filled with %d lines", n)
	}
	for _, edition := range []struct {
		mot      string
		commande []string
	}{
		{`off ""congés""`, []string{"lieu", "fermer", idEssai, "--du", demain(3), "--motif", "congés"}},
		{"Atelier numérique d’essai", []string{"importer", "--licence", "Licence Ouverte 2.0", "lieu-essai.csv"}},
	} {
		copier(t, "testdata/lieu-essai.csv", filepath.Join(dossier, "lieu-essai.csv"))
		commande(t, dossier, env, edition.commande...)
		fin := time.Now().Add(delaiVu)
		for i, s := range services {
			attendreTexte(t, s, edition.mot, fin)
			if _, servi := s.lire(t, "/donnees/lieux.csv"); servi != export() {
				t.Errorf("service %d does not serve what the base holds", i)
			}
		}
	}
	if r := commande(t, dossier, env, "lieu", "montrer", idEssai); !strings.Contains(r, "congés") {
		t.Errorf("lieu montrer says %q", r)
	}
	if _, err := os.Stat(filepath.Join(dossier, "var")); err == nil {
		t.Error("a file was made beside the MongoDB base")
	}
	for _, s := range services {
		if code, _ := s.stop(); code != 0 || strings.Contains(s.stderr.String(), "level=ERROR") {
			t.Errorf("code %d; stderr: %s", code, s.stderr)
		}
	}
}

// Two services on one base, one that asks it and one that does not, answer
// searches alike.
func TestRechercheBase(t *testing.T) {
	uri, dossier := mongotest.Neuf(t, os.Getenv("MONGODB_URI")), t.TempDir()
	memoire := demarrer(t, dossier, "--base", uri)
	base := demarrer(t, dossier, "--base", uri, "--recherche=base")
	for _, chemin := range []string{
		"/api/v1/lieux/proches?lat=44.02&lon=1.35&limite=50", "/api/v1/lieux/proches?lat=44.02&lon=1.35&quand=samedi&limite=5", "/api/v1/lieux?limite=500",
		"/api/v1/lieux?commune=82121", "/api/v1/lieux?bbox=1,43.9,1.5,44.2",
	} {
		rep, got := base.lire(t, chemin)
		_, want := memoire.lire(t, chemin)
		want = strings.ReplaceAll(want, memoire.url, base.url) // the next page
		if rep.StatusCode != 200 || len(got) < 500 || got != want {
			t.Errorf("%s: %d, from the base\n%.300s\nfrom memory\n%.300s", chemin, rep.StatusCode, got, want)
		}
	}
	for _, chemin := range []string{"/?q=montauban", "/?q=mediatheque"} {
		if rep, corps := base.lire(t, chemin); rep.StatusCode != 200 || !strings.Contains(corps, "<h1") {
			t.Errorf("%s: %d", chemin, rep.StatusCode)
		}
	}
}

// commande runs a command that must succeed and returns what it says.
func commande(t *testing.T, dossier string, env []string, args ...string) string {
	t.Helper()
	r := lancer(t, dossier, env, args...)
	if r.code != 0 {
		t.Fatalf("%v: code %d, stderr %q", args, r.code, r.stderr)
	}
	return r.stdout
}

// attendreTexte waits until the export of a service holds the text.
func attendreTexte(t *testing.T, s *serveur, mot string, fin time.Time) {
	t.Helper()
	for {
		_, corps := s.lire(t, "/donnees/lieux.csv")
		if strings.Contains(corps, mot) {
			return
		}
		if time.Now().After(fin) {
			t.Fatalf("%q is not served within %v", mot, delaiVu)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func exigerRefusContenant(t *testing.T, r resultat, code int, mot string) {
	t.Helper()
	texte := strings.ReplaceAll(r.stderr, "\u00a0", " ")
	if r.code != code || r.stdout != "" || !strings.Contains(texte, mot) {
		t.Errorf("code %d, stdout %q, stderr %q, want code %d and %q", r.code, r.stdout, texte, code, mot)
	}
}

func TestMongoRefuses(t *testing.T) {
	ferme, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	adresse := ferme.Addr().String()
	ferme.Close()
	toutes := []string{"exporter --format csv", "--detail exporter --format csv", "servir --adresse 127.0.0.1:0", "importer testdata/lieu-essai.csv", "lieu montrer x"}
	for _, tt := range []struct {
		name, base, want string
		commandes        []string
	}{
		{"no host", "mongodb://u:motdepasse@/x", "L’adresse de la base n’est pas lisible", toutes},
		{"a password that is not escaped", "mongodb://u:motdepasse%@h/x", "L’adresse de la base n’est pas lisible", toutes},
		{"a setting that does not exist", "mongodb://u:motdepasse@h/x?w=-3", "L’adresse de la base n’est pas lisible", toutes},
		{"a database of no possible name", "mongodb://u:motdepasse@h/a.b", "Le nom de la base, après l’hôte, n’est pas possible", toutes},
		{"nobody answers", "mongodb://u:motdepasse@" + adresse + "/x", "La base « " + adresse + "/x » ne répond pas", toutes[1:2]},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, commande := range tt.commandes {
				r := lancer(t, ".", nil, append(strings.Fields(commande), "--base", tt.base)...)
				exigerRefusContenant(t, r, 3, tt.want)
				if strings.Contains(r.stderr, "motdepasse") {
					t.Errorf("%s: the password is in %q", commande, r.stderr)
				}
			}
		})
	}
}
