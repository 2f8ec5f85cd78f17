package territoire

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// tableau reads a CSV file with named columns, and names file, line and
// column in every error, for people who prepare these files by hand.
type tableau struct {
	fichier string
	lecteur *csv.Reader
	rangs   map[string]int
	ligne   int
	valeurs []string
}

// newTableau reads the header. Comma or semicolon separates; a byte order
// mark is skipped. Every named column must be there, others are ignored.
func newTableau(fichier string, r io.Reader, colonnes ...string) (*tableau, error) {
	octets, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s : lecture impossible : %w", fichier, err)
	}
	texte := strings.TrimPrefix(string(octets), "\ufeff")
	entete, _, _ := strings.Cut(texte, "\n")
	t := &tableau{fichier: fichier, lecteur: csv.NewReader(strings.NewReader(texte)), rangs: map[string]int{}}
	if strings.Count(entete, ";") > strings.Count(entete, ",") {
		t.lecteur.Comma = ';'
	}
	t.lecteur.ReuseRecord = true
	noms, err := t.lecteur.Read()
	if err != nil {
		return nil, fmt.Errorf("%s : le fichier est vide ou illisible : %w", fichier, err)
	}
	for i, n := range noms {
		t.rangs[strings.TrimSpace(n)] = i
	}
	for _, c := range colonnes {
		if _, ok := t.rangs[c]; !ok {
			return nil, fmt.Errorf("%s, ligne 1 : la colonne « %s » manque (colonnes lues : %s)", fichier, c, strings.Join(noms, ", "))
		}
	}
	return t, nil
}

// Next reads one row; false at the end.
func (t *tableau) Next() (bool, error) {
	valeurs, err := t.lecteur.Read()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s, %s", t.fichier, enFrancais(err))
	}
	t.ligne, _ = t.lecteur.FieldPos(0)
	t.valeurs = valeurs
	return true, nil
}

func (t *tableau) Has(colonne string) bool {
	_, ok := t.rangs[colonne]
	return ok
}

// Valeur is the trimmed text of a column, "" when the file has no such column.
func (t *tableau) Valeur(colonne string) string {
	i, ok := t.rangs[colonne]
	if !ok {
		return ""
	}
	return strings.TrimSpace(t.valeurs[i])
}

// Refus is an error at the current row.
func (t *tableau) Refus(colonne, format string, args ...any) error {
	return fmt.Errorf("%s, ligne %d, colonne « %s » : %s", t.fichier, t.ligne, colonne, fmt.Sprintf(format, args...))
}

func enFrancais(err error) string {
	var e *csv.ParseError
	if !errors.As(err, &e) {
		return err.Error()
	}
	switch {
	case errors.Is(e.Err, csv.ErrFieldCount):
		return fmt.Sprintf("ligne %d : cette ligne n’a pas autant de colonnes que l’en-tête", e.StartLine)
	case errors.Is(e.Err, csv.ErrQuote), errors.Is(e.Err, csv.ErrBareQuote):
		return fmt.Sprintf("ligne %d : un guillemet est mal fermé", e.Line)
	default:
		return fmt.Sprintf("ligne %d : %v", e.Line, e.Err)
	}
}

// liste splits a cell of several values ("82200|82400") and sorts nothing.
func liste(cellule string) []string {
	var valeurs []string
	for v := range strings.SplitSeq(cellule, "|") {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(valeurs, v) {
			valeurs = append(valeurs, v)
		}
	}
	return valeurs
}
