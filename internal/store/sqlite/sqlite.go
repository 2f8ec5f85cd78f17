// Package sqlite is the embedded store: places, records and their history in
// one SQLite file. Every acknowledged write is on the disk (WAL,
// synchronous=FULL). Several processes may open the same file.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"

	_ "modernc.org/sqlite" // the "sqlite" driver
)

// lecteurs is how many reads may run at once beside the one writer.
const lecteurs = 4

// attente is how long a write waits for another process's, in milliseconds.
const attente = 10_000

// Base is an open store, safe for concurrent use.
type Base struct {
	chemin   string
	ecriture *sql.DB // one connection: writes of this process queue in Go
	lecture  *sql.DB // read-only connections
	now      func() time.Time
}

// Open opens the file, creating it (0600) and its folder when absent, brings
// it to the present schema, rolls forward revisions that are newer than their
// place and resumes operations that were cut short. A file that is damaged,
// not ours, from a newer program, or that Charger did not fill to the end, is
// an *mednum.Error with code "indisponible".
func Open(ctx context.Context, chemin string, now func() time.Time) (*Base, error) {
	return open(ctx, chemin, now, false)
}

// OpenVide is Open for Charger: a base that it did not fill to the end opens.
func OpenVide(ctx context.Context, chemin string, now func() time.Time) (*Base, error) {
	return open(ctx, chemin, now, true)
}

func open(ctx context.Context, chemin string, now func() time.Time, vide bool) (*Base, error) {
	abs, err := prepareFichier(chemin)
	if err != nil {
		return nil, err
	}
	b := &Base{chemin: chemin, now: now}
	if b.ecriture, err = sql.Open("sqlite", dsn(abs, false)); err != nil {
		return nil, b.traduire(err)
	}
	b.ecriture.SetMaxOpenConns(1)
	if b.lecture, err = sql.Open("sqlite", dsn(abs, true)); err != nil {
		return nil, errors.Join(b.traduire(err), b.ecriture.Close())
	}
	b.lecture.SetMaxOpenConns(lecteurs)
	b.lecture.SetMaxIdleConns(lecteurs)
	if err := b.start(ctx, vide); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Base) start(ctx context.Context, vide bool) error {
	if err := b.migrate(ctx, migrations); err != nil {
		return err
	}
	if vide {
		return nil
	}
	if err := b.refuseCoupe(ctx); err != nil {
		return err
	}
	if err := b.rollForward(ctx); err != nil {
		return err
	}
	return b.Reprendre(ctx)
}

// Close releases the file.
func (b *Base) Close() error {
	return errors.Join(b.lecture.Close(), b.ecriture.Close())
}

// prepareFichier creates the folder and an empty file that only its owner can
// read, and returns the absolute path.
func prepareFichier(chemin string) (string, error) {
	refus := func(err error) (string, error) {
		return "", fmt.Errorf("%w: %w", &mednum.Error{
			Code: mednum.Indisponible, Champ: "base",
			Message: fmt.Sprintf("Impossible de créer ou d’ouvrir la base « %s » : vérifiez le chemin et les droits du dossier.", chemin),
		}, err)
	}
	abs, err := filepath.Abs(chemin)
	if err != nil {
		return refus(err)
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o750); err != nil {
		return refus(err)
	}
	f, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return refus(err)
	}
	if err := f.Close(); err != nil {
		return refus(err)
	}
	if infos, err := os.Stat(abs); err != nil || !infos.Mode().IsRegular() {
		return refus(errors.Join(err, fs.ErrInvalid))
	}
	return abs, nil
}

// dsn names the file for the driver, with the settings of every connection.
func dsn(abs string, lecture bool) string {
	v := url.Values{}
	v.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", attente))
	if lecture {
		v.Add("_pragma", "query_only(1)")
	} else {
		v.Add("_pragma", "journal_mode(wal)")
		v.Add("_pragma", "secure_delete(1)") // what is erased is not left in the free pages of the file
		v.Add("_pragma", "synchronous(full)")
		v.Add("_pragma", "foreign_keys(1)")
		v.Set("_txlock", "immediate")
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: abs, RawQuery: v.Encode()}
	return u.String()
}

// Version grows with every write, by this process or another; it is cheap
// enough to be asked every second.
func (b *Base) Version(ctx context.Context) (n int64, err error) {
	err = b.lecture.QueryRowContext(ctx, `SELECT n FROM sequence WHERE id = 1`).Scan(&n)
	return n, b.traduire(err)
}

// Attendre returns after one second: a file does not tell of its changes.
func (b *Base) Attendre(ctx context.Context) error { return store.Patienter(ctx, store.Periode) }
