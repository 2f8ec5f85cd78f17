package collecte

import (
	"context"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Reunion is an operation that joined or parted records of places: Rattachements
// are those alone, and Defaite is the operation that undid it, "" while it
// stands.
type Reunion struct {
	mednum.Operation
	Defaite string
}

// Historique are the operations that Defaire can undo, or that undid one, newest
// first: merges, separations, and imports that joined records to places that
// others made.
func (c *Collecte) Historique(ctx context.Context) ([]Reunion, error) {
	operations, err := c.Base.Operations(ctx)
	if err != nil {
		return nil, err
	}
	defaites := map[string]string{}
	for _, op := range operations {
		if op.Defait != "" {
			defaites[op.Defait] = op.ID
		}
	}
	var liste []Reunion
	for i := len(operations) - 1; i >= 0; i-- {
		op := operations[i]
		if op.Genre == "import" {
			op.Rattachements = motives(op.Rattachements)
			if len(op.Rattachements) == 0 {
				continue
			}
		}
		if op.Genre == "import" || op.Genre == genreFusion || op.Genre == genreSeparation {
			liste = append(liste, Reunion{op, defaites[op.ID]})
		}
	}
	return liste, nil
}

// motives are the attachments that join a record to others.
func motives(tous []mednum.Rattachement) []mednum.Rattachement {
	var liste []mednum.Rattachement
	for _, r := range tous {
		if len(r.Motif) > 0 {
			liste = append(liste, r)
		}
	}
	return liste
}
