package collecte

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/rapproche"
)

// triees are the keys of a map, in order.
func triees[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// attach gives each new record its place: the place of ours that it is (see
// attachRetours), else that of the known record that it is plainly the same
// place as, else one shared with the new records of its group. Then it asks what
// it could not tell.
func (p *planner) attach(ctx context.Context) error {
	p.attachRetours()
	if err := ctx.Err(); err != nil || len(p.nouvelles)+len(p.changees) == 0 {
		return err
	}
	refs := slices.DeleteFunc(triees(p.fiches), func(ref string) bool {
		lieu := p.fiches[ref].Lieu
		return lieu != "" && !vivant(p.lieux[lieu])
	})
	fiches := make([]mednum.Fiche, len(refs))
	for i, ref := range refs {
		fiches[i] = p.fiches[ref]
	}
	p.o.avancer(EtapeRapprocher, 0, len(refs))
	g := rapproche.Grouper(fiches, rapproche.Savoir{
		Lieu:      func(i int) string { return p.lieuDit(&fiches[i]) },
		Distincts: func(i, j int) bool { return p.distincts(refs[i], refs[j]) },
	})
	for n, groupe := range g.Groupes {
		membres := make([]string, len(groupe.Membres))
		for i, m := range groupe.Membres {
			membres[i] = refs[m]
		}
		p.attachGroup(membres, groupe.Raisons)
		if n%pas == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	for _, d := range g.Doutes {
		if len(d.Membres) == 2 {
			p.douter(refs[d.Membres[0]], refs[d.Membres[1]], d)
		}
	}
	p.o.avancer(EtapeRapprocher, len(refs), len(refs))
	return ctx.Err()
}

// lieuDit is the place of a record: the one that it is attached to, else, in an
// empty base, the one whose public id is its key. Places that an export tells
// apart stay apart there, as they were in the base that it came from.
func (p *planner) lieuDit(f *mednum.Fiche) string {
	if f.Lieu == "" && len(p.avant.lieux) == 0 && mednum.EstID(f.Cle) {
		return f.Cle
	}
	return f.Lieu
}

func (p *planner) attachGroup(refs, raisons []string) {
	attentes := slices.DeleteFunc(slices.Clone(refs), func(ref string) bool { return p.fiches[ref].Lieu != "" })
	p.rank(attentes)
	// Whoever is sure of an attached record first, so that the others can
	// follow from it; then the first one founds a place.
	for len(attentes) > 0 {
		i, vers, motif := p.nextAttachment(attentes, refs, raisons)
		p.join(attentes[i], vers, motif)
		attentes = slices.Delete(attentes, i, i+1)
	}
}

// join attaches a new record to a place; a motif says that it is not the first
// there.
func (p *planner) join(ref, vers string, motif []string) {
	f := p.fiches[ref]
	f.Lieu = vers
	p.fiches[ref] = f
	p.plan.ecrit.rattachements = append(p.plan.ecrit.rattachements, mednum.Rattachement{Fiche: ref, Vers: vers, Motif: motif})
	l := p.ligne(ref)
	l.Lieu = vers
	if len(motif) > 0 {
		l.Etat, l.Raisons = EtatFusionne, motif
	}
}

// ligne is where the row of a record is told. A row that is only counted has
// none: what is written there is lost.
func (p *planner) ligne(ref string) *Ligne {
	ou, dite := p.ou[ref]
	if !dite || ou.rang < 0 {
		return new(Ligne)
	}
	return &p.lignes[ou.fichier][ou.rang]
}

// rank puts the records of the most trusted flow first: its key names the
// place.
func (p *planner) rank(refs []string) {
	slices.SortFunc(refs, func(a, b string) int {
		fa, fb := p.fiches[a], p.fiches[b]
		return cmp.Or(cmp.Compare(p.flux[fb.Flux].Confiance, p.flux[fa.Flux].Confiance), cmp.Compare(a, b))
	})
}

func (p *planner) nextAttachment(attentes, refs, raisons []string) (i int, vers string, motif []string) {
	for i, ref := range attentes {
		if vers, motif := p.surePlace(ref, refs); vers != "" {
			return i, vers, motif
		}
	}
	// The group holds together by a chain that no pair of it tells.
	if vers := p.onePlace(refs); vers != "" && len(raisons) > 0 {
		return 0, vers, raisons
	}
	id := freeID(p.lieux, attentes[0], p.fiches[attentes[0]].Cle)
	p.lieux[id] = mednum.Lieu{ID: id, Statut: mednum.StatutPublie}
	return 0, id, nil
}

// onePlace is the place of the attached records, "" when they have several.
func (p *planner) onePlace(refs []string) (lieu string) {
	for _, ref := range refs {
		l := p.fiches[ref].Lieu
		if l != "" && lieu != "" && l != lieu {
			return ""
		}
		lieu = cmp.Or(lieu, l)
	}
	return lieu
}

// surePlace is the place of an attached record of the group that is plainly
// the same place, and why; records of the most trusted flow are asked first.
func (p *planner) surePlace(ref string, refs []string) (string, []string) {
	f := p.fiches[ref]
	autres := slices.Clone(refs)
	p.rank(autres)
	for _, autre := range autres {
		g := p.fiches[autre]
		if g.Lieu == "" || autre == ref || p.distincts(ref, autre) {
			continue
		}
		if c := rapproche.Comparer(&f, &g); c.Verdict == rapproche.Sur {
			return g.Lieu, slices.Concat(c.Raisons, c.Contre)
		}
	}
	return "", nil
}

// douter asks a person about two records, when one of them is new, or says
// since now what makes the doubt.
func (p *planner) douter(a, b string, d rapproche.Groupe) {
	la, lb := p.fiches[a].Lieu, p.fiches[b].Lieu
	if la == lb || p.distincts(a, b) {
		return
	}
	fa, fb := p.fiches[a], p.fiches[b]
	c := rapproche.Comparer(&fa, &fb)
	for _, paire := range [][2]string{{a, b}, {b, a}} {
		if ref := paire[0]; p.estNeuf(ref) || slices.Contains(p.changees, ref) && !p.doutait(a, b) {
			p.demander(ref, QuestionLigne{
				Genre: GenreDoublon, Fiche: paire[1], Lieux: []string{p.fiches[ref].Lieu, p.fiches[paire[1]].Lieu},
				Score: d.Score, Raisons: c.Raisons, Contre: c.Contre,
			})
		}
	}
}

// estNeuf tells whether the base does not know the record.
func (p *planner) estNeuf(ref string) bool {
	_, connue := p.avant.fiches[ref]
	return !connue
}

// doutait tells whether the pair was doubtful before.
func (p *planner) doutait(a, b string) bool {
	fa, oka := p.avant.fiches[a]
	fb, okb := p.avant.fiches[b]
	return oka && okb && rapproche.Comparer(&fa, &fb).Verdict == rapproche.Doute
}

// demander adds a question to the row of a record.
func (p *planner) demander(ref string, q QuestionLigne) {
	l := p.ligne(ref)
	l.Etat = EtatADecider
	l.Questions = append(l.Questions, q)
}

// vivant tells whether records may still join the place; one that is not in
// the base yet is being made.
func vivant(l mednum.Lieu) bool {
	return l.Statut != mednum.StatutFusionne && l.Statut != mednum.StatutRetire
}

// freeID is the public id that the record gives birth to: its own key when that
// is one (an export read into an empty base keeps its ids), otherwise the first
// that no place has.
func freeID(lieux map[string]mednum.Lieu, ref, cle string) string {
	if _, pris := lieux[cle]; !pris && mednum.EstID(cle) {
		return cle
	}
	id := mednum.NouvelID(ref)
	for n := 2; ; n++ {
		if _, pris := lieux[id]; !pris {
			return id
		}
		id = mednum.NouvelID(ref + "/" + strconv.Itoa(n))
	}
}
