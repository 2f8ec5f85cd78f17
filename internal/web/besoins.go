package web

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/mesures"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// moisLointaines is how many months of far searches stand beside the needs.
const moisLointaines = 12

// notesMax is how many needs an account may note in an hour.
const notesMax = 60

// routesBesoins are the pages of needs: contributors and mediators tell those of
// their commune, coordinators read them.
func (s *site) routesBesoins(e fiber.Router) {
	b := e.Group("/besoins")
	b.Get("/noter", s.withParle, s.serveNoter)
	b.Post("/noter", s.withParle, newDebit(notesMax, periodeInvitations, s.Now).withCompte, s.postNoter)
	b.Get("/", s.withCoordonne, s.serveBesoins)
	b.Get("/communes/:code", s.withCoordonne, s.serveBesoinsCommune)
	b.Get("/:besoin/effacer", s.withCoordonne, s.serveEffacerTexte)
	b.Post("/:besoin/effacer", s.withCoordonne, s.postEffacerTexte)
	b.Post("/:besoin/ecarter", s.withCoordonne, s.postEcarter)
}

// withParle lets in those who have a right, of whatever role.
func (s *site) withParle(c *fiber.Ctx) error {
	if rang(connexion(c).Compte.Habilitations) == 0 {
		return interdit("habilitation", "Cette page est celle des personnes qui ont un droit sur une commune ou un lieu : demandez-le à l’équipe de la carte.")
	}
	return c.Next()
}

// ligneBesoins is what a commune tells of a theme, since needs are kept. Theme is
// "" for one that has only far searches.
type ligneBesoins struct {
	Commune, Nom, EPCI string
	Theme              string
	N, Trimestre       int // in all, and in the present quarter
	Moment             ecoute.Moment
	Dernier            mednum.Date
	Lointaines         int // of the commune, whatever the theme
}

func (s *site) serveBesoins(c *fiber.Ctx) error {
	lignes, err := s.lignesBesoins(c)
	if err != nil {
		return err
	}
	return rendreListe(s, c, listeBesoins(), lignes, func(t *tableau) error {
		return s.rendreLarge(c, "besoins", "Besoins", "reseau", t)
	})
}

func listeBesoins() liste[ligneBesoins] {
	themes := []choixFiltre{}
	for _, t := range optionsTheme() {
		themes = append(themes, choixFiltre{t.Valeur, t.Dit})
	}
	return liste[ligneBesoins]{
		Chemin: "/espace/besoins", Nom: "besoins", Titre: "Les besoins, par commune et par thème", Un: "ligne", Plusieurs: "lignes", Tri: "-besoins",
		Vide: "Rien pour l’instant. Ce que les gens écrivent sur « Je n’ai pas trouvé d’aide » arrivera ici, avec ce que notent les communes.",
		Colonnes: []colonne[ligneBesoins]{
			{Cle: "commune", Titre: "Commune", Case: func(x ligneBesoins) cellule { return lie(x.Nom, "/espace/besoins/communes/"+x.Commune) }},
			{Titre: "Code INSEE", FichierSeul: true, Case: func(x ligneBesoins) cellule { return texte(x.Commune) }},
			{Cle: "epci", Titre: "Intercommunalité", Case: func(x ligneBesoins) cellule { return texte(x.EPCI) }},
			{Cle: "theme", Titre: "Aide qui manque", Case: func(x ligneBesoins) cellule { return texte(themeOuRien(x.Theme)) }},
			{Cle: "besoins", Titre: "Besoins", Case: func(x ligneBesoins) cellule { return nombre(x.N) }},
			{Cle: "trimestre", Titre: "Ce trimestre", Case: func(x ligneBesoins) cellule { return nombre(x.Trimestre) }},
			{Cle: "moment", Titre: "Surtout", Case: func(x ligneBesoins) cellule { return texte(momentsDits[x.Moment]) }},
			{Cle: "dernier", Titre: "Le dernier", Case: func(x ligneBesoins) cellule { return jourDit(x.Dernier) }},
			{Cle: "lointaines", Titre: "Recherches lointaines", Case: func(x ligneBesoins) cellule { return nombre(x.Lointaines) }},
		},
		Filtres: []filtre[ligneBesoins]{
			{Cle: "q", Titre: "Où", Passe: func(x ligneBesoins, v string) bool { return tousLesMots(x.Nom+" "+x.EPCI, v) }},
			{Cle: "theme", Titre: "Aide qui manque", Choix: themes, Passe: func(x ligneBesoins, v string) bool { return x.Theme == v }},
		},
	}
}

