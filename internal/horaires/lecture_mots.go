package horaires

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pliages gives the plain letter of accented letters and of typographic signs.
var pliages = map[rune]rune{
	'à': 'a', 'â': 'a', 'ä': 'a', 'é': 'e', 'è': 'e', 'ê': 'e', 'ë': 'e', 'î': 'i', 'ï': 'i',
	'ô': 'o', 'ö': 'o', 'ù': 'u', 'û': 'u', 'ü': 'u', 'ç': 'c',
	'’': '\'', '‘': '\'', '–': '-', '—': '-', '‑': '-', '−': '-', '⏎': '\n', '\r': '\n',
}

// Plier makes a text plain for those who look for words in it: lower case
// without accents, plain spaces, dashes and apostrophes; one rune for one rune,
// so that ranks hold in the original.
func Plier(s string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		if plie, ok := pliages[r]; ok {
			return plie
		}
		if r != '\n' && unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, s)
}

// texteLu is a text beside its plain form; pos gives, for each byte of plie,
// the byte of ecrit of the same rune.
type texteLu struct {
	ecrit, plie string
	pos         []int
	anglais     bool // "We" is Wednesday, not the French week-end
}

func nouveauTexte(ecrit string) *texteLu {
	t := &texteLu{ecrit: ecrit, plie: Plier(ecrit)}
	reste := t.plie
	for i := range ecrit {
		_, n := utf8.DecodeRuneInString(reste)
		for range n {
			t.pos = append(t.pos, i)
		}
		reste = reste[n:]
	}
	t.pos = append(t.pos, len(ecrit))
	t.anglais = motifCodes.MatchString(ecrit) && !motifJourFrancais.MatchString(t.plie)
	return t
}

// entre is the text as written whose plain form is plie[debut:fin].
func (t *texteLu) entre(debut, fin int) string { return t.ecrit[t.pos[debut]:t.pos[fin]] }

// genre is the kind of a jeton.
type genre int

const (
	inconnu genre = iota // a word that is not understood
	fort                 // ";", "|", a line break, a full stop: what it parts stands alone
	faible               // other signs
	lien                 // "le", "et", "ouvert"… : words that change nothing
	desJours
	desHeures
	deMoitie
	deFerme
	deSauf
	deRDV
	dePortee
	deFeries
	deVacances // "vacances scolaires", as a noun
	deToujours // 24h/24
)

// demi is a half of a day.
type demi int

const (
	journee demi = iota
	matin
	apresMidi
)

// jeton is a word, or words that go together: plie[debut:fin].
type jeton struct {
	genre      genre
	debut, fin int
	jours      choixJours
	plages     []Plage
	faute      string // of hours or days that are not certain
	moitie     demi
	sans       bool // no appointment needed
	net        bool // "uniquement sur rendez-vous"
	portee     portee
}

var (
	motifCodes        = regexp.MustCompile(`\b(?:Mo|Tu|Th|Fr|Su)\b`)
	motifJourFrancais = regexp.MustCompile(`\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b`)
	motifMot          = regexp.MustCompile(`^[\pL\pN]+`)
	finMot            = regexp.MustCompile(`^[\pL\pN]`)
)

