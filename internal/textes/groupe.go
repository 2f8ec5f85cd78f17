package textes

// Grouper puts together the days of a week that have the same hours, in the
// order of the first of them and closed days last, for paper:
// {"Le lundi et le mercredi", "9 h à 12 h"}, {"Du samedi au dimanche", "Fermé"}.
func Grouper(semaine []LigneSemaine) []LigneSemaine {
	rangs := map[string][]int{}
	var ordre []string
	for i, l := range semaine {
		if rangs[l.Texte] == nil && l.Texte != jourFerme {
			ordre = append(ordre, l.Texte)
		}
		rangs[l.Texte] = append(rangs[l.Texte], i)
	}
	if rangs[jourFerme] != nil {
		ordre = append(ordre, jourFerme)
	}
	lignes := make([]LigneSemaine, 0, len(ordre))
	for _, texte := range ordre {
		lignes = append(lignes, LigneSemaine{Jour: Majuscule(joursDits(rangs[texte])), Texte: texte})
	}
	return lignes
}

// jourFerme is what Semaine writes for a day without hours.
const jourFerme = "Fermé"
