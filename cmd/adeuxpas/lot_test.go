package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// lancerLot gives the lines that the program writes for those it reads.
func lancerLot(t *testing.T, entree string, args ...string) []string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(t.Context(), binaire, append([]string{"horaires", "--lot"}, args...)...)
	c.Dir, c.Env, c.Stdin, c.Stdout, c.Stderr = t.TempDir(), []string{}, strings.NewReader(entree), &stdout, &stderr
	if err := c.Run(); err != nil || stderr.Len() > 0 {
		t.Fatalf("%v; stderr %q", err, &stderr)
	}
	if stdout.Len() == 0 {
		return nil
	}
	texte, ok := strings.CutSuffix(stdout.String(), "\n")
	if !ok {
		t.Fatal("the last line has no end")
	}
	return strings.Split(strings.ReplaceAll(texte, "\u00a0", " "), "\n")
}

func TestLot(t *testing.T) {
	const bureau = `"horaires":"Mo-Fr 09:00-12:00,14:00-17:00; PH off"`
	for _, tt := range []struct{ name, ligne, want string }{
		{"open", `{` + bureau + `,"instant":"2026-11-25T10:00:00+01:00"}`, `{"etat":"ouvert","commentaire":"","prochain_changement":"2026-11-25T12:00:00+01:00"}`},
		{"public holiday", `{` + bureau + `,"instant":"2026-07-14T10:00:00+02:00"}`, `{"etat":"ferme","commentaire":"","prochain_changement":"2026-07-15T09:00:00+02:00"}`},
		{"any offset, answered in the time of the place", `{` + bureau + `,"instant":"2026-11-24T23:30:00-10:00"}`, `{"etat":"ouvert","commentaire":"","prochain_changement":"2026-11-25T12:00:00+01:00"}`},
		{"UTC, to the fraction", `{` + bureau + `,"instant":"2026-11-25T10:59:59.999Z"}`, `{"etat":"ouvert","commentaire":"","prochain_changement":"2026-11-25T12:00:00+01:00"}`},
		{"across the change of the clocks", `{"horaires":"Mo-Fr 09:00-12:00","instant":"2027-03-27T10:00:00+01:00"}`, `{"etat":"ferme","commentaire":"","prochain_changement":"2027-03-29T09:00:00+02:00"}`},
		{"never changes", `{"horaires":"24/7","instant":"2026-07-14T10:00:00+02:00"}`, `{"etat":"ouvert","commentaire":"","prochain_changement":null}`},
		{"nothing within a year", `{"horaires":"2030 Jul 14 10:00-12:00","instant":"2026-07-14T10:00:00+02:00"}`, `{"etat":"ferme","commentaire":"","prochain_changement":null}`},
		{"comment", `{"horaires":"Mo-Fr 09:00-12:00 open \"sur <rdv> & appel\"","instant":"2026-11-25T10:00:00+01:00"}`, `{"etat":"ouvert","commentaire":"sur <rdv> & appel","prochain_changement":"2026-11-25T12:00:00+01:00"}`},
		{"comment alone is unknown", `{"horaires":"\"sur rendez-vous\"","instant":"2026-11-25T10:00:00+01:00"}`, `{"etat":"inconnu","commentaire":"sur rendez-vous","prochain_changement":null}`},
		{"the comment alone changes", `{"horaires":"Mo 09:00-10:00 open \"a\", Mo 10:00-11:00 open \"b\"","instant":"2026-11-23T09:30:00+01:00"}`, `{"etat":"ouvert","commentaire":"a","prochain_changement":"2026-11-23T10:00:00+01:00"}`},
		{"school holidays of the territory", `{"horaires":"SH 10:00-12:00","instant":"2027-02-08T10:30:00+01:00"}`, `{"etat":"ouvert","commentaire":"","prochain_changement":"2027-02-08T12:00:00+01:00"}`},
		{"of another département", `{"horaires":"SH 10:00-12:00","instant":"2027-02-08T10:30:00+01:00","departement":"47"}`, `{"etat":"ferme","commentaire":"","prochain_changement":"2027-02-13T10:00:00+01:00"}`},
		{"past the calendar", `{"horaires":"SH 10:00-12:00","instant":"2027-10-25T10:30:00+02:00"}`, `{"etat":"inconnu","commentaire":"selon les vacances scolaires","prochain_changement":"2027-10-25T12:00:00+02:00"}`},
		{"Good Friday in Moselle", `{` + bureau + `,"instant":"2027-03-26T10:00:00+01:00","departement":"57"}`, `{"etat":"ferme","commentaire":"","prochain_changement":"2027-03-30T09:00:00+02:00"}`},
		{"tolerant, and strict all the same", `{` + bureau + `,"instant":"2026-11-25T10:00:00+01:00","tolerant":true}`, `{"etat":"ouvert","commentaire":"","prochain_changement":"2026-11-25T12:00:00+01:00"}`},
		{"tolerant, in French", `{"horaires":"du lundi au vendredi de 9h à 12h","instant":"2026-11-25T10:00:00+01:00","tolerant":true}`, `{"etat":"ouvert","commentaire":"","prochain_changement":"2026-11-25T12:00:00+01:00"}`},
		{"French is not read without it", `{"horaires":"Lu 9h-12h","instant":"2026-11-25T10:00:00+01:00","tolerant":false}`, `{"erreur":"horaires, caractère 1 : « Lu » n’est pas compris : les jours s’écrivent Mo Tu We Th Fr Sa Su."}`},
		{"tolerant, not certain", `{"horaires":"lundi 9h-12h, parfois le samedi","instant":"2026-11-25T10:00:00+01:00","tolerant":true}`, `{"erreur":"la lecture n’est pas certaine, il reste « lundi 9h-12h, parfois le samedi »."}`},
		{"tolerant, doubtful", `{"horaires":"Mo 19:00-11:00","instant":"2026-11-25T10:00:00+01:00","tolerant":true}`, `{"erreur":"à vérifier, « 19:00-11:00 » : ces heures passent minuit et durent 16 h : la fin est-elle juste ?"}`},
		{"tolerant, nothing said", `{"horaires":"-","instant":"2026-11-25T10:00:00+01:00","tolerant":true}`, `{"erreur":"ce texte ne dit pas d’horaires."}`},
		{"a field of the asker's own", `{` + bureau + `,"instant":"2026-11-25T10:00:00+01:00","id":7}`, `{"etat":"ouvert","commentaire":"","prochain_changement":"2026-11-25T12:00:00+01:00"}`},
		{"unreadable hours", `{"horaires":"Mo-Fr 9h","instant":"2026-11-25T10:00:00+01:00"}`, `{"erreur":"horaires, caractère 8 : il faut deux points et les minutes, comme 09:00."}`},
		{"empty line", ``, `{"erreur":"la ligne est vide."}`},
		{"spaces", `   `, `{"erreur":"la ligne est vide."}`},
		{"not JSON", `Mo-Fr 09:00-12:00`, `{"erreur":"la ligne n’est pas un objet JSON."}`},
		{"cut", `{"horaires":"24/7","instant":`, `{"erreur":"la ligne n’est pas un objet JSON."}`},
		{"two objects", `{"horaires":"24/7"} {}`, `{"erreur":"la ligne n’est pas un objet JSON."}`},
		{"a list", `["24/7"]`, `{"erreur":"la ligne n’est pas un objet JSON."}`},
		{"null", `null`, `{"erreur":"« horaires » manque."}`},
		{"no hours", `{"instant":"2026-11-25T10:00:00+01:00"}`, `{"erreur":"« horaires » manque."}`},
		{"null hours", `{"horaires":null,"instant":"2026-11-25T10:00:00+01:00"}`, `{"erreur":"« horaires » manque."}`},
		{"no instant", `{"horaires":"24/7"}`, `{"erreur":"« instant » manque."}`},
		{"hours that are a number", `{"horaires":247,"instant":"2026-11-25T10:00:00+01:00"}`, `{"erreur":"« horaires » n’a pas la forme attendue."}`},
		{"tolerant in words", `{"horaires":"24/7","instant":"2026-11-25T10:00:00+01:00","tolerant":"oui"}`, `{"erreur":"« tolerant » n’a pas la forme attendue."}`},
		{"instant without its offset", `{"horaires":"24/7","instant":"2026-11-25T10:00:00"}`, `{"erreur":"« instant » : il faut un instant comme 2026-07-14T10:00:00+02:00, entre 1900 et 2999."}`},
		{"a day that does not exist", `{"horaires":"24/7","instant":"2026-02-30T10:00:00Z"}`, `{"erreur":"« instant » : il faut un instant comme 2026-07-14T10:00:00+02:00, entre 1900 et 2999."}`},
		{"a year out of reach", `{"horaires":"24/7","instant":"0001-01-01T00:00:00Z"}`, `{"erreur":"« instant » : il faut un instant comme 2026-07-14T10:00:00+02:00, entre 1900 et 2999."}`},
		{"unknown département", `{"horaires":"24/7","instant":"2026-11-25T10:00:00+01:00","departement":"96"}`, `{"erreur":"« departement » : « 96 » n’est pas un département connu, comme 46, 2A ou 974."}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff([]string{tt.want}, lancerLot(t, tt.ligne+"\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// One line is written for every line read, in order, whatever the lines are.
func TestLotLinePerLine(t *testing.T) {
	const ouvert = `{"horaires":"24/7","instant":"2026-11-25T10:00:00+01:00"}`
	const reponse = `{"etat":"ouvert","commentaire":"","prochain_changement":null}`
	mio := strings.Repeat("x", 1<<20)
	for _, tt := range []struct {
		name, entree string
		want         []string
	}{
		{"nothing", "", nil},
		{"no end to the last line", ouvert + "\n" + ouvert, []string{reponse, reponse}},
		{"Windows ends, a byte order mark", "\ufeff" + ouvert + "\r\n" + ouvert + "\r\n", []string{reponse, reponse}},
		{"empty lines", "\n" + ouvert + "\n\n", []string{`{"erreur":"la ligne est vide."}`, reponse, `{"erreur":"la ligne est vide."}`}},
		{
			"longest line, and one sign more", mio + "\n" + mio + "x\n" + ouvert,
			[]string{`{"erreur":"la ligne n’est pas un objet JSON."}`, `{"erreur":"la ligne dépasse 1 Mio."}`, reponse},
		},
		{"a huge line at the end", ouvert + "\n" + strings.Repeat(mio, 8), []string{reponse, `{"erreur":"la ligne dépasse 1 Mio."}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, lancerLot(t, tt.entree)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("thousands", func(t *testing.T) {
		const n = 25_000 // more distinct texts than are remembered
		var entree strings.Builder
		var want []string
		for i := range n {
			h, m := i/60%12, i%60
			fmt.Fprintf(&entree, `{"horaires":"Mo-Fr %02d:%02d-12:00 open \"%d\"","instant":"2026-11-25T00:00:00+01:00"}`+"\n", h, m, i)
			reponse := fmt.Sprintf(`{"etat":"ferme","commentaire":"","prochain_changement":"2026-11-25T%02d:%02d:00+01:00"}`, h, m)
			if h+m == 0 {
				reponse = fmt.Sprintf(`{"etat":"ouvert","commentaire":"%d","prochain_changement":"2026-11-25T12:00:00+01:00"}`, i)
			}
			want = append(want, reponse)
		}
		if diff := cmp.Diff(want, lancerLot(t, entree.String())); diff != "" {
			t.Errorf("(-want +got):\n%.2000s", diff)
		}
	})
}

// An asker who waits for each answer before asking again gets it.
func TestLotAnswersBeforeTheEnd(t *testing.T) {
	c := exec.CommandContext(t.Context(), binaire, "horaires", "--lot")
	c.Dir, c.Env = t.TempDir(), []string{}
	entree, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	sortie, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	garde := time.AfterFunc(20*time.Second, func() { _ = c.Process.Kill() })
	defer garde.Stop()
	lignes := bufio.NewScanner(sortie)
	for i, morceau := range []string{
		"{\"horaires\":\"24/7\",\"instant\":\"2026-11-25T10:00:00Z\"}\n",
		"\n{\"horaires\":", // a line and the beginning of another
	} {
		if _, err := entree.Write([]byte(morceau)); err != nil {
			t.Fatal(err)
		}
		if !lignes.Scan() || !json.Valid(lignes.Bytes()) {
			t.Fatalf("answer %d: %q, %v", i, lignes.Text(), lignes.Err())
		}
	}
	if err := entree.Close(); err != nil {
		t.Fatal(err)
	}
	if !lignes.Scan() || lignes.Text() != `{"erreur":"la ligne n’est pas un objet JSON."}` || lignes.Scan() {
		t.Errorf("the cut line: %q", lignes.Text())
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}

func TestLotStops(t *testing.T) {
	c := exec.CommandContext(t.Context(), binaire, "horaires", "--lot")
	var stderr bytes.Buffer
	c.Dir, c.Env, c.Stderr = t.TempDir(), []string{}, &stderr
	entree, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer entree.Close()
	sortie, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	garde := time.AfterFunc(20*time.Second, func() { _ = c.Process.Kill() })
	defer garde.Stop()
	if _, err := entree.Write([]byte("\n")); err != nil {
		t.Fatal(err)
	}
	lignes := bufio.NewScanner(sortie)
	lignes.Scan() // it has started, and waits
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if lignes.Scan() {
		t.Errorf("once told to stop, it writes %q", lignes.Text())
	}
	_ = c.Wait()
	if got := strings.TrimSpace(stderr.String()); c.ProcessState.ExitCode() != 1 || got != "adeuxpas\u00a0: Le travail est interrompu." {
		t.Errorf("code %d, stderr %q", c.ProcessState.ExitCode(), got)
	}
}
