package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/textes"
)

// formeDroit is the form that gives a right, as it was filled in, with what it
// offers.
type formeDroit struct {
	Nom, Courriel      string // of whom is invited
	Role, Portee, Lieu string
	Roles, Portees     []optionDroit
	Lieux              []*catalogue.Vue // several that have the name typed
	Faute              faute
}

// optionDroit is one choice of a form.
type optionDroit struct{ Valeur, Dit string }

// lieuxMax is how many places of one name are shown.
const lieuxMax = 12

var optionsRole = []optionDroit{
	{string(mednum.RoleContributeur), "Dire les besoins et les initiatives d’une commune, sans rien corriger"},
	{string(mednum.RoleMediateur), "Corriger les lieux"},
	{string(mednum.RoleCoordinateur), "Coordonner : corriger, accepter ce qui attend, inviter"},
	{string(mednum.RoleAdministrateur), "Administrer : coordonner, et tenir les comptes"},
}

func lireForme(c *fiber.Ctx) formeDroit {
	return formeDroit{Nom: c.FormValue("nom"), Courriel: c.FormValue("courriel"), Role: c.FormValue("role"), Portee: c.FormValue("portee"), Lieu: c.FormValue("lieu")}
}

// offrir puts into a form what the session may give.
func (s *site) offrir(c *fiber.Ctx, f formeDroit) formeDroit {
	f.Roles = optionsRole
	if !administre(c) {
		f.Roles = optionsRole[:2]
	}
	if f.Role == "" {
		f.Role = string(mednum.RoleMediateur)
	}
	f.Portees = []optionDroit{{string(mednum.PorteeLieu), "Un lieu, nommé ci-dessous"}}
	ajouter := func(valeur string, h mednum.Habilitation) {
		if h.Role = mednum.RoleMediateur; s.peut(c, h) {
			f.Portees = append(f.Portees, optionDroit{valeur, textes.Majuscule(s.direPortee(h))})
		}
	}
	if s.parleDeCommunes(c) {
		f.Portees = append(f.Portees, optionDroit{string(mednum.PorteeCommune), "Une commune, nommée ci-dessous"})
	}
	for i := range s.Territoire.EPCIs {
		code := s.Territoire.EPCIs[i].Code
		ajouter(string(mednum.PorteeEPCI)+":"+code, mednum.Habilitation{Portee: mednum.PorteeEPCI, ID: code})
	}
	ajouter(string(mednum.PorteeDepartement), mednum.Habilitation{Portee: mednum.PorteeDepartement, ID: s.Territoire.Code})
	ajouter(string(mednum.PorteeTout), mednum.Habilitation{Portee: mednum.PorteeTout})
	return f
}

// lireDroit is the right that a form gives. What is to be corrected goes into
// the form's Faute, with the places among which to choose.
func (s *site) lireDroit(c *fiber.Ctx, f *formeDroit) (h mednum.Habilitation, err error) {
	h.Role = mednum.Role(f.Role)
	if h.Role.Rang() == 0 {
		f.Faute = faute{"role", "Dites ce que cette personne pourra faire."}
		return h, nil
	}
	portee, id, _ := strings.Cut(f.Portee, ":")
	h.Portee, h.ID = mednum.Portee(portee), id
	switch h.Portee {
	case mednum.PorteeLieu:
		if h.Role == mednum.RoleContributeur {
			f.Faute = faute{"portee", "Les besoins se disent pour une commune, une intercommunalité ou le département : choisissez."}
			return h, nil
		}
		if h.ID = s.lireLieu(c, f, h.Role); h.ID == "" {
			return h, nil
		}
	case mednum.PorteeCommune:
		if h.ID = s.lireCommuneDroit(f); h.ID == "" {
			return h, nil
		}
	case mednum.PorteeDepartement:
		h.ID = s.Territoire.Code
	case mednum.PorteeEPCI, mednum.PorteeTout:
	default:
		f.Faute = faute{"portee", "Dites sur quels lieux."}
		return h, nil
	}
	if !s.peut(c, h) {
		f.Faute = faute{"portee", "Ce droit dépasse les vôtres : choisissez-en un plus étroit."}
	}
	return h, nil
}