func themeOuRien(theme string) string {
	if theme == "" {
		return ""
	}
	return direTheme(theme)
}

// lignesBesoins counts what the session coordinates, by commune and theme.
func (s *site) lignesBesoins(c *fiber.Ctx) ([]ligneBesoins, error) {
	droits := connexion(c).Compte.Habilitations
	besoins, err := s.Besoins.De(c.UserContext(), droits)
	if err != nil {
		return nil, err
	}
	lointaines, err := s.lointaines(c.UserContext())
	if err != nil {
		return nil, err
	}
	trimestre := ecoute.TrimestreDe(mednum.DateOf(s.maintenant()))
	type cle struct{ commune, theme string }
	rangs, moments := map[cle]int{}, map[cle]map[ecoute.Moment]int{}
	var lignes []ligneBesoins
	for i := range besoins { // the last first
		b := &besoins[i]
		if b.Ecarte {
			continue
		}
		k := cle{b.Commune, b.Theme}
		if moments[k] == nil {
			moments[k], rangs[k] = map[ecoute.Moment]int{}, len(lignes)
			lignes = append(lignes, ligneBesoins{Commune: b.Commune, Theme: b.Theme, Dernier: b.Le})
		}
		l := &lignes[rangs[k]]
		l.N++
		if ecoute.TrimestreDe(b.Le) == trimestre {
			l.Trimestre++
		}
		if moments[k][b.Moment]++; moments[k][b.Moment] > moments[k][l.Moment] {
			l.Moment = b.Moment
		}
	}
	for _, code := range slices.Sorted(maps.Keys(lointaines)) {
		ici := slices.ContainsFunc(lignes, func(l ligneBesoins) bool { return l.Commune == code })
		if !ici && s.Catalogue.CoordonneCommune(droits, code) {
			lignes = append(lignes, ligneBesoins{Commune: code})
		}
	}
	for i := range lignes {
		lignes[i].Nom, lignes[i].EPCI = s.nomCommune(lignes[i].Commune), s.nomEPCIDe(lignes[i].Commune)
		lignes[i].Lointaines = lointaines[lignes[i].Commune]
	}
	return lignes, nil
}

// lointaines are the searches of the last months that ended further than 15 km,
// by commune of the territory.
func (s *site) lointaines(ctx context.Context) (map[string]int, error) {
	n := map[string]int{}
	if s.Mesures == nil {
		return n, nil
	}
	au := mednum.DateOf(s.maintenant())
	jours, err := s.Mesures.Lire(ctx, au.AddMois(-moisLointaines), au)
	for i := range jours {
		for code, v := range jours[i].Comptes[mesures.Lointaine] {
			if commune, ok := s.Territoire.Commune(code); ok && commune.Dedans {
				n[code] += int(v)
			}
		}
	}
	return n, err
}

func (s *site) nomCommune(code string) string {
	if c, ok := s.Territoire.Commune(code); ok {
		return c.NomCourant()
	}
	return code
}

func (s *site) nomEPCIDe(commune string) string {
	c, ok := s.Territoire.Commune(commune)
	if !ok {
		return ""
	}
	if e, ok := s.Territoire.EPCI(c.EPCI); ok {
		return e.Nom
	}
	return ""
}

// corpsBesoinsCommune is what a commune tells, theme by theme, with its texts.
type corpsBesoinsCommune struct {
	Code, Nom  string
	Themes     []themeCommune
	Lointaines int
}

