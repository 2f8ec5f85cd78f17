package registre

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// curseur is how far both streams were read: revisions below seq (0: none was),
// acts with an id after acte.
type curseur struct {
	seq  int64
	acte string
}

// String is the cursor as pages carry it.
func (c curseur) String() string { return strconv.FormatInt(c.seq, 10) + "." + c.acte }

func lireCurseur(texte string) (c curseur, err error) {
	if texte == "" {
		return c, nil
	}
	seq, acte, ok := strings.Cut(texte, ".")
	c.acte = acte
	c.seq, err = strconv.ParseInt(seq, 10, 64)
	if !ok || err != nil || c.seq < 0 || len(acte) > 64 || strings.Trim(acte, "0123456789abcdef-") != "" {
		return curseur{}, invalide("avant", "Cette suite n’est pas une suite du registre : revenez à sa première page.")
	}
	return c, nil
}

// flots are the revisions and the acts that a choice may want, each newest first.
type flots struct {
	base      store.Magasin
	ou        curseur
	lot       int       // how many are read at once
	du        time.Time // before, nothing is wanted
	garde     time.Time // acts before are too old
	cle       string    // of the acts
	revisions []mednum.Revision
	actes     []Acte
	finRev    bool
	finActes  bool
}

// ecartMax is by how much the clocks of two programs may differ: the journal is
// in the order of its numbers, nearly that of its moments.
const ecartMax = time.Hour

// open places both streams where the choice begins.
func (r *Registre) open(ctx context.Context, c *Choix, ou curseur) (f *flots, err error) {
	f = &flots{base: r.base, ou: ou, lot: store.PageMax, du: c.Du, garde: r.now().AddDate(0, -GardeMois, 0)}
	if c.Texte == "" && c.Qui == "" && c.Voie == "" && c.Sauf == "" && c.Genre == "" && c.Passe == nil {
		f.lot = min(c.N+1, store.PageMax)
	}
	f.finRev = c.Genre != "" && c.Genre != GenreLieu
	f.finActes = c.Genre == GenreLieu
	if !c.Au.IsZero() && c.Avant == "" {
		f.ou.acte = idDe(c.Au.UnixNano() - 1)
		if c.Lieu == "" && !f.finRev {
			f.ou.seq, err = r.seqDe(ctx, c.Au.Add(ecartMax))
		}
	}
	if c.Lieu == "" || err != nil {
		return f, err
	}
	f.cle = cleLieu(c.Lieu)
	if f.finRev {
		return f, nil
	}
	f.finRev = true // all at once: a place has few
	if f.revisions, err = r.base.Revisions(ctx, c.Lieu); err != nil {
		return nil, fmt.Errorf("lieu %s: %w", c.Lieu, err)
	}
	slices.Reverse(f.revisions)
	f.revisions = slices.DeleteFunc(f.revisions, func(v mednum.Revision) bool { return f.ou.seq > 0 && v.Apres.Seq >= f.ou.seq })
	f.ancrerRevisions()
	return f, nil
}

// seqDe is the number below which the revisions before an instant are, found by
// halves; 0 when the newest is before it.
func (r *Registre) seqDe(ctx context.Context, t time.Time) (int64, error) {
	derniere, err := r.base.Journal(ctx, 0, 1)
	if err != nil || len(derniere) == 0 || derniere[0].Le.Before(t) {
		return 0, err
	}
	bas, haut := int64(1), derniere[0].Apres.Seq // the one at haut is not before t
	for bas < haut {
		milieu := bas + (haut-bas)/2
		trouvee, err := r.base.Journal(ctx, milieu+1, 1) // the newest up to milieu
		if err != nil {
			return 0, err
		}
		if len(trouvee) > 0 && !trouvee[0].Le.Before(t) {
			haut = trouvee[0].Apres.Seq
		} else {
			bas = milieu + 1
		}
	}
	return haut, nil
}

// tete is the newest line that was not taken yet; false when there is none.
func (f *flots) tete(ctx context.Context) (l Ligne, ok bool, err error) {
	if err := f.lireRevisions(ctx); err != nil {
		return l, false, err
	}
	if err := f.lireActes(ctx); err != nil {
		return l, false, err
	}
	switch {
	case len(f.revisions) == 0 && len(f.actes) == 0:
		return l, false, nil
	case len(f.actes) == 0 || len(f.revisions) > 0 && !f.revisions[0].Le.Before(f.actes[0].Le):
		return Ligne{Le: f.revisions[0].Le, Revision: &f.revisions[0]}, true, nil
	}
	return Ligne{Le: f.actes[0].Le, Acte: &f.actes[0]}, true, nil
}

// avancer takes the line that tete gave.
func (f *flots) avancer(l *Ligne) {
	if l.Acte != nil {
		f.ou.acte, f.actes = l.Acte.ID, f.actes[1:]
		return
	}
	f.ou.seq, f.revisions = l.Revision.Apres.Seq, f.revisions[1:]
}

// lireRevisions reads some more when none is left, down to the oldest wanted.
func (f *flots) lireRevisions(ctx context.Context) error {
	if len(f.revisions) > 0 || f.finRev {
		return nil
	}
	lues, err := f.base.Journal(ctx, f.ou.seq, f.lot)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	f.revisions, f.finRev = lues, len(lues) < f.lot
	f.ancrerRevisions()
	if i := slices.IndexFunc(lues, func(v mednum.Revision) bool { return v.Le.Before(f.du.Add(-ecartMax)) }); i >= 0 {
		f.revisions, f.finRev = lues[:i], true
	}
	return nil
}

// apresTous is after the ids of all acts.
const apresTous = "f"

// ancrerRevisions has the pages that follow begin no later than this one did,
// should it take no revision: what is written meanwhile is on none of them.
func (f *flots) ancrerRevisions() {
	switch {
	case f.ou.seq > 0:
	case len(f.revisions) > 0:
		f.ou.seq = f.revisions[0].Apres.Seq + 1
	default:
		f.ou.seq = 1
	}
}

// ancrerActes does the same for acts: the beginning of an id is just before it.
func (f *flots) ancrerActes(objets []store.Objet) {
	switch {
	case f.ou.acte != "":
	case len(objets) > 0:
		f.ou.acte = objets[0].ID[:len(objets[0].ID)-1]
	default:
		f.ou.acte = apresTous
	}
}

// lireActes reads some more when none is left, down to the oldest wanted.
func (f *flots) lireActes(ctx context.Context) error {
	if len(f.actes) > 0 || f.finActes {
		return nil
	}
	objets, err := f.base.Objets(ctx, store.Choix{Genre: genreActe, Cle: f.cle, Apres: f.ou.acte, Limite: f.lot})
	if err != nil {
		return fmt.Errorf("actes: %w", err)
	}
	f.finActes = len(objets) < f.lot
	f.ancrerActes(objets)
	for i := range objets {
		var a Acte
		if err := json.Unmarshal(objets[i].Corps, &a); err != nil {
			return fmt.Errorf("acte %s: %w", objets[i].ID, err)
		}
		a.ID = objets[i].ID
		if a.Le.Before(f.du) || a.Le.Before(f.garde) {
			f.finActes = true
			break
		}
		f.actes = append(f.actes, a)
	}
	return nil
}
