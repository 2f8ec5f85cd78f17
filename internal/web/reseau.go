package web

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// rubrique is one desk of whoever coordinates the network.
type rubrique struct {
	Chemin, Nom, Phrase string
	Tout                bool // only for those who coordinate the whole territory
}

// groupeRubriques are desks that one looks for together.
type groupeRubriques struct {
	Nom       string
	Rubriques []rubrique
}

// rubriques are the desks, grouped, in the order of a week's work.
var rubriques = []groupeRubriques{
	{"Tenir la carte à jour", []rubrique{
		{Chemin: "/espace/reseau/lundi", Nom: "La page du lundi", Phrase: "Les dix choses à faire d’abord, et pourquoi."},
		{Chemin: "/espace/reseau/appeler", Nom: "À appeler", Phrase: "Un lieu, un numéro, une question."},
		{Chemin: "/espace/campagnes", Nom: "Campagnes de vérification", Phrase: "Demander à beaucoup de lieux si leur page est juste, et suivre les réponses."},
		{Chemin: cheminLieux, Nom: "Les lieux du réseau", Phrase: "Tous les lieux : filtrer, trier, emporter."},
	}},
	{"Ce que disent les gens", []rubrique{
		{Chemin: "/espace/signalements", Nom: "Signalements", Phrase: "Ce que des personnes disent de faux sur un lieu : décider, et leur répondre."},
		{Chemin: "/espace/besoins", Nom: "Besoins", Phrase: "Ce que les gens n’ont pas trouvé, par commune et par thème."},
		{Chemin: "/espace/fiches", Nom: "Fiches du réseau", Phrase: "Besoins, initiatives et bonnes pratiques : relire, publier, garder la mémoire."},
		{Chemin: "/espace/frequentation", Nom: "Fréquentation", Phrase: "Combien de recherches et de pages vues, par commune et par jour, sans suivre personne."},
	}},
	{"Voir ce qui manque", []rubrique{
		{Chemin: "/espace/couverture", Nom: "Qui est loin de l’aide\u00a0?", Phrase: "Commune par commune : la distance, le moment, les heures, et ce qui a changé."},
		{Chemin: "/espace/scenarios", Nom: "Où aider ensuite\u00a0?", Phrase: "Nouveaux lieux, horaires ou arrêts d’un bus : ce qui rapproche l’aide de plus de monde."},
		{Chemin: "/espace/bilan", Nom: "Bilans à imprimer", Phrase: "Une page par commune et par intercommunalité, et l’année du réseau."},
	}},
	{"Les personnes", []rubrique{
		{Chemin: "/espace/comptes", Nom: "Comptes", Phrase: "Inviter, voir qui vient, donner ou reprendre un droit."},
		{Chemin: "/espace/comptes/lieux", Nom: "Qui répond de quel lieu", Phrase: "Les lieux, leur équipe, et ceux qui n’ont personne."},
		{Chemin: "/espace/competences", Nom: "Compétences du réseau", Phrase: "Trouver un lieu ou un collègue par ce qu’il sait faire."},
	}},
	{"Les données", []rubrique{
		{Chemin: "/espace/doublons", Nom: "Doublons", Phrase: "Des lieux qui n’en font peut-être qu’un : comparer, réunir, séparer, défaire."},
		{Chemin: "/espace/imports", Nom: "Imports", Phrase: "Apporter des fichiers, lire ce qui changerait, puis l’écrire.", Tout: true},
		{Chemin: "/espace/sources", Nom: "Sources", Phrase: "Les fichiers qui reviennent tout seuls, et ce qui attend une décision.", Tout: true},
		{Chemin: "/espace/webhooks", Nom: "Webhooks", Phrase: "Prévenir d’autres programmes de ce qui change.", Tout: true},
		{Chemin: "/espace/registre", Nom: "Registre", Phrase: "Qui a changé quoi, quand et d’où."},
	}},
}

// rubriquesDe are the desks that open to the session.
func (s *site) rubriquesDe(c *fiber.Ctx) []groupeRubriques {
	if s.coordonneTout(c) {
		return rubriques
	}
	siennes := slices.Clone(rubriques)
	for i, g := range siennes {
		siennes[i].Rubriques = slices.DeleteFunc(slices.Clone(g.Rubriques), func(r rubrique) bool { return r.Tout })
	}
	return siennes
}

