package mednum

import (
	"bytes"
	"encoding/json"
)

// Reviser is the revision that brings a place from avant (the zero Lieu for a
// new one) to apres, unsigned; change is false when they are the same.
func Reviser(avant, apres Lieu) (rev Revision, change bool) {
	apres.Version, apres.Seq = avant.Version, avant.Seq
	if Identiques(avant, apres) {
		return Revision{}, false
	}
	rev = Revision{Lieu: apres.ID, Version: avant.Version + 1, Apres: apres}
	for _, champ := range ChampsNorme {
		if avant.Champs.Valeur(champ) != apres.Champs.Valeur(champ) {
			rev.Champs = append(rev.Champs, champ)
		}
	}
	return rev, true
}

// Identiques tells whether two values would be stored as the same text.
func Identiques(a, b any) bool {
	x, err := json.Marshal(a)
	if err != nil {
		return false
	}
	y, err := json.Marshal(b)
	return err == nil && bytes.Equal(x, y)
}
