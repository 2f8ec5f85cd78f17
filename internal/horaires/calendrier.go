package horaires

import (
	"slices"
	"strings"
	"time"
)

// Calendrier is what an expression needs beside the clock: the zone in which
// its hours are written, the département (INSEE code) whose public holidays
// apply, and the school holidays, nil when they are not known.
type Calendrier struct {
	Lieu        *time.Location
	Departement string
	Vacances    *Vacances
}

func (c Calendrier) local(t time.Time) time.Time {
	if c.Lieu == nil {
		return t
	}
	return t.In(c.Lieu)
}

func (c Calendrier) zone(t time.Time) *time.Location {
	if c.Lieu == nil {
		return t.Location()
	}
	return c.Lieu
}

// Ferie names the French public holiday of the civil day of the instant, in
// the calendar's zone: labour code, articles L3133-1 (everywhere), L3134-13
// (57, 67, 68; Good Friday holds, strictly, in communes with a Protestant or
// mixed church, of which there is no list) and L3422-2 (overseas: end of
// slavery).
func (c Calendrier) Ferie(jour time.Time) (nom string, ok bool) {
	return nomFerie(jourOf(c.local(jour)), c.Departement)
}

type dateFixe struct{ mois, jour int }

// abolitions are the days of the end of slavery (L3422-2), by département.
// Saint-Martin (978) keeps 28 May since 2019, by circular, where the code was
// long left with Guadeloupe's day.
var abolitions = map[string]dateFixe{
	"971": {5, 27}, "972": {5, 22}, "973": {6, 10}, "974": {12, 20},
	"976": {4, 27}, "977": {10, 9}, "978": {5, 28},
}

func nomFerie(d jour, departement string) (string, bool) {
	if nom, ok := ferieFixe(d); ok {
		return nom, true
	}
	if d.mois >= 3 && d.mois <= 6 { // Easter is never before 22 March, nor Pentecost Monday after 14 June
		if nom, ok := ferieMobile(d, departement); ok {
			return nom, true
		}
	}
	if d.mois == 12 && d.quantieme == 26 && alsaceMoselle(departement) {
		return "Saint-Étienne", true
	}
	if len(departement) == 3 {
		if fin, ok := abolitions[departement]; ok && fin == (dateFixe{d.mois, d.quantieme}) {
			return "abolition de l’esclavage", true
		}
	}
	return "", false
}

func ferieFixe(d jour) (string, bool) {
	switch (dateFixe{d.mois, d.quantieme}) {
	case dateFixe{1, 1}:
		return "1er janvier", true
	case dateFixe{5, 1}:
		return "1er mai", true
	case dateFixe{5, 8}:
		return "8 mai", true
	case dateFixe{7, 14}:
		return "14 juillet", true
	case dateFixe{8, 15}:
		return "15 août", true
	case dateFixe{11, 1}:
		return "Toussaint", true
	case dateFixe{11, 11}:
		return "11 novembre", true
	case dateFixe{12, 25}:
		return "Noël", true
	}
	return "", false
}

func ferieMobile(d jour, departement string) (string, bool) {
	switch apres := d.n - paques(d.annee); {
	case apres == 1:
		return "lundi de Pâques", true
	case apres == 39:
		return "Ascension", true
	case apres == 50:
		return "lundi de Pentecôte", true
	case apres == -2 && alsaceMoselle(departement):
		return "Vendredi saint", true
	}
	return "", false
}

func alsaceMoselle(departement string) bool {
	return departement == "57" || departement == "67" || departement == "68"
}

// Periode is a school holiday, both civil days included; hours and zones of
// Du and Au are ignored.
type Periode struct {
	Nom    string
	Du, Au time.Time
}

// Vacances are the school holidays of one zone between two known days.
type Vacances struct {
	periodes []periode
	de, a    int
}

type periode struct {
	nom   string
	de, a int
}

// NewVacances holds the school holidays known from the civil day depuis to
// jusqua, both included; outside, SH is unknown. Periods that end before they
// start are left out.
func NewVacances(periodes []Periode, depuis, jusqua time.Time) *Vacances {
	v := &Vacances{de: jourOf(depuis).n, a: jourOf(jusqua).n}
	for _, p := range periodes {
		if q := (periode{p.Nom, jourOf(p.Du).n, jourOf(p.Au).n}); q.de <= q.a {
			v.periodes = append(v.periodes, q)
		}
	}
	slices.SortFunc(v.periodes, func(p, q periode) int {
		if p.de != q.de {
			return p.de - q.de
		}
		return strings.Compare(p.nom, q.nom)
	})
	return v
}

// contient tells whether the day is in school holidays, and whether that is
// known.
func (v *Vacances) contient(n int) (dedans, connu bool) {
	if v == nil || n < v.de || n > v.a {
		return false, false
	}
	for _, p := range v.periodes {
		if p.de > n {
			break
		}
		if n <= p.a {
			return true, true
		}
	}
	return false, true
}
