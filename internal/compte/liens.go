package compte

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
)

// How long links serve, how many may be asked for an address in an hour (and
// how often after that), and how many codes may be tried on one.
const (
	DureeConnexion  = 15 * time.Minute
	DureeInvitation = 7 * 24 * time.Hour
	DureeArrivee    = 24 * time.Hour
	DureeRappel     = 60 * 24 * time.Hour
	parHeure        = 5
	ensuite         = 10 * time.Minute
	essaisCode      = 5
	survieLien      = 24 * time.Hour // after its end, to say that it is over
	// survieInvitation is longer: whoever invited sees that nobody came, and may
	// send it again.
	survieInvitation = 60 * 24 * time.Hour
)

// Envoi is what a mail must carry to sign in: the secret of the link, the six
// digits, and Demande, which the browser that asked keeps to type them.
type Envoi struct {
	Secret, Code, Demande string
	Expire                time.Time
	Compte                mednum.Compte
}

// Connecter prepares a sign-in for an address. What it returns, and what it
// asks of the store, are the same whether somebody has that address or not; ok
// is false when no mail must go: nobody has it, or too many were asked. A link
// that does not go opens nothing, so that codes cannot be guessed by asking for
// many of them. e.Code is "" after too many wrong codes: the link alone signs in.
func (c *Comptes) Connecter(ctx context.Context, courriel string) (e Envoi, ok bool, err error) {
	courriel, err = mednum.LireCourriel(courriel)
	if err != nil {
		return e, false, err
	}
	compte, err := c.CompteDe(ctx, courriel)
	if absent(err) {
		_, err = c.Compte(ctx, compteDePersonne) // as many questions as for an address that somebody has
	}
	if err != nil && !absent(err) {
		return e, false, err
	}
	permis, avecCode, err := c.compterEnvoi(ctx, hash(courriel))
	if err != nil {
		return e, false, err
	}
	if !permis {
		compte = mednum.Compte{}
	}
	l := mednum.Lien{Usage: mednum.UsageConnexion, Courriel: compte.Courriel, Compte: compte.ID}
	if e, err = c.tirer(ctx, l, DureeConnexion, avecCode, cleCourriel(courriel)); !avecCode {
		e.Code = ""
	}
	e.Compte = compte
	return e, compte.ID != "", err
}

// compteDePersonne is an id that no account has.
const compteDePersonne = "-"

// cleCourriel does not keep an address that nobody here has.
func cleCourriel(courriel string) string { return prefixeCourriel + hash(courriel) }

const prefixeCourriel = "courriel:"

// empreinteDe is the hash of the address that a link is for, which its keys
// tell even when nobody has it.
func empreinteDe(o *store.Objet) string {
	for _, cle := range o.Cles {
		if h, ok := strings.CutPrefix(cle, prefixeCourriel); ok {
			return h
		}
	}
	return ""
}

// tirerLien draws the secrets of a link and writes it.
func (c *Comptes) tirerLien(ctx context.Context, l mednum.Lien, duree time.Duration, cles ...string) (Envoi, error) {
	return c.tirer(ctx, l, duree, true, cles...)
}

// tirer does so; without avecCode, no code opens the link.
func (c *Comptes) tirer(ctx context.Context, l mednum.Lien, duree time.Duration, avecCode bool, cles ...string) (e Envoi, err error) {
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
	if avecCode {
		l.Code = hash(e.Demande + "/" + e.Code)
	}
	e.Expire = l.Expire
	survie := survieLien
	if l.Usage == mednum.UsageInvitation && l.Par != "" {
		survie = survieInvitation
	}
	return e, store.Poser(ctx, c.base, store.Objet{
		Genre: genreLien, ID: l.Hash, Version: 1,
		Cles: append(cles, cleDemande(e.Demande)), Efface: l.Expire.Add(survie),
	}, l)
}

func cleDemande(demande string) string { return "demande:" + hash(demande) }

// reecrire writes a link that has changed; its keys stay.
func (c *Comptes) reecrire(ctx context.Context, o store.Objet, l *mednum.Lien) error {
	o.Version++
	return store.Poser(ctx, c.base, o, l)
}

// Rappeler prepares a link that says how a place is, for an address.
func (c *Comptes) Rappeler(ctx context.Context, courriel, compte, lieu string) (Envoi, error) {
	return c.tirerLien(ctx, mednum.Lien{Usage: mednum.UsageRappel, Courriel: courriel, Compte: compte, Lieu: lieu}, DureeRappel, cleCourriel(courriel))
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
	return anonymeLien("Ce lien n’est pas connu : il a peut-être été coupé par votre messagerie. Demandez-en un autre.")
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
		return anonymeLien("Ce lien a déjà servi : il ne sert qu’une fois. Demandez-en un autre.")
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
		return anonymeLien("Ce lien a déjà servi : il ne sert qu’une fois. Demandez-en un autre.")
	}
	return err
}

