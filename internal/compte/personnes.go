package compte

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// The genres of this room among the store's objects. An adresse belongs to one
// account: its object, by the hash of the address, is written once.
const (
	genreCompte  = "compte"
	genreAdresse = "adresse"
	genreSession = "session"
	genreLien    = "lien"
	genreDemande = "demande"
	genreEnvois  = "envois"
)

// essais is how many times a change is made again when somebody else was first.
const essais = 5

// adresse is who has an e-mail address.
type adresse struct {
	Compte string `json:"compte"`
}

func cleSujet(sujet string) string { return "sujet:" + sujet }

// Compte is one account; an unknown or erased one is "introuvable".
func (c *Comptes) Compte(ctx context.Context, id string) (mednum.Compte, error) {
	compte, _, err := c.lireCompte(ctx, id)
	if err == nil && compte.Supprime {
		return mednum.Compte{}, compteAbsent()
	}
	return compte, err
}

func (c *Comptes) lireCompte(ctx context.Context, id string) (mednum.Compte, store.Objet, error) {
	compte, o, err := store.Lire[mednum.Compte](ctx, c.base, genreCompte, id)
	if absent(err) {
		return compte, o, compteAbsent()
	}
	return compte, o, err
}

func compteAbsent() error {
	return &mednum.Error{Code: mednum.Introuvable, Champ: "compte", Message: "Ce compte n’existe pas, ou n’existe plus."}
}

func absent(err error) bool { return estCode(err, mednum.Introuvable) }

func estCode(err error, code mednum.Code) bool {
	var e *mednum.Error
	return errors.As(err, &e) && e.Code == code
}

// CompteDe is the account of an e-mail address; an address that nobody has is
// "introuvable".
func (c *Comptes) CompteDe(ctx context.Context, courriel string) (mednum.Compte, error) {
	a, _, err := store.Lire[adresse](ctx, c.base, genreAdresse, hash(courriel))
	if absent(err) {
		return mednum.Compte{}, compteAbsent()
	}
	if err != nil {
		return mednum.Compte{}, err
	}
	return c.Compte(ctx, a.Compte)
}

// Comptes are the accounts that were not erased, by name then address.
func (c *Comptes) Comptes(ctx context.Context) ([]mednum.Compte, error) {
	liste, err := store.LireTous[mednum.Compte](ctx, c.base, store.Choix{Genre: genreCompte})
	liste = slices.DeleteFunc(liste, func(v mednum.Compte) bool { return v.Supprime })
	slices.SortFunc(liste, func(a, b mednum.Compte) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Nom), strings.ToLower(b.Nom)), cmp.Compare(a.Courriel, b.Courriel))
	})
	return liste, err
}

// Noms are the names of accounts, by id, for those who read a history; an
// erased account is "compte supprimé".
func (c *Comptes) Noms(ctx context.Context, ids []string) (map[string]string, error) {
	noms := map[string]string{}
	for _, id := range ids {
		if _, deja := noms[id]; deja {
			continue
		}
		compte, _, err := c.lireCompte(ctx, id)
		switch {
		case absent(err) || err == nil && compte.Supprime:
			noms[id] = "compte supprimé"
		case err != nil:
			return nil, err
		default:
			noms[id] = cmp.Or(compte.Nom, "compte sans nom")
		}
	}
	return noms, nil
}

// ouvrir is the account of an address, created with that name when nobody has
// it: of two that create it at once, both have the same.
func (c *Comptes) ouvrir(ctx context.Context, courriel, nom string) (compte mednum.Compte, err error) {
	// Read once: what is written below replaces what was read here, and nothing
	// that somebody else wrote since.
	a, o, err := store.Lire[adresse](ctx, c.base, genreAdresse, hash(courriel))
	if err == nil {
		compte, err = c.Compte(ctx, a.Compte)
	}
	if err == nil || !absent(err) {
		return compte, err
	}
	// Nobody has it, or an account whose erasure was cut short.
	alea, err := tirer()
	if err != nil {
		return mednum.Compte{}, err
	}
	compte = mednum.Compte{ID: strings.ToLower(alea[longueur-12:]), Courriel: courriel, Nom: nom, Cree: c.seconde()}
	if err := store.Poser(ctx, c.base, store.Objet{Genre: genreCompte, ID: compte.ID, Version: 1}, compte); err != nil {
		return mednum.Compte{}, err
	}
	err = store.Poser(ctx, c.base, store.Objet{Genre: genreAdresse, ID: hash(courriel), Version: o.Version + 1}, adresse{compte.ID})
	if err == nil {
		return compte, nil
	}
	if oter := c.base.OterObjet(ctx, genreCompte, compte.ID); oter != nil {
		return mednum.Compte{}, errors.Join(err, oter)
	}
	if estCode(err, mednum.Perime) {
		return c.CompteDe(ctx, courriel)
	}
	return mednum.Compte{}, err
}

func (c *Comptes) seconde() time.Time { return c.now().UTC().Truncate(time.Second) }

// errInchange is what a change returns when there is nothing to change.
var errInchange = errors.New("the account is so already")

