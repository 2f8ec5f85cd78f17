package catalogue

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// presence is what is known of an entry at the time that a search asks.
type presence uint32

// The presences; aucune is "not computed yet".
const (
	aucune           presence = iota
	presenceNon               // nobody is there then
	presenceOui               // somebody is, without appointment as far as is known
	presenceRDV               // by appointment
	presenceDoute             // the proof is too old, or the hours are silent on that public holiday
	presenceInconnue          // no hours, or hours that say "unknown"
	presenceVieuxNon          // nobody is, by hours that are too old
)

// presenceDe tells whether one can be received at an entry at some time from
// q.Du to q.Au: by its stop's passages, by the help of a fixed place where it
// is known, otherwise by its hours. Hours that are too old settle nothing, but
// whether they say closed is told.
func (c *Catalogue) presenceDe(e *entree, q *Quand) presence {
	v := e.vue
	if _, ferme := v.FermetureDe("", mednum.DateOf(q.Du)); ferme {
		return presenceNon
	}
	p := c.presenceSelonHeures(e, q)
	ancien := c.perime(v, q.Du) || e.arret == nil && len(v.aides) == 0 && c.horairesPerimes(v, q.Du)
	switch {
	case ancien && p == presenceNon:
		return presenceVieuxNon
	case ancien:
		return presenceDoute
	}
	return p
}

func (c *Catalogue) presenceSelonHeures(e *entree, q *Quand) presence {
	v := e.vue
	if e.arret != nil {
		meilleure := presenceNon
		for _, i := range v.freres(e.arret) {
			p := &v.Permanences[i]
			meilleure = meilleur(meilleure, c.presencePendant(creneauAide{p, v.regles[p.ID]}, p.Arret.CodeInsee, q))
		}
		return meilleure
	}
	switch {
	case v.Itinerant(), surPlaceJamais(&v.Lieu), v.SensHoraires == mednum.SensLieu && len(v.aides) == 0:
		return presenceInconnue
	case len(v.aides) > 0:
		fraiches := c.aidesFraiches(v, q.Du)
		meilleure := presenceNon
		if len(fraiches) < len(v.aides) {
			meilleure = presenceDoute
		}
		for _, a := range fraiches {
			meilleure = meilleur(meilleure, c.presencePendant(a, v.Champs.CodeInsee, q))
		}
		return meilleure
	case v.effectives == nil:
		return c.presenceSansHoraires(v, q)
	}
	return c.presencePendant(creneauAide{&mednum.Permanence{}, v.effectives}, v.Champs.CodeInsee, q)
}

// presenceSansHoraires is presence where only exceptions are known, if any.
func (c *Catalogue) presenceSansHoraires(v *Vue, q *Quand) presence {
	p := c.presencePendant(creneauAide{&mednum.Permanence{}, v.notees}, v.Champs.CodeInsee, q)
	if p == presenceInconnue && v.Champs.Horaires == "" && surRendezVous(&v.Lieu) {
		return presenceRDV
	}
	return p
}

func (c *Catalogue) presencePendant(a creneauAide, codeInsee string, q *Quand) presence {
	if a.regle == nil {
		if a.permanence.RendezVous && a.permanence.Arret == nil {
			return presenceRDV
		}
		return presenceInconnue
	}
	cal := c.calendrier(codeInsee)
	etat, mots := a.regle.Pendant(q.Du, q.Au, cal)
	_, ferie := cal.Ferie(q.Du)
	switch {
	case etat == horaires.Ferme:
		return presenceNon
	case ferie && !a.regle.PrevoitFerie(q.Du, cal):
		return presenceDoute
	case etat == horaires.Ouvert && a.permanence.RendezVous, etat == horaires.Inconnu && parleDeRendezVous(mots):
		return presenceRDV
	case etat == horaires.Ouvert:
		return presenceOui
	}
	return presenceInconnue
}

// meilleur prefers what lets one go: open, then by appointment, then in doubt.
func meilleur(a, b presence) presence {
	rang := [...]int{presenceNon: 0, presenceInconnue: 1, presenceDoute: 2, presenceRDV: 3, presenceOui: 4}
	if rang[b] > rang[a] {
		return b
	}
	return a
}

// HeuresDuJour are the hours at which one is received at a result, on the civil
// day of q: those of its stop, of the help of a fixed place where it is known,
// otherwise the place's own; nil where they are not known, or too old.
func (c *Catalogue) HeuresDuJour(t Trouve, q *Quand) []horaires.Intervalle {
	v := t.Vue
	if c.perime(v, q.Du) {
		return nil
	}
	var regles []*horaires.Expression
	insee := v.Champs.CodeInsee
	switch {
	case t.Arret != nil:
		insee = t.Arret.Arret.CodeInsee
		for _, i := range v.freres(t.Arret) {
			regles = append(regles, v.regles[v.Permanences[i].ID])
		}
	case len(v.aides) > 0:
		for _, a := range c.aidesFraiches(v, q.Du) {
			regles = append(regles, a.regle)
		}
	case !v.Itinerant() && v.SensHoraires != mednum.SensLieu && !c.horairesPerimes(v, q.Du):
		regles = append(regles, cmp.Or(v.effectives, v.notees))
	}
	minuit := aMinute(q.Du, 0)
	var liste []horaires.Intervalle
	for _, regle := range regles {
		if regle != nil {
			liste = append(liste, regle.Entre(minuit, minuitSuivant(q.Du), c.calendrier(insee))...)
		}
	}
	slices.SortStableFunc(liste, func(a, b horaires.Intervalle) int { return a.Debut.Compare(b.Debut) })
	return liste
}

// presences keep, for the minute that runs and one snapshot, what was computed
// of the entries: several searches of one minute ask the same.
type presences struct {
	mu         sync.Mutex
	instantane *instantane
	minute     time.Time
	parQuand   map[[2]int64][]atomic.Uint32
}

// quandsGardes bounds how many times are kept for a minute.
const quandsGardes = 32

// pour is the table of a time, one cell an entry.
func (p *presences) pour(s *instantane, q *Quand, maintenant time.Time) []atomic.Uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if minute := maintenant.Truncate(time.Minute); p.instantane != s || !p.minute.Equal(minute) || len(p.parQuand) >= quandsGardes {
		p.instantane, p.minute, p.parQuand = s, minute, map[[2]int64][]atomic.Uint32{}
	}
	cle := [2]int64{q.Du.Unix(), q.Au.Unix()}
	if p.parQuand[cle] == nil {
		p.parQuand[cle] = make([]atomic.Uint32, len(s.entrees))
	}
	return p.parQuand[cle]
}

// moment answers for the entries at one time, each computed once a minute.
type moment struct {
	catalogue *Catalogue
	quand     *Quand
	cellules  []atomic.Uint32
}

func (c *Catalogue) moment(s *instantane, q *Quand) *moment {
	if q == nil {
		return nil
	}
	return &moment{c, q, c.presences.pour(s, q, c.now())}
}

// presence of the entry of that number; presenceOui for every entry of a
// search that does not ask when.
func (m *moment) presence(s *instantane, n int) presence {
	if m == nil {
		return presenceOui
	}
	if p := presence(m.cellules[n].Load()); p != aucune {
		return p
	}
	p := m.catalogue.presenceDe(&s.entrees[n], m.quand)
	m.cellules[n].Store(uint32(p))
	return p
}
