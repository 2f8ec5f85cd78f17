package web

import (
	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// jsonLD describes a place with schema.org, for search engines. It holds no
// hours: an engine would say "ouvert" from them where the page no longer does.
func (s *site) jsonLD(v *catalogue.Vue) any {
	d := map[string]any{
		"@context": "https://schema.org", "@type": "LocalBusiness", "@id": s.lien("/lieux/" + v.ID),
		"url": s.lien("/lieux/" + v.ID), "name": v.Champs.Nom,
		"description":        v.Champs.PresentationResume,
		"parentOrganization": nonVide(v.Champs.StructureParente),
	}
	if v.Est(mednum.FamilleFranceServices) {
		d["@type"] = "GovernmentOffice"
	}
	if !v.Itinerant() {
		d["address"] = map[string]any{
			"@type": "PostalAddress", "streetAddress": v.Champs.Adresse, "addressLocality": v.Champs.Commune,
			"postalCode": v.Champs.CodePostal, "addressCountry": "FR",
		}
		if v.Champs.Latitude != nil && v.Champs.Longitude != nil && v.Precision != mednum.PrecisionCommune {
			d["geo"] = map[string]any{"@type": "GeoCoordinates", "latitude": *v.Champs.Latitude, "longitude": *v.Champs.Longitude}
		}
	}
	if v.Champs.Telephone != "" {
		d["telephone"] = v.Champs.Telephone
	}
	if len(v.Champs.SiteWeb) > 0 {
		d["sameAs"] = v.Champs.SiteWeb
	}
	for cle, valeur := range d {
		if valeur == nil || valeur == "" {
			delete(d, cle)
		}
	}
	return d
}

func nonVide(texte string) any {
	if texte == "" {
		return nil
	}
	return map[string]any{"@type": "Organization", "name": texte}
}
