package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
)

type commandeCompte struct {
	Jeton    commandeJeton    `cmd:"" help:"Crée le jeton d’un autre programme."`
	Jetons   commandeJetons   `cmd:"" help:"Liste les jetons."`
	Revoquer commandeRevoquer `cmd:"" help:"Reprend un jeton : il ne sert plus."`
}

// The life of a token in days, unless its end is given, and the longest one.
const (
	joursDefaut = 365
	joursMax    = 3650
)

type commandeJeton struct {
	base
	paquet
	Nom         string   `required:"" placeholder:"NOM" help:"Qui s’en servira : ce nom signe ses modifications."`
	Lieu        []string `placeholder:"ID" help:"Lieux qu’il peut modifier, séparés par des virgules."`
	EPCI        []string `name:"epci" placeholder:"SIREN" help:"Intercommunalités dont il peut modifier les lieux, séparées par des virgules."`
	Departement bool     `help:"Il peut modifier tous les lieux du territoire."`
	Expire      string   `placeholder:"AAAA-MM-JJ" help:"Dernier jour où il sert."`
	Jours       *int     `placeholder:"N" help:"Nombre de jours où il sert, sans --expire. Par défaut : 365."`
}

// Help is the second half of the command's help.
func (commandeJeton) Help() string {
	return `Le jeton s’affiche une seule fois, seul, sur la sortie du programme : gardez-le
comme un mot de passe. La base n’en garde qu’une empreinte. Dites au moins un
lieu, une intercommunalité, ou --departement ; ces droits s’ajoutent.

Exemples :
  adeuxpas compte jeton --nom "Site de la commune" --lieu 3k7xcdfh
  adeuxpas compte jeton --nom Agenda --epci 241234567 --jours 90 > jeton.txt`
}

// Run makes the token: its secret alone on stdout, the words on stderr.
func (c commandeJeton) Run(p *programme) error {
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	expire, err := c.expire(p.now(), t.Location())
	if err != nil {
		return err
	}
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	droits, err := c.droits(p, b, t)
	if err != nil {
		return err
	}
	secret, j, err := compte.New(b, p.now).Creer(p.ctx, c.Nom, droits, expire)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(p.stdout, secret); err != nil {
		return err
	}
	mots := fmt.Sprintf("Jeton %s créé pour « %s ».\nIl peut modifier : %s.\nIl sert jusqu’au %s. Gardez-le : il ne sera plus affiché.\n",
		j.ID(), j.Nom, direDroits(j.Habilitations), dernierJour(j, t))
	_, err = fmt.Fprint(p.stderr, insecables.Replace(mots))
	return err
}

// expire is the instant at which the token is over: the end of its last day in
// the territory's zone.
func (c commandeJeton) expire(now time.Time, zone *time.Location) (time.Time, error) {
	switch {
	case c.Expire != "" && c.Jours != nil:
		return time.Time{}, usage("--expire et --jours disent la même chose : donnez l’une des deux.")
	case c.Jours != nil && (*c.Jours < 1 || *c.Jours > joursMax):
		return time.Time{}, usage("--jours : donnez un nombre de 1 à %d.", joursMax)
	}
	jour, err := lireJour("--expire", c.Expire)
	if err != nil {
		return time.Time{}, err
	}
	if jour.IsZero() {
		jours := joursDefaut
		if c.Jours != nil {
			jours = *c.Jours
		}
		jour = mednum.DateOf(now.In(zone).AddDate(0, 0, jours))
	}
	fin := jour.In(zone).AddDate(0, 0, 1)
	if fin.After(now.AddDate(0, 0, joursMax+1)) {
		return time.Time{}, usage("--expire : donnez un jour dans les dix ans.")
	}
	return fin, nil
}

