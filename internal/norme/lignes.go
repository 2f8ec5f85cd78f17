package norme

import (
	"cmp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// tiretArret stands between the name of a service and that of its stop.
const tiretArret = " – "

// lignes are the rows of a place: its own, then one for each stop. What the
// standard has no column for is told in words in presentation_detail: hours of
// help, what the opening hours are the hours of, closings of a place without
// hours, stops that cannot make a row that the standard allows.
func (x Export) lignes(l *mednum.Lieu) []mednum.Champs {
	lieu := l.Champs
	lieu.ID = cmp.Or(l.ID, lieu.ID)
	lieu.Adresse = cmp.Or(lieu.Adresse, AdresseInconnue) // the schema has no row without one
	var reste []mednum.Exception
	lieu.Horaires, reste = x.avecExceptions(lieu.Horaires, l.ExceptionsDe(""))
	phrases := direSens(l)
	phrases = append(phrases, direExceptions("", reste, x.Jour)...)
	phrases = append(phrases, x.direPermanences(l)...)

	lignes := []mednum.Champs{lieu}
	groupes := l.Passages()
	ids := l.IDPassages(groupes)
	for i, groupe := range groupes {
		ligne := x.ligneArret(l, groupe)
		ligne.ID = lieu.ID + "-" + ids[i]
		if len(ligne.Validate()) > 0 {
			phrases = append(phrases, x.direArret(l, groupe)...)
			continue
		}
		lignes = append(lignes, ligne)
	}
	lignes[0].PresentationDetail = completer(lieu.PresentationDetail, phrases)
	return lignes
}

// avecExceptions puts after hours the rules of their exceptions, those that
// they already hold apart (an export that was read again). Hours that are
// absent or cannot be read stay as they are, since an expression made only of
// exceptions would say "closed" on all other days: reste is then to be told in
// words.
func (x Export) avecExceptions(texte string, exceptions []mednum.Exception) (complet string, reste []mednum.Exception) {
	if _, err := horaires.Parse(texte); err != nil || strings.TrimSpace(texte) == "" {
		return texte, exceptions
	}
	complet = texte
	for i := range exceptions {
		regle := mednum.ReglesExceptions(exceptions[i:i+1], x.Jour)
		if regle != "" && !strings.Contains(complet, "; "+regle) {
			complet += "; " + regle
		}
	}
	if _, err := horaires.Parse(complet); err != nil {
		return texte, exceptions
	}
	return complet, nil
}

// ligneArret is the row of a stop: where and when are its own, the rest is its
// service's. A stop without an address is found by its name.
func (x Export) ligneArret(l *mednum.Lieu, groupe []int) mednum.Champs {
	c, p := l.Champs, &l.Permanences[groupe[0]]
	a := p.Arret
	c.Nom = l.Champs.Nom + tiretArret + a.Nom
	c.Commune, c.CodeInsee, c.CodePostal = a.Commune, a.CodeInsee, a.CodePostal
	if c.CodePostal == "" && a.CodeInsee != "" && a.CodeInsee == l.Champs.CodeInsee {
		c.CodePostal = l.Champs.CodePostal
	}
	c.Adresse, c.ComplementAdresse = cmp.Or(a.Adresse, a.Nom), ""
	c.Latitude, c.Longitude = a.Latitude, a.Longitude
	c.FicheAccesLibre = "" // that of the seat's building
	c.Itinerance, c.StructureParente = []string{itinerant}, l.Champs.Nom
	if len(p.Services) > 0 {
		c.Services = p.Services
	}
	var phrases []string
	c.Horaires, phrases = x.quandArret(l, groupe)
	c.PresentationDetail = strings.Join(phrases, "\n")
	return c
}

// quandArret is when a stop is served: hours, then what they cannot tell.
func (x Export) quandArret(l *mednum.Lieu, groupe []int) (regle string, phrases []string) {
	regle, lisible := x.horairesArret(l, groupe)
	rendezVous := 0
	for _, i := range groupe {
		p := &l.Permanences[i]
		for intitule := range strings.Lines(p.Intitule) {
			if intitule = enUneLigne(intitule); intitule != "" && !estRendezVous(intitule) {
				phrases = ajouterPhrase(phrases, phraseFinie(intitule))
			}
		}
		if p.RendezVous {
			rendezVous++
		}
		if !lisible && p.Regle != "" {
			phrases = ajouterPhrase(phrases, phraseFinie(textes.Majuscule(direRegle(p.Regle))))
		}
	}
	switch {
	case rendezVous == len(groupe):
		phrases = append(phrases, surRendezVous)
	case rendezVous > 0:
		phrases = append(phrases, direRendezVous(l, groupe)...)
	}
	if regle == "" {
		for _, i := range groupe {
			for _, phrase := range direExceptions("", l.ExceptionsDe(l.Permanences[i].ID), x.Jour) {
				phrases = ajouterPhrase(phrases, phrase)
			}
		}
	}
	return regle, phrases
}

// direRendezVous says which of a stop's hours are by appointment, where only
// some are.
func direRendezVous(l *mednum.Lieu, groupe []int) (phrases []string) {
	for _, i := range groupe {
		if p := &l.Permanences[i]; p.RendezVous && p.Regle != "" {
			phrases = ajouterPhrase(phrases, phraseFinie(textes.Majuscule(direRegle(p.Regle))+", sur rendez-vous"))
		}
	}
	return phrases
}

func ajouterPhrase(phrases []string, phrase string) []string {
	if slices.Contains(phrases, phrase) {
		return phrases
	}
	return append(phrases, phrase)
}
