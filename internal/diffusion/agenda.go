package diffusion

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"
)

// MimeAgenda is the type of a calendar (RFC 5545, 8.1).
const MimeAgenda = "text/calendar; charset=utf-8"

// Agenda is a calendar to subscribe to: what takes place from Du to Au, each
// time an event of its own. Zone is where it takes place. Estampille and
// Sequence tell a reader that an event has changed: both are of the place, so
// that the same place gives the same bytes.
type Agenda struct {
	Nom, Description, URL string
	Zone                  *time.Location
	Du, Au                time.Time
	Estampille            time.Time
	Sequence              int
	Seances               []Seance
}

// Seance is one event. UID stays the same while what it names takes place at the
// same time. Position is latitude and longitude, WGS 84 degrees, nil where it is
// not known. Journee is for an event of the whole day of Debut.
type Seance struct {
	UID, Titre, Adresse, Description, URL string
	Categories                            []string
	Position                              *[2]float64
	Debut, Fin                            time.Time
	Journee                               bool
	Incertaine                            bool
}

// rafraichir is how often a reader is asked to come back: once a day (RFC 7986,
// 5.7, and the older name that Outlook reads).
const rafraichir = "P1D"

// EncodeICS writes the calendar (RFC 5545). Instants are in UTC: no reader has to
// agree on the hour that a clock change repeats. The VTIMEZONE names the zone of
// the place, and makes of a calendar without events one that the grammar allows.
func (a *Agenda) EncodeICS() ([]byte, error) {
	cal := ics.NewCalendar()
	cal.SetProductId("-//A deux pas//Agenda//FR")
	cal.SetCalscale("GREGORIAN")
	cal.SetName(texte(a.Nom))
	cal.SetXWRCalDesc(texte(a.Description))
	cal.SetXWRTimezone(a.Zone.String())
	cal.SetUrl(a.URL)
	cal.SetRefreshInterval(rafraichir)
	cal.SetXPublishedTTL(rafraichir)
	cal.AddVTimezone(fuseau(a.Zone, a.Du, a.Au))
	for i := range a.Seances {
		a.ajouter(cal, &a.Seances[i])
	}
	var b bytes.Buffer
	err := cal.SerializeTo(&b, ics.WithNewLine("\r\n"), ics.WithLineLength(75))
	return b.Bytes(), err
}

func (a *Agenda) ajouter(cal *ics.Calendar, s *Seance) {
	e := cal.AddEvent(s.UID)
	e.SetDtStampTime(a.Estampille)
	e.SetSequence(a.Sequence)
	if s.Journee {
		e.SetAllDayStartAt(s.Debut)
		e.SetAllDayEndAt(s.Debut.AddDate(0, 0, 1))
	} else {
		e.SetStartAt(s.Debut)
		e.SetEndAt(s.Fin)
	}
	e.SetSummary(texte(s.Titre))
	if s.Adresse != "" {
		e.SetLocation(texte(s.Adresse))
	}
	if p := s.Position; p != nil {
		e.SetProperty(ics.ComponentPropertyGeo, degres(p[0])+";"+degres(p[1]))
	}
	e.SetDescription(texte(s.Description))
	e.SetURL(s.URL)
	for _, c := range s.Categories {
		e.AddProperty(ics.ComponentPropertyCategories, texte(c))
	}
	e.SetStatus(ics.ObjectStatusConfirmed)
	if s.Incertaine {
		e.SetStatus(ics.ObjectStatusTentative)
	}
	e.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy because an office is open
}

// texte leaves out what the grammar's TEXT cannot hold: controls, but the end of
// a line (RFC 5545, 3.3.11).
func texte(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}

func degres(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// fuseau describes a zone for a stretch of time: the rule that holds at its
// beginning, then each change of the clock.
func fuseau(zone *time.Location, du, au time.Time) *ics.VTimezone {
	tz := ics.NewTimezone(zone.String())
	for t := du.In(zone); ; {
		debut, suite := t.ZoneBounds()
		tz.Components = append(tz.Components, heureLegale(t, debut))
		if suite.IsZero() || suite.After(au) {
			return tz
		}
		t = suite.In(zone)
	}
}

// heureLegale is the rule that holds at t, since debut; it begins by the clock
// that ran before it.
func heureLegale(t, debut time.Time) ics.Component {
	nom, decalage := t.Zone()
	avant := decalage
	if debut.IsZero() {
		debut = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	} else {
		_, avant = debut.Add(-time.Second).In(t.Location()).Zone()
	}
	var base ics.ComponentBase
	base.AddProperty(ics.ComponentPropertyDtStart, debut.In(time.FixedZone("", avant)).Format("20060102T150405"))
	base.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), ecart(avant))
	base.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), ecart(decalage))
	base.AddProperty(ics.ComponentProperty(ics.PropertyTzname), nom)
	if t.IsDST() {
		return &ics.Daylight{ComponentBase: base}
	}
	return &ics.Standard{ComponentBase: base}
}

// ecart writes seconds east of Greenwich as "+0100".
func ecart(secondes int) string {
	signe := "+"
	if secondes < 0 {
		signe, secondes = "-", -secondes
	}
	return fmt.Sprintf("%s%02d%02d", signe, secondes/3600, secondes/60%60)
}
