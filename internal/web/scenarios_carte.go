package web

import (
	"fmt"
	"slices"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/textes"
)

// carteScenario is the territory drawn as an image, as it would be: the pattern of a
// commune says its distance then, a thick outline that it comes nearer, and what is
// proposed has its number.
type carteScenario struct {
	Largeur, Hauteur int
	Titre, Texte     string
	Communes         []formeCarte
	Rapprochees      []formeCarte // over the others
	Presents         []pointCarte
	Sites            []pointCarte // Nom is the number
	Noms             []pointCarte
	Legende          []classeCarte
	Bus              []pointCarte // the way of a bus
}

func (s *site) carteScenario(e *couverture.Etude, p *couverture.Proposition) carteScenario {
	plan := s.planCarte()
	carte := carteScenario{
		Largeur: largeurCarte, Titre: "Distance de chaque commune à l’aide, avec ce qui est proposé",
		Texte: "Chaque commune est remplie d’un motif, de plus en plus serré quand l’aide serait plus loin. Un contour épais entoure celles qui s’en rapprochent. Un rond avec un numéro est une proposition, un petit rond un lieu qui répond déjà. La liste et le tableau disent la même chose.",
	}
	_, carte.Hauteur = plan.placer(geo.Point{Lat: plan.boite.Sud, Lon: plan.boite.Ouest})
	s.colorier(&carte, p)
	for _, q := range p.Presents {
		if x, y := plan.placer(geo.Point{Lat: q[0], Lon: q[1]}); x >= 0 && x <= largeurCarte && y >= 0 && y <= carte.Hauteur {
			carte.Presents = append(carte.Presents, pointCarte{X: x, Y: y})
		}
	}
	for n := range p.Sites {
		x, y := plan.placer(geo.Point{Lat: p.Sites[n].Lat, Lon: p.Sites[n].Lon})
		carte.Sites = append(carte.Sites, pointCarte{X: x, Y: y, Nom: fmt.Sprint(n + 1)})
	}
	if e.Genre == couverture.GenreBus && len(carte.Sites) > 1 {
		carte.Bus = append(carte.Bus, carte.Sites...)
		carte.Bus = append(carte.Bus, carte.Sites[0])
	}
	carte.Noms = slices.DeleteFunc(s.nomsCarte(plan), func(n pointCarte) bool {
		return slices.ContainsFunc(carte.Sites, func(x pointCarte) bool { return recouvre(n, x) })
	})
	return carte
}

// recouvre tells whether a number would hide part of a name, at the sizes of the
// style sheet (scenarios.css).
func recouvre(nom, site pointCarte) bool {
	const lettre, disque = 13, 24
	de, a := nom.X+8, nom.X+8+lettre*len([]rune(nom.Nom))
	if nom.Fin {
		de, a = nom.X-8-lettre*len([]rune(nom.Nom)), nom.X-8
	}
	return site.X+disque > de && site.X-disque < a && site.Y+disque > nom.Y-30 && site.Y-disque < nom.Y-8
}

// colorier gives each commune its pattern, and the legend its figures.
func (s *site) colorier(carte *carteScenario, p *couverture.Proposition) {
	traces := s.traces()
	parClasse := map[string]*couverture.Total{}
	lignes := map[string]*couverture.Ligne{}
	for i := range p.Lignes {
		lignes[p.Lignes[i].Insee] = &p.Lignes[i]
	}
	for _, c := range couverture.Communes(s.Territoire) {
		l, classe, titre := lignes[c.Code], classeHors, c.NomCourant()+"\u00a0: hors du périmètre"
		if l != nil {
			classe, titre = classeDe(float64(l.Apres)), titreLigne(l)
		}
		if parClasse[classe] == nil {
			parClasse[classe] = &couverture.Total{}
		}
		parClasse[classe].Communes++
		parClasse[classe].Population += c.Population
		forme := formeCarte{traces[c.Code], titre, classe}
		if l != nil && l.Par > 0 {
			carte.Rapprochees = append(carte.Rapprochees, forme)
			continue
		}
		carte.Communes = append(carte.Communes, forme)
	}
	carte.Legende = legende(parClasse)
}

func titreLigne(l *couverture.Ligne) string {
	habitants := textes.Pluriel(l.Population, "habitant", "habitants")
	if l.Par == 0 {
		return fmt.Sprintf("%s\u00a0: %s, %s", l.Nom, metresDits(l.Avant), habitants)
	}
	return fmt.Sprintf("%s\u00a0: %s, puis %s (n°\u00a0%d), %s", l.Nom, metresDits(l.Avant), metresDits(l.Apres), l.Par, habitants)
}
