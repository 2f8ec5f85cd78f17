package web

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// rubrique is one desk of whoever coordinates the network.
type rubrique struct {
	Chemin, Nom, Phrase string
}

// rubriques are the desks, in the order of a week's work.
var rubriques = []rubrique{
	{"/espace/signalements", "Signalements", "Ce que des personnes disent de faux sur un lieu : décider, et leur répondre."},
	{"/espace/frequentation", "Fréquentation", "Combien de recherches et de pages vues, par commune et par jour, sans suivre personne."},
	{"/espace/bilan", "Bilans à imprimer", "Une page par commune et par intercommunalité, et l’année du réseau."},
	{"/espace/registre", "Registre", "Qui a changé quoi, quand et d’où."},
	{"/espace/couverture", "Qui est loin de l’aide\u00a0?", "Commune par commune : la distance, le moment, les heures, et ce qui a changé."},
	{"/espace/besoins", "Besoins", "Ce que les gens n’ont pas trouvé, par commune et par thème."},
	{"/espace/fiches", "Fiches du réseau", "Besoins, initiatives et bonnes pratiques : relire, publier, garder la mémoire."},
	{"/espace/webhooks", "Webhooks", "Prévenir d’autres programmes de ce qui change."},
}

// routesReseau are the pages of those who coordinate the network.
func (s *site) routesReseau(e fiber.Router) {
	e.Get("/reseau", s.withCoordonne, s.serveReseau)
	s.routesRegistre(e)
}

// attenteFile is a queue of work as the board shows it: Combien things wait,
// the oldest since Depuis, the zero time when that is not known. Lien is the path
// of the page where they are done.
type attenteFile struct {
	Nom, Phrase, Lien string
	Combien           int
	Depuis            time.Time
}

// corpsReseau is the board of the network.
type corpsReseau struct {
	Rubriques []rubrique
}

func (s *site) serveReseau(c *fiber.Ctx) error {
	return s.rendreEspace(c, "reseau", "Le réseau", "reseau", corpsReseau{Rubriques: rubriques})
}
