package norme

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"reflect"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// eprouver reads bytes and checks what holds of any file: no panic, an error of
// ours or a reading that counts each row once, whose records can be kept, and
// that is the same the second time.
func eprouver(t *testing.T, octets []byte) {
	t.Helper()
	o := Options{Date: mednum.Date{Annee: 2024, Mois: 1, Jour: 1}}
	l, err := o.Decode("essai", bytes.NewReader(octets))
	if err != nil {
		var refus *mednum.Error
		if !errors.As(err, &refus) || refus.Message == "" {
			t.Fatalf("%v is no refusal of ours", err)
		}
		return
	}
	jointe := Joindre([]Lecture{l})[0]
	for _, x := range []*Lecture{&l, &jointe} {
		if x.Lus != len(x.Fiches)+len(x.Ecartes)+x.Joints {
			t.Fatalf("%d rows read, %d records, %d left out, %d joined", x.Lus, len(x.Fiches), len(x.Ecartes), x.Joints)
		}
		cles := make(map[string]bool)
		for i := range x.Fiches {
			eprouverFiche(t, &x.Fiches[i])
			if cles[x.Fiches[i].Cle] {
				t.Fatalf("two records of the key %q", x.Fiches[i].Cle)
			}
			cles[x.Fiches[i].Cle] = true
		}
	}
	if m, err := o.Decode("essai", bytes.NewReader(octets)); err != nil || !reflect.DeepEqual(l, m) {
		t.Fatalf("the same bytes read twice differ: %v", err)
	}
}

func eprouverFiche(t *testing.T, f *mednum.Fiche) {
	t.Helper()
	var c mednum.Champs
	for champ, texte := range f.Champs {
		if err := c.Affecter(champ, texte); err != nil {
			t.Fatalf("%s: %v", f.Reference(), err)
		}
	}
	if f.Cle == "" || f.DateMaj.IsZero() || f.Flux == "" || c.Nom == "" || c.Commune == "" && c.CodeInsee == "" {
		t.Fatalf("a record without what it needs: %+v", f)
	}
}

func amorcer(f *testing.F, fichiers ...string) {
	f.Helper()
	for _, nom := range fichiers {
		octets, err := os.ReadFile("testdata/" + nom)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(octets)
	}
}

func eprouvant(t *testing.T, octets []byte) { eprouver(t, octets) }

func FuzzFranceServices(f *testing.F) {
	amorcer(f, "liste-fs-20240801.csv")
	f.Add([]byte("id_fs;lib_fs;h_lundi;format_fs_anct;lib_com\n1;A;-;Mobile;V\n"))
	f.Fuzz(eprouvant)
}

func FuzzConseillers(f *testing.F) { amorcer(f, "conseillers.json"); f.Fuzz(eprouvant) }

func FuzzFabriques(f *testing.F) { amorcer(f, "fabriques-2023-11.geojson"); f.Fuzz(eprouvant) }

func FuzzStandardV0(f *testing.F) { amorcer(f, "standard-v0.csv"); f.Fuzz(eprouvant) }

func FuzzStandardV1(f *testing.F) {
	amorcer(f, "lieux.csv", "lieux.json", "lieux.geojson")
	f.Fuzz(eprouvant)
}

func FuzzGoGoCarto(f *testing.F) { amorcer(f, "gogocarto-2024-05-02.json"); f.Fuzz(eprouvant) }

func FuzzTableau(f *testing.F) {
	amorcer(f, "lieux-du-lot-2024-09.csv")
	f.Add([]byte("nom,commune,nom\n\"A\n\"\"B,V\n'=1,+2\n"))
	f.Add([]byte("\xff\xfen\x00o\x00m\x00,\x00v\x00i\x00l\x00l\x00e\x00\n\x00A\x00,\x00V\x00"))
	f.Add([]byte("sep=|\nnom|commune\n\xe9|\xc3\xa9\n"))
	f.Fuzz(eprouvant)
}

// FuzzInclusion reads a file of structures and one of services, and joins them.
func FuzzInclusion(f *testing.F) {
	structures, err := os.ReadFile("testdata/inclusion-structures-2025-06.json")
	services, err2 := os.ReadFile("testdata/inclusion-services-2025-06.json")
	if err = errors.Join(err, err2); err != nil {
		f.Fatal(err)
	}
	f.Add(structures, services)
	f.Fuzz(func(t *testing.T, a, b []byte) {
		eprouver(t, a)
		eprouver(t, b)
		l, err := Decode("a", bytes.NewReader(a))
		m, err2 := Decode("b", bytes.NewReader(b))
		if err != nil || err2 != nil {
			return
		}
		for _, x := range Joindre([]Lecture{l, m}) {
			if x.Lus != len(x.Fiches)+len(x.Ecartes)+x.Joints {
				t.Fatalf("%d rows read, %d records, %d left out, %d joined", x.Lus, len(x.Fiches), len(x.Ecartes), x.Joints)
			}
			for i := range x.Fiches {
				eprouverFiche(t, &x.Fiches[i])
			}
		}
	})
}

// FuzzXLSX changes bytes of a workbook; most changes break its zip.
func FuzzXLSX(f *testing.F) {
	f.Add(classeur(f, [][]any{{"Nom", "Ville", "Date maj"}, {"A", "V", 45366}, {1.5, true, "x"}}))
	f.Fuzz(eprouvant)
}

// FuzzXLSXCellules fills the cells of a good workbook.
func FuzzXLSXCellules(f *testing.F) {
	f.Add("Nom", "Ville", "A", "=1+1", "2.1820086300015E13", 7000.0)
	f.Fuzz(func(t *testing.T, a, b, c, d, e string, n float64) {
		eprouver(t, classeur(t, [][]any{{a, b, e}, {c, d, n}, {"Nom", "Commune", "SIRET"}, {d, c, e}}))
	})
}

// FuzzCorrespondance reads what the command line says of columns.
func FuzzCorrespondance(f *testing.F) {
	f.Add("Nom du lieu=nom, Ville=commune,Gratuit=frais_a_charge:Gratuit,=")
	f.Fuzz(func(t *testing.T, texte string) {
		c, err := ParseCorrespondance(texte)
		if err != nil {
			return
		}
		for colonne, cible := range c {
			if colonne == "" || !estCible(cible) {
				t.Errorf("%q is %q", colonne, cible)
			}
		}
	})
}

// remplacer gives an entry of a zip another content.
func remplacer(t testing.TB, octets []byte, nom string, contenu []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(octets), int64(len(octets)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range r.File {
		if e.Name != nom {
			err = errors.Join(err, w.Copy(e))
			continue
		}
		f, err2 := w.Create(nom)
		if err = errors.Join(err, err2); err == nil {
			_, err = f.Write(contenu)
		}
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const feuilleEssai = "xl/worksheets/sheet1.xml"

// FuzzXLSXFeuille changes the XML of a sheet within a good workbook.
func FuzzXLSXFeuille(f *testing.F) {
	octets := classeur(f, [][]any{{"Nom", "Ville"}, {"A", "V"}})
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c><c r="B1" t="str"><v>Ville</v></c></row>` +
		`<row r="7"><c r="A7" t="s"><v>99</v></c><c r="XFD7"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>`))
	f.Fuzz(func(t *testing.T, xml []byte) { eprouver(t, remplacer(t, octets, feuilleEssai, xml)) })
}
