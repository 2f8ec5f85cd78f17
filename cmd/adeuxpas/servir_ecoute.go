package main

import (
	"context"
	"log/slog"
	"time"

	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// delaiMesures is how long the last counts may take to reach the base, once the
// service is told to stop.
const delaiMesures = 5 * time.Second

// newMesures counts uses in every commune of the pack.
func newMesures(base store.Magasin, t *territoire.Territoire, now func() time.Time) *mesures.Mesures {
	codes := make([]string, len(t.Communes))
	for i := range t.Communes {
		codes[i] = t.Communes[i].Code
	}
	return mesures.New(base, t.Location(), codes, now)
}

// deposerFin puts the last counts in the base, when nobody is answered any more.
func (s *service) deposerFin(ctx context.Context, journal *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiMesures)
	defer cancel()
	if err := s.mesures.Deposer(ctx); err != nil {
		journal.Warn("les dernières mesures d’usage sont perdues", "cause", err)
	}
}

// signalesDuResume gives the reports that wait to the letter of coordinators.
func signalesDuResume(s *ecoute.Signalements) func(context.Context) ([]reseau.Signale, error) {
	return func(ctx context.Context) ([]reseau.Signale, error) {
		ouverts, err := s.Ouverts(ctx)
		liste := make([]reseau.Signale, len(ouverts))
		for i := range ouverts {
			liste[i] = reseau.Signale{Lieu: ouverts[i].Lieu, Le: ouverts[i].Dernier}
		}
		return liste, err
	}
}
