package territoire

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"82numerique.fr/adeuxpas/internal/geo"
)

// echelle is how many units of the outline files make a degree: 1e-4 degree
// is 11 metres of latitude.
const echelle = 10_000

// documentContours is contours.json. Every border between two communes is
// stored once, as an arc: [x0,y0,dx1,dy1,…], longitude and latitude of the
// first point then steps, in 1/echelle of a WGS 84 degree. A ring is a list of
// arcs put end to end; ~i (that is -i-1) is arc i walked backwards. Polygons
// are lists of rings, the first one outside, the others holes. Rangs says of
// each arc what it separates: 0 the département from the rest, 1 two EPCI,
// 2 two communes. Limites are the borders between the neighbours, in the form
// of arcs.
type documentContours struct {
	Echelle     int            `json:"echelle"`
	Arcs        [][]int        `json:"arcs"`
	Rangs       []int          `json:"rangs"`
	Departement polygones      `json:"departement"`
	EPCI        []contourNomme `json:"epci"`
	Communes    []contourNomme `json:"communes"`
	Limites     [][]int        `json:"limites"`
}

// polygones is polygons > rings > arc references.
type polygones [][][]int

type contourNomme struct {
	Code      string    `json:"code"`
	Polygones polygones `json:"polygones"`
}

// documentRivieres is rivieres.json; lines have the form of arcs.
type documentRivieres struct {
	Echelle  int       `json:"echelle"`
	Rivieres []riviere `json:"rivieres"`
}

type riviere struct {
	Nom    string  `json:"nom"`
	Lignes [][]int `json:"lignes"`
}

// contours are the decoded outlines, in degrees (orb.Point is lon, lat).
type contours struct {
	departement forme
	communes    []formeCommune
}

type forme struct {
	boite     orb.Bound
	polygones orb.MultiPolygon
}

type formeCommune struct {
	forme
	commune *Commune
}

func newForme(m orb.MultiPolygon) forme { return forme{m.Bound(), m} }

// contient counts the border as inside.
func (f *forme) contient(p orb.Point) bool {
	if !f.boite.Contains(p) {
		return false
	}
	return planar.MultiPolygonContains(f.polygones, p)
}

func readContours(octets []byte) (*documentContours, error) {
	var d documentContours
	if err := json.Unmarshal(octets, &d); err != nil {
		return nil, fmt.Errorf("%s : JSON illisible : %w", FichierContours, err)
	}
	if d.Echelle != echelle || len(d.Rangs) != len(d.Arcs) {
		return nil, fmt.Errorf("%s : ce fichier n’est pas de cette version, reconstruisez le dossier", FichierContours)
	}
	return &d, nil
}

// decode follows the arcs of polygons and gives them in degrees.
func (d *documentContours) decode(quoi string, pp polygones) (orb.MultiPolygon, error) {
	mp := make(orb.MultiPolygon, 0, len(pp))
	for _, p := range pp {
		polygone := make(orb.Polygon, 0, len(p))
		for _, refs := range p {
			anneau, err := d.anneau(refs)
			if err != nil {
				return nil, fmt.Errorf("%s : contour de %s : %w", FichierContours, quoi, err)
			}
			polygone = append(polygone, anneau)
		}
		mp = append(mp, polygone)
	}
	return mp, nil
}

func (d *documentContours) anneau(refs []int) (orb.Ring, error) {
	var anneau orb.Ring
	for _, ref := range refs {
		i := ref
		if ref < 0 {
			i = ^ref
		}
		if i >= len(d.Arcs) {
			return nil, fmt.Errorf("l’arc %d n’existe pas", i)
		}
		points, err := decodeLigne(d.Arcs[i])
		if err != nil {
			return nil, fmt.Errorf("arc %d : %w", i, err)
		}
		if ref < 0 {
			points.Reverse()
		}
		if len(anneau) > 0 {
			if anneau[len(anneau)-1] != points[0] {
				return nil, fmt.Errorf("l’arc %d ne suit pas le précédent", i)
			}
			points = points[1:]
		}
		anneau = append(anneau, points...)
	}
	if len(anneau) < 4 || anneau[0] != anneau[len(anneau)-1] {
		return nil, fmt.Errorf("un anneau n’est pas fermé")
	}
	return anneau, nil
}

// decodeLigne turns the form of arcs into degrees.
func decodeLigne(valeurs []int) (orb.LineString, error) {
	if len(valeurs) < 4 || len(valeurs)%2 != 0 {
		return nil, fmt.Errorf("une ligne a besoin de deux points au moins")
	}
	ligne := make(orb.LineString, 0, len(valeurs)/2)
	x, y := 0, 0
	for i := 0; i < len(valeurs); i += 2 {
		x, y = x+valeurs[i], y+valeurs[i+1]
		p := orb.Point{float64(x) / echelle, float64(y) / echelle}
		if math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90 {
			return nil, fmt.Errorf("un point sort de la Terre")
		}
		ligne = append(ligne, p)
	}
	return ligne, nil
}

