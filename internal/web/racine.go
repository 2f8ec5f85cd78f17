package web

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
)

// motifRacine is a path under which a site may live: plain words, so that it is
// written the same in an address, a template and a style sheet.
var motifRacine = regexp.MustCompile(`^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$`)

// ErrAccents is a public address whose host is not written in ASCII: a browser
// sends the other form (xn--…), which would not be the same site.
var ErrAccents = errors.New("the host must be written in ASCII (xn--…)")

// Racine is the path of a public address, under which the whole site lives:
// "/aide" of "https://exemple.fr/aide/", "" of a host alone. It fails on what is
// not an http(s) address, on a host with accents (ErrAccents), and on a path
// that would need escaping.
func Racine(publique string) (string, error) {
	u, err := url.Parse(publique)
	if err != nil {
		return "", err
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("an http(s) address is needed")
	}
	if strings.ContainsFunc(u.Host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return "", ErrAccents
	}
	racine := strings.TrimRight(u.EscapedPath(), "/")
	if !motifRacine.MatchString(racine) {
		return "", fmt.Errorf("path %q: letters, digits, hyphens, underscores and dots only", racine)
	}
	return racine, nil
}

// chemin is the path of an address of the site as browsers ask for it. Within
// this package paths are those of a site at the root of its host; the prefix is
// put on at the edge: here, by lien, and by {{racine}} in templates.
func (s *site) chemin(c string) string { return s.racine + c }

// sousRacine puts the application under the prefix: it takes the prefix off
// each request, and answers itself what is outside. The health of the service
// is asked at the same addresses whatever the prefix.
func (s *site) sousRacine(app *fiber.App) *fiber.App {
	dedans := app.Handler()
	passer := func(c *fiber.Ctx, chemin string) error {
		if q := c.Context().URI().QueryString(); len(q) > 0 {
			chemin += "?" + string(q)
		}
		c.Request().SetRequestURI(chemin)
		dedans(c.Context())
		return nil
	}
	dehors := fiber.New(app.Config())
	dehors.Use(s.withHeaders, func(c *fiber.Ctx) error {
		chemin := c.Path()
		reste, sous := strings.CutPrefix(chemin, s.racine+"/")
		switch {
		case sous && !strings.HasPrefix(reste, "/"): // "//x" would be a host
			return passer(c, "/"+reste)
		case chemin == "/livez" || chemin == "/readyz":
			return passer(c, chemin)
		case chemin == "/" || chemin == s.racine:
			return c.Redirect(s.chemin("/"), fiber.StatusFound)
		}
		return fiber.ErrNotFound
	})
	return dehors
}
