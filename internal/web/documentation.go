package web

import (
	"bytes"
	_ "embed" // openapi.yaml
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"go.yaml.in/yaml/v3"
)

// openapiEcrit is the description of the API, as it is written by hand; where it
// stands says adresseEcrite, the public address goes.
//
//go:embed openapi.yaml
var openapiEcrit string

const (
	adresseEcrite = "https://exemple.fr"
	mimeYAML      = "application/yaml" // RFC 9512
	cacheOpenAPI  = "public, max-age=3600"
	cheminEssai   = "/api/essai"
)

// documentation is the description of the API as this service gives it, made
// once.
type documentation struct {
	yaml, json []byte
	page       pageAPI
}

// newDocumentation reads the description, and puts in it the public address and
// whom to write to.
func (s *site) newDocumentation() (documentation, error) {
	texte := strings.ReplaceAll(openapiEcrit, adresseEcrite, s.URLPublique)
	if e := s.Territoire.Editeur; e.Courriel != "" {
		contact, err := json.Marshal(map[string]string{"name": e.Nom, "email": e.Courriel}) // JSON is YAML
		if err != nil {
			return documentation{}, err
		}
		texte = strings.Replace(texte, "\ninfo:\n", "\ninfo:\n  contact: "+string(contact)+"\n", 1)
	}
	d := documentation{yaml: []byte(texte)}
	var noeud yaml.Node
	if err := yaml.Unmarshal(d.yaml, &noeud); err != nil {
		return d, err
	}
	var err error
	if d.json, err = appendJSON(nil, &noeud); err != nil {
		return d, err
	}
	d.page, err = s.newPageAPI(&noeud)
	return d, err
}

// appendJSON writes YAML as JSON, its members in the order in which they are
// written.
func appendJSON(dst []byte, n *yaml.Node) ([]byte, error) {
	var err error
	switch n.Kind {
	case yaml.DocumentNode:
		return appendJSON(dst, n.Content[0])
	case yaml.AliasNode:
		return appendJSON(dst, n.Alias)
	case yaml.MappingNode:
		dst = append(dst, '{')
		for i := 0; i < len(n.Content); i += 2 {
			if i > 0 {
				dst = append(dst, ',')
			}
			nom, _ := encode(n.Content[i].Value) // a string always encodes
			dst = append(append(dst, nom...), ':')
			if dst, err = appendJSON(dst, n.Content[i+1]); err != nil {
				return nil, err
			}
		}
		return append(dst, '}'), nil
	case yaml.SequenceNode:
		dst = append(dst, '[')
		for i, e := range n.Content {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = appendJSON(dst, e); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	}
	var v any
	if err := n.Decode(&v); err != nil {
		return nil, err
	}
	b, err := encode(v)
	return append(dst, b...), err
}

// encode writes JSON that people read: without the escapes for HTML.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// routesDocumentation are the description of the API, and the page to try it.
func (s *site) routesDocumentation(app *fiber.App) {
	app.Get("/api", s.serveAPI)
	app.Get("/api/openapi.:format", s.serveOpenAPI)
	app.Get(cheminEssai, s.serveEssai)
}

// serveAPI is a page for browsers, and the description for programs that ask
// for it.
func (s *site) serveAPI(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderAccept)
	switch c.Accepts(fiber.MIMETextHTML, fiber.MIMEApplicationJSON, mimeYAML) {
	case fiber.MIMEApplicationJSON:
		return s.sendOpenAPI(c, fiber.MIMEApplicationJSON)
	case mimeYAML:
		return s.sendOpenAPI(c, mimeYAML)
	}
	return s.render(c, "api", page{
		Titre: "L’API, et de quoi l’essayer", Canonique: "/api", Large: true,
		Description: "Les lieux d’aide numérique et leurs horaires, pour les programmes : libre, sans clé.",
	}, s.doc.page)
}

func (s *site) serveOpenAPI(c *fiber.Ctx) error {
	switch c.Params("format") {
	case "json":
		return s.sendOpenAPI(c, fiber.MIMEApplicationJSON)
	case "yaml":
		return s.sendOpenAPI(c, mimeYAML)
	}
	return fiber.ErrNotFound
}

func (s *site) sendOpenAPI(c *fiber.Ctx, genre string) error {
	c.Set(fiber.HeaderContentType, genre)
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	c.Set(fiber.HeaderAccessControlExposeHeaders, exposes)
	if genre == mimeYAML {
		return s.sendCached(c, s.doc.yaml, cacheOpenAPI)
	}
	return s.sendCached(c, s.doc.json, cacheOpenAPI)
}

// serveEssai leads the form of an operation whose path has parameters, which no
// form can fill in, to its address: operation names it, and the other values
// are those of the path, then of the query.
func (s *site) serveEssai(c *fiber.Ctx) error {
	r := parseRequete(c)
	for _, o := range s.doc.page.operations() {
		if o.ID != r.Get("operation") || !o.Essai {
			continue
		}
		chemin, demande := o.Chemin, url.Values{}
		for _, p := range o.Parametres {
			v := r.Get(p.Nom)
			switch {
			case p.Dans == "path" && v == "":
				return invalide(p.Nom, "Remplissez ce champ : "+p.Description)
			case p.Dans == "path":
				chemin = strings.ReplaceAll(chemin, "{"+p.Nom+"}", url.PathEscape(v))
			case v != "":
				demande[p.Nom] = r.Values[p.Nom]
			}
		}
		if len(demande) > 0 {
			chemin += "?" + demande.Encode()
		}
		return c.Redirect(s.chemin(chemin), fiber.StatusSeeOther)
	}
	return invalide("operation", fmt.Sprintf("Choisissez une opération sur la page %s.", s.lien("/api")))
}
