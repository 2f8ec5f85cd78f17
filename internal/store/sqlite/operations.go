package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The states of an operation.
const (
	enCours = "en_cours"
	finie   = "finie"
)

// plan is what an operation has to write, kept in the file until it is done.
type plan struct {
	Fiches    []mednum.Fiche    `json:"fiches"`
	Revisions []mednum.Revision `json:"revisions"`
}

// lot is how many places of an operation one transaction writes: a place is
// written with its records or not at all, and edits get in between.
const lot = 100

// Apply writes an operation: first the whole plan, then the places, each
// together with its records, then the end. If the process dies in between,
// Open resumes it. Each revision takes the operation's id and, unless
// it has one, the idempotency key "operation/lieu".
//
// When a place has already moved, nothing is written and the error is an
// *mednum.Error with code "perime". When one moves while the operation runs,
// that place and its records are left as they are, the others are written, and
// the error is the same: plan again. An operation whose id is already known is
// not applied twice.
func (b *Base) Apply(ctx context.Context, op mednum.Operation, fiches []mednum.Fiche, revisions []mednum.Revision) error {
	if op.ID == "" {
		return errors.New("operation without an id")
	}
	if op.Le.IsZero() {
		op.Le = b.now()
	}
	op.Etat = enCours
	p := plan{Fiches: fiches, Revisions: signed(op, revisions)}
	connue, err := b.announce(ctx, op, p)
	if err != nil || connue {
		return err
	}
	return b.run(ctx, op, p)
}

// signed are the revisions with the operation's id and keys.
func signed(op mednum.Operation, revisions []mednum.Revision) []mednum.Revision {
	liste := slices.Clone(revisions)
	for i := range liste {
		r := &liste[i]
		r.Operation = op.ID
		if r.Idempotence == "" {
			r.Idempotence = op.ID + "/" + r.Lieu
		}
		if r.Le.IsZero() {
			r.Le = op.Le
		}
	}
	return liste
}

// announce writes the operation and its plan, if no place has moved.
func (b *Base) announce(ctx context.Context, op mednum.Operation, p plan) (connue bool, err error) {
	texte, err := json.Marshal(op)
	if err != nil {
		return false, fmt.Errorf("operation %s: %w", op.ID, err)
	}
	suite, err := json.Marshal(p)
	if err != nil {
		return false, fmt.Errorf("operation %s: %w", op.ID, err)
	}
	err = b.ecrire(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM operations WHERE id = ?`, op.ID).Scan(&n); err != nil {
			return err
		}
		if connue = n > 0; connue {
			return nil
		}
		for _, r := range p.Revisions {
			v, err := versionOf(ctx, tx, r.Lieu)
			if err != nil {
				return err
			}
			if r.Version != v+1 {
				return fmt.Errorf("lieu %s: %w", r.Lieu, perime())
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO operations (id, etat, le, json, plan) VALUES (?, ?, ?, ?, ?)`,
			op.ID, op.Etat, op.Le.UTC().Format(time.RFC3339Nano), string(texte), string(suite))
		return err
	})
	return connue, err
}

// run writes what a plan still has to, and ends the operation.
func (b *Base) run(ctx context.Context, op mednum.Operation, p plan) error {
	parLieu := map[string][]mednum.Fiche{}
	for _, f := range p.Fiches {
		parLieu[f.Lieu] = append(parLieu[f.Lieu], f)
	}
	var stale error
	for revisions := range slices.Chunk(p.Revisions, lot) {
		err := b.ecrire(ctx, func(tx *sql.Tx) error {
			for _, r := range revisions {
				err := b.inscrireWithFiches(ctx, tx, r, parLieu[r.Lieu])
				var refus *mednum.Error
				if errors.As(err, &refus) && refus.Code == mednum.Perime {
					stale = fmt.Errorf("lieu %s: %w", r.Lieu, err)
				} else if err != nil {
					return fmt.Errorf("operation %s, lieu %s: %w", op.ID, r.Lieu, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, r := range p.Revisions {
		delete(parLieu, r.Lieu)
	}
	if err := b.finish(ctx, op, parLieu); err != nil {
		return fmt.Errorf("operation %s: %w", op.ID, err)
	}
	return stale
}

// inscrireWithFiches writes one place of an operation with its records. A
// stale revision is refused before anything is written.
func (b *Base) inscrireWithFiches(ctx context.Context, tx *sql.Tx, r mednum.Revision, fiches []mednum.Fiche) error {
	fait, err := b.inscrire(ctx, tx, r)
	if err != nil || !fait {
		return err
	}
	for _, f := range fiches {
		if err := putFiche(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// finish writes the records whose place does not change, and closes the
// operation.
func (b *Base) finish(ctx context.Context, op mednum.Operation, restes map[string][]mednum.Fiche) error {
	op.Etat = finie
	texte, err := json.Marshal(op)
	if err != nil {
		return err
	}
	return b.ecrire(ctx, func(tx *sql.Tx) error {
		for _, fiches := range restes {
			for _, f := range fiches {
				if err := putFiche(ctx, tx, f); err != nil {
					return err
				}
			}
		}
		if _, err := suivant(ctx, tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE operations SET etat = ?, json = ?, plan = NULL WHERE id = ?`,
			op.Etat, string(texte), op.ID)
		return err
	})
}

// Reprendre finishes the operations that were cut short, oldest first. Places
// that moved in the meantime are left as they are: the next import plans them
// again.
func (b *Base) Reprendre(ctx context.Context) error {
	operations, plans, err := b.unfinished(ctx)
	if err != nil {
		return err
	}
	for i, op := range operations {
		err := b.run(ctx, op, plans[i])
		var refus *mednum.Error
		if err != nil && (!errors.As(err, &refus) || refus.Code != mednum.Perime) {
			return err
		}
	}
	return nil
}

func (b *Base) unfinished(ctx context.Context) (operations []mednum.Operation, plans []plan, err error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT json, plan FROM operations WHERE plan IS NOT NULL ORDER BY le, id`)
	if err != nil {
		return nil, nil, b.traduire(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var texte, suite []byte
		if err := rows.Scan(&texte, &suite); err != nil {
			return nil, nil, b.traduire(err)
		}
		var op mednum.Operation
		var p plan
		if err := errors.Join(json.Unmarshal(texte, &op), json.Unmarshal(suite, &p)); err != nil {
			return nil, nil, fmt.Errorf("operation: %w", err)
		}
		operations, plans = append(operations, op), append(plans, p)
	}
	return operations, plans, b.traduire(rows.Err())
}

// Operations are the imports, merges and separations, oldest first.
func (b *Base) Operations(ctx context.Context) ([]mednum.Operation, error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT json FROM operations ORDER BY le, id`)
	if err != nil {
		return nil, b.traduire(err)
	}
	return decodeRows[mednum.Operation](b, rows, "operations")
}
