// Package mednum is the domain of À deux pas: places that help with digital
// matters (lieux de médiation numérique), the records they are made of, the
// vocabularies of the national standard v1.0.2 and the rules of validation.
package mednum

import (
	"slices"
	"time"
)

// Famille is how people who search tell places apart. A place has every
// family that applies.
type Famille string

// The three families.
const (
	FamilleFranceServices Famille = "france_services"
	FamilleMediation      Famille = "mediation"
	FamilleTiersLieu      Famille = "tiers_lieu"
)

// Familles lists the families in the order in which they are shown.
var Familles = []Famille{FamilleFranceServices, FamilleMediation, FamilleTiersLieu}

// Precision says what the coordinates of a place stand for.
type Precision string

// The precisions, "" when there are no coordinates.
const (
	PrecisionRue     Precision = "rue"     // the address, as its source gives it
	PrecisionCommune Precision = "commune" // only the centre of the commune: shown as "position approximative"
	PrecisionMain    Precision = "main"    // set by a person
)

// Statut is where a place stands in its life.
type Statut string

// The states of a place.
const (
	StatutPropose  Statut = "propose"
	StatutPublie   Statut = "publie"
	StatutFerme    Statut = "ferme"
	StatutFusionne Statut = "fusionne" // Vers names the place it became: 301
	StatutRetire   Statut = "retire"   // 410
)

// Origine says where a value comes from: a record ("flux/cle") or an account.
type Origine struct {
	Fiche  string `json:"fiche,omitempty"`
	Compte string `json:"compte,omitempty"`
	Date   Date   `json:"date"`
}

// OrigineValeur says where one value of a list comes from.
type OrigineValeur struct {
	Valeur string `json:"valeur"`
	Origine
}

// Correction is a value set by a person, shown whatever the sources say.
// ValeurSource is what they said when the person decided.
//
// ARevoir, Source and Origine are Consolider's. Source is what the sources say
// now where that is no longer ValeurSource, and Origine which record says so.
// ARevoir is set when that is not the person's own value either: whoever answers
// for the place decides (see Lieu.Questions).
type Correction struct {
	Valeur       string    `json:"valeur"`
	ValeurSource string    `json:"valeur_source"`
	Auteur       string    `json:"auteur"`
	Le           time.Time `json:"le"`
	ARevoir      bool      `json:"a_revoir,omitempty"`
	Source       string    `json:"source,omitempty"`
	Origine      Origine   `json:"origine,omitzero"`
}

// Arret is where an itinerant service stops. Latitude and Longitude are WGS 84
// degrees, nil when the stop's commune is not known.
type Arret struct {
	Nom        string    `json:"nom"`
	Adresse    string    `json:"adresse,omitempty"`
	CodeInsee  string    `json:"code_insee,omitempty"`
	Commune    string    `json:"commune,omitempty"`
	CodePostal string    `json:"code_postal,omitempty"`
	Latitude   *float64  `json:"latitude,omitempty"`
	Longitude  *float64  `json:"longitude,omitempty"`
	Precision  Precision `json:"precision,omitempty"`
}

// Permanence is when help is there (the place's own Horaires say when its
// doors are open). Regle is an OSM opening_hours expression, empty when the
// hours are not known; it holds from Depuis on, one week in TousLes counted
// from the week of Depuis (0 and 1 are every week). With an Arret it is a stop
// of an itinerant service and an entry of its own in the search index. Fiche
// is the reference of the record that it comes from, "" when a person entered
// it. Compte is the account of the person who holds it, "" when none is known:
// private, it is never published.
type Permanence struct {
	ID         string   `json:"id"`
	Fiche      string   `json:"fiche,omitempty"`
	Intitule   string   `json:"intitule,omitempty"`
	Regle      string   `json:"regle,omitempty"`
	Depuis     Date     `json:"depuis,omitzero"`
	TousLes    int      `json:"tous_les,omitempty"`
	Services   []string `json:"services,omitempty"`
	RendezVous bool     `json:"rendez_vous,omitempty"`
	Arret      *Arret   `json:"arret,omitempty"`
	Compte     string   `json:"compte,omitempty"`
}

