package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Element is one thing that a base holds: one field is set, the others are nil.
// A place is not one: it is the after-image of its newest revision.
type Element struct {
	Flux      *mednum.Flux      `json:"flux,omitempty"`
	Revision  *mednum.Revision  `json:"revision,omitempty"`
	Fiche     *mednum.Fiche     `json:"fiche,omitempty"`
	Operation *mednum.Operation `json:"operation,omitempty"`
	Reglage   *Reglage          `json:"reglage,omitempty"`
	Objet     *Objet            `json:"objet,omitempty"`
}

// Reglage is a setting.
type Reglage struct {
	Cle    string `json:"cle"`
	Valeur string `json:"valeur"`
}

// Source gives elements to f, one after the other, and stops at its first
// error. They come in this order, whatever the store: sources by id, revisions
// by place then version, records by flow then key, operations oldest first then
// by id, settings by key, objects by genre then id. Texts are compared
// by their bytes. A revision carries its Version and Seq, its moment in UTC.
type Source func(ctx context.Context, f func(Element) error) error

// CleChargement is the setting of a base that Charger has begun to fill. It is
// in no copy.
const CleChargement = "chargement"

// ChargementCoupe refuses to open a base that was filled in part.
func ChargementCoupe(nom string) *mednum.Error {
	return &mednum.Error{
		Code: mednum.Indisponible, Champ: "base",
		Message: fmt.Sprintf("La base « %s » n’a été remplie qu’en partie : sa restauration ou sa migration a été coupée. Recommencez la même commande.", nom),
	}
}

// PasVide refuses to fill a base that holds something.
func PasVide(nom string) *mednum.Error {
	return &mednum.Error{
		Code: mednum.Conflit, Champ: "base",
		Message: fmt.Sprintf("La base « %s » n’est pas vide, et rien n’y a été écrit : nommez une base qui n’existe pas encore, ou déplacez celle-ci d’abord.", nom),
	}
}

// OperationsSansFin refuses to copy a base where imports never stop.
func OperationsSansFin() *mednum.Error {
	return &mednum.Error{
		Code: mednum.Indisponible, Champ: "base",
		Message: "Des imports se suivent sans arrêt dans cette base : recommencez quand ils sont finis.",
	}
}

// Contenu is what a base holds beside its revisions.
type Contenu struct {
	Flux       []mednum.Flux
	Fiches     []mednum.Fiche
	Operations []mednum.Operation
	Reglages   []Reglage
	Objets     []Objet
}

// Donner gives a base to f as a Source does: revisions calls its argument with
// each revision, in order; the rest is put in order here. Objects that may be
// swept at that instant are left out.
func (c *Contenu) Donner(now time.Time, revisions func(f func(*mednum.Revision) error) error, f func(Element) error) error {
	c.ordonner()
	if err := chacun(c.Flux, func(v *mednum.Flux) error { return f(Element{Flux: v}) }); err != nil {
		return err
	}
	err := revisions(func(r *mednum.Revision) error {
		r.Le = r.Le.UTC()
		return f(Element{Revision: r})
	})
	if err != nil {
		return err
	}
	if err := chacun(c.Fiches, func(v *mednum.Fiche) error { return f(Element{Fiche: v}) }); err != nil {
		return err
	}
	if err := chacun(c.Operations, func(v *mednum.Operation) error { return f(Element{Operation: v}) }); err != nil {
		return err
	}
	err = chacun(c.Reglages, func(v *Reglage) error {
		if v.Cle == CleChargement {
			return nil
		}
		return f(Element{Reglage: v})
	})
	if err != nil {
		return err
	}
	return chacun(c.Objets, func(v *Objet) error {
		if v.Balayable(now) {
			return nil
		}
		return f(Element{Objet: v})
	})
}

func chacun[T any](liste []T, f func(*T) error) error {
	for i := range liste {
		if err := f(&liste[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *Contenu) ordonner() {
	slices.SortFunc(c.Flux, func(x, y mednum.Flux) int { return cmp.Compare(x.ID, y.ID) })
	slices.SortFunc(c.Fiches, func(x, y mednum.Fiche) int {
		return cmp.Or(cmp.Compare(x.Flux, y.Flux), cmp.Compare(x.Cle, y.Cle))
	})
	slices.SortFunc(c.Operations, func(x, y mednum.Operation) int {
		return cmp.Or(x.Le.Compare(y.Le), cmp.Compare(x.ID, y.ID))
	})
	slices.SortFunc(c.Reglages, func(x, y Reglage) int { return cmp.Compare(x.Cle, y.Cle) })
	slices.SortFunc(c.Objets, func(x, y Objet) int {
		return cmp.Or(cmp.Compare(x.Genre, y.Genre), cmp.Compare(x.ID, y.ID))
	})
}
