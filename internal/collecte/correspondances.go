package collecte

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
)

// genreCorrespondance are the columns of somebody's own table, kept for the next
// time.
const genreCorrespondance = "correspondance"

// Correspondance is what was kept for a set of columns (norme.CleColonnes); ok is
// false when nothing was.
func Correspondance(ctx context.Context, base store.Magasin, cle string) (c norme.Correspondance, ok bool, err error) {
	o, err := base.Objet(ctx, genreCorrespondance, cle)
	if e, refus := errors.AsType[*mednum.Error](err); refus && e.Code == mednum.Introuvable {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if err := json.Unmarshal(o.Corps, &c); err != nil {
		return nil, false, fmt.Errorf("%s %s: %w", o.Genre, o.ID, err)
	}
	return c, true, nil
}

// GarderCorrespondance keeps what the columns of a file were read as; nothing is
// written when that is known already, or when the format names its own columns.
func GarderCorrespondance(ctx context.Context, base store.Magasin, l *norme.Lecture) error {
	if len(l.Correspondance) == 0 {
		return nil
	}
	cle := norme.CleColonnes(l.Colonnes)
	connue, ok, err := Correspondance(ctx, base, cle)
	if err != nil || ok && maps.Equal(connue, l.Correspondance) {
		return err
	}
	corps, err := json.Marshal(l.Correspondance)
	if err != nil {
		return err
	}
	version := 1
	if o, err := base.Objet(ctx, genreCorrespondance, cle); err == nil {
		version = o.Version + 1
	}
	return base.SetObjet(ctx, store.Objet{Genre: genreCorrespondance, ID: cle, Version: version, Corps: corps})
}
