package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsEquipe is the page of those who keep one place true.
type corpsEquipe struct {
	Lieu          *catalogue.Vue
	Gens          []membre
	Invitations   []invitationVue
	Peut          bool // invite, and take back
	Nom, Courriel string
	Faute         faute
}

// membre is an account in a team; Peut tells whether the session may take its
// right back.
type membre struct {
	mednum.Compte
	Moi, Peut bool
	Repond    bool // answers for the place first
}

// invitationVue is an invitation that nobody has opened.
type invitationVue struct {
	ID, Nom, Courriel string
	Droits            []string
	Fin               string
	droits            []mednum.Habilitation
}

// droitLieu is the right to change one place.
func droitLieu(id string) mednum.Habilitation {
	return mednum.Habilitation{Role: mednum.RoleMediateur, Portee: mednum.PorteeLieu, ID: id}
}

// droitsSur are the rights by which somebody is in the team of a place: its own,
// or those of the places that became it.
func (s *site) droitsSur(qui *mednum.Compte, v *catalogue.Vue) (droits []mednum.Habilitation) {
	for _, id := range s.Catalogue.Devenus(v.ID) {
		if h := droitLieu(id); slices.Contains(qui.Habilitations, h) {
			droits = append(droits, h)
		}
	}
	return droits
}

func (s *site) serveEquipe(c *fiber.Ctx) error { return s.rendreEquipe(c, faute{}) }

func (s *site) rendreEquipe(c *fiber.Ctx, f faute) error {
	v, err := s.mien(c)
	if err != nil {
		return err
	}
	x := connexion(c)
	equipe, err := s.Comptes.Equipe(c.UserContext(), s.Catalogue.Devenus(v.ID)...)
	if err != nil {
		return err
	}
	corps := corpsEquipe{Lieu: v, Peut: s.Catalogue.PeutDonner(x.Compte.Habilitations, droitLieu(v.ID)), Nom: c.FormValue("nom"), Courriel: c.FormValue("courriel"), Faute: f}
	referent, err := s.Comptes.Referent(c.UserContext(), s.Catalogue.Devenus(v.ID)...)
	if err != nil {
		return err
	}
	for _, m := range equipe {
		corps.Gens = append(corps.Gens, membre{m, m.ID == x.Compte.ID, corps.Peut && len(s.droitsSur(&m, v)) > 0, m.ID == referent})
	}
	if corps.Peut {
		corps.Invitations, err = s.invitations(c, func(droits []mednum.Habilitation) bool { return slices.Contains(droits, droitLieu(v.ID)) })
		if err != nil {
			return err
		}
	}
	return s.rendreForme(c, "equipe", "L’équipe de « "+v.Champs.Nom+" »", "lieux", f, corps)
}

// invitations are those that wait, whose rights all may be taken back by the
// session, and that the filter wants.
func (s *site) invitations(c *fiber.Ctx, veut func([]mednum.Habilitation) bool) (vues []invitationVue, err error) {
	liste, err := s.Comptes.Invitations(c.UserContext())
	for i := range liste {
		l := &liste[i]
		if s.peutTout(c, l.Habilitations) && veut(l.Habilitations) {
			vues = append(vues, invitationVue{l.ID(), l.Nom, l.Courriel, s.direDroits(l.Habilitations), textes.Jour(l.Expire.In(s.Territoire.Location())), l.Habilitations})
		}
	}
	return vues, err
}

// peutTout tells whether the session may give each of these rights.
func (s *site) peutTout(c *fiber.Ctx, droits []mednum.Habilitation) bool {
	return !slices.ContainsFunc(droits, func(h mednum.Habilitation) bool { return !s.peut(c, h) })
}

func (s *site) peut(c *fiber.Ctx, h mednum.Habilitation) bool {
	return s.Catalogue.PeutDonner(connexion(c).Compte.Habilitations, h)
}

func interdit(champ, message string) error {
	return &mednum.Error{Code: mednum.Interdit, Champ: champ, Message: message}
}

// donnable is the place of the address, whose right to change it the session
// may give and take back.
func (s *site) donnable(c *fiber.Ctx) (*catalogue.Vue, error) {
	v, err := s.mien(c)
	if err == nil && !s.peut(c, droitLieu(v.ID)) {
		return nil, interdit("id", "L’équipe de ce lieu, et la personne qui coordonne, peuvent inviter ; pas vous.")
	}
	return v, err
}

func (s *site) postInviterEquipe(c *fiber.Ctx) error {
	v, err := s.donnable(c)
	if err != nil {
		return err
	}
	err = s.inviter(c, c.FormValue("courriel"), c.FormValue("nom"), droitLieu(v.ID))
	if f, ok := fauteDe(err); ok {
		return s.rendreEquipe(c, f)
	}
	if err != nil {
		return err
	}
	return s.fait(c, "/espace/lieux/"+v.ID+"/equipe", "invite")
}

// inviter prepares an invitation in the name of the session, and sends it. The
// answer is the same whether the address has an account or not.
func (s *site) inviter(c *fiber.Ctx, courriel, nom string, droit mednum.Habilitation) error {
	if _, err := mednum.LireNomCompte(nom); err != nil {
		return invalide("nom", "Donnez le prénom et le nom de cette personne, sur une ligne de 80 caractères au plus, sans guillemets ni chevrons.")
	}
	return s.envoyerInvitation(c, courriel, nom, []mednum.Habilitation{droit})
}