// SensHoraires is what the opening hours of a place are the hours of.
type SensHoraires string

// The senses. SensNonDit is for hours of a source that mixes both (see
// Flux.HorairesAmbigus) while nobody has said which is meant.
const (
	SensNonDit SensHoraires = ""
	SensLieu   SensHoraires = "lieu" // the doors are open
	SensAide   SensHoraires = "aide" // somebody is there to help
)

// Preuve is the newest evidence that the place is as described: the newest
// human check, otherwise the date of the newest source, never the import's, nor
// that of a place of ours that came back. Flux is the flow whose age limit
// applies, "" for a human check. To change a phone proves nothing of the hours:
// it moves date_maj, and no more.
type Preuve struct {
	Date Date   `json:"date"`
	Flux string `json:"flux,omitempty"`
}

// Fermeture says since when a place is closed for good, and why.
type Fermeture struct {
	Le    Date   `json:"le"`
	Motif string `json:"motif,omitempty"`
}

// Lieu is a place as it is published: what its records say (see Consolider),
// corrected by people. Retouches are by the id of the permanence. Fermeture is
// nil unless Statut is StatutFerme. VerifieLe is the day of the last check of the
// whole place, ModifieLe that of the last change that a person made of it.
// ProvenanceValeurs are the values of a list that do not come from where
// Provenance says. Who corrected, checked or proposes something is private, and
// so are Attentes.
type Lieu struct {
	ID             string            `json:"id"`
	Version        int               `json:"version"`
	Seq            int64             `json:"seq"`
	Champs         Champs            `json:"champs"`
	Familles       []Famille         `json:"familles"`
	Precision      Precision         `json:"precision,omitempty"`
	HorsTerritoire bool              `json:"hors_territoire,omitempty"`
	Provenance     map[Champ]Origine `json:"provenance,omitempty"`

	ProvenanceValeurs map[Champ][]OrigineValeur `json:"provenance_valeurs,omitempty"`

	Corrections  map[Champ]Correction `json:"corrections,omitempty"`
	Permanences  []Permanence         `json:"permanences,omitempty"`
	Retouches    map[string]Retouche  `json:"retouches,omitempty"`
	Exceptions   []Exception          `json:"exceptions,omitempty"`
	SensHoraires SensHoraires         `json:"sens_horaires,omitempty"`
	Langues      []string             `json:"langues,omitempty"` // codes of Langues, beside French
	Preuve       Preuve               `json:"preuve"`
	VerifieLe    Date                 `json:"verifie_le,omitzero"`
	VerifiePar   string               `json:"verifie_par,omitempty"`
	ModifieLe    Date                 `json:"modifie_le,omitzero"`
	ModifiePar   string               `json:"modifie_par,omitempty"`
	Statut       Statut               `json:"statut"`
	Fermeture    *Fermeture           `json:"fermeture,omitempty"`
	Attentes     []Attente            `json:"attentes,omitempty"`
	Vers         string               `json:"vers,omitempty"`

	// Libre is nil when all its records are under LicenceOuverte.
	Libre *Libre `json:"libre,omitempty"`
}

// Itinerant tells whether the place moves, so that its address is a seat and
// never an open office.
func (l *Lieu) Itinerant() bool {
	return slices.Contains(l.Champs.Itinerance, "Itinérant") && !slices.Contains(l.Champs.Itinerance, "Fixe")
}

// Est tells whether the place belongs to the family.
func (l *Lieu) Est(f Famille) bool { return slices.Contains(l.Familles, f) }

