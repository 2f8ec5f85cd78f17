package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// importerDans runs an import in a folder, and wants it to succeed.
func importerDans(t *testing.T, dossier string, args ...string) resultat {
	t.Helper()
	r := lancer(t, dossier, nil, append([]string{"importer", "--geocodage="}, args...)...)
	if r.code != 0 {
		t.Fatalf("importer %v: code %d\n%s%s", args, r.code, r.stdout, r.stderr)
	}
	return r
}

// A simulation says the plan and its report, and makes no base.
func TestImporterSimulation(t *testing.T) {
	dossier := t.TempDir()
	copier(t, "testdata/lieu-essai.csv", filepath.Join(dossier, "lieu-essai.csv"))
	r := importerDans(t, dossier, "--simulation", "--rapport", "plan.json", "--base", "x.db", "lieu-essai.csv")
	for _, phrase := range []string{"1 fiche lue.", "1 fiche nouvelle.", "rien n’est écrit dans la base", "Licence non dite (lieu-essai.csv)"} {
		if !strings.Contains(r.stdout, phrase) {
			t.Errorf("not said: %s\n%s", phrase, r.stdout)
		}
	}
	if existant, err := filepath.Glob(filepath.Join(dossier, "x.db*")); err != nil || len(existant) > 0 {
		t.Errorf("a simulation left %v, %v", existant, err)
	}
	rapport := lireRapport(t, filepath.Join(dossier, "plan.json"))
	if rapport.Bilan["nouveaux"] != 1 || !rapport.Simulation || rapport.Operation != "" || rapport.Fichiers[0]["fichier"] != "lieu-essai.csv" {
		t.Errorf("%+v", rapport)
	}

	// On a base that is there, not a byte of it changes.
	importerDans(t, dossier, "--base", "x.db", "lieu-essai.csv")
	avant := octets(t, filepath.Join(dossier, "x.db"))
	texte := strings.Replace(string(octets(t, filepath.Join(dossier, "lieu-essai.csv"))), "1 place d’Essai", "2 place d’Essai", 1)
	ecrire(t, filepath.Join(dossier, "suite.csv"), texte)
	r = importerDans(t, dossier, "--simulation", "--base", "x.db", "--licence", "Licence Ouverte 2.0", "suite.csv")
	if !strings.Contains(r.stdout, "adresse\u00a0: «\u00a01 place d’Essai\u00a0» devient «\u00a02 place d’Essai\u00a0»") || strings.Contains(r.stdout, "Licence ") {
		t.Errorf("the change is not told field by field:\n%s", r.stdout)
	}
	if !bytes.Equal(avant, octets(t, filepath.Join(dossier, "x.db"))) {
		t.Error("a simulation changed the base")
	}
	r = importerDans(t, dossier, "--base", "x.db", "--rapport", "vrai.json", "suite.csv")
	if vrai := lireRapport(t, filepath.Join(dossier, "vrai.json")); vrai.Simulation || !strings.HasPrefix(vrai.Operation, "import-") || vrai.Bilan["modifies"] != 1 {
		t.Errorf("%+v\n%s", vrai, r.stdout)
	}
	// The same file twice changes nothing.
	if r := importerDans(t, dossier, "--base", "x.db", "--rapport", "vrai.json", "suite.csv"); !strings.Contains(r.stdout, "1 fiche sans changement.") {
		t.Errorf("a second time: %s", r.stdout)
	}
	if encore := lireRapport(t, filepath.Join(dossier, "vrai.json")); encore.Operation != "" || encore.Bilan["identiques"] != 1 || encore.Bilan["lus"] != 1 {
		t.Errorf("a second time: %+v", encore)
	}
}

type rapportLu struct {
	Bilan      map[string]int
	Simulation bool
	Operation  string
	Fichiers   []map[string]any
}

