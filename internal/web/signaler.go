package web

import (
	"crypto/rand"
	"crypto/sha256"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// signalementsMax is how many reports one address may send in periodeDebit.
const signalementsMax = 6

// corpsSignaler is the page where anybody says that something of a place is
// wrong.
type corpsSignaler struct {
	Lieu   *catalogue.Vue
	Saisie *saisie
	Choix  []choix
	Jeton  string
	Merci  bool
	Ecrira bool // an answer was asked for
	Tenu   bool // somebody may correct it at once
}

// naturesDites are what people may say of a place, in their words.
var naturesDites = map[ecoute.Nature]string{
	ecoute.NatureFerme: "C’est fermé", ecoute.NatureNumero: "Le numéro de téléphone est faux", ecoute.NatureAutre: "Autre chose",
}

// champsSignaler are the fields of the form; "jeton" is at the whole of it.
var champsSignaler = []string{"nature", "texte", "courriel", "jeton"}

// routesSignaler are the form of a report, and where it is sent.
func (s *site) routesSignaler(app *fiber.App) {
	app.Get("/lieux/:id/signaler", s.serveSignaler)
	app.Post("/lieux/:id/signaler", s.memeOrigine, s.postSignaler(newDebit(signalementsMax, periodeDebit, s.Now)))
}

// signale is the place of the form: one that was merged leads to what it became.
func (s *site) signale(c *fiber.Ctx) (*catalogue.Vue, error) {
	v, err := s.Catalogue.Lieu(s.Catalogue.Devenu(c.Params("id")))
	if err == nil && v.Statut == mednum.StatutRetire {
		return nil, fiber.ErrGone
	}
	return v, err
}

func (s *site) serveSignaler(c *fiber.Ctx) error {
	v, err := s.signale(c)
	if err != nil {
		return err
	}
	if v.ID != c.Params("id") {
		return s.versReuni(c, "/lieux/"+v.ID+"/signaler")
	}
	if v.Statut == mednum.StatutFerme {
		return s.rendreFerme(c, v)
	}
	corps := corpsSignaler{Lieu: v, Saisie: newSaisie(), Merci: c.Query("merci") != "", Ecrira: c.Query("merci") == "reponse"}
	return s.rendreSignaler(c, corps, "")
}

// rendreSignaler shows the form; with a seal that is still good, the same one:
// whoever was too fast does not wait twice.
func (s *site) rendreSignaler(c *fiber.Ctx, corps corpsSignaler, jeton string) error {
	p := page{Titre: "Signaler une erreur", SansIndex: true, Prive: true}
	for _, n := range ecoute.Natures {
		corps.Choix = append(corps.Choix, choix{string(n), naturesDites[n]})
	}
	if x, ok := s.reconnaitre(c); ok {
		corps.Tenu = s.Catalogue.Couvre(x.Compte.Habilitations, &corps.Lieu.Lieu)
		p.Espace = espaceDe(c, "")
	}
	switch {
	case corps.Merci:
		p.Titre = "Merci"
	case jeton != "":
		corps.Jeton = jeton
	default:
		var err error
		if corps.Jeton, err = s.Signales.Jeton(c.UserContext(), corps.Lieu.ID); err != nil {
			return err
		}
	}
	if len(corps.Saisie.Fautes) > 0 {
		p.Titre = titreSaisie(corps.Saisie, p.Titre)
		c.Status(fiber.StatusBadRequest)
	}
	return s.render(c, "signaler", p, &corps)
}

// postSignaler keeps the report. d counts what is sent by one network, of which
// memory has a mark alone: to correct a field costs nothing.
func (s *site) postSignaler(d *debit) fiber.Handler {
	sel := []byte(rand.Text())
	return func(c *fiber.Ctx) error {
		v, err := s.signale(c)
		if err != nil {
			return err
		}
		f := lireSaisie(c)
		if f.V("site") != "" { // no person sees that field
			return s.merciSignaler(c, v, false)
		}
		somme := sha256.Sum256(append(sel, abonne(c.IP())...))
		recu := ecoute.Recu{Lieu: c.Params("id"), Nature: ecoute.Nature(f.V("nature")), Texte: f.V("texte"), Courriel: f.V("courriel"), Jeton: f.V("jeton")}
		err = s.Signales.Verifier(c.UserContext(), recu)
		if err == nil && !d.prendre(string(somme[:])) {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(d.periode/time.Second)))
			return &refus{fiber.StatusTooManyRequests, "adresse", "Beaucoup de signalements viennent de cet endroit. Attendez dix minutes, puis recommencez."}
		}
		if err == nil {
			_, err = s.Signales.Signaler(c.UserContext(), recu)
		}
		switch {
		case f.fauter(err, champsSignaler...):
			jeton := f.V("jeton")
			if f.F("jeton") != "" && !ecoute.TropVite(err) || v.ID != c.Params("id") {
				jeton = ""
			}
			return s.rendreSignaler(c, corpsSignaler{Lieu: v, Saisie: f}, jeton)
		case estCode(err, mednum.Disparu):
			return s.rendreFerme(c, v)
		case estCode(err, mednum.EnTrop):
			return &refus{fiber.StatusTooManyRequests, "lieu", messageDe(err)}
		case err != nil:
			return err
		}
		return s.merciSignaler(c, v, recu.Courriel != "")
	}
}

func (s *site) merciSignaler(c *fiber.Ctx, v *catalogue.Vue, reponse bool) error {
	merci := "oui"
	if reponse {
		merci = "reponse"
	}
	return c.Redirect(s.chemin("/lieux/"+v.ID+"/signaler?merci="+merci), fiber.StatusSeeOther)
}
