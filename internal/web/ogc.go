package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/ogc"
)

// routesOGC mounts OGC API - Features.
func (s *site) routesOGC(app *fiber.App) {
	s.ogc.Routes(app.Group(ogc.Racine, s.withCORS))
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

// demandeJSON tells whether an error is for a program: always under /api/, and
// under /ogc unless the page was asked for.
func demandeJSON(c *fiber.Ctx) bool {
	if strings.HasPrefix(c.Path(), "/api/") {
		return true
	}
	if !sousOGC(c.Path()) {
		return false
	}
	if f := c.Query("f"); f == "html" || f == "json" {
		return f == "json"
	}
	return c.Path() != ogc.Racine+"/api.html" && !ogc.PrefereHTML(c.Get(fiber.HeaderAccept))
}

func sousOGC(chemin string) bool {
	return chemin == ogc.Racine || strings.HasPrefix(chemin, ogc.Racine+"/")
}
