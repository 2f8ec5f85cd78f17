package catalogue

import (
	"context"
	"math"
	"slices"

	"82numerique.fr/adeuxpas/internal/geo"
)

// voisinage finds the entries of one question, by their numbers in its
// snapshot: from memory (memoire), or by asking the base (enBase). What it
// gives may refuse a filter, and only that may be missing where nothing else is
// said. Distances are the true ones, in metres; equal ones are by number.
type voisinage interface {
	// proches appends the k entries nearest to the point of departure, of those
	// that may match every filter; all of them when there are fewer than k.
	proches(dst []geo.Voisin, k int) ([]geo.Voisin, error)
	// rayon are the entries at most so far from it, nearest first.
	rayon(rayon float64) ([]geo.Voisin, error)
	// plusLoin is how far the farthest entry is, whatever it answers.
	plusLoin() (float64, error)
	// zone are the entries of the commune, EPCI and box of the search, by
	// commune then name; every one of them unless filtrer.
	zone(filtrer bool) ([]int32, error)
	// chacun is each place once, never its stops, by commune then name.
	chacun() ([]int32, error)
	// sansPosition are the entries of commune Pres that have no position.
	sansPosition() ([]int32, error)
	// comptes counts the values among what lies in the area searched, and
	// within the radius when there is a point of departure (see compter).
	comptes(candidats []geo.Voisin, rayon float64) (*parValeur, error)
}

func (c *Catalogue) question(ctx context.Context, r *Recherche, criteres []critere) *question {
	s := c.courant.Load()
	q := &question{instantane: s, catalogue: c, r: r, criteres: criteres, moment: c.moment(s, r.Quand)}
	q.voisinage = memoire{q}
	if c.index != nil {
		q.voisinage = &enBase{question: q, ctx: ctx, index: c.index}
	}
	return q
}

// memoire answers from the snapshot, and never fails.
type memoire struct{ *question }

func (m memoire) proches(dst []geo.Voisin, k int) ([]geo.Voisin, error) {
	strict, _ := filtres(m.criteres)
	return m.index.Proches(dst, *m.r.Depart, k, strict), nil
}

func (m memoire) rayon(rayon float64) ([]geo.Voisin, error) {
	_, filtre := filtres(m.criteres)
	if !m.r.SansComptes {
		filtre = nil // counts set each filter aside in turn
	}
	return m.index.Rayon(nil, *m.r.Depart, rayon, filtre), nil
}

func (m memoire) plusLoin() (float64, error) {
	loin := 0.0
	for i := range m.entrees[:m.places] {
		loin = math.Max(loin, geo.Distance(*m.r.Depart, m.entrees[i].point))
	}
	return loin, nil
}

func (m memoire) zone(bool) ([]int32, error) {
	r := m.r
	var numeros []int32
	switch {
	case r.Commune != "":
		numeros = m.communes[r.Commune]
	case r.EPCI != "":
		numeros = m.epcis[r.EPCI]
	default:
		return m.boite(), nil
	}
	var dedans []int32
	for _, n := range numeros {
		if m.dansZone(&m.entrees[n]) {
			dedans = append(dedans, n)
		}
	}
	return dedans, nil
}

// dansZone tells whether an entry is in all that the search names.
func (q *question) dansZone(e *entree) bool {
	r := q.r
	return !e.ailleurs && (r.Commune == "" || e.commune == r.Commune) && (r.EPCI == "" || e.epci == r.EPCI) &&
		(r.Boite == nil || e.place && r.Boite.Contient(e.point))
}

// boite asks the index: numbers with a position already are by commune then
// name.
func (m memoire) boite() []int32 {
	nums := m.index.Boite(nil, *m.r.Boite, nil)
	slices.Sort(nums)
	numeros := make([]int32, 0, len(nums))
	for _, n := range nums {
		numeros = append(numeros, int32(n))
	}
	return numeros
}

func (m memoire) chacun() ([]int32, error) {
	numeros := make([]int32, 0, len(m.vues))
	for _, n := range m.ordre {
		if m.entrees[n].arret == nil {
			numeros = append(numeros, n)
		}
	}
	return numeros, nil
}

func (m memoire) sansPosition() ([]int32, error) {
	var numeros []int32
	for _, n := range m.communes[m.r.Pres] {
		if !m.entrees[n].place {
			numeros = append(numeros, n)
		}
	}
	return numeros, nil
}

func (m memoire) comptes(candidats []geo.Voisin, _ float64) (*parValeur, error) {
	return m.compter(candidats), nil
}
