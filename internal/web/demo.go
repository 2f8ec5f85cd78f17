package web

import (
	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/textes"
)

// Demo is what a demonstration shows: its mail, instead of sending it, and the
// accounts that anyone at this machine may enter.
type Demo struct {
	Boite   *courrier.Boite
	Comptes []CompteDemo
}

// CompteDemo is one account of a demonstration; Quoi says what it does.
type CompteDemo struct{ Courriel, Nom, Quoi string }

// corpsDemo is the page of a demonstration.
type corpsDemo struct {
	Comptes []CompteDemo
	Recues  []recue
}

type recue struct {
	courrier.Recue
	Heure string
}

// serveDemo answers this machine alone: a page elsewhere that has its own name
// lead to this address (DNS rebinding) reads nothing.
func (s *site) serveDemo(c *fiber.Ctx) error {
	if !courrier.Local("http://" + string(c.Context().Host())) {
		return &refus{fiber.StatusMisdirectedRequest, fiber.HeaderHost, "La démonstration ne se lit que sur cette machine, à l’adresse http://localhost."}
	}
	corps := corpsDemo{Comptes: s.Demo.Comptes}
	for _, r := range s.Demo.Boite.Recues() {
		le := r.Le.In(s.Territoire.Location())
		corps.Recues = append(corps.Recues, recue{r, textes.Heure(le.Hour(), le.Minute())})
	}
	return s.render(c, "demo", page{Titre: "Démonstration", SansIndex: true, Prive: true}, corps)
}
