package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// filtrables are the columns of the standard that a search may filter on; each
// is a parameter of the same name.
var filtrables = func() []mednum.Champ {
	champs, _ := catalogue.Filtrables()
	return slices.DeleteFunc(champs, func(c mednum.Champ) bool { return c == catalogue.ChampFamilles })
}()

// The limits of a list of the API and of the pages.
const (
	limiteDefaut = 20
	limiteMax    = 1000
	texteMax     = 200 // characters of a typed search
)

// requete is the query string of a request, every value of it.
type requete struct {
	url.Values
	illisible bool    // some of it could not be read, and is left out
	encart    *encart // the frame that it is in, nil on the site itself
}

// parseRequete is the search of a request; within a frame, the visitor's part.
func parseRequete(c *fiber.Ctx) requete {
	if e := encartDe(c); e != nil {
		return e.requete()
	}
	return lireRequete(c)
}

func lireRequete(c *fiber.Ctx) requete {
	v, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	for _, valeurs := range v {
		for i, t := range valeurs {
			valeurs[i] = strings.ToValidUTF8(strings.TrimSpace(t), "")
		}
	}
	return requete{Values: v, illisible: err != nil}
}

// avec is the address of the same page with one more value.
func (r requete) avec(cle, valeur string) string {
	v := r.copie()
	v.Del("apres")
	if !slices.Contains(v[cle], valeur) {
		v.Add(cle, valeur)
	}
	return r.adresse(v)
}

// sans is the address of the same page without one value, or without the whole
// parameter when valeur is empty.
func (r requete) sans(cle, valeur string) string {
	v := r.copie()
	v.Del("apres")
	v[cle] = slices.DeleteFunc(v[cle], func(x string) bool { return valeur == "" || x == valeur })
	return r.adresse(v)
}

// remplace is the address of the same page with one value in place of others.
func (r requete) remplace(cle, valeur string) string {
	v := r.copie()
	v.Set(cle, valeur)
	return r.adresse(v)
}

// adresse is the address of a search.
func (r requete) adresse(v url.Values) string {
	if r.encart != nil {
		return r.encart.vers("/", v)
	}
	return "/?" + v.Encode()
}

// lieu is the address of the page of a place.
func (r requete) lieu(id string) string {
	if r.encart != nil {
		return r.encart.vers("/lieux/"+id, r.Values)
	}
	return "/lieux/" + id
}

// action is where a form of the search is sent, and champ the name of a field of it.
func (r requete) action() string {
	if r.encart != nil {
		return cheminEmbarque
	}
	return "/"
}

func (r requete) champ(nom string) string {
	if r.encart != nil {
		return nomDansEncart(nom)
	}
	return nom
}

// cachesHote are the hidden fields that keep a form within the frame.
func (r requete) cachesHote() []champCache {
	if r.encart != nil {
		return r.encart.caches()
	}
	return nil
}

// parPage is how many places a page lists.
func (r requete) parPage() int {
	if r.encart != nil {
		return limiteEncart
	}
	return limiteDefaut
}

func (r requete) copie() url.Values {
	v := url.Values{}
	for cle, valeurs := range r.Values {
		v[cle] = slices.Clone(valeurs)
	}
	return v
}

// filtres reads the families and the filters of the standard.
func (r requete) filtres(dst *catalogue.Recherche) error {
	for _, f := range r.Values["famille"] {
		if f == "" {
			continue
		}
		if !slices.Contains(mednum.Familles, mednum.Famille(f)) {
			return invalide("famille", "Écrivez france_services, mediation ou tiers_lieu.")
		}
		dst.Familles = append(dst.Familles, mednum.Famille(f))
	}
	for _, champ := range filtrables {
		for _, v := range r.Values[string(champ)] {
			if v == "" {
				continue
			}
			if dst.Filtres == nil {
				dst.Filtres = map[mednum.Champ][]string{}
			}
			dst.Filtres[champ] = append(dst.Filtres[champ], v)
		}
	}
	if r.encart != nil {
		r.encart.contraindre(dst)
	}
	return nil
}

// position reads lat and lon, both or none.
func (r requete) position() (*geo.Point, error) {
	lat, lon := r.Get("lat"), r.Get("lon")
	if lat == "" && lon == "" {
		return nil, nil // no position is a valid answer, not an absent thing
	}
	p, err := geo.Point{}, error(nil)
	if p.Lat, err = degres("lat", lat, 90); err != nil {
		return nil, err
	}
	if p.Lon, err = degres("lon", lon, 180); err != nil {
		return nil, err
	}
	return &p, nil
}

func degres(nom, texte string, borne float64) (float64, error) {
	v, err := strconv.ParseFloat(texte, 64)
	if err != nil || v != v || v < -borne || v > borne {
		return 0, invalide(nom, fmt.Sprintf("Donnez des degrés entre -%v et %v, avec un point, par exemple 44.018.", borne, borne))
	}
	return v, nil
}

// entier reads a whole number within limits; absent gives the default.
func (r requete) entier(nom string, defaut, mini, maxi int) (int, error) {
	texte := r.Get(nom)
	if texte == "" {
		return defaut, nil
	}
	v, err := strconv.Atoi(texte)
	if err != nil || v < mini || v > maxi {
		return 0, invalide(nom, fmt.Sprintf("Donnez un nombre entier entre %d et %d.", mini, maxi))
	}
	return v, nil
}

// texte reads what a person typed.
func (r requete) texte(nom string) (string, error) {
	t := strings.Join(strings.Fields(r.Get(nom)), " ")
	if len([]rune(t)) > texteMax {
		return "", invalide(nom, fmt.Sprintf("Le texte est trop long : %d caractères au plus.", texteMax))
	}
	return t, nil
}

func invalide(parametre, message string) error {
	return &mednum.Error{Code: mednum.Invalide, Champ: parametre, Message: message}
}
