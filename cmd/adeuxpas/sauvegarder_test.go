package main_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
)

// basesNeuves name new bases of each kind.
func basesNeuves(t *testing.T) map[string]func() string {
	t.Helper()
	n := 0
	return map[string]func() string{
		"sqlite": func() string {
			n++
			return filepath.Join(t.TempDir(), fmt.Sprintf("%d.db", n))
		},
		"mongodb": func() string { return mongotest.Neuf(t, os.Getenv("MONGODB_URI")) },
	}
}

// exercice is a base with a service on it, at one moment that stands still.
type exercice struct {
	dossier, horloge, base string
	service                *serveur
	secret                 string
	editions               int // acknowledged
}

func (e *exercice) demarrer(t *testing.T, base string) *serveur {
	t.Helper()
	return demarrer(t, e.dossier, "--base", base, "--horloge", e.horloge, "--url-publique", "https://exemple.fr")
}

// editer changes the hours of a place: the n-th edit has key n.
func (e *exercice) editer(t *testing.T, s *serveur) {
	t.Helper()
	n := e.editions + 1
	lu, _ := s.lire(t, "/api/v1/lieux/"+idEssai)
	rep, texte := s.put(t, idEssai, fmt.Sprintf(`{"horaires":"Mo 07:%02d-11:45"}`, n%60), map[string]string{
		"Authorization": "Bearer " + e.secret, "If-Match": lu.Header.Get("ETag"), "Idempotency-Key": fmt.Sprint(n),
	})
	if rep.StatusCode != 200 {
		t.Fatalf("edit %d: %d %s", n, rep.StatusCode, texte)
	}
	e.editions = n
}

// contenu are the lines of a backup without its first and last ones, which hold
// the moment of the copy.
func contenu(t *testing.T, fichier string) []string {
	t.Helper()
	f, err := os.Open(fichier)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	texte, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	lignes := strings.Split(strings.TrimSpace(string(texte)), "\n")
	return lignes[1 : len(lignes)-1]
}

// The drill: a service is edited while its base is backed up; the backup, in a
// new base of either kind, serves the same.
func TestSauvegarde(t *testing.T) {
	neuves := basesNeuves(t)
	for de, vers := range map[string]string{"sqlite": "mongodb", "mongodb": "sqlite"} {
		t.Run(de, func(t *testing.T) {
			e := &exercice{dossier: t.TempDir(), horloge: time.Now().UTC().Format(time.RFC3339), base: neuves[de]()}
			e.service = e.demarrer(t, e.base)
			e.secret, _ = jeton(t, e.dossier, "--nom", "Essai", "--lieu", idEssai, "--base", e.base)
			e.editer(t, e.service)
			t.Run("while the service writes", func(t *testing.T) { e.chaude(t, neuves[de]()) })
			t.Run("the same pages and history", func(t *testing.T) { e.fidele(t, neuves[de]()) })
			t.Run("into the other kind", func(t *testing.T) { e.fidele(t, neuves[vers]()) })
		})
	}
}

func (e *exercice) chaude(t *testing.T, neuve string) {
	avant := e.editions
	c := exec.Command(binaire, "sauvegarder", "--base", e.base, "chaude")
	c.Dir, c.Env = e.dossier, []string{}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	fini := make(chan error, 1)
	go func() { fini <- c.Wait() }()
	for encore := true; encore; {
		select {
		case err := <-fini:
			if err != nil {
				t.Fatal(err)
			}
			encore = false
		default:
			e.editer(t, e.service)
		}
	}
	if e.editions == avant {
		t.Fatal("nothing was edited meanwhile")
	}
	commande(t, e.dossier, nil, "restaurer", "chaude", "--base", neuve)
	n := 0
	for _, l := range contenu(t, filepath.Join(e.dossier, "chaude")) {
		if strings.Contains(l, `"voie":"api"`) {
			n++
		}
	}
	if n < avant || n > e.editions {
		t.Errorf("the copy has %d edits; %d were acknowledged before it and %d after", n, avant, e.editions)
	}
}

