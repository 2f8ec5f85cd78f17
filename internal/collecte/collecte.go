// Package collecte brings the records of sources into the store: it finds
// their communes, says how far their positions can be trusted, attaches the
// records that are plainly of the same place to one place, asks a person where
// it is not plain, and writes all that as one operation that can be resumed and
// undone.
package collecte

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

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

// Options of an import. Zone is ZoneTout when empty; Auteur and Voie sign the
// revisions ("import" when empty). Le is the moment of the import: rows that
// say they are of a later day do not date their file; zero for no such limit.
type Options struct {
	Zone   Zone
	Auteur string
	Voie   string
	Le     time.Time
	// Licence is that of the files, whatever they say; "" leaves it to them. What a
	// file does not say is as it was known.
	Licence string
	// LicenceSupposee is taken for the licence of a file of which nothing says any,
	// now or before; "" leaves it unknown.
	LicenceSupposee string
	// Geocodeur fills the positions that records miss (see Geocoder); nil asks
	// nothing.
	Geocodeur *territoire.Lot
	// Avance is told how far the work is, nil when nobody looks.
	Avance func(e Etape, fait, total int)
}

// Etape is a part of an import that lasts.
type Etape string

// The parts of an import, in their order.
const (
	EtapeSituer     Etape = "situer"     // each record finds its commune
	EtapeRapprocher Etape = "rapprocher" // records are compared
	EtapeConsolider Etape = "consolider" // places are made again
	EtapeEcrire     Etape = "ecrire"     // places are written
)

func (o *Options) avancer(e Etape, fait, total int) {
	if o.Avance != nil {
		o.Avance(e, fait, total)
	}
}

// essais is how many times an import is planned again when places move while
// it is being written.
const essais = 3

// Importer plans files and writes the plan, and plans again what is left when
// places moved meanwhile. It returns the first plan. An *mednum.Error with code
// "perime" says that the places keep changing under it.
func Importer(ctx context.Context, base store.Magasin, t *territoire.Territoire, lectures []norme.Lecture, o Options) (Plan, error) {
	if err := base.Reprendre(ctx); err != nil { // what this program itself was stopped in
		return Plan{}, err
	}
	var premier Plan // the next ones only finish it
	for essai := 1; ; essai++ {
		p, err := Planifier(ctx, base, t, lectures, o)
		if err != nil {
			return Plan{}, err
		}
		if essai == 1 {
			premier = p
		}
		err = Appliquer(ctx, base, &p, func(fait, total int) { o.avancer(EtapeEcrire, fait, total) })
		if err == nil {
			return premier, nil
		}
		if !Perime(err) || essai == essais {
			return Plan{}, fmt.Errorf("import: %w", err)
		}
	}
}

// Perime tells whether an import was refused because places moved after it was
// planned: plan again.
func Perime(err error) bool {
	e, ok := errors.AsType[*mednum.Error](err)
	return ok && e.Code == mednum.Perime
}

// Planifier says what an import of the files would do, and writes nothing:
// which records are new, identical or changed, which place each one belongs to
// and why, and what a person has to decide. It is a pure function of the base,
// of the files and of the options. A record that is already attached stays
// where it is, even where a person put it; two places that exist are never
// merged. Files of one edition of a source are to be given together: what none
// of them has is absent.
func Planifier(ctx context.Context, base store.Magasin, t *territoire.Territoire, lectures []norme.Lecture, o Options) (Plan, error) {
	avant, err := lireEtat(ctx, base)
	if err != nil {
		return Plan{}, err
	}
	if avant.distincts, err = lireDistinctions(ctx, base); err != nil {
		return Plan{}, err
	}
	lectures, geocodage := Geocoder(ctx, t, o.Geocodeur, avant.fiches, lectures, cmp.Or(o.Zone, ZoneTout))
	envois := make([]envoi, len(lectures))
	for i, l := range lectures {
		envois[i] = envoi{lecture: l, zone: o.Zone}
	}
	p, err := planifier(ctx, avant, t, envois, o)
	if o.Geocodeur != nil {
		p.Geocodage = geocodage
	}
	p.signer("import", o)
	return p, err
}

// Appliquer writes a plan as one operation, which the store resumes when it was
// cut short, and tells avance (nil when nobody looks) how many places are
// written. A plan that changes nothing writes nothing. When a place has moved
// since the plan was made the error is an *mednum.Error with code "perime": see
// store.Magasin.Apply. The summary is kept: see Collecte.Imports.
func Appliquer(ctx context.Context, base store.Magasin, p *Plan, avance func(fait, total int)) error {
	if err := p.ecrit.appliquer(store.AvecAvance(ctx, avance), base); err != nil {
		return err
	}
	return noterBilan(ctx, base, p)
}

// etat is what the base holds: every place, record and source, and the
// version of the base before they were read.
type etat struct {
	version   int64
	lieux     map[string]mednum.Lieu
	fiches    map[string]mednum.Fiche // by reference
	flux      map[string]mednum.Flux
	distincts func(a, b string) bool // whether a person told two records apart
	index     map[string][]string    // references of the records of each place, in order; nil when they are not counted yet
}

func etatVide() etat {
	return etat{lieux: map[string]mednum.Lieu{}, fiches: map[string]mednum.Fiche{}, flux: map[string]mednum.Flux{}, distincts: func(string, string) bool { return false }}
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
	e.index = make(map[string][]string, len(e.lieux))
	for i := range fiches { // by flow then key: not the order of references
		e.index[fiches[i].Lieu] = append(e.index[fiches[i].Lieu], fiches[i].Reference())
	}
	for _, refs := range e.index {
		slices.Sort(refs)
	}
	e.flux, err = base.Flux(ctx)
	return e, err
}

// ecrirePlan signs and writes what a plan holds.
func ecrirePlan(ctx context.Context, base store.Magasin, p plan, genre string, o Options) error {
	p.signer(genre, o)
	return p.appliquer(ctx, base)
}

// appliquer writes the sources that changed, then the operation, unless there
// is nothing to write.
func (p *plan) appliquer(ctx context.Context, base store.Magasin) error {
	if err := p.verifier(ctx, base); err != nil {
		return err
	}
	for _, f := range p.flux {
		if err := base.SetFlux(ctx, f); err != nil {
			return err
		}
	}
	if p.operation.ID == "" {
		return nil
	}
	return base.Apply(ctx, p.operation, p.fiches, p.revisions)
}

// somme tells two sets of records, and where they are attached, from one another.
type somme []byte

func sommer(fiches iter.Seq[mednum.Fiche]) somme {
	s := make(somme, sha256.Size)
	for f := range fiches {
		une := sha256.Sum256([]byte(f.Reference() + "\x00" + f.Lieu))
		for i := range s {
			s[i] ^= une[i] // in any order
		}
	}
	return s
}

// verifier refuses (perime) a plan whose records are no longer those of the
// base. Another import that ends between the plan and its writing moves none of
// its places, and yet holds the places that its own records may be.
func (p *plan) verifier(ctx context.Context, base store.Magasin) error {
	if p.connues == nil || p.operation.ID == "" {
		return nil
	}
	if err := base.Reprendre(ctx); err != nil { // what another program has begun is finished, so that it is seen
		return err
	}
	version, err := base.Version(ctx)
	if err != nil || version == p.version {
		return err
	}
	fiches, err := base.Fiches(ctx)
	if err == nil && !bytes.Equal(p.connues, sommer(slices.Values(fiches))) {
		err = &mednum.Error{Code: mednum.Perime, Message: "D’autres fiches sont arrivées depuis."}
	}
	return err
}
