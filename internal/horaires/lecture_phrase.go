package horaires

import (
	"fmt"
	"slices"
	"strings"
)

// groupe is days that share hours, as a text gives them.
type groupe struct {
	choix    choixJours
	nomme    bool // some days are named
	toujours bool // 24h/24
	moitie   demi
	blocs    []bloc
	ferme    bool // with blocs: the other half of the day
	fermee   demi // the half that is said closed
	rdv      *bool
	portee   portee
	faux     bool // its hours are not certain
	rang     int
	clauses  map[int]bool
}

// bloc is ranges in a row; rdv is what is said of them alone: true when no
// appointment is needed.
type bloc struct {
	plages []Plage
	rdv    *bool
	moitie demi // as it was named before the hours
}

// vide tells whether nothing is said of the days yet.
func (g *groupe) vide() bool { return len(g.blocs) == 0 && !g.ferme && g.rdv == nil && !g.faux }

// exclusion is days, or halves of days, that are closed; avant tells that it
// was said before the hours, derriere that it follows those of a half of the
// day, which may be all that it closes.
type exclusion struct {
	choix    choixJours
	moitie   demi
	avant    bool
	derriere bool
	clause   int
}

type fermeture struct {
	regle  string
	clause int
}

// marque is a word at the head of a clause, which holds for the clause.
type marque struct {
	clause int
	servie bool
	sans   bool
	portee portee
}

// phrase reads jetons into groupes. What is not understood spoils its clause;
// what could be understood in two ways spoils everything (rien).
type phrase struct {
	texte      *texteLu
	jetons     []jeton
	clauses    []int
	cellule    bool // of one day
	jour       int
	i          int // the jeton being read
	groupes    []*groupe
	exclu      *exclusion
	exclus     []*exclusion
	fermes     []fermeture
	rdvTete    *marque
	porteeTete *marque
	rdvBloc    *bool
	attendue   demi
	dabord     bool // hours came before the days
	off        bool // "fermé" alone
	gatees     map[int]bool
	doutes     []Doute
	rien       bool
}

func nouvellePhrase(t *texteLu) *phrase {
	p := &phrase{texte: t, jetons: t.decouper(), gatees: make(map[int]bool)}
	n := 0
	for _, j := range p.jetons {
		p.clauses = append(p.clauses, n)
		if j.genre == fort {
			n++
		}
	}
	return p
}

func (p *phrase) lire() {
	lectures := map[genre]func(jeton){
		inconnu: func(jeton) { p.gater("") }, fort: func(jeton) { p.exclu, p.attendue = nil, journee },
		desJours: p.lireJours, desHeures: p.lireHeures, deMoitie: p.lireMoitie, deFerme: p.lireFerme, deSauf: p.lireSauf,
		deRDV: p.lireRDV, dePortee: p.lirePortee, deVacances: p.lireVacances, deFeries: p.lireFeries, deToujours: p.lireToujours,
	}
	for p.i = 0; p.i < len(p.jetons); p.i++ {
		lue := lectures[p.jetons[p.i].genre]
		if lue == nil {
			continue
		}
		lue(p.jetons[p.i])
		if g := p.cours(); g != nil && p.exclu == nil && p.jetons[p.i].genre > lien {
			g.clauses[p.clause()] = true
		}
	}
}

func (p *phrase) clause() int { return p.clauses[min(p.i, len(p.clauses)-1)] }

func (p *phrase) cours() *groupe {
	if len(p.groupes) == 0 {
		return nil
	}
	return p.groupes[len(p.groupes)-1]
}

func (p *phrase) ouvrir() *groupe {
	g := &groupe{rang: len(p.groupes), clauses: map[int]bool{}}
	if p.cellule {
		g.nomme = true
		g.choix.jours[p.jour] = true
	}
	if m := p.porteeTete; m != nil {
		if g.portee = m.portee; m.servie && m.clause != p.clause() {
			p.renoncer("on ne sait pas jusqu’où s’étend la période qui est nommée.")
		}
		m.servie = true
	}
	p.groupes = append(p.groupes, g)
	return g
}

// voisin is the next jeton with a meaning in the clause, or the one before
// when pas is -1; a fort one when there is none.
func (p *phrase) voisin(pas int) (jeton, int) {
	for k := p.i + pas; k >= 0 && k < len(p.jetons) && p.jetons[k].genre != fort; k += pas {
		if g := p.jetons[k].genre; g != faible && g != lien {
			return p.jetons[k], k
		}
	}
	return jeton{genre: fort}, p.i
}

