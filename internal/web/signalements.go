package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// signalesParPage is how many open reports stand with their buttons above the
// list: the next ones come when these are decided.
const signalesParPage = 10

// corpsSignalements is the queue of reports: those that wait, with what may be
// done at once, and the list of all of them.
type corpsSignalements struct {
	Coordonne bool
	Ouverts   []signalementVu
	Total     int            // that wait
	Fait      *signalementVu // what this person has just decided
	Tableau   *tableau
}

// corpsSignalement is the page of one report.
type corpsSignalement struct {
	Coordonne bool
	Vu        signalementVu
}

// signalementVu is a report in words.
type signalementVu struct {
	ecoute.Lu
	Quoi, Age, Fois  string // "C’est fermé", "12 jours", "3 fois"
	Jours            int
	Textes           []string
	Telephone        string // of the place, "" for none
	Ferme            bool   // the place is closed already
	Dehors           bool   // it is not this person's to change
	Clos             bool
	Decision, Qui    string // of a closed one: "Fermé pour toujours", "Paul Essai"
	Quand            string
	Repond, Attendus int // who was answered, who waits for it
	Saisie           *saisie
}

// decisionsDites are what was decided, as the list says it.
var decisionsDites = map[ecoute.Decision]string{
	ecoute.DecisionFerme: "Fermé pour toujours", ecoute.DecisionPause: "Fermé pour un temps", ecoute.DecisionNumero: "Numéro changé ou retiré",
	ecoute.DecisionVerifie: "Vérifié, c’est juste", ecoute.DecisionCorrige: "Page corrigée", ecoute.DecisionSansSuite: "Sans suite",
}

func (s *site) routesSignalements(e fiber.Router) {
	e.Get("/frequentation", s.withCoordonne, s.serveFrequentation)
	e.Get("/signalements", s.serveSignalements)
	e.Get("/signalements/:signalement", s.serveSignalement)
	e.Post("/signalements/:signalement/decider", s.postDecider)
	e.Post("/signalements/:signalement/annuler", s.postAnnulerDecision)
	e.Post("/signalements/:signalement/repondre", s.postRepondre)
}

// signales are the reports of the places that this person keeps, those that wait
// first, oldest first, then those that were decided, the last first.
func (s *site) signales(c *fiber.Ctx) (lus []ecoute.Lu, err error) {
	ouverts, err := s.Signales.Ouverts(c.UserContext())
	if err != nil {
		return nil, err
	}
	clos, err := s.Signales.Cloturees(c.UserContext())
	return s.Signales.De(connexion(c).Compte.Habilitations, slices.Concat(ouverts, clos)), err
}

// direSignalements puts reports into words.
func (s *site) direSignalements(c *fiber.Ctx, lus []ecoute.Lu) ([]signalementVu, error) {
	var ids []string
	for i := range lus {
		if id, ok := mednum.CompteDe(lus[i].Par); ok {
			ids = append(ids, id)
		}
	}
	noms, err := s.Comptes.Noms(c.UserContext(), ids)
	if err != nil {
		return nil, err
	}
	attendus, err := s.Signales.Attendus(c.UserContext())
	if err != nil {
		return nil, err
	}
	vus := make([]signalementVu, 0, len(lus))
	for _, x := range lus {
		vu := signalementVu{
			Lu: x, Quoi: naturesDites[x.Nature], Jours: int(s.Now().Sub(x.Le).Hours() / 24), Fois: textes.Pluriel(x.N, "fois", "fois"),
			Telephone: x.Vue.Champs.Telephone, Ferme: x.Vue.Statut == mednum.StatutFerme, Dehors: !s.Catalogue.Couvre(connexion(c).Compte.Habilitations, &x.Vue.Lieu), Clos: x.Etat == ecoute.Clos,
			Repond: x.Repondu, Attendus: attendus[x.ID], Saisie: newSaisie(),
		}
		vu.Age = cmp.Or(map[int]string{0: "aujourd’hui", 1: "hier"}[vu.Jours], "il y a "+textes.Pluriel(vu.Jours, "jour", "jours"))
		for _, d := range slices.Backward(x.Textes) {
			vu.Textes = append(vu.Textes, d.Texte)
		}
		if x.Etat != ecoute.Ouvert {
			vu.Qui, vu.Decision, vu.Quand = catalogue.DireAuteur(x.Par, noms), decisionsDites[x.Decision], s.direQuand(x.Decide)
		}
		vus = append(vus, vu)
	}
	return vus, nil
}

