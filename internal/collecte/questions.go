package collecte

import (
	"context"
	"encoding/json"
	"fmt"

	"82numerique.fr/adeuxpas/internal/store"
)

// genreDistinction are the answers "these are two places".
const genreDistinction = "distinction"

// lieuDistinct stands before the id of a place among references of records.
const lieuDistinct = "lieu:"

// distinctions are the pairs that a person told apart: references of records,
// or ids of places after lieuDistinct.
type distinctions map[[2]string]bool

func (d distinctions) separe(a, b string) bool {
	return d[[2]string{a, b}] || d[[2]string{b, a}]
}

// lireDistinctions reads what people told apart.
func lireDistinctions(ctx context.Context, base store.Magasin) (distinctions, error) {
	objets, err := base.Objets(ctx, store.Choix{Genre: genreDistinction})
	if err != nil {
		return nil, err
	}
	d := distinctions{}
	for _, o := range objets {
		var corps struct {
			Fiches [][]string `json:"fiches"`
			Lieux  []string   `json:"lieux"`
		}
		if err := json.Unmarshal(o.Corps, &corps); err != nil {
			return nil, fmt.Errorf("%s %s: %w", o.Genre, o.ID, err)
		}
		if len(corps.Lieux) == 2 {
			d[[2]string{lieuDistinct + corps.Lieux[0], lieuDistinct + corps.Lieux[1]}] = true
		}
		if len(corps.Fiches) != 2 {
			continue
		}
		for _, a := range corps.Fiches[0] {
			for _, b := range corps.Fiches[1] {
				d[[2]string{a, b}] = true
			}
		}
	}
	return d, nil
}