// Flux is a source of records. Confiance orders flows, the greatest wins a
// field; AgeMax is how many months a date of this flow remains a proof.
// HorairesAmbigus is for a flow whose hours may be those of the place or those
// of the person who helps there.
type Flux struct {
	ID        string `json:"id"`
	Nom       string `json:"nom"`
	URL       string `json:"url,omitempty"`
	Licence   string `json:"licence,omitempty"`
	Confiance int    `json:"confiance"`
	AgeMax    int    `json:"age_max"`
	Edition   Date   `json:"edition,omitzero"` // of the newest file that was read

	HorairesAmbigus bool `json:"horaires_ambigus,omitempty"`
}

// Fiche is one record of one source, with Champs in the standard's CSV form
// (lists joined by "|"), repaired by the reader of its format. Lieu is the id
// of the place it is attached to: to undo a merge is to attach it elsewhere.
type Fiche struct {
	Flux        string           `json:"flux"`
	Cle         string           `json:"cle"` // the source's own id
	Producteur  string           `json:"producteur,omitempty"`
	Champs      map[Champ]string `json:"champs"`
	Familles    []Famille        `json:"familles,omitempty"` // families that the source itself asserts
	Permanences []Permanence     `json:"permanences,omitempty"`
	Precision   Precision        `json:"precision,omitempty"`
	DateMaj     Date             `json:"date_maj"`
	Remarques   []Remarque       `json:"remarques,omitempty"`
	Empreinte   string           `json:"empreinte"`
	Lieu        string           `json:"lieu,omitempty"`

	Licence string `json:"licence,omitempty"` // when it is not that of the flow
	Retour  bool   `json:"retour,omitempty"`  // a place of ours that came back through a national file: it proves nothing
	Absente Date   `json:"absente,omitzero"`  // the first edition of the source that no longer had it

	// Exceptions are the closings and openings to come that an export of ours told
	// (Permanence is then the stop's ID within the record). They are not stored
	// with the record: they go to the place.
	Exceptions []Exception `json:"-"`

	Ligne   int `json:"-"` // where its file has it: a line of a CSV, the rank of an object from 1
	Jointes int `json:"-"` // how many other rows of the files became a part of it
}

// Remarque is one repair or doubt of a reader: what was read, what was kept.
// ARevoir sends it to a person.
type Remarque struct {
	Champ   Champ  `json:"champ"`
	Avant   string `json:"avant,omitempty"`
	Apres   string `json:"apres,omitempty"`
	Motif   string `json:"motif"`
	ARevoir bool   `json:"a_revoir,omitempty"`
}

// Reference names the record among all flows: "flux/cle".
func (f *Fiche) Reference() string { return f.Flux + "/" + f.Cle }

// Revision is one accepted write of a place: its after-image, who and how.
type Revision struct {
	Lieu        string    `json:"lieu"`
	Version     int       `json:"version"`
	Apres       Lieu      `json:"apres"`
	Champs      []Champ   `json:"champs"`
	Auteur      string    `json:"auteur"`
	Voie        string    `json:"voie"` // app, telephone, import, lien, api, cli
	Operation   string    `json:"operation,omitempty"`
	Idempotence string    `json:"idempotence,omitempty"`
	Le          time.Time `json:"le"`
}

// Rattachement moves a record from a place to another; De is "" for a new one.
type Rattachement struct {
	Fiche string   `json:"fiche"` // Fiche.Reference
	De    string   `json:"de,omitempty"`
	Vers  string   `json:"vers"`
	Motif []string `json:"motif,omitempty"` // why they are the same place, in words
}

// Operation is an import or a merge: written first, resumed at start,
// undone by re-attaching. Lieux are the two places of a merge or of a separation,
// the one that stays first; Defait is the operation that this one undoes.
type Operation struct {
	ID            string         `json:"id"`
	Genre         string         `json:"genre"` // import, fusion, separation, restauration
	Etat          string         `json:"etat"`  // en_cours, finie
	Rattachements []Rattachement `json:"rattachements,omitempty"`
	Lieux         []string       `json:"lieux,omitempty"`
	Defait        string         `json:"defait,omitempty"`
	Auteur        string         `json:"auteur"`
	Le            time.Time      `json:"le"`
}
