package web

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/textes"
)

// campagnesMax is how many campaigns one account may prepare or send in an hour.
const campagnesMax = 20

// routesCampagnes are the pages that ask many places at once whether they are
// right.
func (s *site) routesCampagnes(e fiber.Router) {
	if s.Reseau == nil {
		return
	}
	gestes := newDebit(campagnesMax, periodeInvitations, s.Now)
	g := e.Group("/campagnes", s.withCoordonne)
	g.Get("/", s.serveCampagnes)
	g.Get("/nouvelle", s.serveNouvelleCampagne)
	g.Post("/nouvelle", gestes.withCompte, s.postNouvelleCampagne)
	g.Get("/:campagne", s.serveCampagne)
	g.Post("/:campagne/envoyer", gestes.withCompte, s.postEnvoyerCampagne)
	g.Get("/:campagne/arreter", s.serveArreterCampagne)
	g.Post("/:campagne/arreter", s.postArreterCampagne)
	g.Post("/:campagne/oublier", s.postOublierCampagne)
}

// droits are those of the session.
func droits(c *fiber.Ctx) []mednum.Habilitation { return connexion(c).Compte.Habilitations }

// coordonnes are the published places that the session coordinates.
func (s *site) coordonnes(c *fiber.Ctx) (lieux []*catalogue.Vue) {
	for _, v := range s.Catalogue.Lieux() {
		if s.Catalogue.Coordonne(droits(c), &v.Lieu) {
			lieux = append(lieux, v)
		}
	}
	return lieux
}

// partDe are the places of a campaign that the session coordinates, and whether
// those are all that are listed still.
func (s *site) partDe(c *fiber.Ctx, k *reseau.Campagne) (part map[string]bool, toute bool) {
	part, toute = map[string]bool{}, true
	for _, id := range k.Lieux {
		v, err := s.Catalogue.Lieu(s.Catalogue.Devenu(id))
		switch {
		case err != nil:
		case s.Catalogue.Coordonne(droits(c), &v.Lieu):
			part[id] = true
		default:
			toute = false
		}
	}
	return part, toute && len(part) > 0
}

// campagneDe is the campaign of the address, with the part of it that is the
// session's: one of which nothing is does not exist for it.
func (s *site) campagneDe(c *fiber.Ctx) (k reseau.Campagne, part map[string]bool, toute bool, err error) {
	if k, err = s.Reseau.Campagne(c.UserContext(), c.Params("campagne")); err != nil {
		return k, nil, false, err
	}
	if part, toute = s.partDe(c, &k); len(part) == 0 {
		err = &mednum.Error{Code: mednum.Introuvable, Champ: "campagne", Message: "Cette campagne n’existe pas, ou ne touche aucun des lieux que vous coordonnez."}
	}
	return k, part, toute, err
}

// campagneEntiere is one whose every place the session coordinates.
func (s *site) campagneEntiere(c *fiber.Ctx) (reseau.Campagne, error) {
	k, _, toute, err := s.campagneDe(c)
	if err == nil && !toute {
		err = interdit("campagne", "Cette campagne touche des lieux que vous ne coordonnez pas : demandez à la personne qui l’a préparée.")
	}
	return k, err
}

// ligneCampagne is a campaign in the list, with its figures.
type ligneCampagne struct {
	reseau.Campagne
	Ecrits, Repondus, Muets, Rebonds int
}

func (s *site) serveCampagnes(c *fiber.Ctx) error {
	toutes, err := s.Reseau.Campagnes(c.UserContext())
	if err != nil {
		return err
	}
	var lignes []ligneCampagne
	for i := range toutes {
		part, _ := s.partDe(c, &toutes[i])
		if len(part) == 0 {
			continue
		}
		enquetes, err := s.Reseau.Enquetes(c.UserContext(), toutes[i].ID)
		if err != nil {
			return err
		}
		l := ligneCampagne{Campagne: toutes[i]}
		l.compter(enquetes)
		lignes = append(lignes, l)
	}
	return rendreListe(s, c, s.listeCampagnes(), lignes, func(t *tableau) error {
		return s.rendreLarge(c, "campagnes", "Campagnes de vérification", "reseau", struct{ Tableau *tableau }{t})
	})
}

