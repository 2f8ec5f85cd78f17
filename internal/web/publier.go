package web

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/diffusion"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/textes"
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
	app.Get("/donnees/lieux.:format", s.serveFichier)
	s.routesDonneesEcoute(app)
	app.Get("/donnees/lieux-tableur.csv", s.serveFichierTableur)
	app.Get("/donnees/communes/:code/lieux.:format", s.serveFichierCommune)
	app.Get("/donnees/epci/:code/lieux.:format", s.serveFichierEPCI)
}

// publication is what is published of one snapshot on one day: the files, the
// catalogue that describes them, and the map of the site. Each is made once, by
// the first who asks for it.
type publication struct {
	version   int64
	jour      mednum.Date
	lieux     []mednum.Lieu                     // as they may go out, those of neighbours too
	fichiers  map[string]func() ([]byte, error) // by the name of the file
	catalogue func() ([]byte, error)
	plan      func() (planDuSite, error)
	absents   int // places of the territory none of which may go out
	partiels  int // those that go out without what a source says of them
}

// planDuSite is the map of the site, and the files that it names when it is an
// index.
type planDuSite struct {
	plan  []byte
	suite [][]byte
}

// publication is that of today's snapshot. Two requests may begin it at once;
// both give the same.
func (s *site) publication() *publication {
	version, _ := s.Catalogue.Instantane()
	jour := mednum.DateOf(s.maintenant())
	if p := s.publiee.Load(); p != nil && p.version == version && p.jour == jour {
		return p
	}
	p := s.newPublication(version, jour)
	s.publiee.Store(p)
	return p
}

func (s *site) newPublication(version int64, jour mednum.Date) *publication {
	p := &publication{version: version, jour: jour, fichiers: map[string]func() ([]byte, error){}}
	p.lieux, p.absents, p.partiels = s.Catalogue.Redistribuables()
	for _, f := range fichiersPublies {
		p.fichiers[f.nom] = sync.OnceValues(func() ([]byte, error) { return s.encoder(p, f.format, nil) })
	}
	p.catalogue = sync.OnceValues(func() ([]byte, error) {
		d, err := s.description(p)
		if err != nil {
			return nil, err
		}
		return d.EncodeDCAT()
	})
	p.plan = sync.OnceValues(func() (pl planDuSite, err error) {
		pl.plan, pl.suite, err = diffusion.EncodePlan(s.adresses(), diffusion.AdressesParPlan, func(n int) string { return s.lien(fmt.Sprintf("/sitemap-%d.xml", n)) })
		return pl, err
	})
	return p
}

// encoder writes in a format the territory's own list, or the rows that are in
// some communes, those of a neighbour too.
func (s *site) encoder(p *publication, format string, communes map[string]bool) ([]byte, error) {
	lieux := p.lieux
	if communes == nil {
		lieux = slices.DeleteFunc(slices.Clone(lieux), func(l mednum.Lieu) bool { return l.HorsTerritoire })
	}
	j := p.jour
	export := norme.Export{
		Jour: j, Communes: communes, Adresse: s.lien("/donnees"),
		Citation: "À deux pas, " + s.Territoire.Nom + ", " + textes.DateLongue(j.Annee, j.Mois, j.Jour),
	}
	var b bytes.Buffer
	if err := export.Encode(format, &b, lieux); err != nil {
		return nil, fmt.Errorf("export %s: %w", format, err)
	}
	return b.Bytes(), nil
}

func (s *site) serveCatalogue(c *fiber.Ctx) error {
	corps, err := s.publication().catalogue()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, diffusion.MimeCatalogue)
	return s.sendCached(c, corps, cacheAPI)
}

// servePlan is the map of the site, or one of the files that it names.
func (s *site) servePlan(c *fiber.Ctx) error {
	p, err := s.publication().plan()
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
var pagesPlan = []string{"/", "/lieux", "/communes", "/besoin", "/fiches", "/integrer", "/donnees", "/api", "/a-propos", "/accessibilite", "/mentions-legales"}

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
