package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/territoire"
)

type commandeVacances struct {
	Renouveler commandeRenouveler `cmd:"" help:"Reprend les vacances scolaires chez le ministère."`
}

type commandeRenouveler struct {
	URL    string        `name:"url" default:"${education}" placeholder:"URL" env:"ADEUXPAS_VACANCES_URL" help:"Calendrier du ministère de l’Éducation nationale. Par défaut : le jeu de données fr-en-calendrier-scolaire de data.education.gouv.fr."`
	Sortie string        `default:"vacances-scolaires.json" placeholder:"FICHIER" help:"Fichier à remplacer, ou à créer."`
	Delai  time.Duration `default:"30s" placeholder:"DURÉE" help:"Temps laissé au service pour répondre."`
}

// Help is the second half of the command's help.
func (commandeRenouveler) Help() string {
	return `Demande une fois le calendrier scolaire officiel, le vérifie, dit ce qui change,
puis remplace le fichier d’un coup. Rien n’est remplacé si le service ne répond
pas, ou si une zone déjà connue manque ou se contredit. Le service lit ce
fichier à son démarrage : « adeuxpas servir --vacances FICHIER ».

Exemples :
  adeuxpas vacances renouveler
  adeuxpas vacances renouveler --sortie /srv/vacances-scolaires.json`
}

// Run renews the file.
func (c commandeRenouveler) Run(p *programme) error {
	if !estURL(c.URL) {
		return usage("--url : « %s » n’est pas une adresse, comme https://data.education.gouv.fr/….", c.URL)
	}
	if c.Delai <= 0 {
		return usage("--delai : il faut une durée, comme 30s.")
	}
	avant, err := c.avant()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(p.ctx, c.Delai)
	defer cancel()
	lignes, err := territoire.TelechargerEducation(ctx, nil, c.URL)
	if err != nil {
		return err
	}
	nouveau, remarques, err := avant.Renouveler(lignes, mednum.DateOf(p.now()))
	if err != nil {
		return err
	}
	if err := remplacer(c.Sortie, func(w io.Writer) error { return nouveau.Ecrire(w) }); err != nil {
		return err
	}
	return c.dire(p.stdout, nouveau.Differences(avant), remarques)
}

// avant is the calendar to renew: the file, or that of the program before there
// is one.
func (c commandeRenouveler) avant() (*territoire.Scolaire, error) {
	s, err := lireScolaire(c.Sortie)
	if errors.Is(err, fs.ErrNotExist) {
		return scolaireLivre()
	}
	return s, err
}

func (c commandeRenouveler) dire(w io.Writer, differences, remarques []string) error {
	lignes := differences
	if len(lignes) == 0 {
		lignes = []string{"Les vacances n’ont pas changé."}
	}
	lignes = append(append(lignes, remarques...), "Calendrier écrit : "+c.Sortie)
	_, err := fmt.Fprintln(w, insecables.Replace(strings.Join(lignes, "\n")))
	return err
}
