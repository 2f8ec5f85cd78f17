package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// routesFiches are the pages where fiches are written and reviewed.
func (s *site) routesFiches(e fiber.Router) {
	f := e.Group("/fiches", s.withParle)
	f.Get("/", s.serveFichesReseau)
	f.Get("/ecrire", s.serveEcrireFiche)
	f.Post("/ecrire", s.postEcrireFiche)
	f.Get("/:fiche", s.serveFicheReseau)
	f.Get("/:fiche/modifier", s.serveModifierFiche)
	f.Post("/:fiche/modifier", s.postModifierFiche)
	f.Post("/:fiche/:geste", s.postGesteFiche)
}

// personne is who acts on fiches in this session.
func personneDe(c *fiber.Ctx) ecoute.Personne {
	x := connexion(c)
	return ecoute.Personne{Auteur: x.Compte.Auteur(), Droits: x.Compte.Habilitations}
}

var etatsFiche = map[ecoute.EtatFiche]string{
	ecoute.EtatBrouillon: "brouillon", ecoute.EtatProposee: "à relire", ecoute.EtatPubliee: "publiée", ecoute.EtatRetiree: "retirée",
}

// direEtatFiche is the state of a fiche: one whose text waits may be published.
func direEtatFiche(f *ecoute.FicheReseau) string {
	if f.Publie != nil && f.Etat != ecoute.EtatPubliee {
		return etatsFiche[f.Etat] + ", l’ancien texte est publié"
	}
	return etatsFiche[f.Etat]
}

// ligneFiche is one fiche of the list.
type ligneFiche struct {
	ficheVue
	Etat    ecoute.EtatFiche
	EtatDit string
	Modifie mednum.Date
	Mienne  bool
}

// corpsFichesReseau is the list of the fiches that the session sees.
type corpsFichesReseau struct {
	Tableau   *tableau
	Coordonne bool
}

func (s *site) serveFichesReseau(c *fiber.Ctx) error {
	p := personneDe(c)
	fiches, err := s.Fiches.De(c.UserContext(), p)
	if err != nil {
		return err
	}
	lignes := make([]ligneFiche, 0, len(fiches))
	for i := range fiches {
		f := &fiches[i]
		lignes = append(lignes, ligneFiche{
			s.direFiche(f.ID, &f.Contenu, mednum.Date{}), f.Etat, direEtatFiche(f), mednum.DateOf(f.Modifie.In(s.Territoire.Location())), f.Auteur == p.Auteur,
		})
	}
	return rendreListe(s, c, listeFiches(), lignes, func(t *tableau) error {
		return s.rendreLarge(c, "fiches-reseau", "Fiches du réseau", "reseau", corpsFichesReseau{t, espaceDe(c, "").Coordonne})
	})
}

