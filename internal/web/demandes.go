package web

import (
	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// demandeVue is a request for a place, in words.
type demandeVue struct {
	mednum.Demande
	Qui, Courriel, NomLieu string
	Quand                  string
	Decision               string // what was decided, by whom and when; "" while it waits
}

// decideesMax is how many decided requests are shown.
const decideesMax = 10

// demandes are the requests on which the session may decide, and the last that
// were.
func (s *site) demandes(c *fiber.Ctx) (attente, decidees []demandeVue, err error) {
	liste, err := s.Comptes.Demandes(c.UserContext())
	if err != nil {
		return nil, nil, err
	}
	if attente, err = s.vuesDemandes(c, liste, len(liste)); err != nil {
		return nil, nil, err
	}
	if liste, err = s.Comptes.Decidees(c.UserContext()); err != nil {
		return nil, nil, err
	}
	decidees, err = s.vuesDemandes(c, liste, decideesMax)
	return attente, decidees, err
}

func (s *site) vuesDemandes(c *fiber.Ctx, liste []mednum.Demande, n int) (vues []demandeVue, err error) {
	for i := range liste {
		if len(vues) < n && s.peut(c, droitLieu(liste[i].Lieu)) {
			v, err := s.vueDemande(c, liste[i])
			if err != nil {
				return nil, err
			}
			vues = append(vues, v)
		}
	}
	return vues, nil
}

func (s *site) vueDemande(c *fiber.Ctx, d mednum.Demande) (demandeVue, error) {
	v := demandeVue{Demande: d, NomLieu: s.direPortee(droitLieu(d.Lieu)), Quand: s.direQuand(d.Le)}
	par, _ := mednum.CompteDe(d.Par)
	noms, err := s.Comptes.Noms(c.UserContext(), []string{d.Compte, par})
	if err != nil {
		return v, err
	}
	v.Qui = noms[d.Compte]
	if d.Etat != mednum.DemandeEnAttente {
		v.Decision = textes.Majuscule(direEtat(d.Etat)) + " par " + noms[par] + ", " + s.direQuand(d.Decide)
		return v, nil
	}
	qui, err := s.Comptes.Compte(c.UserContext(), d.Compte)
	if err != nil && !estCode(err, mednum.Introuvable) {
		return v, err
	}
	v.Courriel = qui.Courriel
	return v, nil
}

func direEtat(e mednum.EtatDemande) string {
	if e == mednum.DemandeAcceptee {
		return "acceptée"
	}
	return "refusée"
}

// postDemande decides on a request.
func (s *site) postDemande(c *fiber.Ctx) error {
	const retour = "/espace/comptes"
	d, err := s.Comptes.Demande(c.UserContext(), c.Params("demande"))
	if estCode(err, mednum.Introuvable) {
		return s.fait(c, retour, "sans-suite")
	}
	if err != nil {
		return err
	}
	if !s.peut(c, droitLieu(d.Lieu)) {
		return interdit("demande", "Ce lieu n’est pas de ceux que vous coordonnez.")
	}
	decision := c.FormValue("decision")
	if decision != "accepter" && decision != "refuser" {
		return invalide("decision", "Acceptez ou refusez cette demande.")
	}
	x := connexion(c)
	d, err = s.Comptes.Decider(c.UserContext(), d.ID, decision == "accepter", x.Compte.Auteur())
	switch {
	case estCode(err, mednum.Perime):
		return s.fait(c, retour, "deja")
	case estCode(err, mednum.Introuvable):
		return s.fait(c, retour, "sans-suite")
	case err != nil:
		return err
	}
	s.noter(c, surCompte(registre.GenreAcces, d.Compte, "Demande "+direEtat(d.Etat)+" : "+s.direDroit(droitLieu(d.Lieu)), droitLieu(d.Lieu)))
	if err := s.prevenirDecision(c, &d); err != nil {
		return err
	}
	return s.fait(c, retour, map[bool]string{true: "accepte", false: "refuse"}[decision == "accepter"])
}

// prevenirDecision tells whoever asked for a place what was decided.
func (s *site) prevenirDecision(c *fiber.Ctx, d *mednum.Demande) error {
	qui, err := s.Comptes.Compte(c.UserContext(), d.Compte)
	if err != nil {
		return err
	}
	lieu := s.direPortee(droitLieu(d.Lieu))
	quoi := "Vous pouvez maintenant corriger les informations de ce lieu : " + lieu + "."
	if d.Etat == mednum.DemandeRefusee {
		quoi = "Votre demande pour ce lieu est refusée : " + lieu + "."
	}
	return s.posterAcces(c.UserContext(), &qui, quoi)
}
