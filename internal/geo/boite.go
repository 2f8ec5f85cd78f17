package geo

import "math"

// Boite is a box between two parallels and two meridians, edges included, in
// WGS 84 degrees. Ouest > Est means that it crosses the antimeridian. It is a
// box of degrees: a point at a pole is where its longitude says.
type Boite struct{ Sud, Ouest, Nord, Est float64 }

// Valide tells whether the corners are on the Earth and Sud is not above Nord.
func (b Boite) Valide() bool {
	return Point{b.Sud, b.Ouest}.Valide() && Point{b.Nord, b.Est}.Valide() && b.Sud <= b.Nord
}

// Contient tells whether the point is in the box. The meridian 180 is also
// -180.
func (b Boite) Contient(p Point) bool {
	if !(p.Lat >= b.Sud && p.Lat <= b.Nord) {
		return false
	}
	return b.entre(p.Lon) || math.Abs(p.Lon) == 180 && b.entre(-p.Lon)
}

func (b Boite) entre(lon float64) bool {
	if b.Ouest > b.Est {
		return lon >= b.Ouest || lon <= b.Est
	}
	return lon >= b.Ouest && lon <= b.Est
}

// pave is a box of space that holds every unit vector of the box of degrees,
// with a margin (6 µm on the Earth) that covers the rounding.
func (b Boite) pave() (mini, maxi vecteur) {
	const marge = 1e-12
	rayonNord, rayonSud := math.Cos(radians(b.Nord)), math.Cos(radians(b.Sud))
	petit, grand := min(rayonNord, rayonSud), max(rayonNord, rayonSud)
	if b.Sud <= 0 && b.Nord >= 0 {
		grand = 1
	}
	cosMin, cosMax := b.bornesCosinus(0)
	sinMin, sinMax := b.bornesCosinus(90)
	mini = vecteur{min(petit*cosMin, grand*cosMin), min(petit*sinMin, grand*sinMin), math.Sin(radians(b.Sud))}
	maxi = vecteur{max(petit*cosMax, grand*cosMax), max(petit*sinMax, grand*sinMax), math.Sin(radians(b.Nord))}
	for axe := range mini {
		mini[axe] -= marge
		maxi[axe] += marge
	}
	return mini, maxi
}

// bornesCosinus are the extremes of cos(lon - phase) over the box: those of
// its two meridians, and 1 or -1 when it holds the meridian of a summit.
func (b Boite) bornesCosinus(phase float64) (mini, maxi float64) {
	ouest, est := math.Cos(radians(b.Ouest-phase)), math.Cos(radians(b.Est-phase))
	mini, maxi = min(ouest, est), max(ouest, est)
	if b.entre(phase) {
		maxi = 1
	}
	if b.entre(phase - 180) { // 180 itself can only be one of the two meridians
		mini = -1
	}
	return mini, maxi
}
