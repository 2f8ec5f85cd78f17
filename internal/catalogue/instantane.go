package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// instantane is the whole catalogue at one moment: immutable, read without a
// lock. The first entries have a position and stand in the index under their
// own number; the others follow. Each part is by commune then name.
type instantane struct {
	version int64
	date    time.Time

	parID    map[string]*Vue // every status
	vues     []*Vue          // published, by commune then name
	entrees  []entree
	places   int // how many entries have a position
	index    *geo.Index
	ordre    []int32            // every entry, by commune then name
	communes map[string][]int32 // entries by INSEE code, in that order
	epcis    map[string][]int32 // entries by SIREN, in that order
	portes   masque             // values that at least one published place has
	reperes  func() *reperes    // made when a base is first asked
	recents  []revisionSuivie   // newest first, revisionsSuivies at most
}

// entree is what a search can find: a fixed place, a stop, or an itinerant
// service itself, which has no position and stands only where all places are
// listed, or in the commune of its seat when none of its stops is known.
type entree struct {
	vue      *Vue
	arret    *mednum.Permanence // nil for the place itself
	point    geo.Point
	place    bool // point is known
	masque   masque
	commune  string // INSEE code, "" when unknown
	epci     string // SIREN, "" when unknown
	service  int32  // number of the itinerant service for a stop, -1 otherwise
	ailleurs bool   // an itinerant service whose stops are entries
}

// datee tells whether one can know when to go: a stop without a rule is shown,
// but is no answer that lets the radius stop growing.
func (e *entree) datee() bool { return e.arret == nil || e.vue.Regle(e.arret.ID) != nil }

// newInstantane builds a snapshot. Places that did not change since the
// previous one (same version and sequence number) keep their Vue: neither
// parsed nor encoded again.
func newInstantane(lieux []mednum.Lieu, avant *instantane, t *territoire.Territoire, version int64, date time.Time) (*instantane, error) {
	s := &instantane{
		version: version, date: date, parID: make(map[string]*Vue, len(lieux)),
		communes: map[string][]int32{}, epcis: map[string][]int32{},
	}
	for i := range lieux {
		v := avant.inchange(&lieux[i])
		if v == nil {
			var err error
			if v, err = newVue(lieux[i], t); err != nil {
				return nil, err
			}
		}
		s.parID[v.ID] = v
		if v.Publie() {
			s.vues = append(s.vues, v)
		}
	}
	slices.SortFunc(s.vues, func(a, b *Vue) int { return cmp.Compare(a.tri, b.tri) })
	s.inscrire(t)
	s.reperes = sync.OnceValue(s.reperer)
	return s, s.indexer()
}

func (s *instantane) inchange(l *mednum.Lieu) *Vue {
	if s == nil {
		return nil
	}
	if v := s.parID[l.ID]; v != nil && v.Version == l.Version && v.Seq == l.Seq {
		return v
	}
	return nil
}

// inscrire makes the entries of the published places.
func (s *instantane) inscrire(t *territoire.Territoire) {
	for n, v := range s.vues {
		for _, groupe := range v.passages {
			s.entrees = append(s.entrees, newEntreeArret(v, &v.Permanences[groupe[0]], int32(n), t))
		}
		e := newEntree(v)
		e.ailleurs = v.Itinerant() && len(v.passages) > 0
		s.entrees = append(s.entrees, e)
	}
	for i := range s.entrees {
		s.portes = s.portes.or(s.entrees[i].masque)
	}
}

func newEntree(v *Vue) entree {
	e := entree{vue: v, masque: masqueDe(&v.Lieu, nil), commune: v.Champs.CodeInsee, service: -1}
	e.point, e.place = v.Position()
	if v.Commune != nil {
		e.commune, e.epci = v.Commune.Code, v.Commune.EPCI
	}
	return e
}

func newEntreeArret(v *Vue, p *mednum.Permanence, service int32, t *territoire.Territoire) entree {
	e := entree{vue: v, arret: p, masque: masqueDe(&v.Lieu, p), commune: p.Arret.CodeInsee, service: service}
	e.point, e.place = pointArret(p)
	if c, ok := t.Commune(e.commune); ok {
		e.commune, e.epci = c.Code, c.EPCI
	}
	return e
}

// cle orders entries: by commune (the stop's own), then name, then stop.
func (e *entree) cle() string {
	if e.arret == nil {
		return e.vue.tri
	}
	return mednum.Normaliser(e.arret.Arret.Commune) + "\x00" + mednum.Normaliser(e.vue.Champs.Nom) + "\x00" + e.vue.ID + "\x00" + e.arret.ID
}

// indexer puts the entries in order, those with a position first, and builds
// the index and the lists.
func (s *instantane) indexer() error {
	cles := make(map[*entree]string, len(s.entrees))
	ordre := make([]*entree, len(s.entrees))
	for i := range s.entrees {
		ordre[i] = &s.entrees[i]
		cles[ordre[i]] = ordre[i].cle()
	}
	slices.SortStableFunc(ordre, func(a, b *entree) int { return cmp.Compare(cles[a], cles[b]) })
	rangs := make([]*entree, 0, len(ordre)) // in the order of numbers
	for _, place := range []bool{true, false} {
		for _, e := range ordre {
			if e.place == place {
				rangs = append(rangs, e)
			}
		}
	}
	numeros := make(map[*entree]int32, len(rangs))
	entrees, points := make([]entree, len(rangs)), make([]geo.Entree, 0, len(rangs))
	for i, e := range rangs {
		numeros[e], entrees[i] = int32(i), *e
		if e.place {
			points = append(points, geo.Entree{Point: e.point, Masque: e.masque.index})
		}
	}
	for _, e := range ordre {
		s.lister(numeros[e], e)
	}
	s.entrees, s.places = entrees, len(points)
	var err error
	if s.index, err = geo.New(points); err != nil {
		return fmt.Errorf("spatial index: %w", err)
	}
	return nil
}

func (s *instantane) lister(n int32, e *entree) {
	s.ordre = append(s.ordre, n)
	if e.ailleurs {
		return
	}
	if e.commune != "" {
		s.communes[e.commune] = append(s.communes[e.commune], n)
	}
	if e.epci != "" {
		s.epcis[e.epci] = append(s.epcis[e.epci], n)
	}
}

func (s *instantane) trouve(n int, distance float64) Trouve {
	return Trouve{Vue: s.entrees[n].vue, Arret: s.entrees[n].arret, Distance: distance}
}
