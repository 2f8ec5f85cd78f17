package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// actifs are the built files, read once: names are hashed by their content, so
// browsers keep them for good.
type actifs struct {
	racine   string            // path of the site, "" for the root of its host
	noms     map[string]string // logical name → hashed path below static/
	contenus map[string]actif
}

type actif struct {
	brut, gz, br []byte
	mime         string
}

// openActifs reads the front end's build. A clean clone has none: pages are
// then served without style, which the browser tests would see.
func openActifs(dist fs.FS, racine string) (actifs, error) {
	a := actifs{racine: racine, noms: map[string]string{}, contenus: map[string]actif{}}
	manifeste, err := fs.ReadFile(dist, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err != nil {
		return a, fmt.Errorf("front end: %w", err)
	}
	if err := json.Unmarshal(manifeste, &a.noms); err != nil {
		return a, fmt.Errorf("front end: manifest.json: %w", err)
	}
	err = fs.WalkDir(dist, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return a.add(dist, p)
	})
	return a, err
}

func (a actifs) add(dist fs.FS, p string) error {
	if strings.HasSuffix(p, ".gz") || strings.HasSuffix(p, ".br") {
		return nil
	}
	brut, err := fs.ReadFile(dist, p)
	if err != nil {
		return err
	}
	f := actif{brut: brut, mime: typeMime(p)}
	f.gz, _ = fs.ReadFile(dist, p+".gz") // absent for what is compressed already
	f.br, _ = fs.ReadFile(dist, p+".br")
	a.contenus[strings.TrimPrefix(p, "static/")] = f
	return nil
}

func typeMime(p string) string {
	switch ext := path.Ext(p); ext {
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	default:
		return mime.TypeByExtension(ext)
	}
}

// chemin is the address of a built file by its logical name ("app.css").
func (a actifs) chemin(nom string) string {
	if p, ok := a.noms[nom]; ok {
		return a.racine + "/" + strings.TrimPrefix(p, "/")
	}
	return a.racine + "/static/" + nom
}

// nomme is a built file by its logical name.
func (a actifs) nomme(nom string) (actif, bool) {
	f, ok := a.contenus[strings.TrimPrefix(a.noms[nom], "static/")]
	return f, ok
}

func (s *site) serveStatique(c *fiber.Ctx) error {
	f, ok := s.actifs.contenus[c.Params("+")]
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	return sendActif(c, f)
}

// sendActif sends a built file, compressed as the browser takes it.
func sendActif(c *fiber.Ctx, f actif) error {
	c.Set(fiber.HeaderContentType, f.mime)
	c.Vary(fiber.HeaderAcceptEncoding)
	switch accepte := c.Get(fiber.HeaderAcceptEncoding); {
	case f.br != nil && strings.Contains(accepte, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(f.br)
	case f.gz != nil && strings.Contains(accepte, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(f.gz)
	}
	return c.Send(f.brut)
}

func (s *site) serveFavicon(c *fiber.Ctx) error {
	return c.Redirect(s.actifs.chemin("favicon.svg"), fiber.StatusFound)
}

func (s *site) serveRobots(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString("User-agent: *\nDisallow: " + s.chemin("/feuille") + "\nAllow: " + s.chemin("/") + "\n\nSitemap: " + s.lien(cheminPlan) + "\n")
}

func (s *site) serveFond(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return s.sendCached(c, s.fond, "public, max-age=86400")
}

// sendCached sends a body with an ETag of its content, or 304. The tag is weak:
// the same one goes with the body compressed or not.
func (s *site) sendCached(c *fiber.Ctx, corps []byte, cache string) error {
	return s.sendTagged(c, corps, `W/"`+empreinte(corps)+`"`, cache)
}

// empreinte is a short hash of a body.
func empreinte(corps []byte) string {
	somme := sha256.Sum256(corps)
	return hex.EncodeToString(somme[:9])
}

// sendTagged sends a body with its ETag, or 304 to who has it.
func (s *site) sendTagged(c *fiber.Ctx, corps []byte, etag, cache string) error {
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderCacheControl, cache)
	if memeETag(c.Get(fiber.HeaderIfNoneMatch), etag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	return c.Send(corps)
}

// memeETag compares weakly (RFC 9110, 13.1.2).
func memeETag(demande, etag string) bool {
	if demande == "*" {
		return true
	}
	for v := range strings.SplitSeq(demande, ",") {
		if strings.TrimPrefix(strings.TrimSpace(v), "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

// serveCouleur sets the accent colour of the territory: a style sheet of its
// own, since no page may hold inline styles. Dark mode keeps the colours that
// were checked for it.
func (s *site) serveCouleur(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	couleur := s.Territoire.Couleur
	if couleur == "" {
		return s.sendCached(c, nil, "public, max-age=3600")
	}
	return s.sendCached(c, []byte("@media screen and (prefers-color-scheme: light){:root{--accent:"+couleur+"}}\n"), "public, max-age=3600")
}

func (s *site) serveLogo(c *fiber.Ctx) error {
	contenu, typ, ok := s.Territoire.ImageLogo()
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, typ)
	return s.sendCached(c, contenu, "public, max-age=3600")
}
