package collecte

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// envoi is one file that was read, and which of its records are wanted.
type envoi struct {
	lecture norme.Lecture
	zone    Zone
}

// plan is what an import, a merge or a separation writes.
type plan struct {
	version       int64          // of the base that it was made for
	connues       somme          // of the records that it was made for; nil when the operation adds none
	flux          []mednum.Flux  // sources that are new or changed
	fiches        []mednum.Fiche // records that are new, changed or moved
	revisions     []mednum.Revision
	rattachements []mednum.Rattachement // of the new records, and why
	operation     mednum.Operation      // see signer; without an id there is nothing to write
}

// signer says who writes the plan, and names its operation.
func (p *plan) signer(genre string, o Options) {
	if len(p.fiches) == 0 && len(p.revisions) == 0 {
		return
	}
	auteur, voie := cmp.Or(o.Auteur, "import"), cmp.Or(o.Voie, "import")
	for i := range p.revisions {
		p.revisions[i].Auteur, p.revisions[i].Voie = auteur, voie
	}
	p.operation = mednum.Operation{ID: p.empreinte(genre), Genre: genre, Auteur: auteur, Rattachements: p.rattachements}
}

// empreinte names the operation after what it writes and what it was made for,
// so that the same plan is the same operation.
func (p *plan) empreinte(genre string) string {
	h := sha256.New()
	ecrireJSON(h, genre, p.version)
	for i := range p.fiches {
		ecrireJSON(h, &p.fiches[i])
	}
	for i := range p.revisions {
		ecrireJSON(h, &p.revisions[i])
	}
	return genre + "-" + hex.EncodeToString(h.Sum(nil)[:8])
}

// ecrireJSON hashes values one by one: a whole plan in one text would double
// the memory of an import.
func ecrireJSON(h hash.Hash, valeurs ...any) {
	e := json.NewEncoder(h)
	for _, v := range valeurs {
		if err := e.Encode(v); err != nil {
			fmt.Fprintf(h, "%v", err)
		}
	}
}

// planner holds a plan in the making. etat is what will be there once it is
// written, avant what is there.
type planner struct {
	etat
	avant     etat
	t         *territoire.Territoire
	o         Options
	plan      Plan
	editions  map[string]mednum.Date // of the newest file of each source, those at hand included
	vues      map[string]bool        // references that the newest files hold, taken or not
	touchees  map[string]bool        // references of the records whose place is to be made again
	nouvelles []string               // references of the records that the base does not know
	changees  []string               // of those that it knows otherwise
	ecrites   map[string]bool        // references of the records to write
	ou        map[string]place       // where the row of a record is told, by reference
	lignes    [][]Ligne              // by file
	comptes   []Bilan                // by file, of the rows that are not told
	parLieu   map[string][]string    // references of the records of a place of the base, nil until they are asked for
	autres    []*mednum.Fiche        // copies of the records of the base that are in none of the files
	exports   map[string]bool        // sources of files that are an export of ours
	repesees  map[string]bool        // sources whose licence or trust changed
}

// place is where a row is told: its file, and its rank among those told of it.
// rang is -1 when it is only counted.
type place struct{ fichier, rang int }

// planifier is pure: it changes neither the state nor the files.
func planifier(ctx context.Context, avant etat, t *territoire.Territoire, envois []envoi, o Options) (Plan, error) {
	p := &planner{
		etat:  etat{version: avant.version, lieux: maps.Clone(avant.lieux), fiches: maps.Clone(avant.fiches), flux: maps.Clone(avant.flux), distincts: avant.distincts},
		avant: avant, t: t, o: o, vues: map[string]bool{}, touchees: map[string]bool{}, ecrites: map[string]bool{},
		ou: map[string]place{}, lignes: make([][]Ligne, len(envois)), comptes: make([]Bilan, len(envois)), repesees: map[string]bool{}, exports: map[string]bool{},
	}
	envois = p.detournerExports(envois)
	p.dater(envois)
	situees, tables, err := p.situate(ctx, envois)
	if err != nil {
		return Plan{}, err
	}
	markCentres(t, tables)
	for _, i := range p.ordre(envois) {
		p.receive(i, envois[i], situees[i])
	}
	p.keepDoubts()
	p.marquerAbsents(envois)
	p.lireFlux(envois)
	etapes := []func(context.Context) error{p.attach, p.consolidate}
	for _, etape := range etapes {
		if err := etape(ctx); err != nil {
			return Plan{}, err
		}
	}
	p.count(envois)
	p.plan.ecrit.version, p.plan.ecrit.connues = avant.version, sommer(maps.Values(avant.fiches))
	return p.plan, nil
}

// pas is how many records are worked through between two looks at the clock.
const pas = 500

// situate finds the communes of every record, wanted or not: also those left
// out tell which points stand for a commune. It returns copies, by file, and
// all records whose position is to be judged together.
func (p *planner) situate(ctx context.Context, envois []envoi) (situees [][]mednum.Fiche, toutes []*mednum.Fiche, err error) {
	s := newSituateur(p.t)
	lues := map[string]bool{}
	situees = make([][]mednum.Fiche, len(envois))
	fait, total := 0, 0
	for _, e := range envois {
		total += len(e.lecture.Fiches)
	}
	for i, e := range envois {
		situees[i] = make([]mednum.Fiche, 0, len(e.lecture.Fiches))
		for _, f := range e.lecture.Fiches {
			if situee, ecart := s.situer(f); ecart != nil {
				p.ecarterLigne(i, &e, ecart)
			} else {
				situees[i] = append(situees[i], situee)
				lues[f.Reference()] = true
				toutes = append(toutes, &situees[i][len(situees[i])-1])
			}
			if fait++; fait%pas == 0 || fait == total {
				p.o.avancer(EtapeSituer, fait, total)
				if err := ctx.Err(); err != nil {
					return nil, nil, err
				}
			}
		}
	}
	for _, ref := range slices.Sorted(maps.Keys(p.fiches)) {
		if !lues[ref] {
			f := p.fiches[ref]
			f.Remarques = slices.Clip(f.Remarques) // its columns are shared, and only read
			toutes = append(toutes, &f)
			p.autres = append(p.autres, &f)
		}
	}
	return situees, toutes, nil
}

// keepDoubts writes the records of the base, in none of the files, whose
// position turns out to be a commune's centre.
func (p *planner) keepDoubts() {
	for _, f := range p.autres {
		if ref := f.Reference(); f.Precision != p.avant.fiches[ref].Precision {
			p.fiches[ref] = *f
			p.ecrites[ref] = true
			p.touchees[ref] = true
		}
	}
	p.autres = nil
}
