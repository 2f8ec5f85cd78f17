package sources

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Dues tells whether a source is due.
func (s *Sources) Dues(ctx context.Context) (bool, error) {
	src, err := s.due(ctx, nil)
	return src != nil, err
}

// Suivre fetches the sources that are due, one after the other, the oldest
// first; each at most once.
func (s *Sources) Suivre(ctx context.Context) error {
	var pannes error
	vues := map[string]bool{}
	for {
		src, err := s.due(ctx, vues)
		if err != nil || src == nil {
			return errors.Join(pannes, err)
		}
		vues[src.ID] = true
		err = s.faire(ctx, src)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !estCode(err, mednum.Conflit) && !estCode(err, mednum.Introuvable) { // somebody else has it, or took it away
			pannes = errors.Join(pannes, err)
		}
	}
}

// faire runs a source as it was asked for, or because it is due.
func (s *Sources) faire(ctx context.Context, src *Source) error {
	d := src.Demande
	switch {
	case d == nil:
		_, err := s.Passer(ctx, src.ID, Lancer, "service")
		return err
	case d.Mode == Simulation:
		return s.simulerPour(ctx, src.ID, d)
	}
	_, err := s.Passer(ctx, src.ID, d.Mode, d.Par)
	if estCode(err, mednum.Conflit) { // nothing waits any more: it was answered meanwhile
		return errors.Join(err, s.oterDemande(ctx, src.ID, d))
	}
	return err
}

// due is the source that has been due for the longest time, nil for none.
func (s *Sources) due(ctx context.Context, sauf map[string]bool) (*Source, error) {
	liste, err := s.Liste(ctx)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	liste = slices.DeleteFunc(liste, func(src Source) bool {
		return sauf[src.ID] || src.Prise.Jusqua.After(now) || src.Demande == nil && (src.Suspendue || src.Prochain.After(now))
	})
	if len(liste) == 0 {
		return nil, nil
	}
	premiere := slices.MinFunc(liste, func(a, b Source) int { return cmp.Or(a.voulue().Compare(b.voulue()), cmp.Compare(a.ID, b.ID)) })
	return &premiere, nil
}

// voulue is since when a source is due.
func (src *Source) voulue() time.Time {
	if src.Demande != nil {
		return src.Demande.Le
	}
	return src.Prochain
}
