package catalogue

import (
	"fmt"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// The limits of a search.
const (
	DefautRayon  = 10_000     // metres
	RayonMax     = 20_100_000 // metres: half the Earth's circumference, rounded up
	DefautLimite = 20
	LimiteMax    = 1000
	// assez is how many results stop the radius from growing (a stop without
	// known days is not counted).
	assez = 3
	// parService is how many stops of one itinerant service a list from a
	// point shows, the nearest one and the one that it serves first: a bus with
	// twenty stops in as many neighbouring villages would otherwise hide every
	// other place, while its own page lists them all.
	parService = 2
	// RayonQuand bounds, in metres, how far a search that asks when grows:
	// nobody goes further for a place only because it is open.
	RayonQuand = 40_000
)

// The names of the domain that pages use too.
const (
	ChampFamilles     = mednum.ChampFamilles
	LanguesEtrangeres = mednum.LanguesEtrangeres
)

// Recherche is one question. Values of one field are alternatives, fields add
// up. The zero value lists everything, twenty at a time.
type Recherche struct {
	Depart   *geo.Point // nil: by commune then name, without distances
	Rayon    float64    // metres; 0 means DefautRayon; not used without Depart
	Demarche string     // id of an errand, "" for any
	Familles []mednum.Famille
	Filtres  map[mednum.Champ][]string
	Commune  string // INSEE code: only places, or stops, in this commune
	EPCI     string // SIREN: only places, or stops, in its communes
	Boite    *geo.Boite
	Quand    *Quand // nil: at any time
	// Pres is the INSEE code of the commune that was searched: its places
	// without a position are given apart, in SansPosition. "" means Commune.
	Pres        string
	Limite      int // 0 means DefautLimite; at most LimiteMax
	Decalage    int // how many results to skip
	SansElargir bool
	SansComptes bool // leave Comptes empty, which is faster
}

// Trouve is one result. Arret is the stop that was found, nil for the place
// itself. Distance is in metres, -1 without a point of departure or position.
// VieuxFerme is for one of Muets that is closed at the time asked by hours that
// are too old to be relied on.
type Trouve struct {
	Vue        *Vue
	Arret      *mednum.Permanence
	Distance   float64
	VieuxFerme bool
}

// Resultats answers a Recherche.
//
// With Depart, Trouves are nearest first, within Rayon, which doubled until
// three matched (stops without known days aside) or everything was in (Elargi), with two stops of one
// itinerant service at most: the nearest, and the one that it serves first. Without Depart but in an area they are all
// places and stops of it, by commune then name; without an area each place is
// there once. Muets match every filter or do not say, and are silent on at
// least one, or one cannot tell whether they receive at the time asked (see
// Quand); they come with the last page of Trouves, then on pages of their
// own. SansPosition are matching places of commune Pres that have no position.
type Resultats struct {
	Trouves, Muets    []Trouve
	SansPosition      []Trouve
	Total, TotalMuets int
	Rayon             float64 // metres, 0 without Depart
	Elargi            bool
	Comptes           []Facette
	Presences         Presences // of a search that asks when
	Moments           []Moment  // of a search that does not
	Suite             int       // Decalage of the next page, 0 when this is the last
	Date              time.Time
	Version           int64
}

// Presences counts the results that match the filters by what is known of them
// at the time asked. Those that are closed then are not results. Fermes are
// those of AConfirmer that are closed then by their old hours.
type Presences struct{ Ouverts, SurRendezVous, AConfirmer, Inconnus, Fermes int }

// Moment is a time that a search may ask, and how many of its results one could
// go to then. Mot is one of JoursQuand.
type Moment struct {
	Mot string
	N   int
}

// Facette counts the values of one field among what was searched, the field's
// own filter left aside. Values that no place of the whole catalogue has are
// absent unless chosen.
type Facette struct {
	Champ   mednum.Champ // ChampFamilles for families
	Valeurs []Compte
}

// Compte is how many results a value would give.
type Compte struct {
	Valeur string
	N      int
	Choisi bool
}

// valider sets the defaults of a search and refuses what has no sense, with an
// *mednum.Error of code "invalide" whose Champ is the standard's column, or
// "lat", "rayon", "demarche", "familles", "commune", "epci", "bbox", "limite",
// "decalage".
func (c *Catalogue) valider(r *Recherche) error {
	if r.Rayon == 0 {
		r.Rayon = DefautRayon
	}
	if r.Limite == 0 {
		r.Limite = DefautLimite
	}
	if r.Pres == "" {
		r.Pres = r.Commune
	}
	switch {
	case r.Depart != nil && !r.Depart.Valide():
		return invalide("lat", "Cette position n’existe pas\u00a0: donnez des degrés WGS 84.")
	case !(r.Rayon > 0 && r.Rayon <= RayonMax): // NaN too
		return invalide("rayon", "Donnez un rayon en mètres, entre 1 et %d.", RayonMax)
	case r.Limite < 0 || r.Limite > LimiteMax:
		return invalide("limite", "Donnez un nombre entre 1 et %d.", LimiteMax)
	case r.Decalage < 0:
		return invalide("decalage", "Donnez un nombre positif.")
	case r.Demarche != "" && c.demarches.Par(r.Demarche) == nil:
		return invalide("demarche", "Cette démarche n’est pas dans notre liste.")
	}
	return c.validerZone(r)
}

func (c *Catalogue) validerZone(r *Recherche) error {
	if r.Commune != "" {
		if _, ok := c.territoire.Commune(r.Commune); !ok {
			return invalide("commune", "Nous ne connaissons pas cette commune\u00a0: donnez son code INSEE.")
		}
	}
	if r.EPCI != "" {
		if _, ok := c.territoire.EPCI(r.EPCI); !ok {
			return invalide("epci", "Nous ne connaissons pas cette intercommunalité\u00a0: donnez son numéro SIREN.")
		}
	}
	if r.Boite != nil && !r.Boite.Valide() {
		return invalide("bbox", "Donnez quatre nombres en degrés\u00a0: ouest, sud, est, nord.")
	}
	return nil
}

func invalide(champ, format string, args ...any) *mednum.Error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: fmt.Sprintf(format, args...)}
}