// themeCommune is one theme of a commune: how many, and what was written.
type themeCommune struct {
	Dit    string
	N      int
	Textes []ditBesoin // with words
	Muets  []ditBesoin // without
	Fiche  string      // path of a fiche begun from it
}

// ditBesoin is one need: what somebody wrote is masked.
type ditBesoin struct {
	ID, Texte, Origine, Moment string
	Le                         mednum.Date
	Ecarte                     bool
	Espace                     *espace
}

var originesDites = map[ecoute.Origine]string{ecoute.OriginePublic: "public", ecoute.OrigineAgent: "agent", ecoute.OrigineElu: "élu"}

func (s *site) serveBesoinsCommune(c *fiber.Ctx) error {
	commune, ok := s.Territoire.Commune(c.Params("code"))
	droits := connexion(c).Compte.Habilitations
	if !ok || !s.Catalogue.CoordonneCommune(droits, commune.Code) {
		return &mednum.Error{Code: mednum.Introuvable, Champ: "code", Message: "Cette commune n’est pas de celles que vous coordonnez."}
	}
	besoins, err := s.Besoins.De(c.UserContext(), droits)
	if err != nil {
		return err
	}
	lointaines, err := s.lointaines(c.UserContext())
	if err != nil {
		return err
	}
	cadre := espaceDe(c, "reseau")
	corps := corpsBesoinsCommune{Code: commune.Code, Nom: commune.NomCourant(), Lointaines: lointaines[commune.Code]}
	for _, theme := range ecoute.Themes() {
		t := themeCommune{Dit: direTheme(theme), Fiche: lienFicheDe(commune.Code, theme)}
		for i := range besoins {
			b := &besoins[i]
			if b.Commune != commune.Code || b.Theme != theme {
				continue
			}
			dit := ditBesoin{b.ID, b.Texte, originesDites[b.Origine], momentsDits[b.Moment], b.Le, b.Ecarte, cadre}
			if b.Texte != "" {
				t.Textes = append(t.Textes, dit)
			} else {
				t.Muets = append(t.Muets, dit)
			}
			if !b.Ecarte {
				t.N++
			}
		}
		if len(t.Textes)+len(t.Muets) > 0 {
			corps.Themes = append(corps.Themes, t)
		}
	}
	slices.SortStableFunc(corps.Themes, func(a, b themeCommune) int { return cmp.Compare(b.N, a.N) })
	return s.rendreEspace(c, "besoins-commune", "Besoins "+textes.De(corps.Nom), "reseau", corps)
}

// lienFicheDe begins a fiche from the needs of a commune.
func lienFicheDe(commune, theme string) string {
	return "/espace/fiches/ecrire?" + url.Values{"genre": {string(ecoute.FicheBesoin)}, "commune": {commune}, "theme": {theme}}.Encode()
}

func (s *site) serveEffacerTexte(c *fiber.Ctx) error {
	b, err := s.Besoins.Besoin(c.UserContext(), connexion(c).Compte.Habilitations, c.Params("besoin"))
	if err != nil {
		return err
	}
	return s.confirmer(c, "Effacer ce texte ?", "reseau", corpsConfirmer{
		Phrases:   []string{"« " + b.Texte + " »", "Le besoin reste compté : seul son texte s’efface."},
		Attention: "Un texte effacé ne revient pas : il peut nommer quelqu’un, nous n’en gardons rien.",
		Action:    "/espace/besoins/" + b.ID + "/effacer", Bouton: "Effacer ce texte", Retour: "/espace/besoins/communes/" + b.Commune,
	})
}

func (s *site) postEffacerTexte(c *fiber.Ctx) error {
	b, err := s.Besoins.EffacerTexte(c.UserContext(), connexion(c).Compte.Habilitations, c.Params("besoin"))
	if err != nil {
		return err
	}
	s.noter(c, registre.Acte{Genre: registre.GenreBesoin, Objet: "besoin:" + b.ID, Commune: b.Commune, Texte: "Texte d’un besoin effacé"})
	return s.fait(c, "/espace/besoins/communes/"+b.Commune, "texte-efface")
}

