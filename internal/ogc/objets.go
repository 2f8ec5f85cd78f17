package ogc

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
	"math"
	"net/url"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// objet is a feature, encoded. points and contour are its geometry: it has
// none when both are empty. jour is its temporal geometry, the whole day in
// UTC, zero when it has none.
type objet struct {
	id, nom string
	corps   []byte // the Feature, without links
	somme   uint64 // of corps
	points  []geo.Point
	contour *territoire.Contour
	jour    mednum.Date
	valeurs func(*propriete) []string // what filters compare with
	vue     *catalogue.Vue            // that it was made of, nil for a commune

	familles []mednum.Famille
}

// situe tells whether the feature has a geometry.
func (o *objet) situe() bool { return len(o.points) > 0 || o.contour != nil }

// boite is the smallest box that holds the geometry of a feature that has one.
func (o *objet) boite() geo.Boite {
	if o.contour != nil {
		return o.contour.Boite()
	}
	b := geo.Boite{Sud: 90, Ouest: 180, Nord: -90, Est: -180}
	for _, p := range o.points {
		b = unir(b, geo.Boite{Sud: p.Lat, Ouest: p.Lon, Nord: p.Lat, Est: p.Lon})
	}
	return b
}

func unir(a, b geo.Boite) geo.Boite {
	return geo.Boite{Sud: min(a.Sud, b.Sud), Ouest: min(a.Ouest, b.Ouest), Nord: max(a.Nord, b.Nord), Est: max(a.Est, b.Est)}
}

// newObjetLieu encodes a place. The geometry of all places is a MultiPoint: a
// layer of a client has one type, which it may take from its first feature.
func (s *Service) newObjetLieu(v *catalogue.Vue, proprietes []propriete) (*objet, error) {
	o := &objet{id: v.ID, nom: v.Champs.Nom, jour: v.Champs.DateMaj, vue: v, points: pointsDe(v), familles: v.Familles}
	o.valeurs = func(p *propriete) []string { return valeursLieu(v, p) }
	var b bytes.Buffer
	for i, p := range proprietes {
		if err := writeMembre(&b, i, p.Nom, s.valeurLieu(v, &p)); err != nil {
			return nil, err
		}
	}
	geometrie := []byte("null")
	if len(o.points) > 0 {
		geometrie = appendPoints(nil, o.points)
	}
	return o, o.encoder(geometrie, b.Bytes())
}

// newObjetCommune encodes a commune with the places where one is received in
// it: total, then a family each.
func (s *Service) newObjetCommune(c *territoire.Commune, comptes [4]int) (*objet, error) {
	o := &objet{id: c.Code, nom: c.Nom}
	filtres := map[string][]string{"code": {c.Code}, "nom": {c.Nom}, "epci": {c.EPCI}}
	o.valeurs = func(p *propriete) []string { return filtres[p.Nom] }
	geometrie := []byte("null")
	if contour, ok := s.Territoire.Contour(c.Code); ok {
		o.contour = &contour
		geometrie = contour.AppendGeoJSON(nil)
	}
	nomEPCI := ""
	if e, ok := s.Territoire.EPCI(c.EPCI); ok {
		nomEPCI = e.NomLong()
	}
	valeurs := []any{
		c.Code, c.Nom, ouNul(strings.Join(c.CodesPostaux, "|")), c.Population, ouNul(c.EPCI), ouNul(nomEPCI),
		comptes[0], comptes[1], comptes[2], comptes[3], s.Lien("/communes/" + c.Code),
	}
	var b bytes.Buffer
	for i, p := range proprietesCommunes {
		if err := writeMembre(&b, i, p.Nom, valeurs[i]); err != nil {
			return nil, err
		}
	}
	return o, o.encoder(geometrie, b.Bytes())
}

// encoder makes the Feature (RFC 7946, 3.2) of its geometry and the members of
// its properties.
func (o *objet) encoder(geometrie, membres []byte) error {
	id, err := json.Marshal(o.id)
	if err != nil {
		return err
	}
	o.corps = bytes.Join([][]byte{
		[]byte(`{"type":"Feature","id":`), id, []byte(`,"geometry":`), geometrie, []byte(`,"properties":{`), membres, []byte("}}"),
	}, nil)
	h := fnv.New64a()
	_, _ = h.Write(o.corps) // never fails
	o.somme = h.Sum64()
	return nil
}

