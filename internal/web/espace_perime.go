package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
)

// etape is one revision as a page shows it.
type etape struct {
	Version     int
	Quand       string
	Qui         string
	Voie        string
	Differences []difference
	Courante    bool
}

// perime is what somebody else wrote while a form was being filled in.
type perime struct {
	Etapes  []etape
	Version int // the newest one, which the form now carries
}

// depuisVersion is what was written to a place since a version that somebody
// read, newest first.
func (s *site) depuisVersion(c *fiber.Ctx, id string, lue int) (*perime, error) {
	if err := s.Catalogue.Actualiser(c.UserContext()); err != nil {
		return nil, err
	}
	etapes, err := s.etapes(c, id)
	if err != nil || len(etapes) == 0 {
		return nil, err
	}
	p := &perime{Version: etapes[0].Version}
	p.Etapes = slices.DeleteFunc(etapes, func(e etape) bool { return e.Version <= lue })
	return p, nil
}

// rejeux is how many times a change is made again over what others wrote.
const rejeux = 3

// rejouer makes a change of the version that was read; over a newer one too, as
// long as what others wrote since touches nothing of it.
func (s *site) rejouer(c *fiber.Ctx, id string, e catalogue.Edition, touche func(avant, apres *mednum.Lieu) bool, change func(catalogue.Edition) (mednum.Lieu, error)) (mednum.Lieu, error) {
	lue := e.Version
	l, err := change(e)
	for n := 0; n < rejeux && estCode(err, mednum.Perime); n++ {
		avant, apres, errLue := s.depuisLu(c, id, lue)
		if errLue != nil {
			return l, errLue
		}
		if avant == nil || avant.Statut != apres.Statut || touche(avant, apres) {
			return l, err
		}
		e.Version = apres.Version
		l, err = change(e)
	}
	return l, err
}

// depuisLu is a place as somebody read it, nil when it never had that version,
// and as it is now.
func (s *site) depuisLu(c *fiber.Ctx, id string, lue int) (avant, apres *mednum.Lieu, err error) {
	if err := s.Catalogue.Actualiser(c.UserContext()); err != nil {
		return nil, nil, err
	}
	histoire, err := s.Catalogue.Histoire(c.UserContext(), id)
	if err != nil || len(histoire) == 0 {
		return nil, nil, err
	}
	i := slices.IndexFunc(histoire, func(e catalogue.Etape) bool { return e.Version == lue })
	if i < 0 {
		return nil, nil, nil
	}
	return &histoire[i].Apres, &histoire[0].Apres, nil
}

// exceptionsTouchees tells whether exceptions changed between two states, or the
// permanence that one is of.
func exceptionsTouchees(permanence string) func(avant, apres *mednum.Lieu) bool {
	return func(avant, apres *mednum.Lieu) bool {
		return !slices.Equal(avant.Exceptions, apres.Exceptions) || permanenceTouchee(permanence)(avant, apres)
	}
}

// permanenceTouchee tells whether a permanence changed between two states; one
// that is not there yet, or "", never does.
func permanenceTouchee(id string) func(avant, apres *mednum.Lieu) bool {
	de := func(l *mednum.Lieu) []mednum.Permanence {
		return slices.DeleteFunc(slices.Clone(l.Permanences), func(p mednum.Permanence) bool { return p.ID != id })
	}
	return func(avant, apres *mednum.Lieu) bool {
		return len(mednum.Differences(&mednum.Lieu{Permanences: de(avant)}, &mednum.Lieu{Permanences: de(apres)})) > 0
	}
}

// etapes is the history of a place in words, newest first.
func (s *site) etapes(c *fiber.Ctx, id string) ([]etape, error) {
	histoire, err := s.Catalogue.Histoire(c.UserContext(), id)
	if err != nil {
		return nil, err
	}
	noms, err := s.nomsDe(c, histoire)
	if err != nil {
		return nil, err
	}
	etapes := make([]etape, 0, len(histoire))
	for i := range histoire {
		h := &histoire[i]
		e := etape{
			Version: h.Version, Quand: s.momentDit(h.Le), Qui: noms.dire(h.Auteur), Voie: voies[h.Voie],
			Differences: direDifferences(h.Differences, noms), Courante: i == 0,
		}
		etapes = append(etapes, e)
	}
	return etapes, nil
}

// voies say from where something was done.
var voies = map[string]string{
	registre.VoieApp: "dans l’application", registre.VoieImport: "par un import", registre.VoieLien: "par un lien de rappel",
	registre.VoieAPI: "par un programme", registre.VoieCLI: "en ligne de commande", registre.VoieTache: "par le service, à son heure",
	registre.VoieTelephone: "vérifié par téléphone",
}

// rendrePerime says what somebody else wrote, when there was nothing to fill in.
func (s *site) rendrePerime(c *fiber.Ctx, v *catalogue.Vue, lue int) error {
	p, err := s.depuisVersion(c, v.ID, lue)
	if err != nil {
		return err
	}
	c.Status(fiber.StatusPreconditionFailed)
	return s.rendreEspace(c, "perime", "Quelqu’un a modifié ce lieu avant vous", "lieux", struct {
		Lieu *catalogue.Vue
		*perime
	}{v, p})
}

// auteurs are the names of accounts, by id.
type auteurs map[string]string

func (a auteurs) dire(auteur string) string { return catalogue.DireAuteur(auteur, a) }

// nomsDe looks up the names of the accounts that a history names.
func (s *site) nomsDe(c *fiber.Ctx, histoire []catalogue.Etape) (auteurs, error) {
	var ids []string
	for i := range histoire {
		if id, ok := mednum.CompteDe(histoire[i].Auteur); ok {
			ids = append(ids, id)
		}
		for _, d := range histoire[i].Differences {
			if d.Champ == champTenue {
				ids = append(ids, d.Avant, d.Apres)
			}
		}
	}
	return s.Comptes.Noms(c.UserContext(), slices.DeleteFunc(ids, func(id string) bool { return id == "" }))
}

// champTenue is the Difference of who holds a permanence.
const champTenue mednum.Champ = "permanence.compte"
