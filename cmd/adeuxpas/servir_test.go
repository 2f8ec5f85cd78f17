package main_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var motifPret = regexp.MustCompile(`^À deux pas est prêt : (http://[^/]+:\d+)/$`)

// serveur is a running service.
type serveur struct {
	url    string
	cmd    *exec.Cmd
	stdout io.Reader
	stderr *bytes.Buffer // once stopped
	stop   func() (code int, duree time.Duration)
}

// demarrer starts the service on a free port and waits for the line that says
// that it answers. It is stopped at the end of the test.
func demarrer(t *testing.T, dossier string, args ...string) *serveur {
	t.Helper()
	return demarrerAvec(t, dossier, []string{}, args...)
}

// demarrerAvec does so with settings from the environment ("NOM=valeur").
func demarrerAvec(t *testing.T, dossier string, env []string, args ...string) *serveur {
	t.Helper()
	s := commencer(t, dossier, env, args...)
	s.attendrePret(t)
	return s
}

// commencer starts the service and does not wait for it.
func commencer(t *testing.T, dossier string, env []string, args ...string) *serveur {
	t.Helper()
	s := &serveur{stderr: new(bytes.Buffer)}
	s.cmd = exec.Command(binaire, append([]string{"servir", "--adresse", "127.0.0.1:0", "--geocodage=", "--tuiles="}, args...)...)
	s.cmd.Dir, s.cmd.Env, s.cmd.Stderr = dossier, env, s.stderr
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.stop = sync.OnceValues(func() (int, time.Duration) {
		debut := time.Now()
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		_ = s.cmd.Wait()
		return s.cmd.ProcessState.ExitCode(), time.Since(debut)
	})
	s.stdout = stdout
	t.Cleanup(func() {
		if s.stop(); t.Failed() {
			t.Logf("the log of the service:\n%s", s.stderr)
		}
	})
	return s
}

// attendrePret waits for the line that says that the service answers, and
// where.
func (s *serveur) attendrePret(t *testing.T) {
	t.Helper()
	lignes := bufio.NewScanner(s.stdout)
	if !lignes.Scan() {
		s.stop()
		t.Fatalf("nothing on stdout; stderr: %s", s.stderr)
	}
	m := motifPret.FindStringSubmatch(lignes.Text())
	if m == nil {
		t.Fatalf("stdout says %q", lignes.Text())
	}
	s.url = m[1]
	go func() { _, _ = io.Copy(io.Discard, s.stdout) }()
}

// lire asks for a page and returns its status, headers and text.
func (s *serveur) lire(t *testing.T, chemin string) (*http.Response, string) {
	t.Helper()
	rep, err := http.Get(s.url + chemin)
	if err != nil {
		t.Fatal(err)
	}
	defer rep.Body.Close()
	corps, err := io.ReadAll(rep.Body)
	if err != nil {
		t.Fatal(err)
	}
	return rep, string(corps)
}

func TestServir(t *testing.T) {
	s := demarrer(t, t.TempDir())
	for _, tt := range []struct {
		name, chemin string
		status       int
		want         string
	}{
		{"alive", "/livez", 200, "ok"},
		{"home", "/", 200, `lang="fr"`},
		{"search by commune", "/?q=Moissac", 200, "Moissac"},
		{"API", "/api/v1/lieux?limite=1", 200, `"code_postal"`},
		{"export", "/donnees/lieux.csv", 200, "id,pivot,nom,"},
		{"nothing there", "/nulle-part", 404, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rep, corps := s.lire(t, tt.chemin)
			if rep.StatusCode != tt.status || !strings.Contains(corps, tt.want) {
				t.Errorf("status %d, want %d; %q in %.300q", rep.StatusCode, tt.status, tt.want, corps)
			}
		})
	}
	t.Run("sante agrees", func(t *testing.T) {
		r := lancer(t, t.TempDir(), []string{"ADEUXPAS_ADRESSE=" + strings.TrimPrefix(s.url, "http://")}, "sante")
		if r.code != 0 || r.stderr != "" {
			t.Errorf("code %d, stderr %q", r.code, r.stderr)
		}
	})
}

