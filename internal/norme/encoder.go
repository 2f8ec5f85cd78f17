package norme

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Export is a writing of places in the standard v1.0.2. A place is one row,
// and each stop of an itinerant service one more, after it: see lignes. Jour is
// the day of the export, in the territory's zone: closings that ended before it
// are left out, and alternate weeks are spelt out by dates from it on. Citation
// and Adresse are how to name the list and where it is, for the formats that
// have a place for it. Communes, by INSEE code, keeps the rows that are in one of
// them, those of a place or those of its stops; nil keeps all.
type Export struct {
	Jour              mednum.Date
	Citation, Adresse string
	Communes          map[string]bool
}

// Formats are the forms in which a list is written, by the name that Encode
// takes: those of the standard (csv, json), for maps (geojson), and for
// spreadsheets (xlsx, tableur).
var Formats = []string{"csv", "json", "geojson", "xlsx", "tableur"}

// Encode writes places in one of Formats.
func (x Export) Encode(format string, w io.Writer, lieux []mednum.Lieu) error {
	switch format {
	case "csv":
		return x.EncodeCSV(w, lieux)
	case "json":
		return x.EncodeJSON(w, lieux)
	case "geojson":
		return x.EncodeGeoJSON(w, lieux)
	case "xlsx":
		return x.EncodeXLSX(w, lieux)
	case "tableur":
		return x.EncodeTableur(w, lieux)
	}
	return &mednum.Error{Code: mednum.Invalide, Champ: "format", Message: fmt.Sprintf("Le format « %s » n’existe pas : choisissez parmi csv, json, geojson, xlsx et tableur.", format)}
}

// EncodeCSV writes places in the CSV of the standard v1.0.2: UTF-8 without a
// mark, comma, LF, its 32 columns in its order, lists joined by "|", decimal
// point, quotes only where needed.
func (x Export) EncodeCSV(w io.Writer, lieux []mednum.Lieu) error {
	c := csv.NewWriter(w)
	err := x.ecrireTable(c.Write, lieux)
	c.Flush()
	for _, err := range []error{err, c.Error()} {
		if err != nil {
			return fmt.Errorf("écriture du CSV: %w", err)
		}
	}
	return nil
}

// toutes are the rows of all places.
func (x Export) toutes(lieux []mednum.Lieu) []mednum.Champs {
	lignes := make([]mednum.Champs, 0, len(lieux))
	for i := range lieux {
		lignes = append(lignes, x.choisies(&lieux[i])...)
	}
	return lignes
}

// choisies are the rows of a place that are in Communes. A place none of whose
// addresses is there is not worked out.
func (x Export) choisies(l *mednum.Lieu) []mednum.Champs {
	if x.Communes == nil {
		return x.lignes(l)
	}
	arret := func(p mednum.Permanence) bool { return p.Arret != nil && x.Communes[p.Arret.CodeInsee] }
	if !x.Communes[l.Champs.CodeInsee] && !slices.ContainsFunc(l.Permanences, arret) {
		return nil
	}
	return slices.DeleteFunc(x.lignes(l), func(c mednum.Champs) bool { return !x.Communes[c.CodeInsee] })
}

// objet is a row as the properties of a feature: the names of the standard, lists as
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
// standard v1.0.2, whose list columns are texts joined by "|" as in its CSV and
// in the national library. latitude and longitude are numbers; a column without
// a value is left out, unless the standard requires it: the national library
// refuses an empty text, of services among others.
func (x Export) EncodeJSON(w io.Writer, lieux []mednum.Lieu) error {
	return encoderListe(w, "[\n", "\n]\n", x.toutes(lieux), func(c mednum.Champs) any { return strict(c) })
}

// champsRequis are the columns without which the standard has no row.
var champsRequis = []mednum.Champ{
	mednum.ChampID, mednum.ChampPivot, mednum.ChampNom, mednum.ChampCommune, mednum.ChampCodePostal, mednum.ChampAdresse, mednum.ChampDateMaj,
}

// strict is a row as the schema of the standard has it.
type strict mednum.Champs

// MarshalJSON writes the columns in the order of the standard.
func (s strict) MarshalJSON() ([]byte, error) {
	c := mednum.Champs(s)
	b := []byte{'{'}
	for _, champ := range mednum.ChampsNorme {
		texte := c.Valeur(champ)
		if texte == "" && !slices.Contains(champsRequis, champ) {
			continue
		}
		var v any = texte
		switch champ {
		case mednum.ChampLatitude:
			v = *c.Latitude
		case mednum.ChampLongitude:
			v = *c.Longitude
		}
		valeur, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), champ...), '"', ':')
		b = append(b, valeur...)
	}
	return append(b, '}'), nil
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

// EncodeGeoJSON writes places as a FeatureCollection (RFC 7946): properties are
// the columns of the standard, latitude and longitude among them, lists as
// arrays as in the API. Decode reads both forms of lists.
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
