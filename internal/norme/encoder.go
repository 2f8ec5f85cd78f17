package norme

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Export is a writing of places in the standard v1.0.2. A place is one row,
// and each stop of an itinerant service one more, after it: see lignes. Jour is
// the day of the export, in the territory's zone: closings that ended before it
// are left out, and alternate weeks are spelt out by dates from it on.
type Export struct {
	Jour mednum.Date
}

// EncodeCSV writes places in the CSV of the standard v1.0.2: UTF-8 without a
// mark, comma, LF, its 32 columns in its order, lists joined by "|", decimal
// point, quotes only where needed.
func (x Export) EncodeCSV(w io.Writer, lieux []mednum.Lieu) error {
	c := csv.NewWriter(w)
	ligne := make([]string, len(mednum.ChampsNorme))
	for i, champ := range mednum.ChampsNorme {
		ligne[i] = string(champ)
	}
	if err := c.Write(ligne); err != nil {
		return fmt.Errorf("écriture du CSV: %w", err)
	}
	for _, champs := range x.toutes(lieux) {
		for j, champ := range mednum.ChampsNorme {
			ligne[j] = champs.Valeur(champ)
		}
		if err := c.Write(ligne); err != nil {
			return fmt.Errorf("écriture du CSV: %w", err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("écriture du CSV: %w", err)
	}
	return nil
}

// toutes are the rows of all places.
func (x Export) toutes(lieux []mednum.Lieu) []mednum.Champs {
	lignes := make([]mednum.Champs, 0, len(lieux))
	for i := range lieux {
		lignes = append(lignes, x.lignes(&lieux[i])...)
	}
	return lignes
}

// objet is a row as a JSON object: the names of the standard, lists as
// arrays, absent columns left out, services always there (a national reader
// drops publics, frais and modalités of a place without the column).
type objet struct {
	mednum.Champs
	Services []string `json:"services"`
}

func objetDe(champs mednum.Champs) objet {
	o := objet{Champs: champs, Services: champs.Services}
	if o.Services == nil {
		o.Services = []string{}
	}
	return o
}

// EncodeJSON writes places as a JSON array of objects with the names of the
// standard v1.0.2. List columns are arrays, as in mednum.Champs and in the API,
// not the "|" of the CSV; Decode reads both.
func (x Export) EncodeJSON(w io.Writer, lieux []mednum.Lieu) error {
	return encoderListe(w, "[\n", "\n]\n", x.toutes(lieux), func(c mednum.Champs) any { return objetDe(c) })
}

// position is a GeoJSON point: longitude, then latitude (RFC 7946, 3.1.1).
type position struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

type featureEcrite struct {
	Type       string    `json:"type"`
	ID         string    `json:"id"`
	Geometry   *position `json:"geometry"` // null without a position (RFC 7946, 3.2)
	Properties objet     `json:"properties"`
}

// EncodeGeoJSON writes places as a FeatureCollection (RFC 7946): properties
// are the objects of EncodeJSON, with latitude and longitude among them.
func (x Export) EncodeGeoJSON(w io.Writer, lieux []mednum.Lieu) error {
	return encoderListe(w, `{"type":"FeatureCollection","features":[`+"\n", "\n]}\n", x.toutes(lieux), func(c mednum.Champs) any {
		o := objetDe(c)
		f := featureEcrite{Type: "Feature", ID: o.ID, Properties: o}
		if o.Latitude != nil && o.Longitude != nil {
			f.Geometry = &position{"Point", [2]float64{*o.Longitude, *o.Latitude}}
		}
		return f
	})
}

// encoderListe writes one row a line.
func encoderListe(w io.Writer, debut, fin string, lignes []mednum.Champs, forme func(mednum.Champs) any) error {
	b := bufio.NewWriter(w)
	_, _ = b.WriteString(debut) // bufio keeps the first error for Flush
	for i := range lignes {
		octets, err := json.Marshal(forme(lignes[i]))
		if err != nil {
			return fmt.Errorf("écriture du lieu %s: %w", lignes[i].ID, err)
		}
		if i > 0 {
			_, _ = b.WriteString(",\n")
		}
		_, _ = b.Write(octets)
	}
	_, _ = b.WriteString(fin)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("écriture du fichier: %w", err)
	}
	return nil
}
