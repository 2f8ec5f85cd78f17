package sqlite

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"

	"82numerique.fr/adeuxpas/internal/mednum"
)

//go:embed migrations/*.sql
var migrations embed.FS

// application marks our files (PRAGMA application_id): "2pas" in ASCII.
const application = 0x32706173

type migration struct {
	numero int
	nom    string
	sql    string
}

// readMigrations reads migrations/NNNN_name.sql, numbered from 1 without a gap.
func readMigrations(fsys fs.FS) ([]migration, error) {
	noms, err := fs.Glob(fsys, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var liste []migration
	for i, nom := range noms {
		base := nom[len("migrations/"):]
		n, err := strconv.Atoi(base[:min(4, len(base))])
		if err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: number %d expected", nom, i+1)
		}
		texte, err := fs.ReadFile(fsys, nom)
		if err != nil {
			return nil, err
		}
		liste = append(liste, migration{n, base, string(texte)})
	}
	return liste, nil
}

// migrate brings the schema to the newest migration, each in a transaction of
// its own. PRAGMA user_version holds the number of the last one applied.
func (b *Base) migrate(ctx context.Context, fsys fs.FS) error {
	liste, err := readMigrations(fsys)
	if err != nil {
		return err
	}
	for {
		fini := false
		err := b.ecrire(ctx, func(tx *transaction) error {
			courante, err := b.schema(ctx, tx, len(liste))
			if err != nil {
				return err
			}
			if fini = courante == len(liste); fini {
				return nil
			}
			return liste[courante].apply(ctx, tx)
		})
		if err != nil || fini {
			return err
		}
	}
}

// schema is the number of the file's last migration, 0 for a new file; it
// refuses files of other programs and of newer ones.
func (b *Base) schema(ctx context.Context, tx *transaction, connues int) (courante int, err error) {
	var app, tables int
	if err := tx.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&app); err != nil {
		return 0, err
	}
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&courante); err != nil {
		return 0, err
	}
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return 0, err
	}
	if app != application && (tables > 0 || app != 0) {
		return 0, &mednum.Error{
			Code: mednum.Indisponible, Champ: "base",
			Message: fmt.Sprintf("Le fichier « %s » est la base d’un autre programme : choisissez un autre fichier avec --base.", b.chemin),
		}
	}
	if courante > connues {
		return 0, &mednum.Error{
			Code: mednum.Indisponible, Champ: "base",
			Message: fmt.Sprintf("La base « %s » vient d’une version plus récente d’À deux pas (schéma %d, ce programme connaît le %d) : mettez le programme à jour.", b.chemin, courante, connues),
		}
	}
	return courante, nil
}

func (m migration) apply(ctx context.Context, tx *transaction) error {
	if _, err := tx.ExecContext(ctx, m.sql); err != nil {
		return fmt.Errorf("migration %s: %w", m.nom, err)
	}
	// PRAGMA takes no parameters; both values are numbers of ours.
	_, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, application, m.numero))
	return err
}
