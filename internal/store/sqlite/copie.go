package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// essaisCopie is how many times Copier finishes the operations under way before
// it gives up.
const essaisCopie = 10

var errEnCours = errors.New("an operation is under way")

// Copier is the store.Source of the whole file, as it is in one read
// transaction: others write meanwhile, and it does not see them.
func (b *Base) Copier(ctx context.Context, f func(store.Element) error) error {
	for range essaisCopie {
		err := b.copierUneFois(ctx, f)
		if !errors.Is(err, errEnCours) {
			return err
		}
		if err := b.Reprendre(ctx); err != nil {
			return err
		}
	}
	return store.OperationsSansFin()
}

// copierUneFois is errEnCours, before f is called, when the plan of an
// operation is not done.
func (b *Base) copierUneFois(ctx context.Context, f func(store.Element) error) error {
	tx, err := b.lecture.BeginTx(ctx, nil)
	if err != nil {
		return b.traduire(err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	var plans int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM operations WHERE etat = ?`, enCours).Scan(&plans); err != nil {
		return b.traduire(err)
	}
	if plans > 0 {
		return errEnCours
	}
	contenu, err := b.contenu(ctx, tx)
	if err != nil {
		return err
	}
	return contenu.Donner(b.now(), func(f func(*mednum.Revision) error) error { return b.revisionsDe(ctx, tx, f) }, f)
}

func (b *Base) contenu(ctx context.Context, tx *sql.Tx) (c *store.Contenu, err error) {
	c = &store.Contenu{}
	var erreurs [5]error
	c.Flux, erreurs[0] = dansTx[mednum.Flux](ctx, b, tx, "flux")
	c.Fiches, erreurs[1] = dansTx[mednum.Fiche](ctx, b, tx, "fiches")
	c.Operations, erreurs[2] = dansTx[mednum.Operation](ctx, b, tx, "operations")
	c.Objets, erreurs[3] = b.objets(ctx, tx)
	c.Reglages, erreurs[4] = b.reglages(ctx, tx)
	return c, errors.Join(erreurs[:]...)
}

func dansTx[T any](ctx context.Context, b *Base, tx *sql.Tx, table string) ([]T, error) {
	rows, err := tx.QueryContext(ctx, `SELECT json FROM `+table)
	if err != nil {
		return nil, b.traduire(err)
	}
	return decodeRows[T](b, rows, table)
}

func (b *Base) objets(ctx context.Context, tx *sql.Tx) ([]store.Objet, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+colonnesObjet+` FROM objets o`)
	if err != nil {
		return nil, b.traduire(err)
	}
	return b.scanObjets(rows)
}

func (b *Base) reglages(ctx context.Context, tx *sql.Tx) (liste []store.Reglage, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT cle, valeur FROM reglages`)
	if err != nil {
		return nil, b.traduire(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r store.Reglage
		if err := rows.Scan(&r.Cle, &r.Valeur); err != nil {
			return nil, b.traduire(err)
		}
		liste = append(liste, r)
	}
	return liste, b.traduire(rows.Err())
}

// revisionsDe gives the whole log to f, by place then version.
func (b *Base) revisionsDe(ctx context.Context, tx *sql.Tx, f func(*mednum.Revision) error) (err error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+colonnesRevision+` FROM revisions ORDER BY lieu, version`)
	if err != nil {
		return b.traduire(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		rev, err := b.scanRevision(rows.Scan)
		if err != nil {
			return err
		}
		if err := f(&rev); err != nil {
			return err
		}
	}
	return b.traduire(rows.Err())
}

// Charger fills an empty base with what a source gives. The base is marked
// first; the rest, and the end of the mark, are one transaction.
func (b *Base) Charger(ctx context.Context, de store.Source) error {
	if err := b.ecrire(ctx, func(tx *transaction) error { return b.reserver(ctx, tx) }); err != nil {
		return err
	}
	return b.ecrire(ctx, func(tx *transaction) error {
		err := de(ctx, func(e store.Element) error { return b.charger(ctx, tx, e) })
		if err != nil {
			return err
		}
		return terminer(ctx, tx)
	})
}

// reserver marks an empty base as one that is being filled.
func (b *Base) reserver(ctx context.Context, tx *transaction) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM revisions) + (SELECT count(*) FROM fiches) + (SELECT count(*) FROM flux)
		+ (SELECT count(*) FROM operations) + (SELECT count(*) FROM objets) + (SELECT count(*) FROM reglages WHERE cle <> ?)`,
		store.CleChargement).Scan(&n)
	if err != nil {
		return err
	}
	if n > 0 {
		return store.PasVide(b.chemin)
	}
	return putReglage(ctx, tx, store.CleChargement, b.now().UTC().String())
}

// refuseCoupe is an error for a base that is being filled, or was in part.
func (b *Base) refuseCoupe(ctx context.Context) error {
	_, err := b.Reglage(ctx, store.CleChargement)
	if e := (*mednum.Error)(nil); errors.As(err, &e) && e.Code == mednum.Introuvable {
		return nil
	}
	if err != nil {
		return err
	}
	return store.ChargementCoupe(b.chemin)
}

// charger writes one element.
func (b *Base) charger(ctx context.Context, tx *transaction, e store.Element) error {
	switch {
	case e.Flux != nil:
		return putFlux(ctx, tx, *e.Flux)
	case e.Revision != nil:
		return b.insertRevision(ctx, tx, *e.Revision, e.Revision.Apres.Seq)
	case e.Fiche != nil:
		return putFiche(ctx, tx, *e.Fiche)
	case e.Operation != nil:
		return putOperation(ctx, tx, *e.Operation)
	case e.Reglage != nil:
		return putReglage(ctx, tx, e.Reglage.Cle, e.Reglage.Valeur)
	case e.Objet != nil:
		return putObjet(ctx, tx, e.Objet)
	}
	return errors.New("empty element")
}

// putOperation writes an operation that is over.
func putOperation(ctx context.Context, tx *transaction, op mednum.Operation) error {
	texte, err := json.Marshal(op)
	if err != nil {
		return fmt.Errorf("operation %s: %w", op.ID, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO operations (id, etat, le, json) VALUES (?, ?, ?, ?)`, op.ID, op.Etat, op.Le.UTC().Format(time.RFC3339Nano), string(texte))
	return err
}

// terminer writes the places from the log, has the numbers follow those of the
// log, and ends the mark.
func terminer(ctx context.Context, tx *transaction) error {
	for _, requete := range []string{
		`INSERT INTO lieux (id, version, seq, statut, json)
			SELECT lieu, max(version), seq, coalesce(json ->> '$.statut', ''), json FROM revisions GROUP BY lieu`,
		`UPDATE sequence SET n = max(n, (SELECT coalesce(max(seq), 0) FROM revisions)) + 1`,
		`DELETE FROM reglages WHERE cle = '` + store.CleChargement + `'`,
	} {
		if _, err := tx.ExecContext(ctx, requete); err != nil {
			return err
		}
	}
	return nil
}
