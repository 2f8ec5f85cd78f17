package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// cheminLieux is the list that every figure of the board leads to.
const cheminLieux = "/espace/reseau/lieux"

// lieuxVus are the places as the desk sees them, of one snapshot and one day.
type lieuxVus struct {
	mu      sync.Mutex
	version int64
	jour    mednum.Date
	parID   map[string]lieuReseau
}

// lieuxReseau are the places that the session coordinates, by name. What depends
// on no person is worked out once a snapshot and a day.
func (s *site) lieuxReseau(c *fiber.Ctx) []lieuReseau {
	vues := s.Catalogue.LieuxCoordonnes(connexion(c).Compte.Habilitations)
	version, _ := s.Catalogue.Instantane()
	jour := mednum.DateOf(s.maintenant())
	s.vus.mu.Lock()
	defer s.vus.mu.Unlock()
	if s.vus.parID == nil || s.vus.version != version || s.vus.jour != jour {
		s.vus.version, s.vus.jour, s.vus.parID = version, jour, map[string]lieuReseau{}
	}
	lieux := make([]lieuReseau, 0, len(vues))
	for _, v := range vues {
		l, ok := s.vus.parID[v.ID]
		if !ok || l.Vue != v {
			l = s.observer(v, jour)
			s.vus.parID[v.ID] = l
		}
		lieux = append(lieux, l)
	}
	return lieux
}

// equipes are the names of those who answer for each place, by its id: who answers
// first, then the others by name.
func (s *site) equipes(ctx context.Context) (map[string][]string, error) {
	comptes, err := s.Comptes.Comptes(ctx)
	if err != nil {
		return nil, err
	}
	referents, err := s.Comptes.Referents(ctx)
	if err != nil {
		return nil, err
	}
	nom := func(q *mednum.Compte) string { return cmp.Or(q.Nom, mednum.MasquerCourriel(q.Courriel)) }
	slices.SortFunc(comptes, func(a, b mednum.Compte) int {
		return cmp.Compare(mednum.Normaliser(nom(&a)), mednum.Normaliser(nom(&b)))
	})
	parLieu := map[string][]string{}
	for i := range comptes {
		for _, v := range s.lieuxDe(&comptes[i]) {
			noms := parLieu[v.ID]
			if s.referentParmi(referents, v) == comptes[i].ID {
				noms = slices.Insert(noms, 0, nom(&comptes[i]))
			} else {
				noms = append(noms, nom(&comptes[i]))
			}
			parLieu[v.ID] = noms
		}
	}
	return parLieu, nil
}

// lieuxSuivis are the places of the session, with who answers for each.
func (s *site) lieuxSuivis(c *fiber.Ctx) ([]lieuReseau, error) {
	lieux := s.lieuxReseau(c)
	equipes, err := s.equipes(c.UserContext())
	for i := range lieux {
		lieux[i].Equipe = equipes[lieux[i].ID]
	}
	return lieux, err
}

// corpsLieux is the page of the places of the network.
type corpsLieux struct{ Tableau *tableau }

func (s *site) serveReseauLieux(c *fiber.Ctx) error {
	lieux, err := s.lieuxSuivis(c)
	if err != nil {
		return err
	}
	return rendreListe(s, c, s.listeLieux(lieux), lieux, func(t *tableau) error {
		return s.rendreLarge(c, "reseau-lieux", "Les lieux du réseau", "reseau", corpsLieux{t})
	})
}

// listeLieux is the list of places, with the filters that these places have.
func (s *site) listeLieux(lieux []lieuReseau) liste[lieuReseau] {
	return liste[lieuReseau]{
		Chemin: cheminLieux, Nom: "lieux", Titre: "Lieux du réseau", Un: "lieu", Plusieurs: "lieux", Tri: "nom",
		Vide:     "Aucun lieu n’est dans votre périmètre. Importez un fichier, ou attendez qu’un lieu soit proposé.",
		Colonnes: s.colonnesLieux(), Filtres: s.filtresLieux(lieux),
	}
}

