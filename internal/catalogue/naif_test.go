package catalogue

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// naif answers a search in the plainest way: every entry, tested value by
// value, measured, sorted. It shares no mask and no index with the catalogue.
type naif struct {
	entrees   []candidatNaif
	r         Recherche
	prochains map[string]time.Time
}

type candidatNaif struct {
	lieu     *mednum.Lieu
	arret    *mednum.Permanence
	distance float64
	place    bool
	seul     bool // an itinerant service beside its stops

	presenceLue presence // at the time asked, once computed
	tri         string
}

func newNaif(lieux []mednum.Lieu, r Recherche) *naif {
	n := &naif{r: r, prochains: map[string]time.Time{}}
	for i := range lieux {
		l := &lieux[i]
		if l.Statut != mednum.StatutPublie {
			continue
		}
		arrets := 0
		vus := map[string]bool{}
		for j := range l.Permanences {
			if p := &l.Permanences[j]; p.Arret != nil && !vus[memeArret(p)] {
				vus[memeArret(p)] = true
				n.add(l, p, p.Arret.Latitude, p.Arret.Longitude, p.Arret.Commune)
				arrets++
			}
		}
		lat, lon := l.Champs.Latitude, l.Champs.Longitude
		if l.Itinerant() {
			lat, lon = nil, nil
		}
		n.add(l, nil, lat, lon, l.Champs.Commune)
		n.entrees[len(n.entrees)-1].seul = l.Itinerant() && arrets > 0
	}
	slices.SortFunc(n.entrees, func(a, b candidatNaif) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.tri, b.tri))
	})
	return n
}

// memeArret is the same text for two permanences at one stop.
func memeArret(p *mednum.Permanence) string {
	texte := fmt.Sprint(p.Arret.CodeInsee, p.Services)
	if p.Arret.Latitude != nil {
		texte += fmt.Sprint(*p.Arret.Latitude, *p.Arret.Longitude)
	}
	return texte
}

func (n *naif) add(l *mednum.Lieu, p *mednum.Permanence, lat, lon *float64, commune string) {
	c := candidatNaif{lieu: l, arret: p, distance: -1, place: lat != nil, tri: fmt.Sprintf("%s/%s/%s", mednum.Normaliser(commune), mednum.Normaliser(l.Champs.Nom), l.ID)}
	if p != nil {
		c.tri += "/" + p.ID
	}
	if n.r.Depart != nil && c.place {
		c.distance = geo.Distance(*n.r.Depart, geo.Point{Lat: *lat, Lon: *lon})
	}
	n.entrees = append(n.entrees, c)
}

func (c *candidatNaif) valeurs(champ mednum.Champ) []string {
	switch {
	case champ == ChampFamilles:
		var v []string
		for _, f := range c.lieu.Familles {
			v = append(v, string(f))
		}
		return v
	case champ == mednum.ChampLangues:
		return c.lieu.Langues
	case champ == mednum.ChampServices && c.arret != nil && len(c.arret.Services) > 0:
		return c.arret.Services
	}
	return c.lieu.Champs.Valeurs(champ)
}

func (c *candidatNaif) commune() string {
	if c.arret != nil {
		return c.arret.Arret.CodeInsee
	}
	return c.lieu.Champs.CodeInsee
}

// juger one field: the values asked against those of the entry.
func (c *candidatNaif) juger(champ mednum.Champ, demandes []string) accord {
	ici := c.valeurs(champ)
	for _, d := range demandes {
		for _, v := range ici {
			if v == d || d == LanguesEtrangeres && (v == "Langues étrangères (anglais)" || v == "Langues étrangères (autres)") {
				return convient
			}
		}
	}
	if len(ici) == 0 && champ != ChampFamilles {
		return muet
	}
	return refuse
}

func (n *naif) demandes() map[mednum.Champ][]string {
	d := map[mednum.Champ][]string{}
	for champ, v := range n.r.Filtres {
		d[champ] = v
	}
	for _, f := range n.r.Familles {
		d[ChampFamilles] = append(d[ChampFamilles], string(f))
	}
	return d
}

// accord with every field but one (sauf may be "").
func (n *naif) accord(c *candidatNaif, sauf mednum.Champ) accord {
	pire := convient
	if n.r.Quand != nil {
		if c.presenceLue == aucune {
			c.presenceLue = c.presence(n.r.Quand)
		}
		switch c.presenceLue {
		case presenceNon:
			return refuse
		case presenceOui:
		default:
			pire = muet
		}
	}
	for champ, valeurs := range n.demandes() {
		if champ != sauf {
			pire = min(pire, c.juger(champ, valeurs))
		}
	}
	if n.r.Demarche != "" {
		d := demarchesEssai[0]
		copie := *c.lieu
		copie.Champs.Services = c.valeurs(mednum.ChampServices)
		switch {
		case d.Sert(&copie):
		case len(copie.Champs.Services) == 0:
			pire = min(pire, muet)
		default:
			return refuse
		}
	}
	return pire
}

