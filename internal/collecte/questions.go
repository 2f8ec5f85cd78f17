package collecte

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/rapproche"
	"82numerique.fr/adeuxpas/internal/store"
)

// Question is a pair of places that may be one, for a person to decide: the one
// that Fusionner would rather keep first. Sur tells a pair that an import would
// have joined, had both places not been there. Fiches are the two records that
// look alike most; Score goes from 0 to 1; Raisons speak for one place and Contre
// against, in French. Depuis is when the younger of the two records came, the
// zero time when no operation says so.
type Question struct {
	Lieux   [2]mednum.Lieu
	Fiches  [2]string
	Sur     bool
	Score   float64
	Raisons []string
	Contre  []string
	Depuis  time.Time
}

// Ailleurs tells whether both places are outside the territory.
func (q *Question) Ailleurs() bool { return q.Lieux[0].HorsTerritoire && q.Lieux[1].HorsTerritoire }

// lireQuestions computes the queue (see Questions).
func (c *Collecte) lireQuestions(ctx context.Context) ([]Question, error) {
	base := c.Base
	e, err := lireEtat(ctx, base)
	if err != nil {
		return nil, err
	}
	distinctions, err := store.LireTous[distinction](ctx, base, store.Choix{Genre: genreDistinction})
	if err != nil {
		return nil, err
	}
	operations, err := base.Operations(ctx)
	if err != nil {
		return nil, err
	}
	return e.questions(newSepares(&e, distinctions), arrivees(operations)), nil
}

// questions pairs the places whose records look alike.
func (e *etat) questions(s *separes, arrivee map[string]time.Time) []Question {
	fiches := e.fichesVivantes()
	g := rapproche.Grouper(fiches, rapproche.Savoir{
		Lieu:      func(i int) string { return fiches[i].Lieu },
		Distincts: func(i, j int) bool { return s.lieux(fiches[i].Lieu, fiches[j].Lieu) },
	})
	trouvees := map[[2]string]Question{}
	for _, groupe := range slices.Concat(g.Doutes, g.Groupes) {
		for n, i := range groupe.Membres {
			for _, j := range groupe.Membres[n+1:] {
				e.interroger(trouvees, s, &fiches[i], &fiches[j])
			}
		}
	}
	e.interrogerRetours(trouvees, s, arrivee)
	liste := slices.Collect(maps.Values(trouvees))
	for i := range liste {
		liste[i].Depuis = maxTemps(liste[i].Depuis, maxTemps(arrivee[liste[i].Fiches[0]], arrivee[liste[i].Fiches[1]]))
	}
	slices.SortFunc(liste, func(a, b Question) int {
		return cmp.Or(compareBool(a.Ailleurs(), b.Ailleurs()), compareBool(b.Sur, a.Sur), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Lieux[0].ID, b.Lieux[0].ID), cmp.Compare(a.Lieux[1].ID, b.Lieux[1].ID))
	})
	return liste
}

// interroger keeps the question that two records of two places raise, when it is
// the plainest of the two places.
func (e *etat) interroger(trouvees map[[2]string]Question, s *separes, a, b *mednum.Fiche) {
	if a.Lieu == b.Lieu || s.lieux(a.Lieu, b.Lieu) {
		return
	}
	c := rapproche.Comparer(a, b)
	if c.Verdict == rapproche.Distincts {
		return
	}
	q := Question{
		Lieux: [2]mednum.Lieu{e.lieux[a.Lieu], e.lieux[b.Lieu]}, Fiches: [2]string{a.Reference(), b.Reference()},
		Sur: c.Verdict == rapproche.Sur, Score: c.Score, Raisons: c.Raisons, Contre: c.Contre,
	}
	if e.prefere(b, a) {
		q.Lieux[0], q.Lieux[1], q.Fiches[0], q.Fiches[1] = q.Lieux[1], q.Lieux[0], q.Fiches[1], q.Fiches[0]
	}
	cle := [2]string{q.Lieux[0].ID, q.Lieux[1].ID}
	autre, deja := trouvees[cle]
	if !deja || q.Sur && !autre.Sur || q.Sur == autre.Sur && q.Score > autre.Score {
		trouvees[cle] = q
	}
}

// interrogerRetours asks about the places of ours that the id of a record joins
// (see attachRetours), however little they look alike.
func (e *etat) interrogerRetours(trouvees map[[2]string]Question, s *separes, arrivee map[string]time.Time) {
	var parCle map[string][]string
	for _, ref := range triees(e.fiches) {
		f := e.fiches[ref]
		if !strings.Contains(f.Cle, jointure) {
			continue
		}
		if parCle == nil {
			parCle = e.indexCles()
		}
		lieux := e.lireRetour(f.Cle, f.Flux, parCle).lieux
		for i := 1; i < len(lieux); i++ {
			a, b := lieux[0], lieux[i]
			q, ok := trouvees[[2]string{a, b}]
			if !ok {
				q, ok = trouvees[[2]string{b, a}]
			}
			if !ok {
				q, ok = e.reunis(s, a, b)
			}
			if ok {
				q.Raisons = append([]string{reunitCesLieux(f.Cle)}, q.Raisons...)
				q.Depuis = arrivee[ref]
				trouvees[[2]string{q.Lieux[0].ID, q.Lieux[1].ID}] = q
			}
		}
	}
}