func lireRapport(t *testing.T, chemin string) (r rapportLu) {
	t.Helper()
	if err := json.Unmarshal(octets(t, chemin), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func octets(t *testing.T, chemin string) []byte {
	t.Helper()
	texte, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	return texte
}

// A clerk's table: without any date it is refused whole, with what to type; with
// one, the columns that nothing says what they are are named.
func TestImporterTableauASoi(t *testing.T) {
	dossier := t.TempDir()
	ecrire(t, filepath.Join(dossier, "lieux.csv"), "Liste des points d’accueil;;;\n\nNom du lieu;CP;Ville;Repère à nous\nMédiathèque d’essai;82200;Moissac;a1\n;82100;Castelsarrasin;a2\n")
	refuse := lancer(t, dossier, nil, "importer", "--geocodage=", "--base", "x.db", "lieux.csv")
	exigerRefusContenant(t, refuse, 1, "lieux.csv : Aucune ligne ne porte de date de mise à jour. Dites de quand est ce fichier : --date AAAA-MM-JJ.")
	if _, err := os.Stat(filepath.Join(dossier, "x.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a refused file leaves a base behind")
	}
	r := importerDans(t, dossier, "--base", "x.db", "--date", "2026-11-01", "--rapport", "plan.json", "lieux.csv")
	exigerTexte(t, strings.ReplaceAll(r.stdout, "\u00a0", " "), "1 fiche nouvelle.", "non gardées (lieux.csv) : « Repère à nous ».", `--colonnes "Repère à nous=CHAMP"`, "lieux.csv ligne 5 : nom : Pas de nom.", "C’est écrit.\n")
	if f := lireRapport(t, filepath.Join(dossier, "plan.json")).Fichiers[0]; fmt.Sprint(f["colonnes_non_lues"]) != "[Repère à nous]" {
		t.Errorf("%v", f)
	}
	encore := importerDans(t, dossier, "--base", "x.db", "--date", "2026-11-01", "--colonnes", "Repère à nous=ignorer", "lieux.csv")
	if strings.Contains(encore.stdout, "non gardées") || strings.Contains(encore.stdout, "C’est écrit") {
		t.Errorf("%s", encore.stdout)
	}
}

// Rows outside the territory are taken and marked; --zone leaves them out.
func TestImporterZones(t *testing.T) {
	dossier := t.TempDir()
	texte := string(octets(t, "testdata/lieu-essai.csv"))
	texte = strings.Replace(texte, "Moissac,82200,82112", "Brest,29200,29019", 1)
	ecrire(t, filepath.Join(dossier, "brest.csv"), strings.Replace(texte, "44.1051,1.0846", "48.3905,-4.4860", 1))
	if r := importerDans(t, dossier, "--zone", "departement", "--simulation", "brest.csv"); !strings.Contains(r.stdout, "1 fiche hors de la zone demandée") {
		t.Errorf("%s", r.stdout)
	}
	if r := importerDans(t, dossier, "brest.csv"); !strings.Contains(r.stdout, "1 lieu créé.") {
		t.Errorf("%s", r.stdout)
	}
}

// --source and --date say what a file is: by its source it follows the one
// before, whatever its name; by its date it is not older.
func TestImporterSourceEtDate(t *testing.T) {
	dossier := t.TempDir()
	texte := string(octets(t, "testdata/lieu-essai.csv"))
	ecrire(t, filepath.Join(dossier, "octobre.csv"), strings.Replace(texte, ",Essai,", ",,", 1))
	autre := strings.NewReplacer(",Essai,", ",,", "essai-1", "essai-2", "1 place d’Essai", "9 rue Lointaine", "Atelier numérique", "Bibliothèque", "2026-10-01", "2026-09-01", "+33563000000", "+33563000077").Replace(texte)
	ecrire(t, filepath.Join(dossier, "liste.csv"), autre)
	importerDans(t, dossier, "--source", "CCAS de Moissac", "--date", "2026-10-01", "octobre.csv")
	r := importerDans(t, dossier, "--source", "CCAS de Moissac", "--date", "2026-11-01", "--rapport", "plan.json", "liste.csv")
	rapport := lireRapport(t, filepath.Join(dossier, "plan.json"))
	if rapport.Bilan["nouveaux"] != 1 || rapport.Bilan["absents"] != 1 || rapport.Fichiers[0]["edition"] != "2026-11-01" || rapport.Fichiers[0]["source"] != "CCAS de Moissac" {
		t.Errorf("%+v\n%s", rapport, r.stdout)
	}
	importerDans(t, dossier, "--source", "CCAS de Moissac", "--date", "2026-10-01", "--rapport", "plan.json", "octobre.csv")
	if ancien := lireRapport(t, filepath.Join(dossier, "plan.json")); ancien.Bilan["absents"] != 0 || ancien.Operation != "" || ancien.Bilan["identiques"] != 1 {
		t.Errorf("an older file: %+v", ancien)
	}
	importerDans(t, dossier, "--source", "Un autre", "--rapport", "plan.json", "--simulation", "liste.csv")
	if ailleurs := lireRapport(t, filepath.Join(dossier, "plan.json")); ailleurs.Bilan["absents"] != 0 || ailleurs.Bilan["identiques"] != 0 {
		t.Errorf("another source: %+v", ailleurs)
	}
}

func TestImporterRefuse(t *testing.T) {
	dossier := t.TempDir()
	copier(t, "testdata/lieu-essai.csv", filepath.Join(dossier, "lieu-essai.csv"))
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"licence", []string{"--licence", "MIT", "lieu-essai.csv"}, 2, "--licence : « MIT » n’est pas connue. Choisissez Licence Ouverte 2.0, ODbL 1.0 ou inconnue."},
		{"columns", []string{"--colonnes", "Nom", "lieu-essai.csv"}, 2, "--colonnes : « Nom » ne dit pas ce qu’est une colonne : écrivez « Colonne du fichier=colonne du standard »."},
		{"geocoder", []string{"--geocodage", "ici", "lieu-essai.csv"}, 2, "--geocodage : « ici » n’est pas une adresse, comme https://data.geopf.fr/geocodage/search."},
		{"report", []string{"--rapport", "absent/plan.json", "--base", "neuve.db", "lieu-essai.csv"}, 1, "« absent/plan.json » n’existe pas."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			exigerRefus(t, lancer(t, dossier, nil, append([]string{"importer"}, tt.args...)...), tt.code, tt.want)
		})
	}
}

