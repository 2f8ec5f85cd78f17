package store

import (
	"fmt"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// PageMax is how many writes Journal gives at most.
const PageMax = 200

// VerifierPage refuses what Journal cannot be asked.
func VerifierPage(avant int64, n int) error {
	switch {
	case avant < 0:
		return &mednum.Error{Code: mednum.Invalide, Champ: "avant", Message: fmt.Sprintf("Le numéro %d n’est celui d’aucun changement : donnez un numéro du journal, ou 0 pour commencer par le plus récent.", avant)}
	case n < 1 || n > PageMax:
		return &mednum.Error{Code: mednum.Invalide, Champ: "nombre", Message: fmt.Sprintf("Le journal se lit par pages de 1 à %d changements, et non de %d.", PageMax, n)}
	}
	return nil
}
