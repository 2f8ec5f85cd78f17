// Package rapproche tells which records speak of the same place, and why. It
// is pure. It says "sure" only for plain identity: two places that stay apart
// can be merged by a person, and a wrong merge hides one of them.
package rapproche

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// MemeLieu tells whether two records are surely the same place. raisons says
// in French what speaks for it and against it, also when the answer is no: a
// person can then decide. It is symmetric.
//
// Sure is: the same commune, nothing that contradicts (see contredit), and
//
//   - the same numbered address, with the same name, or the same phone and
//     e-mail address, or one of these and the same kind of place (two mairies,
//     two France services), or the same organisation's e-mail domain when one
//     is on the France Services list and the other declares its label;
//   - or the same address without a number, with the same name, or with both
//     phone and e-mail address;
//   - or the same SIRET and the same name, when one of them has no street.
//
// Positions decide nothing: many are the centre of a commune.
func MemeLieu(a, b *mednum.Fiche) (sur bool, raisons []string) {
	return comparer(signer(a), signer(b))
}

func comparer(a, b signature) (sur bool, raisons []string) {
	if !memeCommune(&a, &b) {
		return false, []string{"Communes différentes"}
	}
	adresse, pour := adresses(&a, &b)
	telephone := a.telephone != "" && a.telephone == b.telephone
	courriel := partagent(a.courriels, b.courriels)
	nom := memeNom(&a, &b)
	label := labelFranceServices(&a, &b)
	siret := a.pivot != "" && a.pivot == b.pivot
	for _, r := range []struct {
		vrai  bool
		texte string
	}{
		{telephone, "Même téléphone"},
		{courriel, "Même courriel"},
		{nom, "Même nom"},
		{siret, "Même SIRET"},
		{label, "Label France services et même domaine de courriel"},
	} {
		if r.vrai {
			pour = append(pour, r.texte)
		}
	}
	contre := contredit(&a, &b)
	switch adresse {
	case identique:
		genre := a.genre != "" && a.genre == b.genre && !slices.Contains(porteurs, a.genre)
		sur = nom || label || telephone && courriel || (telephone || courriel) && genre
	case sansNumero:
		sur = nom || telephone && courriel
	case absente:
		sur = siret && nom
	case differente:
	}
	return sur && len(contre) == 0, append(pour, contre...)
}

// memeCommune compares Insee codes when both are known, names otherwise.
func memeCommune(a, b *signature) bool {
	if a.insee != "" && b.insee != "" {
		return a.insee == b.insee
	}
	return a.commune != "" && a.commune == b.commune
}

// contredit lists what two records of one place cannot say, in French; empty
// when nothing contradicts.
func contredit(a, b *signature) []string {
	var contre []string
	if !memeCommune(a, b) {
		contre = append(contre, "Communes différentes")
	}
	if a.itinerant != b.itinerant {
		contre = append(contre, "L’un est itinérant, l’autre non")
	}
	if a.listeFS && b.listeFS {
		contre = append(contre, "Deux lignes de la liste France services")
	}
	if a.pivot != "" && b.pivot != "" && a.pivot != b.pivot {
		contre = append(contre, "SIRET différents")
	}
	if !compatibles(a, b) {
		contre = append(contre, "Lieux de nature différente")
	}
	if etat, _ := adresses(a, b); etat == differente {
		contre = append(contre, "Adresses différentes")
	}
	return contre
}

// Groupes parts records into places: each number is in exactly one group, a
// record that is alone makes a group of one. In a group every record is sure
// with another, and none contradicts any other. Groups are in the order of
// their first record, each in ascending order; the result does not depend on
// anything else. MemeLieu gives the reasons of a pair.
func Groupes(fiches []mednum.Fiche) [][]int {
	signatures := make([]signature, len(fiches))
	blocs := make(map[string][]int)
	for i := range fiches {
		signatures[i] = signer(&fiches[i])
		blocs[signatures[i].commune] = append(blocs[signatures[i].commune], i)
	}
	g := groupage{signatures: signatures, chef: make([]int, len(fiches)), membres: make([][]int, len(fiches))}
	for i := range fiches {
		g.chef[i], g.membres[i] = i, []int{i}
	}
	for i := range fiches {
		for _, j := range blocs[signatures[i].commune] {
			if j > i {
				g.joindre(i, j)
			}
		}
	}
	groupes := make([][]int, 0, len(fiches))
	for i := range fiches {
		if g.chef[i] == i {
			groupes = append(groupes, g.membres[i])
		}
	}
	return groupes
}

// groupage is groups in the making: chef is the first member of the group of
// each record, membres the group of each chef.
type groupage struct {
	signatures []signature
	chef       []int
	membres    [][]int
}

// joindre merges the groups of two records that are surely the same, unless
// members of them contradict each other.
func (g *groupage) joindre(i, j int) {
	a, b := g.chef[i], g.chef[j]
	if a == b {
		return
	}
	if sur, _ := comparer(g.signatures[i], g.signatures[j]); !sur {
		return
	}
	for _, x := range g.membres[a] {
		for _, y := range g.membres[b] {
			if len(contredit(&g.signatures[x], &g.signatures[y])) > 0 {
				return
			}
		}
	}
	if b < a {
		a, b = b, a
	}
	g.membres[a] = append(g.membres[a], g.membres[b]...)
	slices.Sort(g.membres[a])
	for _, x := range g.membres[b] {
		g.chef[x] = a
	}
	g.membres[b] = nil
}