func TestServirStops(t *testing.T) {
	s := demarrer(t, t.TempDir())
	s.lire(t, "/livez") // the client keeps its connection open: that must not hold the service
	code, duree := s.stop()
	if code != 0 || duree > 10*time.Second {
		t.Errorf("SIGTERM: code %d after %v; stderr: %s", code, duree, s.stderr)
	}
	if _, err := http.Get(s.url + "/livez"); err == nil {
		t.Error("still answers once stopped")
	}
}

func TestServirRefuses(t *testing.T) {
	prise, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer prise.Close()
	adresse := prise.Addr().String()

	dossier := t.TempDir()
	ecrire(t, filepath.Join(dossier, "faux.db"), strings.Repeat("Ceci n’est pas une base. ", 400))
	ecrire(t, filepath.Join(dossier, "casse", "territoire.json"), "{")
	if err := os.Mkdir(filepath.Join(dossier, "vide"), 0o755); err != nil {
		t.Fatal(err)
	}

	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"port in use", []string{"--adresse", adresse}, 3, "L’adresse " + adresse + " est déjà prise par un autre programme : arrêtez-le, ou choisissez un autre port avec --adresse."},
		{"not a port", []string{"--adresse", "8080"}, 2, "--adresse : « 8080 » n’est pas de la forme HÔTE:PORT, comme 127.0.0.1:8080."},
		{"unreadable base", []string{"--base", "faux.db"}, 3, "Le fichier « faux.db » n’est pas une base d’À deux pas, ou il est abîmé. Restaurez une sauvegarde, ou choisissez un autre fichier avec --base."},
		{"no territory", []string{"--territoire", "absent"}, 3, "« absent » n’existe pas."},
		{"empty territory", []string{"--territoire", "vide"}, 3, "Dossier du territoire : le fichier territoire.json manque."},
		{"broken territory", []string{"--territoire", "casse"}, 3, "Dossier du territoire : territoire.json, ligne 1 : JSON illisible."},
		{"public address", []string{"--url-publique", "exemple.fr"}, 2, "--url-publique : « exemple.fr » n’est pas une adresse, comme https://exemple.fr ou https://exemple.fr/aide."},
		{"a host with an accent", []string{"--url-publique", "https://aidé.fr"}, 2, "--url-publique : « https://aidé.fr » a un nom de domaine avec des accents. Donnez sa forme technique, qui commence par xn--."},
		{"tiles", []string{"--tuiles", "https://exemple.fr/"}, 2, "--tuiles : « https://exemple.fr/ » n’est pas une adresse avec {z}, {x} et {y}."},
		{"searches from a file", []string{"--recherche=base"}, 2, "--recherche=base demande une base MongoDB (--base mongodb://…) : une base dans un fichier répond toujours de mémoire, avec --recherche=memoire."},
		{"searches from nowhere", []string{"--recherche=ailleurs"}, 2, "--recherche : « ailleurs » n’existe pas. Choisissez memoire ou base."},
		{"half of ProConnect", []string{"--proconnect-emetteur", "https://exemple.fr"}, 2, "--proconnect-client manque : ProConnect demande --proconnect-emetteur, --proconnect-client, --proconnect-secret et --url-publique."},
		{"ProConnect without an address to come back to", proconnect("https://exemple.fr"), 2, "--url-publique manque : ProConnect demande --proconnect-emetteur, --proconnect-client, --proconnect-secret et --url-publique."},
		{"ProConnect in the clear", append(proconnect("http://exemple.fr"), "--url-publique", "https://exemple.fr"), 2, "--proconnect-emetteur : « http://exemple.fr » n’est pas une adresse https://."},
		{"a site that is none", []string{"--integration", "https://mairie.exemple,mairie"}, 2, "--integration : « mairie » n’est pas l’adresse d’un site, comme https://www.exemple.fr ou https://*.exemple.fr, ni *."},
		{"a page of a site", []string{"--integration", "https://mairie.exemple/aide"}, 2, "--integration : « https://mairie.exemple/aide » n’est pas l’adresse d’un site, comme https://www.exemple.fr ou https://*.exemple.fr, ni *."},
		{"a site with an accent", []string{"--integration", "https://forêt.exemple"}, 2, "--integration : « https://forêt.exemple » a un nom de domaine avec des accents. Donnez sa forme technique, qui commence par xn--."},
		{"networks that may be called", []string{"--reseaux-permis", "10.0.0.0/8,local"}, 2, "--reseaux-permis : « local » n’est ni un réseau ni une adresse IP, comme 10.0.0.0/8 ou 10.0.0.5."},
		{"trusted proxies", []string{"--mandataires", "10.0.0.0/8,passerelle"}, 2, "--mandataires : « passerelle » n’est ni une adresse IP ni un réseau, comme 10.0.0.1 ou 10.0.0.0/8."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"servir", "--adresse", "127.0.0.1:0"}, tt.args...)
			exigerRefus(t, lancer(t, dossier, nil, args...), tt.code, tt.want)
		})
	}
	if _, err := os.Stat(filepath.Join(dossier, "var")); err == nil {
		t.Error("a refused start left a base behind")
	}
}

