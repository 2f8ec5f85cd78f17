package couverture_test

import (
	"errors"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// champ is the field that an error of ours names, "" for another one.
func champ(err error) string {
	var e *mednum.Error
	if errors.As(err, &e) {
		return e.Champ
	}
	return ""
}
