package collecte

import (
	"context"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// genreBilan are the summaries of the imports that were written, by operation.
const genreBilan = "bilan"

// resume is what is kept of an import beside its operation.
type resume struct {
	Operation string   `json:"operation"`
	Bilan     Bilan    `json:"bilan"`
	Fichiers  []string `json:"fichiers"`
	Nouveaux  int      `json:"lieux_nouveaux"`
	Modifies  int      `json:"lieux_modifies"`
}

// noterBilan keeps the summary of a plan that was written.
func noterBilan(ctx context.Context, base store.Magasin, p *Plan) error {
	if p.Operation() == "" {
		return nil
	}
	r := resume{Operation: p.Operation(), Bilan: p.Bilan, Nouveaux: p.LieuxNouveaux, Modifies: len(p.Lieux)}
	for _, f := range p.Fichiers {
		r.Fichiers = append(r.Fichiers, f.Fichier)
	}
	err := store.Poser(ctx, base, store.Objet{Genre: genreBilan, ID: r.Operation, Version: 1}, r)
	if estCode(err, mednum.Perime) { // noted already: the same plan, resumed
		return nil
	}
	return err
}

// Importe is an import that was written. Bilan and Fichiers are nil for one of
// before summaries were kept. Joints are the records that it joined to a place that
// others make, which Defaire gives places of their own; Defaite is the operation
// that did, "" while they stand.
type Importe struct {
	mednum.Operation
	Bilan              *Bilan
	Fichiers           []string
	Nouveaux, Modifies int // places
	Joints             int
	Defaite            string
}

// Imports are the imports that were written, newest first.
func (c *Collecte) Imports(ctx context.Context) ([]Importe, error) {
	operations, err := c.Base.Operations(ctx)
	if err != nil {
		return nil, err
	}
	resumes, err := store.LireTous[resume](ctx, c.Base, store.Choix{Genre: genreBilan})
	if err != nil {
		return nil, err
	}
	par := make(map[string]*resume, len(resumes))
	for i := range resumes {
		par[resumes[i].Operation] = &resumes[i]
	}
	defaites := map[string]string{}
	var liste []Importe
	for i := len(operations) - 1; i >= 0; i-- {
		op := operations[i]
		if op.Defait != "" {
			defaites[op.Defait] = op.ID
		}
		if op.Genre != "import" {
			continue
		}
		m := Importe{Operation: op, Joints: len(motives(op.Rattachements)), Defaite: defaites[op.ID]}
		if r := par[op.ID]; r != nil {
			m.Bilan, m.Fichiers, m.Nouveaux, m.Modifies = &r.Bilan, r.Fichiers, r.Nouveaux, r.Modifies
		}
		liste = append(liste, m)
	}
	return liste, nil
}
