package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

const mimeGeoJSON = "application/geo+json"

// parametres of each operation: what is not here is refused, not ignored.
var (
	parametresFiltres = append([]string{"famille", "pour", "quand", "heure", "limite", "apres", "f"}, nomsFiltrables()...)
	parametresProches = append([]string{"lat", "lon", "rayon"}, parametresFiltres...)
	parametresLieux   = append([]string{"bbox", "commune", "epci"}, parametresFiltres...)
	parametresLieu    = []string{"f"}
	parametresCommune = []string{"q", "limite"}
)

func nomsFiltrables() []string {
	noms := make([]string, 0, len(filtrables))
	for _, f := range filtrables {
		noms = append(noms, string(f))
	}
	return noms
}

// withAPI is what every answer of the API carries, beside what withDebit does.
func (s *site) withAPI(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderAccept) // one address gives JSON or GeoJSON
	c.Set(fiber.HeaderLink, "<"+s.lien("/api/openapi.json")+`>; rel="service-desc"; type="application/json"`)
	return c.Next()
}

// apiProches answers /api/v1/lieux/proches: the places nearest to lat, lon
// (WGS 84 degrees), within rayon metres, grown until there are three.
func (s *site) apiProches(c *fiber.Ctx) error {
	r := parseRequete(c)
	if err := r.connus(parametresProches); err != nil {
		return err
	}
	position, err := r.position()
	if err != nil {
		return err
	}
	if position == nil {
		return invalide("lat", "Donnez lat et lon, en degrés WGS 84.")
	}
	rayon, err := r.entier("rayon", catalogue.DefautRayon, 1, rayonMax)
	if err != nil {
		return err
	}
	return s.apiListe(c, r, catalogue.Recherche{Depart: position, Rayon: float64(rayon)})
}

// apiLieux answers /api/v1/lieux: places of a box (ouest,sud,est,nord), of a
// commune or of an EPCI, or all of them.
func (s *site) apiLieux(c *fiber.Ctx) error {
	r := parseRequete(c)
	if err := r.connus(parametresLieux); err != nil {
		return err
	}
	recherche := catalogue.Recherche{Commune: r.Get("commune"), EPCI: r.Get("epci")}
	if recherche.Commune != "" {
		if _, ok := s.Territoire.Commune(recherche.Commune); !ok {
			return invalide("commune", "Donnez le code INSEE d’une commune que nous connaissons, par exemple celui que rend /api/v1/communes.")
		}
	}
	if recherche.EPCI != "" {
		if _, ok := s.Territoire.EPCI(recherche.EPCI); !ok {
			return invalide("epci", "Donnez le numéro SIREN d’une intercommunalité que nous connaissons.")
		}
	}
	if bbox := r.Get("bbox"); bbox != "" {
		boite, err := parseBoite(bbox)
		if err != nil {
			return err
		}
		recherche.Boite = &boite
	}
	return s.apiListe(c, r, recherche)
}