func (l *ligneCampagne) compter(enquetes []reseau.Enquete) {
	for i := range enquetes {
		switch e := &enquetes[i]; {
		case e.Reponse != "":
			l.Ecrits, l.Repondus = l.Ecrits+1, l.Repondus+1
		case e.Etat == reseau.Ecrite:
			l.Ecrits, l.Muets = l.Ecrits+1, l.Muets+1
		case e.Etat == reseau.Rebondie:
			l.Rebonds++
		}
	}
}

var nomsEtats = map[reseau.EtatCampagne]cellule{
	reseau.Preparee: {Texte: "Préparée, pas envoyée", Signe: "confirmer"}, reseau.EnCours: {Texte: "En cours", Signe: "ouvert"},
	reseau.Arretee: {Texte: "Arrêtée", Signe: "ferme"}, reseau.Finie: {Texte: "Finie", Signe: "ferme"},
}

func (s *site) listeCampagnes() liste[ligneCampagne] {
	return liste[ligneCampagne]{
		Chemin: "/espace/campagnes", Nom: "campagnes", Titre: "Les campagnes", Un: "campagne", Plusieurs: "campagnes",
		Vide: "Aucune campagne pour l’instant. Préparez la première : rien ne part avant votre accord.",
		Colonnes: []colonne[ligneCampagne]{
			{Cle: "titre", Titre: "Campagne", Case: func(l ligneCampagne) cellule { return lie(l.Titre, "/espace/campagnes/"+l.ID) }},
			{Cle: "etat", Titre: "État", Case: func(l ligneCampagne) cellule { return nomsEtats[l.Etat] }},
			{Cle: "preparee", Titre: "Préparée le", Case: func(l ligneCampagne) cellule { return jourDit(s.jourDe(l.Cree)) }},
			{Cle: "lieux", Titre: "Lieux", Case: func(l ligneCampagne) cellule { return nombre(len(l.Lieux)) }},
			{Cle: "ecrits", Titre: "Ont reçu un courriel", Case: func(l ligneCampagne) cellule { return nombre(l.Ecrits) }},
			{Cle: "repondus", Titre: "Ont répondu", Case: func(l ligneCampagne) cellule { return nombre(l.Repondus) }},
			{Cle: "muets", Titre: "Sans réponse", Case: func(l ligneCampagne) cellule { return nombre(l.Muets) }},
			{Cle: "rebonds", Titre: "Courriels revenus", Case: func(l ligneCampagne) cellule { return nombre(l.Rebonds) }},
		},
	}
}

// surCampagne is an act about a campaign.
func surCampagne(k *reseau.Campagne, texte string) registre.Acte {
	return registre.Acte{Genre: registre.GenreCampagne, Objet: "campagne:" + k.ID, Texte: texte}
}

func (s *site) postEnvoyerCampagne(c *fiber.Ctx) error {
	k, err := s.campagneEntiere(c)
	if err != nil {
		return err
	}
	if !s.Courrier.Regle() {
		return &refus{fiber.StatusServiceUnavailable, "courriel", "L’envoi de courriels n’est pas réglé ici : rien ne peut partir. Voyez avec qui exploite le service."}
	}
	avant := k.Etat
	if k, err = s.Reseau.Lancer(c.UserContext(), k.ID); err != nil {
		return err
	}
	if avant == reseau.Preparee {
		s.noter(c, surCampagne(&k, fmt.Sprintf("Campagne envoyée à %s", textes.Pluriel(len(k.Lieux), "lieu", "lieux"))))
	}
	return s.fait(c, "/espace/campagnes/"+k.ID, "campagne")
}

