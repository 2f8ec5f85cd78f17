package horaires

import (
	"regexp"
	"slices"
	"strings"
)

// choixJours is days that a text names together.
type choixJours struct {
	jours  [7]bool
	niemes []int  // ranks in the month, for a single day: "les 1er et 3e lundis du mois"
	tous   bool   // "tous les jours"
	deux   [2]int // ends of "lundi mercredi", which may be two days or a range; {0, 0} for none
	tiret  bool   // deux are parted by a dash
}

var semaineEntiere = [7]bool{true, true, true, true, true, true, true}

// nomsFrancais are days by their names and usual short forms; OSM's English
// codes stand apart since "We" is also the week-end.
var nomsFrancais = [7][]string{
	{"lundi", "lun", "lu"},
	{"mardi", "mar", "ma"},
	{"mercredi", "mer", "me"},
	{"jeudi", "jeu", "je"},
	{"vendredi", "ven", "ve"},
	{"samedi", "sam", "sa"},
	{"dimanche", "dim", "di"},
}

var (
	lienAu    = regexp.MustCompile(`^ ?(?:au|aux|a) (?:les? )?`)
	lienTiret = regexp.MustCompile(`^ ?- ?`)
	lienListe = regexp.MustCompile(`^(?: ?[,/&+] ?(?:et )?| et | ainsi que | )(?:du |des |les? |de )?`)
	debutDu   = regexp.MustCompile(`^(?:du|des|de|les?) `)
)

// unJour reads the name of a day at p; court tells that it is a short form.
func (t *texteLu) unJour(p int) (jour, fin int, court, ok bool) {
	mot := motifMot.FindString(t.plie[p:])
	fin = p + len(mot)
	if i := slices.Index(nomsJours[:], t.entre(p, fin)); i >= 0 && (mot != "we" || t.anglais) {
		return i, fin, true, true
	}
	for i, noms := range nomsFrancais {
		rang := slices.Index(noms, mot)
		if rang < 0 && strings.TrimSuffix(mot, "s") == noms[0] {
			rang = 0
		}
		if rang < 0 {
			continue
		}
		if rang > 0 && strings.HasPrefix(t.plie[fin:], ".") {
			fin++
		}
		return i, fin, rang > 0, true
	}
	return 0, 0, false, false
}

// listeJours reads "du lundi au jeudi et le samedi", "Lu-Ve", "mar, jeu, ven".
// A dash between two short forms is a range, among full names a list; where
// both can be meant, the answer keeps the two ends.
func (t *texteLu) listeJours(p int) (jeton, bool) {
	j := jeton{genre: desJours, debut: p}
	p += len(debutDu.FindString(t.plie[p:]))
	for n, liens := 0, ""; ; n++ {
		fin, seul := t.suiteJours(&j, p)
		if fin == p {
			break
		}
		j.fin = fin
		liste := lienListe.FindString(t.plie[fin:])
		if _, _, _, ok := t.unJour(fin + len(liste)); liste == "" || !ok {
			if n == 1 && seul && liens == " " {
				j.jours.douter()
			}
			break
		}
		if !seul {
			liens = ","
		}
		liens += liste
		p = fin + len(liste)
	}
	return j, j.fin > 0
}

// suiteJours reads a day, a range or days with dashes between them; seul tells
// that it was one day.
func (t *texteLu) suiteJours(j *jeton, p int) (fin int, seul bool) {
	premier, fin, court, ok := t.unJour(p)
	if !ok {
		return p, false
	}
	if m := lienAu.FindString(t.plie[fin:]); m != "" {
		if dernier, apres, _, ok := t.unJour(fin + len(m)); ok {
			j.jours.etendre(premier, dernier)
			return apres, false
		}
	}
	jours := []int{premier}
	for {
		m := lienTiret.FindString(t.plie[fin:])
		jour, apres, bref, ok := t.unJour(fin + len(m))
		if m == "" || !ok {
			break
		}
		jours, fin, court = append(jours, jour), apres, court && bref
	}
	if len(jours) > 2 && court && !consecutifs(jours) {
		j.faute = "ces jours se lisent de deux façons\u00a0: écrivez « du … au … » ou des virgules."
	}
	if len(jours) == 2 && court {
		j.jours.etendre(jours[0], jours[1])
		return fin, false
	}
	for _, jour := range jours {
		j.jours.jours[jour] = true
	}
	if len(jours) == 2 {
		j.jours.tiret = true
		j.jours.douter()
	}
	return fin, len(jours) == 1
}

func consecutifs(jours []int) bool {
	for i := range jours[1:] {
		if jours[i+1] != jours[i]+1 {
			return false
		}
	}
	return true
}

// etendre adds the days from premier to dernier, over Sunday if need be.
func (c *choixJours) etendre(premier, dernier int) {
	for d := premier; ; d = (d + 1) % 7 {
		c.jours[d] = true
		if d == dernier {
			return
		}
	}
}

func (c *choixJours) nombre() (n int) {
	for _, dedans := range c.jours {
		if dedans {
			n++
		}
	}
	return n
}

// douter notes that two days may be the ends of a range.
func (c *choixJours) douter() {
	c.deux = [2]int{}
	premier, dernier := slices.Index(c.jours[:], true), 6
	for !c.jours[dernier] {
		dernier--
	}
	if dernier > premier+1 {
		c.deux = [2]int{premier, dernier}
	}
}

const (
	rangs  = `(?:1 ?ers?|premieres?|premiers?|2 ?(?:e|eme|nd)s?|deuxiemes?|seconds?|3 ?(?:e|eme)s?|troisiemes?|4 ?(?:e|eme)s?|quatriemes?|derniers?)`
	jourFr = `(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)`
)

var (
	motifNieme = regexp.MustCompile(`^(?:les? |chaque |tous les )?(` + rangs + `(?:(?: ?, ?| et | & | ?/ ?)(?:les? )?` + rangs + `)*) (` + jourFr + `)s? ?(?:du|de chaque|par|/) ?mois`)
	motifRang  = regexp.MustCompile(rangs)
)

// nieme reads "le 1er mercredi du mois", "2e et 4e jeudis de chaque mois".
func (t *texteLu) nieme(p int) (jeton, bool) {
	m := motifNieme.FindStringSubmatch(t.plie[p:])
	if m == nil || !t.finitEn(p+len(m[0])) {
		return jeton{}, false
	}
	j := jeton{genre: desJours, debut: p, fin: p + len(m[0])}
	j.jours.etendre(jourNomme(m[2]), jourNomme(m[2]))
	for _, rang := range motifRang.FindAllString(m[1], -1) {
		j.jours.niemes = append(j.jours.niemes, rangDe(rang))
	}
	slices.Sort(j.jours.niemes)
	j.jours.niemes = slices.Compact(j.jours.niemes)
	return j, true
}

func jourNomme(nom string) int {
	return slices.IndexFunc(nomsFrancais[:], func(noms []string) bool { return noms[0] == nom })
}

func rangDe(mot string) int {
	switch mot[0] {
	case '1', 'p':
		return 1
	case '3', 't':
		return 3
	case '4', 'q':
		return 4
	case 'd':
		if strings.HasPrefix(mot, "dern") {
			return -1
		}
	}
	return 2
}
