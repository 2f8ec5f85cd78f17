package norme

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

const (
	titreAide     = "Aide numérique"
	surRendezVous = "Sur rendez-vous."
	prochaines    = " (prochaines dates\u00a0: " // what follows changes with the day
	nbProchaines  = 3
)

// completer adds sentences to a text, one a line. Those that it already holds
// (an export that was read again) are not repeated.
func completer(detail string, phrases []string) string {
	var neuves []string
	for _, p := range phrases {
		neuves = ajouterPhrase(neuves, p)
	}
	if len(neuves) == 0 {
		return detail
	}
	deja := func(ligne string) bool {
		return slices.ContainsFunc(neuves, func(p string) bool { return sansDates(p) == sansDates(ligne) })
	}
	lignes := slices.DeleteFunc(strings.Split(detail, "\n"), deja)
	if detail == "" {
		lignes = nil
	}
	return strings.Join(append(lignes, neuves...), "\n")
}

func sansDates(phrase string) string {
	debut, _, _ := strings.Cut(strings.TrimSpace(phrase), prochaines)
	return strings.TrimSuffix(debut, ".")
}

// direSens says what the opening hours are the hours of, where someone said so.
func direSens(l *mednum.Lieu) []string {
	switch {
	case l.Champs.Horaires == "":
		return nil
	case l.SensHoraires == mednum.SensAide:
		return []string{"Ces horaires sont ceux de l’aide numérique."}
	case l.SensHoraires == mednum.SensLieu && !slices.ContainsFunc(l.Permanences, func(p mednum.Permanence) bool { return p.Arret == nil }):
		return []string{"Ces horaires sont ceux du lieu."}
	}
	return nil
}

// direPermanences says when help is there, one sentence for each permanence of
// the place itself, and one for each of its exceptions.
func (x Export) direPermanences(l *mednum.Lieu) (phrases []string) {
	for i := range l.Permanences {
		p := &l.Permanences[i]
		if p.Arret != nil {
			continue
		}
		titre := titreDe(p)
		phrases = append(phrases, x.direPermanence(titre, p))
		propres := slices.DeleteFunc(l.ExceptionsDe(p.ID), func(e mednum.Exception) bool { return e.Permanence == "" })
		phrases = append(phrases, direExceptions(titre, propres, x.Jour)...)
	}
	return phrases
}

// titreDe names a permanence: "Aide numérique (accès libre à un ordinateur)".
func titreDe(p *mednum.Permanence) string {
	precision := enUneLigne(p.Intitule)
	if precision == "" || estRendezVous(precision) {
		precision = textes.Enumerer(p.Services)
	}
	if precision == "" || mednum.Normaliser(precision) == mednum.Normaliser(titreAide) {
		return titreAide
	}
	return titreAide + " (" + precision + ")"
}

func estRendezVous(texte string) bool { return mednum.Normaliser(texte) == "sur rendez vous" }

// direPermanence is a sentence: "Aide numérique, une semaine sur deux à partir du
// 30 novembre 2026, le lundi : 9 h à 12 h, sur rendez-vous (prochaines dates : …)."
func (x Export) direPermanence(titre string, p *mednum.Permanence) string {
	phrase, suite := titre, ""
	e, err := horaires.Parse(p.Regle)
	switch {
	case strings.TrimSpace(p.Regle) == "" && !p.RendezVous:
		phrase += "\u00a0: jours et heures non communiqués"
	case strings.TrimSpace(p.Regle) == "":
	case err != nil:
		phrase += ", " + enUneLigne(p.Regle)
	default:
		if p.TousLes > 1 {
			e = cadencer(e, p)
		}
		phrase += ", " + textes.Regle(e)
		suite = x.direProchaines(e)
	}
	if d := p.Depuis; p.TousLes < 2 && d.Compare(x.Jour) > 0 {
		phrase += ", à partir " + textes.De(textes.DateLongue(d.Annee, d.Mois, d.Jour))
	}
	if p.RendezVous {
		phrase += ", sur rendez-vous"
	}
	return phraseFinie(phrase + suite)
}

// direRegle is a rule in words, or as it is when it cannot be read.
func direRegle(regle string) string {
	e, err := horaires.Parse(regle)
	if err != nil {
		return enUneLigne(regle)
	}
	return textes.Regle(e)
}

// direProchaines names the next days of alternate weeks, which nobody counts in
// their head.
func (x Export) direProchaines(e *horaires.Expression) string {
	semaines := e.Cadence().Semaines
	if semaines < 2 {
		return ""
	}
	var dates []string
	for _, j := range e.Jours(x.Jour.In(time.UTC), nbProchaines, 7*nbProchaines*semaines, horaires.Calendrier{}) {
		dates = append(dates, textes.DateLongue(j.Year(), j.Month(), j.Day()))
	}
	if len(dates) == 0 {
		return ""
	}
	return prochaines + textes.Enumerer(dates) + ")"
}

// direExceptions says closings and openings out of the ordinary, those that
// ended before the day left out. titre names the permanence, "" is the place.
func direExceptions(titre string, liste []mednum.Exception, jour mednum.Date) (phrases []string) {
	for i := range liste {
		regle := mednum.ReglesExceptions(liste[i:i+1], jour)
		if regle == "" {
			continue
		}
		phrase := "Exceptionnellement, "
		if titre != "" {
			phrase = titre + ", exceptionnellement "
		}
		phrases = append(phrases, phraseFinie(phrase+direRegle(regle)))
	}
	return phrases
}

// direArret says a stop that makes no row: "Arrêt « Mairie », le lundi : 9 h à 12 h."
func (x Export) direArret(l *mednum.Lieu, groupe []int) (phrases []string) {
	for _, i := range groupe {
		p := &l.Permanences[i]
		titre := "Arrêt «\u00a0" + enUneLigne(p.Arret.Nom) + "\u00a0»"
		if a := p.Arret; a.Commune != "" && mednum.Normaliser(a.Commune) != mednum.Normaliser(a.Nom) {
			titre += " (" + a.Commune + ")"
		}
		phrases = append(phrases, x.direPermanence(titre, p))
		phrases = append(phrases, direExceptions(titre, l.ExceptionsDe(p.ID), x.Jour)...)
	}
	return phrases
}

// enUneLigne keeps no-break spaces: a sentence of ours that comes back stays as
// it was.
func enUneLigne(texte string) string {
	return strings.Join(strings.FieldsFunc(texte, func(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' }), " ")
}

func phraseFinie(texte string) string { return strings.TrimRight(texte, ".") + "." }
