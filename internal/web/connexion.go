package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsConnexion is the page where somebody signs in.
type corpsConnexion struct {
	Suite, Courriel, Erreur string
	Champ                   string // the field at fault
	Demande                 string // what the browser keeps to type the code
	Deconnecte              bool   // just now, on purpose
	Efface                  bool   // the account was, just now
	Sans                    bool   // mail cannot be sent from here
	ProConnect              *boutonProConnect
}

// serveConnexion asks for an e-mail address.
func (s *site) serveConnexion(c *fiber.Ctx) error {
	corps := corpsConnexion{Suite: suite(c.Query("suite"))}
	if fait := c.Query("fait"); fait != "" {
		// The page then has the browser forget what was begun: not on the word of
		// an address that somebody was led to while signed in.
		_, err := s.Comptes.Reprendre(c.UserContext(), c.Cookies(cookieSession))
		corps.Deconnecte, corps.Efface = fait == "deconnexion" && estAnonyme(err), fait == "efface" && estAnonyme(err)
	}
	return s.rendreConnexion(c, corps)
}

func (s *site) rendreConnexion(c *fiber.Ctx, corps corpsConnexion) error {
	titre := "Corriger les informations d’un lieu"
	if corps.Demande != "" {
		titre = "Regardez vos courriels"
	}
	if corps.Erreur != "" {
		titre = "À corriger : " + textes.Minuscule(titre)
		c.Status(fiber.StatusBadRequest)
	}
	corps.Sans = !s.Courrier.Regle()
	if corps.ProConnect == nil {
		corps.ProConnect = s.bouton(corps.Suite, "")
	}
	return s.render(c, "connexion", page{Titre: titre, SansIndex: true, Prive: true}, corps)
}

// postConnexion prepares a sign-in. The answer is the same whether somebody has
// this address or not.
func (s *site) postConnexion(c *fiber.Ctx) error {
	corps := corpsConnexion{Suite: suite(c.FormValue("suite")), Courriel: strings.TrimSpace(c.FormValue("courriel"))}
	envoi, ok, err := s.Comptes.Connecter(c.UserContext(), corps.Courriel)
	if estCode(err, mednum.Invalide) {
		corps.Erreur, corps.Champ = messageDe(err), "courriel"
		return s.rendreConnexion(c, corps)
	}
	if err != nil {
		return err
	}
	if ok {
		err = s.posterConnexion(c.UserContext(), envoi, corps.Suite)
	} else {
		err = s.Courrier.Feindre(c.UserContext())
	}
	if err != nil {
		return err
	}
	corps.Demande = envoi.Demande
	return s.rendreConnexion(c, corps)
}

// postCode signs in with the six digits of the mail.
func (s *site) postCode(c *fiber.Ctx) error {
	corps := corpsConnexion{Suite: suite(c.FormValue("suite")), Courriel: c.FormValue("courriel"), Demande: c.FormValue("demande")}
	session, qui, err := s.Comptes.EntrerParCode(c.UserContext(), corps.Demande, c.FormValue("code"), appareil(c))
	if estAnonyme(err) {
		corps.Erreur, corps.Champ = messageDe(err), "code"
		return s.rendreConnexion(c, corps)
	}
	if err != nil {
		return err
	}
	return s.entrer(c, session, &qui, corps.Suite)
}

// corpsLien is the page of a link that was sent by mail: it spends nothing.
type corpsLien struct {
	Masque  string // the address, of which one letter shows
	Suite   string
	Action  string
	Invite  bool
	Nom     string // what the invitation calls them
	Nouveau bool   // they have no account yet: they give their name
	Droits  []string
	Lieu    string // what they ask for, when the invitation gives nothing by itself
	Erreur  string
}

// serveLien shows whom a link signs in, and a button: programs that open every
// link of a mail spend nothing.
func (s *site) serveLien(c *fiber.Ctx) error {
	return s.rendreLien(c, "")
}

