package ogc

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// obj and tab are JSON written in Go.
type (
	obj = map[string]any
	tab = []any
)

// definir writes the definition of the API: OpenAPI 3.0.3, one path a resource
// of each collection, since GDAL looks for the filters of a collection under
// its own path.
func (s *Service) definir() obj {
	chemins := obj{
		"/":            lecture("accueil", "Page d’accueil", nil, reponse("Les liens vers tout le reste.", mimeJSON, ref("accueil"))),
		"/conformance": lecture("conformite", "Classes de conformité", nil, reponse("Ce à quoi l’interface se conforme.", mimeJSON, ref("conformite"))),
		"/api":         lecture("definition", "Cette définition", nil, reponse("Ce document.", mimeOpenAPI, obj{"type": "object"})),
		"/collections": lecture("collections", "Toutes les collections", nil, reponse("Les collections.", mimeJSON, ref("collections"))),
	}
	for i := range s.collections {
		k := &s.collections[i]
		chemin := "/collections/" + k.ID
		chemins[chemin] = lecture("collection_"+k.ID, k.Titre+"\u00a0: la collection", nil, reponse("La collection.", mimeJSON, ref("collection")))
		chemins[chemin+"/items"] = lecture("objets_"+k.ID, k.Titre+"\u00a0: la liste", k.definirParametres(), reponse("Une page de la liste.", mimeGeoJSON, ref("objets_"+k.ID)))
		chemins[chemin+"/items/{featureId}"] = lecture("objet_"+k.ID, k.Titre+"\u00a0: un élément", tab{obj{
			"name": "featureId", "in": "path", "required": true, "description": "Identifiant de l’élément", "schema": obj{"type": texte},
		}}, reponse("L’élément.", mimeGeoJSON, ref("objet_"+k.ID)))
	}
	return obj{
		"openapi": "3.0.3",
		"info": obj{
			"title": s.titre(), "version": "1.0.0",
			"description": "Lecture seule, sans clé, selon OGC API – Features – Part 1\u00a0: Core (OGC 17-069r4).",
			"license":     obj{"name": licence.Titre, "url": licence.Href},
		},
		"servers":    tab{obj{"url": s.Lien(Racine), "description": "Ce service"}},
		"tags":       tab{obj{"name": "Interface", "description": "Ce que l’interface offre"}, obj{"name": "Données", "description": "Les lieux et les communes"}},
		"paths":      chemins,
		"components": obj{"schemas": s.schemas(), "parameters": obj{paramFormat: parametreFormat}, "responses": refus},
	}
}

func ref(schema string) obj { return obj{"$ref": "#/components/schemas/" + schema} }

var parametreFormat = obj{
	"name": paramFormat, "in": "query", "required": false, "description": "Format de la réponse\u00a0; sinon l’en-tête Accept décide.",
	"schema": obj{"type": texte, "enum": tab{string(formatJSON), string(formatHTML)}}, "style": "form", "explode": false,
}

// refus are the errors that an operation may answer.
var refus = obj{
	"400": reponse("Un paramètre est inconnu ou mal écrit.", "application/problem+json", ref("probleme")),
	"404": reponse("Cette ressource n’existe pas.", "application/problem+json", ref("probleme")),
	"410": reponse("Ce lieu n’est plus dans la liste.", "application/problem+json", ref("probleme")),
	"429": reponse("Trop de demandes en une minute.", "application/problem+json", ref("probleme")),
	"431": obj{"description": "L’adresse et les en-têtes sont trop longs.", "content": obj{mimeHTML: obj{"schema": obj{"type": texte}}}},
	"500": reponse("Une erreur est survenue de notre côté.", "application/problem+json", ref("probleme")),
	"503": reponse("Le service démarre\u00a0: recommencez après «\u00a0Retry-After\u00a0» secondes.", "application/problem+json", ref("probleme")),
}

func reponse(description, mime string, schema obj) obj {
	contenu := obj{mime: obj{"schema": schema}}
	contenu[mimeHTML] = obj{"schema": obj{"type": texte}}
	return obj{"description": description, "content": contenu}
}

