package catalogue

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
)

// Chercher answers a search: from the current snapshot, without a lock, or from
// the base (see RechercherEnBase). A search that has no sense is an
// *mednum.Error with code "invalide" (see Recherche.valider); unknown values of
// a filter are, too. A base that does not answer is "indisponible".
func (c *Catalogue) Chercher(ctx context.Context, r Recherche) (Resultats, error) {
	if err := c.valider(&r); err != nil {
		return Resultats{}, err
	}
	criteres, err := c.criteres(&r)
	if err != nil {
		return Resultats{}, err
	}
	res, err := c.repondre(ctx, &r, criteres)
	if err != nil {
		return Resultats{}, err
	}
	depuis := c.now()
	if r.Quand != nil {
		depuis = r.Quand.Du
	}
	for _, liste := range [][]Trouve{res.Trouves, res.Muets, res.SansPosition} {
		c.auPlusTot(liste, depuis)
	}
	return res, nil
}

// repondre answers; when the base speaks of places that are newer than the
// snapshot, once more with a new one.
func (c *Catalogue) repondre(ctx context.Context, r *Recherche, criteres []critere) (Resultats, error) {
	q := c.question(ctx, r, criteres)
	res, err := q.repondre()
	if err != nil || !q.enRetard() {
		return res, err
	}
	if err := c.Actualiser(ctx); err != nil {
		return Resultats{}, err
	}
	return c.question(ctx, r, criteres).repondre()
}

// auPlusTot names, for a stop where a service comes several times, the
// permanence that is there at an instant or comes first after it.
func (c *Catalogue) auPlusTot(trouves []Trouve, depuis time.Time) []Trouve {
	for i := range trouves {
		t := &trouves[i]
		if t.Arret == nil {
			continue
		}
		var debut time.Time
		groupe := t.Vue.freres(t.Arret)
		if len(groupe) < 2 {
			continue
		}
		for _, n := range groupe {
			p := &t.Vue.Permanences[n]
			if d, ok := c.prochainDebut(t.Vue, p, depuis); ok && (debut.IsZero() || d.Before(debut)) {
				t.Arret, debut = p, d
			}
		}
	}
	return trouves
}

func (q *question) repondre() (res Resultats, err error) {
	r := q.r
	res = Resultats{Date: q.date, Version: q.version}
	candidats, err := q.candidats(&res)
	if err != nil {
		return res, err
	}
	if !r.SansComptes {
		n, err := q.voisinage.comptes(candidats, res.Rayon)
		if err != nil {
			return res, err
		}
		res.Comptes = q.facettes(n)
		res.Moments = q.moments(candidats)
	}
	trouves, muets := q.trier(candidats)
	res.Total, res.TotalMuets = len(trouves), len(muets)
	if q.moment != nil {
		res.Presences = q.compterPresences(trouves, muets)
	}
	q.paginer(&res, trouves, muets)
	if r.Depart != nil && r.Pres != "" {
		res.SansPosition, err = q.sansPosition()
	}
	return res, err
}

// question is one search being answered.
type question struct {
	*instantane
	catalogue *Catalogue
	voisinage voisinage
	r         *Recherche
	criteres  []critere
	moment    *moment // nil when the search does not ask when
}

// accord is how an entry answers the filters and the time asked: one that may
// be there then, or perhaps, is silent.
func (q *question) accord(n int) accord {
	reponse := juger(q.criteres, q.entrees[n].masque)
	if reponse == refuse || q.moment == nil {
		return reponse
	}
	switch q.moment.presence(q.instantane, n) {
	case presenceOui:
		return reponse
	case presenceNon:
		return refuse
	}
	return muet
}

// rationne counts the results of each itinerant service: its nearest stop, and
// one more of those whose days are known (see choisir).
type rationne map[int32]ration

type ration struct{ premier, autre bool }