// postEcarter has a need not count, or count again.
func (s *site) postEcarter(c *fiber.Ctx) error {
	ecarte := c.FormValue("ecarte") != ""
	b, err := s.Besoins.Ecarter(c.UserContext(), connexion(c).Compte.Habilitations, c.Params("besoin"), ecarte)
	if err != nil {
		return err
	}
	texte, fait := "Besoin compté de nouveau", "besoin-compte"
	if ecarte {
		texte, fait = "Besoin mis de côté", "besoin-ecarte"
	}
	s.noter(c, registre.Acte{Genre: registre.GenreBesoin, Objet: "besoin:" + b.ID, Commune: b.Commune, Texte: texte})
	return s.fait(c, "/espace/besoins/communes/"+b.Commune, fait)
}

func (s *site) serveNoter(c *fiber.Ctx) error {
	x := newSaisie("moment", string(ecoute.MomentPeuImporte), "origine", string(ecoute.OrigineAgent), "commune", s.maCommune(c))
	return s.rendreNoter(c, x)
}

// maCommune is the name of the one commune for which the session has a right, ""
// when there are none or several.
func (s *site) maCommune(c *fiber.Ctx) string {
	nom := ""
	for _, h := range connexion(c).Compte.Habilitations {
		code := ""
		switch h.Portee {
		case mednum.PorteeCommune:
			code = h.ID
		case mednum.PorteeLieu:
			if v, err := s.Catalogue.Lieu(h.ID); err == nil {
				code = v.Champs.CodeInsee
			}
		}
		autre := s.nomCommune(code)
		if code == "" || nom != "" && nom != autre {
			return ""
		}
		nom = autre
	}
	return nom
}

func (s *site) rendreNoter(c *fiber.Ctx, x *saisie) error {
	titre := "Noter un besoin"
	if len(x.Fautes) > 0 {
		titre = "À corriger : noter un besoin"
		c.Status(fiber.StatusBadRequest)
	}
	return s.rendreEspace(c, "besoins-noter", titre, "reseau", corpsBesoin{
		saisie: x, Themes: optionsTheme(), Moments: optionsMoment(),
		Origines: []optionDroit{{string(ecoute.OrigineAgent), "Comme agent, ou médiateur : quelqu’un me l’a dit"}, {string(ecoute.OrigineElu), "Comme élu de la commune"}},
	})
}

func (s *site) postNoter(c *fiber.Ctx) error {
	cle, err := cleForme(c)
	if err != nil {
		return err
	}
	x, droits := lireSaisie(c), connexion(c).Compte.Habilitations
	commune, ok, err := s.garderBesoin(x, func(b ecoute.Besoin) error { return s.Besoins.DirePour(c.UserContext(), droits, cle, b) })
	if estCode(err, mednum.Interdit) {
		x.Fautes["commune"], err = messageDe(err), nil
	}
	if err != nil {
		return err
	}
	if !ok || len(x.Fautes) > 0 {
		return s.rendreNoter(c, x)
	}
	s.noter(c, registre.Acte{Genre: registre.GenreBesoin, Commune: commune, Texte: "Besoin noté"})
	return s.fait(c, "/espace/fiches", "besoin-note")
}

// fileBesoins is the queue of needs as the board shows it: what was told in the
// last seven days.
func (s *site) fileBesoins(c *fiber.Ctx) (attenteFile, error) {
	f := attenteFile{Nom: "Besoins de la semaine", Phrase: "Des personnes n’ont pas trouvé d’aide : lisez leurs mots.", Lien: "/espace/besoins?tri=-dernier"}
	besoins, err := s.Besoins.De(c.UserContext(), connexion(c).Compte.Habilitations)
	semaine := mednum.DateOf(s.maintenant().AddDate(0, 0, -7))
	for i := range besoins {
		if besoins[i].Le.Compare(semaine) > 0 && !besoins[i].Ecarte {
			f.Combien++
			f.Depuis = besoins[i].Le.In(time.UTC)
		}
	}
	return f, err
}
