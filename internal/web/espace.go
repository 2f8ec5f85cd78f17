package web

import (
	"cmp"
	"crypto/rand"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// How many sign-ins one address may ask, how many codes it may try, and how
// many links it may open, in ten minutes. A link cannot be guessed: a workshop
// of thirty people behind one address must get in.
const (
	connexionsMax = 20
	essaisMax     = 30
	liensMax      = 300
	periodeDebit  = 10 * time.Minute
)

// How many invitations one account may send in an hour, and how many places it
// may ask for: each is work for somebody who asked nothing.
const (
	invitationsMax     = 30
	periodeInvitations = time.Hour
)

// routesConnexion are the pages that open a session.
func (s *site) routesConnexion(app *fiber.App) {
	demandes, essais := newDebit(connexionsMax, periodeDebit, s.Now), newDebit(essaisMax, periodeDebit, s.Now)
	liens := newDebit(liensMax, periodeDebit, s.Now)
	app.Use("/connexion", ditesParPage)
	app.Get("/connexion", s.serveConnexion)
	app.Post("/connexion", s.memeOrigine, demandes.with, s.postConnexion)
	app.Post("/connexion/code", s.memeOrigine, essais.with, s.postCode)
	app.Use("/connexion/lien", withSecret)
	app.Get("/connexion/lien/:secret", liens.with, s.serveLien)
	app.Post("/connexion/lien/:secret", s.memeOrigine, liens.with, s.postLien)
	s.routesProConnect(app, essais)
}

// ditesParPage refuses the methods that no page has (RFC 9110, 15.5.6).
func ditesParPage(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodPost:
		return c.Next()
	}
	c.Set(fiber.HeaderAllow, "GET, HEAD, POST")
	return fiber.ErrMethodNotAllowed
}

// refuserLectures answers a read of each address that is only written to:
// somebody who opens it again is told so, not that it does not exist.
func refuserLectures(app *fiber.App) {
	lus := map[string]bool{}
	routes := app.GetRoutes(true)
	for i := range routes {
		lus[routes[i].Path] = lus[routes[i].Path] || routes[i].Method == fiber.MethodGet
	}
	for i := range routes {
		if routes[i].Method == fiber.MethodPost && !lus[routes[i].Path] {
			app.Get(routes[i].Path, func(c *fiber.Ctx) error {
				c.Set(fiber.HeaderAllow, fiber.MethodPost)
				return fiber.ErrMethodNotAllowed
			})
		}
	}
}

// routesEspace are the pages of people who are signed in.
func (s *site) routesEspace(app *fiber.App) {
	e := app.Group("/espace", ditesParPage, s.memeOrigine, s.withConnexion)
	e.Get("/", s.serveEspace)
	e.Post("/deconnexion", s.postDeconnexion)
	e.Get("/semaine", s.serveSemaine)
	e.Post("/semaine/absence", s.postAbsence)
	e.Post("/semaine/present", s.postPresent)
	e.Get("/file", s.serveFile)
	demandes := newDebit(invitationsMax, periodeInvitations, s.Now)
	e.Post("/demandes", demandes.withCompte, s.postDemander)

	l := e.Group("/lieux/:id")
	l.Get("/", s.serveEspaceLieu)
	l.Post("/verifier", s.postVerifier)
	l.Post("/annuler", s.postAnnuler)
	l.Get("/fermeture", s.serveFermeture)
	l.Post("/fermeture", s.postFermeture)
	l.Post("/retirer", s.postRetirer)
	l.Get("/fin", s.serveFin)
	l.Post("/fin", s.postFin)
	l.Post("/rouvrir", s.postRouvrir)
	l.Get("/partie/:partie", s.servePartie)
	l.Post("/partie/:partie", s.postPartie)
	l.Get("/position", s.servePosition)
	l.Post("/position", s.postPosition)
	l.Get("/histoire", s.serveHistoire)
	l.Post("/restaurer", s.postRestaurer)
	l.Post("/permanences/:permanence/:geste", s.postGeste)
	l.Post("/attentes/:attente/:reponse", s.postAttente)
	l.Post("/source/:champ/:choix", s.postSource)
	l.Post("/publier", s.postPublier)
	l.Post("/refuser", s.postRefuser)
	s.routesEditeur(e)
	s.routesMonCompte(e)
	s.routesComptes(e)
	s.routesWebhooks(e)
	s.routesReseau(e)
	s.routesDoublons(e)
	s.routesImports(e)
	s.routesSources(e)
	s.routesCouverture(e)
	s.routesSignalements(e)
	s.routesCampagnes(e)
	s.routesCompetences(e)
	s.routesScenarios(e)
	s.routesBesoins(e)
	s.routesFiches(e)
}

func (s *site) routesMonCompte(e fiber.Router) {
	e.Get("/compte", s.serveMonCompte)
	e.Post("/compte/nom", s.postNom)
	e.Post("/compte/sessions/fermer", s.postFermer)
	e.Post("/compte/sessions/autres", s.postFermerAutres)
	e.Get("/compte/effacer", s.serveEffacer)
	e.Post("/compte/effacer", s.postEffacer)
}

