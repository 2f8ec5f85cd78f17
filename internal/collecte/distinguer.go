package collecte

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

const genreDistinction = "distinction"

// distinction is somebody's word that two places are two: it holds between the
// records that each one had, wherever they are attached later, and between the
// places themselves.
type distinction struct {
	Fiches [2][]string `json:"fiches"` // references of the records of each
	Lieux  [2]string   `json:"lieux"`
	Auteur string      `json:"auteur"`
	Le     time.Time   `json:"le,omitzero"`
	Motif  string      `json:"motif,omitempty"`
}

// Distinguer notes that two places are two: Questions does not ask again, and no
// import joins their records. Saying it twice is no error. A place that is not
// known is "introuvable"; one that no longer is, or the same twice, is
// "invalide".
func (c *Collecte) Distinguer(ctx context.Context, a, b, auteur string) error {
	e, err := c.lireDeux(ctx, a, b)
	if err != nil {
		return err
	}
	if a == b {
		return memeLieuDeuxFois()
	}
	err = distinguer(ctx, c.Base, e, distinction{Lieux: [2]string{a, b}, Auteur: auteur, Le: c.Now(), Motif: "ce n’est pas le même lieu"})
	if err == nil {
		c.repondre(func(q *Question) bool { return q.est(a, b) })
	}
	return err
}

// distinguer writes a distinction, with the records that the places have now
// unless some are given, beside those that it had.
func distinguer(ctx context.Context, base store.Magasin, e etat, d distinction) error {
	d.Le = d.Le.UTC().Truncate(time.Second)
	for i := range d.Lieux {
		if d.Fiches[i] == nil {
			d.Fiches[i] = e.referencesDe(d.Lieux[i])
		}
	}
	id := idDistinction(d.Lieux[0], d.Lieux[1])
	ancienne, o, err := store.Lire[distinction](ctx, base, genreDistinction, id)
	if err != nil && !estCode(err, mednum.Introuvable) {
		return err
	}
	if err == nil {
		if ancienne.Lieux != d.Lieux {
			d.Lieux[0], d.Lieux[1], d.Fiches[0], d.Fiches[1] = d.Lieux[1], d.Lieux[0], d.Fiches[1], d.Fiches[0]
		}
		for i := range d.Fiches {
			d.Fiches[i] = slices.Compact(slices.Sorted(slices.Values(slices.Concat(ancienne.Fiches[i], d.Fiches[i]))))
		}
		if slices.Equal(d.Fiches[0], ancienne.Fiches[0]) && slices.Equal(d.Fiches[1], ancienne.Fiches[1]) {
			return nil
		}
	}
	err = store.Poser(ctx, base, store.Objet{Genre: genreDistinction, ID: id, Version: o.Version + 1, Cles: slices.Sorted(slices.Values(d.Lieux[:]))}, d)
	if err != nil {
		return fmt.Errorf("distinction %s: %w", id, err)
	}
	return nil
}

func idDistinction(a, b string) string {
	return mednum.NouvelID(genreDistinction + "/" + min(a, b) + "/" + max(a, b))
}

// Oublier takes back whatever was said of two places being two. There being
// nothing to take back is no error.
func (c *Collecte) Oublier(ctx context.Context, a, b string) error {
	defer c.perimer()
	e, err := lireEtat(ctx, c.Base)
	if err != nil {
		return err
	}
	return oublier(ctx, c.Base, e, a, b)
}

func oublier(ctx context.Context, base store.Magasin, e etat, a, b string) error {
	distinctions, err := store.LireTous[distinction](ctx, base, store.Choix{Genre: genreDistinction})
	if err != nil {
		return err
	}
	un, deux := e.referencesDe(a), e.referencesDe(b)
	for _, d := range distinctions {
		if !d.separe(a, b, un, deux) {
			continue
		}
		if err := base.OterObjet(ctx, genreDistinction, idDistinction(d.Lieux[0], d.Lieux[1])); err != nil {
			return err
		}
	}
	return nil
}

