package territoire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// Scolaire is the calendar of school holidays of the whole country, by zone, as
// data/vacances-scolaires.json holds it. Departements gives the zone of each
// département, "" when no calendar is that of its schools. A nil *Scolaire
// knows nothing. It is immutable once read, and safe for concurrent readers.
type Scolaire struct {
	Source       string                  `json:"source"`
	Licence      string                  `json:"licence"`
	Date         mednum.Date             `json:"date"` // the day the facts were taken
	Zones        map[string]ZoneScolaire `json:"zones"`
	Departements map[string]string       `json:"departements"`

	vacances map[string]*horaires.Vacances
}

// ZoneScolaire is what is known of one zone between two civil days, both
// included: a day of none of its periods is a day of school.
type ZoneScolaire struct {
	Depuis   mednum.Date       `json:"depuis"`
	Jusqua   mednum.Date       `json:"jusqua"`
	Periodes []PeriodeScolaire `json:"periodes"`
}

// PeriodeScolaire goes from the first day without school to the eve of the day
// on which classes start again, both included.
type PeriodeScolaire struct {
	Nom string      `json:"nom"`
	Du  mednum.Date `json:"du"`
	Au  mednum.Date `json:"au"`
}

const (
	tailleScolaire = 1 << 20 // bytes read of a calendar
	periodeMax     = 100     // days: no holiday is longer
)

var motifZone = regexp.MustCompile(`^\p{L}[\p{L} '’-]{0,39}$`)

// LireScolaire reads a calendar of at most 1 MB. What is not strictly of the
// format is refused with an *mednum.Error (Invalide) that names it: an unknown
// field, a day that does not exist, periods out of order or that overlap.
func LireScolaire(r io.Reader) (*Scolaire, error) {
	octets, err := io.ReadAll(io.LimitReader(r, tailleScolaire+1))
	if err != nil {
		return nil, fmt.Errorf("calendrier scolaire : %w", err)
	}
	if len(octets) > tailleScolaire {
		return nil, refusScolaire("", "plus de 1 Mo.")
	}
	s := &Scolaire{}
	d := json.NewDecoder(bytes.NewReader(octets))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, refusScolaire("", "%s", expliqueScolaire(octets, d, err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, refusScolaire("", "il y a du texte après la dernière accolade.")
	}
	if err := s.preparer(); err != nil {
		return nil, err
	}
	return s, nil
}

func refusScolaire(champ, format string, args ...any) *mednum.Error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: "Calendrier scolaire\u00a0: " + fmt.Sprintf(format, args...)}
}

func expliqueScolaire(octets []byte, d *json.Decoder, err error) string {
	texte := "une date n’est pas un jour du calendrier, écrit comme 2026-10-17."
	var syntaxe *json.SyntaxError
	var genre *json.UnmarshalTypeError
	switch champ, inconnu := champInconnu(err); {
	case inconnu:
		texte = "le champ " + champ + " n’existe pas."
	case errors.As(err, &genre) && genre.Field == "":
		texte = "ce n’est pas un objet JSON."
	case errors.As(err, &genre):
		texte = "le champ « " + genre.Field + " » n’a pas la forme attendue."
	case errors.As(err, &syntaxe), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		texte = "ce n’est pas du JSON lisible."
	}
	return fmt.Sprintf("ligne %d, %s", ligneJSON(octets, d, err), texte)
}

// preparer checks everything, and makes the calendars of the zones.
func (s *Scolaire) preparer() error {
	if s.Date.IsZero() {
		return refusScolaire("date", "la date (« date ») manque.")
	}
	if len(s.Zones) == 0 {
		return refusScolaire("zones", "aucune zone.")
	}
	s.vacances = make(map[string]*horaires.Vacances, len(s.Zones))
	for _, nom := range slices.Sorted(maps.Keys(s.Zones)) {
		if !motifZone.MatchString(nom) {
			return refusScolaire("zones", "« %s » n’est pas le nom d’une zone.", nom)
		}
		z := s.Zones[nom]
		if defaut := z.defaut(); defaut != "" {
			return refusScolaire("zones."+nom, "zone %s, %s", nom, defaut)
		}
		s.vacances[nom] = z.vacances()
	}
	for _, code := range slices.Sorted(maps.Keys(s.Departements)) {
		zone := s.Departements[code]
		if !motifDepartement.MatchString(code) {
			return refusScolaire("departements", "« %s » n’est pas un code de département.", code)
		}
		if zone != "" && !motifZone.MatchString(zone) {
			return refusScolaire("departements."+code, "département %s, « %s » n’est pas le nom d’une zone.", code, zone)
		}
	}
	return nil
}

