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

// How many sign-ins one address may ask, and how many links and codes it may
// try, in ten minutes.
const (
	connexionsMax = 20
	essaisMax     = 30
	periodeDebit  = 10 * time.Minute
)

// routesConnexion are the pages that open a session.
func (s *site) routesConnexion(app *fiber.App) {
	demandes, essais := newDebit(connexionsMax, periodeDebit, s.Now), newDebit(essaisMax, periodeDebit, s.Now)
	app.Get("/connexion", s.serveConnexion)
	app.Post("/connexion", s.memeOrigine, demandes.with, s.postConnexion)
	app.Post("/connexion/code", s.memeOrigine, essais.with, s.postCode)
	app.Get("/connexion/lien/:secret", essais.with, s.serveLien)
	app.Post("/connexion/lien/:secret", s.memeOrigine, essais.with, s.postLien)
}

// routesEspace are the pages of people who are signed in.
func (s *site) routesEspace(app *fiber.App) {
	e := app.Group("/espace", s.memeOrigine, s.withConnexion)
	e.Get("/", s.serveEspace)
	e.Post("/deconnexion", s.postDeconnexion)
	e.Get("/semaine", s.serveSemaine)
	e.Post("/semaine/absence", s.postAbsence)
	e.Post("/semaine/present", s.postPresent)
	e.Get("/file", s.serveFile)

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
	l.Post("/attentes/:attente/:geste", s.postAttente)
	l.Post("/publier", s.postPublier)
	l.Post("/refuser", s.postRefuser)
	s.routesEditeur(e)
}

// espace is what the frame of a private page needs.
type espace struct {
	Nom        string
	Sceau      string // what every form of the page carries
	Cle        string // the idempotency key of the page's forms
	Compte     string // whose drafts the browser may show
	Coordonne  bool
	Administre bool
	Onglet     string // the page of the navigation that this is
}

// espaceDe is the frame of a page of this session; onglet names its place in
// the navigation.
func espaceDe(c *fiber.Ctx, onglet string) *espace {
	x := connexion(c)
	rang := 0
	for _, h := range x.Compte.Habilitations {
		rang = max(rang, h.Role.Rang())
	}
	return &espace{
		Nom: cmp.Or(x.Compte.Nom, mednum.MasquerCourriel(x.Compte.Courriel)), Sceau: x.Sceau, Cle: rand.Text(), Compte: x.Compte.ID,
		Coordonne:  rang >= mednum.RoleCoordinateur.Rang(),
		Administre: rang >= mednum.RoleAdministrateur.Rang(),
		Onglet:     onglet,
	}
}

// rendreEspace renders a page of people who are signed in.
func (s *site) rendreEspace(c *fiber.Ctx, nom, titre, onglet string, corps any) error {
	return s.render(c, nom, page{Titre: titre, SansIndex: true, Prive: true, Espace: espaceDe(c, onglet)}, corps)
}

// direDroits says what rights are, one sentence each.
func (s *site) direDroits(droits []mednum.Habilitation) []string {
	roles := map[mednum.Role]string{
		mednum.RoleMediateur: "corriger", mednum.RoleCoordinateur: "coordonner", mednum.RoleAdministrateur: "administrer",
	}
	phrases := make([]string, 0, len(droits))
	for _, h := range droits {
		phrases = append(phrases, textes.Majuscule(roles[h.Role])+" "+s.direPortee(h))
	}
	slices.Sort(phrases)
	return phrases
}

func (s *site) direPortee(h mednum.Habilitation) string {
	switch h.Portee {
	case mednum.PorteeLieu:
		if v, err := s.Catalogue.Lieu(h.ID); err == nil {
			return v.Champs.Nom + ", " + textes.A(v.Champs.Commune)
		}
		return "un lieu qui n’est plus dans la liste"
	case mednum.PorteeEPCI:
		if e, ok := s.Territoire.EPCI(h.ID); ok {
			return "les lieux de " + e.Nom
		}
		return "les lieux d’une intercommunalité"
	case mednum.PorteeDepartement:
		return "tous les lieux " + s.Territoire.NomEn
	}
	return "tous les lieux"
}
