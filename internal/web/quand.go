package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// choixQuand is the part of the filter form that asks when.
type choixQuand struct {
	Jours, Heures []optionQuand
	Libelle       string // of what is asked, "" for any time
}

type optionQuand struct {
	Valeur, Libelle string
	Choisie         bool
}

// quand reads the day and the hour asked. A page goes on without them when
// they cannot be used, and says why; the API refuses.
func (s *site) quand(r requete) (*catalogue.Quand, error) {
	return s.Catalogue.ParseQuand(r.Get("quand"), r.Get("heure"))
}

// quandOuAvis is quand for a page.
func (s *site) quandOuAvis(r requete, corps *corpsResultats) *catalogue.Quand {
	q, err := s.quand(r)
	var refus *mednum.Error
	if errors.As(err, &refus) {
		corps.Avis = append(corps.Avis, refus.Message)
		return nil
	}
	if q != nil && q.Reporte {
		corps.Avis = append(corps.Avis, "L’après-midi est fini\u00a0: voici demain après-midi.")
	}
	return q
}

// choixQuand offers the days and the hours; what the address asks and the list
// does not hold (a date, a range of hours) is offered too.
func (s *site) choixQuand(q *catalogue.Quand) choixQuand {
	jour, heure := "", ""
	var c choixQuand
	if q != nil {
		jour, heure, c.Libelle = q.JourChoisi(), q.Heure, q.Libelle()
	}
	c.Jours = []optionQuand{{"", "N’importe quel jour", jour == ""}}
	for _, mot := range catalogue.JoursQuand {
		c.Jours = append(c.Jours, optionQuand{mot, textes.Majuscule(s.jourDit(mot)), mot == jour})
	}
	c.Heures = []optionQuand{{"", "Toute la journée", heure == ""}}
	for _, mot := range catalogue.HeuresQuand {
		c.Heures = append(c.Heures, optionQuand{mot, textes.Majuscule(catalogue.HeureDite(mot)), mot == heure})
	}
	for h := 8; h <= 20; h++ {
		mot := fmt.Sprintf("%02d:00", h)
		c.Heures = append(c.Heures, optionQuand{mot, textes.Majuscule(catalogue.HeureDite(mot)), mot == heure})
	}
	if q != nil && !slices.Contains(catalogue.JoursQuand, jour) && jour != "" {
		c.Jours = append(c.Jours, optionQuand{jour, textes.Majuscule(textes.Jour(q.Du)), true})
	}
	if !slices.ContainsFunc(c.Heures, func(o optionQuand) bool { return o.Choisie }) {
		c.Heures = append(c.Heures, optionQuand{heure, textes.Majuscule(catalogue.HeureDite(heure)), true})
	}
	return c
}

// jourDit names a day of the list, weekdays with their date.
func (s *site) jourDit(mot string) string {
	q, err := s.Catalogue.ParseQuand(mot, "")
	if err != nil {
		return mot
	}
	return q.Libelle()
}

// raccourcisQuand are links to the times at which one could go somewhere: now,
// otherwise the next one, and Saturday.
func (s *site) raccourcisQuand(res catalogue.Resultats, r requete) []filtreChoisi {
	var liens []filtreChoisi
	proche := false
	for _, m := range res.Moments {
		if m.Mot == "samedi" { // offered in any case: the radius grows until some are open
			liens = append(liens, filtreChoisi{"Ouvert samedi" + entreParentheses(m.N), r.avec("quand", m.Mot)})
			continue
		}
		if m.N > 0 && !proche {
			proche = true
			liens = append(liens, filtreChoisi{"Ouvert " + s.jourDit(m.Mot) + entreParentheses(m.N), r.avec("quand", m.Mot)})
		}
	}
	return liens
}

func entreParentheses(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d)", n)
}

