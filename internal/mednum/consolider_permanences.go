package mednum

import (
	"cmp"
	"slices"
)

// permanences are those of the records, as people changed them, then those that
// people entered. Two records that tell the same permanence give it once; a
// record that is an export of this very place, read again, tells no stop that
// the place already has, and one that came back to us none where another does.
func (c *consolidation) permanences(lieu *Lieu) ([]Permanence, map[string]Retouche) {
	var entrees, toutes []Permanence
	for _, p := range lieu.Permanences {
		if p.Fiche == "" {
			entrees = append(entrees, cloner(p))
		}
	}
	exports := func(f Fiche) bool { return f.Cle == lieu.ID }
	for _, lot := range c.lots() {
		for i := range lot {
			if !exports(lot[i]) && (!lot[i].Retour || c.propres == 0) {
				toutes = lieu.ajouterDites(toutes, &lot[i])
			}
		}
	}
	for _, f := range c.fiches {
		if exports(f) {
			deja := slices.Concat(toutes, entrees, dites(lieu.Retouches))
			f.Permanences = slices.DeleteFunc(slices.Clone(f.Permanences), func(p Permanence) bool {
				return p.Arret != nil && slices.ContainsFunc(deja, func(q Permanence) bool { return memeArret(p.Arret, q.Arret) })
			})
			toutes = lieu.ajouterDites(toutes, &f)
		}
	}
	toutes, retouches := retoucher(toutes, lieu.Retouches, c.fiches)
	return append(toutes, entrees...), retouches
}

// ajouterDites adds the permanences that a record tells. Of two records that tell
// the same one, the permanence is that of the record of higher rank, unless
// people said something of the other's.
func (l *Lieu) ajouterDites(toutes []Permanence, f *Fiche) []Permanence {
	for j, p := range f.Permanences {
		p.ID = NouvelID(f.Reference() + "/" + cmp.Or(p.ID, rangPermanence(j)))
		p.Fiche = f.Reference()
		i := slices.IndexFunc(toutes, func(q Permanence) bool { return memePermanence(&p, &q) })
		switch {
		case i < 0:
			toutes = append(toutes, cloner(p))
		case l.touche(p.ID) && !l.touche(toutes[i].ID):
			toutes[i].ID, toutes[i].Fiche = p.ID, p.Fiche
		}
	}
	return toutes
}

// touche tells whether people said something of a permanence: that it is
// otherwise, or a day without it.
func (l *Lieu) touche(permanence string) bool {
	_, retouchee := l.Retouches[permanence]
	return retouchee || slices.ContainsFunc(l.Exceptions, func(e Exception) bool { return e.Permanence == permanence })
}
