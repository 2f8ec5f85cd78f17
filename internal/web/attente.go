package web

import (
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/textes"
)

// enteteDonnees is of which moment the answer's data are (RFC 3339). It is
// there only while the store does not answer: otherwise they are of now.
const enteteDonnees = "Donnees-Du"

// serveLive answers as soon as the process does, whatever the store does: what
// restarts a service that does not live must not restart this one.
func serveLive(c *fiber.Ctx) error { return c.SendString("ok\n") }

// serveReady tells whether edits too would be answered.
func (s *site) serveReady(c *fiber.Ctx) error {
	vu, muet := s.Catalogue.Vu()
	if muet {
		return sendNotReady(c, "La base ne répond pas. Les pages montrent les données du "+s.moment(vu)+" ; aucune modification n’est possible.")
	}
	version, date := s.Catalogue.Instantane()
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(fiber.Map{"etat": "pret", "instantane": version, "date": date.Format(time.RFC3339)})
}

func sendNotReady(c *fiber.Ctx, detail string) error {
	c.Set(fiber.HeaderRetryAfter, reessayer)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(fiber.StatusServiceUnavailable).JSON(fiber.Map{"etat": "attente", "detail": detail})
}

// donneesDu says of when the data are while the store does not answer, ""
// otherwise.
func (s *site) donneesDu() string {
	vu, muet := s.Catalogue.Vu()
	if !muet {
		return ""
	}
	return "Données du " + s.moment(vu)
}

// moment is "25 novembre 2026 à 17 h 10", in the territory's zone.
func (s *site) moment(t time.Time) string {
	t = t.In(s.Territoire.Location())
	return fmt.Sprintf("%s à %s", textes.DateLongue(t.Year(), t.Month(), t.Day()), textes.Heure(t.Hour(), t.Minute()))
}

// pageAttente needs nothing: neither the pack, nor the store, nor a file.
const pageAttente = `<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Le service démarre – À deux pas</title></head>
<body><main><h1>Le service démarre</h1>
<p>Il attend ses données. Rechargez cette page dans un instant.</p></main></body>
</html>
`

// NewAttente is what answers while the store of the service has never answered:
// /livez that it lives, everything else 503 and in how many seconds to come
// back. Every connection is closed, for the next one to find the service.
func NewAttente() *fiber.App {
	app := fiber.New(fiber.Config{
		AppName: "À deux pas", DisableStartupMessage: true, DisableKeepalive: true,
		ReadBufferSize: 16384, BodyLimit: 64 << 10, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
	})
	app.Get("/livez", serveLive)
	app.Get("/readyz", func(c *fiber.Ctx) error {
		return sendNotReady(c, "Le service démarre : sa base n’a pas encore répondu.")
	})
	app.Use(func(c *fiber.Ctx) error {
		if !veutProbleme(c) {
			return c.Next()
		}
		attendre(c)
		const statut = fiber.StatusServiceUnavailable
		return sendProbleme(c, statut, probleme{Type: "about:blank", Titre: titres[statut], Statut: statut, Detail: "Le service démarre : recommencez dans un instant."})
	})
	app.Use(func(c *fiber.Ctx) error {
		attendre(c)
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		return c.Status(fiber.StatusServiceUnavailable).SendString(pageAttente)
	})
	return app
}

func attendre(c *fiber.Ctx) {
	c.Set(fiber.HeaderRetryAfter, reessayer)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
}
