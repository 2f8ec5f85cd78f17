package couverture_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// jour begins twelve weeks without a public holiday, so that the naive reading of
// hours need not know of any.
var jour = mednum.Date{Annee: 2026, Mois: 1, Jour: 12}

func ouvrir(tb testing.TB) *territoire.Territoire {
	tb.Helper()
	t, err := territoire.Open(os.DirFS("../../data/82"))
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// livres are the places that ship.
func livres(tb testing.TB) []mednum.Lieu {
	tb.Helper()
	octets, err := os.ReadFile("../../data/82/lieux.json")
	if err != nil {
		tb.Fatal(err)
	}
	var paquet struct {
		Flux  []mednum.Flux `json:"flux"`
		Lieux []struct {
			mednum.Lieu
			Fiches []mednum.Fiche `json:"fiches"`
		} `json:"lieux"`
	}
	if err := json.Unmarshal(octets, &paquet); err != nil {
		tb.Fatal(err)
	}
	flux := map[string]mednum.Flux{}
	for _, f := range paquet.Flux {
		flux[f.ID] = f
	}
	var lieux []mednum.Lieu
	for _, l := range paquet.Lieux {
		lieux = append(lieux, mednum.Consolider(l.Lieu, l.Fiches, flux))
	}
	return lieux
}

func suite(lieux []mednum.Lieu) func(func(*mednum.Lieu) bool) {
	return func(yield func(*mednum.Lieu) bool) {
		for i := range lieux {
			if !yield(&lieux[i]) {
				return
			}
		}
	}
}

// What follows shares nothing with the package but the parsing of hours: the
// distance is the law of cosines, hours are asked minute by minute.

type offreNaive struct {
	lat, lon float64
	services []string
	aides    []aideNaive
}

type aideNaive struct {
	services []string
	regle    string
	depuis   mednum.Date
	tousLes  int
}

func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	r := math.Pi / 180
	x := math.Cos(lat1*r)*math.Cos(lon1*r)*math.Cos(lat2*r)*math.Cos(lon2*r) +
		math.Cos(lat1*r)*math.Sin(lon1*r)*math.Cos(lat2*r)*math.Sin(lon2*r) + math.Sin(lat1*r)*math.Sin(lat2*r)
	return 6371.0088 * math.Acos(math.Min(1, x))
}

func offresNaives(lieux []mednum.Lieu) (offres []offreNaive) {
	for _, l := range lieux {
		if l.Statut != "publie" || slices.Contains(l.Champs.ModalitesAcces, "Ce lieu n'accueille pas de public") {
			continue
		}
		bouge := slices.Contains(l.Champs.Itinerance, "Itinérant") && !slices.Contains(l.Champs.Itinerance, "Fixe")
		if !bouge && l.Champs.Latitude != nil {
			o := offreNaive{lat: *l.Champs.Latitude, lon: *l.Champs.Longitude, services: l.Champs.Services}
			aide := false
			for _, p := range l.Permanences {
				if p.Arret == nil {
					o.aides = append(o.aides, aideNaive{p.Services, p.Regle, p.Depuis, p.TousLes})
					aide = aide || len(p.Services) != 1 || p.Services[0] != "Accès internet et matériel informatique"
				}
			}
			if l.SensHoraires == "aide" || l.SensHoraires == "" && !aide {
				o.aides = append(o.aides, aideNaive{regle: l.Champs.Horaires})
			}
			offres = append(offres, o)
		}
		for _, p := range l.Permanences { // each passage is an offer: their hours add up all the same
			if p.Arret == nil || p.Arret.Latitude == nil {
				continue
			}
			o := offreNaive{lat: *p.Arret.Latitude, lon: *p.Arret.Longitude, services: l.Champs.Services}
			if len(p.Services) > 0 {
				o.services = p.Services
			}
			o.aides = []aideNaive{{nil, p.Regle, p.Depuis, p.TousLes}}
			offres = append(offres, o)
		}
	}
	return offres
}

