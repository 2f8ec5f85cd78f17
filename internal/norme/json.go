package norme

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// listesJSON are the names under which a JSON object holds its rows: GeoJSON,
// GoGoCarto, and interfaces that answer by pages.
var listesJSON = map[string]bool{"features": true, "data": true, "items": true, "results": true}

// errArret stops a reading that nobody listens to any more.
var errArret = errors.New("arrêt")

// ouvrirJSON reads a list of objects, an object that holds one, or one object a
// line (JSON Lines). The whole text is checked here.
func ouvrirJSON(octets []byte) (*document, error) {
	doc := &document{genre: "JSON", enveloppe: make(map[string]string)}
	colonnes := make(map[string]bool)
	v := make(map[string]string)
	r := lecteurJSON{octets: octets, enveloppe: doc.enveloppe}
	autres := false // the list holds what is no object
	rangees := 0
	err := r.lire(func(objet map[string]any, _ string) error {
		if rangees++; rangees > rangeesMax {
			return errRangees
		}
		if objet == nil {
			autres = true
			return nil
		}
		clear(v)
		aplatir(v, "", objet, 0)
		for nom := range v {
			colonnes[nom] = true
		}
		if len(colonnes) > colonnesMax {
			return errColonnes
		}
		return nil
	})
	switch {
	case errors.Is(err, errColonnes), errors.Is(err, errRangees):
		return nil, err
	case err != nil:
		return nil, refus("Ce JSON est coupé ou mal formé.")
	case doc.enveloppe["type"] == "FeatureCollection":
		doc.genre = "GeoJSON"
	case (autres || !r.liste) && len(colonnes) == 0:
		return nil, refus("Ce JSON n’est ni une liste de lieux ni une collection GeoJSON (FeatureCollection).")
	}
	doc.nommer(slices.Sorted(maps.Keys(colonnes)))
	doc.lignes = func(yield func(ligne) bool) {
		l := ligne{v: v}
		r := lecteurJSON{octets: octets, enveloppe: make(map[string]string)}
		_ = r.lire(func(objet map[string]any, motif string) error { // checked above
			l.num++
			l.motif = motif
			clear(v)
			if objet == nil && motif == "" {
				l.motif = "Cet élément de la liste n’est pas un objet : il ne dit aucun lieu."
			}
			aplatir(v, "", objet, 0)
			if !yield(l) {
				return errArret
			}
			return nil
		})
	}
	doc.apercevoir()
	return doc, nil
}

// lecteurJSON gives the objects of a text one by one, nil for what stands in a
// list and is none. liste tells whether they
// stood in a list.
type lecteurJSON struct {
	octets    []byte
	d         *json.Decoder
	enveloppe map[string]string
	liste     bool
}

// donneur receives an object, or why it cannot be read.
type donneur = func(objet map[string]any, motif string) error

func (r *lecteurJSON) lire(donner donneur) error {
	r.d = json.NewDecoder(bytes.NewReader(r.octets))
	r.d.UseNumber() // a SIRET or a coordinate keeps its digits
	for {
		jeton, err := r.d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		switch {
		case err != nil:
			return err
		case jeton == json.Delim('['):
			err = r.lireListe(donner, false)
		case jeton == json.Delim('{'):
			err = r.lireRacine(donner)
		default:
			err = errors.New("ni objet ni liste")
		}
		if err != nil {
			return err
		}
	}
}

func (r *lecteurJSON) lireListe(donner donneur, geo bool) error {
	r.liste = true
	for r.d.More() {
		var element any
		entier, err := r.decoder(&element)
		if err != nil {
			return err
		}
		objet, _ := element.(map[string]any)
		if geo && objet != nil {
			objet = objetGeoJSON(objet)
		}
		motif := ""
		if !entier {
			motif = "Cet objet dépasse 1 Mio."
		}
		if err := donner(objet, motif); err != nil {
			return err
		}
	}
	_, err := r.d.Token()
	return err
}

// decoder reads the next value, unless it is longer than a record may be: read,
// it would take thirty times its bytes.
func (r *lecteurJSON) decoder(v any) (entier bool, err error) {
	var brut json.RawMessage
	if err := r.d.Decode(&brut); err != nil || len(brut) > octetsMax {
		return false, err
	}
	d := json.NewDecoder(bytes.NewReader(brut))
	d.UseNumber()
	return true, d.Decode(v)
}

// lireRacine reads an object that is not in a list: it holds one, or is a row
// itself.
func (r *lecteurJSON) lireRacine(donner donneur) error {
	objet := make(map[string]any)
	liste := false
	for r.d.More() {
		jeton, err := r.d.Token()
		if err != nil {
			return err
		}
		nom, _ := jeton.(string)
		suite := bytes.TrimLeft(r.octets[r.d.InputOffset():], " \t\r\n:")
		if listesJSON[nom] && len(suite) > 0 && suite[0] == '[' {
			liste = true
			if _, err = r.d.Token(); err == nil {
				err = r.lireListe(donner, nom == "features")
			}
		} else {
			var v any
			_, err = r.decoder(&v)
			objet[nom] = v
		}
		if err != nil {
			return err
		}
		if len(objet) > colonnesMax {
			return errColonnes
		}
	}
	if _, err := r.d.Token(); err != nil {
		return err
	}
	if !liste {
		return donner(objet, "")
	}
	for nom, v := range objet {
		if s, ok := v.(string); ok {
			r.enveloppe[nom] = s
		}
	}
	return nil
}

// Bounds of what is nested.
const (
	profondeurMax = 4
	objetsMax     = 20 // of a list of objects
)

// aplatir writes an object as named texts. Keys are taken in order, so that two
// that give one name always give the same text.
func aplatir(v map[string]string, prefixe string, objet map[string]any, profondeur int) {
	for _, cle := range slices.Sorted(maps.Keys(objet)) {
		nom := prefixe + sansCaches(cle)
		if len(nom) > nomColonneMax { // of no format
			continue
		}
		switch x := objet[cle].(type) {
		case map[string]any:
			if profondeur < profondeurMax {
				aplatir(v, nom+".", x, profondeur+1)
			}
		case []any:
			v[nom] = texteJSON(x, 0)
			for i, e := range x[:min(len(x), objetsMax)] {
				if o, ok := e.(map[string]any); ok && profondeur < profondeurMax {
					aplatir(v, nom+"."+strconv.Itoa(i)+".", o, profondeur+1)
				}
			}
		default:
			v[nom] = texteJSON(x, 0)
		}
	}
}

// texteJSON is a value as the CSV form of the standard writes it.
func texteJSON(v any, profondeur int) string {
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
		if profondeur > profondeurMax {
			return ""
		}
		textes := make([]string, 0, len(v))
		for _, e := range v {
			if t := texteJSON(e, profondeur+1); t != "" {
				textes = append(textes, t)
			}
		}
		return strings.Join(textes, "|")
	}
	return ""
}
