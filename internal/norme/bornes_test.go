package norme_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// hostile is a small file that is made to take all the time or the memory.
type hostile struct {
	octets []byte
	refus  string // "" when the file is read
	motif  string // of its only rows that are set aside
}

// Files that would stop the service are refused or read, in bounded time and
// memory.
func TestBornes(t *testing.T) {
	for nom, h := range fichiersHostiles(t) {
		t.Run(nom, func(t *testing.T) {
			var avant, apres runtime.MemStats
			runtime.ReadMemStats(&avant)
			debut := time.Now() //nolint:forbidigo // the machine's own time is what is measured
			l, err := norme.Options{Date: mednum.Date{Annee: 2026, Mois: 1, Jour: 1}}.Decode("lieux", bytes.NewReader(h.octets))
			runtime.ReadMemStats(&apres)
			if d := time.Since(debut); d > 20*time.Second { //nolint:forbidigo // the same
				t.Errorf("%v for %d bytes", d, len(h.octets))
			}
			if n := (apres.TotalAlloc - avant.TotalAlloc) >> 20; n > 1200 {
				t.Errorf("%d MiB for %d bytes", n, len(h.octets))
			}
			if h.refus == "" && err != nil || h.refus != "" && (err == nil || !strings.Contains(err.Error(), h.refus)) {
				t.Errorf("%v, want %q", err, h.refus)
			}
			if h.motif != "" && (len(l.Ecartes) == 0 || l.Ecartes[0].Motif != h.motif) {
				t.Errorf("%.200v, want %q", l.Ecartes, h.motif)
			}
			if h.refus == "" && l.Lus != len(l.Fiches)+len(l.Ecartes)+l.Joints {
				t.Errorf("%d rows, %d records, %d set aside", l.Lus, len(l.Fiches), len(l.Ecartes))
			}
		})
	}
}

func fichiersHostiles(t *testing.T) map[string]hostile {
	t.Helper()
	const tete = "id,nom,commune\n"
	objet := func(n int) string { return "{" + strings.TrimSuffix(suite(n, `"c%d":1,`), ",") + "}" }
	feuille, sain := cellulesTexte("nom", "commune"), cellulesTexte("Mairie", "Moissac")
	feuilles := make(map[string]string)
	for i := range 3000 {
		feuilles[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+2)] = "<a/>"
	}
	return map[string]hostile{
		"a quote opened on each line": {octets: []byte(tete + strings.Repeat("a\",\"\"\",\n", 30_000))},
		"a line of 2 MiB":             {octets: []byte(tete + "1," + strings.Repeat("a", 2<<20) + ",b\n2,Mairie,Moissac\n"), motif: "Cette ligne dépasse 1\u00a0Mio."},
		"an object of 2 MiB":          {octets: []byte(`[{"nom":[` + strings.Repeat("1,", 1<<20) + `1]},{"nom":"Mairie","commune":"Moissac"}]`), motif: "Cet objet dépasse 1\u00a0Mio."},
		"a long name around many":     {octets: []byte(`[{"nom":"a","commune":"b","` + strings.Repeat("k", 400_000) + `":` + objet(5000) + `}]`)},
		"lists in lists":              {octets: []byte(`[{"nom":"a","commune":"b","x":` + strings.Repeat(`["x",`, 9000) + `"` + strings.Repeat("y", 500_000) + `"` + strings.Repeat("]", 9000) + `}]`)},
		"too deep":                    {octets: []byte(strings.Repeat("[", 100_000)), refus: "coupé ou mal formé"},
		"objects too deep":            {octets: []byte(`[{"a":` + strings.Repeat(`{"a":`, 100_000)), refus: "coupé ou mal formé"},
		"columns":                     {octets: []byte("[" + suite(20_000, `{"c%d":1},`) + "{}]"), refus: "10\u00a0000 colonnes"},
		"columns of one object":       {octets: []byte(objet(20_000)), refus: "10\u00a0000 colonnes"},
		"columns of a table":          {octets: []byte("nom,commune," + suite(20_000, "c%d,") + "\n"), refus: "10\u00a0000 colonnes"},
		"rows":                        {octets: []byte("[" + strings.Repeat("{},", 1_000_000) + "{}]"), refus: "un million de lignes"},
		"a workbook":                  {octets: classeur(t, feuille+sain, nil)},
		"styles of 40 MiB":            {octets: classeur(t, feuille+sain, map[string]string{"xl/styles.xml": strings.Repeat(" ", 40<<20)}), refus: "trop gros"},
		"shared texts of 70 MiB":      {octets: classeur(t, feuille+sain, map[string]string{"xl/sharedStrings.xml": strings.Repeat(" ", 70<<20)}), refus: "trop gros"},
		"3,000 sheets":                {octets: classeur(t, feuille+sain, feuilles), refus: "trop gros"},
		"after the last column":       {octets: classeur(t, feuille+strings.Repeat(sain, 30)+`<row><c r="XFE32"><v>1</v></c></row>`, nil), refus: "abîmé"},
		"rows without end":            {octets: classeur(t, feuille+strings.Repeat("<row/>", 1_100_000), nil), refus: "trop grande"},
		"entities":                    {octets: classeur(t, `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>`+feuille+cellulesTexte("&b;", "Moissac"), nil)},
	}
}

// suite writes a text n times with its rank.
func suite(n int, forme string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, forme, i)
	}
	return b.String()
}

// classeur is a workbook of these parts, beside the least that one has.
func classeur(t *testing.T, feuille string, parties map[string]string) []byte {
	t.Helper()
	toutes := map[string]string{
		"[Content_Types].xml":        `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":                `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Lieux" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + feuille + `</sheetData></worksheet>`,
	}
	for nom, texte := range parties {
		toutes[nom] = texte
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for nom, texte := range toutes {
		w, err := z.Create(nom)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(texte)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func cellulesTexte(textes ...string) string {
	var b strings.Builder
	for _, t := range textes {
		fmt.Fprintf(&b, `<c t="inlineStr"><is><t>%s</t></is></c>`, t)
	}
	return "<row>" + b.String() + "</row>"
}
