package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Lieux are all places of every status, by id, each with its Version and Seq.
func (b *Base) Lieux(ctx context.Context) ([]mednum.Lieu, error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT json FROM lieux ORDER BY id`)
	if err != nil {
		return nil, b.traduire(err)
	}
	return decodeRows[mednum.Lieu](b, rows, "lieux")
}

// LieuxSauf are the places that connus does not have under the same number, by
// id. The others are not decoded.
func (b *Base) LieuxSauf(ctx context.Context, connus map[string]int64) (liste []mednum.Lieu, err error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT id, seq, json FROM lieux ORDER BY id`)
	if err != nil {
		return nil, b.traduire(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id string
		var seq int64
		var texte sql.RawBytes
		if err := rows.Scan(&id, &seq, &texte); err != nil {
			return nil, b.traduire(err)
		}
		if connu, ok := connus[id]; ok && connu == seq {
			continue
		}
		var l mednum.Lieu
		if err := json.Unmarshal(texte, &l); err != nil {
			return nil, fmt.Errorf("lieu %s: %w", id, err)
		}
		liste = append(liste, l)
	}
	return liste, b.traduire(rows.Err())
}

// Lieu is one place; an unknown id is an *mednum.Error with code "introuvable".
func (b *Base) Lieu(ctx context.Context, id string) (mednum.Lieu, error) {
	var texte []byte
	err := b.lecture.QueryRowContext(ctx, `SELECT json FROM lieux WHERE id = ?`, id).Scan(&texte)
	if errors.Is(err, sql.ErrNoRows) {
		return mednum.Lieu{}, &mednum.Error{Code: mednum.Introuvable, Champ: "id", Message: "Ce lieu n’existe pas."}
	}
	if err != nil {
		return mednum.Lieu{}, b.traduire(err)
	}
	var l mednum.Lieu
	if err := json.Unmarshal(texte, &l); err != nil {
		return mednum.Lieu{}, fmt.Errorf("lieu %s: %w", id, err)
	}
	return l, nil
}

// decodeRows reads one JSON column and closes the rows.
func decodeRows[T any](b *Base, rows *sql.Rows, table string) (liste []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var texte sql.RawBytes
		if err := rows.Scan(&texte); err != nil {
			return nil, b.traduire(err)
		}
		var v T
		if err := json.Unmarshal(texte, &v); err != nil {
			return nil, fmt.Errorf("table %s: %w", table, err)
		}
		liste = append(liste, v)
	}
	return liste, b.traduire(rows.Err())
}

// Save writes one revision of a place, and the place with it: the log first,
// then the place where its version is the one before. Revision.Version is the
// version that the place takes (1 for a new one).
//
// A version that someone else took first is an *mednum.Error with code
// "perime", and nothing changes. A revision whose Idempotence was already
// accepted for this place succeeds again without a second write; used for
// another place it is "invalide".
func (b *Base) Save(ctx context.Context, rev mednum.Revision) error {
	return b.ecrire(ctx, func(tx *transaction) error {
		_, err := b.inscrire(ctx, tx, rev)
		return err
	})
}

// inscrire does the work of Save; fait is false when the idempotency key had
// already been accepted.
func (b *Base) inscrire(ctx context.Context, tx *transaction, rev mednum.Revision) (fait bool, err error) {
	if rev.Lieu == "" || rev.Apres.ID != rev.Lieu {
		return false, fmt.Errorf("revision of %q with the after-image of %q", rev.Lieu, rev.Apres.ID)
	}
	deja, err := accepted(ctx, tx, rev)
	if err != nil || deja {
		return false, err
	}
	if err := rollForwardOne(ctx, tx, rev.Lieu); err != nil {
		return false, err
	}
	courante, err := versionOf(ctx, tx, rev.Lieu)
	if err != nil {
		return false, err
	}
	if rev.Version != courante+1 {
		return false, perime()
	}
	seq, err := suivant(ctx, tx)
	if err != nil {
		return false, err
	}
	if err := b.insertRevision(ctx, tx, rev, seq); err != nil {
		return false, err
	}
	return true, rollForwardOne(ctx, tx, rev.Lieu)
}

func perime() *mednum.Error {
	return &mednum.Error{Code: mednum.Perime, Champ: "version", Message: "Quelqu’un a modifié ce lieu entre-temps : relisez-le puis recommencez."}
}

// accepted tells whether the idempotency key of rev was already used for its
// place.
func accepted(ctx context.Context, tx *transaction, rev mednum.Revision) (bool, error) {
	if rev.Idempotence == "" {
		return false, nil
	}
	var lieu string
	err := tx.lire(ctx, &lieu, `SELECT lieu FROM revisions WHERE `+parCle, rev.Idempotence)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, err
	case lieu != rev.Lieu:
		return false, &mednum.Error{Code: mednum.Invalide, Champ: "idempotence", Message: "Cette clé d’idempotence a déjà servi pour un autre lieu."}
	}
	return true, nil
}

// versionOf is the version of a place, 0 when there is none.
func versionOf(ctx context.Context, tx *transaction, lieu string) (version int, err error) {
	err = tx.lire(ctx, &version, `SELECT version FROM lieux WHERE id = ?`, lieu)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return version, err
}

