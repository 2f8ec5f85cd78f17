package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/taches"
	"82numerique.fr/adeuxpas/internal/territoire"
)

const (
	// rythmeBesoins is how late a program may publish what another one accepted.
	rythmeBesoins = time.Minute
	unJour        = 24 * time.Hour
)

// openBesoins is the rooms of needs and fiches, with what they publish in memory,
// and the job that forgets old needs; cle signs the public forms.
func (s *service) openBesoins(ctx context.Context, t *territoire.Territoire) (cle []byte, err error) {
	s.besoins = ecoute.NewBesoins(s.base, s.catalogue, t, s.now)
	s.fiches = ecoute.NewFiches(s.base, s.catalogue, t, s.now)
	s.taches = append(s.taches, taches.Tache{Nom: "besoins", Chaque: unJour, Faire: s.besoins.Oublier})
	if cle, err = ecoute.CleFormulaires(ctx, s.base); err != nil {
		return nil, err
	}
	return cle, s.rechargerBesoins(ctx)
}

// rechargerBesoins reads again what is published of needs and fiches.
func (s *service) rechargerBesoins(ctx context.Context) error {
	return errors.Join(s.besoins.Recharger(ctx), s.fiches.Recharger(ctx))
}

// suivreBesoins does so every minute, until ctx ends. While the base does not
// answer, what was published stays.
func (s *service) suivreBesoins(ctx context.Context, journal *slog.Logger) {
	muet := false
	horloge := time.NewTicker(rythmeBesoins)
	defer horloge.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-horloge.C:
		}
		err := s.rechargerBesoins(ctx)
		if err != nil && !muet && ctx.Err() == nil {
			journal.Warn("les besoins et les fiches publiés ne sont pas relus, les derniers lus restent", "cause", err)
		}
		muet = err != nil
	}
}
