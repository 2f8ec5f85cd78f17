package main

import (
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/catalogue"
	"82numerique.fr/adeuxpas/internal/mednum"
)

type commandeLieu struct {
	Montrer        commandeMontrer        `cmd:"" help:"Montre les horaires, les permanences, les exceptions d’un lieu, et d’où il tient ses valeurs."`
	Fermer         commandeFermer         `cmd:"" help:"Ajoute une fermeture exceptionnelle."`
	Ouvrir         commandeOuvrir         `cmd:"" help:"Ajoute une ouverture exceptionnelle."`
	Permanence     commandePermanence     `cmd:"" help:"Ajoute une permanence d’aide, ici ou à un arrêt."`
	HorairesDisent commandeHorairesDisent `cmd:"" help:"Dit si les horaires sont ceux du lieu ou de l’aide."`
	Verifier       commandeVerifier       `cmd:"" help:"Note qu’une personne a vérifié le lieu."`
	Garder         commandeGarder         `cmd:"" help:"Garde une valeur que la source contredit."`
	Suivre         commandeSuivre         `cmd:"" help:"Prend la valeur que la source dit maintenant."`
	Retirer        commandeRetirer        `cmd:"" help:"Retire une exception, ou une permanence saisie."`
}

// lieuChoisi is the place of a command, and where it is kept.
type lieuChoisi struct {
	base
	paquet
	ID string `arg:"" name:"id" help:"Identifiant du lieu, à la fin de l’adresse de sa page."`
}

// edition is what the commands that change a place share.
type edition struct {
	lieuChoisi
	Auteur    string `default:"cli" placeholder:"NOM" help:"Qui fait ce changement."`
	SiVersion int    `placeholder:"N" help:"Refuse le changement si le lieu n’en est plus à la version N."`
}

// changement is how a command changes a place: jour is today in the
// territory's zone; it returns a sentence that says what was done.
type changement func(c *catalogue.Catalogue, l *mednum.Lieu, jour mednum.Date) (fait string, err error)

// with opens the catalogue of a place's base for f; jour is today in the
// territory's zone.
func (c lieuChoisi) with(p *programme, f func(cat *catalogue.Catalogue, jour mednum.Date) error) error {
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	cat, _, err := openCatalogue(p, b, t)
	if err != nil {
		return err
	}
	return f(cat, mednum.DateOf(p.now().In(t.Location())))
}

// operateur may change every place: who can write in the base needs no leave.
var operateur = []mednum.Habilitation{{Role: mednum.RoleMediateur, Portee: mednum.PorteeTout}}

// modifier makes one revision of the place and says so.
func (e edition) modifier(p *programme, change changement) error {
	if strings.TrimSpace(e.Auteur) == "" {
		return usage("--auteur : dites qui fait ce changement.")
	}
	return e.with(p, func(cat *catalogue.Catalogue, jour mednum.Date) error {
		avant, err := cat.LieuPour(e.ID, operateur)
		if err != nil {
			return err
		}
		version, fait := avant.Version, ""
		signe := catalogue.Edition{Auteur: e.Auteur, Voie: "cli", Droits: operateur, Version: e.SiVersion}
		l, err := cat.Modifier(p.ctx, e.ID, signe, func(l *mednum.Lieu) (err error) {
			version = l.Version
			fait, err = change(cat, l, jour)
			return err
		})
		if err != nil {
			return err
		}
		suite := fmt.Sprintf("%s, version %d.", l.Champs.Nom, l.Version)
		if l.Version == version {
			suite = fmt.Sprintf("%s, version %d : c’était déjà fait, rien n’a changé.", l.Champs.Nom, l.Version)
		}
		_, err = fmt.Fprint(p.stdout, insecables.Replace(fait+"\n"+suite+"\n"))
		return err
	})
}

// lireJour reads the day of an option; "" is no day.
func lireJour(option, texte string) (mednum.Date, error) {
	if texte == "" {
		return mednum.Date{}, nil
	}
	d, err := mednum.ParseDate(texte)
	if err != nil {
		return d, usage("%s : « %s » n’est pas une date qui existe, comme 2026-12-24.", option, texte)
	}
	return d, nil
}

// periode is when an exception holds, why, and for which permanence.
type periode struct {
	Du         string `required:"" placeholder:"AAAA-MM-JJ" help:"Premier jour."`
	Au         string `placeholder:"AAAA-MM-JJ" help:"Dernier jour, compris ; sinon le premier jour seul."`
	Motif      string `placeholder:"TEXTE" help:"Pourquoi, en 200 caractères au plus."`
	Permanence string `placeholder:"ID" help:"Permanence concernée ; sinon le lieu, et avec lui toutes ses permanences s’il ferme."`
}

func (q periode) exception() (e mednum.Exception, err error) {
	e = mednum.Exception{Motif: q.Motif, Permanence: q.Permanence}
	if e.Du, err = lireJour("--du", q.Du); err != nil {
		return e, err
	}
	e.Au, err = lireJour("--au", q.Au)
	return e, err
}

