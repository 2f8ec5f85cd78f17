package mednum

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/horaires"
)

// motifMax is the length of a reason or of a title, in characters; tousLesMax
// the longest cadence of a permanence, in weeks.
const (
	motifMax   = 200
	tousLesMax = 8
)

func invalide(champ, format string, args ...any) error {
	return &Error{Code: Invalide, Champ: champ, Message: fmt.Sprintf(format, args...)}
}

// AjouterException adds a closing or an opening of the place, or of one of its
// permanences, and returns its id. Without Au it is one day. The same one again
// changes nothing but its reason. It is refused ("invalide") when it ended
// before jour, when its dates, hours or reason break a rule, when it opens on a
// day for which another opening is noted, or when the place has no such
// permanence.
func (l *Lieu) AjouterException(e Exception, jour Date) (id string, err error) {
	if e.Au.IsZero() {
		e.Au = e.Du
	}
	e.Plages = strings.Join(strings.Fields(e.Plages), "")
	e.Motif = strings.TrimSpace(e.Motif)
	if err := l.checkException(&e, jour); err != nil {
		return "", err
	}
	e.ID = NouvelID(fmt.Sprint(l.ID, "/exception/", e.Du, "/", e.Au, "/", e.Ouvert, "/", e.Plages, "/", e.Permanence))
	if i := slices.IndexFunc(l.Exceptions, func(autre Exception) bool { return autre.ID == e.ID }); i >= 0 {
		l.Exceptions[i] = e
		return e.ID, nil
	}
	l.Exceptions = append(l.Exceptions, e)
	l.rangerExceptions()
	return e.ID, nil
}

// rangerExceptions puts exceptions in order. A later rule wins: of two that begin
// together, the shorter one comes last.
func (l *Lieu) rangerExceptions() {
	slices.SortStableFunc(l.Exceptions, func(a, b Exception) int { return cmp.Or(a.Du.Compare(b.Du), b.Au.Compare(a.Au)) })
}

func (l *Lieu) checkException(e *Exception, jour Date) error {
	switch {
	case e.Du.IsZero():
		return invalide("du", "Donnez le premier jour, comme 2026-12-24.")
	case e.Au.Compare(e.Du) < 0:
		return invalide("au", "Le dernier jour (%s) est avant le premier (%s) : corrigez l’une des deux dates.", e.Au, e.Du)
	case e.Au.Compare(jour) < 0:
		return invalide("au", "Le %s est déjà passé : une exception doit finir aujourd’hui ou plus tard.", e.Au)
	case e.Ouvert && e.Plages == "":
		return invalide("plages", "Donnez les heures de cette ouverture, comme 09:00-12:00,14:00-17:00.")
	case !e.Ouvert && e.Plages != "":
		return invalide("plages", "Une fermeture vaut pour des jours entiers : ne donnez pas de plages.")
	}
	if err := checkPlages(e.Plages); err != nil {
		return err
	}
	if err := checkLigne("motif", "Le motif", e.Motif); err != nil {
		return err
	}
	if err := l.checkOuvertures(e); err != nil {
		return err
	}
	if e.Permanence != "" && l.permanence(e.Permanence) < 0 {
		return invalide("permanence", "Ce lieu n’a pas de permanence « %s ».%s", e.Permanence, l.permanencesConnues())
	}
	if err := lisible(e.regle()); err != nil {
		return invalide("du", "Les dates du %s au %s ne peuvent pas s’écrire en horaires : donnez des années entre 1900 et 2999.", e.Du, e.Au)
	}
	return nil
}

// checkOuvertures refuses a second opening for a day that has one: the hours of
// one would silently replace those of the other.
func (l *Lieu) checkOuvertures(e *Exception) error {
	for _, autre := range l.Exceptions {
		memes := autre.Du == e.Du && autre.Au == e.Au && autre.Plages == e.Plages
		if e.Ouvert && autre.Ouvert && autre.Permanence == e.Permanence && !memes &&
			autre.Du.Compare(e.Au) <= 0 && e.Du.Compare(autre.Au) <= 0 {
			return invalide("plages", "Une ouverture est déjà notée ces jours-là (%s, du %s au %s, %s) : retirez-la, puis donnez toutes les heures ensemble, comme 09:00-12:00,14:00-17:00.",
				autre.ID, autre.Du, autre.Au, autre.Plages)
		}
	}
	return nil
}

func (l *Lieu) permanence(id string) int {
	return slices.IndexFunc(l.Permanences, func(p Permanence) bool { return p.ID == id })
}

