package web

import (
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/textes"
)

// comparesMax is how many scenarios stand side by side.
const comparesMax = 3

// corpsComparerScenarios are scenarios side by side: a column each.
type corpsComparerScenarios struct {
	Scenarios []scenarioCompare
	Lignes    []ligneComparee
	Garde     string // what makes them hard to compare, "" for nothing
}

type scenarioCompare struct {
	scenarioVu
	Carte carteScenario
	Sites []siteVu
}

// ligneComparee is a row: its heading, and what each scenario says. Differe marks
// a parameter that is not the same for all.
type ligneComparee struct {
	Titre   string
	Cases   []string
	Differe bool
}

func (s *site) serveComparerScenarios(c *fiber.Ctx) error {
	ids := lireRequete(c).Values["s"]
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" })
	if n := len(ids); n < 2 || n > comparesMax {
		return &refus{fiber.StatusBadRequest, "s", fmt.Sprintf("Cochez deux ou trois scénarios à comparer : vous en avez choisi %d.", n)}
	}
	var tous []couverture.Scenario
	for _, id := range ids {
		v, err := s.scenario(c, id)
		if err != nil {
			return err
		}
		tous = append(tous, v)
	}
	noms, err := s.nomsAuteurs(c, tous)
	if err != nil {
		return err
	}
	corps := corpsComparerScenarios{Lignes: s.lignesComparees(tous), Garde: gardeComparer(tous)}
	for i := range tous {
		v := scenarioCompare{scenarioVu: s.direScenario(&tous[i], noms), Carte: s.carteScenario(&tous[i].Etude, &tous[i].Proposition)}
		for n := range tous[i].Proposition.Sites {
			v.Sites = append(v.Sites, direSite(&tous[i].Etude, n+1, &tous[i].Proposition.Sites[n]))
		}
		corps.Scenarios = append(corps.Scenarios, v)
	}
	return s.rendreLarge(c, "scenarios-comparer", "Comparer des scénarios", "reseau", corps)
}

// gardeComparer says what makes figures hard to compare.
func gardeComparer(tous []couverture.Scenario) string {
	var ecarts []string
	a := &tous[0]
	for _, d := range []struct {
		mots    string
		differe func(b *couverture.Scenario) bool
	}{
		{"le périmètre", func(b *couverture.Scenario) bool { return a.Etude.EPCI != b.Etude.EPCI }},
		{"l’aide ou le moment", func(b *couverture.Scenario) bool {
			return a.Etude.Service != b.Etude.Service || a.Etude.Moment != b.Etude.Moment
		}},
		{"le facteur de route", func(b *couverture.Scenario) bool { return a.Etude.Facteur != b.Etude.Facteur }},
		{"les données", func(b *couverture.Scenario) bool {
			return a.Proposition.Entree.Jour != b.Proposition.Entree.Jour
		}},
	} {
		if slices.ContainsFunc(tous[1:], func(b couverture.Scenario) bool { return d.differe(&b) }) {
			ecarts = append(ecarts, d.mots)
		}
	}
	if len(ecarts) == 0 {
		return ""
	}
	return "Prudence\u00a0: d’un scénario à l’autre, " + textes.Enumerer(ecarts) + " " + textes.Accord(len(ecarts), "change", "changent") + ". Les chiffres ne se comparent pas ligne à ligne."
}

// lignesComparees are the parameters, then the figures. People within 5, 10, 15
// and 20 km are counted alike whatever the radius of each.
func (s *site) lignesComparees(tous []couverture.Scenario) (lignes []ligneComparee) {
	ligne := func(titre string, dire func(v *couverture.Scenario) string) {
		l := ligneComparee{Titre: titre}
		for i := range tous {
			l.Cases = append(l.Cases, dire(&tous[i]))
		}
		l.Differe = slices.ContainsFunc(l.Cases, func(x string) bool { return x != l.Cases[0] })
		lignes = append(lignes, l)
	}
	for _, nom := range []string{"Question", "Nombre", "Aide", "Moment", "But", "À portée", "Périmètre", "Facteur de route", "Communes imposées", "Communes écartées"} {
		ligne(nom, func(v *couverture.Scenario) string {
			for _, p := range s.direParametres(&v.Etude) {
				if p[0] == nom {
					return p[1]
				}
			}
			return "aucune"
		})
	}
	ligne("Données du", func(v *couverture.Scenario) string { return dateDite(v.Proposition.Entree.Jour) })
	ligne("Habitants qui arrivent à portée", func(v *couverture.Scenario) string { return textes.Nombre(v.Proposition.Couverts.Personnes) })
	ligne("Habitants dont l’aide se rapproche", func(v *couverture.Scenario) string { return textes.Nombre(v.Proposition.Rapproches.Personnes) })
	for _, seuil := range couverture.Seuils {
		ligne(fmt.Sprintf("À %d\u00a0km ou moins, aujourd’hui et ensuite", int(seuil/1000)), func(v *couverture.Scenario) string {
			avant, apres := dansSeuil(v, seuil)
			return textes.Nombre(avant) + " → " + textes.Nombre(apres)
		})
	}
	ligne("Distance moyenne, aujourd’hui et ensuite", func(v *couverture.Scenario) string {
		return textes.Kilometres(float64(v.Proposition.MoyAvant)) + " → " + textes.Kilometres(float64(v.Proposition.MoyApres))
	})
	ligne("Écart au meilleur possible, au plus", func(v *couverture.Scenario) string {
		return partPerdue(v.Proposition.Ecart)
	})
	ligne("Lieux de départ non vérifiés", func(v *couverture.Scenario) string {
		return textes.Nombre(v.Proposition.Entree.NonVerifies) + " sur " + textes.Nombre(v.Proposition.Entree.Offres)
	})
	return lignes
}

// dansSeuil are the people within a distance, before and after.
func dansSeuil(v *couverture.Scenario, seuil float64) (avant, apres int) {
	for i := range v.Proposition.Lignes {
		l := &v.Proposition.Lignes[i]
		if float64(l.Avant) <= seuil {
			avant += l.Population
		}
		if float64(l.Apres) <= seuil {
			apres += l.Population
		}
	}
	return avant, apres
}
