// Package horaires reads, prints and evaluates opening hours written in the
// OSM opening_hours language (specification 0.7.2, wiki page
// "Key:opening_hours/specification"), for the part of the grammar that places
// of help use. It answers with states, instants and comments, never with
// sentences.
//
// Lire and LireJour are for import only: they read other writings, French too,
// into that language, as far as they are certain.
//
// What Parse does not understand it refuses, with an *Erreur that points at the
// character; it guesses nothing. Outside the part that is read: hours of the
// sun (sunrise, dusk…), points in time and periods within a day
// ("10:00-16:00/01:30"), and dates moved to a weekday ("Jan 01 +Mo").
package horaires

import "fmt"

// Etat is what an expression says of an instant.
type Etat int

// The three states. Inconnu means that the expression does not settle it: a
// comment alone ("sur rendez-vous"), "unknown", an open end, or school
// holidays past the last known date.
const (
	Ferme Etat = iota
	Ouvert
	Inconnu
)

func (e Etat) String() string {
	switch e {
	case Ouvert:
		return "ouvert"
	case Inconnu:
		return "inconnu"
	default:
		return "ferme"
	}
}

// Comments that the evaluator itself gives with Inconnu, when the expression
// has none of its own.
const (
	FinOuverte        = "heure de fin non précisée"
	SelonLesVacances  = "selon les vacances scolaires"
	minutesJour       = 24 * 60
	horizon           = 370        // days looked ahead for the next change
	anneeMin, anneeMa = 1901, 2999 // "1900" is rather an hour without its colon
)

// Erreur says why a text is not an expression. Position counts runes from 0,
// Message is plain French.
type Erreur struct {
	Position int
	Message  string
	Texte    string
}

func (e *Erreur) Error() string {
	return fmt.Sprintf("horaires, caractère %d : %s", e.Position+1, e.Message)
}

// Expression is a parsed opening_hours value. It is immutable and safe for
// concurrent use.
type Expression struct {
	regles        []regle
	prevoitFeries bool // a rule names PH, or everything is 24/7
	constante     bool // the same answer at every instant
	cadence       Cadence
}

// separateur is how a rule stands to the ones before it.
type separateur int

const (
	normale  separateur = iota // ";" replaces earlier rules on the days it matches
	addition                   // "," adds to them, or to the fallback it follows
	repli                      // "||" speaks where they are closed
)

// regle is one rule of an expression: which days, which hours, which state.
// An empty selector matches everything.
type regle struct {
	sep       separateur
	toujours  bool   // 24/7
	condition string // "words": before the selectors, a condition nobody can compute
	annees    []plageAnnees
	dates     []plageDates
	semaines  []plageSemaines
	jours     []plageJours
	feries    []selecteurFerie
	ensemble  bool // "SH Mo-Fr": holiday and weekday both; otherwise either
	heures    []plageHeures
	explicite bool // a state was written: ecrit
	ecrit     Etat
	mots      string // the comment, as written

	annonce bool // what Suivie added: somebody told it of these very days

	// Prepared once, for evaluation.
	cadence     *cadence // nil for every week
	etat        Etat
	commentaire string
	etendues    []etendue
	surFerme    bool // speaks only where the earlier rules are closed
	remplace    bool // earlier rules no longer count on the days it matches
	deborde     bool // some hours run past midnight
}

// etendue is a stretch of hours with its open end made plain.
type etendue struct {
	debut, fin int16
	nature     nature
}

// plageAnnees is de-a/pas; a is anneeMa for "2026+".
type plageAnnees struct{ de, a, pas int }

// plageSemaines is a range of ISO 8601 week numbers.
type plageSemaines struct{ de, a, pas int }

// plageJours is a range of weekdays, Monday 0, that may wrap (Sa-Mo); niemes
// restricts a single weekday to its occurrences in the month.
type plageJours struct {
	de, a    int
	niemes   []plageNiemes
	decalage int // days
}

// plageNiemes holds 1..5 counted from the start of the month, -1..-5 from its
// end.
type plageNiemes struct{ de, a int }

// selecteurFerie is PH or SH, moved by decalage days.
type selecteurFerie struct {
	scolaire bool
	decalage int
}

// plageHeures is in minutes from midnight of the day; fin may go past
// minutesJour, up to 48 hours. libre means that the end is open ("+"): unknown
// after fin, or from debut when sansFin.
type plageHeures struct {
	debut, fin     int
	libre, sansFin bool
}

// borne is one end of a range of dates. annee 0 is every year, jour 0 the
// whole month.
type borne struct {
	annee, mois, jour int
	paques            bool
	decalage          int
}

// mensuelle tells a whole month from a day.
func (b *borne) mensuelle() bool { return b.jour == 0 && !b.paques }

// plageDates is a range of days, months or a single one (de == a). suite is
// "+": from de on.
type plageDates struct {
	de, a borne
	suite bool
}

func (r *regle) aDates() bool {
	return len(r.annees)+len(r.dates)+len(r.semaines)+len(r.jours)+len(r.feries) > 0
}

var nomsJours = [7]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}

var nomsMois = [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
