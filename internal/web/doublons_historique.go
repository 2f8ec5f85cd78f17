package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/collecte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsReunions is the history of what was joined and parted.
type corpsReunions struct {
	Tableau *tableau
	Fait    *faitDoublon
}

// nomLieu names a place, those that were joined to another too.
func (s *site) nomLieu(c *fiber.Ctx, id string) string {
	if v, err := s.Catalogue.Lieu(id); err == nil {
		return v.Champs.Nom
	}
	if l, err := s.Collecte.Lieu(c.UserContext(), id); err == nil && l.Champs.Nom != "" {
		return l.Champs.Nom
	}
	return "un lieu disparu (" + id + ")"
}

// nomsPaire names two places that an operation joined: when the one that stays, a,
// took the name of the other, by the name that it had.
func (s *site) nomsPaire(c *fiber.Ctx, a, b, operation string) (nomA, nomB string) {
	nomA, nomB = s.nomLieu(c, a), s.nomLieu(c, b)
	if nomA != nomB {
		return nomA, nomB
	}
	if avant, err := s.Collecte.NomAvant(c.UserContext(), a, operation); err == nil && avant != "" {
		nomA = avant
	}
	return nomA, nomB
}

// peutDefaire tells whether the session may undo an operation: an import is for
// those who coordinate the whole territory, the rest for those who coordinate every
// place of it.
func (s *site) peutDefaire(c *fiber.Ctx, op *mednum.Operation) (bool, error) {
	if s.coordonneTout(c) {
		return true, nil
	}
	if op.Genre == "import" {
		return false, nil
	}
	for _, id := range op.Lieux {
		l, err := s.Collecte.Lieu(c.UserContext(), id)
		if err != nil && !estCode(err, mednum.Introuvable) {
			return false, err
		}
		if err != nil || !s.coordonneLieux(c, &l) {
			return false, nil
		}
	}
	return len(op.Lieux) > 0, nil
}

func (s *site) serveReunions(c *fiber.Ctx) error {
	toutes, err := s.Collecte.Historique(c.UserContext())
	if err != nil {
		return err
	}
	var reunions []collecte.Reunion
	var qui []string
	for _, r := range toutes {
		permis, err := s.peutDefaire(c, &r.Operation)
		if err != nil {
			return err
		}
		if permis {
			reunions, qui = append(reunions, r), append(qui, r.Auteur)
		}
	}
	noms, err := s.nomsDecideurs(c, qui)
	if err != nil {
		return err
	}
	fait := s.faitDoublonDe(c)
	return rendreListe(s, c, s.listeReunions(c, noms), reunions, func(t *tableau) error {
		return s.rendreLarge(c, "doublons-historique", "Réunions et séparations", "reseau", corpsReunions{t, fait})
	})
}