func (e *exercice) fidele(t *testing.T, neuve string) {
	r := commande(t, e.dossier, nil, "sauvegarder", "--base", e.base, "froide")
	var objets []string
	for _, l := range contenu(t, filepath.Join(e.dossier, "froide")) {
		if _, suite, ok := strings.Cut(l, `{"objet":{"genre":"`); ok {
			genre, _, _ := strings.Cut(suite, `"`)
			objets = append(objets, genre)
		}
	}
	if !slices.Contains(objets, "jeton") || !strings.Contains(r, fmt.Sprintf(" %d documents.", len(objets))) {
		t.Errorf("sauvegarder says %q of %v", r, objets)
	}
	if infos, err := os.Stat(filepath.Join(e.dossier, "froide")); err != nil || infos.Mode().Perm() != 0o600 {
		t.Errorf("the backup: %v, %v", infos, err)
	}
	commande(t, e.dossier, nil, "restaurer", "froide", "--base", neuve)
	exigerRefusContenant(t, lancer(t, e.dossier, nil, "restaurer", "froide", "--base", neuve), 1, "n’est pas vide, et rien n’y a été écrit")
	s := e.demarrer(t, neuve)
	for _, page := range []string{
		"/", "/?q=Moissac", "/lieux/" + idEssai, "/api/v1/lieux/" + idEssai, "/api/v1/lieux?limite=100",
		"/donnees/lieux.csv", "/donnees/lieux.json", "/donnees/lieux.geojson",
	} {
		un, want := e.service.lire(t, page)
		if deux, got := s.lire(t, page); un.StatusCode != 200 || deux.StatusCode != 200 || got != want {
			t.Errorf("%s: %d and %d (-want +got):\n%s", page, un.StatusCode, deux.StatusCode, cmp.Diff(want, got))
		}
	}
	commande(t, e.dossier, nil, "sauvegarder", "--base", neuve, "relue")
	if d := cmp.Diff(contenu(t, filepath.Join(e.dossier, "froide")), contenu(t, filepath.Join(e.dossier, "relue"))); d != "" {
		t.Errorf("the copy of the copy (-want +got):\n%s", d)
	}
	deja := e.editions
	e.editer(t, s) // the token still opens
	e.editions = deja
	s.stop()
}

func TestRestaurerRefuse(t *testing.T) {
	dossier := remplie(t)
	commande(t, dossier, nil, "sauvegarder", "bonne")
	bonne, err := os.ReadFile(filepath.Join(dossier, "bonne"))
	if err != nil {
		t.Fatal(err)
	}
	alteree := bytes.Clone(bonne)
	alteree[len(alteree)/2] ^= 0x55
	ecrire(t, filepath.Join(dossier, "alteree"), string(alteree))
	ecrire(t, filepath.Join(dossier, "coupee"), string(bonne[:len(bonne)/2]))
	ecrire(t, filepath.Join(dossier, "autre"), "Bonjour")
	for _, tt := range []struct {
		name, want string
		code       int
		args       []string
	}{
		{"an altered file", "alteree : Cette sauvegarde est", 1, []string{"restaurer", "alteree", "--base", "neuve.db"}},
		{"half a file", "coupee : Cette sauvegarde est coupée", 1, []string{"restaurer", "coupee", "--base", "neuve.db"}},
		{"another file", "autre : Ce fichier n’est pas une sauvegarde", 1, []string{"restaurer", "autre", "--base", "neuve.db"}},
		{"no file", "« absent » n’existe pas.", 1, []string{"restaurer", "absent", "--base", "neuve.db"}},
		{"a base in use", "n’est pas vide", 1, []string{"restaurer", "bonne"}},
		{"no base to back up", "n’existe pas", 3, []string{"sauvegarder", "x", "--base", "neuve.db"}},
		{"no folder", "n’existe pas", 1, []string{"sauvegarder", "nulle/part"}},
		{"no target", "Il manque --vers", 2, []string{"migrer"}},
		{"the same base", "n’est pas vide", 1, []string{"migrer", "--vers", "var/adeuxpas.db"}},
		{"no base to move", "n’existe pas", 3, []string{"migrer", "--base", "neuve.db", "--vers", "x.db"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			exigerRefusContenant(t, lancer(t, dossier, nil, tt.args...), tt.code, tt.want)
			for _, nom := range []string{"neuve.db", "x", "x.db"} {
				if _, err := os.Stat(filepath.Join(dossier, nom)); err == nil {
					t.Errorf("%s was made", nom)
				}
			}
		})
	}
}

