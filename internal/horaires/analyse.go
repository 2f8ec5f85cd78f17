package horaires

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// longueurMax bounds a text: no real opening hours come near it, and Dater
// stays within it for a year.
const longueurMax = 10000

// Parse reads an opening_hours value. A text outside the grammar is refused
// with an *Erreur, and nothing is guessed.
func Parse(texte string) (*Expression, error) {
	l := &lecteur{texte: texte, runes: []rune(texte)}
	if len(l.runes) > longueurMax {
		return nil, l.erreur(longueurMax, fmt.Sprintf("le texte dépasse %d caractères.", longueurMax))
	}
	e := &Expression{}
	if err := l.regles(e); err != nil {
		return nil, err
	}
	e.preparer()
	return e, nil
}

// lecteur walks through the runes of a text.
type lecteur struct {
	texte string
	runes []rune
	pos   int
}

func (l *lecteur) erreur(position int, message string) error {
	return &Erreur{Position: min(position, len(l.runes)), Message: message, Texte: l.texte}
}

func (l *lecteur) blancs() {
	for l.pos < len(l.runes) && unicode.IsSpace(l.runes[l.pos]) {
		l.pos++
	}
}

func (l *lecteur) fini() bool { return l.pos >= len(l.runes) }

// voir is the rune n places ahead, 0 past the end.
func (l *lecteur) voir(n int) rune {
	if l.pos+n < len(l.runes) {
		return l.runes[l.pos+n]
	}
	return 0
}

// prendre skips spaces and takes the sign if it comes next.
func (l *lecteur) prendre(signe string) bool {
	depart := l.pos
	l.blancs()
	for i, r := range []rune(signe) {
		if l.voir(i) != r {
			l.pos = depart
			return false
		}
	}
	l.pos += len(signe)
	return true
}

// mot is the run of letters that comes next, not taken.
func (l *lecteur) mot() string {
	l.blancs()
	n := 0
	for unicode.IsLetter(l.voir(n)) {
		n++
	}
	return string(l.runes[l.pos : l.pos+n])
}

func (l *lecteur) prendreMot(mots ...string) (string, bool) {
	if m := l.mot(); m != "" && slices.Contains(mots, m) {
		l.pos += len(m)
		return m, true
	}
	return "", false
}

// chiffres counts the digits that come next, after spaces.
func (l *lecteur) chiffres() int {
	l.blancs()
	n := 0
	for chiffre(l.voir(n)) {
		n++
	}
	return n
}

func chiffre(r rune) bool { return r >= '0' && r <= '9' }

// nombre takes a number of at most max digits, between de and a.
func (l *lecteur) nombre(maxChiffres, de, a int, quoi string) (int, error) {
	n := l.chiffres()
	if n == 0 || n > maxChiffres {
		return 0, l.erreur(l.pos, fmt.Sprintf("il faut %s, entre %d et %d.", quoi, de, a))
	}
	v := 0
	for i := range n {
		v = v*10 + int(l.voir(i)-'0')
	}
	if v < de || v > a {
		return 0, l.erreur(l.pos, fmt.Sprintf("%d ne convient pas : il faut %s, entre %d et %d.", v, quoi, de, a))
	}
	l.pos += n
	return v, nil
}

func (l *lecteur) regles(e *Expression) error {
	sep := normale
	for {
		l.blancs()
		if l.fini() && len(e.regles) > 0 && sep == normale {
			return nil // a last ";" separates nothing
		}
		r, err := l.regle()
		if err != nil {
			return err
		}
		r.sep = sep
		e.regles = append(e.regles, r)
		l.blancs()
		switch ici := l.pos; {
		case l.fini():
			return nil
		case l.prendre(";"):
			sep = normale
		case l.prendre("||"):
			sep = repli
		case l.voir(0) == ',':
			if len(r.heures) == 0 && !r.explicite && r.mots == "" {
				return l.erreur(ici, "une virgule ne peut pas suivre des jours sans heures.")
			}
			l.prendre(",")
			sep = addition
		default:
			return l.inattendu()
		}
	}
}

// regle reads one rule: selectors, then hours, then a state and a comment.
func (l *lecteur) regle() (r regle, err error) {
	debut := l.pos
	if r.condition, err = l.conditionLue(); err != nil {
		return r, err
	}
	if l.toujoursOuvert() {
		r.toujours = true
	} else if err = l.selecteurs(&r); err != nil {
		return r, err
	}
	if err = l.modificateur(&r); err != nil {
		return r, err
	}
	if l.pos == debut || r.vide() {
		if l.fini() {
			return r, l.erreur(l.pos, "il manque des jours ou des heures.")
		}
		return r, l.inattendu()
	}
	return r, nil
}