func (s *site) serveSignalements(c *fiber.Ctx) error {
	lus, err := s.signales(c)
	if err != nil {
		return err
	}
	vus, err := s.direSignalements(c, lus)
	if err != nil {
		return err
	}
	corps := corpsSignalements{Coordonne: espaceDe(c, "").Coordonne}
	for i := range vus {
		if vus[i].Clos {
			if vus[i].ID == c.Query("decide") && vus[i].Par == connexion(c).Compte.Auteur() {
				corps.Fait = &vus[i]
			}
			continue
		}
		if corps.Total++; len(corps.Ouverts) < signalesParPage {
			corps.Ouverts = append(corps.Ouverts, vus[i])
		}
	}
	return rendreListe(s, c, listeSignalements, vus, func(t *tableau) error {
		corps.Tableau = t
		return s.rendreLarge(c, "signalements", "Signalements", ongletSignale(c), corps)
	})
}

// ongletSignale is where the pages of reports stand: mediators see those of their
// own places.
func ongletSignale(c *fiber.Ctx) string {
	if espaceDe(c, "").Coordonne {
		return "reseau"
	}
	return "lieux"
}

// listeSignalements is the list of reports. It holds no address of anybody.
var listeSignalements = liste[signalementVu]{
	Chemin: "/espace/signalements", Nom: "signalements", Titre: "Les signalements", Un: "signalement", Plusieurs: "signalements",
	Vide: "Aucun signalement. Ils viennent du lien « Signaler une erreur », sur la page de chaque lieu.",
	Colonnes: []colonne[signalementVu]{
		{Cle: "lieu", Titre: "Lieu", Case: func(x signalementVu) cellule { return lie(x.Vue.Champs.Nom, "/espace/signalements/"+x.ID) }},
		{Cle: "commune", Titre: "Commune", Case: func(x signalementVu) cellule { return texte(x.Vue.Champs.Commune) }},
		{Cle: "quoi", Titre: "Dit", Case: func(x signalementVu) cellule { return texte(x.Quoi) }},
		{Cle: "fois", Titre: "Fois", Case: func(x signalementVu) cellule { return nombre(x.N) }},
		{Cle: "age", Titre: "Âge (jours)", Case: func(x signalementVu) cellule { return nombre(x.Jours) }},
		{Titre: "Téléphone", Case: func(x signalementVu) cellule {
			return cellule{Texte: textes.Telephone(x.Telephone), Tel: x.Telephone}
		}},
		{Cle: "etat", Titre: "État", Case: func(x signalementVu) cellule {
			if x.Clos {
				return cellule{Texte: x.Decision, Detail: x.Qui + ", " + x.Quand}
			}
			return cellule{Texte: "À décider", Signe: "confirmer"}
		}},
		{Titre: "Ce qui est dit", FichierSeul: true, Case: func(x signalementVu) cellule { return texte(strings.Join(x.Textes, " / ")) }},
		{Titre: "Motif", FichierSeul: true, Case: func(x signalementVu) cellule { return texte(x.Motif) }},
	},
	Filtres: []filtre[signalementVu]{
		{Cle: "q", Titre: "Chercher", Passe: func(x signalementVu, v string) bool {
			return tousLesMots(x.Vue.Champs.Nom+" "+x.Vue.Champs.Commune+" "+strings.Join(x.Textes, " "), v)
		}},
		{Cle: "etat-du", Titre: "État", Choix: []choixFiltre{{"ouvert", "À décider"}, {"clos", "Décidés"}}, Passe: func(x signalementVu, v string) bool { return x.Clos == (v == "clos") }},
		{Cle: "nature", Titre: "Dit", Choix: []choixFiltre{{"ferme", "C’est fermé"}, {"numero", "Numéro faux"}, {"autre", "Autre chose"}}, Passe: func(x signalementVu, v string) bool { return string(x.Nature) == v }},
	},
}

func (s *site) serveSignalement(c *fiber.Ctx) error {
	lu, err := s.Signales.Un(c.UserContext(), c.Params("signalement"), connexion(c).Compte.Habilitations)
	if err != nil {
		return err
	}
	return s.rendreSignalement(c, lu, newSaisie())
}

