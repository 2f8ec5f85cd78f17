package web

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

var genresDits = map[ecoute.GenreFiche]string{
	ecoute.FicheBesoin: "Besoin", ecoute.FicheInitiative: "Initiative", ecoute.FicheBonnePratique: "Bonne pratique",
}

var statutsDits = map[ecoute.StatutFiche]string{
	ecoute.StatutAEtudier: "À étudier", ecoute.StatutEnCours: "En cours", ecoute.StatutFait: "Fait", ecoute.StatutAbandonne: "Abandonné",
}

// ficheVue is what a fiche says, in words.
type ficheVue struct {
	ID, Genre, Zone, Theme, Statut string
	ecoute.ContenuFiche
	Le mednum.Date // when it was accepted, the zero date before
}

func (s *site) direFiche(id string, c *ecoute.ContenuFiche, le mednum.Date) ficheVue {
	return ficheVue{id, genresDits[c.Genre], s.direZoneFiche(c.Portee, c.Zone), direTheme(c.Theme), statutsDits[c.Statut], *c, le}
}

func (s *site) direZoneFiche(portee ecoute.PorteeFiche, zone string) string {
	switch portee {
	case ecoute.FicheCommune:
		return s.nomCommune(zone)
	case ecoute.FicheEPCI:
		if e, ok := s.Territoire.EPCI(zone); ok {
			return e.Nom
		}
	}
	return s.Territoire.Nom
}

// corpsFiches are the published fiches that pass the filters.
type corpsFiches struct {
	Fiches                []ficheVue
	Total                 int
	Genres, Themes, Zones []optionChoisie
}

// optionChoisie is one choice of a filter.
type optionChoisie struct {
	Valeur, Dit string
	Choisie     bool
}

// serveFiches lists what the network remembers, from memory alone.
func (s *site) serveFiches(c *fiber.Ctx) error {
	genre, theme, zone := c.Query("genre"), c.Query("theme"), c.Query("commune")
	publiees := s.Fiches.Publiees()
	corps := corpsFiches{Total: len(publiees)}
	for _, g := range ecoute.Genres() {
		corps.Genres = append(corps.Genres, optionChoisie{string(g), genresDits[g], genre == string(g)})
	}
	for _, t := range optionsTheme() {
		corps.Themes = append(corps.Themes, optionChoisie{t.Valeur, t.Dit, theme == t.Valeur})
	}
	zones := map[string]bool{}
	for i := range publiees {
		f := &publiees[i]
		if f.Portee == ecoute.FicheCommune && !zones[f.Zone] {
			zones[f.Zone] = true
			corps.Zones = append(corps.Zones, optionChoisie{f.Zone, s.nomCommune(f.Zone), zone == f.Zone})
		}
		if (genre == "" || string(f.Genre) == genre) && (theme == "" || f.Theme == theme) && (zone == "" || s.ficheDe(f, zone)) {
			corps.Fiches = append(corps.Fiches, s.direFiche(f.ID, &f.ContenuFiche, f.Le))
		}
	}
	slices.SortFunc(corps.Zones, func(a, b optionChoisie) int { return cmp.Compare(mednum.Normaliser(a.Dit), mednum.Normaliser(b.Dit)) })
	return s.render(c, "fiches", page{
		Titre: "Besoins, initiatives et bonnes pratiques", Canonique: "/fiches", SansIndex: genre+theme+zone != "",
		Description: "Ce que le réseau d’aide numérique " + s.Territoire.NomEn + " a entendu, essayé et appris.",
	}, corps)
}

// ficheDe tells whether a fiche is about a commune: its own, one of its
// intercommunality or of the whole territory.
func (s *site) ficheDe(f *ecoute.FichePubliee, commune string) bool {
	switch f.Portee {
	case ecoute.FicheCommune:
		return f.Zone == commune
	case ecoute.FicheEPCI:
		c, ok := s.Territoire.Commune(commune)
		return ok && c.EPCI == f.Zone
	}
	return true
}

func (s *site) serveFiche(c *fiber.Ctx) error {
	publiees := s.Fiches.Publiees()
	i := slices.IndexFunc(publiees, func(f ecoute.FichePubliee) bool { return f.ID == c.Params("fiche") })
	if i < 0 {
		return &mednum.Error{Code: mednum.Introuvable, Champ: "fiche", Message: "Cette fiche n’existe pas, ou n’est plus publiée."}
	}
	f := s.direFiche(publiees[i].ID, &publiees[i].ContenuFiche, publiees[i].Le)
	return s.render(c, "fiche", page{Titre: f.Titre, Canonique: "/fiches/" + f.ID, Description: textes.Couper(f.Genre+" : "+f.Titre+", "+f.Zone, 150)}, f)
}
