package horaires

import (
	"fmt"
	"slices"
	"strings"
)

// unite is what a group says of one day of the week.
type unite struct {
	jour   int
	g      *groupe
	libres []Plage
	surRDV []Plage
	entier bool // by appointment, at no hours
}

const surRendezVous = `"sur rendez-vous"`

// retenir drops the groups of spoiled clauses, and spoils their other clauses.
func (p *phrase) retenir() (gardes []*groupe) {
	for change := true; change; {
		change = false
		for _, g := range p.groupes {
			sali := g.faux
			for c := range g.clauses {
				sali = sali || p.gatees[c]
			}
			for c := range g.clauses {
				change = change || sali && !p.gatees[c]
				p.gatees[c] = p.gatees[c] || sali
			}
			g.faux = sali
		}
	}
	for _, g := range p.groupes {
		if !g.faux {
			gardes = append(gardes, g)
		}
	}
	return gardes
}

// restrictions refuses to conclude when a closing is in what is left.
func (p *phrase) restrictions() {
	for i, j := range p.jetons {
		if p.gatees[p.clauses[i]] && (j.genre == deFerme || j.genre == deSauf) && !p.rien {
			p.i = i
			p.renoncer("une fermeture ou une exception n’est pas comprise.")
			p.i = len(p.jetons)
		}
	}
}

// completer checks what every group must have.
func (p *phrase) completer(gardes []*groupe) {
	for _, g := range gardes {
		if m := p.rdvTete; m != nil && g.nomme && g.vide() && g.clauses[m.clause] {
			g.rdv, m.servie = &m.sans, true // "sur rendez-vous le lundi"
		}
		switch {
		case !g.nomme && g.toujours:
			g.choix.jours, g.nomme = semaineEntiere, true
		case !g.nomme:
			p.renoncer("on ne sait pas quels jours.")
		case g.vide() && g.fermee != journee:
			p.renoncer("une demi-journée est fermée\u00a0: on ne sait rien de l’autre.")
		case g.vide():
			p.renoncer("ces jours n’ont pas d’heures.")
		}
		p.verifierFermeture(g)
		p.departager(g, gardes)
	}
	for _, e := range p.exclus {
		if e.derriere && e.moitie == journee && e.choix.jours != [7]bool{} {
			p.renoncer("on ne sait pas si ces jours sont fermés tout entiers ou pour cette demi-journée.")
		}
		if e.choix.deux != [2]int{} {
			p.renoncer("ces deux jours se lisent de deux façons\u00a0: écrivez « du … au … » ou « … et … ».")
		}
	}
}

// verifierFermeture: "9h-12h / fermé" and "fermé le matin, 14h-18h" say that
// the half without hours is closed.
func (p *phrase) verifierFermeture(g *groupe) {
	if !g.ferme && g.fermee == journee || len(g.blocs) == 0 {
		return
	}
	plages := g.plages()
	for _, r := range plages {
		m := moitieDe(r)
		if m == journee || m == g.fermee || m != moitieDe(plages[0]) || r.Debut >= 11*60 && r.Fin <= 15*60 {
			p.renoncer("des heures sont données pour un moment qui est dit fermé.")
			return
		}
	}
}

func (g *groupe) plages() (plages []Plage) {
	for _, b := range g.blocs {
		plages = append(plages, b.plages...)
	}
	return plages
}

// semaineOuvree is "lundi-vendredi": nobody opens on Monday and Friday only and
// writes it with a dash.
var semaineOuvree = [2]int{0, 4}

// departager settles "lundi mercredi": two days when another group has a day
// between them. A dash may still make a range that this day departs from
// ("lundi - vendredi 9h-12h, mercredi 14h-17h"), unless others have them all.
func (p *phrase) departager(g *groupe, gardes []*groupe) {
	if g.choix.deux == [2]int{} {
		return
	}
	entre, pris := g.choix.deux[1]-g.choix.deux[0]-1, 0
	for d := g.choix.deux[0] + 1; d < g.choix.deux[1]; d++ {
		if slices.ContainsFunc(gardes, func(autre *groupe) bool { return autre != g && autre.choix.jours[d] }) {
			pris++
		}
	}
	if g.choix.tiret && pris == 0 && g.choix.deux == semaineOuvree {
		for d := semaineOuvree[0]; d <= semaineOuvree[1]; d++ {
			g.choix.jours[d] = true
		}
		return
	}
	if pris == 0 || g.choix.tiret && pris < entre {
		p.renoncer("ces deux jours se lisent de deux façons\u00a0: écrivez « du … au … » ou « … et … ».")
	}
}

