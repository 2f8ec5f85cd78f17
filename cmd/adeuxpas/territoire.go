package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/territoire"
)

type commandeTerritoire struct {
	Construire commandeConstruire `cmd:"" help:"Construit le dossier d’un territoire."`
	Centres    commandeCentres    `cmd:"" help:"Refait la table des centres des communes de France."`
}

type commandeCentres struct {
	Gazetteer string `required:"" placeholder:"FICHIER" help:"Liste des communes de France (communes-france-2026.csv)."`
	Sortie    string `required:"" placeholder:"FICHIER" help:"Fichier à écrire."`
}

// Help is the second half of the command's help.
func (commandeCentres) Help() string {
	return `La table dit le centre de chaque commune de France. Le service y voit qu’un point
est loin de la commune que dit une fiche. Le même fichier donne la même table, à
l’octet près.

Exemple :
  adeuxpas territoire centres --gazetteer communes-france-2026.csv \
    --sortie data/centres-france.txt`
}

// Run writes the table, whole or not at all.
func (c commandeCentres) Run(p *programme) error {
	var n int
	err := remplacer(c.Sortie, func(w io.Writer) (err error) {
		n, err = territoire.WriteCentres(w, c.Gazetteer)
		return err
	})
	if err != nil {
		return refuserPaquet(err)
	}
	_, err = fmt.Fprintf(p.stdout, "%d communes.\n", n)
	return err
}

type commandeConstruire struct {
	Departement    string `required:"" placeholder:"CODE" help:"Code du département, comme 46 ou 2A."`
	Gazetteer      string `required:"" placeholder:"DOSSIER" help:"Dossier des communes (communes-france*.csv, arrondissements-municipaux.csv)."`
	Fonds          string `required:"" placeholder:"DOSSIER" help:"Dossier des contours et des rivières (communes-46.geojson, departement-46.geojson, rivers-46*.geojson…)."`
	FranceServices string `placeholder:"FICHIER" help:"Liste France services, prise jusqu’à 30 km au-delà du département."`
	Conseillers    string `placeholder:"FICHIER" help:"Permanences des conseillers numériques."`
	TiersLieux     string `placeholder:"FICHIER" help:"Fabriques de territoire."`
	Sortie         string `required:"" placeholder:"DOSSIER" help:"Dossier à écrire."`
}

// Help is the second half of the command's help.
func (commandeConstruire) Help() string {
	return `Fait d’un département le territoire du service, à partir de fichiers ouverts
officiels. Les réglages écrits à la main (territoire.json, noms-usuels.csv) sont
gardés, ou commencés s’ils manquent. Sans fichier de lieux, lieux.json reste tel
qu’il est. Les mêmes fichiers donnent le même dossier, à l’octet près.

Exemple :
  adeuxpas territoire construire --departement 46 --gazetteer gazetteer \
    --fonds basemap --france-services liste-fs-20240801.csv \
    --sortie data/46`
}

// Run builds the facts of the pack, then its places.
func (c commandeConstruire) Run(p *programme) error {
	sources, err := territoire.SourcesDans(c.Departement, c.Gazetteer, c.Fonds)
	if err != nil {
		return refuserPaquet(err)
	}
	sources.Progres = func(message string) { fmt.Fprintln(p.stderr, message) }
	bilan, err := territoire.Construire(p.ctx, sources, c.Sortie)
	if err != nil {
		return refuserPaquet(err)
	}
	if err := direTerritoire(p.stdout, bilan); err != nil {
		return err
	}
	return c.construireLieux(p)
}

// direTerritoire says what was built.
func direTerritoire(w io.Writer, b territoire.Bilan) error {
	lignes := []string{
		fmt.Sprintf("%d communes, dont %d du département (%d avec contour) ; %d EPCI ; %d rivières.", b.Communes, b.Dedans, b.AvecContour, b.EPCI, b.Rivieres),
		fmt.Sprintf("Contours : %d points gardés sur %d.", b.Points, b.PointsLus),
	}
	for _, nom := range slices.Sorted(maps.Keys(b.Octets)) {
		lignes = append(lignes, fmt.Sprintf("%s : %d octets.", nom, b.Octets[nom]))
	}
	_, err := fmt.Fprintln(w, strings.Join(append(lignes, b.Remarques...), "\n"))
	return err
}

// construireLieux writes lieux.json from the files of places that were given.
func (c commandeConstruire) construireLieux(p *programme) error {
	var fichiers []collecte.Fichier
	for _, source := range []struct {
		chemin string
		zone   collecte.Zone
	}{
		{c.FranceServices, collecte.ZoneVoisinage},
		{c.Conseillers, collecte.ZoneDepartement},
		{c.TiersLieux, collecte.ZoneDepartement},
	} {
		if source.chemin == "" {
			continue
		}
		f, err := os.Open(source.chemin)
		if err != nil {
			return err
		}
		defer f.Close()
		fichiers = append(fichiers, collecte.Fichier{Nom: filepath.Base(source.chemin), Zone: source.zone, Reader: f})
	}
	if len(fichiers) == 0 {
		return nil
	}
	t, err := paquet{Territoire: c.Sortie}.open()
	if err != nil {
		return err
	}
	var plan collecte.Plan
	err = remplacer(filepath.Join(c.Sortie, territoire.FichierLieux), func(w io.Writer) error {
		plan, err = collecte.ConstruireLieux(p.ctx, t, fichiers, w)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.stdout, plan.Dire(0))
	return err
}

// refuserPaquet gives the sentence of a refusal of the territory room, which
// names file, line and column in French.
func refuserPaquet(err error) error {
	return &refus{code: codeEchec, phrase: sansTexteInterne(err), cause: err}
}