func (r *regle) vide() bool {
	return !r.toujours && !r.aDates() && len(r.heures) == 0 && !r.explicite && r.mots == ""
}

// conditionLue reads the words of `"words": Mo-Fr …`, if the rule begins so.
func (l *lecteur) conditionLue() (string, error) {
	l.blancs()
	if l.voir(0) != '"' {
		return "", nil
	}
	depart := l.pos
	mots, err := l.commentaire()
	if err != nil {
		return "", err
	}
	if l.prendre(":") {
		return mots, nil
	}
	l.pos = depart
	return "", nil
}

func (l *lecteur) toujoursOuvert() bool {
	return l.chiffres() == 2 && l.voir(2) == '/' && l.prendre("24/7")
}

func (l *lecteur) selecteurs(r *regle) error {
	large := r.condition != ""
	for _, lire := range []func(*regle) (bool, error){l.annees, l.dates, l.semaines} {
		lu, err := lire(r)
		if err != nil {
			return err
		}
		large = large || lu
	}
	if large && l.prendre(":") && l.finRegle() {
		return l.erreur(l.pos, "il manque des jours ou des heures.")
	}
	if err := l.jours(r); err != nil {
		return err
	}
	return l.heures(r)
}

func (l *lecteur) finRegle() bool {
	l.blancs()
	return l.fini() || l.voir(0) == ';' || l.voir(0) == '|'
}

// modificateur reads "open", "off", "closed", "unknown" and a comment.
func (l *lecteur) modificateur(r *regle) (err error) {
	m, ok := l.prendreMot("open", "off", "closed", "unknown")
	r.explicite = ok
	switch m {
	case "open":
		r.ecrit = Ouvert
	case "unknown":
		r.ecrit = Inconnu
	}
	l.blancs()
	if l.voir(0) == '"' {
		r.mots, err = l.commentaire()
	}
	return err
}

func (l *lecteur) commentaire() (string, error) {
	debut := l.pos
	fin := slices.Index(l.runes[debut+1:], '"')
	if fin < 0 {
		return "", l.erreur(debut, "le commentaire n’est pas fermé : il manque un guillemet \".")
	}
	mots := strings.TrimSpace(string(l.runes[debut+1 : debut+1+fin]))
	if mots == "" {
		return "", l.erreur(debut, "le commentaire est vide.")
	}
	l.pos = debut + fin + 2
	return mots, nil
}

// inattendu says what stands where nothing of the grammar can, and how to
// write it when that is plain.
func (l *lecteur) inattendu() error {
	position := l.pos
	mot := l.mot()
	switch {
	case mot != "":
		return l.erreur(l.pos, motRefuse(mot))
	case l.fini():
		return l.erreur(l.pos, "le texte s’arrête trop tôt.")
	case strings.ContainsRune("–—‑−", l.voir(0)):
		return l.erreur(l.pos, "écrivez le tiret simple « - ».")
	case strings.ContainsRune("“”«»", l.voir(0)):
		return l.erreur(l.pos, "écrivez les commentaires entre guillemets droits \".")
	default:
		return l.erreur(max(position, l.pos), fmt.Sprintf("« %c » n’est pas attendu ici.", l.voir(0)))
	}
}

var motsAttendus = slices.Concat(nomsJours[:], nomsMois[:], []string{"PH", "SH", "off", "closed", "open", "unknown", "week", "easter"})

func motRefuse(mot string) string {
	for _, attendu := range motsAttendus {
		if strings.EqualFold(attendu, mot) && attendu != mot {
			return fmt.Sprintf("écrivez « %s » et non « %s ».", attendu, mot)
		}
	}
	switch mot {
	case "sunrise", "sunset", "dawn", "dusk":
		return "les heures du soleil ne sont pas comprises : écrivez des heures, comme 08:00-18:00."
	}
	if slices.Contains(motsAttendus, mot) {
		return fmt.Sprintf("« %s » n’est pas à sa place ici.", mot)
	}
	return fmt.Sprintf("« %s » n’est pas compris : les jours s’écrivent Mo Tu We Th Fr Sa Su.", mot)
}
