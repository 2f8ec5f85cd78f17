package web

import "github.com/gofiber/fiber/v2"

// rubrique is one desk of whoever coordinates the network.
type rubrique struct {
	Chemin, Nom, Phrase string
}

// rubriques are the desks, in the order of a week's work.
var rubriques = []rubrique{
	{"/espace/webhooks", "Webhooks", "Prévenir d’autres programmes de ce qui change."},
}

// routesReseau are the pages of those who coordinate the network.
func (s *site) routesReseau(e fiber.Router) {
	e.Get("/reseau", s.withCoordonne, s.serveReseau)
}

// corpsReseau is the board of the network.
type corpsReseau struct {
	Rubriques []rubrique
}

func (s *site) serveReseau(c *fiber.Ctx) error {
	return s.rendreEspace(c, "reseau", "Le réseau", "reseau", corpsReseau{Rubriques: rubriques})
}
