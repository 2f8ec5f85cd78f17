package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// lundiMax is how many things the Monday page has, parSorte how many of one sort
// before the others have had their turn.
const (
	lundiMax = 10
	parSorte = 3
)

// joursRelecture is how many days a sensitive change may wait before it is one of
// Monday's things.
const joursRelecture = 7

// urgence is one thing to do, with the one page where it is done.
type urgence struct {
	sorte  int       // place in sortesLundi
	depuis time.Time // the oldest of a sort comes first
	Quoi   string    // "CCAS de Moissac"
	Ou     string    // commune, "" for none
	Raison string    // "Un nouveau nom attend votre accord depuis 12 jours."
	Geste  string    // "Répondre"
	Lien   string
}

// sorteLundi is one sort of things: its name, why it comes where it does, and
// what there is of it.
type sorteLundi struct {
	Nom, Pourquoi string
	lire          func(*site, *fiber.Ctx, []lieuReseau) ([]urgence, error)
}

// sortesLundi are the sorts of things, worst first: what sends people to a closed
// door, then what keeps a right word from being said, then what is only old.
var sortesLundi = []sorteLundi{
	{"Modifications qui attendent depuis plus de 7 jours", "une information juste est prête, et le public ne la voit pas", (*site).urgencesModifications},
	{"Lieux proposés", "un lieu existe, et personne ne le trouve", (*site).urgencesPropositions},
	{"Courriels refusés", "une personne n’est plus prévenue de rien", (*site).urgencesRebonds},
	{"Lieux à confirmer dont personne ne répond", "sans appel de votre part, ils vieilliront encore", (*site).urgencesAbandonnes},
	{"Webhooks arrêtés", "un autre site montre une information qui ne bouge plus", (*site).urgencesWebhooks},
	{"Corrections contestées", "deux personnes de bonne foi ne disent pas la même chose", (*site).urgencesContestees},
}

// corpsLundi is the Monday page.
type corpsLundi struct {
	Jour     string
	Choses   []urgence
	Restent  int // things that the page does not show
	Sortes   []sorteLundi
	ParSorte int
}

func (s *site) serveLundi(c *fiber.Ctx) error {
	lieux, err := s.lieuxSuivis(c)
	if err != nil {
		return err
	}
	corps := corpsLundi{Jour: textes.Jour(s.maintenant()), Sortes: sortesLundi, ParSorte: parSorte}
	var toutes [][]urgence
	for i := range sortesLundi {
		liste, err := sortesLundi[i].lire(s, c, lieux)
		if err != nil {
			return err
		}
		for n := range liste {
			liste[n].sorte = i
		}
		slices.SortStableFunc(liste, func(a, b urgence) int { return a.depuis.Compare(b.depuis) })
		toutes = append(toutes, liste)
		corps.Restent += len(liste)
	}
	corps.Choses = dixPremieres(toutes)
	corps.Restent -= len(corps.Choses)
	return s.rendreEspace(c, "lundi", "La page du lundi", "reseau", corps)
}

// dixPremieres takes, sort after sort, the three oldest things of each, then as
// many more as there is room for, in the same order: one sort never hides the
// others. They are shown by sort, oldest first.
func dixPremieres(toutes [][]urgence) []urgence {
	var choses []urgence
	for _, reste := range []bool{false, true} {
		for _, liste := range toutes {
			debut, fin := 0, min(parSorte, len(liste))
			if reste {
				debut, fin = fin, len(liste)
			}
			fin = min(fin, debut+lundiMax-len(choses))
			choses = append(choses, liste[debut:fin]...)
		}
	}
	slices.SortStableFunc(choses, func(a, b urgence) int { return cmp.Or(a.sorte-b.sorte, a.depuis.Compare(b.depuis)) })
	return choses
}

func (s *site) urgencesModifications(c *fiber.Ctx, _ []lieuReseau) (liste []urgence, err error) {
	for _, d := range s.Catalogue.EnAttente(connexion(c).Compte.Habilitations) {
		if d.Propose || len(d.Attentes) == 0 {
			continue
		}
		depuis := slices.MinFunc(d.Attentes, func(a, b mednum.Attente) int { return a.Le.Compare(b.Le) }).Le
		if s.joursDepuis(depuis) > joursRelecture {
			liste = append(liste, urgence{
				depuis: depuis, Quoi: d.Lieu.Champs.Nom, Ou: d.Lieu.Champs.Commune, Geste: "Répondre", Lien: "/espace/file",
				Raison: "Une modification attend votre accord " + s.age(depuis) + ".",
			})
		}
	}
	return liste, nil
}

func (s *site) urgencesPropositions(c *fiber.Ctx, _ []lieuReseau) ([]urgence, error) {
	return s.urgencesDossiers(c, func(d *catalogue.Dossier) bool { return d.Propose }, "Décider", "Ce lieu est proposé ")
}

func (s *site) urgencesContestees(c *fiber.Ctx, _ []lieuReseau) ([]urgence, error) {
	return s.urgencesDossiers(c, func(d *catalogue.Dossier) bool { return len(d.Questions) > 0 }, "Choisir", "Sa source contredit une personne ")
}

func (s *site) urgencesDossiers(c *fiber.Ctx, veut func(*catalogue.Dossier) bool, geste, raison string) (liste []urgence, err error) {
	dossiers := s.Catalogue.EnAttente(connexion(c).Compte.Habilitations)
	for i := range dossiers {
		if d := &dossiers[i]; veut(d) {
			liste = append(liste, urgence{
				depuis: d.Depuis, Quoi: d.Lieu.Champs.Nom, Ou: d.Lieu.Champs.Commune, Geste: geste, Lien: "/espace/file",
				Raison: raison + s.age(d.Depuis) + ".",
			})
		}
	}
	return liste, nil
}

func (s *site) urgencesRebonds(c *fiber.Ctx, _ []lieuReseau) (liste []urgence, err error) {
	rebonds, err := s.rebondsReseau(c)
	for _, r := range rebonds {
		liste = append(liste, urgence{
			depuis: r.Le, Quoi: r.Nom, Geste: "Voir son compte", Lien: "/espace/comptes/" + r.Compte,
			Raison: "Son adresse refuse nos courriels " + s.depuisLe(r.Le) + ".",
		})
	}
	return liste, err
}

// urgencesAbandonnes are the places past the limit of their source, of which
// nobody answers: those with a number are called, others are looked into.
func (s *site) urgencesAbandonnes(_ *fiber.Ctx, lieux []lieuReseau) (liste []urgence, err error) {
	for i := range lieux {
		l := &lieux[i]
		if l.Etat != etatConfirmer || len(l.Equipe) > 0 {
			continue
		}
		u := urgence{
			depuis: l.Preuve.Date.In(time.UTC), Quoi: l.Champs.Nom, Ou: l.Champs.Commune, Geste: "Inviter quelqu’un", Lien: "/espace/lieux/" + l.ID + "/equipe",
			Raison: s.raisonAppel(l) + ", et personne n’en répond.",
		}
		if l.Champs.Telephone != "" {
			u.Geste, u.Lien = "Appeler", cheminAppeler+"#appel-"+l.ID
		}
		liste = append(liste, u)
	}
	return liste, nil
}

func (s *site) urgencesWebhooks(c *fiber.Ctx, _ []lieuReseau) (liste []urgence, err error) {
	arretes, err := s.webhooksArretes(c)
	for i := range arretes {
		liste = append(liste, urgence{Quoi: arretes[i].Titre, Geste: "Le voir", Lien: "/espace/webhooks/" + arretes[i].ID, Raison: "Ce webhook ne prévient plus personne."})
	}
	return liste, err
}
