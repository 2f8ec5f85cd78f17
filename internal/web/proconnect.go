package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// cookiePassage holds, from the button to the return, the secret of a sign-in
// by ProConnect: what comes back is accepted in the browser that left only.
const cookiePassage = "__Host-adeuxpas-proconnect"

// The addresses that ProConnect sends people back to, as they are declared to
// it.
const (
	CheminRetour = "/connexion/proconnect/retour"
	CheminSortie = "/connexion/proconnect/sortie"
)

// routesProConnect are the pages of a sign-in by ProConnect. A POST begins it:
// nothing that opens links ahead of people does.
func (s *site) routesProConnect(app *fiber.App, essais *debit) {
	if s.ProConnect == nil {
		return
	}
	app.Post("/connexion/proconnect", s.memeOrigine, essais.with, s.postProConnect)
	app.Get(CheminRetour, essais.with, s.serveRetour)
	app.Get(CheminSortie, s.serveSortie)
}

// boutonProConnect is what the page says of ProConnect.
type boutonProConnect struct {
	Disponible bool
	Erreur     string
	Suite      string
}

// bouton is nil when ProConnect is not set.
func (s *site) bouton(vers, erreur string) *boutonProConnect {
	if s.ProConnect == nil {
		return nil
	}
	return &boutonProConnect{Disponible: s.ProConnect.Disponible(), Erreur: erreur, Suite: vers}
}

// postProConnect sends the browser to ProConnect.
func (s *site) postProConnect(c *fiber.Ctx) error {
	adresse, secret, err := s.ProConnect.Depart(c.UserContext(), suite(c.FormValue("suite")))
	if err != nil {
		return s.rendreSansProConnect(c, err)
	}
	s.poserPassage(c, secret, compte.DureeProConnect)
	return s.partir(c, corpsDepart{Adresse: adresse})
}

// poserPassage gives the browser the secret of its sign-in, for that long; none
// takes it back.
func (s *site) poserPassage(c *fiber.Ctx, secret string, duree time.Duration) {
	cookie := &fiber.Cookie{
		Name: cookiePassage, Value: secret, Path: "/", MaxAge: int(duree / time.Second),
		Secure: true, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	}
	if duree == 0 {
		cookie.Expires = time.Unix(1, 0).UTC()
	}
	c.Cookie(cookie)
}

// corpsDepart is the page that leads to ProConnect.
type corpsDepart struct {
	Adresse string
	Sortie  bool
}

// partir leads to an address of ProConnect. A page does, not a redirect: browsers
// refuse a form whose answer goes through sites that the policy does not name,
// and ProConnect leads on to the person's own administration, whichever it is.
func (s *site) partir(c *fiber.Ctx, corps corpsDepart) error {
	titre := "Vous allez vers ProConnect"
	if corps.Sortie {
		titre = "Déconnexion de ProConnect"
	}
	c.Set("Refresh", "0;url="+corps.Adresse)
	return s.render(c, "proconnect", page{Titre: titre, SansIndex: true, Prive: true}, corps)
}

// serveRetour signs in whoever comes back from ProConnect.
func (s *site) serveRetour(c *fiber.Ctx) error {
	secret := c.Cookies(cookiePassage)
	s.poserPassage(c, "", 0)
	e, err := s.ProConnect.Retour(c.UserContext(), secret, c.Query("state"), c.Query("code"), appareil(c))
	if err != nil {
		return s.rendreSansProConnect(c, err)
	}
	return s.entrer(c, e.Session, &e.Compte, suite(e.Suite))
}

// rendreSansProConnect says why ProConnect did not sign in, beside the other way.
func (s *site) rendreSansProConnect(c *fiber.Ctx, err error) error {
	statut := fiber.StatusBadRequest
	switch {
	case estCode(err, mednum.Indisponible):
		statut = fiber.StatusServiceUnavailable
	case !estAnonyme(err):
		return err
	}
	c.Status(statut)
	c.Set(fiber.HeaderCacheControl, "no-store")
	vers := suite("")
	return s.rendreConnexion(c, corpsConnexion{Suite: vers, ProConnect: s.bouton(vers, messageDe(err))})
}

// serveSortie is where ProConnect sends back whoever signed out.
func (s *site) serveSortie(c *fiber.Ctx) error {
	ok, err := s.ProConnect.Sorti(c.UserContext(), c.Query("state"))
	if err != nil {
		return err
	}
	if !ok {
		return c.Redirect(s.chemin("/connexion"), fiber.StatusSeeOther)
	}
	return c.Redirect(s.chemin("/connexion?fait=deconnexion"), fiber.StatusSeeOther)
}
