package web

import (
	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/ogc"
)

// routesOGC mounts OGC API - Features.
func (s *site) routesOGC(app *fiber.App) {
	s.ogc.Routes(app.Group(ogc.Racine))
}

// newOGC prepares OGC API - Features, with absolute links and the frame of the
// site around its pages.
func (s *site) newOGC() (*ogc.Service, error) {
	return ogc.New(ogc.Config{
		Catalogue: s.Catalogue, Territoire: s.Territoire, Now: s.Now, Lien: s.lien,
		Envoyer: func(c *fiber.Ctx, corps []byte, marque string) error {
			if marque == "" {
				marque = empreinte(corps)
			}
			return s.sendTagged(c, corps, `W/"`+marque+`"`, cacheAPI)
		},
		Page: func(c *fiber.Ctx, gabarit, titre string, corps any) error {
			p := page{Titre: titre, SansIndex: true} // the pages of places are those to find
			if gabarit == "ogc-accueil" {
				p.Canonique, p.SansIndex = ogc.Racine, false
			}
			return s.render(c, gabarit, p, corps)
		},
	})
}
