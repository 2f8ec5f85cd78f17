package mongo

import (
	"encoding/json"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// document is a value as BSON, with the names and the forms of its JSON (dates
// as "2006-01-02", moments with their nanoseconds), so that both stores keep
// the same; entete comes before it.
func document(v any, entete ...bson.E) (bson.D, error) {
	texte, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var d bson.D
	if err := bson.UnmarshalExtJSON(texte, false, &d); err != nil {
		return nil, fmt.Errorf("BSON: %w", err)
	}
	return slices.Concat(entete, d), nil
}

// decoder reads what document wrote; keys that the type does not have are left
// out.
func decoder[T any](brut bson.Raw) (v T, err error) {
	texte, err := bson.MarshalExtJSON(brut, false, false)
	if err != nil {
		return v, fmt.Errorf("BSON: %w", err)
	}
	return v, json.Unmarshal(texte, &v)
}

// documentLieu is a place as the collection "lieux" keeps it: its JSON, and its
// position as a GeoJSON Point (RFC 7946: longitude first) for the 2dsphere
// index. A seat that is not an office has none.
func documentLieu(l mednum.Lieu) (bson.D, error) {
	entete := []bson.E{{Key: "_id", Value: l.ID}}
	c := &l.Champs
	if c.Latitude != nil && c.Longitude != nil && mednum.EstPosition(*c.Latitude, *c.Longitude) && !l.Itinerant() {
		entete = append(entete, bson.E{Key: "location", Value: bson.D{
			{Key: "type", Value: "Point"}, {Key: "coordinates", Value: bson.A{*c.Longitude, *c.Latitude}},
		}})
	}
	d, err := document(l, entete...)
	if err != nil {
		return nil, fmt.Errorf("lieu %s: %w", l.ID, err)
	}
	return d, nil
}