// minutes are those open in each of twelve weeks at a moment, asked every five
// minutes: the hours of the tests are all multiples of it.
func (o *offreNaive) minutes(tb testing.TB, q couverture.Question) (semaines [12]int) {
	tb.Helper()
	type aide struct {
		*horaires.Expression
		depuis  time.Time
		tousLes int
	}
	var aides []aide
	for _, a := range o.aides {
		if q.Service != "" && len(a.services) > 0 && !slices.Contains(a.services, q.Service) ||
			q.Service == "" && len(a.services) == 1 && a.services[0] == "Accès internet et matériel informatique" {
			continue
		}
		if e, err := horaires.Parse(a.regle); err == nil && a.regle != "" {
			n := aide{e, time.Time{}, max(a.tousLes, 1)}
			if !a.depuis.IsZero() {
				n.depuis = a.depuis.In(time.UTC)
			}
			aides = append(aides, n)
		}
	}
	lundi := jour.In(time.UTC)
	for s := range semaines {
		for m := 0; m < 7*24*60 && len(aides) > 0; m += 5 {
			t := lundi.AddDate(0, 0, 7*s).Add(time.Duration(m) * time.Minute)
			if !dansMoment(t, q.Moment) {
				continue
			}
			for _, a := range aides {
				if !a.depuis.IsZero() {
					debut := a.depuis.AddDate(0, 0, -(int(a.depuis.Weekday())+6)%7)
					if t.Before(a.depuis) || int(t.Sub(debut).Hours()/24/7)%a.tousLes != 0 {
						continue
					}
				}
				if etat, _ := a.Etat(t, horaires.Calendrier{Lieu: time.UTC}); etat == horaires.Ouvert {
					semaines[s] += 5
					break
				}
			}
		}
	}
	return semaines
}

func dansMoment(t time.Time, m couverture.Moment) bool {
	semaine := t.Weekday() >= time.Monday && t.Weekday() <= time.Friday
	switch m {
	case couverture.MomentMatin:
		return semaine && t.Hour() >= 8 && t.Hour() < 12
	case couverture.MomentSoir:
		return semaine && t.Hour() >= 17
	case couverture.MomentSamedi:
		return t.Weekday() == time.Saturday
	}
	return true
}

// comparer measures both ways, and gives how many communes it compared.
func comparer(tb testing.TB, t *territoire.Territoire, lieux []mednum.Lieu, q couverture.Question) int {
	tb.Helper()
	r := couverture.Mesurer(couverture.Communes(t), couverture.Inventorier(suite(lieux), t, jour), q, nil)
	type mesuree struct {
		offreNaive
		sert   bool
		heures float64
	}
	var naives []mesuree
	for _, o := range offresNaives(lieux) {
		m := mesuree{offreNaive: o, sert: q.Service == "" || slices.Contains(o.services, q.Service)}
		semaines := o.minutes(tb, q)
		m.sert = m.sert && (q.Moment == couverture.MomentTous || slices.Max(semaines[:]) >= 60)
		for _, s := range semaines {
			m.heures += float64(s) / 60 / 12
		}
		naives = append(naives, m)
	}
	var dans [4]int
	population, n := 0, 0
	for _, c := range t.Communes {
		if !c.Dedans {
			continue
		}
		plus, heures := math.Inf(1), 0.0
		for _, o := range naives {
			if !o.sert {
				continue
			}
			d := kilometres(c.Centre.Lat, c.Centre.Lon, o.lat, o.lon) * q.Facteur
			plus = math.Min(plus, d)
			if d <= 10 {
				heures += o.heures
			}
		}
		m := r.Mesures[n]
		n++
		population += c.Population
		for k, km := range []float64{5, 10, 15, 20} {
			if plus <= km {
				dans[k] += c.Population
			}
		}
		if m.Commune.Code != c.Code || math.Abs(m.Distance/1000-plus) > 1e-3 && m.Distance != plus || math.Abs(m.Heures-heures) > 1e-6 {
			tb.Fatalf("%+v, %s: %.4f km and %.2f h, want %.4f km and %.2f h", q, c.Nom, m.Distance/1000, m.Heures, plus, heures)
		}
	}
	total := r.Total(nil)
	if n != len(r.Mesures) || total.Population != population || total.Communes != n || total.Dans != dans {
		tb.Fatalf("%+v: %d communes, total %+v, want %d people, %v", q, n, total, population, dans)
	}
	return n
}