func listeFiches() liste[ligneFiche] {
	etats, genres, themes := []choixFiltre{}, []choixFiltre{}, []choixFiltre{}
	for _, e := range []ecoute.EtatFiche{ecoute.EtatProposee, ecoute.EtatBrouillon, ecoute.EtatPubliee, ecoute.EtatRetiree} {
		etats = append(etats, choixFiltre{string(e), textes.Majuscule(etatsFiche[e])})
	}
	for _, g := range ecoute.Genres() {
		genres = append(genres, choixFiltre{string(g), genresDits[g]})
	}
	for _, t := range optionsTheme() {
		themes = append(themes, choixFiltre{t.Valeur, t.Dit})
	}
	return liste[ligneFiche]{
		Chemin: "/espace/fiches", Nom: "fiches", Titre: "Les fiches que vous suivez", Un: "fiche", Plusieurs: "fiches",
		Vide: "Aucune fiche pour l’instant. Écrivez la première : un besoin, une initiative ou une bonne pratique.",
		Colonnes: []colonne[ligneFiche]{
			{Cle: "titre", Titre: "Titre", Case: func(x ligneFiche) cellule { return lie(x.Titre, "/espace/fiches/"+x.ID) }},
			{Cle: "genre", Titre: "Genre", Case: func(x ligneFiche) cellule { return texte(x.Genre) }},
			{Cle: "zone", Titre: "Où", Case: func(x ligneFiche) cellule { return texte(x.Zone) }},
			{Cle: "theme", Titre: "Thème", Case: func(x ligneFiche) cellule { return texte(x.Theme) }},
			{Cle: "statut", Titre: "Réponse", Case: func(x ligneFiche) cellule { return texte(x.Statut) }},
			{Cle: "etat", Titre: "État", Case: func(x ligneFiche) cellule { return texte(x.EtatDit) }},
			{Cle: "modifie", Titre: "Modifiée", Case: func(x ligneFiche) cellule { return jourDit(x.Modifie) }},
		},
		Filtres: []filtre[ligneFiche]{
			{Cle: "q", Titre: "Titre ou lieu", Passe: func(x ligneFiche, v string) bool { return tousLesMots(x.Titre+" "+x.Zone, v) }},
			{Cle: "etat", Titre: "État", Choix: etats, Passe: func(x ligneFiche, v string) bool { return string(x.Etat) == v }},
			{Cle: "genre", Titre: "Genre", Choix: genres, Passe: func(x ligneFiche, v string) bool { return string(x.ContenuFiche.Genre) == v }},
			{Cle: "theme", Titre: "Thème", Choix: themes, Passe: func(x ligneFiche, v string) bool { return x.ContenuFiche.Theme == v }},
		},
	}
}

// corpsFicheReseau is a fiche for those who write and review it.
type corpsFicheReseau struct {
	ficheVue
	Version   int
	Etat      ecoute.EtatFiche
	EtatDit   string
	Publique  bool // everybody reads a text of it
	Message   string
	Auteur    string
	Coordonne bool
	Gestes    []string // what the session may do
	Etapes    []etapeFiche
	Faute     faute
	Saisi     string // the message that was typed
}

// Peut tells whether the session may do a gesture.
func (c corpsFicheReseau) Peut(geste string) bool { return slices.Contains(c.Gestes, geste) }

// etapeFiche is one gesture of its history, in words; Contenu is what the fiche
// said then, where it changed.
type etapeFiche struct {
	Quand, Qui, Quoi, Texte string
	Contenu                 *ficheVue
}

var gestesDits = map[ecoute.GesteFiche]string{
	ecoute.GesteCreer: "a commencé la fiche", ecoute.GesteModifier: "a changé le texte", ecoute.GesteProposer: "l’a envoyée à relire",
	ecoute.GesteAccepter: "l’a publiée", ecoute.GesteRevoir: "a demandé un changement", ecoute.GesteRefuser: "l’a refusée",
	ecoute.GesteRetirer: "l’a retirée", ecoute.GesteRemettre: "l’a remise en ligne",
}

func (s *site) serveFicheReseau(c *fiber.Ctx) error { return s.rendreFiche(c, faute{}, "") }

func (s *site) rendreFiche(c *fiber.Ctx, faux faute, saisi string) error {
	p := personneDe(c)
	f, err := s.Fiches.Fiche(c.UserContext(), p, c.Params("fiche"))
	if err != nil {
		return err
	}
	corps := corpsFicheReseau{
		ficheVue: s.direFiche(f.ID, &f.Contenu, mednum.Date{}), Version: f.Version, Etat: f.Etat, EtatDit: direEtatFiche(&f), Publique: f.Publie != nil,
		Message: f.Message, Coordonne: s.Fiches.Coordonne(p, &f), Faute: faux, Saisi: saisi,
	}
	if corps.Auteur, err = s.quiFiche(c, f.Auteur); err != nil {
		return err
	}
	for _, g := range []ecoute.GesteFiche{ecoute.GesteProposer, ecoute.GesteAccepter, ecoute.GesteRevoir, ecoute.GesteRefuser, ecoute.GesteRetirer, ecoute.GesteRemettre} {
		if f.Peut(g) && (g == ecoute.GesteProposer || corps.Coordonne) {
			corps.Gestes = append(corps.Gestes, string(g))
		}
	}
	for _, e := range slices.Backward(f.Histoire) {
		qui, err := s.quiFiche(c, e.Qui)
		if err != nil {
			return err
		}
		etape := etapeFiche{Quand: s.direQuand(e.Le), Qui: qui, Quoi: gestesDits[e.Geste], Texte: e.Texte}
		if e.Contenu != nil {
			dit := s.direFiche(f.ID, e.Contenu, mednum.Date{})
			etape.Contenu = &dit
		}
		corps.Etapes = append(corps.Etapes, etape)
	}
	return s.rendreForme(c, "fiche-reseau", f.Contenu.Titre, "reseau", faux, corps)
}

