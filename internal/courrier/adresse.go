package courrier

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode/utf8"
)

// motifAdresse is what every server takes: the addresses that a form of HTML
// accepts (WHATWG, "valid e-mail address"), with a dot in their domain.
var motifAdresse = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~` + "`" + `-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$`)

// adresseMax is the length of an address, in bytes (RFC 5321, 4.5.3.1.3).
const adresseMax = 254

func verifierAdresse(adresse string) error {
	if len(adresse) > adresseMax || !motifAdresse.MatchString(adresse) {
		return invalide("a", "Cette adresse de courriel n’est pas complète : elle s’écrit sans accent ni espace, comme prenom@exemple.fr.")
	}
	return nil
}

// Masquer is an address as a page may show it: its first letter and its
// domain, "m•••@exemple.fr"; "•••" when it is no address.
func Masquer(adresse string) string {
	i := strings.LastIndexByte(adresse, '@')
	if i <= 0 {
		return "•••"
	}
	_, n := utf8.DecodeRuneInString(adresse)
	return adresse[:n] + "•••" + adresse[i:]
}

// empreinte is what an address is found by: the SHA-256 of its lower case, in
// hexadecimal.
func empreinte(adresse string) string {
	somme := sha256.Sum256([]byte(strings.ToLower(adresse)))
	return hex.EncodeToString(somme[:])
}
