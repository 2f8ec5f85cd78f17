package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

type commandeExporter struct {
	base
	paquet
	Format    string `required:"" enum:"csv,json,geojson,xlsx,tableur" placeholder:"FORMAT" help:"csv, json, geojson, xlsx (classeur) ou tableur (CSV pour tableur français)."`
	Commune   string `placeholder:"INSEE" help:"Seulement les lignes de cette commune."`
	EPCI      string `name:"epci" placeholder:"SIREN" help:"Seulement les lignes de cette intercommunalité."`
	Voisinage bool   `help:"Ajoute les lieux publiés hors du territoire."`
	Sortie    string `placeholder:"FICHIER" help:"Fichier à écrire ; sinon, la sortie du programme."`
}

// Help is the second half of the command's help.
func (commandeExporter) Help() string {
	return `Écrit les lieux publiés au standard national des lieux de médiation numérique
v1.0.2 : les 32 colonnes, dans leur ordre. Les fermetures à venir suivent les
horaires, les permanences d’aide se disent en mots, et chaque arrêt d’un service
itinérant a sa ligne. Le fichier n’est remplacé qu’une fois tout écrit.

xlsx et tableur sont pour un tableur : aucune case n’y est une formule. Une
source sous une autre licence que la Licence Ouverte n’y est pas, ni ce qu’elle
dit des lieux. Celle qui n’en dit aucune y est : demandez-lui sa licence avant
de publier ce fichier.

Exemples :
  adeuxpas exporter --format csv --sortie lieux.csv
  adeuxpas exporter --format xlsx --commune 46042 --sortie cahors.xlsx
  adeuxpas exporter --format geojson --base /srv/adeuxpas.db > lieux.geojson`
}

// Run writes the places.
func (c commandeExporter) Run(p *programme) error {
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	communes, err := c.communes(t)
	if err != nil {
		return err
	}
	lieux, err := c.lieux(p, t)
	if err != nil {
		return err
	}
	jour := mednum.DateOf(p.now().In(t.Location()))
	export := norme.Export{
		Jour: jour, Communes: communes,
		Citation: "À deux pas, " + t.Nom + ", " + textes.DateLongue(jour.Annee, jour.Mois, jour.Jour),
	}
	ecrire := func(w io.Writer) error { return export.Encode(c.Format, w, lieux) }
	if c.Sortie == "" {
		return ecrire(p.stdout)
	}
	return remplacer(c.Sortie, ecrire)
}

// communes are those whose rows are wanted, nil for all.
func (c commandeExporter) communes(t *territoire.Territoire) (map[string]bool, error) {
	switch {
	case c.Commune != "" && c.EPCI != "":
		return nil, &mednum.Error{Code: mednum.Invalide, Champ: "--epci", Message: "Donnez --commune ou --epci, pas les deux."}
	case c.Commune != "":
		if _, ok := t.Commune(c.Commune); !ok {
			return nil, &mednum.Error{Code: mednum.Invalide, Champ: "--commune", Message: fmt.Sprintf("La commune « %s » n’est pas connue : donnez son code INSEE.", c.Commune)}
		}
		return map[string]bool{c.Commune: true}, nil
	case c.EPCI != "":
		epci, ok := t.EPCI(c.EPCI)
		if !ok {
			return nil, &mednum.Error{Code: mednum.Invalide, Champ: "--epci", Message: fmt.Sprintf("L’intercommunalité « %s » n’est pas connue : donnez son numéro SIREN.", c.EPCI)}
		}
		communes := map[string]bool{}
		for _, code := range epci.Communes {
			communes[code] = true
		}
		return communes, nil
	}
	return nil, nil
}

// lieux are the places to write: without what is under another licence than
// Licence Ouverte, but with what says none. The files that are published (see
// web) leave both out.
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
	ouverts, _, _ := cat.Redistribuables()
	libres := make(map[string]mednum.Lieu, len(ouverts))
	for _, l := range ouverts {
		libres[l.ID] = l
	}
	var lieux []mednum.Lieu
	ecartes := 0
	for _, v := range cat.Lieux() {
		if v.HorsTerritoire && !c.Voisinage && c.Commune == "" && c.EPCI == "" {
			continue
		}
		l, ok := libres[v.ID]
		if v.Libre != nil && slices.Equal(v.Libre.Licences, []string{mednum.LicenceInconnue}) {
			l, ok = v.Lieu, true
		}
		if !ok {
			ecartes++
			continue
		}
		lieux = append(lieux, l)
	}
	if ecartes == 0 {
		return lieux, nil
	}
	return lieux, dire(p.stderr, "Laissés de côté : %s, dont la source n’est pas sous Licence Ouverte.\n", textes.Pluriel(ecartes, "lieu", "lieux"))
}

// remplacer writes a file that anyone may read in the place of another.
func remplacer(chemin string, ecrire func(io.Writer) error) error {
	return deposer(chemin, 0o644, ecrire, func(*os.File) error { return nil })
}

// deposer writes a file beside its place, reads it again, then puts it there: a
// reader sees the old one or the new one, whole, and so does the disk.
func deposer(chemin string, droits fs.FileMode, ecrire func(io.Writer) error, relire func(*os.File) error) error {
	if s, err := os.Stat(chemin); err == nil && s.IsDir() {
		return usage("« %s » est un dossier : donnez le nom d’un fichier.", chemin)
	}
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