// quiFiche names an author to those who work on fiches.
func (s *site) quiFiche(c *fiber.Ctx, auteur string) (string, error) {
	id, ok := mednum.CompteDe(auteur)
	if !ok {
		return "quelqu’un", nil
	}
	v, err := s.Comptes.Compte(c.UserContext(), id)
	if estCode(err, mednum.Introuvable) {
		return "compte supprimé", nil
	}
	return cmp.Or(v.Nom, mednum.MasquerCourriel(v.Courriel)), err
}

// postGesteFiche does a gesture on a fiche.
func (s *site) postGesteFiche(c *fiber.Ctx) error {
	x := lireSaisie(c)
	geste, message := ecoute.GesteFiche(c.Params("geste")), x.V("message")
	f, err := s.Fiches.Suivre(c.UserContext(), personneDe(c), c.Params("fiche"), x.entier("version"), geste, message)
	if faux, ok := fauteDe(err); ok && faux.Champ == "message" {
		return s.rendreFiche(c, faux, message)
	}
	if err != nil {
		return err
	}
	s.noterFiche(c, &f, gestesDits[geste])
	return s.fait(c, "/espace/fiches/"+f.ID, "fiche-"+string(geste))
}

// noterFiche keeps a gesture on a fiche in the log of acts.
func (s *site) noterFiche(c *fiber.Ctx, f *ecoute.FicheReseau, quoi string) {
	a := registre.Acte{Genre: registre.GenreFiche, Objet: "fiche:" + f.ID, Texte: "Fiche du réseau : " + quoi}
	if f.Contenu.Portee == ecoute.FicheCommune {
		a.Commune = f.Contenu.Zone
	}
	s.noter(c, a)
}

// fileFiches is the queue of fiches to review, as the board shows it.
func (s *site) fileFiches(c *fiber.Ctx) (attenteFile, error) {
	a := attenteFile{Nom: "Fiches à relire", Phrase: "Un besoin, une initiative ou une bonne pratique attend votre accord.", Lien: "/espace/fiches?etat=" + string(ecoute.EtatProposee)}
	p := personneDe(c)
	fiches, err := s.Fiches.De(c.UserContext(), p)
	for i := range fiches {
		if f := &fiches[i]; f.Etat == ecoute.EtatProposee && s.Fiches.Coordonne(p, f) {
			if a.Combien++; a.Depuis.IsZero() || f.Modifie.Before(a.Depuis) {
				a.Depuis = f.Modifie
			}
		}
	}
	return a, err
}

// corpsEcrireFiche is the form of a fiche.
type corpsEcrireFiche struct {
	*saisie
	ID                      string // "" for a new one
	Version                 int
	Genres, Themes, Statuts []optionDroit
	Zones                   []optionDroit // intercommunalities, the territory
	Vus                     string        // what the counts tell, "" for nothing
}

// champsFiche are the fields of the form.
var champsFiche = []string{"genre", "titre", "zone", "theme", "statut", "reponse", "appris"}

