package norme

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/xuri/excelize/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// grandCSV is a table of the standard of n rows, as long as the real ones.
func grandCSV(n int) []byte {
	var b bytes.Buffer
	b.WriteString("id,pivot,nom,commune,code_postal,code_insee,adresse,latitude,longitude,typologie,telephone,courriels,site_web,horaires," +
		"presentation_detail,source,date_maj,services,frais_a_charge,modalites_acces\n")
	for i := range n {
		fmt.Fprintf(&b, "lieu-%d,00000000000000,Médiathèque d'essai numéro %d,Essai,82990,82999,%d rue de l'Essai,44.%05d,1.%05d,BIB,+33500000001,contact%d@essai.fr,"+
			"https://essai.fr/lieux/%d,\"Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00\",\"Un texte de présentation, comme on en lit d’habitude : deux phrases, "+
			"sans plus. Le café est offert.\",Essai,2024-0%d-01,Aide aux démarches administratives|Maîtrise des outils numériques du quotidien,Gratuit,Se présenter|Téléphoner\n",
			i, i, i%200, i%1e5, i%1e5, i, i, 1+i%9)
	}
	return b.Bytes()
}

// TestMemoire: what stays of 20,000 rows once they are read, so that 100,000
// stay well under the 300 MB of an import, without a square in anything.
func TestMemoire(t *testing.T) {
	const n = 20_000
	var avant, apres runtime.MemStats
	octets := grandCSV(n)
	runtime.GC()
	runtime.ReadMemStats(&avant)
	l, err := Decode("grand.csv", bytes.NewReader(octets))
	if err != nil || len(l.Fiches) != n {
		t.Fatal(len(l.Fiches), err)
	}
	runtime.GC()
	runtime.ReadMemStats(&apres)
	if parLigne := (int64(apres.HeapAlloc) - int64(avant.HeapAlloc)) / n; parLigne > 2700 {
		t.Errorf("%d bytes a row stay in memory", parLigne)
	} else {
		t.Logf("%d bytes a row", parLigne)
	}
	runtime.KeepAlive(l)
}

func BenchmarkDecodeCSV(b *testing.B) {
	octets := grandCSV(100_000)
	b.SetBytes(int64(len(octets)))
	for b.Loop() {
		l, err := Decode("grand.csv", bytes.NewReader(octets))
		if err != nil || len(l.Fiches) != 100_000 {
			b.Fatal(len(l.Fiches), err)
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-live")
		b.ReportMetric(float64(m.HeapSys)/1e6, "MB-heap")
		runtime.KeepAlive(l)
	}
}

func BenchmarkDecodeXLSX(b *testing.B) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for i := range 100_001 {
		rangee := []any{fmt.Sprint("Lieu numéro ", i), "Essai", 7000 + i%1000, "1 rue de l'Essai", 44.5, 1.25, "05 00 00 00 01", 45366, "Mo-Fr 09:00-12:00"}
		if i == 0 {
			rangee = []any{"Nom", "Commune", "CP", "Adresse", "Latitude", "Longitude", "Téléphone", "Mis à jour le", "Horaires"}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), rangee); err != nil {
			b.Fatal(err)
		}
	}
	var fichier bytes.Buffer
	if err := errors.Join(w.Flush(), f.Write(&fichier), f.Close()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l, err := Decode("grand.xlsx", bytes.NewReader(fichier.Bytes()))
		if err != nil || len(l.Fiches) != 100_000 {
			b.Fatal(len(l.Fiches), err)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapSys)/1e6, "MB-heap")
	}
}

// TestXLSXBombe: a workbook that would unzip to more than the bound is refused
// before it is unzipped.
func TestXLSXBombe(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	_, err := w.CreateRaw(&zip.FileHeader{Name: feuilleEssai, Method: zip.Deflate, CompressedSize64: 4, UncompressedSize64: classeurMax + 1})
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	_, err = Decode("bombe.xlsx", &b)
	var refus *mednum.Error
	if !errors.As(err, &refus) || refus.Code != mednum.Invalide {
		t.Errorf("err = %v", err)
	}
}
