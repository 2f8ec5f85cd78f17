package collecte

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/rapproche"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// envoi is one file that was read, and which of its records are wanted.
type envoi struct {
	lecture norme.Lecture
	zone    Zone
}

// plan is what an import would write.
type plan struct {
	version       int64          // of the base that it was made for
	flux          []mednum.Flux  // sources that are new or changed
	fiches        []mednum.Fiche // records that are new, changed or moved
	revisions     []mednum.Revision
	rattachements []mednum.Rattachement // of the new records, and why
	bilan         Bilan
}

// planner holds a plan in the making. etat is what will be there once it is
// written.
type planner struct {
	etat
	t         *territoire.Territoire
	plan      plan
	touchees  map[string]bool     // references of the records that the files hold
	retenues  []string            // the same, in the order of the files
	nouvelles []string            // references of the records that the base does not know
	ecrites   map[string]bool     // references of the records to write
	parLieu   map[string][]string // references of the records of a place, nil until they are asked for
	autres    []*mednum.Fiche     // copies of the records of the base that are in none of the files
}

// planifier is pure: it changes neither the state nor the files.
func planifier(avant etat, t *territoire.Territoire, envois []envoi) plan {
	p := &planner{
		etat: etat{avant.version, maps.Clone(avant.lieux), maps.Clone(avant.fiches), maps.Clone(avant.flux)},
		t:    t, touchees: map[string]bool{}, ecrites: map[string]bool{},
	}
	situees, tables := p.situate(envois)
	markCentres(t, tables)
	for i, e := range envois {
		p.receive(e, situees[i])
	}
	p.keepDoubts(avant)
	p.attach()
	p.consolidate(avant)
	p.count(avant)
	p.plan.version = avant.version
	return p.plan
}

// situate finds the communes of every record, wanted or not: also those left
// out tell which points stand for a commune. It returns copies, by file, and
// all records whose position is to be judged together.
func (p *planner) situate(envois []envoi) (situees [][]mednum.Fiche, toutes []*mednum.Fiche) {
	s := newSituateur(p.t)
	lues := map[string]bool{}
	situees = make([][]mednum.Fiche, len(envois))
	for i, e := range envois {
		situees[i] = make([]mednum.Fiche, len(e.lecture.Fiches))
		for j, f := range e.lecture.Fiches {
			situees[i][j] = s.situer(f)
			lues[f.Reference()] = true
			toutes = append(toutes, &situees[i][j])
		}
	}
	for _, ref := range slices.Sorted(maps.Keys(p.fiches)) {
		if !lues[ref] {
			f := p.fiches[ref]
			f.Champs = maps.Clone(f.Champs)
			f.Remarques = slices.Clone(f.Remarques)
			toutes = append(toutes, &f)
			p.autres = append(p.autres, &f)
		}
	}
	return situees, toutes
}

// receive takes the wanted records of a file.
func (p *planner) receive(e envoi, situees []mednum.Fiche) {
	b := &p.plan.bilan
	flux := e.lecture.Flux
	if p.flux[flux.ID] != flux {
		p.flux[flux.ID] = flux
		p.plan.flux = append(p.plan.flux, flux)
	}
	b.Lus += len(situees) + len(e.lecture.Ecartes)
	b.Ecartes = append(b.Ecartes, e.lecture.Ecartes...)
	for _, f := range situees {
		ref := f.Reference()
		switch {
		case p.touchees[ref]:
			b.Ecartes = append(b.Ecartes, norme.Ecart{Motif: fmt.Sprintf("La clé « %s » est déjà lue : seule la première fiche compte.", f.Cle)})
		case !dansZone(p.t, &f, cmp.Or(e.zone, ZoneVoisinage)):
			b.HorsZone++
		default:
			p.touchees[ref] = true
			p.retenues = append(p.retenues, ref)
			p.put(f)
		}
	}
}

// put records what a file says of a record, and counts it.
func (p *planner) put(f mednum.Fiche) {
	ref := f.Reference()
	connue, deja := p.fiches[ref]
	if l, ok := p.lieuPropre(f.Cle); ok {
		var rien bool
		if f, rien = p.alleger(f, l, p.autresDe(l.ID, ref)); rien && !deja {
			delete(p.touchees, ref)
			p.plan.bilan.Identiques++
			return
		}
	}
	f.Lieu = connue.Lieu
	switch {
	case !deja:
		p.nouvelles = append(p.nouvelles, ref)
		p.plan.bilan.Nouveaux++
	case mednum.Identiques(connue, f):
		p.plan.bilan.Identiques++
		return
	default:
		p.plan.bilan.Modifies++
	}
	p.ecrites[ref] = true
	p.fiches[ref] = f
}

// autresDe are the records of a place of the base but one.
func (p *planner) autresDe(lieu, sauf string) []mednum.Fiche {
	if p.parLieu == nil {
		p.parLieu = map[string][]string{}
		for _, ref := range slices.Sorted(maps.Keys(p.fiches)) {
			p.parLieu[p.fiches[ref].Lieu] = append(p.parLieu[p.fiches[ref].Lieu], ref)
		}
	}
	var autres []mednum.Fiche
	for _, ref := range p.parLieu[lieu] {
		if ref != sauf {
			autres = append(autres, p.fiches[ref])
		}
	}
	return autres
}

// keepDoubts writes the records of the base, in none of the files, whose
// position turns out to be a commune's centre.
func (p *planner) keepDoubts(avant etat) {
	for _, f := range p.autres {
		if ref := f.Reference(); f.Precision != avant.fiches[ref].Precision {
			p.fiches[ref] = *f
			p.ecrites[ref] = true
			p.touchees[ref] = true
		}
	}
}

