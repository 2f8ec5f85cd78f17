package main_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/store/mongo/mongotest"
)

var update = flag.Bool("update", false, "rewrite testdata/*.golden")

// binaire is the real program, built once for all the tests.
var binaire string

func TestMain(m *testing.M) {
	os.Exit(construire(m))
}

func construire(m *testing.M) int {
	dossier, err := os.MkdirTemp("", "adeuxpas-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dossier)
	binaire = filepath.Join(dossier, "adeuxpas")
	sortie, err := exec.Command("go", "build", "-buildvcs=false", "-o", binaire, ".").CombinedOutput()
	if err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, sortie)
		return 1
	}
	defer mongotest.Stop()
	return m.Run()
}

// resultat is what a finished command left.
type resultat struct {
	code           int
	stdout, stderr string
}

// lancer runs the program to its end in a folder of its own, with no setting
// from the environment but those given ("NOM=valeur").
func lancer(t *testing.T, dossier string, env []string, args ...string) resultat {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(t.Context(), binaire, args...)
	c.Dir, c.Stdout, c.Stderr = dossier, &stdout, &stderr
	c.Env = append([]string{"ADEUXPAS_GEOCODAGE="}, env...) // no test asks the real service
	err := c.Run()
	var fin *exec.ExitError
	if err != nil && !errors.As(err, &fin) {
		t.Fatalf("adeuxpas %v: %v", args, err)
	}
	return resultat{code: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
}

// comparer compares with a golden file, which -update rewrites.
func comparer(t *testing.T, nom, got string) {
	t.Helper()
	chemin := filepath.Join("testdata", nom+".golden")
	if *update {
		if err := os.WriteFile(chemin, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", chemin, diff)
	}
}
