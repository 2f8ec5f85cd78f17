package reseau

import (
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// Ligne is one thing that the public sees of a place, in words.
type Ligne struct{ Quoi, Texte string }

// permanencesMax is how many permanences are told, at most.
const permanencesMax = 8

// Publie is what the public sees of a place, as its reminder recalls it: hours,
// permanences, phone, address.
func Publie(v *catalogue.Vue) []Ligne {
	var lignes []Ligne
	if !v.Itinerant() {
		lignes = append(lignes, Ligne{"Horaires", valeur(v, mednum.ChampHoraires, "non communiqués")})
	}
	for i := range v.Permanences[:min(len(v.Permanences), permanencesMax)] {
		lignes = append(lignes, direPermanence(v, &v.Permanences[i]))
	}
	if reste := len(v.Permanences) - permanencesMax; reste > 0 {
		lignes = append(lignes, Ligne{"Et aussi", fmt.Sprintf("%s sur la page du lieu", textes.Pluriel(reste, "autre permanence", "autres permanences"))})
	}
	return append(lignes,
		Ligne{"Téléphone", valeur(v, mednum.ChampTelephone, "aucun")},
		Ligne{"Adresse", strings.TrimSpace(v.Champs.Adresse + ", " + v.Champs.CodePostal + " " + v.Champs.Commune)},
	)
}

// valeur is a column in words, or what is said when it is empty.
func valeur(v *catalogue.Vue, champ mednum.Champ, vide string) string {
	texte := v.Champs.Valeur(champ)
	if texte == "" {
		return vide
	}
	return catalogue.EnMots(mednum.Difference{Champ: champ, Apres: texte}, nil).Apres
}

// direPermanence says when help is there, and where when it moves.
func direPermanence(v *catalogue.Vue, p *mednum.Permanence) Ligne {
	quoi, quand := "Permanence", "horaires non communiqués"
	if p.Intitule != "" {
		quoi = p.Intitule
	}
	if p.Arret != nil {
		quoi = p.Arret.Nom
		if p.Arret.Commune != "" && p.Arret.Commune != p.Arret.Nom {
			quoi += ", " + textes.A(p.Arret.Commune)
		}
	}
	if e := v.RegleUsuelle(p.ID); e != nil {
		quand = textes.Regle(e)
	} else if p.Regle != "" {
		quand = p.Regle
	}
	if p.RendezVous {
		quand += ", sur rendez-vous"
	}
	return Ligne{quoi, quand}
}
