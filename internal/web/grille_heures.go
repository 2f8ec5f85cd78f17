package web

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/horaires"
)

const (
	minutesJour = 24 * 60
	nuitMax     = 12 * 60 // minutes; a longer night is rather a slip
)

// motifHeure is an hour as people type it: 9, 9h, 9:00, 09h30, 9 h 30, 0930.
var motifHeure = regexp.MustCompile(`^(\d{1,2})(?:[h:.](\d{2})?|(\d{2}))?(?:min|mn)?$`)

// parseHeure reads an hour in minutes from midnight, up to 48:00.
func parseHeure(texte string) (minutes int, ok bool) {
	plat := strings.ToLower(strings.Join(strings.Fields(texte), ""))
	switch plat {
	case "midi":
		return minutesJour / 2, true
	case "minuit":
		return minutesJour, true
	}
	m := motifHeure.FindStringSubmatch(plat)
	if m == nil {
		return 0, false
	}
	h, _ := strconv.Atoi(m[1])
	reste, _ := strconv.Atoi(m[2] + m[3])
	minutes = h*60 + reste
	return minutes, reste < 60 && minutes <= 2*minutesJour
}

// heureEcrite shows an hour in a field: "9:00" is what everybody reads, and
// what parseHeure reads back.
func heureEcrite(minutes int) string { return fmt.Sprintf("%d:%02d", minutes/60, minutes%60) }

// finEcrite shows an end past midnight as the clock does, unless it would then
// seem to come with the beginning.
func finEcrite(p horaires.PlageHeures) string {
	if fin := p.Fin - minutesJour; fin > 0 && fin < p.Debut {
		return heureEcrite(fin)
	}
	return heureEcrite(p.Fin)
}

// lirePlages reads the rows of a day into ranges, and notes what is wrong in
// them. What was there before is let through as it was.
func (e *editeur) lirePlages(j *jourEdite, avant []horaires.PlageGrille) []horaires.PlageGrille {
	var plages []horaires.PlageGrille
	var rangs []int
	for k := range j.Plages {
		p, ok := e.lirePlage(j, k, avant)
		if ok {
			plages, rangs = append(plages, p), append(rangs, k)
		}
	}
	if slices.Equal(plages, avant) {
		return plages
	}
	for i, p := range plages {
		for k, q := range plages[:i] {
			if p.Debut < q.Fin && q.Debut < p.Fin {
				e.fautif(&j.Plages[rangs[i]].FauteDebut, j.Champ("debut", rangs[i]), fmt.Sprintf(
					"%s\u00a0: la plage %d et la plage %d se chevauchent. Changez une des heures.", j.Nom, rangs[k]+1, rangs[i]+1))
			}
		}
	}
	slices.SortStableFunc(plages, func(a, b horaires.PlageGrille) int { return a.Debut - b.Debut })
	return plages
}

// lirePlage reads one row; ok is false when it is empty or wrong.
func (e *editeur) lirePlage(j *jourEdite, k int, avant []horaires.PlageGrille) (p horaires.PlageGrille, ok bool) {
	r := &j.Plages[k]
	if r.vide() {
		return p, false
	}
	debut, lu := e.lireBorne(j, k, "debut", "heure de début", r.Debut, &r.FauteDebut)
	if r.Fin == "" && r.Libre {
		p.Debut, p.Fin, p.Libre, p.SansFin = debut, debut, true, true
		return r.mettreMots(p), lu
	}
	fin, luFin := e.lireBorne(j, k, "fin", "heure de fin", r.Fin, &r.FauteFin)
	if !lu || !luFin {
		return p, false
	}
	if fin <= debut && fin < minutesJour {
		fin += minutesJour
	}
	p.Debut, p.Fin, p.Libre = debut, fin, r.Libre
	p = r.mettreMots(p)
	if slices.Contains(avant, p) {
		return p, true
	}
	return p, e.verifierPlage(j, k, p)
}

func (e *editeur) lireBorne(j *jourEdite, k int, champ, nom, texte string, faute *string) (int, bool) {
	ou := fmt.Sprintf("%s, plage %d, %s\u00a0: ", j.Nom, k+1, nom)
	if texte == "" {
		e.fautif(faute, j.Champ(champ, k), ou+"il manque l’heure. Écrivez-la comme 9h30.")
		return 0, false
	}
	minutes, ok := parseHeure(texte)
	if !ok {
		e.fautif(faute, j.Champ(champ, k), fmt.Sprintf("%s«\u00a0%s\u00a0» n’est pas une heure. Écrivez-la comme 9h30.", ou, texte))
	}
	if ok && champ == "debut" && minutes == minutesJour && strings.EqualFold(texte, "minuit") {
		minutes = 0
	}
	return minutes, ok
}

func (e *editeur) verifierPlage(j *jourEdite, k int, p horaires.PlageGrille) bool {
	r := &j.Plages[k]
	ou := fmt.Sprintf("%s, plage %d", j.Nom, k+1)
	switch {
	case p.Debut >= minutesJour:
		e.fautif(&r.FauteDebut, j.Champ("debut", k), ou+", heure de début\u00a0: la journée finit à minuit. Donnez une heure de 0h à 23h59.")
	case p.Fin-p.Debut > nuitMax && p.Fin > minutesJour, p.Fin <= p.Debut:
		e.fautif(&r.FauteFin, j.Champ("fin", k), ou+", heure de fin\u00a0: elle est avant l’heure de début. Corrigez l’une des deux.")
	default:
		return true
	}
	return false
}

// verifierMots refuses words that cannot stand in opening hours.
func (e *editeur) verifierMots(champ, nom, texte string) string {
	texte = strings.Join(strings.Fields(texte), " ")
	switch {
	case strings.Contains(texte, `"`):
		e.fautif(nil, champ, nom+"\u00a0: écrivez sans guillemets droits (\").")
	case len([]rune(texte)) > motsMax:
		e.fautif(nil, champ, fmt.Sprintf("%s\u00a0: raccourcissez à %d caractères au plus.", nom, motsMax))
	}
	return texte
}

const motsMax = 200 // characters of a comment
