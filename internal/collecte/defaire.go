package collecte

import (
	"context"
	"fmt"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/rapproche"
	"82numerique.fr/adeuxpas/internal/store"
)

// Defaire undoes an operation, whatever came after it:
//
//   - of a merge, the records go back, the absorbed place lives again as it was,
//     and the kept one gives back what it had taken over, but what somebody
//     changed since (Decision.Restes). Records that joined the place since go
//     with those that they are plainly the same place as;
//   - of an import, every record that it joined to a place that others made gets
//     a place of its own (see Detacher);
//   - of a separation, the places are one again.
//
// The two places are then remembered as distinct, or no longer are. An operation
// that is not known is "introuvable"; one that undid nothing that still stands is
// "conflit", and says what to undo first where that is why.
func (c *Collecte) Defaire(ctx context.Context, operation, auteur string) (Decision, error) {
	defer c.perimer()
	op, planifier, err := c.lireDefaire(ctx, operation)
	if err != nil {
		return Decision{}, err
	}
	var d Decision
	if op.Genre == genreSeparation {
		d, err = c.defaireSeparation(ctx, op, auteur)
	} else {
		d, err = c.decider(ctx, auteur, planifier)
	}
	if err != nil {
		return Decision{}, fmt.Errorf("opération %s: %w", operation, err)
	}
	return d, nil
}

// Prevision is what Defaire would do of an operation: Paires are the places that
// it would part (Separe) or join, the one that stays first; Fiches is how many
// records would move, and Restes what would stay in words, as Decision says it.
type Prevision struct {
	Operation mednum.Operation
	Separe    bool
	Paires    [][2]string
	Fiches    int
	Restes    []string
}

// Prevoir says what Defaire would do, and writes nothing. Its refusals are those
// of Defaire, and that of permis, which is asked before anything long is done.
func (c *Collecte) Prevoir(ctx context.Context, operation string, permis func(*mednum.Operation) error) (Prevision, error) {
	op, planifier, err := c.lireDefaire(ctx, operation)
	if err == nil {
		err = permis(&op)
	}
	if err != nil {
		return Prevision{}, err
	}
	if op.Genre == genreSeparation {
		paires, err := c.separees(ctx, op)
		if err == nil && len(paires) == 0 {
			err = dejaDefaite()
		}
		return Prevision{Operation: op, Paires: paires}, err
	}
	e, err := lireEtat(ctx, c.Base)
	if err != nil {
		return Prevision{}, err
	}
	g, err := planifier(e)
	if err != nil {
		return Prevision{}, err
	}
	p := Prevision{Operation: op, Separe: true, Fiches: len(g.fiches), Restes: g.restes}
	if op.Genre == genreFusion {
		p.Paires = [][2]string{{op.Lieux[0], op.Lieux[1]}}
		return p, nil
	}
	for _, r := range g.op.Rattachements {
		p.Paires = append(p.Paires, [2]string{r.De, r.Vers})
	}
	return p, nil
}

// lireDefaire finds an operation, and what undoes it.
func (c *Collecte) lireDefaire(ctx context.Context, operation string) (op mednum.Operation, planifier func(etat) (geste, error), err error) {
	operations, err := c.Base.Operations(ctx)
	if err != nil {
		return op, nil, err
	}
	i := slices.IndexFunc(operations, func(o mednum.Operation) bool { return o.ID == operation })
	if i < 0 {
		return op, nil, &mednum.Error{Code: mednum.Introuvable, Champ: "operation", Message: fmt.Sprintf("Nous ne connaissons pas l’opération « %s » : « adeuxpas doublons historique » les nomme.", operation)}
	}
	switch op = operations[i]; op.Genre {
	case genreFusion:
		h, err := lireHistoire(ctx, c.Base, operations, debout(operations, op))
		if err != nil {
			return op, nil, err
		}
		return op, func(e etat) (geste, error) { return planDefaireFusion(e, op, h) }, nil
	case genreSeparation:
		return op, nil, nil
	case "import":
		return op, func(e etat) (geste, error) { return planDefaireImport(e, op) }, nil
	}
	return op, nil, fmt.Errorf("opération %s: %w", operation, invalide("operation", "L’opération « %s » ne réunit ni ne sépare de lieux : il n’y a rien à défaire.", op.ID))
}

