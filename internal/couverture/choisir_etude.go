package couverture

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// GenreEtude is what could bring help nearer.
type GenreEtude string

// The kinds of question.
const (
	GenreLieu     GenreEtude = "lieu"     // new places: candidates are communes
	GenreHoraires GenreEtude = "horaires" // hours at places that are there: candidates are the fixed places that do not open at the moment
	GenreBus      GenreEtude = "bus"      // half-days of a bus: candidates are communes that nothing serves within the radius
)

// GenresEtude are in the order in which they are offered.
var GenresEtude = []GenreEtude{GenreLieu, GenreHoraires, GenreBus}

// Limits of a study.
const (
	RayonDefaut = 10_000.0 // metres by road
	RayonMin    = 1_000.0
	RayonMax    = 60_000.0
	nommesMax   = 60 // communes imposed or excluded
)

// demiJournees are how many half-days of a moment one bus has in a week.
var demiJournees = map[Moment]int{MomentTous: 10, MomentMatin: 5, MomentSoir: 5, MomentSamedi: 2}

// Etude is a question about where next. Rayon is in metres by road; EPCI is the
// SIREN of the intercommunality whose people are counted and whose communes are
// candidates, "" for the whole territory. Imposees and Exclues are INSEE codes: for
// hours, those of the communes where the places are.
type Etude struct {
	Genre    GenreEtude `json:"genre"`
	Service  string     `json:"service,omitempty"`
	Moment   Moment     `json:"moment"`
	Facteur  float64    `json:"facteur"`
	Objectif Objectif   `json:"objectif"`
	Rayon    float64    `json:"rayon"`
	Nombre   int        `json:"nombre"`
	EPCI     string     `json:"epci,omitempty"`
	Imposees []string   `json:"imposees,omitempty"`
	Exclues  []string   `json:"exclues,omitempty"`
}

// Question is what is measured before anything is added.
func (e *Etude) Question() Question {
	return Question{Service: e.Service, Moment: e.Moment, Facteur: e.Facteur}
}

// Verifier refuses ("invalide", by field) what cannot be studied on a territory.
func (e *Etude) Verifier(t *territoire.Territoire) error {
	_, connu := t.EPCI(e.EPCI)
	switch {
	case !slices.Contains(GenresEtude, e.Genre):
		return invalide("genre", "Choisissez un nouveau lieu, des horaires ou les arrêts d’un bus.")
	case e.Objectif != Couvrir && e.Objectif != Approcher:
		return invalide("objectif", "Choisissez d’aider le plus de personnes à portée, ou de raccourcir les distances.")
	case e.Genre == GenreHoraires && e.Moment == MomentTous:
		return invalide("moment", "Pour des horaires, choisissez le moment où ouvrir : le matin, le soir ou le samedi.")
	case !(e.Rayon >= RayonMin && e.Rayon <= RayonMax):
		return invalide("rayon", "Donnez une distance entre %.0f et %.0f km.", RayonMin/1000, RayonMax/1000)
	case e.Nombre < 1 || e.Nombre > PMax:
		return invalide("nombre", "Donnez un nombre entre 1 et %d.", PMax)
	case e.Genre == GenreBus && e.Nombre > demiJournees[e.Moment]:
		return invalide("nombre", "Une semaine a %d demi-journées pour ce moment : demandez-en %d au plus.", demiJournees[e.Moment], demiJournees[e.Moment])
	case e.EPCI != "" && !connu:
		return invalide("perimetre", "Cette intercommunalité n’est pas de ce territoire.")
	case len(e.Imposees) > e.Nombre:
		return invalide("imposees", "Vous imposez %d communes, et demandez %d au plus : demandez-en plus, ou imposez-en moins.", len(e.Imposees), e.Nombre)
	case len(e.Exclues) > nommesMax:
		return invalide("exclues", "Vous écartez %d communes : écartez-en %d au plus.", len(e.Exclues), nommesMax)
	}
	return e.verifierCommunes(t)
}

func (e *Etude) verifierCommunes(t *territoire.Territoire) error {
	for _, liste := range []struct {
		champ string
		codes []string
	}{{"imposees", e.Imposees}, {"exclues", e.Exclues}} {
		for _, code := range liste.codes {
			c, ok := t.Commune(code)
			switch {
			case !ok || !c.Dedans || e.EPCI != "" && c.EPCI != e.EPCI:
				return invalide(liste.champ, "« %s » n’est pas une commune de ce périmètre.", court(code))
			case liste.champ == "exclues" && slices.Contains(e.Imposees, code):
				return invalide("exclues", "« %s » est à la fois imposée et écartée : choisissez.", c.NomCourant())
			}
		}
	}
	return nil
}

