package courrier

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

func verifierAdresse(adresse string) error {
	if !mednum.EstCourriel(adresse) {
		return invalide("a", "Cette adresse de courriel n’est pas complète : elle s’écrit sans accent ni espace, comme prenom@exemple.fr.")
	}
	return nil
}

// empreinte is what an address is found by: the SHA-256 of its lower case, in
// hexadecimal.
func empreinte(adresse string) string {
	somme := sha256.Sum256([]byte(strings.ToLower(adresse)))
	return hex.EncodeToString(somme[:])
}
