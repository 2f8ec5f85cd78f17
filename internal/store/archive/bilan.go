package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// Genre is a kind of what a base holds, in words fit to be shown.
type Genre string

// The kinds. Places are derived: each is the after-image of its newest revision.
const (
	Lieux      Genre = "lieux"
	Revisions  Genre = "révisions"
	Fiches     Genre = "fiches"
	Flux       Genre = "flux"
	Operations Genre = "opérations"
	Reglages   Genre = "réglages"
	Objets     Genre = "documents" // accounts, sessions, links, mail
)

// Genres are all kinds, in the order in which they are shown.
var Genres = []Genre{Lieux, Revisions, Fiches, Flux, Operations, Reglages, Objets}

// Compte is how many things of a kind there are, and the SHA-256 of their JSON
// lines in hexadecimal: the same on every store.
type Compte struct {
	N         int    `json:"n"`
	Empreinte string `json:"empreinte"`
}

// Bilan is the count of every kind.
type Bilan map[Genre]Compte

// Differences are the kinds whose counts are not the same in both.
func (b Bilan) Differences(autre Bilan) (genres []Genre) {
	for _, g := range Genres {
		if b[g] != autre[g] {
			genres = append(genres, g)
		}
	}
	return genres
}

// releve counts elements as they pass, and refuses those that do not hold
// together.
type releve struct {
	n       map[Genre]int
	sommes  map[Genre]hash.Hash
	dernier *mednum.Revision // of the place that is passing
	vus     map[string]bool  // places, idempotency keys, numbers, by kind
	rang    int              // of the kind that is passing
}

func newReleve() *releve {
	r := &releve{n: map[Genre]int{}, sommes: map[Genre]hash.Hash{}, vus: map[string]bool{}}
	for _, g := range Genres {
		r.sommes[g] = sha256.New()
	}
	return r
}

// ajouter counts one element, whose JSON is texte.
func (r *releve) ajouter(e store.Element, texte []byte) error {
	genre, rang := genreDe(e)
	if rang < r.rang {
		return errors.New("éléments dans le désordre")
	}
	if rang > rangRevision {
		r.finirLieu()
	}
	r.rang = rang
	if err := r.verifier(e); err != nil {
		return err
	}
	r.n[genre]++
	_, _ = r.sommes[genre].Write(texte)
	_, _ = r.sommes[genre].Write([]byte{'\n'})
	return nil
}

const rangRevision = 2

// genreDe is the kind of an element, and its rank in a Source; rank 0 is none.
func genreDe(e store.Element) (genre Genre, rang int) {
	switch {
	case e.Flux != nil:
		return Flux, 1
	case e.Revision != nil:
		return Revisions, rangRevision
	case e.Fiche != nil:
		return Fiches, 3
	case e.Operation != nil:
		return Operations, 4
	case e.Reglage != nil:
		return Reglages, 5
	case e.Objet != nil:
		return Objets, 6
	}
	return "", 0
}

func (r *releve) verifier(e store.Element) error {
	switch {
	case e.Flux != nil:
		return r.unique("flux", e.Flux.ID)
	case e.Revision != nil:
		return r.revision(e.Revision)
	case e.Fiche != nil:
		if e.Fiche.Lieu != "" && !r.vus["lieu\x00"+e.Fiche.Lieu] {
			return fmt.Errorf("fiche %q d’un lieu absent", e.Fiche.Reference())
		}
		return r.unique("fiche", e.Fiche.Flux+"\x00"+e.Fiche.Cle)
	case e.Operation != nil:
		if e.Operation.Etat != "finie" {
			return fmt.Errorf("opération %q inachevée", e.Operation.ID)
		}
		return r.unique("opération", e.Operation.ID)
	case e.Reglage != nil:
		return r.unique("réglage", e.Reglage.Cle)
	case e.Objet != nil:
		return r.unique("objet", e.Objet.Genre+"\x00"+e.Objet.ID)
	}
	return errors.New("élément vide")
}

// revision wants the versions of a place to follow each other from 1, and its
// numbers to grow.
func (r *releve) revision(rev *mednum.Revision) error {
	precedente, seq := 0, int64(0)
	if r.dernier != nil && r.dernier.Lieu == rev.Lieu {
		precedente, seq = r.dernier.Version, r.dernier.Apres.Seq
	} else {
		r.finirLieu()
		if err := r.unique("lieu", rev.Lieu); err != nil {
			return err
		}
	}
	if rev.Version != precedente+1 || rev.Apres.ID != rev.Lieu || rev.Apres.Version != rev.Version || rev.Apres.Seq <= seq {
		return fmt.Errorf("lieu %q : la version %d suit la %d", rev.Lieu, rev.Version, precedente)
	}
	r.dernier = rev
	if rev.Idempotence != "" {
		if err := r.unique("clé d’idempotence", rev.Idempotence); err != nil {
			return err
		}
	}
	return r.unique("numéro", fmt.Sprint(rev.Apres.Seq))
}

func (r *releve) unique(quoi, cle string) error {
	vu := quoi + "\x00" + cle
	if r.vus[vu] {
		return fmt.Errorf("%s %q en double", quoi, cle)
	}
	r.vus[vu] = true
	return nil
}

// finirLieu counts the place whose revisions have all passed.
func (r *releve) finirLieu() {
	if r.dernier != nil {
		r.lieu(r.dernier.Apres)
		r.dernier = nil
	}
}

func (r *releve) lieu(l mednum.Lieu) {
	r.n[Lieux]++
	// A place that was read from JSON can be written again.
	_ = json.NewEncoder(r.sommes[Lieux]).Encode(l)
}

func (r *releve) bilan() Bilan {
	r.finirLieu()
	b := Bilan{}
	for g, somme := range r.sommes {
		b[g] = Compte{N: r.n[g], Empreinte: hex.EncodeToString(somme.Sum(nil))}
	}
	return b
}

// Compter is the source itself, and counts into b what passes, once it has all
// passed. What does not hold together is an *mednum.Error with code "invalide".
func Compter(de store.Source, b *Bilan) store.Source {
	return func(ctx context.Context, f func(store.Element) error) error {
		r := newReleve()
		err := de(ctx, func(e store.Element) error {
			texte, err := json.Marshal(e)
			if err != nil {
				return err
			}
			if err := r.ajouter(e, texte); err != nil {
				return incoherente(err)
			}
			return f(e)
		})
		if err == nil {
			*b = r.bilan()
		}
		return err
	}
}

func incoherente(err error) error {
	return fmt.Errorf("%w: %w", &mednum.Error{
		Code: mednum.Invalide, Champ: "base", Message: fmt.Sprintf("Le contenu de la base ne se tient pas : %s.", err),
	}, err)
}

// Relire counts what a base holds: the log and the rest as Copier gives them,
// the places as Lieux does.
func Relire(ctx context.Context, base store.Magasin) (b Bilan, err error) {
	if err := Compter(base.Copier, &b)(ctx, func(store.Element) error { return nil }); err != nil {
		return nil, err
	}
	lieux, err := base.Lieux(ctx)
	if err != nil {
		return nil, err
	}
	r := newReleve()
	for i := range lieux {
		r.lieu(lieux[i])
	}
	b[Lieux] = r.bilan()[Lieux]
	return b, nil
}
