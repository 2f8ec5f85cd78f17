package web

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/textes"
)

// reponses are what somebody who reported something is told.
var reponses = map[ecoute.Decision]string{
	ecoute.DecisionFerme:     "Vous aviez raison : ce lieu est fermé. Sa page le dit maintenant, et conduit vers les lieux les plus proches.",
	ecoute.DecisionPause:     "Vous aviez raison : ce lieu est fermé pour un temps. Sa page dit jusqu’à quand.",
	ecoute.DecisionNumero:    "Vous aviez raison : ce numéro était faux. Nous l’avons changé, ou retiré.",
	ecoute.DecisionVerifie:   "Nous avons vérifié auprès du lieu : ce que dit sa page est juste.",
	ecoute.DecisionCorrige:   "Vous aviez raison : la page de ce lieu est corrigée.",
	ecoute.DecisionSansSuite: "Nous avons lu votre signalement. La page de ce lieu ne change pas.",
}

// repondreSignalement writes to whoever waits for the answer of a report, once,
// and forgets their address. A letter that cannot be posted takes nothing from
// the decision: the page of the report offers to answer again.
func (s *site) repondreSignalement(c *fiber.Ctx, x *ecoute.Signalement, v *catalogue.Vue) {
	if !s.Courrier.Regle() {
		return
	}
	err := s.Signales.Repondre(c.UserContext(), x.ID, func(cle, courriel string) (bool, error) {
		l := s.lettreSignalement(x, v, courriel)
		l.Sujet = textes.Couper(l.Sujet, sujetMax)
		_, neuf, err := s.Courrier.PosterUne(c.UserContext(), x.Decide, cle, l)
		return neuf, err
	})
	if err != nil {
		s.Journal.Error("une réponse à un signalement n’est pas partie", "signalement", x.ID, "cause", err)
	}
}

func (s *site) lettreSignalement(x *ecoute.Signalement, v *catalogue.Vue, courriel string) courrier.Lettre {
	dire := []string{
		"Bonjour,",
		"Vous nous avez signalé, pour " + nomComplet(&v.Lieu) + " : « " + textes.Minuscule(naturesDites[x.Nature]) + " ».",
		reponses[x.Decision],
	}
	if x.Motif != "" {
		dire = append(dire, "Un mot de la personne qui a vérifié : « "+x.Motif+" ».")
	}
	return courrier.Lettre{
		Genre: courrier.Signalement, A: courriel, Sujet: "Votre signalement : " + v.Champs.Nom,
		Paragraphes: append(dire, "Merci : votre signalement évite à d’autres de se déplacer pour rien."),
		Boutons:     bouton("Voir la page du lieu", s.lien("/lieux/"+v.ID)),
		Fin:         "Cette réponse est la seule. Nous n’avons plus besoin de votre adresse : elle est effacée du signalement.",
	}
}

// postRepondre answers again those whom a closed report could not be answered to.
func (s *site) postRepondre(c *fiber.Ctx) error {
	lu, err := s.Signales.Un(c.UserContext(), c.Params("signalement"), connexion(c).Compte.Habilitations)
	if err != nil {
		return err
	}
	quoi := "sans-courrier"
	if lu.Etat == ecoute.Clos && s.Courrier.Regle() {
		s.repondreSignalement(c, &lu.Signalement, lu.Vue)
		quoi = "repondu"
	}
	return s.fait(c, "/espace/signalements/"+url.PathEscape(lu.ID), quoi)
}
