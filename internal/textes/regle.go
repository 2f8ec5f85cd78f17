package textes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
)

// Regle says an expression in words, without a capital: an ordinary week by
// its days, anything else rule by rule: "un lundi sur deux (semaines paires) :
// 9 h 30 à 12 h et 13 h 30 à 16 h", "le 1er mercredi du mois : 14 h à 17 h". "" for nil.
//
// A cadence (see horaires.Cadence) is said before: "une semaine sur deux à
// partir du 30 novembre 2026, le lundi : 9 h à 12 h".
func Regle(e *horaires.Expression) string {
	if e == nil {
		return ""
	}
	return cadenceDite(e.Cadence()) + regleDite(e)
}

func cadenceDite(k horaires.Cadence) string {
	if k.Semaines < 2 {
		return ""
	}
	a, m, j := k.Depuis.Date()
	return "une semaine sur " + enLettres(k.Semaines) + " à partir " + De(DateLongue(a, m, j)) + ", "
}

func regleDite(e *horaires.Expression) string {
	regles := e.Regles()
	if len(regles) == 1 && sansJour(regles[0]) && len(regles[0].Heures) == 0 {
		return quoi(regles[0])
	}
	if semaine, ok := e.Ordinairement(); ok && !nommeFeries(regles) {
		return semaineDite(semaine)
	} else if ok && e.FermeFeries() && fermentSeulement(regles) {
		return semaineDite(semaine) + puis + "fermé les jours fériés"
	}
	var phrases []string
	for _, r := range regles {
		quand, quoi := quand(r), quoi(r)
		switch {
		case r.Lien == "||":
			quand = strings.Trim("sinon, "+quand, ", ")
		case quand == "" && len(r.Heures) > 0:
			quand = "tous les jours"
		}
		if quand != "" {
			quand += deux
		}
		phrases = append(phrases, quand+quoi)
	}
	return strings.Join(phrases, puis)
}

func sansJour(r horaires.Regle) bool {
	return len(r.Annees)+len(r.Dates)+len(r.Semaines)+len(r.Jours)+len(r.Feries) == 0
}

func nommeFeries(regles []horaires.Regle) bool {
	return slices.ContainsFunc(regles, func(r horaires.Regle) bool { return len(r.Feries) > 0 })
}

// fermentSeulement tells whether all that rules say of holidays is "PH off".
func fermentSeulement(regles []horaires.Regle) bool {
	for _, r := range regles {
		for _, f := range r.Feries {
			if f.Scolaire || f.Decalage != 0 || r.Etat != horaires.Ferme || len(r.Heures) > 0 {
				return false
			}
		}
	}
	return true
}

// quoi says the hours and the state of a rule.
func quoi(r horaires.Regle) string {
	mots := r.Commentaire
	if mots == "" && r.Etat == horaires.Inconnu {
		mots = "à vérifier"
	}
	if len(r.Heures) == 0 {
		switch {
		case r.Etat == horaires.Inconnu:
			return mots
		case r.Etat == horaires.Ferme:
			return entreParentheses("fermé", mots)
		case r.Toujours:
			return entreParentheses("à toute heure", mots)
		}
		return entreParentheses("toute la journée", mots)
	}
	var heures []string
	for _, h := range r.Heures {
		heures = append(heures, heuresDites(h))
	}
	texte := Enumerer(heures)
	switch {
	case r.Etat == horaires.Ferme:
		return entreParentheses("fermé, "+texte, mots)
	case mots != "":
		return texte + ", " + mots
	}
	return texte
}

func entreParentheses(texte, mots string) string {
	if mots == "" {
		return texte
	}
	return texte + " (" + mots + ")"
}

func heuresDites(h horaires.PlageHeures) string {
	switch {
	case h.SansFin:
		return "à partir de " + Heure(h.Debut/60, h.Debut%60)
	case h.Libre:
		return plage(h.Plage) + " au moins"
	}
	return plage(h.Plage)
}

