package catalogue

import (
	"cmp"
	"context"
	"slices"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/store"
)

// Index is a base that searches by itself: internal/store/mongo does, the
// embedded one does not. Distances are not its own: what it gives is measured
// again, so it may give a little more than asked.
type Index interface {
	// Entrees are the entries that a search asks for, nearest first when it has
	// a point of departure.
	Entrees(ctx context.Context, d store.Demande) ([]store.Entree, error)
	// Compter counts the values of entries, by code, once a group.
	Compter(ctx context.Context, c store.Comptage) ([]map[string]int, error)
}

// RechercherEnBase has every search answered by the base, which decides what is
// near, in an area, passes the filters or has a name. What a place says, its
// hours and its page still come from the snapshot. It is to be called before
// the catalogue serves.
func (c *Catalogue) RechercherEnBase(index Index) { c.index = index }

// The base measures on an Earth of its own, by up to ecartTerres of ours.
const (
	ecartTerres = 0.006
	metresSurs  = 2 // and rounds
	// reserveProches is how many entries beyond the k nearest are asked for, so that
	// the next one is surely farther.
	reserveProches = 16
)

// enBase asks the base.
type enBase struct {
	*question
	ctx    context.Context // lives as long as one search
	index  Index
	retard bool // the base knows places that the snapshot does not, or newer ones
}

// enRetard tells whether the base spoke of places newer than the snapshot.
func (q *question) enRetard() bool {
	b, ok := q.voisinage.(*enBase)
	return ok && b.retard
}

// numeros asks for entries and gives their numbers. Those that the snapshot
// does not have are left out.
func (b *enBase) numeros(d store.Demande) ([]int32, error) {
	liste, err := b.index.Entrees(b.ctx, d)
	if err != nil {
		return nil, err
	}
	numeros := make([]int32, 0, len(liste))
	for i := range liste {
		e := &liste[i]
		n, connu := b.numero(e.ID())
		if !connu || b.entrees[n].vue.Version < e.Version {
			b.retard = true
		}
		if connu {
			numeros = append(numeros, n)
		}
	}
	return numeros, nil
}

// voisins asks for entries around the point of departure and measures them.
func (b *enBase) voisins(d store.Demande) ([]geo.Voisin, error) {
	numeros, err := b.numeros(d)
	voisins := make([]geo.Voisin, 0, len(numeros))
	for _, n := range numeros {
		if e := &b.entrees[n]; e.place {
			voisins = append(voisins, geo.Voisin{Num: int(n), Distance: geo.Distance(*b.r.Depart, e.point)})
		}
	}
	slices.SortFunc(voisins, func(x, y geo.Voisin) int {
		return cmp.Or(cmp.Compare(x.Distance, y.Distance), cmp.Compare(x.Num, y.Num))
	})
	return voisins, err
}

func (b *enBase) proches(dst []geo.Voisin, k int) ([]geo.Voisin, error) {
	d := store.Demande{Depart: b.r.Depart, Filtres: codes(b.criteres, false), Limite: k + reserveProches}
	voisins, err := b.voisins(d)
	if err != nil || len(voisins) <= k {
		return append(dst, voisins...), err
	}
	// What was not given is at least as far, on the base's Earth, as the last.
	if loin := voisins[len(voisins)-1].Distance; voisins[k-1].Distance > sur(loin) {
		d.Limite, d.Au = 0, voisins[k-1].Distance
		if voisins, err = b.voisins(d); err != nil {
			return nil, err
		}
	}
	return append(dst, voisins[:min(k, len(voisins))]...), nil
}

// sur is how far everything is known when the base went as far as loin.
func sur(loin float64) float64 { return loin*(1-2*ecartTerres) - metresSurs }

func (b *enBase) rayon(rayon float64) ([]geo.Voisin, error) {
	d := store.Demande{Depart: b.r.Depart, Au: rayon}
	if !b.compteIci() {
		d.Filtres = codes(b.criteres, true)
	}
	voisins, err := b.voisins(d)
	fin, _ := slices.BinarySearchFunc(voisins, rayon, func(v geo.Voisin, rayon float64) int {
		if v.Distance <= rayon {
			return -1
		}
		return 1
	})
	return voisins[:fin], err
}