func (s *site) rendreLien(c *fiber.Ctx, erreur string) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	l, err := s.lienPermis(c)
	if estAnonyme(err) {
		return s.rendreLienFini(c, err)
	}
	if err != nil {
		return err
	}
	corps := corpsLien{
		Masque: mednum.MasquerCourriel(l.Courriel), Suite: suite(c.Query("suite")), Action: "/connexion/lien/" + c.Params("secret"),
		Invite: l.Usage == mednum.UsageInvitation, Nom: l.Nom, Erreur: erreur,
	}
	titre := "Se connecter"
	switch l.Usage {
	case mednum.UsageInvitation:
		titre = "Vous êtes invité"
		corps.Droits = s.direDroits(l.Habilitations)
		if len(l.Habilitations) == 0 {
			titre = "Confirmez votre demande"
			corps.Lieu = s.direPortee(mednum.Habilitation{Portee: mednum.PorteeLieu, ID: l.Lieu})
		}
		if _, err := s.Comptes.CompteDe(c.UserContext(), l.Courriel); estCode(err, mednum.Introuvable) {
			corps.Nouveau = true
		} else if err != nil {
			return err
		}
	case mednum.UsageRappel:
		return c.Redirect(s.chemin("/rappel/"+c.Params("secret")), fiber.StatusSeeOther)
	}
	if erreur != "" {
		c.Status(fiber.StatusBadRequest)
	}
	return s.render(c, "lien", page{Titre: titre, SansIndex: true, Prive: true}, corps)
}

// lienPermis is the link of the address, whose sender may still send it.
func (s *site) lienPermis(c *fiber.Ctx) (mednum.Lien, error) {
	l, err := s.Comptes.Lien(c.UserContext(), c.Params("secret"))
	if err != nil {
		return l, err
	}
	return l, s.tient(c, &l)
}

// rendreLienFini says that a link is over, and what to do.
func (s *site) rendreLienFini(c *fiber.Ctx, err error) error {
	c.Status(fiber.StatusGone)
	return s.render(c, "lien-fini", page{Titre: "Ce lien ne sert plus", SansIndex: true, Prive: true}, messageDe(err))
}

// postLien spends the link and opens a session.
func (s *site) postLien(c *fiber.Ctx) error {
	l, err := s.lienPermis(c)
	if estAnonyme(err) {
		return s.rendreLienFini(c, err)
	}
	if err != nil {
		return err
	}
	session, qui, err := s.Comptes.Entrer(c.UserContext(), c.Params("secret"), c.FormValue("nom"), appareil(c))
	switch {
	case estAnonyme(err):
		return s.rendreLienFini(c, err)
	case estCode(err, mednum.Invalide):
		return s.rendreLien(c, messageDe(err))
	case err != nil:
		return err
	}
	if l.Usage == mednum.UsageInvitation {
		a := surCompte(registre.GenreAcces, qui.ID, "Invitation acceptée : "+s.direTous(l.Habilitations), l.Habilitations...)
		a.Qui = qui.Auteur()
		if l.Lieu != "" {
			a.Lieu, a.Texte = l.Lieu, "Demande faite : "+s.direDroit(droitLieu(l.Lieu))
		}
		s.noter(c, a)
	}
	vers := suite(c.FormValue("suite"))
	if l.Usage == mednum.UsageInvitation && l.Lieu != "" {
		vers = "/espace?fait=demande"
	}
	return s.entrer(c, session, &qui, vers)
}

// entrer gives the browser its new session; the one that it had ends. The link
// is spent by now: nothing that fails here keeps the person out.
func (s *site) entrer(c *fiber.Ctx, session string, qui *mednum.Compte, vers string) error {
	avant, err := s.Comptes.Reprendre(c.UserContext(), c.Cookies(cookieSession))
	if err == nil {
		err = s.Comptes.Fermer(c.UserContext(), avant.Compte.ID, avant.Session.ID())
	}
	if err != nil && !estAnonyme(err) {
		s.Journal.Error("la session d’avant n’a pas pu être fermée", "erreur", err)
	}
	if err := s.Courrier.LeverRebond(c.UserContext(), qui.Courriel); err != nil { // whoever signs in reads their mail
		s.Journal.Error("le refus noté de cette adresse n’a pas pu être levé", "erreur", err)
	}
	s.poserCookie(c, session, qui.Habilitations)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(s.chemin(vers), fiber.StatusSeeOther)
}

// postDeconnexion ends the session of this browser.
func (s *site) postDeconnexion(c *fiber.Ctx) error {
	x := connexion(c)
	if err := s.Comptes.Fermer(c.UserContext(), x.Compte.ID, x.Session.ID()); err != nil {
		return err
	}
	oterCookie(c)
	if x.Session.IDToken != "" && s.ProConnect != nil {
		adresse, err := s.ProConnect.Sortie(c.UserContext(), x.Session.IDToken)
		if err != nil {
			s.Journal.Error("déconnexion de ProConnect", "erreur", err) // here it is done
		} else if adresse != "" {
			return s.partir(c, corpsDepart{Adresse: adresse, Sortie: true})
		}
	}
	return c.Redirect(s.chemin("/connexion?fait=deconnexion"), fiber.StatusSeeOther)
}
