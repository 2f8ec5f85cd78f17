package webhooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// Type is what happened.
type Type string

// The types of events.
const (
	TypeCree     Type = "lieu.cree"     // the public sees it, and did not before
	TypeModifie  Type = "lieu.modifie"  // what the public sees of it changed
	TypeFerme    Type = "lieu.ferme"    // closed for good: its page says so
	TypeRetire   Type = "lieu.retire"   // no longer shown
	TypeFusionne Type = "lieu.fusionne" // it is now the place Vers
	TypeEssai    Type = "essai"         // nothing happened
)

// Evenement is what happened to a place, as receivers read it. ID is the same
// whenever and to whomever the same change is told. Champs are the members of
// Lieu that changed, and "exceptions"; Lieu is the object of the API, absent of a place that is
// not public any more.
type Evenement struct {
	ID      string          `json:"id"`
	Type    Type            `json:"type"`
	LieuID  string          `json:"lieu_id,omitempty"`
	Version int             `json:"version,omitempty"`
	Seq     int64           `json:"seq,omitempty"`
	Champs  []string        `json:"champs,omitempty"`
	Vers    string          `json:"vers,omitempty"`
	URL     string          `json:"url,omitempty"`
	Lieu    json.RawMessage `json:"lieu,omitempty"`
	// Exceptions are the closings and openings out of the ordinary of a public
	// place: its page shows them, the object of the API has none.
	Exceptions []mednum.Exception `json:"exceptions,omitempty"`

	communes []string // where it is or was, INSEE codes
}

// charge is the body of a message.
type charge struct {
	Type       Genre       `json:"type"`
	Timestamp  time.Time   `json:"timestamp"`
	Evenements []Evenement `json:"evenements"`
}

// encoder writes the body of a message, without the escapes for HTML.
func encoder(g Genre, now time.Time, evenements []Evenement) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(charge{g, now.UTC().Truncate(time.Second), evenements}); err != nil {
		return "", fmt.Errorf("webhook: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func public(l *mednum.Lieu) bool {
	return l != nil && (l.Statut == mednum.StatutPublie || l.Statut == mednum.StatutFerme)
}

// evenement is what happened to a place from a state, nil when there was none,
// to its present one; false when the public sees no difference.
func (w *Webhooks) evenement(avant *mednum.Lieu, v *catalogue.Vue) (e Evenement, ok bool, err error) {
	e = Evenement{
		ID: "evt_" + empreinte(v.ID, fmt.Sprint(v.Version)), LieuID: v.ID, Version: v.Version, Seq: v.Seq,
		URL: w.URLPublique + "/lieux/" + v.ID, communes: communes(&v.Lieu),
	}
	if !public(avant) {
		avant = nil
	} else {
		e.communes = append(e.communes, communes(avant)...)
	}
	switch {
	case public(&v.Lieu):
		e.Lieu, e.Exceptions = v.JSON, v.Exceptions
		if e.Type, e.Champs, err = w.comparer(avant, v); err != nil {
			return e, false, err
		}
	case avant == nil: // never seen
	case v.Statut == mednum.StatutFusionne:
		e.Type, e.Vers = TypeFusionne, v.Vers
	default:
		e.Type = TypeRetire
	}
	return e, e.Type != "", nil
}

// comparer is what happened to a public place, "" for nothing.
func (w *Webhooks) comparer(avant *mednum.Lieu, v *catalogue.Vue) (Type, []string, error) {
	if avant == nil {
		return map[bool]Type{true: TypeFerme, false: TypeCree}[v.Statut == mednum.StatutFerme], nil, nil
	}
	fragment, err := catalogue.Fragment(*avant)
	if err != nil {
		return "", nil, err
	}
	champs, err := differents(fragment, v.JSON)
	if !slices.Equal(avant.Exceptions, v.Exceptions) {
		champs = append(champs, "exceptions")
	}
	switch {
	case err != nil || len(champs) == 0:
		return "", nil, err
	case v.Statut == mednum.StatutFerme && avant.Statut != mednum.StatutFerme:
		return TypeFerme, champs, nil
	}
	return TypeModifie, champs, nil
}

// differents are the members of two objects that are not the same, in order.
func differents(avant, apres []byte) ([]string, error) {
	var a, b map[string]json.RawMessage
	if err := json.Unmarshal(avant, &a); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(apres, &b); err != nil {
		return nil, err
	}
	noms := map[string]bool{}
	for nom := range a {
		noms[nom] = !bytes.Equal(a[nom], b[nom])
	}
	for nom := range b {
		noms[nom] = !bytes.Equal(a[nom], b[nom])
	}
	maps.DeleteFunc(noms, func(_ string, change bool) bool { return !change })
	return slices.Sorted(maps.Keys(noms)), nil
}

// communes are where a place is: its address, and its stops.
func communes(l *mednum.Lieu) []string {
	codes := []string{l.Champs.CodeInsee}
	for i := range l.Permanences {
		if a := l.Permanences[i].Arret; a != nil {
			codes = append(codes, a.CodeInsee)
		}
	}
	return codes
}

// concerne tells whether a webhook is told of an event.
func (w *Webhooks) concerne(h *Webhook, e *Evenement) bool {
	if e.Seq <= h.Depuis {
		return false
	}
	return h.Portee == PorteeTout || slices.ContainsFunc(e.communes, func(code string) bool {
		c, ok := w.Territoire.Commune(code)
		if !ok {
			return false
		}
		return h.Portee == PorteeCommune && c.Code == h.Zone || h.Portee == PorteeEPCI && c.EPCI == h.Zone
	})
}
