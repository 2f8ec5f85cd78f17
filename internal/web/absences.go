package web

import (
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// absencesUtiles leaves out the absences of an itinerant service that nobody
// would notice: it does not stop there in that period. Those of one period and
// one reason stand together.
func (s *site) absencesUtiles(v *catalogue.Vue, liste []catalogue.Particularite) []catalogue.Particularite {
	if !v.Itinerant() {
		return liste
	}
	var utiles []catalogue.Particularite
	for i := range liste {
		p := &liste[i]
		if estAbsence(p) && !s.passe(v, p) {
			continue
		}
		k := slices.IndexFunc(utiles, func(u catalogue.Particularite) bool { return memeAbsence(v, &u, p) })
		if k < 0 {
			k = len(utiles) - 1
		}
		utiles = slices.Insert(utiles, k+1, *p)
	}
	return utiles
}

func estAbsence(p *catalogue.Particularite) bool { return p.Permanence != "" && !p.Ouvert }

// memeAbsence tells whether two absences of an itinerant service make one line.
func memeAbsence(v *catalogue.Vue, a, b *catalogue.Particularite) bool {
	return v.Itinerant() && estAbsence(a) && estAbsence(b) && a.Du == b.Du && a.Au == b.Au && a.Motif == b.Motif
}

// absenceMax is how far into a long absence a stop is looked for, in days.
const absenceMax = 366

// passe tells whether the service would have stopped there in that period.
func (s *site) passe(v *catalogue.Vue, p *catalogue.Particularite) bool {
	au := p.Au
	if limite := mednum.DateOf(p.Du.In(s.Territoire.Location()).AddDate(0, 0, absenceMax)); au.Compare(limite) > 0 {
		au = limite
	}
	return slices.ContainsFunc(s.Catalogue.Tournee(v, p.Du, au), func(x catalogue.Passage) bool { return x.Permanence.ID == p.Permanence })
}

// nomAbsence is which help is away, after "pas": "d’aide", "de « Atelier
// tablette »", "d’aide le mardi de 10 h à 12 h", "d’arrêt « Mairie »".
func nomAbsence(v *catalogue.Vue, id string) string {
	i := slices.IndexFunc(v.Permanences, func(p mednum.Permanence) bool { return p.ID == id })
	if i < 0 {
		return "d’aide"
	}
	p := &v.Permanences[i]
	switch {
	case p.Arret != nil:
		return "d’arrêt «\u00a0" + nomArret(p.Arret) + "\u00a0»"
	case p.Intitule != "":
		return "de «\u00a0" + p.Intitule + "\u00a0»"
	case len(v.Permanences) > 1:
		return "d’aide" + regleCourte(v, p)
	}
	return "d’aide"
}

// nomArret is a stop by its own name, or by its commune.
func nomArret(a *mednum.Arret) string {
	if a.Nom == "" {
		return a.Commune
	}
	return a.Nom
}

// situerArret is a stop and its commune: "Mairie, à Moissac".
func situerArret(a *mednum.Arret) string {
	nom := nomArret(a)
	if a.Commune == "" || a.Commune == nom {
		return nom
	}
	return nom + ", " + textes.A(a.Commune)
}

// regleCourte is when help without a title is there: " le mardi de 10 h à 12 h".
func regleCourte(v *catalogue.Vue, p *mednum.Permanence) string {
	regle := textes.Regle(v.RegleUsuelle(p.ID))
	if regle == "" {
		return ""
	}
	if quand, heures, ok := strings.Cut(regle, "\u00a0: "); ok && !strings.Contains(heures, "\u00a0;") && !strings.Contains(heures, " et ") {
		return " " + quand + " de " + heures
	}
	return " (" + regle + ")"
}
