// Package webhooks tells other programs what changed in the places: signed
// messages to addresses that their owners chose, tried again until they are
// taken, with what became of each.
package webhooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"sync"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sortie"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Portee is which places a webhook is told of.
type Portee string

// The scopes. A place is in a commune by its address, or by one of its stops.
const (
	PorteeTout    Portee = "tout"
	PorteeEPCI    Portee = "epci"    // Zone is a SIREN
	PorteeCommune Portee = "commune" // Zone is an INSEE code
)

// Arret is why a webhook is told nothing.
type Arret string

// The reasons, "" for one that is told.
const (
	ArretPause  Arret = "pause"  // somebody wanted it
	ArretParti  Arret = "parti"  // its address answered 410 Gone
	ArretEchecs Arret = "echecs" // it has refused everything for too long
)

// Webhook is an address that is told of changes. Times are UTC.
type Webhook struct {
	ID     string `json:"id"`
	Nom    string `json:"nom,omitempty"`
	URL    string `json:"url"`
	Portee Portee `json:"portee"`
	Zone   string `json:"zone,omitempty"`
	// Secret signs ("whsec_" and base64); Anciens sign too, until they are over.
	Secret  string   `json:"secret"`
	Anciens []Ancien `json:"anciens,omitempty"`
	Tirage  string   `json:"tirage"` // names the request that drew Secret

	Arret    Arret     `json:"arret,omitempty"`
	ArreteLe time.Time `json:"arrete_le,omitzero"`
	Par      string    `json:"par"` // author, as in a revision
	Cree     time.Time `json:"cree"`
	// Depuis is the number of the store (mednum.Lieu.Seq) after which it is told.
	Depuis int64 `json:"depuis"`

	Dernier      Resultat  `json:"dernier,omitzero"`       // of the last try
	Echecs       int       `json:"echecs,omitempty"`       // tries that failed since the last one that did not
	EchoueDepuis time.Time `json:"echoue_depuis,omitzero"` // the first of them
}

// Ancien is a secret that was replaced.
type Ancien struct {
	Secret string    `json:"secret"`
	Jusqua time.Time `json:"jusqua"`
}

// Actif tells whether it is told of changes.
func (w *Webhook) Actif() bool { return w.Arret == "" }

// Resultat is what came of a try.
type Resultat struct {
	Le    time.Time     `json:"le"`
	Code  int           `json:"code,omitempty"` // of HTTP, 0 when nothing was answered
	Cause Cause         `json:"cause,omitempty"`
	Duree time.Duration `json:"duree,omitempty"` // nanoseconds
}

// Recu tells whether the message was taken: any 2xx.
func (r *Resultat) Recu() bool { return r.Cause == "" }

// Cause is why a try failed. What the address answered beyond its code is not
// read, nor told to anybody.
type Cause string

// The causes.
const (
	Reponse     Cause = "reponse"     // Code is neither 2xx nor 3xx
	Redirection Cause = "redirection" // 3xx: never followed
	Delai       Cause = "delai"       // no answer in time
	Nom         Cause = "nom"         // its name leads nowhere
	Certificat  Cause = "certificat"  // TLS fails, or its certificate is not trusted
	Refusee     Cause = "refusee"     // its address may not be called (see sortie)
	Injoignable Cause = "injoignable" // it does not answer, or cuts
)

// Pieces are the rooms below, and the clock.
type Pieces struct {
	Base       store.Magasin
	Catalogue  *catalogue.Catalogue
	Territoire *territoire.Territoire
	Sortie     *sortie.Sortie
	Now        func() time.Time
	Journal    *slog.Logger
	// URLPublique is the address of the site, without a final slash; Version, of
	// the program.
	URLPublique, Version string
}

// Webhooks tells other programs. Every method is safe for concurrent use, by
// several programs on one base: a message is sent by one of them at a time.
type Webhooks struct {
	Pieces
	reveil chan struct{} // something may be due now

	mu    sync.Mutex
	enVol map[string]bool // the webhooks that this program is sending to
	slots chan struct{}
}

// envoisMax is how many addresses are called at once by one program.
const envoisMax = 16

// New is the room over those below.
func New(p Pieces) *Webhooks {
	return &Webhooks{Pieces: p, reveil: make(chan struct{}, 1), enVol: map[string]bool{}, slots: make(chan struct{}, envoisMax)}
}

// The genres of this room among the store's objects.
const (
	genreWebhook   = "webhook"
	genreLivraison = "livraison"
	genreMessage   = "message" // what a delivery says, by its id
	genreCurseur   = "curseurwebhooks"
)

// ecritures is how many times an object is written again when another program
// was first.
const ecritures = 5

// Liste are all webhooks, oldest first.
func (w *Webhooks) Liste(ctx context.Context) ([]Webhook, error) {
	liste, err := store.LireTous[Webhook](ctx, w.Base, store.Choix{Genre: genreWebhook})
	trier(liste)
	return liste, err
}

// Webhook is one of them; an unknown one is "introuvable".
func (w *Webhooks) Webhook(ctx context.Context, id string) (Webhook, error) {
	h, _, err := store.Lire[Webhook](ctx, w.Base, genreWebhook, id)
	if estCode(err, mednum.Introuvable) {
		err = &mednum.Error{Code: mednum.Introuvable, Champ: "webhook", Message: "Ce webhook n’existe pas, ou plus."}
	}
	return h, err
}

// changer writes what f makes of a webhook, as it is in the base then.
func (w *Webhooks) changer(ctx context.Context, id string, f func(*Webhook) error) (h Webhook, err error) {
	for range ecritures {
		var o store.Objet
		if h, o, err = store.Lire[Webhook](ctx, w.Base, genreWebhook, id); err != nil {
			return h, err
		}
		if err = f(&h); err != nil {
			return h, err
		}
		err = store.Poser(ctx, w.Base, store.Objet{Genre: genreWebhook, ID: id, Version: o.Version + 1}, h)
		if !estCode(err, mednum.Perime) {
			return h, err
		}
	}
	return h, err
}

// reveiller has Suivre look at once.
func (w *Webhooks) reveiller() {
	select {
	case w.reveil <- struct{}{}:
	default:
	}
}

func estCode(err error, code mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == code
}

// sauf is the error, nil when its code is the one that is no failure here.
func sauf(err error, code mednum.Code) error {
	if estCode(err, code) {
		return nil
	}
	return err
}

// empreinte is the beginning of the SHA-256 of texts, in hexadecimal.
func empreinte(textes ...string) string {
	h := sha256.New()
	for _, t := range textes {
		h.Write([]byte(t))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
