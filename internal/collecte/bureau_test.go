package collecte_test

import (
	"log/slog"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/store"
)

// bureau is where people decide, over a base.
func bureau(base store.Magasin) *collecte.Collecte {
	return collecte.New(collecte.Pieces{Base: base, Now: func() time.Time { return maintenant }, Journal: slog.New(slog.DiscardHandler)})
}