// parleDeCommunes tells whether the session may give a right on some commune.
func (s *site) parleDeCommunes(c *fiber.Ctx) bool {
	return slices.ContainsFunc(s.Territoire.Communes, func(commune territoire.Commune) bool {
		return s.peut(c, mednum.Habilitation{Role: mednum.RoleContributeur, Portee: mednum.PorteeCommune, ID: commune.Code})
	})
}

// lireCommuneDroit is the commune that a form names where it would name a
// place; "" when the form is at fault.
func (s *site) lireCommuneDroit(f *formeDroit) string {
	commune, ou := s.communeDite(f.Lieu)
	if commune == nil {
		f.Faute = faute{"lieu", ou}
		return ""
	}
	return commune.Code
}

// lireLieu is the place of a form: the one chosen among those of that name, or
// the only one; "" when the form is at fault.
func (s *site) lireLieu(c *fiber.Ctx, f *formeDroit, role mednum.Role) string {
	if id := c.FormValue("lieu_id"); id != "" && c.FormValue("lieu_de") == f.Lieu {
		return id
	}
	if strings.TrimSpace(f.Lieu) == "" {
		f.Faute = faute{"lieu", "Écrivez le nom du lieu, ou une partie, et sa commune."}
		return ""
	}
	lieux := s.Catalogue.LieuxADonner(connexion(c).Compte.Habilitations, role, f.Lieu)
	switch len(lieux) {
	case 0:
		f.Faute = faute{"lieu", "Aucun de vos lieux ne porte ce nom : écrivez-le comme sur sa page, ou seulement sa commune et un mot de son nom."}
		return ""
	case 1:
		return lieux[0].ID
	}
	f.Lieux = lieux[:min(lieuxMax, len(lieux))]
	f.Faute = faute{"lieu", fmt.Sprintf("%d lieux répondent à ces mots : choisissez, ou précisez.", len(lieux))}
	return ""
}

func (s *site) serveInviter(c *fiber.Ctx) error { return s.rendreInviter(c, formeDroit{}) }

func (s *site) rendreInviter(c *fiber.Ctx, f formeDroit) error {
	return s.rendreForme(c, "inviter", "Inviter quelqu’un", "comptes", f.Faute, s.offrir(c, f))
}

func (s *site) postInviter(c *fiber.Ctx) error {
	f := lireForme(c)
	h, err := s.lireDroit(c, &f)
	if err != nil {
		return err
	}
	if f.Faute.Champ == "" {
		err = s.inviter(c, f.Courriel, f.Nom, h)
		if faux, ok := fauteDe(err); ok {
			f.Faute, err = faux, nil
		}
	}
	if err != nil {
		return err
	}
	if f.Faute.Champ != "" {
		return s.rendreInviter(c, f)
	}
	return s.fait(c, "/espace/comptes", "invite")
}

func (s *site) postAnnulerInvitation(c *fiber.Ctx) error {
	if err := s.annuler(c); err != nil {
		return err
	}
	return s.fait(c, "/espace/comptes", "annule")
}

// tient refuses an invitation whose sender could not send it any more.
func (s *site) tient(c *fiber.Ctx, l *mednum.Lien) error {
	id, ok := mednum.CompteDe(l.Par)
	if l.Usage != mednum.UsageInvitation || !ok {
		return nil
	}
	par, err := s.Comptes.Compte(c.UserContext(), id)
	if err != nil && !estCode(err, mednum.Introuvable) {
		return err
	}
	if slices.ContainsFunc(l.Habilitations, func(h mednum.Habilitation) bool { return !s.Catalogue.PeutDonner(par.Habilitations, h) }) {
		return &mednum.Error{Code: mednum.Anonyme, Champ: "lien", Message: "La personne qui vous invitait ne peut plus le faire. Demandez une autre invitation."}
	}
	return nil
}