// routesReseau are the pages of those who coordinate the network.
func (s *site) routesReseau(e fiber.Router) {
	r := e.Group("/reseau", s.withCoordonne)
	r.Get("/", s.serveReseau)
	r.Get("/lieux", s.serveReseauLieux)
	r.Get("/lundi", s.serveLundi)
	s.routesAppeler(r)
	s.routesRegistre(e)
}

// attenteFile is a queue of work as the board shows it: Combien things wait,
// the oldest since Depuis, the zero time when that is not known. Lien is the path
// of the page where they are done.
type attenteFile struct {
	Nom, Phrase, Lien string
	Combien           int
	Depuis            time.Time
}

// fileVue is a queue on the page.
type fileVue struct {
	attenteFile
	Age string // "Le plus ancien, depuis 12 jours.", "" when it is not known
}

// files are the queues of the board, each asked of its own page's rooms.
func (s *site) files() []func(*fiber.Ctx) (attenteFile, error) {
	return []func(*fiber.Ctx) (attenteFile, error){
		s.fileSignalements, s.fileModifications, s.filePropositions, s.fileDemandes, s.fileContestees, s.fileDoublons, s.fileImports,
		s.fileBesoins, s.fileFiches, s.fileRebonds, s.fileWebhooks, s.fileAppels,
	}
}

// corpsReseau is the board of the network.
type corpsReseau struct {
	Perimetre string
	Jour      string
	Tetes     []chiffre
	Files     []fileVue // those in which something waits
	Recents   corpsRecents
	Tables    []tableChiffres
	Rubriques []groupeRubriques // the desks that open to the session
}

func (s *site) serveReseau(c *fiber.Ctx) error {
	lieux, err := s.lieuxSuivis(c)
	if err != nil {
		return err
	}
	lieux = slices.DeleteFunc(lieux, func(l lieuReseau) bool { return !l.publie() })
	corps := corpsReseau{
		Perimetre: s.perimetre(c), Jour: textes.Jour(s.maintenant()), Tetes: tetes(lieux), Tables: s.tables(lieux), Rubriques: s.rubriquesDe(c),
	}
	if corps.Files, err = s.filesVues(c); err != nil {
		return err
	}
	if corps.Recents, err = s.recents(c); err != nil {
		return err
	}
	return s.rendreLarge(c, "reseau", "Le réseau", "reseau", corps)
}

// filesVues are the queues in which something waits, in the order of files.
func (s *site) filesVues(c *fiber.Ctx) (vues []fileVue, err error) {
	for _, lire := range s.files() {
		f, err := lire(c)
		if err != nil {
			return nil, err
		}
		if f.Combien > 0 {
			f.Phrase = strings.TrimSuffix(textes.Majuscule(f.Phrase), ".") + "."
			v := fileVue{attenteFile: f}
			if age := s.age(f.Depuis); age != "" {
				v.Age = "Le plus ancien, " + age + "."
				if f.Combien == 1 {
					v.Age = textes.Majuscule(age) + "."
				}
			}
			vues = append(vues, v)
		}
	}
	return vues, nil
}

// age says for how many days something has waited, "" when that is not known.
func (s *site) age(depuis time.Time) string {
	if depuis.IsZero() {
		return ""
	}
	switch jours := s.joursDepuis(depuis); {
	case jours <= 0:
		return "depuis aujourd’hui"
	case jours == 1:
		return "depuis hier"
	default:
		return "depuis " + textes.Pluriel(jours, "jour", "jours")
	}
}

// joursDepuis counts midnights since a moment, in the territory's zone.
func (s *site) joursDepuis(t time.Time) int {
	jour := func(t time.Time) time.Time { return mednum.DateOf(t.In(s.Territoire.Location())).In(time.UTC) }
	return int(jour(s.Now()).Sub(jour(t)).Hours() / 24)
}

// perimetre says what the session coordinates: "les lieux de CC des Deux Rives".
func (s *site) perimetre(c *fiber.Ctx) string {
	var dits []string
	for _, h := range connexion(c).Compte.Habilitations {
		if h.Role.Coordinates() {
			dits = append(dits, s.direPortee(h))
		}
	}
	slices.Sort(dits)
	return textes.Enumerer(slices.Compact(dits))
}
