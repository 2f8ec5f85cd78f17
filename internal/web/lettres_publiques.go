package web

import (
	"context"
	"fmt"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// nomComplet is a place as mails name it.
func nomComplet(l *mednum.Lieu) string {
	return l.Champs.Nom + ", " + textes.A(l.Champs.Commune)
}

// posterTravail sends to the address that a place publishes the invitation that
// somebody asked for on its page.
func (s *site) posterTravail(ctx context.Context, v *catalogue.Vue, courriel string, e compte.Envoi) error {
	return s.poster(ctx, courrier.Lettre{
		Genre: courrier.TravailleIci, A: courriel, Sujet: "Corrigez la page de votre lieu : " + v.Champs.Nom,
		Paragraphes: []string{
			fmt.Sprintf("Quelqu’un qui dit travailler ici a demandé à corriger la page de : %s.", nomComplet(&v.Lieu)),
			"Le bouton ouvre un accès à cette page : horaires, fermetures, services. Il sert une fois, pendant sept jours. Transmettez ce courriel à la personne qui s’en occupera.",
			"Ce n’est pas vous ? Ne faites rien : personne n’aura d’accès. L’équipe qui coordonne la carte est prévenue.",
		},
		Boutons: bouton("Ouvrir l’accès", s.lien("/connexion/lien/"+e.Secret)), Perime: e.Expire,
	})
}

// posterArrivee sends the link that opens an account without rights, and asks
// for the place.
func (s *site) posterArrivee(ctx context.Context, v *catalogue.Vue, courriel string, e compte.Envoi) error {
	return s.poster(ctx, courrier.Lettre{
		Genre: courrier.TravailleIci, A: courriel, Sujet: "Confirmez votre demande pour : " + v.Champs.Nom,
		Paragraphes: []string{
			fmt.Sprintf("Vous avez demandé à vous occuper de la page de : %s.", nomComplet(&v.Lieu)),
			"Le bouton confirme votre adresse et envoie la demande à l’équipe qui coordonne la carte. Il sert une fois, pendant une journée.",
			"Ce n’est pas vous ? Ne faites rien : aucun compte ne s’ouvrira, et cette demande s’effacera d’elle-même.",
		},
		Boutons: bouton("Confirmer ma demande", s.lien("/connexion/lien/"+e.Secret)), Perime: e.Expire,
	})
}

// prevenirCoordinateurs writes to the coordinators of a place; vers is the page
// where they see it.
func (s *site) prevenirCoordinateurs(ctx context.Context, l *mednum.Lieu, vers, sujet string, paragraphes ...string) error {
	qui, err := s.Comptes.Coordinateurs(ctx, func(h mednum.Habilitation) bool {
		return s.Catalogue.Coordonne([]mednum.Habilitation{h}, l)
	})
	if err != nil {
		return err
	}
	for i := range qui {
		err := s.poster(ctx, courrier.Lettre{
			Genre: courrier.Proposition, A: qui[i].Courriel, Sujet: sujet, Paragraphes: paragraphes,
			Boutons: bouton("Voir ce qui attend", s.lien(vers)),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// prevenirTravail tells the coordinators that an invitation went to a place.
func (s *site) prevenirTravail(ctx context.Context, v *catalogue.Vue, courriel string) error {
	return s.prevenirCoordinateurs(ctx, &v.Lieu, "/lieux/"+v.ID, "« Je travaille ici » : "+v.Champs.Nom,
		fmt.Sprintf("Quelqu’un a demandé à corriger la page de : %s.", nomComplet(&v.Lieu)),
		fmt.Sprintf("L’invitation est partie à l’adresse que ce lieu publie, %s. Vous n’avez rien à faire, sauf si cette adresse n’est plus la sienne.", courriel))
}
