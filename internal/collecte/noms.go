package collecte

import (
	"slices"
	"strings"

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

// noms are the names among which those of stops are looked for.
type noms struct {
	cles     []cleCommune                   // longest first
	parMot   map[string][]int               // rangs in cles by first word
	tolerees map[string]*territoire.Commune // answers of tolerant
}

func newNoms(cles []cleCommune) *noms {
	n := &noms{parMot: map[string][]int{}, tolerees: map[string]*territoire.Commune{}}
	n.cles = slices.DeleteFunc(cles, func(c cleCommune) bool { return len(c.mots) == 0 })
	slices.SortStableFunc(n.cles, func(a, b cleCommune) int { return len(b.mots) - len(a.mots) })
	for i, c := range n.cles {
		n.parMot[c.mots[0]] = append(n.parMot[c.mots[0]], i)
	}
	return n
}

// nomsPour are the names for the stops of a service of that commune: those of
// the pack, or those of the commune's département when it is not in the pack.
func (s *situateur) nomsPour(siege *territoire.Commune) *noms {
	if siege == nil || !siege.Ailleurs {
		return s.noms[""]
	}
	if n, ok := s.noms[siege.Departement]; ok {
		return n
	}
	var cles []cleCommune
	for _, c := range s.t.France.DuDepartement(siege.Departement) {
		cles = append(cles, newCleCommune(s.duPaquet(c), c.Nom))
	}
	n := newNoms(cles)
	s.noms[siege.Departement] = n
	return n
}

// dans are the names whose first word is one of these, longest first.
func (n *noms) dans(mots []string) []cleCommune {
	var rangs []int
	for _, mot := range mots {
		rangs = append(rangs, n.parMot[mot]...)
	}
	slices.Sort(rangs)
	var cles []cleCommune
	for _, i := range slices.Compact(rangs) {
		cles = append(cles, n.cles[i])
	}
	return cles
}

// permises is how many letters a key may differ by: one from six letters on,
// two from nine. Short names are not guessed.
func permises(cle string) int {
	switch {
	case len(cle) >= 9:
		return 2
	case len(cle) >= 6:
		return 1
	}
	return 0
}

// tolerant is the one commune of the territory, or of the département, whose
// name differs from the key by a letter or two (see permises).
func (n *noms) tolerant(cle string) *territoire.Commune {
	if permises(cle) == 0 {
		return nil
	}
	if c, ok := n.tolerees[cle]; ok {
		return c
	}
	dedans := make([]cleCommune, 0, len(n.cles))
	for _, c := range n.cles {
		if c.commune.Dedans || c.commune.Ailleurs {
			dedans = append(dedans, c)
		}
	}
	c := laPlusProche(cle, dedans)
	n.tolerees[cle] = c
	return c
}

// tolerant is the one commune of the postal code whose name differs from this
// one by a letter or two.
func (s *situateur) tolerant(nom, cp string) *territoire.Commune {
	cle := strings.Join(motsTolerants(nom), "")
	if permises(cle) == 0 {
		return nil
	}
	if c, ok := s.tolerees[cp+cle]; ok {
		return c
	}
	var cles []cleCommune
	for _, c := range s.postales(cp) {
		for _, n := range append([]string{c.Nom}, c.NomsUsuels...) {
			cles = append(cles, newCleCommune(c, n))
		}
	}
	c := laPlusProche(cle, cles)
	s.tolerees[cp+cle] = c
	return c
}

// laPlusProche is the one commune whose name is near enough to the key, nil
// when there is none or several.
func laPlusProche(cle string, cles []cleCommune) *territoire.Commune {
	var trouvee *territoire.Commune
	for _, c := range cles {
		if distance(cle, strings.Join(c.mots, "")) > permises(cle) {
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
