package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Reglage is the value of a setting; one never set is an *mednum.Error with
// code "introuvable".
func (b *Base) Reglage(ctx context.Context, cle string) (valeur string, err error) {
	err = b.lecture.QueryRowContext(ctx, `SELECT valeur FROM reglages WHERE cle = ?`, cle).Scan(&valeur)
	if errors.Is(err, sql.ErrNoRows) {
		return "", &mednum.Error{Code: mednum.Introuvable, Champ: cle, Message: "Ce réglage n’a pas de valeur."}
	}
	return valeur, b.traduire(err)
}

// SetReglage writes a setting.
func (b *Base) SetReglage(ctx context.Context, cle, valeur string) error {
	return b.ecrire(ctx, func(tx *transaction) error {
		if _, err := suivant(ctx, tx); err != nil {
			return err
		}
		return putReglage(ctx, tx, cle, valeur)
	})
}

func putReglage(ctx context.Context, tx *transaction, cle, valeur string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO reglages (cle, valeur) VALUES (?, ?)
		ON CONFLICT (cle) DO UPDATE SET valeur = excluded.valeur`, cle, valeur)
	return err
}
