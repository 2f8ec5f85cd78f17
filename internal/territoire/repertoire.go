package territoire

import (
	"cmp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// How a key stands for a commune.
const (
	cleEntiere = iota // the whole name, or a usual name
	cleSansArticle
	cleInterieure // from a word inside the name: "nobleval"
	cleAncienne   // the name of a commune that it took in
)

// cleNom is one way to type a commune's name: lower-case letters and digits
// without spaces (mednum.Normaliser). Bit i of fins is set where a word ends
// after i bytes.
type cleNom struct {
	cle     string
	commune *Commune
	fins    uint64
	sorte   uint8
}

func (c *cleNom) finitMot(longueur int) bool {
	return longueur < 64 && c.fins&(1<<longueur) != 0
}

type codePostal struct {
	code    string
	commune *Commune
}

// repertoire finds communes by name and by postal code; its keys are sorted.
type repertoire struct {
	cles   []cleNom
	postes []codePostal // by code, then largest first
}

func newRepertoire(communes []Commune) *repertoire {
	r := &repertoire{}
	for i := range communes {
		c := &communes[i]
		r.add(c.Nom, c, true)
		for _, n := range c.NomsUsuels {
			r.add(n, c, true)
		}
		for _, p := range c.CodesPostaux {
			r.postes = append(r.postes, codePostal{p, c})
		}
	}
	r.sort()
	return r
}

// addAncien enters the name of a former commune, whole.
func (r *repertoire) addAncien(nom string, c *Commune) {
	if cle := mednum.CleAvecArticle(nom); cle != "" {
		r.cles = append(r.cles, cleNom{cle: cle, commune: c, sorte: cleAncienne})
	}
}

// add enters the keys of a name; interieures adds those of its inner words.
func (r *repertoire) add(nom string, c *Commune, interieures bool) {
	mots := decoupe(nom)
	entiere := strings.Join(mots, "")
	if entiere == "" {
		return
	}
	var fins uint64
	debuts := make([]int, 0, len(mots))
	longueur := 0
	for _, m := range mots {
		debuts = append(debuts, longueur)
		if longueur += len(m); longueur < 64 {
			fins |= 1 << longueur
		}
	}
	r.cles = append(r.cles, cleNom{entiere, c, fins, cleEntiere})
	sans := entiere
	if articles[mots[0]] {
		sans = mednum.Cle(nom)
	}
	if coupe := len(entiere) - len(sans); sans != "" && coupe > 0 && strings.HasSuffix(entiere, sans) {
		r.cles = append(r.cles, cleNom{sans, c, fins >> coupe, cleSansArticle})
	}
	for i := 1; interieures && i < len(mots); i++ {
		if len(mots[i]) >= 4 && entiere[debuts[i]:] != sans {
			r.cles = append(r.cles, cleNom{entiere[debuts[i]:], c, fins >> debuts[i], cleInterieure})
		}
	}
}

var articles = map[string]bool{"le": true, "la": true, "les": true, "l": true}

func (r *repertoire) sort() {
	slices.SortFunc(r.cles, func(a, b cleNom) int {
		if c := strings.Compare(a.cle, b.cle); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.sorte, b.sorte), compareCommunes(a.commune, b.commune))
	})
	slices.SortFunc(r.postes, func(a, b codePostal) int {
		return cmp.Or(strings.Compare(a.code, b.code), cmp.Compare(b.commune.Population, a.commune.Population),
			strings.Compare(a.commune.Code, b.commune.Code))
	})
}

// compareCommunes puts the territory first, then its surroundings, then the
// rest of France; the largest first in each.
func compareCommunes(a, b *Commune) int {
	return cmp.Or(cmp.Compare(eloignement(a), eloignement(b)), cmp.Compare(b.Population, a.Population), strings.Compare(a.Code, b.Code))
}

func eloignement(c *Commune) int {
	switch {
	case c.Dedans:
		return 0
	case !c.Ailleurs:
		return 1
	}
	return 2
}

// commencant is the run of sorted keys that begin with the prefix.
func (r *repertoire) commencant(prefixe string) []cleNom {
	debut, _ := slices.BinarySearchFunc(r.cles, prefixe, func(c cleNom, p string) int { return strings.Compare(c.cle, p) })
	fin := debut
	for fin < len(r.cles) && strings.HasPrefix(r.cles[fin].cle, prefixe) {
		fin++
	}
	return r.cles[debut:fin]
}

// egales is the run of sorted keys that are this one.
func (r *repertoire) egales(cle string) []cleNom {
	debut, _ := slices.BinarySearchFunc(r.cles, cle, func(c cleNom, p string) int { return strings.Compare(c.cle, p) })
	fin := debut
	for fin < len(r.cles) && r.cles[fin].cle == cle {
		fin++
	}
	return r.cles[debut:fin]
}

// duCode are the communes of a postal code, or of all that begin with it,
// those of each code from the largest.
func (r *repertoire) duCode(prefixe string) []codePostal {
	debut, _ := slices.BinarySearchFunc(r.postes, prefixe, func(c codePostal, p string) int { return strings.Compare(c.code, p) })
	fin := debut
	for fin < len(r.postes) && strings.HasPrefix(r.postes[fin].code, prefixe) {
		fin++
	}
	return r.postes[debut:fin]
}

// decoupe gives the words of a text, normalised.
func decoupe(texte string) []string { return strings.Fields(mednum.Normaliser(texte)) }
