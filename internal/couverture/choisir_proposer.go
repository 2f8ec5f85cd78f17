package couverture

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Site is one of what is proposed. Gagnes are the people that it brings within
// the radius once those before it in the list are there; Aides, those for whom it
// becomes the nearest.
type Site struct {
	Nom             string  `json:"nom"`
	Commune         string  `json:"commune"`
	Insee           string  `json:"insee"`
	Lieu            string  `json:"lieu,omitempty"` // id of a place that is there
	Lat             float64 `json:"lat"`
	Lon             float64 `json:"lon"`
	Gagnes          int     `json:"gagnes"`
	Aides           Effet   `json:"aides"`
	Imposee         bool    `json:"imposee,omitempty"`
	HeuresInconnues bool    `json:"heures_inconnues,omitempty"`
	Ancien          bool    `json:"non_verifie,omitempty"`
}

// Effet is what changes for some people: from how far to how far, on average over
// those who had something; SansRien had nothing.
type Effet struct {
	Personnes int    `json:"personnes"`
	Communes  int    `json:"communes"`
	SansRien  int    `json:"sans_rien"`
	Avant     Metres `json:"avant"`
	Apres     Metres `json:"apres"`
}

// Ligne is one commune, before and after; Par is the number of the site (from 1)
// that becomes its nearest, 0 for none.
type Ligne struct {
	Insee      string `json:"insee"`
	Nom        string `json:"nom"`
	Population int    `json:"population"`
	Avant      Metres `json:"avant"`
	Apres      Metres `json:"apres"`
	Par        int    `json:"par,omitempty"`
}

// Entree is what a proposal is made of, and what is not known of it.
type Entree struct {
	Jour            mednum.Date `json:"jour"`
	Offres          int         `json:"offres"`
	Servent         int         `json:"servent"` // those that answer the question now
	NonVerifies     int         `json:"non_verifies"`
	HeuresInconnues int         `json:"heures_inconnues"`
	SansPosition    int         `json:"sans_position"`
	Candidats       int         `json:"candidats"`
	// Empreinte changes when anything that the choice depends on does.
	Empreinte string `json:"empreinte"`
}

// Proposition answers a study. Distances are metres by road. For the averages, a
// commune that nothing serves counts Plafond.
type Proposition struct {
	Entree Entree `json:"entree"`
	Sites  []Site `json:"sites"`
	// Presents are where those that answer the question now are: latitude and
	// longitude, to four decimals.
	Presents   [][2]float64 `json:"presents"`
	Lignes     []Ligne      `json:"communes"` // by INSEE code
	Population int          `json:"population"`
	DansAvant  int          `json:"dans_avant"` // people within the radius
	DansApres  int          `json:"dans_apres"`
	MoyAvant   Metres       `json:"moyenne_avant"`
	MoyApres   Metres       `json:"moyenne_apres"`
	Plafond    Metres       `json:"plafond"`
	Couverts   Effet        `json:"couverts"`   // those who come within the radius
	Rapproches Effet        `json:"rapproches"` // those whose nearest help gets nearer
	Boucle     Metres       `json:"boucle"`     // of a bus, in the order of Sites
	Gain       int64        `json:"gain"`       // see Reponse
	Borne      int64        `json:"borne"`
	Ecart      float64      `json:"ecart"`
	Coupe      bool         `json:"coupe,omitempty"`
}

// Proposer answers a study, given what is measured now of its question in the
// whole territory. The choice is Choisir's: the same study of the same measure has
// the same answer. Errors are those of Verifier; a commune that is imposed and
// cannot be chosen, and a study without candidates, are "invalide" as well.
func Proposer(ctx context.Context, t *territoire.Territoire, r *Resultat, e Etude) (*Proposition, error) {
	c, err := newCalcul(t, r, e)
	if err != nil {
		return nil, err
	}
	p := &Proposition{Entree: c.entree(), Presents: c.presents()}
	if len(c.candidats) == 0 {
		return nil, c.sansCandidat()
	}
	probleme, err := c.probleme()
	if err != nil {
		return nil, err
	}
	p.Plafond = Metres(probleme.Plafond)
	rep, err := Choisir(ctx, probleme)
	if err != nil {
		return nil, err
	}
	p.Gain, p.Borne, p.Ecart, p.Coupe = rep.Gain, rep.Borne, rep.Ecart(), rep.Coupe
	c.remplir(p, probleme, c.ranger(p, probleme, rep.Choisis))
	return p, nil
}

// EntreeDe is what Proposer would be made of now, without choosing.
func EntreeDe(t *territoire.Territoire, r *Resultat, e Etude) (Entree, error) {
	c, err := newCalcul(t, r, e)
	if err != nil {
		return Entree{}, err
	}
	return c.entree(), nil
}

// calcul is one study under way.
type calcul struct {
	Etude
	r         *Resultat
	candidats []candidat
}

func newCalcul(t *territoire.Territoire, r *Resultat, e Etude) (*calcul, error) {
	if err := e.Verifier(t); err != nil {
		return nil, err
	}
	if r.Question != e.Question() {
		return nil, fmt.Errorf("couverture: study of %+v with the measure of %+v", e.Question(), r.Question)
	}
	dedans := *r
	dedans.Mesures = slices.DeleteFunc(slices.Clone(r.Mesures), func(m Mesure) bool { return e.EPCI != "" && m.Commune.EPCI != e.EPCI })
	c := &calcul{Etude: e, r: &dedans}
	c.candidats = e.candidats(c.r)
	return c, nil
}

