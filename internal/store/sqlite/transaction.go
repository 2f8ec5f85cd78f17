package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// transaction is a write that keeps the statements that it has prepared: an
// operation repeats a few of them for each place.
type transaction struct {
	*sql.Tx
	pretes map[string]*sql.Stmt // closed with the transaction
}

// ecrire runs f in one transaction, which holds the file's write lock from
// its start. When it returns nil, what f wrote is on the disk.
func (b *Base) ecrire(ctx context.Context, f func(tx *transaction) error) error {
	tx, err := b.ecriture.BeginTx(ctx, nil)
	if err != nil {
		return b.traduire(err)
	}
	if err := f(&transaction{tx, map[string]*sql.Stmt{}}); err != nil {
		if r := tx.Rollback(); r != nil && !errors.Is(r, sql.ErrTxDone) {
			err = errors.Join(err, r)
		}
		return b.traduire(err)
	}
	return b.traduire(tx.Commit())
}

func (tx *transaction) prete(ctx context.Context, requete string) (*sql.Stmt, error) {
	if s, ok := tx.pretes[requete]; ok {
		return s, nil
	}
	s, err := tx.PrepareContext(ctx, requete)
	if err == nil {
		tx.pretes[requete] = s
	}
	return s, err
}

// executer runs one statement that others of the transaction repeat.
func (tx *transaction) executer(ctx context.Context, requete string, valeurs ...any) error {
	s, err := tx.prete(ctx, requete)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx, valeurs...)
	return err
}

// lire reads the one value of such a statement; sql.ErrNoRows when it has none.
func (tx *transaction) lire(ctx context.Context, vers any, requete string, valeurs ...any) error {
	s, err := tx.prete(ctx, requete)
	if err != nil {
		return err
	}
	return s.QueryRowContext(ctx, valeurs...).Scan(vers)
}

// suivant is the next number of the store's sequence.
func suivant(ctx context.Context, tx *transaction) (n int64, err error) {
	err = tx.lire(ctx, &n, `UPDATE sequence SET n = n + 1 WHERE id = 1 RETURNING n`)
	return n, err
}
