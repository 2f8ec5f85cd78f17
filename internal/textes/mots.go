// Package textes says things in plain French: distances, dates, hours,
// openings, names with their prepositions. It decides nothing; what is not
// certain it says as such.
package textes

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// insecable is the no-break space that French puts before ":" and ";" and
// between a number and its unit.
const insecable = "\u00a0"

// Pluriel says how many: "0 lieu", "1 lieu", "1 200 lieux". Zero is singular
// in French.
func Pluriel(n int, singulier, pluriel string) string {
	return Nombre(n) + insecable + Accord(n, singulier, pluriel)
}

// Accord is the form of a word for so many.
func Accord(n int, singulier, pluriel string) string {
	if n > 1 || n < -1 {
		return pluriel
	}
	return singulier
}

// Nombre groups digits by three: "12 345".
func Nombre(n int) string {
	if n < 0 {
		return "-" + Nombre(-n)
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + insecable + s[i:]
	}
	return s
}

// Telephone writes a French number two digits at a time: "+33563302020" is
// "05 63 30 20 20". What is not a French number comes back as it is.
func Telephone(numero string) string {
	n := strings.NewReplacer(" ", "", ".", "", insecable, "", "(0)", "").Replace(numero)
	for _, indicatif := range []string{"+33", "+262", "+590", "+594", "+596"} {
		reste, ok := strings.CutPrefix(n, indicatif)
		if ok && len(reste) == 9 {
			return parDeux("0" + reste)
		}
		if ok && len(reste) < 9 && len(reste)%2 == 0 && reste != "" {
			return parDeux(reste) // a short number, such as 39 60
		}
	}
	for _, indicatif := range []string{"+508", "+687", "+689", "+681"} {
		if reste, ok := strings.CutPrefix(n, indicatif); ok && len(reste)%2 == 0 && reste != "" {
			return indicatif + insecable + parDeux(reste)
		}
	}
	if len(n) == 10 && n[0] == '0' || len(n) == 4 && n[0] == '3' {
		return parDeux(n)
	}
	return numero
}

func parDeux(chiffres string) string {
	if strings.Trim(chiffres, "0123456789") != "" {
		return chiffres
	}
	var groupes []string
	for i := 0; i < len(chiffres); i += 2 {
		groupes = append(groupes, chiffres[i:min(i+2, len(chiffres))])
	}
	return strings.Join(groupes, insecable)
}

// De puts "de" before a name: "de Caumont", "d’Auvillar", "du Fauga" (Le
// Fauga), "des Barthes" (Les Barthes), "de La Ville-Dieu-du-Temple", "du 12 rue
// de la Paix", "de la rue de la Paix".
func De(nom string) string {
	return preposer(nom, formes{"du ", "des ", "de ", "d’"})
}

// A puts "à" before a name: "à Moissac", "au Fauga", "aux Barthes", "au 12 rue
// de la Paix".
func A(nom string) string {
	return preposer(nom, formes{"au ", "aux ", "à ", "à "})
}

type formes struct{ le, les, neutre, elide string }

// voies are the kinds of streets, with their article.
var voies = map[string]string{
	"rue": "la ", "place": "la ", "route": "la ", "voie": "la ", "esplanade": "l’", "promenade": "la ",
	"avenue": "l’", "impasse": "l’", "allée": "l’", "boulevard": "le ", "chemin": "le ", "quai": "le ",
	"cours": "le ", "square": "le ", "passage": "le ", "faubourg": "le ", "lieu-dit": "le ", "hameau": "le ",
}

func preposer(nom string, f formes) string {
	if nom == "" {
		return ""
	}
	if court, ok := strings.CutPrefix(nom, "Le "); ok {
		return f.le + court
	}
	if court, ok := strings.CutPrefix(nom, "Les "); ok {
		return f.les + court
	}
	premier, _, _ := strings.Cut(nom, " ")
	article, voie := voies[strings.ToLower(premier)]
	switch {
	case nom[0] >= '0' && nom[0] <= '9' || article == "le ":
		return f.le + nom
	case voie:
		return f.neutre + article + nom
	case seLie(nom):
		return f.elide + nom
	}
	return f.neutre + nom
}

// seLie tells whether "de" loses its vowel before the name: before a vowel, a
// y that makes one (Ytrac), and the mute h of Hyères or Hérouville.
func seLie(nom string) bool {
	base := []rune(strings.ToLower(norm.NFD.String(nom)))
	lettres := base[:0]
	for _, r := range base {
		if unicode.IsLetter(r) {
			lettres = append(lettres, r)
		}
	}
	if len(lettres) < 2 {
		return false
	}
	switch lettres[0] {
	case 'a', 'e', 'i', 'o', 'u', 'œ', 'æ':
		return true
	case 'y':
		return !strings.ContainsRune("aeiou", lettres[1])
	case 'h':
		return lettres[1] == 'y' || lettres[1] == 'e'
	}
	return false
}

