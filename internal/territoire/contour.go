package territoire

import (
	"strconv"

	"github.com/paulmach/orb"

	"82numerique.fr/adeuxpas/internal/geo"
)

// Contour is the outline of a commune, simplified to about 50 metres.
type Contour struct{ forme *forme }

// Contour is the outline of a commune of the territory's département; ok is
// false for any other.
func (t *Territoire) Contour(code string) (c Contour, ok bool) {
	commune, connue := t.Commune(code)
	if !connue || t.contours == nil {
		return Contour{}, false
	}
	for i := range t.contours.communes {
		if f := &t.contours.communes[i]; f.commune == commune {
			return Contour{&f.forme}, true
		}
	}
	return Contour{}, false
}

// Boite is the smallest box that holds the outline.
func (c Contour) Boite() geo.Boite {
	b := c.forme.boite
	return geo.Boite{Sud: b.Min[1], Ouest: b.Min[0], Nord: b.Max[1], Est: b.Max[0]}
}

// Touche tells whether the outline and the box share a point, edges included.
// An outline does not cross the antimeridian; a box may.
func (c Contour) Touche(b geo.Boite) bool {
	if b.Ouest > b.Est {
		ouest, est := b, b
		ouest.Est, est.Ouest = 180, -180
		return c.Touche(ouest) || c.Touche(est)
	}
	cadre := orb.Bound{Min: orb.Point{b.Ouest, b.Sud}, Max: orb.Point{b.Est, b.Nord}}
	if !c.forme.boite.Intersects(cadre) {
		return false
	}
	for _, polygone := range c.forme.polygones {
		for _, anneau := range polygone {
			for i := 1; i < len(anneau); i++ {
				if traverse(cadre, anneau[i-1], anneau[i]) {
					return true
				}
			}
		}
	}
	return c.forme.contient(cadre.Min) // no edge meets the box: it is inside, or away
}

// traverse tells whether the segment ab meets the box, by the clipping of Liang
// and Barsky ("A New Concept and Method for Line Clipping", 1984).
func traverse(cadre orb.Bound, a, b orb.Point) bool {
	debut, fin := 0.0, 1.0
	for axe := range 2 {
		d := b[axe] - a[axe]
		if d == 0 {
			if a[axe] < cadre.Min[axe] || a[axe] > cadre.Max[axe] {
				return false
			}
			continue
		}
		t0, t1 := (cadre.Min[axe]-a[axe])/d, (cadre.Max[axe]-a[axe])/d
		debut, fin = max(debut, min(t0, t1)), min(fin, max(t0, t1))
		if debut > fin {
			return false
		}
	}
	return true
}

// AppendGeoJSON appends the outline as a MultiPolygon (RFC 7946): longitude
// then latitude, outer rings counterclockwise and holes clockwise.
func (c Contour) AppendGeoJSON(dst []byte) []byte {
	dst = append(dst, `{"type":"MultiPolygon","coordinates":[`...)
	for i, polygone := range c.forme.polygones {
		dst = virgule(dst, i)
		dst = append(dst, '[')
		for j, anneau := range polygone {
			sens := orb.CCW
			if j > 0 {
				sens = orb.CW
			}
			dst = appendAnneau(virgule(dst, j), anneau, anneau.Orientation() != sens)
		}
		dst = append(dst, ']')
	}
	return append(dst, "]}"...)
}

func appendAnneau(dst []byte, anneau orb.Ring, envers bool) []byte {
	dst = append(dst, '[')
	for i := range anneau {
		p := anneau[i]
		if envers {
			p = anneau[len(anneau)-1-i]
		}
		dst = append(virgule(dst, i), '[')
		dst = strconv.AppendFloat(dst, p[0], 'f', -1, 64)
		dst = append(dst, ',')
		dst = strconv.AppendFloat(dst, p[1], 'f', -1, 64)
		dst = append(dst, ']')
	}
	return append(dst, ']')
}

func virgule(dst []byte, rang int) []byte {
	if rang > 0 {
		dst = append(dst, ',')
	}
	return dst
}

// Anneaux are the rings of the outline, WGS 84 degrees, the last point of each
// being its first.
func (c Contour) Anneaux() (anneaux [][]geo.Point) {
	for _, polygone := range c.forme.polygones {
		for _, anneau := range polygone {
			points := make([]geo.Point, len(anneau))
			for i, p := range anneau {
				points[i] = geo.Point{Lat: p[1], Lon: p[0]}
			}
			anneaux = append(anneaux, points)
		}
	}
	return anneaux
}
