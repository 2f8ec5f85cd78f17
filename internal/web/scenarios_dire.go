package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/textes"
)

// resultatEtude is an answer in words.
type resultatEtude struct {
	Titre      string
	Parametres [][2]string
	Faits      []string // the gain first
	Preuve     string   // how far from the best
	Duree      string   // of the computation, "" when it is not known
	Sites      []siteVu
	Bus        bool
	Boucle     string // how long the turn of a bus is
	Carte      carteScenario
	Offres     string // what it is made of
	Doutes     []string
	Calcul     []string
}

// siteVu is one of what is proposed, in words.
type siteVu struct {
	Numero           int
	Nom, Detail, Dit string
	Lien             string // path of the page of a place that is there
	Remarques        []string
}

func (s *site) direResultat(e *couverture.Etude, p *couverture.Proposition) *resultatEtude {
	r := &resultatEtude{
		Titre: titreEtude(e), Parametres: s.direParametres(e), Faits: direGains(e, p), Preuve: direPreuve(p),
		Bus: e.Genre == couverture.GenreBus, Carte: s.carteScenario(e, p), Calcul: direCalculEtude(e, p),
	}
	if r.Bus && len(p.Sites) > 1 {
		r.Boucle = fmt.Sprintf("La boucle fait environ %s, à vol d’oiseau multiplié par %s.", textes.Kilometres(float64(p.Boucle)), facteurDit(e.Facteur))
	}
	r.Offres, r.Doutes = direEntree(&p.Entree)
	for n := range p.Sites {
		r.Sites = append(r.Sites, direSite(e, n+1, &p.Sites[n]))
	}
	return r
}

// titreEtude is the question in a few words: "3 nouveaux lieux, le samedi".
func titreEtude(e *couverture.Etude) string {
	quoi := map[couverture.GenreEtude][2]string{
		couverture.GenreLieu: {"nouveau lieu", "nouveaux lieux"}, couverture.GenreHoraires: {"lieu qui ouvrirait", "lieux qui ouvriraient"},
		couverture.GenreBus: {"demi-journée de bus", "demi-journées de bus"},
	}[e.Genre]
	t := textes.Pluriel(e.Nombre, quoi[0], quoi[1])
	switch {
	case e.Moment == couverture.MomentTous:
		return t
	case e.Genre == couverture.GenreHoraires:
		return t + " " + e.Moment.EnPhrase()
	}
	return t + ", " + textes.Minuscule(e.Moment.Nom())
}

// direParametres are the parameters of a study: name, value.
func (s *site) direParametres(e *couverture.Etude) [][2]string {
	service, perimetre := e.Service, s.nomEPCI(e.EPCI)
	if service == "" {
		service = "N’importe quelle aide"
	}
	if perimetre == "" {
		perimetre = "Tout le territoire"
	}
	p := [][2]string{
		{"Question", nomsGenres[e.Genre]},
		{"Nombre", strconv.Itoa(e.Nombre)},
		{"Aide", service},
		{"Moment", e.Moment.Nom()},
		{"But", nomsObjectifs[e.Objectif]},
		{"À portée", "à " + textes.Kilometres(e.Rayon) + " ou moins, par la route"},
		{"Périmètre", perimetre},
		{"Facteur de route", facteurDit(e.Facteur)},
	}
	for _, l := range []struct {
		nom   string
		codes []string
	}{{"Communes imposées", e.Imposees}, {"Communes écartées", e.Exclues}} {
		if len(l.codes) > 0 {
			p = append(p, [2]string{l.nom, s.nomsCommunes(l.codes)})
		}
	}
	return p
}

func (s *site) nomsCommunes(codes []string) string {
	var noms []string
	for _, code := range codes {
		if c, ok := s.Territoire.Commune(code); ok {
			noms = append(noms, c.NomCourant())
		}
	}
	return strings.Join(noms, ", ")
}

