package couverture

import (
	"strconv"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Trajet is an itinerary by car: metres and seconds.
type Trajet struct {
	Metres   float64 `json:"m"`
	Secondes float64 `json:"s"`
}

// Trajets are the itineraries that a server gave, from the centre of a commune to
// a place. A nil *Trajets knows none.
type Trajets struct {
	Serveur string    // its host, as pages name it
	Le      time.Time // of the newest
	par     map[string]Trajet
}

// Entre is the itinerary from a commune to a point; ok is false when it is not
// known.
func (t *Trajets) Entre(c *territoire.Commune, p geo.Point) (Trajet, bool) {
	if t == nil {
		return Trajet{}, false
	}
	v, ok := t.par[cleTrajet(c.Centre, p)]
	return v, ok && v.Metres != sansRoute
}

// Memes tells whether two are the same: nothing was asked in between.
func (t *Trajets) Memes(autres *Trajets) bool {
	if t == nil || autres == nil {
		return t == autres
	}
	return t.Le.Equal(autres.Le) && len(t.par) == len(autres.par)
}

// cleTrajet names two ends, to five decimals of a degree: a metre.
func cleTrajet(de, a geo.Point) string { return degres(de) + " " + degres(a) }

// degres is a point as servers of itineraries write it: longitude, latitude.
func degres(p geo.Point) string {
	return strconv.FormatFloat(p.Lon, 'f', 5, 64) + "," + strconv.FormatFloat(p.Lat, 'f', 5, 64)
}
