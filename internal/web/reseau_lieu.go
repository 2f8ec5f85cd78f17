package web

import (
	"slices"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// lieuReseau is a place as the desk of those who coordinate sees it.
type lieuReseau struct {
	*catalogue.Vue
	EPCI      string   // SIREN, horsEPCI where its commune is in none of the territory's
	NomEPCI   string   // "" for horsEPCI
	Etat      string   // a key of etatsReseau
	Fraicheur string   // a key of tranches
	Manques   []string // keys of renseignements
	Sortes    []string // keys of sortes
	Equipe    []string // who answers for it, by name: asked of the accounts where it is shown

	cleCommune string // what its commune sorts by
}

const horsEPCI = "autre"

// publie tells whether the figures of the board count the place.
func (l *lieuReseau) publie() bool { return l.Etat == etatPublie || l.Etat == etatConfirmer }

// The states of a place for those who coordinate.
const (
	etatPublie    = "publie"
	etatConfirmer = "confirmer" // published, and past the limit of its source
	etatPropose   = "propose"
	etatFerme     = "ferme"
)

var etatsReseau = []choixFiltre{{etatPublie, "À jour"}, {etatConfirmer, "À confirmer"}, {etatPropose, "Proposé"}, {etatFerme, "Fermé définitivement"}}

// tranche is a span of ages of what is known of a place: from under Mois months
// ago, 0 without a limit.
type tranche struct {
	Cle, Nom string
	Mois     int
}

// tranches are the spans of ages, from the newest; the last two have no limit
// and no date.
var tranches = []tranche{
	{"moins-6-mois", "Moins de 6 mois", 6},
	{"6-12-mois", "De 6 à 12 mois", 12},
	{"12-18-mois", "De 12 à 18 mois", 18},
	{"plus-18-mois", "Plus de 18 mois", 0},
	{sansDate, "Sans date", 0},
}

const sansDate = "sans-date"

// fraicheurDe is the span of a date, on a day: "less than 6 months" is since that
// day six months ago.
func fraicheurDe(d, jour mednum.Date) string {
	if d.IsZero() {
		return sansDate
	}
	for _, f := range tranches {
		if f.Mois == 0 || d.Compare(jour.AddMois(-f.Mois)) >= 0 {
			return f.Cle
		}
	}
	return sansDate
}

// renseignement is something that a place should say.
type renseignement struct {
	Cle, Nom string
	Manque   func(*catalogue.Vue) bool
}

// renseignements are what a place should say, in the order of its page.
var renseignements = []renseignement{
	{"horaires", "Horaires", func(v *catalogue.Vue) bool { return !aHeures(&v.Lieu) }},
	{"telephone", "Téléphone", func(v *catalogue.Vue) bool { return v.Champs.Telephone == "" }},
	{"courriel", "Courriel", func(v *catalogue.Vue) bool { return len(v.Champs.Courriels) == 0 }},
	{"services", "Services", func(v *catalogue.Vue) bool { return len(v.Champs.Services) == 0 }},
	{"acces", "Comment venir", func(v *catalogue.Vue) bool { return len(v.Champs.ModalitesAcces) == 0 }},
	{"prix", "Prix", func(v *catalogue.Vue) bool { return len(v.Champs.FraisACharge) == 0 }},
	{"presentation", "Présentation", func(v *catalogue.Vue) bool { return v.Champs.PresentationResume == "" }},
	{"point", "Point exact sur la carte", func(v *catalogue.Vue) bool {
		_, place := v.Position()
		return !v.Itinerant() && (!place || v.Precision == mednum.PrecisionCommune)
	}},
}

// aHeures tells whether a place says when somebody is there: its hours, or those of
// a permanence, that can be read.
func aHeures(l *mednum.Lieu) bool {
	lisible := func(texte string) bool {
		_, err := horaires.Parse(texte)
		return texte != "" && err == nil
	}
	return lisible(l.Champs.Horaires) || slices.ContainsFunc(l.Permanences, func(p mednum.Permanence) bool { return lisible(p.Regle) })
}

// complet is how much of renseignements the place says, in percent, downwards:
// 100 is for nothing missing.
func (l *lieuReseau) complet() int {
	return (len(renseignements) - len(l.Manques)) * 100 / len(renseignements)
}

// sorte is a family of places for those who coordinate. A place may be of several.
type sorte struct {
	Cle, Nom string
	Est      func(*catalogue.Vue) bool
}

const sansSorte = "aucune"

// sortes are the families of the public, and two that the network counts besides.
var sortes = []sorte{
	{string(mednum.FamilleFranceServices), "France Services", func(v *catalogue.Vue) bool { return v.Est(mednum.FamilleFranceServices) }},
	{"conseiller_numerique", "Conseillers numériques", func(v *catalogue.Vue) bool { return slices.Contains(v.Champs.Dispositifs, "Conseillers numériques") }},
	{string(mednum.FamilleMediation), "Médiation numérique", func(v *catalogue.Vue) bool { return v.Est(mednum.FamilleMediation) }},
	{string(mednum.FamilleTiersLieu), "Tiers-lieux", func(v *catalogue.Vue) bool { return v.Est(mednum.FamilleTiersLieu) }},
	{"itinerant", "Bus et services itinérants", func(v *catalogue.Vue) bool { return v.Itinerant() }},
}

// observer is a place for the desk, on a day.
func (s *site) observer(v *catalogue.Vue, jour mednum.Date) lieuReseau {
	l := lieuReseau{Vue: v, EPCI: horsEPCI, Fraicheur: fraicheurDe(v.Preuve.Date, jour), cleCommune: mednum.Normaliser(v.Champs.Commune)}
	if v.Commune != nil {
		if e, ok := s.Territoire.EPCI(v.Commune.EPCI); ok {
			l.EPCI, l.NomEPCI = e.Code, e.Nom
		}
	}
	switch {
	case v.Statut == mednum.StatutPropose:
		l.Etat = etatPropose
	case v.Statut == mednum.StatutFerme:
		l.Etat = etatFerme
	case s.Catalogue.Perime(v):
		l.Etat = etatConfirmer
	default:
		l.Etat = etatPublie
	}
	for _, r := range renseignements {
		if r.Manque(v) {
			l.Manques = append(l.Manques, r.Cle)
		}
	}
	for _, f := range sortes {
		if f.Est(v) {
			l.Sortes = append(l.Sortes, f.Cle)
		}
	}
	return l
}

// nomsDes are the names of keys, in the order of a list of choices.
func nomsDes(cles []string, choix []choixFiltre) []string {
	var noms []string
	for _, x := range choix {
		if slices.Contains(cles, x.Valeur) {
			noms = append(noms, x.Nom)
		}
	}
	return noms
}

func choixFraicheur() (choix []choixFiltre) {
	for _, f := range tranches {
		choix = append(choix, choixFiltre{f.Cle, f.Nom})
	}
	return choix
}

func choixManques() (choix []choixFiltre) {
	for _, r := range renseignements {
		choix = append(choix, choixFiltre{r.Cle, r.Nom})
	}
	return choix
}

func choixSortes() (choix []choixFiltre) {
	for _, f := range sortes {
		choix = append(choix, choixFiltre{f.Cle, f.Nom})
	}
	return choix
}

// epciDes are the intercommunalities of places, by name.
func (s *site) epciDes(lieux []lieuReseau) (choix []choixFiltre) {
	for i := range s.Territoire.EPCIs {
		e := &s.Territoire.EPCIs[i]
		if slices.ContainsFunc(lieux, func(l lieuReseau) bool { return l.EPCI == e.Code }) {
			choix = append(choix, choixFiltre{e.Code, e.Nom})
		}
	}
	if slices.ContainsFunc(lieux, func(l lieuReseau) bool { return l.EPCI == horsEPCI }) {
		choix = append(choix, choixFiltre{horsEPCI, "Ailleurs, ou inconnue"})
	}
	return choix
}

// manquesDits says what a place does not say: "horaires, prix".
func (l *lieuReseau) manquesDits() string {
	noms := nomsDes(l.Manques, choixManques())
	for i, n := range noms {
		noms[i] = textes.Minuscule(n)
	}
	return joindre(noms...)
}
