package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// The states of an operation.
const (
	enCours = "en_cours"
	finie   = "finie"
)

// plan is what an operation of an older program had to write, kept in one text
// until it was done.
type plan struct {
	Fiches    []mednum.Fiche    `json:"fiches"`
	Revisions []mednum.Revision `json:"revisions"`
}

// lot is how many parts of an operation one transaction writes: a place is
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
	etapes := etapesDe(op, fiches, revisions)
	connue, err := b.announce(ctx, op, etapes)
	if err != nil || connue {
		return err
	}
	return b.run(ctx, op, len(etapes), func(n int) ([]etape, error) { return etapes[n:min(n+lot, len(etapes))], nil })
}

// announce writes the operation and its plan, if no place has moved.
func (b *Base) announce(ctx context.Context, op mednum.Operation, etapes []etape) (connue bool, err error) {
	texte, err := json.Marshal(op)
	if err != nil {
		return false, fmt.Errorf("operation %s: %w", op.ID, err)
	}
	err = b.ecrire(ctx, func(tx *transaction) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM operations WHERE id = ?`, op.ID).Scan(&n); err != nil {
			return err
		}
		if connue = n > 0; connue {
			return nil
		}
		for i := range etapes {
			if err := fraiche(ctx, tx, etapes[i].Revision); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO operations (id, etat, le, json) VALUES (?, ?, ?, ?)`,
			op.ID, op.Etat, op.Le.UTC().Format(time.RFC3339Nano), string(texte)); err != nil {
			return err
		}
		return putEtapes(ctx, tx, op.ID, etapes)
	})
	return connue, err
}

// fraiche refuses a revision of a place that has moved.
func fraiche(ctx context.Context, tx *transaction, r *mednum.Revision) error {
	if r == nil {
		return nil
	}
	v, err := versionOf(ctx, tx, r.Lieu)
	if err != nil {
		return err
	}
	if r.Version != v+1 {
		return fmt.Errorf("lieu %s: %w", r.Lieu, perime())
	}
	return nil
}

// run writes the parts of an operation that are still to be written, and ends
// it; lire gives those from a number on, lot at most.
func (b *Base) run(ctx context.Context, op mednum.Operation, total int, lire func(n int) ([]etape, error)) error {
	var stale error
	for n := 0; n < total; {
		etapes, err := lire(n)
		if err != nil {
			return err
		}
		if len(etapes) == 0 {
			break
		}
		err = b.ecrire(ctx, func(tx *transaction) error {
			for i := range etapes {
				err := b.runEtape(ctx, tx, &etapes[i])
				if e, ok := errors.AsType[*mednum.Error](err); ok && e.Code == mednum.Perime {
					stale = fmt.Errorf("operation %s: %w", op.ID, err)
				} else if err != nil {
					return fmt.Errorf("operation %s: %w", op.ID, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		n += len(etapes)
		store.Avancer(ctx, n, total)
	}
	if err := b.finish(ctx, op); err != nil {
		return fmt.Errorf("operation %s: %w", op.ID, err)
	}
	return stale
}

// runEtape writes one part.
func (b *Base) runEtape(ctx context.Context, tx *transaction, e *etape) error {
	if e.Revision != nil {
		if err := b.inscrireWithFiches(ctx, tx, *e.Revision, e.Fiches); err != nil {
			return fmt.Errorf("lieu %s: %w", e.Revision.Lieu, err)
		}
		return nil
	}
	return putFiches(ctx, tx, e.Fiches)
}

// inscrireWithFiches writes one place of an operation with its records. A
// stale revision is refused before anything is written.
func (b *Base) inscrireWithFiches(ctx context.Context, tx *transaction, r mednum.Revision, fiches []mednum.Fiche) error {
	fait, err := b.inscrire(ctx, tx, r)
	if err != nil || !fait {
		return err
	}
	return putFiches(ctx, tx, fiches)
}

func putFiches(ctx context.Context, tx *transaction, fiches []mednum.Fiche) error {
	for _, f := range fiches {
		if err := putFiche(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// finish closes the operation: its plan goes.
func (b *Base) finish(ctx context.Context, op mednum.Operation) error {
	op.Etat = finie
	texte, err := json.Marshal(op)
	if err != nil {
		return err
	}
	return b.ecrire(ctx, func(tx *transaction) error {
		if _, err := suivant(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM etapes WHERE operation = ?`, op.ID); err != nil {
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
	operations, err := b.unfinished(ctx)
	if err != nil {
		return err
	}
	for _, o := range operations {
		err := b.resume(ctx, o)
		if e, ok := errors.AsType[*mednum.Error](err); err != nil && (!ok || e.Code != mednum.Perime) {
			return err
		}
	}
	return nil
}

// inachevee is an operation that was cut short; plan is that of an older
// program, empty when it is in parts.
type inachevee struct {
	op    mednum.Operation
	plan  []byte
	total int
}

func (b *Base) resume(ctx context.Context, o inachevee) error {
	if len(o.plan) > 0 {
		var p plan
		if err := json.Unmarshal(o.plan, &p); err != nil {
			return fmt.Errorf("operation %s: %w", o.op.ID, err)
		}
		etapes := etapesDe(o.op, p.Fiches, p.Revisions)
		return b.run(ctx, o.op, len(etapes), func(n int) ([]etape, error) { return etapes[n:min(n+lot, len(etapes))], nil })
	}
	return b.run(ctx, o.op, o.total, func(n int) ([]etape, error) {
		rows, err := b.lecture.QueryContext(ctx, `SELECT json FROM etapes WHERE operation = ? AND n >= ? ORDER BY n LIMIT ?`, o.op.ID, n, lot)
		if err != nil {
			return nil, b.traduire(err)
		}
		return decodeRows[etape](b, rows, "etapes")
	})
}

func (b *Base) unfinished(ctx context.Context) (liste []inachevee, err error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT o.json, o.plan, (SELECT count(*) FROM etapes e WHERE e.operation = o.id)
		FROM operations o WHERE o.etat = ? ORDER BY o.le, o.id`, enCours)
	if err != nil {
		return nil, b.traduire(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var texte []byte
		var o inachevee
		if err := rows.Scan(&texte, &o.plan, &o.total); err != nil {
			return nil, b.traduire(err)
		}
		if err := json.Unmarshal(texte, &o.op); err != nil {
			return nil, fmt.Errorf("operation: %w", err)
		}
		liste = append(liste, o)
	}
	return liste, b.traduire(rows.Err())
}

// Operations are the imports, merges and separations, oldest first.
func (b *Base) Operations(ctx context.Context) ([]mednum.Operation, error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT json FROM operations ORDER BY le, id`)
	if err != nil {
		return nil, b.traduire(err)
	}
	return decodeRows[mednum.Operation](b, rows, "operations")
}
