package horaires

import "strings"

// lireRDV finds the hours that an appointment is for: those of the clause when
// it is said first, those that precede ("9h-12h (sur rdv)"), or those that
// follow a separator ("9h-12h / sur rdv : 14h-17h"). Where two readings are
// open, nothing is concluded.
func (p *phrase) lireRDV(j jeton) {
	g := p.cours()
	suivant, _ := p.voisin(1)
	sans := j.sans
	switch {
	case p.exclu != nil:
		p.renoncer("on ne sait pas ce que demande le rendez-vous.")
	case p.enTete():
		p.rdvTete = &marque{clause: p.clause(), sans: sans}
	case g == nil || g.rdv != nil:
		p.renoncer("on ne sait pas à quoi s’applique le rendez-vous.")
	case g.nomme && g.vide() && suivant.genre == desJours && !p.entreParentheses() && !p.signes(p.i+1, 1, signesListe):
		p.renoncer("on ne sait pas pour quel jour il faut un rendez-vous.")
	case g.nomme && g.vide():
		g.rdv = &sans
	case len(g.blocs) == 0:
		p.gater("on ne sait pas à quelles heures s’applique le rendez-vous.")
	case p.entreParentheses() || p.derriere(suivant.genre):
		p.rdvDerriere(g, j)
	case suivant.genre == desHeures && p.signes(p.i-1, -1, ",/-(") && !p.signes(p.i+1, 1, ",/-)"):
		p.rdvBloc = &sans
	default:
		p.renoncer("on ne sait pas à quelles heures s’applique le rendez-vous.")
	}
}

// derriere tells whether the words close what precedes.
func (p *phrase) derriere(suivant genre) bool {
	return !p.signes(p.i-1, -1, signesListe) && (suivant == fort || p.signes(p.i+1, 1, signesListe)) ||
		p.virguleAvant() && suivant == fort
}

const signesListe = ",/-&.("

// entreParentheses tells whether the words stand alone in parentheses.
func (p *phrase) entreParentheses() bool {
	j := p.jetons[p.i]
	return strings.HasSuffix(strings.TrimRight(p.texte.plie[:j.debut], " "), "(") &&
		strings.HasPrefix(strings.TrimLeft(p.texte.plie[j.fin:], " "), ")")
}

// signes tells whether one of the signs, or "et", parts the jeton from its
// neighbour.
func (p *phrase) signes(k, pas int, signes string) bool {
	for ; k >= 0 && k < len(p.jetons); k += pas {
		mot := p.texte.plie[p.jetons[k].debut:p.jetons[k].fin]
		switch g := p.jetons[k].genre; {
		case g == fort:
			return true
		case g != faible && g != lien:
			return false
		case strings.ContainsAny(mot, signes) || mot == "et" || mot == "puis":
			return true
		}
	}
	return false
}

func (p *phrase) virguleAvant() bool {
	return strings.HasSuffix(strings.TrimRight(p.texte.plie[:p.jetons[p.i].debut], " "), ",")
}

func (p *phrase) rdvDerriere(g *groupe, j jeton) {
	dernier := &g.blocs[len(g.blocs)-1]
	virgule := p.virguleAvant()
	switch {
	case dernier.rdv != nil:
		p.renoncer("ces heures sont dites avec et sans rendez-vous.")
	case virgule && !j.sans && (!j.net || len(g.blocs) > 1 || len(p.groupes) > 1):
		p.renoncer("on ne sait pas si le rendez-vous vaut pour toutes les heures.")
	case !virgule && len(dernier.plages) > 1:
		p.renoncer("on ne sait pas si le rendez-vous vaut pour toutes ces heures ou pour les dernières.")
	default:
		dernier.rdv = &j.sans
	}
}