// separe tells whether the distinction is between two places, by their ids or by
// the records that they have now.
func (d *distinction) separe(a, b string, fichesA, fichesB []string) bool {
	commun := func(x, y []string) bool {
		return slices.ContainsFunc(x, func(ref string) bool { return slices.Contains(y, ref) })
	}
	return d.Lieux == [2]string{a, b} || d.Lieux == [2]string{b, a} ||
		commun(d.Fiches[0], fichesA) && commun(d.Fiches[1], fichesB) || commun(d.Fiches[0], fichesB) && commun(d.Fiches[1], fichesA)
}

// lireDistinctions tells of two records, by their references, whether somebody
// said that their places are two.
func lireDistinctions(ctx context.Context, base store.Magasin) (func(a, b string) bool, error) {
	distinctions, err := store.LireTous[distinction](ctx, base, store.Choix{Genre: genreDistinction})
	if err != nil {
		return nil, err
	}
	dites := map[[2]string]bool{}
	for _, d := range distinctions {
		for _, a := range d.Fiches[0] {
			for _, b := range d.Fiches[1] {
				dites[[2]string{min(a, b), max(a, b)}] = true
			}
		}
	}
	return func(a, b string) bool { return dites[[2]string{min(a, b), max(a, b)}] }, nil
}

// fichesDe are the records of a place, by reference.
func (e *etat) fichesDe(lieu string) []mednum.Fiche {
	var liste []mednum.Fiche
	if e.index != nil {
		for _, ref := range e.index[lieu] {
			liste = append(liste, e.fiches[ref])
		}
		return liste
	}
	for _, ref := range slices.Sorted(maps.Keys(e.fiches)) {
		if f := e.fiches[ref]; f.Lieu == lieu {
			liste = append(liste, f)
		}
	}
	return liste
}

// Distinct is a pair of places that somebody said are two, by whom and when; Motif
// says on what occasion.
type Distinct struct {
	Lieux         [2]string
	Auteur, Motif string
	Le            time.Time
}

// Distincts are the pairs that people said are two places, newest first.
func (c *Collecte) Distincts(ctx context.Context) ([]Distinct, error) {
	distinctions, err := c.distinctionsDe(ctx)
	liste := make([]Distinct, 0, len(distinctions))
	for _, d := range distinctions {
		liste = append(liste, Distinct{d.Lieux, d.Auteur, d.Motif, d.Le})
	}
	slices.SortStableFunc(liste, func(a, b Distinct) int { return b.Le.Compare(a.Le) })
	return liste, err
}

func (c *Collecte) distinctionsDe(ctx context.Context) ([]distinction, error) {
	return store.LireTous[distinction](ctx, c.Base, store.Choix{Genre: genreDistinction})
}

// sansFiche is the reference that stands for a place that no record makes.
func sansFiche(lieu string) string { return "/" + lieu }

func (e *etat) referencesDe(lieu string) []string {
	var refs []string
	for _, f := range e.fichesDe(lieu) {
		refs = append(refs, f.Reference())
	}
	if len(refs) == 0 {
		refs = []string{sansFiche(lieu)}
	}
	return refs
}

// existe refuses a place that is not there any more.
func existe(e etat, id string) error {
	l, ok := e.lieux[id]
	switch {
	case !ok:
		return &mednum.Error{Code: mednum.Introuvable, Champ: "lieu", Message: fmt.Sprintf("Nous ne connaissons pas le lieu « %s ».", id)}
	case l.Statut == mednum.StatutFusionne:
		return invalide("lieu", "Le lieu « %s » a déjà été réuni avec un autre : prenez plutôt %s.", id, l.Vers)
	case l.Statut == mednum.StatutRetire:
		return invalide("lieu", "Le lieu « %s » est retiré : il n’y a plus rien à décider.", id)
	}
	return nil
}

func memeLieuDeuxFois() error {
	return invalide("lieu", "C’est deux fois le même lieu : donnez les identifiants de deux lieux.")
}

func invalide(champ, format string, args ...any) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: fmt.Sprintf(format, args...)}
}

func conflit(champ, format string, args ...any) error {
	return &mednum.Error{Code: mednum.Conflit, Champ: champ, Message: fmt.Sprintf(format, args...)}
}

func estCode(err error, code mednum.Code) bool {
	var refus *mednum.Error
	return errors.As(err, &refus) && refus.Code == code
}
