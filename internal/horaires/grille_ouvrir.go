package horaires

import (
	"slices"
	"strings"
)

// OuvrirGrille reads an opening_hours value into a grid; "" is an empty one.
// Rules that a grid cannot show (seasons, dates, conditions, some fallbacks…)
// are its Reste. Where the grid would not evaluate as the text does, everything
// is Reste: nothing is guessed. A text outside the grammar is refused with an
// *Erreur.
func OuvrirGrille(texte string) (Grille, error) {
	var g Grille
	if strings.TrimSpace(texte) != "" {
		e, err := Parse(texte)
		if err != nil {
			return Grille{}, err
		}
		if g = dessiner(e); !memesHeures(g.expression(), e) {
			g = enTexte(e)
		}
	}
	g.origine = texte
	g.ouverte = g.copie()
	return g, nil
}

// copie shares no memory that an editor writes to.
func (g *Grille) copie() *Grille {
	c := *g
	c.Reste = slices.Clone(g.Reste)
	c.PlagesFeries = slices.Clone(g.PlagesFeries)
	for i := range c.Jours {
		c.Jours[i].Rangs, c.Jours[i].Plages = slices.Clone(g.Jours[i].Rangs), slices.Clone(g.Jours[i].Plages)
		c.JoursVacances[i].Plages = slices.Clone(g.JoursVacances[i].Plages)
	}
	return &c
}

func enTexte(e *Expression) Grille {
	var g Grille
	for i := range e.regles {
		g.garder(&e.regles[i])
	}
	return g
}

func dessiner(e *Expression) Grille {
	g := Grille{ordre: []piece{{part: partSemaine}}}
	for i := range e.regles {
		r := &e.regles[i]
		essai := g.copie()
		if !essai.dessiner(r) {
			g.garder(r)
			continue
		}
		g = *essai
	}
	g.mettreEnCommun()
	return g
}

// garder keeps a rule as it is.
func (g *Grille) garder(r *regle) {
	seule := &Expression{regles: []regle{*r}}
	seule.regles[0].sep = normale
	seule.preparer()
	g.ordre = append(g.ordre, piece{partReste, len(g.Reste)})
	g.Reste = append(g.Reste, Reste{
		Lien: [...]string{";", ",", "||"}[r.sep], Texte: r.String(), Expression: seule, regle: *r,
	})
}

// dessiner draws a rule, as far as the place where it stands lets it mean in a
// grid what it means in the text; otherwise it leaves the grid half drawn.
func (g *Grille) dessiner(r *regle) bool {
	if r.condition != "" || len(r.annees)+len(r.dates) > 0 {
		return false
	}
	if r.seulsMots() {
		return g.dessinerSinon(r)
	}
	if r.sep == repli {
		return false
	}
	plages, ok := r.plagesGrille()
	if !ok {
		return false
	}
	scolaire, public, ok := r.conges()
	if !ok {
		return false
	}
	semaine := !r.ensemble && (len(r.jours) > 0 || len(r.feries) == 0)
	return (!semaine || g.dessinerSemaine(r, plages)) &&
		(!scolaire || g.dessinerVacances(r, plages)) &&
		(!public || g.dessinerFeries(r, plages))
}

// seulsMots tells of words alone.
func (r *regle) seulsMots() bool {
	return r.mots != "" && !r.explicite && !r.toujours && !r.aDates() && len(r.heures) == 0
}

// dessinerSinon takes words for the rest of the time: a fallback, or all that
// is said at all.
func (g *Grille) dessinerSinon(r *regle) bool {
	if g.Sinon != "" || r.sep != repli && (len(g.ordre) > 1 || !g.Vide()) {
		return false
	}
	g.Sinon = r.mots
	g.ordre = append(g.ordre, piece{part: partSinon})
	return true
}