func (n *naif) dedans(c *candidatNaif) bool {
	r := n.r
	zone := r.Commune != "" || r.Boite != nil
	switch {
	case r.Depart == nil && !zone:
		return c.arret == nil
	case c.seul, r.Depart != nil && !c.place, r.Commune != "" && c.commune() != r.Commune:
		return false
	case r.Boite != nil:
		var p geo.Point
		if c.place {
			lat, lon := c.lieu.Champs.Latitude, c.lieu.Champs.Longitude
			if c.arret != nil {
				lat, lon = c.arret.Arret.Latitude, c.arret.Arret.Longitude
			}
			p = geo.Point{Lat: *lat, Lon: *lon}
		}
		return c.place && p.Lat >= r.Boite.Sud && p.Lat <= r.Boite.Nord && p.Lon >= r.Boite.Ouest && p.Lon <= r.Boite.Est
	}
	return true
}

// liste keeps what f accepts within the radius; of the stops of a service, the
// nearest and the one where it comes first.
func (n *naif) liste(rayon float64, f func(*candidatNaif) bool) (liste []string) {
	var dedans []*candidatNaif
	for i := range n.entrees {
		if c := &n.entrees[i]; n.dedans(c) && c.distance <= rayon && f(c) {
			dedans = append(dedans, c)
		}
	}
	for _, c := range dedans {
		if c.arret == nil || n.r.Depart == nil || n.choisi(c, dedans) {
			liste = append(liste, c.nom())
		}
	}
	return liste
}

func (n *naif) choisi(c *candidatNaif, dedans []*candidatNaif) bool {
	var freres []*candidatNaif
	for _, x := range dedans {
		if x.arret != nil && x.lieu.ID == c.lieu.ID {
			freres = append(freres, x)
		}
	}
	if freres[0] == c {
		return true
	}
	premier := freres[1]
	for _, x := range freres[1:] {
		if n.prochain(x).Before(n.prochain(premier)) {
			premier = x
		}
	}
	return premier == c
}

// prochain is when the stop is next served, by any of the permanences there,
// looked for step by step; far away when never.
func (n *naif) prochain(c *candidatNaif) time.Time {
	if t, ok := n.prochains[c.nom()]; ok {
		return t
	}
	debut := depart2026
	if n.r.Quand != nil {
		debut = n.r.Quand.Du
	}
	t := debut.AddDate(0, 0, 60)
	for i := range c.lieu.Permanences {
		p := &c.lieu.Permanences[i]
		if p.Arret == nil || p.Regle == "" || memeArret(p) != memeArret(c.arret) {
			continue
		}
		for q := debut; q.Before(t); q = demiHeure(q) {
			if ouvertNaif(p, q) && !fermeNaif(c.lieu, q) {
				t = q
			}
		}
	}
	n.prochains[c.nom()] = t
	return t
}

func (c *candidatNaif) nom() string {
	if c.arret != nil {
		return fmt.Sprintf("%s/%s à %.3f", c.lieu.ID, c.arret.ID, c.distance)
	}
	return fmt.Sprintf("%s à %.3f", c.lieu.ID, c.distance)
}

func (n *naif) rayon() float64 {
	r := n.r.Rayon
	if n.r.Depart == nil || n.r.SansElargir {
		return r
	}
	tous := n.dansRayon(math.Inf(1))
	limite := float64(RayonMax)
	if n.r.Quand != nil {
		limite = max(RayonQuand, r)
	}
	for r < limite {
		trouves := n.liste(r, func(c *candidatNaif) bool { return n.accord(c, "") == convient })
		if n.datees(trouves) >= 3 || n.dansRayon(r) == tous {
			break
		}
		r = min(2*r, limite)
	}
	return r
}

// datees counts the results that say when to go: stops without a rule do not.
func (n *naif) datees(noms []string) (total int) {
	for i := range n.entrees {
		c := &n.entrees[i]
		if (c.arret == nil || c.arret.Regle != "") && slices.Contains(noms, c.nom()) {
			total++
		}
	}
	return total
}

func (n *naif) dansRayon(rayon float64) (total int) {
	for i := range n.entrees {
		if c := &n.entrees[i]; n.dedans(c) && c.distance <= rayon {
			total++
		}
	}
	return total
}

func page(liste []string, decalage, limite int) []string {
	debut := min(max(0, decalage), len(liste))
	return liste[debut:min(debut+limite, len(liste))]
}

func noms(trouves []Trouve) []string {
	var liste []string
	for _, t := range trouves {
		c := candidatNaif{lieu: &t.Vue.Lieu, arret: t.Arret, distance: t.Distance}
		liste = append(liste, c.nom())
	}
	return liste
}

type reponse struct {
	Trouves, Muets, SansPosition []string
	Total, TotalMuets            int
	Rayon                        float64
	Comptes                      map[string]int
}

