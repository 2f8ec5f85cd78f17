package web

import "82numerique.fr/adeuxpas/internal/compte"

// posterConnexion sends the link and the code of a sign-in.
func (s *site) posterConnexion(e compte.Envoi, vers string) error {
	s.Journal.Info("connexion", "lien", s.lien("/connexion/lien/"+e.Secret+"?suite="+vers), "code", e.Code)
	return nil
}
