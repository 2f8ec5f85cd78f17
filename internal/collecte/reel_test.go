package collecte_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store/sqlite"
)

var update = flag.Bool("update", false, "rewrite the golden files, and data/82/lieux.json where the source files are present")

const (
	partage    = "../../../shared/data"
	lieuxLivre = "../../data/82/lieux.json"
)

// sources are the files of which the shipped places are made.
var sources = []struct {
	nom  string
	zone collecte.Zone
}{
	{"france-services/liste-fs-20240801.csv", collecte.ZoneVoisinage},
	{"conseillers-numeriques/conseillers-numeriques-permanences-2022-12.json", collecte.ZoneDepartement},
	{"tiers-lieux/fabriques-de-territoire-2023-11.geojson", collecte.ZoneDepartement},
}

// lectures reads the source files, once for all tests.
var lectures = sync.OnceValues(func() (lues []norme.Lecture, err error) {
	for _, s := range sources {
		f, err := os.Open(filepath.Join(partage, s.nom))
		if err != nil {
			return nil, err
		}
		l, err := norme.Decode(filepath.Base(s.nom), f)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		lues = append(lues, l)
	}
	return lues, nil
})

// lireSources are the source files, or names what is left out.
func lireSources(t *testing.T) []norme.Lecture {
	t.Helper()
	lues, err := lectures()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("left out: places made of the real source files: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return lues
}

// The shipped file is what the sources make, to the byte.
func TestLieuxLivresAJour(t *testing.T) {
	var zones []collecte.Zone
	for _, s := range sources {
		zones = append(zones, s.zone)
	}
	var w bytes.Buffer
	plan, err := collecte.Construire(t.Context(), territoireLivre(t), lireSources(t), zones, &w)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/construction.golden", plan.Dire(0))
	if *update {
		if err := os.WriteFile(lieuxLivre, w.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	livre, err := os.ReadFile(lieuxLivre)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(livre, w.Bytes()) {
		t.Error("data/82/lieux.json is not what the sources make: run this test with -update")
	}
}

func golden(t *testing.T, chemin, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(chemin), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(chemin, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(chemin)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", chemin, d)
	}
}

// The real files, in the order in which a territory would import them.
func TestImporterReel(t *testing.T) {
	lectures := lireSources(t)
	b := baseNeuve(t)
	for _, l := range lectures {
		importer(t, b, collecte.ZoneDepartement, l)
	}
	var lus []string
	for _, l := range lectures {
		fiches, err := b.Fiches(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, f := range fiches {
			if f.Flux == l.Flux.ID {
				n++
			}
		}
		lus = append(lus, fmt.Sprintf("%s %d", l.Flux.ID, n))
	}
	want := []string{"france-services 23", "conseillers-numeriques 37", "fabriques-de-territoire 1"}
	if d := cmp.Diff(want, lus); d != "" {
		t.Errorf("records in the département (-want +got):\n%s", d)
	}
	golden(t, "testdata/fusions.golden", fusions(t, b))

	v := version(t, b)
	importer(t, b, collecte.ZoneDepartement, lectures...)
	if version(t, b) != v {
		t.Error("the same files a second time changed something")
	}
}

// fusions tells the places made of several records, and why.
func fusions(t *testing.T, b *sqlite.Base) string {
	t.Helper()
	ops, err := b.Operations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	motifs := map[string][]string{}
	for _, o := range ops {
		for _, r := range o.Rattachements {
			motifs[r.Fiche] = r.Motif
		}
	}
	var w strings.Builder
	lieux := lieuxDe(t, b)
	fmt.Fprintf(&w, "%d lieux\n", len(lieux))
	for _, l := range lieux {
		fiches, err := b.FichesDe(t.Context(), l.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(fiches) < 2 {
			continue
		}
		fmt.Fprintf(&w, "\n%s (%s)\n", l.Champs.Nom, l.Champs.Commune)
		for _, f := range fiches {
			fmt.Fprintf(&w, "  %s : %s\n", f.Reference(), f.Champs[mednum.ChampNom])
			for _, m := range motifs[f.Reference()] {
				fmt.Fprintf(&w, "    - %s\n", m)
			}
		}
	}
	return w.String()
}

// livres are the shipped places, as an empty base receives them.
func livres(t *testing.T) ([]mednum.Lieu, *sqlite.Base) {
	t.Helper()
	f, err := os.Open(lieuxLivre)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	b := baseNeuve(t)
	if _, err := collecte.Remplir(t.Context(), b, territoireLivre(t), f); err != nil {
		t.Fatal(err)
	}
	return lieuxDe(t, b), b
}

func TestLieuxLivresRelus(t *testing.T) {
	_, b := livres(t)
	livre, err := os.ReadFile(lieuxLivre)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(livre, ecrire(t, b)) {
		t.Error("data/82/lieux.json, read and written again, differs")
	}
}

func TestLieuxLivresValides(t *testing.T) {
	lieux, _ := livres(t)
	for _, l := range lieux {
		for _, e := range l.Champs.Validate() {
			t.Errorf("%s (%s): %v", l.ID, l.Champs.Nom, e)
		}
		if len(l.Familles) == 0 || l.Preuve.Date.IsZero() || l.Statut != mednum.StatutPublie {
			t.Errorf("%s (%s): families %v, proof %v, status %s", l.ID, l.Champs.Nom, l.Familles, l.Preuve, l.Statut)
		}
		c, ok := territoireLivre(t).Commune(l.Champs.CodeInsee)
		if !ok && !l.HorsTerritoire || ok && (c.Nom != l.Champs.Commune || c.Dedans == l.HorsTerritoire) {
			t.Errorf("%s (%s): commune %s %s, outside %v", l.ID, l.Champs.Nom, l.Champs.CodeInsee, l.Champs.Commune, l.HorsTerritoire)
		}
		if strings.EqualFold(l.Champs.Nom, "mairie") || l.Champs.Nom == strings.ToUpper(l.Champs.Nom) {
			t.Errorf("%s: the name %q says too little", l.ID, l.Champs.Nom)
		}
	}
}

// lieuDe is the shipped place that a record is attached to.
func lieuDe(t *testing.T, b *sqlite.Base, lieux []mednum.Lieu, ref string) mednum.Lieu {
	t.Helper()
	fiches, err := b.Fiches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(fiches, func(f mednum.Fiche) bool { return f.Reference() == ref })
	if i < 0 {
		t.Fatalf("no record %s", ref)
	}
	j := slices.IndexFunc(lieux, func(l mednum.Lieu) bool { return l.ID == fiches[i].Lieu })
	return lieux[j]
}

func TestLieuxLivresPieges(t *testing.T) {
	lieux, b := livres(t)
	t.Run("two are itinerant", func(t *testing.T) {
		var got []string
		for _, l := range lieux {
			if l.Itinerant() && !l.HorsTerritoire {
				got = append(got, l.Champs.Nom)
			}
		}
		want := []string{"France services itinérante Moissac-Confluences", "France services itinérante départementale 82"}
		slices.Sort(got)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("itinerant places (-want +got):\n%s", d)
		}
	})
	t.Run("stops of even and odd weeks", func(t *testing.T) {
		l := lieuDe(t, b, lieux, "france-services/1967")
		var w strings.Builder
		for _, p := range l.Permanences {
			fmt.Fprintf(&w, "%s | %s | %s | rendez-vous %v\n", p.Arret.Nom, p.Arret.CodeInsee, p.Regle, p.RendezVous)
		}
		golden(t, "testdata/arrets-1967.golden", w.String())
	})
	t.Run("stops of four sectors", func(t *testing.T) {
		l := lieuDe(t, b, lieux, "france-services/1966")
		var w strings.Builder
		for _, p := range l.Permanences {
			fmt.Fprintf(&w, "%s | %s | %s | %s\n", p.Arret.Nom, p.Arret.Commune, p.Regle, p.Arret.Precision)
		}
		golden(t, "testdata/arrets-1966.golden", w.String())
	})
	t.Run("La Ville-Dieu: a comment contradicts its column", func(t *testing.T) {
		l := lieuDe(t, b, lieux, "france-services/1626")
		if !slices.Equal(l.Champs.ModalitesAcces, []string{"Téléphoner"}) {
			t.Errorf("modalites_acces = %v", l.Champs.ModalitesAcces)
		}
		if autre := lieuDe(t, b, lieux, "conseillers-numeriques/6374a587132c1206f3b18645"); autre.ID == l.ID {
			t.Error("La Poste and the France services were merged, their addresses differ")
		}
	})
	t.Run("town halls are named", func(t *testing.T) {
		var got []string
		for _, l := range lieux {
			if strings.Contains(l.Champs.Nom, "Mairie") {
				got = append(got, l.Champs.Nom)
			}
		}
		slices.Sort(got)
		golden(t, "testdata/mairies.golden", strings.Join(got, "\n")+"\n")
	})
	t.Run("positions that are a commune's centre", func(t *testing.T) {
		var got []string
		for _, l := range lieux {
			if l.Precision == mednum.PrecisionCommune {
				got = append(got, l.Champs.Nom+" ("+l.Champs.Commune+")")
			}
		}
		slices.Sort(got)
		golden(t, "testdata/approximatives.golden", strings.Join(got, "\n")+"\n")
	})
	t.Run("plainly the same place", func(t *testing.T) {
		memes := [][]string{
			{"conseillers-numeriques/627a3517ad1bdb06edc48aed", "conseillers-numeriques/627b5a21ad1bdb06edc49216"}, // PIJ of Castelsarrasin
			{"france-services/992", "conseillers-numeriques/62c820844f82c306de285a69"},
			{"france-services/477", "conseillers-numeriques/636ba31239870806f221aa71"},
			{"france-services/479", "conseillers-numeriques/636ba47639870806f221aaa5"},
			{"france-services/3261", "conseillers-numeriques/625ea67805457b0790817c58"},
			{"france-services/991", "conseillers-numeriques/62947f22e1b0b206ecbd929f"},
		}
		for _, refs := range memes {
			if un, deux := lieuDe(t, b, lieux, refs[0]), lieuDe(t, b, lieux, refs[1]); un.ID != deux.ID {
				t.Errorf("%s and %s are two places", refs[0], refs[1])
			}
		}
	})
	t.Run("not the same place", func(t *testing.T) {
		autres := [][]string{
			{"france-services/992", "conseillers-numeriques/62bab4c8dd51e705b180b0fe"},                             // same address, another service
			{"conseillers-numeriques/627a4fb4ad1bdb06edc48c29", "conseillers-numeriques/627bad5cad1bdb06edc49883"}, // one point, two streets
		}
		for _, refs := range autres {
			if un, deux := lieuDe(t, b, lieux, refs[0]), lieuDe(t, b, lieux, refs[1]); un.ID == deux.ID {
				t.Errorf("%s and %s are one place", refs[0], refs[1])
			}
		}
	})
	t.Run("neighbours are marked", func(t *testing.T) {
		n := 0
		for _, l := range lieux {
			if !l.HorsTerritoire {
				continue
			}
			n++
			if !l.Est(mednum.FamilleFranceServices) {
				t.Errorf("%s is outside and not France services", l.Champs.Nom)
			}
		}
		if n < 14 {
			t.Errorf("%d places outside, want the neighbourhood's", n)
		}
	})
}

func BenchmarkRemplir(b *testing.B) {
	texte, err := os.ReadFile(lieuxLivre)
	if err != nil {
		b.Fatal(err)
	}
	terr, err := pack()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		base, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "adeuxpas.db"), func() time.Time { return maintenant })
		if err != nil {
			b.Fatal(err)
		}
		if _, err := collecte.Remplir(b.Context(), base, terr, bytes.NewReader(texte)); err != nil {
			b.Fatal(err)
		}
		if err := base.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// The shipped places of the territory, exported: each row obeys the standard,
// and read into an empty base they are the same places and the same rows.
func TestExportLivre(t *testing.T) {
	lieux, _ := livres(t)
	lieux = slices.DeleteFunc(lieux, func(l mednum.Lieu) bool { return l.HorsTerritoire })
	texte := exportCSV(t, lieux)
	lignes := champsCSV(t, texte)
	arrets := 0
	for _, c := range lignes {
		if strings.Contains(c.ID, "-") {
			arrets++
		}
		for _, faute := range c.Validate() {
			t.Errorf("%s: %v", c.ID, faute)
		}
	}
	if len(lignes) != 88 || arrets != 33 {
		t.Errorf("%d rows, %d of them stops, want 88 and 33", len(lignes), arrets)
	}
	relue, err := norme.Decode("lieux.csv", strings.NewReader(texte))
	if err != nil || len(relue.Fiches) != len(lieux) {
		t.Fatalf("%d records, %v, want %d", len(relue.Fiches), err, len(lieux))
	}
	copie := baseNeuve(t)
	importer(t, copie, "", relue)
	lus := lieuxDe(t, copie)
	if d := cmp.Diff(idsDe(lieux), idsDe(lus)); d != "" {
		t.Errorf("places (-exported +read):\n%s", d)
	}
	for _, l := range lus {
		for _, p := range l.Permanences {
			if p.Arret.Precision != mednum.PrecisionCommune {
				t.Errorf("%s, %s: precision %q of a commune’s centre", l.ID, p.Arret.Nom, p.Arret.Precision)
			}
		}
	}
	if d := cmp.Diff(texte, exportCSV(t, lus)); d != "" {
		t.Errorf("rows (-first +second):\n%s", d)
	}
}

func exportCSV(t *testing.T, lieux []mednum.Lieu) string {
	t.Helper()
	var w bytes.Buffer
	if err := exportEssai.EncodeCSV(&w, lieux); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// champsCSV are the rows of an export.
func champsCSV(t *testing.T, texte string) []mednum.Champs {
	t.Helper()
	lignes, err := csv.NewReader(strings.NewReader(texte)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]mednum.Champs, len(lignes)-1)
	for i := range rows {
		for j, valeur := range lignes[i+1] {
			if err := rows[i].Affecter(mednum.Champ(lignes[0][j]), valeur); err != nil {
				t.Fatal(err)
			}
		}
	}
	return rows
}

// A place that reads its own export again takes no stop twice.
func TestPropreExportRelu(t *testing.T) {
	lieux, b := livres(t)
	relue, err := norme.Decode("lieux.csv", strings.NewReader(exportCSV(t, lieux)))
	if err != nil {
		t.Fatal(err)
	}
	importer(t, b, collecte.ZoneTout, relue)
	for i, l := range lieuxDe(t, b) {
		if n, want := len(l.Permanences), len(lieux[i].Permanences); n != want {
			t.Errorf("%s: %d permanences, %d before", l.ID, n, want)
		}
	}
}
