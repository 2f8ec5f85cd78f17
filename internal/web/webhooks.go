package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
	"82numerique.fr/adeuxpas/internal/webhooks"
)

// How many messages one account may have sent in an hour by touching a button.
const essaisWebhookMax = 60

// livraisonsMontrees is how many deliveries of a webhook its page lists.
const livraisonsMontrees = 20

// routesWebhooks are the pages of the addresses that are told of changes.
func (s *site) routesWebhooks(e fiber.Router) {
	essais := newDebit(essaisWebhookMax, periodeInvitations, s.Now)
	w := e.Group("/webhooks", s.withToutCoordonne)
	w.Get("/", s.serveWebhooks)
	w.Get("/ajouter", s.serveAjouterWebhook)
	w.Post("/ajouter", essais.withCompte, s.postAjouterWebhook)
	w.Get("/:webhook", s.serveWebhook)
	w.Post("/:webhook/essai", essais.withCompte, s.postEssayer)
	w.Post("/:webhook/renvoyer", essais.withCompte, s.postRenvoyer)
	w.Post("/:webhook/pause", s.postSuspendre)
	w.Post("/:webhook/reprendre", s.postReprendreWebhook)
	w.Get("/:webhook/secret", s.serveSecret)
	w.Post("/:webhook/secret", s.postSecret)
	w.Get("/:webhook/supprimer", s.serveSupprimerWebhook)
	w.Post("/:webhook/supprimer", s.postSupprimerWebhook)
}

// coordonneTout tells whether the session coordinates, or administers, the whole
// territory.
func (s *site) coordonneTout(c *fiber.Ctx) bool {
	return s.Catalogue.CoordonneTout(connexion(c).Compte.Habilitations)
}

// withToutCoordonne lets in those who coordinate the whole territory.
func (s *site) withToutCoordonne(c *fiber.Ctx) error {
	if !s.coordonneTout(c) {
		return interdit("habilitation", "Cette page est celle des personnes qui coordonnent la carte de tout le territoire.")
	}
	return c.Next()
}

// cleForme is the key that was drawn for the form of a request.
func cleForme(c *fiber.Ctx) (string, error) {
	cle := c.FormValue("cle")
	if !motifCle.MatchString(cle) {
		return "", invalide("cle", "Cette page est incomplète : rechargez-la, puis recommencez.")
	}
	return connexion(c).Compte.ID + "/" + cle, nil
}

// webhookVue is a webhook in words. It holds no secret.
type webhookVue struct {
	ID, Titre, URL, Portee string
	Etat                   string // what became of the last tries
	Souci                  bool   // nothing reaches it
	Actif                  bool
	Attend                 string // what waits, "" for nothing
	Cree, Rotation         string
}

func (s *site) serveWebhooks(c *fiber.Ctx) error {
	liste, err := s.Webhooks.Liste(c.UserContext())
	if err != nil {
		return err
	}
	attendent, err := s.Webhooks.Attendent(c.UserContext())
	if err != nil {
		return err
	}
	vues := make([]webhookVue, 0, len(liste))
	for i := range liste {
		vues = append(vues, s.direWebhook(&liste[i], attendent[liste[i].ID]))
	}
	return s.rendreEspace(c, "webhooks", "Webhooks", "comptes", vues)
}

// webhooksArretes are those that were stopped because nothing reached them, for
// a session that keeps them.
func (s *site) webhooksArretes(c *fiber.Ctx) ([]webhookVue, error) {
	if !s.coordonneTout(c) {
		return nil, nil
	}
	liste, err := s.Webhooks.Liste(c.UserContext())
	var vues []webhookVue
	for i := range liste {
		if v := s.direWebhook(&liste[i], webhooks.File{}); !v.Actif && v.Souci {
			vues = append(vues, v)
		}
	}
	return vues, err
}

// corpsAjouter is the form of a new webhook.
type corpsAjouter struct {
	*saisie
	Choix []groupePortees
}

// groupePortees are scopes of one sort.
type groupePortees struct {
	Nom    string
	Choix  []optionDroit
	Choisi string
}

func (s *site) serveAjouterWebhook(c *fiber.Ctx) error {
	return s.rendreAjouter(c, newSaisie("portee", string(webhooks.PorteeTout)))
}