// enTete tells whether nothing stands before in the clause.
func (p *phrase) enTete() bool {
	avant, _ := p.voisin(-1)
	return avant.genre == fort
}

// gater leaves the clause to a person; without a message, it only holds words
// that are not known.
func (p *phrase) gater(message string) {
	p.gatees[p.clause()] = true
	if g := p.cours(); g != nil && (g.clauses[p.clause()] || g.vide()) {
		g.faux = true
	}
	if message != "" {
		j := p.jetons[p.i]
		p.douter(p.texte.entre(j.debut, j.fin), message)
	}
}

// renoncer concludes nothing of the whole text.
func (p *phrase) renoncer(message string) {
	if p.rien {
		return // what follows from the first reason is not told
	}
	p.rien = true
	extrait := strings.TrimSpace(p.texte.ecrit)
	if p.i < len(p.jetons) {
		extrait = p.texte.entre(p.jetons[p.i].debut, p.jetons[p.i].fin)
	}
	p.douter(extrait, message)
}

func (p *phrase) douter(extrait, message string) {
	d := Doute{Extrait: extrait, Message: message}
	if g := p.cours(); g != nil {
		d.Regle = g.rang
	}
	if !slices.Contains(p.doutes, d) {
		p.doutes = append(p.doutes, d)
	}
}

func (p *phrase) lireJours(j jeton) {
	g := p.cours()
	switch {
	case j.faute != "":
		p.gater(j.faute)
		p.ouvrir().faux = true
	case p.exclu != nil && p.liee():
		p.renoncer("on ne sait pas ce qui est fermé.")
	case p.exclu != nil:
		p.exclu.ajouter(p, j.jours)
	case p.cellule:
		if j.jours.jours != uneJournee(p.jour) || len(j.jours.niemes) > 0 || g != nil && !g.vide() {
			p.renoncer("un jour est nommé dans la case d’un jour.")
		}
	case g != nil && !g.nomme && len(p.groupes) == 1:
		g.choix, g.nomme = j.jours, true
		p.dabord = len(g.blocs) > 0 && !g.toujours
	case p.dabord:
		p.renoncer("des heures précèdent les jours, et d’autres jours suivent\u00a0: on ne sait pas lesquelles vont avec lesquels.")
	case g != nil && g.nomme && g.vide():
		p.renoncer("les jours qui précèdent n’ont pas d’heures.")
	default:
		g = p.ouvrir()
		g.choix, g.nomme = j.jours, true
	}
}

func uneJournee(jour int) (jours [7]bool) {
	jours[jour] = true
	return jours
}

func (e *exclusion) ajouter(p *phrase, c choixJours) {
	if e.moitie != journee || len(c.niemes) > 0 || c.tous {
		p.renoncer("on ne sait pas quels jours sont fermés.")
	}
	for d, dedans := range c.jours {
		e.choix.jours[d] = e.choix.jours[d] || dedans
	}
	if c.deux != [2]int{} {
		e.choix.deux = c.deux
	}
}

func (p *phrase) lireHeures(j jeton) {
	g := p.cours()
	switch {
	case p.exclu != nil && !p.exclu.avant:
		p.renoncer("on ne sait pas si ces heures sont celles d’une fermeture ou d’une ouverture.")
	case p.dabord:
		p.renoncer("ces heures suivent des jours qui ont déjà les leurs.")
	}
	if g == nil {
		g = p.ouvrir()
	}
	p.exclu = nil
	b := bloc{plages: j.plages, rdv: p.rdvBloc, moitie: p.attendue}
	switch m := p.rdvTete; {
	case m == nil || b.rdv != nil:
	case m.clause == p.clause():
		b.rdv, m.servie = &m.sans, true
	default:
		p.renoncer("on ne sait pas si le rendez-vous vaut aussi pour ces heures.")
	}
	if p.rdvBloc != nil && len(j.plages) > 1 {
		p.renoncer("on ne sait pas si le rendez-vous vaut pour toutes ces heures.")
	}
	p.rdvBloc = nil
	p.verifierBloc(g, j)
	p.verifierMoitie(b, p.attendue)
	if p.attendue != journee && len(g.blocs) == 0 {
		g.moitie = p.attendue
	}
	p.attendue = journee
	g.blocs = append(g.blocs, b)
}