// vocabulaire is what words say, the first that fits; lists of days and hours
// are read apart.
var vocabulaire = []struct {
	motif *regexp.Regexp
	jeton jeton
}{
	{regexp.MustCompile(`^(?:[;|\n]|//|--|\.(?: |$)|</?[a-z]{1,3}(?: ?/)?>)[\s;|.]*`), jeton{genre: fort}},
	{regexp.MustCompile(`^24 ?(?:h(?:eures)?)? ?(?:/|sur) ?24(?: ?h(?:eures)?)?`), jeton{genre: deToujours}},
	{regexp.MustCompile(`^7 ?(?:j(?:ours)?)? ?(?:/|sur) ?7(?: ?j(?:ours)?)?`), jeton{genre: desJours, jours: choixJours{jours: semaineEntiere}}},
	{regexp.MustCompile(`^(?:tous les|chaque) jours?`), jeton{genre: desJours, jours: choixJours{jours: semaineEntiere, tous: true}}},
	{regexp.MustCompile(`^(?:les? )?week[ -]?ends?`), jeton{genre: desJours, jours: choixJours{jours: [7]bool{5: true, 6: true}}}},
	{regexp.MustCompile(`^(?:avec (?:ou|et) sans|sans) (?:` + motsRDV + `)`), jeton{genre: deRDV, sans: true}},
	{regexp.MustCompile(`^(?:uniquement|exclusivement|seulement) (?:sur|avec|sous|en) (?:` + motsRDV + `)`), jeton{genre: deRDV, net: true}},
	{regexp.MustCompile(`^(?:sur|avec|sous) (?:` + motsRDV + `) (?:uniquement|exclusivement|seulement|obligatoire)`), jeton{genre: deRDV, net: true}},
	{regexp.MustCompile(`^(?:sur|avec|sous) (?:` + motsRDV + `)`), jeton{genre: deRDV}},
	{regexp.MustCompile(`^(?:(?:les |de |des |en )?semaines? paires?)`), jeton{genre: dePortee, portee: portee{genre: parite, texte: "week 02-52/2", part: 1}}},
	{regexp.MustCompile(`^(?:(?:les |des |en )?semaines? impaires?)`), jeton{genre: dePortee, portee: portee{genre: parite, texte: "week 01-53/2", part: 2}}},
	{regexp.MustCompile(`^hors(?: des| les)? (?:vacances|conges)(?: scolaires)?`), jeton{genre: dePortee, portee: horsVacances}},
	{regexp.MustCompile(`^en dehors des (?:vacances|conges) scolaires`), jeton{genre: dePortee, portee: horsVacances}},
	{regexp.MustCompile(`^hors (?:des )?periodes? scolaires?`), jeton{genre: dePortee, portee: enVacances}},
	{regexp.MustCompile(`^(?:en |pendant la |pendant les )?periodes? scolaires?`), jeton{genre: dePortee, portee: horsVacances}},
	{regexp.MustCompile(`^(?:pendant |durant )(?:les )?(?:vacances|conges) scolaires`), jeton{genre: dePortee, portee: enVacances}},
	{regexp.MustCompile(`^(?:(?:les )?(?:vacances|conges) scolaires|sh\b)`), jeton{genre: deVacances, portee: enVacances}},
	{regexp.MustCompile(`^(?:(?:les )?(?:jours )?feries?|ph\b)`), jeton{genre: deFeries}},
	{regexp.MustCompile(`^(?:les? |l'|du )?(?:matins?|matinees?)`), jeton{genre: deMoitie, moitie: matin}},
	{regexp.MustCompile(`^(?:les? |l'|cet |d')?apres[ -]?midis?`), jeton{genre: deMoitie, moitie: apresMidi}},
	{regexp.MustCompile(`^(?:ferme(?:e|s|es)?(?: au public)?|fermeture(?: au public)?|closed|off)`), jeton{genre: deFerme}},
	{regexp.MustCompile(`^(?:sauf|excepte|a l'exception|en dehors|hors)`), jeton{genre: deSauf}},
	{regexp.MustCompile(`^(?:(?:horaires?|jours?|heures?) (?:et horaires? )?d'(?:ouverture|accueil)(?: au public)?|horaires?|ouverte?s?(?: au public)?|ouverture(?: au public)?|accueil (?:du )?public|accueil physique)`), jeton{genre: lien}},
	{regexp.MustCompile(`^(?:en continu|non[ -]stop|sans interruption|journee continue|toute la journee|toute l'annee)`), jeton{genre: lien}},
	{regexp.MustCompile(`^(?:les?|la|du|des?|et|puis|tous les|toutes les|chaque|ainsi que)`), jeton{genre: lien}},
	{regexp.MustCompile(`^[\s,:.()/&"'-]`), jeton{genre: faible}},
}

const motsRDV = `rendez ?-? ?vous|rdvs?|r\.d\.v\.?`

// decouper cuts a text into jetons that cover it.
func (t *texteLu) decouper() []jeton {
	var jetons []jeton
	for p := 0; p < len(t.plie); {
		j := t.jetonEn(p)
		jetons = append(jetons, j)
		p = j.fin
	}
	return jetons
}

func (t *texteLu) jetonEn(p int) jeton {
	for _, lire := range []func(int) (jeton, bool){t.nieme, t.listeJours, t.dates, t.motConnu, t.listeHeures} {
		if j, ok := lire(p); ok {
			return j
		}
	}
	fin := len(motifMot.FindString(t.plie[p:]))
	if fin == 0 {
		_, fin = utf8.DecodeRuneInString(t.plie[p:])
	}
	return jeton{genre: inconnu, debut: p, fin: p + fin}
}

func (t *texteLu) motConnu(p int) (jeton, bool) {
	for _, v := range vocabulaire {
		m := v.motif.FindString(t.plie[p:])
		if m == "" || v.jeton.genre > faible && !t.finitEn(p+len(m)) {
			continue
		}
		j := v.jeton
		j.debut, j.fin = p, p+len(m)
		return j, true
	}
	return jeton{}, false
}

// finitEn tells whether a word may end at p.
func (t *texteLu) finitEn(p int) bool { return !finMot.MatchString(t.plie[p:]) }
