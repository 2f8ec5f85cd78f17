package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// faits are the figures of a measure in plain words, the first one being about
// the threshold.
func (d *demandeCouverture) faits(r *couverture.Resultat, t couverture.Total) []string {
	loin, communes := 0, 0
	for _, m := range d.mesures(r) {
		if m.Distance > d.metres() {
			loin += m.Commune.Population
			communes++
		}
	}
	premier := fmt.Sprintf("%s sur %s (%s) %s à plus de %d\u00a0km, par la route, d’%s. %s.",
		textes.Pluriel(loin, "habitant", "habitants"), textes.Nombre(t.Population), partDite(loin, t.Population), textes.Accord(loin, "est", "sont"),
		d.Km, d.aide(), textes.Majuscule(textes.Pluriel(communes, "commune est dans ce cas", "communes sont dans ce cas")))
	if loin == 0 {
		premier = fmt.Sprintf("Aucun des %s n’est à plus de %d\u00a0km, par la route, d’%s.", textes.Pluriel(t.Population, "habitant", "habitants"), d.Km, d.aide())
	}
	faits := []string{premier}
	var dedans []string
	for k, seuil := range couverture.Seuils {
		dedans = append(dedans, fmt.Sprintf("%d\u00a0km\u00a0: %s (%s)", int(seuil/1000), textes.Nombre(t.Dans[k]), partDite(t.Dans[k], t.Population)))
	}
	faits = append(faits, "Habitants qui ont une aide à moins de "+strings.Join(dedans, "\u00a0; ")+".")
	switch {
	case t.SansOffre > 0:
		faits = append(faits, "Aucun lieu connu ne répond à cette demande.")
	case t.Duree > 0 && r.Reelles == len(r.Mesures):
		n := d.auDela(r, minutesLoin)
		faits = append(faits, fmt.Sprintf("En moyenne, un habitant est %s du lieu le plus proche, %s en voiture. %s %s à plus de %s en voiture.",
			textes.Distance(t.Distance), dureeDite(t.Duree), textes.Pluriel(n, "habitant", "habitants"), textes.Accord(n, "est", "sont"), dureeDite(minutesLoin)))
	default:
		faits = append(faits, fmt.Sprintf("En moyenne, un habitant est %s du lieu le plus proche.", textes.Distance(t.Distance)))
	}
	return append(faits, fmt.Sprintf("En moyenne, un habitant a %s d’aide par semaine à moins de 10\u00a0km%s. Les lieux sans heures connues n’y comptent pas.", heuresDites(t.Heures), d.auMoment()))
}

// minutesLoin is how long a journey by car is told to be long.
const minutesLoin = 20 * time.Minute

// auDela counts the people whose journey is longer.
func (d *demandeCouverture) auDela(r *couverture.Resultat, duree time.Duration) (n int) {
	for _, m := range d.mesures(r) {
		if m.Duree > duree {
			n += m.Commune.Population
		}
	}
	return n
}

// aide is what is looked for: "un lieu qui propose « … », ouvert le samedi".
func (d *demandeCouverture) aide() string {
	switch tous := d.Moment == couverture.MomentTous; {
	case d.Service == "" && tous:
		return "un lieu d’aide"
	case d.Service == "":
		return "un lieu d’aide ouvert " + d.Moment.EnPhrase()
	case tous:
		return "un lieu qui propose «\u00a0" + d.Service + "\u00a0»"
	}
	return "un lieu qui propose «\u00a0" + d.Service + "\u00a0» et qui ouvre " + d.Moment.EnPhrase()
}

func (d *demandeCouverture) auMoment() string {
	if d.Moment == couverture.MomentTous {
		return ""
	}
	return ", " + d.Moment.EnPhrase()
}

// partDite is a share: "12 %", "moins de 1 %".
func partDite(n, sur int) string {
	if sur == 0 {
		return "0\u00a0%"
	}
	p := 100 * float64(n) / float64(sur)
	switch {
	case n > 0 && p < 1:
		return "moins de 1\u00a0%"
	case n < sur && p > 99:
		return "plus de 99\u00a0%"
	}
	return strconv.Itoa(int(math.Round(p))) + "\u00a0%"
}

// heuresDites is a number of hours: "3 h", "2 h 30".
func heuresDites(heures float64) string {
	minutes := int(math.Round(heures*12)) * 5
	if minutes%60 == 0 || minutes >= 600 {
		return textes.Nombre(int(math.Round(float64(minutes)/60))) + "\u00a0h"
	}
	if minutes < 60 {
		return strconv.Itoa(minutes) + "\u00a0min"
	}
	return fmt.Sprintf("%d\u00a0h\u00a0%02d", minutes/60, minutes%60)
}

