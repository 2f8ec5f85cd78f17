package compte

import (
	"cmp"
	"context"
	"crypto/subtle"
	"log/slog"
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// How long a session lives without being seen, and at all: a person who
// corrects hours between two visitors stays signed in on their phone, those who
// hold wider rights do not.
const (
	oisif          = 30 * 24 * time.Hour
	absolu         = 90 * 24 * time.Hour
	oisifCoordonne = 24 * time.Hour
	absoluCoord    = 14 * 24 * time.Hour
	pasVue         = 10 * time.Minute // how precisely Session.Vue is kept
)

// Connexion is an open session with its account. Sceau is what the forms of
// this session carry, so that no other site can send them (CSRF).
type Connexion struct {
	Session mednum.Session
	Compte  mednum.Compte
	Sceau   string
}

// Limites are how long a session of an account may stay without being seen,
// and at all.
func Limites(droits []mednum.Habilitation) (sansEtreVue, enTout time.Duration) {
	if slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return h.Role.Rang() > mednum.RoleMediateur.Rang() }) {
		return oisifCoordonne, absoluCoord
	}
	return oisif, absolu
}

// ouvrirSession begins a session; its secret goes into the browser's cookie.
// idToken is ProConnect's, "" for another way in.
func (c *Comptes) ouvrirSession(ctx context.Context, compte, appareil, idToken string) (secret string, err error) {
	if secret, err = tirer(); err != nil {
		return "", err
	}
	maintenant := c.seconde()
	s := mednum.Session{Hash: hash(secret), Compte: compte, Appareil: appareil, Cree: maintenant, Vue: maintenant, IDToken: idToken}
	return secret, c.poserSession(ctx, &s, 1)
}

// noterEntree writes when somebody signed in, once an hour at most. It keeps
// nobody out: what fails is for the log.
func (c *Comptes) noterEntree(ctx context.Context, compte string) {
	heure := c.now().UTC().Truncate(time.Hour)
	_, err := c.modifier(ctx, compte, func(v *mednum.Compte) error {
		if v.Entre.Equal(heure) {
			return errInchange
		}
		v.Entre = heure
		return nil
	})
	if err != nil {
		slog.Warn("la dernière connexion d’un compte n’a pas pu être notée", "cause", err)
	}
}

// Entrees are when each account last signed in, by its id: as it was noted, or as
// its open sessions say.
func (c *Comptes) Entrees(ctx context.Context) (map[string]time.Time, error) {
	entrees := map[string]time.Time{}
	comptes, err := c.Comptes(ctx)
	if err != nil {
		return nil, err
	}
	for i := range comptes {
		entrees[comptes[i].ID] = comptes[i].Entre
	}
	sessions, err := store.LireTous[mednum.Session](ctx, c.base, store.Choix{Genre: genreSession})
	for i := range sessions {
		entrees[sessions[i].Compte] = plusTard(entrees[sessions[i].Compte], sessions[i].Cree)
	}
	return entrees, err
}

func (c *Comptes) poserSession(ctx context.Context, s *mednum.Session, version int) error {
	return store.Poser(ctx, c.base, store.Objet{
		Genre: genreSession, ID: s.Hash, Version: version, Cles: []string{s.Compte}, Efface: s.Cree.Add(absolu),
	}, s)
}

// Reprendre is the session of a cookie; one that is unknown, over, or whose
// account was erased is "anonyme".
func (c *Comptes) Reprendre(ctx context.Context, secret string) (Connexion, error) {
	if !estSecret(secret) {
		return Connexion{}, sessionFinie()
	}
	s, o, err := store.Lire[mednum.Session](ctx, c.base, genreSession, hash(secret))
	if absent(err) {
		return Connexion{}, sessionFinie()
	}
	if err != nil {
		return Connexion{}, err
	}
	compte, err := c.Compte(ctx, s.Compte)
	if absent(err) {
		return Connexion{}, sessionFinie()
	}
	if err != nil {
		return Connexion{}, err
	}
	if !c.vivante(&s, compte.Habilitations) {
		return Connexion{}, sessionFinie()
	}
	if c.now().Sub(s.Vue) >= pasVue {
		s.Vue = c.seconde()
		if err := c.poserSession(ctx, &s, o.Version+1); err != nil && !estCode(err, mednum.Perime) {
			slog.Warn("la dernière visite d’une session n’a pas pu être notée", "cause", err) // no reason to keep its owner out
		}
	}
	return Connexion{Session: s, Compte: compte, Sceau: hash("sceau/" + secret)}, nil
}

func (c *Comptes) vivante(s *mednum.Session, droits []mednum.Habilitation) bool {
	sansEtreVue, enTout := Limites(droits)
	maintenant := c.now()
	return maintenant.Before(s.Vue.Add(sansEtreVue)) && maintenant.Before(s.Cree.Add(enTout))
}

// Scelle tells whether a form carries the seal of this session.
func (x *Connexion) Scelle(sceau string) bool {
	return subtle.ConstantTimeCompare([]byte(sceau), []byte(x.Sceau)) == 1
}

func sessionFinie() error {
	return &mednum.Error{Code: mednum.Anonyme, Champ: "session", Message: "Vous n’êtes pas connecté, ou plus : reconnectez-vous."}
}

// Sessions are the open sessions of an account, the last seen first.
func (c *Comptes) Sessions(ctx context.Context, compte string) ([]mednum.Session, error) {
	liste, err := store.LireTous[mednum.Session](ctx, c.base, store.Choix{Genre: genreSession, Cle: compte})
	if err != nil {
		return nil, err
	}
	v, err := c.Compte(ctx, compte)
	if err != nil {
		return nil, err
	}
	liste = slices.DeleteFunc(liste, func(s mednum.Session) bool { return !c.vivante(&s, v.Habilitations) })
	slices.SortFunc(liste, func(a, b mednum.Session) int { return cmp.Or(b.Vue.Compare(a.Vue), cmp.Compare(a.Hash, b.Hash)) })
	return liste, nil
}

// Fermer ends a session of an account, by its Session.ID.
func (c *Comptes) Fermer(ctx context.Context, compte, id string) error {
	liste, err := store.LireTous[mednum.Session](ctx, c.base, store.Choix{Genre: genreSession, Cle: compte})
	if err != nil {
		return err
	}
	for i := range liste {
		if liste[i].ID() == id {
			return c.base.OterObjet(ctx, genreSession, liste[i].Hash)
		}
	}
	return nil // it is over already
}

// FermerTout ends the sessions of an account, but for the one of that id.
func (c *Comptes) FermerTout(ctx context.Context, compte, sauf string) error {
	liste, err := store.LireTous[mednum.Session](ctx, c.base, store.Choix{Genre: genreSession, Cle: compte})
	if err != nil {
		return err
	}
	for i := range liste {
		if liste[i].ID() == sauf {
			continue
		}
		if err := c.base.OterObjet(ctx, genreSession, liste[i].Hash); err != nil {
			return err
		}
	}
	return nil
}
