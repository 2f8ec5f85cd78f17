package collecte

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// cleCommune is a name of a commune in the form in which the names of stops
// are compared: words without particles, doubled letters as one.
type cleCommune struct {
	commune *territoire.Commune
	mots    []string
}

func newCleCommune(c *territoire.Commune, nom string) cleCommune {
	return cleCommune{c, motsTolerants(nom)}
}

// particules are the small words that people add to names and leave out.
var particules = []string{"de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "aux", "en", "et"}

func motsTolerants(nom string) []string {
	var mots []string
	for mot := range strings.FieldsSeq(mednum.Normaliser(nom)) {
		if !slices.Contains(particules, mot) {
			mots = append(mots, singleLetters(mot))
		}
	}
	return mots
}

// singleLetters writes doubled letters once: "laffite" and "lafitte" are both
// "lafite".
func singleLetters(mot string) string {
	var b strings.Builder
	var avant rune
	for _, r := range mot {
		if r != avant {
			b.WriteRune(r)
		}
		avant = r
	}
	return b.String()
}

// situerArrets gives the stops of a record their commune; the position of a
// stop is its commune's centre, and says so.
func (s *situateur) situerArrets(f *mednum.Fiche) {
	for i := range f.Permanences {
		if f.Permanences[i].Arret == nil {
			continue
		}
		a := *f.Permanences[i].Arret
		f.Permanences[i].Arret = &a
		if c := s.communeArret(f, &a); c != nil {
			setArret(f, &a, c)
		} else if a.Latitude == nil {
			f.Remarques = append(f.Remarques, mednum.Remarque{
				Champ: mednum.ChampItinerance, Avant: a.Nom, ARevoir: true,
				Motif: "La commune de l’arrêt « " + a.Nom + " » n’a pas été reconnue : l’arrêt n’a pas de position.",
			})
		}
	}
}

func (s *situateur) communeArret(f *mednum.Fiche, a *mednum.Arret) *territoire.Commune {
	if c, ok := s.t.Commune(a.CodeInsee); ok {
		return c
	}
	var siege *geo.Point
	if p, ok := position(f); ok {
		siege = &p
	}
	for _, texte := range []string{a.Commune, a.Nom} {
		if c := s.find(texte, siege); c != nil {
			return c
		}
	}
	return nil
}

func setArret(f *mednum.Fiche, a *mednum.Arret, c *territoire.Commune) {
	nom := a.Nom
	a.CodeInsee, a.Commune = c.Code, c.Nom
	if slices.Equal(motsTolerants(nom), motsTolerants(c.Nom)) || len(motsTolerants(nom)) <= 1 {
		a.Nom = c.Nom
	}
	if a.Latitude == nil || a.Longitude == nil {
		centre := c.Centre
		a.Latitude, a.Longitude, a.Precision = &centre.Lat, &centre.Lon, mednum.PrecisionCommune
	}
	if mednum.Normaliser(nom) != mednum.Normaliser(a.Nom) {
		f.Remarques = append(f.Remarques, mednum.Remarque{
			Champ: mednum.ChampItinerance, Avant: nom, Apres: a.Nom, Motif: "Nom officiel de la commune de l’arrêt.",
		})
	}
}

// find is the commune that the name of a stop holds ("MDS de Caussade",
// "Laffite"): the longest names in it, with tolerance for particles and
// doubled letters; otherwise the whole text with a slip of one or two letters.
// nil when nothing is found, or when it names several communes. Among communes
// of the same name, those of the département come first, then the nearest to
// the seat.
func (s *situateur) find(texte string, siege *geo.Point) *territoire.Commune {
	mots := motsTolerants(texte)
	if len(mots) == 0 {
		return nil
	}
	reste := slices.Clone(mots)
	var noms []string
	var trouvees []*territoire.Commune
	for _, c := range s.cles { // longest first
		i := index(reste, c.mots)
		nom := strings.Join(c.mots, " ")
		if i < 0 && !slices.Contains(noms, nom) || len(c.mots) == 0 {
			continue
		}
		if !slices.Contains(noms, nom) {
			noms = append(noms, nom)
			for j := range c.mots {
				reste[i+j] = ""
			}
		}
		trouvees = append(trouvees, c.commune)
	}
	switch len(noms) {
	case 0:
		return s.tolerant(texte, nil)
	case 1:
		return s.prefer(trouvees, siege)
	}
	return nil
}

// index is where the words of nom begin in mots, -1 when they are not there.
func index(mots, nom []string) int {
	for i := 0; i+len(nom) <= len(mots); i++ {
		if slices.Equal(mots[i:i+len(nom)], nom) {
			return i
		}
	}
	return -1
}

func (s *situateur) prefer(communes []*territoire.Commune, siege *geo.Point) *territoire.Commune {
	mieux := func(a, b *territoire.Commune) bool {
		if a.Dedans != b.Dedans {
			return a.Dedans
		}
		return siege != nil && geo.Distance(a.Centre, *siege) < geo.Distance(b.Centre, *siege)
	}
	choix := communes[0]
	for _, c := range communes[1:] {
		if mieux(c, choix) {
			choix = c
		}
	}
	return choix
}

// tolerant is the one commune whose name differs from the text by a letter (by
// two from nine letters on), among parmi, or in the département when parmi is
// nil. Short names are not guessed.
func (s *situateur) tolerant(texte string, parmi []*territoire.Commune) *territoire.Commune {
	cle := strings.Join(motsTolerants(texte), "")
	permis := 0
	switch {
	case len(cle) >= 9:
		permis = 2
	case len(cle) >= 6:
		permis = 1
	default:
		return nil
	}
	var trouvee *territoire.Commune
	for _, c := range s.cles {
		if parmi != nil && !slices.Contains(parmi, c.commune) || parmi == nil && !c.commune.Dedans {
			continue
		}
		if distance(cle, strings.Join(c.mots, "")) > permis {
			continue
		}
		if trouvee != nil && trouvee != c.commune {
			return nil
		}
		trouvee = c.commune
	}
	return trouvee
}

// distance is the Levenshtein distance of two texts of ASCII letters.
func distance(a, b string) int {
	ligne := make([]int, len(b)+1)
	for j := range ligne {
		ligne[j] = j
	}
	for i := range len(a) {
		diagonale := ligne[0]
		ligne[0] = i + 1
		for j := range len(b) {
			cout := 1
			if a[i] == b[j] {
				cout = 0
			}
			diagonale, ligne[j+1] = ligne[j+1], min(diagonale+cout, ligne[j]+1, ligne[j+1]+1)
		}
	}
	return ligne[len(b)]
}
