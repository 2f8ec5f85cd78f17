package registre

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Choix says which lines are wanted. What is left at zero asks nothing.
type Choix struct {
	Du, Au time.Time // from Du on, before Au
	Qui    string    // author: "compte:ID", "cli", the name of a token…
	Voie   string
	Sauf   string // a way that is not wanted
	Genre  Genre
	Lieu   string // id of a place
	// Texte are words, without accents or case: each is in the name, the commune
	// or the changed fields of a place, or in the text of an act.
	Texte string
	// Passe tells who reads whether they may see a line, nil for all.
	Passe func(*Ligne) bool
	Avant string // Page.Suite of the page before, "" for the newest
	N     int    // lines of a page, 1 to PageMax
}

// PageMax is how many lines Lire gives at most.
const PageMax = 200

// balayageMax is how many revisions and acts are looked at for one page.
const balayageMax = 2000

// Ligne is one thing that was done: a revision of a place, with the place before
// it (nil for a new one), or an act.
type Ligne struct {
	Le       time.Time
	Revision *mednum.Revision
	Avant    *mednum.Lieu
	Acte     *Acte
}

// Page is some lines, newest first. Suite is the cursor of the next page, ""
// when there is none. With Coupee, looking stopped at Jusqua before the page was
// full: older lines may still be found from Suite on.
type Page struct {
	Lignes []Ligne
	Suite  string
	Coupee bool
	Jusqua time.Time
}

// Lire is a page of what was done: the journal of revisions and the acts of the
// last 36 months, each once on all pages together, newest first. Revisions stay
// in the order of the store, acts in that of their moments: where the clocks of
// two programs differ, so may neighbours by as much. What was written before the
// first page was asked for is on some page, whatever is written meanwhile. A
// cursor or a number that is none is "invalide" (avant, nombre).
func (r *Registre) Lire(ctx context.Context, c Choix) (Page, error) {
	if c.N < 1 || c.N > PageMax {
		return Page{}, invalide("nombre", fmt.Sprintf("Le registre se lit par pages de 1 à %d lignes, et non de %d.", PageMax, c.N))
	}
	ou, err := lireCurseur(c.Avant)
	if err != nil {
		return Page{}, err
	}
	f, err := r.open(ctx, &c, ou)
	if err != nil {
		return Page{}, err
	}
	p, err := f.page(ctx, &c)
	if err != nil {
		return Page{}, err
	}
	return p, r.completer(ctx, p.Lignes)
}

func invalide(champ, message string) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: message}
}

// page takes the newest of both streams until the page is full, they end, or
// enough was looked at.
func (f *flots) page(ctx context.Context, c *Choix) (p Page, err error) {
	mots := strings.Fields(mednum.Normaliser(c.Texte))
	for vus := 0; ; vus++ {
		l, ok, err := f.tete(ctx)
		if err != nil || !ok {
			return p, err
		}
		if len(p.Lignes) == c.N || vus == balayageMax {
			p.Suite, p.Coupee = f.ou.String(), len(p.Lignes) < c.N
			return p, nil
		}
		f.avancer(&l)
		p.Jusqua = l.Le
		if c.veut(&l, mots) && (c.Passe == nil || c.Passe(&l)) {
			p.Lignes = append(p.Lignes, l)
		}
	}
}

// veut tells whether a line is what the choice asks for.
func (c *Choix) veut(l *Ligne, mots []string) bool {
	qui, voie, genre := l.Auteur(), l.Voie(), l.Genre()
	switch {
	case !c.Du.IsZero() && l.Le.Before(c.Du), !c.Au.IsZero() && !l.Le.Before(c.Au):
		return false
	case c.Qui != "" && c.Qui != qui, c.Voie != "" && c.Voie != voie, c.Sauf != "" && c.Sauf == voie, c.Genre != "" && c.Genre != genre:
		return false
	}
	if len(mots) == 0 {
		return true
	}
	texte := l.texte()
	return !slices.ContainsFunc(mots, func(m string) bool { return !strings.Contains(texte, m) })
}

// Auteur is who did it, as in a revision.
func (l *Ligne) Auteur() string {
	if l.Acte != nil {
		return l.Acte.Qui
	}
	return l.Revision.Auteur
}

// Voie is the way by which it was done.
func (l *Ligne) Voie() string {
	if l.Acte != nil {
		return l.Acte.Voie
	}
	return l.Revision.Voie
}

// Genre is what it is about.
func (l *Ligne) Genre() Genre {
	if l.Acte != nil {
		return l.Acte.Genre
	}
	return GenreLieu
}

// Lieu is the id of the place that it concerns, "" for none.
func (l *Ligne) Lieu() string {
	if l.Acte != nil {
		return l.Acte.Lieu
	}
	return l.Revision.Lieu
}

// texte is what words are looked for in.
func (l *Ligne) texte() string {
	if a := l.Acte; a != nil {
		return mednum.Normaliser(strings.Join([]string{a.Texte, a.Avant, a.Apres}, " "))
	}
	champs := &l.Revision.Apres.Champs
	mots := []string{l.Revision.Lieu, champs.Nom, champs.Commune, champs.CodePostal}
	for _, champ := range l.Revision.Champs {
		mots = append(mots, champ.Libelle())
	}
	if f := l.Revision.Apres.Fermeture; f != nil {
		mots = append(mots, f.Motif)
	}
	return mednum.Normaliser(strings.Join(mots, " "))
}

// completer gives each revision the place before it: from the lines themselves,
// otherwise from the history of the place.
func (r *Registre) completer(ctx context.Context, lignes []Ligne) error {
	type cle struct {
		lieu    string
		version int
	}
	connues := map[cle]*mednum.Lieu{}
	noter := func(rev *mednum.Revision) { connues[cle{rev.Lieu, rev.Version}] = &rev.Apres }
	for i := range lignes {
		if rev := lignes[i].Revision; rev != nil {
			noter(rev)
		}
	}
	for i := range lignes {
		rev := lignes[i].Revision
		if rev == nil || rev.Version == 1 {
			continue
		}
		avant := cle{rev.Lieu, rev.Version - 1}
		if connues[avant] == nil {
			histoire, err := r.base.Revisions(ctx, rev.Lieu)
			if err != nil {
				return fmt.Errorf("lieu %s: %w", rev.Lieu, err)
			}
			for j := range histoire {
				noter(&histoire[j])
			}
		}
		lignes[i].Avant = connues[avant]
	}
	return nil
}
