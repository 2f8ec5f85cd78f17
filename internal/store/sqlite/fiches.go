package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Fiches are all records, by flow then key.
func (b *Base) Fiches(ctx context.Context) ([]mednum.Fiche, error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT json FROM fiches ORDER BY flux, cle`)
	if err != nil {
		return nil, b.traduire(err)
	}
	return decodeRows[mednum.Fiche](b, rows, "fiches")
}

// FichesDe are the records attached to a place, by flow then key.
func (b *Base) FichesDe(ctx context.Context, lieu string) ([]mednum.Fiche, error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT json FROM fiches WHERE lieu = ? ORDER BY flux, cle`, lieu)
	if err != nil {
		return nil, b.traduire(err)
	}
	return decodeRows[mednum.Fiche](b, rows, "fiches")
}

// putFiche writes a record and its attachment.
func putFiche(ctx context.Context, tx *transaction, f mednum.Fiche) error {
	texte, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("fiche %s: %w", f.Reference(), err)
	}
	return tx.executer(ctx, `INSERT INTO fiches (flux, cle, lieu, json) VALUES (?, ?, nullif(?, ''), ?)
		ON CONFLICT (flux, cle) DO UPDATE SET lieu = excluded.lieu, json = excluded.json`,
		f.Flux, f.Cle, f.Lieu, string(texte))
}

// Flux are the sources of records, by id.
func (b *Base) Flux(ctx context.Context) (map[string]mednum.Flux, error) {
	rows, err := b.lecture.QueryContext(ctx, `SELECT json FROM flux`)
	if err != nil {
		return nil, b.traduire(err)
	}
	liste, err := decodeRows[mednum.Flux](b, rows, "flux")
	if err != nil {
		return nil, err
	}
	parID := make(map[string]mednum.Flux, len(liste))
	for _, f := range liste {
		parID[f.ID] = f
	}
	return parID, nil
}

// SetFlux writes a source.
func (b *Base) SetFlux(ctx context.Context, flux mednum.Flux) error {
	return b.ecrire(ctx, func(tx *transaction) error {
		if _, err := suivant(ctx, tx); err != nil {
			return err
		}
		return putFlux(ctx, tx, flux)
	})
}

func putFlux(ctx context.Context, tx *transaction, flux mednum.Flux) error {
	texte, err := json.Marshal(flux)
	if err != nil {
		return fmt.Errorf("flux %s: %w", flux.ID, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO flux (id, json) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET json = excluded.json`, flux.ID, string(texte))
	return err
}
