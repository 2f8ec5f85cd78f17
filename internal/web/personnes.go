package web

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/textes"
)

// corpsComptes is the page of those who give rights to others.
type corpsComptes struct {
	Tableau     *tableau
	Invitations []invitationVue
	Finies      []invitationVue // nobody opened them in time
	Demandes    []demandeVue
	Decidees    []demandeVue
	Webhooks    bool // the session keeps them
}

// ligneCompte is an account in the list.
type ligneCompte struct {
	mednum.Compte
	Droits []string // in words
	Entree mednum.Date
	Lieux  int // of which it is in the team
}

func (s *site) serveComptes(c *fiber.Ctx) error {
	corps := corpsComptes{Webhooks: s.coordonneTout(c)}
	lignes, err := s.lignesComptes(c)
	if err != nil {
		return err
	}
	if corps.Invitations, err = s.invitations(c, func([]mednum.Habilitation) bool { return true }); err != nil {
		return err
	}
	if corps.Finies, err = s.invitationsFinies(c); err != nil {
		return err
	}
	if corps.Demandes, corps.Decidees, err = s.demandes(c); err != nil {
		return err
	}
	return rendreListe(s, c, s.listeComptes(), lignes, func(t *tableau) error {
		corps.Tableau = t
		return s.rendreLarge(c, "comptes", "Comptes", "comptes", corps)
	})
}

// lignesComptes are the accounts that the session may see.
func (s *site) lignesComptes(c *fiber.Ctx) (lignes []ligneCompte, err error) {
	tous, err := s.Comptes.Comptes(c.UserContext())
	if err != nil {
		return nil, err
	}
	entrees, err := s.Comptes.Entrees(c.UserContext())
	if err != nil {
		return nil, err
	}
	for i := range tous {
		if v := &tous[i]; s.visible(c, v) {
			lignes = append(lignes, ligneCompte{*v, s.direDroits(v.Habilitations), s.jourDe(entrees[v.ID]), len(s.lieuxDe(v))})
		}
	}
	return lignes, nil
}

// jourDe is the day of an instant on the clock of the territory.
func (s *site) jourDe(t time.Time) mednum.Date {
	if t.IsZero() {
		return mednum.Date{}
	}
	return mednum.DateOf(t.In(s.Territoire.Location()))
}

// The values of the filter on the last sign-in.
const (
	entreeRecente = "mois"
	entreeVieille = "vieux"
	entreeAucune  = "jamais"
)

func (s *site) listeComptes() liste[ligneCompte] {
	return liste[ligneCompte]{
		Chemin: "/espace/comptes", Nom: "comptes", Titre: "Les comptes", Un: "compte", Plusieurs: "comptes", Tri: "nom",
		Vide: "Personne encore parmi les lieux que vous coordonnez. Commencez par inviter un médiateur.",
		Colonnes: []colonne[ligneCompte]{
			{Cle: "nom", Titre: "Nom", Case: func(v ligneCompte) cellule {
				k := lie(v.Nom, "/espace/comptes/"+v.ID)
				if k.Texte == "" {
					k.Texte = v.Courriel
				}
				k.Detail = v.Courriel
				return k
			}},
			{Titre: "Adresse", FichierSeul: true, Case: func(v ligneCompte) cellule { return texte(v.Courriel) }},
			{Cle: "role", Titre: "Rôle", Case: func(v ligneCompte) cellule { return texte(direRole(v.Habilitations)) }},
			{Titre: "Peut", Case: func(v ligneCompte) cellule {
				if len(v.Droits) == 0 {
					return texte("Aucun droit")
				}
				return texte(strings.Join(v.Droits, " ; "))
			}},
			{Cle: "lieux", Titre: "Lieux à son nom", Case: func(v ligneCompte) cellule { return nombre(v.Lieux) }},
			{Cle: "entree", Titre: "Dernière connexion", Case: func(v ligneCompte) cellule {
				if v.Entree.IsZero() {
					return cellule{Texte: "Aucune connue", Signe: "confirmer", Ordre: "0"}
				}
				return jourDit(v.Entree)
			}},
		},
		Filtres: []filtre[ligneCompte]{
			{Cle: "q", Titre: "Chercher un nom, une adresse, un lieu", Passe: func(v ligneCompte, mots string) bool {
				return tousLesMots(v.Nom+" "+v.Courriel+" "+strings.Join(v.Droits, " "), mots)
			}},
			{Cle: "role", Titre: "Rôle", Choix: choixRoles, Passe: func(v ligneCompte, role string) bool {
				return slices.ContainsFunc(v.Habilitations, func(h mednum.Habilitation) bool { return string(h.Role) == role })
			}},
			{Cle: "epci", Titre: "Intercommunalité", Choix: s.toutesEPCI(), Passe: func(v ligneCompte, code string) bool {
				return slices.ContainsFunc(v.Habilitations, func(h mednum.Habilitation) bool { return s.toucheEPCI(h, code) })
			}},
			{Cle: "connexion", Titre: "Dernière connexion", Choix: []choixFiltre{
				{entreeRecente, "Depuis un mois"}, {entreeVieille, "Il y a plus de six mois"}, {entreeAucune, "Aucune connue"},
			}, Passe: func(v ligneCompte, quand string) bool { return s.entreeDe(v.Entree, quand) }},
		},
	}
}

func (s *site) entreeDe(d mednum.Date, quand string) bool {
	jour := mednum.DateOf(s.maintenant())
	switch quand {
	case entreeAucune:
		return d.IsZero()
	case entreeVieille:
		return !d.IsZero() && d.Compare(jour.AddMois(-6)) < 0
	}
	return !d.IsZero() && d.Compare(jour.AddMois(-1)) >= 0
}