func (l *Lieu) permanencesConnues() string {
	if len(l.Permanences) == 0 {
		return " Il n’en a aucune."
	}
	ids := make([]string, len(l.Permanences))
	for i := range l.Permanences {
		ids[i] = l.Permanences[i].ID
	}
	return " Les siennes : " + strings.Join(ids, ", ") + "."
}

var motifPlage = regexp.MustCompile(`^(\d\d):(\d\d)-(\d\d):(\d\d)$`)

// checkPlages accepts ranges of one day, in order, that do not overlap.
func checkPlages(plages string) error {
	if plages == "" {
		return nil
	}
	avant := 0
	for plage := range strings.SplitSeq(plages, ",") {
		m := motifPlage.FindStringSubmatch(plage)
		if m == nil {
			return invalide("plages", "La plage « %s » ne se lit pas : écrivez-la comme 09:00-12:00, et plusieurs avec des virgules.", plage)
		}
		debut, fin := minutes(m[1], m[2]), minutes(m[3], m[4])
		switch {
		case debut < 0 || fin < 0:
			return invalide("plages", "La plage « %s » a une heure qui n’existe pas.", plage)
		case fin <= debut:
			return invalide("plages", "La plage « %s » finit avant de commencer.", plage)
		case debut < avant:
			return invalide("plages", "La plage « %s » commence avant la fin de la précédente : mettez-les dans l’ordre, sans chevauchement.", plage)
		}
		avant = fin
	}
	return nil
}

// minutes is a time of day in minutes from midnight, up to 24:00; -1 when there
// is no such time.
func minutes(heures, reste string) int {
	h, errH := strconv.Atoi(heures)
	m, errM := strconv.Atoi(reste)
	if errH != nil || errM != nil || m > 59 || h*60+m > 24*60 {
		return -1
	}
	return h*60 + m
}

// checkLigne accepts a short text on one line that can stand in a comment of
// opening hours.
func checkLigne(champ, nom, texte string) error {
	if n := utf8.RuneCountInString(texte); n > motifMax {
		return invalide(champ, "%s a %d caractères : raccourcissez-le à %d au plus.", nom, n, motifMax)
	}
	if strings.ContainsFunc(texte, unicode.IsControl) || !utf8.ValidString(texte) {
		return invalide(champ, "%s tient sur une ligne : retirez les retours à la ligne.", nom)
	}
	if strings.Contains(texte, `"`) {
		return invalide(champ, "%s ne peut pas avoir de guillemets droits : écrivez plutôt « et ».", nom)
	}
	return nil
}

// AjouterPermanence adds hours of help that a person enters, and returns their
// id. The same ones again change nothing but title, services, appointment and
// who holds them. They are refused ("invalide") when their rule cannot be read,
// or when another of their values breaks a rule.
func (l *Lieu) AjouterPermanence(p Permanence) (id string, err error) {
	if err := checkPermanence(&p); err != nil {
		return "", err
	}
	p.Fiche = ""
	cle := l.clePermanence(&p)
	for essai := 1; ; essai++ {
		p.ID = NouvelID(cle)
		if essai > 1 {
			p.ID = NouvelID(fmt.Sprint(cle, "/", essai))
		}
		i := l.permanence(p.ID)
		if i < 0 {
			l.Permanences = append(l.Permanences, p)
			return p.ID, nil
		}
		if l.Permanences[i].Fiche == "" && l.clePermanence(&l.Permanences[i]) == cle {
			l.Permanences[i] = p
			return p.ID, nil
		}
		// One that was changed since keeps the id of what it was.
	}
}

// clePermanence is what makes a permanence the same when it is entered again.
func (l *Lieu) clePermanence(p *Permanence) string {
	cle := fmt.Sprint(l.ID, "/permanence/", p.Regle, "/", p.Depuis, "/", p.TousLes)
	if p.Arret != nil {
		cle += "/" + p.Arret.CodeInsee + "/" + Normaliser(p.Arret.Nom)
	}
	return cle
}

