package sources

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// plan is what an edition would change.
type plan struct {
	lecture norme.Lecture
	*collecte.Plan
	// presentes are the records that the base has of the source; perdues, those
	// of them that this edition does not have.
	presentes, perdues int
}

// decoder reads a content as a file.
func (s *Sources) decoder(ctx context.Context, src *Source, c *contenu, now time.Time) (norme.Lecture, error) {
	var panne error
	o := norme.Options{Source: src.Nom, Colonnes: src.Colonnes, Connues: func(cle string) (norme.Correspondance, bool) {
		connue, ok, err := collecte.Correspondance(ctx, s.Base, cle)
		panne = errors.Join(panne, err)
		return connue, ok
	}}
	if src.Date != DateAuto {
		o.Date = s.dateDe(src, c, now)
	}
	l, err := o.Decode(c.nom, bytes.NewReader(c.octets))
	if err == nil && (l.Date.IsZero() || l.Date.In(s.Territoire.Location()).After(now)) { // neither the file nor its name says, or of a day to come
		o.Date = s.dateDe(src, c, now)
		l, err = o.Decode(c.nom, bytes.NewReader(c.octets))
	}
	if panne != nil {
		return l, panne
	}
	if err != nil {
		return l, echecFormat(err)
	}
	if !strings.HasPrefix(l.Format, src.Format) {
		return l, echouer(Format, "Ce fichier n’est pas celui que cette source donnait : %s était attendu, c’est %s.", src.Format, l.Format)
	}
	if src.Flux != "" && src.Flux != l.Flux.ID {
		return l, echouer(Format, "Ce fichier n’est plus celui que cette source donnait : ses fiches seraient celles d’une autre.")
	}
	return l, s.libre(ctx, src, l.Flux.ID)
}

// libre refuses records that another source already gives: each would make those
// of the other absent.
func (s *Sources) libre(ctx context.Context, src *Source, flux string) error {
	liste, err := s.Liste(ctx)
	for i := range liste {
		if liste[i].ID != src.ID && liste[i].Flux == flux {
			return echouer(Format, "La source « %s » donne déjà ces fiches : chacune rendrait absentes celles de l’autre.", liste[i].ID)
		}
	}
	return err
}

// dateDe is the day of the rows that bear none: that of the last modification, of
// the reading without it or when it is still to come.
func (s *Sources) dateDe(src *Source, c *contenu, now time.Time) mednum.Date {
	jour := now
	if modifie, err := http.ParseTime(c.modifie); err == nil && src.Date != DateLecture && modifie.Before(now) {
		jour = modifie
	}
	return mednum.DateOf(jour.In(s.Territoire.Location()))
}

// options sign what a source writes.
func (s *Sources) options(src *Source) collecte.Options {
	return collecte.Options{Zone: src.Zone, Auteur: "source " + src.ID, Voie: "import", Le: s.Now(), Licence: src.Licence}
}

// planifier says what an edition would change, and writes nothing.
func (s *Sources) planifier(ctx context.Context, src *Source, l norme.Lecture) (plan, error) {
	fait, err := collecte.Planifier(ctx, s.Base, s.Territoire, []norme.Lecture{l}, s.options(src))
	if err != nil {
		return plan{}, err
	}
	p := plan{lecture: l, Plan: &fait}
	lues := make(map[string]bool, len(l.Fiches))
	for i := range l.Fiches {
		lues[l.Fiches[i].Reference()] = true
	}
	connues, err := s.Base.Fiches(ctx)
	for i := range connues {
		if connues[i].Flux != l.Flux.ID || !connues[i].Absente.IsZero() {
			continue
		}
		p.presentes++
		if !lues[connues[i].Reference()] {
			p.perdues++
		}
	}
	return p, err
}

// appliquer writes a plan. A base that moved since is "perime": plan again.
func (s *Sources) appliquer(ctx context.Context, p *plan) error {
	if err := collecte.Appliquer(ctx, s.Base, p.Plan, nil); err != nil {
		return err
	}
	return collecte.GarderCorrespondance(ctx, s.Base, &p.lecture)
}

// retenir is why a plan is not written by itself, "" when it may be.
func (p *plan) retenir() string {
	switch {
	case len(p.lecture.Fiches) == 0:
		return "Cette édition ne contient aucun lieu lisible."
	case p.perdues*100 > p.presentes*perteMax:
		return fmt.Sprintf("Cette édition n’a plus %d des %d fiches de la source : plus de %d %% disparaîtraient.", p.perdues, p.presentes, perteMax)
	case p.Bilan.ADecider == 1:
		return "1 fiche est à décider."
	case p.Bilan.ADecider > 1:
		return fmt.Sprintf("%d fiches sont à décider.", p.Bilan.ADecider)
	}
	return ""
}
