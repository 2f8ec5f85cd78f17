package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var motifCourse = regexp.MustCompile(`\bgo func\b|\bwg\.Go\(|"sync(/atomic)?"|\bchan\b`)

// The rooms that the Makefile tests without the race detector start no
// goroutine and share nothing: the detector would have nothing to see.
func TestPiecesPures(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	_, suite, _ := strings.Cut(string(makefile), "\nPURES := ")
	ligne, _, _ := strings.Cut(suite, "\n")
	pieces := strings.Fields(ligne)
	if len(pieces) == 0 {
		t.Fatal("the Makefile names no room")
	}
	for _, piece := range pieces {
		fichiers, err := filepath.Glob(filepath.Join("..", "..", piece, "*.go"))
		if err != nil || len(fichiers) == 0 {
			t.Fatalf("%s: %d files, %v", piece, len(fichiers), err)
		}
		for _, f := range fichiers {
			texte, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if m := motifCourse.Find(texte); m != nil && !strings.HasSuffix(f, "_test.go") {
				t.Errorf("%s holds %q", f, m)
			}
		}
	}
}
