package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/alecthomas/kong"

	"82numerique.fr/adeuxpas/internal/territoire"
)

// ligne is the command line: its tags are the flags, their environment
// variables and their French help.
type ligne struct {
	Help   drapeauAide    `name:"help" aliases:"aide" short:"h" help:"Affiche l’aide de la commande."`
	Numero drapeauVersion `name:"version" help:"Affiche la version."`
	// Horloge stops the clock at an instant (RFC 3339), so that what a page
	// says of "now" can be tried and tested at any date.
	Horloge time.Time `name:"horloge" hidden:"" env:"ADEUXPAS_HORLOGE"`
	// HorlogeMarche has it go on from there: a form is not filled at once.
	HorlogeMarche bool `name:"horloge-marche" hidden:""`
	Detail        bool `name:"detail" env:"ADEUXPAS_DETAIL" help:"Ajoute aux erreurs leur cause technique."`

	Servir      commandeServir      `cmd:"" help:"Démarre le service."`
	Importer    commandeImporter    `cmd:"" help:"Met les lieux à jour depuis des fichiers."`
	Doublons    commandeDoublons    `cmd:"" help:"Réunit et sépare les lieux qui sont peut-être le même."`
	Source      commandeSource      `cmd:"" help:"Relit des fichiers à heure fixe, à leur adresse."`
	Rapprocher  commandeRapprocher  `cmd:"" help:"Dit quelles fiches de fichiers parlent du même lieu."`
	Exporter    commandeExporter    `cmd:"" help:"Écrit les lieux au standard national."`
	Couverture  commandeCouverture  `cmd:"" help:"Dit qui est loin d’une aide, commune par commune."`
	Lieu        commandeLieu        `cmd:"" help:"Montre et modifie un lieu."`
	Compte      commandeCompte      `cmd:"" help:"Donne et reprend le droit de modifier des lieux."`
	Courrier    commandeCourrier    `cmd:"" help:"Suit les courriels."`
	Rappels     commandeRappels     `cmd:"" help:"Demande aux lieux anciens si leur page est exacte."`
	Journal     commandeJournal     `cmd:"" help:"Liste les derniers changements : quand, qui, quel lieu."`
	Sauvegarder commandeSauvegarder `cmd:"" help:"Copie toute la base dans un fichier, service ouvert."`
	Restaurer   commandeRestaurer   `cmd:"" help:"Remplit une base vide d’une sauvegarde."`
	Migrer      commandeMigrer      `cmd:"" help:"Copie toute la base dans une autre, d’un genre ou de l’autre."`
	Territoire  commandeTerritoire  `cmd:"" help:"Prépare le dossier d’un territoire."`
	Horaires    commandeHoraires    `cmd:"" help:"Explique des horaires, ou en évalue beaucoup."`
	Vacances    commandeVacances    `cmd:"" help:"Tient à jour les vacances scolaires."`
	Sante       commandeSante       `cmd:"" help:"Vérifie que le service répond."`
	Version     commandeVersion     `cmd:"" help:"Affiche la version."`
}

// errAide and errVersion end the reading of the command line: what was asked
// is printed, and nothing is run.
var (
	errAide    = errors.New("help asked")
	errVersion = errors.New("version asked")
)

type drapeauAide bool

// BeforeReset is kong's hook, called before anything is required.
func (drapeauAide) BeforeReset(k *kong.Kong, c *kong.Context) error {
	if _, err := k.Stdout.Write([]byte(aide(c.Model, c.Selected()))); err != nil {
		return err
	}
	return errAide
}

type drapeauVersion bool

// BeforeReset is kong's hook, called before anything is required.
func (drapeauVersion) BeforeReset() error { return errVersion }

type commandeVersion struct{}

// Run prints the version.
func (commandeVersion) Run(p *programme) error {
	_, err := fmt.Fprintf(p.stdout, "adeuxpas %s\n", version)
	return err
}

// newAnalyseur builds the reader of command lines into l.
func newAnalyseur(l *ligne, p *programme) (*kong.Kong, error) {
	return kong.New(l,
		kong.Name("adeuxpas"),
		kong.Description("Trouver une aide numérique près de chez soi."),
		kong.NoDefaultHelp(),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(int) {}),
		kong.Bind(p),
		kong.Vars{"geocodage": territoire.URLGeocodage, "tuiles": tuilesIGN, "education": territoire.URLEducation},
	)
}

// executer reads the command line, runs its command and returns the exit
// code. Whatever goes wrong is one French sentence on stderr.
func executer(args []string, p *programme) int {
	var l ligne
	k, err := newAnalyseur(&l, p)
	if err != nil {
		return signaler(p, err, true)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	c, err := k.Parse(args)
	switch {
	case errors.Is(err, errAide):
		return codeOK
	case errors.Is(err, errVersion):
		err = commandeVersion{}.Run(p)
	case err != nil:
		err = traduire(k.Model, args, err)
	default:
		if !l.Horloge.IsZero() {
			depart := time.Now()
			p.now = func() time.Time {
				if l.HorlogeMarche {
					return l.Horloge.Add(time.Since(depart))
				}
				return l.Horloge
			}
		}
		err = c.Run()
	}
	if err != nil {
		return signaler(p, err, l.Detail)
	}
	return codeOK
}
