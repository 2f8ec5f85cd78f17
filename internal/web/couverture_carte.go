package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// largeurCarte is how many units wide the drawn map is: at 82's size one is
// about 150 metres, finer than a screen shows.
const largeurCarte = 700

// nomsCarte is how many communes may have their name on the map: the most peopled.
const nomsCarte = 12

// carteCouverture is the territory drawn as an image (SVG), a pattern a class.
type carteCouverture struct {
	Largeur, Hauteur int
	Titre, Texte     string
	Communes         []formeCarte
	Offres           []pointCarte
	Noms             []pointCarte
	Legende          []classeCarte
}

// formeCarte is one commune: the d of a path, and its class.
type formeCarte struct {
	D, Titre, Classe string
}

type pointCarte struct {
	X, Y int
	Nom  string
	Fin  bool // the name is written to the left of its point
}

// classeCarte is a line of the legend, with how many communes and people it has.
type classeCarte struct {
	Classe, Nom, Dit string
}

// The classes of distance, by the end of their name in the style sheet: below
// each of couverture.Seuils, beyond, and communes that may not be seen.
const (
	classeLoin = "4"
	classeHors = "hors"
)

func classeDe(metres float64) string {
	for k, seuil := range couverture.Seuils {
		if metres <= seuil {
			return strconv.Itoa(k)
		}
	}
	return classeLoin
}

// planCarte puts positions on the drawn map: a plane on which a degree of
// longitude is shorter by the cosine of the middle latitude.
type planCarte struct {
	boite   geo.Boite
	echelle float64 // units a degree of longitude
	hauteur float64 // units a degree of latitude
}

func (s *site) planCarte() planCarte {
	p := planCarte{boite: s.Territoire.Emprise()}
	p.echelle = largeurCarte / (p.boite.Est - p.boite.Ouest)
	p.hauteur = p.echelle / math.Cos((p.boite.Nord+p.boite.Sud)/2*math.Pi/180)
	return p
}

func (p planCarte) placer(q geo.Point) (x, y int) {
	return int(math.Round((q.Lon - p.boite.Ouest) * p.echelle)), int(math.Round((p.boite.Nord - q.Lat) * p.hauteur))
}

// tracesCarte are the outlines as SVG paths by INSEE code: whole numbers, then steps.
func (s *site) tracesCarte() map[string]string {
	plan := s.planCarte()
	traces := map[string]string{}
	for _, c := range couverture.Communes(s.Territoire) {
		contour, ok := s.Territoire.Contour(c.Code)
		if !ok {
			continue
		}
		var b strings.Builder
		for _, anneau := range contour.Anneaux() {
			b.WriteString(plan.trace(anneau))
		}
		traces[c.Code] = b.String()
	}
	return traces
}

func (p planCarte) trace(anneau []geo.Point) string {
	var b strings.Builder
	x, y := 0, 0
	for i, q := range anneau {
		nx, ny := p.placer(q)
		switch {
		case i == 0:
			fmt.Fprintf(&b, "M%d %dl", nx, ny)
		case nx == x && ny == y:
			continue
		default:
			fmt.Fprintf(&b, "%d %d ", nx-x, ny-y)
		}
		x, y = nx, ny
	}
	return strings.TrimSpace(b.String()) + "z"
}