// A backup that is interrupted leaves the file that was there, and no other.
func TestSauvegarderInterrompue(t *testing.T) {
	dossier := remplie(t)
	ecrire(t, filepath.Join(dossier, "sauvegardes", "a"), "avant")
	coupees := 0
	for attente := range 20 {
		c := exec.Command(binaire, "sauvegarder", filepath.Join("sauvegardes", "a"))
		c.Dir, c.Env = dossier, []string{}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(attente) * 3 * time.Millisecond)
		_ = c.Process.Signal(syscall.SIGINT)
		if c.Wait() != nil {
			coupees++
		}
		la, err := os.ReadDir(filepath.Join(dossier, "sauvegardes"))
		if err != nil || len(la) != 1 {
			t.Fatalf("left: %v, %v", la, err)
		}
	}
	if coupees == 0 {
		t.Error("no backup was interrupted")
	}
}

// Moved to the other kind of store and back, a base is the same.
func TestMigrer(t *testing.T) {
	dossier := remplie(t)
	secret, _ := jeton(t, dossier, "--nom", "Essai", "--lieu", idEssai)
	uri := mongotest.Neuf(t, os.Getenv("MONGODB_URI"))
	aller := commande(t, dossier, nil, "migrer", "--vers", uri)
	retour := commande(t, dossier, nil, "migrer", "--base", uri, "--vers", "retour.db")
	exigerTexte(t, aller, "départ     arrivée", "lieux", "révisions", "documents", "Les deux bases sont identiques.")
	if aller != retour {
		t.Errorf("there and back (-there +back):\n%s", cmp.Diff(aller, retour))
	}
	commande(t, dossier, nil, "sauvegarder", "avant")
	commande(t, dossier, nil, "sauvegarder", "--base", "retour.db", "apres")
	if d := cmp.Diff(contenu(t, filepath.Join(dossier, "avant")), contenu(t, filepath.Join(dossier, "apres"))); d != "" {
		t.Errorf("(-before +after):\n%s", d)
	}
	if strings.Contains(strings.Join(contenu(t, filepath.Join(dossier, "avant")), ""), secret[4:]) {
		t.Error("the secret of the token is in the backup")
	}
}

// A restoration that is killed leaves no base that could be taken for one: it
// is empty, or does not open. The same command then fills it. ESSAIS is how many
// are killed on each base; `make crash` kills more.
func TestRestaurerTuee(t *testing.T) {
	dossier := remplie(t)
	commande(t, dossier, nil, "sauvegarder", "bonne")
	for nom, neuve := range basesNeuves(t) {
		t.Run(nom, func(t *testing.T) {
			tuees, coupees, essais := 0, 0, int(nombreEnv(t, "ESSAIS", 4))
			for essai := range essais {
				base := neuve()
				c := exec.Command(binaire, "restaurer", "bonne", "--base", base)
				c.Dir, c.Env = dossier, []string{}
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Duration(1+essai%8) * 25 * time.Millisecond)
				_ = c.Process.Kill()
				_ = c.Wait()
				r := lancer(t, dossier, nil, "compte", "jetons", "--base", base)
				if strings.Contains(r.stderr, "n’a été remplie qu’en partie") && r.code == 3 {
					coupees++
				}
				encore := lancer(t, dossier, nil, "restaurer", "bonne", "--base", base)
				if encore.code == 0 {
					tuees++
				} else if !strings.Contains(encore.stderr, "n’est pas vide") {
					t.Fatalf("after %s%s: %s", r.stdout, r.stderr, encore.stderr)
				}
				commande(t, dossier, nil, "sauvegarder", "--base", base, "relue")
				if d := cmp.Diff(contenu(t, filepath.Join(dossier, "bonne")), contenu(t, filepath.Join(dossier, "relue"))); d != "" {
					t.Fatalf("(-want +got):\n%s", d)
				}
			}
			t.Logf("%d of %d killed before their end, %d of them while they filled the base", tuees, essais, coupees)
			if tuees == 0 {
				t.Error("no restoration was killed before its end")
			}
		})
	}
}
