package web

import (
	"time"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
)

// jsonLD describes a place with schema.org, for search engines. Its hours are
// those that can be promised for the coming weeks, and say until when: an engine
// that does not come back stops saying "ouvert" when the page would.
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
		adresse := map[string]any{
			"@type": "PostalAddress", "addressLocality": v.Champs.Commune, "postalCode": v.Champs.CodePostal, "addressCountry": "FR",
		}
		if a := v.Champs.Adresse; a != norme.AdresseInconnue {
			adresse["streetAddress"] = a
		}
		d["address"] = adresse
		if v.Champs.Latitude != nil && v.Champs.Longitude != nil && v.Precision != mednum.PrecisionCommune {
			d["geo"] = map[string]any{"@type": "GeoCoordinates", "latitude": *v.Champs.Latitude, "longitude": *v.Champs.Longitude}
		}
	}
	if o, ok := s.Catalogue.OuverturesSures(v, joursPromis); ok {
		usuelles, speciales := specifier(o, s.Territoire.Location())
		if len(usuelles) > 0 {
			d["openingHoursSpecification"] = usuelles
		}
		if len(speciales) > 0 {
			d["specialOpeningHoursSpecification"] = speciales
		}
	}
	if passages := s.Catalogue.PassagesSurs(v, joursPromis); len(passages) > 0 {
		d["event"] = s.evenements(passages)
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

// evenements are the coming stops of an itinerant service, those that are
// cancelled included: an engine that showed them must learn it.
func (s *site) evenements(passages []catalogue.Passage) []map[string]any {
	evenements := make([]map[string]any, 0, len(passages))
	for i := range passages {
		p := &passages[i]
		statut := "https://schema.org/EventScheduled"
		if p.Annule {
			statut = "https://schema.org/EventCancelled"
		}
		lieu := map[string]any{"@type": "PostalAddress", "addressLocality": p.Permanence.Arret.Commune, "addressCountry": "FR"}
		if a := p.Permanence.Arret.Adresse; a != "" {
			lieu["streetAddress"] = a
		}
		if cp := p.Permanence.Arret.CodePostal; cp != "" {
			lieu["postalCode"] = cp
		}
		evenements = append(evenements, map[string]any{
			"@type": "Event", "name": p.Lieu.Champs.Nom, "url": s.lien("/lieux/" + p.Lieu.ID),
			"startDate": p.Debut.Format(time.RFC3339), "endDate": p.Fin.Format(time.RFC3339), "eventStatus": statut,
			"eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
			"location":            map[string]any{"@type": "Place", "name": situerArret(p.Permanence.Arret), "address": lieu},
		})
	}
	return evenements
}

func nonVide(texte string) any {
	if texte == "" {
		return nil
	}
	return map[string]any{"@type": "Organization", "name": texte}
}
