package main

import (
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/store"
	"82numerique.fr/adeuxpas/internal/territoire"
	"82numerique.fr/adeuxpas/internal/web"
)

type commandeInviter struct {
	base
	paquet
	portees
	Role        string `required:"" enum:"contributeur,mediateur,coordinateur,administrateur" placeholder:"RÔLE" help:"Ce que la personne pourra faire : contributeur dit les besoins et les initiatives de sa commune ; mediateur corrige les lieux ; coordinateur accepte aussi ce qui attend, et invite ; administrateur tient aussi les comptes."`
	Nom         string `placeholder:"NOM" help:"Prénom et nom de la personne, qu’elle peut changer."`
	URLPublique string `name:"url-publique" default:"http://localhost:8080" placeholder:"URL" env:"ADEUXPAS_URL_PUBLIQUE" help:"Adresse publique du site, que porte le lien."`
	Courriel    string `arg:"" name:"courriel" help:"Adresse de courriel de la personne."`
}

// Help is the second half of the command's help.
func (commandeInviter) Help() string {
	return `Le lien s’affiche une seule fois, seul, sur la sortie du programme. Il sert une
fois, pendant sept jours : envoyez-le à la personne, à elle seule. Son compte
s’ouvre quand elle l’accepte ; si elle en a déjà un, ces droits s’ajoutent.
Dites au moins un lieu, une commune, une intercommunalité, ou --departement ;
sans eux, un administrateur l’est de tous les lieux, et la base est créée si
elle n’existe pas encore. Un contributeur parle pour une commune, une
intercommunalité ou le département, pas pour un lieu.

Exemples :
  adeuxpas compte inviter vous@departement-exemple.fr --role administrateur \
    --url-publique https://aide-numerique.exemple.fr
  adeuxpas compte inviter jeanne@mairie-exemple.fr --role mediateur \
    --nom "Jeanne Exemple" --lieu 3k7xcdfh
  adeuxpas compte inviter elu@mairie-exemple.fr \
    --role contributeur --commune CODE_INSEE`
}

// Run prepares the invitation: its link alone on stdout, the words on stderr.
func (c commandeInviter) Run(p *programme) error {
	if _, err := web.Racine(c.URLPublique); err != nil {
		return refuserURL(c.URLPublique, err)
	}
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	b, err := c.ouvrir(p)
	if err != nil {
		return err
	}
	defer b.Close()
	droits, err := c.droitsInvites(p, b, t)
	if err != nil {
		return err
	}
	e, err := compte.New(b, p.now).Inviter(p.ctx, c.Courriel, c.Nom, auteurCLI, droits)
	if err != nil {
		return err
	}
	noter(p, b, acteDroits(registre.GenreAcces, "", "Invitation préparée : ", droits))
	if _, err := fmt.Fprintf(p.stdout, "%s/connexion/lien/%s\n", strings.TrimRight(c.URLPublique, "/"), e.Secret); err != nil {
		return err
	}
	mots := fmt.Sprintf("Invitation prête pour %s : %s.\nCe lien sert une fois, jusqu’au %s. Envoyez-le à cette personne : il ne sera plus affiché.\n",
		c.Courriel, direDroits(droits), mednum.DateOf(e.Expire.In(t.Location())))
	_, err = fmt.Fprint(p.stderr, insecables.Replace(mots))
	return err
}

// ouvrir opens the base; the first administrator may come before it.
func (c commandeInviter) ouvrir(p *programme) (store.Magasin, error) {
	if c.Role == string(mednum.RoleAdministrateur) {
		return c.base.open(p)
	}
	return c.openExistante(p)
}

func (c commandeInviter) droitsInvites(p *programme, b store.Magasin, t *territoire.Territoire) ([]mednum.Habilitation, error) {
	if c.Role == string(mednum.RoleContributeur) && len(c.Lieu) > 0 {
		return nil, usage("Un contributeur ne parle pas pour un lieu : donnez --commune, --epci ou --departement.")
	}
	droits, err := c.droits(p, b, t, mednum.Role(c.Role))
	if err != nil || len(droits) > 0 {
		return droits, err
	}
	if c.Role == string(mednum.RoleAdministrateur) {
		return []mednum.Habilitation{{Role: mednum.RoleAdministrateur, Portee: mednum.PorteeTout}}, nil
	}
	return nil, usage("Dites sur quels lieux : --lieu, --commune, --epci ou --departement.")
}

type commandeLister struct {
	base
	paquet
}

// Help is the second half of the command's help.
func (commandeLister) Help() string {
	return `Un compte par ligne : son identifiant, le nom et l’adresse de la personne, ce
qu’elle peut faire, le jour où il s’est ouvert. Puis les invitations que
personne n’a encore acceptées. « adeuxpas compte jetons » liste les jetons.

Exemple :
  adeuxpas compte lister`
}

// Run lists the accounts, then the invitations that wait.
func (c commandeLister) Run(p *programme) error {
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	comptes := compte.New(b, p.now)
	tous, err := comptes.Comptes(p.ctx)
	if err != nil {
		return err
	}
	invitations, err := comptes.Invitations(p.ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.stdout, insecables.Replace(listerComptes(tous, invitations, t)))
	return err
}

func listerComptes(tous []mednum.Compte, invitations []mednum.Lien, t *territoire.Territoire) string {
	var lignes strings.Builder
	if len(tous) == 0 {
		lignes.WriteString("Aucun compte.\n")
	}
	for _, v := range tous {
		fmt.Fprintf(&lignes, "%s  « %s », %s : %s ; ouvert le %s.\n",
			v.ID, v.Nom, v.Courriel, direDroits(v.Habilitations), mednum.DateOf(v.Cree.In(t.Location())))
	}
	for i := range invitations {
		l := &invitations[i]
		fmt.Fprintf(&lignes, "Invitation à %s : %s ; sert jusqu’au %s.\n", l.Courriel, direDroits(l.Habilitations), mednum.DateOf(l.Expire.In(t.Location())))
	}
	return lignes.String()
}
