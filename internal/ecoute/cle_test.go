package ecoute

import (
	"bytes"
	"testing"

	"82numerique.fr/adeuxpas/internal/store"
)

// Every program on a base signs public forms with one key, another base with
// another.
func TestCleFormulaires(t *testing.T) {
	base, autre := ouvrirEcoute(t).base, ouvrirEcoute(t).base
	var cles [3][]byte
	for i, ou := range []store.Magasin{base, base, autre} {
		cle, err := CleFormulaires(t.Context(), ou)
		reussi(t, err)
		cles[i] = cle
	}
	if len(cles[0]) != longueurCle || !bytes.Equal(cles[0], cles[1]) || bytes.Equal(cles[0], cles[2]) {
		t.Errorf("%x, then %x; another base %x", cles[0], cles[1], cles[2])
	}
}
