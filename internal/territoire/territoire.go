// Package territoire reads and builds the territory pack: the folder of facts
// that adapts the service to a département (communes, EPCI, outlines, rivers,
// settings). It turns typed text into communes, points into communes, and
// asks Géoplateforme for street addresses.
package territoire

import (
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// The files of a pack, beside lieux.json, which belongs to the collection.
const (
	FichierReglages     = "territoire.json"  // written by hand, kept on rebuild
	FichierNomsUsuels   = "noms-usuels.csv"  // written by hand, kept on rebuild
	FichierCommunes     = "communes.csv"     // built
	FichierEPCI         = "epci.csv"         // built
	FichierDepartements = "departements.csv" // built
	FichierContours     = "contours.json"    // built
	FichierRivieres     = "rivieres.json"    // built
	FichierLieux        = "lieux.json"       // places, see package collecte
)

// Commune is one commune of the pack's gazetteer (the territory's département,
// its EPCI and 30 km beyond), or of the national list of names (Ailleurs).
type Commune struct {
	Code         string   // INSEE code, five characters
	Nom          string   // official name
	NomsUsuels   []string // other names in use, such as "Valence d’Agen"
	CodesPostaux []string
	AutresCodes  []string  // INSEE codes that mean this commune: municipal arrondissements
	Centre       geo.Point // WGS 84 degrees; meaningless when Ailleurs
	Population   int       // inhabitants, 0 when not known
	EPCI         string    // SIREN of its EPCI, "" when it has none
	Departement  string    // code of its département
	Dedans       bool      // in the territory's département
	Ailleurs     bool      // known by name only: not in the pack, no Centre, no EPCI
}

// NomCourant is the name that people use: the first usual name, otherwise the
// official one.
func (c *Commune) NomCourant() string {
	if len(c.NomsUsuels) > 0 {
		return c.NomsUsuels[0]
	}
	return c.Nom
}

// EPCI is an intercommunality with at least one commune in the territory's
// département. Communes holds every commune of it, those across the border
// included, by INSEE code.
type EPCI struct {
	Code     string // SIREN
	Nom      string // as the source writes it: "CC des Deux Rives"
	Nature   string // "CC", "CA", "CU", "Métropole", "" when the name does not say
	Communes []string
	Dedans   bool // has communes in the département (always true in a pack)
}

// NomLong is the name with its nature in full: "Communauté de communes des
// Deux Rives".
func (e *EPCI) NomLong() string {
	for _, n := range naturesEPCI {
		if e.Nature == n.sigle && n.long != "" && len(e.Nom) > len(n.sigle) {
			return n.long + e.Nom[len(n.sigle):]
		}
	}
	return e.Nom
}

// Departement is the territory's own département or a neighbour. Etiquette is
// a point inside its part of the map, where its name can be written.
type Departement struct {
	Code      string
	Nom       string
	Etiquette geo.Point
}

// Editeur is who publishes the service; every field may be empty ("non
// renseigné"), under the keys of "editeur" in territoire.json.
type Editeur struct {
	Nom                string `json:"nom"`
	Adresse            string `json:"adresse"`
	Courriel           string `json:"courriel"`
	Telephone          string `json:"telephone"`
	Directeur          string `json:"directeur"` // directeur or directrice de la publication
	Hebergeur          string `json:"hebergeur"`
	HebergeurAdresse   string `json:"hebergeur_adresse"`
	HebergeurTelephone string `json:"hebergeur_telephone"`
	Delegue            string `json:"delegue"` // data protection officer
	DelegueCourriel    string `json:"delegue_courriel"`
}

// Attribution is one source of data, as the pages must name it.
type Attribution struct {
	Source  string `json:"source"`
	Date    string `json:"date"`
	Licence string `json:"licence"`
	Texte   string `json:"texte"` // what the pages show
	URL     string `json:"url"`
	Fond    bool   `json:"fond"` // named on the base map too
}

// Reglages are the hand-written settings of a pack (territoire.json). A
// telephone number is E.164 ("+33563918200"). AgeMax is, for each flow of
// data, how many months a date remains a proof; "" is for other flows.
type Reglages struct {
	Code              string         `json:"code"`
	Nom               string         `json:"nom"`
	NomAvecArticle    string         `json:"nom_avec_article"`
	NomEn             string         `json:"nom_en"`
	Fuseau            string         `json:"fuseau"`
	ZoneScolaire      string         `json:"zone_scolaire"`
	Telephone         string         `json:"telephone"`
	TelephoneLibelle  string         `json:"telephone_libelle"`
	TelephoneHoraires string         `json:"telephone_horaires"`
	Editeur           Editeur        `json:"editeur"`
	Couleur           string         `json:"couleur"`
	Logo              string         `json:"logo"` // a file of the pack, "" for none
	AgeMax            map[string]int `json:"age_max"`
	Attributions      []Attribution  `json:"attributions"`
}

// Territoire is an opened pack: immutable, safe for concurrent readers.
// Communes are sorted by code, EPCIs by name, Departements by code.
type Territoire struct {
	Reglages
	Communes     []Commune
	EPCIs        []EPCI
	Departements []Departement

	// France is the national list of names, nil when the front end was not
	// built with it. Set it before the first search, never after.
	France *France

	// Centres is the national table of centres, nil when it was not given. Set it
	// before the first import, never after.
	Centres *Centres

	// Scolaire is the national calendar of school holidays, nil when it was not
	// given: SH is then unknown. Set it before the first question, never after.
	Scolaire *Scolaire

	location *time.Location
	logo     []byte
	typeLogo string
	parCode  map[string]*Commune
	parEPCI  map[string]*EPCI
	noms     *repertoire
	contours *contours
	fond     []byte
}

// Location is the territory's time zone, UTC when it names none.
func (t *Territoire) Location() *time.Location {
	if t.location == nil {
		return time.UTC
	}
	return t.location
}

// Commune finds a commune of the pack by INSEE code; the code of a municipal
// arrondissement finds its commune.
func (t *Territoire) Commune(code string) (*Commune, bool) {
	c, ok := t.parCode[code]
	return c, ok
}

// EPCI finds an intercommunality of the pack by SIREN.
func (t *Territoire) EPCI(code string) (*EPCI, bool) {
	e, ok := t.parEPCI[code]
	return e, ok
}

// Departement finds a département by code: the pack's own and its neighbours,
// then the national list.
func (t *Territoire) Departement(code string) (*Departement, bool) {
	for i := range t.Departements {
		if t.Departements[i].Code == code {
			return &t.Departements[i], true
		}
	}
	return t.France.departement(code)
}

// NomDepartement is the name of a commune's département, its code when the
// name is not known.
func (t *Territoire) NomDepartement(code string) string {
	if d, ok := t.Departement(code); ok {
		return d.Nom
	}
	return code
}

// AgeMaxDe is how many months a date of the flow remains a proof.
func (t *Territoire) AgeMaxDe(flux string) int {
	if mois, ok := t.AgeMax[flux]; ok {
		return mois
	}
	return t.AgeMax[""]
}

// ageDefaut is for a flow to which the pack gives no limit, in months.
const ageDefaut = 18

// TropVieux tells whether a date of a flow is no longer a proof on a day: it is
// past the limit of the flow ("" is a human check), or there is none.
func (t *Territoire) TropVieux(d mednum.Date, flux string, jour mednum.Date) bool {
	mois := t.AgeMaxDe(flux)
	if mois <= 0 {
		mois = ageDefaut
	}
	return d.IsZero() || jour.Compare(d.AddMois(mois)) > 0
}

// Fond is the base map for the browser, as JSON (see the comment of
// documentFond for its shape). The caller must not change it.
func (t *Territoire) Fond() []byte { return t.fond }

var naturesEPCI = []struct{ sigle, long string }{
	{"CC", "Communauté de communes"},
	{"CA", "Communauté d’agglomération"},
	{"CU", "Communauté urbaine"},
}
