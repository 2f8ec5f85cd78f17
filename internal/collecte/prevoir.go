package collecte

import (
	"context"

	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Prevoir is what Importer would do, without writing anything.
func Prevoir(ctx context.Context, base store.Magasin, t *territoire.Territoire, lectures []norme.Lecture, o Options) (Bilan, error) {
	avant, err := lireEtat(ctx, base)
	if err != nil {
		return Bilan{}, err
	}
	envois := make([]envoi, len(lectures))
	for i, l := range lectures {
		envois[i] = envoi{lecture: l, zone: o.Zone}
	}
	p := planifier(avant, t, envois)
	return p.bilan, nil
}
