package rapproche

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// voie is an address as it is compared: the number, or the numbers from Debut
// to fin ("5-9"), what follows it ("bis"), the kind of street in full and its
// other words. The zero voie is an address that is not known.
type voie struct {
	debut, fin int
	suite      string
	genre      string
	mots       []string
}

// rapport is how two addresses stand to each other.
type rapport int

const (
	absente    rapport = iota // one of them is not known
	identique                 // same street, same number
	voisine                   // same street, one number unknown or written another way ("6", "6 bis")
	sansNumero                // same words, and no number to tell houses apart
	vague                     // same word, which is every village's: "Mairie", "Le Bourg"
	memeRue                   // same street, another number
	differente
)

// genresVoie are the kinds of street, in full and as they are cut short.
var genresVoie = formes(map[string]string{
	"allee": "all allees", "avenue": "av ave aven", "boulevard": "bd bld bvd boul", "chemin": "ch che chem", "cours": "crs", "esplanade": "esp espl",
	"faubourg": "fg fbg", "impasse": "imp", "passage": "pas pass", "place": "pl plc", "placette": "", "promenade": "prom", "quai": "", "rond point": "rpt",
	"route": "rte", "rue": "r", "ruelle": "", "square": "sq", "traverse": "tra trav", "montee": "mte", "cite": "", "galerie": "", "mail": "", "parvis": "", "sentier": "", "venelle": "",
	"residence": "res", "zone": "za zi zae zac", "lotissement": "lot",
})

// quartiers are kinds of street that hold streets: they are against none.
var quartiers = ensemble("cite residence zone lotissement")

// nombres are numbers that names of streets write both ways.
var nombres = map[string]string{"deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6", "sept": "7", "huit": "8", "neuf": "9", "dix": "10"}

// titres are words before a name that addresses gain and lose, in full and cut
// short; an address keeps none of them.
var titres = formes(map[string]string{
	"marechal": "mal", "general": "gal gen gral", "docteur": "dr dcteur", "president": "pdt pres", "commandant": "cdt", "colonel": "col", "capitaine": "cpt",
	"professeur": "prof pr", "lieutenant": "lt", "amiral": "", "abbe": "", "monseigneur": "mgr",
})

func formes(longues map[string]string) map[string]string {
	table := make(map[string]string)
	for longue, courtes := range longues {
		table[longue] = longue
		for courte := range strings.FieldsSeq(courtes) {
			table[courte] = longue
		}
	}
	return table
}

// petits are words that an address gains or loses without changing.
var petits = ensemble("a au aux cedex d de des du en et l la le les lieu dit n numero sur")

// vagues are words that tell no street from another.
var vagues = ensemble("bourg mairie village centre ville hotel eglise place")

func ensemble(mots string) map[string]bool {
	table := make(map[string]bool)
	for mot := range strings.FieldsSeq(mots) {
		table[mot] = true
	}
	return table
}

var adresseInconnue = mednum.Normaliser("Adresse non précisée")

// lireVoie reads an address. The number may come after the name of a building
// ("Maison des services - 285 rue du village"), which then is left out.
func lireVoie(adresse string) voie {
	texte := mednum.Normaliser(adresse)
	if texte == adresseInconnue {
		return voie{}
	}
	mots := sansBoite(decoller(strings.Fields(texte)))
	v := voie{}
	for i := range mots {
		if n := lireNumero(mots[i:], &v); n > 0 && (i == 0 || i+n < len(mots) && genresVoie[mots[i+n]] != "") {
			mots = mots[i+n:]
			break
		}
		v = voie{}
	}
	for _, mot := range mots {
		if g := genresVoie[mot]; g != "" && v.genre == "" && len(v.mots) == 0 {
			if !quartiers[g] {
				v.genre = g
			}
			continue
		}
		mot = cmp.Or(nombres[mot], mot)
		if !petits[mot] && titres[mot] == "" && !slices.Contains(v.mots, mot) {
			v.mots = append(v.mots, mot)
		}
	}
	return v
}

// decoller parts a number from the kind of street that is stuck to it:
// "2avenue".
func decoller(mots []string) []string {
	var d []string
	for _, mot := range mots {
		if i := strings.IndexFunc(mot, func(r rune) bool { return r < '0' || r > '9' }); i > 0 && len(mot)-i > 2 && genresVoie[mot[i:]] != "" {
			d = append(d, mot[:i])
			mot = mot[i:]
		}
		d = append(d, mot)
	}
	return d
}

// rueDuComplement is the numbered street that a complement gives ("Espace
// jeunesse; 9 rue Haute"), the zero voie when it gives none.
func rueDuComplement(complement string) voie {
	for partie := range strings.FieldsFuncSeq(complement, func(r rune) bool { return r == ';' || r == ',' || r == '-' || r == '–' || r == '(' || r == ')' }) {
		if v := lireVoie(partie); v.debut > 0 && v.genre != "" && len(v.mots) > 0 {
			return v
		}
	}
	return voie{}
}

