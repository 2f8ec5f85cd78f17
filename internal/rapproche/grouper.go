package rapproche

import (
	"cmp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Groupe is a set of records (their numbers, ascending) of one place, or that a
// person should compare; Score is that of its weakest link, and Raisons are
// what that link says, for and against. A record alone has score 1 and no
// reason.
type Groupe struct {
	Membres []int
	Score   float64
	Raisons []string
}

// Groupement parts records into places. Each number is in one of Groupes, which
// are in the order of their first member; a record alone makes a group of one.
// A doubt is about the two groups that hold its two members: it is the best
// pair of these two, and the best doubts come first.
type Groupement struct {
	Groupes []Groupe
	Doutes  []Groupe
}

// Savoir is what is known of the records beside what they say.
type Savoir struct {
	// Lieu is the place that a record is attached to, "" for none: records of one
	// place stay together, and two places are never joined, only doubted. It may be
	// nil.
	Lieu func(i int) string
	// Distincts tells whether a person said that two records are two places; nil
	// when nobody did. Their groups are neither joined nor doubted.
	Distincts func(i, j int) bool
}

const (
	// tailleMax is how many records a group may grow to: no place has as many, and
	// every member is checked against every other.
	tailleMax = 100
	// doutesMax is how many doubts a group may raise: the best ones are kept.
	doutesMax = 3
)

// Grouper parts records into places, and lists what a person should decide. In
// a group every record is sure with another, and none contradicts any other,
// unless they were attached to one place before. The result does not depend on
// the order of the records: pairs are taken by their score, then by the
// references of their records.
//
// Time and memory grow with the number of records, not with its square: see
// candidats.
func Grouper(fiches []mednum.Fiche, s Savoir) Groupement {
	g := newGroupage(fiches, s)
	g.rassembler()
	paires := g.candidats()
	for _, editions := range []bool{true, false} { // the editions of a record first: what another record says never parts them
		for _, p := range paires {
			if p.sur && g.memeCle(int(p.i), int(p.j)) == editions {
				g.joindre(p)
			}
		}
	}
	return Groupement{Groupes: g.groupes(), Doutes: g.doutes(paires)}
}

// groupage is groups in the making: chef is the first member of the group of
// each record, membres the group of each chef, faible its weakest link.
type groupage struct {
	savoir     Savoir
	signatures []signature
	chef       []int
	membres    [][]int
	faible     []paire
	lieux      []string
}

// paire is two records that may be one place.
type paire struct {
	i, j  int32
	score float32
	sur   bool
}

func newGroupage(fiches []mednum.Fiche, s Savoir) *groupage {
	n := len(fiches)
	g := &groupage{savoir: s, signatures: make([]signature, n), chef: make([]int, n), membres: make([][]int, n), faible: make([]paire, n), lieux: make([]string, n)}
	ordre := make([]int, n)
	for i := range fiches {
		g.signatures[i] = signer(&fiches[i])
		ordre[i], g.chef[i], g.membres[i] = i, i, []int{i}
		g.faible[i].score = 1
		if s.Lieu != nil {
			g.lieux[i] = s.Lieu(i)
		}
	}
	slices.SortFunc(ordre, func(i, j int) int {
		a, b := &fiches[i], &fiches[j]
		return cmp.Or(strings.Compare(a.Flux, b.Flux), strings.Compare(a.Cle, b.Cle), a.DateMaj.Compare(b.DateMaj), strings.Compare(a.Empreinte, b.Empreinte), cmp.Compare(i, j))
	})
	for rang, i := range ordre {
		g.signatures[i].rang = rang
	}
	g.douterPoints()
	g.douterTelephones()
	g.compterFranceServices()
	g.compterMots()
	return g
}

// standardMin is how many addresses of one commune make a switchboard of their
// common phone.
const standardMin = 4

// douterTelephones marks the phones that many addresses of one commune have.
func (g *groupage) douterTelephones() {
	type numero struct{ commune, telephone string }
	voies := make(map[numero][]*voie)
	cle := func(s *signature) numero { return numero{s.commune.cle, s.telephone} }
	for i := range g.signatures {
		s := &g.signatures[i]
		liste := voies[cle(s)]
		if s.telephone == "" || len(liste) == standardMin || len(s.voie.mots) == 0 {
			continue
		}
		if !slices.ContainsFunc(liste, func(v *voie) bool { return comparerVoies(v, &s.voie) != differente }) {
			voies[cle(s)] = append(liste, &s.voie)
		}
	}
	for i := range g.signatures {
		s := &g.signatures[i]
		s.standard = len(voies[cle(s)]) == standardMin
	}
}

// compterFranceServices marks the France services that are alone in their
// commune, all editions of the list taken together.
func (g *groupage) compterFranceServices() {
	premier := make(map[string]*signature)
	plusieurs := make(map[string]bool)
	for i := range g.signatures {
		s := &g.signatures[i]
		if !s.listeFS || s.itinerant || s.commune.cle == "" {
			continue
		}
		if p := premier[s.commune.cle]; p == nil {
			premier[s.commune.cle] = s
		} else if p.cle != s.cle {
			plusieurs[s.commune.cle] = true
		}
	}
	for i := range g.signatures {
		s := &g.signatures[i]
		s.seule = s.listeFS && !s.itinerant && s.commune.cle != "" && !plusieurs[s.commune.cle]
	}
}

// rassembler puts the records of one place together.
func (g *groupage) rassembler() {
	premier := make(map[string]int)
	for i, lieu := range g.lieux {
		if lieu == "" {
			continue
		}
		if p, ok := premier[lieu]; ok {
			g.unir(p, i)
		} else {
			premier[lieu] = i
		}
	}
}

// joindre merges the groups of two records that are surely the same, unless
// members of them contradict each other.
func (g *groupage) joindre(p paire) {
	a, b := g.chef[p.i], g.chef[p.j]
	if a == b || len(g.membres[a])+len(g.membres[b]) > tailleMax || g.lieux[a] != "" && g.lieux[b] != "" || g.separes(a, b) {
		return
	}
	if g.contredisent(a, b) {
		return
	}
	faible := p
	for _, q := range []paire{g.faible[a], g.faible[b]} {
		if q.i != q.j && q.score < faible.score {
			faible = q
		}
	}
	g.faible[g.unir(a, b)] = faible
}

// contredisent tells whether a record of one group contradicts one of another.
// What an edition of a source contradicts, another edition of the same record
// may agree with: a place that moved is still that place. But who was host to it
// in an older edition is not, once a newer one says that it moved.
func (g *groupage) contredisent(a, b int) bool {
	tous := slices.Concat(g.membres[a], g.membres[b])
	excuse := func(x, y int) bool {
		return slices.ContainsFunc(tous, func(z int) bool {
			recente := g.signatures[z].date.Compare(g.signatures[x].date) > 0
			return z != x && g.memeCle(z, x) && !g.contredit(z, y) && (recente || !g.demenage(x, y))
		})
	}
	return slices.ContainsFunc(g.membres[a], func(x int) bool {
		return slices.ContainsFunc(g.membres[b], func(y int) bool { return g.contredit(x, y) && !excuse(x, y) && !excuse(y, x) })
	})
}

func (g *groupage) contredit(x, y int) bool {
	f := observer(&g.signatures[x], &g.signatures[y])
	return f.contredit()
}

// demenage tells whether one of two records may be run by the other, and has
// gone from its address, or says that another runs it: who was host to it does
// not move with it.
func (g *groupage) demenage(x, y int) bool {
	f := observer(&g.signatures[x], &g.signatures[y])
	hote := f.genre == porteur || f.avecFS && f.genre == ignores
	return hote && (f.adresse == differente || f.adresse == memeRue || f.autreHote && !f.telephone && !f.courriel)
}

func (g *groupage) memeCle(x, y int) bool {
	a, b := &g.signatures[x], &g.signatures[y]
	return a.flux == b.flux && a.cle == b.cle
}

// contredit tells whether two records cannot be in one group, even when a third
// is sure with both.
func (f *faits) contredit() bool {
	if f.cle || f.joint {
		return false
	}
	return f.commune == communesDifferentes || f.genre == opposes || f.itinerant || f.deuxFS || f.sites || f.ailleurs ||
		f.genre == porteur && f.autreHote && !f.telephone && !f.courriel || !f.batiment && (f.adresse == differente || f.adresse == memeRue)
}

// separes tells whether a person said that a member of one group is not the
// place of a member of the other.
func (g *groupage) separes(a, b int) bool {
	if g.savoir.Distincts == nil {
		return false
	}
	return slices.ContainsFunc(g.membres[a], func(x int) bool {
		return slices.ContainsFunc(g.membres[b], func(y int) bool { return g.savoir.Distincts(x, y) || g.savoir.Distincts(y, x) })
	})
}

// unir puts two groups together and returns their chef. The place that one of
// them is attached to becomes that of the chef.
func (g *groupage) unir(a, b int) int {
	a, b = g.chef[a], g.chef[b]
	if b < a {
		a, b = b, a
	}
	if g.lieux[a] == "" {
		g.lieux[a] = g.lieux[b]
	}
	for _, x := range g.membres[b] {
		g.chef[x] = a
	}
	g.membres[a] = append(g.membres[a], g.membres[b]...)
	g.membres[b] = nil
	return a
}

func (g *groupage) groupes() []Groupe {
	groupes := make([]Groupe, 0, len(g.chef))
	for i, chef := range g.chef {
		if i != chef {
			continue
		}
		slices.Sort(g.membres[i])
		groupe := Groupe{Membres: g.membres[i], Score: 1}
		if f := g.faible[i]; f.i != f.j {
			groupe.Score, groupe.Raisons = arrondir(f.score), g.raisons(f)
		}
		groupes = append(groupes, groupe)
	}
	return groupes
}

// doutes are the best pair of each two groups, the best doutesMax of each.
func (g *groupage) doutes(paires []paire) []Groupe {
	var doutes []Groupe
	vues := make(map[[2]int]bool)
	nombre := make(map[int]int)
	for _, p := range paires {
		a, b := g.chef[p.i], g.chef[p.j]
		if b < a {
			a, b = b, a
		}
		if a == b || vues[[2]int{a, b}] || nombre[a] >= doutesMax || nombre[b] >= doutesMax {
			continue
		}
		vues[[2]int{a, b}] = true
		if g.separes(a, b) {
			continue
		}
		nombre[a]++
		nombre[b]++
		doutes = append(doutes, Groupe{Membres: []int{int(min(p.i, p.j)), int(max(p.i, p.j))}, Score: arrondir(min(p.score, SeuilSur-0.01)), Raisons: g.raisons(p)})
	}
	return doutes
}

func (g *groupage) raisons(p paire) []string {
	f := observer(&g.signatures[p.i], &g.signatures[p.j])
	pour, contre := f.dire()
	return append(pour, contre...)
}

func arrondir(score float32) float64 { return float64(int(score*100+0.5)) / 100 }
