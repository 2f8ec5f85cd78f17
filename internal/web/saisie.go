package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
)

// saisie is what a form shows: the values typed, or those of the place, and
// what is wrong with them, by the names of its fields.
type saisie struct {
	Valeurs url.Values
	Fautes  map[string]string
}

// newSaisie is a form that is shown for the first time; paires are name, value,
// name, value…
func newSaisie(paires ...string) *saisie {
	s := &saisie{Valeurs: url.Values{}, Fautes: map[string]string{}}
	for i := 0; i+1 < len(paires); i += 2 {
		s.Valeurs.Add(paires[i], paires[i+1])
	}
	return s
}

// lireSaisie is a form as it was sent.
func lireSaisie(c *fiber.Ctx) *saisie {
	s := newSaisie()
	for cle, valeur := range c.Context().PostArgs().All() {
		s.Valeurs.Add(string(cle), strings.ToValidUTF8(strings.TrimSpace(string(valeur)), ""))
	}
	return s
}

// V is the value of a field.
func (s *saisie) V(nom string) string { return s.Valeurs.Get(nom) }

// Coche tells whether a field has the value, among others.
func (s *saisie) Coche(nom, valeur string) bool { return slices.Contains(s.Valeurs[nom], valeur) }

// F is what is wrong with a field, "" when nothing is.
func (s *saisie) F(nom string) string { return s.Fautes[nom] }

// Ordre are the fields at fault, in the order in which the page shows them.
func (s *saisie) Ordre() []string {
	noms := make([]string, 0, len(s.Fautes))
	for nom := range s.Fautes {
		noms = append(noms, nom)
	}
	slices.Sort(noms)
	return noms
}

// fauter notes a refusal of the domain on the field that the form calls by
// another name; false when err is something else.
func (s *saisie) fauter(err error, noms map[string]string) bool {
	var e *mednum.Error
	if !errors.As(err, &e) || e.Code != mednum.Invalide {
		return false
	}
	nom := e.Champ
	if autre, ok := noms[nom]; ok {
		nom = autre
	}
	s.Fautes[nom] = e.Message
	return true
}
