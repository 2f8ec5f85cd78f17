package ogc

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// releve is every collection at one moment: immutable.
type releve struct {
	vues     []*catalogue.Vue // what it was made of
	contenus map[string]*contenu
}

// contenu is what one collection holds: its features by identifier, the box and
// the days that hold them all.
type contenu struct {
	objets []*objet
	boite  *geo.Boite  // nil when nothing is placed
	du, au mednum.Date // zero when nothing has a date
	somme  string      // of all features: the same on every instance
}

// trouver is the rank of the first feature whose identifier is not before id,
// and whether it is that one.
func trouver(objets []*objet, id string) (int, bool) {
	return slices.BinarySearchFunc(objets, id, func(o *objet, id string) int { return strings.Compare(o.id, id) })
}

// releve is the survey of the snapshot that the catalogue serves now. The first
// request after a change makes it; places that did not change stay encoded.
func (s *Service) releve() (*releve, error) {
	if r := s.courant.Load(); r.est(s.Catalogue.Lieux()) {
		return r, nil
	}
	s.construire.Lock()
	defer s.construire.Unlock()
	avant, vues := s.courant.Load(), s.Catalogue.Lieux()
	if avant.est(vues) {
		return avant, nil
	}
	r, err := s.newReleve(avant, vues)
	if err != nil {
		return nil, fmt.Errorf("ogc: %w", err)
	}
	s.courant.Store(r)
	return r, nil
}

// est tells whether the survey was made of this list, which the catalogue never
// changes.
func (r *releve) est(vues []*catalogue.Vue) bool {
	return r != nil && len(r.vues) == len(vues) && (len(vues) == 0 || &r.vues[0] == &vues[0])
}

func (s *Service) newReleve(avant *releve, vues []*catalogue.Vue) (*releve, error) {
	connus := map[*catalogue.Vue]*objet{}
	if avant != nil {
		for _, o := range avant.contenus[collectionLieux].objets {
			connus[o.vue] = o
		}
	}
	lieux := make([]*objet, 0, len(vues))
	for _, v := range vues {
		libre, ok := redistribuable(v)
		if !ok {
			continue
		}
		o := connus[v]
		if o == nil {
			var err error
			if o, err = s.newObjetLieu(libre, s.collections[0].Proprietes); err != nil {
				return nil, fmt.Errorf("lieu %s: %w", v.ID, err)
			}
			o.vue = v
		}
		lieux = append(lieux, o)
	}
	communes, err := s.newObjetsCommunes()
	if err != nil {
		return nil, err
	}
	r := &releve{vues: vues, contenus: map[string]*contenu{}}
	for i := range s.collections {
		c := &s.collections[i]
		switch {
		case c.ID == collectionCommunes:
			r.contenus[c.ID] = newContenu(communes)
		case c.famille == "":
			r.contenus[c.ID] = newContenu(lieux)
		default:
			r.contenus[c.ID] = newContenu(slices.DeleteFunc(slices.Clone(lieux), func(o *objet) bool { return !slices.Contains(o.familles, c.famille) }))
		}
	}
	return r, nil
}

// redistribuable is a place as the collections, which are under Licence Ouverte,
// may show it: the same, but for those that have records under another licence.
func redistribuable(v *catalogue.Vue) (*catalogue.Vue, bool) {
	l, ok := v.Redistribuable()
	if !ok || v.Libre == nil {
		return v, ok
	}
	libre := *v
	libre.Lieu = l
	return &libre, true
}

// newObjetsCommunes encodes the communes of the territory, which are few.
func (s *Service) newObjetsCommunes() ([]*objet, error) {
	var liste []*objet
	for i := range s.Territoire.Communes {
		c := &s.Territoire.Communes[i]
		if !c.Dedans {
			continue
		}
		var comptes [4]int
		vus := map[*catalogue.Vue]bool{}
		for _, t := range s.Catalogue.ParCommune(c.Code) {
			if vus[t.Vue] {
				continue
			}
			vus[t.Vue] = true
			l, ok := t.Vue.Redistribuable()
			if !ok {
				continue
			}
			comptes[0]++
			for n, f := range mednum.Familles {
				if l.Est(f) {
					comptes[n+1]++
				}
			}
		}
		o, err := s.newObjetCommune(c, comptes)
		if err != nil {
			return nil, fmt.Errorf("commune %s: %w", c.Code, err)
		}
		liste = append(liste, o)
	}
	return liste, nil
}

func newContenu(objets []*objet) *contenu {
	slices.SortFunc(objets, func(a, b *objet) int { return cmp.Compare(a.id, b.id) })
	c := &contenu{objets: objets}
	h := fnv.New128a()
	for _, o := range objets {
		_, _ = h.Write(binary.BigEndian.AppendUint64(nil, o.somme)) // never fails
		if o.situe() {
			b := o.boite()
			if c.boite != nil {
				b = unir(*c.boite, b)
			}
			c.boite = &b
		}
		if o.jour.IsZero() {
			continue
		}
		if c.du.IsZero() || o.jour.Compare(c.du) < 0 {
			c.du = o.jour
		}
		if o.jour.Compare(c.au) > 0 {
			c.au = o.jour
		}
	}
	c.somme = hex.EncodeToString(h.Sum(nil))
	return c
}
