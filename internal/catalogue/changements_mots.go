package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// recit is a revision in plain French; nature is "" when the public saw nothing.
type recit struct {
	nature  NatureChangement
	objets  []string
	phrases []string
}

// visible tells whether a place has a public page: it is published, or it was
// and is closed for good.
func visible(l *mednum.Lieu) bool {
	return l != nil && (l.Statut == mednum.StatutPublie || l.Statut == mednum.StatutFerme)
}

// raconter says what a revision of that day changed for the public. avant is nil
// for a new place.
func raconter(avant, apres *mednum.Lieu, jour mednum.Date) recit {
	switch {
	case !visible(avant) && apres.Statut == mednum.StatutPublie:
		return recit{nature: LieuNouveau, phrases: arrivee(avant, apres)}
	case !visible(avant):
		return recit{}
	case apres.Statut == mednum.StatutFusionne:
		return recit{nature: LieuReuni, phrases: []string{"Réuni avec un autre lieu de la liste."}}
	case !visible(apres):
		return recit{nature: LieuRetire, phrases: []string{"Retiré de la liste."}}
	case apres.Statut == mednum.StatutFerme:
		return fermerPourDeBon(avant, apres)
	case avant.Statut == mednum.StatutFerme:
		r := differer(avant, apres, jour)
		return recit{LieuRouvert, r.objets, append([]string{"Ce lieu n’est plus fermé."}, r.phrases...)}
	}
	return differer(avant, apres, jour)
}

// arrivee presents a place that comes into the list.
func arrivee(avant, apres *mednum.Lieu) []string {
	debut := "Nouveau lieu dans la liste."
	if avant != nil && avant.Statut != mednum.StatutPropose {
		debut = "De nouveau dans la liste."
	}
	phrases := []string{debut}
	if !apres.Itinerant() && apres.Champs.Adresse != "" {
		phrases = append(phrases, "Adresse"+deuxPoints+apres.Champs.Adresse+", "+apres.Champs.CodePostal+" "+apres.Champs.Commune+".")
	}
	if apres.Champs.Horaires != "" && !apres.Itinerant() {
		phrases = append(phrases, "Horaires"+deuxPoints+court(direHoraires(apres.Champs.Horaires))+".")
	}
	return phrases
}

func fermerPourDeBon(avant, apres *mednum.Lieu) recit {
	if apres.Fermeture == nil || avant.Fermeture != nil && *avant.Fermeture == *apres.Fermeture {
		return recit{}
	}
	return recit{nature: LieuFerme, phrases: []string{textes.Majuscule(DireFermeture(apres.Fermeture)) + "."}}
}

const deuxPoints = "\u00a0: "

// muets are the differences that are no news: of what the service does not show,
// or says by another difference; a check alone changes nothing for who comes.
var muets = []mednum.Champ{
	mednum.ChampPivot, mednum.ChampCodeInsee, mednum.ChampSource, mednum.ChampDateMaj,
	"statut", "verifie_le", "attente", champTenue,
}

// discrets are told without their values: what people took out of a page, a
// number or an address of theirs, is not to stay in a feed.
var discrets = []mednum.Champ{
	mednum.ChampTelephone, mednum.ChampCourriels, mednum.ChampPresentationResume, mednum.ChampPresentationDetail, "position",
}

// differer says the differences between two published states.
func differer(avant, apres *mednum.Lieu, jour mednum.Date) recit {
	r := recit{nature: LieuModifie}
	a, b := sansDetails(avant, jour), sansDetails(apres, jour)
	for _, d := range mednum.Differences(&a, &b) {
		if slices.Contains(muets, d.Champ) {
			continue
		}
		if objet := objetDe(d); !slices.Contains(r.objets, objet) {
			r.objets = append(r.objets, objet)
		}
		r.phrases = append(r.phrases, strings.ReplaceAll(direChangement(d), "….", "…"))
	}
	if arretsDeplaces(avant, apres) {
		r.objets = append(r.objets, "position d’un arrêt")
		r.phrases = append(r.phrases, "Position d’un arrêt sur la carte"+deuxPoints+"corrigée.")
	}
	if len(r.phrases) == 0 {
		return recit{}
	}
	if apres.VerifieLe != avant.VerifieLe && !apres.VerifieLe.IsZero() {
		r.phrases = append(r.phrases, "Vérifié le "+direDates(apres.VerifieLe.String())+".")
	}
	return r
}

