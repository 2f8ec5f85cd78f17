package web

import (
	"fmt"
	"net/url"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/norme"
	"82numerique.fr/adeuxpas/internal/textes"
)

// carteLieu is a place as a list shows it: all that a visitor needs to choose,
// in words.
type carteLieu struct {
	ID, Adresse  string // Adresse: path of its page
	Nom          string
	Arret        string // name of the stop, "" for a fixed place
	IDArret      string // its id, "" for a fixed place
	Familles     string
	Rue          string
	Commune      string
	Distance     string // "à 400 m", "" when not known
	Etat         catalogue.Etat
	Aide         string
	Prix         string
	Acces        string
	Telephone    string // E.164
	TelephoneDe  string // whose number it is when it is not the place's own
	Itineraire   string
	Lat, Lon     float64
	Place        bool // Lat and Lon are known
	Approximatif bool
	Hors         bool
	HorsOu       string // département of a place outside the territory
	Cochable     bool   // can go on the printed sheet
	SansJour     bool   // a stop whose days are not known
	Propre       bool   // Telephone is the place's own
}

func (s *site) cartes(trouves []catalogue.Trouve, choisie *catalogue.Demarche) []carteLieu {
	cartes := make([]carteLieu, 0, len(trouves))
	for _, t := range trouves {
		k := s.carte(t, choisie)
		k.Cochable = true
		cartes = append(cartes, k)
	}
	return cartes
}

func (s *site) cartesDe(vues []*catalogue.Vue, choisie *catalogue.Demarche) []carteLieu {
	cartes := make([]carteLieu, 0, len(vues))
	for _, v := range vues {
		cartes = append(cartes, s.carte(catalogue.Trouve{Vue: v, Distance: -1}, choisie))
	}
	return cartes
}

func (s *site) carte(t catalogue.Trouve, choisie *catalogue.Demarche) carteLieu {
	v := t.Vue
	k := carteLieu{
		ID: v.ID, Adresse: "/lieux/" + v.ID, Nom: v.Champs.Nom,
		Familles: nomsFamilles(&v.Lieu), Rue: v.Champs.Adresse, Commune: v.Champs.Commune,
		Etat: s.Catalogue.Etat(v, t.Arret),
		Aide: aide(&v.Lieu, choisie), Prix: prix(&v.Lieu), Acces: catalogue.Acces(&v.Lieu),
		Hors: v.HorsTerritoire, HorsOu: s.departementDe(v),
		Approximatif: v.Precision == mednum.PrecisionCommune,
	}
	if k.Rue == norme.AdresseInconnue {
		k.Rue = ""
	}
	k.Telephone, k.TelephoneDe = s.numero(&v.Lieu)
	lat, lon := v.Champs.Latitude, v.Champs.Longitude
	switch a := t.Arret; {
	case a != nil && a.Arret != nil:
		k.Arret, k.IDArret, k.Rue, k.Commune = a.Arret.Nom, a.ID, a.Arret.Adresse, a.Arret.Commune
		k.Adresse += "#arret-" + a.ID
		k.Approximatif = a.Arret.Precision == mednum.PrecisionCommune
		k.SansJour = v.Regle(a.ID) == nil
		lat, lon = a.Arret.Latitude, a.Arret.Longitude
	case v.Itinerant():
		k.Rue, k.Commune, lat, lon = "", "", nil, nil // the seat is not an office
	}
	if lat != nil && lon != nil {
		k.Lat, k.Lon, k.Place = *lat, *lon, true
	}
	k.Distance = distance(t.Distance, k)
	k.Itineraire = itineraire(k)
	k.Propre = k.TelephoneDe == ""
	return k
}

// Under this many metres a distance to the centre of a commune says nothing of
// how far the place is.
const presDuCentre = 2000

// distance is how far, in words; a place known only by its commune is "à
// Moissac" from nearby, never "à moins de 50 m".
func distance(metres float64, k carteLieu) string {
	switch {
	case metres < 0:
		return ""
	case k.Approximatif && metres < presDuCentre && k.Commune != "":
		return textes.A(k.Commune)
	}
	return textes.Distance(metres)
}

// itineraire is an address that plans a route: to the point when it is the
// place's own, by the written address when the point is only a commune's
// centre.
func itineraire(k carteLieu) string {
	switch {
	case k.Place && !k.Approximatif:
		return fmt.Sprintf("https://www.openstreetmap.org/directions?to=%.6f%%2C%.6f", k.Lat, k.Lon)
	case k.Rue != "" || k.Commune != "":
		return "https://www.openstreetmap.org/search?query=" + url.QueryEscape(strings.Trim(k.Rue+", "+k.Commune, ", "))
	}
	return ""
}

// numero is the number to call about a place: its own, or the territory's.
func (s *site) numero(l *mednum.Lieu) (numero, de string) {
	if l.Champs.Telephone != "" {
		return l.Champs.Telephone, ""
	}
	return s.Territoire.Telephone, s.Territoire.TelephoneLibelle
}

func nomsFamilles(l *mednum.Lieu) string {
	noms := make([]string, 0, len(l.Familles))
	for _, f := range l.Familles {
		noms = append(noms, textes.Famille(string(f)))
	}
	return strings.Join(noms, " · ")
}

// aide says what the place does for the visitor: in the words of the errand
// when one was chosen and the place serves it, otherwise its first services.
func aide(l *mednum.Lieu, choisie *catalogue.Demarche) string {
	if choisie != nil && choisie.Sert(l) {
		return choisie.Phrase
	}
	var mots []string
	for _, v := range l.Champs.Services {
		mots = append(mots, textes.Service(v))
		if len(mots) == 2 {
			break
		}
	}
	return strings.Join(mots, ". ")
}

func prix(l *mednum.Lieu) string { return strings.Join(l.Champs.FraisACharge, " ou ") }
