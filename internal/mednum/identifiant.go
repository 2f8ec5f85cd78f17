package mednum

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
)

// alphabetID has no vowel, so that no word appears by chance, and only one of
// each group of signs that are read for one another (0 o, 1 l i, 2 z, 5 s,
// 8 b, 9 g q, u v): an id can be read out on the phone.
const alphabetID = "23456789cdfhjkmnprtvwx"

const longueurID = 8

// NouvelID is the public id of the place that is born from a record: eight
// signs drawn from the SHA-256 of the record's reference ("flux/cle", see
// Fiche.Reference), always the same for the same reference. There are 5.5e10
// ids; the writer of a new place still checks that its id is free.
func NouvelID(reference string) string {
	somme := sha256.Sum256([]byte(reference))
	n := binary.BigEndian.Uint64(somme[:8])
	id := make([]byte, longueurID)
	for i := range id {
		id[i] = alphabetID[n%uint64(len(alphabetID))]
		n /= uint64(len(alphabetID))
	}
	return string(id)
}

// EstID tells whether a text has the shape of a public id: the key of a record
// that was exported from a place.
func EstID(texte string) bool {
	return len(texte) == longueurID && strings.Trim(texte, alphabetID) == ""
}