// pointsDe is where people find a place: its stops for an itinerant service,
// never its seat.
func pointsDe(v *catalogue.Vue) []geo.Point {
	if p, ok := v.Position(); ok {
		return []geo.Point{arrondi(p)}
	}
	if !v.Itinerant() {
		return nil
	}
	var points []geo.Point
	vus := map[geo.Point]bool{}
	for i := range v.Permanences {
		a := v.Permanences[i].Arret
		if a == nil || a.Latitude == nil || a.Longitude == nil {
			continue
		}
		p := arrondi(geo.Point{Lat: *a.Latitude, Lon: *a.Longitude})
		if p.Valide() && !vus[p] {
			vus[p] = true
			points = append(points, p)
		}
	}
	return points
}

// valeursLieu are the values of a place that a filter compares with.
func valeursLieu(v *catalogue.Vue, p *propriete) []string {
	switch champ := mednum.Champ(p.Nom); {
	case p.Nom == proprieteApproximative:
		return booleenEcrit(approximatif(v))
	case p.Nom == proprieteHorsTerritoire:
		return booleenEcrit(v.HorsTerritoire)
	case champ == mednum.ChampID:
		return []string{v.ID}
	case p.Liste:
		return v.ValeursFiltre(champ, nil)
	default:
		return []string{v.Champs.Valeur(champ)}
	}
}

func booleenEcrit(b bool) []string {
	if b {
		return []string{"true", "1"}
	}
	return []string{"false", "0"}
}

func approximatif(v *catalogue.Vue) bool {
	if !v.Itinerant() {
		return v.Precision == mednum.PrecisionCommune
	}
	for i := range v.Permanences {
		if a := v.Permanences[i].Arret; a != nil && a.Precision == mednum.PrecisionCommune {
			return true
		}
	}
	return false
}

// valeurLieu is the value of a property as JSON writes it.
func (s *Service) valeurLieu(v *catalogue.Vue, p *propriete) any {
	switch champ := mednum.Champ(p.Nom); {
	case p.Nom == proprieteApproximative:
		return approximatif(v)
	case p.Nom == proprieteHorsTerritoire:
		return v.HorsTerritoire
	case p.Nom == proprieteURL:
		return s.Lien("/lieux/" + url.PathEscape(v.ID))
	case p.Nom == proprieteArrets:
		return ouNul(strings.Join(arretsDe(v), "|"))
	case champ == mednum.ChampFamilles:
		return ouNul(strings.Join(v.ValeursFiltre(champ, nil), "|"))
	case champ == mednum.ChampID:
		return v.ID
	case v.Itinerant() && (champ == mednum.ChampAdresse || champ == mednum.ChampComplementAdresse):
		return nil // a seat is not an office
	default:
		return ouNul(v.Champs.Valeur(champ))
	}
}

func arretsDe(v *catalogue.Vue) []string {
	var noms []string
	vus := map[string]bool{}
	for i := range v.Permanences {
		a := v.Permanences[i].Arret
		if a == nil {
			continue
		}
		nom := strings.ReplaceAll(a.Nom, "|", " ")
		if a.Commune != "" {
			nom += " (" + a.Commune + ")"
		}
		if !vus[nom] {
			vus[nom] = true
			noms = append(noms, nom)
		}
	}
	return noms
}

// ouNul is null for a text that is not there.
func ouNul(t string) any {
	if t == "" {
		return nil
	}
	return t
}

func writeMembre(b *bytes.Buffer, rang int, nom string, valeur any) error {
	if rang > 0 {
		b.WriteByte(',')
	}
	b.WriteString(`"` + nom + `":`)
	corps, err := encode(valeur)
	b.Write(corps)
	return err
}

// encode writes JSON without the escapes for HTML.
func encode(valeur any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(valeur)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// arrondi is a point with seven decimals at most, a centimetre: what is published
// is also what boxes are compared with.
func arrondi(p geo.Point) geo.Point {
	return geo.Point{Lat: math.Round(p.Lat*1e7) / 1e7, Lon: math.Round(p.Lon*1e7) / 1e7}
}

// appendPoints appends a MultiPoint: longitude then latitude.
func appendPoints(dst []byte, points []geo.Point) []byte {
	dst = append(dst, `{"type":"MultiPoint","coordinates":[`...)
	for i, p := range points {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '[')
		dst = append(appendDegres(dst, p.Lon), ',')
		dst = append(appendDegres(dst, p.Lat), ']')
	}
	return append(dst, "]}"...)
}

func appendDegres(dst []byte, v float64) []byte {
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}
