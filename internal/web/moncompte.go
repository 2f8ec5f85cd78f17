package web

import (
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
)

// corpsMonCompte is the page where somebody sees what is known of them.
type corpsMonCompte struct {
	Nom, Courriel string
	Droits        []string
	Sessions      []sessionVue
	Autres        bool // there are sessions but this one
	Annuaire      bool // colleagues may find them
	Faute         faute
}

// sessionVue is an open session, to its owner.
type sessionVue struct {
	ID, Appareil, Vue string
	Ici               bool // the one that asks
}

func (s *site) serveMonCompte(c *fiber.Ctx) error {
	return s.rendreMonCompte(c, connexion(c).Compte.Nom, faute{})
}

func (s *site) rendreMonCompte(c *fiber.Ctx, nom string, f faute) error {
	x := connexion(c)
	sessions, err := s.Comptes.Sessions(c.UserContext(), x.Compte.ID)
	if err != nil {
		return err
	}
	corps := corpsMonCompte{Nom: nom, Courriel: x.Compte.Courriel, Droits: s.direDroits(x.Compte.Habilitations), Autres: len(sessions) > 1, Annuaire: x.Compte.Annuaire != nil, Faute: f}
	for i := range sessions {
		v := &sessions[i]
		corps.Sessions = append(corps.Sessions, sessionVue{v.ID(), v.Appareil, s.direQuand(v.Vue), v.ID() == x.Session.ID()})
	}
	return s.rendreForme(c, "moncompte", "Mon compte", "compte", f, corps)
}

func (s *site) postNom(c *fiber.Ctx) error {
	_, err := s.Comptes.Nommer(c.UserContext(), connexion(c).Compte.ID, c.FormValue("nom"))
	if f, ok := fauteDe(err); ok {
		return s.rendreMonCompte(c, c.FormValue("nom"), f)
	}
	if err != nil {
		return err
	}
	if connexion(c).Compte.Nom != strings.TrimSpace(c.FormValue("nom")) {
		s.noter(c, surCompte(registre.GenreCompte, connexion(c).Compte.ID, "Nom du compte changé"))
	}
	return s.fait(c, "/espace/compte", "nom")
}

// postFermer ends one session of the account; this one as by leaving.
func (s *site) postFermer(c *fiber.Ctx) error {
	x := connexion(c)
	if c.FormValue("session") == x.Session.ID() {
		return s.postDeconnexion(c)
	}
	if err := s.Comptes.Fermer(c.UserContext(), x.Compte.ID, c.FormValue("session")); err != nil {
		return err
	}
	return s.fait(c, "/espace/compte", "session")
}

func (s *site) postFermerAutres(c *fiber.Ctx) error {
	x := connexion(c)
	if err := s.Comptes.FermerTout(c.UserContext(), x.Compte.ID, x.Session.ID()); err != nil {
		return err
	}
	return s.fait(c, "/espace/compte", "sessions")
}

func (s *site) serveEffacer(c *fiber.Ctx) error {
	corps := corpsConfirmer{
		Phrases: append([]string{"Votre nom, votre adresse, vos droits et vos demandes s’effacent. Vous êtes déconnecté de tous vos appareils."}, resteEfface...),
		Action:  "/espace/compte/effacer", Bouton: "Effacer mon compte", Retour: "/espace/compte",
	}
	if slices.ContainsFunc(connexion(c).Compte.Habilitations, func(h mednum.Habilitation) bool { return h.Role == mednum.RoleAdministrateur }) {
		corps.Attention = "Vous administrez les comptes : vérifiez que quelqu’un d’autre peut encore le faire."
	}
	return s.confirmer(c, "Effacer mon compte ?", "compte", corps)
}

// resteEfface is what the erasure of an account leaves.
var resteEfface = []string{
	"Les corrections déjà faites restent dans les lieux et dans leur histoire, signées « compte supprimé » : elles ne nomment plus personne.",
	"Cela ne se défait pas. Pour revenir, il faudra une nouvelle invitation.",
}

// supprimer erases an account, and what the outbox keeps of its address: where
// that fails it is for the log, since the account is no more and the rest goes
// by itself in thirty days.
func (s *site) supprimer(ctx context.Context, v *mednum.Compte) error {
	if err := s.Comptes.Supprimer(ctx, v.ID); err != nil {
		return err
	}
	if err := s.Courrier.Oublier(ctx, v.Courriel); err != nil {
		s.Journal.Error("les courriels d’un compte effacé restent jusqu’à leur fin", "erreur", err)
	}
	return nil
}

func (s *site) postEffacer(c *fiber.Ctx) error {
	if err := s.supprimer(c.UserContext(), &connexion(c).Compte); err != nil {
		return err
	}
	s.noter(c, surCompte(registre.GenreCompte, connexion(c).Compte.ID, "Compte effacé par son titulaire"))
	oterCookie(c)
	return s.fait(c, "/connexion", "efface")
}
