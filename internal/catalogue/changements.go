package catalogue

import (
	"cmp"
	"context"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// NatureChangement says what happened to a place, as the public saw it.
type NatureChangement string

// The natures of a change.
const (
	LieuNouveau NatureChangement = "nouveau" // it was not in the list, or not any more
	LieuModifie NatureChangement = "modifie"
	LieuFerme   NatureChangement = "ferme" // for good
	LieuRouvert NatureChangement = "rouvert"
	LieuReuni   NatureChangement = "reuni"  // with another one, Vers
	LieuRetire  NatureChangement = "retire" // from the list
)

// ChangementPublic is one revision of a place, as the public saw it: what it was
// and what it becomes, never who, nor what waits, nor what is private. Lieu and
// Version name it for ever. Nom, Ville and Familles are those of that moment.
type ChangementPublic struct {
	Lieu     string // id of the place
	Version  int
	Le       time.Time // UTC
	Nature   NatureChangement
	Nom      string
	Ville    string // name of the commune, "" for an itinerant service
	Familles []mednum.Famille
	Communes []string // INSEE codes: of the place and of its stops, before and after
	EPCIs    []string // SIREN, of these communes
	Objets   []string // what changed, in a word or two each: "horaires", "adresse"
	Phrases  []string // and in sentences, the values before and after
	Vers     string   // id of the place that it became, for LieuReuni
	Hors     bool     // out of the territory
}

// How much of the past is kept: revisions of all places, the newest, whether the
// public saw them or not; and days.
const (
	revisionsSuivies = 4000
	joursSuivis      = 90
)

// revisionSuivie is one revision that the snapshot knows; change is nil where
// the public saw nothing.
type revisionSuivie struct {
	seq    int64
	change *ChangementPublic
}

// Changements are the public changes of the last 90 days, newest first, n at
// most: of a commune (INSEE code), of an EPCI (SIREN), or, where both are "", of
// the territory. They are held by the snapshot: no store is asked. Those of a
// place that was withdrawn since are left out, but the last.
func (c *Catalogue) Changements(commune, epci string, n int) []*ChangementPublic {
	s := c.courant.Load()
	depuis := c.now().AddDate(0, 0, -joursSuivis)
	var liste []*ChangementPublic
	for _, r := range s.recents {
		p := r.change
		if len(liste) == n {
			break
		}
		if p == nil || p.Le.Before(depuis) || !p.touche(commune, epci) {
			continue
		}
		if v := s.parID[p.Lieu]; v == nil || v.Statut == mednum.StatutPropose || v.Statut == mednum.StatutRetire && p.Nature != LieuRetire {
			continue
		}
		liste = append(liste, p)
	}
	return liste
}

func (p *ChangementPublic) touche(commune, epci string) bool {
	switch {
	case commune != "":
		return slices.Contains(p.Communes, commune)
	case epci != "":
		return slices.Contains(p.EPCIs, epci)
	}
	return !p.Hors
}

// suivre is what the next snapshot knows of the past: the revisions by which its
// places (lieux) came from those of the snapshot before it, then what that one
// knew. The first one reads the log down to revisionsSuivies.
func (c *Catalogue) suivre(ctx context.Context, avant *instantane, lieux []mednum.Lieu) ([]revisionSuivie, error) {
	lecture := newLecture(avant, lieux, c.now().AddDate(0, 0, -joursSuivis))
	if lecture.reste == 0 {
		return avant.connues(), nil
	}
	if err := lecture.lire(ctx, c.base); err != nil {
		return nil, err
	}
	liste, err := c.changementsDe(ctx, lecture)
	if err != nil {
		return nil, err
	}
	liste = append(liste, avant.connues()...)
	slices.SortStableFunc(liste, func(a, b revisionSuivie) int { return cmp.Compare(b.seq, a.seq) })
	return liste[:min(len(liste), revisionsSuivies):min(len(liste), revisionsSuivies)], nil
}

func (s *instantane) connues() []revisionSuivie {
	if s == nil {
		return nil
	}
	return s.recents
}

// cleRevision names a revision.
type cleRevision struct {
	lieu    string
	version int
}

// lecture is one reading of the log. Wanted are the versions of a place after
// the one in connues and up to the one in voulues; reste counts them. A revision
// of a place that the store did not show yet is left for next time: the number
// of versions tells, whatever the order in which numbers are seen.
type lecture struct {
	depuis     time.Time // before, nothing is told
	connues    map[string]*mednum.Lieu
	voulues    map[string]int
	reste      int
	lues       map[cleRevision]*mednum.Revision
	nouvelles  []*mednum.Revision   // the wanted ones, newest first
	orphelines map[cleRevision]bool // the ones before them, that were not read yet
}

func newLecture(avant *instantane, lieux []mednum.Lieu, depuis time.Time) *lecture {
	l := &lecture{
		depuis: depuis, connues: map[string]*mednum.Lieu{}, voulues: map[string]int{},
		lues: map[cleRevision]*mednum.Revision{}, orphelines: map[cleRevision]bool{},
	}
	for i := range lieux {
		id, version := lieux[i].ID, lieux[i].Version
		depuis := 0
		if avant != nil {
			if v := avant.parID[id]; v != nil && v.Version < version {
				l.connues[id], depuis = &v.Lieu, v.Version
			} else if v != nil {
				continue
			}
		}
		l.voulues[id] = version
		l.reste += version - depuis
	}
	return l
}

// peuOrphelines is how many histories of a place are better read one by one than
// looked for in the log.
const peuOrphelines = 50

// lire reads the log down to the wanted revisions, as far as any is kept, then a
// little further where many of those before them are missing.
func (l *lecture) lire(ctx context.Context, base store.Magasin) error {
	suite := int64(0)
	for lues := 0; l.reste > 0 && lues < revisionsSuivies || len(l.orphelines) > peuOrphelines && lues < 2*revisionsSuivies; {
		n := store.PageMax
		if l.reste > 0 && lues < revisionsSuivies {
			n = min(n, max(10, 2*l.reste), revisionsSuivies-lues)
		}
		page, err := base.Journal(ctx, suite, n)
		if err != nil {
			return err
		}
		for i := range page {
			l.noter(&page[i], lues+i < revisionsSuivies)
		}
		if lues += len(page); len(page) < n {
			return nil
		}
		suite = page[len(page)-1].Apres.Seq
	}
	return nil
}

// noter keeps a revision; recente tells whether it is one of those that count.
func (l *lecture) noter(rev *mednum.Revision, recente bool) {
	cle := cleRevision{rev.Lieu, rev.Version}
	l.lues[cle] = rev
	delete(l.orphelines, cle)
	depuis := 0
	if connu := l.connues[rev.Lieu]; connu != nil {
		depuis = connu.Version
	}
	if !recente || rev.Version <= depuis || rev.Version > l.voulues[rev.Lieu] {
		return
	}
	l.nouvelles = append(l.nouvelles, rev)
	l.reste--
	if rev.Version-1 > depuis && !rev.Le.Before(l.depuis) {
		l.orphelines[cleRevision{rev.Lieu, rev.Version - 1}] = true
	}
}

// precedent is the place as a revision found it, nil for a new one: as the log
// or the snapshot has it, otherwise as the history of the place has it.
func (l *lecture) precedent(ctx context.Context, base store.Magasin, rev *mednum.Revision) (*mednum.Lieu, error) {
	if rev.Version == 1 {
		return nil, nil // there was no place
	}
	cle := cleRevision{rev.Lieu, rev.Version - 1}
	if lu := l.lues[cle]; lu != nil {
		return &lu.Apres, nil
	}
	if connu := l.connues[rev.Lieu]; connu != nil && connu.Version == cle.version {
		return connu, nil
	}
	toutes, err := base.Revisions(ctx, rev.Lieu)
	if err != nil {
		return nil, err
	}
	for i := range toutes {
		l.lues[cleRevision{rev.Lieu, toutes[i].Version}] = &toutes[i]
	}
	if lu := l.lues[cle]; lu != nil {
		return &lu.Apres, nil
	}
	return nil, nil // a history that does not begin at 1
}

func (c *Catalogue) changementsDe(ctx context.Context, l *lecture) ([]revisionSuivie, error) {
	liste := make([]revisionSuivie, 0, len(l.nouvelles))
	for _, rev := range l.nouvelles {
		suivie := revisionSuivie{seq: rev.Apres.Seq}
		if !rev.Le.Before(l.depuis) {
			premiere, err := c.duPremierImport(ctx, rev)
			if err != nil {
				return nil, err
			}
			if !premiere {
				avant, err := l.precedent(ctx, c.base, rev)
				if err != nil {
					return nil, err
				}
				suivie.change = c.changementPublic(avant, rev)
			}
		}
		liste = append(liste, suivie)
	}
	return liste, nil
}

// duPremierImport tells whether a revision made a place when the base was filled
// for the first time: that is where the list begins, and nobody's news.
func (c *Catalogue) duPremierImport(ctx context.Context, rev *mednum.Revision) (bool, error) {
	if rev.Version > 1 || rev.Operation == "" {
		return false, nil
	}
	if c.premierImport == "" { // read by one reader at a time (relire)
		operations, err := c.base.Operations(ctx)
		if err != nil || len(operations) == 0 {
			return false, err
		}
		c.premierImport = operations[0].ID
	}
	return rev.Operation == c.premierImport, nil
}

// changementPublic is what the public saw of a revision, nil for nothing.
func (c *Catalogue) changementPublic(avant *mednum.Lieu, rev *mednum.Revision) *ChangementPublic {
	apres := &rev.Apres
	recit := raconter(avant, apres, c.jour(rev.Le))
	if recit.nature == "" {
		return nil
	}
	p := &ChangementPublic{
		Lieu: rev.Lieu, Version: rev.Version, Le: rev.Le.UTC(), Nature: recit.nature, Objets: recit.objets, Phrases: recit.phrases,
		Nom: apres.Champs.Nom, Ville: apres.Champs.Commune, Familles: slices.Clone(apres.Familles), Vers: apres.Vers,
		Hors: apres.HorsTerritoire && (avant == nil || avant.HorsTerritoire),
	}
	if apres.Itinerant() {
		p.Ville = "" // the commune of its seat, where nobody is received
	}
	for _, l := range []*mednum.Lieu{apres, avant} {
		if l == nil {
			continue
		}
		p.concerner(c, l.Champs.CodeInsee)
		for i := range l.Permanences {
			if a := l.Permanences[i].Arret; a != nil {
				p.concerner(c, a.CodeInsee)
			}
		}
	}
	return p
}

func (p *ChangementPublic) concerner(c *Catalogue, codeInsee string) {
	if commune, ok := c.territoire.Commune(codeInsee); ok {
		codeInsee = commune.Code
		if commune.EPCI != "" && !slices.Contains(p.EPCIs, commune.EPCI) {
			p.EPCIs = append(p.EPCIs, commune.EPCI)
		}
	}
	if codeInsee != "" && !slices.Contains(p.Communes, codeInsee) {
		p.Communes = append(p.Communes, codeInsee)
	}
}
