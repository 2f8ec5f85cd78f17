package catalogue

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// autoriser refuses ("interdit") a change of the place to whom no right covers
// it.
func (c *Catalogue) autoriser(l *mednum.Lieu, droits []mednum.Habilitation) error {
	if slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return c.couvre(h, l) }) {
		return nil
	}
	return &mednum.Error{Code: mednum.Interdit, Champ: "id", Message: "Vous n’avez pas le droit de modifier ce lieu : demandez-le à l’équipe de la carte."}
}

// Couvre tells whether these rights are to change the place.
func (c *Catalogue) Couvre(droits []mednum.Habilitation, l *mednum.Lieu) bool {
	return slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return c.couvre(h, l) })
}

// LieuxDe are the places that these rights are to change, by name.
func (c *Catalogue) LieuxDe(droits []mednum.Habilitation) (liste []*Vue) {
	for _, v := range c.Lieux() {
		if c.Couvre(droits, &v.Lieu) {
			liste = append(liste, v)
		}
	}
	return liste
}

// couvre tells whether a right is to change the place. What is not known covers
// nothing: another role, another scope, a scope without a name, a place whose
// commune is not known. An itinerant place is where its seat is.
func (c *Catalogue) couvre(h mednum.Habilitation, l *mednum.Lieu) bool {
	if h.Role.Rang() == 0 {
		return false
	}
	switch h.Portee {
	case mednum.PorteeTout:
		return true
	case mednum.PorteeDepartement:
		return h.ID != "" && h.ID == c.territoire.Code && !l.HorsTerritoire
	case mednum.PorteeEPCI:
		commune, ok := c.territoire.Commune(l.Champs.CodeInsee)
		return ok && h.ID != "" && h.ID == commune.EPCI
	case mednum.PorteeLieu:
		return h.ID != "" && h.ID == l.ID
	}
	return false
}
