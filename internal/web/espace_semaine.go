package web

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// joursSemaine is how many days "Ma semaine" shows at once.
const joursSemaine = 14

// corpsSemaine is one's permanences, day by day, wherever they are.
type corpsSemaine struct {
	Jours       []jourTenu
	Titre       string
	Avant       string // address of the days before, "" for none
	Apres       string
	Permanences []permanenceDe // one's own, to be absent from
	Absences    []absence
	Saisie      *saisie
}

// permanencesMontrees is how many permanences are listed before they fold.
const permanencesMontrees = 5

// Replie tells whether the list of permanences is folded: there are many, and
// nothing is wrong with them.
func (c *corpsSemaine) Replie() bool {
	return len(c.Permanences) > permanencesMontrees && c.Saisie.F("permanences") == ""
}

// jourTenu is one day with its times of help.
type jourTenu struct {
	Jour     string
	Passages []passage
}

type passage struct {
	Heures, Lieu, Ou, Adresse string
	Annule                    string // why, "" when it takes place
	AConfirmer                string
}

// permanenceDe is one of one's permanences, wherever it is.
type permanenceDe struct{ Valeur, Nom, Lieu string }

// absence is one period in which one is away from some permanences.
type absence struct {
	Phrase      string
	Du, Au      mednum.Date
	Permanences []permanenceDe
}

// serveSemaine shows two weeks.
func (s *site) serveSemaine(c *fiber.Ctx) error {
	return s.rendreSemaine(c, newSaisie())
}

func (s *site) rendreSemaine(c *fiber.Ctx, f *saisie) error {
	x := connexion(c)
	aujourdhui := mednum.DateOf(s.maintenant())
	du, err := mednum.ParseDate(c.Query("du"))
	if err != nil || du.Compare(aujourdhui) < 0 {
		du = aujourdhui
	}
	debut := du.In(s.Territoire.Location())
	corps := corpsSemaine{Saisie: f}
	for n := range joursSemaine {
		jour := debut.AddDate(0, 0, n)
		corps.Jours = append(corps.Jours, jourTenu{Jour: textes.Majuscule(textes.Jour(jour))})
	}
	au := mednum.DateOf(debut.AddDate(0, 0, joursSemaine-1))
	for _, p := range s.Catalogue.Semaine(x.Compte.ID, x.Compte.Habilitations, du, au) {
		n := int(mednum.DateOf(p.Debut).In(time.UTC).Sub(du.In(time.UTC)).Hours() / 24)
		if n >= 0 && n < joursSemaine {
			corps.Jours[n].Passages = append(corps.Jours[n].Passages, direPassage(&p))
		}
	}
	corps.Titre = "Du " + textes.DateLongue(du.Annee, du.Mois, du.Jour) + " au " + textes.DateLongue(au.Annee, au.Mois, au.Jour)
	adresse := func(d time.Time) string {
		return "/espace/semaine?" + url.Values{"du": {mednum.DateOf(d).String()}}.Encode()
	}
	if du.Compare(aujourdhui) > 0 {
		corps.Avant = adresse(debut.AddDate(0, 0, -joursSemaine))
	}
	corps.Apres = adresse(debut.AddDate(0, 0, joursSemaine))
	corps.Permanences, corps.Absences = s.tenues(x.Compte.ID, x.Compte.Habilitations)
	if len(f.Fautes) > 0 {
		c.Status(fiber.StatusBadRequest)
	}
	return s.rendreEspace(c, "semaine", titreSaisie(f, "Ma semaine"), "semaine", &corps)
}

func direPassage(p *catalogue.Passage) passage {
	v := passage{
		Heures: textes.Heure(p.Debut.Hour(), p.Debut.Minute()) + " – " + textes.Heure(p.Fin.Hour(), p.Fin.Minute()),
		Lieu:   p.Lieu.Champs.Nom, Ou: p.Lieu.Champs.Commune, Adresse: "/espace/lieux/" + p.Lieu.ID,
	}
	if a := p.Permanence.Arret; a != nil {
		v.Lieu, v.Ou = situerArret(a), p.Lieu.Champs.Nom
	}
	switch {
	case p.Annule && p.Exception.Permanence == "":
		v.Annule = "le lieu est fermé"
	case p.Annule:
		v.Annule = "vous n’êtes pas là"
	case p.AConfirmer:
		v.AConfirmer = "à confirmer"
	}
	if p.Annule && p.Exception.Motif != "" {
		v.Annule += " (" + p.Exception.Motif + ")"
	}
	if p.AConfirmer && p.Commentaire != "" {
		v.AConfirmer = p.Commentaire
	}
	return v
}

