package norme_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

func tableDEssai() norme.Table {
	texte := func(s string) norme.Valeur { return norme.Valeur{Texte: s} }
	return norme.Table{
		Titre: "Lieux : essai [2026]", Jour: mednum.Date{Annee: 2026, Mois: 11, Jour: 24},
		Colonnes: []string{"Nom", "Code", "Nombre"},
		Lignes: [][]norme.Valeur{
			{texte(`=HYPERLINK("https://x.example")`), texte("01000"), {Nombre: -3.5, EstNombre: true}},
			{texte("+33 5, puis « ; »"), texte("-1"), {}},
			{texte("@ici"), texte("\tune"), {Nombre: 12, EstNombre: true}},
		},
		Notice: [][2]string{{"Jour", "2026-11-24"}, {"Filtres", ""}},
	}
}

// No cell of a CSV is a formula; a number stays one.
func TestTableCSV(t *testing.T) {
	var b bytes.Buffer
	if err := tableDEssai().EncodeCSV(&b); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Nom", "Code", "Nombre"},
		{`'=HYPERLINK("https://x.example")`, "01000", "-3.5"},
		{"'+33 5, puis « ; »", "'-1", ""},
		{"'@ici", "'\tune", "12"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Texts are texts in a workbook, numbers numbers, and nothing is a formula; the
// same table gives the same bytes.
func TestTableXLSX(t *testing.T) {
	var b, encore bytes.Buffer
	for _, w := range []*bytes.Buffer{&b, &encore} {
		if err := tableDEssai().EncodeXLSX(w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), encore.Bytes()) {
		t.Error("two writings differ")
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	feuilles := f.GetSheetList()
	if d := cmp.Diff([]string{"Lieux   essai  2026", "Lisez-moi"}, feuilles); d != "" {
		t.Fatal(d)
	}
	rangees, err := f.GetRows(feuilles[0], excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Nom", "Code", "Nombre"},
		{`=HYPERLINK("https://x.example")`, "01000", "-3.5"},
		{"+33 5, puis « ; »", "-1"},
		{"@ici", "\tune", "12"},
	}
	if d := cmp.Diff(want, rangees); d != "" {
		t.Error(d)
	}
	for cellule, genre := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B3": excelize.CellTypeInlineString, "C2": excelize.CellTypeUnset} {
		if got, err := f.GetCellType(feuilles[0], cellule); err != nil || got != genre {
			t.Errorf("%s is of type %v, %v", cellule, got, err)
		}
		if formule, _ := f.GetCellFormula(feuilles[0], cellule); formule != "" {
			t.Errorf("%s is a formula: %s", cellule, formule)
		}
	}
	notice, err := f.GetRows("Lisez-moi")
	if err != nil || len(notice) != 1 || strings.Join(notice[0], " ") != "Jour 2026-11-24" {
		t.Errorf("notice %v, %v", notice, err)
	}
}