// LireCommunes reads names or INSEE codes of communes of the territory, between
// commas, semicolons or ends of lines; the codes, each once. champ is the field
// that an error names.
func LireCommunes(t *territoire.Territoire, champ, texte string) ([]string, error) {
	var codes []string
	for _, mot := range strings.FieldsFunc(texte, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if mot = strings.TrimSpace(mot); mot == "" {
			continue
		}
		trouvees := nommees(t, mot)
		switch {
		case len(trouvees) == 0:
			return nil, invalide(champ, "« %s » n’est pas une commune du département : écrivez son nom en entier, ou son code INSEE.", court(mot))
		case len(trouvees) > 1:
			return nil, invalide(champ, "Plusieurs communes s’appellent « %s » : écrivez le code INSEE.", court(mot))
		case !slices.Contains(codes, trouvees[0]):
			codes = append(codes, trouvees[0])
		}
		if len(codes) > nommesMax {
			return nil, invalide(champ, "Écrivez %d communes au plus.", nommesMax)
		}
	}
	return codes, nil
}

// nommees are the communes of the territory that a text names.
func nommees(t *territoire.Territoire, mot string) (codes []string) {
	cle := mednum.Normaliser(mot)
	for i := range t.Communes {
		c := &t.Communes[i]
		noms := append([]string{c.Nom, c.Code}, c.NomsUsuels...)
		if c.Dedans && slices.ContainsFunc(noms, func(n string) bool { return mednum.Normaliser(n) == cle }) {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// Metres is a distance that is kept: whole metres, null for none (+Inf).
type Metres float64

// Aucune tells that there is nothing at any distance.
func (m Metres) Aucune() bool { return math.IsInf(float64(m), 1) }

// MarshalJSON writes whole metres.
func (m Metres) MarshalJSON() ([]byte, error) {
	if m.Aucune() {
		return []byte("null"), nil
	}
	return json.Marshal(math.Round(float64(m)))
}

// UnmarshalJSON reads them again.
func (m *Metres) UnmarshalJSON(octets []byte) error {
	if string(octets) == "null" {
		*m = Metres(math.Inf(1))
		return nil
	}
	return json.Unmarshal(octets, (*float64)(m))
}

// candidat is what may be chosen.
type candidat struct {
	nom, commune, insee string
	lieu                string // id, of a place that is there
	point               geo.Point
	muet, ancien        bool // its hours are not known; it is not verified
}

// candidats are what may be chosen, given what is measured now.
func (e *Etude) candidats(r *Resultat) []candidat {
	if e.Genre == GenreHoraires {
		return e.lieuxOuvrables(r)
	}
	var liste []candidat
	for i := range r.Mesures {
		if c := r.Mesures[i].Commune; e.Genre == GenreLieu || r.Mesures[i].Distance > e.Rayon {
			liste = append(liste, candidat{nom: c.NomCourant(), commune: c.NomCourant(), insee: c.Code, point: c.Centre})
		}
	}
	return liste
}

// lieuxOuvrables are the fixed places of the perimeter that give the service, and
// do not open at the moment as far as is known.
func (e *Etude) lieuxOuvrables(r *Resultat) []candidat {
	dedans := map[string]*territoire.Commune{}
	for i := range r.Mesures {
		dedans[r.Mesures[i].Commune.Code] = r.Mesures[i].Commune
	}
	quand := e.Question()
	toujours := quand
	toujours.Moment = MomentTous
	var liste []candidat
	for i := range r.Offres {
		o := &r.Offres[i]
		c := dedans[o.Insee]
		if c == nil || o.Arret != "" || !o.Sert(toujours) || o.Sert(quand) {
			continue
		}
		liste = append(liste, candidat{
			nom: o.Nom, commune: c.NomCourant(), insee: c.Code, lieu: o.Lieu, point: o.Point, muet: !o.tout.connue, ancien: !o.Verifiee,
		})
	}
	slices.SortFunc(liste, func(a, b candidat) int { return strings.Compare(a.insee+a.lieu, b.insee+b.lieu) })
	return liste
}
