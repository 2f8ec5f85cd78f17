package web

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
)

const cheminScenarios = "/espace/scenarios"

// Limits of what a request may compute: calculsMax choices at a time, each for
// delaiCalcul at most. A longer one answers with the best that it knows.
const (
	calculsMax  = 2
	delaiCalcul = 5 * time.Second
)

// routesScenarios are the pages that look for where to help next.
func (s *site) routesScenarios(e fiber.Router) {
	s.calculs = make(chan struct{}, calculsMax)
	r := e.Group("/scenarios", s.withCoordonne)
	r.Get("/", s.serveScenarios)
	r.Post("/", s.postScenario)
	r.Get("/comparer", s.serveComparerScenarios)
	r.Get("/:scenario", s.serveScenario)
	r.Get("/:scenario/papier", s.servePapierScenario)
	r.Post("/:scenario/recalculer", s.postRecalculer)
	r.Get("/:scenario/supprimer", s.serveSupprimerScenario)
	r.Post("/:scenario/supprimer", s.postSupprimerScenario)
}

// corpsScenarios is the page that asks, and answers.
type corpsScenarios struct {
	*saisie
	formeEtude
	Resultat *resultatEtude
	Tableau  *tableau
	Caches   map[string]string // the study, for the form that keeps it
	Gardes   []scenarioVu
	Rien     bool // nothing is coordinated
}

func (s *site) serveScenarios(c *fiber.Ctx) error {
	x := &saisie{Valeurs: lireRequete(c).Values, Fautes: map[string]string{}}
	if x.V("genre") == "" {
		x.Valeurs = valeursDefaut(s.perimetres(c))
		return s.rendreScenarios(c, x, nil, nil)
	}
	e, p, duree, err := s.etudier(c, x.Valeurs)
	if err != nil {
		if x.fauter(err, champsEtude...) {
			return s.rendreScenarios(c, x, nil, nil)
		}
		return err
	}
	l := s.listeProposition(&e, p, cheminScenarios)
	l.Fixes = parametresEtude(x.Valeurs)
	return rendreListe(s, c, l, p.Lignes, func(t *tableau) error {
		r := s.direResultat(&e, p)
		r.Duree = dureeCalcul(duree)
		return s.rendreScenarios(c, x, r, t)
	})
}

// rendreScenarios renders the page with a form, and the answer where there is one.
func (s *site) rendreScenarios(c *fiber.Ctx, x *saisie, r *resultatEtude, t *tableau) error {
	perimetres := s.perimetres(c)
	corps := corpsScenarios{saisie: x, formeEtude: formeDe(perimetres), Resultat: r, Tableau: t, Rien: len(perimetres) == 0, Caches: map[string]string{}}
	for nom, valeurs := range parametresEtude(x.Valeurs) {
		corps.Caches[nom] = valeurs[0]
	}
	var err error
	if corps.Gardes, err = s.scenariosVus(c); err != nil {
		return err
	}
	titre := "Où aider ensuite\u00a0?"
	if len(x.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
		titre = "À corriger : où aider ensuite\u00a0?"
	}
	return s.rendreLarge(c, "scenarios", titre, "reseau", corps)
}

// etudier reads a study and answers it.
func (s *site) etudier(c *fiber.Ctx, v url.Values) (e couverture.Etude, p *couverture.Proposition, duree time.Duration, err error) {
	if e, err = s.lireEtude(v); err != nil {
		return e, nil, 0, err
	}
	if !s.voitPerimetre(c, e.EPCI) {
		return e, nil, 0, invalide("perimetre", "Choisissez un périmètre que vous coordonnez.")
	}
	debut := s.Now()
	p, err = s.proposerEnsuite(c.UserContext(), e)
	return e, p, s.Now().Sub(debut), err
}

// proposerEnsuite answers a study when its turn comes. Where too many are under way for
// as long as a request may last, it is "indisponible".
func (s *site) proposerEnsuite(ctx context.Context, e couverture.Etude) (*couverture.Proposition, error) {
	if err := e.Verifier(s.Territoire); err != nil {
		return nil, err
	}
	select {
	case s.calculs <- struct{}{}:
		defer func() { <-s.calculs }()
	case <-ctx.Done():
		return nil, &mednum.Error{Code: mednum.Indisponible, Message: "D’autres calculs sont en cours. Recommencez dans une minute."}
	}
	r := s.couverture(ctx, e.Question())
	ctx, cancel := context.WithTimeout(ctx, delaiCalcul)
	defer cancel()
	return couverture.Proposer(ctx, s.Territoire, r, e)
}

// perimetres are the parts of the territory that the session coordinates: all
// of it ("") and its intercommunalities, or those it has.
func (s *site) perimetres(c *fiber.Ctx) (choix []choixFiltre) {
	if s.coordonneTout(c) {
		choix = append(choix, choixFiltre{"", "Tout le territoire"})
	}
	for i := range s.Territoire.EPCIs {
		if e := &s.Territoire.EPCIs[i]; s.voitPerimetre(c, e.Code) {
			choix = append(choix, choixFiltre{e.Code, e.Nom})
		}
	}
	return choix
}

// voitPerimetre tells whether the session coordinates the whole of an
// intercommunality, of the territory when epci is "".
func (s *site) voitPerimetre(c *fiber.Ctx, epci string) bool {
	return s.coordonneTout(c) || epci != "" && slices.ContainsFunc(connexion(c).Compte.Habilitations, func(h mednum.Habilitation) bool {
		return h.Role.Coordinates() && h.Portee == mednum.PorteeEPCI && h.ID == epci
	})
}

func (s *site) postScenario(c *fiber.Ctx) error {
	x := lireSaisie(c)
	cle, err := cleForme(c)
	if err != nil {
		return err
	}
	e, p, duree, err := s.etudier(c, x.Valeurs)
	if err != nil {
		if x.fauter(err, champsEtude...) {
			return s.rendreScenarios(c, x, nil, nil)
		}
		return err
	}
	v, err := s.Scenarios.Garder(c.UserContext(), x.V("nom"), connexion(c).Compte.Auteur(), cle, e, p)
	if err != nil {
		if !x.fauter(err, "nom") {
			return err
		}
		l := s.listeProposition(&e, p, cheminScenarios)
		l.Fixes = parametresEtude(x.Valeurs)
		return rendreListe(s, c, l, p.Lignes, func(t *tableau) error {
			r := s.direResultat(&e, p)
			r.Duree = dureeCalcul(duree)
			return s.rendreScenarios(c, x, r, t)
		})
	}
	return s.fait(c, cheminScenarios+"/"+v.ID, "scenario-garde")
}