// compteIci tells whether the values are counted here, over all that the base
// gives: it does not know who is there at the time asked.
func (b *enBase) compteIci() bool { return b.moment != nil && !b.r.SansComptes }

// plusLoin is next to the antipode.
func (b *enBase) plusLoin() (float64, error) {
	p := *b.r.Depart
	antipode := geo.Point{Lat: -p.Lat, Lon: p.Lon + 180}
	if antipode.Lon > 180 {
		antipode.Lon -= 360
	}
	voisins, err := b.voisins(store.Demande{Depart: &antipode, Limite: reserveProches})
	if err != nil || len(voisins) == 0 {
		return 0, err
	}
	return voisins[len(voisins)-1].Distance, nil
}

// surface is the area of the search.
func (b *enBase) surface() store.Demande {
	d := store.Demande{Boite: b.r.Boite}
	switch {
	case b.r.Commune != "":
		d.Communes = b.codesCommune(b.r.Commune)
	case b.r.EPCI != "":
		for i := range b.catalogue.territoire.Communes {
			if c := &b.catalogue.territoire.Communes[i]; c.EPCI == b.r.EPCI {
				d.Communes = append(d.Communes, b.codesCommune(c.Code)...)
			}
		}
	}
	d.Arrets = b.enZone()
	return d
}

// codesCommune are the codes under which places say that they are in a commune.
func (b *enBase) codesCommune(code string) []string {
	liste := []string{code}
	if c, ok := b.catalogue.territoire.Commune(code); ok {
		liste = append(liste, c.AutresCodes...)
	}
	return liste
}

func (b *enBase) zone(filtrer bool) ([]int32, error) {
	d := b.surface()
	if filtrer && !b.compteIci() {
		d.Filtres = codes(b.criteres, true)
	}
	numeros, err := b.numeros(d)
	numeros = slices.DeleteFunc(numeros, func(n int32) bool { return !b.dansZone(&b.entrees[n]) })
	return b.ranger(numeros), err
}

// ranger puts entries by commune then name.
func (b *enBase) ranger(numeros []int32) []int32 {
	slices.SortFunc(numeros, func(x, y int32) int { return cmp.Compare(b.rang(x), b.rang(y)) })
	return numeros
}

func (b *enBase) chacun() ([]int32, error) {
	d := store.Demande{Lieux: true}
	if !b.compteIci() {
		d.Filtres = codes(b.criteres, true)
	}
	numeros, err := b.numeros(d)
	return b.ranger(numeros), err
}

func (b *enBase) sansPosition() ([]int32, error) {
	numeros, err := b.numeros(store.Demande{Communes: b.codesCommune(b.r.Pres), SansPoint: true, Arrets: true, Filtres: codes(b.criteres, false)})
	numeros = slices.DeleteFunc(numeros, func(n int32) bool { e := &b.entrees[n]; return e.place || e.commune != b.r.Pres })
	return b.ranger(numeros), err
}

// comptes has the base count: under all filters, then for each field that has
// one, under those of the others.
func (b *enBase) comptes(candidats []geo.Voisin, rayon float64) (*parValeur, error) {
	if b.compteIci() {
		return b.compter(candidats), nil
	}
	c := store.Comptage{Demande: b.surface(), Groupes: [][][]string{codes(b.criteres, false)}}
	if !b.enZone() && b.r.Depart == nil {
		c.Lieux = true
	}
	if b.r.Depart != nil {
		c.Situees, c.Depart, c.Au, c.ParService = true, b.r.Depart, rayon, parService
	}
	var err error
	if c.Sauf, err = b.bord(c.Demande); err != nil {
		return nil, err
	}
	for i := range b.criteres {
		c.Groupes = append(c.Groupes, codes(slices.Delete(slices.Clone(b.criteres), i, i+1), false))
	}
	comptes, err := b.index.Compter(b.ctx, c)
	if err != nil {
		return nil, err
	}
	return b.repartir(comptes), nil
}

