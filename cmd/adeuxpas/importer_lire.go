package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
)

// ouvrirEtLire opens the base and reads the files. A base that is not there yet
// is made after they are read: a file that cannot be read leaves none behind.
func (c *commandeImporter) ouvrirEtLire(p *programme, suivi *avancement) (store.Magasin, []norme.Lecture, error) {
	if c.estMongo() || existe(c.Base) {
		b, err := c.ouvrir(p, suivi)
		if err != nil {
			return nil, nil, err
		}
		lectures, err := c.lire(p.ctx, b, suivi)
		if err != nil {
			return nil, nil, errors.Join(err, b.Close())
		}
		return b, lectures, nil
	}
	lectures, err := c.lire(p.ctx, nil, suivi)
	if err != nil {
		return nil, nil, err
	}
	b, err := c.ouvrir(p, suivi)
	return b, lectures, err
}

func existe(chemin string) bool {
	_, err := os.Stat(chemin)
	return !errors.Is(err, fs.ErrNotExist)
}

// ouvrir opens the base, which resumes what was cut short. A simulation makes
// none: it takes an absent one for an empty one.
func (c *commandeImporter) ouvrir(p *programme, suivi *avancement) (store.Magasin, error) {
	suivie := *p
	suivie.ctx = store.AvecAvance(p.ctx, suivi.reprise)
	switch {
	case !c.Simulation:
		return c.base.open(&suivie)
	case c.estMongo():
		return c.openExistante(&suivie)
	case existe(c.Base):
		return c.base.open(&suivie)
	}
	dossier, err := os.MkdirTemp("", "adeuxpas-simulation-")
	if err != nil {
		return nil, err
	}
	b, err := base{Base: filepath.Join(dossier, "vide.db")}.open(p)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dossier))
	}
	return &passagere{b, dossier}, nil
}

// passagere is an empty base that goes when it is closed.
type passagere struct {
	store.Magasin
	dossier string
}

func (b *passagere) Close() error {
	return errors.Join(b.Magasin.Close(), os.RemoveAll(b.dossier))
}

// lire reads every file before anything is written. b is nil when there is no
// base yet.
func (c *commandeImporter) lire(ctx context.Context, b store.Magasin, suivi *avancement) ([]norme.Lecture, error) {
	o := norme.Options{Date: c.date, Source: c.Source, Colonnes: c.colonnes}
	return lireFichiers(ctx, b, o, c.Fichiers, suivi)
}

func lireFichiers(ctx context.Context, b store.Magasin, o norme.Options, fichiers []string, suivi *avancement) ([]norme.Lecture, error) {
	lectures := make([]norme.Lecture, 0, len(fichiers))
	fiches := 0
	for _, chemin := range fichiers {
		l, err := lireFichier(ctx, b, o, chemin, suivi)
		if err := errors.Join(err, ctx.Err()); err != nil {
			return nil, err
		}
		fiches += len(l.Fiches) + len(l.Ecartes)
		suivi.lues(fiches)
		lectures = append(lectures, l)
	}
	return norme.Joindre(lectures), nil
}

// lecteurSuivi tells how much of a file is read, and stops with ctx.
type lecteurSuivi struct {
	io.Reader
	ctx     context.Context
	lu      int
	avancer func(lu int)
}

func (l *lecteurSuivi) Read(p []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := l.Reader.Read(p)
	l.lu += n
	l.avancer(l.lu)
	return n, err
}

func lireFichier(ctx context.Context, b store.Magasin, o norme.Options, chemin string, suivi *avancement) (norme.Lecture, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return norme.Lecture{}, err
	}
	defer f.Close()
	taille := 0
	if s, err := f.Stat(); err == nil {
		taille = int(s.Size())
	}
	nom := filepath.Base(chemin)
	l, err := collecte.Lire(ctx, b, o, nom, &lecteurSuivi{f, ctx, 0, func(lu int) { suivi.octets(nom, lu, taille) }})
	return l, nommer(err, chemin)
}

// nommer says which file a refusal is about.
func nommer(err error, chemin string) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return err
	}
	return &refus{code: codeEchec, phrase: chemin + " : " + phrase(err), cause: err}
}
