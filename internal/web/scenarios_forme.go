package web

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// champsEtude are the fields of the form, as refusals name them.
var champsEtude = []string{"genre", "service", "moment", "objectif", "rayon", "nombre", "perimetre", "facteur", "imposees", "exclues"}

// formeEtude are the choices of the form.
type formeEtude struct {
	Genres, Services, Moments, Objectifs, Perimetres []choixFiltre
	NombreMax                                        int
}

// The words of the questions and of the objectives, as choices.
var (
	nomsGenres = map[couverture.GenreEtude]string{
		couverture.GenreLieu:     "De nouveaux lieux",
		couverture.GenreHoraires: "Des horaires, dans des lieux qui existent",
		couverture.GenreBus:      "Les arrêts d’un bus",
	}
	nomsObjectifs = map[couverture.Objectif]string{
		couverture.Couvrir:   "Le plus d’habitants à portée",
		couverture.Approcher: "La distance la plus courte pour tous",
	}
)

func formeDe(perimetres []choixFiltre) formeEtude {
	f := formeEtude{Perimetres: perimetres, NombreMax: couverture.PMax, Services: []choixFiltre{{"", "N’importe quelle aide"}}}
	for _, v := range mednum.Vocabulaire(mednum.ChampServices) {
		f.Services = append(f.Services, choixFiltre{v, v})
	}
	for _, m := range couverture.Moments {
		f.Moments = append(f.Moments, choixFiltre{string(m), m.Nom()})
	}
	for _, g := range couverture.GenresEtude {
		f.Genres = append(f.Genres, choixFiltre{string(g), nomsGenres[g]})
	}
	for _, o := range []couverture.Objectif{couverture.Couvrir, couverture.Approcher} {
		f.Objectifs = append(f.Objectifs, choixFiltre{string(o), nomsObjectifs[o]})
	}
	return f
}

// valeursDefaut are the values of a form that nobody has filled in.
func valeursDefaut(perimetres []choixFiltre) url.Values {
	v := url.Values{
		"genre": {string(couverture.GenreLieu)}, "moment": {string(couverture.MomentTous)}, "objectif": {string(couverture.Couvrir)},
		"rayon": {"10"}, "nombre": {"3"}, "facteur": {facteurDit(couverture.FacteurDefaut)},
	}
	if len(perimetres) > 0 {
		v.Set("perimetre", perimetres[0].Valeur)
	}
	return v
}

// parametresEtude are the fields of a form that make its address.
func parametresEtude(v url.Values) url.Values {
	p := url.Values{}
	for _, nom := range champsEtude {
		if valeur := v.Get(nom); valeur != "" {
			p.Set(nom, valeur)
		}
	}
	return p
}

// lireEtude reads a study; every field that cannot be read is told.
func (s *site) lireEtude(v url.Values) (e couverture.Etude, err error) {
	e = couverture.Etude{Genre: couverture.GenreEtude(v.Get("genre")), Objectif: couverture.Objectif(v.Get("objectif")), EPCI: v.Get("perimetre")}
	var service, moment, facteur couverture.Question // one at a time: each says what is wrong with it
	var fautes [7]error
	service, fautes[0] = couverture.Lire(v.Get("service"), "", "")
	moment, fautes[1] = couverture.Lire("", v.Get("moment"), "")
	facteur, fautes[2] = couverture.Lire("", "", v.Get("facteur"))
	e.Service, e.Moment, e.Facteur = service.Service, moment.Moment, facteur.Facteur
	e.Rayon, fautes[3] = lireRayon(v.Get("rayon"))
	e.Nombre, fautes[4] = lireNombre(v.Get("nombre"))
	e.Imposees, fautes[5] = couverture.LireCommunes(s.Territoire, "imposees", v.Get("imposees"))
	e.Exclues, fautes[6] = couverture.LireCommunes(s.Territoire, "exclues", v.Get("exclues"))
	if err := errors.Join(fautes[:]...); err != nil {
		return e, err
	}
	return e, e.Verifier(s.Territoire)
}

// lireRayon reads kilometres; the radius is in metres.
func lireRayon(texte string) (float64, error) {
	km, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(texte), ",", ".", 1), 64)
	if err != nil || math.IsNaN(km) || km*1000 < couverture.RayonMin || km*1000 > couverture.RayonMax {
		return 0, invalide("rayon", fmt.Sprintf("Donnez une distance entre %.0f et %.0f\u00a0km.", couverture.RayonMin/1000, couverture.RayonMax/1000))
	}
	return km * 1000, nil
}

func lireNombre(texte string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(texte))
	if err != nil || n < 1 || n > couverture.PMax {
		return 0, invalide("nombre", fmt.Sprintf("Donnez un nombre entre 1 et %d.", couverture.PMax))
	}
	return n, nil
}
