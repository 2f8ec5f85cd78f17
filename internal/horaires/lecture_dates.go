package horaires

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// genrePortee is what restricts a part of the year.
type genrePortee int

const (
	toujours genrePortee = iota
	parite
	mois
	scolaire
)

// portee is the part of the year for which hours are said. texte is its OSM
// selector. Two of a kind are apart when their parts share no bit.
type portee struct {
	genre genrePortee
	texte string
	part  uint16
	date  bool // days, and not whole months
}

var (
	enVacances   = portee{genre: scolaire, texte: "SH", part: 1}
	horsVacances = portee{genre: scolaire, part: 2}
)

// separees tells whether no day is of both.
func (p portee) separees(q portee) bool {
	return p.genre == q.genre && p.genre != toujours && p.part&q.part == 0
}

var moisFrancais = []string{"janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"}

var (
	unMois      = `(` + strings.Join(moisFrancais, "|") + `)`
	introMois   = `(?:(?:de |d'|au |du |en |pour )?(?:les |le )?mois (?:de |d')|de |d'|en )?`
	motifDates  = regexp.MustCompile(`^(?:du |entre le )(1er|\d{1,2})(?: ` + unMois + `)? (?:au|et le) (1er|\d{1,2}) ` + unMois)
	motifDate   = regexp.MustCompile(`^(?:le |les )?(1er|\d{1,2}) ` + unMois)
	motifMoisA  = regexp.MustCompile(`^` + introMois + unMois + `(?: a | au mois d[e'] ?| ?- ?| jusqu'en )` + unMois)
	motifMoisEt = regexp.MustCompile(`^` + introMois + unMois + `(?:(?: ?, ?| et | ?/ ?)(?:en |d'|de )?` + unMois + `)*`)
	motifUnMois = regexp.MustCompile(unMois)
)

// dates reads months and days of months: "de juin à septembre", "en juillet et
// août", "du 1er au 15 août".
func (t *texteLu) dates(p int) (jeton, bool) {
	s := t.plie[p:]
	j := jeton{genre: dePortee, debut: p}
	if m := motifDates.FindStringSubmatch(s); m != nil {
		return t.portee(j, m[0], deDates(m))
	}
	if m := motifDate.FindStringSubmatch(s); m != nil {
		d := jourDuMois(m[1], m[2])
		return t.portee(j, m[0], portee{mois, d, 1 << rangMois(m[2]), true})
	}
	if m := motifMoisA.FindStringSubmatch(s); m != nil {
		de, a := rangMois(m[1]), rangMois(m[2])
		return t.portee(j, m[0], portee{mois, nomsMois[de] + "-" + nomsMois[a], partMois(de, a), false})
	}
	if m := motifMoisEt.FindString(s); m != "" {
		return t.portee(j, m, deMois(motifUnMois.FindAllString(m, -1)))
	}
	return j, false
}

func (t *texteLu) portee(j jeton, lu string, p portee) (jeton, bool) {
	j.fin, j.portee = j.debut+len(lu), p
	return j, p.texte != "" && t.finitEn(j.fin)
}

func rangMois(nom string) int { return slices.Index(moisFrancais, nom) }

func partMois(de, a int) (part uint16) {
	for m := de; ; m = (m + 1) % 12 {
		part |= 1 << m
		if m == a {
			return part
		}
	}
}

func deMois(noms []string) portee {
	p := portee{genre: mois}
	var textes []string
	for _, nom := range noms {
		m := rangMois(nom)
		textes = append(textes, nomsMois[m])
		p.part |= 1 << m
	}
	p.texte = strings.Join(textes, ",")
	return p
}

// deDates is "du 1er au 15 août" from the groups of motifDates.
func deDates(m []string) portee {
	if m[2] == "" {
		m[2] = m[4]
	}
	de, a := jourDuMois(m[1], m[2]), jourDuMois(m[3], m[4])
	if de == "" || a == "" || m[2] == m[4] && de >= a {
		return portee{}
	}
	return portee{mois, de + "-" + a, partMois(rangMois(m[2]), rangMois(m[4])), true}
}

// jourDuMois is "Aug 15", "" for a day that the month does not have.
func jourDuMois(quantieme, nom string) string {
	n, err := strconv.Atoi(strings.TrimSuffix(quantieme, "er"))
	m := rangMois(nom)
	if err != nil || n < 1 || n > longueurMois(anneeBissextile, m+1) {
		return ""
	}
	return fmt.Sprintf("%s %02d", nomsMois[m], n)
}
