package collecte

import (
	"context"
	"fmt"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Detacher undoes an attachment: the record ("flux/cle") leaves its place for
// a new place of its own, whose id it returns. What people corrected stays
// with the first place. The same file, imported again, does not attach the
// record again. A record that is alone in its place is refused ("invalide").
func Detacher(ctx context.Context, base store.Magasin, ref string) (string, error) {
	avant, err := lireEtat(ctx, base)
	if err != nil {
		return "", err
	}
	f, ok := avant.fiches[ref]
	if !ok {
		return "", &mednum.Error{Code: mednum.Introuvable, Champ: "fiche", Message: fmt.Sprintf("La fiche « %s » n’existe pas.", ref)}
	}
	var restent []mednum.Fiche
	for _, autre := range avant.fiches {
		if autre.Lieu == f.Lieu && autre.Reference() != ref {
			restent = append(restent, autre)
		}
	}
	if len(restent) == 0 {
		return "", &mednum.Error{Code: mednum.Invalide, Champ: "fiche", Message: "Cette fiche est la seule de son lieu : il n’y a rien à séparer."}
	}
	p, id := planDetacher(avant, f, restent)
	if err := ecrirePlan(ctx, base, p, "separation", Options{Auteur: "cli", Voie: "cli"}); err != nil {
		return "", fmt.Errorf("fiche %s: %w", ref, err)
	}
	return id, nil
}

func planDetacher(avant etat, f mednum.Fiche, restent []mednum.Fiche) (plan, string) {
	id := freeID(avant.lieux, f.Reference(), f.Cle)
	p := plan{version: avant.version, rattachements: []mednum.Rattachement{{Fiche: f.Reference(), De: f.Lieu, Vers: id}}}
	ancien := avant.lieux[f.Lieu]
	if rev, change := mednum.Reviser(ancien, mednum.Consolider(ancien, restent, avant.flux)); change {
		p.revisions = append(p.revisions, rev)
	}
	neuf := mednum.Lieu{ID: id, Statut: mednum.StatutPublie, HorsTerritoire: ancien.HorsTerritoire}
	f.Lieu = id
	p.fiches = []mednum.Fiche{f}
	rev, _ := mednum.Reviser(mednum.Lieu{}, mednum.Consolider(neuf, p.fiches, avant.flux))
	p.revisions = append(p.revisions, rev)
	return p, id
}
