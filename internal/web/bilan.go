package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/couverture"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// inconnu is what a sheet says of what nobody knows: it invents no figure.
const inconnu = "inconnu"

// routesBilan are the sheets made for paper. Who speaks for a commune prints that
// of their commune; the year of the network is for who coordinates all of it.
func (s *site) routesBilan(e fiber.Router) {
	e.Get("/bilan", s.serveBilans)
	e.Get("/bilan/communes/:code", s.serveBilanCommune)
	e.Get("/bilan/epci/:code", s.serveBilanEPCI)
	e.Get("/bilan/annee", s.withToutCoordonne, s.serveBilanCetteAnnee)
	e.Get("/bilan/annee/:annee", s.withToutCoordonne, s.serveBilanAnnee)
}

// corpsBilans is the page where a sheet is chosen.
type corpsBilans struct {
	Coordonne       bool
	Communes, EPCIs []optionDroit
	Annees          []int
	Remarque        string
}

// serveBilans offers the sheets that the session may print; a form of it leads to
// the one that was chosen.
func (s *site) serveBilans(c *fiber.Ctx) error {
	for nom, chemin := range map[string]string{"commune": "/espace/bilan/communes/", "epci": "/espace/bilan/epci/", "annee": "/espace/bilan/annee/"} {
		if v := c.Query(nom); v != "" && chiffres(v) {
			return c.Redirect(s.chemin(chemin+v), fiber.StatusSeeOther)
		}
	}
	droits := connexion(c).Compte.Habilitations
	corps := corpsBilans{Coordonne: rang(droits) >= mednum.RoleCoordinateur.Rang()}
	for i := range s.Territoire.Communes {
		if v := &s.Territoire.Communes[i]; v.Dedans && s.Catalogue.ParlePour(droits, v.Code) {
			corps.Communes = append(corps.Communes, optionDroit{v.Code, v.NomCourant()})
		}
	}
	for i := range s.Territoire.EPCIs {
		if e := &s.Territoire.EPCIs[i]; e.Dedans && s.Catalogue.ParlePourEPCI(droits, e.Code) {
			corps.EPCIs = append(corps.EPCIs, optionDroit{e.Code, e.Nom})
		}
	}
	for _, liste := range [][]optionDroit{corps.Communes, corps.EPCIs} {
		slices.SortFunc(liste, func(a, b optionDroit) int { return cmp.Compare(mednum.Normaliser(a.Dit), mednum.Normaliser(b.Dit)) })
	}
	if s.coordonneTout(c) {
		for annee := s.maintenant().Year(); annee > s.maintenant().Year()-anneesMontrees; annee-- {
			corps.Annees = append(corps.Annees, annee)
		}
	}
	return s.rendreEspace(c, "bilans", "Bilans à imprimer", "reseau", corps)
}

// anneesMontrees is how many years the page offers.
const anneesMontrees = 5

func chiffres(texte string) bool {
	return len(texte) <= 9 && strings.Trim(texte, "0123456789AB") == "" // Corsica has letters (2A004)
}

// rendrePapier renders a sheet: no navigation on paper, kept by no cache.
func (s *site) rendrePapier(c *fiber.Ctx, nom, titre string, corps any) error {
	return s.render(c, nom, page{Titre: titre, SansIndex: true, Prive: true, Papier: true, Espace: espaceDe(c, "reseau")}, corps)
}

// socleBilan is what every sheet begins and ends with.
type socleBilan struct {
	Titre, Sur string // whose sheet it is, and of what
	Jour       string // on which it was made
	Calcul     []string
	Adresse    string // where the same is to be read, in full
}

func (s *site) socleBilan(titre, sur, chemin string) socleBilan {
	return socleBilan{Titre: titre, Sur: sur, Jour: textes.DateLongue(s.aujourdhui()), Adresse: s.lien(chemin)}
}

// ligneCouverture is one moment of the week: how near help is, and how much.
type ligneCouverture struct {
	Moment, Distance, Lieu, Heures string
	Dans                           string // people within 10 km, of several communes
}

// momentsBilan are the moments that sheets tell, in their order.
var momentsBilan = couverture.Moments

// questionBilan is what sheets measure: any help, with the usual road factor.
func questionBilan(m couverture.Moment) couverture.Question {
	return couverture.Question{Moment: m, Facteur: couverture.FacteurDefaut}
}

func habitants(n int) string {
	if n == 0 {
		return "population inconnue"
	}
	return textes.Pluriel(n, "habitant", "habitants")
}

