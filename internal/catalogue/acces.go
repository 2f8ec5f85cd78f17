package catalogue

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Acces says in a few words how to come, from modalites_acces and permanences;
// "" when the place does not say. Walking in is promised only when the place
// itself says "Se présenter".
func Acces(l *mednum.Lieu) string {
	m := l.Champs.ModalitesAcces
	switch {
	case surPlaceJamais(l):
		return "N’accueille pas de public"
	case surRendezVous(l):
		return accesSurRDV
	case parfoisSurRendezVous(l):
		return accesParfoisRDV
	case slices.Contains(m, accesSePresenter):
		return "Sans rendez-vous"
	case slices.Contains(m, accesTelephoner):
		return accesAppeler
	case slices.Contains(m, "Contacter par mail"):
		return "Écrivez avant de venir"
	case slices.Contains(m, "Envoyer un mail avec une fiche de prescription"):
		return "Il faut être orienté par un travailleur social"
	}
	return ""
}

// The advice that stands beside the state of open doors too.
const (
	accesSurRDV     = "Sur rendez-vous"
	accesParfoisRDV = "Certains jours, sur rendez-vous"
	accesAppeler    = "Téléphonez avant de venir"
)

// conseil is what to know before coming when doors are open: the part of Acces
// that keeps from just walking in.
func conseil(l *mednum.Lieu) string {
	if a := Acces(l); a == accesSurRDV || a == accesParfoisRDV || a == accesAppeler {
		return a
	}
	return ""
}

func surPlaceJamais(l *mednum.Lieu) bool {
	return slices.Contains(l.Champs.ModalitesAcces, accesSansPublic)
}

// surRendezVous tells whether all the help of the place needs an appointment:
// it takes some, and nobody is asked just to come.
func surRendezVous(l *mednum.Lieu) bool {
	fixes := 0
	for i := range l.Permanences {
		if l.Permanences[i].Arret != nil || slices.Equal(l.Permanences[i].Services, materielSeul) {
			continue
		}
		if fixes++; !l.Permanences[i].RendezVous {
			return false
		}
	}
	if slices.Contains(l.Champs.ModalitesAcces, accesSePresenter) {
		return false
	}
	return fixes > 0 || slices.Contains(l.Champs.ModalitesAcces, accesRDVEnLigne)
}

// materielSeul is a permanence at which a computer is there, and nobody to help.
var materielSeul = []string{"Accès internet et matériel informatique"}

// parfoisSurRendezVous tells whether some help of the place needs one.
func parfoisSurRendezVous(l *mednum.Lieu) bool {
	return slices.ContainsFunc(l.Permanences, func(p mednum.Permanence) bool { return p.RendezVous && p.Arret == nil })
}
