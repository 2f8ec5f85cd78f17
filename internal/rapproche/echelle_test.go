package rapproche_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/rapproche"
)

// synthese makes n records of made-up places, one in ten of them twice, with
// what blocks are afraid of: a commune of 5,000 records, a phone that 3,000
// share, a SIRET that 2,000 share, 400 records of one address.
func synthese(n int) []mednum.Fiche {
	r := rand.New(rand.NewPCG(7, 82))
	mots := make([]string, 3000)
	for i := range mots {
		for range 2 + r.IntN(3) {
			mots[i] += []string{"ba", "cor", "di", "fe", "gal", "lu", "mer", "no", "pi", "ro", "sel", "tan", "vi", "zou"}[r.IntN(14)]
		}
	}
	mot := func() string { return mots[r.IntN(len(mots))] }
	genres := []string{"Mairie", "Médiathèque", "France services", "Centre social", "Espace public numérique", "La Poste", "Association", "Mission locale", "Maison de quartier", ""}
	fiches := make([]mednum.Fiche, 0, n)
	for i := range n {
		if i%10 == 9 {
			double := fiches[i-1-r.IntN(5)]
			champs := map[mednum.Champ]string{}
			for c, v := range double.Champs {
				champs[c] = v
			}
			delete(champs, mednum.ChampTelephone)
			double.Flux, double.Cle, double.Champs = "autre", fmt.Sprint("x", i), champs
			fiches = append(fiches, double)
			continue
		}
		commune := fmt.Sprintf("%s sur %s", mots[i%2500], mots[(i*7)%2500])
		postal := fmt.Sprintf("%02d%03d", 1+i%95, i%999)
		telephone := fmt.Sprintf("+335%08d", i)
		siret := ""
		rue := fmt.Sprintf("%d rue %s %s", 1+r.IntN(60), mot(), mot())
		if i < 5000 {
			commune, postal = "Grandville", "82999"
			if i < 3000 {
				telephone = "+33500000000"
			}
			if i >= 2000 && i < 4000 {
				siret = "73282932000074"
			}
			if i < 400 {
				rue = "1 rue Longue"
			}
		}
		nom := fmt.Sprintf("%s %s %s", genres[r.IntN(len(genres))], mot(), mot())
		if r.IntN(4) == 0 {
			nom = genres[r.IntN(9)] + " de " + commune
		}
		fiches = append(fiches, mednum.Fiche{Flux: "essai", Cle: fmt.Sprint("e", i), Champs: map[mednum.Champ]string{
			mednum.ChampNom: nom, mednum.ChampCommune: commune, mednum.ChampCodePostal: postal, mednum.ChampAdresse: rue, mednum.ChampTelephone: telephone, mednum.ChampPivot: siret,
			mednum.ChampLatitude: fmt.Sprint(44 + r.Float64()), mednum.ChampLongitude: fmt.Sprint(1 + r.Float64()),
		}})
	}
	return fiches
}

// TestEchelle: ten times as many records cost some ten times as much, in time
// and in doubts, whatever they share.
func TestEchelle(t *testing.T) {
	n := 100_000
	if testing.Short() || course {
		n = 20_000
	}
	fiches := synthese(n)
	var avant, apres runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&avant)
	limite := time.AfterFunc(time.Minute, func() {})
	g := rapproche.Grouper(fiches, rapproche.Savoir{})
	if !limite.Stop() {
		t.Errorf("more than a minute for %d records", n)
	}
	runtime.ReadMemStats(&apres)
	t.Logf("%d records: %d MB allocated, %d MB of heap kept, %d groups, %d doubts", n, (apres.TotalAlloc-avant.TotalAlloc)>>20, (apres.HeapSys-avant.HeapSys)>>20, len(g.Groupes), len(g.Doutes))
	if n == 100_000 && apres.HeapSys-avant.HeapSys > 600<<20 {
		t.Errorf("%d MB", (apres.HeapSys-avant.HeapSys)>>20)
	}
	groupe := make([]int, n)
	for k, x := range g.Groupes {
		for _, i := range x.Membres {
			groupe[i] = k
		}
	}
	doubles, reunis := 0, 0
	parCle := map[string]int{}
	for i := range fiches {
		f := &fiches[i]
		cle := f.Champs[mednum.ChampNom] + f.Champs[mednum.ChampAdresse] + f.Champs[mednum.ChampLatitude]
		if j, ok := parCle[cle]; ok {
			doubles++
			if groupe[i] == groupe[j] {
				reunis++
			}
		} else {
			parCle[cle] = i
		}
	}
	if doubles < n/20 || reunis < doubles*98/100 {
		t.Errorf("%d of %d doubles found", reunis, doubles)
	}
	if len(g.Doutes) > n*15/100 {
		t.Errorf("%d doubts for %d records", len(g.Doutes), n)
	}
}

// BenchmarkGrouper says what 10,000 and 100,000 records cost: the second must
// cost ten times the first.
func BenchmarkGrouper(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		fiches := synthese(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rapproche.Grouper(fiches, rapproche.Savoir{})
			}
		})
	}
}