// nomsDecideurs are the names of the accounts among authors.
func (s *site) nomsDecideurs(c *fiber.Ctx, qui []string) (auteurs, error) {
	var ids []string
	for _, a := range qui {
		if id, ok := mednum.CompteDe(a); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return s.Comptes.Noms(c.UserContext(), ids)
}

func (s *site) listeReunions(c *fiber.Ctx, noms auteurs) liste[collecte.Reunion] {
	return liste[collecte.Reunion]{
		Chemin: cheminDoublons + "/historique", Nom: "reunions", Titre: "Réunions et séparations", Un: "opération", Plusieurs: "opérations",
		Vide: "Aucun lieu n’a encore été réuni ni séparé.",
		Colonnes: []colonne[collecte.Reunion]{
			{Titre: "Ce qui a été fait", Case: func(r collecte.Reunion) cellule { return s.direReunion(c, &r) }},
			{Cle: "quand", Titre: "Quand", Case: func(r collecte.Reunion) cellule {
				return cellule{Texte: s.momentDit(r.Le), Ordre: r.Le.UTC().Format(time.RFC3339)}
			}},
			{Cle: "qui", Titre: "Par", Case: func(r collecte.Reunion) cellule { return texte(textes.Majuscule(s.direQui(r.Auteur, noms))) }},
			{Titre: "État", Case: func(r collecte.Reunion) cellule {
				switch {
				case r.Defaite != "":
					return texte("défait depuis")
				case r.Defait != "":
					return texte("défait une réunion")
				}
				return texte("en place")
			}},
			{Titre: "Défaire", EcranSeul: true, Case: func(r collecte.Reunion) cellule {
				if r.Defaite != "" {
					return cellule{}
				}
				return lie("Défaire…", cheminDoublons+"/defaire/"+r.ID)
			}},
		},
		Filtres: []filtre[collecte.Reunion]{
			{Cle: "genre", Titre: "Genre", Choix: []choixFiltre{{"fusion", "Réunions"}, {"separation", "Séparations"}, {"import", "Imports"}}, Passe: func(r collecte.Reunion, v string) bool { return r.Genre == v }},
		},
	}
}

// direQui names who did something: a source that came back by itself, too.
func (s *site) direQui(auteur string, noms auteurs) string {
	if id, ok := strings.CutPrefix(auteur, "source "); ok {
		return "la source « " + id + " »"
	}
	switch auteur {
	case "import", "service":
		return "le service"
	case "territoire":
		return "les lieux livrés avec le territoire"
	}
	return catalogue.DireAuteur(auteur, noms)
}

func (s *site) direReunion(c *fiber.Ctx, r *collecte.Reunion) cellule {
	noms := func(ids []string) string {
		dits := make([]string, 0, len(ids))
		for _, id := range ids[:min(4, len(ids))] {
			dits = append(dits, s.nomLieu(c, id))
		}
		if len(ids) > 4 {
			dits = append(dits, fmt.Sprintf("et %d autres", len(ids)-4))
		}
		return strings.Join(dits, " / ")
	}
	switch r.Genre {
	case "fusion":
		dits := noms(r.Lieux)
		if len(r.Lieux) == 2 {
			a, b := s.nomsPaire(c, r.Lieux[0], r.Lieux[1], r.ID)
			dits = a + " / " + b
		}
		return cellule{Texte: "Réunion : " + dits, Detail: textes.Pluriel(len(r.Rattachements), "fiche déplacée", "fiches déplacées")}
	case "separation":
		return cellule{Texte: "Séparation : " + noms(r.Lieux), Detail: textes.Pluriel(len(r.Rattachements), "fiche déplacée", "fiches déplacées")}
	}
	return cellule{Texte: "Import", Detail: textes.Pluriel(len(r.Rattachements), "fiche rattachée à un lieu d’une autre", "fiches rattachées à un lieu d’une autre")}
}

// prevision is what undoing the operation of the address would do, when the
// session may.
func (s *site) prevision(c *fiber.Ctx) (collecte.Prevision, error) {
	return s.Collecte.Prevoir(c.UserContext(), c.Params("operation"), func(op *mednum.Operation) error {
		permis, err := s.peutDefaire(c, op)
		if err == nil && !permis {
			err = interdit("operation", "Cette opération touche des lieux qui ne sont pas dans votre secteur.")
		}
		return err
	})
}

func (s *site) serveDefaire(c *fiber.Ctx) error {
	p, err := s.prevision(c)
	if err != nil {
		return err
	}
	corps := corpsConfirmer{Action: cheminDoublons + "/defaire/" + p.Operation.ID, Bouton: "Défaire", Retour: cheminDoublons + "/historique", Phrases: s.direPrevision(c, &p)}
	if len(p.Restes) > 0 {
		corps.Attention = "Changé depuis, et gardé par le lieu qui reste : " + textes.Minuscule(strings.Join(p.Restes, ", ")) + "."
	}
	return s.confirmer(c, "Défaire ?", "reseau", corps)
}

// direPrevision says what undoing would do.
func (s *site) direPrevision(c *fiber.Ctx, p *collecte.Prevision) (phrases []string) {
	const montrees = 10
	for _, paire := range p.Paires[:min(montrees, len(p.Paires))] {
		a, b := s.nomLieu(c, paire[0]), paire[1]
		switch {
		case p.Operation.Genre == "import":
			phrases = append(phrases, "Une fiche quitte « "+a+" » et fait un lieu à elle.")
		case p.Separe:
			a, autre := s.nomsPaire(c, paire[0], b, p.Operation.ID)
			phrases = append(phrases, "« "+a+" » et « "+autre+" » redeviennent deux lieux, comme avant la réunion.")
		default:
			phrases = append(phrases, "« "+s.nomLieu(c, b)+" » est de nouveau réuni à « "+a+" », qui reste.")
		}
	}
	if reste := len(p.Paires) - montrees; reste > 0 {
		phrases = append(phrases, textes.Pluriel(reste, "autre lieu de même.", "autres lieux de même."))
	}
	if p.Separe {
		phrases = append(phrases, textes.Pluriel(p.Fiches, "fiche change de lieu.", "fiches changent de lieu."), "Aucun import ne les réunira de nouveau tout seul. Ce que vous faites là se défait aussi.")
	}
	return phrases
}

func (s *site) postDefaire(c *fiber.Ctx) error {
	p, err := s.prevision(c)
	if err != nil {
		return err
	}
	d, err := s.Collecte.Defaire(c.UserContext(), p.Operation.ID, connexion(c).Compte.Auteur())
	if err != nil {
		return err
	}
	s.montrerDecision(c)
	q := url.Values{"decide": {"defait"}, "op": {d.Operation}}
	return c.Redirect(s.chemin(cheminDoublons+"/historique")+"?"+q.Encode(), fiber.StatusSeeOther)
}

// corpsDistincts are the pairs that people told apart.
type corpsDistincts struct{ Tableau *tableau }

func (s *site) serveDistincts(c *fiber.Ctx) error {
	tous, err := s.Collecte.Distincts(c.UserContext())
	if err != nil {
		return err
	}
	var paires []collecte.Distinct
	var qui []string
	for _, d := range tous {
		a, err := s.Collecte.Lieu(c.UserContext(), d.Lieux[0])
		b, autre := s.Collecte.Lieu(c.UserContext(), d.Lieux[1])
		if err == nil && autre == nil && s.coordonneLieux(c, &a, &b) {
			paires, qui = append(paires, d), append(qui, d.Auteur)
		}
	}
	noms, err := s.nomsDecideurs(c, qui)
	if err != nil {
		return err
	}
	l := liste[collecte.Distinct]{
		Chemin: cheminDoublons + "/distincts", Nom: "distincts", Titre: "Ce sont deux lieux", Un: "paire", Plusieurs: "paires",
		Vide: "Personne n’a encore dit de deux lieux qu’ils sont deux.",
		Colonnes: []colonne[collecte.Distinct]{
			{Titre: "Les deux lieux", Case: func(d collecte.Distinct) cellule {
				return cellule{Texte: s.nomLieu(c, d.Lieux[0]) + " / " + s.nomLieu(c, d.Lieux[1]), Lien: cheminDoublons + "/" + d.Lieux[0] + "/" + d.Lieux[1]}
			}},
			{Titre: "À quelle occasion", Case: func(d collecte.Distinct) cellule { return texte(d.Motif) }},
			{Titre: "Par", Case: func(d collecte.Distinct) cellule { return texte(textes.Majuscule(s.direQui(d.Auteur, noms))) }},
			{Titre: "Quand", Case: func(d collecte.Distinct) cellule {
				if d.Le.IsZero() {
					return cellule{}
				}
				return jourDit(mednum.DateOf(d.Le.In(s.Territoire.Location())))
			}},
		},
	}
	return rendreListe(s, c, l, paires, func(t *tableau) error {
		return s.rendreLarge(c, "doublons-distincts", "Ce sont deux lieux", "reseau", corpsDistincts{t})
	})
}