// checkPermanence trims and checks hours of help that a person writes.
func checkPermanence(p *Permanence) error {
	p.Regle, p.Intitule = strings.TrimSpace(p.Regle), strings.TrimSpace(p.Intitule)
	if p.Regle == "" {
		return invalide("regle", "Donnez les jours et les heures, comme Tu 10:00-12:00.")
	}
	var faute *horaires.Erreur
	if err := lisible(p.Regle); errors.As(err, &faute) {
		return invalide("regle", "La règle « %s » n’est pas comprise à partir du caractère %d : %s Écrivez-la comme Tu 10:00-12:00.",
			p.Regle, faute.Position+1, faute.Message)
	}
	switch {
	case p.TousLes != 0 && (p.TousLes < 2 || p.TousLes > tousLesMax):
		return invalide("tous_les", "« Une semaine sur %d » n’est pas possible : donnez un nombre de 2 à %d, ou rien pour toutes les semaines.", p.TousLes, tousLesMax)
	case p.TousLes != 0 && p.Depuis.IsZero():
		return invalide("depuis", "Une semaine sur %d, mais à compter de quand ? Donnez un jour de la première semaine, comme 2026-11-30.", p.TousLes)
	}
	for _, service := range p.Services {
		if !EstValeur(ChampServices, service) {
			return invalide("services", "%s", consigneVocabulaire(ChampServices, service))
		}
	}
	if err := checkLigne("intitule", "L’intitulé", p.Intitule); err != nil {
		return err
	}
	return checkArret(p.Arret)
}

func checkArret(a *Arret) error {
	switch {
	case a == nil:
		return nil
	case strings.TrimSpace(a.Nom) == "":
		return invalide("arret", "Donnez le nom de l’arrêt, comme Mairie.")
	case a.CodeInsee == "":
		return invalide("commune", "Donnez la commune de l’arrêt par son code INSEE, comme 46042.")
	case (a.Latitude == nil) != (a.Longitude == nil):
		return invalide("latitude", "Donnez la latitude et la longitude de l’arrêt ensemble, ou aucune des deux.")
	case a.Latitude != nil && !EstPosition(*a.Latitude, *a.Longitude):
		return invalide("latitude", "La position de l’arrêt est hors de la Terre : écrivez des degrés décimaux, comme 44.0221 et 1.3529.")
	}
	if err := checkLigne("arret", "Le nom de l’arrêt", a.Nom); err != nil {
		return err
	}
	return checkLigne("adresse", "Le texte de l’adresse", a.Adresse)
}

// DireHoraires says what the opening hours are the hours of.
func (l *Lieu) DireHoraires(sens SensHoraires) error {
	if sens != SensNonDit && sens != SensLieu && sens != SensAide {
		return invalide("sens", "« %s » n’est pas possible : les horaires sont ceux du lieu, ou ceux de l’aide, ou cela n’est pas dit.", sens)
	}
	l.SensHoraires = sens
	return nil
}

// Verifier notes that somebody checked the place on a day, at the latest jour:
// Consolider then makes it the proof. A check older than the last one is
// refused.
func (l *Lieu) Verifier(le Date, par string, jour Date) error {
	switch {
	case strings.TrimSpace(par) == "":
		return invalide("verifie_par", "Dites qui a vérifié ce lieu.")
	case le.IsZero() || le.Compare(jour) > 0:
		return invalide("verifie_le", "Une vérification ne peut pas être datée d’un jour à venir (%s).", le)
	case le.Compare(l.VerifieLe) < 0:
		return invalide("verifie_le", "Ce lieu a déjà été vérifié plus récemment, le %s.", l.VerifieLe)
	}
	l.VerifieLe, l.VerifiePar = le, par
	return nil
}

// Retirer takes away an exception, or a permanence that a person entered with
// its exceptions. One that comes from a record is refused ("interdit"): the next
// import would bring it back.
func (l *Lieu) Retirer(element string) error {
	if n := len(l.Exceptions); element != "" {
		l.Exceptions = slices.DeleteFunc(l.Exceptions, func(e Exception) bool { return e.ID == element })
		if len(l.Exceptions) < n {
			return nil
		}
	}
	i := l.permanence(element)
	switch {
	case i < 0:
		return &Error{Code: Introuvable, Champ: "element", Message: fmt.Sprintf("Ce lieu n’a ni exception ni permanence « %s ».", element)}
	case l.Permanences[i].Fiche != "":
		return &Error{Code: Interdit, Champ: "element", Message: fmt.Sprintf(
			"La permanence « %s » vient d’une source (fiche %s) : retirée ici, elle reviendrait au prochain import. Fermez-la plutôt par une exception, ou faites corriger la source.",
			element, l.Permanences[i].Fiche)}
	}
	l.Permanences = slices.Delete(l.Permanences, i, i+1)
	l.Exceptions = slices.DeleteFunc(l.Exceptions, func(e Exception) bool { return e.Permanence == element })
	return nil
}
