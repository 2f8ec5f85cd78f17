package horaires

import (
	"fmt"
	"slices"
)

// nuitMax is the longest stretch past midnight, in minutes, that raises no
// doubt.
const nuitMax = 12 * 60

// Doute is something legal but implausible in an expression, for a person to
// look at: nothing is repaired. Regle is the rule's index, Extrait the part as
// String prints it, Message plain French.
type Doute struct {
	Regle   int
	Extrait string
	Message string
}

// Doutes lists, rule by rule, hours that run for more than twelve hours past
// midnight ("Fr 19:00-11:00"), hours of one rule that overlap ("Mo
// 09:00-12:00,11:00-14:00") and rules that a later one for the same days
// replaces altogether ("Mo 09:00-12:00; Mo 14:00-17:00").
func (e *Expression) Doutes() []Doute {
	var doutes []Doute
	for i := range e.regles {
		r := &e.regles[i]
		for j, h := range r.heures {
			if !h.libre && h.fin > minutesJour && h.fin-h.debut > nuitMax {
				doutes = append(doutes, Doute{i, h.String(), fmt.Sprintf(
					"ces heures passent minuit et durent %s\u00a0: la fin est-elle juste\u00a0?", dureeEcrite(h.fin-h.debut))})
			}
			if k := slices.IndexFunc(r.heures[:j], func(k plageHeures) bool { return h.debut < k.fin && k.debut < h.fin }); k >= 0 {
				doutes = append(doutes, Doute{i, r.heures[k].String() + "," + h.String(), "ces heures se chevauchent."})
			}
		}
		if e.effacee(i) {
			doutes = append(doutes, Doute{i, r.String(), "cette règle ne compte pas\u00a0: une règle suivante la remplace les mêmes jours. Pour garder les deux, écrivez une virgule au lieu du point-virgule."})
		}
	}
	return doutes
}

// effacee tells whether a later normal rule with the same selectors replaces
// the rule, which has hours, everywhere.
func (e *Expression) effacee(i int) bool {
	r := &e.regles[i]
	if len(r.heures) == 0 || r.etat == Ferme {
		return false
	}
	for j := i + 1; j < len(e.regles); j++ {
		s := &e.regles[j]
		if s.remplace && len(s.heures) > 0 && s.selection() == r.selection() {
			return true
		}
	}
	return false
}

func dureeEcrite(minutes int) string {
	if minutes%60 == 0 {
		return fmt.Sprintf("%d\u00a0h", minutes/60)
	}
	return fmt.Sprintf("%d\u00a0h\u00a0%02d", minutes/60, minutes%60)
}
