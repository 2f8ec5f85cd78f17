// Package web is the edge of the service: pages, API and files over HTTP. A
// handler parses its request, asks one room below, and renders.
package web

import (
	"context"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/gofiber/fiber/v2/middleware/recover"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/ogc"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/sources"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

// Config is what the edge needs from the program that starts it.
type Config struct {
	Catalogue  *catalogue.Catalogue
	Comptes    *compte.Comptes
	Courrier   *courrier.Courrier
	ProConnect *compte.ProConnect // nil: not offered
	Reseau     *reseau.Reseau     // answers the links of reminders; nil where none is sent
	Appels     *reseau.Appels     // remembers the calls that nobody answered
	Webhooks   *webhooks.Webhooks // tells other programs what changed
	Collecte   *collecte.Collecte // what people decide of records, and the files that they bring
	Sources    *sources.Sources   // files that come back by themselves
	Registre   *registre.Registre // who did what; nil where nothing is noted
	// Itineraires gives itineraries by car to the pages of coverage; nil: distances
	// are computed.
	Itineraires *couverture.Itineraires
	Mesures     *mesures.Mesures      // counts uses; nil counts none
	Signales    *ecoute.Signalements  // what people say is wrong of a place
	Besoins     *ecoute.Besoins       // help that was not found
	Fiches      *ecoute.Fiches        // what the network remembers
	Scenarios   *couverture.Scenarios // studies that were kept
	// CleFormulaires signs the public forms; nil: a key of this process.
	CleFormulaires []byte
	Territoire     *territoire.Territoire
	Demarches      catalogue.Demarches
	Geocodeur      *territoire.Geocodeur // nil: addresses are resolved by their commune
	Statique       fs.FS                 // the built front end: manifest.json, static/…
	Pages          fs.FS                 // the templates
	Demo           *Demo                 // nil: not a demonstration
	// Relecture tells that what a place is waits for a coordinator (see
	// Catalogue.SetRelecture).
	Relecture bool
	// URLPublique is the address that links, posters and JSON-LD carry, without
	// a final slash ("https://exemple.fr"). With a path ("https://exemple.fr/aide")
	// the whole site lives under it.
	URLPublique string
	Mandataires []string // trusted proxies, IP addresses or CIDR ranges
	// Integration are the origins whose pages may frame /embarque/, "*" for any.
	Integration []string
	// Debit is how many reads of the open interfaces one address may ask in a
	// minute, 0 for no limit.
	Debit   int
	Tuiles  string // URL template of map tiles, "" for none
	Version string
	Now     func() time.Time
	Journal *slog.Logger
}

// Delay after which a request gives up waiting for what lies below.
const delaiRequete = 10 * time.Second

type site struct {
	Config
	racine      string // path of URLPublique, "" for none
	mandataires mandataires
	gabarits    map[string]*template.Template
	encarts     map[string]*template.Template // the pages that other sites frame
	integration string                        // who may frame them, of frame-ancestors
	actifs      actifs
	publiee     atomic.Pointer[publication] // nil until it is asked for
	origTuile   string
	fond        []byte
	licences    []territoire.Attribution
	memoire     memoire
	ogc         *ogc.Service
	doc         documentation
	vus         lieuxVus // of the desk of the network
	recentsLus  recentsLus
	photos      photos // the network on past days, for its yearly picture
	couvertures couvertures
	calculs     chan struct{} // the choices under way, see proposerEnsuite
}

// New builds the application. It fails when a template or a setting cannot be
// read, never later at request time.
func New(c Config) (*fiber.App, error) {
	s := &site{Config: c, fond: c.Territoire.Fond(), licences: c.Territoire.Attributions}
	var err error
	if s.racine, err = Racine(c.URLPublique); err != nil {
		return nil, fmt.Errorf("url publique %q: %w", c.URLPublique, err)
	}
	if s.actifs, err = openActifs(c.Statique, s.racine); err != nil {
		return nil, err
	}
	if s.gabarits, err = s.parseGabarits(c.Pages, false); err != nil {
		return nil, err
	}
	if s.encarts, err = s.parseGabarits(c.Pages, true); err != nil {
		return nil, err
	}
	if s.integration, err = integrations(c.Integration); err != nil {
		return nil, fmt.Errorf("integration %w", err)
	}
	if s.origTuile, err = origine(c.Tuiles); err != nil {
		return nil, fmt.Errorf("tuiles %q: %w", c.Tuiles, err)
	}
	if s.mandataires, err = newMandataires(c.Mandataires); err != nil {
		return nil, fmt.Errorf("mandataires: %w", err)
	}
	if s.ogc, err = s.newOGC(); err != nil {
		return nil, err
	}
	if s.doc, err = s.newDocumentation(); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	s.Catalogue.SetRelecture(c.Relecture)
	app := fiber.New(s.reglages())
	app.Use(recover.New(recover.Config{EnableStackTrace: true, StackTraceHandler: s.logPanic}))
	app.Use(s.withDeadline, s.withHeaders, s.withEncart, s.mandataires.withVisiteur)
	s.routes(app)
	if s.racine != "" {
		app = s.sousRacine(app)
	}
	app.Server().HeaderReceived = s.limiterCorps
	return app, nil
}

// reglages are the settings of the server.
func (s *site) reglages() fiber.Config {
	return fiber.Config{
		AppName:               "À deux pas",
		Immutable:             true,
		ReadBufferSize:        16384,
		WriteBufferSize:       16384,
		ReadTimeout:           15 * time.Second,
		WriteTimeout:          30 * time.Second,
		IdleTimeout:           60 * time.Second,
		BodyLimit:             64 << 10,
		DisableStartupMessage: true,
		// No form of ours has parts: whoever sends some is answered by the address,
		// not cut off before it.
		DisablePreParseMultipartForm: true,
		EnableTrustedProxyCheck:      true,
		TrustedProxies:               s.mandataires.ecrits(),
		ProxyHeader:                  fiber.HeaderXForwardedFor,
		ErrorHandler:                 s.serveError,
	}
}

// routes is the whole table of addresses. What writes stands before onlyReads,
// and answers every method itself.
func (s *site) routes(app *fiber.App) {
	app.Use(s.withDebit())
	app.Put(routeHoraires, s.withAPI, s.apiSetHoraires)
	app.Options(routeHoraires, preflightHoraires)
	app.All(routeHoraires, s.withAPI, onlyPut)
	if s.Demo != nil {
		app.Get("/demo", s.serveDemo)
	}
	s.routesConnexion(app)
	s.routesEspace(app)
	s.routesRappel(app)
	s.routesPubliques(app)
	refuserLectures(app)

	app.Use(onlyReads)
	app.Get("/livez", serveLive)
	app.Get("/readyz", s.serveReady)
	app.Get("/static/+", s.serveStatique)
	app.Get("/favicon.ico", s.serveFavicon)
	app.Get("/robots.txt", s.serveRobots)
	app.Get("/territoire.css", s.serveCouleur)
	app.Get("/territoire/logo", s.serveLogo)

	app.Use(compress.New(compress.Config{Level: compress.LevelBestSpeed, Next: estUnLieu}))
	app.Get("/", s.serveAccueil)
	app.Get("/lieux", s.serveLieux)
	app.Get("/lieux/:id", s.serveLieu)
	app.Get("/feuille", s.serveFeuille)
	app.Get("/communes", s.serveCommunes)
	app.Get("/communes/:code", s.serveCommune)
	app.Get("/communes/:code/affiche", s.serveAfficheCommune)
	app.Get("/epci/:code", s.serveEPCI)
	app.Get("/epci/:code/affiche", s.serveAfficheEPCI)
	app.Get("/fiches", s.serveFiches)
	app.Get("/fiches/:fiche", s.serveFiche)
	app.Get("/carte/fond.json", s.serveFond)
	app.Get("/a-propos", s.servePage("a-propos", "À propos"))
	app.Get("/accessibilite", s.servePage("accessibilite", "Accessibilité : non conforme"))
	app.Get("/mentions-legales", s.servePage("mentions", "Mentions légales"))
	app.Get("/donnees", s.servePage("donnees", "Données ouvertes"))
	app.Get("/conservation", s.servePage("conservation", "Conservation : ce qui est gardé, et combien de temps"))
	s.routesEmbarque(app)
	s.routesIntegrer(app)
	s.routesOGC(app)
	s.routesDocumentation(app)
	s.routesChangements(app)
	s.routesAgenda(app)
	s.routesCatalogue(app)

	api := app.Group("/api/v1", s.withAPI)
	api.Get("/lieux/proches", s.apiProches)
	api.Get("/lieux", s.apiLieux)
	api.Get("/lieux/:id", s.apiLieu)
	api.Get("/communes", s.apiCommunes)
	app.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
}

func (s *site) withDeadline(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(context.Background(), delaiRequete)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// withHeaders sets what every answer carries: no third party but the tiles,
// nothing inline, no frame (but withEncart), no referrer to others (an address may hold a
// position). With "no-referrer" browsers would send "Origin: null" with our own
// forms (Fetch, "append a request Origin header"), which memeOrigine refuses.
func (s *site) withHeaders(c *fiber.Ctx) error {
	s.poserEntetes(c)
	return c.Next()
}

func (s *site) poserEntetes(c *fiber.Ctx) {
	h := &c.Response().Header
	h.Set("Content-Security-Policy", s.politique("'none'"))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set(fiber.HeaderReferrerPolicy, "same-origin")
	h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), interest-cohort=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if vu, muet := s.Catalogue.Vu(); muet {
		h.Set(enteteDonnees, vu.Format(time.RFC3339))
	}
	if strings.HasPrefix(s.URLPublique, "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// withSecret is for the pages whose address opens something. Their path goes to
// nobody, this site's own log of referrers included, as "same-origin" would
// have it; unlike "no-referrer", "strict-origin" leaves their forms an Origin.
func withSecret(c *fiber.Ctx) error {
	c.Set(fiber.HeaderReferrerPolicy, "strict-origin")
	return c.Next()
}

// onlyReads answers the question that browsers ask before a read from another
// site, and refuses what is not a read (RFC 9110, 15.5.6).
func onlyReads(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead:
		return c.Next()
	case fiber.MethodOptions:
		if estOuverte(c.Path()) || strings.HasPrefix(c.Path(), "/api/") {
			c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
			c.Set(fiber.HeaderAccessControlAllowMethods, "GET, HEAD")
			c.Set(fiber.HeaderAccessControlAllowHeaders, "If-None-Match")
			c.Set(fiber.HeaderAccessControlMaxAge, "86400")
			return c.SendStatus(fiber.StatusNoContent)
		}
	}
	c.Set(fiber.HeaderAllow, "GET, HEAD")
	return fiber.ErrMethodNotAllowed
}

// politique is the policy of a page that the sites of cadres may frame.
func (s *site) politique(cadres string) string {
	images := "img-src 'self' data:"
	if s.origTuile != "" {
		images += " " + s.origTuile
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
		images + "; form-action 'self'; base-uri 'none'; frame-ancestors " + cadres
}

// lien is an absolute address of this service.
func (s *site) lien(chemin string) string { return s.URLPublique + chemin }

// origine is the scheme and host of a URL template, "" of "".
func origine(modele string) (string, error) {
	if modele == "" {
		return "", nil
	}
	u, err := url.Parse(modele)
	if err != nil {
		return "", err
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return "", fmt.Errorf("an http(s) address is needed")
	}
	return u.Scheme + "://" + u.Host, nil
}