// sansBoite cuts the postbox and, at the end, the postal code and the town.
func sansBoite(mots []string) []string {
	var gardes []string
	for i := 0; i < len(mots); i++ {
		switch {
		case (mots[i] == "bp" || mots[i] == "cs" || mots[i] == "tsa") && i+1 < len(mots) && chiffres(mots[i+1]):
			i++
		case len(mots[i]) == 5 && chiffres(mots[i]) && i > 0:
			return gardes
		default:
			gardes = append(gardes, mots[i])
		}
	}
	return gardes
}

// lireNumero reads "18", "18 bis", "18bis", "5 9" at the head of the words and
// returns how many it took; a zero is no number.
func lireNumero(mots []string, v *voie) int {
	tete := mots[0]
	fin := strings.IndexFunc(tete, func(r rune) bool { return r < '0' || r > '9' })
	if fin < 0 {
		fin = len(tete)
	}
	if fin == 0 || fin > 4 || fin < len(tete) && suites[tete[fin:]] == "" {
		return 0
	}
	v.debut, _ = strconv.Atoi(tete[:fin])
	v.fin, v.suite = v.debut, suites[tete[fin:]]
	n := 1
	if n < len(mots) && v.suite == "" && suites[mots[n]] != "" && (mots[n] != "a" || n+1 < len(mots) && genresVoie[mots[n+1]] != "") {
		v.suite = suites[mots[n]]
		n++
	}
	if n < len(mots) && mots[n] == "a" && n+1 < len(mots) && chiffres(mots[n+1]) {
		n++ // "1 à 3"
	}
	if n+1 < len(mots) && chiffres(mots[n]) && len(mots[n]) < 5 && genresVoie[mots[n+1]] != "" {
		if autre, _ := strconv.Atoi(mots[n]); autre > v.fin {
			v.fin = autre
		}
		n++
	}
	return n
}

// suites are what follows a number, as it is written and as it is compared.
var suites = map[string]string{
	"bis": "bis", "b": "bis", "ter": "ter", "t": "ter", "quater": "quater", "q": "quater", "a": "a", "c": "c", "d": "d", "e": "e", "f": "f",
}

func chiffres(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// comparerVoies compares two addresses. The words of one may be among those of
// the other ("Place du Monument", "5 place du Monument aux Morts"). A kind of
// street against another makes them different, unless the number is the same.
func comparerVoies(x, y *voie) rapport {
	if len(x.mots) == 0 || len(y.mots) == 0 {
		return absente
	}
	if !memeVoie(x.mots, y.mots) {
		if x.debut == 0 && estVague(x) || y.debut == 0 && estVague(y) {
			return vague // "Le Bourg" contradicts no street
		}
		return differente
	}
	memeNumero := x.debut > 0 && y.debut > 0 && x.debut <= y.fin && y.debut <= x.fin
	switch {
	case x.genre != "" && y.genre != "" && x.genre != y.genre:
		if memeNumero {
			return voisine
		}
		return differente
	case memeNumero && x.suite == y.suite:
		return identique
	case memeNumero:
		return voisine
	case x.debut > 0 && y.debut > 0:
		return memeRue
	case x.debut > 0 || y.debut > 0:
		if estVague(x) || estVague(y) {
			return vague
		}
		return voisine
	case estVague(x) || estVague(y):
		return vague
	}
	return sansNumero
}

func estVague(v *voie) bool {
	return v.genre == "" && !slices.ContainsFunc(v.mots, func(mot string) bool { return !vagues[mot] })
}

// memeVoie tells whether all the words of one are among those of the other.
func memeVoie(a, b []string) bool {
	a, b = ordonner(a, b)
	longs := 0
	for _, mot := range a {
		if !slices.ContainsFunc(b, func(autre string) bool { return memeMot(mot, autre) }) {
			return false
		}
		if len(mot) > 2 {
			longs++
		}
	}
	return longs > 0 || len(a) == len(b)
}

// memeMot tells whether two words are one, give or take a plural, a letter in a
// word of five and more, two in a word of nine and more, or an initial. Words
// with digits must be equal.
func memeMot(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	switch {
	case len(a) == 1:
		return a[0] == b[0] && a[0] > '9'
	case strings.ContainsAny(a, "0123456789") || strings.ContainsAny(b, "0123456789"):
		return false
	case len(a) >= 9:
		return ecart(a, b, 2)
	case len(a) >= 5:
		return ecart(a, b, 1)
	case len(a) >= 3:
		return b == a+"s" || b == a+"x"
	}
	return false
}

// ecart tells whether at most reste insertions, removals, changes of a byte or
// swaps of two make b of a; the words are folded to plain letters.
func ecart(a, b string, reste int) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	if a == "" || b == "" {
		return len(a)+len(b) <= reste
	}
	if reste == 0 {
		return false
	}
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && ecart(a[2:], b[2:], reste-1) {
		return true
	}
	return ecart(a[1:], b[1:], reste-1) || ecart(a[1:], b, reste-1) || ecart(a, b[1:], reste-1)
}
