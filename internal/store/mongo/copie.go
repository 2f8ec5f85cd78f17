package mongo

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// essaisCopie is how many times Copier finishes the operations under way before
// it gives up.
const essaisCopie = 10

// parCopie is how many places' histories are read at once.
const parCopie = 200

// Copier is the store.Source of the whole base, without any transaction, while
// others write. Records change in operations alone: they are read between two
// readings of the operations, which must find the same ones, all over. Then
// comes the number that the next revision exceeds: revisions up to it are those
// of edits and of these operations, and the later ones of a place have greater
// numbers than the earlier ones.
func (b *Base) Copier(ctx context.Context, f func(store.Element) error) error {
	for range essaisCopie {
		contenu, limite, calme, err := b.contenu(ctx)
		if err != nil {
			return err
		}
		if calme {
			return contenu.Donner(b.now(), func(f func(*mednum.Revision) error) error { return b.revisionsJusqua(ctx, limite, f) }, f)
		}
	}
	return store.OperationsSansFin()
}

// contenu reads all but the revisions, and the number of the last of those; it
// is calme when no operation ran meanwhile.
func (b *Base) contenu(ctx context.Context) (c *store.Contenu, limite int64, calme bool, err error) {
	if err := b.rattraper(ctx, nil); err != nil {
		return nil, 0, false, err
	}
	if err := b.Reprendre(ctx); err != nil {
		return nil, 0, false, err
	}
	calme, err = b.auCalme(ctx, func() error {
		if c, err = b.lireContenu(ctx); err != nil {
			return err
		}
		limite, err = b.suivant(ctx, compteurSeq, 0)
		return err
	})
	return c, limite, calme, err
}

// auCalme calls lire between two readings of the operations, and says whether
// both found the same ones, all over.
func (b *Base) auCalme(ctx context.Context, lire func() error) (bool, error) {
	avant, finiesAvant, err := b.annonces(ctx)
	if err != nil {
		return false, err
	}
	if err := lire(); err != nil {
		return false, err
	}
	apres, finiesApres, err := b.annonces(ctx)
	return finiesAvant && finiesApres && slices.Equal(avant, apres), err
}

// annonces are the operations, sorted, and whether all are over.
func (b *Base) annonces(ctx context.Context) (noms []string, finies bool, err error) {
	liste, err := tous[operation](ctx, b, collOperations, bson.D{}, champs("etat", "annonce"))
	finies = true
	for i := range liste {
		finies = finies && liste[i].Etat == finie
		noms = append(noms, liste[i].Annonce)
	}
	slices.Sort(noms)
	return noms, finies, err
}

func (b *Base) lireContenu(ctx context.Context) (*store.Contenu, error) {
	c := &store.Contenu{}
	var erreurs [5]error
	c.Flux, erreurs[0] = tous[mednum.Flux](ctx, b, collFlux, bson.D{})
	c.Fiches, erreurs[1] = b.Fiches(ctx)
	c.Operations, erreurs[2] = b.Operations(ctx)
	c.Objets, erreurs[3] = b.lireObjets(ctx, bson.D{})
	c.Reglages, erreurs[4] = b.reglages(ctx)
	return c, errors.Join(erreurs[:]...)
}

func (b *Base) reglages(ctx context.Context) ([]store.Reglage, error) {
	type reglage struct {
		ID     string `json:"_id"`
		Valeur string `json:"valeur"`
	}
	lus, err := tous[reglage](ctx, b, collReglages, bson.D{})
	liste := make([]store.Reglage, len(lus))
	for i, r := range lus {
		liste[i] = store.Reglage{Cle: r.ID, Valeur: r.Valeur}
	}
	return liste, err
}

// revisionsJusqua gives the log up to a number to f, by place then version.
func (b *Base) revisionsJusqua(ctx context.Context, limite int64, f func(*mednum.Revision) error) error {
	type lieu struct {
		ID string `json:"_id"`
	}
	lieux, err := tous[lieu](ctx, b, collLieux, bson.D{}, champs("_id"))
	if err != nil {
		return err
	}
	slices.SortFunc(lieux, func(x, y lieu) int { return cmp.Compare(x.ID, y.ID) })
	for partie := range slices.Chunk(lieux, parCopie) {
		ids := make([]string, len(partie))
		for i := range partie {
			ids[i] = partie[i].ID
		}
		filtre := append(parmi("lieu", ids), bson.E{Key: champSeq, Value: bson.D{{Key: "$lte", Value: limite}}})
		liste, err := tous[mednum.Revision](ctx, b, collRevisions, filtre)
		if err != nil {
			return err
		}
		slices.SortFunc(liste, func(x, y mednum.Revision) int {
			return cmp.Or(cmp.Compare(x.Lieu, y.Lieu), cmp.Compare(x.Version, y.Version))
		})
		for i := range liste {
			if err := f(&liste[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
