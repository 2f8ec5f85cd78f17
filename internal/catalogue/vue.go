package catalogue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Vue is a place ready to be served: immutable, shared by snapshots and
// readers. JSON is its object of the API, under the standard's names; GeoJSON
// its Feature (RFC 7946): the geometry of an itinerant place is its stops,
// never its seat. Nothing in them depends on the time.
type Vue struct {
	mednum.Lieu
	JSON, GeoJSON []byte
	Heures        *horaires.Expression // nil when absent or unreadable
	Commune       *territoire.Commune  // nil when unknown

	effectives *horaires.Expression            // Heures with the exceptions, for Etat
	notees     *horaires.Expression            // without Heures: the exceptions, "unknown" on other days
	regles     map[string]*horaires.Expression // of permanences, with the exceptions
	usuelles   map[string]*horaires.Expression // the same without
	aides      []creneauAide
	arrets     []fragmentArret // one for each permanence, empty where it has no stop
	passages   [][]int         // permanences by stop: those of one stop together
	tri        string          // commune, name, id: the order of lists
	mots       motsLieu
}

// fragmentArret is what a stop adds to its place: the member "arret" of the
// JSON object, and a Feature of its own.
type fragmentArret struct{ json, geojson []byte }

// Regle is the rule of a permanence with what is out of the ordinary, nil when
// it has none that can be read.
func (v *Vue) Regle(permanence string) *horaires.Expression { return v.regles[permanence] }

// RegleUsuelle is the rule of a permanence as it is in general.
func (v *Vue) RegleUsuelle(permanence string) *horaires.Expression { return v.usuelles[permanence] }

// Publie tells whether the place is listed.
func (v *Vue) Publie() bool { return v.Statut == mednum.StatutPublie }

// Position is where people find the place: nothing for an itinerant one, whose
// address is a seat.
func (v *Vue) Position() (geo.Point, bool) {
	if v.Itinerant() {
		return geo.Point{}, false
	}
	return point(v.Champs.Latitude, v.Champs.Longitude)
}

func point(lat, lon *float64) (geo.Point, bool) {
	if lat == nil || lon == nil {
		return geo.Point{}, false
	}
	p := geo.Point{Lat: *lat, Lon: *lon}
	return p, p.Valide()
}

func pointArret(p *mednum.Permanence) (geo.Point, bool) {
	return point(p.Arret.Latitude, p.Arret.Longitude)
}

// newVue parses the hours and encodes the fragments of a place. Hours that
// cannot be read are left aside: the pages then show the text as it is.
func newVue(l mednum.Lieu, t *territoire.Territoire) (*Vue, error) {
	v := &Vue{Lieu: l, regles: map[string]*horaires.Expression{}, usuelles: map[string]*horaires.Expression{}}
	v.Commune, _ = t.Commune(l.Champs.CodeInsee)
	v.Heures = expression(l.Champs.Horaires)
	v.effectives = avecExceptions(v.Heures, l.ExceptionsDe(""))
	if v.Heures == nil && len(l.ExceptionsDe("")) > 0 {
		v.notees = avecExceptions(expression("unknown"), l.ExceptionsDe(""))
	}
	for i := range l.Permanences {
		p := &l.Permanences[i]
		if e := expression(p.Regle); e != nil {
			v.usuelles[p.ID] = e.Cadencer(cadence(p, t.Location()))
			v.regles[p.ID] = avecExceptions(v.usuelles[p.ID], l.ExceptionsDe(p.ID))
		}
	}
	v.aides = aidesDe(v)
	v.tri = triDe(&l)
	v.mots = motsDe(v)
	v.passages = l.Passages()
	if err := v.encoder(); err != nil {
		return nil, fmt.Errorf("lieu %s: %w", l.ID, err)
	}
	return v, nil
}

// triDe is the order of a place in lists.
func triDe(l *mednum.Lieu) string {
	return mednum.Normaliser(l.Champs.Commune) + "\x00" + mednum.Normaliser(l.Champs.Nom) + "\x00" + l.ID
}

