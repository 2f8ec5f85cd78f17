package horaires

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lecture is what a tolerant reading made of a text, for import only: the
// strict grammar is Parse. Compris and Reste are passages as they were
// written, in order; together they hold every word of the text. When something
// is left or doubtful, Horaires is a proposal for a person, and nothing to
// evaluate: what was not understood may close what it opens.
type Lecture struct {
	Horaires       string      // canonical, parses strictly; "" when nothing is concluded
	Expression     *Expression // nil when Horaires is ""
	Compris, Reste []string
	Doutes         []Doute // what a person must look at; Regle counts the groups of the text
	SansRendezVous *bool   // nil when not said, or not the same for all hours
}

// Certaine tells whether the text was understood to its end, without a doubt.
func (l Lecture) Certaine() bool { return len(l.Reste) == 0 && len(l.Doutes) == 0 }

// phraseMax bounds a free text, in characters: longer, it is no opening hours.
const phraseMax = 2000

// Lire reads the hours of a place in any writing: OSM ("Mo-Fr 9h-12h30"),
// short days ("Lu-Ve : 9h/12h"), French sentences ("du lundi au vendredi de 9h
// à 12h et de 14h à 17h, fermé le mercredi"). A text that parses strictly is
// read as it is. Nothing is guessed: a word that is not known leaves its clause
// in Reste, and words that have two meanings leave the whole text there, with a
// doubt that says why.
func Lire(texte string) Lecture {
	if e, err := Parse(texte); err == nil {
		return lectureStricte(texte, e)
	}
	if l, long := tropLong(texte); long {
		return l
	}
	return lire(nouvellePhrase(nouveauTexte(texte)))
}

// LireJour reads the cell of one weekday (0 is Monday): "09:00 - 12:30 / 13:30 -
// 17:00", "9h-12h", "Fermé", "sur rendez-vous". Horaires names the day. A cell
// that says nothing ("", "-", "00:00 - 00:00") gives an empty Lecture.
func LireJour(jour int, texte string) Lecture {
	if l, long := tropLong(texte); long {
		return l
	}
	p := nouvellePhrase(nouveauTexte(texte))
	p.cellule, p.jour = true, jour
	return lire(p)
}

// tropLong refuses what no one writes as hours.
func tropLong(texte string) (Lecture, bool) {
	if utf8.RuneCountInString(texte) <= phraseMax {
		return Lecture{}, false
	}
	return Lecture{
		Reste:  []string{strings.TrimSpace(texte)},
		Doutes: []Doute{{Extrait: string([]rune(texte)[:40]) + "…", Message: fmt.Sprintf("le texte dépasse %d caractères.", phraseMax)}},
	}, true
}

func lectureStricte(texte string, e *Expression) Lecture {
	l := Lecture{Horaires: e.String(), Expression: e, Compris: []string{strings.TrimSpace(texte)}, Doutes: e.Doutes()}
	for i := range e.regles {
		if r := &e.regles[i]; len(r.heures) > 0 && !r.aDates() {
			l.Doutes = append(l.Doutes, Doute{i, r.String(), "ces heures ne disent pas quels jours."})
		}
	}
	return l
}

// riens are what is written where nothing is known.
var riens = []string{"", "-", "/", "horaires non communiques", "00:00 - 00:00", "00:00-00:00"}

func lire(p *phrase) Lecture {
	if slices.Contains(riens, strings.Trim(p.texte.plie, " \n.")) {
		return Lecture{}
	}
	p.lire()
	gardes := p.retenir()
	p.restrictions()
	p.completer(gardes)
	unites := p.accorder(p.unites(gardes))
	p.finir(gardes, unites)
	var l Lecture
	l.ecrire(p, p.composer(unites), unites)
	p.partager(&l)
	l.SansRendezVous = sansRendezVous(unites, gardes, p)
	if l.Expression != nil && len(p.doutes) == 0 {
		l.Doutes = l.Expression.Doutes()
	}
	l.Doutes = append(l.Doutes, p.doutes...)
	return l
}

