package sqlite_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

func TestFichierPrive(t *testing.T) {
	chemin := filepath.Join(t.TempDir(), "a b?c#d%41", "adeuxpas.db")
	b := ouvrir(t, chemin)
	save(t, b, revision(lieu("a", "A"), 1))
	for _, nom := range []string{chemin, chemin + "-wal"} {
		infos, err := os.Stat(nom)
		if err != nil {
			t.Fatal(err)
		}
		if infos.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v, want 0600", nom, infos.Mode().Perm())
		}
	}
}

// What was taken away, or written over, is not left in the free pages of the
// file: whoever has the disk does not read what was erased.
func TestEffaceDuFichier(t *testing.T) {
	chemin := filepath.Join(t.TempDir(), "x.db")
	b := ouvrir(t, chemin)
	secret := strings.Repeat("zoeline@exemple.fr ", 400) // several pages
	for i, corps := range []string{secret, "zoeline@exemple.fr, court"} {
		o := store.Objet{Genre: "essai", ID: strconv.Itoa(i), Version: 1}
		if err := store.Poser(t.Context(), b, o, corps); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.OterObjet(t.Context(), "essai", "0"); err != nil {
		t.Fatal(err)
	}
	if err := store.Poser(t.Context(), b, store.Objet{Genre: "essai", ID: "1", Version: 2}, "rien"); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil { // its journal is in the file then, and gone
		t.Fatal(err)
	}
	octets, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(octets, []byte("zoeline")); n > 0 {
		t.Errorf("the file still says it %d times", n)
	}
}

func TestOpenRefuse(t *testing.T) {
	cas := []struct {
		name     string
		prepare  func(t *testing.T, chemin string)
		contient string
	}{
		{"a text file", func(t *testing.T, chemin string) {
			ecrireFichier(t, chemin, bytes.Repeat([]byte("id,nom,commune\n"), 500))
		}, "n’est pas une base d’À deux pas"},
		{"a damaged first page", func(t *testing.T, chemin string) {
			abimer(t, chemin, 100, 3000)
		}, "n’est pas une base d’À deux pas, ou il est abîmé"},
		{"a folder", func(t *testing.T, chemin string) {
			if err := os.Mkdir(chemin, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "Impossible de créer ou d’ouvrir la base"},
		{"the base of another program", func(t *testing.T, chemin string) {
			sqlDans(t, chemin, `CREATE TABLE autre (x)`)
		}, "la base d’un autre programme"},
		{"a newer program", func(t *testing.T, chemin string) {
			fermee(t, chemin)
			sqlDans(t, chemin, `PRAGMA user_version = 999`)
		}, "version plus récente d’À deux pas (schéma 999"},
	}
	for _, c := range cas {
		t.Run(c.name, func(t *testing.T) {
			chemin := filepath.Join(t.TempDir(), "x.db")
			c.prepare(t, chemin)
			_, err := sqlite.Open(t.Context(), chemin, func() time.Time { return maintenant })
			wantCode(t, err, mednum.Indisponible)
			if !strings.Contains(err.Error(), c.contient) {
				t.Errorf("error %q does not say %q", err, c.contient)
			}
		})
	}
}

func TestPagesAbimees(t *testing.T) {
	chemin := filepath.Join(t.TempDir(), "x.db")
	b := ouvrir(t, chemin)
	for i := range 50 {
		save(t, b, revision(lieu(fmt.Sprintf("l%d", i), strings.Repeat("nom ", 500)), 1))
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	infos, err := os.Stat(chemin)
	if err != nil {
		t.Fatal(err)
	}
	abimer(t, chemin, 8192, int(infos.Size())-8192)
	b, err = sqlite.Open(t.Context(), chemin, func() time.Time { return maintenant })
	if err == nil {
		t.Cleanup(func() { _ = b.Close() })
		_, err = b.Lieux(t.Context())
	}
	wantCode(t, err, mednum.Indisponible)
}

func ecrireFichier(t *testing.T, chemin string, octets []byte) {
	t.Helper()
	if err := os.WriteFile(chemin, octets, 0o600); err != nil {
		t.Fatal(err)
	}
}

func fermee(t *testing.T, chemin string) {
	t.Helper()
	if err := ouvrir(t, chemin).Close(); err != nil {
		t.Fatal(err)
	}
}

// abimer overwrites n bytes of a base, from debut on.
func abimer(t *testing.T, chemin string, debut, n int) {
	t.Helper()
	fermee(t, chemin)
	octets, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	for i := debut; i < min(debut+n, len(octets)); i++ {
		octets[i] = 0xA5
	}
	ecrireFichier(t, chemin, octets)
}

func sqlDans(t *testing.T, chemin, texte string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", chemin)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(texte, args...); err != nil {
		t.Fatal(err)
	}
}

func TestOuverturesSimultanees(t *testing.T) {
	chemin := filepath.Join(t.TempDir(), "x.db")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			b, err := sqlite.Open(t.Context(), chemin, func() time.Time { return maintenant })
			if err != nil {
				t.Error(err)
				return
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// A revision that was logged before its place was written is not lost.
func TestRevisionEnAvance(t *testing.T) {
	avance := func(t *testing.T, chemin, id string, version int) {
		sqlDans(t, chemin, `INSERT INTO revisions (lieu, version, seq, json, champs, auteur, voie, le)
			SELECT ?1, ?2, (SELECT max(seq) FROM revisions) + 100, json_set(json, '$.version', ?2, '$.id', ?1, '$.champs.nom', 'en avance'), champs, auteur, voie, le
			FROM revisions WHERE lieu = 'a' AND version = 1`, id, version)
	}
	t.Run("at start", func(t *testing.T) {
		chemin := filepath.Join(t.TempDir(), "x.db")
		b := ouvrir(t, chemin)
		save(t, b, revision(lieu("a", "v1"), 1))
		avance(t, chemin, "a", 2)
		avance(t, chemin, "b", 1)
		v := version(t, b)
		b = ouvrir(t, chemin)
		wantNom(t, b, "a", "en avance", 2)
		wantNom(t, b, "b", "en avance", 1)
		if version(t, b) <= v {
			t.Error("the version did not move")
		}
	})
	t.Run("by the next write", func(t *testing.T) {
		chemin := filepath.Join(t.TempDir(), "x.db")
		b := ouvrir(t, chemin)
		save(t, b, revision(lieu("a", "v1"), 1))
		avance(t, chemin, "a", 2)
		wantCode(t, b.Save(t.Context(), revision(lieu("a", "tard"), 2)), mednum.Perime)
		save(t, b, revision(lieu("a", "v3"), 3))
		wantNom(t, b, "a", "v3", 3)
	})
}

// An operation whose plan was written, and half of it done, ends at the next
// start; a place that moved in the meantime keeps its newer state.
func TestOperationReprise(t *testing.T) {
	chemin := filepath.Join(t.TempDir(), "x.db")
	b := ouvrir(t, chemin)
	save(t, b, revision(lieu("c", "v1"), 1))
	revisions := []mednum.Revision{revision(lieu("a", "A"), 1), revision(lieu("b", "B"), 1), revision(lieu("c", "import"), 2)}
	fiches := []mednum.Fiche{fiche("1", "a"), fiche("2", "b"), fiche("3", "c")}
	if err := b.Apply(t.Context(), mednum.Operation{ID: "op", Genre: "import"}, fiches, revisions); err != nil {
		t.Fatal(err)
	}
	// Back to the moment when only a was written and c was edited by a person.
	plan := `{"fiches":[{"flux":"flux","cle":"1","lieu":"a","champs":{},"empreinte":""},{"flux":"flux","cle":"2","lieu":"b","champs":{},"empreinte":""},{"flux":"flux","cle":"3","lieu":"c","champs":{},"empreinte":""}],` +
		`"revisions":[{"lieu":"a","version":1,"idempotence":"op/a","apres":{"id":"a"}},{"lieu":"b","version":1,"idempotence":"op/b","apres":{"id":"b","champs":{"nom":"B"}}},{"lieu":"c","version":2,"idempotence":"op/c","apres":{"id":"c"}}]}`
	sqlDans(t, chemin, `UPDATE operations SET etat = 'en_cours', plan = ?`, plan)
	sqlDans(t, chemin, `DELETE FROM fiches WHERE cle <> '1'`)
	sqlDans(t, chemin, `DELETE FROM lieux WHERE id IN ('b', 'c'); DELETE FROM revisions WHERE lieu = 'b' OR (lieu = 'c' AND version = 2)`)
	save(t, b, revision(lieu("c", "à la main"), 2))
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}

	b = ouvrir(t, chemin)
	wantNom(t, b, "a", "A", 1)
	wantNom(t, b, "b", "B", 1)
	wantNom(t, b, "c", "à la main", 2)
	fichesB, err := b.FichesDe(t.Context(), "b")
	if err != nil || len(fichesB) != 1 {
		t.Errorf("FichesDe(b) = %v, %v, want one", fichesB, err)
	}
	ops, err := b.Operations(t.Context())
	if err != nil || len(ops) != 1 || ops[0].Etat != "finie" {
		t.Errorf("Operations = %+v, %v, want one, finie", ops, err)
	}
}

const variableEcrivain = "ADEUXPAS_ESSAI_ECRIVAIN"

// TestMain lets the test binary be the writing child of TestEcrivainTue.
func TestMain(m *testing.M) {
	if chemin := os.Getenv(variableEcrivain); chemin != "" {
		if err := ecrivain(context.Background(), chemin); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		return
	}
	m.Run()
}

// ecrivain saves version after version and prints each one once it is
// acknowledged, until it is killed.
func ecrivain(ctx context.Context, chemin string) error {
	b, err := sqlite.Open(ctx, chemin, func() time.Time { return maintenant })
	if err != nil {
		return err
	}
	premiere := 1
	if l, err := b.Lieu(ctx, "a"); err == nil {
		premiere = l.Version + 1
	}
	for v := premiere; ; v++ {
		if err := b.Save(ctx, revision(lieu("a", fmt.Sprintf("v%d", v)), v)); err != nil {
			return err
		}
		fmt.Printf("acquis %d\n", v)
	}
}

// A process killed while it writes loses nothing that it had acknowledged.
func TestEcrivainTue(t *testing.T) {
	morts := 10
	if testing.Short() {
		morts = 3
	}
	chemin := filepath.Join(t.TempDir(), "x.db")
	for mort := range morts {
		acquis := ecrireEtTuer(t, chemin, 3+7*mort)
		b := ouvrir(t, chemin)
		l, err := b.Lieu(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		// One more may have been written without being acknowledged.
		if l.Version < acquis || l.Version > acquis+1 || l.Champs.Nom != fmt.Sprintf("v%d", l.Version) {
			t.Fatalf("version %d (%s), acknowledged %d", l.Version, l.Champs.Nom, acquis)
		}
		histoire, err := b.Revisions(t.Context(), "a")
		if err != nil || len(histoire) != l.Version {
			t.Fatalf("%d revisions, %v, want %d", len(histoire), err, l.Version)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// ecrireEtTuer runs the child, kills it (SIGKILL) after n acknowledged writes
// or more, and returns the last one acknowledged.
func ecrireEtTuer(t *testing.T, chemin string, n int) (acquis int) {
	t.Helper()
	enfant := exec.CommandContext(t.Context(), os.Args[0])
	enfant.Env = append(os.Environ(), variableEcrivain+"="+chemin)
	sortie, err := enfant.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := enfant.Start(); err != nil {
		t.Fatal(err)
	}
	vus := 0
	lignes := bufio.NewScanner(sortie)
	for lignes.Scan() {
		texte, ok := strings.CutPrefix(lignes.Text(), "acquis ")
		if !ok {
			continue
		}
		if acquis, err = strconv.Atoi(texte); err != nil {
			t.Fatal(err)
		}
		if vus++; vus == n {
			if err := enfant.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = enfant.Wait() // killed: always an error
	if vus < n {
		t.Fatalf("the child stopped by itself after %d writes", vus)
	}
	return acquis
}

func BenchmarkVersion(b *testing.B) {
	base, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "x.db"), func() time.Time { return maintenant })
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = base.Close() }()
	for b.Loop() {
		if _, err := base.Version(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSave(b *testing.B) {
	base, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "x.db"), func() time.Time { return maintenant })
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = base.Close() }()
	v := 0
	for b.Loop() {
		v++
		if err := base.Save(b.Context(), revision(lieu("a", "nom"), v)); err != nil {
			b.Fatal(err)
		}
	}
}
