package catalogue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/store/mongo"
)

// The codes that a base keeps of a place say what its mask says.
func TestCodesCommeMasques(t *testing.T) {
	h := newHasard(3)
	for _, l := range h.lieux(200, 1) {
		for _, e := range store.Entrees(&l) {
			var arret *mednum.Permanence
			if i := slices.IndexFunc(l.Permanences, func(p mednum.Permanence) bool { return p.ID == e.Arret && p.Arret != nil }); i >= 0 {
				arret = &l.Permanences[i]
			}
			m := masqueDe(&l, arret)
			var got []string
			for _, code := range e.Valeurs {
				if slices.Contains(codesBits[:], code) { // a value that no filter asks has no bit
					got = append(got, code)
				}
			}
			var want []string
			m.each(m, func(bit int) { want = append(want, codesBits[bit]) })
			slices.Sort(want)
			slices.Sort(got)
			if d := gocmp.Diff(want, got); d != "" {
				t.Fatalf("%s (-mask +codes)\n%s", e.ID(), d)
			}
		}
	}
}

// ecart compares whole answers, but for when their snapshots were made.
func ecart(want, got Resultats) string {
	reste := func(r Resultats) []any { return []any{r.Moments, r.Presences, r.Suite, r.Elargi} }
	return gocmp.Diff(reponseDe(want), reponseDe(got), cmpopts.EquateEmpty()) + gocmp.Diff(reste(want), reste(got))
}

