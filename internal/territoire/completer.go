package territoire

import (
	"cmp"
	"slices"
	"strings"
)

// Completer offers at most n communes for the beginning of a name or of a
// postal code, the territory first, then the largest. The national list
// completes the answer from three letters on.
func (t *Territoire) Completer(q string, n int) []Suggestion {
	mots := decoupe(borne(q))
	prefixe := strings.Join(mots, "")
	if prefixe == "" || n <= 0 {
		return nil
	}
	var retenus meilleurs
	retenus.n = n
	if estNombre(prefixe) {
		t.completeCodes(&retenus, prefixe)
	} else {
		completeNoms(&retenus, t.noms, prefixe)
		if len(retenus.rangs) < n && len(prefixe) >= 3 {
			for _, k := range t.France.repertoire().commencant(prefixe) {
				retenus.add(rangCommune{t.presente(k.commune), int(k.sorte)})
			}
		}
	}
	var suggestions []Suggestion
	for _, r := range retenus.rangs {
		suggestions = append(suggestions, t.Suggestion(r.commune))
	}
	return suggestions
}

func (t *Territoire) completeCodes(retenus *meilleurs, prefixe string) {
	for _, p := range t.noms.duCode(prefixe) {
		retenus.add(rangCommune{p.commune, 0})
	}
	if len(retenus.rangs) == 0 && len(prefixe) >= 3 {
		for _, p := range t.France.repertoire().duCode(prefixe) {
			retenus.add(rangCommune{p.commune, 0})
		}
	}
}

func completeNoms(retenus *meilleurs, r *repertoire, prefixe string) {
	for _, k := range r.commencant(prefixe) {
		sorte := int(k.sorte)
		if sorte == cleInterieure && len(prefixe) < 3 {
			continue
		}
		if sorte < cleInterieure && len(k.cle) > len(prefixe) {
			sorte = 1 // a whole name comes before names that begin so
		} else if sorte < cleInterieure {
			sorte = 0
		}
		retenus.add(rangCommune{k.commune, sorte})
	}
}

// Suggestion presents a commune to choose.
func (t *Territoire) Suggestion(c *Commune) Suggestion {
	detail := t.NomDepartement(c.Departement)
	if len(c.CodesPostaux) > 0 {
		detail = c.CodesPostaux[0] + ", " + detail
	}
	return Suggestion{Nom: c.NomCourant(), Detail: detail, Requete: c.Nom + " (" + c.Departement + ")", Commune: c}
}

// rangCommune orders suggestions: whole names, then beginnings, then inner
// words; in each the territory first, then the largest.
type rangCommune struct {
	commune *Commune
	sorte   int
}

func (a rangCommune) compare(b rangCommune) int {
	return cmp.Or(cmp.Compare(eloignement(a.commune), eloignement(b.commune)), cmp.Compare(a.sorte, b.sorte),
		compareCommunes(a.commune, b.commune))
}

// meilleurs keeps the n best of a run, each commune once, in order.
type meilleurs struct {
	n     int
	rangs []rangCommune
}

func (m *meilleurs) add(r rangCommune) {
	if i := slices.IndexFunc(m.rangs, func(o rangCommune) bool { return o.commune == r.commune }); i >= 0 {
		if r.compare(m.rangs[i]) >= 0 {
			return
		}
		m.rangs = slices.Delete(m.rangs, i, i+1)
	}
	if len(m.rangs) == m.n && r.compare(m.rangs[m.n-1]) >= 0 {
		return
	}
	i, _ := slices.BinarySearchFunc(m.rangs, r, rangCommune.compare)
	m.rangs = slices.Insert(m.rangs, i, r)
	m.rangs = m.rangs[:min(len(m.rangs), m.n)]
}

// ressemblants are at most three communes of the pack whose name, or its first
// words, is a few keystrokes away from the words.
func (t *Territoire) ressemblants(mots []string) []Suggestion {
	saisi := []rune(strings.Join(mots, ""))
	permis := fautesPermises(len(saisi))
	var retenus meilleurs
	retenus.n = 3
	for _, k := range t.noms.cles {
		if k.sorte >= cleInterieure || permis == 0 {
			continue
		}
		fautes := permis + 1
		for fin := 1; fin <= len(k.cle); fin++ {
			if fin == len(k.cle) || k.finitMot(fin) {
				fautes = min(fautes, distance(saisi, []rune(k.cle[:fin]), permis))
			}
		}
		if fautes <= permis {
			retenus.addFaute(rangCommune{k.commune, fautes})
		}
	}
	var suggestions []Suggestion
	for _, r := range retenus.rangs {
		suggestions = append(suggestions, t.Suggestion(r.commune))
	}
	return suggestions
}

// addFaute is add where the number of typing errors counts before the place.
func (m *meilleurs) addFaute(r rangCommune) {
	for i, o := range m.rangs {
		if o.commune == r.commune {
			m.rangs[i].sorte = min(o.sorte, r.sorte)
			m.sortFautes()
			return
		}
	}
	m.rangs = append(m.rangs, r)
	m.sortFautes()
	m.rangs = m.rangs[:min(len(m.rangs), m.n)]
}

func (m *meilleurs) sortFautes() {
	slices.SortFunc(m.rangs, func(a, b rangCommune) int {
		return cmp.Or(cmp.Compare(a.sorte, b.sorte), compareCommunes(a.commune, b.commune))
	})
}

func fautesPermises(longueur int) int {
	switch {
	case longueur < 4:
		return 0
	case longueur < 6:
		return 1
	case longueur < 12:
		return 2
	}
	return 3
}

// distance counts insertions, deletions, substitutions and swaps of
// neighbours between two words (optimal string alignment); above max it only
// promises to be greater than max.
func distance(a, b []rune, maximum int) int {
	if len(a)-len(b) > maximum || len(b)-len(a) > maximum {
		return maximum + 1
	}
	avant, ligne, suivante := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range ligne {
		ligne[j] = j
	}
	for i := 1; i <= len(a); i++ {
		suivante[0] = i
		for j := 1; j <= len(b); j++ {
			cout := 1
			if a[i-1] == b[j-1] {
				cout = 0
			}
			suivante[j] = min(ligne[j]+1, suivante[j-1]+1, ligne[j-1]+cout)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				suivante[j] = min(suivante[j], avant[j-2]+1)
			}
		}
		avant, ligne, suivante = ligne, suivante, avant
	}
	return ligne[len(b)]
}