// attach gives each new record its place: the place whose public id it bears
// (a place that was exported comes back), else that of the known record that
// it is plainly the same place as, else one shared with the new records of its
// group.
func (p *planner) attach() {
	for _, ref := range p.nouvelles {
		if l, ok := p.lieuPropre(p.fiches[ref].Cle); ok {
			p.join(ref, l.ID, []string{"même identifiant public"})
		}
	}
	if !slices.ContainsFunc(p.nouvelles, func(ref string) bool { return p.fiches[ref].Lieu == "" }) {
		return
	}
	refs := slices.Sorted(maps.Keys(p.fiches))
	fiches := make([]mednum.Fiche, len(refs))
	for i, ref := range refs {
		fiches[i] = p.fiches[ref]
	}
	groupes := rapproche.Groupes(fiches)
	for _, g := range groupes {
		membres := make([]string, len(g))
		for i, n := range g {
			membres[i] = refs[n]
		}
		p.attachGroup(membres)
	}
}

func (p *planner) attachGroup(refs []string) {
	attentes := slices.DeleteFunc(slices.Clone(refs), func(ref string) bool { return p.fiches[ref].Lieu != "" })
	p.rank(attentes)
	// Whoever is sure of an attached record first, so that the others can
	// follow from it; then the first one founds a place.
	for len(attentes) > 0 {
		i, vers, motif := p.nextAttachment(attentes, refs)
		p.join(attentes[i], vers, motif)
		attentes = slices.Delete(attentes, i, i+1)
	}
}

// join attaches a new record to a place.
func (p *planner) join(ref, vers string, motif []string) {
	f := p.fiches[ref]
	f.Lieu = vers
	p.fiches[ref] = f
	p.plan.rattachements = append(p.plan.rattachements, mednum.Rattachement{Fiche: ref, Vers: vers, Motif: motif})
}

// rank puts the records of the most trusted flow first: its key names the
// place.
func (p *planner) rank(refs []string) {
	slices.SortFunc(refs, func(a, b string) int {
		fa, fb := p.fiches[a], p.fiches[b]
		return cmp.Or(cmp.Compare(p.flux[fb.Flux].Confiance, p.flux[fa.Flux].Confiance), cmp.Compare(a, b))
	})
}

func (p *planner) nextAttachment(attentes, refs []string) (i int, vers string, motif []string) {
	for i, ref := range attentes {
		if vers, motif := p.surePlace(ref, refs); vers != "" {
			return i, vers, motif
		}
	}
	id := freeID(p.lieux, attentes[0], p.fiches[attentes[0]].Cle)
	p.lieux[id] = mednum.Lieu{ID: id, Statut: mednum.StatutPublie}
	return 0, id, nil
}

// surePlace is the place of an attached record of the group that is plainly
// the same place, and why; records of the most trusted flow are asked first.
func (p *planner) surePlace(ref string, refs []string) (string, []string) {
	f := p.fiches[ref]
	autres := slices.Clone(refs)
	p.rank(autres)
	for _, autre := range autres {
		g := p.fiches[autre]
		if g.Lieu == "" || autre == ref || !vivant(p.lieux[g.Lieu]) {
			continue
		}
		if sur, raisons := rapproche.MemeLieu(&f, &g); sur {
			return g.Lieu, raisons
		}
	}
	return "", nil
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

// consolidate makes again every place that the files touch, and keeps those
// that differ.
func (p *planner) consolidate(avant etat) {
	parLieu := map[string][]mednum.Fiche{}
	aFaire := map[string]bool{}
	for _, ref := range slices.Sorted(maps.Keys(p.fiches)) {
		f := p.fiches[ref]
		parLieu[f.Lieu] = append(parLieu[f.Lieu], f)
		aFaire[f.Lieu] = aFaire[f.Lieu] || p.touchees[ref]
		if p.ecrites[ref] {
			p.plan.fiches = append(p.plan.fiches, f)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(parLieu)) {
		if !aFaire[id] {
			continue
		}
		ancien := p.lieux[id]
		l := mednum.Consolider(ancien, parLieu[id], p.flux)
		ajouterExceptions(&l, parLieu[id])
		l.HorsTerritoire = horsTerritoire(p.t, &l)
		if rev, change := mednum.Reviser(avant.lieux[id], l); change {
			p.plan.revisions = append(p.plan.revisions, rev)
		}
		p.lieux[id] = l
	}
}

// count fills the summary from the plan.
func (p *planner) count(avant etat) {
	b := &p.plan.bilan
	for _, r := range p.plan.rattachements {
		if len(r.Motif) > 0 {
			b.Rattaches++
		}
	}
	for _, r := range p.plan.revisions {
		if _, deja := avant.lieux[r.Lieu]; deja {
			b.LieuxModifies++
		} else {
			b.LieuxNouveaux++
		}
	}
	for _, ref := range p.retenues {
		if _, ok := p.fiches[ref]; !ok {
			continue // a row of ours that repeats its place
		}
		for _, r := range p.fiches[ref].Remarques {
			if r.ARevoir {
				b.ARevoir = append(b.ARevoir, Doute{Fiche: ref, Nom: p.fiches[ref].Champs[mednum.ChampNom], Motif: r.Motif})
			}
		}
	}
}

// empreinte names the operation after what it writes and what it was made for,
// so that the same plan is the same operation.
func (p *plan) empreinte(genre string) string {
	h := sha256.New()
	e := json.NewEncoder(h)
	for _, v := range []any{genre, p.version, p.fiches, p.revisions} {
		if err := e.Encode(v); err != nil {
			fmt.Fprintf(h, "%v", err)
		}
	}
	return genre + "-" + hex.EncodeToString(h.Sum(nil)[:8])
}
