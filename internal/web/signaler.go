package web

import (
	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
)

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

// routesSignaler are the form of a report, and where it is sent.
func (s *site) routesSignaler(app *fiber.App) {
	f := s.newFormulairePublic("signalement")
	app.Get("/lieux/:id/signaler", s.serveSignaler(f))
	app.Post("/lieux/:id/signaler", s.memeOrigine, s.postSignaler(f))
}

// signale is the place of the form: one that was merged leads to what it became.
func (s *site) signale(c *fiber.Ctx) (*catalogue.Vue, error) {
	v, err := s.Catalogue.Lieu(s.Catalogue.Devenu(c.Params("id")))
	if err == nil && v.Statut == mednum.StatutRetire {
		return nil, fiber.ErrGone
	}
	return v, err
}

func (s *site) serveSignaler(f *formulairePublic) fiber.Handler {
	return func(c *fiber.Ctx) error {
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
		return s.rendreSignaler(c, corpsSignaler{
			Lieu: v, Saisie: newSaisie(), Merci: c.Query("merci") != "", Ecrira: c.Query("merci") == "reponse", Jeton: f.jeton(),
		})
	}
}

func (s *site) rendreSignaler(c *fiber.Ctx, corps corpsSignaler) error {
	p := page{Titre: titreSaisie(corps.Saisie, "Signaler une erreur"), SansIndex: true, Prive: true}
	for _, n := range ecoute.Natures {
		corps.Choix = append(corps.Choix, choix{string(n), naturesDites[n]})
	}
	if x, ok := s.reconnaitre(c); ok {
		corps.Tenu = s.Catalogue.Couvre(x.Compte.Habilitations, &corps.Lieu.Lieu)
		p.Espace = espaceDe(c, "")
	}
	if corps.Merci {
		p.Titre = "Merci"
	}
	if len(corps.Saisie.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
	}
	return s.render(c, "signaler", p, &corps)
}

// postSignaler keeps the report: to correct a field costs nothing.
func (s *site) postSignaler(f *formulairePublic) fiber.Handler {
	return func(c *fiber.Ctx) error {
		v, err := s.signale(c)
		if err != nil {
			return err
		}
		if f.robot(c) {
			return s.merciSignaler(c, v, false)
		}
		lue := lireSaisie(c)
		numero, corriger := f.numero(c)
		recu := ecoute.Recu{Lieu: v.ID, Nature: ecoute.Nature(lue.V("nature")), Texte: lue.V("texte"), Courriel: lue.V("courriel"), Numero: numero}
		err = s.Signales.Verifier(recu)
		if corriger != "" && (err == nil || estCode(err, mednum.Invalide)) {
			lue.Fautes["jeton"] = corriger
		}
		switch {
		case lue.fauter(err, "nature", "texte", "courriel") || corriger != "":
			return s.rendreSignaler(c, corpsSignaler{Lieu: v, Saisie: lue, Jeton: f.garder(c)})
		case estCode(err, mednum.Disparu):
			return s.rendreFerme(c, v)
		case err != nil:
			return err
		}
		return f.passer(c, func() error {
			if _, err := s.Signales.Signaler(c.UserContext(), recu); err != nil {
				return err
			}
			return s.merciSignaler(c, v, recu.Courriel != "")
		})
	}
}

func (s *site) merciSignaler(c *fiber.Ctx, v *catalogue.Vue, reponse bool) error {
	merci := "oui"
	if reponse {
		merci = "reponse"
	}
	return c.Redirect(s.chemin("/lieux/"+v.ID+"/signaler?merci="+merci), fiber.StatusSeeOther)
}