// compte tells whether the entry, met in order of distance, makes one more
// result that says when to go.
func (n rationne) compte(e *entree) bool {
	if e.service < 0 {
		return true
	}
	r, deja := n[e.service]
	switch {
	case !deja:
		n[e.service] = ration{premier: true}
		return e.datee()
	case !r.autre && e.datee():
		n[e.service] = ration{premier: true, autre: true}
		return true
	}
	return false
}

// choisir keeps two stops of each itinerant service, in the order of the list:
// the nearest one, and of the others the one where it comes first (the nearest
// of them where none says when).
func (q *question) choisir(voisins []geo.Voisin) []geo.Voisin {
	arrets := map[int32][]int{} // places in voisins, by service
	for i, v := range voisins {
		if s := q.entrees[v.Num].service; s >= 0 {
			arrets[s] = append(arrets[s], i)
		}
	}
	ecartes := map[int]bool{}
	for _, places := range arrets {
		if len(places) <= parService {
			continue
		}
		garde := q.premierServi(voisins, places[1:])
		for _, i := range places[1:] {
			if i != garde {
				ecartes[i] = true
			}
		}
	}
	if len(ecartes) == 0 {
		return voisins
	}
	gardes := make([]geo.Voisin, 0, len(voisins)-len(ecartes))
	for i, v := range voisins {
		if !ecartes[i] {
			gardes = append(gardes, v)
		}
	}
	return gardes
}

// premierServi is which of the stops the service serves first, from now or from
// the time asked.
func (q *question) premierServi(voisins []geo.Voisin, places []int) int {
	maintenant := q.catalogue.now()
	if q.r.Quand != nil {
		maintenant = q.r.Quand.Du
	}
	garde, debut := places[0], time.Time{}
	for _, i := range places {
		e := &q.entrees[voisins[i].Num]
		for _, n := range e.vue.freres(e.arret) {
			if d, ok := q.catalogue.prochainDebut(e.vue, &e.vue.Permanences[n], maintenant); ok && (debut.IsZero() || d.Before(debut)) {
				garde, debut = i, d
			}
		}
	}
	return garde
}

// candidats are the entries of the area searched, in the order of the answer
// (those that refuse a filter may be there or be missing). Entries without
// distance have -1.
func (q *question) candidats(res *Resultats) ([]geo.Voisin, error) {
	switch {
	case q.r.Depart == nil && q.enZone():
		zone, err := q.voisinage.zone(true)
		return sansDistance(zone), err
	case q.r.Depart == nil:
		chacun, err := q.voisinage.chacun()
		return sansDistance(chacun), err
	case q.enZone():
		zone, err := q.voisinage.zone(false)
		if err != nil {
			return nil, err
		}
		return q.autourDansZone(zone, res), nil
	}
	return q.autour(res)
}

func sansDistance(numeros []int32) []geo.Voisin {
	voisins := make([]geo.Voisin, 0, len(numeros))
	for _, n := range numeros {
		voisins = append(voisins, geo.Voisin{Num: int(n), Distance: -1})
	}
	return voisins
}

// enZone tells whether the search names a commune, an EPCI or a box.
func (q *question) enZone() bool {
	return q.r.Commune != "" || q.r.EPCI != "" || q.r.Boite != nil
}

// autourDansZone measures every entry of an area.
func (q *question) autourDansZone(zone []int32, res *Resultats) []geo.Voisin {
	voisins := make([]geo.Voisin, 0, len(zone))
	for _, n := range zone {
		if e := &q.entrees[n]; e.place {
			voisins = append(voisins, geo.Voisin{Num: int(n), Distance: geo.Distance(*q.r.Depart, e.point)})
		}
	}
	slices.SortFunc(voisins, func(a, b geo.Voisin) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Num, b.Num))
	})
	besoin, assezVus := 0.0, 0
	pris := rationne{}
	for _, v := range voisins {
		if assezVus == assez {
			break
		}
		besoin = v.Distance
		if e := &q.entrees[v.Num]; q.accord(v.Num) == convient && pris.compte(e) {
			assezVus++
		}
	}
	q.elargir(res, besoin)
	fin, _ := slices.BinarySearchFunc(voisins, res.Rayon, func(v geo.Voisin, rayon float64) int {
		if v.Distance <= rayon {
			return -1
		}
		return 1
	})
	return voisins[:fin]
}

