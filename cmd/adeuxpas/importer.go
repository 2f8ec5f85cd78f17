package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

type commandeImporter struct {
	base
	paquet
	Zone     string   `default:"voisinage" enum:"departement,voisinage,tout" placeholder:"ZONE" help:"Fiches à prendre : departement, voisinage (30 km de plus) ou tout."`
	Date     string   `placeholder:"AAAA-MM-JJ" help:"Date des fiches qui n’en portent pas ; sinon celle du nom du fichier."`
	Licence  string   `placeholder:"LICENCE" help:"Licence des fichiers, quand ils ne la disent pas : « Licence Ouverte 2.0 », « ODbL 1.0 » ou « inconnue »."`
	Fichiers []string `arg:"" name:"fichier" help:"Fichiers à lire."`
}

// Help is the second half of the command's help.
func (commandeImporter) Help() string {
	return `Lit des fichiers et met les lieux à jour. Les formats sont reconnus au
contenu : liste France services (CSV), standard national des lieux de médiation
numérique v1.0.2 (CSV, JSON, GeoJSON) et v0 (JSON), Fabriques de territoire
(GeoJSON). Les fiches d’un même lieu sont rattachées à ce lieu. Le même fichier,
lu deux fois, ne change rien. Si un fichier n’est pas lisible, aucun n’est
importé. Une base absente est créée, avec ces fichiers pour seul contenu. Le
service peut rester ouvert : il montre le changement en une seconde.

Exemples :
  adeuxpas importer liste-fs-20240801.csv
  adeuxpas importer --zone departement --base /srv/adeuxpas.db lieux.json`
}

// Run reads all the files, then writes them as one operation.
func (c commandeImporter) Run(p *programme) error {
	lectures, err := c.lire()
	if err != nil {
		return err
	}
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	b, err := c.base.open(p)
	if err != nil {
		return err
	}
	defer b.Close()
	bilan, err := collecte.Importer(p.ctx, b, t, lectures, collecte.Options{Zone: collecte.Zone(c.Zone), Auteur: "cli", Voie: "cli"})
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.stdout, bilan.String())
	return err
}

// lire reads every file before anything is written.
func (c commandeImporter) lire() ([]norme.Lecture, error) {
	var o norme.Options
	if c.Date != "" {
		jour, err := mednum.ParseDate(c.Date)
		if err != nil {
			return nil, usage("--date : « %s » n’est pas une date, comme 2024-08-01.", c.Date)
		}
		o.Date = jour
	}
	lectures := make([]norme.Lecture, 0, len(c.Fichiers))
	for _, chemin := range c.Fichiers {
		l, err := lireFichier(o, chemin)
		if err != nil {
			return nil, err
		}
		if c.Licence != "" {
			l.Flux.Licence = c.Licence
		}
		lectures = append(lectures, l)
	}
	return lectures, nil
}

func lireFichier(o norme.Options, chemin string) (norme.Lecture, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return norme.Lecture{}, err
	}
	defer f.Close()
	l, err := o.Decode(filepath.Base(chemin), f)
	return l, nommer(err, chemin)
}

// nommer says which file a refusal is about.
func nommer(err error, chemin string) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return err
	}
	return &refus{code: codeEchec, phrase: chemin + " : " + phrase(err), cause: err}
}
