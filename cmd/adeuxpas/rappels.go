package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/compte"
	"82numerique.fr/adeuxpas/internal/courrier"
	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/reseau"
	"82numerique.fr/adeuxpas/internal/taches"
)

// rappels is when places are asked whether they are still right.
type rappels struct {
	RappelMois     int `default:"6" placeholder:"MOIS" env:"ADEUXPAS_RAPPEL_MOIS" help:"Âge, en mois, de la dernière vérification d’un lieu à partir duquel un courriel lui demande si sa page est exacte, une fois par mois au plus ; 0 pour jamais."`
	RappelsParJour int `default:"50" placeholder:"NOMBRE" env:"ADEUXPAS_RAPPELS_PAR_JOUR" help:"Nombre de lieux à qui ce courriel est écrit en un jour, au plus ; les plus anciens d’abord."`
}

func (r rappels) verifierRappels() error {
	switch {
	case r.RappelMois < 0:
		return usage("--rappel-mois : « %d » n’est pas possible. Donnez un nombre de mois, ou 0 pour jamais.", r.RappelMois)
	case r.RappelsParJour < 1:
		return usage("--rappels-par-jour : « %d » n’est pas possible. Donnez 1 au moins, ou --rappel-mois 0 pour aucun rappel.", r.RappelsParJour)
	}
	return nil
}

func (r rappels) reglagesReseau(publique string) reseau.Reglages {
	return reseau.Reglages{URLPublique: publique, Mois: r.RappelMois, ParJour: r.RappelsParJour}
}

// How often it is looked whether somebody is to be written to.
const (
	rythmeAvis    = time.Minute
	rythmeTournee = 10 * time.Minute
)

// tachesReseau are the jobs that write to people. Reminders are real mail to
// people who asked nothing: they leave through a server, never for the log.
func tachesReseau(r *reseau.Reseau, parServeur bool) []taches.Tache {
	liste := []taches.Tache{
		{Nom: "avis", Chaque: rythmeAvis, Si: r.AvisDus, Faire: func(ctx context.Context) error {
			_, err := r.Prevenir(ctx)
			return err
		}},
		{Nom: "resume", Chaque: rythmeTournee, Si: r.ResumeDu, Faire: func(ctx context.Context) error {
			_, err := r.Resumer(ctx)
			return err
		}},
		// Somebody asked for these, and saw how many they are.
		{Nom: "campagnes", Chaque: rythmeAvis, Si: r.CampagnesDues, Faire: func(ctx context.Context) error {
			_, err := r.EcrireCampagnes(ctx)
			return err
		}},
	}
	if parServeur {
		liste = append(liste, taches.Tache{Nom: "rappels", Chaque: rythmeTournee, Si: r.RappelsDus, Faire: func(ctx context.Context) error {
			_, err := r.Rappeler(ctx)
			return err
		}})
	}
	return liste
}

type commandeRappels struct {
	base
	paquet
	envoi
	rappels
	urlPublique
	Simulation bool `help:"Dit à qui l’on écrirait aujourd’hui, et n’écrit à personne."`
}

// Help is the second half of the command's help.
func (commandeRappels) Help() string {
	return `Demande aux lieux dont la dernière vérification est trop ancienne si leur page
est toujours exacte : par courriel, aux personnes qui les tiennent, sinon à
l’adresse qu’ils publient. « adeuxpas servir » le fait chaque jour ouvrable à
8 heures ; cette commande le fait maintenant, avec les mêmes limites. Un lieu ne
reçoit pas deux rappels en un mois. Une adresse qui a refusé un courriel, ou qui
ne veut plus de rappels, n’en reçoit pas.

Exemples :
  adeuxpas rappels --simulation
  adeuxpas rappels --url-publique https://aide-numerique.exemple.fr`
}

// Run sends the reminders of today, or says which they would be.
func (c commandeRappels) Run(p *programme) error {
	if err := c.verifier(); err != nil {
		return err
	}
	t, err := c.paquet.open()
	if err != nil {
		return err
	}
	b, err := c.openExistante(p)
	if err != nil {
		return err
	}
	defer b.Close()
	lieux, _, err := openCatalogue(p, b, t)
	if err != nil {
		return err
	}
	mail, err := c.reglages(c.adresse())
	if err != nil {
		return err
	}
	journal := slog.New(slog.NewTextHandler(p.stderr, nil))
	boite := courrier.New(b, mail, p.now, journal)
	r := reseau.New(reseau.Pieces{
		Base: b, Catalogue: lieux, Comptes: compte.New(b, p.now), Courrier: boite, Territoire: t, Now: p.now, Journal: journal,
	}, c.reglagesReseau(c.adresse()))
	faire := r.Rappeler
	if c.Simulation {
		faire = r.Prevoir
	}
	bilan, err := faire(p.ctx)
	if err == nil && !c.Simulation {
		_, err = boite.Envoyer(p.ctx) // a service that runs sends what is left
	}
	_, ecrire := fmt.Fprint(p.stdout, insecables.Replace(direRappels(&bilan, c.Simulation)))
	if err == nil {
		err = ecrire
	}
	return err
}

func (c commandeRappels) verifier() error {
	if err := c.verifierRappels(); err != nil {
		return err
	}
	if c.Simulation {
		return nil
	}
	switch {
	case c.URLPublique == "":
		return usage("Les rappels portent des liens vers le site : donnez --url-publique, comme https://aide-numerique.exemple.fr, ou --simulation.")
	case c.SMTP == "":
		return usage("Les rappels partent par courriel : donnez --smtp et --expediteur, ou --simulation.")
	}
	return c.urlPublique.verifier()
}

// direRappels lists the places, one a line: since when, where, to whom.
func direRappels(b *reseau.Bilan, simulation bool) string {
	var texte strings.Builder
	for _, r := range b.Rappels {
		masquees := make([]string, 0, len(r.A))
		for _, d := range r.A {
			masquees = append(masquees, mednum.MasquerCourriel(d.Courriel))
		}
		depuis := r.Depuis.String()
		if depuis == "" {
			depuis = "jamais"
		}
		fmt.Fprintf(&texte, "%-10s  %s  %s, %s  %s\n", depuis, r.Lieu.ID, r.Lieu.Champs.Nom, r.Lieu.Champs.Commune, strings.Join(masquees, ", "))
	}
	quand := "écrits"
	if simulation {
		quand = "à écrire aujourd’hui"
	}
	fmt.Fprintf(&texte, "Rappels %s : %d. Pour un autre jour : %d. Sans adresse où écrire : %d.\n", quand, len(b.Rappels), b.Attendent, b.SansAdresse)
	return texte.String()
}
