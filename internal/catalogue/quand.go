package catalogue

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// Quand is when a person wants to go: from Du to Au (not included), within one
// civil day of the territory.
type Quand struct {
	Jour, Heure string // as ParseQuand read them
	Du, Au      time.Time
	Reporte     bool // the afternoon asked is over: it is tomorrow's
}

// The words of a day beside weekdays and dates.
const (
	QuandMaintenant = "maintenant"
	QuandApresMidi  = "apres-midi"
	quandMatin      = "matin"
	quandSoir       = "soir"
	quandToday      = "aujourdhui"
	quandDemain     = "demain"
)

// JoursQuand are the words that name a day, in the order in which they are
// offered; a date (AAAA-MM-JJ) is one too.
var JoursQuand = []string{
	QuandMaintenant, QuandApresMidi, quandToday, quandDemain,
	"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
}

// HeuresQuand are the words that name a part of a day, in order; an hour
// ("17:00") and a range ("17:00-19:00") are others.
var HeuresQuand = []string{quandMatin, QuandApresMidi, quandSoir}

// parties are the parts of a day, in minutes from midnight.
var parties = map[string][2]int{
	quandMatin:     {0, 12 * 60},
	QuandApresMidi: {13 * 60, 19 * 60},
	quandSoir:      {18 * 60, 24 * 60},
}

// joursAVenir is how many days ahead a date may be asked.
const joursAVenir = 366

// ParseQuand reads a day and an hour, in the territory's time zone; nil when
// both are empty. Jour is one of JoursQuand or a date; a weekday is the next
// one, today included. Heure is one of HeuresQuand, "17:00" or "17:00-19:00",
// of that day, of today when jour names none. What is already past today is
// left out. What cannot be read, or is over, is an *mednum.Error with code
// "invalide" on "quand" or "heure".
func (c *Catalogue) ParseQuand(jour, heure string) (*Quand, error) {
	jour, heure = strings.ToLower(strings.TrimSpace(jour)), strings.ToLower(strings.TrimSpace(heure))
	if jour == "" && heure == "" {
		return nil, nil // no wish is a valid answer, not an absent thing
	}
	maintenant := c.now().In(c.territoire.Location()).Truncate(time.Minute)
	if heure == "" && jour == QuandMaintenant {
		return &Quand{Jour: jour, Du: maintenant, Au: maintenant.Add(time.Minute)}, nil
	}
	if jour == QuandApresMidi && heure == "" {
		heure = QuandApresMidi
	}
	de, a, err := heuresDe(heure)
	if err != nil {
		return nil, err
	}
	d, err := jourDe(jour, maintenant)
	if err != nil {
		return nil, err
	}
	q := &Quand{Jour: jour, Heure: heure, Du: aMinute(d, de), Au: aMinute(d, a)}
	if jour == QuandApresMidi {
		q.Heure = strings.TrimPrefix(heure, QuandApresMidi)
	}
	if !q.Au.After(maintenant) {
		return c.reporter(q, jour, maintenant)
	}
	if q.Du.Before(maintenant) {
		q.Du = maintenant
	}
	return q, nil
}

// reporter moves what is over today: an afternoon to tomorrow, a weekday to
// the next week; the rest is refused.
func (c *Catalogue) reporter(q *Quand, jour string, maintenant time.Time) (*Quand, error) {
	ajout := 0
	switch {
	case jour == QuandApresMidi && q.Heure == "":
		ajout, q.Reporte = 1, true
	case slices.Contains(textes.Jours(), jour):
		ajout = 7
	default:
		return nil, invalide("heure", "Cette heure est passée\u00a0: choisissez plus tard, ou un autre jour.")
	}
	q.Du, q.Au = q.Du.AddDate(0, 0, ajout), q.Au.AddDate(0, 0, ajout)
	return q, nil
}

// jourDe is a time within the civil day that a word or a date names.
func jourDe(jour string, maintenant time.Time) (time.Time, error) {
	switch jour {
	case "", QuandMaintenant, QuandApresMidi, quandToday:
		return maintenant, nil
	case quandDemain:
		return maintenant.AddDate(0, 0, 1), nil
	}
	if rang := slices.Index(textes.Jours(), jour); rang >= 0 {
		ici := (int(maintenant.Weekday()) + 6) % 7
		return maintenant.AddDate(0, 0, (rang-ici+7)%7), nil
	}
	date, err := mednum.ParseDate(jour)
	if err != nil {
		return time.Time{}, invalide("quand", "Écrivez un jour (samedi), une date (AAAA-MM-JJ) ou l’un de ces mots\u00a0: %s.", strings.Join(JoursQuand[:4], ", "))
	}
	auj := mednum.DateOf(maintenant)
	if date.Compare(auj) < 0 {
		return time.Time{}, invalide("quand", "Ce jour est passé\u00a0: choisissez aujourd’hui ou un jour à venir.")
	}
	if date.Compare(mednum.DateOf(maintenant.AddDate(0, 0, joursAVenir))) > 0 {
		return time.Time{}, invalide("quand", "Ce jour est trop loin\u00a0: choisissez un jour des douze prochains mois.")
	}
	return date.In(maintenant.Location()), nil
}

