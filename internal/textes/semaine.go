package textes

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/horaires"
)

// LigneSemaine is one line of the table of a week.
type LigneSemaine struct {
	Jour  string // "Lundi"
	Texte string // "9 h à 12 h et 14 h à 17 h", "Fermé"
}

const minutesJour = 24 * 60

// Semaine gives the seven lines of an ordinary week, Monday first; ok is false
// when there is no expression, or no week to show: weeks differ, or every
// instant is alike (then see Regle).
func Semaine(e *horaires.Expression) (lignes []LigneSemaine, ok bool) {
	if e == nil {
		return nil, false
	}
	regles := e.Regles()
	semaine, ok := e.Ordinairement()
	if !ok || len(regles) == 1 && sansJour(regles[0]) && len(regles[0].Heures) == 0 {
		return nil, false
	}
	for i, creneaux := range semaine {
		lignes = append(lignes, LigneSemaine{Majuscule(jours[i]), Majuscule(journee(creneaux))})
	}
	return lignes, true
}

// Feries says what becomes of public holidays, as far as the hours tell:
// "Fermé les jours fériés", "Les jours fériés : 10 h à 12 h", otherwise "".
func Feries(e *horaires.Expression) string {
	if e == nil {
		return ""
	}
	if e.FermeFeries() {
		return "Fermé les jours fériés"
	}
	var phrases []string
	for _, r := range e.Regles() {
		seuls := len(r.Jours) == 0 && !slices.ContainsFunc(r.Feries, func(f horaires.Ferie) bool { return f.Scolaire })
		if len(r.Feries) > 0 && seuls {
			phrases = append(phrases, quand(r)+deux+quoi(r))
		}
	}
	return Majuscule(strings.Join(phrases, puis))
}

// Intervalles says stretches of one day: "9 h à 12 h et 14 h à 17 h (sur
// rendez-vous)"; "" of none.
func Intervalles(liste []horaires.Intervalle) string {
	var creneaux []horaires.Creneau
	for _, v := range liste {
		debut := v.Debut.Hour()*60 + v.Debut.Minute()
		fin := v.Fin.Hour()*60 + v.Fin.Minute()
		if fin <= debut {
			fin += minutesJour
		}
		creneaux = append(creneaux, horaires.Creneau{Plage: horaires.Plage{Debut: debut, Fin: fin}, Etat: v.Etat, Commentaire: v.Commentaire})
	}
	if len(creneaux) == 0 {
		return ""
	}
	return journee(creneaux)
}

// journee says the hours of a day: "9 h à 12 h et 14 h à 17 h, sur rendez-vous".
func journee(creneaux []horaires.Creneau) string {
	if len(creneaux) == 0 {
		return "fermé"
	}
	if texte, ok := journeeSinon(creneaux); ok {
		return texte
	}
	commun, partage := commentaireCommun(creneaux)
	var textes []string
	for i, c := range creneaux {
		apres := i > 0 && creneaux[i-1].Fin == c.Debut && creneaux[i-1].Etat == horaires.Ouvert
		switch {
		case c.Commentaire == horaires.FinOuverte && apres:
			textes[len(textes)-1] += " au moins"
		case c.Commentaire == horaires.FinOuverte:
			textes = append(textes, "à partir de "+Heure(c.Debut/60, c.Debut%60))
		default:
			textes = append(textes, creneau(c, partage))
		}
	}
	if partage && commun != "" {
		if len(creneaux) == 1 && creneaux[0].Debut == 0 && creneaux[0].Fin == minutesJour {
			return commun
		}
		return Enumerer(textes) + ", " + commun
	}
	return Enumerer(textes)
}

// journeeSinon says a day of which every other hour is unknown for one
// reason, as a fallback rule makes it: "9 h à 12 h, sinon sur rendez-vous".
func journeeSinon(creneaux []horaires.Creneau) (string, bool) {
	fin, mots := 0, ""
	var surs []string
	for _, c := range creneaux {
		if c.Debut != fin {
			return "", false
		}
		fin = c.Fin
		switch {
		case c.Etat == horaires.Ouvert:
			surs = append(surs, creneau(c, false))
		case c.Commentaire == horaires.FinOuverte || mots != "" && mention(c) != mots:
			return "", false
		default:
			mots = mention(c)
		}
	}
	if fin != minutesJour || mots == "" || len(surs) == 0 {
		return "", false
	}
	return Enumerer(surs) + ", sinon " + mots, true
}

// commentaireCommun is the comment that all stretches share: said once.
func commentaireCommun(creneaux []horaires.Creneau) (string, bool) {
	premier := mention(creneaux[0])
	for _, c := range creneaux {
		if mention(c) != premier || c.Commentaire == horaires.FinOuverte {
			return "", false
		}
	}
	return premier, true
}

// mention is what to say beside the hours of a stretch.
func mention(c horaires.Creneau) string {
	if c.Commentaire == "" && c.Etat == horaires.Inconnu {
		return "à vérifier"
	}
	return c.Commentaire
}

func creneau(c horaires.Creneau, nu bool) string {
	texte := plage(c.Plage)
	if m := mention(c); m != "" && !nu {
		texte += " (" + m + ")"
	}
	return texte
}

// plage is "9 h à 12 h", "24 h sur 24" for a whole day.
func plage(p horaires.Plage) string {
	if p.Debut == 0 && p.Fin == minutesJour {
		return "24" + insecable + "h sur 24"
	}
	return Heure(p.Debut/60, p.Debut%60) + " à " + Heure(p.Fin/60, p.Fin%60)
}

// semaineDite says an ordinary week in one sentence, grouping the days that
// are alike: "du lundi au jeudi : 9 h à 12 h ; le vendredi : 9 h à 11 h".
func semaineDite(semaine [7][]horaires.Creneau) string {
	var textes [7]string
	for i, creneaux := range semaine {
		textes[i] = journee(creneaux)
	}
	var phrases []string
	dits := map[string]bool{"fermé": true}
	for _, texte := range textes {
		if dits[texte] {
			continue
		}
		dits[texte] = true
		var memes []int
		for j, autre := range textes {
			if autre == texte {
				memes = append(memes, j)
			}
		}
		phrases = append(phrases, joursDits(memes)+deux+texte)
	}
	if len(phrases) == 0 {
		return "fermé"
	}
	return strings.Join(phrases, puis)
}

const (
	deux = insecable + ": "
	puis = insecable + "; "
)

// joursDits names weekdays in order: "le lundi et le jeudi", "du mardi au
// vendredi", "tous les jours".
func joursDits(rangs []int) string {
	if len(rangs) == 7 {
		return "tous les jours"
	}
	var mots []string
	for i := 0; i < len(rangs); {
		fin := i
		for fin+1 < len(rangs) && rangs[fin+1] == rangs[fin]+1 {
			fin++
		}
		if fin-i >= 2 {
			mots = append(mots, "du "+jours[rangs[i]]+" au "+jours[rangs[fin]])
		} else {
			for _, r := range rangs[i : fin+1] {
				mots = append(mots, "le "+jours[r])
			}
		}
		i = fin + 1
	}
	return Enumerer(mots)
}

// Vacances says what becomes of school holidays, as far as the hours tell:
// "Pendant les vacances scolaires : fermé", otherwise "".
func Vacances(e *horaires.Expression) string {
	if e == nil {
		return ""
	}
	var phrases []string
	for _, r := range e.Regles() {
		if slices.ContainsFunc(r.Feries, func(f horaires.Ferie) bool { return f.Scolaire }) {
			phrases = append(phrases, quand(r)+deux+quoi(r))
		}
	}
	return Majuscule(strings.Join(phrases, puis))
}
