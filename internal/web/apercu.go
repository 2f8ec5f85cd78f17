package web

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/textes"
)

// datesMontrees is how many dates to come show when weeks differ.
const datesMontrees = 4

// apercu is what people will read of hours.
type apercu struct {
	Permanence *permanenceEditee // nil for the hours of a place
	Semaine    []textes.LigneSemaine
	Regles     []string // hours that no week table can show
	Vacances   string
	Feries     string
	Dates      []string
	Jamais     bool // nothing opens in the coming year
	Doutes     []string
	Fautes     []faute
}

// lireApercu reads hours as people will. Nothing stored is asked.
func (s *site) lireApercu(texte string, p *permanenceEditee) apercu {
	if texte == "" {
		return apercu{Permanence: p}
	}
	e, err := horaires.Parse(texte)
	if err != nil {
		return apercu{Permanence: p, Regles: []string{texte}} // as it is shown: in the words of its source
	}
	return s.apercuDe(e, p)
}

// apercuDe is what people read of hours.
func (s *site) apercuDe(e *horaires.Expression, p *permanenceEditee) apercu {
	a := apercu{Permanence: p}
	for _, d := range e.Doutes() {
		a.Doutes = append(a.Doutes, d.Extrait+"\u00a0: "+d.Message)
	}
	k := horaires.Cadence{}
	if p != nil {
		k = p.cadence(s.Territoire.Location())
	}
	e = e.Cadencer(k)
	ordinaire := e.Ordinaire() && k.Semaines < 2
	if lignes, ok := textes.Semaine(e); ok && ordinaire {
		a.Semaine, a.Feries = lignes, textes.Feries(e)
		a.Vacances = textes.Vacances(e)
	} else {
		for phrase := range strings.SplitSeq(textes.Regle(e), "\u00a0; ") {
			a.Regles = append(a.Regles, textes.Majuscule(phrase))
		}
	}
	if !ordinaire || !k.Depuis.IsZero() {
		a.Dates = s.datesDites(textes.ProchainesDates(e, datesMontrees, s.maintenant(), s.Territoire.Calendrier(s.Territoire.Code)))
		a.Jamais = len(a.Dates) == 0
	}
	return a
}

func (s *site) datesDites(dates []time.Time) []string {
	var phrases []string
	for _, d := range dates {
		d = d.In(s.Territoire.Location())
		phrase := textes.Jour(d)
		if d.Year() != s.maintenant().Year() {
			phrase += fmt.Sprintf(" %d", d.Year())
		}
		if d.Hour()+d.Minute() > 0 {
			phrase += " à " + textes.Heure(d.Hour(), d.Minute())
		}
		phrases = append(phrases, phrase)
	}
	return phrases
}

// lire fills in what people will read of the form, with what is still wrong.
func (s *site) lireEditeur(e *editeur) {
	texte := e.texte()
	if e.Permanence != nil {
		e.Permanence.lire(e)
	}
	if len(e.Fautes) > 0 {
		e.Apercu = apercu{Fautes: e.Fautes}
		return
	}
	e.Apercu = s.lireApercu(texte, e.Permanence)
}

// postApercu answers a fragment: what people will read of the form as it is.
func (s *site) postApercu(c *fiber.Ctx) error {
	v, err := champsEnvoyes(c)
	if err != nil {
		return err
	}
	e := parseEditeur(v)
	s.lireEditeur(e)
	var b bytes.Buffer
	if err := s.gabarits["espace-horaires"].ExecuteTemplate(&b, "apercu", e.Apercu); err != nil {
		return fmt.Errorf("template apercu: %w", err)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Send(b.Bytes())
}