// separees are the places that a separation made and that still live, each after
// the one that it left.
func (c *Collecte) separees(ctx context.Context, op mednum.Operation) (vivantes [][2]string, err error) {
	var paires [][2]string
	for _, r := range op.Rattachements {
		paires = append(paires, [2]string{r.De, r.Vers})
	}
	if len(paires) == 0 {
		paires = append(paires, [2]string{op.Lieux[0], op.Lieux[1]}) // of two places that no record makes
	}
	for _, paire := range slices.Compact(paires) {
		l, err := c.Base.Lieu(ctx, paire[1])
		if err != nil {
			return nil, err
		}
		if vivant(l) { // otherwise somebody has joined it already
			vivantes = append(vivantes, paire)
		}
	}
	return vivantes, nil
}

// defaireSeparation joins again, to the place that they left, those that a
// separation made.
func (c *Collecte) defaireSeparation(ctx context.Context, op mednum.Operation, auteur string) (d Decision, err error) {
	paires, err := c.separees(ctx, op)
	if err == nil && len(paires) == 0 {
		err = dejaDefaite()
	}
	for _, paire := range paires {
		if err != nil {
			return d, err
		}
		d, err = c.Fusionner(ctx, Fusion{Garde: paire[0], Absorbe: paire[1]}, auteur)
	}
	return d, err
}

func dejaDefaite() error {
	return conflit("operation", "Cette opération est déjà défaite.")
}

// planDefaireImport takes away from their places the records that an import
// joined to them, when they are still there with others.
func planDefaireImport(e etat, op mednum.Operation) (geste, error) {
	parLieu, ordre := map[string][]mednum.Fiche{}, []string{}
	for _, r := range op.Rattachements {
		f, ok := e.fiches[r.Fiche]
		if !ok || len(r.Motif) == 0 || f.Lieu != r.Vers {
			continue
		}
		if parLieu[f.Lieu] == nil {
			ordre = append(ordre, f.Lieu)
		}
		parLieu[f.Lieu] = append(parLieu[f.Lieu], f)
	}
	g := geste{op: mednum.Operation{Genre: genreSeparation, Defait: op.ID}}
	var lieux []string
	for _, id := range ordre {
		partent := parLieu[id]
		if len(partent) == len(e.fichesDe(id)) {
			partent = partent[1:] // the first one keeps the place
		}
		if len(partent) == 0 {
			continue
		}
		g.detacher(e, e.lieux[id], partent)
		lieux = append(lieux, g.op.Lieux...)
	}
	if len(lieux) == 0 {
		return g, dejaDefaite()
	}
	g.op.Lieux = lieux
	return g, nil
}

// debout are the merges of two places that still stand, up to the one given: more
// than one when the first was cut short.
func debout(operations []mednum.Operation, op mednum.Operation) []mednum.Operation {
	var liste []mednum.Operation
	for _, o := range operations {
		switch {
		case o.Genre == genreFusion && slices.Equal(o.Lieux, op.Lieux):
			liste = append(liste, o)
		case o.Genre == genreSeparation && slices.ContainsFunc(liste, func(f mednum.Operation) bool { return f.ID == o.Defait }):
			liste = nil
		}
	}
	return liste
}

// histoire is what merges did of two places: the kept one just before and just
// after each, the absorbed one just before, the records that were its own, and
// those that later operations joined to the kept one.
type histoire struct {
	avant, apres []mednum.Lieu
	absorbe      mednum.Lieu
	fiches       []string
	depuis       map[string]bool
}

func lireHistoire(ctx context.Context, base store.Magasin, operations, fusions []mednum.Operation) (h histoire, err error) {
	h.depuis = map[string]bool{}
	for i := len(operations) - 1; i >= 0 && len(fusions) > 0 && operations[i].ID != fusions[0].ID; i-- {
		for _, r := range operations[i].Rattachements {
			if r.Vers == fusions[0].Lieux[0] {
				h.depuis[r.Fiche] = true
			}
		}
	}
	for _, op := range fusions {
		for _, r := range op.Rattachements {
			h.fiches = append(h.fiches, r.Fiche)
		}
		for i, id := range op.Lieux {
			revs, err := base.Revisions(ctx, id)
			if err != nil {
				return h, err
			}
			n := slices.IndexFunc(revs, func(r mednum.Revision) bool { return r.Operation == op.ID })
			switch {
			case n < 1:
			case i == 0:
				h.avant, h.apres = append(h.avant, revs[n-1].Apres), append(h.apres, revs[n].Apres)
			default:
				h.absorbe = revs[n-1].Apres
			}
		}
	}
	return h, nil
}