// On the real data, for every service and moment, the measure is what a naive
// computation gives.
func TestMesurerCommeNaif(t *testing.T) {
	ter, lieux := ouvrir(t), livres(t)
	n := 0
	for _, service := range []string{"", mednum.Vocabulaire(mednum.ChampServices)[0]} {
		for _, m := range couverture.Moments {
			n += comparer(t, ter, lieux, couverture.Question{Service: service, Moment: m, Facteur: 1.3})
		}
	}
	if n != 195*8 {
		t.Errorf("%d communes measured", n)
	}
}

// And so it is of places drawn at random: alternate weeks, a day of the month,
// services of permanences, stops, states, positions that are missing.
func TestMesurerAuHasard(t *testing.T) {
	ter := ouvrir(t)
	alea := rand.New(rand.NewPCG(8, 2026))
	for range 12 {
		lieux := make([]mednum.Lieu, 25)
		for i := range lieux {
			lieux[i] = lieuAuHasard(alea, i)
		}
		services := append([]string{""}, mednum.Vocabulaire(mednum.ChampServices)...)
		comparer(t, ter, lieux, couverture.Question{
			Service: services[alea.IntN(len(services))], Moment: couverture.Moments[alea.IntN(4)], Facteur: 1 + alea.Float64(),
		})
	}
}

func un[T any](alea *rand.Rand, valeurs ...T) T { return valeurs[alea.IntN(len(valeurs))] }

func lieuAuHasard(alea *rand.Rand, n int) mednum.Lieu {
	l := mednum.Lieu{ID: string(rune('a' + n)), Statut: un(alea, mednum.StatutPublie, mednum.StatutPublie, mednum.StatutPublie, mednum.StatutFerme, mednum.StatutPropose)}
	l.Champs.Latitude, l.Champs.Longitude = positionAuHasard(alea)
	l.Champs.Services = servicesAuHasard(alea)
	l.Champs.Itinerance = un(alea, nil, []string{"Fixe"}, []string{"Itinérant"}, []string{"Itinérant", "Fixe"})
	l.Champs.Horaires = regleAuHasard(alea)
	l.Champs.ModalitesAcces = un(alea, nil, nil, nil, []string{"Ce lieu n'accueille pas de public"})
	l.SensHoraires = un(alea, mednum.SensNonDit, mednum.SensLieu, mednum.SensAide)
	for k := range alea.IntN(4) {
		p := mednum.Permanence{ID: string(rune('a' + k)), Regle: regleAuHasard(alea)}
		if alea.IntN(2) == 0 {
			p.Services = servicesAuHasard(alea)
		}
		if alea.IntN(3) == 0 {
			p.Depuis, p.TousLes = mednum.Date{Annee: 2025, Mois: 11, Jour: 3 + alea.IntN(7)}, alea.IntN(4)
		}
		if alea.IntN(2) == 0 {
			p.Arret = &mednum.Arret{Nom: string(rune('a' + k))}
			p.Arret.Latitude, p.Arret.Longitude = positionAuHasard(alea)
		}
		l.Permanences = append(l.Permanences, p)
	}
	return l
}

func positionAuHasard(alea *rand.Rand) (lat, lon *float64) {
	if alea.IntN(6) == 0 {
		return nil, nil
	}
	y, x := 43.8+0.6*alea.Float64(), 0.8+1.1*alea.Float64()
	return &y, &x
}

func servicesAuHasard(alea *rand.Rand) (services []string) {
	for _, s := range mednum.Vocabulaire(mednum.ChampServices) {
		if alea.IntN(5) == 0 {
			services = append(services, s)
		}
	}
	return services
}

func regleAuHasard(alea *rand.Rand) string {
	return un(alea, "", "Mo-Fr 09:00-12:00,14:00-18:30", "Sa 09:00-12:30", "Tu,Th 17:00-19:00", "We[1] 10:00-12:00", "Mo 08:00-08:30",
		"week 02-53/2 Fr 09:00-11:00", "Feb Mo-Sa 10:00-17:45", "Fr 20:00-02:00", "Mo-Fr 09:00-12:00 unknown \"sur rendez-vous\"", "lundi matin", "PH,Su off", "Mo-Su,PH 09:00-12:00")
}
