package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// reglageMake is the value of a variable of the Makefile.
func reglageMake(t *testing.T, nom string) []string {
	t.Helper()
	makefile, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	_, suite, _ := strings.Cut(string(makefile), "\n"+nom+" := ")
	ligne, _, _ := strings.Cut(suite, "\n")
	mots := strings.Fields(ligne)
	if len(mots) == 0 {
		t.Fatalf("the Makefile has no %s", nom)
	}
	return mots
}

var motifCourse = regexp.MustCompile(`\bgo func\b|\bwg\.Go\(|"sync(/atomic)?"|\bchan\b`)

// The rooms that the Makefile tests without the race detector start no
// goroutine and share nothing: the detector would have nothing to see.
func TestPiecesPures(t *testing.T) {
	for _, piece := range reglageMake(t, "PURES") {
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

// The rooms whose tests run without the race detector but for some have no other
// test that runs things together, itself or through what it calls in its folder.
func TestEssaisEnsemble(t *testing.T) {
	motif := regexp.MustCompile(strings.ReplaceAll(reglageMake(t, "ENSEMBLE")[0], "$$", "$"))
	for _, piece := range reglageMake(t, "MIXTES") {
		f := fonctions(t, filepath.Join("..", "..", piece))
		restants := 0
		for nom := range f {
			if !strings.HasPrefix(nom, "Test") {
				continue
			}
			if motif.MatchString(nom) {
				restants++
			} else if par := f.ensemble(nom, map[string]bool{}); par != "" {
				t.Errorf("%s: %s runs things together (%s): name it in ENSEMBLE of the Makefile", piece, nom, par)
			}
		}
		if restants == 0 {
			t.Errorf("%s: ENSEMBLE names none of its tests", piece)
		}
	}
}

// appels is what each function of the tests of a folder calls, "" for what runs
// beside it.
type appels map[string][]string

func fonctions(t *testing.T, dossier string) appels {
	t.Helper()
	fichiers, err := filepath.Glob(filepath.Join(dossier, "*_test.go"))
	if err != nil || len(fichiers) == 0 {
		t.Fatalf("%s: %d files, %v", dossier, len(fichiers), err)
	}
	f := appels{}
	for _, nom := range fichiers {
		arbre, err := parser.ParseFile(token.NewFileSet(), nom, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range arbre.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				f[d.Name.Name] = append(f[d.Name.Name], appelle(d)...)
			}
		}
	}
	return f
}

func appelle(d *ast.FuncDecl) (noms []string) {
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			noms = append(noms, "")
		case *ast.CallExpr:
			switch quoi := n.Fun.(type) {
			case *ast.Ident:
				noms = append(noms, quoi.Name)
			case *ast.SelectorExpr:
				if quoi.Sel.Name == "Go" || quoi.Sel.Name == "Parallel" {
					noms = append(noms, "")
				}
				noms = append(noms, quoi.Sel.Name)
			}
		}
		return true
	})
	return noms
}

// ensemble is the function by which another runs things together, "" for none.
func (f appels) ensemble(nom string, vus map[string]bool) string {
	if vus[nom] {
		return ""
	}
	vus[nom] = true
	for _, a := range f[nom] {
		if a == "" {
			return nom
		}
		if par := f.ensemble(a, vus); par != "" {
			return par
		}
	}
	return ""
}