// Ctrl-C at any moment: the program says what is done, its code says that it was
// stopped, and the same command again ends as if it never was. What it says on a
// stderr that is no terminal has no control character.
func TestImporterCtrlC(t *testing.T) {
	fichier := synthetique(t, 3000)
	dossier := t.TempDir()
	importerDans(t, dossier, "--base", "temoin.db", fichier)
	want := lancer(t, dossier, nil, "exporter", "--format", "csv", "--base", "temoin.db").stdout

	hasard := rand.New(rand.NewPCG(3, 9))
	coupes := 0
	for essai := range 5 {
		dossier := t.TempDir()
		r := interrompre(t, dossier, time.Duration(200+hasard.IntN(2200))*time.Millisecond, "importer", "--geocodage=", "--base", "x.db", fichier)
		switch r.code {
		case 130:
			coupes++
			if !strings.Contains(r.stderr, "Import interrompu") || !strings.Contains(r.stderr, "Relancez la même commande") {
				t.Errorf("stop %d: %s", essai, r.stderr)
			}
		case 0:
		default:
			t.Fatalf("stop %d: code %d\n%s", essai, r.code, r.stderr)
		}
		if i := strings.IndexFunc(r.stdout+r.stderr, func(c rune) bool { return unicode.IsControl(c) && c != '\n' }); i >= 0 {
			t.Errorf("stop %d: a control character on what is no terminal: %q", essai, (r.stdout + r.stderr)[i:])
		}
		t.Logf("stop %d: code %d %s", essai, r.code, r.stderr)
		importerDans(t, dossier, "--base", "x.db", fichier)
		if got := lancer(t, dossier, nil, "exporter", "--format", "csv", "--base", "x.db").stdout; got != want {
			t.Errorf("stop %d: what was resumed is not what was never stopped\n%.1000s", essai, cmp.Diff(want, got))
		}
	}
	if coupes == 0 {
		t.Error("no import was stopped")
	}
}

// interrompre runs the program, and sends it SIGINT after a time.
func interrompre(t *testing.T, dossier string, apres time.Duration, args ...string) resultat {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := exec.Command(binaire, args...)
	c.Dir, c.Stdout, c.Stderr, c.Env = dossier, &stdout, &stderr, []string{}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	signal := time.AfterFunc(apres, func() { _ = c.Process.Signal(syscall.SIGINT) })
	err := c.Wait()
	signal.Stop()
	var fin *exec.ExitError
	if err != nil && !errors.As(err, &fin) {
		t.Fatal(err)
	}
	return resultat{code: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
}
