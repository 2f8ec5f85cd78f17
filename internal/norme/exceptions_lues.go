package norme

import (
	"regexp"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// motifException is the last rule of hours, when it is one that
// mednum.ReglesExceptions writes: "; 2026 Dec 24-2027 Jan 02 off \"congés\"".
var motifException = regexp.MustCompile(`(?s)^(.+); (\d{4} [A-Z][a-z]{2} \d{2})(?:-(\d{4} [A-Z][a-z]{2} \d{2}))? (?:off|([0-9:,-]+) open)(?: "([^"]*)")?$`)

// separerExceptions takes apart the hours that an Export wrote: those of the
// place, and what is out of the ordinary.
func separerExceptions(horaires string) (base string, exceptions []mednum.Exception) {
	base = horaires
	for {
		m := motifException.FindStringSubmatch(base)
		if m == nil {
			break
		}
		du, okDu := jourLu(m[2])
		au, okAu := du, true
		if m[3] != "" {
			au, okAu = jourLu(m[3])
		}
		if !okDu || !okAu || au.Compare(du) < 0 {
			break
		}
		base = m[1]
		exceptions = append(exceptions, mednum.Exception{Du: du, Au: au, Ouvert: m[4] != "", Plages: m[4], Motif: m[5]})
	}
	slices.Reverse(exceptions)
	return base, exceptions
}

// jourLu reads a day as OSM writes it: "2026 Dec 24".
func jourLu(texte string) (mednum.Date, bool) {
	t, err := time.Parse("2006 Jan 02", texte)
	return mednum.DateOf(t), err == nil
}

// detacherExceptions takes what is out of the ordinary out of the hours of a row.
func detacherExceptions(f *mednum.Fiche) {
	if base, exceptions := separerExceptions(f.Champs[mednum.ChampHoraires]); len(exceptions) > 0 {
		f.Champs[mednum.ChampHoraires], f.Exceptions = base, exceptions
	}
}

// reunirExceptions keeps once a closing that a service and its stops tell: it is
// the service's. So is one that all stops tell (two at least) of a service
// without hours, whose own row has no room for it.
func reunirExceptions(f *mednum.Fiche) {
	comptes := map[mednum.Exception]int{}
	for _, e := range f.Exceptions {
		if e.Permanence != "" && !e.Ouvert {
			comptes[duService(e)]++
		}
	}
	sansHoraires := f.Champs[mednum.ChampHoraires] == "" && len(f.Permanences) > 1
	var reunies []mednum.Exception
	for _, e := range f.Exceptions {
		if s := duService(e); !e.Ouvert && (slices.Contains(f.Exceptions, s) || sansHoraires && comptes[s] == len(f.Permanences)) {
			e = s
		}
		if !slices.Contains(reunies, e) {
			reunies = append(reunies, e)
		}
	}
	f.Exceptions = reunies
}

func duService(e mednum.Exception) mednum.Exception {
	e.Permanence = ""
	return e
}