// plagesGrille gives the ranges of a rule, none for "off"; ok is false for what
// a grid has no place for: words about what is closed, hours cut out of others,
// doubts without a word.
func (r *regle) plagesGrille() (plages []PlageGrille, ok bool) {
	switch {
	case r.etat == Ferme:
		return nil, len(r.heures) == 0 && r.mots == ""
	case r.etat == Inconnu && r.mots == "":
		return nil, false
	case len(r.heures) == 0:
		plages = []PlageGrille{{PlageHeures: PlageHeures{Plage: Plage{0, minutesJour}}}}
	}
	for _, h := range r.heures {
		plages = append(plages, PlageGrille{PlageHeures: PlageHeures{Plage{h.debut, h.fin}, h.libre, h.sansFin}})
	}
	for i := range plages {
		plages[i].Mots, plages[i].Incertain = r.mots, r.etat == Inconnu
	}
	return plages, true
}

// conges tells which holidays a rule names.
func (r *regle) conges() (scolaire, public, ok bool) {
	for _, f := range r.feries {
		if f.decalage != 0 {
			return false, false, false
		}
		scolaire, public = scolaire || f.scolaire, public || !f.scolaire
	}
	public = public || r.toujours && r.etat == Ouvert // 24/7 names every day
	sansSemaine := len(r.feries) == 0 || len(r.semaines) == 0
	return scolaire, public, sansSemaine && (!public || !r.ensemble)
}

// dessinerSemaine puts a rule into the week, where nothing but the week comes
// before it.
func (g *Grille) dessinerSemaine(r *regle, plages []PlageGrille) bool {
	parite, ok := pariteDe(r.semaines)
	if !ok || len(g.ordre) > 1 {
		return false
	}
	jours, ok := r.joursGrille()
	if !ok {
		return false
	}
	for i, lu := range jours {
		if lu == nil {
			continue
		}
		if !g.Jours[i].recevoir(JourGrille{parite, *lu, plages}, r.etat == Ferme, r.remplace) {
			return false
		}
	}
	return true
}

// recevoir puts the hours of one more rule onto a day.
func (j *JourGrille) recevoir(k JourGrille, ferme, remplace bool) bool {
	pareils := j.Semaines == k.Semaines && slices.Equal(j.Rangs, k.Rangs)
	couvre := pareils || k.Semaines == ToutesSemaines && len(k.Rangs) == 0
	switch {
	case len(j.Plages) == 0 && ferme:
		return true
	case len(j.Plages) == 0 || remplace && couvre:
		*j = JourGrille{k.Semaines, k.Rangs, slices.Clone(k.Plages)}
		return true
	case ferme && couvre:
		*j = JourGrille{}
		return true
	case ferme || remplace || !pareils:
		return false
	}
	j.Plages = append(j.Plages, k.Plages...)
	return true
}

func pariteDe(semaines []plageSemaines) (Parite, bool) {
	if len(semaines) == 0 {
		return ToutesSemaines, true
	}
	switch s := semaines[0]; {
	case len(semaines) > 1 || s.pas != 2:
		return 0, false
	case s.de == 2 && s.a >= 52:
		return SemainesPaires, true
	case s.de == 1 && s.a == 53:
		return SemainesImpaires, true
	}
	return 0, false
}

// joursGrille gives for each weekday that a rule names its ranks in the month,
// none for all; nil for a day that it does not name.
func (r *regle) joursGrille() (jours [7]*[]int, ok bool) {
	for _, p := range r.jours {
		rangs, ok := p.rangsGrille()
		if !ok {
			return jours, false
		}
		for j := p.de; ; j = (j + 1) % 7 {
			if jours[j] != nil && len(*jours[j])*len(rangs) == 0 && len(*jours[j])+len(rangs) > 0 {
				return jours, false // "Tu,Tu[1]"
			}
			if jours[j] == nil {
				jours[j] = &[]int{}
			}
			*jours[j] = unirRangs(*jours[j], rangs)
			if j == p.a {
				break
			}
		}
	}
	if len(r.jours) == 0 {
		for j := range jours {
			jours[j] = &[]int{}
		}
	}
	return jours, true
}

