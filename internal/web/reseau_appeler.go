package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/textes"
)

const cheminAppeler = "/espace/reseau/appeler"

// appelsParPage is how many places one page has; the next ones come as these are
// answered.
const appelsParPage = 40

func (s *site) routesAppeler(r fiber.Router) {
	r.Get("/appeler", s.serveAppeler)
	r.Post("/appeler/:id/verifie", s.postAppelVerifie)
	r.Post("/appeler/:id/sans-reponse", s.postAppelSansReponse)
	r.Post("/appeler/:id/reprendre", s.postAppelReprendre)
}

// aAppeler is one place to call.
type aAppeler struct {
	lieuReseau
	Raison    string // why it is here: "Information de mars 2022"
	Numero    bool   // its number is said to be wrong
	Questions []string
	Heures    []string // what is known of its hours, in words
	Sans      string   // "2 appels sans réponse, le dernier le 24 novembre par Jeanne", "" for none
	Reprise   string   // when it comes back, "" where it is to be called now
	grave     int      // greater first
}

// appels are the places to call, worst first, and those that wait until they are
// called again.
type appels struct{ AFaire, Remis []aAppeler }

// appels are the places of the session whose information is too old, or that a
// citizen says are closed or have another number, and that have a number.
func (s *site) appels(c *fiber.Ctx) (appels, error) {
	var a appels
	essais, err := s.Appels.Tous(c.UserContext())
	if err != nil {
		return a, err
	}
	plaintes, err := s.plaintes(c)
	if err != nil {
		return a, err
	}
	for _, l := range s.lieuxReseau(c) {
		plainte, plaint := plaintes[l.ID]
		if !l.publie() || l.Champs.Telephone == "" || l.Etat != etatConfirmer && !plaint {
			continue
		}
		p := aAppeler{lieuReseau: l, Raison: s.raisonAppel(&l)}
		if plaint {
			p.Raison, p.grave = plainte.dite, plainte.grave
			p.Numero = plainte.grave == numeroFaux
		}
		appel := essais[l.ID]
		appel.Essais = slices.DeleteFunc(slices.Clone(appel.Essais), func(e reseau.Essai) bool {
			return mednum.DateOf(e.Le.In(s.Territoire.Location())).Compare(l.VerifieLe) <= 0
		})
		if n := len(appel.Essais); n > 0 {
			p.Sans = textes.Pluriel(n, "appel", "appels") + " sans réponse"
			if reprise := appel.Reprise(s.Territoire.Location()); s.Now().Before(reprise) {
				p.Reprise = textes.Jour(reprise)
				a.Remis = append(a.Remis, p)
				continue
			}
		}
		a.AFaire = append(a.AFaire, p)
	}
	for _, liste := range [][]aAppeler{a.AFaire, a.Remis} {
		slices.SortStableFunc(liste, func(x, y aAppeler) int {
			return cmp.Or(y.grave-x.grave, x.Preuve.Date.Compare(y.Preuve.Date), cmp.Compare(x.cleCommune, y.cleCommune))
		})
	}
	return a, nil
}

// What citizens say of a place, worst last.
const (
	numeroFaux = 1 + iota
	ditFerme
)

type plainte struct {
	dite  string
	grave int
}

// plaintes are what citizens say of places and that nobody has answered, by id: a
// place that is said to be closed, or a number that is wrong.
func (s *site) plaintes(c *fiber.Ctx) (map[string]plainte, error) {
	ouverts, err := s.Signales.Ouverts(c.UserContext())
	if err != nil {
		return nil, err
	}
	dites := map[string]plainte{}
	for _, x := range s.Signales.De(s.coordonneParmi(c), ouverts) {
		switch {
		case mednum.DateOf(x.Dernier.In(s.Territoire.Location())).Compare(x.Vue.VerifieLe) <= 0: // somebody called since
		case x.Nature == ecoute.NatureFerme:
			dites[x.Vue.ID] = plainte{"On nous dit que c’est fermé", ditFerme}
		case x.Nature == ecoute.NatureNumero && dites[x.Vue.ID].grave == 0:
			dites[x.Vue.ID] = plainte{"On nous dit que ce numéro est faux", numeroFaux}
		}
	}
	return dites, nil
}

