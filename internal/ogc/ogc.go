// Package ogc answers OGC API - Features - Part 1: Core, corrigendum (OGC
// 17-069r4), over the snapshot of the catalogue: conformance classes core,
// geojson, html and oas30. Features are encoded once, when the snapshot that
// they come from is first asked for; a request only chooses among them.
package ogc

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// Racine is the path of the landing page.
const Racine = "/ogc"

// Config is what the room needs from the edge that mounts it.
type Config struct {
	Catalogue  *catalogue.Catalogue
	Territoire *territoire.Territoire
	Now        func() time.Time
	// Lien is the complete address of a path of the site.
	Lien func(chemin string) string
	// Envoyer sends a body with an ETag, or 304; marque names what it holds, and
	// is deduced from the body when empty.
	Envoyer func(c *fiber.Ctx, corps []byte, marque string) error
	// Page renders the HTML form of a resource in the frame of the site.
	Page func(c *fiber.Ctx, gabarit, titre string, corps any) error
}

// Service answers the requests. Its methods are safe for concurrent use.
type Service struct {
	Config
	collections []collection
	definition  map[string]any
	ouvert      []byte // definition, encoded

	construire sync.Mutex // one builder of a survey at a time
	courant    atomic.Pointer[releve]
}

// New prepares what no change of the places changes. It fails when the
// definition of the API cannot be encoded.
func New(c Config) (*Service, error) {
	s := &Service{Config: c, collections: collectionsDe(c.Territoire)}
	s.definition = s.definir()
	var err error
	s.ouvert, err = json.Marshal(s.definition)
	return s, err
}

// Routes mounts the resources on the group of Racine.
func (s *Service) Routes(r fiber.Router) {
	r.Get("/", s.serveAccueil)
	r.Get("/conformance", s.serveConformite)
	r.Get("/api", s.serveDefinition)
	r.Get("/api.html", s.serveDefinitionHTML)
	r.Get("/collections", s.serveCollections)
	r.Get("/collections/:collection", s.serveCollection)
	r.Get("/collections/:collection/items", s.serveObjets)
	r.Get("/collections/:collection/items/:objet", s.serveObjet)
}
