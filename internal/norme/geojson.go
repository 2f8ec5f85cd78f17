package norme

import "encoding/json"

// objetGeoJSON is a GeoJSON feature as a row: its properties, and the position
// of its geometry unless the properties give their own.
func objetGeoJSON(feature map[string]any) map[string]any {
	proprietes, _ := feature["properties"].(map[string]any)
	objet := make(map[string]any, len(proprietes)+3)
	if id := feature["id"]; id != nil {
		objet["id"] = id // RFC 7946: a member of the feature
	}
	for nom, v := range proprietes {
		objet[nom] = v
	}
	if _, ecrite := objet["latitude"]; !ecrite {
		if lon, lat, ok := pointDe(feature["geometry"], 0); ok {
			objet["longitude"], objet["latitude"] = lon, lat
		}
	}
	return objet
}

// pointDe is the first point of a geometry, as written (RFC 7946: longitude
// first). Lines and surfaces have none: their middle would be a guess.
func pointDe(geometrie any, profondeur int) (lon, lat json.Number, ok bool) {
	g, _ := geometrie.(map[string]any)
	if g == nil || profondeur > profondeurMax {
		return "", "", false
	}
	switch g["type"] {
	case "Point":
		return coordonneesDe(g["coordinates"])
	case "MultiPoint":
		if points, _ := g["coordinates"].([]any); len(points) == 1 {
			return coordonneesDe(points[0])
		}
	case "GeometryCollection":
		membres, _ := g["geometries"].([]any)
		for _, m := range membres {
			if lon, lat, ok = pointDe(m, profondeur+1); ok {
				return lon, lat, ok
			}
		}
	}
	return "", "", false
}

func coordonneesDe(coordonnees any) (lon, lat json.Number, ok bool) {
	c, _ := coordonnees.([]any)
	if len(c) < 2 {
		return "", "", false
	}
	lon, okLon := c[0].(json.Number)
	lat, okLat := c[1].(json.Number)
	return lon, lat, okLon && okLat
}
