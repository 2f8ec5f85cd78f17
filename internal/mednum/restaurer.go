package mednum

import (
	"maps"
	"slices"
)

// Restaurer gives the place what people had said of it in an older state:
// corrections, permanences entered or changed, exceptions, sense of the hours, languages,
// check, day of the last change, and whether it was closed for good. Records stay those of today: the
// caller consolidates. A place never goes back to being a proposal, and what
// waits goes on waiting.
func (l *Lieu) Restaurer(ancien *Lieu) {
	permanences := slices.DeleteFunc(slices.Clone(l.Permanences), func(p Permanence) bool { return p.Fiche == "" })
	for _, p := range ancien.Permanences {
		if p.Fiche == "" {
			permanences = append(permanences, cloner(p))
		}
	}
	l.Permanences = permanences
	l.Corrections, l.Retouches = maps.Clone(ancien.Corrections), maps.Clone(ancien.Retouches)
	l.Exceptions, l.SensHoraires = slices.Clone(ancien.Exceptions), ancien.SensHoraires
	l.Langues = slices.Clone(ancien.Langues)
	l.VerifieLe, l.VerifiePar = ancien.VerifieLe, ancien.VerifiePar
	l.ModifieLe, l.ModifiePar = ancien.ModifieLe, ancien.ModifiePar
	if ancien.Statut == StatutPublie || ancien.Statut == StatutFerme {
		l.Statut, l.Fermeture = ancien.Statut, ancien.Fermeture
	}
}

// SensiblesChangent tells whether two states of a place differ in what people
// said of what it is: a sensitive column, or its closing for good.
func SensiblesChangent(a, b *Lieu) bool {
	return a.Statut != b.Statut || slices.ContainsFunc(sensibles, func(champ Champ) bool {
		x, corrigeA := a.Corrections[champ]
		y, corrigeB := b.Corrections[champ]
		return corrigeA != corrigeB || x.Valeur != y.Valeur
	})
}
