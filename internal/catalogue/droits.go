package catalogue

import (
	"cmp"
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// Couvre tells whether the rights are to change the place.
func (c *Catalogue) Couvre(droits []mednum.Habilitation, l *mednum.Lieu) bool {
	return slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return h.Role.Edits() && c.comprend(h, l) })
}

// Coordonne tells whether the rights are to accept what waits for the place, to
// publish and to close it.
func (c *Catalogue) Coordonne(droits []mednum.Habilitation, l *mednum.Lieu) bool {
	return slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return h.Role.Coordinates() && c.comprend(h, l) })
}

// LieuxDe are the places that the rights cover, published or closed, by name.
func (c *Catalogue) LieuxDe(droits []mednum.Habilitation) []*Vue {
	return c.lieuxOu(func(v *Vue) bool {
		return (v.Publie() || v.Statut == mednum.StatutFerme) && c.Couvre(droits, &v.Lieu)
	})
}

// LieuxCoordonnes are the places that the rights are to coordinate, published,
// proposed or closed, by name.
func (c *Catalogue) LieuxCoordonnes(droits []mednum.Habilitation) []*Vue {
	return c.lieuxOu(func(v *Vue) bool {
		return (v.Publie() || v.Statut == mednum.StatutPropose || v.Statut == mednum.StatutFerme) && c.Coordonne(droits, &v.Lieu)
	})
}

// lieuxOu are the places of the snapshot, of any status, that pass, by name.
func (c *Catalogue) lieuxOu(passe func(*Vue) bool) []*Vue {
	var vues []*Vue
	for _, v := range c.courant.Load().parID {
		if passe(v) {
			vues = append(vues, v)
		}
	}
	slices.SortFunc(vues, func(a, b *Vue) int { return cmp.Or(cmp.Compare(a.mots.nom, b.mots.nom), cmp.Compare(a.ID, b.ID)) })
	return vues
}

// autoriser refuses ("interdit") a change of the place to whom no right covers
// it.
func (c *Catalogue) autoriser(l *mednum.Lieu, droits []mednum.Habilitation) error {
	if c.Couvre(droits, l) {
		return nil
	}
	return &mednum.Error{Code: mednum.Interdit, Champ: "id", Message: "Vous n’avez pas le droit de modifier ce lieu : demandez-le à l’équipe de la carte."}
}

// coordonner refuses ("interdit") what is a coordinator's.
func (c *Catalogue) coordonner(l *mednum.Lieu, droits []mednum.Habilitation) error {
	if c.Coordonne(droits, l) {
		return nil
	}
	return &mednum.Error{Code: mednum.Interdit, Champ: "id", Message: "Seul un coordinateur de ce lieu peut faire cela : demandez-le à l’équipe de la carte."}
}

// comprend tells whether the place is in the scope of a right. What is not
// known holds nothing: another scope, a scope without a name, a place whose
// commune is not known. An itinerant place is where its seat is. The right to a
// place that was merged is a right to the one that it became.
func (c *Catalogue) comprend(h mednum.Habilitation, l *mednum.Lieu) bool {
	switch h.Portee {
	case mednum.PorteeTout:
		return true
	case mednum.PorteeDepartement:
		return h.ID != "" && h.ID == c.territoire.Code && !l.HorsTerritoire
	case mednum.PorteeCommune:
		commune, ok := c.territoire.Commune(l.Champs.CodeInsee)
		return ok && h.ID == commune.Code
	case mednum.PorteeEPCI:
		commune, ok := c.territoire.Commune(l.Champs.CodeInsee)
		return ok && h.ID != "" && h.ID == commune.EPCI
	case mednum.PorteeLieu:
		return h.ID != "" && (h.ID == l.ID || c.Devenu(h.ID) == l.ID)
	}
	return false
}

// ParlePour tells whether the rights are to record a need or an initiative of a
// commune, by INSEE code. Who keeps one place speaks for its commune.
func (c *Catalogue) ParlePour(droits []mednum.Habilitation, commune string) bool {
	return slices.ContainsFunc(droits, func(h mednum.Habilitation) bool {
		if h.Portee != mednum.PorteeLieu {
			return h.Role.Tells() && c.contientCommune(h, commune)
		}
		v, err := c.Lieu(c.Devenu(h.ID))
		return err == nil && h.Role.Tells() && v.Champs.CodeInsee == commune
	})
}

// CoordonneCommune tells whether the rights are to read what is told of a
// commune, by INSEE code, and to answer it. Who coordinates one place does not.
func (c *Catalogue) CoordonneCommune(droits []mednum.Habilitation, commune string) bool {
	return slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return h.Role.Coordinates() && c.contientCommune(h, commune) })
}

// CoordonneEPCI is CoordonneCommune of a whole intercommunality, by SIREN.
func (c *Catalogue) CoordonneEPCI(droits []mednum.Habilitation, siren string) bool {
	return slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return h.Role.Coordinates() && c.parleEPCI(h, siren) })
}

// ParlePourEPCI is ParlePour of a whole intercommunality, by SIREN.
func (c *Catalogue) ParlePourEPCI(droits []mednum.Habilitation, siren string) bool {
	return slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return h.Role.Tells() && c.parleEPCI(h, siren) })
}

// parleEPCI tells whether what is told of an intercommunality is of a right: who
// holds the territory hears also of one that goes beyond it.
func (c *Catalogue) parleEPCI(h mednum.Habilitation, siren string) bool {
	_, ok := c.territoire.EPCI(siren)
	return ok && c.contientTout(h) || c.contientEPCI(h, siren)
}

// CoordonneTout tells whether the rights are to coordinate the whole territory.
func (c *Catalogue) CoordonneTout(droits []mednum.Habilitation) bool {
	return slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return h.Role.Coordinates() && c.contientTout(h) })
}

// ParlePourTout is ParlePour of the whole territory.
func (c *Catalogue) ParlePourTout(droits []mednum.Habilitation) bool {
	return slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return h.Role.Tells() && c.contientTout(h) })
}

func (c *Catalogue) contientTout(h mednum.Habilitation) bool {
	return h.Portee == mednum.PorteeTout || h.Portee == mednum.PorteeDepartement && h.ID != "" && h.ID == c.territoire.Code
}
