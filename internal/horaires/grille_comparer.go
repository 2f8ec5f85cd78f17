package horaires

import "slices"

// Years compared: one of 53 weeks, an ordinary one, one with 29 February.
const comparerDe, comparerA = 2026, 2028

// vacancesEssai are school holidays of sixteen days out of fifty, which over
// the years compared meet weekdays of every kind and public holidays.
var vacancesEssai = func() *Vacances {
	v := &Vacances{de: numero(comparerDe-1, 1, 1), a: numero(comparerA+2, 1, 1)}
	for n := v.de; n < v.a; n += 50 {
		v.periodes = append(v.periodes, periode{"essai", n, n + 15})
	}
	return v
}()

// memesHeures tells whether two expressions say the same, day by day over the
// years compared, with school holidays and with none known.
func memesHeures(a, b *Expression) bool {
	if a.prevoitFeries != b.prevoitFeries {
		return false
	}
	calendriers := []Calendrier{{Vacances: vacancesEssai}}
	if a.selonVacancesScolaires() || b.selonVacancesScolaires() {
		calendriers = append(calendriers, Calendrier{})
	}
	for _, c := range calendriers {
		ta, tb := a.tampons(c), b.tampons(c)
		for n := numero(comparerDe, 1, 1); n < numero(comparerA+1, 1, 1); n++ {
			if d := jourN(n); !memeJour(a, b, a.tracer(d, &ta), b.tracer(d, &tb)) {
				return false
			}
		}
	}
	return true
}

func (e *Expression) selonVacancesScolaires() bool {
	return slices.ContainsFunc(e.regles, func(r regle) bool {
		return slices.ContainsFunc(r.feries, func(f selecteurFerie) bool { return f.scolaire })
	})
}

// memeJour compares two tracings of one day.
func memeJour(a, b *Expression, x, y []morceau) bool {
	for i, j := 0, 0; i < len(x) && j < len(y); {
		etat, mots := a.valeur(x[i])
		if autre, dits := b.valeur(y[j]); etat != autre || mots != dits {
			return false
		}
		fin := min(x[i].fin, y[j].fin)
		if x[i].fin == fin {
			i++
		}
		if y[j].fin == fin {
			j++
		}
	}
	return true
}