// rendre takes away from the kept place what the merges had it take over, and
// says in words what stays.
func (h *histoire) rendre(garde *mednum.Lieu) (restes []string) {
	for i := range h.apres {
		for _, champ := range garde.Rendre(&h.avant[i], &h.apres[i]) {
			if nom := champ.Libelle(); !slices.Contains(restes, nom) {
				restes = append(restes, nom)
			}
		}
	}
	return restes
}

func planDefaireFusion(e etat, op mednum.Operation, h histoire) (geste, error) {
	garde, parti := e.lieux[op.Lieux[0]], e.lieux[op.Lieux[1]]
	switch {
	case parti.Statut != mednum.StatutFusionne || parti.Vers != garde.ID || h.absorbe.ID == "":
		return geste{}, dejaDefaite()
	case garde.Statut == mednum.StatutFusionne:
		return geste{}, conflit("operation", "Le lieu « %s » a lui-même été réuni avec « %s » : défaites d’abord cette réunion-là.", garde.ID, garde.Vers)
	}
	partent, restent := e.partager(garde.ID, parti.ID, &h)
	if len(h.fiches) > 0 && len(partent) == 0 {
		return geste{}, conflit("operation", "Les fiches de ce lieu sont toutes ailleurs maintenant : il n’y a plus rien à rendre.")
	}
	g := geste{op: mednum.Operation{Genre: genreSeparation, Lieux: op.Lieux, Defait: op.ID}}
	for i := range partent {
		partent[i].Lieu = parti.ID
		g.op.Rattachements = append(g.op.Rattachements, mednum.Rattachement{Fiche: partent[i].Reference(), De: garde.ID, Vers: parti.ID})
	}
	g.fiches = partent

	revenu := parti
	revenu.Statut, revenu.Vers, revenu.Fermeture = h.absorbe.Statut, "", h.absorbe.Fermeture
	sans := garde
	h.rendre(&sans)
	rendues := slices.DeleteFunc(garde.Entrees(), func(id string) bool { return slices.Contains(sans.Entrees(), id) })
	revenu.Emporter(&garde, references(partent), rendues)
	g.restes = h.rendre(&garde)
	g.distinctions = []distinction{{
		Lieux: [2]string{garde.ID, parti.ID}, Motif: "réunion défaite",
		Fiches: [2][]string{refsOu(restent, garde.ID), refsOu(partent, parti.ID)},
	}}
	g.ecrire(e, mednum.Consolider(garde, restent, e.flux))
	g.ecrire(e, mednum.Consolider(revenu, partent, e.flux))
	return g, nil
}

func refsOu(fiches []mednum.Fiche, lieu string) []string {
	if len(fiches) == 0 {
		return []string{sansFiche(lieu)}
	}
	return references(fiches)
}

// partager parts the records of a merged place into those of the absorbed one and
// those of the kept one. One that joined since goes with those that it is plainly
// the same place as, when it is not with the others, or by the public id that it
// bears.
func (e *etat) partager(garde, parti string, h *histoire) (partent, restent []mednum.Fiche) {
	var depuis []mednum.Fiche
	for _, f := range e.fichesDe(garde) {
		switch {
		case f.Cle == parti, slices.Contains(h.fiches, f.Reference()):
			partent = append(partent, f)
		case f.Cle != garde && h.depuis[f.Reference()]:
			depuis = append(depuis, f)
		default:
			restent = append(restent, f)
		}
	}
	siennes, autres := slices.Clone(partent), slices.Clone(restent)
	for _, f := range depuis {
		if memeQue(&f, siennes) && !memeQue(&f, autres) {
			partent = append(partent, f)
		} else {
			restent = append(restent, f)
		}
	}
	return partent, restent
}

// memeQue tells whether a record is surely the same place as one of others.
func memeQue(f *mednum.Fiche, fiches []mednum.Fiche) bool {
	return slices.ContainsFunc(fiches, func(g mednum.Fiche) bool { return rapproche.Comparer(f, &g).Verdict == rapproche.Sur })
}
