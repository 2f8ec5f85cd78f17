package horaires

import (
	"fmt"
	"slices"
	"strings"
)

// String is the canonical form: two-digit numbers, "off" for closed, no space
// inside lists. Parse reads it back to an expression that evaluates the same.
func (e *Expression) String() string {
	var b strings.Builder
	for i := range e.regles {
		r := &e.regles[i]
		if i > 0 {
			b.WriteString([...]string{"; ", ", ", " || "}[r.sep])
		}
		suivie := i+1 < len(e.regles) && e.regles[i+1].sep == addition
		r.ecrire(&b, suivie)
	}
	return b.String()
}

// String prints the rule alone.
func (r *regle) String() string {
	var b strings.Builder
	r.ecrire(&b, false)
	return b.String()
}

// ecrire prints a rule. Before an additional rule the state is always
// written, so that the comma cannot be read as one inside a list.
func (r *regle) ecrire(b *strings.Builder, suivie bool) {
	parties := []string{r.selection(), enListe(r.heures, plageHeures.String)}
	if r.explicite || suivie && r.mots == "" {
		parties = append(parties, r.motEtat())
	}
	if r.mots != "" {
		parties = append(parties, `"`+r.mots+`"`)
	}
	b.WriteString(enMots(parties))
}

// selection prints what stands before the hours.
func (r *regle) selection() string {
	var parties []string
	if r.condition != "" {
		parties = append(parties, `"`+r.condition+`":`)
	}
	if r.toujours {
		parties = append(parties, "24/7")
	}
	parties = append(parties, enListe(r.annees, plageAnnees.String), r.datesEcrites())
	if len(r.semaines) > 0 {
		parties = append(parties, "week "+enListe(r.semaines, plageSemaines.String))
	}
	return enMots(append(parties, r.joursEcrits()))
}

// enMots joins the texts that are not empty.
func enMots(textes []string) string {
	return strings.Join(slices.DeleteFunc(textes, func(t string) bool { return t == "" }), " ")
}

func (r *regle) motEtat() string {
	switch {
	case !r.explicite || r.ecrit == Ouvert:
		return "open"
	case r.ecrit == Inconnu:
		return "unknown"
	default:
		return "off"
	}
}

func enListe[T any](valeurs []T, ecrire func(T) string) string {
	textes := make([]string, len(valeurs))
	for i, v := range valeurs {
		textes[i] = ecrire(v)
	}
	return strings.Join(textes, ",")
}

func (p plageAnnees) String() string {
	switch {
	case p.a == anneeMa:
		return fmt.Sprintf("%d+", p.de)
	case p.a == p.de:
		return fmt.Sprint(p.de)
	case p.pas > 1:
		return fmt.Sprintf("%d-%d/%d", p.de, p.a, p.pas)
	default:
		return fmt.Sprintf("%d-%d", p.de, p.a)
	}
}

func (p plageSemaines) String() string {
	switch {
	case p.a == p.de:
		return fmt.Sprintf("%02d", p.de)
	case p.pas > 1:
		return fmt.Sprintf("%02d-%02d/%d", p.de, p.a, p.pas)
	default:
		return fmt.Sprintf("%02d-%02d", p.de, p.a)
	}
}

// datesEcrites leaves out the year that a month before it in the list gives.
func (r *regle) datesEcrites() string {
	annee := 0
	return enListe(r.dates, func(p plageDates) string {
		donnee := p.de.annee == annee && (p.a.annee == annee || p.a.annee == 0)
		if p.de.mensuelle() && !p.aCheval() {
			annee = p.de.annee
		}
		if donnee {
			p.de.annee, p.a.annee = 0, 0
		}
		return p.String()
	})
}

