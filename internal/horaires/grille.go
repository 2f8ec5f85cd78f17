package horaires

import "slices"

// Grille is a week as a person edits it: ranges of hours day by day, what
// becomes of holidays, and beside it the rules that no grid can show (Reste),
// untouched and in their place. Saved as it was opened it is the text that it
// was opened from, byte for byte; after an edit, everything that was not
// touched evaluates as before.
//
// A Grille is made by OuvrirGrille; its zero value is an empty one.
type Grille struct {
	Jours         [7]JourGrille // Monday first
	Commentaire   string        // said of every range that has no words of its own
	Sinon         string        // said of the time when nothing else is open: "sur rendez-vous"
	Feries        Conges
	PlagesFeries  []PlageGrille // with CongesHoraires
	Vacances      Conges        // school holidays
	JoursVacances [7]JourVacances
	Reste         []Reste

	origine string // the text that it was opened from
	ouverte *Grille
	ordre   []piece
}

// JourGrille is one weekday: its hours, in some weeks of the year or some
// weeks of the month only. Rangs are 1 to 5, and -1 for the last; none is all.
type JourGrille struct {
	Semaines Parite
	Rangs    []int
	Plages   []PlageGrille
}

// JourVacances is one weekday of the school holidays: as on other weeks unless
// Dit, then these hours, closed without any.
type JourVacances struct {
	Dit    bool
	Plages []PlageGrille
}

// PlageGrille is a range of hours. Incertain is what is not sure, as its words
// say: "sur rendez-vous".
type PlageGrille struct {
	PlageHeures
	Mots      string
	Incertain bool
}

// Parite tells in which weeks of the year, by their ISO 8601 numbers.
type Parite int

// The weeks of a JourGrille.
const (
	ToutesSemaines Parite = iota
	SemainesPaires
	SemainesImpaires
)

// Conges tells what hours say of holidays.
type Conges int

// What can be said of holidays.
const (
	CongesNonDits Conges = iota
	CongesFermes
	CongesHoraires // hours of their own
)

// Reste is a rule that the grid cannot show, as String prints it. Lien is how
// it stands to what comes before it: ";" replaces, "," adds, "||" speaks
// where all is closed. With Retire, it is left out of what is written.
type Reste struct {
	Lien, Texte string
	Expression  *Expression // the rule alone
	Retire      bool

	regle regle
}

// piece is a part of the expression, in its place; rang is that of a Reste.
type piece struct {
	part part
	rang int
}

type part int

const (
	partSemaine part = iota
	partSinon
	partVacances
	partFeries
	partReste
)

// Vide tells a week without any hours.
func (g *Grille) Vide() bool {
	return !slices.ContainsFunc(g.Jours[:], func(j JourGrille) bool { return len(j.Plages) > 0 })
}

// Ecrire is the grid as an opening_hours value: the very text that it was
// opened from when nothing was touched, otherwise canonical. "" says nothing
// of any hours. What is written parses when ranges are within bounds (a
// beginning before 24:00, an end within 48:00) and words hold no straight
// double quote.
func (g *Grille) Ecrire() string {
	if g.ouverte != nil && g.memes(g.ouverte) {
		return g.origine
	}
	return g.expression().String()
}

// expression composes the pieces in their order. Those that the opened text
// did not have come where they win over what they must: the week first, what
// is said of other hours after it, school holidays before public ones, which
// come last.
func (g *Grille) expression() *Expression {
	e := &Expression{}
	for _, p := range g.pieces() {
		var regles []regle
		switch p.part {
		case partSemaine:
			regles = g.reglesSemaine()
		case partSinon:
			regles = g.reglesSinon()
		case partVacances:
			regles = g.reglesVacances()
		case partFeries:
			regles = g.reglesFeries()
		case partReste:
			if r := &g.Reste[p.rang]; !r.Retire {
				regles = []regle{r.regle}
			}
		}
		e.regles = append(e.regles, regles...)
	}
	if len(e.regles) > 0 {
		e.regles[0].sep = normale
	}
	e.preparer()
	return e
}

func (g *Grille) pieces() []piece {
	ordre := slices.Clone(g.ordre)
	place := func(part part) int {
		return slices.IndexFunc(ordre, func(p piece) bool { return p.part == part })
	}
	if place(partSemaine) < 0 {
		ordre = slices.Insert(ordre, 0, piece{part: partSemaine})
	}
	if place(partSinon) < 0 {
		ordre = slices.Insert(ordre, 1, piece{part: partSinon})
	}
	if place(partFeries) < 0 {
		ordre = append(ordre, piece{part: partFeries})
	}
	if place(partVacances) < 0 {
		ordre = slices.Insert(ordre, place(partFeries), piece{part: partVacances})
	}
	return ordre
}

// memes tells whether two grids opened from one text say the same.
func (g *Grille) memes(h *Grille) bool {
	for i := range g.Jours {
		a, b := &g.Jours[i], &h.Jours[i]
		if a.Semaines != b.Semaines || !slices.Equal(a.Rangs, b.Rangs) || !slices.Equal(a.Plages, b.Plages) ||
			g.JoursVacances[i].Dit != h.JoursVacances[i].Dit || !slices.Equal(g.JoursVacances[i].Plages, h.JoursVacances[i].Plages) {
			return false
		}
	}
	return g.Commentaire == h.Commentaire && g.Sinon == h.Sinon && g.Vacances == h.Vacances &&
		g.Feries == h.Feries && slices.Equal(g.PlagesFeries, h.PlagesFeries) &&
		!slices.ContainsFunc(g.Reste, func(r Reste) bool { return r.Retire })
}
