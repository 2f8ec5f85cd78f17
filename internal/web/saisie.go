package web

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
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
	c.Context().PostArgs().VisitAll(func(cle, valeur []byte) {
		s.Valeurs.Add(string(cle), strings.ToValidUTF8(strings.TrimSpace(string(valeur)), ""))
	})
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

// fauter notes what the domain refuses on the fields that the form calls by
// those names; false when err is something else, or names no field of it.
func (s *saisie) fauter(err error, champs ...string) bool {
	fautes := mednum.Errors(err)
	for _, e := range fautes {
		if e.Code != mednum.Invalide || !slices.Contains(champs, e.Champ) {
			return false
		}
		s.Fautes[e.Champ] = direDates(e.Message)
	}
	return len(fautes) > 0
}

var motifDateDite = regexp.MustCompile(`(comme )?\b\d{4}-\d{2}-\d{2}\b`)

// direDates puts the dates of a refusal into words; those that show how to write
// one are as people type them.
func direDates(message string) string {
	return motifDateDite.ReplaceAllStringFunc(message, func(texte string) string {
		date, exemple := strings.CutPrefix(texte, "comme ")
		d, err := mednum.ParseDate(date)
		switch {
		case err != nil:
			return texte
		case exemple:
			return fmt.Sprintf("comme %02d/%02d/%d", d.Jour, d.Mois, d.Annee)
		}
		return textes.DateLongue(d.Annee, d.Mois, d.Jour)
	})
}

// entier is the whole number of a field that people do not type, 0 when it is
// none.
func (s *saisie) entier(nom string) int {
	n, err := strconv.Atoi(s.V(nom))
	if err != nil {
		return 0
	}
	return n
}