func (s *site) rendreAjouter(c *fiber.Ctx, f *saisie) error {
	epcis, communes := groupePortees{Nom: "Intercommunalités", Choisi: f.V("portee")}, groupePortees{Nom: "Communes", Choisi: f.V("portee")}
	for i := range s.Territoire.EPCIs {
		e := &s.Territoire.EPCIs[i]
		epcis.Choix = append(epcis.Choix, optionDroit{string(webhooks.PorteeEPCI) + ":" + e.Code, e.Nom})
	}
	for i := range s.Territoire.Communes {
		if v := &s.Territoire.Communes[i]; v.Dedans {
			communes.Choix = append(communes.Choix, optionDroit{string(webhooks.PorteeCommune) + ":" + v.Code, v.NomCourant()})
		}
	}
	for _, g := range []*groupePortees{&epcis, &communes} {
		slices.SortFunc(g.Choix, func(a, b optionDroit) int {
			return cmp.Compare(mednum.Normaliser(a.Dit), mednum.Normaliser(b.Dit))
		})
	}
	titre := "Ajouter un webhook"
	if len(f.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
		titre = "À corriger : ajouter un webhook"
	}
	return s.rendreEspace(c, "webhooks-ajouter", titre, "comptes", corpsAjouter{f, []groupePortees{epcis, communes}})
}

func (s *site) postAjouterWebhook(c *fiber.Ctx) error {
	cle, err := cleForme(c)
	if err != nil {
		return err
	}
	f := lireSaisie(c)
	portee, zone, _ := strings.Cut(f.V("portee"), ":")
	debut := s.Now()
	h, err := s.Webhooks.Creer(c.UserContext(), webhooks.Demande{
		Nom: f.V("nom"), URL: f.V("url"), Portee: webhooks.Portee(portee), Zone: zone, Par: connexion(c).Compte.Auteur(), Cle: cle,
	})
	if f.fauter(err, "nom", "url", "portee") {
		return s.rendreAjouter(c, f)
	}
	if err != nil {
		return err
	}
	if !h.Cree.Before(debut) { // the same form, sent twice, made it before
		s.noter(c, surWebhook(h.ID, "Webhook ajouté"))
	}
	return s.montrerSecret(c, &h)
}

func surWebhook(id, texte string) registre.Acte {
	return registre.Acte{Genre: registre.GenreWebhook, Objet: "webhook:" + id, Texte: texte}
}

// corpsSecret shows a secret, the once that it can be read.
type corpsSecret struct {
	webhookVue
	Secret string
	Neuf   bool // the webhook is new
}

func (s *site) montrerSecret(c *fiber.Ctx, h *webhooks.Webhook) error {
	vue := s.direWebhook(h, webhooks.File{})
	return s.rendreEspace(c, "webhooks-secret", "Le secret du webhook", "comptes", corpsSecret{vue, h.Secret, len(h.Anciens) == 0})
}

// corpsWebhook is the page of one webhook.
type corpsWebhook struct {
	webhookVue
	Livraisons []livraisonVue
}

func (s *site) serveWebhook(c *fiber.Ctx) error {
	h, err := s.Webhooks.Webhook(c.UserContext(), c.Params("webhook"))
	if err != nil {
		return err
	}
	attendent, err := s.Webhooks.Attendent(c.UserContext())
	if err != nil {
		return err
	}
	livraisons, err := s.Webhooks.Livraisons(c.UserContext(), h.ID, livraisonsMontrees)
	if err != nil {
		return err
	}
	corps := corpsWebhook{webhookVue: s.direWebhook(&h, attendent[h.ID])}
	for i := range livraisons {
		corps.Livraisons = append(corps.Livraisons, s.direLivraison(&livraisons[i]))
	}
	return s.rendreEspace(c, "webhooks-un", corps.Titre, "comptes", corps)
}

// gesteWebhook does something to the webhook of the address, and goes back to
// its page, which says so.
func (s *site) gesteWebhook(c *fiber.Ctx, dit string, faire func(id string) error) error {
	h, err := s.Webhooks.Webhook(c.UserContext(), c.Params("webhook"))
	if err != nil {
		return err
	}
	if err := faire(h.ID); err != nil {
		return err
	}
	return s.fait(c, "/espace/webhooks/"+h.ID, dit)
}

func (s *site) postEssayer(c *fiber.Ctx) error {
	cle, err := cleForme(c)
	if err != nil {
		return err
	}
	return s.gesteWebhook(c, "webhook-essai", func(id string) error { return s.Webhooks.Essayer(c.UserContext(), id, cle) })
}

