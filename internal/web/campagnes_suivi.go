package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsCampagne is a campaign: what it will send, then what came of it.
type corpsCampagne struct {
	reseau.Campagne
	Qui, Quand string
	Toute      bool // the session coordinates all of it
	Regle      bool // mail can leave
	Ecrire     int  // how many places it writes to
	Courriels  int  // in how many mails
	ParMinute  int
	Sans       []lieuAJoindre // that it cannot write to
	Apercu     apercuLettre
	Bilan      ligneCampagne
	Attendent  int
	Tableau    *tableau // nil before it is sent
}

// apercuLettre is a letter as it is sent, to one place of several.
type apercuLettre struct {
	Lieu, A, Sujet, Texte string
	Suivant               string // id of the next place to look at, "" for none
}

// serveCampagne shows what a campaign will send, or what came of it.
func (s *site) serveCampagne(c *fiber.Ctx) error {
	k, part, toute, err := s.campagneDe(c)
	if err != nil {
		return err
	}
	noms, err := s.Comptes.Noms(c.UserContext(), []string{k.Auteur})
	if err != nil {
		return err
	}
	corps := corpsCampagne{
		Campagne: k, Qui: noms[k.Auteur], Quand: s.direQuand(k.Cree), Toute: toute, Regle: s.Courrier.Regle(), ParMinute: reseau.CourrielsParMinute,
	}
	if k.Etat == reseau.Preparee {
		if err := s.prevoirCampagne(c, &corps, part); err != nil {
			return err
		}
		return s.rendreEspace(c, "campagne", k.Titre, "reseau", corps)
	}
	enquetes, err := s.Reseau.Enquetes(c.UserContext(), k.ID)
	if err != nil {
		return err
	}
	enquetes = slices.DeleteFunc(enquetes, func(e reseau.Enquete) bool { return !part[e.Lieu] })
	corps.Bilan.compter(enquetes)
	var lignes []ligneEnquete
	for i := range enquetes {
		if v, err := s.Catalogue.Lieu(s.Catalogue.Devenu(enquetes[i].Lieu)); err == nil {
			lignes = append(lignes, ligneEnquete{enquetes[i], v, s.suiteDe(&enquetes[i], v)})
		}
		if enquetes[i].Etat == reseau.AEcrire {
			corps.Attendent++
		}
	}
	return rendreListe(s, c, s.listeEnquetes(&k), lignes, func(t *tableau) error {
		corps.Tableau = t
		return s.rendreLarge(c, "campagne", k.Titre, "reseau", corps)
	})
}

// prevoirCampagne says what would be sent now.
func (s *site) prevoirCampagne(c *fiber.Ctx, corps *corpsCampagne, part map[string]bool) error {
	var lieux []*catalogue.Vue
	for _, id := range corps.Lieux {
		if v, err := s.Catalogue.Lieu(id); err == nil && v.Publie() && part[id] {
			lieux = append(lieux, v)
		}
	}
	joignables, err := s.Reseau.Joindre(c.UserContext(), lieux)
	if err != nil {
		return err
	}
	var montres []reseau.Joignable
	for _, j := range joignables {
		if j.Motif == "" && !j.Recent.IsZero() && !corps.Recents {
			j.Motif = reseau.Recente
		}
		if j.Motif != "" {
			corps.Sans = append(corps.Sans, lieuAJoindre{ID: j.Lieu.ID, Nom: j.Lieu.Champs.Nom, Commune: j.Lieu.Champs.Commune, Motif: motifsEnquete[j.Motif], Telephone: j.Lieu.Champs.Telephone})
			continue
		}
		montres = append(montres, j)
		corps.Courriels += len(j.A)
	}
	if corps.Ecrire = len(montres); corps.Ecrire == 0 {
		return nil
	}
	i := max(slices.IndexFunc(montres, func(j reseau.Joignable) bool { return j.Lieu.ID == c.Query("lieu") }), 0)
	j := &montres[i]
	a := apercuLettre{Lieu: j.Lieu.Champs.Nom, A: mednum.MasquerCourriel(j.A[0].Courriel)}
	if len(montres) > 1 {
		a.Suivant = montres[(i+1)%len(montres)].Lieu.ID
	}
	a.Sujet, a.Texte, err = s.Reseau.Apercu(&corps.Campagne, j.Lieu, j.A[0])
	corps.Apercu = a
	return err
}

