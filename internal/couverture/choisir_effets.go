package couverture

import (
	"math"
	"slices"
)

// somme adds up what changes for people.
type somme struct {
	Effet
	avant, apres float64 // people × metres, of those who had something
}

func (s *somme) ajouter(gens int, avant, apres float64) {
	s.Personnes += gens
	s.Communes++
	s.apres += float64(gens) * apres
	if math.IsInf(avant, 1) {
		s.SansRien += gens
		return
	}
	s.avant += float64(gens) * avant
}

func (s *somme) effet() Effet {
	e := s.Effet
	if n := e.Personnes - e.SansRien; n > 0 {
		e.Avant = Metres(s.avant / float64(n))
	} else if e.Personnes > 0 {
		e.Avant = Metres(math.Inf(1))
	}
	if e.Personnes > 0 {
		e.Apres = Metres(s.apres / float64(e.Personnes))
	}
	return e
}

// remplir says what each site and each commune gain, in the order given.
func (c *calcul) remplir(p *Proposition, probleme *Probleme, ordre []int) {
	gagnes := c.gagnes(probleme, ordre)
	par := make([]somme, len(ordre))
	var couverts, rapproches somme
	var avant, apres float64
	for i := range c.r.Mesures {
		m := &c.r.Mesures[i]
		gens := m.Commune.Population
		l := Ligne{Insee: m.Commune.Code, Nom: m.Commune.NomCourant(), Population: gens, Avant: Metres(m.Distance), Apres: Metres(m.Distance)}
		for n, j := range ordre {
			if d := Metres(probleme.Cout[i][j]); d < l.Apres {
				l.Apres, l.Par = d, n+1
			}
		}
		p.Lignes = append(p.Lignes, l)
		p.Population += gens
		avant += float64(gens) * min(m.Distance, probleme.Plafond)
		apres += float64(gens) * min(float64(l.Apres), probleme.Plafond)
		if m.Distance <= c.Rayon {
			p.DansAvant += gens
		}
		if float64(l.Apres) <= c.Rayon {
			p.DansApres += gens
			if m.Distance > c.Rayon {
				couverts.ajouter(gens, m.Distance, float64(l.Apres))
			}
		}
		if l.Par > 0 {
			rapproches.ajouter(gens, m.Distance, float64(l.Apres))
			par[l.Par-1].ajouter(gens, m.Distance, float64(l.Apres))
		}
	}
	if p.Population > 0 {
		p.MoyAvant, p.MoyApres = Metres(avant/float64(p.Population)), Metres(apres/float64(p.Population))
	}
	p.Couverts, p.Rapproches = couverts.effet(), rapproches.effet()
	for n, j := range ordre {
		k := &c.candidats[j]
		p.Sites = append(p.Sites, Site{
			Nom: k.nom, Commune: k.commune, Insee: k.insee, Lieu: k.lieu, Lat: k.point.Lat, Lon: k.point.Lon,
			Gagnes: gagnes[n], Aides: par[n].effet(), HeuresInconnues: k.muet, Ancien: k.ancien, Imposee: slices.Contains(probleme.Imposes, j),
		})
	}
}

// gagnes are the people that each site brings within the radius once those
// before it are there.
func (c *calcul) gagnes(probleme *Probleme, ordre []int) []int {
	gagnes := make([]int, len(ordre))
	for i := range c.r.Mesures {
		if m := &c.r.Mesures[i]; m.Distance > c.Rayon {
			if n := slices.IndexFunc(ordre, func(j int) bool { return probleme.Cout[i][j] <= c.Rayon }); n >= 0 {
				gagnes[n] += m.Commune.Population
			}
		}
	}
	return gagnes
}
