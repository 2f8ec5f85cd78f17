package main_test

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// echelle tells to measure the whole, and to hold the limits: « make echelle ».
const echelle = "ECHELLE"

// reels are the two real files of the limit of ten seconds and 300 MB.
var reels = []string{
	"../../../shared/data/france-services/liste-fs-20240801.csv",
	"../../../shared/data/conseillers-numeriques/conseillers-numeriques-permanences-2022-12.json",
}

// mesure is what an import took. The memory is the greatest that the process
// held, in bytes (its resident set, as the kernel counts it).
type mesure struct {
	lus     int
	temps   time.Duration
	calcul  time.Duration // of the processor: what a busy machine leaves as it is
	memoire int64
}

func (m mesure) String() string {
	return fmt.Sprintf("%d rows in %.1f s (%.1f s of processor), %d MB at most", m.lus, m.temps.Seconds(), m.calcul.Seconds(), m.memoire>>20)
}

var lusDuBilan = regexp.MustCompile(`(?m)^([\d\x{a0}]+) fiches? lues?`) // "5 000", by a no-break space

// importerMesure imports files into a new base with the real program.
func importerMesure(t *testing.T, fichiers ...string) mesure {
	t.Helper()
	base := filepath.Join(t.TempDir(), "echelle.db")
	c := exec.CommandContext(t.Context(), binaire, append([]string{"importer", "--geocodage=", "--base", base}, fichiers...)...)
	debut := time.Now()
	sortie, err := c.Output()
	m := mesure{temps: time.Since(debut)}
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, sortie)
	}
	lus := lusDuBilan.FindSubmatch(sortie)
	if lus == nil {
		t.Fatalf("no count of rows:\n%.2000s", sortie)
	}
	m.calcul = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	m.lus, _ = strconv.Atoi(strings.ReplaceAll(string(lus[1]), "\u00a0", ""))
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.memoire = u.Maxrss
		if runtime.GOOS != "darwin" {
			m.memoire <<= 10
		}
	}
	t.Log(m)
	return m
}

// TestEchelle: an import of many rows takes little time and memory, and the
// memory grows as the rows do. By itself it looks at some thousand rows and only
// at the memory, since the machine may be busy; with ECHELLE=1 it holds the
// limits that are promised: 7,775 real rows in 10 s and 300 MB, 100,000 rows in
// 3 min.
func TestEchelle(t *testing.T) {
	t.Run("a few thousand rows", func(t *testing.T) {
		m := importerMesure(t, synthetique(t, 5000))
		if m.lus != 5000 || m.memoire > 400<<20 {
			t.Errorf("%s, want 5000 in 400 MB", m)
		}
	})
	if os.Getenv(echelle) == "" {
		t.Log("left out: 7,775 real rows and 100,000 rows, see « make echelle »")
		return
	}
	t.Run("the real files", func(t *testing.T) {
		if _, err := os.Stat(reels[0]); err != nil {
			t.Skip("left out: the real files are not beside the project")
		}
		if m := importerMesure(t, reels...); m.lus != 7775 || m.temps > 10*time.Second || m.memoire > 300<<20 {
			t.Errorf("%s, want 7775 in 10 s and 300 MB", m)
		}
	})
	t.Run("a hundred thousand rows", func(t *testing.T) {
		var memoires []int64
		for _, n := range []int{25_000, 50_000, 100_000} {
			m := importerMesure(t, synthetique(t, n))
			if m.lus != n || m.temps > 3*time.Minute {
				t.Errorf("%s, want %d in 3 min", m, n)
			}
			memoires = append(memoires, m.memoire)
		}
		for i := 1; i < len(memoires); i++ {
			if memoires[i] > memoires[i-1]*26/10 {
				t.Errorf("twice the rows take %.1f times the memory", float64(memoires[i])/float64(memoires[i-1]))
			}
		}
	})
}

// communeEssai is a commune of the national list.
type communeEssai struct{ code, nom, postal string }