// ajouter adds the exception to the place.
func (e edition) ajouter(p *programme, x mednum.Exception) error {
	return e.modifier(p, func(_ *catalogue.Catalogue, l *mednum.Lieu, jour mednum.Date) (string, error) {
		id, err := l.AjouterException(x, jour)
		return "Exception " + id + " : " + direException(&x) + ".", err
	})
}

type commandeFermer struct {
	edition
	periode
}

// Help is the second half of the command's help.
func (commandeFermer) Help() string {
	return `Ferme le lieu, ou une de ses permanences, pour un ou plusieurs jours. Le
service qui tourne le montre en une seconde. Le même ordre donné deux fois ne
change rien la seconde fois.

Exemples :
  adeuxpas lieu fermer 3k7xcdfh --du 2026-12-24 --au 2027-01-02 --motif congés
  adeuxpas lieu fermer 3k7xcdfh --du 2026-12-01 --permanence 4m8pwxrt`
}

// Run adds the closing.
func (c commandeFermer) Run(p *programme) error {
	x, err := c.exception()
	if err != nil {
		return err
	}
	return c.ajouter(p, x)
}

type commandeOuvrir struct {
	edition
	periode
	Plages string `required:"" placeholder:"HEURES" help:"Heures, comme 09:00-12:00,14:00-17:00."`
}

// Help is the second half of the command's help.
func (commandeOuvrir) Help() string {
	return `Ouvre le lieu, ou une de ses permanences, un jour où il est d’habitude fermé,
ou à d’autres heures que d’habitude.

Exemple :
  adeuxpas lieu ouvrir 3k7xcdfh --du 2026-12-06 --plages 09:00-12:00`
}

// Run adds the opening.
func (c commandeOuvrir) Run(p *programme) error {
	x, err := c.exception()
	if err != nil {
		return err
	}
	x.Ouvert, x.Plages = true, c.Plages
	return c.ajouter(p, x)
}

type commandeHorairesDisent struct {
	edition
	Sens string `arg:"" name:"sens" enum:"lieu,aide,non-dit" help:"lieu : les portes sont ouvertes ; aide : quelqu’un aide ; non-dit : on ne sait pas."`
}

// Help is the second half of the command's help.
func (commandeHorairesDisent) Help() string {
	return `Des sources donnent des horaires sans dire si ce sont ceux du lieu ou ceux de
la personne qui aide. Cette commande le dit.

Exemple :
  adeuxpas lieu horaires-disent 3k7xcdfh aide`
}

// Run says what the hours are the hours of.
func (c commandeHorairesDisent) Run(p *programme) error {
	sens := mednum.SensHoraires(c.Sens)
	if c.Sens == "non-dit" {
		sens = mednum.SensNonDit
	}
	return c.modifier(p, func(_ *catalogue.Catalogue, l *mednum.Lieu, _ mednum.Date) (string, error) {
		return direSens(sens), l.DireHoraires(sens)
	})
}

type commandeVerifier struct {
	edition
	Le string `placeholder:"AAAA-MM-JJ" help:"Jour de la vérification ; sinon aujourd’hui."`
}

// Help is the second half of the command's help.
func (commandeVerifier) Help() string {
	return `Note qu’une personne a vérifié ce lieu, sur place ou au téléphone : il n’est
plus « à confirmer ».

Exemple :
  adeuxpas lieu verifier 3k7xcdfh --auteur "Jeanne, mairie"`
}

// Run notes the check.
func (c commandeVerifier) Run(p *programme) error {
	le, err := lireJour("--le", c.Le)
	if err != nil {
		return err
	}
	return c.modifier(p, func(_ *catalogue.Catalogue, l *mednum.Lieu, jour mednum.Date) (string, error) {
		if c.Le == "" {
			le = jour
		}
		return "Vérifié le " + le.String() + " par " + c.Auteur + ".", l.Verifier(le, c.Auteur, jour)
	})
}

type commandeRetirer struct {
	edition
	Element string `arg:"" name:"element" help:"Identifiant de l’exception ou de la permanence : « adeuxpas lieu montrer » le donne."`
}

// Help is the second half of the command's help.
func (commandeRetirer) Help() string {
	return `Retire ce qui a été ajouté : une exception, ou une permanence saisie à la main
avec ses exceptions. Une permanence qui vient d’une source reviendrait au
prochain import : elle ne se retire pas.

Exemple :
  adeuxpas lieu retirer 3k7xcdfh 4m8pwxrt`
}

// Run takes the element away.
func (c commandeRetirer) Run(p *programme) error {
	return c.modifier(p, func(_ *catalogue.Catalogue, l *mednum.Lieu, _ mednum.Date) (string, error) {
		return c.Element + " est retiré.", l.Retirer(c.Element)
	})
}
