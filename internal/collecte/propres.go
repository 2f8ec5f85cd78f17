package collecte

import (
	"cmp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// lieuPropre is the living place of the base whose export, or that of one of its
// stops, a key names: "3k7xcdfh", "3k7xcdfh-mairie".
func (e *etat) lieuPropre(cle string) (mednum.Lieu, bool) {
	id, _, _ := strings.Cut(cle, "-")
	l, ok := e.lieux[id]
	return l, ok && mednum.EstID(id) && vivant(l)
}

// alleger is a row of our own export without what its place l says already when
// it is made of its other records and of people: what somebody changed in the
// row. rien says that nothing was. A row without which the place would have no
// name is all that is known of it, and is kept whole.
//
// It names as its producer one that the place has: read again and again, source
// does not grow.
func (e *etat) alleger(f mednum.Fiche, l mednum.Lieu, autres []mednum.Fiche) (reste mednum.Fiche, rien bool) {
	sans := mednum.Consolider(l, autres, e.flux)
	if sans.Champs.Nom == "" {
		return f, false
	}
	memeSource := f.Champs[mednum.ChampSource] == l.Champs.Source || f.Champs[mednum.ChampSource] == sans.Champs.Source
	f, rien = norme.SansRedites(f, &sans)
	if memeSource {
		delete(f.Champs, mednum.ChampSource)
		f.Producteur = ""
		for i := range autres {
			f.Producteur = cmp.Or(f.Producteur, autres[i].Producteur, autres[i].Champs[mednum.ChampSource], e.flux[autres[i].Flux].Nom)
		}
		rien = len(f.Champs) == 0 && len(f.Permanences) == 0
	}
	if f.DateMaj.Compare(l.Champs.DateMaj) < 0 {
		f.Exceptions = nil // an export of before: what it no longer has was taken away since
	}
	return f, rien && len(f.Exceptions) == 0
}

// ajouterExceptions notes on a place the closings and openings that rows of an
// export tell: those of a stop are its permanence's.
func ajouterExceptions(l *mednum.Lieu, fiches []mednum.Fiche) {
	arrets := l.IDPassages(l.Passages())
	for i := range fiches {
		f := &fiches[i]
		for _, ex := range f.Exceptions {
			if ex.Permanence != "" {
				ex.Permanence = permanenceLue(l, f, ex.Permanence, arrets)
			}
			_, _ = l.AjouterException(ex, mednum.Date{}) // one that breaks a rule was not ours
		}
	}
}

// permanenceLue is the permanence of a place that a record tells under an id of
// its own: that of the record, or the first of a stop that the place had.
func permanenceLue(l *mednum.Lieu, f *mednum.Fiche, id string, arrets []string) string {
	lue := mednum.NouvelID(f.Reference() + "/" + id)
	if slices.ContainsFunc(l.Permanences, func(p mednum.Permanence) bool { return p.ID == lue }) {
		return lue
	}
	if i := slices.Index(arrets, id); i >= 0 {
		return l.Permanences[l.Passages()[i][0]].ID
	}
	return lue
}

// suffixeExport ends the id of the flow of our own files.
const suffixeExport = "-export"

// detournerExports gives a flow of its own to a file that is an export of this
// base. Its rows name their producer, and would be taken for an edition of that
// producer's: what the producer has under its own ids would be absent from it,
// and its next file would be older than ours.
func (p *planner) detournerExports(envois []envoi) []envoi {
	envois = slices.Clone(envois)
	for i := range envois {
		l := &envois[i].lecture
		propres := 0
		for j := range l.Fiches {
			f := &l.Fiches[j]
			_, ok := p.lieuPropre(f.Cle)
			if _, connue := p.avant.fiches[f.Reference()]; ok && !connue {
				propres++
			}
		}
		if 2*propres <= len(l.Fiches) || strings.HasSuffix(l.Flux.ID, suffixeExport) {
			continue
		}
		l.Flux.ID += suffixeExport
		l.Fiches = slices.Clone(l.Fiches)
		for j := range l.Fiches {
			l.Fiches[j].Flux = l.Flux.ID
		}
	}
	return envois
}

// exportSansSuite tells whether a flow is that of an export of which nothing is
// kept: then neither is the flow.
func (p *planner) exportSansSuite(flux string) bool {
	if !strings.HasSuffix(flux, suffixeExport) {
		return false
	}
	for ref := range p.ecrites {
		if strings.HasPrefix(ref, flux+"/") {
			return false
		}
	}
	return true
}
