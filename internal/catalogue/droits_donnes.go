package catalogue

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// PeutDonner tells whether whoever has the rights par may give the right h, or
// take it back. An administrator gives anything within their scope; a
// coordinator, the right to change places or to tell needs within theirs; who
// changes one place, that same right to a colleague. Nobody gives what exceeds
// their own scope, nor what is not known. Needs are told of communes, not of
// places.
func (c *Catalogue) PeutDonner(par []mednum.Habilitation, h mednum.Habilitation) bool {
	if h.Role == mednum.RoleContributeur && h.Portee == mednum.PorteeLieu {
		return false
	}
	return h.Role.Rang() > 0 && slices.ContainsFunc(par, func(p mednum.Habilitation) bool {
		switch p.Role {
		case mednum.RoleAdministrateur:
			return c.contient(p, h)
		case mednum.RoleCoordinateur:
			return !h.Role.Coordinates() && c.contient(p, h)
		case mednum.RoleMediateur:
			return h.Role == p.Role && h.Portee == mednum.PorteeLieu && p.Portee == h.Portee && c.contient(p, h)
		}
		return false
	})
}

// contient tells whether the scope of p holds that of h whole.
func (c *Catalogue) contient(p, h mednum.Habilitation) bool {
	switch h.Portee {
	case mednum.PorteeLieu:
		v, err := c.Lieu(h.ID)
		return err == nil && c.comprend(p, &v.Lieu)
	case mednum.PorteeCommune:
		return c.contientCommune(p, h.ID)
	case mednum.PorteeEPCI:
		return c.contientEPCI(p, h.ID)
	case mednum.PorteeDepartement:
		return h.ID != "" && h.ID == c.territoire.Code && (p.Portee == mednum.PorteeTout || p.Portee == h.Portee && p.ID == h.ID)
	case mednum.PorteeTout:
		return p.Portee == mednum.PorteeTout
	}
	return false
}

// contientCommune tells whether the scope of p holds a commune of the pack, by
// its own INSEE code.
func (c *Catalogue) contientCommune(p mednum.Habilitation, code string) bool {
	commune, ok := c.territoire.Commune(code)
	if !ok || commune.Code != code {
		return false
	}
	switch p.Portee {
	case mednum.PorteeTout:
		return true
	case mednum.PorteeDepartement:
		return p.ID == c.territoire.Code && commune.Dedans
	case mednum.PorteeEPCI:
		return p.ID != "" && p.ID == commune.EPCI
	case mednum.PorteeCommune:
		return p.ID == code
	}
	return false
}

// contientEPCI tells whether the scope of p holds an intercommunality. One that
// goes beyond the territory is not within the territory.
func (c *Catalogue) contientEPCI(p mednum.Habilitation, siren string) bool {
	epci, ok := c.territoire.EPCI(siren)
	if !ok {
		return false
	}
	switch p.Portee {
	case mednum.PorteeTout:
		return true
	case mednum.PorteeEPCI:
		return p.ID == siren
	case mednum.PorteeDepartement:
		return p.ID == c.territoire.Code && !slices.ContainsFunc(epci.Communes, func(code string) bool {
			commune, ok := c.territoire.Commune(code)
			return !ok || !commune.Dedans
		})
	}
	return false
}

// LieuxADonner are the places of that name on which whoever has the rights par
// may give that role, by commune then name: every word typed begins a word of
// the place or of its commune. A text that is the whole name of some gives those
// alone.
func (c *Catalogue) LieuxADonner(par []mednum.Habilitation, role mednum.Role, texte string) []*Vue {
	mots, entier := motsUtiles(texte), mednum.Normaliser(texte)
	var liste, exacts []*Vue
	for _, v := range c.Lieux() {
		exact := v.mots.nom == entier
		if !exact && !v.mots.contient(mots) || !c.PeutDonner(par, mednum.Habilitation{Role: role, Portee: mednum.PorteeLieu, ID: v.ID}) {
			continue
		}
		liste = append(liste, v)
		if exact {
			exacts = append(exacts, v)
		}
	}
	if len(exacts) > 0 {
		return exacts
	}
	return liste
}

// contient tells whether each of the words, of which there are some, begins one
// of the place or of its commune.
func (m *motsLieu) contient(mots []string) bool {
	return len(mots) > 0 && !slices.ContainsFunc(mots, func(mot string) bool {
		return commence(m.propres, mot) == 0 && commence(m.commune, mot) == 0
	})
}
