package textes

import (
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
)

// NonCommuniques is what to say of a place whose hours nobody has given.
const NonCommuniques = "Horaires non communiqués"

// Ouverture says a state and what comes next, in one short sentence: "Ouvert ·
// ferme à 17 h", "Ouvre demain à 9 h", "Fermé aujourd’hui (14 juillet) · ouvre mercredi à
// 9 h", "Sur rendez-vous". On a public holiday about which the hours are
// silent it promises nothing. Days and hours are those of loc (maintenant's own
// zone when nil).
func Ouverture(r horaires.Reponse, maintenant time.Time, loc *time.Location) string {
	if loc != nil {
		maintenant = maintenant.In(loc)
		r.Bascule.Debut = r.Bascule.Debut.In(loc)
	}
	switch r.Etat {
	case horaires.Ouvert:
		return ouvert(r, maintenant)
	case horaires.Inconnu:
		return inconnu(r)
	default:
		return ferme(r, maintenant)
	}
}

func ouvert(r horaires.Reponse, maintenant time.Time) string {
	precision := ""
	if r.Commentaire != "" {
		precision = " (" + r.Commentaire + ")"
	}
	fin := r.Bascule
	proche := fin.Debut.Sub(maintenant) < 12*time.Hour || ecart(fin.Debut, maintenant) == 0
	switch {
	case r.AConfirmer():
		return "Jour férié (" + r.Ferie + ")" + deux + "à vérifier"
	case fin.Debut.IsZero():
		return "Ouvert à toute heure" + precision
	case fin.Etat != horaires.Ferme && proche:
		return "Ouvert au moins jusqu’à " + heureDe(fin.Debut) + precision
	case fin.Etat != horaires.Ferme:
		return "Ouvert au moins jusqu’à " + jourRelatif(fin.Debut, maintenant) + ", " + heureDe(fin.Debut) + precision
	case proche:
		return "Ouvert · ferme à " + heureDe(fin.Debut) + precision
	}
	return "Ouvert · ferme " + jourRelatif(fin.Debut, maintenant) + " à " + heureDe(fin.Debut) + precision
}

func heureDe(t time.Time) string { return Heure(t.Hour(), t.Minute()) }

func inconnu(r horaires.Reponse) string {
	switch r.Commentaire {
	case "":
		return "Horaires à vérifier"
	case horaires.FinOuverte:
		return "Heure de fermeture non précisée"
	case horaires.SelonLesVacances:
		return "Selon les vacances scolaires" + deux + "à vérifier"
	}
	return Majuscule(r.Commentaire)
}

func ferme(r horaires.Reponse, maintenant time.Time) string {
	debut := ""
	switch {
	case r.FermeJour && r.Ferie != "":
		debut = "Fermé aujourd’hui (" + r.Ferie + ")"
	case r.Hebdo:
		debut = "Fermé le " + jours[rangJour(maintenant)]
	case r.Commentaire != "":
		debut = "Fermé (" + r.Commentaire + ")"
	}
	suite := reouverture(r, maintenant)
	switch {
	case debut == "" && suite == "":
		return "Fermé"
	case suite == "":
		return debut
	case debut == "" && strings.HasPrefix(suite, "ouvre"):
		return Majuscule(suite)
	case debut == "":
		debut = "Fermé"
	}
	return debut + " · " + suite
}

// reouverture says what comes after the closing, as far as it is certain.
func reouverture(r horaires.Reponse, maintenant time.Time) string {
	suite := r.Bascule
	if suite.Debut.IsZero() {
		return ""
	}
	jour := jourRelatif(suite.Debut, maintenant)
	heure := ""
	if h := heureDe(suite.Debut); h != "minuit" {
		heure = "à " + h
	}
	quand := strings.Trim(jour+" "+heure, " ")
	switch {
	case suite.Ferie != "" && !suite.FeriePrevu:
		if jour == "" {
			jour = "aujourd’hui"
		}
		return jour + ", jour férié (" + suite.Ferie + ")" + deux + "à vérifier"
	case suite.Etat == horaires.Ouvert:
		return "ouvre " + quand
	case suite.Commentaire == "" || suite.Commentaire == horaires.SelonLesVacances:
		return quand + deux + "à vérifier"
	case suite.Commentaire == horaires.FinOuverte:
		return "ouvre " + quand
	}
	return quand + deux + suite.Commentaire
}

// Moment says when something begins, seen from now: "à 14 h", "demain à 9 h",
// "mardi à 10 h", "le lundi 4 janvier 2027 à 9 h". Both instants are in the
// zone of the place.
func Moment(t, maintenant time.Time) string {
	jour, heure := jourRelatif(t, maintenant), heureDe(t)
	if heure == "minuit" {
		return jour
	}
	return strings.TrimLeft(jour+" à "+heure, " ")
}

// ouverts are the words with which the names of places begin, and how "ouvert"
// agrees with them, the longest first.
var ouverts = []struct{ debut, dit string }{
	{"mission locale", "Mission locale ouverte"},
	{"centre socioculturel", "Centre socioculturel ouvert"},
	{"centre social", "Centre social ouvert"},
	{"france services", "France services ouvert"},
	{"bibliothèque", "Bibliothèque ouverte"},
	{"médiathèque", "Médiathèque ouverte"},
	{"ludothèque", "Ludothèque ouverte"},
	{"tiers-lieu", "Tiers-lieu ouvert"},
	{"mairie", "Mairie ouverte"},
	{"maison", "Maison ouverte"},
	{"ccas", "CCAS ouvert"},
}

// LieuOuvert says that the doors of a place are open, in the word that its
// name begins with: "Médiathèque ouverte", otherwise "Lieu ouvert".
func LieuOuvert(nom string) string {
	bas := strings.ToLower(nom)
	for _, o := range ouverts {
		if strings.HasPrefix(bas, o.debut) {
			return o.dit
		}
	}
	return "Lieu ouvert"
}

// jourRelatif names a day from today: "" today, "demain", "lundi" within six
// days, "le lundi 3 août" later, with the year when it is another one.
func jourRelatif(t, maintenant time.Time) string {
	switch n := ecart(t, maintenant); {
	case n == 0:
		return ""
	case n == 1:
		return "demain"
	case n > 1 && n <= 6:
		return jours[rangJour(t)]
	}
	jour := "le " + Jour(t)
	if t.Year() != maintenant.Year() {
		jour += " " + strconv.Itoa(t.Year())
	}
	return jour
}

// ecart counts civil days from maintenant to t.
func ecart(t, maintenant time.Time) int {
	return int(minuitUTC(t).Sub(minuitUTC(maintenant)).Hours() / 24)
}

func minuitUTC(t time.Time) time.Time {
	a, m, j := t.Date()
	return time.Date(a, m, j, 0, 0, 0, 0, time.UTC)
}

// ProchainesDates lists when an expression next opens (or may open), once a
// day, at most n days within the year after depuis: the instants at which the
// first hours of each day begin. A day whose hours are all past is left out.
func ProchainesDates(e *horaires.Expression, n int, depuis time.Time, c horaires.Calendrier) []time.Time {
	if e == nil || n <= 0 {
		return nil
	}
	var dates []time.Time
	for _, jour := range e.Jours(depuis, n+1, 366, c) {
		intervalles := e.Entre(jour, jour.AddDate(0, 0, 1), c)
		if len(intervalles) == 0 || !intervalles[len(intervalles)-1].Fin.After(depuis) || len(dates) == n {
			continue
		}
		dates = append(dates, intervalles[0].Debut)
	}
	return dates
}