// String writes both years of a range of days, since the reference
// implementation reads "2026 Jul 13-2026 Aug 02" only, and the days of a range
// of months that runs into the next year, which it reads otherwise.
func (p plageDates) String() string {
	debut := p.de.String()
	switch {
	case p.suite:
		return debut + "+"
	case p.de == p.a:
		return debut
	case p.aCheval():
		return p.jours().String()
	}
	fin := p.a
	if p.de.mensuelle() {
		if fin.annee == p.de.annee {
			fin.annee = 0
		}
		return debut + "-" + fin.String()
	}
	if fin.annee == 0 && p.de.annee != 0 {
		fin.annee = p.anneeFin()
	}
	if p.de.decalage == 0 && fin.decalage == 0 && fin.annee == p.de.annee && fin.mois == p.de.mois && fin.jour > p.de.jour && p.de.jour > 0 {
		return debut + fmt.Sprintf("-%02d", fin.jour)
	}
	return debut + "-" + fin.String()
}

// anneeFin is the year in which a range that begins in a known year ends.
func (p *plageDates) anneeFin() int {
	if p.a.annee == 0 && p.a.dernier(p.de.annee) < p.de.premier(p.de.annee) {
		return p.de.annee + 1
	}
	return max(p.a.annee, p.de.annee)
}

// aCheval tells of months of a known year that run into another: "2026 Nov-Mar".
func (p *plageDates) aCheval() bool {
	return p.de.annee != 0 && p.de.mensuelle() && !p.suite && p.anneeFin() != p.de.annee
}

// jours is a range of months as one of days.
func (p plageDates) jours() plageDates {
	p.a.annee = p.anneeFin()
	p.de.jour, p.a.jour = 1, longueurMois(p.a.annee, p.a.mois)
	return p
}

func (b borne) String() string {
	var s strings.Builder
	if b.annee != 0 {
		fmt.Fprintf(&s, "%d ", b.annee)
	}
	if b.paques {
		s.WriteString("easter")
	} else {
		s.WriteString(nomsMois[b.mois-1])
	}
	if b.jour > 0 {
		fmt.Fprintf(&s, " %02d", b.jour)
	}
	s.WriteString(decalageEcrit(b.decalage))
	return s.String()
}

func decalageEcrit(jours int) string {
	switch jours {
	case 0:
		return ""
	case 1, -1:
		return fmt.Sprintf(" %+d day", jours)
	default:
		return fmt.Sprintf(" %+d days", jours)
	}
}

func (r *regle) joursEcrits() string {
	feries, jours := enListe(r.feries, selecteurFerie.String), enListe(r.jours, plageJours.String)
	switch {
	case feries == "" || jours == "":
		return feries + jours
	case r.ensemble:
		return feries + " " + jours
	default:
		return feries + "," + jours
	}
}

func (f selecteurFerie) String() string {
	nom := "PH"
	if f.scolaire {
		nom = "SH"
	}
	return nom + decalageEcrit(f.decalage)
}

func (p plageJours) String() string {
	if len(p.niemes) > 0 {
		return nomsJours[p.de] + "[" + enListe(p.niemes, plageNiemes.String) + "]" + decalageEcrit(p.decalage)
	}
	if p.de == p.a {
		return nomsJours[p.de]
	}
	return nomsJours[p.de] + "-" + nomsJours[p.a]
}

func (p plageNiemes) String() string {
	if p.de == p.a {
		return fmt.Sprint(p.de)
	}
	return fmt.Sprintf("%d-%d", p.de, p.a)
}

func (p plageHeures) String() string {
	switch {
	case p.sansFin:
		return heureEcrite(p.debut) + "+"
	case p.libre:
		return heureEcrite(p.debut) + "-" + finEcrite(p) + "+"
	default:
		return heureEcrite(p.debut) + "-" + finEcrite(p)
	}
}

// finEcrite prints an end past midnight as the clock shows it, unless the
// range would then seem empty.
func finEcrite(p plageHeures) string {
	if fin := p.fin - minutesJour; fin > 0 && fin < p.debut {
		return heureEcrite(fin)
	}
	return heureEcrite(p.fin)
}

func heureEcrite(minutes int) string {
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}
