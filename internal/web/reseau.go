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
}

// rubriques are the desks, in the order of a week's work.
var rubriques = []rubrique{
	{"/espace/reseau/lundi", "La page du lundi", "Les dix choses à faire d’abord, et pourquoi."},
	{"/espace/reseau/appeler", "À appeler", "Un lieu, un numéro, une question."},
	{cheminLieux, "Les lieux", "Tous les lieux : filtrer, trier, emporter."},
	{"/espace/signalements", "Signalements", "Ce que des personnes disent de faux sur un lieu : décider, et leur répondre."},
	{"/espace/frequentation", "Fréquentation", "Combien de recherches et de pages vues, par commune et par jour, sans suivre personne."},
	{"/espace/bilan", "Bilans à imprimer", "Une page par commune et par intercommunalité, et l’année du réseau."},
	{"/espace/registre", "Registre", "Qui a changé quoi, quand et d’où."},
	{"/espace/doublons", "Doublons", "Des lieux qui n’en font peut-être qu’un : comparer, réunir, séparer, défaire."},
	{"/espace/imports", "Imports", "Apporter des fichiers, lire ce qui changerait, puis l’écrire."},
	{"/espace/sources", "Sources", "Les fichiers qui reviennent tout seuls, et ce qui attend une décision."},
	{"/espace/couverture", "Qui est loin de l’aide\u00a0?", "Commune par commune : la distance, le moment, les heures, et ce qui a changé."},
	{"/espace/campagnes", "Campagnes de vérification", "Demander à beaucoup de lieux si leur page est juste, et suivre les réponses."},
	{"/espace/competences", "Compétences du réseau", "Trouver un lieu ou un collègue par ce qu’il sait faire."},
	{"/espace/comptes/lieux", "Qui répond de quel lieu", "Les lieux, leur équipe, et ceux qui n’ont personne."},
	{"/espace/scenarios", "Où aider ensuite\u00a0?", "Nouveaux lieux, horaires ou arrêts d’un bus : ce qui rapproche l’aide de plus de monde."},
	{"/espace/besoins", "Besoins", "Ce que les gens n’ont pas trouvé, par commune et par thème."},
	{"/espace/fiches", "Fiches du réseau", "Besoins, initiatives et bonnes pratiques : relire, publier, garder la mémoire."},
	{"/espace/webhooks", "Webhooks", "Prévenir d’autres programmes de ce qui change."},
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
	Rubriques []rubrique
}

func (s *site) serveReseau(c *fiber.Ctx) error {
	lieux, err := s.lieuxSuivis(c)
	if err != nil {
		return err
	}
	lieux = slices.DeleteFunc(lieux, func(l lieuReseau) bool { return !l.publie() })
	corps := corpsReseau{
		Perimetre: s.perimetre(c), Jour: textes.Jour(s.maintenant()), Tetes: tetes(lieux), Tables: s.tables(lieux), Rubriques: rubriques,
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