func (s *site) serveArreterCampagne(c *fiber.Ctx) error {
	k, err := s.campagneEntiere(c)
	if err != nil {
		return err
	}
	adresse := "/espace/campagnes/" + k.ID
	return s.confirmer(c, "Arrêter cette campagne ?", "reseau", corpsConfirmer{
		Phrases: []string{
			"« " + k.Titre + " » : plus aucun courriel ne part, ni relance. Ce qui est parti le reste, et les réponses sont encore reçues.",
			"Cela ne se défait pas : pour écrire aux autres lieux, préparez une autre campagne.",
		},
		Action: adresse + "/arreter", Bouton: "Arrêter la campagne", Retour: adresse,
	})
}

func (s *site) postArreterCampagne(c *fiber.Ctx) error {
	k, err := s.campagneEntiere(c)
	if err != nil {
		return err
	}
	avant := k.Etat
	if k, err = s.Reseau.ArreterCampagne(c.UserContext(), k.ID); err != nil {
		return err
	}
	if avant == reseau.EnCours {
		s.noter(c, surCampagne(&k, "Campagne arrêtée"))
	}
	return s.fait(c, "/espace/campagnes/"+k.ID, "campagne-arret")
}

func (s *site) postOublierCampagne(c *fiber.Ctx) error {
	k, err := s.campagneEntiere(c)
	if err != nil {
		return err
	}
	if err := s.Reseau.OublierCampagne(c.UserContext(), k.ID); err != nil {
		return err
	}
	return s.fait(c, "/espace/campagnes", "campagne-oubli")
}

// corpsNouvelle is the page where a campaign is prepared.
type corpsNouvelle struct {
	*saisie
	Fraicheurs, Familles, EPCIs []optionDroit
	Joignables, Recents         []lieuAJoindre
	Injoignables                []lieuAJoindre
	Trop                        int // how many more pass the filters than a campaign takes
	MotMax                      int
	ParMinute                   int
}

// lieuAJoindre is a place of the form.
type lieuAJoindre struct {
	ID, Nom, Commune string
	Depuis           string
	A                string // to how many
	Motif            string
	Telephone        string
	Coche            bool
}

// The filters on freshness, by the months since the proof of a place.
var fraicheurs = []optionDroit{
	{"6", "Plus de 6 mois, ou sans date"}, {"12", "Plus de 12 mois, ou sans date"}, {"18", "Plus de 18 mois, ou sans date"}, {"sans", "Sans date"},
}

func (s *site) serveNouvelleCampagne(c *fiber.Ctx) error {
	jour := s.maintenant()
	f := newSaisie("titre", "Vérification "+textes.De(textes.Mois(jour.Year(), jour.Month())), "relance", "10")
	for _, nom := range []string{"fraicheur", "famille", "epci"} {
		f.Valeurs.Set(nom, c.Query(nom))
	}
	return s.rendreNouvelle(c, f)
}

// choisir tells whether a place passes the filters of the form.
func (s *site) choisir(v *catalogue.Vue, f *saisie) bool {
	if k := f.V("famille"); k != "" && !v.Est(mednum.Famille(k)) {
		return false
	}
	if k := f.V("epci"); k != "" && s.epciDe(v.Champs.CodeInsee) != k {
		return false
	}
	date := v.Preuve.Date
	switch k := f.V("fraicheur"); k {
	case "":
		return true
	case "sans":
		return date.IsZero()
	default:
		mois, err := strconv.Atoi(k)
		return err == nil && (date.IsZero() || date.Compare(mednum.DateOf(s.maintenant()).AddMois(-mois)) < 0)
	}
}