// ligneEnquete is a place in the follow-up of a campaign.
type ligneEnquete struct {
	reseau.Enquete
	*catalogue.Vue
	Suite suiteEnquete
}

// suiteEnquete is what became of a place: one of the values of its filter, in words.
type suiteEnquete struct{ Cle, Dit, Signe string }

var suites = []suiteEnquete{
	{"confirme", "A confirmé", "ouvert"},
	{"corrige", "A corrigé", "ouvert"},
	{"ferme", "Dit qu’il est fermé", "ouvert"},
	{"autrement", "Vérifié autrement depuis", "ouvert"},
	{"muet", "Sans réponse", "confirmer"},
	{"attend", "Attend son courriel", "confirmer"},
	{"rebond", "Courriel revenu", "ferme"},
	{"sans", "Pas écrit", "ferme"},
}

func suiteNommee(cle string) suiteEnquete {
	return suites[slices.IndexFunc(suites, func(x suiteEnquete) bool { return x.Cle == cle })]
}

// suiteDe is what became of a place.
func (s *site) suiteDe(e *reseau.Enquete, v *catalogue.Vue) suiteEnquete {
	reponses := map[string]string{reseau.ChoixExact: "confirme", reseau.ChoixCorriger: "corrige", reseau.ChoixFerme: "ferme"}
	switch {
	case e.Reponse != "":
		return suiteNommee(reponses[e.Reponse])
	case e.Etat == reseau.AEcrire:
		return suiteNommee("attend")
	case e.Etat == reseau.Rebondie:
		return suiteNommee("rebond")
	case e.Etat != reseau.Ecrite:
		sans := suiteNommee("sans")
		sans.Dit = motifsEnquete[e.Etat]
		return sans
	case s.Reseau.VerifieDepuis(v, e.Ecrite):
		return suiteNommee("autrement")
	}
	return suiteNommee("muet")
}

func choixSuites() (choix []choixFiltre) {
	for _, x := range suites {
		choix = append(choix, choixFiltre{x.Cle, x.Dit})
	}
	return choix
}

func (s *site) listeEnquetes(k *reseau.Campagne) liste[ligneEnquete] {
	return liste[ligneEnquete]{
		Chemin: "/espace/campagnes/" + k.ID, Nom: "campagne", Titre: "Les lieux de la campagne", Un: "lieu", Plusieurs: "lieux",
		Vide: "Aucun lieu de cette campagne n’est de ceux que vous coordonnez.",
		Colonnes: []colonne[ligneEnquete]{
			{Cle: "nom", Titre: "Lieu", Case: func(l ligneEnquete) cellule { return lie(l.Champs.Nom, "/espace/lieux/"+l.ID) }},
			{Titre: "Identifiant", FichierSeul: true, Case: func(l ligneEnquete) cellule { return texte(l.ID) }},
			{Cle: "commune", Titre: "Commune", Case: func(l ligneEnquete) cellule { return texte(l.Champs.Commune) }},
			{Cle: "suite", Titre: "Suite", Case: func(l ligneEnquete) cellule { return cellule{Texte: l.Suite.Dit, Signe: l.Suite.Signe} }},
			{Cle: "ecrit", Titre: "Écrit le", Case: func(l ligneEnquete) cellule { return jourDit(s.jourDe(l.Ecrite)) }},
			{Cle: "relance", Titre: "Relancé le", Case: func(l ligneEnquete) cellule { return jourDit(s.jourDe(l.Relancee)) }},
			{Cle: "reponse", Titre: "Répondu le", Case: func(l ligneEnquete) cellule { return jourDit(s.jourDe(l.Repondu)) }},
			{Titre: "Téléphone", Case: func(l ligneEnquete) cellule {
				return cellule{Texte: textes.Telephone(l.Champs.Telephone), Tel: l.Champs.Telephone}
			}},
		},
		Filtres: []filtre[ligneEnquete]{
			{Cle: "q", Titre: "Chercher un lieu, une commune", Passe: func(l ligneEnquete, mots string) bool {
				return tousLesMots(l.Champs.Nom+" "+l.Champs.Commune, mots)
			}},
			{Cle: "suite", Titre: "Suite", Choix: choixSuites(), Passe: func(l ligneEnquete, cle string) bool { return l.Suite.Cle == cle }},
		},
	}
}
