package main

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/territoire"
)

type commandeExporter struct {
	base
	paquet
	Format    string `required:"" enum:"csv,json,geojson" placeholder:"FORMAT" help:"csv, json ou geojson."`
	Voisinage bool   `help:"Ajoute les lieux publiés hors du territoire."`
	Sortie    string `placeholder:"FICHIER" help:"Fichier à écrire ; sinon, la sortie du programme."`
}

// Help is the second half of the command's help.
func (commandeExporter) Help() string {
	return `Écrit les lieux publiés au standard national des lieux de médiation numérique
v1.0.2 : les 32 colonnes, dans leur ordre. Les fermetures à venir suivent les
horaires, les permanences d’aide se disent en mots, et chaque arrêt d’un service
itinérant a sa ligne. Le fichier n’est remplacé qu’une fois tout écrit.

Exemples :
  adeuxpas exporter --format csv --sortie lieux.csv
  adeuxpas exporter --format geojson --base /srv/adeuxpas.db > lieux.geojson`
}

var encodeurs = map[string]func(norme.Export, io.Writer, []mednum.Lieu) error{
	"csv":     norme.Export.EncodeCSV,
	"json":    norme.Export.EncodeJSON,
	"geojson": norme.Export.EncodeGeoJSON,
}

// Run writes the places.
func (c commandeExporter) Run(p *programme) error {
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	lieux, err := c.lieux(p, t)
	if err != nil {
		return err
	}
	export := norme.Export{Jour: mednum.DateOf(p.now().In(t.Location()))}
	ecrire := func(w io.Writer) error { return encodeurs[c.Format](export, w, lieux) }
	if c.Sortie == "" {
		return ecrire(p.stdout)
	}
	return remplacer(c.Sortie, ecrire)
}

func (c commandeExporter) lieux(p *programme, t *territoire.Territoire) ([]mednum.Lieu, error) {
	b, err := c.openExistante(p)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	cat, _, err := openCatalogue(p, b, t)
	if err != nil {
		return nil, err
	}
	var lieux []mednum.Lieu
	for _, v := range cat.Lieux() {
		if c.Voisinage || !v.HorsTerritoire {
			lieux = append(lieux, v.Lieu)
		}
	}
	return lieux, nil
}

// remplacer writes a file that anyone may read in the place of another.
func remplacer(chemin string, ecrire func(io.Writer) error) error {
	return deposer(chemin, 0o644, ecrire, func(*os.File) error { return nil })
}

// deposer writes a file beside its place, reads it again, then puts it there: a
// reader sees the old one or the new one, whole, and so does the disk.
func deposer(chemin string, droits fs.FileMode, ecrire func(io.Writer) error, relire func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(chemin), filepath.Base(chemin)+".*")
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: e.Op, Path: chemin, Err: e.Err} // not the passing name
	}
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is left there when all went well
	tampon := bufio.NewWriter(f)
	if err := ecrire(tampon); err != nil {
		f.Close()
		return err
	}
	debut := func() error {
		_, err := f.Seek(0, io.SeekStart)
		return err
	}
	for _, etape := range []func() error{tampon.Flush, func() error { return f.Chmod(droits) }, f.Sync, debut, func() error { return relire(f) }} {
		if err := etape(); err != nil {
			f.Close()
			return err
		}
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), chemin); err != nil {
		return err
	}
	return syncDossier(filepath.Dir(chemin))
}

// syncDossier has the disk keep the names of a folder.
func syncDossier(chemin string) error {
	d, err := os.Open(chemin)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