func (n *naif) repondre() reponse {
	rayon := n.rayon()
	trouves := n.liste(rayon, func(c *candidatNaif) bool { return n.accord(c, "") == convient })
	vieux := func(c *candidatNaif) bool { return n.r.Quand != nil && c.presenceLue == presenceVieuxNon }
	muets := n.liste(rayon, func(c *candidatNaif) bool { return n.accord(c, "") == muet && !vieux(c) })
	muets = append(muets, n.liste(rayon, func(c *candidatNaif) bool { return n.accord(c, "") == muet && vieux(c) })...)
	rep := reponse{Total: len(trouves), TotalMuets: len(muets), Comptes: map[string]int{}}
	if n.r.Depart != nil {
		rep.Rayon = rayon
	}
	rep.Trouves = page(trouves, n.r.Decalage, n.r.Limite)
	if n.r.Decalage+n.r.Limite >= len(trouves) {
		derniere := max(0, len(trouves)-1) / n.r.Limite * n.r.Limite
		rep.Muets = page(muets, n.r.Decalage-derniere, n.r.Limite)
	}
	rep.SansPosition = n.sansPosition()
	if n.r.SansComptes {
		return rep
	}
	for _, f := range champsFiltres {
		for _, v := range f.valeurs {
			// silent on the time is silent: it counts for nothing
			rep.Comptes[string(f.champ)+"="+v] = len(n.liste(rayon, func(c *candidatNaif) bool {
				return n.accord(c, f.champ) == convient && c.juger(f.champ, []string{v}) == convient
			}))
		}
	}
	return rep
}

func (n *naif) sansPosition() (liste []string) {
	if n.r.Depart == nil || n.r.Pres == "" {
		return nil
	}
	for i := range n.entrees {
		if c := &n.entrees[i]; !c.place && !c.seul && c.commune() == n.r.Pres && n.accord(c, "") == convient {
			liste = append(liste, c.nom())
		}
	}
	return liste
}

func reponseDe(res Resultats) reponse {
	rep := reponse{
		Trouves: noms(res.Trouves), Muets: noms(res.Muets), SansPosition: noms(res.SansPosition), Total: res.Total, TotalMuets: res.TotalMuets,
		Rayon: res.Rayon, Comptes: map[string]int{},
	}
	for _, f := range res.Comptes {
		for _, v := range f.Valeurs {
			rep.Comptes[string(f.Champ)+"="+v.Valeur] = v.N
		}
	}
	return rep
}

// presence tests every step of the time asked, and shares no evaluation with
// the catalogue: rules are read letter by letter.
func (c *candidatNaif) presence(q *Quand) presence {
	l := c.lieu
	if fermeNaif(l, q.Du) {
		return presenceNon
	}
	p := c.presenceSelonHeures(q)
	if !l.Preuve.Date.IsZero() && mednum.DateOf(q.Du).Compare(l.Preuve.Date.AddMois(18)) <= 0 {
		return p
	}
	if p == presenceNon {
		return presenceVieuxNon
	}
	return presenceDoute
}

func (c *candidatNaif) presenceSelonHeures(q *Quand) presence {
	l := c.lieu
	var heures []mednum.Permanence
	for _, p := range l.Permanences {
		ici := p.Arret == nil && c.arret == nil && !slices.Equal(p.Services, materielSeul) ||
			p.Arret != nil && c.arret != nil && memeArret(&p) == memeArret(c.arret)
		if ici {
			heures = append(heures, p)
		}
	}
	if c.arret == nil {
		switch {
		case l.Itinerant(), slices.Contains(l.Champs.ModalitesAcces, accesSansPublic):
			return presenceInconnue
		case l.SensHoraires == mednum.SensAide && l.Champs.Horaires != "":
			heures = append(heures, mednum.Permanence{Regle: l.Champs.Horaires})
		case len(heures) == 0 && l.SensHoraires == mednum.SensLieu:
			return presenceInconnue
		case len(heures) == 0 && l.Champs.Horaires == "" && surRendezVous(l):
			return presenceRDV
		case len(heures) == 0:
			heures = append(heures, mednum.Permanence{Regle: l.Champs.Horaires})
		}
	}
	trouve := map[presence]bool{}
	for _, p := range heures {
		switch {
		case p.Regle == "" && p.RendezVous && p.Arret == nil:
			trouve[presenceRDV] = true
		case p.Regle == "":
			trouve[presenceInconnue] = true
		}
		for t := q.Du; t.Before(q.Au); t = demiHeure(t) {
			if ouvertNaif(&p, t) && !fermeNaif(l, t) {
				trouve[map[bool]presence{true: presenceRDV, false: presenceOui}[p.RendezVous]] = true
			}
		}
	}
	for _, p := range []presence{presenceOui, presenceRDV, presenceInconnue} {
		if trouve[p] {
			return p
		}
	}
	return presenceNon
}
