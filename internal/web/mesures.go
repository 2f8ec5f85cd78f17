package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// appelsMax is how many taps on a number one address may tell in ten minutes.
const appelsMax = 30

// robots are what programs that say so have in their name (User-Agent), in
// small letters. A browser always has a name.
var robots = []string{"bot", "crawl", "spider", "slurp", "archiver", "preview", "monitor", "curl/", "wget/", "python", "go-http", "java/", "httpclient"}

// estCompte tells whether a person asked for the page: nobody who is signed in,
// no robot that says so, no HEAD, nothing that a browser fetches in case.
func estCompte(c *fiber.Ctx) bool {
	if c.Method() == fiber.MethodHead || c.Cookies(cookieSession) != "" {
		return false
	}
	if strings.HasPrefix(c.Get("Sec-Purpose"), "prefetch") || c.Get("Purpose") == "prefetch" {
		return false
	}
	nom := strings.ToLower(c.Get(fiber.HeaderUserAgent))
	if nom == "" {
		return false
	}
	for _, r := range robots {
		if strings.Contains(nom, r) {
			return false
		}
	}
	return true
}

// compter counts a use in a commune (INSEE code, "" for none).
func (s *site) compter(c *fiber.Ctx, genre mesures.Genre, commune string) {
	if commune != "" && estCompte(c) {
		s.Mesures.Compter(genre, commune)
	}
}

// communeDe is the INSEE code of a place's commune.
func communeDe(v *catalogue.Vue) string {
	if v.Commune != nil {
		return v.Commune.Code
	}
	return v.Champs.CodeInsee
}

// compterRecherche counts a search by the commune that it starts from: the one
// that was typed, or that holds the position, which is kept nowhere. It is
// "lointaine" besides when it starts in the territory, asks no time, and its
// nearest answer is beyond mesures.Loin, or is none. The frame of another site,
// as its host set it, is no search.
func (s *site) compterRecherche(c *fiber.Ctx, corps *corpsResultats, res catalogue.Resultats, sansHeure bool) {
	if corps.Depart == nil || s.Mesures == nil || !estCompte(c) || encartDe(c) != nil && corps.Texte == "" && c.Query("lat") == "" {
		return
	}
	var commune *territoire.Commune
	if g := corps.Situation; g != nil {
		commune = g.Commune
	}
	if commune == nil {
		commune, _ = s.Territoire.CommuneAt(*corps.Depart)
	}
	if commune == nil || commune.Ailleurs || !s.Mesures.Compter(mesures.Recherche, commune.Code) {
		return
	}
	if commune.Dedans && sansHeure && len(res.SansPosition) == 0 && plusProche(res) > mesures.Loin {
		s.Mesures.Compter(mesures.Lointaine, commune.Code)
	}
}

// plusProche is how far the nearest answer of a search is, in metres; without
// one, further than anything on Earth.
func plusProche(res catalogue.Resultats) float64 {
	metres := 2 * float64(rayonMax)
	for i := range res.Trouves {
		if t := &res.Trouves[i]; t.Distance >= 0 {
			metres = min(metres, t.Distance)
		}
	}
	return metres
}

// postAppel counts a tap on the number of a place, as the page's script tells
// it. Who tapped is asked nowhere.
func (s *site) postAppel(c *fiber.Ctx) error {
	v, err := s.Catalogue.Lieu(c.Params("id"))
	if err != nil {
		return err
	}
	s.compter(c, mesures.Telephone, communeDe(v))
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendStatus(fiber.StatusNoContent)
}