// tenues are one's permanences, and the periods in which one is away.
func (s *site) tenues(compte string, droits []mednum.Habilitation) (liste []permanenceDe, absences []absence) {
	aujourdhui := mednum.DateOf(s.maintenant())
	for _, v := range s.Catalogue.LieuxDe(droits) {
		for i := range v.Permanences {
			p := &v.Permanences[i]
			if p.Compte != compte || !v.Publie() {
				continue
			}
			de := permanenceDe{Valeur: v.ID + "/" + p.ID, Nom: s.nommerPermanence(v, p), Lieu: v.Champs.Nom + ", " + v.Champs.Commune}
			if p.Arret != nil {
				de.Lieu = v.Champs.Nom // the stop says where
			}
			liste = append(liste, de)
			for _, e := range v.Exceptions {
				if e.Permanence == p.ID && !e.Ouvert && e.Au.Compare(aujourdhui) >= 0 {
					absences = s.noterAbsence(absences, &e, de)
				}
			}
		}
	}
	slices.SortStableFunc(absences, func(a, b absence) int { return a.Du.Compare(b.Du) })
	return liste, absences
}

func (s *site) noterAbsence(absences []absence, e *mednum.Exception, de permanenceDe) []absence {
	for i := range absences {
		if absences[i].Du == e.Du && absences[i].Au == e.Au {
			absences[i].Permanences = append(absences[i].Permanences, de)
			return absences
		}
	}
	loc := s.Territoire.Location()
	phrase := textes.Majuscule(textes.Periode(e.Du.In(loc), e.Au.In(loc), s.maintenant()))
	if e.Motif != "" {
		phrase += " (" + e.Motif + ")"
	}
	return append(absences, absence{Phrase: phrase, Du: e.Du, Au: e.Au, Permanences: []permanenceDe{de}})
}

// postAbsence closes one's permanences, not the places.
func (s *site) postAbsence(c *fiber.Ctx) error {
	e, err := s.edition(c)
	if err != nil {
		return err
	}
	f := lireSaisie(c)
	du, au := lireDateDe(f, "du"), lireDateDe(f, "au")
	if len(f.Fautes) > 0 {
		return s.rendreSemaine(c, f)
	}
	_, err = s.Catalogue.Absence(c.UserContext(), e, lirePermanences(f), du, au, f.V("motif"))
	switch {
	case f.fauter(err, "du", "au", "motif", "permanences", "permanence"):
		return s.rendreSemaine(c, f)
	case err != nil:
		return err
	}
	q := url.Values{"fait": {"absence"}, "de": {c.Path()}}
	return c.Redirect(s.chemin("/espace/semaine?"+q.Encode()), fiber.StatusSeeOther)
}

// postPresent takes an absence back.
func (s *site) postPresent(c *fiber.Ctx) error {
	e, err := s.edition(c)
	if err != nil {
		return err
	}
	f := lireSaisie(c)
	_, err = s.Catalogue.AnnulerAbsence(c.UserContext(), e, lirePermanences(f), lireDateDe(f, "du"), lireDateDe(f, "au"))
	if err != nil {
		return err
	}
	return c.Redirect(s.chemin("/espace/semaine?fait=present"), fiber.StatusSeeOther)
}

func lirePermanences(f *saisie) (liste []catalogue.PermanenceDe) {
	for _, valeur := range f.Valeurs["permanences"] {
		if lieu, permanence, ok := strings.Cut(valeur, "/"); ok {
			liste = append(liste, catalogue.PermanenceDe{Lieu: lieu, Permanence: permanence})
		}
	}
	return liste
}