// rangsGrille gives the ranks that a grid has a box for: 1 to 5 and the last.
func (p plageJours) rangsGrille() (rangs []int, ok bool) {
	if p.decalage != 0 {
		return nil, false
	}
	rangs = p.rangs()
	return rangs, !slices.ContainsFunc(rangs, func(n int) bool { return n < -1 })
}

// unirRangs lists ranks once each, in the order of the month, the last at the
// end.
func unirRangs(a, b []int) []int {
	var unis []int
	for _, n := range []int{1, 2, 3, 4, 5, -1} {
		if slices.Contains(a, n) || slices.Contains(b, n) {
			unis = append(unis, n)
		}
	}
	return unis
}

// dernierGenre tells whether the kind of piece has not come yet, or comes last.
func (g *Grille) dernierGenre(part part) bool {
	k := slices.IndexFunc(g.ordre, func(p piece) bool { return p.part == part })
	return k < 0 || k == len(g.ordre)-1
}

func (g *Grille) placer(part part) {
	if g.ordre[len(g.ordre)-1].part != part {
		g.ordre = append(g.ordre, piece{part: part})
	}
}

// dessinerVacances puts a rule into the week of school holidays. Public
// holidays must come after, since they win in a grid.
func (g *Grille) dessinerVacances(r *regle, plages []PlageGrille) bool {
	if !g.dernierGenre(partVacances) || g.Feries != CongesNonDits {
		return false
	}
	seule := *r
	if !r.ensemble {
		seule.jours = nil // "SH,Sa": every day of the holidays
	}
	jours, ok := seule.joursGrille()
	if !ok {
		return false
	}
	for i, rangs := range jours {
		v := &g.JoursVacances[i]
		switch {
		case rangs == nil:
			continue
		case len(*rangs) > 0 || r.etat != Ferme && !r.remplace && !v.Dit:
			return false
		case r.etat != Ferme && !r.remplace:
			v.Plages = append(v.Plages, plages...)
		default:
			*v = JourVacances{true, slices.Clone(plages)}
		}
	}
	g.Vacances = CongesFermes
	if slices.ContainsFunc(g.JoursVacances[:], func(v JourVacances) bool { return !v.Dit || len(v.Plages) > 0 }) {
		g.Vacances = CongesHoraires
	}
	g.placer(partVacances)
	return true
}

func (g *Grille) dessinerFeries(r *regle, plages []PlageGrille) bool {
	ajoute := r.etat != Ferme && !r.remplace
	if !g.dernierGenre(partFeries) || ajoute && g.Feries != CongesHoraires {
		return false
	}
	switch {
	case r.etat == Ferme:
		g.Feries, g.PlagesFeries = CongesFermes, nil
	case ajoute:
		g.PlagesFeries = append(g.PlagesFeries, plages...)
	default:
		g.Feries, g.PlagesFeries = CongesHoraires, slices.Clone(plages)
	}
	g.placer(partFeries)
	return true
}

// mettreEnCommun takes the words that every range of the week has, and that
// leave it open, for those of the week. School holidays closed day by day are
// closed.
func (g *Grille) mettreEnCommun() {
	if g.Vacances == CongesFermes {
		g.JoursVacances = [7]JourVacances{}
	}
	var mots []string
	for _, j := range g.Jours {
		for _, p := range j.Plages {
			if p.Incertain || p.Mots == "" {
				return
			}
			mots = append(mots, p.Mots)
		}
	}
	if mots = slices.Compact(mots); len(mots) != 1 {
		return
	}
	g.Commentaire = mots[0]
	for i := range g.Jours {
		for k := range g.Jours[i].Plages {
			g.Jours[i].Plages[k].Mots = ""
		}
	}
}
