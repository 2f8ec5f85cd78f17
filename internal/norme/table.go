package norme

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Table is a list as somebody sees it, to be written in a file: Titre names its
// sheet and the document, Jour signs it (never the clock), Notice says what it is,
// by pairs of a name and a text, on a sheet of its own. Each row has as many
// values as there are Colonnes.
type Table struct {
	Titre    string
	Jour     mednum.Date
	Colonnes []string
	Lignes   [][]Valeur
	Notice   [][2]string
}

// Valeur is one cell: a text, or a number where EstNombre.
type Valeur struct {
	Texte     string
	Nombre    float64
	EstNombre bool
}

// texte is a cell as a text: a number has a decimal point, and no more digits
// than it needs.
func (v Valeur) texte() string {
	if v.EstNombre {
		return strconv.FormatFloat(v.Nombre, 'f', -1, 64)
	}
	return v.Texte
}

// EncodeCSV writes the table in UTF-8 without a mark, comma, LF, quotes only where
// needed. A text that a spreadsheet would run begins with an apostrophe (see
// desarmer); a number, which is none, stays as it is.
func (t Table) EncodeCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	_ = c.Write(t.Colonnes) // csv keeps the first error for Error
	ligne := make([]string, len(t.Colonnes))
	for _, valeurs := range t.Lignes {
		for i, v := range valeurs {
			ligne[i] = v.texte()
			if !v.EstNombre {
				ligne[i] = desarmer(v.Texte)
			}
		}
		_ = c.Write(ligne)
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("écriture du CSV: %w", err)
	}
	return nil
}

// EncodeXLSX writes the table in a workbook: texts are texts (a postal code keeps
// its zero, nothing is ever a formula), numbers are numbers. The same table gives
// the same bytes.
func (t Table) EncodeXLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	for _, etape := range []func(*excelize.File) error{
		func(f *excelize.File) error { return f.SetSheetName("Sheet1", t.feuille()) },
		t.remplir, t.noter,
		func(f *excelize.File) error { return signerClasseur(f, t.Titre, t.Jour) },
	} {
		if err := etape(f); err != nil {
			return fmt.Errorf("écriture du classeur: %w", err)
		}
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("écriture du classeur: %w", err)
	}
	return nil
}

// feuille is a name that spreadsheets take for a sheet: 31 characters at most,
// and none of those that mean something in a formula.
func (t Table) feuille() string {
	nom := strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, t.Titre))
	if runes := []rune(nom); len(runes) > 31 {
		nom = strings.TrimSpace(string(runes[:31]))
	}
	if nom == "" || nom == feuilleNotice {
		return "Liste"
	}
	return nom
}

// The widths of columns, in characters; longer texts are cut on the screen only.
const (
	largeurMin = 10
	largeurMax = 48
)

func (t Table) largeur(i int) float64 {
	large := utf8.RuneCountInString(t.Colonnes[i]) + 2
	for _, ligne := range t.Lignes {
		large = max(large, utf8.RuneCountInString(ligne[i].texte())+2)
	}
	return float64(min(max(large, largeurMin), largeurMax))
}

func (t Table) remplir(f *excelize.File) error {
	entete, err := styleTexte(f, true)
	if err != nil {
		return err
	}
	texte, err := styleTexte(f, false)
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(t.feuille())
	if err != nil {
		return err
	}
	for i := range t.Colonnes {
		if err := s.SetColWidth(i+1, i+1, t.largeur(i)); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cellules := make([]any, len(t.Colonnes))
	for i, titre := range t.Colonnes {
		cellules[i] = excelize.Cell{StyleID: entete, Value: titre}
	}
	if err := s.SetRow("A1", cellules); err != nil {
		return err
	}
	for n, ligne := range t.Lignes {
		for i, v := range ligne {
			if cellules[i] = (excelize.Cell{StyleID: texte, Value: v.Texte}); v.EstNombre {
				cellules[i] = excelize.Cell{Value: v.Nombre}
			}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", n+2), cellules); err != nil {
			return err
		}
	}
	return s.Flush()
}

// noter writes the notice on a second sheet: readers of tables take the first one.
func (t Table) noter(f *excelize.File) error {
	if len(t.Notice) == 0 {
		return nil
	}
	return ecrireNotice(f, t.Notice)
}