// lecture is a path that is only read.
func lecture(id, resume string, parametres tab, succes obj) obj {
	reponses := obj{"200": succes}
	for code := range refus {
		reponses[code] = obj{"$ref": "#/components/responses/" + code}
	}
	etiquette := "Données"
	if parametres == nil {
		etiquette = "Interface"
	}
	return obj{"get": obj{
		"operationId": id, "summary": resume, "tags": tab{etiquette}, "responses": reponses,
		"parameters": append(tab{obj{"$ref": "#/components/parameters/" + paramFormat}}, parametres...),
	}}
}

// definirParametres are those of /req/core/fc-limit-definition,
// fc-bbox-definition and fc-time-definition, then the cursor and the filters
// (/rec/core/fc-filters).
func (c *collection) definirParametres() tab {
	p := func(nom, description string, schema obj) obj {
		return obj{"name": nom, "in": "query", "required": false, "description": description, "schema": schema, "style": "form", "explode": false}
	}
	liste := tab{
		p(paramLimite, "Combien d’éléments par page. Au-delà du maximum, c’est le maximum.", obj{"type": entier, "minimum": 1, "maximum": limiteMax, "default": limiteDefaut}),
		p(paramBoite, "Rectangle en degrés WGS 84\u00a0: ouest,sud,est,nord, ou six nombres avec les altitudes. Les éléments sans géométrie sont toujours gardés.",
			obj{"type": "array", "oneOf": tab{obj{"minItems": 4, "maxItems": 4}, obj{"minItems": 6, "maxItems": 6}}, "items": obj{"type": "number"}}),
		p(paramDatetime, "Instant ou intervalle (RFC 3339), sur la date de mise à jour\u00a0; «\u00a0..\u00a0» pour un côté ouvert. Une date seule est le jour entier, en temps universel.", obj{"type": texte}),
		p(paramApres, "Commence après cet identifiant\u00a0: les liens «\u00a0next\u00a0» s’en servent.", obj{"type": texte}),
	}
	for _, q := range c.Proprietes {
		if !q.Filtre {
			continue
		}
		description := q.Description
		if q.Liste {
			description += ". Garde ce qui a cette valeur\u00a0; plusieurs, jointes par «\u00a0|\u00a0»\u00a0: ce qui les a toutes"
		}
		if q.Valeurs != nil && q.Type == texte {
			description += ". Hors de la liste des valeurs connues, la réponse est 400"
		}
		liste = append(liste, p(q.Nom, description+".", obj{"type": q.Type}))
	}
	return liste
}

func objetDe(requis []string, proprietes obj) obj {
	o := obj{"type": "object", "properties": proprietes}
	if len(requis) > 0 {
		o["required"] = requis
	}
	return o
}

func listeDe(items obj) obj { return obj{"type": "array", "items": items} }

func (s *Service) schemas() obj {
	t := obj{"type": texte}
	nombre := obj{"type": "number"}
	liens := listeDe(ref("lien"))
	schemas := obj{
		"lien":        objetDe([]string{"href", "rel", "type"}, obj{"href": obj{"type": texte, "format": "uri"}, "rel": t, "type": t, "title": t, "hreflang": t}),
		"accueil":     objetDe([]string{"links"}, obj{"title": t, "description": t, "links": liens}),
		"conformite":  objetDe([]string{"conformsTo"}, obj{"conformsTo": listeDe(t)}),
		"collections": objetDe([]string{"links", "collections"}, obj{"links": liens, "collections": listeDe(ref("collection"))}),
		"collection": objetDe([]string{"id", "links"}, obj{
			"id": t, "title": t, "description": t, "links": liens, "itemType": t, "crs": listeDe(t),
			"extent": objetDe(nil, obj{
				"spatial":  objetDe([]string{"bbox", "crs"}, obj{"bbox": listeDe(obj{"type": "array", "minItems": 4, "maxItems": 4, "items": nombre}), "crs": t}),
				"temporal": objetDe([]string{"interval", "trs"}, obj{"interval": listeDe(obj{"type": "array", "minItems": 2, "maxItems": 2, "items": obj{"type": texte, "format": "date-time"}}), "trs": t}),
			}),
		}),
		"point": obj{"type": "array", "minItems": 2, "maxItems": 2, "items": nombre},
		"probleme": objetDe([]string{"type", "title", "status"}, obj{
			"type": t, "title": t, "status": obj{"type": entier}, "detail": t, "parametre": t,
		}),
	}
	for i := range s.collections {
		k := &s.collections[i]
		schemas["objets_"+k.ID] = objetDe([]string{"type", "features", "links", "timeStamp", "numberMatched", "numberReturned"}, obj{
			"type": obj{"type": texte, "enum": tab{"FeatureCollection"}}, "features": listeDe(ref("objet_" + k.ID)), "links": liens,
			"timeStamp": obj{"type": texte, "format": "date-time"}, "numberMatched": obj{"type": entier, "minimum": 0}, "numberReturned": obj{"type": entier, "minimum": 0},
		})
		schemas["objet_"+k.ID] = k.schema()
	}
	return schemas
}

