package collecte

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// consolidate makes again every place that the files touch, and keeps those
// that differ.
func (p *planner) consolidate(ctx context.Context) error {
	aFaire := map[string]bool{}
	for ref, f := range p.fiches {
		if p.touchees[ref] || p.repesees[f.Flux] {
			aFaire[f.Lieu] = true
		}
	}
	parLieu := make(map[string][]mednum.Fiche, len(aFaire))
	for _, ref := range triees(p.fiches) {
		f := p.fiches[ref]
		if aFaire[f.Lieu] {
			parLieu[f.Lieu] = append(parLieu[f.Lieu], f)
		}
		if p.ecrites[ref] {
			p.plan.ecrit.fiches = append(p.plan.ecrit.fiches, f)
		}
	}
	for n, id := range triees(parLieu) {
		if n%pas == 0 {
			p.o.avancer(EtapeConsolider, n, len(parLieu))
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		p.refaire(id, parLieu[id])
	}
	p.o.avancer(EtapeConsolider, len(parLieu), len(parLieu))
	return ctx.Err()
}

// refaire makes a place again of its records.
func (p *planner) refaire(id string, fiches []mednum.Fiche) {
	l := mednum.Consolider(p.lieux[id], fiches, p.flux)
	ajouterExceptions(&l, fiches)
	l.HorsTerritoire = horsTerritoire(p.t, &l)
	avant, deja := p.avant.lieux[id]
	if rev, change := mednum.Reviser(avant, l); change {
		p.plan.ecrit.revisions = append(p.plan.ecrit.revisions, rev)
		if deja {
			p.plan.Lieux = append(p.plan.Lieux, LieuModifie{Lieu: id, Nom: l.Champs.Nom, Changements: changementsLieu(&avant, &l)})
		} else {
			p.plan.LieuxNouveaux++
		}
	}
	p.lieux[id] = l
	p.contester(&avant, &l, fiches)
}

// contester asks about the values set by hand that the sources contradict since
// now, at the row that brings the contradiction.
func (p *planner) contester(avant, apres *mednum.Lieu, fiches []mednum.Fiche) {
	for _, champ := range slices.Sorted(maps.Keys(apres.Corrections)) {
		c, ancienne := apres.Corrections[champ], avant.Corrections[champ]
		if !c.ARevoir || ancienne.ARevoir && memeValeur(champ, c.Source, ancienne.Source) {
			continue
		}
		if ref := p.apporte(champ, c.Source, fiches); ref != "" {
			p.demander(ref, QuestionLigne{
				Genre: GenreCorrection, Lieux: []string{apres.ID}, Champ: champ,
				Valeur: c.Valeur, Avant: cmp.Or(ancienne.Source, c.ValeurSource), Apres: c.Source,
			})
		}
	}
}

// apporte is the record of a place that brings a value now: a new one that says
// it, or a known one that says it since now; "" when no row of the files does.
func (p *planner) apporte(champ mednum.Champ, dit string, fiches []mednum.Fiche) string {
	for i := range fiches {
		ref := fiches[i].Reference()
		neuf := p.estNeuf(ref) && memeValeur(champ, fiches[i].Champs[champ], dit)
		if _, lue := p.ou[ref]; lue && (neuf || p.change(ref, champ)) {
			return ref
		}
	}
	return ""
}

// change tells whether the row of a record changes the field.
func (p *planner) change(ref string, champ mednum.Champ) bool {
	return slices.ContainsFunc(p.ligne(ref).Changements, func(c Changement) bool { return c.Champ == string(champ) })
}

// memeValeur compares two values of a column: lists as sets.
func memeValeur(champ mednum.Champ, a, b string) bool {
	if !champ.EstListe() {
		return a == b
	}
	return slices.Equal(slices.Sorted(slices.Values(mednum.SplitListe(a))), slices.Sorted(slices.Values(mednum.SplitListe(b))))
}

// count fills the summaries, and puts the rows in the order of their files.
func (p *planner) count(envois []envoi) {
	for i := range p.lignes {
		b := &p.plan.Fichiers[i].Bilan
		*b = p.comptes[i]
		for j := range p.lignes[i] {
			l := &p.lignes[i][j]
			b.ajouter(l.Etat, l.Jointes)
			l.Ailleurs = l.Lieu != "" && p.lieux[l.Lieu].HorsTerritoire
		}
		slices.SortStableFunc(p.lignes[i], func(a, b Ligne) int { return cmp.Compare(a.Ligne, b.Ligne) })
		p.plan.Lignes = append(p.plan.Lignes, p.lignes[i]...)
		p.lignes[i] = nil
	}
	absents := map[string]int{}
	for _, a := range p.plan.Absents {
		absents[a.Source]++
	}
	for i := range envois {
		f := &p.plan.Fichiers[i]
		if f.Edition == p.editions[f.Flux] { // the first file of the newest edition tells them
			f.Bilan.Absents = absents[f.Flux]
			delete(absents, f.Flux)
		}
		p.plan.Bilan.plus(f.Bilan)
	}
}
