package web

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
)

// demandesMax is how many times one address may ask for a place or propose one,
// in ten minutes.
const demandesMax = 5

// routesPubliques are the forms of people who have no account: nothing is kept
// in their browser.
func (s *site) routesPubliques(app *fiber.App) {
	demandes, propositions := newDebit(demandesMax, periodeDebit, s.Now), newDebit(demandesMax, periodeDebit, s.Now)
	app.Get("/lieux/:id/travaille-ici", s.serveTravail)
	app.Post("/lieux/:id/travaille-ici", s.memeOrigine, demandes.with, s.postTravail)
	app.Post("/lieux/:id/appel", s.memeOrigine, newDebit(appelsMax, periodeDebit, s.Now).with, s.postAppel)
	s.routesSignaler(app)
	s.routesBesoin(app)
	app.Get("/proposer", s.serveProposer)
	app.Post("/proposer", s.memeOrigine, s.postProposer(propositions))
}

// corpsTravail is the page "Je travaille ici" of a place.
type corpsTravail struct {
	Lieu     *catalogue.Vue
	Masques  []string          // the addresses that the place publishes
	Envoye   string            // to whom a mail has just gone, if all is well
	Saisie   map[string]string // what was typed
	Fautes   []faute
	Connecte bool
	Couvert  bool // this person keeps it already
	Attend   bool // and asked for it already
}

// De is what is wrong with a field, "" when nothing is.
func (c *corpsTravail) De(champ string) string { return messageDu(c.Fautes, champ) }

// messageDu is what is wrong with a field, "" when nothing is.
func messageDu(fautes []faute, champ string) string {
	for _, f := range fautes {
		if f.Champ == champ {
			return f.Message
		}
	}
	return ""
}

// delaiAdresse is how long an address that a person gave to a place waits before
// an invitation may be sent there: whoever may correct a place but invite nobody
// does not let in an accomplice, and the team has the time to see it.
const delaiAdresse = 7 * 24 * time.Hour

// adressesDe are the addresses that a place publishes, as accounts write them;
// those of its sources instead, while a person's are too recent.
func (s *site) adressesDe(v *catalogue.Vue) (adresses []string) {
	textes := v.Champs.Courriels
	if corrigees, ok := v.Corrections[mednum.ChampCourriels]; ok && s.Now().Sub(corrigees.Le) < delaiAdresse {
		textes = mednum.SplitListe(corrigees.ValeurSource)
	}
	for _, texte := range textes {
		if a, err := mednum.LireCourriel(texte); err == nil {
			adresses = append(adresses, a)
		}
	}
	return adresses
}

// serveTravail says what will happen, and offers one button.
func (s *site) serveTravail(c *fiber.Ctx) error {
	v, err := s.Catalogue.Lieu(c.Params("id"))
	if err != nil {
		return err
	}
	switch v.Statut {
	case mednum.StatutFusionne:
		return s.versReuni(c, "/lieux/"+s.Catalogue.Devenu(v.ID)+"/travaille-ici")
	case mednum.StatutRetire:
		return fiber.ErrGone
	}
	corps := corpsTravail{Lieu: v}
	if n, err := strconv.Atoi(c.Query("envoye")); err == nil && n >= 0 && n < len(s.adressesDe(v)) {
		corps.Envoye = mednum.MasquerCourriel(s.adressesDe(v)[n])
	} else if c.Query("envoye") == "moi" {
		corps.Envoye = "l’adresse que vous avez donnée"
	}
	return s.rendreTravail(c, corps)
}

