package web

import (
	"context"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// besoinsDits counts the needs that were told in twelve months in the communes
// that dans keeps, in a sentence.
func (s *site) besoinsDits(_ context.Context, _ []mednum.Habilitation, _ func(code string) bool) (string, error) {
	return inconnu, nil
}

// besoinsAnnee counts the needs that were told in a time.
func (s *site) besoinsAnnee(_ context.Context, _ []mednum.Habilitation, _, _ mednum.Date) (string, error) {
	return inconnu, nil
}

// signalementsAnnee counts the reports that came in a time.
func (s *site) signalementsAnnee(_ context.Context, _, _ mednum.Date) (string, error) {
	return inconnu, nil
}
