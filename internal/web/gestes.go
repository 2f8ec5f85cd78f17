package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// fait goes to a page that says what was done.
func (s *site) fait(c *fiber.Ctx, chemin, code string) error {
	return c.Redirect(s.chemin(chemin)+"?fait="+code, fiber.StatusSeeOther)
}

// faute is what a form must be corrected of: the field, and what to do.
type faute struct{ Champ, Message string }

// fauteDe is the fault that a refusal names; false for any other error.
func fauteDe(err error) (faute, bool) {
	if !estCode(err, mednum.Invalide) {
		return faute{}, false
	}
	return faute{champDe(err), messageDe(err)}, true
}

// rendreForme renders a page whose form may be at fault.
func (s *site) rendreForme(c *fiber.Ctx, nom, titre, onglet string, f faute, corps any) error {
	if f.Champ != "" {
		c.Status(fiber.StatusBadRequest)
		titre = "À corriger : " + textes.Minuscule(titre)
	}
	return s.rendreEspace(c, nom, titre, onglet, corps)
}

// corpsConfirmer asks before something that cannot be undone in one gesture.
type corpsConfirmer struct {
	Phrases []string
	Attention,
	Action, Bouton string
	Champs [][2]string // hidden fields: name, value
	Retour string
}

func (s *site) confirmer(c *fiber.Ctx, titre, onglet string, corps corpsConfirmer) error {
	return s.rendreEspace(c, "confirmer", titre, onglet, corps)
}

// direQuand is a moment to whom it happened: "aujourd’hui à 9 h 30",
// "mardi 3 mars", "3 mars 2025".
func (s *site) direQuand(t time.Time) string {
	zone := s.Territoire.Location()
	t = t.In(zone)
	maintenant := s.Now().In(zone)
	switch {
	case mednum.DateOf(t) == mednum.DateOf(maintenant):
		return "aujourd’hui à " + textes.Heure(t.Hour(), t.Minute())
	case t.Year() == maintenant.Year():
		return textes.Jour(t)
	}
	return textes.DateLongue(t.Year(), t.Month(), t.Day())
}
