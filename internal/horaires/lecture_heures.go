package horaires

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// impossible is the time of "25h".
const impossible = -1

// heureLue is an hour as written, in minutes; nue when nothing but digits
// says that it is one ("9" in "9-12h").
type heureLue struct {
	minutes, fin int
	nue          bool
}

var (
	avantHeures  = regexp.MustCompile(`^(?:de|entre) ?:? ?`)
	motifHeure   = regexp.MustCompile(`^(\d{1,2})(?: ?(?:heures?|h) ?| ?: ?|\.)(\d{2})`)
	motifHeure0  = regexp.MustCompile(`^(\d{1,2}) ?(?:heures?|h)`)
	motifNombre  = regexp.MustCompile(`^(\d{1,2})`)
	motifMidi    = regexp.MustCompile(`^(?:midi|minuit)`)
	entreHeures  = regexp.MustCompile(`^(?: *(?:-|>) *(?:a +)?| *a *|/)`)
	entrePlages  = regexp.MustCompile(`^[ \n]*(?:[,/&;|\n]|-|et|puis|)[ \n]*(?:et )?(?:de|du)? ?`)
	suiteChiffre = regexp.MustCompile(`^(?: ?[:h] ?\d|h|\d|\.\d|/\d+/| ?[%€]| ?(?:euros?|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b)`)
)

// uneHeure reads "9h", "9 h 30", "09:00", "9.30", "9 heures", "midi", or a bare
// number.
func (t *texteLu) uneHeure(p int) (heureLue, bool) {
	s := t.plie[p:]
	if m := motifMidi.FindString(s); m != "" && t.finitEn(p+len(m)) {
		return heureLue{minutes: map[string]int{"midi": minutesJour / 2, "minuit": minutesJour}[m], fin: p + len(m)}, true
	}
	for _, lue := range []struct {
		motif *regexp.Regexp
		nue   bool
	}{{motifHeure, false}, {motifHeure0, false}, {motifNombre, true}} {
		m := lue.motif.FindStringSubmatch(s)
		if m == nil || suiteChiffre.MatchString(s[len(m[0]):]) {
			continue
		}
		if !t.finitHeure(p + len(m[0])) {
			continue
		}
		if lue.nue && strings.HasPrefix(s[len(m[0]):], ":") {
			continue // minutes are missing
		}
		minutes, ok := minutesDe(m[1:])
		if !ok {
			minutes = impossible
		}
		return heureLue{minutes, p + len(m[0]), lue.nue}, ok || !lue.nue
	}
	return heureLue{}, false
}

// finitHeure tells whether an hour may end at p: "9h" does in "9hà 12h".
func (t *texteLu) finitHeure(p int) bool {
	apres, colle := strings.CutPrefix(t.plie[p:], "a")
	return t.finitEn(p) || colle && motifNombre.MatchString(strings.TrimLeft(apres, " "))
}

// minutesDe is hours, and minutes if there are any, as minutes from midnight.
func minutesDe(hm []string) (int, bool) {
	h, err := strconv.Atoi(hm[0])
	m := 0
	if err == nil && len(hm) > 1 && hm[1] != "" {
		m, err = strconv.Atoi(hm[1])
	}
	return h*60 + m, err == nil && m < 60 && h*60+m <= minutesJour
}

// suiteHeures is hours in a row and what stands between them.
type suiteHeures struct {
	heures []heureLue
	liens  []string
}

// listeHeures reads ranges of hours: "de 9h à 12h et de 14h à 17h", "9h/12h
// 14h/17h", "9-12h". Hours that do not make ranges are a jeton with a faute.
func (t *texteLu) listeHeures(p int) (jeton, bool) {
	j := jeton{genre: desHeures, debut: p}
	intro := avantHeures.FindString(t.plie[p:])
	p += len(intro)
	premiere, ok := t.uneHeure(p)
	if !ok {
		return j, false
	}
	s := suiteHeures{heures: []heureLue{premiere}}
	for {
		lien, suivante, ok := t.heureSuivante(s, strings.HasPrefix(intro, "entre"))
		if !ok {
			break
		}
		s.heures, s.liens = append(s.heures, suivante), append(s.liens, lien)
	}
	if n := len(s.heures) - 1; n%2 == 0 && n > 0 && s.heures[n].nue {
		s.heures, s.liens = s.heures[:n], s.liens[:n-1] // a number, but of what?
	}
	if s.nues() {
		return j, false
	}
	j.fin = s.heures[len(s.heures)-1].fin
	j.plages, j.faute = s.plages()
	return j, true
}