// Entrer spends a sign-in or an invitation, and opens a session on that device.
// nom names a new account; without one, the name of the invitation does. A
// failure before the link is spent leaves it as it was, to be opened again.
func (c *Comptes) Entrer(ctx context.Context, secret, nom, appareil string) (session string, compte mednum.Compte, err error) {
	l, o, err := c.lien(ctx, secret)
	if err != nil {
		return "", compte, err
	}
	return c.entrer(ctx, l, o, nom, appareil)
}

// entrer does what the link does, which done twice is the same, and spends it
// last: of many who try at once, one keeps the session that was opened.
func (c *Comptes) entrer(ctx context.Context, l mednum.Lien, o store.Objet, nom, appareil string) (session string, compte mednum.Compte, err error) {
	switch l.Usage {
	case mednum.UsageConnexion:
		if compte, err = c.Compte(ctx, l.Compte); absent(err) {
			err = lienInconnu() // it was erased since
		}
		if err == nil {
			err = c.oublierFaux(ctx, hash(compte.Courriel))
		}
	case mednum.UsageInvitation:
		compte, err = c.accepter(ctx, &l, nom)
	default:
		err = lienInconnu()
	}
	if err != nil {
		return "", mednum.Compte{}, err
	}
	if session, err = c.ouvrirSession(ctx, compte.ID, appareil, ""); err != nil {
		return "", compte, err
	}
	if err := c.consommer(ctx, &l, o); err != nil {
		return "", compte, errors.Join(err, c.base.OterObjet(context.WithoutCancel(ctx), genreSession, hash(session)))
	}
	c.noterEntree(ctx, compte.ID)
	return session, compte, nil
}

// accepter gives what an invitation gives to the account of its address, which
// it opens.
func (c *Comptes) accepter(ctx context.Context, l *mednum.Lien, nom string) (compte mednum.Compte, err error) {
	if nom, err = c.nomInvite(ctx, l, nom); err != nil {
		return compte, err
	}
	if compte, err = c.ouvrir(ctx, l.Courriel, nom); err != nil {
		return compte, err
	}
	if compte, err = c.Habiliter(ctx, compte.ID, l.Habilitations...); err != nil || l.Lieu == "" {
		return compte, err
	}
	_, err = c.Demander(ctx, compte.ID, l.Lieu, l.Motif)
	return compte, err
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
	l, o, err := c.essayer(ctx, demande)
	if err != nil {
		return "", compte, err
	}
	code = strings.Join(strings.Fields(code), "")
	if l.Compte == "" || subtle.ConstantTimeCompare([]byte(l.Code), []byte(hash(demande+"/"+code))) != 1 {
		return "", compte, cmp.Or(c.compterFaux(ctx, empreinteDe(&o)), mauvaisCode(essaisCode-l.Essais))
	}
	return c.entrer(ctx, l, o, "", appareil)
}

// essayer counts one more try of a sign-in, before its code is looked at: of
// many that try at once, no more than five learn anything.
func (c *Comptes) essayer(ctx context.Context, demande string) (l mednum.Lien, o store.Objet, err error) {
	if !estSecret(demande) {
		return l, o, mauvaisCode(0)
	}
	for { // each that was counted first is one try less: it ends
		objets, err := c.base.Objets(ctx, store.Choix{Genre: genreLien, Cle: cleDemande(demande)})
		if err != nil {
			return l, o, err
		}
		if len(objets) != 1 {
			return l, o, mauvaisCode(0)
		}
		if l, o, err = store.Lire[mednum.Lien](ctx, c.base, genreLien, objets[0].ID); err != nil {
			return l, o, err
		}
		if l.Usage != mednum.UsageConnexion || !l.Ouvert(c.now()) || l.Essais >= essaisCode {
			return l, o, mauvaisCode(0)
		}
		l.Essais++
		if err = c.reecrire(ctx, o, &l); !estCode(err, mednum.Perime) {
			o.Version++
			return l, o, err
		}
	}
}

func mauvaisCode(restent int) error {
	message := "Ce code n’est pas bon : recopiez les six chiffres du dernier courriel."
	switch {
	case restent <= 0:
		message = "Ce code ne sert plus : demandez un nouveau courriel."
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
