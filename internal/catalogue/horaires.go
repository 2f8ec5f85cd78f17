package catalogue

import (
	"context"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Horaires are hours as somebody gives them: an OSM opening_hours expression,
// "" when they are not known. Sens, when it is not nil, says what they are the
// hours of.
type Horaires struct {
	Texte string
	Sens  *mednum.SensHoraires
}

// SetHoraires writes the hours of a place as its author gives them today, and
// returns the place as this change left it. To give hours is to say how the
// place is: it is checked from today, by the author of the change.
//
// It refuses what Modifier refuses; hours that cannot be read are "invalide";
// a key that served for other hours of this place is "conflit".
func (c *Catalogue) SetHoraires(ctx context.Context, id string, e Edition, h Horaires) (*Vue, error) {
	le := c.now()
	jour := mednum.DateOf(le.In(c.territoire.Location()))
	l, err := c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		if err := l.CorrigerHoraires(h.Texte, e.Auteur, le); err != nil {
			return err
		}
		if h.Sens != nil {
			if err := l.DireHoraires(*h.Sens); err != nil {
				return err
			}
		}
		return l.Verifier(jour, e.Auteur, jour)
	})
	if err != nil {
		return nil, err
	}
	if !h.dits(&l) {
		return nil, &mednum.Error{Code: mednum.Conflit, Champ: "idempotence", Message: "Cette clé d’idempotence a déjà servi pour d’autres horaires de ce lieu : prenez-en une nouvelle pour chaque modification."}
	}
	return newVue(l, c.territoire)
}

// dits tells whether the place was left with these hours by a person.
func (h Horaires) dits(l *mednum.Lieu) bool {
	correction, ok := l.Corrections[mednum.ChampHoraires]
	return ok && correction.Valeur == strings.TrimSpace(h.Texte) && (h.Sens == nil || *h.Sens == l.SensHoraires)
}
