package norme

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// EncodeCSV writes places in the CSV of the standard v1.0.2: UTF-8 without a
// mark, comma, LF, its 32 columns in its order, lists joined by "|", decimal
// point, quotes only where needed.
func EncodeCSV(w io.Writer, lieux []mednum.Lieu) error {
	c := csv.NewWriter(w)
	ligne := make([]string, len(mednum.ChampsNorme))
	for i, champ := range mednum.ChampsNorme {
		ligne[i] = string(champ)
	}
	if err := c.Write(ligne); err != nil {
		return fmt.Errorf("écriture du CSV: %w", err)
	}
	for i := range lieux {
		champs := champsDe(&lieux[i])
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

// champsDe are the columns of a place; its public id is the exported one.
func champsDe(l *mednum.Lieu) mednum.Champs {
	champs := l.Champs
	if l.ID != "" {
		champs.ID = l.ID
	}
	return champs
}

// objet is a place as a JSON object: the names of the standard, lists as
// arrays, absent columns left out, services always there (a national reader
// drops publics, frais and modalités of a place without the column).
type objet struct {
	mednum.Champs
	Services []string `json:"services"`
}

func objetDe(l *mednum.Lieu) objet {
	champs := champsDe(l)
	o := objet{Champs: champs, Services: champs.Services}
	if o.Services == nil {
		o.Services = []string{}
	}
	return o
}

// EncodeJSON writes places as a JSON array of objects with the names of the
// standard v1.0.2. List columns are arrays, as in mednum.Champs and in the API,
// not the "|" of the CSV; Decode reads both.
func EncodeJSON(w io.Writer, lieux []mednum.Lieu) error {
	return encoderListe(w, "[\n", "\n]\n", lieux, func(l *mednum.Lieu) any { return objetDe(l) })
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
func EncodeGeoJSON(w io.Writer, lieux []mednum.Lieu) error {
	return encoderListe(w, `{"type":"FeatureCollection","features":[`+"\n", "\n]}\n", lieux, func(l *mednum.Lieu) any {
		o := objetDe(l)
		f := featureEcrite{Type: "Feature", ID: o.ID, Properties: o}
		if o.Latitude != nil && o.Longitude != nil {
			f.Geometry = &position{"Point", [2]float64{*o.Longitude, *o.Latitude}}
		}
		return f
	})
}

// encoderListe writes one place a line.
func encoderListe(w io.Writer, debut, fin string, lieux []mednum.Lieu, forme func(*mednum.Lieu) any) error {
	b := bufio.NewWriter(w)
	_, _ = b.WriteString(debut) // bufio keeps the first error for Flush
	for i := range lieux {
		octets, err := json.Marshal(forme(&lieux[i]))
		if err != nil {
			return fmt.Errorf("écriture du lieu %s: %w", lieux[i].ID, err)
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