// PlagesEnTete reads the hours at the head of a text, and the byte where they
// end: 0 when it does not begin with hours, or with hours that make no ranges.
func PlagesEnTete(texte string) (plages []Plage, fin int) {
	t := nouveauTexte(texte)
	j, ok := t.listeHeures(0)
	if !ok || j.faute != "" {
		return nil, 0
	}
	return j.plages, t.pos[j.fin]
}

func (t *texteLu) heureSuivante(s suiteHeures, entre bool) (lien string, h heureLue, ok bool) {
	p := s.heures[len(s.heures)-1].fin
	motifs := []*regexp.Regexp{entreHeures, entrePlages}
	if len(s.liens)%2 == 1 {
		motifs = []*regexp.Regexp{entrePlages, entreHeures}
	}
	if entre && len(s.liens)%2 == 0 && strings.HasPrefix(t.plie[p:], " et ") {
		h, ok = t.uneHeure(p + len(" et "))
		return "-", h, ok
	}
	for _, motif := range motifs {
		lien = motif.FindString(t.plie[p:])
		if h, ok = t.uneHeure(p + len(lien)); ok && lien != "" {
			return lien, h, true
		}
	}
	return "", h, false
}

// nues tells whether a range has no sign at all that its numbers are hours.
func (s suiteHeures) nues() bool {
	for i := 0; i < len(s.heures); i += 2 {
		if s.heures[i].nue && (i+1 == len(s.heures) || s.heures[i+1].nue) {
			return true
		}
	}
	return false
}

// plages pairs the hours, from the left. The signs within ranges must differ
// from those between them.
func (s suiteHeures) plages() ([]Plage, string) {
	if slices.ContainsFunc(s.heures, func(h heureLue) bool { return h.minutes == impossible }) {
		return nil, "cette heure n’existe pas."
	}
	if len(s.heures) == 1 {
		return nil, "une heure seule\u00a0: il manque le début ou la fin."
	}
	if len(s.heures)%2 == 1 {
		return nil, "il y a un nombre impair d’heures\u00a0: il en manque une."
	}
	var plages []Plage
	for i, lien := range s.liens {
		if i%2 == 1 {
			continue
		}
		if entreHeures.FindString(lien) != lien || lien == "/" && s.heures[i+1].nue {
			return nil, "rien ne dit où ces heures commencent et finissent\u00a0: écrivez « 9h-12h »."
		}
		for k := 1; k < len(s.liens); k += 2 {
			if s.liens[k] == lien {
				return nil, "ces heures se suivent sans dire où chaque plage finit\u00a0: écrivez « 9h-12h et 14h-17h »."
			}
		}
		plages = append(plages, Plage{s.heures[i].minutes, s.heures[i+1].minutes})
	}
	return verifierPlages(plages)
}

// verifierPlages refuses ranges that are not of one day, in order; the same
// range twice is one.
func verifierPlages(plages []Plage) ([]Plage, string) {
	var gardees []Plage
	for _, p := range plages {
		if p == (Plage{}) {
			continue // what a form writes where nothing was entered
		}
		if p.Fin == 0 {
			p.Fin = minutesJour
		}
		switch {
		case p.Debut == p.Fin:
			return nil, "la plage finit à l’heure où elle commence."
		case p.Debut > p.Fin:
			return nil, "la plage finit avant de commencer."
		}
		repetee := false
		for _, q := range gardees {
			repetee = repetee || p == q
			if p != q && p.Debut < q.Fin && q.Debut < p.Fin {
				return nil, "ces heures se chevauchent."
			}
		}
		if !repetee {
			gardees = append(gardees, p)
		}
	}
	if len(gardees) == 0 {
		return nil, "ces heures sont vides."
	}
	return gardees, ""
}
