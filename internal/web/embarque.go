package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// The addresses of the widget (docs/widget.md): what hosts write in their pages
// never changes under "v1".
const (
	cheminScript    = "/widget.v1.js"
	cheminEmbarque  = "/embarque/"
	scriptConstruit = "widget.v1.js" // its logical name in the build
)

// limiteEncart is how many places a page of the frame lists: it stands in the
// middle of somebody else's page.
const limiteEncart = 6

// routesEmbarque are the widget: the script of the hosts, and the pages that it frames.
func (s *site) routesEmbarque(app *fiber.App) {
	app.Get(cheminScript, s.serveWidget)
	app.Get(cheminEmbarque, s.serveAccueil)
	app.Get("/embarque/accent.css", s.serveAccent)
	app.Get("/embarque/lieux/:id", s.serveLieu)
}

// estEmbarque tells the addresses that other sites may frame. Routes do not
// look at the case of a path, nor does this.
func estEmbarque(chemin string) bool {
	return strings.HasPrefix(strings.ToLower(chemin)+"/", cheminEmbarque)
}

// withEncart lets other sites frame what is under /embarque/, errors included,
// and reads what their line asked.
func (s *site) withEncart(c *fiber.Ctx) error {
	if estEmbarque(c.Path()) {
		c.Set("Content-Security-Policy", s.politique(s.integration))
		c.Locals(cleEncart{}, s.parseEncart(lireRequete(c)))
	}
	return c.Next()
}

type cleEncart struct{}

// encartDe is the frame of a request, nil outside /embarque/.
func encartDe(c *fiber.Ctx) *encart {
	e, _ := c.Locals(cleEncart{}).(*encart)
	return e
}

// Integration is a source of frame-ancestors (CSP 3, 6.4.2): "*", or the origin
// of a site, whose host may begin with "*.". It fails on anything else, with
// ErrAccents for a host that is not written in ASCII.
func Integration(texte string) (string, error) {
	if texte == "*" {
		return texte, nil
	}
	u, err := url.Parse(texte)
	if err != nil {
		return "", err
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("an origin is needed, as https://www.exemple.fr")
	}
	if strings.ContainsFunc(u.Host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return "", ErrAccents
	}
	if strings.ContainsAny(u.Host, " ;,'\"") || strings.Contains(strings.TrimPrefix(u.Host, "*."), "*") {
		return "", fmt.Errorf("host %q", u.Host)
	}
	return u.Scheme + "://" + u.Host, nil
}

// integrations is the value of frame-ancestors under /embarque/: this site
// itself, for its own preview, and those of the list.
func integrations(liste []string) (string, error) {
	sources := []string{"'self'"}
	for _, texte := range liste {
		if texte = strings.TrimSpace(texte); texte == "" {
			continue
		}
		source, err := Integration(texte)
		if err != nil {
			return "", fmt.Errorf("%q: %w", texte, err)
		}
		if source == "*" {
			return source, nil
		}
		sources = append(sources, source)
	}
	return strings.Join(sources, " "), nil
}

// serveWidget is the script of the hosts: the one built file whose address does
// not change, so browsers ask again after an hour.
func (s *site) serveWidget(c *fiber.Ctx) error {
	f, ok := s.actifs.nomme(scriptConstruit)
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set(fiber.HeaderETag, `W/"`+empreinte(f.brut)+`"`)
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600, stale-while-revalidate=86400")
	if memeETag(c.Get(fiber.HeaderIfNoneMatch), c.GetRespHeader(fiber.HeaderETag)) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	return sendActif(c, f)
}

// serveAccent is the colour of a frame, a style sheet of its own as no page may
// hold inline styles: the host's, made readable (territoire.Accents), or the
// territory's. Without "theme" it follows the visitor's.
func (s *site) serveAccent(c *fiber.Ctx) error {
	r := lireRequete(c)
	couleur, theme := r.Get("couleur"), r.Get("theme")
	if couleur != "" && !motifAccent.MatchString(couleur) {
		return invalide("couleur", "Écrivez six chiffres hexadécimaux, comme 9b3524.")
	}
	if theme != "" && !slices.Contains(themes, theme) {
		return invalide("theme", "Écrivez clair ou sombre.")
	}
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return s.sendCached(c, []byte(s.feuilleAccent(couleur, theme)), "public, max-age=86400")
}

func (s *site) feuilleAccent(couleur, theme string) string {
	clair, sombre := s.Territoire.Couleur, ""
	if couleur != "" {
		clair, sombre = territoire.Accents(couleur)
	}
	regle := func(c, texte string) string {
		if c == "" {
			return ""
		}
		return ":root{--brique:" + c + ";--brique-texte:" + c + ";--sur-brique:" + texte + "}\n"
	}
	clair, sombre = regle(clair, territoire.TexteSurClair), regle(sombre, territoire.TexteSurSombre)
	switch {
	case theme == "clair":
		return clair
	case theme == "sombre":
		return sombre
	case sombre == "":
		return "@media (prefers-color-scheme: light){" + clair + "}\n"
	}
	return clair + "@media (prefers-color-scheme: dark){" + sombre + "}\n"
}

// serveZone is the frame as the host asked it, before any search: the places
// near its commune, or those of its EPCI.
func (s *site) serveZone(c *fiber.Ctx, r requete, choisie *catalogue.Demarche) error {
	corps := corpsResultats{Choisie: choisie}
	if commune := r.encart.Commune; commune != nil {
		centre, nom := commune.Centre, commune.NomCourant()
		corps.Depart, corps.Titre = &centre, "Aide numérique près "+textes.De(nom)
		corps.Situation = &catalogue.Situation{Genre: catalogue.GenreCommune, Libelle: nom, Point: &centre, Commune: commune}
	} else {
		corps.EPCI, corps.Titre = r.encart.EPCI.Code, "Aide numérique\u00a0: "+r.encart.EPCI.NomLong()
	}
	return s.serveResultats(c, r, corps)
}