// freres are the permanences at the same stop as p, itself included.
func (v *Vue) freres(p *mednum.Permanence) []int {
	for _, groupe := range v.passages {
		for _, i := range groupe {
			if &v.Permanences[i] == p || v.Permanences[i].ID == p.ID {
				return groupe
			}
		}
	}
	return nil
}

func cadence(p *mednum.Permanence, loc *time.Location) (k horaires.Cadence) {
	if !p.Depuis.IsZero() {
		k = horaires.Cadence{Depuis: p.Depuis.In(loc), Semaines: p.TousLes}
	}
	return k
}

// avecExceptions is hours with what is out of the ordinary. Exceptions that
// cannot be read leave the hours as they are.
func avecExceptions(e *horaires.Expression, liste []mednum.Exception) *horaires.Expression {
	ajout := expression(mednum.ReglesExceptions(liste, mednum.Date{}))
	if e == nil || ajout == nil {
		return e
	}
	return e.Suivie(ajout)
}

func expression(texte string) *horaires.Expression {
	if strings.TrimSpace(texte) == "" {
		return nil
	}
	e, err := horaires.Parse(texte)
	if err != nil {
		return nil
	}
	return e
}

// objet is a place in the API: the standard's columns, in its order, then what
// the standard has no column for.
type objet struct {
	mednum.Champs
	Familles              []mednum.Famille `json:"familles"`
	Precision             mednum.Precision `json:"precision,omitempty"`
	PositionApproximative bool             `json:"position_approximative"`
	HorsTerritoire        bool             `json:"hors_territoire"`
	Licences              []string         `json:"licences"`
	Preuve                mednum.Preuve    `json:"preuve"`
	Langues               []string         `json:"langues,omitempty"`
	Permanences           []permanence     `json:"permanences"`
	Arrets                []arret          `json:"arrets"`
	Statut                mednum.Statut    `json:"statut,omitempty"` // only of a place that is closed for good
	Fermeture             *fermeture       `json:"fermeture,omitempty"`
	URL                   string           `json:"url"`
}

// fermeture is since when a place is closed for good.
type fermeture struct {
	Le mednum.Date `json:"le"`
}

// permanence is hours of help as the API shows them.
type permanence struct {
	ID         string      `json:"id"`
	Intitule   string      `json:"intitule,omitempty"`
	Regle      string      `json:"regle,omitempty"`
	Depuis     mednum.Date `json:"depuis,omitzero"`
	Services   []string    `json:"services,omitempty"`
	RendezVous bool        `json:"rendez_vous,omitempty"`
	TousLes    int         `json:"tous_les,omitempty"`
}

func newPermanence(p *mednum.Permanence) permanence {
	return permanence{p.ID, p.Intitule, p.Regle, p.Depuis, p.Services, p.RendezVous, p.TousLes}
}

// arret is a permanence of an itinerant service: when, beside where.
type arret struct {
	permanence
	mednum.Arret
	PositionApproximative bool `json:"position_approximative"`
}

func newArret(p *mednum.Permanence) arret {
	return arret{newPermanence(p), *p.Arret, p.Arret.Precision == mednum.PrecisionCommune}
}

func (v *Vue) encoder() error {
	o := objet{
		Champs: v.Champs, Familles: v.Familles, Precision: v.Precision,
		PositionApproximative: v.Precision == mednum.PrecisionCommune,
		HorsTerritoire:        v.HorsTerritoire, Licences: v.Licences(), Preuve: v.Preuve, Langues: v.Langues,
		Permanences: []permanence{}, Arrets: []arret{}, URL: "/lieux/" + v.ID,
	}
	o.ID = v.ID
	if v.Statut == mednum.StatutFerme {
		o.Statut = v.Statut
		if v.Fermeture != nil {
			o.Fermeture = &fermeture{v.Fermeture.Le}
		}
	}
	if v.Itinerant() { // the seat's position would be taken for an office
		o.Latitude, o.Longitude, o.Precision, o.PositionApproximative = nil, nil, "", false
	}
	if o.Familles == nil {
		o.Familles = []mednum.Famille{}
	}
	var points []geo.Point
	for i := range v.Permanences {
		p := &v.Permanences[i]
		if p.Arret == nil {
			o.Permanences = append(o.Permanences, newPermanence(p))
			continue
		}
		o.Arrets = append(o.Arrets, newArret(p))
		if q, ok := pointArret(p); ok {
			points = append(points, q)
		}
	}
	var err error
	if v.JSON, err = encode(o); err != nil {
		return err
	}
	v.GeoJSON = feature(v.ID, v.geometrie(points), v.JSON)
	return v.encoderArrets()
}

