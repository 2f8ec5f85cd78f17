package couverture

import (
	"math"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Mesure is one commune. Distance is in metres by road, +Inf without an offer.
// Duree is the time by car, where a server of itineraries gave it (Reelle).
// Heures are the usual hours of help a week within Portee.
type Mesure struct {
	Commune  *territoire.Commune
	Offre    *Offre // the nearest one, nil for none
	Distance float64
	Duree    time.Duration
	Reelle   bool
	Heures   float64
}

// Resultat is the answer to a question for the communes of the territory, by
// INSEE code.
type Resultat struct {
	Question
	*Inventaire
	Mesures  []Mesure
	Servent  int // offers that answer the question
	Reelles  int // communes whose distance is that of a server of itineraries
	Parcours *Trajets
}

// Communes are those whose people are counted: of the territory's département,
// by INSEE code.
func Communes(t *territoire.Territoire) []*territoire.Commune {
	var communes []*territoire.Commune
	for i := range t.Communes {
		if c := &t.Communes[i]; c.Dedans {
			communes = append(communes, c)
		}
	}
	return communes
}

// Mesurer answers a question for each commune. trajets are itineraries that are
// known, nil for none: the others are the great circle times the factor. An
// itinerary is never shorter than its great circle, so that the nearest is exact.
func Mesurer(communes []*territoire.Commune, i *Inventaire, q Question, trajets *Trajets) *Resultat {
	r := &Resultat{Question: q, Inventaire: i, Parcours: trajets, Mesures: make([]Mesure, 0, len(communes))}
	var offres []*Offre
	var entrees []geo.Entree
	for k := range i.Offres {
		if o := &i.Offres[k]; o.Sert(q) {
			offres = append(offres, o)
			entrees = append(entrees, geo.Entree{Point: o.Point})
		}
	}
	r.Servent = len(offres)
	index, _ := geo.New(entrees) // placer lets in no point that is not on the Earth
	m := mesureur{q, offres, index, trajets}
	for _, c := range communes {
		mesure := m.mesurer(c)
		if mesure.Reelle {
			r.Reelles++
		}
		r.Mesures = append(r.Mesures, mesure)
	}
	return r
}

// mesureur answers one question.
type mesureur struct {
	Question
	offres  []*Offre
	index   *geo.Index
	trajets *Trajets
}

func (m *mesureur) mesurer(c *territoire.Commune) Mesure {
	mesure := Mesure{Commune: c, Distance: math.Inf(1)}
	for k := 8; ; k *= 4 {
		voisins := m.index.Proches(nil, c.Centre, k, nil)
		for _, v := range voisins {
			if v.Distance >= mesure.Distance {
				break
			}
			if d, duree, reelle := m.chemin(c, v); d < mesure.Distance {
				mesure.Offre, mesure.Distance, mesure.Duree, mesure.Reelle = m.offres[v.Num], d, duree, reelle
			}
		}
		if len(voisins) < k || voisins[k-1].Distance >= mesure.Distance {
			break
		}
	}
	for _, v := range m.index.Rayon(nil, c.Centre, Portee, nil) {
		if d, _, _ := m.chemin(c, v); d <= Portee {
			heures, _ := m.offres[v.Num].Heures(m.Question)
			mesure.Heures += heures
		}
	}
	return mesure
}

// chemin is how far an offer is by road, in metres.
func (m *mesureur) chemin(c *territoire.Commune, v geo.Voisin) (distance float64, duree time.Duration, reelle bool) {
	if t, ok := m.trajets.Entre(c, m.offres[v.Num].Point); ok {
		return math.Max(t.Metres, v.Distance), time.Duration(t.Secondes) * time.Second, true
	}
	return v.Distance * m.Facteur, 0, false
}

// Total is what is measured of several communes together. Distance, Duree and
// Heures are averages over their people; Distance is +Inf when a commune has no
// offer. Dans are the people within each of Seuils.
type Total struct {
	Communes, Population int
	Dans                 [len(Seuils)]int
	Distance             float64
	Duree                time.Duration
	Heures               float64
	SansOffre            int // people for whom there is no offer at all
}

// Total adds up the communes that garde keeps, all of them when it is nil.
func (r *Resultat) Total(garde func(*territoire.Commune) bool) Total {
	var t Total
	secondes := 0.0
	for i := range r.Mesures {
		m := &r.Mesures[i]
		if garde != nil && !garde(m.Commune) {
			continue
		}
		gens := m.Commune.Population
		t.Communes++
		t.Population += gens
		for k, seuil := range Seuils {
			if m.Distance <= seuil {
				t.Dans[k] += gens
			}
		}
		if m.Offre == nil {
			t.SansOffre += gens
		}
		if gens > 0 {
			t.Distance += m.Distance * float64(gens)
		}
		secondes += m.Duree.Seconds() * float64(gens)
		t.Heures += m.Heures * float64(gens)
	}
	if n := float64(t.Population); n > 0 {
		t.Distance, t.Heures = t.Distance/n, t.Heures/n
		t.Duree = time.Duration(secondes / n * float64(time.Second))
	}
	return t
}

// DansEPCI keeps the communes of an intercommunality.
func DansEPCI(siren string) func(*territoire.Commune) bool {
	return func(c *territoire.Commune) bool { return c.EPCI == siren }
}

// AuDela counts the people who are further than a distance by road, in metres,
// those who have no offer included, and their communes.
func (r *Resultat) AuDela(metres float64) (personnes, communes int) {
	for i := range r.Mesures {
		if m := &r.Mesures[i]; m.Distance > metres {
			personnes += m.Commune.Population
			communes++
		}
	}
	return personnes, communes
}

// De is the measure of a commune; ok is false for one that is not measured.
func (r *Resultat) De(insee string) (m *Mesure, ok bool) {
	for i := range r.Mesures {
		if r.Mesures[i].Commune.Code == insee {
			return &r.Mesures[i], true
		}
	}
	return nil, false
}