func (s *site) rendreNouvelle(c *fiber.Ctx, f *saisie) error {
	corps := corpsNouvelle{saisie: f, Fraicheurs: fraicheurs, MotMax: reseau.MotMax, ParMinute: reseau.CourrielsParMinute}
	for _, k := range mednum.Familles {
		corps.Familles = append(corps.Familles, optionDroit{string(k), textes.Famille(string(k))})
	}
	for _, k := range s.toutesEPCI() {
		corps.EPCIs = append(corps.EPCIs, optionDroit{k.Valeur, k.Nom})
	}
	choisis := slices.DeleteFunc(s.coordonnes(c), func(v *catalogue.Vue) bool { return !s.choisir(v, f) })
	joignables, err := s.Reseau.Joindre(c.UserContext(), choisis)
	if err != nil {
		return err
	}
	_, envoye := f.Valeurs["cle"]
	for i := range joignables {
		corps.ranger(s, &joignables[i], func(id string, defaut bool) bool {
			if envoye {
				return f.Coche("lieu", id)
			}
			return defaut
		})
	}
	if corps.Trop = len(corps.Joignables) - reseau.LieuxCampagneMax; corps.Trop > 0 {
		corps.Joignables = corps.Joignables[:reseau.LieuxCampagneMax]
	}
	if len(f.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
	}
	return s.rendreEspace(c, "campagne-nouvelle", titreSaisie(f, "Préparer une campagne"), "reseau", corps)
}

func (k *corpsNouvelle) ranger(s *site, j *reseau.Joignable, coche func(string, bool) bool) {
	v := j.Lieu
	l := lieuAJoindre{ID: v.ID, Nom: v.Champs.Nom, Commune: v.Champs.Commune, Telephone: v.Champs.Telephone, Depuis: direPreuveDu(v), A: textes.Pluriel(len(j.A), "courriel", "courriels")}
	switch {
	case j.Motif != "":
		l.Motif = motifsEnquete[j.Motif]
		k.Injoignables = append(k.Injoignables, l)
	case !j.Recent.IsZero():
		l.Motif, l.Coche = "Interrogé le "+textes.Jour(j.Recent.In(s.Territoire.Location())), coche(v.ID, false)
		k.Recents = append(k.Recents, l)
	default:
		l.Coche = coche(v.ID, true)
		k.Joignables = append(k.Joignables, l)
	}
}

// motifsEnquete say why a place is not written to.
var motifsEnquete = map[reseau.EtatEnquete]string{
	reseau.SansAdresse: "Aucune adresse de courriel", reseau.Rebondie: "Les courriels à son adresse reviennent",
	reseau.Refusee: "Ne veut plus de ces courriels", reseau.Recente: "Interrogé il y a moins d’un mois", reseau.Partie: "N’est plus dans la liste, ou plus dans votre périmètre",
}

func direPreuveDu(v *catalogue.Vue) string {
	if d := v.Preuve.Date; !d.IsZero() {
		return "Information du " + textes.DateLongue(d.Annee, d.Mois, d.Jour)
	}
	return "Information sans date"
}

// postNouvelleCampagne keeps a campaign, which is sent from its own page.
func (s *site) postNouvelleCampagne(c *fiber.Ctx) error {
	cle, err := cleForme(c)
	if err != nil {
		return err
	}
	f := lireSaisie(c)
	k := reseau.Campagne{Titre: f.V("titre"), Mot: f.V("mot"), Auteur: connexion(c).Compte.ID}
	if k.Relance, err = strconv.Atoi(cmp.Or(f.V("relance"), "0")); err != nil || k.Relance < 0 {
		k.Relance = -1
	}
	siens := map[string]*catalogue.Vue{}
	for _, v := range s.coordonnes(c) {
		siens[v.ID] = v
	}
	var choisis []*catalogue.Vue
	for _, id := range f.Valeurs["lieu"] {
		v, ok := siens[id]
		if !ok {
			return interdit("lieu", "Un des lieux cochés n’est pas, ou plus, de ceux que vous coordonnez : rechargez la page, puis recommencez.")
		}
		k.Lieux, choisis = append(k.Lieux, id), append(choisis, v)
	}
	joignables, err := s.Reseau.Joindre(c.UserContext(), choisis)
	if err != nil {
		return err
	}
	k.Recents = slices.ContainsFunc(joignables, func(j reseau.Joignable) bool { return !j.Recent.IsZero() })
	k, err = s.Reseau.Preparer(c.UserContext(), cle, k)
	if f.fauter(err, "titre", "mot", "relance", "lieux") {
		return s.rendreNouvelle(c, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(s.chemin("/espace/campagnes/"+k.ID), fiber.StatusSeeOther)
}
