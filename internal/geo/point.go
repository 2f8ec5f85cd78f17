// Package geo measures true great-circle distances on the Earth and finds the
// nearest of many points, exactly, without a database.
package geo

import "math"

// RayonTerre is the mean radius of the Earth in metres, R1 of the IUGG
// (Moritz, Geodetic Reference System 1980: 2a+b over 3).
const RayonTerre = 6371008.8

// Point is a position in WGS 84 degrees.
type Point struct{ Lat, Lon float64 }

// Valide tells whether the point is on the Earth: latitude in [-90, 90],
// longitude in [-180, 180], no NaN.
func (p Point) Valide() bool {
	return p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180
}

// Arrondir rounds to three decimals of a degree (111 m of latitude, 80 m of
// longitude in the middle of France): the point moves by at most 79 m. It is
// enough to search nearby, and too little to say from which house.
func Arrondir(p Point) Point {
	return Point{Lat: arrondir(p.Lat), Lon: arrondir(p.Lon)}
}

func arrondir(degres float64) float64 {
	return math.Round(degres*1000)/1000 + 0 // + 0 makes -0 a plain 0
}

// Distance is the great-circle distance in metres on a sphere of radius
// RayonTerre, within about 0.5 % of the distance on the ellipsoid. It is
// symmetric, 0 between a point and itself, and sees one point where there is
// one: at a pole whatever the longitude, on the antimeridian whether it is
// written 180 or -180.
//
// It is the haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky
// and Telescope 68, 1984), read geometrically: the haversine of the angle is
// the square of half the chord, so that d = 2 R asin(chord / 2). The chord is
// taken between unit vectors, as the index does: Distance and
// Voisin.Distance are the same number to the last bit. The error of rounding
// is about a nanometre, except next to the antipode, where it reaches 20 cm.
func Distance(a, b Point) float64 {
	return metres(versVecteur(a).cordeCarree(versVecteur(b)))
}
