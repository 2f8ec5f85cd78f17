package sqlite

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// etape is a part of an operation: a place with its records, or records whose
// place does not change.
type etape struct {
	Revision *mednum.Revision `json:"revision,omitempty"`
	Fiches   []mednum.Fiche   `json:"fiches,omitempty"`
}

// etapesDe cut an operation into its parts: the places in their order, then the
// records whose place does not change. Each revision takes the operation's id
// and key.
func etapesDe(op mednum.Operation, fiches []mednum.Fiche, revisions []mednum.Revision) []etape {
	parLieu := map[string][]mednum.Fiche{}
	for _, f := range fiches {
		parLieu[f.Lieu] = append(parLieu[f.Lieu], f)
	}
	etapes := make([]etape, 0, len(revisions))
	for _, r := range revisions {
		r.Operation = op.ID
		r.Idempotence = cmp.Or(r.Idempotence, op.ID+"/"+r.Lieu)
		if r.Le.IsZero() {
			r.Le = op.Le
		}
		etapes = append(etapes, etape{Revision: &r, Fiches: parLieu[r.Lieu]})
		delete(parLieu, r.Lieu)
	}
	for _, lieu := range slices.Sorted(maps.Keys(parLieu)) {
		for partie := range slices.Chunk(parLieu[lieu], lot) {
			etapes = append(etapes, etape{Fiches: partie})
		}
	}
	return etapes
}

func putEtapes(ctx context.Context, tx *transaction, operation string, etapes []etape) error {
	for n := range etapes {
		texte, err := json.Marshal(&etapes[n])
		if err != nil {
			return err
		}
		if err := tx.executer(ctx, `INSERT INTO etapes (operation, n, json) VALUES (?, ?, ?)`, operation, n, string(texte)); err != nil {
			return err
		}
	}
	return nil
}
