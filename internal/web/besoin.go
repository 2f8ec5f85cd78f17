package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// proches is how many places are shown to whoever did not find help.
const proches = 3

// routesBesoin are the pages of whoever did not find help: no account, nothing
// kept in the browser.
func (s *site) routesBesoin(app *fiber.App) {
	f := s.newFormulairePublic("besoin")
	app.Get("/besoin", func(c *fiber.Ctx) error { return s.serveBesoin(c, f) })
	app.Post("/besoin", s.memeOrigine, func(c *fiber.Ctx) error { return s.postBesoin(c, f) })
	app.Get("/besoin/merci", s.serveBesoinMerci)
}

// corpsBesoin is the form of a need, of somebody with or without an account.
type corpsBesoin struct {
	*saisie
	Themes, Moments, Origines []optionDroit
	Jeton                     string // of the form without an account
}

// optionsTheme are the themes in plain words.
func optionsTheme() (options []optionDroit) {
	for _, t := range ecoute.Themes() {
		options = append(options, optionDroit{t, direTheme(t)})
	}
	return options
}

func direTheme(theme string) string {
	if theme == ecoute.ThemeAutre {
		return "Autre chose"
	}
	return textes.Service(theme)
}

var momentsDits = map[ecoute.Moment]string{
	ecoute.MomentPeuImporte: "Peu importe", ecoute.MomentMatin: "Le matin", ecoute.MomentApresMidi: "L’après-midi",
	ecoute.MomentSoir: "Le soir, après 17 h", ecoute.MomentSamedi: "Le samedi",
}

func optionsMoment() (options []optionDroit) {
	for _, m := range ecoute.Moments() {
		options = append(options, optionDroit{string(m), momentsDits[m]})
	}
	return options
}

// lienBesoin is the form of a need with what is known of a search: its commune
// and the first service of its errand.
func (s *site) lienBesoin(corps *corpsResultats) string {
	q := url.Values{}
	if c := s.communeCherchee(corps); c != nil && c.Dedans {
		q.Set("commune", c.NomCourant())
	}
	if corps.Choisie != nil && len(corps.Choisie.Services) > 0 {
		q.Set("theme", corps.Choisie.Services[0])
	}
	if len(q) == 0 {
		return "/besoin"
	}
	return "/besoin?" + q.Encode()
}

// communeCherchee is the commune from which a search starts, nil when none is
// known.
func (s *site) communeCherchee(corps *corpsResultats) *territoire.Commune {
	if g := corps.Situation; g != nil && g.Commune != nil {
		return g.Commune
	}
	if corps.Depart == nil {
		return nil
	}
	c, _ := s.Territoire.CommuneAt(*corps.Depart)
	return c
}

// tropLoin tells whether somebody of the territory, at no special time, has to go
// further than mesures.Loin: what is then counted as a far search.
func (s *site) tropLoin(corps *corpsResultats, res catalogue.Resultats, simple bool) bool {
	c := s.communeCherchee(corps)
	return simple && c != nil && c.Dedans && res.Total > 0 && len(res.SansPosition) == 0 && plusProche(res) > mesures.Loin
}

func (s *site) serveBesoin(c *fiber.Ctx, f *formulairePublic) error {
	x := newSaisie("moment", string(ecoute.MomentPeuImporte))
	if t := strings.Join(strings.Fields(strings.ToValidUTF8(c.Query("commune"), "")), " "); len([]rune(t)) <= texteMax {
		x.Valeurs.Set("commune", t)
	}
	if t := c.Query("theme"); slices.Contains(ecoute.Themes(), t) {
		x.Valeurs.Set("theme", t)
	}
	return s.rendreBesoin(c, x, f.jeton())
}

func (s *site) rendreBesoin(c *fiber.Ctx, x *saisie, jeton string) error {
	p := page{Titre: "Je n’ai pas trouvé d’aide", Canonique: "/besoin", Prive: true, Description: "Dites l’aide numérique qui manque dans votre commune, " + s.Territoire.NomEn + ". Sans compte, sans votre nom."}
	if len(x.Fautes) > 0 {
		p.Titre = "À corriger : je n’ai pas trouvé d’aide"
		c.Status(fiber.StatusBadRequest)
	}
	return s.render(c, "besoin", p, corpsBesoin{saisie: x, Themes: optionsTheme(), Moments: optionsMoment(), Jeton: jeton})
}