func (v *Vue) encoderArrets() error {
	v.arrets = make([]fragmentArret, len(v.Permanences))
	for i := range v.Permanences {
		p := &v.Permanences[i]
		if p.Arret == nil {
			continue
		}
		corps, err := encode(newArret(p))
		if err != nil {
			return err
		}
		f := fragmentArret{json: append([]byte(`"arret":`), corps...)}
		f.geojson = feature(v.ID+"#"+p.ID, geometriePoint(pointArret(p)), membre(nil, v.JSON, f.json))
		v.arrets[i] = f
	}
	return nil
}

// encode writes JSON without the escapes for HTML, which the API does not need.
func encode(valeur any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(valeur); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func (v *Vue) geometrie(arrets []geo.Point) string {
	if !v.Itinerant() {
		return geometriePoint(v.Position())
	}
	if len(arrets) == 0 {
		return "null"
	}
	coords := make([]string, 0, len(arrets))
	for _, p := range arrets {
		coords = append(coords, coordonnees(p))
	}
	return `{"type":"MultiPoint","coordinates":[` + strings.Join(coords, ",") + `]}`
}

func geometriePoint(p geo.Point, ok bool) string {
	if !ok {
		return "null"
	}
	return `{"type":"Point","coordinates":` + coordonnees(p) + `}`
}

// coordonnees are longitude then latitude, seven decimals at most: a
// centimetre.
func coordonnees(p geo.Point) string {
	return "[" + degres(p.Lon) + "," + degres(p.Lat) + "]"
}

func degres(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e7)/1e7, 'f', -1, 64)
}

func feature(id, geometrie string, proprietes []byte) []byte {
	nom, _ := json.Marshal(id) // a string always encodes
	return fmt.Appendf(nil, `{"type":"Feature","id":%s,"geometry":%s,"properties":%s}`, nom, geometrie, proprietes)
}

// membre appends to dst the object with one more member at its end.
func membre(dst, objet, membre []byte) []byte {
	dst = append(dst, objet[:len(objet)-1]...)
	dst = append(dst, ',')
	dst = append(dst, membre...)
	return append(dst, '}')
}

// AppendJSON appends the result as the API writes it: the object of the place
// with, where they apply, "arret" (the stop that was found) and "distance" in
// whole metres.
func (t Trouve) AppendJSON(dst []byte) []byte {
	dst = append(dst, t.Vue.JSON[:len(t.Vue.JSON)-1]...)
	if f := t.fragment(); f != nil {
		dst = append(append(dst, ','), f.json...)
	}
	if t.Distance >= 0 {
		dst = append(dst, `,"distance":`...)
		dst = strconv.AppendFloat(dst, math.Round(t.Distance), 'f', -1, 64)
	}
	return append(dst, '}')
}

// AppendGeoJSON appends the result as a Feature, that of the stop when a stop
// was found; "distance", in whole metres, is one of its properties.
func (t Trouve) AppendGeoJSON(dst []byte) []byte {
	corps := t.Vue.GeoJSON
	if f := t.fragment(); f != nil {
		corps = f.geojson
	}
	if t.Distance < 0 {
		return append(dst, corps...)
	}
	dst = append(dst, corps[:len(corps)-2]...) // before "}}": inside properties
	dst = append(dst, `,"distance":`...)
	dst = strconv.AppendFloat(dst, math.Round(t.Distance), 'f', -1, 64)
	return append(dst, "}}"...)
}

func (t Trouve) fragment() *fragmentArret {
	if t.Arret == nil {
		return nil
	}
	for i := range t.Vue.Permanences {
		if &t.Vue.Permanences[i] == t.Arret || t.Vue.Permanences[i].ID == t.Arret.ID {
			return &t.Vue.arrets[i]
		}
	}
	return nil
}
