package collecte

import (
	"context"
	"errors"
	"io"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
)

// Lire reads a file of any known format, as norme.Options.Decode does, with what
// the base has kept of the columns of a table of one's own; base may be nil. A file
// of which nothing dates any row is "invalide", on date_maj.
func Lire(ctx context.Context, base store.Magasin, o norme.Options, nom string, r io.Reader) (norme.Lecture, error) {
	var panne error
	if base != nil {
		o.Connues = connues(ctx, base, &panne)
	}
	l, err := o.Decode(nom, r)
	if panne != nil {
		return l, panne
	}
	if err == nil && sansDate(&l) {
		err = &mednum.Error{Code: mednum.Invalide, Champ: string(mednum.ChampDateMaj), Message: "Aucune ligne ne porte de date de mise à jour. Dites de quand est ce fichier : --date AAAA-MM-JJ."}
	}
	return l, err
}

// connues gives what the base has kept of columns; what it fails with is in panne.
func connues(ctx context.Context, base store.Magasin, panne *error) func(cle string) (norme.Correspondance, bool) {
	return func(cle string) (norme.Correspondance, bool) {
		connue, ok, err := Correspondance(ctx, base, cle)
		*panne = errors.Join(*panne, err)
		return connue, ok
	}
}

// sansDate tells whether a file gives nothing because nothing dates its rows:
// one word of the person mends it all.
func sansDate(l *norme.Lecture) bool {
	return len(l.Fiches) == 0 && slices.ContainsFunc(l.Ecartes, func(e norme.Ecart) bool { return e.Champ == mednum.ChampDateMaj })
}
