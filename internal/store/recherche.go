package store

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// Entree is what a search can find of a place, as a base that searches keeps
// it: the place itself, or a stop (Arret is its first permanence).
type Entree struct {
	Lieu    string
	Arret   string // "" for the place itself
	Version int    // of the place
	Publie  bool
	// Ailleurs is for an itinerant service that has stops: it is found there.
	Ailleurs bool
	Point    *geo.Point // nil when it is not known
	Commune  string     // INSEE code as the place gives it
	Valeurs  []string   // codes (see Valeur) of what it says, and of where it says nothing
	Mots     []string   // words of the name, of a place only
}

// ID names an entry: its place, and its stop after a "/".
func (e *Entree) ID() string { return IDEntree(e.Lieu, e.Arret) }

// IDEntree is the ID of the entry of a place or of its stop.
func IDEntree(lieu, arret string) string {
	if arret == "" {
		return lieu
	}
	return lieu + "/" + arret
}

// Valeur is the code of a value of a field; with "" that of saying nothing.
func Valeur(champ mednum.Champ, valeur string) string { return string(champ) + "=" + valeur }

// Entrees are the entries of a place: itself, then its stops. A place that is
// only proposed has none: it never was found, and what it says is not checked.
func Entrees(l *mednum.Lieu) []Entree {
	if l.Statut == mednum.StatutPropose {
		return nil
	}
	groupes := l.Passages()
	lieu := newEntree(l, nil)
	lieu.Commune = l.Champs.CodeInsee
	lieu.Mots = strings.Fields(mednum.Normaliser(l.Champs.Nom))
	lieu.Ailleurs = l.Itinerant() && len(groupes) > 0
	if !l.Itinerant() {
		lieu.Point = point(l.Champs.Latitude, l.Champs.Longitude)
	}
	liste := []Entree{lieu}
	for _, groupe := range groupes {
		p := &l.Permanences[groupe[0]]
		e := newEntree(l, p)
		e.Arret, e.Commune, e.Point = p.ID, p.Arret.CodeInsee, point(p.Arret.Latitude, p.Arret.Longitude)
		liste = append(liste, e)
	}
	return liste
}

func newEntree(l *mednum.Lieu, arret *mednum.Permanence) Entree {
	e := Entree{Lieu: l.ID, Version: l.Version, Publie: l.Statut == mednum.StatutPublie}
	for _, champ := range mednum.ChampsFiltres() {
		valeurs := l.ValeursFiltre(champ, arret)
		if len(valeurs) == 0 {
			valeurs = []string{""}
		}
		for _, v := range valeurs {
			if code := Valeur(champ, v); !slices.Contains(e.Valeurs, code) {
				e.Valeurs = append(e.Valeurs, code)
			}
		}
	}
	return e
}

func point(lat, lon *float64) *geo.Point {
	if lat == nil || lon == nil {
		return nil
	}
	if p := (geo.Point{Lat: *lat, Lon: *lon}); p.Valide() {
		return &p
	}
	return nil
}

// Demande is what is asked of a base that searches. What is left at zero asks
// nothing.
type Demande struct {
	Depart    *geo.Point // entries with a position only, nearest first
	Au, De    float64    // metres from Depart: at most Au (0: any), at least De
	Limite    int        // how many of the nearest
	Boite     *geo.Boite
	Communes  []string   // INSEE codes
	Filtres   [][]string // of each, one of these codes (see Valeur)
	Situees   bool       // with a position only
	SansPoint bool       // without a position only
	Lieux     bool       // places themselves, never stops
	Arrets    bool       // never an itinerant service that has stops
	Debuts    []string   // one of these begins a word of the name
	Sauf      []string   // IDs of entries to leave out
}

// Comptage asks, among the entries of a Demande without order, how many have
// each value, in one count for each of Groupes: those that pass its filters.
// With ParService an itinerant service counts for that many stops at most.
type Comptage struct {
	Demande
	Groupes    [][][]string
	ParService int
}
