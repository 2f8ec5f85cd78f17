package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/diffusion"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// changementsParFil is how many entries a feed has at most, the newest.
const changementsParFil = 100

// filVide is when a feed without entries says that it was updated: always the
// same, so that it looks the same to whoever asks again.
var filVide = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// routesChangements are the Atom feeds of what changed: of the territory, of a
// commune, of an EPCI.
func (s *site) routesChangements(app *fiber.App) {
	app.Get("/changements.atom", s.serveChangements)
	app.Get("/communes/:code/changements.atom", s.serveChangementsCommune)
	app.Get("/epci/:code/changements.atom", s.serveChangementsEPCI)
}

func (s *site) serveChangements(c *fiber.Ctx) error {
	return s.serveFil(c, s.Territoire.NomEn, "/", "", "")
}

func (s *site) serveChangementsCommune(c *fiber.Ctx) error {
	commune, ok := s.Territoire.Commune(c.Params("code"))
	if !ok {
		return fiber.ErrNotFound
	}
	return s.serveFil(c, textes.A(commune.NomCourant()), "/communes/"+commune.Code, commune.Code, "")
}

func (s *site) serveChangementsEPCI(c *fiber.Ctx) error {
	epci, ok := s.Territoire.EPCI(c.Params("code"))
	if !ok {
		return fiber.ErrNotFound
	}
	return s.serveFil(c, "dans l’intercommunalité "+epci.NomLong(), "/epci/"+epci.Code, "", epci.Code)
}

// serveFil sends the feed of a page: ou says of where, "à Moissac".
func (s *site) serveFil(c *fiber.Ctx, ou, chemin, commune, epci string) error {
	corps, err := s.rendre(filDe(chemin), func() ([]byte, error) {
		f := diffusion.Fil{
			ID:    diffusion.Etiquette(s.URLPublique, filDe(chemin)),
			Titre: "Changements des lieux d’aide numérique " + ou, SousTitre: "Nouveaux lieux, horaires, fermetures. Les 100 derniers changements, des 90 derniers jours.",
			Auteur: "À deux pas, " + s.Territoire.Nom, Soi: s.lien(filDe(chemin)), Page: s.lien(chemin), MisAJour: filVide,
		}
		for _, p := range s.Catalogue.Changements(commune, epci, changementsParFil) {
			f.Entrees = append(f.Entrees, s.entree(p))
		}
		return f.EncodeAtom()
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, diffusion.MimeAtom)
	return s.sendCached(c, corps, cacheAPI)
}

// filDe is the path of the feed that follows a page.
func filDe(page string) string {
	if page == "/" {
		return "/changements.atom"
	}
	return page + "/changements.atom"
}

func (s *site) entree(p *catalogue.ChangementPublic) diffusion.Entree {
	e := diffusion.Entree{
		ID:    diffusion.Etiquette(s.URLPublique, "/lieux/"+p.Lieu+"/versions/"+strconv.Itoa(p.Version)),
		Titre: titreChangement(p), URL: s.lien(s.pageChangement(p)), Le: p.Le, Phrases: p.Phrases,
	}
	for _, f := range p.Familles {
		e.Categories = append(e.Categories, diffusion.Categorie{Schema: diffusion.Etiquette(s.URLPublique, "/familles"), Terme: string(f), Nom: textes.Famille(string(f))})
	}
	for _, code := range p.Communes {
		categorie := diffusion.Categorie{Schema: s.lien("/communes"), Terme: code}
		if commune, ok := s.Territoire.Commune(code); ok {
			categorie.Nom = commune.NomCourant()
		}
		e.Categories = append(e.Categories, categorie)
	}
	return e
}

// titreChangement is "Mairie de Boudou (Boudou) : horaires et adresse".
func titreChangement(p *catalogue.ChangementPublic) string {
	lieu := p.Nom
	if p.Ville != "" {
		lieu += " (" + p.Ville + ")"
	}
	debut := map[catalogue.NatureChangement]string{
		catalogue.LieuNouveau: "Nouveau lieu", catalogue.LieuFerme: "Fermé définitivement", catalogue.LieuRouvert: "Rouvert",
		catalogue.LieuReuni: "Réuni avec un autre lieu", catalogue.LieuRetire: "Retiré de la liste",
	}[p.Nature]
	if debut != "" {
		return debut + "\u00a0: " + lieu
	}
	objets := p.Objets
	if len(objets) > 3 {
		objets = append(objets[:2:2], "autres changements")
	}
	return lieu + "\u00a0: " + textes.Enumerer(objets)
}

// pageChangement is where a change can be seen: the page of the place, that of
// the one that it became, or that of the commune where it was.
func (s *site) pageChangement(p *catalogue.ChangementPublic) string {
	v, err := s.Catalogue.Lieu(p.Lieu)
	switch {
	case err == nil && v.Statut == mednum.StatutFusionne && v.Vers != "":
		return "/lieux/" + s.Catalogue.Devenu(v.ID)
	case err == nil && v.Statut != mednum.StatutRetire:
		return "/lieux/" + p.Lieu
	}
	for _, code := range p.Communes {
		if commune, ok := s.Territoire.Commune(code); ok && commune.Dedans {
			return "/communes/" + code
		}
	}
	return "/"
}
