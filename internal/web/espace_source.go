package web

import (
	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// contestee is a value that a person wrote and that the source has come to
// contradict: what was written, what the source says now, which one, and when.
type contestee struct {
	Champ       mednum.Champ // names the question
	Titre       string
	Differences []difference // Avant is what was written, Apres what the source says
	Mienne      bool         // whoever reads wrote it
	Ecrite      string       // when it was written
	Source      string       // "France services, 1er août 2024", "" when it says nothing any more
}

// contestees are the questions of a place, for one of those who keep it.
func (s *site) contestees(c *fiber.Ctx, l *mednum.Lieu) []contestee {
	questions := l.Questions()
	liste := make([]contestee, 0, len(questions))
	for _, q := range questions {
		dite := contestee{Champ: q.Champ, Mienne: l.Corrections[q.Champ].Auteur == connexion(c).Compte.Auteur(), Ecrite: s.direQuand(q.Le), Source: s.direSource(q.Origine)}
		for _, champ := range q.Champs {
			r := l.Corrections[champ]
			d := mednum.Difference{Champ: champ, Libelle: champ.Libelle(), Avant: r.Valeur, Apres: r.Source}
			switch champ {
			case mednum.ChampLongitude:
				continue // with the latitude
			case mednum.ChampLatitude:
				longitude := l.Corrections[mednum.ChampLongitude]
				d.Champ, d.Libelle = champPosition, "Point sur la carte"
				d.Avant, d.Apres = d.Avant+", "+longitude.Valeur, d.Apres+", "+longitude.Source
			}
			dite.Differences = append(dite.Differences, direDifferences([]mednum.Difference{d}, nil)[0])
		}
		if len(dite.Differences) > 0 {
			dite.Titre = dite.Differences[0].Libelle
			liste = append(liste, dite)
		}
	}
	return liste
}

// direSource names who says a value, and of when.
func (s *site) direSource(o mednum.Origine) string {
	flux := mednum.FluxDe(o)
	nom := s.Catalogue.NomFlux(flux)
	if nom == "" {
		nom = flux
	}
	if nom != "" && !o.Date.IsZero() {
		nom += ", " + textes.DateLongue(o.Date.Annee, o.Date.Mois, o.Date.Jour)
	}
	return nom
}

// postSource decides between what a person wrote and what the source says now.
func (s *site) postSource(c *fiber.Ctx) error {
	champ, ctx := mednum.Champ(c.Params("champ")), c.UserContext()
	retour := retourDe(c, c.Params("id"))
	switch c.Params("choix") {
	case "garder":
		return s.changer(c, retour, "gardee", func(e catalogue.Edition, id string) (mednum.Lieu, error) {
			return s.Catalogue.Modifier(ctx, id, e, func(l *mednum.Lieu) error { return l.GarderCorrection(champ, e.Auteur, s.Now()) })
		})
	case "suivre":
		quoi := "suivie"
		if v, err := s.mien(c); err == nil && champ.Sensible() && s.Relecture && !s.Catalogue.Coordonne(connexion(c).Compte.Habilitations, &v.Lieu) {
			quoi = "attente"
		}
		return s.changer(c, retour, quoi, func(e catalogue.Edition, id string) (mednum.Lieu, error) {
			return s.Catalogue.Suivre(ctx, id, champ, e)
		})
	}
	return fiber.ErrNotFound
}