func (s *site) rendreTravail(c *fiber.Ctx, corps corpsTravail) error {
	for _, a := range s.adressesDe(corps.Lieu) {
		corps.Masques = append(corps.Masques, mednum.MasquerCourriel(a))
	}
	p := page{Titre: "Vous travaillez ici ?", SansIndex: true, Prive: true}
	if x, ok := s.reconnaitre(c); ok {
		corps.Connecte, corps.Couvert = true, s.Catalogue.Couvre(x.Compte.Habilitations, &corps.Lieu.Lieu)
		attendues, err := s.attendues(c.UserContext(), x.Compte.ID)
		if err != nil {
			return err
		}
		for _, v := range attendues {
			corps.Attend = corps.Attend || v.ID == corps.Lieu.ID
		}
		p.Espace = espaceDe(c, "")
	}
	if len(corps.Fautes) > 0 {
		p.Titre = "À corriger : vous travaillez ici ?"
		c.Status(fiber.StatusBadRequest)
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
	return s.render(c, "travaille-ici", p, &corps)
}

// reconnaitre tells who is signed in, on a page that anybody may see. Whoever is
// not, or cannot be asked about, is nobody.
func (s *site) reconnaitre(c *fiber.Ctx) (*compte.Connexion, bool) {
	secret := c.Cookies(cookieSession)
	if secret == "" {
		return nil, false
	}
	x, err := s.Comptes.Reprendre(c.UserContext(), secret)
	if err != nil {
		return nil, false
	}
	c.Locals(cleConnexion, &x)
	return &x, true
}

// postTravail sends the mail that was asked for. The answer is the same whether
// one has gone or not.
func (s *site) postTravail(c *fiber.Ctx) error {
	v, err := s.Catalogue.Lieu(c.Params("id"))
	if err != nil {
		return err
	}
	if !demandable(v) {
		return fiber.ErrGone
	}
	if c.FormValue("voie") == "demande" {
		return s.postArrivee(c, v)
	}
	adresses := s.adressesDe(v)
	n, err := strconv.Atoi(c.FormValue("adresse"))
	if err != nil || n < 0 || n >= len(adresses) {
		return s.rendreTravail(c, corpsTravail{Lieu: v, Fautes: []faute{{"adresse", "Choisissez une des adresses de ce lieu."}}})
	}
	envoi, ok, err := s.Comptes.InviterLieu(c.UserContext(), v.ID, adresses[n])
	if err != nil {
		return err
	}
	if ok {
		if err := s.posterTravail(c.UserContext(), v, adresses[n], envoi); err != nil {
			return err
		}
		if err := s.prevenirTravail(c.UserContext(), v, adresses[n]); err != nil {
			return err
		}
	}
	return s.envoye(c, v, strconv.Itoa(n))
}

// demandable tells whether somebody may ask to keep a place: one that is merged
// or withdrawn has no page to correct.
func demandable(v *catalogue.Vue) bool { return v.Publie() || v.Statut == mednum.StatutFerme }

func (s *site) envoye(c *fiber.Ctx, v *catalogue.Vue, aQui string) error {
	return c.Redirect(s.chemin("/lieux/"+v.ID+"/travaille-ici?envoye="+url.QueryEscape(aQui)), fiber.StatusSeeOther)
}

// postArrivee sends to somebody the link that opens their account, and asks for
// the place.
func (s *site) postArrivee(c *fiber.Ctx, v *catalogue.Vue) error {
	corps := corpsTravail{Lieu: v, Saisie: map[string]string{}}
	for _, champ := range []string{"nom", "courriel", "motif"} {
		corps.Saisie[champ] = c.FormValue(champ)
	}
	_, faux := mednum.LireNomCompte(corps.Saisie["nom"])
	corps.Fautes = append(corps.Fautes, fautesDe(faux)...)
	envoi, ok, err := s.Comptes.Accueillir(c.UserContext(), corps.Saisie["courriel"], corps.Saisie["nom"], v.ID, corps.Saisie["motif"])
	switch {
	case estCode(err, mednum.Invalide):
		for _, f := range fautesDe(err) {
			if corps.De(f.Champ) == "" {
				corps.Fautes = append(corps.Fautes, f)
			}
		}
		return s.rendreTravail(c, corps)
	case err != nil:
		return err
	}
	if ok {
		if err := s.posterArrivee(c.UserContext(), v, corps.Saisie["courriel"], envoi); err != nil {
			return err
		}
	}
	return s.envoye(c, v, "moi")
}

// fautesDe are the refusals of an error, which may join several.
func fautesDe(err error) (fautes []faute) {
	for _, e := range mednum.Errors(err) {
		fautes = append(fautes, faute{e.Champ, e.Message})
	}
	return fautes
}

// postDemander asks for a place in the name of whoever is signed in.
func (s *site) postDemander(c *fiber.Ctx) error {
	v, err := s.Catalogue.Lieu(c.FormValue("lieu"))
	if err != nil {
		return err
	}
	if !demandable(v) {
		return fiber.ErrGone
	}
	qui := connexion(c).Compte
	if _, err := s.Comptes.Demander(c.UserContext(), qui.ID, v.ID, c.FormValue("motif")); err != nil {
		return err
	}
	s.noter(c, surCompte(registre.GenreAcces, qui.ID, "Demande faite : "+s.direDroit(droitLieu(v.ID)), droitLieu(v.ID)))
	return s.fait(c, "/espace", "demande")
}

// attendues are the places that an account has asked for and waits for.
func (s *site) attendues(ctx context.Context, id string) (vues []*catalogue.Vue, err error) {
	demandes, err := s.Comptes.Demandes(ctx)
	if err != nil {
		return nil, err
	}
	for i := range demandes {
		if demandes[i].Compte != id {
			continue
		}
		if v, err := s.Catalogue.Lieu(demandes[i].Lieu); err == nil {
			vues = append(vues, v)
		}
	}
	return vues, nil
}
