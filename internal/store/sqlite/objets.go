package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"82numerique.fr/adeuxpas/internal/store"
)

// SetObjet writes an object where its version is the one before, and sweeps
// those whose time has come.
func (b *Base) SetObjet(ctx context.Context, o store.Objet) error {
	o, err := o.Normal()
	if err != nil {
		return err
	}
	return b.ecrire(ctx, func(tx *transaction) error {
		if err := checkObjet(ctx, tx, &o); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM objets WHERE efface <= ? AND NOT (genre = ? AND id = ?)`, b.now().Unix(), o.Genre, o.ID); err != nil {
			return err
		}
		return putObjet(ctx, tx, &o)
	})
}

// checkObjet refuses a writing over another version.
func checkObjet(ctx context.Context, tx *transaction, o *store.Objet) error {
	version := 0
	err := tx.QueryRowContext(ctx, `SELECT version FROM objets WHERE genre = ? AND id = ?`, o.Genre, o.ID).Scan(&version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if version != o.Version-1 {
		return store.ObjetPerime(o.Genre)
	}
	return nil
}

func putObjet(ctx context.Context, tx *transaction, o *store.Objet) error {
	cles, err := json.Marshal(o.Cles)
	if err != nil {
		return fmt.Errorf("%s %s: %w", o.Genre, o.ID, err)
	}
	efface := sql.NullInt64{Int64: o.Efface.Unix(), Valid: !o.Efface.IsZero()}
	if _, err = tx.ExecContext(ctx, `INSERT INTO objets (genre, id, version, cles, efface, corps) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (genre, id) DO UPDATE SET version = excluded.version, cles = excluded.cles, efface = excluded.efface, corps = excluded.corps`,
		o.Genre, o.ID, o.Version, string(cles), efface, string(o.Corps)); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM cles WHERE genre = ? AND id = ?`, o.Genre, o.ID); err != nil {
		return err
	}
	for _, cle := range o.Cles {
		if _, err = tx.ExecContext(ctx, `INSERT OR IGNORE INTO cles (genre, cle, id) VALUES (?, ?, ?)`, o.Genre, cle, o.ID); err != nil {
			return err
		}
	}
	return nil
}

const colonnesObjet = `o.genre, o.id, o.version, o.cles, o.efface, o.corps`

// Objet is one object; an unknown one is an *mednum.Error with code
// "introuvable".
func (b *Base) Objet(ctx context.Context, genre, id string) (store.Objet, error) {
	o, err := scanObjet(b.lecture.QueryRowContext(ctx, `SELECT `+colonnesObjet+` FROM objets o WHERE o.genre = ? AND o.id = ?`, genre, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return o, store.ObjetAbsent(genre)
	}
	return o, b.traduire(err)
}

func scanObjet(scan func(...any) error) (o store.Objet, err error) {
	var cles, corps string
	var efface sql.NullInt64
	if err := scan(&o.Genre, &o.ID, &o.Version, &cles, &efface, &corps); err != nil {
		return o, err
	}
	if efface.Valid {
		o.Efface = time.Unix(efface.Int64, 0).UTC()
	}
	o.Corps = json.RawMessage(corps)
	if err := json.Unmarshal([]byte(cles), &o.Cles); err != nil {
		return o, fmt.Errorf("%s %s: %w", o.Genre, o.ID, err)
	}
	if len(o.Cles) == 0 {
		o.Cles = nil
	}
	return o, nil
}

// Objets are those that a Choix names, by id.
func (b *Base) Objets(ctx context.Context, c store.Choix) ([]store.Objet, error) {
	requete, valeurs := `SELECT `+colonnesObjet+` FROM objets o WHERE o.genre = ? AND o.id > ?`, []any{c.Genre, c.Apres}
	if c.Cle != "" {
		requete += ` AND o.id IN (SELECT id FROM cles WHERE genre = ? AND cle = ?)`
		valeurs = append(valeurs, c.Genre, c.Cle)
	}
	requete += ` ORDER BY o.id`
	if c.Limite > 0 {
		requete += ` LIMIT ?`
		valeurs = append(valeurs, c.Limite)
	}
	rows, err := b.lecture.QueryContext(ctx, requete, valeurs...)
	if err != nil {
		return nil, b.traduire(err)
	}
	return b.scanObjets(rows)
}

func (b *Base) scanObjets(rows *sql.Rows) (liste []store.Objet, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		o, err := scanObjet(rows.Scan)
		if err != nil {
			return nil, b.traduire(err)
		}
		liste = append(liste, o)
	}
	return liste, b.traduire(rows.Err())
}

// OterObjet takes an object away; an absent one is no error.
func (b *Base) OterObjet(ctx context.Context, genre, id string) error {
	return b.ecrire(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM objets WHERE genre = ? AND id = ?`, genre, id)
		return err
	})
}
