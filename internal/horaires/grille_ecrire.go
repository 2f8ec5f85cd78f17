package horaires

import (
	"slices"
)

// jourEcrit is one day of a grid with what selects it.
type jourEcrit struct {
	rang     int // weekday; -1 for holidays, which are no weekday
	semaines Parite
	niemes   []int
	plages   []PlageGrille
}

// reglesSemaine writes the ordinary week. A rule replaces what comes before
// it, and with it hours of the day before that run past midnight: with such
// hours, rules add to one another instead.
func (g *Grille) reglesSemaine() []regle {
	var jours []jourEcrit
	for i := range g.Jours {
		j := &g.Jours[i]
		jours = append(jours, jourEcrit{i, j.Semaines, j.Rangs, commenter(j.Plages, g.Commentaire)})
	}
	return reglesDes(jours, regle{})
}

// commenter gives the words of the whole week to ranges without words.
func commenter(plages []PlageGrille, mots string) []PlageGrille {
	dites := slices.Clone(plages)
	for i := range dites {
		if dites[i].Mots == "" {
			dites[i].Mots = mots
		}
	}
	return dites
}

func (g *Grille) reglesSinon() []regle {
	if g.Sinon == "" {
		return nil
	}
	return []regle{{sep: repli, mots: g.Sinon}}
}

func (g *Grille) reglesVacances() []regle {
	modele := regle{feries: []selecteurFerie{{scolaire: true}}}
	if g.Vacances == CongesNonDits {
		return nil
	}
	if g.Vacances == CongesFermes {
		return []regle{fermer(modele)}
	}
	var ouverts []jourEcrit
	fermes := []int{}
	for i, j := range g.JoursVacances {
		switch {
		case j.Dit && len(j.Plages) == 0:
			fermes = append(fermes, i)
		case j.Dit:
			ouverts = append(ouverts, jourEcrit{rang: i, plages: j.Plages})
		}
	}
	modele.ensemble = true
	regles := reglesDes(ouverts, modele)
	if len(fermes) > 0 {
		modele.jours = joursRanges(fermes)
		regles = append(regles, fermer(modele))
	}
	return regles
}

func (g *Grille) reglesFeries() []regle {
	modele := regle{feries: []selecteurFerie{{}}}
	switch {
	case g.Feries == CongesNonDits:
		return nil
	case g.Feries == CongesFermes || len(g.PlagesFeries) == 0:
		return []regle{fermer(modele)}
	}
	return reglesDes([]jourEcrit{{rang: -1, plages: g.PlagesFeries}}, modele)
}

func fermer(r regle) regle {
	r.explicite, r.ecrit = true, Ferme
	return r
}

// reglesDes writes days as rules, those alike together. Ranges of a day that
// differ by their words need a rule each: the first ones come first, for all
// days, then what is added to them.
func reglesDes(jours []jourEcrit, modele regle) []regle {
	var regles []regle
	groupes := make([][]regle, len(jours))
	for i, j := range jours {
		groupes[i] = couches(j, modele)
	}
	for k := 0; ; k++ {
		ecrites := coucher(jours, groupes, k)
		if len(ecrites) == 0 {
			break
		}
		regles = append(regles, ecrites...)
	}
	if len(regles) > 1 && slices.ContainsFunc(regles, func(r regle) bool { return r.passeMinuit() }) {
		for i := range regles[1:] {
			regles[i+1].sep = addition
		}
	}
	return regles
}

func (r *regle) passeMinuit() bool {
	return slices.ContainsFunc(etendues(r.heures), func(h etendue) bool { return h.fin > minutesJour })
}

// couches gives a day's ranges as rules without days, one for each wording.
func couches(j jourEcrit, modele regle) []regle {
	var regles []regle
	for _, p := range j.plages {
		r := modele
		r.mots, r.explicite, r.ecrit = p.Mots, p.Mots != "" && !p.Incertain, Ouvert
		r.semaines = semainesDe(j.semaines)
		k := slices.IndexFunc(regles, func(s regle) bool { return s.mots == r.mots && s.explicite == r.explicite })
		if k < 0 {
			k = len(regles)
			regles = append(regles, r)
		}
		regles[k].heures = append(regles[k].heures, plageHeures{p.Debut, p.Fin, p.Libre, p.SansFin})
	}
	for i := range regles {
		if r := &regles[i]; r.mots != "" && !r.explicite && slices.Equal(r.heures, []plageHeures{{fin: minutesJour}}) {
			r.heures = nil // "Mo-Fr "sur rendez-vous"" says no hours
		}
	}
	return regles
}

// coucher puts together the days whose k-th rules are alike.
func coucher(jours []jourEcrit, groupes [][]regle, k int) []regle {
	var regles []regle
	dites := map[string]bool{}
	for i := range jours {
		if len(groupes[i]) <= k {
			continue
		}
		texte := groupes[i][k].String()
		if dites[texte] {
			continue
		}
		dites[texte] = true
		r := groupes[i][k]
		var simples []int
		for m := range jours {
			if len(groupes[m]) <= k || groupes[m][k].String() != texte || jours[m].rang < 0 {
				continue
			}
			if len(jours[m].niemes) == 0 {
				simples = append(simples, jours[m].rang)
				continue
			}
			r.jours = append(r.jours, plageJours{jours[m].rang, jours[m].rang, niemesDe(jours[m].niemes), 0})
		}
		r.jours = append(joursRanges(simples), r.jours...)
		if k > 0 {
			r.sep = addition
		}
		regles = append(regles, r)
	}
	return regles
}

func niemesDe(rangs []int) []plageNiemes {
	niemes := make([]plageNiemes, len(rangs))
	for i, n := range rangs {
		niemes[i] = plageNiemes{n, n}
	}
	return niemes
}

func semainesDe(p Parite) []plageSemaines {
	switch p {
	case SemainesPaires:
		return []plageSemaines{{2, 52, 2}}
	case SemainesImpaires:
		return []plageSemaines{{1, 53, 2}}
	default:
		return nil
	}
}

// joursRanges lists weekdays in order: three or more in a row make a range.
func joursRanges(rangs []int) []plageJours {
	var plages []plageJours
	for i := 0; i < len(rangs); {
		fin := i
		for fin+1 < len(rangs) && rangs[fin+1] == rangs[fin]+1 {
			fin++
		}
		if fin-i >= 2 {
			plages = append(plages, plageJours{de: rangs[i], a: rangs[fin]})
		} else {
			for _, r := range rangs[i : fin+1] {
				plages = append(plages, plageJours{de: r, a: r})
			}
		}
		i = fin + 1
	}
	return plages
}