func (t *Territoire) openContours(octets []byte) error {
	d, err := readContours(octets)
	if err != nil {
		return err
	}
	c := &contours{}
	m, err := d.decode("département", d.Departement)
	if err != nil {
		return err
	}
	c.departement = newForme(m)
	for _, n := range d.Communes {
		commune, ok := t.parCode[n.Code]
		if !ok {
			return fmt.Errorf("%s : la commune %s a un contour mais n’est pas dans %s", FichierContours, n.Code, FichierCommunes)
		}
		m, err := d.decode(n.Code, n.Polygones)
		if err != nil {
			return err
		}
		c.communes = append(c.communes, formeCommune{newForme(m), commune})
	}
	for _, n := range d.EPCI {
		if _, ok := t.parEPCI[n.Code]; !ok {
			return fmt.Errorf("%s : l’EPCI %s a un contour mais n’est pas dans %s", FichierContours, n.Code, FichierEPCI)
		}
	}
	t.contours = c
	return nil
}

func pointOrb(p geo.Point) orb.Point { return orb.Point{p.Lon, p.Lat} }

// CommuneAt is the commune whose outline holds the point. Only communes with
// an outline are found: those of the territory's département. A point on a
// border belongs to the commune of smallest code.
func (t *Territoire) CommuneAt(p geo.Point) (*Commune, bool) {
	q := pointOrb(p)
	for i := range t.contours.communes {
		if f := &t.contours.communes[i]; f.contient(q) {
			return f.commune, true
		}
	}
	return nil, false
}

// Contient tells whether the point lies in the territory's département,
// border included (outlines are simplified: about 50 metres).
func (t *Territoire) Contient(p geo.Point) bool {
	return t.contours.departement.contient(pointOrb(p))
}

// Emprise is the box around the territory's département.
func (t *Territoire) Emprise() geo.Boite {
	b := t.contours.departement.boite
	return geo.Boite{Sud: b.Min[1], Ouest: b.Min[0], Nord: b.Max[1], Est: b.Max[0]}
}

// DistanceBord is the distance in metres from the point to the département, 0
// inside. The nearest point of each segment is found on a local plane, its
// distance on the sphere: exact to 1 % within 200 km.
func (t *Territoire) DistanceBord(p geo.Point) float64 {
	if t.Contient(p) {
		return 0
	}
	return t.contours.departement.distance(p)
}

func (f *forme) distance(p geo.Point) float64 {
	plus, ou := math.Inf(1), p
	kx := math.Cos(p.Lat * math.Pi / 180)
	for _, polygone := range f.polygones {
		for _, anneau := range polygone {
			for i := 1; i < len(anneau); i++ {
				q := procheSegment(p, anneau[i-1], anneau[i], kx)
				dx, dy := (q.Lon-p.Lon)*kx, q.Lat-p.Lat
				if d := dx*dx + dy*dy; d < plus {
					plus, ou = d, q
				}
			}
		}
	}
	return geo.Distance(p, ou)
}

// procheSegment is the point of segment ab nearest to p, on the plane where a
// degree of longitude is kx degrees of latitude.
func procheSegment(p geo.Point, a, b orb.Point, kx float64) geo.Point {
	dx, dy := (b[0]-a[0])*kx, b[1]-a[1]
	longueur := dx*dx + dy*dy
	if longueur == 0 {
		return geo.Point{Lat: a[1], Lon: a[0]}
	}
	u := ((p.Lon-a[0])*kx*dx + (p.Lat-a[1])*dy) / longueur
	u = min(1, max(0, u))
	return geo.Point{Lat: a[1] + u*(b[1]-a[1]), Lon: a[0] + u*(b[0]-a[0])}
}

// DistanceCommune is the distance in metres from the point to a commune, 0
// inside, as exact as DistanceBord; ok is false for a commune without an
// outline (see CommuneAt).
func (t *Territoire) DistanceCommune(p geo.Point, code string) (metres float64, ok bool) {
	commune, connue := t.Commune(code)
	if !connue || t.contours == nil {
		return 0, false
	}
	for i := range t.contours.communes {
		f := &t.contours.communes[i]
		if f.commune != commune {
			continue
		}
		if f.contient(pointOrb(p)) {
			return 0, true
		}
		return f.distance(p), true
	}
	return 0, false
}