// defaut says in French what is wrong with a zone, "" when nothing is.
func (z ZoneScolaire) defaut() string {
	if z.Depuis.IsZero() || z.Jusqua.Compare(z.Depuis) < 0 {
		return "les jours connus (« depuis », « jusqua ») manquent ou sont à l’envers."
	}
	for i, p := range z.Periodes {
		switch {
		case strings.TrimSpace(p.Nom) == "":
			return fmt.Sprintf("la période du %s n’a pas de nom.", p.Du)
		case p.Du.IsZero() || p.Au.Compare(p.Du) < 0:
			return fmt.Sprintf("« %s » finit (%s) avant de commencer (%s).", p.Nom, p.Au, p.Du)
		case p.jours() > periodeMax:
			return fmt.Sprintf("« %s » dure %d jours, du %s au %s.", p.Nom, p.jours(), p.Du, p.Au)
		case p.Du.Compare(z.Depuis) < 0 || p.Au.Compare(z.Jusqua) > 0:
			return fmt.Sprintf("« %s » (%s au %s) sort des jours connus (%s au %s).", p.Nom, p.Du, p.Au, z.Depuis, z.Jusqua)
		case i > 0 && p.Du.Compare(z.Periodes[i-1].Du) < 0:
			return fmt.Sprintf("« %s » (%s) n’est pas dans l’ordre des dates.", p.Nom, p.Du)
		case i > 0 && p.Du.Compare(z.Periodes[i-1].Au) <= 0:
			return fmt.Sprintf("« %s » (%s) commence avant la fin de « %s » (%s).", p.Nom, p.Du, z.Periodes[i-1].Nom, z.Periodes[i-1].Au)
		}
	}
	return ""
}

func (p PeriodeScolaire) jours() int {
	return int(p.Au.In(time.UTC).Sub(p.Du.In(time.UTC)).Hours()/24) + 1
}

func (z ZoneScolaire) vacances() *horaires.Vacances {
	periodes := make([]horaires.Periode, len(z.Periodes))
	for i, p := range z.Periodes {
		periodes[i] = horaires.Periode{Nom: p.Nom, Du: p.Du.In(time.UTC), Au: p.Au.In(time.UTC)}
	}
	return horaires.NewVacances(periodes, z.Depuis.In(time.UTC), z.Jusqua.In(time.UTC))
}

// Ecrire writes what LireScolaire reads: the same calendar, the same bytes.
func (s *Scolaire) Ecrire(w io.Writer) error {
	octets, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(octets, '\n'))
	return err
}

// Vacances are the school holidays of a département, by its own zone; those of
// zoneDefaut when the département has none in the table. nil when the zone is
// not known: SH is then unknown.
func (s *Scolaire) Vacances(departement, zoneDefaut string) *horaires.Vacances {
	if s == nil {
		return nil
	}
	return s.vacances[s.zone(departement, zoneDefaut)]
}

func (s *Scolaire) zone(departement, zoneDefaut string) string {
	if zone, ok := s.Departements[departement]; ok {
		return zone
	}
	return zoneDefaut
}

// Jusqua is the last known day of a zone; ok is false when the zone is not in
// the calendar.
func (s *Scolaire) Jusqua(zone string) (jour mednum.Date, ok bool) {
	if s == nil {
		return jour, false
	}
	z, ok := s.Zones[zone]
	return z.Jusqua, ok
}

// ZoneScolaireDe is the school zone that a place of the département follows, ""
// when it has none, and the last known day of its holidays.
func (t *Territoire) ZoneScolaireDe(departement string) (zone string, jusqua mednum.Date) {
	if t.Scolaire == nil {
		return "", jusqua
	}
	zone = t.Scolaire.zone(departement, t.ZoneScolaire)
	jusqua, _ = t.Scolaire.Jusqua(zone)
	return zone, jusqua
}

// ConnaitDepartement tells whether the code is that of a French département or
// overseas collectivity.
func (s *Scolaire) ConnaitDepartement(code string) bool {
	if s == nil {
		return false
	}
	_, ok := s.Departements[code]
	return ok
}

// Calendrier is the calendar by which hours are read in a département: the
// territory's time zone, the public holidays of the département and the school
// holidays of its zone.
func (t *Territoire) Calendrier(departement string) horaires.Calendrier {
	return horaires.Calendrier{
		Lieu: t.location, Departement: departement, Vacances: t.Scolaire.Vacances(departement, t.ZoneScolaire),
	}
}
