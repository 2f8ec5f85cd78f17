package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
)

// rang is the highest of these roles.
func rang(droits []mednum.Habilitation) (n int) {
	for _, h := range droits {
		n = max(n, h.Role.Rang())
	}
	return n
}

// withCoordonne lets in those who give rights to others.
func (s *site) withCoordonne(c *fiber.Ctx) error {
	if rang(connexion(c).Compte.Habilitations) < mednum.RoleCoordinateur.Rang() {
		return interdit("habilitation", "Cette page est celle des personnes qui coordonnent la carte.")
	}
	return c.Next()
}

func administre(c *fiber.Ctx) bool {
	return rang(connexion(c).Compte.Habilitations) == mednum.RoleAdministrateur.Rang()
}

// administreTout tells whether the session administers the whole territory.
func (s *site) administreTout(c *fiber.Ctx) bool {
	return slices.ContainsFunc(connexion(c).Compte.Habilitations, func(h mednum.Habilitation) bool {
		return h.Role == mednum.RoleAdministrateur && (h.Portee == mednum.PorteeTout || h.Portee == mednum.PorteeDepartement && h.ID == s.Territoire.Code)
	})
}

// visible tells whether the session may see an account: who administers the
// whole territory sees all, without rights too; others see those of whom they
// could take some right back.
func (s *site) visible(c *fiber.Ctx, v *mednum.Compte) bool {
	return s.administreTout(c) || slices.ContainsFunc(v.Habilitations, func(h mednum.Habilitation) bool { return s.peut(c, h) })
}

// corpsPersonne is the page of one account.
type corpsPersonne struct {
	mednum.Compte
	Depuis  string
	Moi     bool
	Entree  string // the day of the last sign-in, "" when none is known
	Droits  []droitVue
	Lieux   []lieuTenu
	Donner  formeDroit
	Effacer bool // the session may erase it
	Inviter bool // to send them a link again: they never signed in
}

// droitVue is a right of somebody; Peut tells whether the session may take it.
type droitVue struct {
	mednum.Habilitation
	Dit  string
	Peut bool
}

// personne is the account of the address, when the session may see it: another
// is as one that does not exist.
func (s *site) personne(c *fiber.Ctx) (mednum.Compte, error) {
	v, err := s.Comptes.Compte(c.UserContext(), c.Params("compte"))
	if err == nil && !s.visible(c, &v) {
		return v, &mednum.Error{Code: mednum.Introuvable, Champ: "compte", Message: "Ce compte n’existe pas, ou n’est pas de ceux que vous coordonnez."}
	}
	return v, err
}

func (s *site) servePersonne(c *fiber.Ctx) error { return s.rendrePersonne(c, formeDroit{}) }

func (s *site) rendrePersonne(c *fiber.Ctx, f formeDroit) error {
	v, err := s.personne(c)
	if err != nil {
		return err
	}
	corps := corpsPersonne{Compte: v, Depuis: s.direQuand(v.Cree), Moi: v.ID == connexion(c).Compte.ID, Donner: s.offrir(c, f), Effacer: s.peutEffacer(c, &v)}
	for _, h := range v.Habilitations {
		corps.Droits = append(corps.Droits, droitVue{h, s.direDroits([]mednum.Habilitation{h})[0], s.peut(c, h)})
	}
	if err := s.completerPersonne(c, &corps); err != nil {
		return err
	}
	titre := v.Nom
	if titre == "" {
		titre = v.Courriel
	}
	return s.rendreForme(c, "personne", titre, "comptes", f.Faute, corps)
}

func (s *site) postDonner(c *fiber.Ctx) error {
	v, err := s.personne(c)
	if err != nil {
		return err
	}
	f := lireForme(c)
	h, err := s.lireDroit(c, &f)
	if err != nil {
		return err
	}
	if f.Faute.Champ != "" {
		return s.rendrePersonne(c, f)
	}
	if _, err := s.Comptes.Habiliter(c.UserContext(), v.ID, h); err != nil {
		return err
	}
	s.noter(c, surCompte(registre.GenreAcces, v.ID, "Droit donné : "+s.direDroit(h), h))
	if err := s.posterAcces(c.UserContext(), &v, "Vous avez un nouveau droit : "+s.direDroit(h)+"."); err != nil {
		return err
	}
	return s.fait(c, "/espace/comptes/"+v.ID, "donne")
}

