package collecte

import (
	"fmt"
	"strings"

	"82numerique.fr/adeuxpas/internal/mednum"
	"82numerique.fr/adeuxpas/internal/textes"
)

// Bilan counts what an import does. Every row read is counted once: Lus is the
// sum of Nouveaux, Identiques, Modifies, Fusionnes, ADecider and Ecartes.
// Absents is apart: records that the files no longer have.
type Bilan struct {
	Lus        int `json:"lus"`
	Nouveaux   int `json:"nouveaux"`
	Identiques int `json:"identiques"`
	Modifies   int `json:"modifies"`
	Fusionnes  int `json:"fusionnes"`
	ADecider   int `json:"a_decider"`
	Absents    int `json:"absents"`
	Ecartes    int `json:"ecartes"`
}

// BilanFichier is what becomes of the rows of a file. Edition is its date: what
// it says, otherwise that of its newest row.
type BilanFichier struct {
	Fichier string      `json:"fichier"`
	Format  string      `json:"format"`
	Source  string      `json:"source"`
	Flux    string      `json:"-"`
	Edition mednum.Date `json:"edition"`
	Licence string      `json:"licence"`
	// Supposee says that nothing told the licence, and that Options.LicenceSupposee
	// was taken.
	Supposee bool  `json:"licence_supposee,omitempty"`
	Bilan    Bilan `json:"bilan"`
	// NonLues are the columns of a table of one's own that nothing says what they
	// are: they are not kept.
	NonLues []string `json:"colonnes_non_lues,omitempty"`
	// Derniere is the newest edition read of this source, when it is a newer one.
	Derniere mednum.Date `json:"edition_connue,omitzero"`
}

// ajouter counts a row, and those that are a part of it: what it already was
// they were, and with a new one they join its place.
func (b *Bilan) ajouter(e Etat, jointes int) {
	b.Lus += 1 + jointes
	switch e {
	case EtatIdentique:
		b.Identiques += jointes
	case EtatModifie:
		b.Modifies += jointes
	case EtatEcarte:
		b.Ecartes += jointes
	case EtatNouveau, EtatFusionne, EtatADecider:
		b.Fusionnes += jointes
	}
	switch e {
	case EtatNouveau:
		b.Nouveaux++
	case EtatIdentique:
		b.Identiques++
	case EtatModifie:
		b.Modifies++
	case EtatFusionne:
		b.Fusionnes++
	case EtatADecider:
		b.ADecider++
	case EtatEcarte:
		b.Ecartes++
	}
}

func (b *Bilan) plus(c Bilan) {
	b.Lus += c.Lus
	b.Nouveaux += c.Nouveaux
	b.Identiques += c.Identiques
	b.Modifies += c.Modifies
	b.Fusionnes += c.Fusionnes
	b.ADecider += c.ADecider
	b.Absents += c.Absents
	b.Ecartes += c.Ecartes
}

// String is the summary in French, one idea a line.
func (b Bilan) String() string { return strings.Join(b.phrases(), "\n") + "\n" }

func (b Bilan) phrases() []string {
	d := discours{}
	d.dire(b.Lus, "1 fiche lue.", "%d fiches lues.")
	d.dire(b.Nouveaux, "1 fiche nouvelle.", "%d fiches nouvelles.")
	d.dire(b.Identiques, "1 fiche sans changement.", "%d fiches sans changement.")
	d.dire(b.Modifies, "1 fiche modifiée.", "%d fiches modifiées.")
	d.dire(b.Fusionnes, "1 fiche rattachée à un lieu qui a déjà une fiche.", "%d fiches rattachées à un lieu qui a déjà une fiche.")
	d.dire(b.ADecider, "1 fiche à décider.", "%d fiches à décider.")
	d.dire(b.Absents, "1 fiche absente de la source depuis la dernière fois.", "%d fiches absentes de la source depuis la dernière fois.")
	d.dire(b.Ecartes, "1 fiche écartée.", "%d fiches écartées.")
	if b.Lus == 0 {
		d.lignes = append(d.lignes, "Aucune fiche lue.")
	}
	return d.lignes
}

// discours is a text in the making, one idea a line.
type discours struct{ lignes []string }

func (d *discours) dire(n int, un, plusieurs string) {
	switch {
	case n == 1:
		d.lignes = append(d.lignes, un)
	case n > 1:
		d.lignes = append(d.lignes, strings.Replace(plusieurs, "%d", textes.Nombre(n), 1))
	}
}

// liste says a title and at most plafond of the n things that follow it (0: all).
func (d *discours) liste(plafond, n int, un, plusieurs string, chose func(i int) []string) {
	d.dire(n, un, plusieurs)
	for i := range n {
		if plafond > 0 && i == plafond {
			d.lignes = append(d.lignes, fmt.Sprintf("  … et %d de plus : le reste est dans le rapport (--rapport FICHIER).", n-plafond))
			return
		}
		d.lignes = append(d.lignes, chose(i)...)
	}
}