// autour asks how far the third result is, then for everything within the
// radius that this makes.
func (q *question) autour(res *Resultats) (voisins []geo.Voisin, err error) {
	besoin := 0.0
	if !q.r.SansElargir {
		if besoin, err = q.besoin(); err != nil {
			return nil, err
		}
	}
	q.elargir(res, besoin)
	return q.voisinage.rayon(res.Rayon)
}

// elargir doubles the radius until it holds besoin, in metres.
func (q *question) elargir(res *Resultats, besoin float64) {
	res.Rayon = q.r.Rayon
	besoin = math.Min(besoin, q.limite())
	for !q.r.SansElargir && res.Rayon < besoin && res.Rayon < RayonMax {
		res.Rayon = math.Min(2*res.Rayon, q.limite())
		res.Elargi = true
	}
}

// besoin is how far the third result is, in metres, or the farthest entry when
// there are fewer than three.
func (q *question) besoin() (float64, error) {
	var voisins []geo.Voisin
	for k := assez; ; k *= 4 {
		var err error
		if voisins, err = q.voisinage.proches(voisins[:0], k); err != nil {
			return 0, err
		}
		trouves, pris := 0, rationne{}
		for _, v := range voisins {
			e := &q.entrees[v.Num]
			if q.limite() < v.Distance {
				return q.limite(), nil
			}
			if q.accord(v.Num) != convient || !pris.compte(e) {
				continue
			}
			if trouves++; trouves == assez {
				return v.Distance, nil
			}
		}
		if len(voisins) < k {
			loin, err := q.voisinage.plusLoin()
			return math.Min(loin, q.limite()), err
		}
	}
}

// limite is how far, in metres, the radius may grow.
func (q *question) limite() float64 {
	if q.moment != nil {
		return math.Max(RayonQuand, q.r.Rayon)
	}
	return RayonMax
}

// trier parts the candidates that match from those that do not say. Of these,
// those that are closed at the time asked, by hours that are too old, come last.
func (q *question) trier(candidats []geo.Voisin) (trouves, muets []geo.Voisin) {
	var vieux []geo.Voisin
	for _, v := range candidats {
		switch accord := q.accord(v.Num); {
		case accord == convient:
			trouves = append(trouves, v)
		case accord == muet && q.vieuxNon(v.Num):
			vieux = append(vieux, v)
		case accord == muet:
			muets = append(muets, v)
		}
	}
	if q.r.Depart == nil {
		return trouves, append(muets, vieux...)
	}
	return q.choisir(trouves), append(q.choisir(muets), q.choisir(vieux)...)
}

func (q *question) vieuxNon(n int) bool {
	return q.moment != nil && q.moment.presence(q.instantane, n) == presenceVieuxNon
}

// compterPresences counts the results by what is known of them at the time
// asked; those that are silent on a filter, and not on the time, are left out.
func (q *question) compterPresences(trouves, muets []geo.Voisin) Presences {
	p := Presences{Ouverts: len(trouves)}
	for _, v := range muets {
		switch q.moment.presence(q.instantane, v.Num) {
		case presenceRDV:
			p.SurRendezVous++
		case presenceVieuxNon:
			p.AConfirmer++
			p.Fermes++
		case presenceDoute:
			p.AConfirmer++
		case presenceInconnue:
			p.Inconnus++
		}
	}
	return p
}

// momentsOfferts are the times worth a shortcut.
var momentsOfferts = []string{QuandMaintenant, QuandApresMidi, quandDemain, "samedi"}