// repartir takes each field's counts from its own group.
func (b *enBase) repartir(comptes []map[string]int) *parValeur {
	n := new(parValeur)
	for i := range champsFiltres {
		f, groupe := &champsFiltres[i], 0
		for j := range b.criteres {
			if b.criteres[j].facette == i {
				groupe = j + 1
			}
		}
		for v, bit := range f.bits {
			n[bit] = comptes[groupe][store.Valeur(f.champ, v)]
		}
	}
	return n
}

// bord are the entries that the base may take to be inside the radius or the
// box, and that are not.
func (b *enBase) bord(d store.Demande) (ids []string, err error) {
	if d.Depart == nil && d.Boite == nil {
		return nil, nil
	}
	rayon := d.Au
	if d.Depart != nil {
		d.De, d.Au = sur(rayon), rayon*(1+3*ecartTerres)+metresSurs
	}
	numeros, err := b.numeros(d)
	for _, n := range numeros {
		e := &b.entrees[n]
		loin := d.Depart != nil && geo.Distance(*d.Depart, e.point) > rayon
		if loin || b.enZone() && !b.dansZone(e) {
			ids = append(ids, e.id())
		}
	}
	return ids, err
}

// codes are the filters of the base: what must match or, when muets, may be
// silent.
func codes(criteres []critere, muets bool) [][]string {
	var liste [][]string
	for i := range criteres {
		k := &criteres[i]
		m := k.choix
		if muets {
			m = m.or(k.muet)
		}
		var ici []string
		m.each(m, func(bit int) { ici = append(ici, codesBits[bit]) })
		liste = append(liste, ici)
	}
	return liste
}

// codesBits are the codes of the bits.
var codesBits = func() (codes [2 * bitsIndex]string) {
	for i := range champsFiltres {
		f := &champsFiltres[i]
		for v, bit := range f.bits {
			codes[bit] = store.Valeur(f.champ, v)
		}
		if f.muet >= 0 {
			codes[f.muet] = store.Valeur(f.champ, "")
		}
	}
	return codes
}()

// reperes find the entries of a snapshot by the base's names.
type reperes struct {
	numeros map[string]int32
	rangs   []int32 // by number: the place in ordre
}

func (s *instantane) reperer() *reperes {
	r := &reperes{numeros: make(map[string]int32, len(s.entrees)), rangs: make([]int32, len(s.entrees))}
	for i := range s.entrees {
		r.numeros[s.entrees[i].id()] = int32(i)
	}
	for rang, n := range s.ordre {
		r.rangs[n] = int32(rang)
	}
	return r
}

func (e *entree) id() string { return store.IDEntree(e.vue.ID, idPermanence(e.arret)) }

func (s *instantane) numero(id string) (int32, bool) {
	n, ok := s.reperes().numeros[id]
	return n, ok
}

func (s *instantane) rang(n int32) int32 { return s.reperes().rangs[n] }

// publies are the published places of which a word of the name begins with one
// of the words, by commune then name.
func (c *Catalogue) publies(ctx context.Context, mots []string) ([]*Vue, error) {
	s := c.courant.Load()
	if c.index == nil || len(mots) == 0 {
		return s.vues, nil
	}
	for essai := 0; ; essai++ {
		b := &enBase{question: &question{instantane: s, catalogue: c}, ctx: ctx, index: c.index}
		numeros, err := b.numeros(store.Demande{Lieux: true, Debuts: mots})
		if err != nil {
			return nil, err
		}
		if !b.retard || essai > 0 {
			return s.vuesDe(b.ranger(numeros)), nil
		}
		if err := c.Actualiser(ctx); err != nil {
			return nil, err
		}
		s = c.courant.Load()
	}
}

func (s *instantane) vuesDe(numeros []int32) []*Vue {
	vues := make([]*Vue, 0, len(numeros))
	for _, n := range numeros {
		vues = append(vues, s.entrees[n].vue)
	}
	return vues
}
