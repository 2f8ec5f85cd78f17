package main

import (
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// contestee is the value of a place that its source contradicts.
type contestee struct {
	edition
	Champ string `arg:"" name:"champ" help:"Colonne du standard, comme telephone : « adeuxpas lieu montrer » donne celles qui sont à décider."`
}

func (c contestee) champ() (mednum.Champ, error) {
	champ := mednum.Champ(c.Champ)
	if !champ.Corrigeable() && champ != mednum.ChampLatitude && champ != mednum.ChampLongitude {
		return "", usage("CHAMP : « %s » n’est pas une colonne du standard qui se corrige, comme telephone.", c.Champ)
	}
	return champ, nil
}

type commandeGarder struct{ contestee }

// Help is the second half of the command's help.
func (commandeGarder) Help() string {
	return `Une personne avait écrit une valeur, et la source s’est mise à en dire une
autre : garde celle de la personne, tant que la source ne change plus. La
latitude et la longitude se décident ensemble ; l’adresse aussi.

Exemple :
  adeuxpas lieu garder 3k7xcdfh telephone`
}

// Run keeps what the person wrote.
func (c commandeGarder) Run(p *programme) error {
	champ, err := c.champ()
	if err != nil {
		return err
	}
	return c.modifier(p, func(_ *catalogue.Catalogue, l *mednum.Lieu, _ mednum.Date) (string, error) {
		return champ.Libelle() + " : la valeur écrite ici est gardée.", l.GarderCorrection(champ, c.Auteur, p.now())
	})
}

type commandeSuivre struct{ contestee }

// Help is the second half of the command's help.
func (commandeSuivre) Help() string {
	return `Une personne avait écrit une valeur, et la source s’est mise à en dire une
autre : prend celle de la source. La latitude et la longitude se décident
ensemble ; l’adresse aussi.

Exemple :
  adeuxpas lieu suivre 3k7xcdfh telephone`
}

// Run takes what the source says.
func (c commandeSuivre) Run(p *programme) error {
	champ, err := c.champ()
	if err != nil {
		return err
	}
	return c.modifier(p, func(_ *catalogue.Catalogue, l *mednum.Lieu, _ mednum.Date) (string, error) {
		return champ.Libelle() + " : la valeur de la source est reprise.", l.SuivreSource(champ)
	})
}

// decrireQuestions are the values to decide, in lines, none when there are none.
func decrireQuestions(l *mednum.Lieu) []string {
	var lignes []string
	for _, q := range l.Questions() {
		for _, champ := range q.Champs {
			r := l.Corrections[champ]
			lignes = append(lignes, fmt.Sprintf("  %s  vous aviez écrit « %s », la source dit maintenant « %s »%s",
				champ, ouNon(r.Valeur, "rien"), ouNon(r.Source, "rien"), direOrigineDe(r.Origine)))
		}
	}
	if len(lignes) > 0 {
		lignes = append([]string{"À décider, par « adeuxpas lieu garder » ou « adeuxpas lieu suivre » :"}, lignes...)
	}
	return lignes
}

// decrireProvenance says where each value of the place comes from, and its date;
// of a list whose values come from several records, each of them.
func decrireProvenance(l *mednum.Lieu) []string {
	lignes := []string{"Provenance :"}
	for _, champ := range mednum.ChampsNorme {
		o, ok := l.Provenance[champ]
		if !ok {
			continue
		}
		ailleurs := l.ProvenanceValeurs[champ]
		if len(ailleurs) == 0 {
			lignes = append(lignes, "  "+string(champ)+strings.TrimPrefix(direOrigineDe(o), ","))
			continue
		}
		lignes = append(lignes, "  "+string(champ))
		for _, v := range l.Champs.Valeurs(champ) {
			lignes = append(lignes, "    "+v+direOrigineDe(l.OrigineDe(champ, v)))
		}
	}
	return lignes
}

func direOrigineDe(o mednum.Origine) string {
	if o == (mednum.Origine{}) {
		return ""
	}
	texte := ", fiche " + o.Fiche
	if o.Compte != "" {
		texte = ", " + o.Compte
	}
	if !o.Date.IsZero() {
		texte += " du " + o.Date.String()
	}
	return texte
}