// communesEssai are those of the front end's build, else a few of the pack.
func communesEssai(t *testing.T) (liste []communeEssai) {
	t.Helper()
	f, err := os.Open("../../frontend/dist/communes-france.tsv")
	if os.IsNotExist(err) {
		return []communeEssai{{"82112", "Moissac", "82200"}, {"82121", "Montauban", "82000"}, {"82033", "Castelsarrasin", "82100"}}
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		c := strings.Split(s.Text(), "\t")
		if len(c) == 5 && len(c[0]) == 5 && c[3] != "" {
			liste = append(liste, communeEssai{c[0], c[1], strings.FieldsFunc(c[3], func(r rune) bool { return r < '0' || r > '9' })[0]})
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return liste
}

// synthetique is a CSV file of the standard with n rows spread over France as
// places are: many in few communes. One row in ten tells a place that another
// row has told, in almost the same words; one in twenty shares the address of
// another place.
func synthetique(t *testing.T, n int) string {
	t.Helper()
	chemin := filepath.Join(t.TempDir(), fmt.Sprintf("synthetique-%d.csv", n))
	f, err := os.Create(chemin)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	entete := make([]string, len(mednum.ChampsNorme))
	for i, champ := range mednum.ChampsNorme {
		entete[i] = string(champ)
	}
	hasard := rand.New(rand.NewPCG(1, uint64(n)))
	communes := communesEssai(t)
	lignes := [][]string{entete}
	faites := make([]map[mednum.Champ]string, 0, n)
	for i := range n {
		l := ligneEssai(hasard, communes, i)
		if i > 10 && i%10 == 0 {
			l = doubleDe(faites[hasard.IntN(i)], l)
		} else if i > 10 && i%20 == 5 {
			l = voisinDe(faites[hasard.IntN(i)], l)
		}
		faites = append(faites, l)
		rangee := make([]string, len(entete))
		for j, champ := range mednum.ChampsNorme {
			rangee[j] = l[champ]
		}
		lignes = append(lignes, rangee)
	}
	if err := w.WriteAll(lignes); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return chemin
}

var (
	genresEssai = []string{"Médiathèque", "Mairie", "Espace numérique", "Centre social", "CCAS", "Maison des associations", "Point information jeunesse", "Foyer rural", "Tiers-lieu", "École"}
	nomsEssai   = []string{"des Tilleuls", "du Moulin", "Jean Moulin", "de la Gare", "des Remparts", "du Lac", "Victor Hugo", "des Écoles", "du Stade", "de la République", "des Lilas", "du Château"}
	ruesEssai   = []string{"rue", "avenue", "place", "boulevard", "chemin", "impasse"}
)

func ligneEssai(hasard *rand.Rand, communes []communeEssai, i int) map[mednum.Champ]string {
	u := hasard.Float64()
	c := communes[int(u*u*u*float64(len(communes)))]
	genre, nom := genresEssai[hasard.IntN(len(genresEssai))], nomsEssai[hasard.IntN(len(nomsEssai))]
	return map[mednum.Champ]string{
		"id": fmt.Sprintf("essai-%06d", i), "pivot": "00000000000000", "nom": genre + " " + nom, "commune": c.nom, "code_insee": c.code, "code_postal": c.postal,
		"adresse":  fmt.Sprintf("%d %s %s", 1+hasard.IntN(150), ruesEssai[hasard.IntN(len(ruesEssai))], nomsEssai[hasard.IntN(len(nomsEssai))]),
		"latitude": fmt.Sprintf("%.5f", 43+hasard.Float64()*7), "longitude": fmt.Sprintf("%.5f", -1+hasard.Float64()*7),
		"telephone": fmt.Sprintf("+335%08d", hasard.IntN(100_000_000)), "courriels": fmt.Sprintf("accueil%d@exemple%d.fr", i, hasard.IntN(5000)),
		"horaires": "Mo-Fr 09:00-12:00,14:00-17:00", "date_maj": fmt.Sprintf("2026-%02d-%02d", 1+hasard.IntN(10), 1+hasard.IntN(28)), "source": "Essai",
		"services": "Aide aux démarches administratives|Maîtrise des outils numériques du quotidien", "frais_a_charge": "Gratuit", "modalites_acces": "Se présenter|Téléphoner",
		"presentation_resume": "Un accueil pour les démarches en ligne, avec ou sans rendez-vous.",
	}
}

// doubleDe is a row of the same place as another, in almost the same words.
func doubleDe(autre, l map[mednum.Champ]string) map[mednum.Champ]string {
	double := map[mednum.Champ]string{}
	for champ, v := range autre {
		double[champ] = v
	}
	double["id"], double["date_maj"] = l["id"], l["date_maj"]
	double["nom"] = strings.ToUpper(autre["nom"])
	return double
}

// voisinDe is a row of another place at the same address.
func voisinDe(autre, l map[mednum.Champ]string) map[mednum.Champ]string {
	for _, champ := range []mednum.Champ{"adresse", "commune", "code_insee", "code_postal", "latitude", "longitude"} {
		l[champ] = autre[champ]
	}
	return l
}
