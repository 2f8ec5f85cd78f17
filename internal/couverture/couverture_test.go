package couverture_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
)

func TestLire(t *testing.T) {
	for _, c := range []struct {
		name, service, moment, facteur string
		want                           couverture.Question
		champ                          string
	}{
		{name: "nothing", want: couverture.Question{Moment: "tous", Facteur: 1.3}},
		{name: "all", service: "maitrise des outils numeriques du quotidien", moment: "samedi", facteur: "1,45", want: couverture.Question{Service: "Maîtrise des outils numériques du quotidien", Moment: "samedi", Facteur: 1.45}},
		{name: "service", service: "Coiffure", champ: "service"},
		{name: "moment", moment: "minuit", champ: "moment"},
		{name: "facteur", facteur: "2.01", champ: "facteur"},
		{name: "facteur, not a number", facteur: "NaN", champ: "facteur"},
		{name: "facteur, words", facteur: strings.Repeat("un ", 999), champ: "facteur"},
	} {
		q, err := couverture.Lire(c.service, c.moment, c.facteur)
		var e *mednum.Error
		switch {
		case c.champ == "" && (err != nil || q != c.want):
			t.Errorf("%s: %+v, %v", c.name, q, err)
		case c.champ != "" && (!errors.As(err, &e) || e.Champ != c.champ || e.Code != mednum.Invalide || len(e.Message) > 300):
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, m := range couverture.Moments {
		if m.Nom() == "" || m.EnPhrase() == "" {
			t.Errorf("%s has no name", m)
		}
	}
}

// What is not known of the places is counted, and said of no other.
func TestInventorier(t *testing.T) {
	ter := ouvrir(t)
	i := couverture.Inventorier(suite(livres(t)), ter, mednum.Date{Annee: 2026, Mois: 11, Jour: 26})
	stops := 0
	for _, o := range i.Offres {
		if o.Arret != "" {
			stops++
		}
	}
	if len(i.Offres) < 100 || stops < 20 || i.Approchees < 30 || i.HeuresInconnues < 20 || i.NonVerifies < 20 {
		t.Errorf("%d offers, %d stops, %d at a centre, %d without hours, %d not checked", len(i.Offres), stops, i.Approchees, i.HeuresInconnues, i.NonVerifies)
	}
	ancien := couverture.Inventorier(suite(livres(t)), ter, mednum.Date{Annee: 2022, Mois: 12, Jour: 1})
	if ancien.NonVerifies >= i.NonVerifies {
		t.Errorf("%d places were too old in 2022, %d are in 2026", ancien.NonVerifies, i.NonVerifies)
	}

	lat, lon := 44.0, 1.3
	loin := 48.85
	lieu := func(f func(l *mednum.Lieu)) mednum.Lieu {
		l := mednum.Lieu{ID: "a", Statut: mednum.StatutPublie, Champs: mednum.Champs{Latitude: &lat, Longitude: &lon}}
		f(&l)
		return l
	}
	i = couverture.Inventorier(suite([]mednum.Lieu{
		lieu(func(l *mednum.Lieu) {}),
		lieu(func(l *mednum.Lieu) { l.Champs.Latitude = nil }),
		lieu(func(l *mednum.Lieu) { l.Champs.Latitude = &loin }),
		lieu(func(l *mednum.Lieu) { l.Statut = mednum.StatutFerme }),
		lieu(func(l *mednum.Lieu) { l.Champs.ModalitesAcces = []string{"Ce lieu n'accueille pas de public"} }),
		lieu(func(l *mednum.Lieu) {
			l.Champs.Services, l.Champs.Horaires = []string{materielSeul}, "Mo 09:00-12:00"
			l.Preuve.Date = mednum.Date{Annee: 2026, Mois: 6, Jour: 1}
		}),
	}), ter, mednum.Date{Annee: 2026, Mois: 11, Jour: 26})
	i.Jour = mednum.Date{}
	if len(i.Offres) != 2 || i.SansPosition != 1 || i.SansPublic != 1 || i.NonVerifies != 1 || i.HeuresInconnues != 1 || i.SansServices != 1 || i.Approchees != 0 {
		t.Errorf("%+v", i)
	}
}

const materielSeul = "Accès internet et matériel informatique"

// A permanence that begins in six months is not there yet; one that begins next
// month counts whole.
func TestHeuresAVenir(t *testing.T) {
	lat, lon := 44.0, 1.3
	for _, c := range []struct {
		name   string
		depuis mednum.Date
		want   float64
	}{
		{"begun", mednum.Date{Annee: 2025, Mois: 6, Jour: 3}, 1.5},
		{"next month", mednum.Date{Annee: 2026, Mois: 2, Jour: 11}, 1.5},
		{"in six months", mednum.Date{Annee: 2026, Mois: 7, Jour: 1}, 0},
	} {
		l := mednum.Lieu{ID: "a", Statut: mednum.StatutPublie, Champs: mednum.Champs{Latitude: &lat, Longitude: &lon}}
		l.Permanences = []mednum.Permanence{{ID: "p", Regle: "We 09:00-12:00", Depuis: c.depuis, TousLes: 2}}
		i := couverture.Inventorier(suite([]mednum.Lieu{l}), ouvrir(t), jour)
		if h, connues := i.Offres[0].Heures(couverture.Question{Moment: couverture.MomentMatin}); h != c.want || !connues {
			t.Errorf("%s: %v hours, known %v", c.name, h, connues)
		}
	}
}

// Two people who help at one time at one place are one opening of it; one after
// the other, or partly together, they are as long as somebody is there.
func TestHeuresEnsemble(t *testing.T) {
	lat, lon := 44.0, 1.3
	for regles, want := range map[[2]string]float64{
		{"We 09:00-12:00", "We 09:00-12:00"}: 3, {"We 09:00-12:00", "We 11:00-13:00"}: 4,
		{"We 09:00-10:00", "We 10:00-12:00"}: 3, {"We 09:00-12:00", "Th 09:00-12:00"}: 6,
	} {
		l := mednum.Lieu{ID: "a", Statut: mednum.StatutPublie, Champs: mednum.Champs{Latitude: &lat, Longitude: &lon}}
		l.Permanences = []mednum.Permanence{{ID: "p", Regle: regles[0]}, {ID: "q", Regle: regles[1]}}
		i := couverture.Inventorier(suite([]mednum.Lieu{l}), ouvrir(t), jour)
		if h, connues := i.Offres[0].Heures(couverture.Question{Moment: couverture.MomentTous}); h != want || !connues {
			t.Errorf("%s: %v hours, want %v, known %v", regles, h, want, connues)
		}
	}
}

// Where nothing is offered, distances say so, and totals count the people.
func TestSansOffre(t *testing.T) {
	ter := ouvrir(t)
	r := couverture.Mesurer(couverture.Communes(ter), couverture.Inventorier(suite(nil), ter, jour), couverture.Question{Moment: couverture.MomentTous, Facteur: 1.3}, nil)
	total := r.Total(nil)
	if gens, communes := r.AuDela(1e9); gens != total.Population || communes != 195 || total.SansOffre != gens || gens < 250_000 || !math.IsInf(total.Distance, 1) || total.Dans != [4]int{} {
		t.Errorf("%+v, %d people in %d communes", total, gens, communes)
	}
}

// By EPCI, people add up to those of the territory.
func TestTotalParEPCI(t *testing.T) {
	ter := ouvrir(t)
	r := couverture.Mesurer(couverture.Communes(ter), couverture.Inventorier(suite(livres(t)), ter, jour), couverture.Question{Moment: couverture.MomentTous, Facteur: 1.3}, nil)
	tout, somme := r.Total(nil), couverture.Total{}
	distance := 0.0
	for _, e := range ter.EPCIs {
		x := r.Total(couverture.DansEPCI(e.Code))
		somme.Communes += x.Communes
		somme.Population += x.Population
		for k := range x.Dans {
			somme.Dans[k] += x.Dans[k]
		}
		distance += x.Distance * float64(x.Population)
	}
	if somme.Communes != tout.Communes || somme.Population != tout.Population || somme.Dans != tout.Dans || math.Abs(distance/float64(tout.Population)-tout.Distance) > 1e-6 {
		t.Errorf("%+v, want %+v", somme, tout)
	}
}

// BenchmarkMesurer is a territory of 30,000 places.
func BenchmarkMesurer(b *testing.B) {
	ter := ouvrir(b)
	lieux := grand(30_000)
	communes := couverture.Communes(ter)
	i := couverture.Inventorier(suite(lieux), ter, jour)
	for b.Loop() {
		couverture.Mesurer(communes, i, couverture.Question{Moment: couverture.MomentSamedi, Facteur: 1.3}, nil)
	}
}

func BenchmarkInventorier(b *testing.B) {
	ter := ouvrir(b)
	lieux := grand(30_000)
	for b.Loop() {
		couverture.Inventorier(suite(lieux), ter, jour)
	}
}

func grand(n int) []mednum.Lieu {
	alea := rand.New(rand.NewPCG(1, 2))
	lieux := make([]mednum.Lieu, n)
	for i := range lieux {
		lieux[i] = lieuAuHasard(alea, i%26)
	}
	return lieux
}
