package main

import (
	"fmt"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/registre"
	"82numerique.fr/adeuxpas/internal/store"
)

// auteurCLI signs what a command does.
const auteurCLI = "cli"

// noter keeps in the register what a command just did. The gesture is done by
// then: what could not be noted is said, and fails nothing.
func noter(p *programme, b store.Magasin, a registre.Acte) {
	if a.Qui == "" {
		a.Qui = auteurCLI
	}
	a.Voie = registre.VoieCLI
	r := registre.New(b, p.now)
	r.Noter(p.ctx, a)
	if err := r.Vider(p.ctx); err != nil {
		fmt.Fprintln(p.stderr, "Le geste est fait, mais la base n’a pas répondu pour le noter au registre.")
	}
}

// acteDroits is an act about rights, on a place where the only one is of one.
func acteDroits(genre registre.Genre, objet, quoi string, droits []mednum.Habilitation) registre.Acte {
	a := registre.Acte{Genre: genre, Objet: objet, Texte: quoi + direDroits(droits)}
	if len(droits) == 1 && droits[0].Portee == mednum.PorteeLieu {
		a.Lieu = droits[0].ID
	}
	return a
}