// calculBilan says how the figures of coverage are made, in two sentences.
func calculBilan(r *couverture.Resultat) []string {
	return []string{
		fmt.Sprintf("Distances par la route depuis le centre de la commune\u00a0: vol d’oiseau × %s. Un lieu sert un moment s’il ouvre alors une heure au moins dans une semaine ordinaire. Heures d’aide\u00a0: à moins de 10\u00a0km.", facteurDit(r.Facteur)),
		fmt.Sprintf("Calculé sur %s d’ici et des environs, dont %s et %s.", textes.Pluriel(len(r.Offres), "lieu ou arrêt", "lieux ou arrêts"),
			textes.Pluriel(r.NonVerifies, "trop ancien pour être sûr", "trop anciens pour être sûrs"), textes.Pluriel(r.HeuresInconnues, "sans heures connues", "sans heures connues")),
	}
}

// surPlace is the distance, in metres, under which a place is where people are
// taken to live.
const surPlace = 50

// kmBilan is a distance of a sheet, "aucun lieu" where there is none.
func kmBilan(m *couverture.Mesure) string {
	if m == nil || m.Offre == nil {
		return "aucun lieu"
	}
	if m.Distance < surPlace {
		return "au centre de la commune"
	}
	return textes.Kilometres(m.Distance)
}

// evolution is what changed in a part of the territory since a day.
type evolution struct {
	Depuis           string
	Inconnu          string // why nothing can be said, "" otherwise
	Parus, Disparus  []string
	AutresParus      int
	AutresDisparus   int
	Avant, Apres     string // distance to the nearest place, then and now
	HeuresAvant      string
	HeuresApres      string
	Verifies, Listes int // places checked since, of those of today
}

// offresBilan is how many places that came or went a sheet names.
const offresBilan = 5

// mesureBilan is the answer of today for a moment. Sheets leave itineraries aside:
// what they tell can then be compared with a day on which there were none.
func (s *site) mesureBilan(ctx context.Context, m couverture.Moment) *couverture.Resultat {
	r := s.couverture(ctx, questionBilan(m))
	if r.Reelles == 0 {
		return r
	}
	return couverture.Mesurer(couverture.Communes(s.Territoire), r.Inventaire, r.Question, nil)
}

// mesureAu is that of a day that is over; nil, and the reason, where the journal
// knew nothing then.
func (s *site) mesureAu(ctx context.Context, jour mednum.Date) (*couverture.Resultat, string, error) {
	if premier, vide := s.videAu(jour); vide {
		return nil, journalCommence(premier), nil
	}
	avant, premier, err := s.inventaireAu(ctx, jour)
	if err != nil {
		return nil, "", err
	}
	if avant == nil {
		s.noterVide(jour, premier)
		return nil, journalCommence(premier), nil
	}
	return couverture.Mesurer(couverture.Communes(s.Territoire), avant, questionBilan(couverture.MomentTous), nil), "", nil
}

func journalCommence(premier mednum.Date) string {
	return "inconnu, le journal commence " + leJour(premier)
}

func leJour(d mednum.Date) string {
	if d.IsZero() {
		return "aujourd’hui"
	}
	return "le " + dateDite(d)
}

// nommerOffres names the offers that dans keeps, and counts the others.
func nommerOffres(offres []*couverture.Offre, dans func(*couverture.Offre) bool) (noms []string, autres int) {
	vus := map[string]bool{}
	for _, o := range offres {
		if !dans(o) || vus[o.Lieu] {
			continue
		}
		vus[o.Lieu] = true
		if len(noms) == offresBilan {
			autres++
			continue
		}
		noms = append(noms, o.Nom)
	}
	return noms, autres
}

// ilYAUnAn is the same day a year ago.
func (s *site) ilYAUnAn() mednum.Date {
	return mednum.DateOf(s.maintenant().AddDate(-1, 0, 0))
}

// verifiesDepuis counts, of these places, those whose last check is not older
// than a day.
func verifiesDepuis(lieux []*mednum.Lieu, jour mednum.Date) (n int) {
	for _, l := range lieux {
		if !l.VerifieLe.IsZero() && l.VerifieLe.Compare(jour) >= 0 {
			n++
		}
	}
	return n
}

// anneeDe reads the year of an address: from 2000 to the present one.
func (s *site) anneeDe(c *fiber.Ctx) (int, error) {
	annee, err := strconv.Atoi(c.Params("annee"))
	if err != nil || annee < 2000 || annee > s.maintenant().Year() {
		return 0, &refus{fiber.StatusNotFound, "annee", fmt.Sprintf("Choisissez une année de 2000 à %d.", s.maintenant().Year())}
	}
	return annee, nil
}