// sansDetails is a place without what is private, without the coordinates of
// stops, which would stand in the words of a permanence, without exceptions that
// are over, whose end is no news, and, of an itinerant service, without its seat,
// where nobody is received.
func sansDetails(l *mednum.Lieu, jour mednum.Date) mednum.Lieu {
	copie := l.SansComptes()
	for i := range copie.Permanences {
		if p := &copie.Permanences[i]; p.Arret != nil {
			arret := *p.Arret
			arret.Latitude, arret.Longitude = nil, nil
			p.Arret = &arret
		}
	}
	if f := &copie.Champs; copie.Itinerant() {
		f.Adresse, f.ComplementAdresse, f.CodePostal, f.Commune, f.Horaires = "", "", "", "", ""
		f.Latitude, f.Longitude = nil, nil
	}
	copie.Exceptions = slices.DeleteFunc(slices.Clone(l.Exceptions), func(e mednum.Exception) bool { return e.Au.Compare(jour) < 0 })
	return copie
}

// arretsDeplaces tells whether a stop that stays has another position.
func arretsDeplaces(avant, apres *mednum.Lieu) bool {
	places := map[string]*mednum.Arret{}
	for i := range avant.Permanences {
		places[avant.Permanences[i].ID] = avant.Permanences[i].Arret
	}
	for i := range apres.Permanences {
		p := &apres.Permanences[i]
		if a := places[p.ID]; a != nil && p.Arret != nil && (!memeDegre(a.Latitude, p.Arret.Latitude) || !memeDegre(a.Longitude, p.Arret.Longitude)) {
			return true
		}
	}
	return false
}

func memeDegre(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// objetDe names what a difference is of, in a word or two.
func objetDe(d mednum.Difference) string {
	if d.Champ != champException {
		return textes.Minuscule(d.Champ.Libelle())
	}
	if strings.HasPrefix(cmp.Or(d.Apres, d.Avant), "ouvert") {
		return "ouverture exceptionnelle"
	}
	return "fermeture exceptionnelle"
}

// What a Difference may be of, beside the columns of the standard.
const (
	champException  mednum.Champ = "exception"
	champPermanence mednum.Champ = "permanence"
)

// direChangement is one sentence: "Horaires : avant le lundi… → maintenant le
// mardi…", "Fermé du 24 au 31 décembre (congés)".
func direChangement(d mednum.Difference) string {
	mots := EnMots(d, func(string) string { return "quelqu’un" })
	avant, apres := court(mots.Avant), court(mots.Apres)
	switch {
	case slices.Contains(discrets, d.Champ):
		return d.Libelle + deuxPoints + discretement(d) + "."
	case d.Champ == champException:
		return direException(d, avant, apres)
	case d.Champ == champPermanence && d.Avant == "":
		return "Nouvelle permanence" + deuxPoints + textes.Minuscule(apres) + "."
	case d.Champ == champPermanence && d.Apres == "":
		return "Permanence supprimée" + deuxPoints + textes.Minuscule(avant) + "."
	case d.Champ == champPermanence || d.Champ == mednum.ChampHoraires:
		avant, apres = textes.Minuscule(avant), textes.Minuscule(apres)
	}
	if d.Avant == "" {
		return d.Libelle + deuxPoints + "maintenant " + apres + "."
	}
	return d.Libelle + deuxPoints + "avant " + avant + " → maintenant " + apres + "."
}

// direException says a closing or an opening, and of which permanence where it is
// not of the whole place.
func direException(d mednum.Difference, avant, apres string) string {
	de := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(d.Libelle, d.Champ.Libelle()), " ("), ")")
	if de != "" {
		de += deuxPoints
	}
	switch "" {
	case d.Apres:
		return textes.Majuscule(de+"annulé") + " (" + avant + ")."
	case d.Avant:
		return textes.Majuscule(de+apres) + "."
	}
	return textes.Majuscule(de+"avant "+avant+" → maintenant "+apres) + "."
}

func discretement(d mednum.Difference) string {
	switch "" {
	case d.Avant:
		return "donné par le lieu"
	case d.Apres:
		return "retiré"
	}
	return "changé"
}

// court cuts what would fill a feed's entry by itself.
func court(texte string) string {
	const longueur = 300
	if r := []rune(texte); len(r) > longueur {
		return strings.TrimSpace(string(r[:longueur])) + "…"
	}
	return strings.TrimSuffix(texte, ".")
}
