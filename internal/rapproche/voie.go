package rapproche

import (
	"regexp"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// voie is an address as it is compared: its number ("18ter", "" without one),
// the kind of street in full, and the other words.
type voie struct {
	numero, genre, nom string
}

// rapport is how two addresses stand to each other.
type rapport int

const (
	absente    rapport = iota // one of them is not known
	identique                 // same number, same street
	sansNumero                // same words, and no number to tell houses apart
	differente
)

var (
	motifNumero = regexp.MustCompile(`^(\d+)(?: ?(bis|ter|quater|[a-d]))?(?: (\d+))?\b`)
	motifBoite  = regexp.MustCompile(`\b(?:bp|cs|tsa) \d+(?: \d+)?\b|\b\d{5} .*$`)
)

// genresVoie are the kinds of street, in full and as they are cut short.
var genresVoie = map[string]string{
	"all": "allee", "allee": "allee", "allees": "allee", "av": "avenue", "ave": "avenue", "avenue": "avenue", "bd": "boulevard", "bld": "boulevard",
	"boulevard": "boulevard", "bvd": "boulevard", "ch": "chemin", "che": "chemin", "chem": "chemin", "chemin": "chemin", "cours": "cours", "crs": "cours",
	"esplanade": "esplanade", "fg": "faubourg", "faubourg": "faubourg", "imp": "impasse", "impasse": "impasse", "pl": "place", "place": "place",
	"prom": "promenade", "promenade": "promenade", "quai": "quai", "r": "rue", "rte": "route", "route": "route", "rue": "rue", "sq": "square", "square": "square",
}

// petits are words that an address gains or loses without changing.
var petits = map[string]bool{"de": true, "du": true, "des": true, "d": true, "la": true, "le": true, "les": true, "l": true}

func lireVoie(adresse string) voie {
	texte := strings.TrimSpace(motifBoite.ReplaceAllString(mednum.Normaliser(adresse), ""))
	if mednum.Normaliser("Adresse non précisée") == texte {
		return voie{}
	}
	var v voie
	if m := motifNumero.FindStringSubmatch(texte); m != nil {
		v.numero = m[1] + m[2]
		texte = strings.TrimSpace(texte[len(m[0]):])
	}
	var mots []string
	for i, mot := range strings.Fields(texte) {
		if g := genresVoie[mot]; i == 0 && g != "" {
			v.genre = g
			continue
		}
		if !petits[mot] {
			mots = append(mots, mot)
		}
	}
	v.nom = strings.Join(mots, " ")
	return v
}

// adresses compares the addresses of two records and says in French what it
// found. A kind of street against another makes them different; a letter more
// or less in a long word does not ("Faugère", "Faugères").
func adresses(a, b *signature) (rapport, []string) {
	x, y := a.voie, b.voie
	switch {
	case x == voie{} || y == voie{}:
		return absente, nil
	case x.genre != "" && y.genre != "" && x.genre != y.genre, x.numero != y.numero, !proches(x.nom, y.nom):
		return differente, nil
	case x.numero == "":
		return sansNumero, []string{"Même adresse, sans numéro"}
	}
	return identique, []string{"Même adresse"}
}

// proches tells whether two names have the same words, one letter apart at
// most in a word of five and more.
func proches(a, b string) bool {
	motsA, motsB := strings.Fields(a), strings.Fields(b)
	if len(motsA) != len(motsB) {
		return false
	}
	for i := range motsA {
		if motsA[i] != motsB[i] && (min(len(motsA[i]), len(motsB[i])) < 5 || !uneLettre(motsA[i], motsB[i])) {
			return false
		}
	}
	return true
}

// uneLettre tells whether one insertion, removal or change of a byte makes b
// of a; the words are folded to plain letters.
func uneLettre(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