// moments counts the results of a search that does not ask when, for each time
// that it could ask.
func (q *question) moments(candidats []geo.Voisin) []Moment {
	if q.r.Quand != nil {
		return nil
	}
	var liste []Moment
	for _, mot := range momentsOfferts {
		quand, err := q.catalogue.ParseQuand(mot, "")
		if err != nil || quand.Reporte {
			continue
		}
		m, pris, n := q.catalogue.moment(q.instantane, quand), rationne{}, 0
		for _, v := range candidats {
			e := &q.entrees[v.Num]
			if juger(q.criteres, e.masque) == convient && m.presence(q.instantane, v.Num) == presenceOui && (q.r.Depart == nil || pris.compte(e)) {
				n++
			}
		}
		liste = append(liste, Moment{mot, n})
	}
	return liste
}

// paginer keeps one page. Silent results start on the last page of the others.
func (q *question) paginer(res *Resultats, trouves, muets []geo.Voisin) {
	limite, decalage := q.r.Limite, q.r.Decalage
	res.Trouves = q.page(trouves, decalage, limite)
	derniere := max(0, len(trouves)-1) / limite * limite // where the last page starts
	if decalage+limite < len(trouves) {
		res.Suite = decalage + limite
		return
	}
	res.Muets = q.page(muets, max(0, decalage-derniere), limite)
	if max(0, decalage-derniere)+limite < len(muets) {
		res.Suite = decalage + limite
	}
}

func (q *question) page(voisins []geo.Voisin, decalage, limite int) []Trouve {
	debut := min(decalage, len(voisins))
	fin := min(debut+limite, len(voisins))
	page := make([]Trouve, 0, fin-debut)
	for _, v := range voisins[debut:fin] {
		t := q.trouve(v.Num, v.Distance)
		t.VieuxFerme = q.vieuxNon(v.Num)
		page = append(page, t)
	}
	return page
}

// sansPosition lists the places of the searched commune that cannot be put at
// a distance, and that match.
func (q *question) sansPosition() ([]Trouve, error) {
	numeros, err := q.voisinage.sansPosition()
	var sortie []Trouve
	for _, n := range numeros {
		if q.accord(int(n)) == convient {
			sortie = append(sortie, q.trouve(int(n), -1))
		}
	}
	return sortie, err
}

// PlusProches are the n places nearest to v, each once and v left out: to
// where people find it, or for an itinerant service to its first stop with a
// position. It is empty when v has no position at all.
func (c *Catalogue) PlusProches(v *Vue, n int) []Trouve {
	s := c.courant.Load()
	depart, ok := v.Position()
	for i := 0; !ok && i < len(v.Permanences); i++ {
		if v.Permanences[i].Arret != nil {
			depart, ok = pointArret(&v.Permanences[i])
		}
	}
	if !ok || n <= 0 {
		return nil
	}
	var voisins []geo.Voisin
	for k := n + 1; ; k *= 2 {
		voisins = s.index.Proches(voisins[:0], depart, k, nil)
		vus := map[string]bool{v.ID: true}
		var sortie []Trouve
		for _, voisin := range voisins {
			if id := s.entrees[voisin.Num].vue.ID; !vus[id] && len(sortie) < n {
				vus[id] = true
				sortie = append(sortie, s.trouve(voisin.Num, voisin.Distance))
			}
		}
		if len(sortie) == n || len(voisins) < k {
			return c.auPlusTot(sortie, c.now())
		}
	}
}

// ParCommune lists the places and stops of a commune (INSEE code), by name.
func (c *Catalogue) ParCommune(code string) []Trouve {
	s := c.courant.Load()
	return c.auPlusTot(s.liste(s.communes[code]), c.now())
}

// ParEPCI lists the places and stops of an intercommunality (SIREN), by
// commune then name.
func (c *Catalogue) ParEPCI(code string) []Trouve {
	s := c.courant.Load()
	return c.auPlusTot(s.liste(s.epcis[code]), c.now())
}

func (s *instantane) liste(numeros []int32) []Trouve {
	sortie := make([]Trouve, 0, len(numeros))
	for _, n := range numeros {
		sortie = append(sortie, s.trouve(int(n), -1))
	}
	return sortie
}
