package web

import (
	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
)

// noter keeps what the session just did, once it is done. Genre and Texte are
// the caller's; who, and by which way, are set here unless they are.
func (s *site) noter(c *fiber.Ctx, a registre.Acte) {
	if s.Registre == nil {
		return
	}
	if x := connexion(c); x != nil && a.Qui == "" {
		a.Qui = x.Compte.Auteur()
	}
	if a.Voie == "" {
		a.Voie = registre.VoieApp
	}
	s.Registre.Noter(c.UserContext(), a)
}

// surCompte is an act about an account, on a place where the right is of one.
func surCompte(genre registre.Genre, id, texte string, droits ...mednum.Habilitation) registre.Acte {
	a := registre.Acte{Genre: genre, Objet: mednum.PrefixeCompte + id, Texte: texte}
	if len(droits) == 1 && droits[0].Portee == mednum.PorteeLieu {
		a.Lieu = droits[0].ID
	}
	return a
}