func (b *Base) insertRevision(ctx context.Context, tx *transaction, rev mednum.Revision, seq int64) error {
	rev.Apres.Version, rev.Apres.Seq = rev.Version, seq
	if rev.Le.IsZero() {
		rev.Le = b.now()
	}
	apres, err := json.Marshal(rev.Apres)
	if err != nil {
		return fmt.Errorf("lieu %s: %w", rev.Lieu, err)
	}
	champs, err := json.Marshal(rev.Champs)
	if err != nil {
		return fmt.Errorf("lieu %s: %w", rev.Lieu, err)
	}
	return tx.executer(ctx, `INSERT INTO revisions (lieu, version, seq, json, champs, auteur, voie, operation, idempotence, le)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		rev.Lieu, rev.Version, seq, string(apres), string(champs), rev.Auteur, rev.Voie, rev.Operation, rev.Idempotence,
		rev.Le.UTC().Format(time.RFC3339Nano))
}

// rollForward brings every place up to its newest revision.
func (b *Base) rollForward(ctx context.Context) error {
	return b.ecrire(ctx, func(tx *transaction) error {
		rows, err := tx.QueryContext(ctx, `SELECT DISTINCT r.lieu FROM revisions r
			LEFT JOIN lieux l ON l.id = r.lieu WHERE r.version > coalesce(l.version, 0)`)
		if err != nil {
			return err
		}
		var retards []string
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return errors.Join(err, rows.Close())
			}
			retards = append(retards, id)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		for _, id := range retards {
			if err := rollForwardOne(ctx, tx, id); err != nil {
				return err
			}
		}
		if len(retards) == 0 {
			return nil
		}
		_, err = suivant(ctx, tx)
		return err
	})
}

// rollForwardOne writes the newest revision of a place over the place, when
// it is newer.
func rollForwardOne(ctx context.Context, tx *transaction, lieu string) error {
	return tx.executer(ctx, `INSERT INTO lieux (id, version, seq, statut, json)
		SELECT lieu, version, seq, coalesce(json ->> '$.statut', ''), json FROM revisions WHERE lieu = ?1
		ORDER BY version DESC LIMIT 1
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, seq = excluded.seq,
			statut = excluded.statut, json = excluded.json
		WHERE lieux.version < excluded.version`, lieu)
}

// parCle finds a revision by its idempotency key. The second condition is that
// of the index: without it the whole log is read.
const parCle = `idempotence = ? AND idempotence <> ''`

// parPage is a page of the journal.
const parPage = `WHERE seq < ? ORDER BY seq DESC LIMIT ?`

const colonnesRevision = `lieu, version, json, champs, auteur, voie, operation, idempotence, le`

// Revisions are the accepted writes of a place, oldest first.
func (b *Base) Revisions(ctx context.Context, lieu string) ([]mednum.Revision, error) {
	return b.revisions(ctx, `WHERE lieu = ? ORDER BY version`, lieu)
}

// Journal is a page of the accepted writes of all places, newest first: those
// below the number avant (0: from the newest), n at most. The unique index of
// seq gives them in this order.
func (b *Base) Journal(ctx context.Context, avant int64, n int) ([]mednum.Revision, error) {
	if err := store.VerifierPage(avant, n); err != nil {
		return nil, err
	}
	if avant == 0 {
		avant = math.MaxInt64
	}
	return b.revisions(ctx, parPage, avant, n)
}

// revisions are the accepted writes that the end of a query chooses.
func (b *Base) revisions(ctx context.Context, suite string, valeurs ...any) (liste []mednum.Revision, err error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT `+colonnesRevision+` FROM revisions `+suite, valeurs...)
	if err != nil {
		return nil, b.traduire(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		rev, err := b.scanRevision(rows.Scan)
		if err != nil {
			return nil, err
		}
		liste = append(liste, rev)
	}
	return liste, b.traduire(rows.Err())
}

// RevisionDe is the accepted write that has an idempotency key; a key that no
// write has is an *mednum.Error with code "introuvable".
func (b *Base) RevisionDe(ctx context.Context, idempotence string) (mednum.Revision, error) {
	row := b.lecture.QueryRowContext(ctx, `SELECT `+colonnesRevision+` FROM revisions WHERE `+parCle, idempotence)
	rev, err := b.scanRevision(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return rev, &mednum.Error{Code: mednum.Introuvable, Champ: "idempotence", Message: "Aucune modification ne porte cette clé."}
	}
	return rev, err
}

// scanRevision reads colonnesRevision.
func (b *Base) scanRevision(scan func(...any) error) (rev mednum.Revision, err error) {
	var apres, champs []byte
	var le string
	err = scan(&rev.Lieu, &rev.Version, &apres, &champs, &rev.Auteur, &rev.Voie, &rev.Operation, &rev.Idempotence, &le)
	if err != nil {
		return mednum.Revision{}, b.traduire(err)
	}
	quand, err := time.Parse(time.RFC3339Nano, le)
	if err := errors.Join(err, json.Unmarshal(apres, &rev.Apres), json.Unmarshal(champs, &rev.Champs)); err != nil {
		return mednum.Revision{}, fmt.Errorf("lieu %s, revision %d: %w", rev.Lieu, rev.Version, err)
	}
	rev.Le = quand
	return rev, nil
}