func proconnect(emetteur string) []string {
	return []string{"--proconnect-emetteur", emetteur, "--proconnect-client", "a", "--proconnect-secret", "b"}
}

// A service whose ProConnect does not answer starts, and says so on the page.
func TestServirSansProConnect(t *testing.T) {
	s := demarrer(t, t.TempDir(), append(proconnect("http://127.0.0.1:1"), "--url-publique", "https://exemple.fr")...)
	if _, corps := s.lire(t, "/connexion"); !strings.Contains(corps, "ProConnect ne répond pas pour l’instant") {
		t.Error(corps)
	}
}

// A command may write while the service runs: it shows the change, and a
// second start keeps it.
func TestServirSeesImportsAndKeepsThem(t *testing.T) {
	dossier := t.TempDir()
	copier(t, "testdata/lieu-essai.csv", filepath.Join(dossier, "lieu-essai.csv"))
	s := demarrer(t, dossier)
	if _, corps := s.lire(t, "/donnees/lieux.csv"); strings.Contains(corps, "Atelier numérique d’essai") {
		t.Fatal("the place is there before its import")
	}
	r := lancer(t, dossier, nil, "importer", "--licence", "Licence Ouverte 2.0", "lieu-essai.csv")
	if r.code != 0 || !strings.Contains(r.stdout, "1 lieu créé.") {
		t.Fatalf("importer: code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	limite := time.Now().Add(15 * time.Second)
	for {
		_, corps := s.lire(t, "/donnees/lieux.csv")
		if strings.Contains(corps, "Atelier numérique d’essai") {
			break
		}
		if time.Now().After(limite) {
			t.Fatal("the running service does not see the import")
		}
		time.Sleep(50 * time.Millisecond)
	}
	_, avant := s.lire(t, "/donnees/lieux.csv")
	if code, _ := s.stop(); code != 0 {
		t.Fatalf("stop: code %d", code)
	}
	if _, apres := demarrer(t, dossier).lire(t, "/donnees/lieux.csv"); apres != avant {
		t.Error("the second run does not publish what the first did")
	}
}

func ecrire(t *testing.T, chemin, texte string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(chemin), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(chemin, []byte(texte), 0o644); err != nil {
		t.Fatal(err)
	}
}

func copier(t *testing.T, de, vers string) {
	t.Helper()
	octets, err := os.ReadFile(de)
	if err != nil {
		t.Fatal(err)
	}
	ecrire(t, vers, string(octets))
}

// Over http nobody can stay signed in, but on this machine: it is said at the
// start.
func TestServirSansHTTPS(t *testing.T) {
	for publique, want := range map[string]bool{"http://aide.exemple.fr": true, "https://aide.exemple.fr": false, "http://localhost:8080": false} {
		s := demarrer(t, t.TempDir(), "--url-publique", publique)
		s.stop()
		if got := strings.Contains(s.stderr.String(), "n’y gardent pas la connexion"); got != want {
			t.Errorf("%s: warned %t, want %t\n%s", publique, got, want, s.stderr)
		}
	}
}
