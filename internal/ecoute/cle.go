package ecoute

import (
	"context"
	"crypto/rand"
	"errors"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

const (
	genreCle    = "cle"
	idCle       = "formulaires"
	longueurCle = 32
)

// CleFormulaires is the key that signs the public forms: drawn once, the same for
// every program on the base.
func CleFormulaires(ctx context.Context, base store.Magasin) ([]byte, error) {
	neuve := make([]byte, longueurCle)
	rand.Read(neuve) // never fails
	err := store.Poser(ctx, base, store.Objet{Genre: genreCle, ID: idCle, Version: 1}, neuve)
	if err == nil || !estCode(err, mednum.Perime) {
		return neuve, err
	}
	cle, _, err := store.Lire[[]byte](ctx, base, genreCle, idCle)
	return cle, err
}

func estCode(err error, code mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == code
}