func (s *site) serveEcrireFiche(c *fiber.Ctx) error {
	x := newSaisie("genre", string(ecoute.FicheInitiative), "statut", string(ecoute.StatutAEtudier), "zone", string(ecoute.FicheCommune), "commune", s.maCommune(c))
	if g := ecoute.GenreFiche(c.Query("genre")); slices.Contains(ecoute.Genres(), g) {
		x.Valeurs.Set("genre", string(g))
	}
	if t := c.Query("theme"); slices.Contains(ecoute.Themes(), t) {
		x.Valeurs.Set("theme", t)
	}
	if commune, ok := s.Territoire.Commune(c.Query("commune")); ok && commune.Dedans {
		x.Valeurs.Set("commune", commune.NomCourant())
		x.Valeurs.Set("vus", commune.Code)
		if t := x.V("theme"); t != "" {
			x.Valeurs.Set("titre", fmt.Sprintf("%s : de l’aide manque %s", direTheme(t), textes.A(commune.NomCourant())))
		}
	}
	return s.rendreEcrireFiche(c, x, "", 0)
}

func (s *site) rendreEcrireFiche(c *fiber.Ctx, x *saisie, id string, version int) error {
	corps := corpsEcrireFiche{saisie: x, ID: id, Version: version, Themes: optionsTheme()}
	for _, g := range ecoute.Genres() {
		corps.Genres = append(corps.Genres, optionDroit{string(g), genresDits[g]})
	}
	for _, t := range ecoute.Statuts() {
		corps.Statuts = append(corps.Statuts, optionDroit{string(t), statutsDits[t]})
	}
	corps.Zones = s.zonesFiche(c)
	if n := s.vusDe(x); n > 0 {
		corps.Vus = textes.Pluriel(n, "besoin publié", "besoins publiés") + " pour ce thème dans cette commune : ce nombre ira sur la fiche."
	}
	titre := "Écrire une fiche"
	if id != "" {
		titre = "Modifier la fiche"
	}
	if len(x.Fautes) > 0 {
		titre = "À corriger : " + textes.Minuscule(titre)
		c.Status(fiber.StatusBadRequest)
	}
	return s.rendreEspace(c, "fiche-ecrire", titre, "reseau", corps)
}

// vusDe is how many needs the published counts tell of the commune and the theme
// from which a fiche is begun.
func (s *site) vusDe(x *saisie) int {
	if x.V("genre") != string(ecoute.FicheBesoin) || x.V("vus") == "" {
		return 0
	}
	return s.Besoins.Vus(x.V("vus"), x.V("theme"))
}

// zonesFiche are the zones wider than a commune for which the session may write.
func (s *site) zonesFiche(c *fiber.Ctx) (zones []optionDroit) {
	p := personneDe(c)
	for i := range s.Territoire.EPCIs {
		if e := &s.Territoire.EPCIs[i]; s.Fiches.Parle(p, ecoute.FicheEPCI, e.Code) {
			zones = append(zones, optionDroit{string(ecoute.FicheEPCI) + ":" + e.Code, e.Nom})
		}
	}
	if s.Fiches.Parle(p, ecoute.FicheTerritoire, "") {
		zones = append(zones, optionDroit{string(ecoute.FicheTerritoire), s.Territoire.Nom})
	}
	return zones
}

// lireFiche reads the form; what is to be corrected goes into its Fautes.
func (s *site) lireFiche(x *saisie) ecoute.ContenuFiche {
	portee, zone, _ := strings.Cut(x.V("zone"), ":")
	f := ecoute.ContenuFiche{
		Genre: ecoute.GenreFiche(x.V("genre")), Titre: x.V("titre"), Portee: ecoute.PorteeFiche(portee), Zone: zone, Theme: x.V("theme"),
		Statut: ecoute.StatutFiche(x.V("statut")), Reponse: x.V("reponse"), Appris: x.V("appris"),
	}
	if f.Portee == ecoute.FicheCommune {
		if commune, corriger := s.communeDite(x.V("commune")); commune != nil {
			f.Zone = commune.Code
		} else {
			x.Fautes["commune"] = corriger
		}
	}
	if x.V("vus") == f.Zone {
		f.Vus = s.vusDe(x)
	}
	return f
}