// quand says the days of a rule; "" when it has none.
func quand(r horaires.Regle) string {
	var mots []string
	ajouter := func(texte string) {
		if texte != "" {
			mots = append(mots, texte)
		}
	}
	ajouter(r.Condition)
	ajouter(anneesDites(r.Annees))
	ajouter(datesDites(r.Dates))
	if parite := pariteDite(r.Semaines); parite != "" && jourSimple(r) {
		ajouter("un " + jours[r.Jours[0].De] + " sur deux (" + parite + ")")
		return strings.Join(mots, ", ")
	}
	ajouter(semainesDites(r.Semaines))
	ajouter(joursEtFeries(r))
	return strings.Join(mots, ", ")
}

// jourSimple tells whether the rule names one weekday and nothing more.
func jourSimple(r horaires.Regle) bool {
	return len(r.Jours) == 1 && len(r.Feries) == 0 && r.Jours[0].De == r.Jours[0].A && len(r.Jours[0].Rangs) == 0
}

// pariteDite recognises even and odd ISO weeks.
func pariteDite(semaines []horaires.Suite) string {
	if len(semaines) != 1 || semaines[0].Pas != 2 {
		return ""
	}
	switch s := semaines[0]; {
	case s.De == 2 && s.A >= 52:
		return semainesPaires
	case s.De == 1 && s.A >= 53:
		return semainesImpaires
	}
	return ""
}

const semainesPaires, semainesImpaires = "semaines paires", "semaines impaires"

// DaterParite says in a sentence of Regle the next date in place of the parity
// of the weeks, that few people know: "un lundi sur deux (prochain : 7
// décembre)". A sentence without parity comes back as it is.
func DaterParite(regle string, prochaine time.Time) string {
	dit := "prochain" + deux + quantieme(prochaine.Day()) + " " + nomMois(prochaine.Month())
	return strings.NewReplacer("("+semainesPaires+")", "("+dit+")", "("+semainesImpaires+")", "("+dit+")").Replace(regle)
}

func semainesDites(semaines []horaires.Suite) string {
	if len(semaines) == 0 {
		return ""
	}
	if parite := pariteDite(semaines); parite != "" {
		return "une semaine sur deux (" + parite + ")"
	}
	var mots []string
	for _, s := range semaines {
		switch {
		case s.De == s.A:
			mots = append(mots, "la semaine "+strconv.Itoa(s.De))
		case s.Pas > 1:
			mots = append(mots, fmt.Sprintf("une semaine sur %s de la semaine %d à la semaine %d", enLettres(s.Pas), s.De, s.A))
		default:
			mots = append(mots, fmt.Sprintf("de la semaine %d à la semaine %d", s.De, s.A))
		}
	}
	return Enumerer(mots)
}

func enLettres(n int) string {
	switch n {
	case 2:
		return "deux"
	case 3:
		return "trois"
	case 4:
		return "quatre"
	}
	return strconv.Itoa(n)
}

func anneesDites(annees []horaires.Suite) string {
	var mots []string
	for _, a := range annees {
		switch {
		case a.SansFin:
			mots = append(mots, fmt.Sprintf("à partir de %d", a.De))
		case a.De == a.A:
			mots = append(mots, fmt.Sprintf("en %d", a.De))
		case a.Pas > 1:
			mots = append(mots, fmt.Sprintf("une année sur %s de %d à %d", enLettres(a.Pas), a.De, a.A))
		default:
			mots = append(mots, fmt.Sprintf("de %d à %d", a.De, a.A))
		}
	}
	return Enumerer(mots)
}

func datesDites(dates []horaires.PlageDates) string {
	var mots []string
	for _, d := range dates {
		mots = append(mots, dateDite(d))
	}
	return Enumerer(mots)
}

func dateDite(d horaires.PlageDates) string {
	deMois := d.De.Jour == 0 && !d.De.Paques
	debut, fin := borneDite(d.De), borneDite(d.A)
	switch {
	case d.SansFin:
		return "à partir " + De(debut)
	case d.Seule && deMois:
		return "en " + debut
	case d.Seule && d.De.Paques && d.De.Decalage == 0:
		return "le dimanche de " + debut
	case d.Seule && d.De.Decalage != 0:
		return debut
	case d.Seule:
		return "le " + debut
	case deMois && d.A.Mois == d.De.Mois+1 && d.A.Annee == 0 && d.De.Annee == 0:
		return "en " + debut + " et " + fin
	case deMois:
		return De(debut) + " à " + fin
	case d.De.Paques || d.A.Paques:
		return "entre " + debut + " et " + fin + " inclus"
	}
	if d.De.Mois == d.A.Mois && d.De.Annee == d.A.Annee && d.De.Decalage == 0 {
		debut = quantieme(d.De.Jour)
	}
	return "du " + debut + " au " + fin
}