// droits refuses what the base and the territory do not know: a mistyped id
// would make a token of no use.
func (c commandeJeton) droits(p *programme, b store.Magasin, t *territoire.Territoire) (droits []mednum.Habilitation, err error) {
	ajouter := func(portee mednum.Portee, id string) {
		droits = append(droits, mednum.Habilitation{Role: mednum.RoleMediateur, Portee: portee, ID: id})
	}
	for _, id := range c.Lieu {
		l, err := b.Lieu(p.ctx, id)
		var absent *mednum.Error
		switch {
		case errors.As(err, &absent) && absent.Code == mednum.Introuvable:
			return nil, refuser("--lieu : nous ne connaissons pas de lieu « %s ».", id)
		case err != nil:
			return nil, err
		case l.Statut == mednum.StatutFusionne:
			return nil, refuser("--lieu : le lieu « %s » a été réuni avec un autre, donnez plutôt %s.", id, l.Vers)
		}
		ajouter(mednum.PorteeLieu, id)
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
	if len(droits) == 0 {
		return nil, usage("Dites ce que ce jeton peut modifier : --lieu, --epci ou --departement.")
	}
	return droits, nil
}

// direDroits is what a token may change, in words.
func direDroits(droits []mednum.Habilitation) string {
	mots := map[mednum.Portee]string{
		mednum.PorteeLieu: "le lieu ", mednum.PorteeEPCI: "les lieux de l’intercommunalité ", mednum.PorteeDepartement: "les lieux du département ",
	}
	phrases := make([]string, 0, len(droits))
	for _, h := range droits {
		phrases = append(phrases, mots[h.Portee]+h.ID)
	}
	return strings.Join(phrases, ", ")
}

// dernierJour is the last day on which a token is good.
func dernierJour(j mednum.Jeton, t *territoire.Territoire) mednum.Date {
	return mednum.DateOf(j.Expire.Add(-time.Second).In(t.Location()))
}

type commandeJetons struct {
	base
	paquet
}

// Help is the second half of the command's help.
func (commandeJetons) Help() string {
	return `Un jeton par ligne : son identifiant, son nom, ce qu’il peut modifier, quand il
a été créé et jusqu’à quand il sert. Les jetons eux-mêmes ne sont pas gardés.

Exemple :
  adeuxpas compte jetons`
}

// Run lists the tokens.
func (c commandeJetons) Run(p *programme) error {
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	jetons, err := compte.New(b, p.now).Jetons(p.ctx)
	if err != nil {
		return err
	}
	lignes := make([]string, 0, len(jetons))
	for _, j := range jetons {
		lignes = append(lignes, decrireJeton(j, t, p.now())+"\n")
	}
	if len(jetons) == 0 {
		lignes = append(lignes, "Aucun jeton.\n")
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(strings.Join(lignes, "")))
	return err
}

func decrireJeton(j mednum.Jeton, t *territoire.Territoire, now time.Time) string {
	etat := "sert jusqu’au " + dernierJour(j, t).String()
	switch {
	case j.Revoked():
		etat = "révoqué le " + mednum.DateOf(j.RevoqueLe.In(t.Location())).String()
	case j.Expired(now):
		etat = "expiré depuis le " + mednum.DateOf(j.Expire.In(t.Location())).String()
	}
	return fmt.Sprintf("%s  « %s » : %s ; créé le %s, %s.",
		j.ID(), j.Nom, direDroits(j.Habilitations), mednum.DateOf(j.Cree.In(t.Location())), etat)
}

type commandeRevoquer struct {
	base
	ID string `arg:"" name:"id" help:"Identifiant du jeton : « adeuxpas compte jetons » le donne."`
}

// Help is the second half of the command's help.
func (commandeRevoquer) Help() string {
	return `Le service qui tourne refuse le jeton aussitôt. Ce qu’il a modifié reste.

Exemple :
  adeuxpas compte revoquer 4f1c09ab72de`
}

// Run takes the token back.
func (c commandeRevoquer) Run(p *programme) error {
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	j, err := compte.New(b, p.now).Revoquer(p.ctx, c.ID)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(fmt.Sprintf("Jeton %s (« %s ») révoqué : il ne sert plus.\n", j.ID(), j.Nom)))
	return err
}