// nomsRoles are the roles as lists call them, the highest last.
var nomsRoles = []struct {
	role mednum.Role
	nom  string
}{
	{mednum.RoleContributeur, "Contributeur"},
	{mednum.RoleMediateur, "Médiateur"},
	{mednum.RoleCoordinateur, "Coordinateur"},
	{mednum.RoleAdministrateur, "Administrateur"},
}

var choixRoles = func() (choix []choixFiltre) {
	for _, r := range nomsRoles {
		choix = append(choix, choixFiltre{string(r.role), r.nom})
	}
	return choix
}()

// direRole is the highest role among rights.
func direRole(droits []mednum.Habilitation) string {
	if n := rang(droits); n > 0 {
		return nomsRoles[n-1].nom
	}
	return "Aucun"
}

func (s *site) toutesEPCI() (choix []choixFiltre) {
	for i := range s.Territoire.EPCIs {
		choix = append(choix, choixFiltre{s.Territoire.EPCIs[i].Code, s.Territoire.EPCIs[i].Nom})
	}
	return choix
}

// toucheEPCI tells whether a right holds on something of an intercommunality.
func (s *site) toucheEPCI(h mednum.Habilitation, siren string) bool {
	switch h.Portee {
	case mednum.PorteeEPCI:
		return h.ID == siren
	case mednum.PorteeCommune:
		return s.epciDe(h.ID) == siren
	case mednum.PorteeLieu:
		v, err := s.Catalogue.Lieu(s.Catalogue.Devenu(h.ID))
		return err == nil && s.epciDe(v.Champs.CodeInsee) == siren
	}
	return true
}

// epciDe is the SIREN of the intercommunality of a commune, "" for none.
func (s *site) epciDe(commune string) string {
	if k, ok := s.Territoire.Commune(commune); ok {
		return k.EPCI
	}
	return ""
}

// invitationsFinies are those that nobody opened in time, and that the session
// could send again.
func (s *site) invitationsFinies(c *fiber.Ctx) (vues []invitationVue, err error) {
	liste, err := s.Comptes.InvitationsFinies(c.UserContext())
	for i := range liste {
		if l := &liste[i]; s.peutTout(c, l.Habilitations) {
			vues = append(vues, invitationVue{l.ID(), l.Nom, l.Courriel, s.direDroits(l.Habilitations), textes.Jour(l.Expire.In(s.Territoire.Location())), l.Habilitations})
		}
	}
	return vues, err
}

// postRenvoyerInvitation sends again an invitation that was over; one that is not there any
// more was sent again, or opened.
func (s *site) postRenvoyerInvitation(c *fiber.Ctx) error {
	finies, err := s.invitationsFinies(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(finies, func(v invitationVue) bool { return v.ID == c.FormValue("invitation") })
	if i < 0 {
		return s.fait(c, "/espace/comptes", "renvoye-deja")
	}
	if err := s.envoyerInvitation(c, finies[i].Courriel, finies[i].Nom, finies[i].droits); err != nil {
		return err
	}
	if err := s.Comptes.OublierInvitations(c.UserContext(), finies[i].Courriel); err != nil {
		return err
	}
	return s.fait(c, "/espace/comptes", "renvoye")
}

// peutRelancer tells whether the session may send a link to somebody who never
// signed in: it could give all their rights.
func (s *site) peutRelancer(c *fiber.Ctx, v *mednum.Compte, entree mednum.Date) bool {
	return entree.IsZero() && len(v.Habilitations) > 0 && s.peutTout(c, v.Habilitations)
}

func (s *site) postRenvoyerCompte(c *fiber.Ctx) error {
	v, err := s.personne(c)
	if err != nil {
		return err
	}
	entrees, err := s.Comptes.Entrees(c.UserContext())
	if err != nil {
		return err
	}
	if !s.peutRelancer(c, &v, s.jourDe(entrees[v.ID])) {
		return interdit("compte", "Cette personne s’est déjà connectée, ou ses droits dépassent les vôtres : elle reçoit un lien depuis la page de connexion.")
	}
	if err := s.envoyerInvitation(c, v.Courriel, v.Nom, v.Habilitations); err != nil {
		return err
	}
	return s.fait(c, "/espace/comptes/"+v.ID, "renvoye")
}

// completerPersonne says when somebody last signed in, and for which places they
// answer.
func (s *site) completerPersonne(c *fiber.Ctx, corps *corpsPersonne) error {
	entrees, err := s.Comptes.Entrees(c.UserContext())
	if err != nil {
		return err
	}
	d := s.jourDe(entrees[corps.ID])
	if corps.Inviter = s.peutRelancer(c, &corps.Compte, d); !d.IsZero() {
		corps.Entree = textes.DateLongue(d.Annee, d.Mois, d.Jour)
	}
	referents, err := s.Comptes.Referents(c.UserContext())
	if err != nil {
		return err
	}
	for _, v := range s.lieuxDe(&corps.Compte) {
		corps.Lieux = append(corps.Lieux, lieuTenu{
			ID: v.ID, Nom: v.Champs.Nom, Commune: v.Champs.Commune, Repond: s.referentParmi(referents, v) == corps.ID,
			Peut: s.peut(c, droitLieu(v.ID)),
		})
	}
	return nil
}

// surReferent is the act that says who answers for a place; compte is "" for
// nobody.
func surReferent(compte, lieu, texte string) registre.Acte {
	a := registre.Acte{Genre: registre.GenreAcces, Lieu: lieu, Texte: texte}
	if compte != "" {
		a.Objet = mednum.PrefixeCompte + compte
	}
	return a
}
