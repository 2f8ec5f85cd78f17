package geo

import "math"

// vecteur is a point of the unit sphere: x towards (0°, 0°), y towards
// (0°, 90° E), z towards the north pole.
type vecteur [3]float64

func versVecteur(p Point) vecteur {
	// The cosine of the latitude is the sine of the angle to the pole: it is
	// exactly 0 at a pole, where math.Cos would leave 6e-17.
	cosLat := math.Sin(radians(90 - math.Abs(p.Lat)))
	lon := p.Lon
	if lon == -180 {
		lon = 180
	}
	sinLon, cosLon := math.Sincos(radians(lon))
	return vecteur{cosLat * cosLon, cosLat * sinLon, math.Sin(radians(p.Lat))}
}

func radians(degres float64) float64 { return degres * (math.Pi / 180) }

// cordeCarree is the square of the straight line between two points of the
// unit sphere, from 0 to 4. It grows with the great-circle distance, so that
// comparing chords compares distances without trigonometry.
//
// The conversions forbid the compiler to fuse a product and a sum (the Go
// specification, "Floating-point operators"): every caller, on every machine,
// rounds in the same way, and equal distances are equal.
func (v vecteur) cordeCarree(w vecteur) float64 {
	dx, dy, dz := v[0]-w[0], v[1]-w[1], v[2]-w[2]
	return float64(dx*dx) + float64(dy*dy) + float64(dz*dz)
}

// metres is the great-circle distance of a squared chord.
func metres(carre float64) float64 {
	return 2 * RayonTerre * math.Asin(min(1, math.Sqrt(carre)/2))
}

// flou is how far apart, relatively, two squared chords are when their
// distances in metres surely differ in the same direction: fifty times the
// rounding of a square root and an arc sine.
const flou = 1e-14

// carreMax is a squared chord that no point within the distance exceeds.
func carreMax(distance float64) float64 {
	if distance >= math.Pi*RayonTerre {
		return math.Inf(1)
	}
	corde := 2 * math.Sin(distance/(2*RayonTerre))
	return corde * corde * (1 + 10*flou)
}