func (s *site) rendreSignalement(c *fiber.Ctx, lu ecoute.Lu, f *saisie) error {
	vus, err := s.direSignalements(c, []ecoute.Lu{lu})
	if err != nil {
		return err
	}
	vus[0].Saisie = f
	if len(f.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
	}
	titre := titreSaisie(f, "Signalement : "+lu.Vue.Champs.Nom)
	return s.rendreEspace(c, "signalement", titre, ongletSignale(c), corpsSignalement{Coordonne: espaceDe(c, "").Coordonne, Vu: vus[0]})
}

// postDecider closes a report: its place is changed, and whoever waits is
// answered.
func (s *site) postDecider(c *fiber.Ctx) error {
	e, err := s.edition(c)
	if err != nil {
		return err
	}
	f := lireSaisie(c)
	choix := ecoute.Choix{Decision: ecoute.Decision(f.V("decision")), Motif: f.V("motif"), Telephone: f.V("telephone")}
	if choix.Decision == ecoute.DecisionPause {
		choix.Au = lireDateDe(f, "au")
	}
	id, page := c.Params("signalement"), "/espace/signalements/"+url.PathEscape(c.Params("signalement"))
	lu, err := s.Signales.Un(c.UserContext(), id, e.Droits)
	if err != nil {
		return err
	}
	if len(f.Fautes) > 0 {
		return s.rendreSignalement(c, lu, f)
	}
	x, err := s.Signales.Decider(c.UserContext(), id, choix, e)
	switch {
	case estCode(err, mednum.Perime) && champDe(err) == "signalement":
		return s.fait(c, page, "deja")
	case estCode(err, mednum.Perime):
		return s.fait(c, page, "lieu-change")
	case f.fauter(err, "motif", "au", "telephone", "decision"):
		return s.rendreSignalement(c, lu, f)
	case err != nil:
		return err
	}
	s.noter(c, registre.Acte{Genre: registre.GenreSignalement, Lieu: lu.Vue.ID, Texte: "Signalement clos (" + textes.Minuscule(naturesDites[x.Nature]) + ") : " + textes.Minuscule(decisionsDites[x.Decision])})
	s.repondreSignalement(c, &x, lu.Vue)
	return c.Redirect(s.chemin("/espace/signalements?decide="+url.QueryEscape(x.ID)), fiber.StatusSeeOther)
}

// postAnnulerDecision opens a report again, and puts its place back as it was.
func (s *site) postAnnulerDecision(c *fiber.Ctx) error {
	e, err := s.edition(c)
	if err != nil {
		return err
	}
	page := "/espace/signalements/" + url.PathEscape(c.Params("signalement"))
	x, err := s.Signales.Annuler(c.UserContext(), c.Params("signalement"), e)
	switch {
	case estCode(err, mednum.Perime):
		return s.fait(c, page, "deja")
	case estCode(err, mednum.Conflit):
		return s.fait(c, page, "decision-reste")
	case err != nil:
		return err
	}
	s.noter(c, registre.Acte{Genre: registre.GenreSignalement, Lieu: s.Catalogue.Devenu(x.Lieu), Texte: "Décision annulée, signalement rouvert (" + textes.Minuscule(naturesDites[x.Nature]) + ")"})
	return s.fait(c, page, "rouvert-signalement")
}

// fileSignalements is the queue as the board shows it.
func (s *site) fileSignalements(c *fiber.Ctx) (attenteFile, error) {
	f := attenteFile{Nom: "Signalements", Phrase: "Ce que des personnes disent de faux sur un lieu.", Lien: "/espace/signalements"}
	liste, err := s.Signales.Ouverts(c.UserContext())
	if err != nil {
		return f, err
	}
	lus := s.Signales.De(connexion(c).Compte.Habilitations, liste)
	if f.Combien = len(lus); f.Combien > 0 {
		f.Depuis = lus[0].Le // the oldest is the first
	}
	return f, nil
}

// signalesDe is how many reports wait for one of the places, 0 when the base does
// not say: the page is worth showing without it.
func (s *site) signalesDe(c *fiber.Ctx, garde func(id string) bool) (n int) {
	if s.Signales == nil {
		return 0
	}
	liste, err := s.Signales.Ouverts(c.UserContext())
	if err != nil {
		return 0
	}
	for i := range liste {
		if garde(s.Catalogue.Devenu(liste[i].Lieu)) {
			n++
		}
	}
	return n
}
