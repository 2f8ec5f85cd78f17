package territoire

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/paulmach/orb"
)

// documentGeoJSON is what is read of a FeatureCollection or a lone Feature
// (RFC 7946).
type documentGeoJSON struct {
	Type     string           `json:"type"`
	Features []featureGeoJSON `json:"features"`
	featureGeoJSON
}

type featureGeoJSON struct {
	Properties map[string]any `json:"properties"`
	Geometry   *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// entite is one outline or line of a GeoJSON file, with its place in it.
type entite struct {
	rang      int // from 1
	code, nom string
	geometrie orb.Geometry
}

// openEntites reads a GeoJSON FeatureCollection, or a lone Feature.
func openEntites(chemin string) ([]entite, error) {
	fichier := filepath.Base(chemin)
	octets, err := os.ReadFile(chemin)
	if err != nil {
		return nil, fmt.Errorf("%s : lecture impossible : %w", fichier, err)
	}
	var d documentGeoJSON
	if err := json.Unmarshal(octets, &d); err != nil {
		return nil, fmt.Errorf("%s, ligne %d : %s", fichier, ligneErreurJSON(octets, err), expliqueJSON(err))
	}
	switch d.Type {
	case "FeatureCollection":
	case "Feature":
		d.Features = []featureGeoJSON{d.featureGeoJSON}
	default:
		return nil, fmt.Errorf("%s : « type » vaut « %s » au lieu de FeatureCollection ou Feature", fichier, d.Type)
	}
	entites := make([]entite, 0, len(d.Features))
	for i, f := range d.Features {
		g, err := f.geometrie()
		if err != nil {
			return nil, fmt.Errorf("%s, entité n° %d : %w", fichier, i+1, err)
		}
		nom := f.propriete("nom")
		if nom == "" {
			nom = f.propriete("name")
		}
		entites = append(entites, entite{i + 1, f.propriete("code"), nom, g})
	}
	return entites, nil
}

func (f *featureGeoJSON) geometrie() (orb.Geometry, error) {
	if f.Geometry == nil {
		return nil, errors.New("elle n’a pas de géométrie")
	}
	var err error
	var g orb.Geometry
	switch f.Geometry.Type {
	case "Polygon":
		g, err = coordonnees[orb.Polygon](f.Geometry.Coordinates)
	case "MultiPolygon":
		g, err = coordonnees[orb.MultiPolygon](f.Geometry.Coordinates)
	case "LineString":
		g, err = coordonnees[orb.LineString](f.Geometry.Coordinates)
	case "MultiLineString":
		g, err = coordonnees[orb.MultiLineString](f.Geometry.Coordinates)
	default:
		return nil, fmt.Errorf("la géométrie « %s » ne convient pas : il faut des polygones ou des lignes", f.Geometry.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("coordonnées illisibles : %w", err)
	}
	return g, nil
}

// coordonnees decodes nested arrays of [longitude, latitude, …].
func coordonnees[G orb.Geometry](brut json.RawMessage) (G, error) {
	var g G
	err := json.Unmarshal(brut, &g)
	return g, err
}

// propriete reads a text, or a number (a code that lost its quotes).
func (f *featureGeoJSON) propriete(nom string) string {
	switch v := f.Properties[nom].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// contour is a named outline.
type contour struct {
	code, nom string
	polygones orb.MultiPolygon
}

// openOutlines reads named polygons; every one needs a code.
func openOutlines(chemin string) ([]contour, error) {
	entites, err := openEntites(chemin)
	if err != nil {
		return nil, err
	}
	fichier := filepath.Base(chemin)
	vus := map[string]bool{}
	var contours []contour
	for _, e := range entites {
		if e.code == "" {
			return nil, fmt.Errorf("%s, entité n° %d : la propriété « code » manque", fichier, e.rang)
		}
		if vus[e.code] {
			return nil, fmt.Errorf("%s, entité n° %d : le code %s est déjà pris", fichier, e.rang, e.code)
		}
		vus[e.code] = true
		m, err := multi(e.geometrie)
		if err != nil {
			return nil, fmt.Errorf("%s, entité n° %d (%s) : %w", fichier, e.rang, e.code, err)
		}
		contours = append(contours, contour{e.code, e.nom, m})
	}
	return contours, nil
}

// multi accepts closed polygons in degrees.
func multi(g orb.Geometry) (orb.MultiPolygon, error) {
	var m orb.MultiPolygon
	switch v := g.(type) {
	case orb.Polygon:
		m = orb.MultiPolygon{v}
	case orb.MultiPolygon:
		m = v
	default:
		return nil, fmt.Errorf("c’est un %s, il faut un Polygon ou un MultiPolygon", g.GeoJSONType())
	}
	for _, p := range m {
		if len(p) == 0 {
			return nil, fmt.Errorf("un polygone est vide")
		}
		for _, r := range p {
			if len(r) < 4 || !r.Closed() {
				return nil, fmt.Errorf("un anneau n’est pas fermé")
			}
		}
	}
	b := m.Bound()
	if b.IsEmpty() || b.Min[0] < -180 || b.Max[0] > 180 || b.Min[1] < -90 || b.Max[1] > 90 {
		return nil, fmt.Errorf("les coordonnées ne sont pas des degrés (longitude, latitude)")
	}
	return m, nil
}

// openLines reads rivers; several features may bear one name.
func openLines(chemin string) ([]entite, error) {
	entites, err := openEntites(chemin)
	if err != nil {
		return nil, err
	}
	for _, e := range entites {
		switch e.geometrie.(type) {
		case orb.LineString, orb.MultiLineString:
		default:
			return nil, fmt.Errorf("%s, entité n° %d : c’est un %s, il faut une ligne", filepath.Base(chemin), e.rang, e.geometrie.GeoJSONType())
		}
	}
	return entites, nil
}