// droitRepris is the right that a request takes from the account of the
// address.
func (s *site) droitRepris(c *fiber.Ctx, lire func(string, ...string) string) (v mednum.Compte, h mednum.Habilitation, err error) {
	if v, err = s.personne(c); err != nil {
		return v, h, err
	}
	h = mednum.Habilitation{Role: mednum.Role(lire("role")), Portee: mednum.Portee(lire("portee")), ID: lire("id")}
	switch {
	case !slices.Contains(v.Habilitations, h):
		err = &mednum.Error{Code: mednum.Introuvable, Champ: "habilitation", Message: "Ce compte n’a pas ce droit, ou ne l’a plus."}
	case !s.peut(c, h):
		err = interdit("habilitation", "Ce droit dépasse les vôtres : vous ne pouvez pas le reprendre.")
	}
	return v, h, err
}

func (s *site) serveReprendre(c *fiber.Ctx) error {
	v, h, err := s.droitRepris(c, c.Query)
	if err != nil {
		return err
	}
	adresse := "/espace/comptes/" + v.ID
	corps := corpsConfirmer{
		Phrases: []string{v.Nom + " ne pourra plus " + s.direDroit(h) + ". Ses corrections restent.", "Vous pourrez lui redonner ce droit."},
		Action:  adresse + "/retirer", Bouton: "Reprendre ce droit", Retour: adresse,
		Champs: [][2]string{{"role", string(h.Role)}, {"portee", string(h.Portee)}, {"id", h.ID}},
	}
	if v.ID == connexion(c).Compte.ID {
		corps.Phrases = []string{"Vous ne pourrez plus " + s.direDroit(h) + "."}
		corps.Attention = "C’est votre propre droit : vous ne pourrez peut-être pas vous le rendre."
	}
	return s.confirmer(c, "Reprendre ce droit ?", "comptes", corps)
}

func (s *site) postReprendre(c *fiber.Ctx) error {
	v, h, err := s.droitRepris(c, c.FormValue)
	if err != nil {
		return err
	}
	apres, err := s.Comptes.Deshabiliter(c.UserContext(), v.ID, h)
	if err != nil {
		return err
	}
	s.noter(c, surCompte(registre.GenreAcces, v.ID, "Droit repris : "+s.direDroit(h), h))
	if err := s.posterAcces(c.UserContext(), &v, "Un droit vous est repris : "+s.direDroit(h)+"."); err != nil {
		return err
	}
	vers := "/espace/comptes/" + v.ID
	switch {
	case v.ID == connexion(c).Compte.ID:
		vers = "/espace/compte"
	case !s.visible(c, &apres):
		vers = "/espace/comptes"
	}
	return s.fait(c, vers, "retire")
}

// peutEffacer tells whether the session may erase an account: an administrator
// does, where each of its rights is one that they may take.
func (s *site) peutEffacer(c *fiber.Ctx, v *mednum.Compte) bool {
	return administre(c) && s.visible(c, v) && v.ID != connexion(c).Compte.ID && s.peutTout(c, v.Habilitations)
}

// effacable is the account of the address, which the session may erase.
func (s *site) effacable(c *fiber.Ctx) (mednum.Compte, error) {
	v, err := s.personne(c)
	if err == nil && !s.peutEffacer(c, &v) {
		return v, interdit("compte", "Vous ne pouvez pas effacer ce compte : le vôtre s’efface depuis « Mon compte », les autres par qui les administre.")
	}
	return v, err
}

func (s *site) serveEffacerPersonne(c *fiber.Ctx) error {
	v, err := s.effacable(c)
	if err != nil {
		return err
	}
	adresse := "/espace/comptes/" + v.ID
	return s.confirmer(c, "Effacer ce compte ?", "comptes", corpsConfirmer{
		Phrases: append([]string{v.Nom + " (" + v.Courriel + ") : son nom, son adresse, ses droits et ses demandes s’effacent, ses appareils sont déconnectés."}, resteEfface...),
		Action:  adresse + "/effacer", Bouton: "Effacer ce compte", Retour: adresse,
	})
}

func (s *site) postEffacerPersonne(c *fiber.Ctx) error {
	v, err := s.effacable(c)
	if err != nil {
		return err
	}
	if err := s.supprimer(c.UserContext(), &v); err != nil {
		return err
	}
	s.noter(c, surCompte(registre.GenreCompte, v.ID, "Compte effacé par qui administre les comptes"))
	if err := s.posterAcces(c.UserContext(), &v, "Votre compte est effacé, avec votre nom, vos droits et vos demandes. Votre adresse n’a plus servi qu’à vous envoyer ce courriel : dans trente jours, rien n’en restera ici."); err != nil {
		return err
	}
	return s.fait(c, "/espace/comptes", "efface")
}
