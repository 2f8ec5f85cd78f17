package horaires

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"
)

const (
	dossierFront  = "../../frontend/"
	moduleOracle  = dossierFront + "node_modules/opening_hours/package.json"
	versionOracle = "3.15.0"
)

// question and reponse are the lines of the reference's oracle
// (frontend/tests/horaires/oracle.mjs).
type question struct {
	Horaires    string   `json:"horaires"`
	Instants    []string `json:"instants"`
	Changements int      `json:"changements,omitempty"`
	Region      string   `json:"region,omitempty"`
}

type reponse struct {
	Etats       [][2]string `json:"etats"`
	Changements []string    `json:"changements"`
	Avis        []string    `json:"avis"`
	Erreur      string      `json:"erreur"`
}

// interroger puts the questions to the reference, in order, in one process.
// The test is skipped where the reference is not installed.
func interroger(t testing.TB, questions []question) []reponse {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("left out: comparison with opening_hours.js, node is absent")
	}
	var paquet struct{ Version string }
	contenu, err := os.ReadFile(moduleOracle)
	if err != nil {
		t.Skip("left out: comparison with opening_hours.js, it is not installed (npm ci in frontend)")
	}
	if err := json.Unmarshal(contenu, &paquet); err != nil || paquet.Version != versionOracle {
		t.Fatalf("opening_hours.js is at %q (%v), the differences are written for %s", paquet.Version, err, versionOracle)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, dossierFront+"tests/horaires/oracle.mjs")
	cmd.Env = append(os.Environ(), "TZ=Europe/Paris")
	cmd.Stderr = os.Stderr
	entree, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	sortie, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ecrit := make(chan error, 1)
	go func() { ecrit <- envoyer(entree, questions) }()
	reponses := make([]reponse, 0, len(questions))
	lecteur := json.NewDecoder(bufio.NewReader(sortie))
	for range questions {
		var r reponse
		if err := lecteur.Decode(&r); err != nil {
			t.Fatalf("the reference stopped after %d answers: %v", len(reponses), err)
		}
		reponses = append(reponses, r)
	}
	if err := <-ecrit; err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return reponses
}

func envoyer(entree io.WriteCloser, questions []question) error {
	tampon := bufio.NewWriter(entree)
	lignes := json.NewEncoder(tampon)
	for _, q := range questions {
		if err := lignes.Encode(q); err != nil {
			return err
		}
	}
	if err := tampon.Flush(); err != nil {
		return err
	}
	return entree.Close()
}

func rfc3339(instants []time.Time) []string {
	textes := make([]string, len(instants))
	for i, t := range instants {
		textes[i] = t.Format(time.RFC3339)
	}
	return textes
}
