package norme

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The sheets of a workbook of places, and how wide its columns are, in
// characters: those that hold more, then the others.
const (
	feuilleLieux   = "Lieux"
	feuilleNotice  = "Lisez-moi"
	largeurColonne = 18
)

var largeursColonnes = map[mednum.Champ]float64{
	mednum.ChampID: 12, mednum.ChampNom: 44, mednum.ChampAdresse: 34, mednum.ChampHoraires: 34, mednum.ChampPresentationResume: 34,
	mednum.ChampPresentationDetail: 50, mednum.ChampSource: 34, mednum.ChampServices: 44, mednum.ChampCourriels: 30, mednum.ChampSiteWeb: 30,
	mednum.ChampCodePostal: 12, mednum.ChampCodeInsee: 12, mednum.ChampLatitude: 12, mednum.ChampLongitude: 12, mednum.ChampDateMaj: 12,
}

// EncodeXLSX writes places in a workbook for Excel and LibreOffice: the rows and
// columns of EncodeCSV on the sheet "Lieux", each cell a text (a postal code
// keeps its zero, nothing is ever a formula), then a sheet that says what this
// is. The same places on the same day give the same bytes.
func (x Export) EncodeXLSX(w io.Writer, lieux []mednum.Lieu) error {
	f := excelize.NewFile()
	defer f.Close()
	for _, etape := range []func(*excelize.File) error{
		func(f *excelize.File) error { return f.SetSheetName("Sheet1", feuilleLieux) },
		func(f *excelize.File) error { return x.remplirLieux(f, lieux) },
		x.remplirNotice, x.signer,
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

// styleTexte is the format "@": what a person types over a cell stays a text too.
func styleTexte(f *excelize.File, gras bool) (int, error) {
	s := &excelize.Style{NumFmt: 49}
	if gras {
		s.Font = &excelize.Font{Bold: true}
	}
	return f.NewStyle(s)
}

func (x Export) remplirLieux(f *excelize.File, lieux []mednum.Lieu) error {
	entete, err := styleTexte(f, true)
	if err != nil {
		return err
	}
	texte, err := styleTexte(f, false)
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(feuilleLieux)
	if err != nil {
		return err
	}
	if err := preparer(s); err != nil {
		return err
	}
	rang, style := 0, entete
	err = x.ecrireTable(func(ligne []string) error {
		rang++
		cellules := make([]any, len(ligne))
		for i, v := range ligne {
			cellules[i] = excelize.Cell{StyleID: style, Value: v}
		}
		style = texte
		return s.SetRow(fmt.Sprintf("A%d", rang), cellules)
	}, lieux)
	if err != nil {
		return err
	}
	return s.Flush()
}

// preparer sets the widths, and keeps the names of the columns in sight.
func preparer(s *excelize.StreamWriter) error {
	for i, champ := range mednum.ChampsNorme {
		largeur := largeursColonnes[champ]
		if largeur == 0 {
			largeur = largeurColonne
		}
		if err := s.SetColWidth(i+1, i+1, largeur); err != nil {
			return err
		}
	}
	return s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// remplirNotice says what the workbook is, on a sheet of its own: readers of
// tables take the first one.
func (x Export) remplirNotice(f *excelize.File) error {
	return ecrireNotice(f, [][2]string{
		{"Ce que c’est", "Des lieux de médiation numérique, une ligne par lieu, et une par arrêt d’un service itinérant."},
		{"Colonnes", "Celles du Standard de données des lieux de médiation numérique, version 1.0.2. Les listes sont séparées par « | »."},
		{"Jour", x.Jour.String()},
		{"Licence", mednum.LicenceOuverte},
		{"À citer", x.Citation},
		{"Adresse", x.Adresse},
		{"Attention", "Toutes les cases sont du texte : un code postal garde son zéro, et aucune case n’est une formule."},
	})
}

// ecrireNotice writes pairs of a name and a text; those without a text are left out.
func ecrireNotice(f *excelize.File, lignes [][2]string) error {
	if _, err := f.NewSheet(feuilleNotice); err != nil {
		return err
	}
	rang := 0
	for _, l := range lignes {
		if l[1] == "" {
			continue
		}
		rang++
		for i, colonne := range []string{"A", "B"} { // in order: the texts are numbered as they come
			if err := f.SetCellStr(feuilleNotice, fmt.Sprintf("%s%d", colonne, rang), l[i]); err != nil {
				return err
			}
		}
	}
	if err := f.SetColWidth(feuilleNotice, "A", "A", 16); err != nil {
		return err
	}
	return f.SetColWidth(feuilleNotice, "B", "B", 110)
}

func (x Export) signer(f *excelize.File) error {
	return signerClasseur(f, "Lieux de médiation numérique", x.Jour)
}

// signerClasseur signs the workbook with the day of the export at midnight, never
// with the clock, and with no name of a person.
func signerClasseur(f *excelize.File, titre string, jour mednum.Date) error {
	quand := jour.String() + "T00:00:00Z"
	return f.SetDocProps(&excelize.DocProperties{
		Creator: "À deux pas", LastModifiedBy: "À deux pas", Title: titre, Created: quand, Modified: quand, Language: "fr-FR",
	})
}
