package territoire

import (
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/planar"

	"82numerique.fr/adeuxpas/internal/geo"
)

// buildAlentours draws what surrounds the département: rivers, borders between
// neighbours, and a point for each neighbour's name.
func (c *chantier) buildAlentours() error {
	b := c.bord.Bound()
	boite := orb.Bound{
		Min: orb.Point{b.Min[0] - margeCarte, b.Min[1] - margeCarte},
		Max: orb.Point{b.Max[0] + margeCarte, b.Max[1] + margeCarte},
	}
	c.buildVoisins(boite)
	c.rivieres.Echelle = echelle
	if c.sources.Rivieres == "" {
		return nil
	}
	lignes, err := openLines(c.sources.Rivieres)
	if err != nil {
		return err
	}
	for _, e := range lignes {
		c.addRiviere(boite, e)
	}
	slices.SortStableFunc(c.rivieres.Rivieres, func(a, b riviere) int { return strings.Compare(a.Nom, b.Nom) })
	c.bilan.Rivieres = len(c.rivieres.Rivieres)
	return nil
}

func (c *chantier) addRiviere(boite orb.Bound, e entite) {
	morceaux, ok := clip.Geometry(boite, orb.Clone(e.geometrie)).(orb.MultiLineString)
	if l, une := clip.Geometry(boite, orb.Clone(e.geometrie)).(orb.LineString); une {
		morceaux, ok = orb.MultiLineString{l}, true
	}
	if !ok {
		return
	}
	var lignes [][]int
	for _, m := range morceaux {
		if points := ligneGrille(m); len(points) > 1 {
			lignes = append(lignes, encodeGrille(simplifieArc(points, tolerance)))
		}
	}
	if len(lignes) == 0 {
		return
	}
	i := slices.IndexFunc(c.rivieres.Rivieres, func(r riviere) bool { return r.Nom == e.nom })
	if i < 0 {
		c.rivieres.Rivieres = append(c.rivieres.Rivieres, riviere{e.nom, lignes})
		return
	}
	c.rivieres.Rivieres[i].Lignes = append(c.rivieres.Rivieres[i].Lignes, lignes...)
}

func ligneGrille(l orb.LineString) []grille {
	var points []grille
	for _, p := range l {
		if g := surGrille(p); len(points) == 0 || points[len(points)-1] != g {
			points = append(points, g)
		}
	}
	return points
}

// buildVoisins keeps the borders between neighbours: their own border with the
// département is drawn, finer, by the communes.
func (c *chantier) buildVoisins(boite orb.Bound) {
	var multis []orb.MultiPolygon
	for _, v := range c.voisins {
		multis = append(multis, v.polygones)
	}
	topo := newTopologie(multis...)
	propres := map[int]bool{}
	autres := map[int]bool{}
	for _, v := range c.voisins {
		for _, p := range topo.polygones(v.polygones) {
			for _, refs := range p {
				for _, ref := range refs {
					if v.code == c.sources.Departement {
						propres[numero(ref)] = true
					} else {
						autres[numero(ref)] = true
					}
				}
			}
		}
		c.addDepartement(boite, v)
	}
	for i, arc := range topo.arcs {
		if !autres[i] || propres[i] {
			continue
		}
		for _, m := range clip.LineString(boite, ligneOrb(arc)) {
			if points := ligneGrille(m); len(points) > 1 {
				c.contours.Limites = append(c.contours.Limites, encodeGrille(points))
			}
		}
	}
	if trouverContour(c.voisins, c.sources.Departement) == nil {
		c.addDepartement(boite, contour{c.sources.Departement, c.nom, c.bord})
	}
	slices.SortFunc(c.departement, func(a, b Departement) int { return strings.Compare(a.Code, b.Code) })
}

func ligneOrb(points []grille) orb.LineString {
	l := make(orb.LineString, len(points))
	for i, p := range points {
		l[i] = orb.Point{float64(p.x) / echelle, float64(p.y) / echelle}
	}
	return l
}

// addDepartement keeps a neighbour that the map shows, its name at the centre
// of what is shown.
func (c *chantier) addDepartement(boite orb.Bound, v contour) {
	vu := clip.MultiPolygon(boite, v.polygones.Clone())
	if len(vu) == 0 {
		return
	}
	centre, aire := planar.CentroidArea(vu)
	if aire <= 0 {
		return
	}
	c.departement = append(c.departement, Departement{v.code, v.nom, geo.Point{Lat: arrondi(centre[1]), Lon: arrondi(centre[0])}})
}

func arrondi(degres float64) float64 { return math.Round(degres*echelle) / echelle }
