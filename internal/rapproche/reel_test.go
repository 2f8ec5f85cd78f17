package rapproche_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/rapproche"
)

// donnees is where the real files are, which the project does not carry.
const donnees = "../../../shared/data/"

var fichiers = map[string]string{
	"fs24": "france-services/liste-fs-20240801.csv",
	"fs23": "france-services/liste-fs-2023-07.csv",
	"cn":   "conseillers-numeriques/conseillers-numeriques-permanences-2022-12.json",
	"di":   "data-inclusion/data-inclusion-2023-02.json",
	"fab":  "tiers-lieux/fabriques-de-territoire-2023-11.geojson",
}

var lus = map[string][]mednum.Fiche{}

// lireReel reads a real file once, or skips and says what is left out.
func lireReel(t *testing.T, nom string) []mednum.Fiche {
	t.Helper()
	if fiches, ok := lus[nom]; ok {
		return fiches
	}
	f, err := os.Open(donnees + fichiers[nom])
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("left out: what the real files give (no %s)", fichiers[nom])
	}
	if err != nil {
		t.Fatal(err)
	}
	lecture, err := norme.Decode(filepath.Base(fichiers[nom]), f)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	lus[nom] = lecture.Fiches
	return lecture.Fiches
}

// pairee is a pair that a person read and judged; doute when the records do not
// tell: it is neither right nor wrong to ask about it.
type pairee struct {
	a, b           *mednum.Fiche
	meme, doute    bool
	part, pourquoi string
}

// lirePaires reads the labelled pairs of the real files.
func lirePaires(t *testing.T) []pairee {
	t.Helper()
	parCle := map[string]*mednum.Fiche{}
	for nom := range fichiers {
		fiches := lireReel(t, nom)
		for i := range fiches {
			f := &fiches[i]
			parCle[nom+"\t"+f.Cle] = f
			for _, cle := range []string{nom + "\t" + f.Producteur + ":" + f.Cle, nom + "\t" + strings.TrimPrefix(f.Cle, f.Producteur+":")} {
				if parCle[cle] == nil {
					parCle[cle] = f
				}
			}
		}
	}
	f, err := os.Open("testdata/paires.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var paires []pairee
	for lignes := bufio.NewScanner(f); lignes.Scan(); {
		c := strings.Split(lignes.Text(), "\t")
		if strings.HasPrefix(c[0], "#") {
			continue
		}
		p := pairee{parCle[c[0]+"\t"+c[1]], parCle[c[2]+"\t"+c[3]], c[4] == "oui", c[4] == "doute", c[5], c[6]}
		if p.a == nil || p.b == nil {
			t.Errorf("no such record: %q", c)
			continue
		}
		paires = append(paires, p)
	}
	return paires
}

// mesure counts what the verdicts of pairs are worth.
type mesure struct {
	oui, sures, suresFausses, doutes, doutesJustes int
}

func (m *mesure) compter(v rapproche.Verdict, meme bool) {
	if meme {
		m.oui++
	}
	switch {
	case v == rapproche.Sur && meme:
		m.sures++
	case v == rapproche.Sur:
		m.suresFausses++
	case v == rapproche.Doute:
		m.doutes++
		if meme {
			m.doutesJustes++
		}
	}
}

func part(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func (m *mesure) precision() float64 { return part(m.sures, m.sures+m.suresFausses) }
func (m *mesure) rappel() float64    { return part(m.sures+m.doutesJustes, m.oui) }

// TestPairesReelles: on the pairs read by hand, those that the weights were set
// on and those that they were not, at most one automatic merge in a hundred is
// wrong, and nine same places in ten are merged or in the queue.
func TestPairesReelles(t *testing.T) {
	parties := map[string]*mesure{"reglage": {}, "epreuve": {}, "second": {}, "reserve": {}}
	paires := lirePaires(t)
	if len(paires) < 700 {
		t.Errorf("only %d pairs", len(paires))
	}
	for _, p := range paires {
		if p.doute {
			continue
		}
		c := rapproche.Comparer(p.a, p.b)
		parties[p.part].compter(c.Verdict, p.meme)
		if p.part != "epreuve" && (c.Verdict == rapproche.Sur && !p.meme || c.Verdict == rapproche.Distincts && p.meme) {
			t.Logf("%v %.2f meme=%v (%s): %q %q %q\n  %v / %v\n  %v / %v", c.Verdict, c.Score, p.meme, p.pourquoi, p.a.Reference(), p.b.Reference(), append(c.Raisons, c.Contre...),
				p.a.Champs["nom"], p.b.Champs["nom"], p.a.Champs["adresse"], p.b.Champs["adresse"])
		}
	}
	for nom, m := range parties {
		m.verifier(t, nom)
	}
}

// verifier says a measure, and holds it to what the project promises.
func (m *mesure) verifier(t *testing.T, nom string) {
	t.Helper()
	t.Logf("%s: precision %.3f (%d merges), recall %.3f of %d (merged %.3f), queue %d pairs, %d of them right", nom, m.precision(), m.sures+m.suresFausses, m.rappel(), m.oui, part(m.sures, m.oui), m.doutes, m.doutesJustes)
	if m.precision() < 0.99 {
		t.Errorf("%s: precision of automatic merges %.3f", nom, m.precision())
	}
	if m.rappel() < 0.9 {
		t.Errorf("%s: recall with the queue %.3f", nom, m.rappel())
	}
}

// TestPairesGroupees: the same pairs as `rapprocher` answers with all the files:
// in one group, in two that a person is asked about, or apart.
func TestPairesGroupees(t *testing.T) {
	if course {
		t.Skip("left out: the race detector would take minutes")
	}
	var fiches []mednum.Fiche
	rangs := map[*mednum.Fiche]int{}
	for _, nom := range []string{"fs24", "cn", "fs23", "di", "fab"} {
		lues := lireReel(t, nom)
		for i := range lues {
			rangs[&lues[i]] = len(fiches)
			fiches = append(fiches, lues[i])
		}
	}
	g := rapproche.Grouper(fiches, rapproche.Savoir{})
	groupe := make([]int, len(fiches))
	for n, x := range g.Groupes {
		for _, i := range x.Membres {
			groupe[i] = n
		}
	}
	doutes := map[[2]int]bool{}
	for _, d := range g.Doutes {
		a, b := groupe[d.Membres[0]], groupe[d.Membres[1]]
		doutes[[2]int{a, b}], doutes[[2]int{b, a}] = true, true
	}
	parties := map[string]*mesure{"reglage": {}, "epreuve": {}, "second": {}, "reserve": {}}
	for _, p := range lirePaires(t) {
		a, b := groupe[rangs[p.a]], groupe[rangs[p.b]]
		switch {
		case p.doute:
		case a == b:
			parties[p.part].compter(rapproche.Sur, p.meme)
		case doutes[[2]int{a, b}]:
			parties[p.part].compter(rapproche.Doute, p.meme)
		default:
			parties[p.part].compter(rapproche.Distincts, p.meme)
		}
	}
	for nom, m := range parties {
		m.verifier(t, nom)
	}
}
