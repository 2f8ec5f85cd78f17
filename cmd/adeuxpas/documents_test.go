package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Paths in backquotes that begin at the root of the repository, and the
// targets of relative links.
var (
	cheminCite = regexp.MustCompile("`((?:cmd|internal|frontend|data|docs|deploy|\\.ci)(?:/[^`\\s]*)?|[A-Z][A-Za-z]+file|\\.[a-z-]+\\.yml|go\\.mod)`")
	lienCite   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	imageCitee = regexp.MustCompile(`<img src="([^"]+)"[^>]*>`)
	imageDite  = regexp.MustCompile(`<img src="[^"]+"[^>]* alt="[^"]{15,}">|!\[[^\]]{15,}\]\([^)]+\)`)
	imageToute = regexp.MustCompile(`<img\b|!\[`)
)

// Tests as they are written, and as documents name them.
var (
	essaiEcrit = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
	essaiCite  = regexp.MustCompile(`\b((?:Test|Fuzz|Benchmark)[A-Z]\w*)(…?)`)
)

// TestDocumentsNameWhatExists keeps the documents from naming files that are
// long gone.
func TestDocumentsNameWhatExists(t *testing.T) {
	racine := filepath.Join("..", "..")
	documents := []string{"README.md", "CHANGELOG.md"}
	for _, motif := range []string{"docs/*.md", "docs/adr/*.md"} {
		trouves, err := filepath.Glob(filepath.Join(racine, motif))
		if err != nil || len(trouves) == 0 {
			t.Fatalf("%s: %d documents, error %v", motif, len(trouves), err)
		}
		for _, f := range trouves {
			rel, err := filepath.Rel(racine, f)
			if err != nil {
				t.Fatal(err)
			}
			documents = append(documents, rel)
		}
	}
	for _, d := range documents {
		t.Run(d, func(t *testing.T) {
			texte, err := os.ReadFile(filepath.Join(racine, d))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range cheminCite.FindAllSubmatch(texte, -1) {
				exiger(t, filepath.Join(racine, string(m[1])))
			}
			for _, m := range lienCite.FindAllSubmatch(texte, -1) {
				cible := string(m[1])
				if strings.Contains(cible, "://") || strings.HasPrefix(cible, "#") {
					continue
				}
				cible, _, _ = strings.Cut(cible, "#")
				exiger(t, filepath.Join(racine, filepath.Dir(d), cible))
			}
			for _, m := range imageCitee.FindAllSubmatch(texte, -1) {
				exiger(t, filepath.Join(racine, filepath.Dir(d), string(m[1])))
			}
			if n, dites := len(imageToute.FindAll(texte, -1)), len(imageDite.FindAll(texte, -1)); n != dites {
				t.Errorf("%d pictures, %d of which say what is to be seen", n, dites)
			}
		})
	}
	texte, err := os.ReadFile(filepath.Join(racine, "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(cheminCite.FindAll(texte, -1)); n < 20 {
		t.Errorf("docs/architecture.md names %d paths: is the test still reading it?", n)
	}
}

// TestPreuvesExistent keeps the table of promises from naming a proof that is not
// there: a test, or all of those that begin so (…).
func TestPreuvesExistent(t *testing.T) {
	texte, err := os.ReadFile("../../docs/exigences.md")
	if err != nil {
		t.Fatal(err)
	}
	var fonctions []string
	for _, motif := range []string{"../../cmd/*/*_test.go", "../../internal/*/*.go", "../../internal/*/*/*.go"} {
		fichiers, err := filepath.Glob(motif)
		if err != nil || len(fichiers) == 0 {
			t.Fatalf("%s: %d files, error %v", motif, len(fichiers), err)
		}
		for _, f := range fichiers {
			source, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range essaiEcrit.FindAllSubmatch(source, -1) {
				fonctions = append(fonctions, string(m[1]))
			}
		}
	}
	cites := essaiCite.FindAllStringSubmatch(string(texte), -1)
	if len(cites) < 500 {
		t.Errorf("docs/exigences.md names %d tests: is the test still reading it?", len(cites))
	}
	for _, m := range cites {
		est := func(f string) bool { return f == m[1] || m[2] != "" && strings.HasPrefix(f, m[1]) }
		if !slices.ContainsFunc(fonctions, est) {
			t.Errorf("docs/exigences.md names %s, which does not exist", m[0])
		}
	}
}

// A picture that no document shows is one that nobody renews on purpose; and a
// guide is read on a phone.
func TestDocumentsImages(t *testing.T) {
	var tous strings.Builder
	for _, motif := range []string{"../../README.md", "../../docs/*.md"} {
		trouves, err := filepath.Glob(motif)
		if err != nil || len(trouves) == 0 {
			t.Fatalf("%s: %d documents, error %v", motif, len(trouves), err)
		}
		for _, f := range trouves {
			texte, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			tous.Write(texte)
		}
	}
	for _, dossier := range []string{"images/", "images/guide/"} {
		images, err := filepath.Glob("../../docs/" + dossier + "*.png")
		if err != nil || len(images) < 4 {
			t.Fatalf("%s: %d pictures, error %v", dossier, len(images), err)
		}
		for _, f := range images {
			nom := dossier + filepath.Base(f)
			if !strings.Contains(tous.String(), nom) {
				t.Errorf("no document shows docs/%s", nom)
			}
			if info, err := os.Stat(f); err != nil || dossier == "images/guide/" && info.Size() > 60_000 {
				t.Errorf("docs/%s: %v bytes, error %v", nom, info.Size(), err)
			}
		}
	}
}

// TestArchitectureNamesEveryRoom is the other way round: no room is forgotten.
func TestArchitectureNamesEveryRoom(t *testing.T) {
	texte, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	murs, err := os.ReadFile("../../.golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	pieces := []string{}
	for _, motif := range []string{"../../internal/*", "../../internal/store/*"} {
		trouvees, err := filepath.Glob(motif)
		if err != nil || len(trouvees) < 3 {
			t.Fatalf("rooms of %s: %v, error %v", motif, trouvees, err)
		}
		pieces = append(pieces, trouvees...)
	}
	for _, p := range pieces {
		nom := strings.TrimPrefix(filepath.ToSlash(p), "../../")
		if strings.HasSuffix(nom, ".go") || nom == "internal/store/storetest" { // not a room; the proof of one
			continue
		}
		if !strings.Contains(string(texte), "`"+nom+"`") {
			t.Errorf("docs/architecture.md does not name %s", nom)
		}
		if !strings.Contains(string(murs), `"**/`+nom+`/`) {
			t.Errorf(".golangci.yml has no wall around %s", nom)
		}
	}
}

func exiger(t *testing.T, chemin string) {
	t.Helper()
	if _, err := os.Stat(chemin); err != nil {
		t.Errorf("names %s, which does not exist", filepath.ToSlash(chemin))
	}
}

// Each decision has a number of its own, and carries it in its title.
func TestDecisionsNumerotees(t *testing.T) {
	trouves, err := filepath.Glob("../../docs/adr/*.md")
	if err != nil || len(trouves) < 15 {
		t.Fatalf("%d decisions, error %v", len(trouves), err)
	}
	for i, f := range trouves {
		nom := filepath.Base(f)
		texte, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("%04d-", i+1); !strings.HasPrefix(nom, want) {
			t.Errorf("%s: number %s expected", nom, want)
		}
		if !strings.HasPrefix(string(texte), "# "+nom[:4]+". ") {
			t.Errorf("%s: the title does not carry its number", nom)
		}
	}
}