// apiListe runs a search and writes its envelope.
func (s *site) apiListe(c *fiber.Ctx, r requete, recherche catalogue.Recherche) error {
	if err := r.filtres(&recherche); err != nil {
		return err
	}
	choisie, _, err := s.demarche(r)
	if err != nil {
		return err
	}
	if choisie != nil {
		recherche.Demarche = choisie.ID
	}
	if recherche.Limite, err = r.entier("limite", limiteDefaut, 1, limiteMax); err != nil {
		return err
	}
	if recherche.Decalage, err = r.entier("apres", 0, 0, 1_000_000); err != nil {
		return err
	}
	if recherche.Quand, err = s.quand(r); err != nil {
		return err
	}
	geojson, err := r.geojson(c)
	if err != nil {
		return err
	}
	res, err := s.Catalogue.Chercher(c.UserContext(), recherche)
	if err != nil {
		return err
	}
	suivant := ""
	if n := recherche.Decalage + len(res.Trouves); n < res.Total || !geojson && res.Suite > 0 {
		suivant = s.lien(c.Path() + "?" + r.page(recherche.Decalage+recherche.Limite))
	}
	cache := cacheAPI
	if recherche.Depart != nil {
		cache = "private, max-age=60" // the address holds a position
	}
	if geojson {
		c.Set(fiber.HeaderContentType, mimeGeoJSON)
		return s.sendCached(c, enveloppeGeoJSON(res, membres(res, recherche.Quand, suivant)), cache)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return s.sendCached(c, enveloppeJSON(res, membres(res, recherche.Quand, suivant)), cache)
}

const cacheAPI = "public, max-age=60"

// page is the query string of the page that starts after n results.
func (r requete) page(n int) string {
	v := r.copie()
	v.Set("apres", strconv.Itoa(n))
	return v.Encode()
}

// enveloppeJSON is {"resultats":[…],"muets":[…],"total":n,"suivant":…,…};
// the places are fragments encoded when the snapshot was made.
func enveloppeJSON(res catalogue.Resultats, membres string) []byte {
	b := &bytes.Buffer{}
	b.WriteString(`{"resultats":[`)
	writeFragments(b, res.Trouves)
	b.WriteString(`],"muets":[`)
	writeFragments(b, res.Muets)
	fmt.Fprintf(b, `],"total":%d,"total_muets":%d,%s}`, res.Total, res.TotalMuets, membres)
	return b.Bytes()
}

func writeFragments(b *bytes.Buffer, trouves []catalogue.Trouve) {
	for i, t := range trouves {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(t.AppendJSON(nil))
	}
}

// enveloppeGeoJSON is an RFC 7946 FeatureCollection; the envelope's members are
// foreign members of it (section 6.1). Silent places are left to JSON.
func enveloppeGeoJSON(res catalogue.Resultats, membres string) []byte {
	b := &bytes.Buffer{}
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, t := range res.Trouves {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(t.AppendGeoJSON(nil))
	}
	fmt.Fprintf(b, `],"total":%d,%s}`, res.Total, membres)
	return b.Bytes()
}

// membres are the members of an envelope beside its results: the next page,
// the radius, and, of a search that asks when, the time that was understood and
// how many results are known to be open then.
func membres(res catalogue.Resultats, quand *catalogue.Quand, suivant string) string {
	lien := "null"
	if suivant != "" {
		l, _ := json.Marshal(suivant) // a string always encodes
		lien = string(l)
	}
	texte := `"suivant":` + lien
	if res.Rayon != 0 {
		texte += fmt.Sprintf(`,"rayon":%d,"rayon_elargi":%t`, int(res.Rayon), res.Elargi)
	}
	if p := res.Presences; quand != nil {
		texte += fmt.Sprintf(`,"quand":{"du":%q,"au":%q,"ouverts":%d,"sur_rendez_vous":%d,"a_confirmer":%d,"dont_fermes_selon_vieux_horaires":%d,"sans_horaires":%d}`,
			quand.Du.Format(time.RFC3339), quand.Au.Format(time.RFC3339), p.Ouverts, p.SurRendezVous, p.AConfirmer, p.Fermes, p.Inconnus)
	}
	return texte
}

func (s *site) apiLieu(c *fiber.Ctx) error {
	r := parseRequete(c)
	if err := r.connus(parametresLieu); err != nil {
		return err
	}
	geojson, err := r.geojson(c)
	if err != nil {
		return err
	}
	v, err := s.Catalogue.Lieu(c.Params("id"))
	if err != nil {
		return err
	}
	switch v.Statut {
	case mednum.StatutFusionne:
		return s.versReuni(c, "/api/v1/lieux/"+s.Catalogue.Devenu(v.ID))
	case mednum.StatutRetire:
		return fiber.ErrGone
	}
	if geojson {
		c.Set(fiber.HeaderContentType, mimeGeoJSON)
		return s.sendTagged(c, v.GeoJSON, etagLieu(v, v.GeoJSON), cacheAPI)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return s.sendTagged(c, v.JSON, etagLieu(v, v.JSON), cacheAPI)
}

// suggestion is a commune as the completion of the search field needs it.
type suggestion struct {
	Code         string   `json:"code"`
	Nom          string   `json:"nom"`
	CodesPostaux []string `json:"codes_postaux"`
	Departement  string   `json:"departement"`
	Dedans       bool     `json:"dedans"`
}

func (s *site) apiCommunes(c *fiber.Ctx) error {
	r := parseRequete(c)
	if err := r.connus(parametresCommune); err != nil {
		return err
	}
	q, err := r.texte("q")
	if err != nil {
		return err
	}
	if q == "" {
		return invalide("q", "Donnez le début d’un nom de commune ou d’un code postal.")
	}
	limite, err := r.entier("limite", 8, 1, 50)
	if err != nil {
		return err
	}
	resultats := []suggestion{}
	for _, t := range s.Territoire.Completer(q, limite) {
		resultats = append(resultats, suggestion{t.Commune.Code, t.Nom, t.Commune.CodesPostaux, t.Commune.Departement, t.Commune.Dedans})
	}
	corps, err := json.Marshal(map[string]any{"resultats": resultats, "total": len(resultats)})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return s.sendCached(c, corps, cacheAPI)
}

// connus refuses parameters that the operation does not have, and more than
// one value where only one has a sense.
func (r requete) connus(parametres []string) error {
	if r.illisible {
		return invalide("adresse", "Les paramètres sont mal écrits : vérifiez les signes « % » et « ; ».")
	}
	for nom, valeurs := range r.Values {
		if !slices.Contains(parametres, nom) {
			return invalide(nom, "Ce paramètre n’existe pas ici. Ceux qui existent : "+strings.Join(parametres, ", ")+".")
		}
		if len(valeurs) > 1 && nom != "famille" && !slices.Contains(nomsFiltrables(), nom) {
			return invalide(nom, "Ce paramètre ne se répète pas : donnez une seule valeur.")
		}
	}
	return nil
}

// geojson tells which format is asked, by f or by Accept.
func (r requete) geojson(c *fiber.Ctx) (bool, error) {
	switch r.Get("f") {
	case "geojson":
		return true, nil
	case "json":
		return false, nil
	case "":
		return strings.Contains(c.Get(fiber.HeaderAccept), mimeGeoJSON), nil
	}
	return false, invalide("f", "Écrivez json ou geojson.")
}

// parseBoite reads "ouest,sud,est,nord", WGS 84 degrees; ouest may be greater
// than est across the antimeridian.
func parseBoite(texte string) (geo.Boite, error) {
	mauvaise := invalide("bbox", "Donnez quatre nombres en degrés : ouest,sud,est,nord, par exemple 0.7,43.7,2,44.4.")
	morceaux := strings.Split(texte, ",")
	if len(morceaux) != 4 {
		return geo.Boite{}, mauvaise
	}
	var v [4]float64
	for i, borne := range []float64{180, 90, 180, 90} {
		d, err := degres("bbox", strings.TrimSpace(morceaux[i]), borne)
		if err != nil {
			return geo.Boite{}, mauvaise
		}
		v[i] = d
	}
	if v[1] > v[3] {
		return geo.Boite{}, mauvaise
	}
	return geo.Boite{Ouest: v[0], Sud: v[1], Est: v[2], Nord: v[3]}, nil
}
