package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/ecoute"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/sources"
	"82numerique.fr/adeuxpas/internal/textes"
)

// sorteLundi is one sort of things: its name, why it comes where it does, and
// what there is of it.
type sorteLundi struct {
	Nom, Pourquoi string
	lire          func(*site, *fiber.Ctx, []lieuReseau) ([]urgence, error)
}

// sortesLundi are the sorts of things, worst first: what sends people to a closed
// door, then what keeps a right word from being said, then what is only old, then
// what is to be thought about.
var sortesLundi = []sorteLundi{
	{"Lieux dits fermés, numéros dits faux", "quelqu’un a peut-être trouvé porte close", (*site).urgencesSignalements},
	{"Modifications qui attendent depuis plus de 7 jours", "une information juste est prête, et le public ne la voit pas", (*site).urgencesModifications},
	{"Lieux proposés", "un lieu existe, et personne ne le trouve", (*site).urgencesPropositions},
	{"Courriels refusés", "une personne n’est plus prévenue de rien", (*site).urgencesRebonds},
	{"Lieux à confirmer dont personne ne répond", "sans appel de votre part, ils vieilliront encore", (*site).urgencesAbandonnes},
	{"Sources en échec ou en attente", "des lieux ne se mettent plus à jour", (*site).urgencesSources},
	{"Webhooks arrêtés", "un autre site montre une information qui ne bouge plus", (*site).urgencesWebhooks},
	{"Doublons à décider", "le public voit peut-être deux fois le même lieu", (*site).urgencesDoublons},
	{"Corrections contestées", "deux personnes de bonne foi ne disent pas la même chose", (*site).urgencesContestees},
	{"Besoins qui reviennent", "plusieurs personnes de la même commune n’ont pas trouvé la même aide", (*site).urgencesBesoins},
}

// joursRelecture is how many days a sensitive change may wait before it is one of
// Monday's things. A need is one when it was told besoinsSouvent times in a
// commune in moisBesoins months.
const (
	joursRelecture = 7
	besoinsSouvent = 3
	moisBesoins    = 3
)

func (s *site) urgencesSignalements(c *fiber.Ctx, _ []lieuReseau) (liste []urgence, err error) {
	ouverts, err := s.Signales.Ouverts(c.UserContext())
	if err != nil {
		return nil, err
	}
	for _, x := range s.Signales.De(s.coordonneParmi(c), ouverts) {
		if x.Nature == ecoute.NatureAutre || !s.Catalogue.Coordonne(connexion(c).Compte.Habilitations, &x.Vue.Lieu) {
			continue // of a place around the territory, nothing can be decided here but to close the report
		}
		u := urgence{depuis: x.Le, Quoi: x.Vue.Champs.Nom, Ou: x.Vue.Champs.Commune, Geste: "Décider", Lien: "/espace/signalements/" + x.ID}
		u.Raison = "On nous dit que ce lieu est fermé, "
		if x.Nature == ecoute.NatureNumero {
			u.Raison = "On nous dit que son numéro est faux, "
		}
		u.Raison += s.age(x.Le) + "."
		liste = append(liste, u)
	}
	return liste, nil
}

// coordonneParmi are the rights of the session to coordinate, without those only
// to change places.
func (s *site) coordonneParmi(c *fiber.Ctx) []mednum.Habilitation {
	return slices.DeleteFunc(slices.Clone(connexion(c).Compte.Habilitations), func(h mednum.Habilitation) bool { return !h.Role.Coordinates() })
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

// urgencesSources are the sources that fail, or whose content waits for a person.
func (s *site) urgencesSources(c *fiber.Ctx, _ []lieuReseau) (liste []urgence, err error) {
	if !s.coordonneTout(c) {
		return nil, nil
	}
	toutes, err := s.Sources.Liste(c.UserContext())
	for i := range toutes {
		src := &toutes[i]
		if src.Suspendue || src.Etat != sources.Echec && src.Etat != sources.Attend {
			continue
		}
		u := urgence{depuis: src.Dernier, Quoi: src.Nom, Geste: "La voir", Lien: "/espace/sources/" + src.ID, Raison: "Cette source ne se lit plus"}
		if src.Etat == sources.Attend {
			u.Raison = "Le contenu de cette source attend votre décision"
		}
		u.Raison += " " + s.age(src.Dernier) + "."
		liste = append(liste, u)
	}
	return liste, err
}

func (s *site) urgencesWebhooks(c *fiber.Ctx, _ []lieuReseau) (liste []urgence, err error) {
	arretes, err := s.webhooksArretes(c)
	for i := range arretes {
		liste = append(liste, urgence{Quoi: arretes[i].Titre, Geste: "Le voir", Lien: "/espace/webhooks/" + arretes[i].ID, Raison: "Ce webhook ne prévient plus personne."})
	}
	return liste, err
}

func (s *site) urgencesDoublons(c *fiber.Ctx, _ []lieuReseau) (liste []urgence, err error) {
	paires, err := s.questionsPretes(c)
	for i := range paires {
		q := &paires[i]
		liste = append(liste, urgence{
			depuis: q.Depuis, Quoi: q.Lieux[0].Champs.Nom + " et " + q.Lieux[1].Champs.Nom, Ou: q.Lieux[0].Champs.Commune,
			Geste: "Comparer", Lien: cheminPaire(q), Raison: "Ces deux lieux n’en font peut-être qu’un.",
		})
	}
	return liste, err
}

// urgencesBesoins are the needs that several people of one commune told lately.
func (s *site) urgencesBesoins(c *fiber.Ctx, _ []lieuReseau) (liste []urgence, err error) {
	besoins, err := s.Besoins.De(c.UserContext(), connexion(c).Compte.Habilitations)
	if err != nil {
		return nil, err
	}
	type sujet struct{ commune, theme string }
	depuis := mednum.DateOf(s.maintenant()).AddMois(-moisBesoins)
	dates := map[sujet][]mednum.Date{}
	for i := range besoins {
		if b := &besoins[i]; !b.Ecarte && b.Le.Compare(depuis) >= 0 {
			k := sujet{b.Commune, b.Theme}
			dates[k] = append(dates[k], b.Le)
		}
	}
	for k, jours := range dates {
		commune, ok := s.Territoire.Commune(k.commune)
		if !ok || len(jours) < besoinsSouvent {
			continue
		}
		liste = append(liste, urgence{
			depuis: slices.MinFunc(jours, mednum.Date.Compare).In(time.UTC), Quoi: themeOuRien(k.theme), Ou: commune.Nom,
			Geste: "Voir ce besoin", Lien: "/espace/besoins/communes/" + commune.Code,
			Raison: textes.Pluriel(len(jours), "personne ne l’a pas trouvé", "personnes ne l’ont pas trouvé") + " en trois mois.",
		})
	}
	slices.SortFunc(liste, func(a, b urgence) int { return cmp.Or(cmp.Compare(a.Ou, b.Ou), cmp.Compare(a.Quoi, b.Quoi)) })
	return liste, nil
}