func dureeDite(d time.Duration) string {
	minutes := int(math.Ceil(d.Minutes()))
	if minutes < 60 {
		return strconv.Itoa(minutes) + "\u00a0min"
	}
	return fmt.Sprintf("%d\u00a0h\u00a0%02d", minutes/60, minutes%60)
}

// facteurDit is a factor as French writes it: "1,3".
func facteurDit(f float64) string {
	return strings.Replace(strconv.FormatFloat(f, 'f', -1, 64), ".", ",", 1)
}

// incertain is what is not known of the places that a measure counts.
type incertain struct {
	Offres string
	Doutes []string
}

func direInventaire(r *couverture.Resultat) incertain {
	n := len(r.Offres)
	x := incertain{Offres: fmt.Sprintf("Ce calcul part de %s, dans le territoire et jusqu’à 55\u00a0km autour. %s à la demande.",
		textes.Pluriel(n, "lieu ou arrêt de service itinérant", "lieux et arrêts de services itinérants"), textes.Majuscule(textes.Pluriel(r.Servent, "répond", "répondent")))}
	for _, d := range []struct {
		n       int
		un, des string
	}{
		{r.NonVerifies, "n’a pas été vérifié depuis trop longtemps\u00a0: il compte quand même", "n’ont pas été vérifiés depuis trop longtemps\u00a0: ils comptent quand même"},
		{r.HeuresInconnues, "n’a pas d’heures connues\u00a0: il ne compte que pour «\u00a0n’importe quand\u00a0», et pour aucune heure d’aide", "n’ont pas d’heures connues\u00a0: ils ne comptent que pour «\u00a0n’importe quand\u00a0», et pour aucune heure d’aide"},
		{r.SansServices, "ne dit pas quelle aide il propose\u00a0: il ne compte pas quand vous choisissez un service", "ne disent pas quelle aide ils proposent\u00a0: ils ne comptent pas quand vous choisissez un service"},
		{r.Approchees, "est placé au centre de sa commune, faute d’adresse précise", "sont placés au centre de leur commune, faute d’adresse précise"},
	} {
		if d.n > 0 {
			x.Doutes = append(x.Doutes, fmt.Sprintf("%s sur %s %s.", textes.Nombre(d.n), textes.Nombre(n), textes.Accord(d.n, d.un, d.des)))
		}
	}
	if r.SansPosition > 0 {
		x.Doutes = append(x.Doutes, textes.Pluriel(r.SansPosition, "lieu ou arrêt n’est pas compté\u00a0: nous ne savons pas où il est.", "lieux ou arrêts ne sont pas comptés\u00a0: nous ne savons pas où ils sont."))
	}
	if r.SansPublic > 0 {
		x.Doutes = append(x.Doutes, textes.Pluriel(r.SansPublic, "lieu n’est pas compté\u00a0: il n’accueille pas de public.", "lieux ne sont pas comptés\u00a0: ils n’accueillent pas de public."))
	}
	return x
}

// direCalcul says how distances are computed, and which ones are itineraries.
func (s *site) direCalcul(d *demandeCouverture, r *couverture.Resultat) []string {
	phrases := []string{
		"Tous les habitants d’une commune sont comptés au centre de cette commune.",
		fmt.Sprintf("La distance est celle du vol d’oiseau multipliée par %s, le facteur de route.", facteurDit(d.Facteur)),
	}
	switch t := r.Parcours; {
	case s.Itineraires == nil:
		phrases = append(phrases, "Aucun serveur d’itinéraires n’est réglé\u00a0: le temps de trajet n’est pas connu.")
	case t == nil || r.Reelles == 0:
		phrases = append(phrases, fmt.Sprintf("Un serveur d’itinéraires est réglé (%s), mais aucun de ses trajets n’est connu pour l’instant\u00a0: toutes les distances sont calculées ainsi.", s.Itineraires.Serveur()))
	default:
		phrases[1] = fmt.Sprintf("Pour %s sur %s, la distance et le temps sont ceux d’un trajet en voiture donné par %s, le plus récent le %s. Pour les autres, c’est le vol d’oiseau multiplié par %s.",
			textes.Pluriel(r.Reelles, "commune", "communes"), textes.Nombre(len(r.Mesures)), t.Serveur, dateDite(mednum.DateOf(t.Le.In(s.Territoire.Location()))), facteurDit(d.Facteur))
	}
	return append(phrases,
		"Un lieu sert un moment quand il ouvre au moins une heure à ce moment dans une semaine ordinaire, sans jour férié ni congé. Une semaine sur deux ou une fois par mois compte. Les heures des permanences sont celles de l’aide\u00a0; sans permanence, ce sont celles du lieu.",
		"Les heures d’aide par semaine sont la moyenne de douze semaines.",
	)
}
