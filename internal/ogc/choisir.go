package ogc

import (
	"slices"
	"time"

	"82numerique.fr/adeuxpas/internal/geo"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// choix is one page of the features that a request matches.
type choix struct {
	objets []*objet
	total  int
	suite  string  // cursor of the next page, "" on the last one
	avant  *string // cursor of the page before, "" for the first one, nil on the first one
}

// choisir walks the features once. Pages are cut by identifier and not by
// number: a feature that appears or vanishes between two pages makes no other
// one skipped or seen twice.
func (c *contenu) choisir(d *demande) choix {
	liste := c.objets
	if d.boite != nil || d.periode != nil || len(d.filtres) > 0 {
		liste = nil
		for _, o := range c.objets {
			if d.retient(o) {
				liste = append(liste, o)
			}
		}
	}
	debut := 0
	if d.apres != "" {
		rang, la := trouver(liste, d.apres)
		if debut = rang; la {
			debut++
		}
	}
	k := choix{total: len(liste), objets: liste[debut:min(debut+d.limite, len(liste))]}
	if fin := debut + len(k.objets); fin < len(liste) {
		k.suite = liste[fin-1].id
	}
	if debut > 0 {
		avant := ""
		if debut > d.limite {
			avant = liste[debut-d.limite-1].id
		}
		k.avant = &avant
	}
	return k
}

func (d *demande) retient(o *objet) bool {
	return (d.boite == nil || dansBoite(o, *d.boite)) && (d.periode == nil || d.periode.touche(o.jour)) && d.filtre(o)
}

// dansBoite tells whether the geometry of a feature meets the box. One that has
// no geometry is always kept (/req/core/fc-bbox-response).
func dansBoite(o *objet, b geo.Boite) bool {
	if !o.situe() {
		return true
	}
	if o.contour != nil {
		return o.contour.Touche(b)
	}
	return slices.ContainsFunc(o.points, b.Contient)
}

// touche tells whether the period meets the day, in UTC. A feature without a
// date is always kept (/req/core/fc-time-response).
func (p *periode) touche(jour mednum.Date) bool {
	if jour.IsZero() {
		return true
	}
	debut := jour.In(time.UTC)
	return (p.au.IsZero() || !p.au.Before(debut)) && (p.du.IsZero() || p.du.Before(debut.AddDate(0, 0, 1)))
}

func (d *demande) filtre(o *objet) bool {
	for i := range d.filtres {
		valeurs := o.valeurs(d.filtres[i].propriete)
		for _, v := range d.filtres[i].valeurs {
			if !slices.Contains(valeurs, v) {
				return false
			}
		}
	}
	return true
}