// unites lays the groups over the days, without what is closed.
func (p *phrase) unites(gardes []*groupe) (unites []*unite) {
	for _, g := range gardes {
		if g.ferme && len(g.blocs) == 0 {
			p.exclus = append(p.exclus, &exclusion{choix: g.choix, clause: -1})
			continue
		}
		for d, dedans := range g.choix.jours {
			if dedans {
				unites = append(unites, g.unite(d))
			}
		}
	}
	for _, e := range p.exclus {
		unites = p.retirer(unites, e)
	}
	return unites
}

func (g *groupe) unite(d int) *unite {
	u := &unite{jour: d, g: g, entier: len(g.blocs) == 0 && g.rdv != nil && !*g.rdv}
	for _, b := range g.blocs {
		sans := g.rdv
		if b.rdv != nil {
			sans = b.rdv
		}
		if sans != nil && !*sans {
			u.surRDV = append(u.surRDV, b.plages...)
		} else {
			u.libres = append(u.libres, b.plages...)
		}
	}
	return u
}

// retirer takes closed days, or halves of days, out.
func (p *phrase) retirer(unites []*unite, e *exclusion) (gardees []*unite) {
	for _, u := range unites {
		switch {
		case !e.choix.jours[u.jour]:
			gardees = append(gardees, u)
		case u.g.choix.jours == uneJournee(u.jour) && e.moitie == journee || len(u.g.choix.niemes) > 0 || u.entier && e.moitie != journee:
			p.renoncer("un jour est dit à la fois ouvert et fermé.")
		case e.moitie != journee:
			u.libres, u.surRDV = p.oter(u.libres, e.moitie), p.oter(u.surRDV, e.moitie)
			gardees = append(gardees, u)
		}
	}
	return gardees
}

func (p *phrase) oter(plages []Plage, moitie demi) (gardees []Plage) {
	for _, r := range plages {
		switch moitieDe(r) {
		case journee:
			p.renoncer("une demi-journée est fermée, mais les heures courent sur la journée.")
		case moitie:
		default:
			gardees = append(gardees, r)
		}
	}
	return gardees
}

// accorder refuses days that are given twice, unless their hours plainly add
// up, and periods of the year beside hours of all the year.
func (p *phrase) accorder(unites []*unite) []*unite {
	var gardees []*unite
	for i, u := range unites {
		double := false
		for _, v := range unites[:i] {
			if u.g == v.g {
				continue
			}
			if u.g.portee.genre != v.g.portee.genre && max(u.g.portee.genre, v.g.portee.genre) > parite {
				p.renoncer("des heures valent pour une période, d’autres pour toute l’année\u00a0: on ne sait pas si elles s’ajoutent.")
			}
			if u.jour != v.jour || u.g.separe(v.g) {
				continue
			}
			if double = u.pareille(v); !double && !u.sAjoute(v) {
				p.renoncer("un jour a deux fois des heures\u00a0: on ne sait pas si elles s’ajoutent.")
			}
		}
		if !double {
			gardees = append(gardees, u)
		}
	}
	return gardees
}

// separe tells whether two groups never speak of the same date.
func (g *groupe) separe(h *groupe) bool {
	if g.portee.separees(h.portee) {
		return true
	}
	a, b := g.choix.niemes, h.choix.niemes
	if len(a) == 0 || len(b) == 0 || slices.Min(a) < 0 || slices.Min(b) < 0 {
		return false
	}
	return !slices.ContainsFunc(a, func(n int) bool { return slices.Contains(b, n) })
}

func (u *unite) pareille(v *unite) bool {
	return u.entier == v.entier && slices.Equal(u.libres, v.libres) && slices.Equal(u.surRDV, v.surRDV) &&
		u.g.portee == v.g.portee && slices.Equal(u.g.choix.niemes, v.g.choix.niemes)
}

// sAjoute tells whether the hours of two groups for a day add up: the same
// days named twice, or a half of day named, and no hour in both.
func (u *unite) sAjoute(v *unite) bool {
	memes := u.g.choix.jours == v.g.choix.jours || u.g.moitie != journee || v.g.moitie != journee
	if !memes || u.g.portee != v.g.portee || u.entier || v.entier || len(u.g.choix.niemes)+len(v.g.choix.niemes) > 0 {
		return false
	}
	for _, r := range slices.Concat(u.libres, u.surRDV) {
		for _, s := range slices.Concat(v.libres, v.surRDV) {
			if r.Debut <= s.Fin && s.Debut <= r.Fin {
				return false
			}
		}
	}
	return true
}

