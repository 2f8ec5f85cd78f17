package rapproche

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// vides are words of a name that tell no place from another.
var vides = ensemble(`a au aux avec chez d de des du en et l la le les par pour sous sur un une
	accueil antenne bureau centre espace local locaux lieu maison permanence permanences point pole relais salle service services site structure
	municipal municipale communal communale intercommunal intercommunale departemental departementale multisites multisite pays commune territoire
	sarl scoparl sas scic scop sa eurl loi 1901 mediation public publics`)

// mobiles are words of a name that say that the place moves.
var mobiles = ensemble("bus itinerant itinerante itinerants itinerantes itinerance mobile mobiles camion caravane pirogue domicile deplacement van truck fourgon")

// nom is a name as it is compared: what the place says that it is, whether it
// moves, and its own words, without those and without its commune's. Entier is
// the whole name in Normaliser form, texte the own words end to end, serre those
// and the empty ones.
type nom struct {
	entier string
	texte  string
	serre  string
	mots   []string
	site   []string // those of them that tell one site of an organisation: "(site de Haut)", " - Antenne de Bas"
	genre  genre
	mobile bool
}

// lireNom reads a name. commune is that of the place, in Normaliser form.
func lireNom(ecrit, commune string) nom {
	n := nom{entier: mednum.Normaliser(ecrit)}
	var reste []string
	mots := strings.Fields(n.entier)
	for i := 0; i < len(mots); {
		if p, ok := phraseEnTete(mots[i:]); ok {
			n.genre |= p.genre
			i += len(p.mots)
			reste = append(reste, "|") // the commune's name does not run across
			continue
		}
		reste = append(reste, mots[i])
		i++
	}
	sansCommune := reste
	if commune != "" {
		sansCommune = strings.Fields(strings.ReplaceAll(" "+strings.Join(reste, " ")+" ", " "+commune+" ", " "))
	}
	for _, mot := range sansCommune {
		if mot != "|" {
			n.serre += mot
		}
		switch {
		case mobiles[mot]:
			n.mobile = true
		case len(mot) == 5 && chiffres(mot): // a postal code
		case mot != "|" && !vides[mot] && !slices.Contains(n.mots, mot):
			n.mots = append(n.mots, mot)
		}
	}
	n.texte = strings.Join(n.mots, "")
	n.site = n.lireSite(ecrit)
	return n
}

// lireSite are the own words of the name that come after its first dash or
// parenthesis, or after the word that announces a site.
func (n *nom) lireSite(ecrit string) []string {
	_, queue, ok := strings.Cut(ecrit, "(")
	if !ok {
		_, queue, _ = strings.Cut(strings.ReplaceAll(ecrit, "–", "-"), " - ")
	}
	mots := strings.Fields(mednum.Normaliser(queue))
	if len(mots) == 0 {
		tous := strings.Fields(n.entier)
		if i := slices.IndexFunc(tous, func(mot string) bool { return annonces[mot] }); i > 0 {
			mots = tous[i+1:]
		}
	}
	return slices.DeleteFunc(mots, func(mot string) bool { return len(mot) < 3 || !slices.Contains(n.mots, mot) })
}

// annonces are words before the name of one site of an organisation.
var annonces = ensemble("site antenne annexe agence secteur")

// autresSites tells whether two names of one organisation are those of two of
// its sites: what they have in common comes before what tells the site, and
// none of that is in common.
func autresSites(a, b *nom) bool {
	if len(a.site) == 0 || len(b.site) == 0 || len(a.site) == len(a.mots) || len(b.site) == len(b.mots) {
		return false
	}
	return partagentMot(a.mots, b.mots) && !partagentMot(a.site, b.mots) && !partagentMot(b.site, a.mots)
}

// partagentMot tells whether a word of three letters and more is in both lists.
func partagentMot(a, b []string) bool {
	return slices.ContainsFunc(a, func(mot string) bool {
		return len(mot) > 2 && slices.ContainsFunc(b, func(autre string) bool { return memeMot(mot, autre) })
	})
}

func phraseEnTete(mots []string) (phrase, bool) {
	for _, p := range phrases[mots[0]] {
		if len(mots) >= len(p.mots) && slices.Equal(mots[:len(p.mots)], p.mots) {
			return p, true
		}
	}
	return phrase{}, false
}

// parente is how two names stand to each other.
type parente int

const (
	autres     parente = iota // words of their own, and none in common
	neutres                   // one has no word of its own: "Mairie", "Mairie du Centre"
	partiels                  // some words in common
	proches                   // most of them
	contenus                  // all the words of one are in the other
	generiques                // one name or one kind, and no word of its own: "Mairie d'Essai", "Mairie"
	pareils                   // the same words
)

func comparerNoms(a, b *nom) parente {
	entiers := memeEntier(a.entier, b.entier)
	if entiers && len(a.mots)+len(b.mots) > 0 || a.texte == b.texte && a.texte != "" {
		return pareils
	}
	x, y := ordonner(a.mots, b.mots)
	if len(x) == 0 {
		if len(y) == 0 && (entiers || a.genre&b.genre&^genreASSO != 0) {
			return generiques
		}
		return neutres
	}
	communs, longs := 0, 0
	for _, mot := range x {
		if slices.ContainsFunc(y, func(autre string) bool { return memeMot(mot, autre) }) {
			communs++
			if len(mot) > 2 {
				longs++
			}
		}
	}
	switch {
	case longs > 0 && communs == len(x) && communs == len(y):
		return pareils
	case longs > 0 && communs == len(x):
		return contenus
	case accoles(a.texte, b.texte), accoles(a.serre, b.serre):
		return proches
	case longs == 0:
		return autres
	case 2*communs >= len(x)+len(y)-communs:
		return proches
	}
	return partiels
}

// ordonner puts the shorter list first, and lists of one length in the order of
// their words, so that comparing is symmetric.
func ordonner(a, b []string) (courte, longue []string) {
	if len(a) > len(b) || len(a) == len(b) && slices.Compare(a, b) > 0 {
		return b, a
	}
	return a, b
}

// memeEntier tells whether two whole names are one, but for a letter. "Annexe
// 1" and "Annexe 2" are two.
func memeEntier(a, b string) bool {
	return a == b && a != "" || min(len(a), len(b)) >= 10 && !strings.ContainsAny(a+b, "0123456789") && ecart(a, b, 1)
}

// accoles tells whether two names differ by their spaces, or by a word at one
// end: "Pôle S" and "Lepoles", "App'Nat" and "Appnat".
func accoles(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= 5 && len(b) <= len(a)+len(a)/2 && (strings.HasPrefix(b, a) || strings.HasSuffix(b, a)) || len(a) >= 8 && ecart(a, b, 1)
}
