package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// SetJeton writes a token under its hash, in place of the one there.
func (b *Base) SetJeton(ctx context.Context, j mednum.Jeton) error {
	return b.ecrire(ctx, func(tx *sql.Tx) error {
		if _, err := suivant(ctx, tx); err != nil {
			return err
		}
		return putJeton(ctx, tx, j)
	})
}

func putJeton(ctx context.Context, tx *sql.Tx, j mednum.Jeton) error {
	texte, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("jeton %s: %w", j.ID(), err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO jetons (hash, json) VALUES (?, ?)
		ON CONFLICT (hash) DO UPDATE SET json = excluded.json`, j.Hash, string(texte))
	return err
}

// Jeton is the token of a hash, revoked and expired ones too; an unknown hash
// is an *mednum.Error with code "introuvable".
func (b *Base) Jeton(ctx context.Context, hash string) (j mednum.Jeton, err error) {
	var texte []byte
	err = b.lecture.QueryRowContext(ctx, `SELECT json FROM jetons WHERE hash = ?`, hash).Scan(&texte)
	if errors.Is(err, sql.ErrNoRows) {
		return j, &mednum.Error{Code: mednum.Introuvable, Champ: "jeton", Message: "Ce jeton n’existe pas."}
	}
	if err != nil {
		return j, b.traduire(err)
	}
	if err := json.Unmarshal(texte, &j); err != nil {
		return j, fmt.Errorf("jeton: %w", err)
	}
	return j, nil
}

// Jetons are all tokens, oldest first, then by hash.
func (b *Base) Jetons(ctx context.Context) ([]mednum.Jeton, error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT json FROM jetons`)
	if err != nil {
		return nil, b.traduire(err)
	}
	liste, err := decodeRows[mednum.Jeton](b, rows, "jetons")
	slices.SortFunc(liste, func(a, b mednum.Jeton) int {
		return cmp.Or(a.Cree.Compare(b.Cree), cmp.Compare(a.Hash, b.Hash))
	})
	return liste, err
}