// Majuscule begins a sentence: "un lundi" is "Un lundi".
func Majuscule(phrase string) string {
	r, n := utf8.DecodeRuneInString(phrase)
	if n == 0 {
		return phrase
	}
	return string(unicode.ToUpper(r)) + phrase[n:]
}

// Minuscule writes the first letter of a phrase small, for inside a sentence; an
// acronym stays: "SIRET de la structure".
func Minuscule(phrase string) string {
	r, n := utf8.DecodeRuneInString(phrase)
	suivante, _ := utf8.DecodeRuneInString(phrase[n:])
	if n == 0 || unicode.IsUpper(suivante) {
		return phrase
	}
	return string(unicode.ToLower(r)) + phrase[n:]
}

// Couper ends a text of more than n characters with an ellipsis.
func Couper(texte string, n int) string {
	signes := []rune(texte)
	if len(signes) <= n {
		return texte
	}
	return strings.TrimSpace(string(signes[:n-1])) + "…"
}

// Enumerer joins words as French does: "a, b et c".
func Enumerer(mots []string) string {
	switch n := len(mots); n {
	case 0:
		return ""
	case 1:
		return mots[0]
	default:
		return strings.Join(mots[:n-1], ", ") + " et " + mots[n-1]
	}
}

var mois = [12]string{
	"janvier", "février", "mars", "avril", "mai", "juin",
	"juillet", "août", "septembre", "octobre", "novembre", "décembre",
}

var jours = [7]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}

// Jours are the names of weekdays, Monday first.
func Jours() []string { return jours[:] }

func nomMois(m time.Month) string { return mois[(int(m)+11)%12] }

// rangJour is the weekday of t, Monday 0.
func rangJour(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// Mois is "mai 2022"; "" for year 0.
func Mois(annee int, m time.Month) string {
	if annee == 0 {
		return ""
	}
	return nomMois(m) + " " + strconv.Itoa(annee)
}

// DateLongue is "3 mars 2026"; "" for year 0.
func DateLongue(annee int, m time.Month, jour int) string {
	if annee == 0 {
		return ""
	}
	return quantieme(jour) + " " + Mois(annee, m)
}

// Jour is "mardi 3 mars", in t's own zone.
func Jour(t time.Time) string {
	return jours[rangJour(t)] + " " + quantieme(t.Day()) + " " + nomMois(t.Month())
}

func quantieme(jour int) string {
	if jour == 1 {
		return "1er"
	}
	return strconv.Itoa(jour)
}

// Heure is "9 h", "9 h 30", "minuit" for 0:00 and 24:00. Hours past 24 are
// those of the next day.
func Heure(h, m int) string {
	h %= 24
	switch {
	case h == 0 && m == 0:
		return "minuit"
	case m == 0:
		return strconv.Itoa(h) + insecable + "h"
	}
	s := strconv.Itoa(h) + insecable + "h" + insecable
	if m < 10 {
		s += "0"
	}
	return s + strconv.Itoa(m)
}

// Distance says how far, from metres: "à moins de 50 m", "à 400 m", "à 3,2 km",
// "à 12 km". Below a kilometre it is rounded to 50 m, below ten to 100 m, then
// to a kilometre. A negative or unreal distance is unknown: "".
func Distance(metres float64) string {
	switch {
	case !(metres >= 0) || metres > 50e6:
		return ""
	case metres < 50:
		return "à moins de 50" + insecable + "m"
	}
	return "à " + Kilometres(metres)
}

// Kilometres says a length, from metres, with the roundings of Distance: "500 m",
// "2,5 km", "10 km".
func Kilometres(metres float64) string {
	if !(metres >= 0) || metres > 50e6 {
		return ""
	}
	if m := arrondi(metres / 50); m < 20 {
		return strconv.Itoa(m*50) + insecable + "m"
	}
	if d := arrondi(metres / 100); d < 100 {
		km := strconv.Itoa(d / 10)
		if d%10 != 0 {
			km += "," + strconv.Itoa(d%10)
		}
		return km + insecable + "km"
	}
	return Nombre(arrondi(metres/1000)) + insecable + "km"
}

func arrondi(v float64) int { return int(v + 0.5) }