// heuresDe reads a part of a day, in minutes from midnight; a single hour is
// the minute that begins at it.
func heuresDe(texte string) (de, a int, err error) {
	if texte == "" {
		return 0, 24 * 60, nil
	}
	if p, ok := parties[texte]; ok {
		return p[0], p[1], nil
	}
	debut, fin, plage := strings.Cut(texte, "-")
	de, ok := minutesDe(debut)
	a = de + 1
	if ok && plage {
		a, ok = minutesDe(fin)
	}
	if !ok || a <= de || de == 24*60 {
		return 0, 0, invalide("heure", "Écrivez une heure (17:00), des heures (17:00-19:00) ou l’un de ces mots\u00a0: %s.", strings.Join(HeuresQuand, ", "))
	}
	return de, a, nil
}

func minutesDe(texte string) (int, bool) {
	h, m, ok := strings.Cut(texte, ":")
	heures, err := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(m)
	total := heures*60 + minutes
	return total, ok && err == nil && err2 == nil && len(m) == 2 && len(h) <= 2 && heures >= 0 && minutes >= 0 && minutes < 60 && total <= 24*60
}

// aMinute is the clock time of a civil day.
func aMinute(jour time.Time, minutes int) time.Time {
	a, m, j := jour.Date()
	return time.Date(a, m, j, 0, minutes, 0, 0, jour.Location())
}

// Libelle says it in French: "maintenant", "cet après-midi", "samedi 28
// novembre", "mardi 1er décembre de 17 h à 19 h".
func (q *Quand) Libelle() string { return q.dire(textes.Jour(q.Du)) }

// LibelleCourt is Libelle with the date of a weekday left out, for where it is
// said beside: "samedi, le matin".
func (q *Quand) LibelleCourt() string { return q.dire(q.JourCourt()) }

// JourCourt names the day: "samedi", a date when a date was asked.
func (q *Quand) JourCourt() string {
	if q.Jour != "" && !slices.Contains(JoursQuand, q.Jour) {
		return textes.Jour(q.Du)
	}
	return textes.Jours()[(int(q.Du.Weekday())+6)%7]
}

// JourChoisi is the word of a list of days that says what was read: an hour
// alone, or with a word that means today, is of today.
func (q *Quand) JourChoisi() string {
	if q.Heure != "" && (q.Jour == "" || q.Jour == QuandMaintenant || q.Jour == QuandApresMidi) {
		return quandToday
	}
	return q.Jour
}

func (q *Quand) dire(jour string) string {
	switch {
	case q.Jour == QuandMaintenant && q.Heure == "":
		return "maintenant"
	case q.Jour == QuandApresMidi && q.Heure == "" && q.Reporte:
		return "demain après-midi"
	case q.Jour == QuandApresMidi && q.Heure == "":
		return "cet après-midi"
	}
	switch q.Jour {
	case "", QuandMaintenant, QuandApresMidi, quandToday:
		jour = "aujourd’hui"
	case quandDemain:
		jour = "demain"
	}
	if _, partie := parties[q.Heure]; partie {
		jour += ","
	}
	return strings.TrimRight(jour+" "+HeureDite(q.Heure), " ")
}

// HeureDite says a part of a day or its hours: "l’après-midi", "à 17 h", "de
// 17 h à 19 h"; "" for the whole day.
func HeureDite(heure string) string {
	switch heure {
	case "":
		return ""
	case quandMatin:
		return "le matin"
	case QuandApresMidi:
		return "l’après-midi"
	case quandSoir:
		return "le soir"
	}
	de, a, err := heuresDe(heure)
	if err != nil {
		return ""
	}
	if a == de+1 && !strings.Contains(heure, "-") {
		return "à " + textes.Heure(de/60, de%60)
	}
	return "de " + textes.Heure(de/60, de%60) + " à " + textes.Heure(a/60, a%60)
}
