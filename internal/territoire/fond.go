package territoire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// documentFond is the base map for the browser. It is documentContours (arcs
// of 1/echelle degree, drawn once each by rang; polygons of the département,
// EPCI and communes by arc references), with what the map writes on it:
// Boite is [west, south, east, north] of the département in degrees; Communes
// have name, population and centre, most people first, so that the map writes
// as many names as there is room for; Voisins are names of the neighbouring
// départements at a point inside their part of the map.
type documentFond struct {
	Boite       [4]float64    `json:"boite"`
	Echelle     int           `json:"echelle"`
	Arcs        [][]int       `json:"arcs"`
	Rangs       []int         `json:"rangs"`
	Departement polygones     `json:"departement"`
	EPCI        []fondEPCI    `json:"epci"`
	Communes    []fondCommune `json:"communes"`
	Limites     [][]int       `json:"limites"`
	Voisins     []fondNom     `json:"voisins"`
	Rivieres    []riviere     `json:"rivieres"`
	Attribution string        `json:"attribution"`
}

type fondNom struct {
	Nom string  `json:"nom"`
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

type fondEPCI struct {
	Code      string    `json:"code"`
	Nom       string    `json:"nom"`
	Polygones polygones `json:"polygones"`
}

type fondCommune struct {
	Code string `json:"code"`
	fondNom
	Population int       `json:"population"`
	Polygones  polygones `json:"polygones,omitempty"`
}

func (t *Territoire) composeFond(fsys fs.FS) error {
	octets, err := fs.ReadFile(fsys, FichierContours)
	if err != nil {
		return fmt.Errorf("%s : %w", FichierContours, err)
	}
	d, err := readContours(octets)
	if err != nil {
		return err
	}
	rivieres, err := openRivieres(fsys)
	if err != nil {
		return err
	}
	b := t.contours.departement.boite
	f := documentFond{
		Boite: [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}, Echelle: echelle,
		Arcs: d.Arcs, Rangs: d.Rangs, Departement: d.Departement, Limites: d.Limites,
		Rivieres: rivieres, EPCI: t.fondEPCI(d), Communes: t.fondCommunes(d), Attribution: t.attributionFond(),
	}
	for _, v := range t.Departements {
		if v.Code != t.Code {
			f.Voisins = append(f.Voisins, fondNom{v.Nom, v.Etiquette.Lat, v.Etiquette.Lon})
		}
	}
	if t.fond, err = json.Marshal(f); err != nil {
		return fmt.Errorf("fond de carte : %w", err)
	}
	return nil
}

// openRivieres reads rivieres.json; a pack may have none.
func openRivieres(fsys fs.FS) ([]riviere, error) {
	octets, err := fs.ReadFile(fsys, FichierRivieres)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s : %w", FichierRivieres, err)
	}
	var d documentRivieres
	if err := json.Unmarshal(octets, &d); err != nil {
		return nil, fmt.Errorf("%s : JSON illisible : %w", FichierRivieres, err)
	}
	for _, r := range d.Rivieres {
		for _, l := range r.Lignes {
			if _, err := decodeLigne(l); err != nil || d.Echelle != echelle {
				return nil, fmt.Errorf("%s : la rivière « %s » est illisible", FichierRivieres, r.Nom)
			}
		}
	}
	return d.Rivieres, nil
}

func (t *Territoire) fondEPCI(d *documentContours) []fondEPCI {
	var liste []fondEPCI
	for _, c := range d.EPCI {
		liste = append(liste, fondEPCI{c.Code, t.parEPCI[c.Code].Nom, c.Polygones})
	}
	return liste
}

func (t *Territoire) fondCommunes(d *documentContours) []fondCommune {
	contours := make(map[string]polygones, len(d.Communes))
	for _, c := range d.Communes {
		contours[c.Code] = c.Polygones
	}
	var liste []fondCommune
	for i := range t.Communes {
		c := &t.Communes[i]
		if !c.Dedans && c.Population < populationVoisine {
			continue
		}
		liste = append(liste, fondCommune{c.Code, fondNom{c.NomCourant(), c.Centre.Lat, c.Centre.Lon}, c.Population, contours[c.Code]})
	}
	slices.SortStableFunc(liste, func(a, b fondCommune) int { return b.Population - a.Population })
	return liste
}

// populationVoisine is how many inhabitants a commune outside the département
// needs to be written on the base map.
const populationVoisine = 5000

// attributionFond names the sources of the base map.
func (t *Territoire) attributionFond() string {
	var textes []string
	for _, a := range t.Attributions {
		if a.Fond {
			textes = append(textes, a.Texte)
		}
	}
	return strings.Join(textes, " ; ")
}
