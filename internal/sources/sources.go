// Package sources brings back files that are at an address: it fetches each in
// its time, plans what it would change, and writes it by itself when nobody has
// anything to decide.
package sources

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Source is a file at an address, that is fetched again every so often. Times
// are UTC.
type Source struct {
	ID      string        `json:"id"` // a slug of its name
	Nom     string        `json:"nom"`
	URL     string        `json:"url"`
	Rythme  Rythme        `json:"rythme"`
	Zone    collecte.Zone `json:"zone"`
	Licence string        `json:"licence,omitempty"` // "" for what its format says
	Date    RegleDate     `json:"date"`
	// Colonnes says what the columns of a table of one's own are.
	Colonnes norme.Correspondance `json:"colonnes,omitempty"`
	// Format is how the name of its format begins (norme.Lecture.Format): another
	// one is a failure. "" for any.
	Format string `json:"format,omitempty"`
	// Flux is that of its records since some were written (mednum.Flux.ID): those of
	// another source are never written through this one.
	Flux      string    `json:"flux,omitempty"`
	Suspendue bool      `json:"suspendue,omitempty"`
	Cree      time.Time `json:"cree"`

	Etat    Etat      `json:"etat"`
	Cause   Cause     `json:"cause,omitempty"`  // of the last failure
	Raison  string    `json:"raison,omitempty"` // in French, why it waits or failed
	Echecs  int       `json:"echecs,omitempty"` // in a row
	Dernier time.Time `json:"dernier,omitzero"` // when it was fetched last
	// Prochain is when it is due.
	Prochain time.Time `json:"prochain"`
	Lu       Edition   `json:"lu,omitzero"` // what the base holds of it
	// Attente is the fingerprint of the content that waits for a person, "" for none.
	Attente  string    `json:"attente,omitempty"`
	Passages []Passage `json:"passages,omitempty"` // newest first, passagesMax at most
	Prise    Prise     `json:"prise,omitzero"`
	// Demande is a run that somebody asked the service for, nil for none.
	Demande *Commande `json:"demande,omitempty"`
	// Essai is the last simulation that was asked for that way, nil for none.
	Essai *Passage `json:"essai,omitempty"`
}

// Commande is a run that somebody asks the service for.
type Commande struct {
	Mode Mode      `json:"mode"`
	Par  string    `json:"par"` // author, "compte:…"
	Le   time.Time `json:"le"`
}

// Etat is how a source is.
type Etat string

// The states.
const (
	Nouvelle Etat = "nouvelle" // never fetched
	AJour    Etat = "a_jour"   // its content changed nothing
	Applique Etat = "applique" // its content was written
	Attend   Etat = "attend"   // its content waits for a person
	Echec    Etat = "echec"    // it could not be fetched, read or written
)

// RegleDate says of what day the rows are that bear no date.
type RegleDate string

// The rules. Without the day that is looked for, it is that of the reading.
const (
	DateAuto         RegleDate = "auto"         // that in the name of the file, else the last modification
	DateModification RegleDate = "modification" // that of Last-Modified
	DateLecture      RegleDate = "lecture"      // that of the reading
)

// Edition is a content, and what it was planned on.
type Edition struct {
	Empreinte string `json:"empreinte"` // SHA-256, in hexadecimal
	ETag      string `json:"etag,omitempty"`
	Modifie   string `json:"modifie,omitempty"` // Last-Modified, as it was written
	Base      int64  `json:"base"`              // version of the base before it was planned
	Lecteur   string `json:"lecteur"`           // version of the program that read it
}

// Passage is one time that a source was fetched.
type Passage struct {
	Le     time.Time       `json:"le"`
	Par    string          `json:"par"` // "service", or "cli"
	Etat   Etat            `json:"etat"`
	Cause  Cause           `json:"cause,omitempty"`
	Raison string          `json:"raison,omitempty"`
	Code   int             `json:"code,omitempty"` // of HTTP, 0 when nothing was answered
	Octets int64           `json:"octets,omitempty"`
	Duree  time.Duration   `json:"duree,omitempty"` // of the whole, in nanoseconds
	Format string          `json:"format,omitempty"`
	Bilan  *collecte.Bilan `json:"bilan,omitempty"` // nil when nothing was planned
	// Plan is all that it would do, nil when nothing was planned; it is not kept.
	Plan *collecte.Plan `json:"-"`
}

// Prise is who is fetching a source, and until when nobody else does.
type Prise struct {
	Par    string    `json:"par"`
	Jusqua time.Time `json:"jusqua"`
}

// Limits, all stated in docs/sources.md.
const (
	sourcesMax  = 50
	nomMax      = 80       // characters
	urlMax      = 1000     // bytes
	octetsMax   = 64 << 20 // of a content, once decompressed
	delaiMax    = 2 * time.Minute
	renvoisMax  = 5
	passagesMax = 30
	etagMax     = 500 // bytes; a longer one is not kept
	// priseMax is how long one run may take, from the fetching to the writing.
	priseMax = 15 * time.Minute
	// perteMax is how many percent of its records a source may lose at once
	// without a person.
	perteMax = 30
)

// Pieces are the rooms below, and the clock.
type Pieces struct {
	Base       store.Magasin
	Territoire *territoire.Territoire
	Sortie     *sortie.Sortie // of NewSortie
	Now        func() time.Time
	Journal    *slog.Logger
	// URLPublique is the address of the site, "" when it is not known; Version, of
	// the program.
	URLPublique, Version string
}

// NewSortie is the way out of sources: to the public Internet and the networks
// that the operator allowed.
func NewSortie(permis []netip.Prefix, mandataire func(*http.Request) (*url.URL, error)) *sortie.Sortie {
	return sortie.New(sortie.Reglages{Permis: permis, Mandataire: mandataire, Delai: delaiMax, Corps: octetsMax, Renvois: renvoisMax})
}

// Sources fetches. Every method is safe for concurrent use, by several programs
// on one base: a source is fetched by one of them at a time.
type Sources struct{ Pieces }

// New is the room over those below.
func New(p Pieces) *Sources { return &Sources{p} }

const (
	genreSource = "source"
	ecritures   = 5 // times an object is written again when another program was first
)

// Liste are all sources, by id.
func (s *Sources) Liste(ctx context.Context) ([]Source, error) {
	return store.LireTous[Source](ctx, s.Base, store.Choix{Genre: genreSource})
}

// Source is one of them; an unknown one is "introuvable".
func (s *Sources) Source(ctx context.Context, id string) (Source, error) {
	src, _, err := store.Lire[Source](ctx, s.Base, genreSource, id)
	return src, absente(err, id)
}

// changer writes what f makes of a source, as it is in the base then.
func (s *Sources) changer(ctx context.Context, id string, f func(*Source) error) (src Source, err error) {
	for range ecritures {
		var o store.Objet
		if src, o, err = store.Lire[Source](ctx, s.Base, genreSource, id); err != nil {
			return src, absente(err, id)
		}
		if err = f(&src); err != nil {
			return src, err
		}
		err = store.Poser(ctx, s.Base, store.Objet{Genre: genreSource, ID: id, Version: o.Version + 1}, src)
		if !estCode(err, mednum.Perime) {
			return src, err
		}
	}
	return src, err
}

func absente(err error, id string) error {
	if estCode(err, mednum.Introuvable) {
		return &mednum.Error{Code: mednum.Introuvable, Champ: "source", Message: "Aucune source ne s’appelle « " + id + " ». Voyez « adeuxpas source lister »."}
	}
	return err
}

func estCode(err error, code mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == code
}
