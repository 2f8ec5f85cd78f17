package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// lignesRegistre is how many lines one page of the register shows.
const lignesRegistre = 50

// sansImports is the way that stands for all but imports.
const sansImports = "sauf-import"

// routesRegistre are the pages of who did what.
func (s *site) routesRegistre(e fiber.Router) {
	e.Get("/registre", s.withCoordonne, s.serveRegistre)
	s.routesBilan(e)
}

// demandeRegistre is what a request asks of the register: its choice, the values
// as they were typed, and what was left aside.
type demandeRegistre struct {
	registre.Choix
	Valeurs   map[string]string
	Remarques []string
}

// parametresRegistre are the filters of the register, in the order of its form.
var parametresRegistre = []string{"du", "au", "qui", "voie", "genre", "q", "lieu"}

// lireRegistre reads the filters of the register. What is not understood is left
// aside, and said.
func (s *site) lireRegistre(c *fiber.Ctx) *demandeRegistre {
	d := &demandeRegistre{Valeurs: map[string]string{}, Choix: registre.Choix{N: lignesRegistre, Avant: c.Query("avant"), Passe: s.voitRegistre(c)}}
	for _, nom := range parametresRegistre {
		if v := textes.Couper(strings.TrimSpace(c.Query(nom)), valeurMax); v != "" {
			d.Valeurs[nom] = v
		}
	}
	d.Du = d.jour("du", s.Territoire.Location(), 0)
	d.Au = d.jour("au", s.Territoire.Location(), 1)
	if !d.Du.IsZero() && !d.Au.IsZero() && !d.Du.Before(d.Au) {
		d.oublier("au", "Le dernier jour est avant le premier : il est laissé de côté.")
		d.Au = time.Time{}
	}
	switch v := d.Valeurs["voie"]; {
	case v == sansImports:
		d.Sauf = registre.VoieImport
	case voies[v] != "":
		d.Voie = v
	case v != "":
		d.oublier("voie", "Cette façon de faire n’existe pas : le filtre est laissé de côté.")
	}
	if v := d.Valeurs["genre"]; v != "" {
		d.Genre = registre.Genre(v)
		if !slices.ContainsFunc(registre.Genres, func(g registre.NomGenre) bool { return g.Genre == d.Genre }) {
			d.Genre = ""
			d.oublier("genre", "Ce genre de geste n’existe pas : le filtre est laissé de côté.")
		}
	}
	d.Qui, d.Lieu, d.Texte = d.Valeurs["qui"], d.Valeurs["lieu"], d.Valeurs["q"]
	return d
}

// jour is the beginning of a day that was typed, so many days later.
func (d *demandeRegistre) jour(nom string, zone *time.Location, plus int) time.Time {
	v := d.Valeurs[nom]
	if v == "" {
		return time.Time{}
	}
	jour, err := mednum.ParseDate(v)
	if err != nil {
		d.oublier(nom, "Écrivez un jour comme 2026-11-24 : ce filtre est laissé de côté.")
		return time.Time{}
	}
	return jour.In(zone).AddDate(0, 0, plus)
}

func (d *demandeRegistre) oublier(nom, phrase string) {
	delete(d.Valeurs, nom)
	d.Remarques = append(d.Remarques, phrase)
}

// adresse is the register with these filters, and other parameters.
func (d *demandeRegistre) adresse(paires ...string) string {
	q := url.Values{}
	for nom, v := range d.Valeurs {
		q.Set(nom, v)
	}
	for i := 0; i+1 < len(paires); i += 2 {
		q.Set(paires[i], paires[i+1])
		if paires[i+1] == "" {
			q.Del(paires[i])
		}
	}
	if len(q) == 0 {
		return "/espace/registre"
	}
	return "/espace/registre?" + q.Encode()
}

// voitRegistre tells which lines the session may see: all of them to who
// coordinates the whole territory, otherwise those about the places and the
// communes of their perimeter.
func (s *site) voitRegistre(c *fiber.Ctx) func(*registre.Ligne) bool {
	if s.coordonneTout(c) {
		return nil
	}
	droits := connexion(c).Compte.Habilitations
	return func(l *registre.Ligne) bool {
		switch {
		case l.Revision != nil:
			return s.Catalogue.Coordonne(droits, &l.Revision.Apres)
		case l.Acte.Lieu != "":
			v, err := s.Catalogue.LieuPour(l.Acte.Lieu, droits)
			return err == nil && s.Catalogue.Coordonne(droits, &v.Lieu)
		case l.Acte.Commune != "":
			commune := mednum.Lieu{Champs: mednum.Champs{CodeInsee: l.Acte.Commune}}
			return s.Catalogue.Coordonne(droits, &commune)
		}
		return false
	}
}

