// Package collecte brings the records of sources into the store: it finds
// their communes, says how far their positions can be trusted, attaches the
// records that are plainly of the same place to one place, and writes all that
// as one operation that can be resumed and undone.
package collecte

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Zone says which records of a file are taken.
type Zone string

// The zones. A place whose commune and position are both unknown is judged by
// its postal code.
const (
	ZoneDepartement Zone = "departement" // the communes of the territory's département
	ZoneVoisinage   Zone = "voisinage"   // and what lies within VoisinageMetres of its border
	ZoneTout        Zone = "tout"        // everything
)

// VoisinageMetres is how far beyond the border the neighbourhood reaches.
const VoisinageMetres = 30_000

// Options of an import. Zone is ZoneVoisinage when empty; Auteur and Voie sign
// the revisions ("import" when empty).
//
// Geocodeur fills the positions that records miss (see Geocoder); nil asks
// nothing.
type Options struct {
	Zone      Zone
	Auteur    string
	Voie      string
	Geocodeur *territoire.Lot
}

// essais is how many times an import is planned again when places move while
// it is being written.
const essais = 3

// Importer brings files into the base. It plans everything first (which
// records are new, identical or changed, which place each one belongs to and
// why), then writes the plan as one operation. The same files a second time
// change nothing. A record that is already attached stays where it is, even
// where a person put it; two places that exist are never merged.
//
// It returns an *mednum.Error with code "perime" when the places keep changing
// under it.
func Importer(ctx context.Context, base store.Magasin, t *territoire.Territoire, lectures []norme.Lecture, o Options) (Bilan, error) {
	var envois []envoi
	var geocodage Geocodage
	var bilan Bilan // of the first plan: the next ones only finish it
	for essai := 1; ; essai++ {
		avant, err := lireEtat(ctx, base)
		if err != nil {
			return Bilan{}, err
		}
		if essai == 1 {
			lectures, geocodage = Geocoder(ctx, t, o.Geocodeur, avant.fiches, lectures, cmp.Or(o.Zone, ZoneVoisinage))
			for _, l := range lectures {
				envois = append(envois, envoi{lecture: l, zone: o.Zone})
			}
		}
		p := planifier(avant, t, envois)
		if essai == 1 {
			bilan = p.bilan
			if o.Geocodeur != nil {
				bilan.Geocodage = geocodage
			}
		}
		err = ecrirePlan(ctx, base, p, "import", o)
		if err == nil {
			return bilan, nil
		}
		var refus *mednum.Error
		if !errors.As(err, &refus) || refus.Code != mednum.Perime || essai == essais {
			return Bilan{}, fmt.Errorf("import: %w", err)
		}
	}
}

// etat is what the base holds: every place, record and source, and the
// version of the base before they were read.
type etat struct {
	version int64
	lieux   map[string]mednum.Lieu
	fiches  map[string]mednum.Fiche // by reference
	flux    map[string]mednum.Flux
}

func etatVide() etat {
	return etat{lieux: map[string]mednum.Lieu{}, fiches: map[string]mednum.Fiche{}, flux: map[string]mednum.Flux{}}
}

func lireEtat(ctx context.Context, base store.Magasin) (etat, error) {
	e := etatVide()
	var err error
	if e.version, err = base.Version(ctx); err != nil {
		return etat{}, err
	}
	lieux, err := base.Lieux(ctx)
	if err != nil {
		return etat{}, err
	}
	for _, l := range lieux {
		e.lieux[l.ID] = l
	}
	fiches, err := base.Fiches(ctx)
	if err != nil {
		return etat{}, err
	}
	for _, f := range fiches {
		e.fiches[f.Reference()] = f
	}
	e.flux, err = base.Flux(ctx)
	return e, err
}

// ecrirePlan writes the sources that changed, then the operation, unless there
// is nothing to write.
func ecrirePlan(ctx context.Context, base store.Magasin, p plan, genre string, o Options) error {
	for _, f := range p.flux {
		if err := base.SetFlux(ctx, f); err != nil {
			return err
		}
	}
	if len(p.fiches) == 0 && len(p.revisions) == 0 {
		return nil
	}
	auteur, voie := o.Auteur, o.Voie
	if auteur == "" {
		auteur = "import"
	}
	if voie == "" {
		voie = "import"
	}
	for i := range p.revisions {
		p.revisions[i].Auteur, p.revisions[i].Voie = auteur, voie
	}
	op := mednum.Operation{ID: p.empreinte(genre), Genre: genre, Auteur: auteur, Rattachements: p.rattachements}
	return base.Apply(ctx, op, p.fiches, p.revisions)
}