// tropTot is the hour, in minutes, before which no place of help opens.
const tropTot = 6 * 60

// verifierBloc looks at hours beside those that the group has.
func (p *phrase) verifierBloc(g *groupe, j jeton) {
	if j.faute != "" {
		p.gater(j.faute)
	}
	if g.ferme && len(g.blocs) == 0 && !p.signes(p.i-1, -1, "/-") {
		p.renoncer("on ne sait pas si ces heures sont celles d’une fermeture ou d’une ouverture.")
	}
	for _, r := range j.plages {
		if r.Debut < tropTot && j.genre == desHeures {
			p.gater("une ouverture avant 6\u00a0h est à vérifier.")
		}
		for _, avant := range g.plages() {
			if r.Debut < avant.Fin && avant.Debut < r.Fin {
				p.gater("ces heures se chevauchent.")
			}
		}
	}
}

func (p *phrase) lireToujours(j jeton) {
	j.plages = []Plage{{0, minutesJour}}
	p.lireHeures(j)
	p.cours().toujours = true
}

// moitieDe is the half of a day in which a range is, journee when it runs
// over both.
func moitieDe(r Plage) demi {
	switch {
	case r.Debut < 12*60 && r.Fin <= 13*60+30:
		return matin
	case r.Debut >= 12*60:
		return apresMidi
	}
	return journee
}

func (p *phrase) verifierMoitie(b bloc, moitie demi) {
	for _, r := range b.plages {
		if moitie != journee && moitieDe(r) != moitie {
			p.gater(fmt.Sprintf("ces heures ne sont pas celles %s.", [...]string{"", "d’un matin", "d’un après-midi"}[moitie]))
			return
		}
	}
}

func (p *phrase) lireMoitie(j jeton) {
	suivant, _ := p.voisin(1)
	g := p.cours()
	switch {
	case p.exclu != nil && p.exclu.moitie == journee && p.exclu.choix.jours != [7]bool{}:
		p.exclu.moitie = j.moitie
		if n := p.exclu.choix.nombre(); n > 1 && !p.pluriel() {
			p.renoncer("on ne sait pas si la demi-journée est celle de tous ces jours.")
		}
	case suivant.genre == desHeures && p.exclu == nil:
		p.attendue = j.moitie
	case g != nil && len(g.blocs) > 0 && (suivant.genre == fort || suivant.genre == desJours):
		p.verifierMoitie(g.blocs[len(g.blocs)-1], j.moitie)
	default:
		p.gater("cette demi-journée n’a pas d’heures.")
	}
}

// pluriel tells whether the days before begin with "les": "les mardi et jeudi
// après-midi" are two halves of days, "le mardi et jeudi après-midi" may not be.
func (p *phrase) pluriel() bool {
	avant, _ := p.voisin(-1)
	return strings.HasPrefix(p.texte.plie[avant.debut:avant.fin], "les ")
}

func ferme(suivant genre) bool {
	return suivant == desJours || suivant == deFeries || suivant == dePortee || suivant == deVacances
}

func (p *phrase) lireFerme(jeton) {
	suivant, rang := p.voisin(1)
	avant, _ := p.voisin(-1)
	g := p.cours()
	if g == nil && (p.cellule || suivant.genre == deMoitie) {
		g = p.ouvrir()
	}
	jourFerme := g != nil && g.nomme && g.vide() &&
		(avant.genre == desJours || p.cellule || avant.genre == fort && suivant.genre == fort)
	p.finExclusion(suivant.genre)
	switch {
	case p.exclu != nil:
		p.renoncer("deux fermetures se suivent\u00a0: on ne sait pas ce qui est fermé.")
	case suivant.genre == deMoitie:
		g.fermee = suivant.moitie
		p.i = rang
	case jourFerme && suivant.genre == desJours && !p.cellule && p.deuxFermetures(rang):
		p.renoncer("on ne sait pas lequel de ces jours est fermé.")
	case jourFerme && (!p.cellule || !ferme(suivant.genre)) && len(g.blocs) == 0:
		g.ferme = true
	case ferme(suivant.genre):
		p.exclure(false)
	case g == nil && suivant.genre == fort:
		p.off = true
	case g != nil && len(g.blocs) > 0 && suivant.genre == fort && p.signes(p.i-1, -1, ",/-"):
		g.ferme = true
	default:
		p.gater("on ne sait pas ce qui est fermé.")
	}
}