// composer writes the rules. ", " adds when a day has hours with and without
// appointment.
func (p *phrase) composer(unites []*unite) string {
	var portees []portee
	for _, u := range unites {
		if !slices.Contains(portees, u.g.portee) {
			portees = append(portees, u.g.portee)
		}
	}
	if k := slices.Index(portees, enVacances); k >= 0 { // what closes the rest of the holidays comes before
		portees = append(slices.Delete(portees, k, k+1), enVacances)
	}
	var regles []string
	sep := "; "
	for _, portee := range portees {
		semaine := semaineDe(unites, portee)
		if semaine.melee {
			sep = ", "
		}
		if portee == enVacances && len(portees) > 1 {
			regles = append(regles, "SH off")
		}
		regles = append(regles, semaine.regles(portee.texte)...)
	}
	if slices.Contains(regles, "SH off") {
		sep = "; "
		if slices.ContainsFunc(portees, func(q portee) bool { return semaineDe(unites, q).melee }) {
			p.renoncer("des heures avec et sans rendez-vous changent pendant les vacances scolaires.")
		}
	}
	texte := strings.Join(regles, sep)
	if texte == "Mo-Su 00:00-24:00" {
		texte = "24/7"
	}
	for _, f := range p.fermeturesEcrites(portees) {
		texte = strings.TrimPrefix(texte+"; "+f, "; ")
	}
	return texte
}

func (p *phrase) fermeturesEcrites(portees []portee) (regles []string) {
	if slices.Contains(portees, horsVacances) && !slices.Contains(portees, enVacances) {
		regles = append(regles, "SH off")
	}
	for _, f := range p.fermes {
		if !p.gatees[f.clause] && !slices.Contains(regles, f.regle) {
			regles = append(regles, f.regle)
		}
	}
	return regles
}

// semaineLue is a week in the three ways that a day may be open.
type semaineLue struct {
	libres, surRDV [7][]Plage
	entiers        [7]string
	niemes         []*unite
	melee          bool // a day has hours with and without appointment
}

func semaineDe(unites []*unite, portee portee) (s semaineLue) {
	for _, u := range unites {
		switch {
		case u.g.portee != portee:
		case len(u.g.choix.niemes) > 0:
			s.niemes = append(s.niemes, u)
			s.melee = s.melee || len(u.libres)*len(u.surRDV) > 0
		default:
			s.libres[u.jour] = append(s.libres[u.jour], u.libres...)
			s.surRDV[u.jour] = append(s.surRDV[u.jour], u.surRDV...)
			if u.entier {
				s.entiers[u.jour] = surRendezVous
			}
		}
	}
	for d := range 7 {
		s.melee = s.melee || len(s.libres[d])*len(s.surRDV[d]) > 0
	}
	return s
}

func (s *semaineLue) regles(portee string) (regles []string) {
	ajouter := func(selecteurs, heures, mots string) {
		regles = append(regles, strings.Join(strings.Fields(fmt.Sprint(portee, " ", selecteurs, " ", heures, " ", mots)), " "))
	}
	for regle := range strings.SplitSeq(Composer(s.libres), "; ") {
		if regle != "" {
			ajouter(regle, "", "")
		}
	}
	for regle := range strings.SplitSeq(Composer(s.surRDV), "; ") {
		if regle != "" {
			ajouter(regle, "", surRendezVous)
		}
	}
	for _, u := range s.niemes {
		u.ecrire(ajouter)
	}
	if jours := joursPareils(s.entiers, surRendezVous); jours != "" {
		if jours == "Mo-Su" {
			jours = ""
		}
		ajouter(jours, "", surRendezVous)
	}
	return regles
}

// ecrire writes the rules of the nth day of the month.
func (u *unite) ecrire(ajouter func(selecteurs, heures, mots string)) {
	rangs := make([]plageNiemes, len(u.g.choix.niemes))
	for i, n := range u.g.choix.niemes {
		rangs[i] = plageNiemes{n, n}
	}
	jour := nomsJours[u.jour] + "[" + enListe(rangs, plageNiemes.String) + "]"
	if len(u.libres) > 0 {
		ajouter(jour, ecrirePlages(u.libres), "")
	}
	if len(u.surRDV) > 0 || u.entier {
		ajouter(jour, ecrirePlages(u.surRDV), surRendezVous)
	}
}
