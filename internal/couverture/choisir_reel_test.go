package couverture_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// aujourdhui is a day of the shipped data's old age.
var aujourdhui = mednum.Date{Annee: 2026, Mois: 11, Jour: 25}

func etude(changer func(*couverture.Etude)) couverture.Etude {
	e := couverture.Etude{
		Genre: couverture.GenreLieu, Moment: couverture.MomentTous, Facteur: couverture.FacteurDefaut,
		Objectif: couverture.Couvrir, Rayon: couverture.RayonDefaut, Nombre: 3,
	}
	if changer != nil {
		changer(&e)
	}
	return e
}

// proposer answers a study with the offers of an inventory.
func proposer(tb testing.TB, t *territoire.Territoire, i *couverture.Inventaire, e couverture.Etude) (*couverture.Proposition, error) {
	r := couverture.Mesurer(couverture.Communes(t), i, e.Question(), nil)
	p, err := couverture.Proposer(tb.Context(), t, r, e)
	if entree, faute := couverture.EntreeDe(t, r, e); err == nil && (faute != nil || entree != p.Entree) {
		tb.Errorf("made of %+v, says %+v, %v", p.Entree, entree, faute)
	}
	return p, err
}

// Every kind of question on the communes and the places that ship: the best choice
// is proved or its gap is small, figures agree with one another, and with a
// second count.
func TestProposerReel(t *testing.T) {
	ter := ouvrir(t)
	i := couverture.Inventorier(suite(livres(t)), ter, aujourdhui)
	for _, genre := range couverture.GenresEtude {
		for _, moment := range couverture.Moments {
			for _, objectif := range []couverture.Objectif{couverture.Couvrir, couverture.Approcher} {
				for _, nombre := range []int{1, 5, 10} {
					e := etude(func(e *couverture.Etude) {
						e.Genre, e.Moment, e.Objectif, e.Nombre = genre, moment, objectif, nombre
					})
					if e.Verifier(ter) != nil {
						continue
					}
					t.Run(fmt.Sprintf("%s %s %s %d", genre, moment, objectif, nombre), func(t *testing.T) {
						p, err := proposer(t, ter, i, e)
						if err != nil {
							t.Fatal(err)
						}
						if p.Ecart > 0.005 || p.Coupe {
							t.Errorf("gap %.2f %%", 100*p.Ecart)
						}
						t.Logf("%d candidates, gap %.3f %%, %d → %d people within 10 km, mean %.0f → %.0f m", p.Entree.Candidats, 100*p.Ecart, p.DansAvant, p.DansApres, p.MoyAvant, p.MoyApres)
						recompter(t, ter, &e, p)
					})
				}
			}
		}
	}
}

// recompter counts what a proposal says from its sites and the distances before.
func recompter(t *testing.T, ter *territoire.Territoire, e *couverture.Etude, p *couverture.Proposition) {
	t.Helper()
	gagnes, aides, boucle := 0, 0, 0.0
	for n := range p.Sites {
		gagnes += p.Sites[n].Gagnes
		aides += p.Sites[n].Aides.Personnes
		m, a := p.Sites[n], p.Sites[(n+1)%len(p.Sites)]
		boucle += 1.3 * kilometres(m.Lat, m.Lon, a.Lat, a.Lon) * 1000
	}
	var couverts, rapproches couverture.Effet
	for _, l := range p.Lignes {
		c, _ := ter.Commune(l.Insee)
		apres := float64(l.Avant)
		for _, s := range p.Sites {
			apres = min(apres, e.Facteur*geo.Distance(c.Centre, geo.Point{Lat: s.Lat, Lon: s.Lon}))
		}
		if math.Abs(apres-float64(l.Apres)) > 1e-6 || l.Population != c.Population || l.Par > 0 != (l.Apres < l.Avant) {
			t.Fatalf("%s: %+v, want %f", c.Nom, l, apres)
		}
		if float64(l.Avant) > e.Rayon && apres <= e.Rayon {
			couverts.Personnes += l.Population
			couverts.Communes++
		}
		if apres < float64(l.Avant) {
			rapproches.Personnes += l.Population
			rapproches.Communes++
		}
	}
	if p.Couverts.Personnes != couverts.Personnes || p.Couverts.Communes != couverts.Communes || gagnes != couverts.Personnes ||
		p.DansApres-p.DansAvant != couverts.Personnes || p.Rapproches.Personnes != rapproches.Personnes || aides != rapproches.Personnes {
		t.Errorf("covered %+v want %+v (sites say %d), nearer %+v want %+v", p.Couverts, couverts, gagnes, p.Rapproches, rapproches)
	}
	switch {
	case e.Objectif == couverture.Couvrir && p.Gain != int64(couverts.Personnes):
		t.Errorf("gain %d, want %d", p.Gain, couverts.Personnes)
	case e.Objectif == couverture.Approcher && math.Abs(float64(p.Gain)-float64(p.Population)*float64(p.MoyAvant-p.MoyApres)) > float64(p.Population):
		t.Errorf("gain %d, means %f", p.Gain, float64(p.Population)*float64(p.MoyAvant-p.MoyApres))
	case e.Genre == couverture.GenreBus && math.Abs(float64(p.Boucle)-boucle) > 1+boucle/500:
		t.Errorf("tour %f, want %f", p.Boucle, boucle)
	}
}

