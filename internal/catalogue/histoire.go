package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Etape is one revision of a place, with what it changed.
type Etape struct {
	mednum.Revision
	Differences []mednum.Difference
}

// Histoire is every revision of a place, newest first. It names authors: it is
// for those who may change the place only. An unknown place has none.
func (c *Catalogue) Histoire(ctx context.Context, id string) ([]Etape, error) {
	revs, err := c.base.Revisions(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("lieu %s: %w", id, err)
	}
	etapes := make([]Etape, 0, len(revs))
	var avant *mednum.Lieu
	for i := range revs {
		etapes = append(etapes, Etape{revs[i], mednum.Differences(avant, &revs[i].Apres)})
		avant = &revs[i].Apres
	}
	slices.Reverse(etapes)
	return etapes, nil
}

// Depuis are the places of any status that were written after a number of the
// store (mednum.Lieu.Seq), by id, and the greatest number that the snapshot
// knows. Numbers may be seen out of order for 30 seconds.
func (c *Catalogue) Depuis(seq int64) (vues []*Vue, dernier int64) {
	for _, v := range c.courant.Load().parID {
		dernier = max(dernier, v.Seq)
		if v.Seq > seq {
			vues = append(vues, v)
		}
	}
	slices.SortFunc(vues, func(a, b *Vue) int { return cmp.Compare(a.ID, b.ID) })
	return vues, dernier
}

// Fragment is the object that the API gives of a state of a place, as Vue.JSON
// is that of the last one: it holds nothing private.
func Fragment(l mednum.Lieu) ([]byte, error) {
	v := &Vue{Lieu: l}
	if err := v.encoder(); err != nil {
		return nil, fmt.Errorf("lieu %s: %w", l.ID, err)
	}
	return v.JSON, nil
}

// Restaurer gives a place back what people had said of it at an older version
// (see mednum.Lieu.Restaurer), over the records of today, as one new revision;
// where that changes nothing, nothing is written. A version that the place never
// had is "introuvable"; one at which it was merged or withdrawn is "conflit".
// With SetRelecture, only a coordinator restores another name, address, position
// or closing ("interdit"). The rest is refused as Modifier does.
func (c *Catalogue) Restaurer(ctx context.Context, id string, version int, e Edition) (mednum.Lieu, error) {
	ancien, err := c.version(ctx, id, version)
	if err != nil {
		return mednum.Lieu{}, err
	}
	e.siDifferent, e.restaure = true, true
	return c.Modifier(ctx, id, e, func(l *mednum.Lieu) error {
		avant := *l
		l.Restaurer(ancien)
		if c.attend(l, e.Droits) && mednum.SensiblesChangent(&avant, l) {
			return &mednum.Error{Code: mednum.Interdit, Champ: "version", Message: "Cette version a un autre nom, une autre adresse, une autre position ou un autre état : seul un coordinateur peut la rétablir."}
		}
		return nil
	})
}

func (c *Catalogue) version(ctx context.Context, id string, version int) (*mednum.Lieu, error) {
	revs, err := c.base.Revisions(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("lieu %s: %w", id, err)
	}
	i := slices.IndexFunc(revs, func(r mednum.Revision) bool { return r.Version == version })
	if i < 0 {
		return nil, &mednum.Error{Code: mednum.Introuvable, Champ: "version", Message: fmt.Sprintf("Ce lieu n’a pas de version %d.", version)}
	}
	l := &revs[i].Apres
	if l.Statut == mednum.StatutFusionne || l.Statut == mednum.StatutRetire {
		return nil, &mednum.Error{Code: mednum.Conflit, Champ: "version", Message: "À cette version, le lieu était réuni avec un autre, ou retiré : choisissez-en une autre."}
	}
	return l, nil
}