// modifier changes an account, again when somebody else was first.
func (c *Comptes) modifier(ctx context.Context, id string, change func(*mednum.Compte) error) (mednum.Compte, error) {
	for essai := 1; ; essai++ {
		compte, o, err := c.lireCompte(ctx, id)
		if err != nil {
			return compte, err
		}
		if compte.Supprime {
			return compte, compteAbsent()
		}
		if err := change(&compte); errors.Is(err, errInchange) {
			return compte, nil
		} else if err != nil {
			return compte, err
		}
		o.Version++
		o.Cles = nil
		if compte.Sujet != "" {
			o.Cles = []string{cleSujet(compte.Sujet)}
		}
		if err = store.Poser(ctx, c.base, o, compte); err == nil || !estCode(err, mednum.Perime) || essai == essais {
			return compte, err
		}
	}
}

// Nommer gives an account its person's name.
func (c *Comptes) Nommer(ctx context.Context, id, nom string) (mednum.Compte, error) {
	nom, err := mednum.LireNomCompte(nom)
	if err != nil {
		return mednum.Compte{}, err
	}
	return c.modifier(ctx, id, func(v *mednum.Compte) error { v.Nom = nom; return nil })
}

// Habiliter gives rights to an account, beside those that it has; one that has
// them all is not written again.
func (c *Comptes) Habiliter(ctx context.Context, id string, droits ...mednum.Habilitation) (mednum.Compte, error) {
	return c.modifier(ctx, id, func(v *mednum.Compte) error {
		manque := func(h mednum.Habilitation) bool { return !slices.Contains(v.Habilitations, h) }
		if !slices.ContainsFunc(droits, manque) {
			return errInchange
		}
		v.Habilitations = slices.Clone(v.Habilitations)
		for _, h := range droits {
			if !slices.Contains(v.Habilitations, h) {
				v.Habilitations = append(v.Habilitations, h)
			}
		}
		return nil
	})
}

// Deshabiliter takes a right back from an account; one that it does not have is
// "introuvable".
func (c *Comptes) Deshabiliter(ctx context.Context, id string, droit mednum.Habilitation) (mednum.Compte, error) {
	return c.modifier(ctx, id, func(v *mednum.Compte) error {
		i := slices.Index(v.Habilitations, droit)
		if i < 0 {
			return &mednum.Error{Code: mednum.Introuvable, Champ: "habilitation", Message: "Ce compte n’a pas ce droit, ou ne l’a plus."}
		}
		v.Habilitations = slices.Delete(slices.Clone(v.Habilitations), i, i+1)
		return nil
	})
}

// Supprimer erases an account: its address, its name, its rights, its requests,
// what colleagues found of it, where it answers first and the links sent to it go, its sessions end. What it changed stays, signed by
// an id that names nobody. The account itself goes last: an erasure that was cut
// short is made again by asking again.
func (c *Comptes) Supprimer(ctx context.Context, id string) error {
	compte, err := c.Compte(ctx, id)
	if err != nil {
		return err
	}
	err = errors.Join(c.oterLiens(ctx, compte.Courriel), c.oterDemandes(ctx, id), c.oterReferent(ctx, id), c.FermerTout(ctx, id, ""))
	if err != nil {
		return err
	}
	if err := c.base.OterObjet(ctx, genreAdresse, hash(compte.Courriel)); err != nil {
		return err
	}
	_, err = c.modifier(ctx, id, func(v *mednum.Compte) error {
		*v = mednum.Compte{ID: v.ID, Cree: v.Cree, Supprime: true}
		return nil
	})
	return err
}

// Exclure takes back every right of an account, the invitations and the links
// sent to it, and ends its sessions; the account keeps its name and address.
func (c *Comptes) Exclure(ctx context.Context, id string) (mednum.Compte, error) {
	v, err := c.modifier(ctx, id, func(v *mednum.Compte) error { v.Habilitations = nil; return nil })
	if err != nil {
		return v, err
	}
	return v, errors.Join(c.oterLiens(ctx, v.Courriel), c.FermerTout(ctx, id, ""))
}

// oterLiens takes away the links sent to an address.
func (c *Comptes) oterLiens(ctx context.Context, courriel string) error {
	liens, err := c.base.Objets(ctx, store.Choix{Genre: genreLien, Cle: cleCourriel(courriel)})
	for i := range liens {
		err = errors.Join(err, c.base.OterObjet(ctx, genreLien, liens[i].ID))
	}
	return err
}

// Equipe are the accounts that may change one place by a right of its own, or of
// those that became it.
func (c *Comptes) Equipe(ctx context.Context, lieux ...string) ([]mednum.Compte, error) {
	return c.qui(ctx, func(h mednum.Habilitation) bool { return h.Portee == mednum.PorteeLieu && slices.Contains(lieux, h.ID) })
}

// Coordinateurs are the accounts with a right that the filter wants, of
// coordinators and above.
func (c *Comptes) Coordinateurs(ctx context.Context, portee func(mednum.Habilitation) bool) ([]mednum.Compte, error) {
	return c.qui(ctx, func(h mednum.Habilitation) bool {
		return h.Role.Rang() >= mednum.RoleCoordinateur.Rang() && portee(h)
	})
}

func (c *Comptes) qui(ctx context.Context, veut func(mednum.Habilitation) bool) ([]mednum.Compte, error) {
	tous, err := c.Comptes(ctx)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return slices.DeleteFunc(tous, func(v mednum.Compte) bool { return !slices.ContainsFunc(v.Habilitations, veut) }), nil
}
