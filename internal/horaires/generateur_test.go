package horaires

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generateur writes expressions of the whole grammar that is read, from a
// seed.
type generateur struct{ *rand.Rand }

func newGenerateur(graine uint64) generateur {
	return generateur{rand.New(rand.NewPCG(graine, 82))}
}

func (g generateur) chance(pourcent int) bool { return g.IntN(100) < pourcent }

func choix[T any](g generateur, valeurs ...T) T { return valeurs[g.IntN(len(valeurs))] }

// liste writes one to n items.
func (g generateur) liste(n int, item func() string) string {
	textes := make([]string, 1+g.IntN(n))
	for i := range textes {
		textes[i] = item()
	}
	return strings.Join(textes, choix(g, ",", ",", ", "))
}

func (g generateur) expression() string {
	var b strings.Builder
	for i := range 1 + g.IntN(4)*g.IntN(2) + g.IntN(2) {
		sep := ""
		if i > 0 {
			sep = choix(g, "; ", "; ", "; ", ", ", " || ", ";")
		}
		if sep == ", " && !strings.HasSuffix(b.String(), `"`) && !g.finiParEtat(b.String()) {
			b.WriteString(" open") // the comma would belong to a list
		}
		b.WriteString(sep + g.regle())
	}
	if g.chance(3) {
		b.WriteString(`; "au marché": ` + g.plageJours() + " 09:00-12:00")
	}
	return b.String()
}

func (g generateur) finiParEtat(texte string) bool {
	for _, mot := range []string{"open", "off", "closed", "unknown"} {
		if strings.HasSuffix(texte, mot) {
			return true
		}
	}
	return false
}

func (g generateur) regle() string {
	if g.chance(4) {
		return enMots([]string{"24/7", g.modificateur(40)})
	}
	for {
		parties := []string{g.larges(), g.jours(), g.heures(), g.modificateur(30)}
		if parties[0] != "" && parties[1]+parties[2] != "" {
			parties[0] += choix(g, "", "", "", ":")
		}
		if texte := enMots(parties); texte != "" {
			return texte
		}
	}
}

// larges writes what selects years, dates and weeks.
func (g generateur) larges() string {
	var parties []string
	switch g.IntN(12) {
	case 0:
		parties = append(parties, g.liste(2, g.annees))
	case 1, 2:
		parties = append(parties, g.liste(3, g.mois))
	case 3, 4, 5:
		parties = append(parties, g.liste(2, g.dates))
	case 6:
		parties = append(parties, "week "+g.liste(3, g.semaines))
	case 7:
		parties = append(parties, g.annees(), g.mois())
	case 8:
		parties = append(parties, g.mois(), "week "+g.semaines())
	default:
		return ""
	}
	return strings.Join(parties, " ")
}

func (g generateur) annee() int { return 2024 + g.IntN(5) }

func (g generateur) annees() string {
	de := g.annee()
	switch g.IntN(5) {
	case 0:
		return fmt.Sprintf("%d+", de)
	case 1:
		return fmt.Sprintf("%d-%d/%d", de, de+1+g.IntN(5), 2+g.IntN(2))
	case 2:
		return fmt.Sprintf("%d-%d", de, de+1+g.IntN(3))
	default:
		return fmt.Sprint(de)
	}
}

func (g generateur) nomMois() string { return choix(g, nomsMois[:]...) }

func (g generateur) mois() string {
	if g.chance(50) {
		return g.nomMois() + "-" + g.nomMois()
	}
	return g.nomMois()
}

// quantieme writes a day that every month has, or 29 February.
func (g generateur) jourDuMois() string {
	switch g.IntN(20) {
	case 0:
		return "Feb 29"
	case 1:
		return "Dec 31"
	case 2:
		return "Jan " + choix(g, "1", "01")
	default:
		return fmt.Sprintf("%s %02d", g.nomMois(), 1+g.IntN(28))
	}
}

func (g generateur) dates() string {
	switch g.IntN(12) {
	case 0:
		return choix(g, fmt.Sprintf("%d ", g.annee()), "") + g.jourDuMois() + choix(g, "", "", "+")
	case 1:
		return g.jourDuMois()
	case 2:
		de := 1 + g.IntN(20)
		return fmt.Sprintf("%s %02d-%02d", g.nomMois(), de, de+1+g.IntN(7))
	case 3:
		return choix(g, "", "", "", "2026 ") + fmt.Sprintf("%s %02d,%02d", g.nomMois(), 1+g.IntN(14), 15+g.IntN(14))
	case 4:
		return g.jourDuMois() + "-" + choix(g, "Mar", "Jul", "Nov", "Dec") + fmt.Sprintf(" %02d", 29+g.IntN(2))
	case 11:
		return fmt.Sprintf("%s %02d-%s %02d", g.nomMois(), 1+g.IntN(14), g.nomMois(), 15+g.IntN(14))
	case 5:
		return fmt.Sprintf("Dec %d-Jan %02d", 20+g.IntN(12), 1+g.IntN(9))
	case 6:
		return fmt.Sprintf("%d %s", g.annee(), g.jourDuMois())
	case 7:
		de := g.annee()
		return fmt.Sprintf("%d %s-%d %s", de, g.jourDuMois(), de+1, g.jourDuMois())
	case 8:
		return "easter" + g.decalage(60)
	case 9:
		return fmt.Sprintf("%d easter%s", g.annee(), choix(g, "", "", "", g.decalage(60)))
	case 10:
		return fmt.Sprintf("easter -%d days-easter +%d days", 2+g.IntN(5), 2+g.IntN(50))
	default:
		return fmt.Sprintf("%d Dec %d-%d", g.annee(), 1+g.IntN(9), 10+g.IntN(22))
	}
}

