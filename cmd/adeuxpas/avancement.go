package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"82numerique.fr/adeuxpas/internal/collecte"
)

// avancement says on stderr how far an import is: a bar that is drawn again on a
// terminal, a line every two seconds elsewhere, without any control character.
type avancement struct {
	w        io.Writer
	terminal bool
	now      func() time.Time
	nom      string // of the part under way
	debut    time.Time
	prochain time.Time
	fait     int
	total    int
	largeur  int // of the bar that is on the screen, in characters
}

// etapes are the parts of an import as they are told: what is done, to what.
var etapes = map[collecte.Etape]struct{ nom, chose string }{
	collecte.EtapeSituer:     {"Communes", "fiches"},
	collecte.EtapeRapprocher: {"Rapprochement", "fiches"},
	collecte.EtapeConsolider: {"Lieux", "lieux"},
	collecte.EtapeEcrire:     {"Écriture", "lieux"},
}

// newAvancement draws a bar where the program's stderr is a terminal. The clock
// is the machine's: --horloge may have stopped the other one.
func newAvancement(p *programme) *avancement {
	a := &avancement{w: p.stderr, now: time.Now}
	if f, ok := p.stderr.(*os.File); ok {
		if s, err := f.Stat(); err == nil {
			a.terminal = s.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
		}
	}
	return a
}

// etape tells a part of the import.
func (a *avancement) etape(e collecte.Etape, fait, total int) {
	a.dire(etapes[e].nom, etapes[e].chose, fait, total)
}

// reprise tells an operation that was cut short and is being finished.
func (a *avancement) reprise(fait, total int) {
	a.dire("Import repris", "lieux", fait, total)
}

// octets tells how much of a file is read, in kilobytes.
func (a *avancement) octets(nom string, lu, taille int) {
	a.dire("Lecture de "+nom, "ko", lu>>10, max(lu, taille)>>10)
}

// lues tells how many records are read.
func (a *avancement) lues(fiches int) {
	a.dire("Lecture", "fiches", fiches, fiches)
}

// dire tells how far a part is, when it is time to.
func (a *avancement) dire(nom, chose string, fait, total int) {
	t := a.now()
	if nom != a.nom {
		a.finir()
		a.nom, a.debut = nom, t
		a.prochain = t.Add(rythme)
		if a.terminal {
			a.prochain = t
		}
	}
	a.fait, a.total = fait, total
	if t.Before(a.prochain) && (!a.terminal || fait < total) {
		return
	}
	a.prochain = t.Add(rythme)
	if a.terminal {
		a.prochain = t.Add(rythme / 10)
	}
	a.montrer(chose, t.Sub(a.debut))
}

// montrer writes where the part is, its rate and what remains of its time.
func (a *avancement) montrer(chose string, ecoule time.Duration) {
	texte := fmt.Sprintf(" : %s %s sur %s", nombre(a.fait), chose, nombre(a.total))
	parSeconde := " " + chose + " par seconde"
	if a.terminal {
		texte = fmt.Sprintf(" : %s sur %s %s %s %3d %%", nombre(a.fait), nombre(a.total), chose, barre(a.fait, a.total), pourcent(a.fait, a.total))
		parSeconde = "/s"
	}
	if rapidite := float64(a.fait) / ecoule.Seconds(); a.fait > 0 && ecoule > 0 {
		texte += ", " + nombre(int(rapidite+0.5)) + parSeconde
		if reste := float64(a.total-a.fait) / rapidite; a.fait < a.total {
			texte += ", reste " + duree(time.Duration(reste*float64(time.Second)))
		}
	}
	if !a.terminal {
		fmt.Fprintln(a.w, insecables.Replace(a.nom+texte))
		return
	}
	nom := []rune(a.nom)
	if place := colonnes - utf8.RuneCountInString(texte); len(nom) > place {
		nom = append(nom[:max(0, place-1)], '…')
	}
	texte = insecables.Replace(string(nom) + texte)
	n := utf8.RuneCountInString(texte)
	fmt.Fprint(a.w, "\r"+texte+strings.Repeat(" ", max(0, a.largeur-n)))
	a.largeur = n
}

// finir leaves the bar where it is: what comes next is on a line of its own.
func (a *avancement) finir() {
	if a.largeur > 0 {
		fmt.Fprintln(a.w)
		a.largeur = 0
	}
}

func pourcent(fait, total int) int {
	if total == 0 {
		return 100
	}
	return min(100, 100*fait/total)
}

// colonnes is how long the bar's line is at most: one that wraps cannot be drawn
// again in its place.
const colonnes = 79

// barre is a bar of ten signs.
func barre(fait, total int) string {
	n := pourcent(fait, total) / 10
	return "[" + strings.Repeat("#", n) + strings.Repeat("-", 10-n) + "]"
}

// duree is a time that remains, as people say it.
func duree(d time.Duration) string {
	s := int(d.Seconds() + 0.999)
	if s < 60 {
		return fmt.Sprintf("%d s", s)
	}
	return fmt.Sprintf("%d min %02d s", s/60, s%60)
}