func (s *site) raisonAppel(l *lieuReseau) string {
	if l.Preuve.Date.IsZero() {
		return "Information sans date"
	}
	return "Information " + textes.De(textes.Mois(l.Preuve.Date.Annee, l.Preuve.Date.Mois))
}

// questionsAppel are what to ask, what matters most first, three at most.
func (s *site) questionsAppel(v *catalogue.Vue) []string {
	_, aDesHeures := heuresAppel(v)
	var q []string
	switch {
	case s.Catalogue.Ambigu(v):
		q = append(q, "Le lieu est-il toujours ouvert ? Ces horaires sont-ils ceux du lieu, ou ceux de l’aide ?")
	case v.Itinerant():
		q = append(q, "Le service passe-t-il toujours ? Où, et quels jours ?")
	case aDesHeures:
		q = append(q, "Le lieu est-il toujours ouvert, à ces horaires ?")
	default:
		q = append(q, "Le lieu est-il toujours ouvert ? Quels sont ses jours et ses heures ?")
	}
	for _, x := range []struct {
		manque bool
		quoi   string
	}{
		{len(v.Champs.Services) == 0, "Quelle aide donnez-vous ?"},
		{len(v.Champs.ModalitesAcces) == 0, "Faut-il un rendez-vous ?"},
		{len(v.Champs.FraisACharge) == 0, "Est-ce gratuit ?"},
		{len(v.Champs.Courriels) == 0, "À quelle adresse vous écrire ?"},
	} {
		if x.manque && len(q) < 3 {
			q = append(q, x.quoi)
		}
	}
	return q
}

// heuresAppel are the hours that are known, one line each; false where none is.
func heuresAppel(v *catalogue.Vue) (lignes []string, ok bool) {
	if v.Heures != nil {
		lignes = append(lignes, textes.Majuscule(textes.Regle(v.Heures)))
	} else if v.Champs.Horaires != "" {
		lignes = append(lignes, "Notés ainsi : "+v.Champs.Horaires)
	}
	for i := range v.Permanences {
		p := &v.Permanences[i]
		regle := v.RegleUsuelle(p.ID)
		if regle == nil {
			continue
		}
		titre := cmp.Or(p.Intitule, "Permanence")
		if p.Arret != nil {
			titre = cmp.Or(p.Arret.Nom, p.Arret.Commune)
		}
		lignes = append(lignes, titre+" : "+textes.Regle(regle))
	}
	return lignes, len(lignes) > 0
}

// corpsAppeler is the page of the calls.
type corpsAppeler struct {
	Total   int
	Appels  []aAppeler
	Remis   []aAppeler
	EPCI    []choixVu
	Filtre  string // SIREN, "" for all
	Rang    int    // before which call what was just done is said
	Annuler string // id of the place whose call in vain may be taken back
	Nom     string // of that place
}

func (s *site) serveAppeler(c *fiber.Ctx) error {
	a, err := s.appels(c)
	if err != nil {
		return err
	}
	corps := corpsAppeler{}
	tous := make([]lieuReseau, 0, len(a.AFaire)+len(a.Remis))
	for _, p := range slices.Concat(a.AFaire, a.Remis) {
		tous = append(tous, p.lieuReseau)
	}
	for _, x := range s.epciDes(tous) {
		choisi := x.Valeur == c.Query("epci")
		if choisi {
			corps.Filtre = x.Valeur
		}
		corps.EPCI = append(corps.EPCI, choixVu{x.Valeur, x.Nom, choisi})
	}
	dedans := func(liste []aAppeler) []aAppeler {
		return slices.DeleteFunc(liste, func(p aAppeler) bool { return corps.Filtre != "" && p.EPCI != corps.Filtre })
	}
	corps.Appels, corps.Remis = dedans(a.AFaire), dedans(a.Remis)
	corps.Total = len(corps.Appels)
	corps.Appels = corps.Appels[:min(appelsParPage, corps.Total)]
	for i := range corps.Appels {
		p := &corps.Appels[i]
		p.Questions = s.questionsAppel(p.Vue)
		if p.Numero {
			p.Questions = slices.Insert(p.Questions, 0, "Est-ce bien le numéro de ce lieu ? Sinon, la mairie ou son site a le bon : mettez-le par « Ça a changé ».")
		}
		p.Heures, _ = heuresAppel(p.Vue)
	}
	if err := s.direEssais(c, corps.Appels, corps.Remis); err != nil {
		return err
	}
	if n, err := strconv.Atoi(c.Query("rang")); err == nil && n > 0 {
		corps.Rang = min(n, len(corps.Appels))
	}
	i := slices.IndexFunc(corps.Remis, func(p aAppeler) bool { return p.ID == c.Query("remis") })
	if i >= 0 {
		corps.Annuler, corps.Nom = corps.Remis[i].ID, corps.Remis[i].Champs.Nom
	}
	return s.rendreEspace(c, "appeler", "À appeler", "reseau", corps)
}

