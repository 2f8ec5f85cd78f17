package web

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/diffusion"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// The addresses that portals and search engines keep.
const (
	cheminCatalogue = "/donnees/catalogue.jsonld"
	cheminPlan      = "/sitemap.xml"
)

// routesCatalogue are the catalogue of the data (DCAT-AP) and the map of the site.
func (s *site) routesCatalogue(app *fiber.App) {
	app.Get(cheminCatalogue, s.serveCatalogue)
	app.Get(cheminPlan, s.servePlan)
	app.Get("/sitemap-:rang.xml", s.servePlan)
}

// publication is what is published of one snapshot on one day, made once: the
// files, the catalogue that describes them, and the map of the site.
type publication struct {
	version   int64
	jour      mednum.Date
	fichiers  map[string][]byte // by format
	catalogue []byte
	plan      []byte
	suite     [][]byte // the files that the map names, when it is an index
}

// publication is that of today's snapshot. Two requests may make it at once, and
// make the same one.
func (s *site) publication() (*publication, error) {
	version, _ := s.Catalogue.Instantane()
	jour := mednum.DateOf(s.maintenant())
	if p := s.publiee.Load(); p != nil && p.version == version && p.jour == jour {
		return p, nil
	}
	p := &publication{version: version, jour: jour, fichiers: map[string][]byte{}}
	if err := s.encoderFichiers(p); err != nil {
		return nil, err
	}
	description := s.description(p)
	var err error
	if p.catalogue, err = description.EncodeDCAT(); err != nil {
		return nil, err
	}
	p.plan, p.suite, err = diffusion.EncodePlan(s.adresses(), diffusion.AdressesParPlan, func(n int) string { return s.lien(fmt.Sprintf("/sitemap-%d.xml", n)) })
	if err != nil {
		return nil, err
	}
	s.publiee.Store(p)
	return p, nil
}

// encoderFichiers writes the territory's own list in each format of the
// standard v1.0.2.
func (s *site) encoderFichiers(p *publication) error {
	var lieux []mednum.Lieu
	for _, v := range s.Catalogue.Lieux() {
		if !v.HorsTerritoire {
			lieux = append(lieux, v.Lieu)
		}
	}
	export := norme.Export{Jour: p.jour}
	for _, f := range fichiersPublies {
		var b bytes.Buffer
		var err error
		switch f.format {
		case "csv":
			err = export.EncodeCSV(&b, lieux)
		case "json":
			err = export.EncodeJSON(&b, lieux)
		case "geojson":
			err = export.EncodeGeoJSON(&b, lieux)
		}
		if err != nil {
			return fmt.Errorf("export %s: %w", f.format, err)
		}
		p.fichiers[f.format] = b.Bytes()
	}
	return nil
}

func (s *site) serveCatalogue(c *fiber.Ctx) error {
	p, err := s.publication()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, diffusion.MimeCatalogue)
	return s.sendCached(c, p.catalogue, cacheAPI)
}

// servePlan is the map of the site, or one of the files that it names.
func (s *site) servePlan(c *fiber.Ctx) error {
	p, err := s.publication()
	if err != nil {
		return err
	}
	corps := p.plan
	if rang := c.Params("rang"); rang != "" {
		n, err := strconv.Atoi(rang)
		if err != nil || n < 1 || n > len(p.suite) {
			return fiber.ErrNotFound
		}
		corps = p.suite[n-1]
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationXMLCharsetUTF8)
	return s.sendCached(c, corps, cacheAPI)
}

// pagesPlan are the pages that everybody may read and find, beside those of
// places, communes and EPCI.
var pagesPlan = []string{"/", "/lieux", "/communes", "/integrer", "/donnees", "/api", "/a-propos", "/accessibilite", "/mentions-legales"}

// adresses are the pages of the map of the site. Searches, private pages, posters
// and the places of other territories are not: none is to be found by an engine.
func (s *site) adresses() []diffusion.Adresse {
	var adresses []diffusion.Adresse
	for _, p := range pagesPlan {
		adresses = append(adresses, diffusion.Adresse{URL: s.lien(p)})
	}
	for _, v := range s.Catalogue.Lieux() {
		if !v.HorsTerritoire {
			adresses = append(adresses, diffusion.Adresse{URL: s.lien("/lieux/" + v.ID), Modifie: s.change(&v.Lieu)})
		}
	}
	for i := range s.Territoire.Communes {
		if commune := &s.Territoire.Communes[i]; commune.Dedans {
			a := diffusion.Adresse{URL: s.lien("/communes/" + commune.Code)}
			for _, t := range s.Catalogue.ParCommune(commune.Code) {
				a.Modifie = plusRecente(a.Modifie, s.change(&t.Vue.Lieu))
			}
			adresses = append(adresses, a)
		}
	}
	for i := range s.Territoire.EPCIs {
		if epci := &s.Territoire.EPCIs[i]; epci.Dedans {
			a := diffusion.Adresse{URL: s.lien("/epci/" + epci.Code)}
			for _, t := range s.Catalogue.ParEPCI(epci.Code) {
				a.Modifie = plusRecente(a.Modifie, s.change(&t.Vue.Lieu))
			}
			adresses = append(adresses, a)
		}
	}
	return adresses
}

// change is the day on which what a place says last changed, or was last said to
// be right, as far as the place itself knows.
func (s *site) change(l *mednum.Lieu) mednum.Date {
	d := plusRecente(l.Champs.DateMaj, l.VerifieLe)
	for _, c := range l.Corrections {
		d = plusRecente(d, mednum.DateOf(c.Le.In(s.Territoire.Location())))
	}
	for _, r := range l.Retouches {
		d = plusRecente(d, mednum.DateOf(r.Le.In(s.Territoire.Location())))
	}
	return d
}

func plusRecente(a, b mednum.Date) mednum.Date {
	if a.Compare(b) < 0 {
		return b
	}
	return a
}
