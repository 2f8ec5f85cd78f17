package collecte

import (
	"context"
	"fmt"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Detacher undoes an attachment: the record ("flux/cle") leaves its place for
// a new place of its own, whose id it returns. What people said of its own
// permanences goes with it; what they corrected stays with the first place. The
// two are remembered as distinct, so that no import joins them again. A record
// that is alone in its place is refused ("invalide").
func (c *Collecte) Detacher(ctx context.Context, ref, auteur string) (string, error) {
	defer c.perimer()
	d, err := c.decider(ctx, auteur, func(e etat) (geste, error) { return planDetacher(e, ref) })
	if err != nil {
		return "", fmt.Errorf("fiche %s: %w", ref, err)
	}
	return d.Lieux[1], nil
}

func planDetacher(e etat, ref string) (geste, error) {
	f, ok := e.fiches[ref]
	if !ok {
		return geste{}, &mednum.Error{Code: mednum.Introuvable, Champ: "fiche", Message: fmt.Sprintf("La fiche « %s » n’existe pas.", ref)}
	}
	if len(e.fichesDe(f.Lieu)) < 2 {
		return geste{}, invalide("fiche", "Cette fiche est la seule de son lieu : il n’y a rien à séparer.")
	}
	g := geste{op: mednum.Operation{Genre: genreSeparation}}
	g.detacher(e, e.lieux[f.Lieu], []mednum.Fiche{f})
	return g, nil
}

// detacher has records leave a place, each for a new place of its own.
func (g *geste) detacher(e etat, ancien mednum.Lieu, partent []mednum.Fiche) {
	restent := slices.DeleteFunc(e.fichesDe(ancien.ID), func(f mednum.Fiche) bool {
		return slices.ContainsFunc(partent, func(p mednum.Fiche) bool { return p.Reference() == f.Reference() })
	})
	g.op.Lieux = []string{ancien.ID}
	for _, f := range partent {
		ref := f.Reference()
		neuf := mednum.Lieu{ID: freeID(e.lieux, ref, f.Cle), Statut: mednum.StatutPublie, HorsTerritoire: ancien.HorsTerritoire}
		e.lieux[neuf.ID] = mednum.Lieu{} // its id is taken: the next one has another
		g.op.Lieux = append(g.op.Lieux, neuf.ID)
		g.op.Rattachements = append(g.op.Rattachements, mednum.Rattachement{Fiche: ref, De: f.Lieu, Vers: neuf.ID})
		g.distinctions = append(g.distinctions, distinction{
			Lieux: [2]string{ancien.ID, neuf.ID}, Fiches: [2][]string{references(restent), {ref}}, Motif: "fiche séparée",
		})
		neuf.Emporter(&ancien, []string{ref}, nil)
		f.Lieu = neuf.ID
		g.fiches = append(g.fiches, f)
		g.ecrire(e, mednum.Consolider(neuf, []mednum.Fiche{f}, e.flux))
	}
	g.ecrire(e, mednum.Consolider(ancien, restent, e.flux))
}

func references(fiches []mednum.Fiche) []string {
	refs := make([]string, len(fiches))
	for i := range fiches {
		refs[i] = fiches[i].Reference()
	}
	return refs
}