// deuxFermetures tells whether "fermé" may close the day before as well as the
// one at rang: "lundi, fermé le mardi", "lundi fermé le mardi".
func (p *phrase) deuxFermetures(rang int) bool {
	if p.signes(p.i+1, 1, ",/-") {
		return false
	}
	j := p.jetons[rang]
	return p.signes(p.i-1, -1, ",") || debutDu.MatchString(p.texte.plie[j.debut:j.fin])
}

// liee tells whether what is excepted follows other days without a sign or
// "et": "fermé le lundi en août".
func (p *phrase) liee() bool {
	avant, _ := p.voisin(-1)
	return avant.genre != deFerme && avant.genre != deSauf && !p.signes(p.i-1, -1, ",/&")
}

// finExclusion ends a closing where a sign and another one follow: "sauf le
// mercredi, fermé les jours fériés".
func (p *phrase) finExclusion(suivant genre) {
	if p.exclu != nil && !p.exclu.avant && ferme(suivant) && p.signes(p.i-1, -1, ",&") {
		p.exclu = nil
	}
}

func (p *phrase) exclure(avant bool) {
	p.exclu = &exclusion{avant: avant, clause: p.clause()}
	if g := p.cours(); g != nil && len(g.blocs) > 1 && g.clauses[p.clause()] {
		p.exclu.derriere = g.blocs[len(g.blocs)-1].moitie != journee
	}
	p.exclus = append(p.exclus, p.exclu)
}

func (p *phrase) lireSauf(jeton) {
	suivant, _ := p.voisin(1)
	p.finExclusion(suivant.genre)
	if !ferme(suivant.genre) || p.exclu != nil {
		p.gater("on ne sait pas ce qui est excepté.")
		return
	}
	g := p.cours()
	p.exclure(g != nil && g.nomme && g.vide())
}

func (p *phrase) lireFeries(jeton) {
	suivant, rang := p.voisin(1)
	switch {
	case p.exclu != nil:
	case suivant.genre == deFerme && (p.enTete() || p.cours() != nil && !p.cours().vide()):
		p.i = rang
	default:
		p.gater("les jours fériés ne sont pas dits fermés.")
		return
	}
	p.fermes = append(p.fermes, fermeture{"PH off", p.clause()})
}

func (p *phrase) lireVacances(j jeton) {
	if p.exclu == nil && !p.enTete() {
		p.gater("on ne sait pas ce qui change pendant les vacances scolaires.")
		return
	}
	p.lirePortee(j)
}

func (p *phrase) jetonSuivant() genre {
	suivant, _ := p.voisin(1)
	return suivant.genre
}

func (p *phrase) fermer(q portee) {
	p.fermes = append(p.fermes, fermeture{q.texte + " off", p.clause()})
	if q.date {
		p.douter(q.texte, "ces dates sont-elles les mêmes tous les ans\u00a0?")
	}
}

func (p *phrase) lirePortee(j jeton) {
	suivant, rang := p.voisin(1)
	g := p.cours()
	switch {
	case p.exclu != nil && (j.portee.texte == "" || p.liee()):
		p.renoncer("on ne sait pas ce qui est fermé.")
	case p.exclu != nil:
		p.fermer(j.portee)
	case suivant.genre == deFerme && p.enTete() && j.portee.texte != "":
		if p.i = rang; p.jetonSuivant() != fort {
			p.renoncer("on ne sait pas si la période est fermée tout entière.")
		}
		p.fermer(j.portee)
	case j.portee.date:
		p.gater("ces dates sont-elles celles d’une seule année\u00a0?")
	case g != nil && g.nomme && g.vide():
		p.restreindre(g, j.portee)
	case p.enTete():
		p.porteeTete = &marque{clause: p.clause(), portee: j.portee}
		if p.cellule && g != nil {
			p.ouvrir()
		}
	case g != nil && len(g.blocs) > 0 && suivant.genre == fort && p.seulDansClause(g):
		p.restreindre(g, j.portee)
	default:
		p.gater("on ne sait pas à quoi s’applique cette période.")
	}
}

func (p *phrase) restreindre(g *groupe, portee portee) {
	if g.portee.genre != toujours {
		p.renoncer("deux périodes sont nommées pour les mêmes heures.")
	}
	g.portee = portee
}

func (p *phrase) seulDansClause(g *groupe) bool {
	for _, autre := range p.groupes {
		if autre != g && autre.clauses[p.clause()] {
			return false
		}
	}
	return true
}
