package compte

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
)

// A secret is drawn from 256 random bits, in 43 signs of base 62: it cannot be
// guessed, so that wrong ones are neither counted nor slowed down, and one hash
// without salt is enough to keep it.
const (
	octets   = 32
	longueur = 43 // 62^43 > 2^256
)

func tirer() (string, error) {
	var alea [octets]byte
	if _, err := rand.Read(alea[:]); err != nil {
		return "", err
	}
	signes := new(big.Int).SetBytes(alea[:]).Text(62)
	return strings.Repeat("0", longueur-len(signes)) + signes, nil
}

// chiffres of a code: a million codes, of which few may be tried.
const chiffres = 6

// tirerCode is six random digits.
func tirerCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%0*d", chiffres, n.Int64()), nil
}

// hash is the SHA-256 of a secret, in hexadecimal.
func hash(secret string) string {
	somme := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(somme[:])
}

func estSecret(texte string) bool {
	return len(texte) == longueur && !strings.ContainsFunc(texte, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}
