package reseau

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// idCurseur names the one cursor over what is written.
const idCurseur = "avis"

// curseur is up to where changes were looked at. Numbers of the store may be seen
// out of order (a gap is over after 30 seconds), so that it moves to the number
// that was the greatest some time ago; Vus are the versions of the places looked
// at beyond it.
type curseur struct {
	Sur  int64          `json:"sur"` // every change up to it was looked at
	Vu   int64          `json:"vu"`  // the greatest number at VuLe
	VuLe time.Time      `json:"vu_le"`
	Vus  map[string]int `json:"vus,omitempty"`
}

// recul is how long after a number was seen none below it can appear.
const recul = 2 * time.Minute

// enCours is the refusal of what another program is doing.
var errEnCours = errors.New("another program is telling it")

// AvisDus tells whether somebody may have to be told something.
func (r *Reseau) AvisDus(ctx context.Context) (bool, error) {
	if !r.Courrier.Regle() {
		return false, nil
	}
	c, _, err := store.Lire[curseur](ctx, r.Base, genreCurseur, idCurseur)
	if err != nil {
		return true, sauf(err, mednum.Introuvable)
	}
	if _, dernier := r.Catalogue.Depuis(c.Sur); dernier > c.Sur {
		return true, nil
	}
	objets, err := r.Base.Objets(ctx, store.Choix{Genre: genreAvis, Cle: cleAttend, Limite: 1})
	return len(objets) > 0, err
}

// Prevenir tells people what others did to their places, and what was answered
// to what they asked, and returns how many letters it wrote. The first time, it
// only notes where it begins. What is cut short is done again: nothing is missed.
func (r *Reseau) Prevenir(ctx context.Context) (n int, err error) {
	if err := r.Catalogue.Actualiser(ctx); err != nil {
		return 0, err
	}
	c, o, err := store.Lire[curseur](ctx, r.Base, genreCurseur, idCurseur)
	if estCode(err, mednum.Introuvable) {
		_, dernier := r.Catalogue.Depuis(0)
		return 0, r.poserCurseur(ctx, 1, curseur{Sur: dernier, Vu: dernier, VuLe: r.Now().UTC()})
	}
	if err != nil {
		return 0, err
	}
	n, err = r.parcourir(ctx, c, o.Version)
	if err != nil && !errors.Is(err, errEnCours) {
		return n, err
	}
	expedies, err := r.expedier(ctx)
	return n + expedies, err
}

func (r *Reseau) poserCurseur(ctx context.Context, version int, c curseur) error {
	err := store.Poser(ctx, r.Base, store.Objet{Genre: genreCurseur, ID: idCurseur, Version: version}, c)
	return sauf(err, mednum.Perime) // another program looked at the same
}

// parcourir looks at what was written since, then moves the cursor.
func (r *Reseau) parcourir(ctx context.Context, c curseur, version int) (n int, err error) {
	vues, dernier := r.Catalogue.Depuis(c.Sur)
	vus := maps.Clone(c.Vus)
	if vus == nil {
		vus = map[string]int{}
	}
	for _, v := range vues {
		if vus[v.ID] >= v.Version {
			continue
		}
		nouvelles, err := r.nouvelles(ctx, v, vus[v.ID], c.Sur)
		if err != nil {
			return n, err
		}
		ecrites, err := r.noter(ctx, v, nouvelles)
		n += ecrites
		if err != nil {
			return n, err
		}
		vus[v.ID] = v.Version
	}
	avance := r.Now().Sub(c.VuLe) >= recul
	if !avance && maps.Equal(vus, c.Vus) {
		return n, nil
	}
	if avance {
		c.Sur, c.Vu, c.VuLe = c.Vu, dernier, r.Now().UTC()
		for _, v := range vues {
			if v.Seq <= c.Sur {
				delete(vus, v.ID)
			}
		}
	}
	c.Vus = vus
	return n, r.poserCurseur(ctx, version+1, c)
}

// pas is one revision with the state before it, nil for the first.
type pas struct {
	catalogue.Etape
	Avant *mednum.Lieu
}

// nouvelles are the revisions of a place that were not looked at, oldest first:
// those after a version, or after a number when no version is known.
func (r *Reseau) nouvelles(ctx context.Context, v *catalogue.Vue, version int, seq int64) ([]pas, error) {
	histoire, err := r.Catalogue.Histoire(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	var liste []pas
	for i := range histoire {
		e := &histoire[i]
		if e.Version > v.Version || e.Version <= version || version == 0 && e.Apres.Seq <= seq {
			continue
		}
		p := pas{Etape: *e}
		if i+1 < len(histoire) {
			p.Avant = &histoire[i+1].Apres
		}
		liste = append(liste, p)
	}
	slices.Reverse(liste)
	return liste, nil
}

// noter tells at once what was answered, and notes what the team is to be told.
func (r *Reseau) noter(ctx context.Context, v *catalogue.Vue, nouvelles []pas) (n int, err error) {
	for i := range nouvelles {
		p := &nouvelles[i]
		if p.Avant == nil || p.parImport() {
			continue
		}
		ecrites, err := r.repercuter(ctx, v, p)
		n += ecrites
		if err != nil {
			return n, err
		}
	}
	return n, r.noterEquipe(ctx, v, nouvelles)
}

func (p *pas) parImport() bool { return p.Voie == "import" || p.Operation != "" }
