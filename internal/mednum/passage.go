package mednum

import (
	"cmp"
	"slices"
	"strings"
)

// Passages groups the permanences of an itinerant service that offer the same
// at the same stop, by their rank in Permanences: Tuesday and Friday in one
// village are one stop of the lists and of the exports. Permanences without a
// stop are in none.
func (l *Lieu) Passages() [][]int {
	var groupes [][]int
	rang := map[string]int{}
	for i := range l.Permanences {
		p := &l.Permanences[i]
		if p.Arret == nil {
			continue
		}
		cle := clePassage(p)
		n, vu := rang[cle]
		if !vu {
			n = len(groupes)
			rang[cle] = n
			groupes = append(groupes, nil)
		}
		groupes[n] = append(groupes[n], i)
	}
	return groupes
}

func clePassage(p *Permanence) string {
	a := p.Arret
	point := ""
	if a.Latitude != nil && a.Longitude != nil && EstPosition(*a.Latitude, *a.Longitude) {
		point = degres(a.Latitude) + "," + degres(a.Longitude)
	}
	return strings.Join([]string{Normaliser(a.Nom), a.CodeInsee, point, strings.Join(p.Services, "/")}, "|")
}

// IDPassages names each group of Passages within its place: words of its name
// joined by "-", lower case, ASCII, so that it can stand in an address and
// stays the same while the stop keeps its name. Of two stops of one name, the
// second one is told by where it is and what it offers too: an export that is read
// elsewhere gives it the same id.
func (l *Lieu) IDPassages(groupes [][]int) []string {
	ids := make([]string, 0, len(groupes))
	for _, groupe := range groupes {
		p := &l.Permanences[groupe[0]]
		id := cmp.Or(lettresASCII(Normaliser(p.Arret.Nom)), strings.ToLower(p.Arret.CodeInsee), "arret")
		if slices.Contains(ids, id) {
			id += "-" + NouvelID(clePassage(p))
		}
		ids = append(ids, id)
	}
	return ids
}

// lettresASCII joins by "-" the words of a normalised text, without the letters
// of other alphabets.
func lettresASCII(texte string) string {
	ascii := strings.Map(func(r rune) rune {
		if r > '~' {
			return -1
		}
		return r
	}, texte)
	return strings.Join(strings.Fields(ascii), "-")
}