// choisiQuand is the time asked among what is chosen, removed by one touch.
func choisiQuand(q *catalogue.Quand, r requete) filtreChoisi {
	v := requete{Values: r.copie(), encart: r.encart}
	v.Del("heure")
	return filtreChoisi{textes.Majuscule(q.LibelleCourt()), v.sans("quand", "")}
}

// resumeQuand says how many one can go to at the time asked, and of how many
// one does not know: none is hidden in silence.
func resumeQuand(res catalogue.Resultats, q *catalogue.Quand, cartes []carteLieu) string {
	phrase := "Aucun lieu n’est ouvert à coup sûr " + q.Libelle()
	if res.Rayon > 0 {
		phrase += ", à " + textes.Kilometres(res.Rayon) + " à la ronde"
	}
	if res.Total > 0 {
		phrase = textes.Pluriel(nombreLieux(res), "lieu ouvert ", "lieux ouverts ") + q.Libelle()
		if cartes[0].Distance != "" && !cartes[0].Approximatif && res.Total > 1 {
			phrase += ", le plus proche " + cartes[0].Distance
		}
	}
	var autres []string
	for _, a := range []struct {
		n   int
		dit string
	}{
		{res.Presences.SurRendezVous, "sur rendez-vous"},
		{res.Presences.AConfirmer - res.Presences.Fermes, "à confirmer"},
		{res.Presences.Inconnus, "sans horaires connus"},
		{res.Presences.Fermes, textes.Accord(res.Presences.Fermes, "fermé", "fermés") + " selon de vieux horaires"},
	} {
		if a.n > 0 {
			autres = append(autres, textes.Nombre(a.n)+"\u00a0"+a.dit)
		}
	}
	if len(autres) == 0 {
		return phrase + "."
	}
	return phrase + " · " + strings.Join(autres, ", ") + "."
}

// sinon lists, when nothing is surely open at the time asked, the nearest
// places and when they open.
func (s *site) sinon(ctx context.Context, recherche catalogue.Recherche, res catalogue.Resultats, choisie *catalogue.Demarche) ([]carteLieu, error) {
	if recherche.Quand == nil || res.Total > 0 {
		return nil, nil
	}
	recherche.Quand, recherche.SansComptes, recherche.Decalage = nil, true, 0
	tous, err := s.Catalogue.Chercher(ctx, recherche)
	if err != nil {
		return nil, err
	}
	muets := map[string]bool{}
	for _, t := range res.Muets {
		muets[t.Vue.ID] = true
	}
	var fermes []catalogue.Trouve
	for _, t := range tous.Trouves {
		if !muets[t.Vue.ID] && len(fermes) < 3 {
			fermes = append(fermes, t)
		}
	}
	cartes := s.cartes(fermes, choisie)
	for i := range cartes {
		if e := &cartes[i].Etat; e.Genre == catalogue.EtatOuvert { // and not at the time asked
			e.Phrase = "Maintenant\u00a0: " + textes.Minuscule(e.Phrase)
		}
	}
	return cartes, nil
}

// repondreQuand puts on each card, in place of its state now, what it answers
// to the time asked: "Samedi : 9 h à 12 h". What is not known to be open then
// says why, at that time and not now.
func (s *site) repondreQuand(cartes []carteLieu, trouves []catalogue.Trouve, q *catalogue.Quand, sur bool) {
	if q == nil || q.Jour == catalogue.QuandMaintenant && q.Heure == "" {
		return
	}
	for i := range cartes {
		e := &cartes[i].Etat
		*e = s.Catalogue.EtatPendant(trouves[i], q)
		heures := textes.Intervalles(s.Catalogue.HeuresDuJour(trouves[i], q))
		if sur {
			e.Genre = catalogue.EtatOuvert
		}
		if heures != "" && (e.Genre == catalogue.EtatOuvert || e.Genre == catalogue.EtatRDV) {
			e.Phrase = textes.Majuscule(q.JourCourt()) + "\u00a0: " + heures
		}
	}
}