// routesComptes are the pages that give rights, and take them back.
func (s *site) routesComptes(e fiber.Router) {
	invitations := newDebit(invitationsMax, periodeInvitations, s.Now)
	e.Get("/lieux/:id/equipe", s.serveEquipe)
	e.Post("/lieux/:id/equipe/inviter", invitations.withCompte, s.postInviterEquipe)
	e.Post("/lieux/:id/equipe/annuler", s.postAnnulerEquipe)
	e.Get("/lieux/:id/equipe/retirer", s.serveRetirerEquipe)
	e.Post("/lieux/:id/equipe/retirer", s.postRetirerEquipe)
	e.Post("/lieux/:id/equipe/repond", s.postRepond)

	c := e.Group("/comptes", s.withCoordonne)
	c.Get("/", s.serveComptes)
	c.Get("/inviter", s.serveInviter)
	c.Post("/inviter", invitations.withCompte, s.postInviter)
	c.Post("/annuler", s.postAnnulerInvitation)
	c.Post("/demandes/:demande", s.postDemande)
	c.Get("/lieux", s.serveEquipes)
	c.Post("/renvoyer", invitations.withCompte, s.postRenvoyerInvitation)
	c.Get("/:compte", s.servePersonne)
	c.Post("/:compte/renvoyer", invitations.withCompte, s.postRenvoyerCompte)
	c.Post("/:compte/donner", s.postDonner)
	c.Get("/:compte/retirer", s.serveReprendre)
	c.Post("/:compte/retirer", s.postReprendre)
	c.Get("/:compte/effacer", s.serveEffacerPersonne)
	c.Post("/:compte/effacer", s.postEffacerPersonne)
}

// espace is what the frame of a private page needs.
type espace struct {
	Nom        string
	Sceau      string // what every form of the page carries
	Cle        string // the idempotency key of the page's forms
	Compte     string // whose drafts the browser may show
	Parle      bool   // tells the needs of a commune, and coordinates nothing
	Coordonne  bool
	Administre bool
	Onglet     string // the page of the navigation that this is
	Fait       *fait  // what was just done, nil for nothing
}

// espaceDe is the frame of a page of this session; onglet names its place in
// the navigation.
func espaceDe(c *fiber.Ctx, onglet string) *espace {
	x := connexion(c)
	haut := rang(x.Compte.Habilitations)
	return &espace{
		Nom: cmp.Or(x.Compte.Nom, mednum.MasquerCourriel(x.Compte.Courriel)), Sceau: x.Sceau, Cle: rand.Text(), Compte: x.Compte.ID,
		Parle:      haut > 0 && haut < mednum.RoleCoordinateur.Rang(),
		Coordonne:  haut >= mednum.RoleCoordinateur.Rang(),
		Administre: haut >= mednum.RoleAdministrateur.Rang(),
		Onglet:     onglet,
	}
}

// rendreEspace renders a page of people who are signed in.
func (s *site) rendreEspace(c *fiber.Ctx, nom, titre, onglet string, corps any) error {
	e := espaceDe(c, onglet)
	e.Fait = s.faitDe(c)
	return s.render(c, nom, page{Titre: titre, SansIndex: true, Prive: true, Espace: e}, corps)
}

// rendreLarge is rendreEspace on the whole width, for tables.
func (s *site) rendreLarge(c *fiber.Ctx, nom, titre, onglet string, corps any) error {
	e := espaceDe(c, onglet)
	e.Fait = s.faitDe(c)
	return s.render(c, nom, page{Titre: titre, SansIndex: true, Prive: true, Large: true, Espace: e}, corps)
}

// direDroits says what rights are, one sentence each.
func (s *site) direDroits(droits []mednum.Habilitation) []string {
	phrases := make([]string, 0, len(droits))
	for _, h := range droits {
		phrases = append(phrases, textes.Majuscule(s.direDroit(h)))
	}
	slices.Sort(phrases)
	return phrases
}

// direDroit is what a right allows: "corriger les lieux de CC des Deux Rives".
func (s *site) direDroit(h mednum.Habilitation) string {
	if h.Role == mednum.RoleContributeur {
		return "dire les besoins et les initiatives " + s.direEtendue(h)
	}
	return map[mednum.Role]string{
		mednum.RoleMediateur: "corriger ", mednum.RoleCoordinateur: "coordonner ", mednum.RoleAdministrateur: "administrer ",
	}[h.Role] + s.direPortee(h)
}

func (s *site) direPortee(h mednum.Habilitation) string {
	switch h.Portee {
	case mednum.PorteeLieu:
		if v, err := s.Catalogue.Lieu(h.ID); err == nil {
			return v.Champs.Nom + ", " + textes.A(v.Champs.Commune)
		}
		return "un lieu qui n’est plus dans la liste"
	case mednum.PorteeCommune, mednum.PorteeEPCI:
		return "les lieux " + s.direEtendue(h)
	case mednum.PorteeDepartement:
		return "tous les lieux " + s.direEtendue(h)
	}
	return "tous les lieux"
}

// direEtendue is where a right holds, behind what it is about: "de Moissac".
func (s *site) direEtendue(h mednum.Habilitation) string {
	switch h.Portee {
	case mednum.PorteeCommune:
		if commune, ok := s.Territoire.Commune(h.ID); ok {
			return textes.De(commune.NomCourant())
		}
		return "d’une commune"
	case mednum.PorteeEPCI:
		if e, ok := s.Territoire.EPCI(h.ID); ok {
			return "de " + e.Nom
		}
		return "d’une intercommunalité"
	case mednum.PorteeDepartement:
		return s.Territoire.NomEn
	}
	return "de toutes les communes"
}