// direEssais says of the places on the page who called last, and when.
func (s *site) direEssais(c *fiber.Ctx, listes ...[]aAppeler) error {
	essais, err := s.Appels.Tous(c.UserContext())
	if err != nil || len(essais) == 0 {
		return err
	}
	var ids []string
	for _, a := range essais {
		for _, e := range a.Essais {
			if id, ok := mednum.CompteDe(e.Par); ok {
				ids = append(ids, id)
			}
		}
	}
	noms, err := s.Comptes.Noms(c.UserContext(), ids)
	if err != nil {
		return err
	}
	for _, liste := range listes {
		for i := range liste {
			if p := &liste[i]; p.Sans != "" {
				dernier := essais[p.ID].Essais[len(essais[p.ID].Essais)-1]
				p.Sans += ", le dernier le " + s.momentDit(dernier.Le) + " par " + catalogue.DireAuteur(dernier.Par, noms)
			}
		}
	}
	return nil
}

// versSuite goes on with the calls: to the one that comes in the place of the one
// that was just answered.
func (s *site) versSuite(c *fiber.Ctx, q url.Values) error {
	for _, nom := range []string{"epci", "rang"} {
		if v := c.FormValue(nom); v != "" {
			q.Set(nom, v)
		}
	}
	return c.Redirect(s.chemin(cheminAppeler+"?"+q.Encode()+"#suite"), fiber.StatusSeeOther)
}

// postAppelVerifie notes that somebody of the place said, by phone, that all is
// right: the check is today's, and the history says how it was made.
func (s *site) postAppelVerifie(c *fiber.Ctx) error {
	e, err := s.edition(c)
	if err != nil {
		return err
	}
	v, err := s.lieuDuReseau(c)
	if err != nil {
		return err
	}
	e.Voie = registre.VoieTelephone
	jour := mednum.DateOf(s.maintenant())
	l, err := s.Catalogue.Modifier(c.UserContext(), v.ID, e, func(l *mednum.Lieu) error { return l.Verifier(jour, e.Auteur, jour) })
	if estCode(err, mednum.Perime) {
		return s.rendrePerime(c, v, e.Version)
	}
	if err != nil {
		return err
	}
	return s.versSuite(c, url.Values{"fait": {"appele"}, "lieu": {l.ID}, "version": {strconv.Itoa(l.Version)}})
}

// postAppelSansReponse puts a call off.
func (s *site) postAppelSansReponse(c *fiber.Ctx) error {
	v, err := s.lieuDuReseau(c)
	if err != nil {
		return err
	}
	if _, err := s.Appels.SansReponse(c.UserContext(), v.ID, connexion(c).Compte.Auteur()); err != nil {
		return err
	}
	return s.versSuite(c, url.Values{"fait": {"sans-reponse"}, "remis": {v.ID}})
}

// postAppelReprendre takes the last call in vain back.
func (s *site) postAppelReprendre(c *fiber.Ctx) error {
	v, err := s.lieuDuReseau(c)
	if err != nil {
		return err
	}
	if err := s.Appels.Reprendre(c.UserContext(), v.ID, connexion(c).Compte.Auteur()); err != nil {
		return err
	}
	return s.versSuite(c, url.Values{"fait": {"appel-repris"}})
}