// A second answer is the same, before and after it was kept.
func TestPropositionGardee(t *testing.T) {
	ter := ouvrir(t)
	i := couverture.Inventorier(suite(livres(t)), ter, aujourdhui)
	e := etude(func(e *couverture.Etude) { e.Moment, e.Genre = couverture.MomentSamedi, couverture.GenreHoraires })
	p, err := proposer(t, ter, i, e)
	if err != nil {
		t.Fatal(err)
	}
	encore, err := proposer(t, ter, i, e)
	if diff := cmp.Diff(p, encore); err != nil || diff != "" {
		t.Errorf("again, %v: %s", err, diff)
	}
	octets, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var lue couverture.Proposition
	if err := json.Unmarshal(octets, &lue); err != nil {
		t.Fatal(err)
	}
	arrondi := cmp.Comparer(func(a, b couverture.Metres) bool {
		return a == b || math.Abs(float64(a-b)) <= 0.5
	})
	if diff := cmp.Diff(p, &lue, arrondi); diff != "" {
		t.Errorf("kept (-now +read): %s", diff)
	}
	sans := livres(t)
	if p.Entree.Empreinte != encore.Entree.Empreinte || len(sans) == 0 {
		t.Error("the same places have another mark")
	}
	autre, err := proposer(t, ter, couverture.Inventorier(suite(sans[len(sans)/2:]), ter, aujourdhui), e)
	if err == nil && autre.Entree.Empreinte == p.Entree.Empreinte {
		t.Error("other places have the same mark")
	}
}

// What is imposed is there, what is excluded is not, and an EPCI is alone.
func TestProposerContraintes(t *testing.T) {
	ter := ouvrir(t)
	i := couverture.Inventorier(suite(livres(t)), ter, aujourdhui)
	libre, err := proposer(t, ter, i, etude(nil))
	if err != nil {
		t.Fatal(err)
	}
	premier := libre.Sites[0].Insee
	moissac := "82112"
	p, err := proposer(t, ter, i, etude(func(e *couverture.Etude) {
		e.Imposees, e.Exclues = []string{moissac}, []string{premier}
	}))
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, s := range p.Sites {
		codes[s.Insee] = s.Imposee
	}
	if _, exclue := codes[premier]; exclue || !codes[moissac] || len(codes) > 3 || p.Gain > libre.Gain {
		t.Errorf("%v, gain %d and %d", codes, p.Gain, libre.Gain)
	}
	epci := ter.EPCIs[0]
	p, err = proposer(t, ter, i, etude(func(e *couverture.Etude) { e.EPCI, e.Objectif = epci.Code, couverture.Approcher }))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range p.Lignes {
		if !slices.Contains(epci.Communes, l.Insee) {
			t.Errorf("%s is not of %s", l.Nom, epci.Nom)
		}
	}
}

func TestProposerRefus(t *testing.T) {
	ter := ouvrir(t)
	i := couverture.Inventorier(suite(livres(t)), ter, aujourdhui)
	for _, c := range []struct {
		name, want string
		changer    func(*couverture.Etude)
	}{
		{"genre", "genre", func(e *couverture.Etude) { e.Genre = "" }},
		{"objective", "objectif", func(e *couverture.Etude) { e.Objectif = "x" }},
		{"hours at any time", "moment", func(e *couverture.Etude) { e.Genre = couverture.GenreHoraires }},
		{"radius", "rayon", func(e *couverture.Etude) { e.Rayon = math.NaN() }},
		{"number", "nombre", func(e *couverture.Etude) { e.Nombre = 21 }},
		{"half-days", "nombre", func(e *couverture.Etude) { e.Genre, e.Moment = couverture.GenreBus, couverture.MomentSamedi }},
		{"epci", "perimetre", func(e *couverture.Etude) { e.EPCI = "1" }},
		{"imposed elsewhere", "imposees", func(e *couverture.Etude) { e.Imposees = []string{"31555"} }},
		{"too many imposed", "imposees", func(e *couverture.Etude) { e.Nombre, e.Imposees = 1, []string{"82112", "82121"} }},
		{"both", "exclues", func(e *couverture.Etude) { e.Imposees, e.Exclues = []string{"82112"}, []string{"82112"} }},
		{"a bus where help is", "imposees", func(e *couverture.Etude) { e.Genre, e.Imposees = couverture.GenreBus, []string{"82121"} }},
		{"a bus where all is near", "rayon", func(e *couverture.Etude) { e.Genre, e.Rayon = couverture.GenreBus, couverture.RayonMax }},
	} {
		_, err := proposer(t, ter, i, etude(c.changer))
		if got := champ(err); got != c.want {
			t.Errorf("%s: field %q, want %q: %v", c.name, got, c.want, err)
		}
	}
}

func TestLireCommunes(t *testing.T) {
	ter := ouvrir(t)
	got, err := couverture.LireCommunes(ter, "exclues", " moissac, 82121;\nValence d'Agen, MOISSAC,, ")
	if diff := cmp.Diff([]string{"82112", "82121", "82186"}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, texte := range []string{"Toulouse", "Moissa", "<b>"} {
		if _, err := couverture.LireCommunes(ter, "exclues", texte); champ(err) != "exclues" {
			t.Errorf("%s: %v", texte, err)
		}
	}
	if codes, err := couverture.LireCommunes(ter, "exclues", " \n"); len(codes) > 0 || err != nil {
		t.Errorf("nothing: %v, %v", codes, err)
	}
}

func BenchmarkProposer(b *testing.B) {
	ter := ouvrir(b)
	i := couverture.Inventorier(suite(livres(b)), ter, aujourdhui)
	for _, objectif := range []couverture.Objectif{couverture.Couvrir, couverture.Approcher} {
		b.Run(string(objectif), func(b *testing.B) {
			e := etude(func(e *couverture.Etude) { e.Objectif, e.Nombre = objectif, 10 })
			for b.Loop() {
				if _, err := proposer(b, ter, i, e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