// TestBordsDuMonde: poles, the antimeridian, places at one point, and boxes
// that touch them, from the base as from memory.
func TestBordsDuMonde(t *testing.T) {
	var lieux []mednum.Lieu
	for i, p := range []geo.Point{
		{Lat: 90, Lon: 0},
		{Lat: 90, Lon: 120},
		{Lat: 89.9, Lon: -60},
		{Lat: -90, Lon: 0},
		{Lat: -89.99, Lon: 179},
		{Lat: 10, Lon: 180},
		{Lat: 10, Lon: -180},
		{Lat: 10, Lon: 179.99},
		{Lat: 10, Lon: -179.99},
		{Lat: 10, Lon: -179.5},
		{Lat: 0, Lon: 0},
		{Lat: 0, Lon: 0},
		{Lat: 0, Lon: 0},
		{Lat: 0, Lon: 0.001},
		{Lat: 44, Lon: 1},
		{Lat: -44, Lon: -179},
	} {
		l := lieuEn(fmt.Sprintf("l%02d", i), "Mairie", p.Lat, p.Lon) // one name for all
		lieux = append(lieux, l)
	}
	base, memoire := enBaseDe(t, openTerritoire(t), nil, lieux), catalogueDe(t, lieux)
	var questions []Recherche
	for i := range lieux {
		p, _ := point(lieux[i].Champs.Latitude, lieux[i].Champs.Longitude)
		for _, rayon := range []float64{1, 2_000, 20_000, 400_000, 9_000_000, RayonMax} {
			questions = append(questions, Recherche{Depart: &p, Rayon: rayon, SansElargir: true, Limite: 3, Decalage: i % 3}, Recherche{Depart: &p, Rayon: rayon})
		}
	}
	for _, b := range []geo.Boite{
		{Sud: 9, Nord: 11, Ouest: 179, Est: 180},
		{Sud: 9, Nord: 11, Ouest: -180, Est: -179},
		{Sud: 9, Nord: 11, Ouest: 179.9, Est: -179.9},
		{Sud: -90, Nord: 90, Ouest: -180, Est: 180},
		{Sud: 90, Nord: 90, Ouest: -10, Est: 10},
		{Sud: 0, Nord: 0, Ouest: 0, Est: 0},
		{Sud: 0, Nord: 44, Ouest: 0.001, Est: 1},
	} {
		questions = append(questions, Recherche{Boite: &b}, Recherche{Boite: &b, Depart: &geo.Point{Lat: 10, Lon: 180}, Rayon: 50_000})
	}
	trouves := 0
	for _, r := range questions {
		want, err := memoire.Chercher(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := base.Chercher(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if d := ecart(want, got); d != "" {
			t.Errorf("%+v from %v, box %v (-memory +base)\n%s", r, r.Depart, r.Boite, d)
		}
		trouves += len(got.Trouves)
	}
	if trouves < 200 {
		t.Errorf("%d results: too easy", trouves)
	}
}

// TestPaquetEnBase: communes, EPCIs, names and hours of the territory that
// ships, from the base as from memory.
func TestPaquetEnBase(t *testing.T) {
	memoire := openReel(t, depart2026)
	var lieux []mednum.Lieu
	for _, v := range memoire.courant.Load().parID {
		l := v.Lieu
		l.Version = 1
		lieux = append(lieux, l)
	}
	slices.SortFunc(lieux, func(a, b mednum.Lieu) int { return cmp.Compare(a.ID, b.ID) })
	base := enBaseDe(t, memoire.territoire, memoire.demarches, lieux)
	matin, err := memoire.ParseQuand("samedi", "matin")
	if err != nil {
		t.Fatal(err)
	}
	var questions []Recherche
	for i := range memoire.territoire.Communes {
		c := &memoire.territoire.Communes[i]
		if i%8 != 0 || c.Ailleurs {
			continue
		}
		questions = append(questions, Recherche{Commune: c.Code}, Recherche{Depart: &c.Centre, Pres: c.Code, Quand: matin, Limite: 5})
		if _, ok := memoire.territoire.EPCI(c.EPCI); ok {
			questions = append(questions, Recherche{EPCI: c.EPCI, Demarche: memoire.demarches[i%len(memoire.demarches)].ID}, Recherche{EPCI: c.EPCI, Depart: &c.Centre, Limite: 3, Decalage: 3})
		}
	}
	for _, r := range questions {
		want, err := memoire.Chercher(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := base.Chercher(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if d := ecart(want, got); d != "" {
			t.Errorf("%+v (-memory +base)\n%s", r, d)
		}
	}
	noms := []string{"mairie", "france services moissac", "bibliothèque", "la poste", "mé", "rien de tel"}
	for _, l := range lieux {
		if len(noms) < 60 {
			noms = append(noms, l.Champs.Nom, l.Champs.Nom+" "+l.Champs.Commune)
		}
	}
	for _, nom := range noms {
		if d := gocmp.Diff(dit(situer(t, memoire, nom, nil)), dit(situer(t, base, nom, nil))); d != "" {
			t.Errorf("%q (-memory +base)\n%s", nom, d)
		}
	}
	t.Logf("%d searches, %d names", len(questions), len(noms))
}

// An edit made elsewhere, that the snapshot has not seen, is in the next answer.
func TestBaseEnAvance(t *testing.T) {
	c := enBaseDe(t, openTerritoire(t), nil, []mednum.Lieu{lieuEn("l1", "Un", 44, 1), lieuEn("l2", "Deux", 44, 1.01)})
	base := c.base.(*mongo.Base)
	depart := &geo.Point{Lat: 44, Lon: 1}
	demander := func(want ...string) {
		t.Helper()
		res, err := c.Chercher(t.Context(), Recherche{Depart: depart, SansElargir: true})
		if err != nil {
			t.Fatal(err)
		}
		if d := gocmp.Diff(want, idsDe(res.Trouves), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
	}
	poser := func(l mednum.Lieu) {
		t.Helper()
		if err := base.Save(t.Context(), mednum.Revision{Lieu: l.ID, Version: l.Version, Apres: l, Auteur: "essai", Voie: "cli", Le: depart2026}); err != nil {
			t.Fatal(err)
		}
	}
	demander("l1", "l2")
	poser(lieuEn("l3", "Trois", 44, 1.001))
	demander("l1", "l3", "l2")
	loin := lieuEn("l1", "Un", 50, 1)
	loin.Version = 2
	poser(loin)
	demander("l3", "l2")
	retire := lieuEn("l3", "Trois", 44, 1.001)
	retire.Version, retire.Statut = 2, mednum.StatutRetire
	poser(retire)
	demander("l2")
}

// A base that does not answer is said so, whatever the search; places stay.
func TestBaseEnPanne(t *testing.T) {
	c := enBaseDe(t, openTerritoire(t), nil, []mednum.Lieu{lieuEn("l1", "Médiathèque", 44, 1)})
	if err := c.base.Close(); err != nil {
		t.Fatal(err)
	}
	boite := &geo.Boite{Sud: 43, Nord: 45, Ouest: 0, Est: 2}
	for _, r := range []Recherche{{}, {Depart: &geo.Point{Lat: 44, Lon: 1}}, {Boite: boite}, {Boite: boite, Depart: &geo.Point{Lat: 44, Lon: 1}}} {
		if _, err := c.Chercher(context.Background(), r); err == nil {
			t.Errorf("%+v was answered by a base that is closed", r)
		}
	}
	if _, err := c.Situer(context.Background(), "Médiathèque", nil); err == nil {
		t.Error("a name was found in a base that is closed")
	}
	if v, err := c.Lieu("l1"); err != nil || v.ID != "l1" {
		t.Errorf("Lieu = %v, %v", v, err)
	}
	var refus *mednum.Error
	c.index = enPanne{}
	if _, err := c.Chercher(t.Context(), Recherche{}); !errors.As(err, &refus) || refus.Code != mednum.Indisponible {
		t.Errorf("Chercher = %v, want indisponible", err)
	}
}

// enPanne is a base that never answers.
type enPanne struct{}

var errPanne = &mednum.Error{Code: mednum.Indisponible, Champ: "base", Message: "La base ne répond pas."}

func (enPanne) Entrees(context.Context, store.Demande) ([]store.Entree, error) { return nil, errPanne }

func (enPanne) Compter(context.Context, store.Comptage) ([]map[string]int, error) {
	return nil, errPanne
}
