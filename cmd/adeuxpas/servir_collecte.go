package main

import (
	"log/slog"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// openCollecte is where people join places, and bring files.
func (c commandeServir) openCollecte(p *programme, s *service, t *territoire.Territoire, journal *slog.Logger) {
	pieces := collecte.Pieces{Base: s.base, Territoire: t, Now: p.now, Journal: journal}
	if c.Geocodage != "" {
		pieces.Geocodeur = territoire.NewLot(c.Geocodage, nil)
	}
	s.collecte = collecte.New(pieces)
}
