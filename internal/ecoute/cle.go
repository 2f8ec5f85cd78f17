package ecoute

import (
	"context"
	"crypto/rand"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

const (
	genreCleFormulaires = "cle"
	idCleFormulaires    = "formulaires"
	longueurCle         = 32
)

// CleFormulaires is the key that signs the public forms: drawn once, the same for
// every program on the base.
func CleFormulaires(ctx context.Context, base store.Magasin) ([]byte, error) {
	neuve := make([]byte, longueurCle)
	rand.Read(neuve) // never fails
	err := store.Poser(ctx, base, store.Objet{Genre: genreCleFormulaires, ID: idCleFormulaires, Version: 1}, neuve)
	if err == nil || !estCode(err, mednum.Perime) {
		return neuve, err
	}
	cle, _, err := store.Lire[[]byte](ctx, base, genreCleFormulaires, idCleFormulaires)
	return cle, err
}
