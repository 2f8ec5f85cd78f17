package mongo

import "time"

// SetAttente changes how long Attendre waits without a stream, and for one.
func (b *Base) SetAttente(periode, patience time.Duration) {
	b.ecoute.periode, b.ecoute.patience = periode, patience
}