// fauterFiche notes what the room refuses; false when err is something else.
func fauterFiche(x *saisie, err error) bool {
	if estCode(err, mednum.Interdit) {
		x.Fautes["zone"] = messageDe(err)
		return true
	}
	ok := x.fauter(err, champsFiche...)
	if x.Fautes["commune"] != "" {
		delete(x.Fautes, "zone")
	}
	return ok
}

func (s *site) postEcrireFiche(c *fiber.Ctx) error {
	cle, err := cleForme(c)
	if err != nil {
		return err
	}
	x := lireSaisie(c)
	f, err := s.Fiches.Ecrire(c.UserContext(), personneDe(c), cle, s.lireFiche(x))
	if err != nil && fauterFiche(x, err) {
		return s.rendreEcrireFiche(c, x, "", 0)
	}
	if err != nil {
		return err
	}
	s.noterFiche(c, &f, gestesDits[ecoute.GesteCreer])
	return s.envoyerFiche(c, x, &f)
}

// envoyerFiche sends the fiche to be read, where the form asks for it, and tells
// what was done.
func (s *site) envoyerFiche(c *fiber.Ctx, x *saisie, f *ecoute.FicheReseau) error {
	fait := "fiche-" + string(ecoute.GesteModifier)
	if x.V("envoyer") != "" && f.Etat == ecoute.EtatBrouillon {
		if _, err := s.Fiches.Suivre(c.UserContext(), personneDe(c), f.ID, f.Version, ecoute.GesteProposer, ""); err != nil {
			return err
		}
		s.noterFiche(c, f, gestesDits[ecoute.GesteProposer])
		fait = "fiche-" + string(ecoute.GesteProposer)
		if s.Fiches.Coordonne(personneDe(c), f) { // nobody else need read it
			fait = "fiche-a-publier"
		}
	}
	return s.fait(c, "/espace/fiches/"+f.ID, fait)
}

func (s *site) serveModifierFiche(c *fiber.Ctx) error {
	f, err := s.Fiches.Fiche(c.UserContext(), personneDe(c), c.Params("fiche"))
	if err != nil {
		return err
	}
	v := &f.Contenu
	x := newSaisie("genre", string(v.Genre), "titre", v.Titre, "theme", v.Theme, "statut", string(v.Statut), "reponse", v.Reponse, "appris", v.Appris)
	switch v.Portee {
	case ecoute.FicheCommune:
		x.Valeurs.Set("zone", string(v.Portee))
		x.Valeurs.Set("commune", s.nomCommune(v.Zone))
	case ecoute.FicheEPCI:
		x.Valeurs.Set("zone", string(v.Portee)+":"+v.Zone)
	default:
		x.Valeurs.Set("zone", string(v.Portee))
	}
	return s.rendreEcrireFiche(c, x, f.ID, f.Version)
}

// postModifierFiche keeps another text. When somebody wrote meanwhile the form
// comes back, over what the fiche says now: nothing that was typed is lost.
func (s *site) postModifierFiche(c *fiber.Ctx) error {
	x, p, id := lireSaisie(c), personneDe(c), c.Params("fiche")
	f, err := s.Fiches.Recrire(c.UserContext(), p, id, x.entier("version"), s.lireFiche(x))
	if estCode(err, mednum.Perime) {
		neuve, lire := s.Fiches.Fiche(c.UserContext(), p, id)
		if lire != nil {
			return lire
		}
		x.Fautes["titre"] = "Quelqu’un a changé cette fiche pendant que vous écriviez. Votre texte est encore là : relisez-le, puis enregistrez-le s’il est toujours juste."
		return s.rendreEcrireFiche(c, x, id, neuve.Version)
	}
	if err != nil && fauterFiche(x, err) {
		return s.rendreEcrireFiche(c, x, id, x.entier("version"))
	}
	if err != nil {
		return err
	}
	s.noterFiche(c, &f, gestesDits[ecoute.GesteModifier])
	return s.envoyerFiche(c, x, &f)
}