func borneDite(b horaires.Borne) string {
	texte := "Pâques"
	switch {
	case b.Paques && b.Annee != 0:
		return decaler(texte+" "+strconv.Itoa(b.Annee), b.Decalage)
	case b.Paques:
		return decaler(texte, b.Decalage)
	}
	texte = mois[(b.Mois+11)%12]
	if b.Jour > 0 {
		texte = quantieme(b.Jour) + " " + texte
	}
	if b.Annee != 0 {
		texte += " " + strconv.Itoa(b.Annee)
	}
	return decaler(texte, b.Decalage)
}

// decaler says a day some days away from another.
func decaler(texte string, jours int) string {
	switch {
	case jours == 1:
		return "le lendemain " + duNom(texte)
	case jours == -1:
		return "la veille " + duNom(texte)
	case jours > 0:
		return fmt.Sprintf("%d jours après %s", jours, texte)
	case jours < 0:
		return fmt.Sprintf("%d jours avant %s", -jours, texte)
	}
	return texte
}

// duNom is "de" before a group that may have its article: "le 1er lundi" is
// "du 1er lundi".
func duNom(texte string) string {
	for article, forme := range map[string]string{"le ": "du ", "les ": "des ", "l’": "de l’"} {
		if court, ok := strings.CutPrefix(texte, article); ok {
			return forme + court
		}
	}
	return De(texte)
}

func joursEtFeries(r horaires.Regle) string {
	dits := joursDeRegle(r.Jours)
	var feries []string
	for _, f := range r.Feries {
		feries = append(feries, ferieDite(f))
	}
	autres := Enumerer(feries)
	switch {
	case dits == "" || autres == "":
		return dits + autres
	case r.Ensemble && slices.ContainsFunc(r.Feries, func(f horaires.Ferie) bool { return !f.Scolaire }):
		return autres + " qui tombent " + dits
	case r.Ensemble:
		return autres + ", " + dits
	}
	return dits + " et " + autres
}

func ferieDite(f horaires.Ferie) string {
	nom := "les jours fériés"
	if f.Scolaire {
		nom = "les vacances scolaires"
	}
	if f.Decalage == 0 && f.Scolaire {
		return "pendant " + nom
	}
	return decaler(nom, f.Decalage)
}

// joursDeRegle says ranges of weekdays, and nth weekdays apart.
func joursDeRegle(plages []horaires.PlageJours) string {
	var presents [7]bool
	var mots []string
	for _, p := range plages {
		if len(p.Rangs) > 0 {
			mots = append(mots, rangsDits(p))
			continue
		}
		for j := p.De; ; j = (j + 1) % 7 {
			presents[j] = true
			if j == p.A {
				break
			}
		}
	}
	var rangs []int
	for j, present := range presents {
		if present {
			rangs = append(rangs, j)
		}
	}
	if len(rangs) > 0 {
		mots = append([]string{joursDits(rangs)}, mots...)
	}
	return Enumerer(mots)
}

// rangsDits is "le 1er et le 3e mercredi du mois", "le dernier lundi du mois".
func rangsDits(p horaires.PlageJours) string {
	var mots []string
	for _, r := range p.Rangs {
		switch {
		case r == 1:
			mots = append(mots, "le 1er")
		case r > 0:
			mots = append(mots, fmt.Sprintf("le %de", r))
		case r == -1:
			mots = append(mots, "le dernier")
		case r == -2:
			mots = append(mots, "l’avant-dernier")
		default:
			mots = append(mots, fmt.Sprintf("le %de en partant de la fin", -r))
		}
	}
	texte := Enumerer(mots) + " " + jours[p.De] + " du mois"
	return decaler(texte, p.Decalage)
}