// envoyerInvitation prepares an invitation to these rights and sends it.
func (s *site) envoyerInvitation(c *fiber.Ctx, courriel, nom string, droits []mednum.Habilitation) error {
	x := connexion(c)
	e, err := s.Comptes.Inviter(c.UserContext(), courriel, nom, x.Compte.Auteur(), droits)
	if err != nil {
		return err
	}
	s.noter(c, s.surInvitation("Invitation envoyée : ", droits))
	if courriel, err = mednum.LireCourriel(courriel); err != nil {
		return err
	}
	return s.posterInvitation(c.UserContext(), e, courriel, x.Compte.Nom, droits)
}

func (s *site) postAnnulerEquipe(c *fiber.Ctx) error {
	v, err := s.donnable(c)
	if err != nil {
		return err
	}
	if err := s.annuler(c); err != nil {
		return err
	}
	return s.fait(c, "/espace/lieux/"+v.ID+"/equipe", "annule")
}

// annuler takes back an invitation that the session could have sent.
func (s *site) annuler(c *fiber.Ctx) error {
	vues, err := s.invitations(c, func([]mednum.Habilitation) bool { return true })
	if err != nil {
		return err
	}
	i := slices.IndexFunc(vues, func(v invitationVue) bool { return v.ID == c.FormValue("invitation") })
	if i < 0 {
		return nil // it was opened, or is over
	}
	if err := s.Comptes.AnnulerInvitation(c.UserContext(), vues[i].ID); err != nil {
		return err
	}
	s.noter(c, s.surInvitation("Invitation annulée : ", vues[i].droits))
	return nil
}

// surInvitation is an act about an invitation: it names nobody, since whoever
// does not accept it has no account that could be erased.
func (s *site) surInvitation(quoi string, droits []mednum.Habilitation) registre.Acte {
	a := registre.Acte{Genre: registre.GenreAcces, Texte: quoi + s.direTous(droits)}
	if len(droits) == 1 && droits[0].Portee == mednum.PorteeLieu {
		a.Lieu = droits[0].ID
	}
	return a
}

// direTous says rights in one line.
func (s *site) direTous(droits []mednum.Habilitation) string {
	phrases := make([]string, 0, len(droits))
	for _, h := range droits {
		phrases = append(phrases, s.direDroit(h))
	}
	return cmp.Or(strings.Join(phrases, ", "), "aucun droit")
}

// collegue is somebody whose right on the place the session may take back.
func (s *site) collegue(c *fiber.Ctx, id string) (*catalogue.Vue, mednum.Compte, error) {
	v, err := s.donnable(c)
	if err != nil {
		return nil, mednum.Compte{}, err
	}
	qui, err := s.Comptes.Compte(c.UserContext(), id)
	if err != nil {
		return nil, qui, err
	}
	if len(s.droitsSur(&qui, v)) == 0 {
		return nil, qui, &mednum.Error{Code: mednum.Introuvable, Champ: "compte", Message: "Cette personne n’est pas, ou plus, dans l’équipe de ce lieu."}
	}
	return v, qui, nil
}

func (s *site) serveRetirerEquipe(c *fiber.Ctx) error {
	v, qui, err := s.collegue(c, c.Query("compte"))
	if err != nil {
		return err
	}
	adresse := "/espace/lieux/" + v.ID + "/equipe"
	corps := corpsConfirmer{
		Phrases: []string{qui.Nom + " ne pourra plus corriger « " + v.Champs.Nom + " ». Ses corrections restent.", "Vous pourrez l’inviter de nouveau."},
		Action:  adresse + "/retirer", Champs: [][2]string{{"compte", qui.ID}}, Bouton: "Retirer de l’équipe", Retour: adresse,
	}
	titre := "Retirer " + qui.Nom + " de l’équipe ?"
	if qui.ID == connexion(c).Compte.ID {
		titre, corps.Bouton = "Quitter l’équipe de ce lieu ?", "Quitter l’équipe"
		corps.Phrases = []string{"Vous ne pourrez plus corriger « " + v.Champs.Nom + " ». Vos corrections restent.", "Pour revenir, il faudra qu’un collègue ou la coordination vous invite."}
		if len(qui.Habilitations) == 1 {
			corps.Attention = "C’est votre seul droit : votre compte ne servira plus à rien."
		}
	}
	return s.confirmer(c, titre, "lieux", corps)
}

func (s *site) postRetirerEquipe(c *fiber.Ctx) error {
	v, qui, err := s.collegue(c, c.FormValue("compte"))
	if err != nil {
		return err
	}
	apres := qui
	for _, h := range s.droitsSur(&qui, v) {
		if apres, err = s.Comptes.Deshabiliter(c.UserContext(), qui.ID, h); err != nil {
			return err
		}
		s.noter(c, surCompte(registre.GenreAcces, qui.ID, "Droit repris : "+s.direDroit(h), h))
	}
	if qui.ID == connexion(c).Compte.ID && !s.Catalogue.Couvre(apres.Habilitations, &v.Lieu) {
		return s.fait(c, "/espace", "parti")
	}
	if err := s.posterAcces(c.UserContext(), &qui, "Vous n’êtes plus dans l’équipe de « "+v.Champs.Nom+" », "+textes.A(v.Champs.Commune)+" : vous ne pouvez plus en corriger les informations."); err != nil {
		return err
	}
	return s.fait(c, "/espace/lieux/"+v.ID+"/equipe", "retire")
}
