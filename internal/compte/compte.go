// Package compte is who may write: accounts, the links and codes that sign in,
// sessions, invitations, and the tokens of other programs.
package compte

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// prefixe begins the secret of a machine token: people, and the scanners of
// code hosts, recognise one that was left somewhere.
const prefixe = "adp_"

// nomMax is the length of a token's name, in bytes.
const nomMax = 100

// Comptes knows who may write. Every method is safe for concurrent use.
type Comptes struct {
	base store.Magasin
	now  func() time.Time
}

// New is the room over a store.
func New(base store.Magasin, now func() time.Time) *Comptes {
	return &Comptes{base: base, now: now}
}

// Creer makes a token of the given name, rights and end, for the API. The
// secret is returned once and kept nowhere. A token without a name or rights,
// or that would be over at once, is "invalide".
func (c *Comptes) Creer(ctx context.Context, nom string, droits []mednum.Habilitation, expire time.Time) (secret string, j mednum.Jeton, err error) {
	nom = strings.TrimSpace(nom)
	cree := c.now().UTC().Truncate(time.Second)
	switch {
	case nom == "":
		return "", j, invalide("nom", "Donnez un nom à ce jeton : il signera ses modifications.")
	case len(nom) > nomMax || strings.ContainsFunc(nom, estControle):
		return "", j, invalide("nom", fmt.Sprintf("Le nom du jeton tient sur une ligne de %d octets au plus.", nomMax))
	case len(droits) == 0:
		return "", j, invalide("habilitations", "Dites ce que ce jeton peut modifier.")
	case !expire.After(cree):
		return "", j, invalide("expire", "Ce jeton serait déjà expiré : donnez un jour à venir.")
	}
	if secret, err = tirer(); err != nil {
		return "", j, fmt.Errorf("jeton: %w", err)
	}
	secret = prefixe + secret
	j = mednum.Jeton{
		Hash: hash(secret), Usage: mednum.UsageAPI, Nom: nom, Habilitations: slices.Clone(droits),
		Cree: cree, Expire: expire.UTC().Truncate(time.Second),
	}
	if err := c.poserJeton(ctx, &j, 1); err != nil {
		return "", mednum.Jeton{}, err
	}
	return secret, j, nil
}

func estControle(r rune) bool { return r < ' ' || r == 0x7f }

func invalide(champ, message string) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: champ, Message: message}
}

// genreJeton is the genre of machine tokens among the store's objects: by
// their hash. One that expired is kept survieJeton, for the lists of people.
const (
	genreJeton  = "jeton"
	survieJeton = 30 * 24 * time.Hour
)

func (c *Comptes) poserJeton(ctx context.Context, j *mednum.Jeton, version int) error {
	return store.Poser(ctx, c.base, store.Objet{Genre: genreJeton, ID: j.Hash, Version: version, Efface: j.Expire.Add(survieJeton)}, j)
}

// Jetons are all tokens, oldest first, then by hash.
func (c *Comptes) Jetons(ctx context.Context) ([]mednum.Jeton, error) {
	liste, err := store.LireTous[mednum.Jeton](ctx, c.base, store.Choix{Genre: genreJeton})
	slices.SortFunc(liste, func(a, b mednum.Jeton) int { return cmp.Or(a.Cree.Compare(b.Cree), cmp.Compare(a.Hash, b.Hash)) })
	return liste, err
}

// Revoquer takes a token back, by its Jeton.ID; one that is revoked already
// stays as it is. An unknown id is "introuvable".
func (c *Comptes) Revoquer(ctx context.Context, id string) (mednum.Jeton, error) {
	jetons, err := c.Jetons(ctx)
	if err != nil {
		return mednum.Jeton{}, err
	}
	i := slices.IndexFunc(jetons, func(j mednum.Jeton) bool { return j.ID() == id })
	if i < 0 {
		return mednum.Jeton{}, &mednum.Error{Code: mednum.Introuvable, Champ: "id", Message: fmt.Sprintf(
			"Aucun jeton n’a l’identifiant « %s » : « adeuxpas compte jetons » les donne.", id)}
	}
	j, o, err := store.Lire[mednum.Jeton](ctx, c.base, genreJeton, jetons[i].Hash)
	if err != nil || j.Revoked() {
		return j, err
	}
	j.RevoqueLe = c.now().UTC().Truncate(time.Second)
	return j, c.poserJeton(ctx, &j, o.Version+1)
}

// Authentifier finds the token of a secret, good for the API now. Otherwise the
// error is "anonyme": it says whether the token is unknown, expired or revoked,
// which only who holds the secret can ask.
func (c *Comptes) Authentifier(ctx context.Context, secret string) (mednum.Jeton, error) {
	if reste, ok := strings.CutPrefix(secret, prefixe); !ok || !estSecret(reste) {
		return mednum.Jeton{}, anonyme("Ce jeton n’est pas connu : recopiez-le en entier, il commence par " + prefixe + ".")
	}
	h := hash(secret)
	j, _, err := store.Lire[mednum.Jeton](ctx, c.base, genreJeton, h)
	var refus *mednum.Error
	if errors.As(err, &refus) && refus.Code == mednum.Introuvable {
		return mednum.Jeton{}, anonyme("Ce jeton n’est pas connu : recopiez-le en entier, ou demandez-en un autre.")
	}
	if err != nil {
		return mednum.Jeton{}, err
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(j.Hash), []byte(h)) != 1 || j.Usage != mednum.UsageAPI:
		return mednum.Jeton{}, anonyme("Ce jeton ne sert pas à modifier des lieux : demandez-en un autre.")
	case j.Revoked():
		return mednum.Jeton{}, anonyme("Ce jeton a été révoqué : demandez-en un autre.")
	case j.Expired(c.now()):
		return mednum.Jeton{}, anonyme("Ce jeton a expiré : demandez-en un autre.")
	}
	return j, nil
}

func anonyme(message string) error {
	return &mednum.Error{Code: mednum.Anonyme, Champ: "jeton", Message: message}
}
