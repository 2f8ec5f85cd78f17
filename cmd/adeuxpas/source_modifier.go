package main

import (
	"fmt"
	"maps"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/sources"
)

type commandeSourceModifier struct {
	uneSource
	reseauxPermis
	URL      string  `name:"url" placeholder:"ADRESSE" help:"Adresse du fichier, en https."`
	Chaque   string  `placeholder:"PÉRIODE" help:"jour, semaine (le lundi) ou mois (le 1er)."`
	Heure    *int    `placeholder:"HEURE" help:"Heure de la lecture, de 0 à 23, à l’heure du territoire."`
	Zone     string  `placeholder:"ZONE" help:"Fiches à prendre : departement, voisinage (30 km de plus) ou tout."`
	Licence  *string `placeholder:"LICENCE" help:"Licence du fichier ; vide (--licence=) pour celle que dit son format."`
	Date     string  `placeholder:"RÈGLE" help:"Date des fiches qui n’en portent pas : auto, modification ou lecture."`
	Colonnes *string `placeholder:"COLONNES" help:"Ce que sont les colonnes d’un tableau à vous ; vide (--colonnes=) pour ce que disent leurs noms."`
}

// Help is the second half of the command's help.
func (commandeSourceModifier) Help() string {
	return `Ce qui n’est pas donné ne change pas, le nom non plus. Avec une autre adresse,
le fichier est lu dans la minute, et ce qui attendait une décision est oublié.

Exemple :
  adeuxpas source modifier rhinocc --chaque mois --heure 4`
}

// Run changes a source.
func (c commandeSourceModifier) Run(p *programme) error {
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	s, _, err := ouvrirSources(p, b, c.paquet, c.reseauxPermis)
	if err != nil {
		return err
	}
	src, err := s.Source(p.ctx, c.Nom)
	if err != nil {
		return err
	}
	d, err := c.demande(&src)
	if err != nil {
		return err
	}
	if src, err = s.Modifier(p.ctx, src.ID, d); err != nil {
		return nommerChamp(err)
	}
	noter(p, b, surSource(src.ID, "Réglages de la source changés"))
	_, err = fmt.Fprint(p.stdout, insecables.Replace(fmt.Sprintf("Source « %s » changée, lue %s (heure du territoire).\n", src.ID, src.Rythme)))
	return err
}

// demande is the source as it is, with what is given.
func (c *commandeSourceModifier) demande(src *sources.Source) (sources.Demande, error) {
	d := sources.Demande{
		URL: src.URL, Chaque: src.Rythme.Chaque, Heure: src.Rythme.Heure, Zone: src.Zone, Licence: src.Licence, Date: src.Date, Colonnes: maps.Clone(src.Colonnes),
	}
	if c.URL != "" {
		d.URL = c.URL
	}
	if c.Chaque != "" {
		d.Chaque = sources.Periode(c.Chaque)
	}
	if c.Heure != nil {
		d.Heure = *c.Heure
	}
	if c.Zone != "" {
		d.Zone = collecte.Zone(c.Zone)
	}
	if c.Licence != nil {
		d.Licence = *c.Licence
	}
	if c.Date != "" {
		d.Date = sources.RegleDate(c.Date)
	}
	if c.Colonnes == nil {
		return d, nil
	}
	colonnes, err := norme.ParseCorrespondance(*c.Colonnes)
	if err != nil {
		return d, usage("--colonnes : %s", debutMinuscule(phrase(err)))
	}
	d.Colonnes = colonnes
	return d, nil
}