// direEffet says a gain: "1 240 habitants de 6 communes passent de 22 km à 7 km".
func direEffet(f *couverture.Effet) string {
	qui := textes.Pluriel(f.Personnes, "habitant", "habitants") + " de " + textes.Pluriel(f.Communes, "commune", "communes")
	apres := textes.Kilometres(float64(f.Apres))
	switch {
	case f.SansRien == f.Personnes && f.SansRien > 0:
		return fmt.Sprintf("%s n’ont aucune aide à ce moment, et en auraient une à %s en moyenne", qui, apres)
	case f.SansRien > 0:
		return fmt.Sprintf("%s auraient une aide à %s en moyenne, dont %s qui n’en ont aucune à ce moment", qui, apres, textes.Nombre(f.SansRien))
	}
	return fmt.Sprintf("%s %s de %s à %s en moyenne", qui, textes.Accord(f.Personnes, "passe", "passent"), textes.Kilometres(float64(f.Avant)), apres)
}

// direGains are the figures of an answer, the one of its objective first.
func direGains(e *couverture.Etude, p *couverture.Proposition) []string {
	if p.Gain == 0 {
		return []string{"Aucun choix n’apporte rien de plus à cette demande\u00a0: tout le monde est déjà servi autant qu’il peut l’être."}
	}
	portee := fmt.Sprintf("à %s ou moins", textes.Kilometres(e.Rayon))
	var faits []string
	if p.Couverts.Personnes > 0 {
		faits = append(faits, direEffet(&p.Couverts)+"\u00a0: l’aide est alors "+portee+".")
	}
	rapproches := direEffet(&p.Rapproches) + "\u00a0: leur aide la plus proche se rapproche."
	if e.Objectif == couverture.Approcher {
		faits = append([]string{rapproches}, faits...)
	} else {
		faits = append(faits, rapproches)
	}
	return append(
		faits,
		fmt.Sprintf("%s\u00a0: %s habitants aujourd’hui (%s), %s ensuite (%s).", textes.Majuscule(portee),
			textes.Nombre(p.DansAvant), partDite(p.DansAvant, p.Population), textes.Nombre(p.DansApres), partDite(p.DansApres, p.Population)),
		fmt.Sprintf("Distance moyenne\u00a0: %s aujourd’hui, %s ensuite.", textes.Kilometres(float64(p.MoyAvant)), textes.Kilometres(float64(p.MoyApres))),
	)
}

// direPreuve says how far from the best a choice can be.
func direPreuve(p *couverture.Proposition) string {
	ecart := partPerdue(p.Ecart)
	switch {
	case p.Coupe && p.Ecart > 0:
		return fmt.Sprintf("Le temps de calcul a manqué\u00a0: c’est le meilleur choix trouvé. Aucun autre ne gagnerait plus que lui de plus de %s du gain possible.", ecart)
	case p.Ecart > 0:
		return fmt.Sprintf("Écart au meilleur choix possible\u00a0: %s au plus. Le calcul a une borne que rien ne dépasse.", ecart)
	}
	return "C’est le meilleur choix possible pour ces données\u00a0: le calcul l’a prouvé (écart\u00a0: 0\u00a0%)."
}

// partPerdue is a gap, rounded up: "0,4 %".
func partPerdue(ecart float64) string {
	return strings.Replace(strconv.FormatFloat(math.Ceil(1000*ecart)/10, 'f', -1, 64), ".", ",", 1) + "\u00a0%"
}

// metresDits is a distance by road, in words.
func metresDits(m couverture.Metres) string {
	switch {
	case m.Aucune():
		return "aucune aide"
	case m < 25:
		return "sur place"
	}
	return textes.Kilometres(float64(m))
}

// dureeCalcul says how long a computation took.
func dureeCalcul(d time.Duration) string {
	if d < 100*time.Millisecond {
		return "Calculé en moins d’un dixième de seconde."
	}
	return "Calculé en " + strings.Replace(strconv.FormatFloat(d.Seconds(), 'f', 1, 64), ".", ",", 1) + "\u00a0s."
}

