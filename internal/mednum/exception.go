package mednum

import (
	"fmt"
	"strings"
)

// Exception is a closing or an opening out of the ordinary, both days
// included. Plages are OSM time ranges ("09:00-12:00") when Ouvert, "" for the
// whole day. Permanence is the id of the permanence that it concerns: the place
// itself is then not touched; "" is the place, and closing it closes its
// permanences too, while opening it promises no help.
type Exception struct {
	ID         string `json:"id,omitempty"`
	Du         Date   `json:"du"`
	Au         Date   `json:"au"`
	Ouvert     bool   `json:"ouvert,omitempty"`
	Plages     string `json:"plages,omitempty"`
	Motif      string `json:"motif,omitempty"`
	Permanence string `json:"permanence,omitempty"`
}

// ReglesExceptions writes exceptions as rules of the OSM opening_hours
// specification (0.7.2), to put after the hours that they change, since a later
// rule overrides: `2026 Dec 24-2027 Jan 02 off "congés"`. Those that end
// before the day depuis, or before they begin, are left out; "" when none is
// left.
func ReglesExceptions(liste []Exception, depuis Date) string {
	var regles []string
	for _, e := range liste {
		if e.Du.IsZero() || e.Au.Compare(e.Du) < 0 || e.Au.Compare(depuis) < 0 {
			continue
		}
		regles = append(regles, e.regle())
	}
	return strings.Join(regles, "; ")
}

func (e *Exception) regle() string {
	regle := jourOSM(e.Du)
	if e.Au != e.Du {
		regle += "-" + jourOSM(e.Au)
	}
	switch {
	case !e.Ouvert:
		regle += " off"
	case e.Plages != "":
		regle += " " + e.Plages + " open"
	default:
		regle += " 00:00-24:00 open"
	}
	if motif := strings.TrimSpace(strings.ReplaceAll(e.Motif, `"`, "'")); motif != "" {
		regle += ` "` + motif + `"`
	}
	return regle
}

func jourOSM(d Date) string {
	return fmt.Sprintf("%04d %s %02d", d.Annee, d.Mois.String()[:3], d.Jour)
}

// ExceptionsDe are the exceptions that change the hours of the place itself
// (permanence ""), or those that change a permanence of it: its own, and the
// closings of the whole place.
func (l *Lieu) ExceptionsDe(permanence string) []Exception {
	var liste []Exception
	for _, e := range l.Exceptions {
		if e.Permanence == permanence || e.Permanence == "" && !e.Ouvert {
			liste = append(liste, e)
		}
	}
	return liste
}

// FermetureDe is the closing that covers the whole day for a permanence, or for
// the place itself (""); ok is false when there is none, or when an opening of
// the same day is noted beside it.
func (l *Lieu) FermetureDe(permanence string, jour Date) (fermeture Exception, ok bool) {
	for _, e := range l.ExceptionsDe(permanence) {
		if jour.Compare(e.Du) < 0 || jour.Compare(e.Au) > 0 {
			continue
		}
		if e.Ouvert {
			return Exception{}, false
		}
		fermeture, ok = e, true
	}
	return fermeture, ok
}
