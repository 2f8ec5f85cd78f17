package ecoute

import (
	"errors"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func invalide(champ, message string) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: message}
}

func estCode(err error, code mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == code
}