// schema is that of a feature: every property is always there.
func (c *collection) schema() obj {
	proprietes, requis := obj{}, make([]string, 0, len(c.Proprietes))
	for _, p := range c.Proprietes {
		q := obj{"type": p.Type, "description": p.Description}
		if p.Type == texte {
			q["nullable"] = true
		}
		if p.Format != "" {
			q["format"] = p.Format
		}
		proprietes[p.Nom] = q
		requis = append(requis, p.Nom)
	}
	genre, coordonnees := "MultiPoint", listeDe(ref("point"))
	if c.ID == collectionCommunes {
		genre, coordonnees = "MultiPolygon", listeDe(listeDe(listeDe(ref("point"))))
	}
	geometrie := objetDe([]string{"type", "coordinates"}, obj{"type": obj{"type": texte, "enum": tab{genre}}, "coordinates": coordonnees})
	geometrie["nullable"] = true
	return objetDe([]string{"type", "id", "geometry", "properties"}, obj{
		"type": obj{"type": texte, "enum": tab{"Feature"}}, "id": obj{"type": texte}, "geometry": geometrie,
		"properties": objetDe(requis, proprietes), "links": listeDe(ref("lien")),
	})
}

func (s *Service) serveDefinition(c *fiber.Ctx) error {
	f, err := seul(c)
	if err != nil {
		return err
	}
	if f == formatHTML {
		return s.serveDefinitionPage(c)
	}
	c.Set(fiber.HeaderContentType, mimeOpenAPI)
	return s.Envoyer(c, s.ouvert, "")
}

// serveDefinitionHTML is the page at an address of its own, which takes no f.
func (s *Service) serveDefinitionHTML(c *fiber.Ctx) error {
	if _, err := parametres(c, nil); err != nil {
		return err
	}
	return s.serveDefinitionPage(c)
}

// operation is a path of the definition, as its page shows it.
type operation struct {
	Chemin, Resume string
	Parametres     []parametreDefini
}

type parametreDefini struct{ Nom, Type, Description string }

type pageDefinition struct {
	Adresse    string
	Operations []operation
	Liens      []lien
}

// serveDefinitionPage shows the definition to people: read from the document
// itself, so that both say the same.
func (s *Service) serveDefinitionPage(c *fiber.Ctx) error {
	p := pageDefinition{Adresse: s.Lien(Racine), Liens: s.soi("/api", formatHTML, mimeOpenAPI)}
	chemins := s.definition["paths"].(obj)
	for chemin := range chemins {
		get := chemins[chemin].(obj)["get"].(obj)
		o := operation{Chemin: chemin, Resume: get["summary"].(string)}
		for _, brut := range get["parameters"].(tab) {
			q := brut.(obj)
			if q["$ref"] != nil {
				q = parametreFormat
			}
			o.Parametres = append(o.Parametres, parametreDefini{q["name"].(string), q["schema"].(obj)["type"].(string), q["description"].(string)})
		}
		p.Operations = append(p.Operations, o)
	}
	slices.SortFunc(p.Operations, func(a, b operation) int { return strings.Compare(a.Chemin, b.Chemin) })
	return s.Page(c, "ogc-api", "Définition de l’interface OGC", p)
}