func (s *site) postRenvoyer(c *fiber.Ctx) error {
	return s.gesteWebhook(c, "webhook-renvoi", func(id string) error {
		return s.Webhooks.Renvoyer(c.UserContext(), id, c.FormValue("livraison"))
	})
}

func (s *site) postSuspendre(c *fiber.Ctx) error {
	return s.gesteNote(c, "webhook-pause", "Webhook suspendu", s.Webhooks.Suspendre)
}

func (s *site) postReprendreWebhook(c *fiber.Ctx) error {
	return s.gesteNote(c, "webhook-reprise", "Webhook repris", s.Webhooks.Reprendre)
}

// gesteNote is a gesteWebhook that the register keeps.
func (s *site) gesteNote(c *fiber.Ctx, dit, texte string, faire func(ctx context.Context, id string) error) error {
	return s.gesteWebhook(c, dit, func(id string) error {
		if err := faire(c.UserContext(), id); err != nil {
			return err
		}
		s.noter(c, surWebhook(id, texte))
		return nil
	})
}

func (s *site) serveSecret(c *fiber.Ctx) error {
	h, err := s.Webhooks.Webhook(c.UserContext(), c.Params("webhook"))
	if err != nil {
		return err
	}
	return s.confirmer(c, "Renouveler le secret ?", "comptes", corpsConfirmer{
		Phrases: []string{
			"Un nouveau secret est tiré, et montré une seule fois.",
			"L’ancien signe encore pendant 24 heures, à côté du nouveau : le programme qui reçoit peut changer sans rien manquer.",
		},
		Action: "/espace/webhooks/" + h.ID + "/secret", Bouton: "Renouveler le secret", Retour: "/espace/webhooks/" + h.ID,
	})
}

func (s *site) postSecret(c *fiber.Ctx) error {
	cle, err := cleForme(c)
	if err != nil {
		return err
	}
	h, err := s.Webhooks.Webhook(c.UserContext(), c.Params("webhook"))
	if err != nil {
		return err
	}
	if h, err = s.Webhooks.Renouveler(c.UserContext(), h.ID, cle); err != nil {
		return err
	}
	s.noter(c, surWebhook(h.ID, "Secret d’un webhook renouvelé"))
	return s.montrerSecret(c, &h)
}

func (s *site) serveSupprimerWebhook(c *fiber.Ctx) error {
	h, err := s.Webhooks.Webhook(c.UserContext(), c.Params("webhook"))
	if err != nil {
		return err
	}
	return s.confirmer(c, "Supprimer ce webhook ?", "comptes", corpsConfirmer{
		Phrases: []string{
			fmt.Sprintf("« %s » ne recevra plus rien. Son secret et la liste de ses envois s’effacent.", titreWebhook(&h)),
			"Pour le remettre, il faudra l’ajouter de nouveau, avec un autre secret.",
		},
		Action: "/espace/webhooks/" + h.ID + "/supprimer", Bouton: "Supprimer ce webhook", Retour: "/espace/webhooks/" + h.ID,
	})
}

func (s *site) postSupprimerWebhook(c *fiber.Ctx) error {
	h, err := s.Webhooks.Webhook(c.UserContext(), c.Params("webhook"))
	if err != nil {
		return err
	}
	if err := s.Webhooks.Oter(c.UserContext(), h.ID); err != nil {
		return err
	}
	s.noter(c, surWebhook(h.ID, "Webhook supprimé"))
	return s.fait(c, "/espace/webhooks", "webhook-ote")
}

// direMoment is a moment that may be near: "il y a 3 min", "à 14 h 05", "jeudi
// 26 novembre à 9 h".
func (s *site) direMoment(t time.Time) string {
	zone := s.Territoire.Location()
	now, t := s.Now().In(zone), t.In(zone)
	depuis := now.Sub(t)
	switch {
	case depuis >= 0 && depuis < time.Minute:
		return "à l’instant"
	case depuis >= 0 && depuis < time.Hour:
		return fmt.Sprintf("il y a %d min", int(depuis/time.Minute))
	}
	heure := "à " + textes.Heure(t.Hour(), t.Minute())
	if mednum.DateOf(t) == mednum.DateOf(now) {
		return heure
	}
	return textes.Jour(t) + " " + heure
}
