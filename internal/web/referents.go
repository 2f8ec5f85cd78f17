package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

// lieuTenu is a place of whose team somebody is.
type lieuTenu struct {
	ID, Nom, Commune string
	Repond           bool // they answer for it first
	Peut             bool // the session may say who does
}

// lieuxDe are the places of whose team an account is, each once, by commune then
// name.
func (s *site) lieuxDe(qui *mednum.Compte) (lieux []*catalogue.Vue) {
	for _, h := range qui.Habilitations {
		if h.Portee != mednum.PorteeLieu {
			continue
		}
		v, err := s.Catalogue.Lieu(s.Catalogue.Devenu(h.ID))
		if err == nil && !slices.ContainsFunc(lieux, func(x *catalogue.Vue) bool { return x.ID == v.ID }) {
			lieux = append(lieux, v)
		}
	}
	slices.SortFunc(lieux, func(a, b *catalogue.Vue) int {
		return cmp.Or(cmp.Compare(a.Champs.Commune, b.Champs.Commune), cmp.Compare(a.Champs.Nom, b.Champs.Nom), cmp.Compare(a.ID, b.ID))
	})
	return lieux
}

// referentParmi is who answers first for a place, or for one that became it; ""
// for nobody.
func (s *site) referentParmi(referents map[string]string, v *catalogue.Vue) string {
	for _, id := range s.Catalogue.Devenus(v.ID) {
		if qui := referents[id]; qui != "" {
			return qui
		}
	}
	return ""
}

// postRepond says who answers for a place first: one of its team, or nobody in
// particular.
func (s *site) postRepond(c *fiber.Ctx) error {
	v, err := s.donnable(c)
	if err != nil {
		return err
	}
	vers := "/espace/lieux/" + v.ID + "/equipe"
	if c.FormValue("retour") == "personne" && c.FormValue("compte") != "" {
		vers = "/espace/comptes/" + c.FormValue("compte")
	}
	if c.FormValue("repond") == "non" {
		avant, err := s.Comptes.Referent(c.UserContext(), s.Catalogue.Devenus(v.ID)...)
		if err != nil {
			return err
		}
		if err := s.Comptes.OterReferents(c.UserContext(), s.Catalogue.Devenus(v.ID)...); err != nil {
			return err
		}
		s.noter(c, surReferent(avant, v.ID, "Ne répond plus en premier du lieu"))
		return s.fait(c, vers, "repond-pas")
	}
	_, qui, err := s.collegue(c, c.FormValue("compte"))
	if err != nil {
		return err
	}
	if err := s.Comptes.OterReferents(c.UserContext(), autres(s.Catalogue.Devenus(v.ID), v.ID)...); err != nil {
		return err
	}
	if err := s.Comptes.NommerReferent(c.UserContext(), v.ID, qui.ID); err != nil {
		return err
	}
	s.noter(c, surReferent(qui.ID, v.ID, "Répond en premier du lieu"))
	return s.fait(c, vers, "repond")
}

func autres(ids []string, sauf string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == sauf })
}

// nomReferent is the name of who answers for a place first, to colleagues, "" for
// nobody of its team.
func (s *site) nomReferent(c *fiber.Ctx, v *catalogue.Vue) (string, error) {
	id, err := s.Comptes.Referent(c.UserContext(), s.Catalogue.Devenus(v.ID)...)
	if err != nil || id == "" {
		return "", err
	}
	qui, err := s.Comptes.Compte(c.UserContext(), id)
	if estCode(err, mednum.Introuvable) || err == nil && len(s.droitsSur(&qui, v)) == 0 {
		return "", nil // they are in the team no more
	}
	return cmp.Or(qui.Nom, qui.Courriel), err
}

// corpsEquipes is the list of places, with their teams.
type corpsEquipes struct {
	Tableau *tableau
	Sans    int // how many have nobody
}

// ligneEquipe is one place and its team.
type ligneEquipe struct {
	*catalogue.Vue
	Gens   []string
	Repond string
}

// The values of the filter on teams.
const (
	equipeSans   = "sans"
	equipeAvec   = "avec"
	equipeRepond = "sans-repondant"
)