// corpsRegistre is the page of who did what.
type corpsRegistre struct {
	*demandeRegistre
	Gens, Voies, Genres []choixVu
	NomLieu             string // of the filter on a place
	SansLieu            string // the page without it
	Filtre              bool
	Partiel             bool // the session sees a part of the territory
	Jours               []jourRegistre
	Suite               string
	Cherche             string // "jusqu’au 3 mars 2025": where a long search stopped
	CSV, XLSX           string
	ExportMax           string
	Garde               string
}

func (s *site) serveRegistre(c *fiber.Ctx) error {
	d := s.lireRegistre(c)
	if format := c.Query(parametreFormat); format != "" {
		return s.exporterRegistre(c, d, format)
	}
	p, err := s.Registre.Lire(c.UserContext(), d.Choix)
	if err != nil {
		return err
	}
	corps := corpsRegistre{
		demandeRegistre: d, Filtre: len(d.Valeurs) > 0, Partiel: d.Passe != nil, SansLieu: d.adresse("lieu", ""),
		CSV: d.adresse(parametreFormat, "csv"), XLSX: d.adresse(parametreFormat, "xlsx"),
		ExportMax: textes.Nombre(exportMax), Garde: gardeDite,
	}
	if corps.Gens, err = s.choixGens(c, d.Qui); err != nil {
		return err
	}
	corps.Voies, corps.Genres = choixVoies(d.Valeurs["voie"]), choixGenres(d.Genre)
	if d.Lieu != "" {
		corps.NomLieu = s.nomDuLieu(d.Lieu)
	}
	if p.Suite != "" {
		corps.Suite = d.adresse("avant", p.Suite)
	}
	if p.Coupee {
		corps.Cherche = s.direJour(p.Jusqua)
	}
	noms, err := s.nomsLignes(c, p.Lignes)
	if err != nil {
		return err
	}
	corps.Jours = s.direJours(p.Lignes, noms)
	return s.rendreEspace(c, "registre", "Le registre", "reseau", corps)
}

// nomDuLieu is a place as a filter names it, also when it is not published.
func (s *site) nomDuLieu(id string) string {
	if v, err := s.Catalogue.Lieu(id); err == nil {
		return v.Champs.Nom + ", " + textes.A(v.Champs.Commune)
	}
	return id
}

// choixGens are the accounts that the session may see, and who else acts; the
// one chosen is among them, also when it was erased.
func (s *site) choixGens(c *fiber.Ctx, choisi string) ([]choixVu, error) {
	tous, err := s.Comptes.Comptes(c.UserContext())
	if err != nil {
		return nil, err
	}
	liste := []choixVu{}
	for i := range tous {
		if v := &tous[i]; s.visible(c, v) || v.ID == connexion(c).Compte.ID {
			liste = append(liste, choixVu{Valeur: v.Auteur(), Nom: cmp.Or(v.Nom, mednum.MasquerCourriel(v.Courriel))})
		}
	}
	liste = append(liste, choixVu{Valeur: "cli", Nom: direAuteur("cli", nil)}, choixVu{Valeur: registre.AuteurTache, Nom: direAuteur(registre.AuteurTache, nil)})
	trouve := choisi == ""
	for i := range liste {
		liste[i].Choisi = liste[i].Valeur == choisi
		trouve = trouve || liste[i].Choisi
	}
	if trouve {
		return liste, nil
	}
	id, _ := mednum.CompteDe(choisi)
	noms, err := s.Comptes.Noms(c.UserContext(), []string{id})
	return append(liste, choixVu{choisi, direAuteur(choisi, noms), true}), err
}

func choixVoies(choisie string) []choixVu {
	liste := []choixVu{{sansImports, "toutes sauf les imports", choisie == sansImports}}
	for _, v := range []string{registre.VoieApp, registre.VoieTelephone, registre.VoieImport, registre.VoieLien, registre.VoieAPI, registre.VoieCLI, registre.VoieTache} {
		liste = append(liste, choixVu{v, voies[v], choisie == v})
	}
	return liste
}

func choixGenres(choisi registre.Genre) (liste []choixVu) {
	for _, g := range registre.Genres {
		liste = append(liste, choixVu{string(g.Genre), g.Nom, g.Genre == choisi})
	}
	return liste
}
