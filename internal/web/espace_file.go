package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// dossiersParPage is how many places one page shows: the next ones come when
// these are answered.
const dossiersParPage = 30

// corpsFile is what waits for a coordinator, oldest first; Total counts those
// that the page does not show too.
type corpsFile struct {
	Total    int
	Dossiers []dossier
	Arretes  []webhookVue // webhooks that were stopped because nothing reached them
	Signales attenteFile  // reports that wait
}

type dossier struct {
	Lieu     *catalogue.Vue
	Propose  bool
	Depuis   string
	Attentes []attente
	Lignes   []ligneLue // what a proposed place says
	Voisins  []carteLieu

	Contestees []contestee
}

func (s *site) serveFile(c *fiber.Ctx) error {
	x := connexion(c)
	if !espaceDe(c, "").Coordonne {
		return &mednum.Error{Code: mednum.Interdit, Champ: "role", Message: "Cette page est celle des coordinateurs."}
	}
	dossiers := s.Catalogue.EnAttente(x.Compte.Habilitations)
	corps := corpsFile{Total: len(dossiers)}
	for _, d := range dossiers[:min(dossiersParPage, len(dossiers))] {
		dossier := dossier{Lieu: d.Lieu, Propose: d.Propose, Depuis: s.momentDit(d.Depuis)}
		if len(d.Questions) > 0 {
			dossier.Contestees = s.contestees(c, &d.Lieu.Lieu)
		}
		if !d.Propose && len(d.Attentes) == 0 { // a source says its day, and no hour
			dossier.Depuis = textes.DateLongue(d.Depuis.Year(), d.Depuis.Month(), d.Depuis.Day())
		}
		var err error
		if dossier.Attentes, err = s.attentesDe(c, d.Lieu); err != nil {
			return err
		}
		dossier.Attentes = slices.DeleteFunc(dossier.Attentes, func(a attente) bool { return a.Refus != "" })
		if d.Propose {
			for i := range parties {
				dossier.Lignes = append(dossier.Lignes, s.lirePartie(d.Lieu, &parties[i]).Lignes...)
			}
			dossier.Voisins = s.cartes(s.Catalogue.PlusProches(d.Lieu, 3), nil)
		}
		corps.Dossiers = append(corps.Dossiers, dossier)
	}
	var err error
	if corps.Arretes, err = s.webhooksArretes(c); err != nil {
		return err
	}
	if corps.Signales, err = s.fileSignalements(c); err != nil {
		return err
	}
	return s.rendreEspace(c, "file", "À traiter", "file", corps)
}

// attentesDe are the changes of a place that wait, and those that were refused.
func (s *site) attentesDe(c *fiber.Ctx, v *catalogue.Vue) ([]attente, error) {
	var ids []string
	for _, a := range v.Attentes {
		if id, ok := mednum.CompteDe(a.Auteur); ok {
			ids = append(ids, id)
		}
	}
	noms, err := s.Comptes.Noms(c.UserContext(), ids)
	if err != nil {
		return nil, err
	}
	liste := make([]attente, 0, len(v.Attentes))
	for _, a := range v.Attentes {
		dite := attente{ID: a.ID, Qui: catalogue.DireAuteur(a.Auteur, noms), Quand: s.momentDit(a.Le), Mienne: a.Auteur == connexion(c).Compte.Auteur()}
		for _, champ := range mednum.ChampsNorme {
			if valeur, ok := a.Champs[champ]; ok && champ != mednum.ChampLongitude && champ != mednum.ChampCodeInsee {
				dite.Differences = append(dite.Differences, direAttente(v, champ, valeur, a.Champs))
			}
		}
		if a.Fermeture != nil {
			dite.Differences = append(dite.Differences, difference{Difference: mednum.Difference{Libelle: "État du lieu", Avant: "ouvert au public", Apres: catalogue.DireFermeture(a.Fermeture)}})
		}
		dite.Message = a.Message
		if a.Refus != nil {
			dite.Refus = a.Refus.Motif
		}
		liste = append(liste, dite)
	}
	return liste, nil
}

func direAttente(v *catalogue.Vue, champ mednum.Champ, valeur string, champs map[mednum.Champ]string) difference {
	d := mednum.Difference{Champ: champ, Libelle: champ.Libelle(), Avant: v.Champs.Valeur(champ), Apres: valeur}
	if champ == mednum.ChampLatitude {
		d.Champ, d.Libelle = champPosition, "Point sur la carte"
		d.Avant += ", " + v.Champs.Valeur(mednum.ChampLongitude)
		d.Apres += ", " + champs[mednum.ChampLongitude]
	}
	return direDifferences([]mednum.Difference{d}, nil)[0]
}

// postAttente answers a change that waits, or takes one's own back.
func (s *site) postAttente(c *fiber.Ctx) error {
	id := c.Params("attente")
	ctx := c.UserContext()
	switch c.Params("reponse") {
	case "accepter":
		return s.changer(c, "/espace/file", "accorde", func(e catalogue.Edition, lieu string) (mednum.Lieu, error) {
			return s.Catalogue.Accepter(ctx, lieu, id, e)
		})
	case "refuser":
		return s.changer(c, "/espace/file", "ecarte", func(e catalogue.Edition, lieu string) (mednum.Lieu, error) {
			return s.Catalogue.RefuserAttente(ctx, lieu, id, c.FormValue("motif"), e)
		})
	case "reprendre":
		return s.changer(c, "/espace/lieux/"+c.Params("id"), "ote", func(e catalogue.Edition, lieu string) (mednum.Lieu, error) {
			return s.Catalogue.ReprendreAttente(ctx, lieu, id, e)
		})
	}
	return fiber.ErrNotFound
}

// postPublier makes a proposed place public; whoever proposed it is told by
// reseau.Prevenir.
func (s *site) postPublier(c *fiber.Ctx) error {
	return s.changer(c, "/espace/file", "publie", func(e catalogue.Edition, id string) (mednum.Lieu, error) {
		return s.Catalogue.Publier(c.UserContext(), id, e)
	})
}

// postRefuser withdraws a proposed place.
func (s *site) postRefuser(c *fiber.Ctx) error {
	return s.changer(c, "/espace/file", "ecarte", func(e catalogue.Edition, id string) (mednum.Lieu, error) {
		return s.Catalogue.Refuser(c.UserContext(), id, e)
	})
}