// carteCouverture draws the distance of each commune, or the average one of the
// people of each intercommunality, of which all communes have the pattern.
func (s *site) carteCouverture(d *demandeCouverture, r *couverture.Resultat, par string) carteCouverture {
	plan := s.planCarte()
	carte := carteCouverture{
		Largeur: largeurCarte, Titre: "Distance de chaque commune à " + d.aide(),
		Texte: "Chaque commune est remplie d’un motif, de plus en plus serré quand l’aide est plus loin. Un rond est un lieu ou un arrêt qui répond à la demande. Le tableau sous la carte dit la même chose.",
	}
	epcis := map[string]ligneEPCI{}
	if par == parEPCI {
		carte.Titre = "Distance moyenne des habitants de chaque intercommunalité à " + d.aide()
		carte.Texte = "Les communes d’une intercommunalité ont le même motif, de plus en plus serré quand l’aide est plus loin en moyenne. " +
			"Un rond est un lieu ou un arrêt qui répond à la demande. Le tableau sous la carte dit la même chose."
		for _, e := range s.lignesEPCI(d, r) {
			epcis[e.Code] = e
		}
	}
	_, carte.Hauteur = plan.placer(geo.Point{Lat: plan.boite.Sud, Lon: plan.boite.Ouest})
	traces := s.traces()
	parClasse := map[string]*couverture.Total{}
	for i := range r.Mesures {
		m := &r.Mesures[i]
		classe := classeHors
		titre := ""
		if d.garde(m.Commune) {
			classe = classeDe(m.Distance)
			if e, ok := epcis[m.Commune.EPCI]; ok {
				classe, titre = classeDe(e.Distance), titreEPCI(&e)
			}
		}
		t := parClasse[classe]
		if t == nil {
			t = &couverture.Total{}
			parClasse[classe] = t
		}
		t.Communes++
		t.Population += m.Commune.Population
		carte.Communes = append(carte.Communes, formeCarte{traces[m.Commune.Code], cmp.Or(titre, titreCarte(m, classe)), classe})
	}
	carte.Legende = legende(parClasse)
	for i := range r.Offres {
		o := &r.Offres[i]
		if x, y := plan.placer(o.Point); o.Sert(d.Question) && x >= 0 && x <= largeurCarte && y >= 0 && y <= carte.Hauteur {
			carte.Offres = append(carte.Offres, pointCarte{X: x, Y: y})
		}
	}
	carte.Noms = s.nomsCarte(plan)
	return carte
}

func titreEPCI(e *ligneEPCI) string {
	if e.SansOffre == e.Population {
		return e.Nom + "\u00a0: aucun lieu"
	}
	return fmt.Sprintf("%s\u00a0: %s en moyenne, %s", e.Nom, textes.Kilometres(e.Distance), textes.Pluriel(e.Population, "habitant", "habitants"))
}

func titreCarte(m *couverture.Mesure, classe string) string {
	nom := m.Commune.NomCourant()
	switch {
	case classe == classeHors:
		return nom + " : hors de votre périmètre"
	case m.Offre == nil:
		return nom + " : aucun lieu"
	}
	return fmt.Sprintf("%s\u00a0: %s, %s", nom, textes.Kilometres(m.Distance), textes.Pluriel(m.Commune.Population, "habitant", "habitants"))
}

func legende(parClasse map[string]*couverture.Total) (lignes []classeCarte) {
	noms := []classeCarte{{Classe: classeLoin, Nom: "plus de 20\u00a0km, ou aucun lieu"}, {Classe: classeHors, Nom: "hors de votre périmètre"}}
	de := 0
	for k, seuil := range couverture.Seuils {
		km := int(seuil / 1000)
		nom := fmt.Sprintf("de %d à %d\u00a0km", de, km)
		if k == 0 {
			nom = fmt.Sprintf("%d\u00a0km ou moins", km)
		}
		noms = slices.Insert(noms, k, classeCarte{Classe: strconv.Itoa(k), Nom: nom})
		de = km
	}
	for _, x := range noms {
		t := parClasse[x.Classe]
		if t == nil {
			if x.Classe == classeHors {
				continue
			}
			t = &couverture.Total{}
		}
		x.Dit = textes.Pluriel(t.Communes, "commune", "communes") + ", " + textes.Pluriel(t.Population, "habitant", "habitants")
		lignes = append(lignes, x)
	}
	return lignes
}

// nomsCarte are the names of the most peopled communes, far enough from one
// another to be read.
func (s *site) nomsCarte(plan planCarte) (noms []pointCarte) {
	communes := couverture.Communes(s.Territoire)
	slices.SortFunc(communes, func(a, b *territoire.Commune) int {
		return cmp.Or(cmp.Compare(b.Population, a.Population), cmp.Compare(a.Code, b.Code))
	})
	for _, c := range communes[:min(nomsCarte, len(communes))] {
		x, y := plan.placer(c.Centre)
		serre := slices.ContainsFunc(noms, func(n pointCarte) bool { return math.Abs(float64(n.Y-y)) < 40 && math.Abs(float64(n.X-x)) < 240 })
		if !serre {
			noms = append(noms, pointCarte{X: x, Y: y, Nom: c.NomCourant(), Fin: x > largeurCarte*7/10})
		}
	}
	return noms
}
