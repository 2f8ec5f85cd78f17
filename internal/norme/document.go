package norme

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// document is a file as rows of named texts, whatever it is written in. JSON
// lists are joined by "|".
type document struct {
	genre    string // CSV, JSON, GeoJSON
	colonnes map[string]bool
	lignes   []ligne
	ecartes  []Ecart
}

type ligne struct {
	num int
	v   map[string]string
}

// texte is the column on one line, cleaned of what transport left in it.
func (l ligne) texte(colonne string) string { return enLigne(nettoyer(l.v[colonne])) }

func refus(message string) error {
	return &mednum.Error{Code: mednum.Invalide, Message: message}
}

// ouvrir reads the bytes: UTF-8 with or without its mark, otherwise
// Windows-1252, in which French spreadsheets still write.
func ouvrir(octets []byte) (document, error) {
	octets = bytes.TrimPrefix(octets, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(octets) {
		lus, err := charmap.Windows1252.NewDecoder().Bytes(octets)
		if err != nil {
			return document{}, refus("Ce fichier n’est pas un texte lisible.")
		}
		octets = lus
	}
	debut := bytes.TrimLeft(octets, " \t\r\n")
	switch {
	case len(debut) == 0:
		return document{}, refus("Ce fichier est vide.")
	case debut[0] == '[' || debut[0] == '{':
		return ouvrirJSON(debut)
	}
	return ouvrirCSV(octets)
}

func ouvrirCSV(octets []byte) (document, error) {
	lecteur := csv.NewReader(bytes.NewReader(octets))
	lecteur.FieldsPerRecord = -1
	lecteur.LazyQuotes = true
	lecteur.Comma = separateur(octets)
	entete, err := lecteur.Read()
	if err != nil {
		return document{}, refus("La première ligne de ce fichier, celle des noms de colonnes, ne se lit pas.")
	}
	doc := document{genre: "CSV", colonnes: make(map[string]bool)}
	for i, nom := range entete {
		entete[i] = strings.TrimSpace(nom)
		doc.colonnes[entete[i]] = true
	}
	for {
		valeurs, err := lecteur.Read()
		if errors.Is(err, io.EOF) {
			return doc, nil
		}
		num, _ := lecteur.FieldPos(0)
		if err != nil {
			doc.ecartes = append(doc.ecartes, Ecart{Ligne: num, Motif: "Ligne illisible."})
			continue
		}
		if len(valeurs) > len(entete) {
			doc.ecartes = append(doc.ecartes, Ecart{Ligne: num, Motif: fmt.Sprintf("%d colonnes au lieu de %d.", len(valeurs), len(entete))})
			continue
		}
		l := ligne{num: num, v: make(map[string]string, len(valeurs))}
		for i, v := range valeurs {
			l.v[entete[i]] = v
		}
		doc.lignes = append(doc.lignes, l)
	}
}

// separateur is the one of comma, semicolon and tab that the header holds
// most often.
func separateur(octets []byte) rune {
	entete, _, _ := bytes.Cut(octets, []byte("\n"))
	choix, n := ',', 0
	for _, s := range []rune{',', ';', '\t'} {
		if c := bytes.Count(entete, []byte(string(s))); c > n {
			choix, n = s, c
		}
	}
	return choix
}

func ouvrirJSON(octets []byte) (document, error) {
	if octets[0] == '[' {
		var objets []map[string]any
		if err := decoderJSON(octets, &objets); err != nil {
			return document{}, err
		}
		return lignesJSON("JSON", objets), nil
	}
	var geo struct {
		Type     string     `json:"type"`
		Features []*feature `json:"features"`
	}
	if err := decoderJSON(octets, &geo); err != nil {
		return document{}, err
	}
	if geo.Type != "FeatureCollection" {
		return document{}, refus("Ce JSON n’est ni une liste de lieux ni une collection GeoJSON (FeatureCollection).")
	}
	objets := make([]map[string]any, len(geo.Features))
	for i, f := range geo.Features {
		if f != nil {
			objets[i] = f.objet()
		}
	}
	return lignesJSON("GeoJSON", objets), nil
}

func decoderJSON(octets []byte, dst any) error {
	d := json.NewDecoder(bytes.NewReader(octets))
	d.UseNumber() // a SIRET or a coordinate keeps its digits
	if err := d.Decode(dst); err != nil {
		return refus("Ce JSON est coupé ou mal formé.")
	}
	return nil
}

func lignesJSON(genre string, objets []map[string]any) document {
	doc := document{genre: genre, colonnes: make(map[string]bool)}
	for i, objet := range objets {
		l := ligne{num: i + 1, v: make(map[string]string, len(objet))}
		for nom, v := range objet {
			doc.colonnes[nom] = true
			l.v[nom] = texteJSON(v)
		}
		doc.lignes = append(doc.lignes, l)
	}
	return doc
}

// texteJSON is a value as the CSV form of the standard writes it.
func texteJSON(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "Oui"
		}
		return "Non"
	case []any:
		textes := make([]string, 0, len(v))
		for _, e := range v {
			textes = append(textes, texteJSON(e))
		}
		return strings.Join(textes, "|")
	}
	return ""
}

// feature is a GeoJSON feature as it is read.
type feature struct {
	Properties map[string]any `json:"properties"`
	Geometry   *geometrie     `json:"geometry"`
}

type geometrie struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Geometries  []*geometrie    `json:"geometries"`
}

// objet is the properties, with the position of the geometry unless the
// properties give their own.
func (f *feature) objet() map[string]any {
	objet := make(map[string]any, len(f.Properties)+2)
	for nom, v := range f.Properties {
		objet[nom] = v
	}
	lon, lat, ok := f.Geometry.point(0)
	if _, ecrite := objet["latitude"]; ok && !ecrite {
		objet["longitude"], objet["latitude"] = lon, lat
	}
	return objet
}

// profondeurMax bounds collections of collections.
const profondeurMax = 4

// point is the first point of the geometry, as written (RFC 7946: longitude
// first).
func (g *geometrie) point(profondeur int) (lon, lat json.Number, ok bool) {
	if g == nil || profondeur > profondeurMax {
		return "", "", false
	}
	if g.Type == "Point" {
		var c []json.Number
		if json.Unmarshal(g.Coordinates, &c) != nil || len(c) < 2 {
			return "", "", false
		}
		return c[0], c[1], true
	}
	for _, membre := range g.Geometries {
		if lon, lat, ok = membre.point(profondeur + 1); ok {
			return lon, lat, ok
		}
	}
	return "", "", false
}
