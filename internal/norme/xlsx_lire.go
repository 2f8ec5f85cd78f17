package norme

import (
	"archive/zip"
	"bytes"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of a workbook: what it may unzip to, and from which size a sheet is
// unzipped to a temporary file rather than to memory.
const (
	classeurMax = 1 << 30
	feuilleMax  = 8 << 20
	textesMax   = 64 << 20 // the texts that cells share
	partieMax   = 16 << 20 // any other part: all of them together are in memory
	partiesMax  = 2_000
)

// classeurSain tells whether the parts of a workbook are of the sizes that one
// has. archive/zip reads no more of a part than it says to have.
func classeurSain(octets []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(octets), int64(len(octets)))
	if err != nil || len(z.File) > partiesMax {
		return false
	}
	total, autres := uint64(0), uint64(0)
	for _, p := range z.File {
		taille := p.UncompressedSize64
		if taille > classeurMax || total+taille > classeurMax {
			return false
		}
		total += taille
		switch nom := strings.ToLower(strings.ReplaceAll(p.Name, `\`, "/")); {
		case strings.HasPrefix(nom, "xl/worksheets/sheet"):
		case nom == "xl/sharedstrings.xml":
			if taille > textesMax {
				return false
			}
		default:
			autres += taille
		}
	}
	return autres <= partieMax
}

const refusClasseur = "Ce fichier n’est pas un classeur .xlsx lisible, ou il est trop gros. Enregistrez-le de nouveau en .xlsx, ou en .csv."

// ouvrirXLSX reads the first sheet of a workbook that names columns. Cells are
// read as they are stored: a formula gives the value that was computed last and
// is never run, a date its serial number (see lireDate).
func ouvrirXLSX(octets []byte) (doc *document, err error) {
	if !classeurSain(octets) {
		return nil, refus(refusClasseur)
	}
	f, err := excelize.OpenReader(bytes.NewReader(octets), excelize.Options{
		UnzipSizeLimit: classeurMax, UnzipXMLSizeLimit: feuilleMax, RawCellValue: true,
	})
	if err != nil {
		return nil, refus(refusClasseur)
	}
	feuille, rang, noms := feuilleDe(f)
	if len(noms) == 0 {
		_ = f.Close() // only read
		return nil, refus("Ce classeur n’a pas de feuille dont une ligne nomme les colonnes.")
	}
	doc = &document{genre: "XLSX", fermer: f.Close}
	doc.nommer(slices.DeleteFunc(slices.Clone(noms), func(nom string) bool { return nom == "" }))
	doc.lignes = func(yield func(ligne) bool) {
		l := ligne{v: make(map[string]string, len(noms))}
		doc.echec = parcourirFeuille(f, feuille, func(num int, cellules []string) bool {
			if num <= rang || !l.remplir(noms, cellules) {
				return true
			}
			l.num = num
			return yield(l)
		})
	}
	doc.apercevoir()
	return doc, nil
}

// feuilleDe is the first sheet with known columns, otherwise the first with
// columns at all: its name, the row that names them (from 1), their names.
func feuilleDe(f *excelize.File) (feuille string, rang int, noms []string) {
	meilleur := -1
	for _, nom := range f.GetSheetList() {
		var rangees [][]string
		err := parcourirFeuille(f, nom, func(_ int, cellules []string) bool {
			rangees = append(rangees, cellules)
			return len(rangees) < enteteMax
		})
		if err != nil || len(rangees) == 0 {
			continue
		}
		i, connues := trouverEntete(rangees)
		n := nomsDeColonnes(rangees[i])
		if connues > 1 {
			connues = 2 // the first sheet wins among those that are tables
		}
		if connues > meilleur && slices.ContainsFunc(n, func(c string) bool { return c != "" }) {
			feuille, rang, noms, meilleur = nom, i+1, n, connues
		}
	}
	return feuille, rang, noms
}

// cellulesMax bounds the cells of a sheet, the empty ones before a full one too:
// a row whose only cell is in the last column has 16,384.
const cellulesMax = 50_000_000

var errFeuille = refus("Ce classeur est abîmé, ou sa feuille est trop grande. Enregistrez-le de nouveau en .xlsx, ou en .csv.")

// parcourirFeuille gives the rows of a sheet, numbered from 1, until donner has
// had enough. It fails when the sheet cannot be read to its end.
func parcourirFeuille(f *excelize.File, feuille string, donner func(int, []string) bool) error {
	rangees, err := f.Rows(feuille)
	if err != nil {
		return errFeuille // a chart, or a sheet that is not there
	}
	defer rangees.Close() //nolint:errcheck // only read
	total := 0
	for num := 1; rangees.Next(); num++ {
		cellules, err := rangees.Columns()
		total += len(cellules)
		if err != nil || total > cellulesMax || num > excelize.TotalRows {
			return errFeuille
		}
		for i := range cellules {
			cellules[i] = nombreEntier(cellules[i])
		}
		if !donner(num, cellules) {
			return nil
		}
	}
	if rangees.Error() != nil {
		return errFeuille
	}
	return nil
}

var motifPuissance = regexp.MustCompile(`^\d\.\d{4,17}E\+?\d{1,2}$`)

// nombreEntier writes in full the whole numbers that a workbook stores in
// scientific notation: a SIRET is 2.1820086300015E13 there.
func nombreEntier(texte string) string {
	if !strings.Contains(texte, "E") || !motifPuissance.MatchString(texte) {
		return texte
	}
	r, ok := new(big.Rat).SetString(texte)
	if !ok || !r.IsInt() {
		return texte
	}
	return r.Num().String()
}
