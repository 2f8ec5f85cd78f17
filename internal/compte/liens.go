package compte

import (
	"context"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// How long links serve, how many may be asked for an address in an hour, and
// how many codes may be tried on one.
const (
	DureeConnexion  = 15 * time.Minute
	DureeInvitation = 7 * 24 * time.Hour
	DureeArrivee    = 24 * time.Hour
	DureeRappel     = 60 * 24 * time.Hour
	parHeure        = 5
	essaisCode      = 5
	survieLien      = 24 * time.Hour // after its end, to say that it is over
)

// Envoi is what a mail must carry to sign in: the secret of the link, the six
// digits, and Demande, which the browser that asked keeps to type them.
type Envoi struct {
	Secret, Code, Demande string
	Expire                time.Time
	Compte                mednum.Compte
}

// Connecter prepares a sign-in for an address. What it returns, and the time
// that it takes, are the same whether somebody has that address or not; ok is
// false when no mail must go: nobody has it, or too many were asked.
func (c *Comptes) Connecter(ctx context.Context, courriel string) (e Envoi, ok bool, err error) {
	courriel, err = mednum.LireCourriel(courriel)
	if err != nil {
		return e, false, err
	}
	compte, err := c.CompteDe(ctx, courriel)
	if err != nil && !absent(err) {
		return e, false, err
	}
	recents, err := c.recents(ctx, courriel)
	if err != nil {
		return e, false, err
	}
	e, err = c.tirerLien(ctx, mednum.Lien{Usage: mednum.UsageConnexion, Courriel: compte.Courriel, Compte: compte.ID}, DureeConnexion, cleCourriel(courriel))
	e.Compte = compte
	return e, compte.ID != "" && recents < parHeure, err
}

// cleCourriel does not keep an address that nobody here has.
func cleCourriel(courriel string) string { return "courriel:" + hash(courriel) }

// recents is how many sign-ins were asked for an address in the last hour.
func (c *Comptes) recents(ctx context.Context, courriel string) (n int, err error) {
	liste, err := store.LireTous[mednum.Lien](ctx, c.base, store.Choix{Genre: genreLien, Cle: cleCourriel(courriel)})
	for i := range liste {
		if liste[i].Usage == mednum.UsageConnexion && c.now().Sub(liste[i].Cree) < time.Hour {
			n++
		}
	}
	return n, err
}

// tirerLien draws the secrets of a link and writes it.
func (c *Comptes) tirerLien(ctx context.Context, l mednum.Lien, duree time.Duration, cles ...string) (e Envoi, err error) {
	if e.Secret, err = tirer(); err != nil {
		return e, err
	}
	if e.Code, err = tirerCode(); err != nil {
		return e, err
	}
	if e.Demande, err = tirer(); err != nil {
		return e, err
	}
	l.Cree = c.seconde()
	l.Hash, l.Expire = hash(e.Secret), l.Cree.Add(duree)
	l.Code = hash(e.Demande + "/" + e.Code)
	e.Expire = l.Expire
	return e, store.Poser(ctx, c.base, store.Objet{
		Genre: genreLien, ID: l.Hash, Version: 1,
		Cles: append(cles, cleDemande(e.Demande)), Efface: l.Expire.Add(survieLien),
	}, l)
}

func cleDemande(demande string) string { return "demande:" + hash(demande) }

// reecrire writes a link that has changed; its keys stay.
func (c *Comptes) reecrire(ctx context.Context, o store.Objet, l *mednum.Lien) error {
	o.Version++
	return store.Poser(ctx, c.base, o, l)
}

// Inviter prepares an invitation: whoever opens it gets the rights. The caller
// has checked that par may give them.
func (c *Comptes) Inviter(ctx context.Context, courriel, nom, par string, droits []mednum.Habilitation) (e Envoi, err error) {
	courriel, err = mednum.LireCourriel(courriel)
	if err != nil {
		return e, err
	}
	if strings.TrimSpace(nom) != "" {
		if nom, err = mednum.LireNomCompte(nom); err != nil {
			return e, err
		}
	}
	if len(droits) == 0 {
		return e, invalide("habilitations", "Dites ce que cette personne pourra modifier.")
	}
	return c.tirerLien(ctx, mednum.Lien{Usage: mednum.UsageInvitation, Courriel: courriel, Nom: nom, Par: par, Habilitations: droits}, DureeInvitation)
}

// Rappeler prepares a link that says how a place is, for an address.
func (c *Comptes) Rappeler(ctx context.Context, courriel, compte, lieu string) (Envoi, error) {
	return c.tirerLien(ctx, mednum.Lien{Usage: mednum.UsageRappel, Courriel: courriel, Compte: compte, Lieu: lieu}, DureeRappel)
}

// Lien is the link of a secret, and spends nothing. One that is forged, that
// was never sent, that served or is over, is "anonyme"; the words say which
// only to who holds the secret.
func (c *Comptes) Lien(ctx context.Context, secret string) (mednum.Lien, error) {
	l, _, err := c.lien(ctx, secret)
	return l, err
}

func (c *Comptes) lien(ctx context.Context, secret string) (mednum.Lien, store.Objet, error) {
	if !estSecret(secret) {
		return mednum.Lien{}, store.Objet{}, lienInconnu()
	}
	l, o, err := store.Lire[mednum.Lien](ctx, c.base, genreLien, hash(secret))
	if absent(err) {
		return l, o, lienInconnu()
	}
	if err != nil {
		return l, o, err
	}
	return l, o, c.utilisable(&l)
}

func lienInconnu() error {
	return anonymeLien("Ce lien n’est pas connu : il a peut-être été coupé par votre messagerie. Demandez-en un autre.")
}

func anonymeLien(message string) error {
	return &mednum.Error{Code: mednum.Anonyme, Champ: "lien", Message: message}
}

// utilisable refuses a link that may not serve any more.
func (c *Comptes) utilisable(l *mednum.Lien) error {
	switch {
	case l.Usage == mednum.UsageConnexion && l.Compte == "":
		return lienInconnu()
	case !l.ConsommeLe.IsZero():
		return anonymeLien("Ce lien a déjà servi : il ne sert qu’une fois. Demandez-en un autre.")
	case !c.now().Before(l.Expire):
		return anonymeLien("Ce lien est trop vieux. Demandez-en un autre.")
	}
	return nil
}

// consommer spends a link: of two that try at once, one does.
func (c *Comptes) consommer(ctx context.Context, l *mednum.Lien, o store.Objet) error {
	l.ConsommeLe = c.seconde()
	err := c.reecrire(ctx, o, l)
	if estCode(err, mednum.Perime) {
		return anonymeLien("Ce lien a déjà servi : il ne sert qu’une fois. Demandez-en un autre.")
	}
	return err
}

// Entrer spends a sign-in or an invitation, and opens a session on that device.
// nom names a new account; without one, the name of the invitation does.
func (c *Comptes) Entrer(ctx context.Context, secret, nom, appareil string) (session string, compte mednum.Compte, err error) {
	l, o, err := c.lien(ctx, secret)
	if err != nil {
		return "", compte, err
	}
	return c.entrer(ctx, l, o, nom, appareil)
}

func (c *Comptes) entrer(ctx context.Context, l mednum.Lien, o store.Objet, nom, appareil string) (session string, compte mednum.Compte, err error) {
	switch l.Usage {
	case mednum.UsageConnexion:
		compte, err = c.Compte(ctx, l.Compte)
	case mednum.UsageInvitation:
		nom, err = c.nomInvite(ctx, &l, nom)
	default:
		err = lienInconnu()
	}
	if err != nil {
		return "", compte, err
	}
	if err := c.consommer(ctx, &l, o); err != nil {
		return "", compte, err
	}
	if l.Usage == mednum.UsageInvitation {
		if compte, err = c.ouvrir(ctx, l.Courriel, nom); err != nil {
			return "", compte, err
		}
		if compte, err = c.Habiliter(ctx, compte.ID, l.Habilitations...); err != nil {
			return "", compte, err
		}
		if l.Lieu != "" {
			if _, err := c.Demander(ctx, compte.ID, l.Lieu, l.Motif); err != nil {
				return "", compte, err
			}
		}
	}
	session, err = c.ouvrirSession(ctx, compte.ID, appareil, "")
	return session, compte, err
}

// nomInvite is the name of who accepts an invitation; a new account needs one.
func (c *Comptes) nomInvite(ctx context.Context, l *mednum.Lien, nom string) (string, error) {
	if strings.TrimSpace(nom) == "" {
		nom = l.Nom
	}
	compte, err := c.CompteDe(ctx, l.Courriel)
	if err == nil {
		return compte.Nom, nil
	}
	if !absent(err) {
		return "", err
	}
	return mednum.LireNomCompte(nom)
}

// EntrerParCode spends a sign-in by its six digits, typed in the browser that
// asked for it. A wrong code is "anonyme", and five spend the link.
func (c *Comptes) EntrerParCode(ctx context.Context, demande, code, appareil string) (session string, compte mednum.Compte, err error) {
	code = strings.Join(strings.Fields(code), "")
	for essai := 1; ; essai++ {
		objets, err := c.base.Objets(ctx, store.Choix{Genre: genreLien, Cle: cleDemande(demande)})
		if err != nil {
			return "", compte, err
		}
		if !estSecret(demande) || len(objets) != 1 {
			return "", compte, mauvaisCode(0)
		}
		l, o, err := store.Lire[mednum.Lien](ctx, c.base, genreLien, objets[0].ID)
		if err != nil {
			return "", compte, err
		}
		if !l.Ouvert(c.now()) || l.Essais >= essaisCode {
			return "", compte, mauvaisCode(0)
		}
		if l.Compte != "" && subtle.ConstantTimeCompare([]byte(l.Code), []byte(hash(demande+"/"+code))) == 1 {
			return c.entrer(ctx, l, o, "", appareil)
		}
		l.Essais++
		err = c.reecrire(ctx, o, &l)
		if estCode(err, mednum.Perime) && essai < essais {
			continue // another try was counted first
		}
		if err != nil {
			return "", compte, err
		}
		return "", compte, mauvaisCode(essaisCode - l.Essais)
	}
}

func mauvaisCode(restent int) error {
	message := "Ce code n’est pas bon : recopiez les six chiffres du dernier courriel."
	switch {
	case restent <= 0:
		message = "Ce code ne sert plus : demandez un nouveau courriel."
	case restent == 1:
		message += " Il reste un essai."
	default:
		message += fmt.Sprintf(" Il reste %d essais.", restent)
	}
	return &mednum.Error{Code: mednum.Anonyme, Champ: "code", Message: message}
}

// Repondre spends a reminder and returns it: who answers is known by it.
func (c *Comptes) Repondre(ctx context.Context, secret string) (mednum.Lien, error) {
	l, o, err := c.lien(ctx, secret)
	if err != nil {
		return l, err
	}
	if l.Usage != mednum.UsageRappel {
		return l, lienInconnu()
	}
	return l, c.consommer(ctx, &l, o)
}