// serveEquipes says who answers for which place, of those that the session
// coordinates.
func (s *site) serveEquipes(c *fiber.Ctx) error {
	lignes, err := s.lignesEquipes(c)
	if err != nil {
		return err
	}
	corps := corpsEquipes{}
	for i := range lignes {
		if len(lignes[i].Gens) == 0 {
			corps.Sans++
		}
	}
	return rendreListe(s, c, s.listeEquipes(), lignes, func(t *tableau) error {
		corps.Tableau = t
		return s.rendreLarge(c, "equipes", "Qui répond de quel lieu", "comptes", corps)
	})
}

func (s *site) lignesEquipes(c *fiber.Ctx) (lignes []ligneEquipe, err error) {
	comptes, err := s.Comptes.Comptes(c.UserContext())
	if err != nil {
		return nil, err
	}
	referents, err := s.Comptes.Referents(c.UserContext())
	if err != nil {
		return nil, err
	}
	gens, repond := map[string][]string{}, map[string]string{}
	for i := range comptes {
		nom := cmp.Or(comptes[i].Nom, comptes[i].Courriel)
		for _, v := range s.lieuxDe(&comptes[i]) {
			if gens[v.ID] = append(gens[v.ID], nom); s.referentParmi(referents, v) == comptes[i].ID {
				repond[v.ID] = nom
			}
		}
	}
	droits := connexion(c).Compte.Habilitations
	for _, v := range s.Catalogue.Lieux() {
		if s.Catalogue.Coordonne(droits, &v.Lieu) {
			lignes = append(lignes, ligneEquipe{v, gens[v.ID], repond[v.ID]})
		}
	}
	return lignes, nil
}

func (s *site) listeEquipes() liste[ligneEquipe] {
	return liste[ligneEquipe]{
		Chemin: "/espace/comptes/lieux", Nom: "equipes", Titre: "Qui répond de quel lieu", Un: "lieu", Plusieurs: "lieux",
		Vide: "Aucun lieu publié parmi ceux que vous coordonnez.",
		Colonnes: []colonne[ligneEquipe]{
			{Cle: "nom", Titre: "Lieu", Case: func(v ligneEquipe) cellule { return lie(v.Champs.Nom, "/espace/lieux/"+v.ID+"/equipe") }},
			{Titre: "Identifiant", FichierSeul: true, Case: func(v ligneEquipe) cellule { return texte(v.ID) }},
			{Cle: "commune", Titre: "Commune", Case: func(v ligneEquipe) cellule { return texte(v.Champs.Commune) }},
			{Cle: "equipe", Titre: "Équipe", Case: func(v ligneEquipe) cellule {
				if len(v.Gens) == 0 {
					return cellule{Texte: "Personne", Signe: "confirmer"}
				}
				return texte(strings.Join(v.Gens, ", "))
			}},
			{Cle: "repond", Titre: "Répond du lieu", Case: func(v ligneEquipe) cellule { return texte(v.Repond) }},
		},
		Filtres: []filtre[ligneEquipe]{
			{Cle: "q", Titre: "Chercher un lieu, une personne", Passe: func(v ligneEquipe, mots string) bool {
				return tousLesMots(v.Champs.Nom+" "+v.Champs.Commune+" "+strings.Join(v.Gens, " "), mots)
			}},
			{Cle: "epci", Titre: "Intercommunalité", Choix: s.toutesEPCI(), Passe: func(v ligneEquipe, code string) bool {
				return s.epciDe(v.Champs.CodeInsee) == code
			}},
			{Cle: "qui", Titre: "Équipe", Choix: []choixFiltre{
				{equipeSans, "Personne"}, {equipeAvec, "Quelqu’un"}, {equipeRepond, "Quelqu’un, sans que l’on sache qui en répond"},
			}, Passe: func(v ligneEquipe, choix string) bool {
				switch choix {
				case equipeSans:
					return len(v.Gens) == 0
				case equipeRepond:
					return len(v.Gens) > 0 && v.Repond == ""
				}
				return len(v.Gens) > 0
			}},
		},
	}
}
