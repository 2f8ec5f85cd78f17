package ogc

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// The media types of the answers.
const (
	mimeJSON    = "application/json"
	mimeGeoJSON = "application/geo+json"
	mimeHTML    = "text/html"
	mimeOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
)

// format is how a resource is written.
type format string

const (
	formatJSON format = "json"
	formatHTML format = "html"
)

// formatDe is the format that a request asks for: by f, otherwise by Accept,
// where JSON wins unless HTML is preferred, as browsers do.
func formatDe(c *fiber.Ctx, v url.Values) (format, error) {
	switch f := v.Get(paramFormat); f {
	case "":
		c.Vary(fiber.HeaderAccept) // one address gives both
		if PrefereHTML(c.Get(fiber.HeaderAccept)) {
			return formatHTML, nil
		}
		return formatJSON, nil
	case string(formatJSON), string(formatHTML):
		return format(f), nil
	}
	return "", invalide(paramFormat, "Écrivez json ou html.")
}

// PrefereHTML tells whether an Accept header names HTML, with more weight than
// JSON (RFC 9110, 12.5.1). A wildcard gives its weight to JSON where JSON is not
// named, and HTML that is named goes before it at the same weight.
func PrefereHTML(accept string) bool {
	html, json, autre := 0.0, 0.0, 0.0
	nomme := false
	for morceau := range strings.SplitSeq(accept, ",") {
		nom, parametres, _ := strings.Cut(morceau, ";")
		q := 1.0
		for p := range strings.SplitSeq(parametres, ";") {
			if texte, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(p)), "q="); ok {
				q, _ = strconv.ParseFloat(texte, 64) // what cannot be read weighs nothing
			}
		}
		switch nom = strings.ToLower(strings.TrimSpace(nom)); {
		case nom == mimeHTML || nom == "application/xhtml+xml":
			html = max(html, q)
		case nom == mimeJSON || strings.HasSuffix(nom, "+json"):
			json, nomme = max(json, q), true
		case nom == "*/*" || nom == "application/*":
			autre = max(autre, q)
		}
	}
	if nomme {
		return html > json
	}
	return html > 0 && html >= autre
}

// lien is a link of the standard (schema link.yaml).
type lien struct {
	Href  string `json:"href"`
	Rel   string `json:"rel"`
	Type  string `json:"type"`
	Titre string `json:"title,omitempty"`
	Lang  string `json:"hreflang,omitempty"`
}

// adresse is the complete address of a resource in a format. In JSON documents
// the JSON form has no f: clients add their own parameters to it, and QGIS 3.22
// does so with a "?". A page has to name it.
func (s *Service) adresse(chemin string, f format, depuis format) string {
	adresse := s.Lien(Racine + chemin)
	if f == formatHTML || depuis == formatHTML {
		adresse += "?f=" + string(f)
	}
	return adresse
}

// deux are the links to a resource in both formats: first the one of relation
// rel, in the format of the document that holds the links, then the other one,
// of relation autre.
func (s *Service) deux(chemin string, depuis format, rel, autre, mime, titre string) []lien {
	json := lien{Href: s.adresse(chemin, formatJSON, depuis), Rel: rel, Type: mime, Titre: titre + " (JSON)", Lang: "fr"}
	html := lien{Href: s.adresse(chemin, formatHTML, depuis), Rel: autre, Type: mimeHTML, Titre: titre + " (HTML)", Lang: "fr"}
	if depuis == formatHTML {
		json.Rel, html.Rel = autre, rel
		return []lien{html, json}
	}
	return []lien{json, html}
}

// soi are the links to the document itself, and to its other form.
func (s *Service) soi(chemin string, depuis format, mime string) []lien {
	return s.deux(chemin, depuis, "self", "alternate", mime, "Ce document")
}

// sendJSON sends a document of its own ETag.
func (s *Service) sendJSON(c *fiber.Ctx, mime string, document any) error {
	corps, err := encode(document)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mime)
	return s.Envoyer(c, corps, "")
}
