package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/horaires"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsFermeture is the page of an exceptional closing or opening.
type corpsFermeture struct {
	Lieu        *catalogue.Vue
	Saisie      *saisie
	Perime      *perime
	Permanences []choix     // whose help may be away, without closing the place
	Notees      []exception // what is noted already
	Demain      string
	Aujourdhui  string
	Motifs      []string
}

// exception is one that is noted, in words, with the id that takes it away.
type exception struct{ ID, Phrase string }

// champsFermeture are the fields of the form, in its order.
var champsFermeture = []string{"du", "au", "plages", "motif", "permanence"}

// motifsUsuels are reasons that are chosen rather than typed.
var motifsUsuels = []string{"Congés", "Formation", "Maladie", "Réunion", "Travaux", "Événement"}

// Where an exceptional closing begins, chosen with one touch.
const (
	quandAujourdhui = "aujourdhui"
	quandDemain     = "demain"
	quandDates      = "dates"
)

// serveFermeture shows the form, for tomorrow.
func (s *site) serveFermeture(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	f := newSaisie("sorte", "ferme", "quand", quandDemain, "permanence", c.Query("permanence"))
	if du, err := mednum.ParseDate(c.Query("du")); err == nil { // a date chosen on the page of the place
		f.Valeurs.Set("quand", quandDates)
		f.Valeurs.Set("du", du.String())
	}
	return s.rendreFermeture(c, v, f, nil)
}

func (s *site) rendreFermeture(c *fiber.Ctx, v *catalogue.Vue, f *saisie, p *perime) error {
	jour := s.maintenant()
	corps := corpsFermeture{
		Lieu: v, Saisie: f, Perime: p, Motifs: motifsUsuels,
		Aujourdhui: textes.Jour(jour), Demain: textes.Jour(jour.AddDate(0, 0, 1)), Notees: s.exceptionsDe(v),
	}
	for i := range v.Permanences {
		corps.Permanences = append(corps.Permanences, choix{v.Permanences[i].ID, s.nommerPermanence(v, &v.Permanences[i])})
	}
	switch {
	case p != nil:
		c.Status(fiber.StatusPreconditionFailed)
	case len(f.Fautes) > 0:
		c.Status(fiber.StatusBadRequest)
	}
	return s.rendreEspace(c, "fermeture", titreSaisie(f, "Fermeture exceptionnelle"), "lieux", corps)
}

// titreSaisie tells those who hear the title first that something is wrong.
func titreSaisie(f *saisie, titre string) string {
	if len(f.Fautes) > 0 {
		return "À corriger : " + textes.Minuscule(titre)
	}
	return titre
}

// exceptionsDe are those of the place that are not over, in words.
func (s *site) exceptionsDe(v *catalogue.Vue) (liste []exception) {
	jour := mednum.DateOf(s.maintenant())
	for i := range v.Exceptions {
		e := &v.Exceptions[i]
		if e.Au.Compare(jour) < 0 {
			continue
		}
		loc := s.Territoire.Location()
		phrase := textes.Majuscule(textes.Periode(e.Du.In(loc), e.Au.In(loc), s.maintenant())) + "\u00a0: " +
			quoiDeParticulier(&catalogue.Particularite{Exception: *e}, nomAbsence(v, e.Permanence))
		liste = append(liste, exception{e.ID, phrase})
	}
	return liste
}

// postFermeture notes the closing or the opening.
func (s *site) postFermeture(c *fiber.Ctx) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	e, err := s.edition(c)
	if err != nil {
		return err
	}
	f := lireSaisie(c)
	x := s.lireException(f)
	if len(f.Fautes) > 0 {
		return s.rendreFermeture(c, v, f, nil)
	}
	l, err := s.rejouer(c, v.ID, e, exceptionsTouchees(x.Permanence), func(e catalogue.Edition) (mednum.Lieu, error) {
		return s.Catalogue.Modifier(c.UserContext(), v.ID, e, func(l *mednum.Lieu) error {
			_, err := l.AjouterException(x, mednum.DateOf(s.maintenant()))
			return err
		})
	})
	switch {
	case estCode(err, mednum.Perime):
		p, err := s.depuisVersion(c, v.ID, e.Version)
		if err != nil {
			return err
		}
		return s.rendreFermeture(c, v, f, p)
	case f.fauter(err, champsFermeture...):
		return s.rendreFermeture(c, v, f, nil)
	case err != nil:
		return err
	}
	quoi := "fermeture"
	if x.Ouvert {
		quoi = "ouverture"
	}
	return s.versFait(c, "/espace", quoi, &l)
}

// lireException reads the form; what cannot be read is noted on its field.
func (s *site) lireException(f *saisie) mednum.Exception {
	x := mednum.Exception{Permanence: f.V("permanence"), Motif: f.V("motif")}
	if x.Motif == "" {
		x.Motif = textes.Minuscule(f.V("motif-usuel"))
	}
	if quand := f.V("quand"); (f.V("du") != "" || f.V("au") != "") && quand != quandDates {
		f.Valeurs.Set("quand", quandDates)
		// Without a script the choice that was there, tomorrow, stays beside the
		// days that are typed: they are meant. Today was chosen.
		if quand == quandAujourdhui {
			f.Fautes["quand-dates"] = "Vous avez choisi «\u00a0Aujourd’hui\u00a0», et écrit d’autres jours\u00a0: nous gardons les jours écrits. Vérifiez-les, puis enregistrez."
		}
	}
	jour := mednum.DateOf(s.maintenant())
	switch f.V("quand") {
	case quandAujourdhui:
		x.Du, x.Au = jour, jour
	case quandDemain:
		x.Du = mednum.DateOf(s.maintenant().AddDate(0, 0, 1))
		x.Au = x.Du
	default:
		x.Du, x.Au = lireDateDe(f, "du"), lireDateDe(f, "au")
	}
	if f.V("sorte") != "ouvert" {
		return x
	}
	x.Ouvert = true
	plages, err := lirePlages(f.V("plages"))
	if err != nil {
		f.Fautes["plages"] = messageDe(err)
	}
	x.Plages = plages
	return x
}

// lireDateDe reads a date as browsers send it, or as people type it.
func lireDateDe(f *saisie, nom string) mednum.Date {
	texte := f.V(nom)
	if texte == "" {
		return mednum.Date{}
	}
	for _, forme := range []string{time.DateOnly, "2/1/2006", "2-1-2006", "2.1.2006", "2/1/06"} {
		if t, err := time.Parse(forme, texte); err == nil {
			return mednum.DateOf(t)
		}
	}
	f.Fautes[nom] = "Cette date ne se lit pas : écrivez-la comme 24/12/2026."
	return mednum.Date{}
}

// postRetirer takes an exception away, or a permanence that a person entered.
func (s *site) postRetirer(c *fiber.Ctx) error {
	return s.changer(c, "/espace/lieux/"+c.Params("id"), "ote", func(e catalogue.Edition, id string) (mednum.Lieu, error) {
		return s.Catalogue.Modifier(c.UserContext(), id, e, func(l *mednum.Lieu) error { return l.Retirer(c.FormValue("element")) })
	})
}

// lirePlages reads hours of one day in any writing ("9h-12h et 14h-17h") as OSM
// time ranges.
func lirePlages(texte string) (string, error) {
	l := horaires.LireJour(0, texte)
	_, plages, ok := strings.Cut(l.Horaires, " ")
	if !ok || !l.Certaine() {
		return "", invalide("plages", "Ces heures ne se lisent pas : écrivez-les comme 9h-12h et 14h-17h.")
	}
	return plages, nil
}
