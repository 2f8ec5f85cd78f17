package mongo

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Fiches are all records, by flow then key.
func (b *Base) Fiches(ctx context.Context) ([]mednum.Fiche, error) {
	return b.fiches(ctx, bson.D{})
}

// FichesDe are the records attached to a place, by flow then key.
func (b *Base) FichesDe(ctx context.Context, lieu string) ([]mednum.Fiche, error) {
	return b.fiches(ctx, bson.D{{Key: "lieu", Value: lieu}})
}

func (b *Base) fiches(ctx context.Context, filtre bson.D) ([]mednum.Fiche, error) {
	liste, err := tous[mednum.Fiche](ctx, b, collFiches, filtre)
	slices.SortFunc(liste, compareFiches)
	return liste, err
}

func compareFiches(x, y mednum.Fiche) int {
	return cmp.Or(cmp.Compare(x.Flux, y.Flux), cmp.Compare(x.Cle, y.Cle))
}

// ficheDatee is a record and the number of the operation that writes it: an
// older operation, finished late, does not undo a newer one.
type ficheDatee struct {
	mednum.Fiche
	rang int64
}

// poserFiches writes records, in one order for all, as poserLieux does.
func (b *Base) poserFiches(ctx context.Context, fiches []ficheDatee) error {
	slices.SortFunc(fiches, func(x, y ficheDatee) int { return compareFiches(x.Fiche, y.Fiche) })
	for partie := range slices.Chunk(fiches, lot) {
		poses := make([]pose, len(partie))
		for i, f := range partie {
			// Flow and key apart: joined, "a/b"+"c" would be "a"+"b/c".
			id := parID(bson.D{{Key: "flux", Value: f.Flux}, {Key: "cle", Value: f.Cle}})
			d, err := document(f.Fiche, id[0], bson.E{Key: "rang", Value: f.rang})
			if err != nil {
				return fmt.Errorf("fiche %s: %w", f.Reference(), err)
			}
			poses[i] = pose{filtre: append(id, bson.E{Key: "rang", Value: bson.D{{Key: "$lte", Value: f.rang}}}), d: d}
		}
		if err := b.remplacer(ctx, collFiches, poses); err != nil {
			return err
		}
	}
	return nil
}

// Flux are the sources of records, by id.
func (b *Base) Flux(ctx context.Context) (map[string]mednum.Flux, error) {
	liste, err := tous[mednum.Flux](ctx, b, collFlux, bson.D{})
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
	d, err := document(flux, bson.E{Key: "_id", Value: flux.ID})
	if err != nil {
		return fmt.Errorf("flux %s: %w", flux.ID, err)
	}
	return b.poser(ctx, collFlux, d)
}
