package norme

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// lieuPiege is a place each text of which a spreadsheet would harm.
func lieuPiege() mednum.Lieu {
	l := lieuFixe()
	c := &l.Champs
	c.CodePostal, c.CodeInsee, c.Telephone = "07000", "07186", "+33475000001"
	c.Nom, c.Adresse, c.ComplementAdresse, c.PresentationResume = "=1+1", "@SUM(A1:A9)", "-2", "+cmd|' /C calc'!A0"
	c.PresentationDetail, c.StructureParente, c.AutresFormationsLabels = "\t=HYPERLINK(\"https://example.org\")\nseconde ligne", "'=2", []string{"0012", "1e5"}
	return l
}

// tableDe are the cells of the strict CSV.
func tableDe(t *testing.T, octets []byte, virgule rune) [][]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(octets))
	r.Comma = virgule
	lignes, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lignes
}

func ecrit(t *testing.T, encode func(io.Writer, []mednum.Lieu) error, lieux []mednum.Lieu) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, lieux); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The strict CSV keeps every text as it is; the form for spreadsheets begins no
// cell as a formula begins, and says the same once its apostrophes are gone.
func TestEncodeTableur(t *testing.T) {
	lieux := append(lieuxEssai(), lieuPiege())
	strict := tableDe(t, ecrit(t, exportEssai.EncodeCSV, lieux), ',')
	if !slices.Contains(strict[len(strict)-1], "=1+1") {
		t.Error("the strict CSV was changed")
	}
	octets := ecrit(t, exportEssai.EncodeTableur, lieux)
	sans, bom := bytes.CutPrefix(octets, []byte("\xef\xbb\xbf"))
	if !bom || !bytes.HasSuffix(sans, []byte("\r\n")) || bytes.Count(sans, []byte("\r\n")) != len(strict) {
		t.Error("no mark, or rows that do not end by CRLF")
	}
	armees := 0
	table := tableDe(t, sans, ';')
	for _, ligne := range table {
		for i, v := range ligne {
			if v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) {
				t.Errorf("a cell begins as a formula: %q", v)
			}
			if ligne[i] = rearmer(v); ligne[i] != v {
				armees++
			}
		}
	}
	if diff := cmp.Diff(strict, table); diff != "" || armees < 6 {
		t.Errorf("%d cells made harmless; (-strict +spreadsheet):\n%s", armees, diff)
	}
}

func TestDesarmer(t *testing.T) {
	for texte, want := range map[string]string{
		"": "", "A=1": "A=1", "'a": "'a", "=1": "'=1", "-2": "'-2", "+33": "'+33", "@x": "'@x", "\t=": "'\t=", "\rx": "'\rx", "'=1": "''=1", "''-": "'''-",
	} {
		if got := desarmer(texte); got != want || rearmer(got) != texte {
			t.Errorf("%q: %q, back %q", texte, got, rearmer(got))
		}
	}
}

// The workbook says what the strict CSV says, all cells texts; it is the same
// bytes each time, and holds nothing that runs.
func TestEncodeXLSX(t *testing.T) {
	lieux := append(lieuxEssai(), lieuPiege(), lieuMobile())
	x := exportEssai
	x.Citation, x.Adresse = "À deux pas, essai, 25 novembre 2026", "https://exemple.fr/donnees"
	octets := ecrit(t, x.EncodeXLSX, lieux)
	for range 5 {
		if !bytes.Equal(octets, ecrit(t, x.EncodeXLSX, lieux)) {
			t.Fatal("the same places give other bytes")
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(octets))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if diff := cmp.Diff([]string{"Lieux", "Lisez-moi"}, f.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	lignes, err := f.GetRows("Lieux")
	if err != nil {
		t.Fatal(err)
	}
	want := tableDe(t, ecrit(t, exportEssai.EncodeCSV, lieux), ',')
	for i := range lignes { // GetRows leaves out empty cells at the end
		for len(lignes[i]) < len(want[0]) {
			lignes[i] = append(lignes[i], "")
		}
	}
	if diff := cmp.Diff(want, lignes); diff != "" {
		t.Errorf("(-CSV +XLSX):\n%s", diff)
	}
	p, err := f.GetPanes("Lieux")
	if err != nil || !p.Freeze || p.YSplit != 1 || p.XSplit != 0 {
		t.Errorf("panes: %+v, %v", p, err)
	}
	notice, err := f.GetRows("Lisez-moi")
	if texte := strings.Join(slices.Concat(notice...), "\n"); err != nil || !strings.Contains(texte, "Licence Ouverte 2.0") || !strings.Contains(texte, x.Citation) || !strings.Contains(texte, "2026-11-25") {
		t.Errorf("notice: %q, %v", texte, err)
	}
	checkInerte(t, octets)
}

// checkInerte opens the workbook as the archive that it is: no part but those of
// tables and styles, no formula, no number, no cell that is not a text.
func checkInerte(t *testing.T, octets []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(octets), int64(len(octets)))
	if err != nil {
		t.Fatal(err)
	}
	for _, partie := range archive.File {
		nom := strings.ToLower(partie.Name)
		for _, interdit := range []string{"vba", "macro", "external", "connection", "activex", "embed"} {
			if strings.Contains(nom, interdit) {
				t.Errorf("part %s", partie.Name)
			}
		}
		if !strings.HasPrefix(nom, "xl/worksheets/sheet") {
			continue
		}
		r, err := partie.Open()
		if err != nil {
			t.Fatal(err)
		}
		texte, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		cellules := bytes.Count(texte, []byte("<c "))
		if bytes.Contains(texte, []byte("<f>")) || cellules == 0 || cellules != bytes.Count(texte, []byte(`t="inlineStr"`))+bytes.Count(texte, []byte(`t="s"`)) {
			t.Errorf("%s: a formula, or a cell that is no text", partie.Name)
		}
	}
}

// Without a place there is a header all the same.
func TestEncodeTableurVide(t *testing.T) {
	for _, encode := range []func(io.Writer, []mednum.Lieu) error{exportEssai.EncodeTableur, exportEssai.EncodeXLSX} {
		if octets := ecrit(t, encode, nil); len(octets) < 100 {
			t.Errorf("%d bytes", len(octets))
		}
	}
}