// finir settles what only the end of the text can.
func (p *phrase) finir(gardes []*groupe, unites []*unite) {
	for _, u := range unites {
		if u.g.choix.tous && u.jour == 6 && len(u.libres) > 0 && len(p.exclus) > 0 {
			p.douter("tous les jours", "« tous les jours » compte aussi le dimanche\u00a0: est-ce bien le cas\u00a0?")
		}
	}
	if m := p.rdvTete; m != nil && !m.servie && len(p.groupes) > 0 && !p.seulRDV() {
		p.renoncer("on ne sait pas à quelles heures s’applique le rendez-vous.")
	}
	if p.seulRDV() && p.rdvTete.sans {
		p.renoncer("aucune heure n’est donnée.")
	}
	if m := p.porteeTete; m != nil && !m.servie {
		p.renoncer("une période est nommée sans heures.")
	}
	if p.rienDOuvert() {
		p.douter(p.texte.ecrit, "le texte dit ce qui est fermé, mais pas ce qui est ouvert.")
	}
	if p.off && !p.cellule {
		p.douter(p.texte.ecrit, "le lieu est dit fermé\u00a0: pour toujours, ou les horaires manquent-ils\u00a0?")
	}
	for _, f := range p.fermes {
		if f.regle != "PH off" && !p.globale(f) {
			p.renoncer("on ne sait pas si la fermeture vaut pour tous les jours.")
		}
	}
}

// rienDOuvert tells whether the text names closings and nothing else: "fermé le
// lundi", "lundi fermé". A cell of one day may say so.
func (p *phrase) rienDOuvert() bool {
	dit := slices.ContainsFunc(p.groupes, func(g *groupe) bool { return !g.ferme || len(g.blocs) > 0 })
	return !p.off && !p.cellule && !dit && len(p.exclus)+len(p.fermes) > 0
}

// globale tells whether a closing stands apart from the hours, or beside the
// only ones that there are.
func (p *phrase) globale(f fermeture) bool {
	return len(p.groupes) <= 1 || !slices.ContainsFunc(p.groupes, func(g *groupe) bool { return g.clauses[f.clause] })
}

// seulRDV tells whether the text says nothing but "sur rendez-vous".
func (p *phrase) seulRDV() bool {
	return p.rdvTete != nil && !p.rdvTete.servie && len(p.groupes) == 0 && len(p.gatees)+len(p.exclus)+len(p.fermes) == 0
}

func (l *Lecture) ecrire(p *phrase, regles string, unites []*unite) {
	switch {
	case p.rien:
		return
	case p.seulRDV() && !p.rdvTete.sans:
		regles = surRendezVous
		if p.cellule {
			regles = nomsJours[p.jour] + " " + surRendezVous
		}
	case len(unites) == 0 && p.off:
		regles = "off"
	case len(unites) == 0:
		for _, e := range p.exclus {
			if !p.gatees[e.clause] && e.choix.jours != [7]bool{} && e.moitie == journee {
				regles = strings.TrimSuffix(joursNommes(e.choix.jours)+" off; "+regles, "; ")
			}
		}
	}
	e, err := Parse(regles)
	if err != nil {
		return // nothing was read
	}
	l.Expression, l.Horaires = e, e.String()
}

func joursNommes(jours [7]bool) string {
	var marques [7]string
	for d, dedans := range jours {
		if dedans {
			marques[d] = "x"
		}
	}
	return joursPareils(marques, "x")
}

// partager parts the text into what was understood and what is left, clause by
// clause.
func (p *phrase) partager(l *Lecture) {
	debut := 0
	for i, j := range p.jetons {
		derniere := i+1 == len(p.jetons)
		if !derniere && p.laisse(p.clauses[i], l) == p.laisse(p.clauses[i+1], l) {
			continue
		}
		passage := strings.TrimFunc(p.texte.entre(debut, j.fin), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("()", r)
		})
		debut = j.fin
		switch {
		case passage == "":
		case p.laisse(p.clauses[i], l):
			l.Reste = append(l.Reste, passage)
		default:
			l.Compris = append(l.Compris, passage)
		}
	}
}

func (p *phrase) laisse(clause int, l *Lecture) bool { return l.Horaires == "" || p.gatees[clause] }

// sansRendezVous is what the whole text says of appointments, if it says one
// thing.
func sansRendezVous(unites []*unite, gardes []*groupe, p *phrase) *bool {
	if p.rien {
		return nil
	}
	if p.seulRDV() {
		return &p.rdvTete.sans
	}
	var dits []*bool
	for _, g := range gardes {
		for _, b := range g.blocs {
			dits = append(dits, premier(b.rdv, g.rdv))
		}
		if len(g.blocs) == 0 && !g.ferme {
			dits = append(dits, g.rdv)
		}
	}
	for _, d := range dits {
		if d == nil || *d != *dits[0] {
			return nil
		}
	}
	if len(dits) == 0 || len(unites) == 0 {
		return nil
	}
	return dits[0]
}

func premier(a, b *bool) *bool {
	if a != nil {
		return a
	}
	return b
}
