package rapproche

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	// blocEntier is the size up to which all the pairs of a block are compared.
	blocEntier = 40
	// fenetre is how many of its next neighbours a record of a greater block is
	// compared with.
	fenetre = 12
)

// entree puts a record in the block of a key.
type entree struct {
	cle    uint64 // hash of the key
	voisin int32  // the rank of the record in the order of neighbours
	fiche  int32
}

// candidats compares the records that share a key (a phone, an e-mail address,
// a SIRET, a word of the name or of the street in one commune; a kind, the label,
// a domain or a week in one commune; a small square of the map; an id) and returns the pairs that are
// sure or doubtful, the best first. A block of more than blocEntier records is
// sorted by street and name, and each record compared with the next ones only
// (M. Hernández and S. Stolfo, "The merge/purge problem for large databases",
// 1995): a phone that 3,000 records share costs 3,000 times fenetre. Two records
// of one place share several keys, most of them of a few records.
func (g *groupage) candidats() []paire {
	entrees := g.entrees()
	slices.SortFunc(entrees, func(a, b entree) int { return cmp.Or(cmp.Compare(a.cle, b.cle), cmp.Compare(a.voisin, b.voisin)) })
	var paires []paire
	for debut := 0; debut < len(entrees); {
		fin := debut + 1
		for fin < len(entrees) && entrees[fin].cle == entrees[debut].cle {
			fin++
		}
		portee := fenetre
		if fin-debut <= blocEntier {
			portee = blocEntier
		}
		for x := debut; x < fin; x++ {
			for y := x + 1; y < fin && y <= x+portee; y++ {
				paires = g.comparer(entrees[x].fiche, entrees[y].fiche, paires)
			}
		}
		debut = fin
	}
	return g.trier(paires)
}

// comparer adds the pair when it is sure or doubtful.
func (g *groupage) comparer(i, j int32, paires []paire) []paire {
	a, b := &g.signatures[i], &g.signatures[j]
	if i == j {
		return paires
	}
	f := observer(a, b)
	v, score := f.juger()
	if v == Distincts {
		return paires
	}
	if a.rang > b.rang {
		i, j = j, i
	}
	return append(paires, paire{i, j, float32(score), v == Sur})
}

// trier puts the best pairs first, each once.
func (g *groupage) trier(paires []paire) []paire {
	rang := func(i int32) int { return g.signatures[i].rang }
	slices.SortFunc(paires, func(p, q paire) int {
		return cmp.Or(cmp.Compare(q.score, p.score), cmp.Compare(rang(p.i), rang(q.i)), cmp.Compare(rang(p.j), rang(q.j)))
	})
	return slices.Compact(paires)
}

// entrees lists the keys of every record. Records are numbered in the order of
// neighbours: commune, street, number, name.
func (g *groupage) entrees() []entree {
	ordre := make([]int32, len(g.signatures))
	for i := range ordre {
		ordre[i] = int32(i)
	}
	slices.SortFunc(ordre, func(i, j int32) int {
		a, b := &g.signatures[i], &g.signatures[j]
		return cmp.Or(cmp.Compare(a.commune.cle, b.commune.cle), slices.Compare(a.voie.mots, b.voie.mots), cmp.Compare(a.voie.debut, b.voie.debut),
			cmp.Compare(a.nom.texte, b.nom.texte), cmp.Compare(a.rang, b.rang))
	})
	entrees := make([]entree, 0, 16*len(ordre))
	for voisin, i := range ordre {
		debut := len(entrees)
		for _, cle := range g.signatures[i].cles() {
			entrees = append(entrees, entree{cle, int32(voisin), i})
		}
		siennes := entrees[debut:]
		slices.SortFunc(siennes, func(a, b entree) int { return cmp.Compare(a.cle, b.cle) })
		entrees = entrees[:debut+len(slices.Compact(siennes))]
	}
	return entrees
}

// cles are the hashes of the keys of a record.
func (s *signature) cles() []uint64 {
	cles := make([]uint64, 0, 24)
	ajouter := func(parties ...string) { cles = append(cles, hacher(parties)) }
	for n, zone := range []string{s.commune.cle, s.commune.postal} {
		if zone == "" {
			continue
		}
		if s.telephone != "" {
			ajouter("telephone", zone, s.telephone)
		}
		for _, c := range s.courriels {
			ajouter("courriel", zone, c)
		}
		if len(s.nom.texte) > 2 {
			ajouter("nom", zone, s.nom.texte)
		}
		numero := strconv.Itoa(s.voie.debut)
		for _, mot := range s.voie.mots {
			if len(mot) < 3 {
				continue
			}
			if s.voie.debut > 0 {
				ajouter("voie", zone, numero, tete(mot))
			}
			if n == 0 {
				ajouter("rue", zone, tete(mot))
			}
		}
	}
	if s.commune.cle != "" {
		s.clesDeNom(ajouter)
	}
	if s.situe {
		for _, decalage := range []float64{0, 0.5} {
			ajouter("carre", carre(s.point.Lat, decalage), carre(s.point.Lon, decalage))
		}
	}
	s.clesDeSource(ajouter)
	return cles
}

// clesDeNom are what records of one commune share: the words of the name, those
// of the building, the kinds, the label, the domain, the week.
func (s *signature) clesDeNom(ajouter func(...string)) {
	for _, mots := range [][]string{s.nom.mots, s.batiment} {
		for _, mot := range mots {
			if len(mot) > 2 && !vides[mot] {
				ajouter("mot", s.commune.cle, tete(mot))
			}
		}
	}
	if s.siret != "" {
		ajouter("siret", s.commune.cle, s.siret)
	}
	if s.listeFS || s.labelFS {
		ajouter("label", s.commune.cle)
	}
	for _, d := range append(slices.Clone(s.domaines), s.sites...) {
		ajouter("domaine", s.commune.cle, d)
	}
	if s.semaine != (semaine{}) {
		ajouter("semaine", s.commune.cle, fmt.Sprint(s.semaine))
	}
	for g := genre(1); g <= genreNUM; g <<= 1 {
		if s.genre&g != 0 && g != genreASSO {
			ajouter("genre", s.commune.cle, strconv.FormatUint(uint64(g), 36))
		}
	}
}

// clesDeSource are the ids: that of the record, those that a national file
// joined, and what follows a mark in these.
func (s *signature) clesDeSource(ajouter func(...string)) {
	for _, id := range append([]string{s.cle}, s.parties...) {
		id = couper(id)
		ajouter("id", id)
		for i, c := range id {
			if strings.ContainsRune(marques, c) && len(id)-i > idReconnu {
				ajouter("id", id[i+1:])
			}
		}
	}
}

// tete is the beginning of a word: a letter wrong at its end does not matter.
func tete(mot string) string { return mot[:min(4, len(mot))] }

// carre is the line or column of a square of a thousandth of a degree.
func carre(degres, decalage float64) string {
	return strconv.Itoa(int(math.Floor(degres*1000 + decalage)))
}

// hacher is FNV-1a of the parts, with a mark between two.
func hacher(parties []string) uint64 {
	h := uint64(14695981039346656037)
	for _, p := range parties {
		for i := range len(p) {
			h = (h ^ uint64(p[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	return h
}
