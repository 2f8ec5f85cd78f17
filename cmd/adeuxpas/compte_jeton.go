package main

import (
	"fmt"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/territoire"
)

// The life of a token in days, unless its end is given, and the longest one.
const (
	joursDefaut = 365
	joursMax    = 3650
)

type commandeJeton struct {
	base
	paquet
	portees
	Nom    string `required:"" placeholder:"NOM" help:"Qui s’en servira : ce nom signe ses modifications."`
	Expire string `placeholder:"AAAA-MM-JJ" help:"Dernier jour où il sert."`
	Jours  *int   `placeholder:"N" help:"Nombre de jours où il sert, sans --expire. Par défaut : 365."`
}

// Help is the second half of the command's help.
func (commandeJeton) Help() string {
	return `Le jeton s’affiche une seule fois, seul, sur la sortie du programme : gardez-le
comme un mot de passe. La base n’en garde qu’une empreinte. Dites au moins un
lieu, une commune, une intercommunalité, ou --departement ; ces droits
s’ajoutent.

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
	droits, err := c.droits(p, b, t, mednum.RoleMediateur)
	if err != nil {
		return err
	}
	if len(droits) == 0 {
		return usage("Dites ce que ce jeton peut modifier : --lieu, --commune, --epci ou --departement.")
	}
	secret, j, err := compte.New(b, p.now).Creer(p.ctx, c.Nom, droits, expire)
	if err != nil {
		return err
	}
	noter(p, b, acteDroits(registre.GenreJeton, "jeton:"+j.ID(), "Jeton créé : ", droits))
	if _, err := fmt.Fprintln(p.stdout, secret); err != nil {
		return err
	}
	mots := fmt.Sprintf("Jeton %s créé pour « %s ».\nIl peut modifier : %s.\nIl sert jusqu’au %s. Gardez-le : il ne sera plus affiché.\n",
		j.ID(), j.Nom, direEtendues(j.Habilitations), dernierJour(j, t))
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
		j.ID(), j.Nom, direEtendues(j.Habilitations), mednum.DateOf(j.Cree.In(t.Location())), etat)
}