func direSite(e *couverture.Etude, numero int, x *couverture.Site) siteVu {
	v := siteVu{Numero: numero, Nom: x.Nom}
	if x.Lieu != "" {
		v.Detail, v.Lien = x.Commune, "/lieux/"+x.Lieu
	}
	if x.Aides.Personnes > 0 {
		v.Dit = textes.Majuscule(direEffet(&x.Aides)) + "."
	} else {
		v.Dit = "N’est le plus proche pour personne de plus."
	}
	if x.Gagnes > 0 && e.Objectif == couverture.Couvrir && e.Genre != couverture.GenreBus {
		v.Dit += fmt.Sprintf(" %s de plus à portée.", textes.Pluriel(x.Gagnes, "habitant", "habitants"))
	}
	for _, r := range []struct {
		si  bool
		mot string
	}{
		{x.Imposee, "Imposé par vous."},
		{x.Ancien, "Pas vérifié depuis trop longtemps."},
		{x.HeuresInconnues, "Ses heures ne sont pas connues\u00a0: il ouvre peut-être déjà. Appelez-le d’abord."},
	} {
		if r.si {
			v.Remarques = append(v.Remarques, r.mot)
		}
	}
	return v
}

// direEntree says what a computation is made of, and what is not known of it.
func direEntree(x *couverture.Entree) (offres string, doutes []string) {
	offres = fmt.Sprintf("Ce calcul part de %s, au %s. %s à la demande, et %s.",
		textes.Pluriel(x.Offres, "lieu ou arrêt", "lieux et arrêts"), dateDite(x.Jour),
		textes.Majuscule(textes.Pluriel(x.Servent, "répond", "répondent")), textes.Pluriel(x.Candidats, "choix est possible", "choix sont possibles"))
	for _, d := range []struct {
		n       int
		un, des string
	}{
		{x.NonVerifies, "n’est pas vérifié depuis trop longtemps\u00a0: il compte quand même", "ne sont pas vérifiés depuis trop longtemps\u00a0: ils comptent quand même"},
		{x.HeuresInconnues, "n’a pas d’heures connues\u00a0: il ne compte que pour «\u00a0n’importe quand\u00a0»", "n’ont pas d’heures connues\u00a0: ils ne comptent que pour «\u00a0n’importe quand\u00a0»"},
	} {
		doutes = append(doutes, fmt.Sprintf("%s sur %s %s.", textes.Nombre(d.n), textes.Nombre(x.Offres), textes.Accord(d.n, d.un, d.des)))
	}
	if x.SansPosition > 0 {
		doutes = append(doutes, textes.Pluriel(x.SansPosition, "lieu ou arrêt n’est pas compté\u00a0: nous ne savons pas où il est.", "lieux ou arrêts ne sont pas comptés\u00a0: nous ne savons pas où ils sont."))
	}
	return offres, doutes
}

// direCalculEtude says how a study is computed.
func direCalculEtude(e *couverture.Etude, p *couverture.Proposition) []string {
	phrases := []string{
		"Tous les habitants d’une commune sont comptés au centre de cette commune. Un nouveau lieu et un arrêt de bus y sont placés aussi.",
		fmt.Sprintf("La distance est celle du vol d’oiseau multipliée par %s, le facteur de route. Où un trajet en voiture est connu, c’est lui qui compte.", facteurDit(e.Facteur)),
	}
	if p.Rapproches.SansRien > 0 {
		phrases = append(phrases, fmt.Sprintf("Dans les moyennes, une commune qui n’a aucune aide à ce moment compte pour %s, la plus longue distance de ce calcul.", textes.Kilometres(float64(p.Plafond))))
	}
	switch e.Genre {
	case couverture.GenreHoraires:
		phrases = append(phrases, "Les lieux possibles sont ceux du périmètre qui donnent cette aide à un endroit fixe, et n’ouvrent pas à ce moment d’après ce que nous savons.")
	case couverture.GenreBus:
		phrases = append(phrases, "Le bus passe une demi-journée par semaine dans une commune où l’aide est trop loin à ce moment, et une fois au plus dans chacune. Une demi-journée y vaut alors un lieu.")
	}
	if e.Objectif == couverture.Approcher {
		return append(phrases, "Le choix est celui qui raccourcit le plus la somme des distances de tous les habitants (p-médiane).")
	}
	return append(phrases, "Le choix est celui qui met le plus d’habitants à portée (couverture maximale)\u00a0; à égalité, le plus proche d’eux. S’il en faut moins que demandé, il y en a moins.")
}
