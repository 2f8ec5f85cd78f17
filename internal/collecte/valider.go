package collecte

import (
	"context"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// Valider has the plan that was shown written, exactly: operation is the one that
// it named. Depot tells how far it is. Another plan, or an import that is not
// there to be written, is "perime"; one that another program holds, "conflit".
func (c *Collecte) Valider(ctx context.Context, jeton, operation string) error {
	err := c.passerA(ctx, jeton, DepotEcriture, func(d *Depot) error {
		if d.Etat != DepotPret || d.Operation != operation {
			return &mednum.Error{Code: mednum.Perime, Champ: "operation", Message: "Ce n’est plus le plan qui vous était montré : relisez-le, puis recommencez."}
		}
		return nil
	})
	if err == nil {
		c.depot.travaux <- func(ctx context.Context) { c.ecrireDepot(ctx, jeton) }
	}
	return err
}

// Refaire has the plan made again of the same files: the base moved, or what the
// columns are was said. colonnes says it by file, nil to keep what was said.
func (c *Collecte) Refaire(ctx context.Context, jeton string, colonnes map[string]norme.Correspondance) error {
	err := c.passerA(ctx, jeton, DepotLecture, func(d *Depot) error {
		if d.EnCours() || !d.Ouvert() {
			return depotChange()
		}
		return nil
	})
	if err == nil {
		c.depot.nommer(colonnes)
		c.travailler(jeton)
	}
	return err
}

// Abandonner lets the files and their plan go. What is being written is not given
// up ("conflit").
func (c *Collecte) Abandonner(ctx context.Context, jeton string) error {
	d, ok, err := c.Depot(ctx)
	switch {
	case err != nil:
		return err
	case !ok || d.Jeton != jeton || !d.Ouvert():
		return depotChange()
	case d.Etat == DepotEcriture:
		return conflit("import", "L’import est en train de s’écrire : attendez qu’il finisse. Ce qu’il aura réuni se défait.")
	}
	if _, err = c.noterDepot(ctx, jeton, func(d *Depot) { d.Etat, d.Raison, d.Fini = DepotAbandon, "", c.Now().UTC() }); err != nil {
		return err
	}
	if d.Ici {
		c.depot.vider()
	}
	return nil
}

// passerA brings an import that this program holds to another state.
func (c *Collecte) passerA(ctx context.Context, jeton string, etat EtatDepot, permis func(*Depot) error) error {
	d, ok, err := c.Depot(ctx)
	switch {
	case err != nil:
		return err
	case !ok || d.Jeton != jeton:
		return depotChange()
	}
	if err := permis(&d); err != nil {
		return err
	}
	if !d.Ici {
		return conflit("import", "Les fichiers sont sur un autre ordinateur du service : rechargez la page, ou déposez-les de nouveau.")
	}
	var refus error
	_, err = c.noterDepot(ctx, jeton, func(d *Depot) {
		if refus = permis(d); refus == nil { // somebody else may have been first
			d.Etat, d.Raison = etat, ""
		}
	})
	if refus != nil {
		return refus
	}
	return err
}

// ecrireDepot writes the plan at hand, and says what became of it.
func (c *Collecte) ecrireDepot(ctx context.Context, jeton string) {
	ctx, finir := c.battre(ctx, jeton)
	defer finir()
	plan, lectures := c.depot.planDe(jeton)
	if plan == nil {
		return
	}
	err := Appliquer(ctx, c.Base, plan, func(fait, total int) { c.depot.avancer(EtapeEcrire, fait, total) })
	for i := range lectures {
		if err == nil {
			err = GarderCorrespondance(ctx, c.Base, &lectures[i])
		}
	}
	c.perimer()
	switch {
	case ctx.Err() != nil: // the service stops: what was begun is finished when the base opens again
		return
	case err == nil:
		_, err = c.noterDepot(ctx, jeton, func(d *Depot) { d.Etat, d.Fini = DepotFait, c.Now().UTC() })
		c.depot.garderPlan()
	case Perime(err):
		_, err = c.noterDepot(ctx, jeton, func(d *Depot) {
			d.Etat, d.Raison = DepotPerime, "Des lieux ont changé depuis que ce plan a été fait : il n’est pas écrit tel quel. Refaites-le, relisez-le, puis appliquez-le."
		})
	default:
		c.refuser(ctx, jeton, "", err)
		return
	}
	if err != nil {
		c.Journal.Warn("la fin d’un import n’a pas pu être notée", "cause", err)
	}
}

// fermer lets temporary files go.
func fermer(fichiers []*temporaire) {
	for _, f := range fichiers {
		f.fermer()
	}
}

// ouvrir holds the files of a new import, in the place of what was held.
func (a *atelier) ouvrir(jeton string, fichiers []*temporaire) {
	a.vider()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.jeton, a.fichiers = jeton, fichiers
}

// vider lets everything go.
func (a *atelier) vider() {
	a.mu.Lock()
	defer a.mu.Unlock()
	fermer(a.fichiers)
	a.jeton, a.fichiers, a.colonnes, a.lectures, a.plan, a.tables = "", nil, nil, nil, nil, nil
	a.etape, a.fait, a.total = "", 0, 0
}

// garderPlan lets the files go, and keeps the plan for its report.
func (a *atelier) garderPlan() {
	a.mu.Lock()
	defer a.mu.Unlock()
	fermer(a.fichiers)
	a.fichiers, a.lectures = nil, nil
}

func (a *atelier) tenu() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.fichiers == nil {
		return ""
	}
	return a.jeton
}

// montrer adds to an import what only this program knows of it.
func (a *atelier) montrer(d *Depot) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.jeton != d.Jeton {
		return
	}
	d.Ici, d.Etape, d.Fait, d.Total, d.Plan, d.Colonnes = true, a.etape, a.fait, a.total, a.plan, a.tables
}

func (a *atelier) avancer(e Etape, fait, total int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.etape, a.fait, a.total = e, fait, total
}

func (a *atelier) prendre() ([]*temporaire, map[string]norme.Correspondance) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.plan, a.lectures = nil, nil
	return a.fichiers, a.colonnes
}

func (a *atelier) nommer(colonnes map[string]norme.Correspondance) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if colonnes != nil {
		a.colonnes = colonnes
	}
}

func (a *atelier) poserTables(tables []ColonnesFichier) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tables = tables
}

func (a *atelier) tablesDe() []ColonnesFichier {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.tables
}

func (a *atelier) poserPlan(p *Plan, lectures []norme.Lecture) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.plan, a.lectures = p, lectures
}

func (a *atelier) planDe(jeton string) (*Plan, []norme.Lecture) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.jeton != jeton {
		return nil, nil
	}
	return a.plan, a.lectures
}
