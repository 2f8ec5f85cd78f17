package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
)

// rappelsMax is how many reminders one address may open or answer in ten
// minutes: the programs of a mail server open all of theirs at once.
const rappelsMax = 120

// routesRappel are the pages of the links of a reminder, for people who do not
// sign in. They set no cookie.
func (s *site) routesRappel(app *fiber.App) {
	if s.Reseau == nil {
		return
	}
	essais, arrets := newDebit(rappelsMax, periodeDebit, s.Now), newDebit(rappelsMax, periodeDebit, s.Now)
	app.Use("/rappel", withSecret)
	app.Get("/rappel/merci", s.serveMerci)
	app.Get("/rappel/:secret", essais.with, s.serveRappel)
	app.Post("/rappel/:secret", s.memeOrigine, essais.with, s.postRappel)
	app.Get("/rappel/:secret/arret", arrets.with, s.serveArret)
	// Mail programs send this one by themselves, from anywhere, in a form or in
	// another (RFC 8058, 3.2): it asks for nothing but the secret.
	app.Post("/rappel/:secret/arret", arrets.with, s.postArret)
}

// corpsRappel is the page of a reminder: what is published, and what may be
// answered, what the link asked first.
type corpsRappel struct {
	Lieu     *catalogue.Vue
	Lignes   []reseau.Ligne
	Action   string
	Choix    []string
	Saisie   *saisie
	Compte   bool // whoever got the link has an account: they may sign in instead
	Verifier string
}

var choixRappel = []string{reseau.ChoixExact, reseau.ChoixCorriger, reseau.ChoixFerme}

// serveRappel shows the place and the answers; it spends nothing.
func (s *site) serveRappel(c *fiber.Ctx) error {
	return s.rendreRappel(c, c.Query("choix"), newSaisie())
}

func (s *site) rendreRappel(c *fiber.Ctx, choisi string, f *saisie) error {
	q, err := s.Reseau.Question(c.UserContext(), c.Params("secret"))
	if err != nil {
		return s.finRappel(c, err)
	}
	corps := corpsRappel{
		Lieu: q.Lieu, Lignes: reseau.Publie(q.Lieu), Action: "/rappel/" + c.Params("secret"), Saisie: f, Compte: q.Lien.Compte != "",
	}
	corps.Verifier, _ = s.verification(q.Lieu)
	corps.Choix = slices.Clone(choixRappel)
	if i := slices.Index(corps.Choix, choisi); i > 0 {
		corps.Choix = append([]string{choisi}, slices.Delete(corps.Choix, i, i+1)...)
	}
	if len(f.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.render(c, "rappel", page{Titre: titreSaisie(f, "Est-ce toujours exact\u00a0?"), SansIndex: true, Prive: true}, corps)
}

// finRappel says that a link does not serve any more, or that its place is gone.
func (s *site) finRappel(c *fiber.Ctx, err error) error {
	if !estAnonyme(err) && !estCode(err, mednum.Disparu) {
		return err
	}
	c.Status(fiber.StatusGone)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.render(c, "rappel-fini", page{Titre: "Ce lien ne sert plus", SansIndex: true, Prive: true}, messageDe(err))
}

// champsRappel are the fields of the forms of a reminder.
var champsRappel = []string{"horaires", "telephone", "message", "motif", "changement"}

// postRappel does what is answered, and spends the link.
func (s *site) postRappel(c *fiber.Ctx) error {
	ctx, secret, f := c.UserContext(), c.Params("secret"), lireSaisie(c)
	choisi := f.V("choix")
	var err error
	switch choisi {
	case reseau.ChoixExact:
		err = s.Reseau.Confirmer(ctx, secret)
	case reseau.ChoixCorriger:
		err = s.Reseau.Corriger(ctx, secret, reseau.Correction{Horaires: f.V("horaires"), Telephone: f.V("telephone"), Message: f.V("message")})
	case reseau.ChoixFerme:
		err = s.Reseau.Fermer(ctx, secret, f.V("motif"))
	default:
		return invalide("choix", "Choisissez une des trois réponses de la page.")
	}
	switch {
	case f.fauter(err, champsRappel...):
		if faute, ok := f.Fautes["changement"]; ok { // it is of no field
			delete(f.Fautes, "changement")
			f.Fautes["horaires"] = faute
		}
		return s.rendreRappel(c, choisi, f)
	case err != nil:
		return s.finRappel(c, err)
	}
	return c.Redirect(s.chemin("/rappel/merci?fait="+choisi), fiber.StatusSeeOther)
}

// mercis are what was done, by what an address may say of it.
var mercis = map[string]string{
	reseau.ChoixExact:    "C’est noté : ce lieu est vérifié aujourd’hui. Le public voit cette date.",
	reseau.ChoixCorriger: "Votre correction est envoyée. Un coordinateur la relit, puis le public la voit. Vous recevrez sa réponse.",
	reseau.ChoixFerme:    "Votre réponse est envoyée. Un coordinateur la relit, puis la page dira que ce lieu est fermé. Vous recevrez sa réponse.",
}

// serveMerci says what was done. It names neither the place nor the person.
func (s *site) serveMerci(c *fiber.Ctx) error {
	texte, ok := mercis[c.Query("fait")]
	if !ok {
		return fiber.ErrNotFound
	}
	return s.rendreMerci(c, texte)
}

func (s *site) rendreMerci(c *fiber.Ctx, texte string) error {
	return s.render(c, "rappel-merci", page{Titre: "Merci", SansIndex: true, Prive: true}, texte)
}

// serveArret asks before it stops: programs that open every link stop nothing.
func (s *site) serveArret(c *fiber.Ctx) error {
	nom, err := s.Reseau.Arretable(c.UserContext(), c.Params("secret"))
	if err != nil {
		return s.finRappel(c, err)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.render(c, "rappel-arret", page{Titre: "Ne plus recevoir ces courriels", SansIndex: true, Prive: true}, struct{ Nom, Action string }{nom, "/rappel/" + c.Params("secret") + "/arret"})
}

// postArret stops the reminders of a place to the address that got this link. It
// answers at once, without leading elsewhere, as mail programs want.
func (s *site) postArret(c *fiber.Ctx) error {
	if err := s.Reseau.Arreter(c.UserContext(), c.Params("secret")); err != nil {
		return s.finRappel(c, err)
	}
	return s.rendreMerci(c, "C’est fait : cette adresse ne recevra plus de rappel pour ce lieu.")
}
