package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// nomme finds what belongs to the shipped territory alone.
var nomme = regexp.MustCompile(`\b82\b|\b82[0-9]{3}\b|Tarn-et-Garonne|Montauban`)

// The code serves any département: what is true of one stands in its pack. Only
// a list that names every département may name this one.
func TestNoTerritoryInTheCode(t *testing.T) {
	vus := 0
	err := filepath.WalkDir("../..", func(chemin string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(chemin, ".go") || strings.HasSuffix(chemin, "_test.go") {
			return nil
		}
		vus++
		for _, fautif := range territoireDans(t, chemin) {
			t.Errorf("%s names the territory: %s", chemin, fautif)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if vus < 50 {
		t.Fatalf("only %d files were read", vus)
	}
}

// territoireDans lists the texts and directives of a file that name the
// shipped territory; imports are left aside.
func territoireDans(t *testing.T, chemin string) []string {
	t.Helper()
	source, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	fichier, err := parser.ParseFile(token.NewFileSet(), chemin, source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var fautifs []string
	ast.Inspect(fichier, func(n ast.Node) bool {
		if _, ok := n.(*ast.ImportSpec); ok {
			return false
		}
		l, ok := n.(*ast.BasicLit)
		if ok && (l.Kind == token.STRING || l.Kind == token.INT && l.Value == "82") && nomme.MatchString(l.Value) && !strings.Contains(l.Value, "Yvelines") && !nommeTous(l.Value) {
			fautifs = append(fautifs, l.Value)
		}
		return true
	})
	for _, groupe := range fichier.Comments {
		for _, c := range groupe.List {
			if strings.HasPrefix(c.Text, "//go:embed") && nomme.MatchString(c.Text) {
				fautifs = append(fautifs, c.Text)
			}
		}
	}
	return fautifs
}

// nommeTous tells whether a text has the codes of all départements.
func nommeTous(texte string) bool {
	codes := map[string]bool{}
	for _, code := range codeDepartement.FindAllString(texte, -1) {
		codes[code] = true
	}
	return len(codes) >= 101
}

var codeDepartement = regexp.MustCompile(`\b(?:[0-9]{2}|2[AB]|97[0-9])\b`)
