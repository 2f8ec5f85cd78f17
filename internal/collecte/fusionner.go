package collecte

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// The kinds of operations beside imports.
const (
	genreFusion     = "fusion"
	genreSeparation = "separation"
)

// Decision is what became of two places: the operation that says so, and what
// stays in the place that was to give something back, because somebody changed
// it since.
type Decision struct {
	Operation string
	Lieux     []string // the place that stays, then the one that is joined or lives again
	Restes    []string // in words: "Téléphone"
}

// Fusion is two places that somebody says are one. Garde stays, with its
// address on the site. Prendre says of which place (its id) the value of a column
// is to be shown, where that is not what the rule of consolidation shows (see
// mednum.Reunir): it becomes a correction, signed. An address, and a position, are
// taken as a whole, by the first column of ColonnesReunies.
//
// Vus are the versions of both places that the person had under their eyes, in
// the order Garde, Absorbe; zero for any.
type Fusion struct {
	Garde, Absorbe string
	Prendre        map[mednum.Champ]string
	Vus            [2]int
}

// Fusionner makes one place of two, as one operation: the records of the absorbed
// one join the kept one, which takes over what people said of the other (see
// mednum.Reunir), and the absorbed one leads to it from now on. Nothing is lost:
// the absorbed document stays as it was, and Defaire gives both back. What was
// said of the two being distinct is forgotten.
//
// A place that is not known is "introuvable", one that moved since it was seen
// "perime"; a value that breaks the standard's rule for its column is "invalide",
// and names the column; two that make no sense as one
// (proposed, already merged, withdrawn, an open one into a closed one, an
// itinerant service and an office) are "invalide".
func (c *Collecte) Fusionner(ctx context.Context, f Fusion, auteur string) (Decision, error) {
	d, err := c.decider(ctx, auteur, func(e etat) (geste, error) { return c.planFusionner(e, f, auteur) })
	if err != nil {
		return Decision{}, fmt.Errorf("lieux %s et %s: %w", f.Garde, f.Absorbe, err)
	}
	c.repondre(func(q *Question) bool { return q.Lieux[0].ID == f.Absorbe || q.Lieux[1].ID == f.Absorbe })
	return d, nil
}

func (c *Collecte) planFusionner(e etat, f Fusion, auteur string) (geste, error) {
	garde, absorbe := f.Garde, f.Absorbe
	if err := fusionnables(e, garde, absorbe); err != nil {
		return geste{}, err
	}
	if err := f.checkVus(e); err != nil {
		return geste{}, err
	}
	g := geste{op: mednum.Operation{Genre: genreFusion, Lieux: []string{garde, absorbe}}}
	reunies := e.fichesDe(garde)
	for _, f := range e.fichesDe(absorbe) {
		g.op.Rattachements = append(g.op.Rattachements, mednum.Rattachement{Fiche: f.Reference(), De: absorbe, Vers: garde})
		f.Lieu = garde
		reunies, g.fiches = append(reunies, f), append(g.fiches, f)
	}
	reuni := mednum.Reunir(e.lieux[garde], e.lieux[absorbe], reunies, e.flux)
	if len(f.Prendre) > 0 {
		var err error
		if reuni, err = f.choisir(e, reuni, reunies, auteur, c.maintenant()); err != nil {
			return geste{}, err
		}
	}
	g.ecrire(e, reuni)
	parti := e.lieux[absorbe]
	parti.Statut, parti.Vers = mednum.StatutFusionne, garde
	g.ecrire(e, parti)
	return g, nil
}

// fusionnables refuses two places that make no sense as one.
func fusionnables(e etat, garde, absorbe string) error {
	for _, id := range []string{garde, absorbe} {
		if err := existe(e, id); err != nil {
			return err
		}
	}
	g, a := e.lieux[garde], e.lieux[absorbe]
	switch {
	case garde == absorbe:
		return memeLieuDeuxFois()
	case g.Statut == mednum.StatutPropose || a.Statut == mednum.StatutPropose:
		return invalide("lieu", "L’un de ces lieux n’est encore qu’une proposition : publiez-la ou refusez-la d’abord, dans « À traiter ».")
	case g.Statut == mednum.StatutFerme && a.Statut != mednum.StatutFerme:
		return invalide("lieu", "Le lieu « %s » est fermé définitivement, et l’autre est ouvert : gardez plutôt « %s ».", garde, absorbe)
	case g.Itinerant() != a.Itinerant():
		return invalide("lieu", "L’un de ces lieux est itinérant, l’autre non : ce sont deux services.")
	}
	return nil
}

// geste is an operation that a person decides, in the making.
type geste struct {
	op        mednum.Operation
	fiches    []mednum.Fiche
	revisions []mednum.Revision
	restes    []string

	distinctions []distinction // to be noted first
}

// ecrire adds the revision that brings a place to what it becomes, if it changes.
func (g *geste) ecrire(e etat, l mednum.Lieu) {
	if rev, change := mednum.Reviser(e.lieux[l.ID], l); change {
		g.revisions = append(g.revisions, rev)
	}
}

// decider plans what a person decides and writes it, again when places move
// meanwhile: first what is to be remembered, then the operation, so that what is
// cut short is only to be asked again.
func (c *Collecte) decider(ctx context.Context, auteur string, planifier func(etat) (geste, error)) (Decision, error) {
	if strings.TrimSpace(auteur) == "" {
		return Decision{}, invalide("auteur", "Dites qui décide.")
	}
	base := c.Base
	for essai := 1; ; essai++ {
		e, err := lireEtat(ctx, base)
		if err != nil {
			return Decision{}, err
		}
		g, err := planifier(e)
		if err != nil {
			return Decision{}, err
		}
		for _, d := range g.distinctions {
			d.Auteur = auteur
			if err := distinguer(ctx, base, e, d); err != nil {
				return Decision{}, err
			}
		}
		g.signer(e, auteur)
		err = base.Apply(ctx, g.op, g.fiches, g.revisions)
		if err == nil && g.op.Genre == genreFusion {
			err = oublier(ctx, base, e, g.op.Lieux[0], g.op.Lieux[1])
		}
		if err == nil {
			return Decision{Operation: g.op.ID, Lieux: g.op.Lieux, Restes: g.restes}, nil
		}
		if !estCode(err, mednum.Perime) || essai == essais {
			return Decision{}, err
		}
	}
}

// signer signs the operation, and names it after what it writes of which version
// of the base.
func (g *geste) signer(e etat, auteur string) {
	voie := "cli"
	if _, compte := mednum.CompteDe(auteur); compte {
		voie = "app"
	}
	for i := range g.revisions {
		g.revisions[i].Auteur, g.revisions[i].Voie = auteur, voie
	}
	g.op.Auteur = auteur
	h := sha256.New()
	if err := json.NewEncoder(h).Encode([]any{e.version, g.op, g.fiches, g.revisions}); err != nil {
		fmt.Fprintf(h, "%v", err)
	}
	g.op.ID = g.op.Genre + "-" + hex.EncodeToString(h.Sum(nil)[:8])
}
