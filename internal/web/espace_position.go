package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsPosition is the page where a place is put on the map.
type corpsPosition struct {
	Lieu     *catalogue.Vue
	Saisie   *saisie
	Perime   *perime
	Attend   bool
	Muet     bool   // the service that finds addresses does not answer
	Trouvee  string // the address that was found, "" for none
	Dehors   string // how far the point is out of the commune, "" when it is in
	CarteVue *vueCarte
	Lat, Lon string
}

// servePosition shows the point, or the one that an address gives.
func (s *site) servePosition(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	f := newSaisie("adresse", v.Champs.Adresse+", "+v.Champs.CodePostal+" "+v.Champs.Commune)
	if p, ok := v.Position(); ok {
		f.Valeurs.Set("lat", degresDits(p.Lat))
		f.Valeurs.Set("lon", degresDits(p.Lon))
	}
	return s.rendrePosition(c, v, f, corpsPosition{})
}

func degresDits(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

func (s *site) rendrePosition(c *fiber.Ctx, v *catalogue.Vue, f *saisie, corps corpsPosition) error {
	corps.Lieu, corps.Saisie = v, f
	corps.Attend = s.Relecture && !s.Catalogue.Coordonne(connexion(c).Compte.Habilitations, &v.Lieu)
	depart := (*geo.Point)(nil)
	if p, ok := lirePoint(newSaisie("lat", f.V("lat"), "lon", f.V("lon"))); ok {
		depart = &p
		corps.Lat, corps.Lon = degresDits(p.Lat), degresDits(p.Lon)
	}
	corps.CarteVue = s.vueCarte(depart)
	switch {
	case corps.Perime != nil:
		c.Status(fiber.StatusPreconditionFailed)
	case len(f.Fautes) > 0 || corps.Dehors != "":
		c.Status(fiber.StatusBadRequest)
	}
	return s.rendreEspace(c, "position", titreSaisie(f, "Le point sur la carte"), "lieux", corps)
}

// postPosition looks an address up, or saves the point.
func (s *site) postPosition(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	f := lireSaisie(c)
	if f.V("geste") == "chercher" {
		return s.chercherPosition(c, v, f)
	}
	e, err := s.edition(c)
	if err != nil {
		return err
	}
	p, ok := lirePoint(f)
	if !ok {
		return s.rendrePosition(c, v, f, corpsPosition{})
	}
	if metres, dehors := s.Catalogue.HorsCommune(p.Lat, p.Lon, v.Champs.CodeInsee); dehors && f.V("dehors") != "oui" {
		return s.rendrePosition(c, v, f, corpsPosition{Dehors: distanceNue(metres)})
	}
	l, attend, err := s.Catalogue.Editer(c.UserContext(), v.ID, e, catalogue.Changement{Position: &p})
	switch {
	case estCode(err, mednum.Perime):
		autre, err := s.depuisVersion(c, v.ID, e.Version)
		if err != nil {
			return err
		}
		return s.rendrePosition(c, v, f, corpsPosition{Perime: autre})
	case f.fauter(err, string(mednum.ChampLatitude), string(mednum.ChampLongitude)):
		return s.rendrePosition(c, v, f, corpsPosition{})
	case err != nil:
		return err
	}
	quoi := "position"
	if attend != nil {
		quoi = "attente"
	}
	return s.versFait(c, "/espace/lieux/"+v.ID, quoi, &l)
}

// distanceNue is a distance without its preposition: "2,2 km".
func distanceNue(metres float64) string {
	return strings.TrimPrefix(textes.Distance(metres), "à ")
}

// chercherPosition asks the geocoder for an address near the place's commune.
func (s *site) chercherPosition(c *fiber.Ctx, v *catalogue.Vue, f *saisie) error {
	var pres geo.Point
	if v.Commune != nil {
		pres = v.Commune.Centre
	}
	a, err := s.Geocodeur.Chercher(c.UserContext(), f.V("adresse"), pres)
	switch {
	case estCode(err, mednum.Introuvable):
		f.Fautes["adresse"] = "Cette adresse n’est pas connue. Vérifiez la rue, ou placez le point vous-même."
		return s.rendrePosition(c, v, f, corpsPosition{})
	case err != nil:
		return s.rendrePosition(c, v, f, corpsPosition{Muet: true})
	}
	f.Valeurs.Set("lat", degresDits(a.Point.Lat))
	f.Valeurs.Set("lon", degresDits(a.Point.Lon))
	return s.rendrePosition(c, v, f, corpsPosition{Trouvee: a.Libelle})
}

// lirePoint reads latitude and longitude, with a point or a comma.
func lirePoint(f *saisie) (p geo.Point, ok bool) {
	lire := func(nom string, borne float64) float64 {
		v, err := strconv.ParseFloat(strings.ReplaceAll(f.V(nom), ",", "."), 64)
		if err != nil || !(v >= -borne && v <= borne) {
			f.Fautes[nom] = fmt.Sprintf("Donnez des degrés entre -%v et %v, comme 44.018.", borne, borne)
		}
		return v
	}
	p = geo.Point{Lat: lire("lat", 90), Lon: lire("lon", 180)}
	return p, len(f.Fautes) == 0
}
