package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/ogc"
)

// The fields of draft-ietf-httpapi-ratelimit-headers-10: how many may be asked
// in how many seconds, then how many are left and when more will be. Their
// values are structured fields (RFC 9651): a string with parameters.
const (
	enteteRegle = "RateLimit-Policy"
	enteteReste = "RateLimit"
	// exposes are the headers that a page of another site may read.
	exposes = "ETag, Link, Location, Retry-After, " + enteteRegle + ", " + enteteReste + ", " + enteteDonnees
)

const periodeLectures = time.Minute

// withDebit is for the open interfaces alone: any page may read them, and each
// address so much of them, together, in a minute (Config.Debit, 0 for no
// limit). What is answered from a cache of ours, 304 and HEAD are counted like
// the rest, and so is a change; the question that a browser asks before (OPTIONS)
// is not.
func (s *site) withDebit() fiber.Handler {
	lectures := newDebit(s.Debit, periodeLectures, s.Now)
	regle := fmt.Sprintf(`"lectures";q=%d;w=%d`, s.Debit, int(periodeLectures/time.Second))
	return func(c *fiber.Ctx) error {
		if !estOuverte(c.Path()) || c.Method() == fiber.MethodOptions {
			return c.Next()
		}
		c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
		c.Set("Cross-Origin-Resource-Policy", "cross-origin")
		c.Set(fiber.HeaderAccessControlExposeHeaders, exposes)
		if s.Debit <= 0 {
			return c.Next()
		}
		n, reste := lectures.compter(abonne(c.IP()))
		secondes := int((reste + time.Second - 1) / time.Second)
		c.Set(enteteRegle, regle)
		c.Set(enteteReste, fmt.Sprintf(`"lectures";r=%d;t=%d`, max(0, s.Debit-n), secondes))
		if n > s.Debit {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(secondes))
			return &refus{fiber.StatusTooManyRequests, "adresse", fmt.Sprintf(
				"Votre adresse a fait plus de %d demandes en une minute. Attendez %d s, puis recommencez. Pour tout lire d’un coup : %s.", s.Debit, secondes, s.lien("/donnees/lieux.json"))}
		}
		return c.Next()
	}
}

// estOuverte tells whether a path is of the interfaces that programs read: the
// API, OGC API - Features, the files and the feeds. Pages, their files and the
// widget are not. Like the routes, it ignores case and a slash at the end.
func estOuverte(chemin string) bool {
	p := strings.TrimRight(strings.ToLower(chemin), "/")
	for _, racine := range []string{"/api/v1", "/ogc"} {
		if p == racine || strings.HasPrefix(p, racine+"/") {
			return true
		}
	}
	return strings.HasPrefix(p, "/donnees/") || strings.HasPrefix(p, "/sitemap") && strings.HasSuffix(p, ".xml") ||
		strings.HasSuffix(p, ".atom") || strings.HasSuffix(p, ".ics")
}

// veutProbleme tells whether an error is to be sent as problem+json: of the API
// always, of the other open interfaces, and of the forms that try it, unless a
// page is asked for, by f or by Accept.
func veutProbleme(c *fiber.Ctx) bool {
	p := strings.ToLower(c.Path())
	if strings.TrimRight(p, "/") == cheminEssai {
		return !ogc.PrefereHTML(c.Get(fiber.HeaderAccept))
	}
	if strings.HasPrefix(p, "/api/") {
		return true
	}
	if !estOuverte(p) {
		return false
	}
	if strings.HasPrefix(p, ogc.Racine) {
		if f := c.Query("f"); f == "html" || f == "json" {
			return f == "json"
		}
		if p == ogc.Racine+"/api.html" {
			return false
		}
	}
	return !ogc.PrefereHTML(c.Get(fiber.HeaderAccept))
}
