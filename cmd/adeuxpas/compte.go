package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

type commandeCompte struct {
	Inviter  commandeInviter  `cmd:"" help:"Prépare le lien qui ouvre un compte à quelqu’un."`
	Lister   commandeLister   `cmd:"" help:"Liste les comptes et les invitations."`
	Jeton    commandeJeton    `cmd:"" help:"Crée le jeton d’un autre programme."`
	Jetons   commandeJetons   `cmd:"" help:"Liste les jetons."`
	Revoquer commandeRevoquer `cmd:"" help:"Reprend un jeton, ou les droits d’un compte."`
}

// portees are the places of a right.
type portees struct {
	Lieu        []string `placeholder:"ID" help:"Lieux à modifier, séparés par des virgules."`
	Commune     []string `placeholder:"INSEE" help:"Communes dont les lieux sont à modifier, par leur code INSEE, séparées par des virgules."`
	EPCI        []string `name:"epci" placeholder:"SIREN" help:"Intercommunalités dont les lieux sont à modifier, séparées par des virgules."`
	Departement bool     `help:"Tous les lieux du territoire."`
}

// droits refuses what the base and the territory do not know: a mistyped id
// would make a right of no use. None is given by no option.
func (c portees) droits(p *programme, b store.Magasin, t *territoire.Territoire, role mednum.Role) (droits []mednum.Habilitation, err error) {
	ajouter := func(portee mednum.Portee, id string) {
		droits = append(droits, mednum.Habilitation{Role: role, Portee: portee, ID: id})
	}
	for _, id := range c.Lieu {
		if err := verifierLieu(p, b, id); err != nil {
			return nil, err
		}
		ajouter(mednum.PorteeLieu, id)
	}
	for _, code := range c.Commune {
		if commune, ok := t.Commune(code); !ok || commune.Code != code {
			return nil, refuser("--commune : la commune « %s » n’est pas de ce territoire. Donnez son code INSEE.", code)
		}
		ajouter(mednum.PorteeCommune, code)
	}
	for _, siren := range c.EPCI {
		if _, ok := t.EPCI(siren); !ok {
			return nil, refuser("--epci : l’intercommunalité « %s » n’est pas de ce territoire. Donnez son numéro SIREN.", siren)
		}
		ajouter(mednum.PorteeEPCI, siren)
	}
	if c.Departement {
		ajouter(mednum.PorteeDepartement, t.Code)
	}
	return droits, nil
}

func verifierLieu(p *programme, b store.Magasin, id string) error {
	l, err := b.Lieu(p.ctx, id)
	switch {
	case absent(err):
		return refuser("--lieu : nous ne connaissons pas de lieu « %s ».", id)
	case err != nil:
		return err
	case l.Statut == mednum.StatutFusionne:
		return refuser("--lieu : le lieu « %s » a été réuni avec un autre, donnez plutôt %s.", id, l.Vers)
	}
	return nil
}

func absent(err error) bool {
	e, ok := errors.AsType[*mednum.Error](err)
	return ok && e.Code == mednum.Introuvable
}

// direEtendues is what rights are about, in words.
func direEtendues(droits []mednum.Habilitation) string {
	phrases := make([]string, 0, len(droits))
	for _, h := range droits {
		phrases = append(phrases, direEtendue(h))
	}
	return strings.Join(phrases, ", ")
}

func direEtendue(h mednum.Habilitation) string {
	return map[mednum.Portee]string{
		mednum.PorteeLieu: "le lieu ", mednum.PorteeCommune: "les lieux de la commune ", mednum.PorteeEPCI: "les lieux de l’intercommunalité ",
		mednum.PorteeDepartement: "les lieux du département ", mednum.PorteeTout: "tous les lieux",
	}[h.Portee] + h.ID
}

// direDroits is what the rights of a person allow, in words.
func direDroits(droits []mednum.Habilitation) string {
	verbes := map[mednum.Role]string{
		mednum.RoleContributeur: "dire les besoins pour ", mednum.RoleMediateur: "corriger ", mednum.RoleCoordinateur: "coordonner ", mednum.RoleAdministrateur: "administrer ",
	}
	phrases := make([]string, 0, len(droits))
	for _, h := range droits {
		phrases = append(phrases, verbes[h.Role]+direEtendue(h))
	}
	return cmp.Or(strings.Join(phrases, ", "), "aucun droit")
}

type commandeRevoquer struct {
	base
	ID string `arg:"" name:"id" help:"Identifiant d’un jeton ou d’un compte, ou adresse de courriel d’un compte."`
}

// Help is the second half of the command's help.
func (commandeRevoquer) Help() string {
	return `Un jeton : le service qui tourne le refuse aussitôt. Un compte : ses droits
sont repris, ses invitations annulées, ses appareils déconnectés aussitôt ; son
nom et son adresse restent, « Effacer ce compte » les efface sur le site. Ce
qui a été modifié reste. « adeuxpas compte jetons » et « adeuxpas compte
lister » donnent les identifiants.

Exemples :
  adeuxpas compte revoquer 4f1c09ab72de
  adeuxpas compte revoquer jeanne@mairie-exemple.fr`
}

// Run takes back the token, otherwise what the account may do.
func (c commandeRevoquer) Run(p *programme) error {
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	fait, acte, err := c.revoquer(p.ctx, compte.New(b, p.now))
	if err != nil {
		return err
	}
	noter(p, b, acte)
	_, err = fmt.Fprint(p.stdout, insecables.Replace(fait))
	return err
}

// revoquer says what it did, to whom asked and to the register.
func (c commandeRevoquer) revoquer(ctx context.Context, comptes *compte.Comptes) (fait string, a registre.Acte, err error) {
	j, err := comptes.Revoquer(ctx, c.ID)
	if err == nil {
		fait = fmt.Sprintf("Jeton %s (« %s ») révoqué : il ne sert plus.\n", j.ID(), j.Nom)
		return fait, acteDroits(registre.GenreJeton, "jeton:"+j.ID(), "Jeton révoqué : ", j.Habilitations), nil
	}
	if !absent(err) {
		return "", a, err
	}
	v, err := compteNomme(ctx, comptes, c.ID)
	if absent(err) {
		return "", a, refuser("Ni jeton ni compte ne répond à « %s » : « adeuxpas compte jetons » et « adeuxpas compte lister » les donnent.", c.ID)
	}
	if err != nil {
		return "", a, err
	}
	droits := direDroits(v.Habilitations)
	a = acteDroits(registre.GenreCompte, v.Auteur(), "Compte révoqué ; il pouvait : ", v.Habilitations)
	if v, err = comptes.Exclure(ctx, v.ID); err != nil {
		return "", a, err
	}
	return fmt.Sprintf("Compte %s (%s) révoqué : ses appareils sont déconnectés, il n’a plus aucun droit. Il avait : %s.\n", v.ID, v.Courriel, droits), a, nil
}

// compteNomme is the account of an id or an address.
func compteNomme(ctx context.Context, comptes *compte.Comptes, texte string) (mednum.Compte, error) {
	courriel, err := mednum.LireCourriel(texte)
	if err == nil {
		return comptes.CompteDe(ctx, courriel)
	}
	return comptes.Compte(ctx, texte)
}
