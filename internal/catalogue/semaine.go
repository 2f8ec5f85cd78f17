package catalogue

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// Passage is one time that a person is expected somewhere: Permanence is one of
// Lieu's, with its stop where it has one. Annule tells that it does not take
// place, because of Exception (of the permanence, or of the whole place).
// AConfirmer tells that its rule is not sure of that time: Commentaire says why.
type Passage struct {
	Lieu        *Vue
	Permanence  *mednum.Permanence
	Debut, Fin  time.Time // in the territory's zone
	Commentaire string
	AConfirmer  bool
	Annule      bool
	Exception   mednum.Exception
}

// Semaine is every time that a person holds help from a day to another, both
// included, in the places that the rights cover, in the order of time: what is
// cancelled stands there too. compte is that of mednum.Permanence.Compte.
func (c *Catalogue) Semaine(compte string, droits []mednum.Habilitation, du, au mednum.Date) []Passage {
	if compte == "" {
		return nil
	}
	loc := c.territoire.Location()
	debut, fin := du.In(loc), au.In(loc).AddDate(0, 0, 1)
	var liste []Passage
	for _, v := range c.LieuxDe(droits) {
		for i := range v.Permanences {
			if v.Publie() && v.Permanences[i].Compte == compte {
				liste = append(liste, c.passages(v, &v.Permanences[i], debut, fin)...)
			}
		}
	}
	slices.SortStableFunc(liste, func(a, b Passage) int { return cmp.Or(a.Debut.Compare(b.Debut), a.Fin.Compare(b.Fin)) })
	return liste
}

// Tournee is every time that an itinerant service stops somewhere from a day to
// another, both included, in the order of time: what is cancelled stands there
// too.
func (c *Catalogue) Tournee(v *Vue, du, au mednum.Date) []Passage {
	loc := c.territoire.Location()
	var liste []Passage
	for i := range v.Permanences {
		if v.Permanences[i].Arret != nil {
			liste = append(liste, c.passages(v, &v.Permanences[i], du.In(loc), au.In(loc).AddDate(0, 0, 1))...)
		}
	}
	slices.SortStableFunc(liste, func(a, b Passage) int { return cmp.Or(a.Debut.Compare(b.Debut), a.Fin.Compare(b.Fin)) })
	return liste
}

// passages are the times of one permanence: as they are, then those that a
// closing cancels, as they would have been.
func (c *Catalogue) passages(v *Vue, p *mednum.Permanence, debut, fin time.Time) []Passage {
	cal := c.calendrier(v.communeDe(p.ID))
	var liste []Passage
	noter := func(regle *horaires.Expression, annules bool) {
		if regle == nil {
			return
		}
		for _, h := range regle.Entre(debut, fin, cal) {
			loc := c.territoire.Location()
			passage := Passage{Lieu: v, Permanence: p, Debut: h.Debut.In(loc), Fin: h.Fin.In(loc), Commentaire: h.Commentaire, AConfirmer: h.Etat != horaires.Ouvert}
			passage.Exception, passage.Annule = v.FermetureDe(p.ID, mednum.DateOf(passage.Debut))
			if passage.Annule == annules {
				liste = append(liste, passage)
			}
		}
	}
	noter(v.Regle(p.ID), false)
	noter(v.RegleUsuelle(p.ID), true)
	return liste
}

// PermanenceDe names a permanence of a place.
type PermanenceDe struct{ Lieu, Permanence string }

// Absence closes permanences of several places, both days included: the person
// is away, the places stay open. Every place is checked before the first is
// written, then each has one revision, under the key e.Idempotence + "/" + id;
// asked again under the same key, only what was not written is. e.Version is not
// looked at. It refuses what Modifier and mednum.Lieu.AjouterException refuse.
func (c *Catalogue) Absence(ctx context.Context, e Edition, permanences []PermanenceDe, du, au mednum.Date, motif string) ([]mednum.Lieu, error) {
	jour := c.jour(c.now())
	return c.partout(ctx, e, permanences, func(l *mednum.Lieu, permanence string) error {
		_, err := l.AjouterException(mednum.Exception{Du: du, Au: au, Motif: motif, Permanence: permanence}, jour)
		return err
	})
}

// AnnulerAbsence takes back, of these permanences, the closings of exactly those
// days; one that is not there any more is no error. It writes as Absence does.
func (c *Catalogue) AnnulerAbsence(ctx context.Context, e Edition, permanences []PermanenceDe, du, au mednum.Date) ([]mednum.Lieu, error) {
	au = cmp.Or(au, du)
	return c.partout(ctx, e, permanences, func(l *mednum.Lieu, permanence string) error {
		l.Exceptions = slices.DeleteFunc(slices.Clone(l.Exceptions), func(x mednum.Exception) bool {
			return x.Permanence == permanence && permanence != "" && !x.Ouvert && x.Du == du && x.Au == au
		})
		return nil
	})
}

// partout makes a change of each permanence, one revision a place.
func (c *Catalogue) partout(ctx context.Context, e Edition, permanences []PermanenceDe, change func(l *mednum.Lieu, permanence string) error) ([]mednum.Lieu, error) {
	parLieu := map[string][]string{}
	for _, p := range permanences {
		if p.Permanence == "" {
			return nil, invalide("permanence", "Dites de quelle permanence il s’agit : le lieu, lui, reste ouvert.")
		}
		parLieu[p.Lieu] = append(parLieu[p.Lieu], p.Permanence)
	}
	if len(parLieu) == 0 {
		return nil, invalide("permanences", "Choisissez au moins une permanence.")
	}
	tout := func(l *mednum.Lieu) error {
		var fautes []error
		for _, permanence := range parLieu[l.ID] {
			fautes = append(fautes, change(l, permanence))
		}
		return errors.Join(fautes...)
	}
	ids := slices.Sorted(maps.Keys(parLieu))
	e.Version = 0
	for _, id := range ids {
		if err := c.essayer(ctx, id, e.pour(id), tout); err != nil {
			return nil, err
		}
	}
	var lieux []mednum.Lieu
	for _, id := range ids {
		l, err := c.Modifier(ctx, id, e.pour(id), tout)
		if err != nil {
			return lieux, err
		}
		lieux = append(lieux, l)
	}
	return lieux, nil
}

// pour is the edition with the key of one place among several.
func (e Edition) pour(id string) Edition {
	if e.Idempotence != "" {
		e.Idempotence += "/" + id
	}
	return e
}

// essayer tells whether Modifier would accept a change, and writes nothing.
func (c *Catalogue) essayer(ctx context.Context, id string, e Edition, change func(*mednum.Lieu) error) error {
	l, err := c.base.Lieu(ctx, id)
	if err != nil {
		return err
	}
	if err := c.autoriser(&l, e.Droits); err != nil {
		return err
	}
	if _, deja, err := c.deja(ctx, id, e); deja || err != nil {
		return err
	}
	if err := modifiable(&l, e.Version); err != nil {
		return err
	}
	return change(&l)
}