func (g generateur) decalage(maximum int) string {
	if g.chance(40) {
		return ""
	}
	n := 1 + g.IntN(maximum)
	if n == 1 {
		return choix(g, " +1 day", " -1 day")
	}
	return choix(g, " +", " -") + fmt.Sprint(n) + " days"
}

func (g generateur) semaines() string {
	de := 1 + g.IntN(53)
	if g.chance(30) || de > 50 {
		return fmt.Sprintf("%02d", de)
	}
	de = choix(g, de, 1, 2)
	a := choix(g, de+1+g.IntN(53-de), 53, 52)
	if g.chance(60) {
		return fmt.Sprintf("%02d-%02d/%d", de, a, choix(g, 2, 2, 2, 3, 4))
	}
	return fmt.Sprintf("%02d-%02d", de, a)
}

func (g generateur) nomJour() string { return choix(g, nomsJours[:]...) }

func (g generateur) jours() string {
	switch g.IntN(16) {
	case 0, 1, 2:
		return ""
	case 3:
		return "PH"
	case 4:
		return "SH"
	case 5:
		return choix(g, "PH,", "SH,", "PH,SH,") + g.liste(2, g.plageJours)
	case 6:
		return choix(g, "PH ", "SH ") + g.liste(2, g.plageJours)
	case 7:
		return choix(g, "PH -1 day", "PH +1 day", "PH -1 day", "PH +1 day", "PH -1 day", "PH +2 days")
	case 8:
		return g.plageJours() + "," + choix(g, "PH", "SH")
	case 9, 10:
		return g.liste(2, g.nieme)
	default:
		return g.liste(3, g.plageJours)
	}
}

func (g generateur) plageJours() string {
	if g.chance(50) {
		return g.nomJour() + "-" + g.nomJour()
	}
	return g.nomJour()
}

func (g generateur) nieme() string {
	if g.chance(15) {
		return g.nomJour()
	}
	rang := func() string { return choix(g, "1", "2", "3", "4", "5", "-1", "-1", "-2", "1-2", "2-4") }
	rangs := rang()
	if g.chance(30) {
		rangs += "," + rang()
	}
	return g.nomJour() + "[" + rangs + "]" + choix(g, "", "", g.decalage(6), g.decalage(8))
}

func (g generateur) heure(de, a int) string {
	minutes := de*60 + g.IntN(4*(a-de))*15
	return fmt.Sprintf(choix(g, "%02d:%02d", "%02d:%02d", "%d:%02d"), minutes/60, minutes%60)
}

func (g generateur) heures() string {
	switch g.IntN(14) {
	case 0, 1:
		return ""
	case 2:
		return choix(g, "00:00-24:00", "22:00-02:00", "20:00-26:00", "18:00-00:00", "23:30-00:30", "01:00-25:30", "12:00-36:00", "02:00-03:00")
	case 3:
		return g.heure(17, 24) + "-" + g.heure(0, 6)
	case 4:
		return g.heure(6, 24) + "+"
	case 5:
		return g.heure(6, 14) + "-" + g.heure(14, 24) + "+"
	case 6:
		return g.heure(8, 12) + "-" + g.heure(12, 13) + "," + g.heure(13, 20) + "+"
	case 7:
		return g.heure(0, 24) + "-" + g.heure(24, 32)
	case 8:
		return g.liste(3, func() string { return g.heure(0, 12) + "-" + g.heure(12, 24) })
	case 9, 10:
		return g.heure(8, 12) + "-" + g.heure(12, 18)
	default:
		return g.heure(8, 10) + "-" + g.heure(11, 13) + choix(g, ",", ", ") + g.heure(13, 15) + "-" + g.heure(16, 19)
	}
}

func (g generateur) modificateur(pourcent int) string {
	if !g.chance(pourcent) {
		return ""
	}
	etat := choix(g, "off", "off", "off", "closed", "open", "unknown", "")
	mots := choix(g, "", "", `"sur rendez-vous"`, `"à l’accueil"`)
	if etat == "" && mots == "" {
		mots = `"appeler"`
	}
	return enMots([]string{etat, mots})
}

// abimer breaks a text as a typing mistake would: a sign lost, added, moved, or
// the end cut.
func (g generateur) abimer(texte string) string {
	r := []rune(texte)
	i, j := g.IntN(len(r)), g.IntN(len(r))
	switch g.IntN(4) {
	case 0:
		return string(r[:i]) + string(r[i+1:])
	case 1:
		return string(r[:i]) + choix(g, strings.Split(" ,;:-+[]0123|/\"MoPHA", "")...) + string(r[i:])
	case 2:
		r[i], r[j] = r[j], r[i]
		return string(r)
	default:
		return string(r[:i+1])
	}
}