// lireBesoin reads the form; what is to be corrected goes into its Fautes.
func (s *site) lireBesoin(x *saisie) ecoute.Besoin {
	b := ecoute.Besoin{Theme: x.V("theme"), Moment: ecoute.Moment(x.V("moment")), Texte: x.V("texte"), Origine: ecoute.Origine(x.V("origine"))}
	commune, corriger := s.communeDite(x.V("commune"))
	if commune == nil {
		x.Fautes["commune"] = corriger
		return b
	}
	b.Commune = commune.Code
	return b
}

// champsBesoin are the fields of the form of a need.
var champsBesoin = []string{"commune", "theme", "moment", "texte", "origine"}

// garderBesoin keeps what the form says by garder; false when it is to be
// corrected.
func (s *site) garderBesoin(x *saisie, garder func(ecoute.Besoin) error) (commune string, ok bool, err error) {
	b := s.lireBesoin(x)
	err = garder(b)
	dit := x.Fautes["commune"] // says more than the room can
	if err != nil && x.fauter(err, champsBesoin...) {
		err = nil
	}
	if dit != "" {
		x.Fautes["commune"] = dit
	}
	return b.Commune, err == nil && len(x.Fautes) == 0, err
}

// postBesoin keeps a need. A program is answered like a person.
func (s *site) postBesoin(c *fiber.Ctx, f *formulairePublic) error {
	x := lireSaisie(c)
	if f.robot(c) {
		return c.Redirect(s.chemin("/besoin/merci"), fiber.StatusSeeOther)
	}
	numero, corriger := f.numero(c)
	if corriger != "" {
		x.Fautes["envoyer"] = corriger
		return s.rendreBesoin(c, x, f.garder(c))
	}
	if b := s.lireBesoin(x); s.Besoins.Verifier(b) != nil || len(x.Fautes) > 0 { // to correct a field costs nothing
		if _, _, err := s.garderBesoin(x, s.Besoins.Verifier); err != nil {
			return err
		}
		return s.rendreBesoin(c, x, f.garder(c))
	}
	return f.passer(c, func() error {
		commune, _, err := s.garderBesoin(x, func(b ecoute.Besoin) error { return s.Besoins.Dire(c.UserContext(), numero, b) })
		if err != nil {
			return err
		}
		q := url.Values{"commune": {commune}, "theme": {x.V("theme")}}
		return c.Redirect(s.chemin("/besoin/merci?"+q.Encode()), fiber.StatusSeeOther)
	})
}

// corpsBesoinMerci is what is shown to whoever told a need: who can help
// nevertheless.
type corpsBesoinMerci struct {
	Commune *territoire.Commune
	Cartes  []carteLieu
	Tout    string // path of the whole search
}

func (s *site) serveBesoinMerci(c *fiber.Ctx) error {
	corps := corpsBesoinMerci{Tout: "/"}
	if commune, ok := s.Territoire.Commune(c.Query("commune")); ok {
		corps.Commune = commune
		corps.Tout = "/?q=" + url.QueryEscape(s.Territoire.Suggestion(commune).Requete)
		r := catalogue.Recherche{Depart: &commune.Centre, Pres: commune.Code, Limite: 4 * proches, SansComptes: true}
		if t := c.Query("theme"); t != ecoute.ThemeAutre && slices.Contains(ecoute.Themes(), t) {
			r.Filtres = map[mednum.Champ][]string{mednum.ChampServices: {t}}
		}
		res, err := s.Catalogue.Chercher(c.UserContext(), r)
		if err != nil {
			return err
		}
		sures, _ := partage(s.cartes(res.Trouves, nil))
		corps.Cartes = sures[:min(proches, len(sures))]
		for i := range corps.Cartes {
			corps.Cartes[i].Cochable = false // there is no sheet to prepare here
		}
	}
	return s.render(c, "besoin-merci", page{Titre: "Merci, c’est noté", SansIndex: true}, corps)
}
