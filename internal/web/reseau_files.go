package web

import (
	"cmp"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/textes"
)

// plusVieux is the older of two moments, either of which may not be known.
func plusVieux(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// fileDossiers is the queue of what waits in the places themselves, of those that
// count.
func (s *site) fileDossiers(c *fiber.Ctx, f attenteFile, compte func(*catalogue.Dossier) int) (attenteFile, error) {
	f.Lien = "/espace/file"
	dossiers := s.Catalogue.EnAttente(connexion(c).Compte.Habilitations)
	for i := range dossiers {
		if n := compte(&dossiers[i]); n > 0 {
			f.Combien += n
			f.Depuis = plusVieux(f.Depuis, dossiers[i].Depuis)
		}
	}
	return f, nil
}

func (s *site) fileModifications(c *fiber.Ctx) (attenteFile, error) {
	return s.fileDossiers(c, attenteFile{Nom: "Modifications à relire", Phrase: "Un nom, une adresse ou une fermeture attend votre accord."}, func(d *catalogue.Dossier) int { return len(d.Attentes) })
}

func (s *site) filePropositions(c *fiber.Ctx) (attenteFile, error) {
	return s.fileDossiers(c, attenteFile{Nom: "Lieux proposés", Phrase: "Le public ne les voit pas encore."}, func(d *catalogue.Dossier) int {
		if d.Propose {
			return 1
		}
		return 0
	})
}

func (s *site) fileContestees(c *fiber.Ctx) (attenteFile, error) {
	return s.fileDossiers(c, attenteFile{Nom: "Corrections contestées", Phrase: "Une source dit autre chose que ce qu’une personne a écrit."}, func(d *catalogue.Dossier) int { return len(d.Questions) })
}

// fileDemandes are the people who ask to keep a place true.
func (s *site) fileDemandes(c *fiber.Ctx) (attenteFile, error) {
	f := attenteFile{Nom: "Demandes d’accès", Phrase: "Quelqu’un demande à corriger un lieu.", Lien: "/espace/comptes"}
	demandes, err := s.Comptes.Demandes(c.UserContext())
	for i := range demandes {
		if s.peut(c, droitLieu(demandes[i].Lieu)) {
			f.Combien++
			f.Depuis = plusVieux(f.Depuis, demandes[i].Le)
		}
	}
	return f, err
}

// rebondReseau is somebody of the network whose address refuses mail.
type rebondReseau struct {
	Compte, Nom string
	Le          time.Time
}

// rebondsReseau are the people whose address bounced and who keep a place that
// the session coordinates, or whose accounts it keeps.
func (s *site) rebondsReseau(c *fiber.Ctx) (liste []rebondReseau, err error) {
	rebonds, err := s.Courrier.Rebonds(c.UserContext())
	if err != nil || len(rebonds) == 0 {
		return nil, err
	}
	comptes, err := s.Comptes.Comptes(c.UserContext())
	if err != nil {
		return nil, err
	}
	for _, r := range rebonds {
		for i := range comptes {
			if q := &comptes[i]; q.Courriel == r.Adresse && len(q.Habilitations) > 0 && s.peutTout(c, q.Habilitations) {
				liste = append(liste, rebondReseau{q.ID, cmp.Or(q.Nom, "Une personne sans nom"), r.Le})
			}
		}
	}
	return liste, nil
}

func (s *site) fileRebonds(c *fiber.Ctx) (attenteFile, error) {
	f := attenteFile{Nom: "Courriels refusés", Phrase: "L’adresse d’une personne ne reçoit plus rien : ses rappels se perdent.", Lien: "/espace/comptes"}
	rebonds, err := s.rebondsReseau(c)
	for _, r := range rebonds {
		f.Combien++
		f.Depuis = plusVieux(f.Depuis, r.Le)
	}
	return f, err
}

func (s *site) fileWebhooks(c *fiber.Ctx) (attenteFile, error) {
	f := attenteFile{Nom: "Webhooks arrêtés", Phrase: "Un programme n’est plus prévenu de ce qui change.", Lien: "/espace/webhooks"}
	arretes, err := s.webhooksArretes(c)
	f.Combien = len(arretes)
	return f, err
}

func (s *site) fileAppels(c *fiber.Ctx) (attenteFile, error) {
	f := attenteFile{Nom: "Lieux à appeler", Phrase: "Leur information est trop ancienne, ou quelqu’un y signale une erreur.", Lien: cheminAppeler}
	appels, err := s.appels(c)
	f.Combien = len(appels.AFaire)
	return f, err
}

// depuisLe is "depuis le 24 novembre 2026".
func (s *site) depuisLe(t time.Time) string {
	t = t.In(s.Territoire.Location())
	return "depuis le " + textes.DateLongue(t.Year(), t.Month(), t.Day())
}
