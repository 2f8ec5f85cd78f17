package ogc

import (
	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// crs84 is WGS 84 longitude and latitude; gregorien the calendar of dates.
const (
	crs84     = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	gregorien = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
)

// classes are the conformance classes that the service declares.
var classes = []string{
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
}

var licence = lien{
	Href: "https://www.etalab.gouv.fr/licence-ouverte-open-licence/", Rel: "license", Type: mimeHTML,
	Titre: "Licence Ouverte 2.0", Lang: "fr",
}

// accueil is the landing page (schema landingPage.yaml).
type accueil struct {
	Titre       string `json:"title"`
	Description string `json:"description"`
	Liens       []lien `json:"links"`
}

// conformite is the list of classes (schema confClasses.yaml).
type conformite struct {
	Classes []string `json:"conformsTo"`
	liens   []lien   // the schema has none: of the page only
}

// Liens are the links of the page.
func (d conformite) Liens() []lien { return d.liens }

// listeCollections is every collection (schema collections.yaml).
type listeCollections struct {
	Liens       []lien            `json:"links"`
	Collections []ficheCollection `json:"collections"`
}

// ficheCollection describes one (schema collection.yaml).
type ficheCollection struct {
	ID          string   `json:"id"`
	Titre       string   `json:"title"`
	Description string   `json:"description"`
	Liens       []lien   `json:"links"`
	Etendue     *etendue `json:"extent,omitempty"`
	ItemType    string   `json:"itemType"`
	CRS         []string `json:"crs"`
}

type etendue struct {
	Espace *etendueEspace `json:"spatial,omitempty"`
	Temps  *etendueTemps  `json:"temporal,omitempty"`
}

type etendueEspace struct {
	Boites [][4]float64 `json:"bbox"`
	CRS    string       `json:"crs"`
}

type etendueTemps struct {
	Intervalles [][2]string `json:"interval"`
	TRS         string      `json:"trs"`
}

// seul reads the format of a resource that takes no other parameter.
func seul(c *fiber.Ctx) (format, error) {
	v, err := parametres(c, []string{paramFormat})
	if err != nil {
		return "", err
	}
	return formatDe(c, v)
}

func (s *Service) titre() string { return "Lieux d’aide numérique " + s.Territoire.NomEn }

func (s *Service) serveAccueil(c *fiber.Ctx) error {
	f, err := seul(c)
	if err != nil {
		return err
	}
	d := accueil{
		Titre:       s.titre(),
		Description: "Les lieux de médiation numérique et les communes " + s.Territoire.NomEn + ", pour les logiciels de cartographie (OGC API – Features).",
		Liens:       s.soi("", f, mimeJSON),
	}
	d.Liens = append(d.Liens,
		lien{Href: s.adresse("/api", formatJSON, f), Rel: "service-desc", Type: mimeOpenAPI, Titre: "Définition de l’interface (OpenAPI 3.0)", Lang: "fr"},
		lien{Href: s.Lien(Racine + "/api.html"), Rel: "service-doc", Type: mimeHTML, Titre: "Définition de l’interface, à lire", Lang: "fr"})
	d.Liens = append(d.Liens, s.deux("/conformance", f, "conformance", "conformance", mimeJSON, "Classes de conformité")...)
	d.Liens = append(d.Liens, s.deux("/collections", f, "data", "data", mimeJSON, "Collections")...)
	d.Liens = append(d.Liens, licence)
	if f == formatHTML {
		fiches, err := s.fiches(f)
		if err != nil {
			return err
		}
		return s.Page(c, "ogc-accueil", d.Titre+"\u00a0: interface OGC", pageAccueil{d, s.Lien(Racine), fiches})
	}
	return s.sendJSON(c, mimeJSON, d)
}

func (s *Service) serveConformite(c *fiber.Ctx) error {
	f, err := seul(c)
	if err != nil {
		return err
	}
	d := conformite{Classes: classes, liens: s.soi("/conformance", f, mimeJSON)}
	if f == formatHTML {
		return s.Page(c, "ogc-conformite", "Classes de conformité", d)
	}
	return s.sendJSON(c, mimeJSON, d)
}

func (s *Service) serveCollections(c *fiber.Ctx) error {
	f, err := seul(c)
	if err != nil {
		return err
	}
	fiches, err := s.fiches(f)
	if err != nil {
		return err
	}
	d := listeCollections{Liens: append(s.soi("/collections", f, mimeJSON), licence), Collections: fiches}
	if f == formatHTML {
		return s.Page(c, "ogc-collections", "Collections", d)
	}
	return s.sendJSON(c, mimeJSON, d)
}

func (s *Service) serveCollection(c *fiber.Ctx) error {
	f, err := seul(c)
	if err != nil {
		return err
	}
	k, err := s.collection(c.Params("collection"))
	if err != nil {
		return err
	}
	r, err := s.releve()
	if err != nil {
		return err
	}
	d := s.fiche(k, r.contenus[k.ID], f)
	if f == formatHTML {
		return s.Page(c, "ogc-collection", k.Titre, pageCollection{d, k.Proprietes, len(r.contenus[k.ID].objets), s.Lien(Racine)})
	}
	return s.sendJSON(c, mimeJSON, d)
}

func (s *Service) fiches(f format) ([]ficheCollection, error) {
	r, err := s.releve()
	if err != nil {
		return nil, err
	}
	var liste []ficheCollection
	for i := range s.collections {
		k := &s.collections[i]
		liste = append(liste, s.fiche(k, r.contenus[k.ID], f))
	}
	return liste, nil
}

// fiche describes a collection; its content is the same in the list and alone
// (/req/core/sfc-md-success).
func (s *Service) fiche(k *collection, contenu *contenu, f format) ficheCollection {
	chemin := "/collections/" + k.ID
	d := ficheCollection{
		ID: k.ID, Titre: k.Titre, Description: k.Description, ItemType: "feature", CRS: []string{crs84},
		Liens: s.soi(chemin, f, mimeJSON),
	}
	d.Liens = append(d.Liens, s.deux(chemin+"/items", f, "items", "items", mimeGeoJSON, k.Titre)...)
	d.Liens = append(d.Liens, licence)
	var e etendue
	if contenu.boite != nil {
		e.Espace = &etendueEspace{[][4]float64{nombres(*contenu.boite)}, crs84}
	}
	if !contenu.du.IsZero() {
		e.Temps = &etendueTemps{[][2]string{{debutDe(contenu.du), finDe(contenu.au)}}, gregorien}
	}
	if e != (etendue{}) {
		d.Etendue = &e
	}
	return d
}

func nombres(b geo.Boite) [4]float64 { return [4]float64{b.Ouest, b.Sud, b.Est, b.Nord} }

func debutDe(d mednum.Date) string { return d.String() + "T00:00:00Z" }

func finDe(d mednum.Date) string { return d.String() + "T23:59:59Z" }
