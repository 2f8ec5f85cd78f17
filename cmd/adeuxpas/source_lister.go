package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sources"
)

type commandeSourceLister struct {
	base
	paquet
	JSON bool `name:"json" help:"Écrit tout en JSON, avec l’histoire des lectures."`
}

// Help is the second half of the command's help.
func (commandeSourceLister) Help() string {
	return `Exemples :
  adeuxpas source lister
  adeuxpas source lister --json`
}

// Run lists the sources.
func (c commandeSourceLister) Run(p *programme) error {
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	s, t, err := ouvrirSources(p, b, c.paquet, reseauxPermis{})
	if err != nil {
		return err
	}
	liste, err := s.Liste(p.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(p.stdout)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(liste)
	}
	if len(liste) == 0 {
		_, err = fmt.Fprint(p.stdout, insecables.Replace("Aucune source. Les sources connues : "+enumerer(sources.Connues())+".\n"))
		return err
	}
	var texte strings.Builder
	for i := range liste {
		texte.WriteString(decrireSource(&liste[i], t.Location()))
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(texte.String()))
	return err
}

// decrireSource is a source in words, several lines.
func decrireSource(s *sources.Source, zone *time.Location) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  « %s », %s, %s\n", s.ID, s.Nom, s.Rythme, direEtat(s))
	fmt.Fprintf(&b, "  adresse : %s\n", s.URL)
	if !s.Dernier.IsZero() {
		fmt.Fprintf(&b, "  lue le %s", moment(s.Dernier, zone))
		if len(s.Passages) > 0 {
			b.WriteString(direDerniere(&s.Passages[0]))
		}
		b.WriteString("\n")
	}
	if s.Raison != "" {
		fmt.Fprintf(&b, "  %s\n", s.Raison)
	}
	if s.Etat == sources.Attend {
		fmt.Fprintf(&b, "  pour voir : adeuxpas source lancer %s --simulation ; pour l’écrire : adeuxpas source appliquer %s\n", s.ID, s.ID)
	}
	if !s.Suspendue {
		fmt.Fprintf(&b, "  prochaine lecture : le %s\n", moment(s.Prochain, zone))
	}
	return b.String()
}

func direEtat(s *sources.Source) string {
	mots := map[sources.Etat]string{
		sources.Nouvelle: "jamais lue", sources.AJour: "à jour", sources.Applique: "écrite", sources.Attend: "attend une décision", sources.Echec: "en échec",
	}[s.Etat]
	if s.Echecs > 1 {
		mots += fmt.Sprintf(" (%d fois de suite)", s.Echecs)
	}
	if s.Suspendue {
		mots += ", suspendue"
	}
	return mots
}

// direDerniere is what a run read.
func direDerniere(p *sources.Passage) string {
	var b strings.Builder
	if p.Octets > 0 {
		fmt.Fprintf(&b, ", %s octets en %s s", nombre(int(p.Octets)), strings.Replace(fmt.Sprintf("%.1f", p.Duree.Seconds()), ".", ",", 1))
	}
	if p.Bilan != nil {
		fmt.Fprintf(&b, " : %d lues, %d nouvelles, %d modifiées, %d fusionnées, %d à décider, %d absentes, %d écartées",
			p.Bilan.Lus, p.Bilan.Nouveaux, p.Bilan.Modifies, p.Bilan.Fusionnes, p.Bilan.ADecider, p.Bilan.Absents, p.Bilan.Ecartes)
	}
	return b.String()
}

// moment is an instant by the clock of the territory.
func moment(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("02/01/2006 à 15:04")
}

type commandeSourceSuspendre struct{ uneSource }

// Help is the second half of the command's help.
func (commandeSourceSuspendre) Help() string {
	return "Exemple :\n  adeuxpas source suspendre rhinocc"
}

// Run keeps the service from fetching a source.
func (c commandeSourceSuspendre) Run(p *programme) error {
	return c.changer(p, "Source « %s » suspendue : le service ne la lit plus.\n", "Source suspendue", func(s *sources.Sources) error { return s.Suspendre(p.ctx, c.Nom) })
}

type commandeSourceReprendre struct{ uneSource }

// Help is the second half of the command's help.
func (commandeSourceReprendre) Help() string {
	return "Exemple :\n  adeuxpas source reprendre rhinocc"
}

// Run has the service fetch a source again.
func (c commandeSourceReprendre) Run(p *programme) error {
	return c.changer(p, "Source « %s » reprise.\n", "Source reprise", func(s *sources.Sources) error { return s.Reprendre(p.ctx, c.Nom) })
}

type commandeSourceRetirer struct{ uneSource }

// Help is the second half of the command's help.
func (commandeSourceRetirer) Help() string {
	return `Les fiches déjà lues restent, et les lieux ne changent pas.

Exemple :
  adeuxpas source retirer rhinocc`
}

// Run forgets a source.
func (c commandeSourceRetirer) Run(p *programme) error {
	return c.changer(p, "Source « %s » retirée. Ses fiches restent.\n", "Source retirée", func(s *sources.Sources) error { return s.Retirer(p.ctx, c.Nom) })
}

// changer does something to a source, says it and notes it.
func (c uneSource) changer(p *programme, mots, acte string, f func(*sources.Sources) error) error {
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	s, _, err := ouvrirSources(p, b, c.paquet, reseauxPermis{})
	if err != nil {
		return err
	}
	if err := f(s); err != nil {
		return err
	}
	noter(p, b, surSource(c.Nom, acte))
	_, err = fmt.Fprint(p.stdout, insecables.Replace(fmt.Sprintf(mots, c.Nom)))
	return err
}

// champsSource is where each field of a source is typed.
var champsSource = map[string]string{
	"nom": "NOM", "url": "URL", "chaque": "--chaque", "heure": "--heure", "zone": "--zone", "licence": "--licence", "date": "--date",
}

// nommerChamp says which argument a refusal is about.
func nommerChamp(err error) error {
	for _, e := range mednum.Errors(err) {
		if champ := champsSource[e.Champ]; champ != "" {
			code := codeEchec
			if e.Code == mednum.Invalide {
				code = codeUsage
			}
			return &refus{code: code, phrase: champ + " : " + debutMinuscule(e.Message), cause: err}
		}
	}
	return err
}
