package mednum

import (
	"slices"
	"strconv"
)

// rangPermanence names a permanence to which its record gives no id.
func rangPermanence(i int) string { return "permanence-" + strconv.Itoa(i+1) }

// memePermanence tells whether two permanences of different records say the
// same: same rule, same services, same stop.
func memePermanence(a, b *Permanence) bool {
	return a.Regle == b.Regle && a.Depuis == b.Depuis && a.TousLes == b.TousLes && Normaliser(a.Intitule) == Normaliser(b.Intitule) &&
		a.RendezVous == b.RendezVous && slices.Equal(a.Services, b.Services) && memeArret(a.Arret, b.Arret)
}

func memeArret(a, b *Arret) bool {
	if a == nil || b == nil {
		return a == b
	}
	return Normaliser(a.Nom) == Normaliser(b.Nom) && a.CodeInsee == b.CodeInsee && Normaliser(a.Adresse) == Normaliser(b.Adresse)
}

// cloner copies a permanence so that the copy shares no memory with it.
func cloner(p Permanence) Permanence {
	p.Services = slices.Clone(p.Services)
	if p.Arret != nil {
		arret := *p.Arret
		arret.Latitude, arret.Longitude = clonerDegres(arret.Latitude), clonerDegres(arret.Longitude)
		p.Arret = &arret
	}
	return p
}

func clonerDegres(v *float64) *float64 {
	if v == nil {
		return nil
	}
	copie := *v
	return &copie
}
