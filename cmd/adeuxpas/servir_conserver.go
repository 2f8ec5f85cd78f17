package main

import (
	"context"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/taches"
)

// rythmeConservation is how often it is looked whether accounts are over.
const rythmeConservation = 24 * time.Hour

// tacheConservation applies what is said of how long accounts are kept, and notes
// what it erased. Everything else that ends carries its own end in the base.
func (s *service) tacheConservation(r *reseau.Reseau) taches.Tache {
	return taches.Tache{Nom: "conservation", Chaque: rythmeConservation, Faire: func(ctx context.Context) error {
		effaces, err := r.Conserver(ctx)
		for _, id := range effaces {
			s.registre.Noter(ctx, registre.Acte{
				Qui: registre.AuteurTache, Voie: registre.VoieTache, Genre: registre.GenreGarde, Objet: mednum.PrefixeCompte + id,
				Texte: "Compte effacé : deux ans sans connexion, et prévenu trente jours avant",
			})
		}
		return err
	}}
}