func (c *calcul) sansCandidat() error {
	switch c.Genre {
	case GenreHoraires:
		return invalide("moment", "Aucun lieu fixe de ce périmètre ne donne cette aide sans ouvrir déjà à ce moment : changez de moment, de service ou de périmètre.")
	case GenreBus:
		return invalide("rayon", "Toutes les communes de ce périmètre ont déjà cette aide à moins de %.0f km : donnez une distance plus courte.", c.Rayon/1000)
	}
	return invalide("perimetre", "Ce périmètre n’a aucune commune.")
}

// probleme is the study as Choisir takes it.
func (c *calcul) probleme() (*Probleme, error) {
	p := &Probleme{Objectif: c.Objectif, P: c.Nombre, Rayon: c.Rayon}
	for i := range c.r.Mesures {
		m := &c.r.Mesures[i]
		ligne := make([]float64, len(c.candidats))
		for j := range c.candidats {
			ligne[j] = c.distance(m.Commune, &c.candidats[j])
		}
		p.Population, p.Actuel, p.Cout = append(p.Population, m.Commune.Population), append(p.Actuel, m.Distance), append(p.Cout, ligne)
	}
	p.Plafond = p.plafond()
	for j := range c.candidats {
		if slices.Contains(c.Exclues, c.candidats[j].insee) {
			p.Exclus = append(p.Exclus, j)
		}
	}
	for _, code := range c.Imposees {
		j := c.dansCommune(code)
		if j < 0 {
			return nil, invalide("imposees", "« %s » ne peut pas être choisie ici : %s.", nomDe(c.r, code), map[GenreEtude]string{
				GenreBus: "cette aide y est déjà assez proche", GenreHoraires: "aucun de ses lieux ne pourrait ouvrir à ce moment",
			}[c.Genre])
		}
		p.Imposes = append(p.Imposes, j)
	}
	return p, nil
}

// distance is how far a candidate would be, in metres by road; a commune is at 0
// from its own centre.
func (c *calcul) distance(de *territoire.Commune, a *candidat) float64 {
	d := geo.Distance(de.Centre, a.point)
	if t, ok := c.r.Parcours.Entre(de, a.point); ok && d > 0 {
		return math.Max(t.Metres, d)
	}
	return d * c.Facteur
}

// dansCommune is the candidate of a commune, the nearest to its centre; -1 for none.
func (c *calcul) dansCommune(code string) int {
	m, ok := c.r.De(code)
	proche := -1
	for j := range c.candidats {
		if ok && c.candidats[j].insee == code && (proche < 0 || c.distance(m.Commune, &c.candidats[j]) < c.distance(m.Commune, &c.candidats[proche])) {
			proche = j
		}
	}
	return proche
}

func nomDe(r *Resultat, code string) string {
	if m, ok := r.De(code); ok {
		return m.Commune.NomCourant()
	}
	return code
}

func (c *calcul) entree() Entree {
	i := c.r.Inventaire
	return Entree{
		Jour: i.Jour, Offres: len(i.Offres), Servent: c.r.Servent, NonVerifies: i.NonVerifies, HeuresInconnues: i.HeuresInconnues,
		SansPosition: i.SansPosition, Candidats: len(c.candidats), Empreinte: c.empreinte(),
	}
}

// presents are the places that answer the question now, presentsMax of them at most.
func (c *calcul) presents() (points [][2]float64) {
	q := c.Question()
	for i := range c.r.Offres {
		if o := &c.r.Offres[i]; o.Sert(q) && len(points) < presentsMax {
			points = append(points, [2]float64{math.Round(1e4*o.Point.Lat) / 1e4, math.Round(1e4*o.Point.Lon) / 1e4})
		}
	}
	return points
}

// presentsMax is how many present places a proposal keeps, to be drawn.
const presentsMax = 3000

// empreinte is the beginning of the SHA-256 of what the choice depends on.
func (c *calcul) empreinte() string {
	h := sha256.New()
	dire := func(texte string, nombres ...float64) {
		h.Write([]byte(texte))
		for _, n := range nombres {
			_ = binary.Write(h, binary.BigEndian, math.Round(n)) // a hash takes everything
		}
	}
	for i := range c.r.Mesures {
		m := &c.r.Mesures[i]
		dire(m.Commune.Code, float64(m.Commune.Population), m.Distance)
	}
	for j := range c.candidats {
		k := &c.candidats[j]
		dire("|"+k.insee+"|"+k.lieu, 1e5*k.point.Lat, 1e5*k.point.Lon)
	}
	dire("|", float64(c.r.NonVerifies), float64(c.r.HeuresInconnues))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// ranger is the order in which candidates are shown: of a bus, that of its tour;
// of others, each time the one that gains most once those before it are there.
func (c *calcul) ranger(p *Proposition, probleme *Probleme, choisis []int) []int {
	g := newGains(probleme)
	g.p = len(choisis)
	var rangs []int
	for _, k := range g.glouton(nil, func(k int) bool { return slices.Contains(choisis, g.candidats[k]) }) {
		rangs = append(rangs, g.candidats[k])
	}
	for _, j := range choisis { // imposed ones may gain nothing
		if !slices.Contains(rangs, j) {
			rangs = append(rangs, j)
		}
	}
	if c.Genre != GenreBus {
		return rangs
	}
	entre := func(a, b int) float64 {
		return c.Facteur * geo.Distance(c.candidats[rangs[a]].point, c.candidats[rangs[b]].point)
	}
	ordre, longueur := tournee(len(rangs), entre)
	p.Boucle = Metres(longueur)
	tour := make([]int, len(ordre))
	for k, n := range ordre {
		tour[k] = rangs[n]
	}
	return tour
}