func (s *site) colonnesLieux() []colonne[lieuReseau] {
	return []colonne[lieuReseau]{
		{Cle: "nom", Titre: "Nom", Case: func(l lieuReseau) cellule { return lie(l.Champs.Nom, "/espace/lieux/"+l.ID) }},
		{Cle: "commune", Titre: "Commune", Case: func(l lieuReseau) cellule { return texte(l.Champs.Commune) }},
		{Cle: "epci", Titre: "Intercommunalité", Case: func(l lieuReseau) cellule { return texte(l.NomEPCI) }},
		{Cle: "famille", Titre: "Famille", Case: func(l lieuReseau) cellule { return texte(joindre(nomsDes(l.Sortes, choixSortes())...)) }},
		{Cle: "verifie", Titre: "Dernière vérification", Case: verificationDe},
		{Cle: "source", Titre: "Source", Case: func(l lieuReseau) cellule { return texte(l.Champs.Source) }},
		{Cle: "complet", Titre: "Complétude", Case: completudeDe},
		{Titre: "Manque", FichierSeul: true, Case: func(l lieuReseau) cellule { return texte(l.manquesDits()) }},
		{Cle: "telephone", Titre: "Téléphone", Case: telephoneDe},
		{Cle: "equipe", Titre: "Qui en répond", Case: func(l lieuReseau) cellule { return texte(joindre(l.Equipe...)) }},
		{Cle: "etat", Titre: "État", Case: etatDe},
		{Titre: "Identifiant", FichierSeul: true, Case: func(l lieuReseau) cellule { return texte(l.ID) }},
		{Titre: "Code INSEE", FichierSeul: true, Case: func(l lieuReseau) cellule { return texte(l.Champs.CodeInsee) }},
	}
}

func verificationDe(l lieuReseau) cellule {
	k := jourDit(l.Preuve.Date)
	switch {
	case l.Preuve.Date.IsZero():
		k.Texte = "Sans date"
	case l.VerifieLe == l.Preuve.Date:
		k.Detail = "par une personne"
	default:
		k.Detail = "date de sa source"
	}
	return k
}

func completudeDe(l lieuReseau) cellule {
	k := mesure(float64(l.complet()), strconv.Itoa(l.complet())+"\u00a0%")
	if len(l.Manques) > 0 {
		k.Detail = "manque\u00a0: " + l.manquesDits()
	}
	return k
}

func telephoneDe(l lieuReseau) cellule {
	return cellule{Texte: textes.Telephone(l.Champs.Telephone), Tel: l.Champs.Telephone}
}

func etatDe(l lieuReseau) cellule {
	k := texte(nomsDes([]string{l.Etat}, etatsReseau)[0])
	k.Signe = map[string]string{etatPublie: "ouvert", etatConfirmer: "confirmer", etatPropose: "confirmer", etatFerme: "ferme"}[l.Etat]
	return k
}

// The values of filters that are no key of a list.
const (
	tousPublies = "publies" // published, up to date or not
	rienManque  = "rien"
	avecEquipe  = "avec"
	sansEquipe  = "sans"
)

func (s *site) filtresLieux(lieux []lieuReseau) []filtre[lieuReseau] {
	return []filtre[lieuReseau]{
		{Cle: "q", Titre: "Nom, commune ou personne", Passe: func(l lieuReseau, v string) bool {
			return tousLesMots(joindre(append([]string{l.Champs.Nom, l.Champs.Commune}, l.Equipe...)...), v)
		}},
		{Cle: "epci", Titre: "Intercommunalité", Choix: s.epciDes(lieux), Passe: func(l lieuReseau, v string) bool { return l.EPCI == v }},
		{Cle: "famille", Titre: "Famille", Choix: append(choixSortes(), choixFiltre{sansSorte, "Aucune de celles-là"}), Passe: func(l lieuReseau, v string) bool {
			return slices.Contains(l.Sortes, v) || v == sansSorte && len(l.Sortes) == 0
		}},
		{Cle: "fraicheur", Titre: "Fraîcheur", Choix: choixFraicheur(), Passe: func(l lieuReseau, v string) bool { return l.Fraicheur == v }},
		{Cle: "manque", Titre: "Ce qui manque", Choix: append(choixManques(), choixFiltre{rienManque, "Rien : tout est dit"}), Passe: func(l lieuReseau, v string) bool {
			return slices.Contains(l.Manques, v) || v == rienManque && len(l.Manques) == 0
		}},
		{Cle: "equipe", Titre: "Qui en répond", Choix: []choixFiltre{{avecEquipe, "Quelqu’un"}, {sansEquipe, "Personne"}}, Passe: func(l lieuReseau, v string) bool {
			return (len(l.Equipe) > 0) == (v == avecEquipe)
		}},
		{Cle: "etat", Titre: "État", Choix: append([]choixFiltre{{tousPublies, "Publié, à jour ou non"}}, etatsReseau...), Passe: func(l lieuReseau, v string) bool {
			return l.Etat == v || v == tousPublies && l.publie()
		}},
	}
}

// lieuDuReseau is the place of the address, which the session coordinates.
func (s *site) lieuDuReseau(c *fiber.Ctx) (*catalogue.Vue, error) {
	droits := connexion(c).Compte.Habilitations
	v, err := s.Catalogue.LieuPour(c.Params("id"), droits)
	if err == nil && !s.Catalogue.Coordonne(droits, &v.Lieu) {
		return nil, interdit("id", "Ce lieu est hors de votre périmètre : son coordinateur peut répondre.")
	}
	return v, err
}