// reunis is the question of two places that an id joins, with what their first
// records say; ok is false when it is not to ask.
func (e *etat) reunis(s *separes, a, b string) (q Question, ok bool) {
	if a == b || s.lieux(a, b) || !seJoint(e.lieux[a]) || !seJoint(e.lieux[b]) {
		return Question{}, false
	}
	premiere := func(id string) mednum.Fiche {
		if fiches := e.fichesDe(id); len(fiches) > 0 {
			return fiches[0]
		}
		l := e.lieux[id]
		return ficheDuLieu(&l)
	}
	fa, fb := premiere(a), premiere(b)
	if e.prefere(&fb, &fa) {
		fa, fb = fb, fa
	}
	c := rapproche.Comparer(&fa, &fb)
	return Question{
		Lieux: [2]mednum.Lieu{e.lieux[fa.Lieu], e.lieux[fb.Lieu]}, Fiches: [2]string{fa.Reference(), fb.Reference()},
		Sur: c.Verdict == rapproche.Sur, Score: c.Score, Raisons: c.Raisons, Contre: c.Contre,
	}, true
}

// prefere tells whether the place of a record is rather kept than that of
// another: an open one, then the one that people have worked on most, then the
// one whose record is of the more trusted flow, then the one that says more.
func (e *etat) prefere(ficheA, ficheB *mednum.Fiche) bool {
	a, b := e.lieux[ficheA.Lieu], e.lieux[ficheB.Lieu]
	travail := func(l *mednum.Lieu) int {
		n := len(l.Corrections) + len(l.Retouches) + len(l.Exceptions) + len(l.Entrees())
		if !l.VerifieLe.IsZero() {
			n++
		}
		return n
	}
	return cmp.Or(
		compareBool(b.Statut == mednum.StatutPublie, a.Statut == mednum.StatutPublie),
		cmp.Compare(travail(&b), travail(&a)),
		cmp.Compare(e.flux[ficheB.Flux].Confiance, e.flux[ficheA.Flux].Confiance),
		cmp.Compare(len(b.Provenance), len(a.Provenance)),
		cmp.Compare(a.ID, b.ID),
	) < 0
}

// fichesVivantes are the records of the places that may be joined, by reference;
// a place that no record makes stands for itself.
func (e *etat) fichesVivantes() []mednum.Fiche {
	var fiches []mednum.Fiche
	dites := map[string]bool{}
	for _, ref := range slices.Sorted(maps.Keys(e.fiches)) {
		f := e.fiches[ref]
		dites[f.Lieu] = true
		if seJoint(e.lieux[f.Lieu]) {
			fiches = append(fiches, f)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(e.lieux)) {
		if l := e.lieux[id]; !dites[id] && seJoint(l) {
			fiches = append(fiches, ficheDuLieu(&l))
		}
	}
	return fiches
}

func seJoint(l mednum.Lieu) bool {
	return l.Statut == mednum.StatutPublie || l.Statut == mednum.StatutFerme
}

// ficheDuLieu is a place that no record makes, as a record would say it.
func ficheDuLieu(l *mednum.Lieu) mednum.Fiche {
	f := mednum.Fiche{Cle: l.ID, Lieu: l.ID, Familles: l.Familles, Precision: l.Precision, DateMaj: l.Champs.DateMaj, Champs: map[mednum.Champ]string{}}
	for _, champ := range mednum.ChampsNorme {
		if v := l.Champs.Valeur(champ); v != "" {
			f.Champs[champ] = v
		}
	}
	return f
}

// arrivees are when records first joined a place.
func arrivees(operations []mednum.Operation) map[string]time.Time {
	arrivee := map[string]time.Time{}
	for _, op := range operations {
		for _, r := range op.Rattachements {
			if _, deja := arrivee[r.Fiche]; !deja {
				arrivee[r.Fiche] = op.Le
			}
		}
	}
	return arrivee
}

// separes knows the places that people said are two.
type separes struct {
	lieuDe map[string]string // of each record
	paires map[[2]string]bool
}

func newSepares(e *etat, distinctions []distinction) *separes {
	s := &separes{lieuDe: map[string]string{}, paires: map[[2]string]bool{}}
	for ref, f := range e.fiches {
		s.lieuDe[ref] = f.Lieu
	}
	for id := range e.lieux {
		s.lieuDe[sansFiche(id)] = id
	}
	for _, d := range distinctions {
		s.noter(d.Lieux[0], d.Lieux[1])
		for _, a := range d.Fiches[0] {
			for _, b := range d.Fiches[1] {
				s.noter(s.lieuDe[a], s.lieuDe[b])
			}
		}
	}
	return s
}

func (s *separes) noter(a, b string) { s.paires[[2]string{min(a, b), max(a, b)}] = true }

func (s *separes) lieux(a, b string) bool { return s.paires[[2]string{min(a, b), max(a, b)}] }

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func maxTemps(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
