package mednum

import "slices"

// FamillesDe tells the families of a place, in the order of Familles, each by
// the facts alone:
//
//   - france_services: a record attached to the place asserts it (the France
//     Services list does), or its typologie is exactly RFS. The national
//     programme "France Services" does not count: in Conseillers numériques
//     records it follows the employer, not the place.
//   - mediation: it offers at least one of the nine services.
//   - tiers_lieu: typologie TIERS_LIEUX, FABLAB or FABRIQUE, or the label
//     "Fabriques de Territoire", or a record asserts it. A name that says
//     "tiers-lieu" is not enough.
//
// The list is empty, never nil, when no family applies.
func FamillesDe(champs *Champs, fiches []Fiche) []Famille {
	familles := make([]Famille, 0, len(Familles))
	for _, famille := range Familles {
		if estDe(famille, champs) || affirmee(famille, fiches) {
			familles = append(familles, famille)
		}
	}
	return familles
}

func estDe(famille Famille, champs *Champs) bool {
	switch famille {
	case FamilleFranceServices:
		return len(champs.Typologie) == 1 && champs.Typologie[0] == "RFS"
	case FamilleMediation:
		return slices.ContainsFunc(champs.Services, func(s string) bool { return EstValeur(ChampServices, s) })
	case FamilleTiersLieu:
		return slices.Contains(champs.FormationsLabels, "Fabriques de Territoire") ||
			slices.ContainsFunc(champs.Typologie, estTypologieTiersLieu)
	}
	return false
}

// affirmee tells whether a record asserts the family, by itself or, for France
// Services, by a typologie of its own that is exactly RFS: what a second
// record adds to the place's typologie takes nothing away.
func affirmee(famille Famille, fiches []Fiche) bool {
	return slices.ContainsFunc(fiches, func(f Fiche) bool {
		return slices.Contains(f.Familles, famille) ||
			famille == FamilleFranceServices && f.Champs[ChampTypologie] == "RFS"
	})
}

func estTypologieTiersLieu(code string) bool {
	return code == "TIERS_LIEUX" || code == "FABLAB" || code == "FABRIQUE"
}
